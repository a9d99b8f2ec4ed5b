//! Faults are told with their file and row, and a new method is one file and a `gen`.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::fault::Faults;
use crate::{faults, output, read};

/// A small platform without faults.
const SOUND: &[(&str, &str)] = &[
    ("api/platform.toml", include_str!("tests/platform.toml")),
    ("api/enums.toml", include_str!("tests/enums.toml")),
    ("api/codes.toml", include_str!("tests/codes.toml")),
    ("api/rules.toml", include_str!("tests/rules.toml")),
    ("api/methods/query/look.toml", include_str!("tests/look.toml")),
    ("api/methods/invoicing/make.toml", include_str!("tests/make.toml")),
    ("api/pushes/told.toml", include_str!("tests/told.toml")),
    ("api/capabilities.toml", include_str!("tests/capabilities.toml")),
];

const PLATFORM: &str = "api/platform.toml";
const ENUMS: &str = "api/enums.toml";
const CODES: &str = "api/codes.toml";
const RULES: &str = "api/rules.toml";
const LOOK: &str = "api/methods/query/look.toml";
const MAKE: &str = "api/methods/invoicing/make.toml";
const CAPABILITIES: &str = "api/capabilities.toml";
const TOLD: &str = "api/pushes/told.toml";

/// What is broken: a file, a part of it, what stands there instead; and how it is told.
const BROKEN: &[(&str, &str, &str, &str)] = &[
    (PLATFORM, "calls = 50", "calls = \"many\"", "token.calls: is missing, or of another type"),
    (PLATFORM, "success = [\"E0000\"]", "success = [\"E1\"]", "success: code \"E1\" is not in api/codes.toml"),
    (ENUMS, "en = \"voided\"", "en = \"\"", "status.3: has no en"),
    (ENUMS, "code = \"3\"", "code = \"2\"", "status.2: stands there twice"),
    (ENUMS, "en = \"Status\"", "en = \"Status\"\ncolour = 1", "status: unknown field `colour`"),
    (CODES, "code = \"E9500\"", "code = \"E9106\"", "code.E9106 (business): stands there twice with the text \"\""),
    (CODES, "outcome = \"accepted\"", "outcome = \"done\"", "code.E0000: unknown variant `done`"),
    (CODES, "fix = { zh = \"先查询\", en = \"Ask first.\" }", "", "code.E9500 (business).fix: has no zh"),
    (CODES, "frees_order = false", "frees_order = true", "frees an order number without having refused"),
    (RULES, "count = 4", "count = 5", "R5: is missing"),
    (RULES, "number = 2", "number = 3", "R3: stands there twice"),
    (RULES, "number = 4", "number = 7", "R7: is not among the 4 rules"),
    (RULES, "en = \"A number\"", "en = \"\"", "R2: has no en"),
    (RULES, "code = \"E9106\"", "code = \"E1\"", "R2: code \"E1\" is not in api/codes.toml"),
    (RULES, "orderNos", "numbers", "R2: `numbers` is no member of the params of `made.up.look`"),
    (RULES, "made.up.look", "made.up.mend", "R2: `made.up.mend` has no file"),
    (RULES, "severity = \"error\", code", "code", "R2: has no severity"),
    (RULES, "why = { zh = \"只有平台知道\", en = \"the platform knows\" }", "", "R1: has no why"),
    (RULES, "held_by = \"code\"", "held_by = \"order\"", "R3: has no at"),
    (LOOK, "name = \"made.up.look\"", "name = \"made.up.make\"", "name: `made.up.make` has another file already"),
    (LOOK, "effect = \"read\"", "effect = \"reed\"", "unknown variant `reed`"),
    (LOOK, "effect = \"read\"", "effect = \"read\"\ncolour = 1", "unknown field `colour`"),
    (LOOK, "name = \"serialNos\",", "name = \"serialNos\", colour = 1,", "params.serialNos: unknown field `colour`"),
    (LOOK, "type = \"list<text>\"", "type = \"lists of text\"", "params.orderNos: `lists of text` is no type"),
    (LOOK, "code<status>", "code<colour>", "shapes.Row.status: `colour` is not in api/enums.toml"),
    (LOOK, "result = \"list<Row>\"", "result = \"list<Line>\"", "result: `Line` is not in [shapes]"),
    (LOOK, "result = \"list<Row>\"", "result = \"list<Line>\"", "shapes.Row: is used nowhere"),
    (LOOK, "en = \"Order numbers\"", "en = \" \"", "params.orderNos: has no en"),
    (LOOK, "max = 50, warn = 20", "max = 50, warn = 60", "params.orderNos: warns where it is refused already"),
    (LOOK, "name = \"serialNos\"", "name = \"orderNos\"", "params.orderNos: stands there twice"),
    (LOOK, "[\"serialNos\", \"orderNos\"]]", "[\"serialNo\"]]", "one_of: `serialNo` is no member of the params"),
    (
        LOOK,
        "one_of_refused = \"E9500\"",
        "one_of_refused = \"E1\"",
        "one_of_refused: code \"E1\" is not in api/codes.toml",
    ),
    (LOOK, "status = \"status\"", "status = \"state\"", "poll.status: `state` is no member of a row of the result"),
    (LOOK, "done = [\"2\"", "done = [\"7\"", "poll: status \"7\" is not in `status`"),
    (LOOK, "absent = [\"E9500\"]", "absent = [\"E1\"]", "poll.absent: code \"E1\" is not in"),
    (LOOK, "delays = [3, 5]", "delays = []", "poll: wants delays and an end"),
    (LOOK, "row = [\"serialNo\"", "row = [\"serial\"", "poll.row: `serial` is no member of a row of the result"),
    (LOOK, "\"orderNos\": [\"A-1\"]", "\"orderNos\": \"A-1\"", "example[1].params.orderNos: is no list<text>"),
    (LOOK, "\"orderNos\": [\"A-1\"]", "", "example[1].params: has none of serialNos, orderNos"),
    (LOOK, "\"orderNos\": [\"A-1\"]", "\"orderNo\": [\"A-1\"]", "example[1].params.orderNo: is not in the model"),
    (LOOK, "{ \"orderNos\"", "{ orderNos", "example[1].params: is no JSON"),
    (LOOK, "\"status\": \"2\"", "\"status\": \"9\"", "example[1].reply.result[0].status: \"9\" is no code<status>"),
    (LOOK, "\"status\": \"2\", ", "", "example[1].reply.result[0].status: is needed and not there"),
    (LOOK, "reply = ", "status = 200 # ", "example[1].status: goes with a reply only"),
    (LOOK, "source = \"made up\"", "source = \"idx:7\"", "line 5: `idx:` is no citation for a reader"),
    (LOOK, "confidence = \"high\"", "confidence = \"sure\"", "confidence: is high, medium or low"),
    (MAKE, "[settle]", "[unsettled]", "unknown field `unsettled`"),
    (MAKE, "ask = \"made.up.look\"", "ask = \"made.up.see\"", "settle.ask: `made.up.see` has no file"),
    (MAKE, "by = \"orderNos\"", "by = \"numbers\"", "settle.by: `numbers` is no list in the params of `made.up.look`"),
    (MAKE, "key = \"order.orderNo\"", "key = \"orderNo\"", "settle: `orderNo` is no member of the params"),
    (MAKE, "row_key = \"orderNo\"", "row_key = \"number\"", "settle: `number` is no member of a row of `made.up.look`"),
    (MAKE, "theirs = \"total\"", "theirs = \"sum\"", "settle: `sum` is no member of a row"),
    (MAKE, "present = [\"E9106\"]", "present = [\"E1\"]", "settle.present: code \"E1\" is not in"),
    (MAKE, "effect = \"write\"", "effect = \"read\"", "settle: only a write has anything to settle"),
    (MAKE, "field = \"mode\"", "field = \"colour\"", "shapes.Order.mail: `when` names `colour`, which is no sibling"),
    (
        MAKE,
        "is = [\"1\", \"*\"]",
        "is = [\"8\"]",
        "shapes.Order.mail: `when` waits for \"8\", which `mode` does not have",
    ),
    (MAKE, "need = \"if\", ", "", "shapes.Order.mail: has `when` without need = \"if\""),
    (
        MAKE,
        "name = \"total\", type = \"decimal\"",
        "name = \"total\", type = \"text\"",
        "shapes.Line.total: has decimal places but is no decimal",
    ),
    (MAKE, "refused = \"E9106\"", "refused = \"E1\"", "shapes.Order.orderNo: code \"E1\" is not in api/codes.toml"),
    (
        MAKE,
        "\"orderNo\": \"A-1\"",
        "\"orderNo\": \"A-1 and much more\"",
        "example[1].params.order.orderNo: has 17, at most 10 are allowed",
    ),
    (MAKE, "\"orderNo\": \"A-1\"", "\"orderNo\": \"\"", "example[1].params.order.orderNo: is needed and not there"),
    (MAKE, "\"mode\": \"\"", "\"mode\": \"1\"", "example[1].params.order.mail: is needed and not there"),
    (MAKE, "\"total\": 1.50", "\"total\": \"1e2\"", "example[1].params.order.lines[0].total: \"1e2\" is no decimal"),
    (TOLD, "documented = \"form\"", "documented = \"paper\"", "unknown variant `paper`"),
    (TOLD, "documented = \"form\"", "documented = \"form\"\ncolour = 1", "unknown field `colour`"),
    (TOLD, "en = \"Tells the result.\"", "en = \"\"", "doc: has no en"),
    (TOLD, "en = \"Kind\"", "en = \"\"", "outer.operater: has no en"),
    (TOLD, "name = \"operater\"", "name = \"operator\"", "outer: has no `operater` that is needed"),
    (TOLD, "type = \"Row\"", "type = \"Line\"", "outer.content: `Line` is not in [shapes]"),
    (TOLD, "code<status>", "code<colour>", "shapes.Row.status: `colour` is not in api/enums.toml"),
    (TOLD, "\"content.orderNo\"]", "\"content.number\"]", "order_no: `content.number` is no member of the push"),
    (TOLD, "[\"content.serialNo\"]", "[\"serialNo\"]", "serial_no: `serialNo` is no member of the push"),
    (
        TOLD,
        "at = \"content.status\"",
        "at = \"orderNo\"",
        "status: `orderNo` is no member of the push that holds a code",
    ),
    (TOLD, "absent = \"2\"", "absent = \"7\"", "status: \"7\" is not in `status`"),
    (TOLD, "made.up.look", "made.up.see", "confirm.content.serialNo: `made.up.see` has no file"),
    (
        TOLD,
        "by = \"orderNos\"",
        "by = \"order\"",
        "confirm.orderNo: `order` is no text in the params of `made.up.look`",
    ),
    (TOLD, "from = \"orderNo\"", "from = \"number\"", "confirm.number: `number` is no member of the push"),
    (
        TOLD,
        "from = \"orderNo\"",
        "from = \"orderNo\", also = [{ name = \"colour\" }]",
        "confirm.orderNo: `colour` wants either `from` or `value`",
    ),
    (
        TOLD,
        "from = \"orderNo\"",
        "from = \"orderNo\", also = [{ name = \"colour\", value = \"1\" }]",
        "confirm.orderNo: `colour` is not in the params of `made.up.look`",
    ),
    (TOLD, "\"operater\": \"told\"", "\"operater\": \"tell\"", "example[1].push.operater: is not \"told\""),
    (TOLD, "\"status\": \"2\"", "\"status\": \"9\"", "example[1].push.content.status: \"9\" is no code<status>"),
    (TOLD, ", \"serialNo\": \"S1\"", "", "example[1].push.content.serialNo: is needed and not there"),
    (TOLD, "\"orderNo\": \"A-1\"", "\"orderNo\": \"A-1\", \"x\": 1", "example[1].push.x: is not in the model"),
    (TOLD, "'{ \"operater\"", "'{ operater", "example[1].push: is no JSON"),
    (TOLD, "confidence = \"high\"", "confidence = \"sure\"", "confidence: is high, medium or low"),
    (LOOK, "effect = \"read\"", "effect = \"read\"\nsimulated = \"example\"", "unknown variant `example`"),
    (CAPABILITIES, "made.up.look", "made.up.see", "capability.查询: `made.up.see` has no file"),
    (CAPABILITIES, "\"made.up.look\"", "\"made.up.look\", \"made.up.look\"", "names `made.up.look` twice"),
    (CAPABILITIES, "newer = [\"made.up.look\"]", "", "capability.查询: has no method"),
    (CAPABILITIES, "en = \"Look\"", "", "capability.查询: has no en"),
    (CAPABILITIES, "newer", "newest", "capability.查询: unknown field `newest`"),
];

#[test]
fn sound_data_has_no_faults() {
    let scratch = Scratch::new("sound");
    assert_eq!(scratch.told(), Vec::<String>::new());
}

#[test]
fn every_fault_is_told_with_its_file_and_row() {
    let scratch = Scratch::new("broken");
    for (file, part, instead, told) in BROKEN {
        let (_, sound) = SOUND.iter().find(|(name, _)| name == file).unwrap();
        assert!(sound.contains(part), "{file} has no {part}");
        scratch.put(file, &sound.replacen(part, instead, 1));
        let faults = scratch.told();
        let there = faults.iter().any(|fault| fault.starts_with(file) && fault.contains(told));
        assert!(there, "{file} with {instead:?} should say: {told}\nbut says: {faults:#?}");
        scratch.put(file, sound);
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let scratch = Scratch::new("at-once");
    for (file, part, instead, _) in [BROKEN[2], BROKEN[27], BROKEN[50]] {
        let (_, sound) = SOUND.iter().find(|(name, _)| *name == file).unwrap();
        scratch.put(file, &sound.replacen(part, instead, 1));
    }
    assert_eq!(scratch.told().len(), 3, "{:#?}", scratch.told());
}

#[test]
fn an_example_without_a_reply_ends_with_what_is_sent() {
    let scratch = Scratch::new("no-reply");
    let (_, sound) = SOUND[4];
    scratch.put(LOOK, &sound.replace("reply = ", "# "));
    scratch.generate();
    let read = |path: &str| fs::read_to_string(scratch.0.join(path)).unwrap();
    let vector: serde_json::Value = serde_json::from_str(&read("tests/vectors/calls/query-look-1.json")).unwrap();
    let script = vector["script"].as_array().unwrap();
    assert!(script.len() == 1 && script[0]["step"]["send"].is_object(), "{script:#?}");
    let page = read("docs/reference/query/look.md");
    assert!(page.contains("请求 · Request\n\n```json") && !page.contains("应答 · Reply"), "{page}");
    let table: serde_json::Value = serde_json::from_str(&read("crates/simulator/src/table.json")).unwrap();
    let method = table["methods"].as_array().unwrap().iter().find(|method| method["name"] == "made.up.look").unwrap();
    assert!(method["examples"][0]["params"].is_object() && method["examples"][0].get("reply").is_none());
}

#[test]
fn a_write_without_a_settle_rule_is_a_fault() {
    let scratch = Scratch::new("unsettled");
    let (_, sound) = SOUND[5];
    let start = sound.find("[settle]").unwrap();
    let end = sound.find("[[example]]").unwrap();
    scratch.put(MAKE, &[&sound[..start], &sound[end..]].concat());
    assert!(scratch.told().iter().any(|fault| fault.contains("settle: a write says how to find out")));
}

#[test]
fn stale_missing_and_left_over_files_are_told_and_mended_by_gen() {
    let scratch = Scratch::new("stale");
    scratch.generate();
    assert_eq!(scratch.checked(), Vec::<String>::new());
    scratch.put("crates/core/src/api/enums.rs", "// something else\n");
    fs::remove_file(scratch.0.join("docs/reference/enums.md")).unwrap();
    fs::remove_file(scratch.0.join(MAKE)).unwrap();
    fs::remove_file(scratch.0.join(TOLD)).unwrap();
    let told = scratch.checked();
    let expected = [
        "crates/core/src/api/enums.rs: is stale: run `cargo xtask gen`",
        "docs/reference/enums.md: is missing: run `cargo xtask gen`",
        "crates/core/src/api/invoicing/make.rs: has no source any more: run `cargo xtask gen`",
        "crates/core/src/api/pushes/told.rs: has no source any more: run `cargo xtask gen`",
        "docs/reference/pushes/told.md: has no source any more: run `cargo xtask gen`",
        "tests/vectors/pushes/told-1-form.json: has no source any more: run `cargo xtask gen`",
        "tests/vectors/calls/invoicing-make-1.json: has no source any more: run `cargo xtask gen`",
    ];
    for line in expected {
        assert!(told.iter().any(|fault| fault == line), "{line} is not in {told:#?}");
    }
    scratch.generate();
    assert_eq!(scratch.checked(), Vec::<String>::new());
    assert!(!scratch.0.join("crates/core/src/api/invoicing").exists());
}

#[test]
fn each_pair_of_the_list_is_covered_and_no_other() {
    let scratch = Scratch::new("pairs");
    scratch.generate();
    scratch.put("tests/vectors/calls/one.json", r#"{ "covers": ["Held want", "Lost want"] }"#);
    scratch.put("tests/vectors/pairs.toml", r#"pairs = ["Held want", "Empty want"]"#);
    let told = scratch.checked();
    assert_eq!(
        told,
        [
            "tests/vectors/calls/one.json: covers: `Lost want` is not in tests/vectors/pairs.toml",
            "tests/vectors/pairs.toml: Empty want: no vector covers it",
        ]
    );
    fs::remove_file(scratch.0.join("tests/vectors/pairs.toml")).unwrap();
    assert!(scratch.checked()[0].starts_with("tests/vectors/pairs.toml: cannot be read"));
}

#[test]
fn each_rule_is_held_and_shown() {
    let scratch = Scratch::new("rules");
    scratch.generate();
    for file in ["R2-a.json", "R4-a.json"] {
        fs::remove_file(scratch.0.join("tests/vectors/orders").join(file)).unwrap();
    }
    fs::remove_file(scratch.0.join("tests/vectors/calls/held.json")).unwrap();
    let (_, sound) = SOUND[3];
    scratch.put(RULES, &sound.replace("at = \"lines\"", "at = \"texts\""));
    let told = scratch.checked();
    for line in [
        "api/rules.toml: R2: no vector tests/vectors/orders/R2-*.json breaks it",
        "api/rules.toml: R3: tests/vectors/calls/held.json is no test",
        "api/rules.toml: R4: crates/core/src/order/rules/texts.rs has no function r4",
        "api/rules.toml: R4: no vector tests/vectors/orders/R4-*.json breaks it",
    ] {
        assert!(told.iter().any(|fault| fault == line), "{line} is not in {told:#?}");
    }
}

#[test]
fn a_made_up_method_or_push_is_one_file_and_a_gen() {
    let root = crate::root();
    let scratch = Scratch::empty("made-up");
    for path in [
        "api",
        "bindings/python/python/nnopen",
        "bindings/kotlin/core/src/generated",
        "bindings/swift/Sources/NNOpen/Generated",
        "bindings/node/ts/api",
        "bindings/web/model.json",
        "crates/cli/src/order.json",
        "crates/core",
        "crates/simulator/src/table.json",
        "docs/reference",
        "bindings/php/php/Api",
        "tests/vectors",
        "rustfmt.toml",
        "Cargo.lock",
    ] {
        crate::folders::copy(&root.join(path), &scratch.0.join(path)).unwrap();
    }
    let workspace = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let members = workspace.lines().filter(|line| !line.starts_with("default-members"));
    let members = members.map(|line| if line.starts_with("members") { "members = [\"crates/core\"]" } else { line });
    scratch.put("Cargo.toml", &members.collect::<Vec<_>>().join("\n"));
    assert_eq!(scratch.checked(), Vec::<String>::new());

    scratch.put("api/methods/query/made_up.toml", include_str!("tests/made_up.toml"));
    scratch.put("api/pushes/made_up_push.toml", include_str!("tests/made_up_push.toml"));
    scratch.put("api/methods/query/made_up_raw.toml", include_str!("tests/made_up_raw.toml"));
    assert!(
        scratch.checked().iter().any(|fault| fault.starts_with("crates/core/src/api/query/made_up.rs: is missing"))
    );
    scratch.generate();
    assert_eq!(scratch.checked(), Vec::<String>::new());
    scratch.put("crates/core/tests/made_up.rs", include_str!("tests/uses_made_up.rs.txt"));
    let target = std::env::current_exe().unwrap().ancestors().nth(3).unwrap().join("scratch");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["check", "--offline", "--quiet", "--test", "made_up"])
        .env("CARGO_TARGET_DIR", target)
        .env("RUSTFLAGS", "-D warnings");
    let ended = cargo.current_dir(&scratch.0).output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

/// A folder with a small platform in it, gone when dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let scratch = Self::empty(name);
        SOUND.iter().for_each(|(file, text)| scratch.put(file, text));
        scratch.put("rustfmt.toml", &fs::read_to_string(crate::root().join("rustfmt.toml")).unwrap());
        scratch.put("tests/vectors/pairs.toml", r#"pairs = ["Held want"]"#);
        scratch.put("tests/vectors/calls/held.json", r#"{ "covers": ["Held want"] }"#);
        for file in ["R2-a.json", "R4-a.json"] {
            scratch.put(&format!("tests/vectors/orders/{file}"), "{}");
        }
        scratch.put("crates/core/src/order/rules/lines.rs", "fn r4() {}");
        scratch
    }

    fn empty(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("nnopen-xtask-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn put(&self, file: &str, text: &str) {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The faults of the data.
    fn told(&self) -> Vec<String> {
        let mut faults = Faults::default();
        read(&self.0.as_path(), &mut faults);
        faults.0.iter().map(ToString::to_string).collect()
    }

    /// All that `cargo xtask check` tells.
    fn checked(&self) -> Vec<String> {
        faults(&self.0).1.0.iter().map(ToString::to_string).collect()
    }

    fn generate(&self) {
        let mut faults = Faults::default();
        let api = read(&self.0.as_path(), &mut faults);
        assert!(faults.0.is_empty(), "{:#?}", faults.0);
        output::write(&self.0, &output::generate(&self.0, &api).unwrap()).unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
