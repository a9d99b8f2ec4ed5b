//! The program against the simulator: tokens, invoices, interruptions.
#![allow(clippy::unwrap_used, unreachable_pub)]

mod common;

use std::time::{Duration, Instant};

use common::{APP_KEY, ISSUE, QUERY, SECRET, TAX_NUM, World, finish, nnopen, plain};
use serde_json::json;

#[test]
fn the_demo_ends_with_a_number_of_twenty_digits() {
    let ran = plain(&["demo"], b"");
    assert_eq!(ran.code, 0, "{ran:?}");
    let line = ran.out.lines().find(|line| line.contains("数电发票号码")).unwrap();
    assert_eq!(line.chars().filter(char::is_ascii_digit).count(), 20, "{line}");
    ran.keeps(&[SECRET]);
    let json = plain(&["demo", "--json"], b"").json();
    assert_eq!((&json["ok"], json["invoices"][0]["number"].as_str().unwrap().len()), (&json!(true), 20));
}

#[test]
fn an_order_issued_twice_is_one_invoice() {
    let world = World::with(&["--strict"]);
    let file = world.order("T-TWICE", |_| {});
    let first = world.run(&["issue", &file, "--json"]);
    let json = first.json();
    assert_eq!(first.code, 0, "{first:?}");
    let members: Vec<&String> = json.as_object().unwrap().keys().collect();
    let expected =
        ["ok", "kind", "code", "describe", "hint_zh", "hint_en", "violations", "retryAt", "orderNo", "invoices"];
    assert_eq!(members, expected);
    assert_eq!((&json["ok"], &json["orderNo"]), (&json!(true), &json!("T-TWICE")));
    let invoice = &json["invoices"][0];
    let members: Vec<&String> = invoice.as_object().unwrap().keys().collect();
    assert_eq!(members, ["serialNo", "status", "number", "failCause"]);
    assert_eq!((&invoice["status"], invoice["number"].as_str().unwrap().len()), (&json!("2"), 20));

    let second = world.run(&["issue", &file, "--json"]);
    assert_eq!((second.code, second.json()), (0, json.clone()));
    assert_eq!((world.invoices("T-TWICE"), world.count(ISSUE), world.count("accessToken")), (1, 1, 1));

    let changed = world.order("T-TWICE", |order| order["buyerName"] = "别的公司".into());
    let other = world.run(&["issue", &changed, "--json"]);
    assert_eq!((other.code, &other.json()["kind"]), (2, &json!("input")));
    assert_eq!(world.count(ISSUE), 1);
}

#[test]
fn a_lost_answer_is_asked_after() {
    let world = World::new();
    world.fault(&format!(r#"{{"fault":"lost_after","method":"{ISSUE}"}}"#));
    let ran = world.run(&["issue", &world.order("T-LOST", |_| {}), "--json"]);
    assert_eq!((ran.code, &ran.json()["ok"]), (0, &json!(true)), "{ran:?}");
    assert_eq!((world.invoices("T-LOST"), world.count(ISSUE)), (1, 1));
}

#[test]
fn a_killed_run_is_taken_up_again() {
    let world = World::new();
    let file = world.order("T-KILLED", |_| {});
    world.fault(&format!(r#"{{"fault":"slow","ms":60000,"method":"{ISSUE}"}}"#));
    let mut child = world.command(&["issue", &file]).spawn().unwrap();
    wait_for(|| world.invoices("T-KILLED") == 1);
    child.kill().unwrap();
    child.wait().unwrap();
    let ran = world.run(&["issue", &file, "--json"]);
    assert_eq!((ran.code, &ran.json()["invoices"][0]["status"]), (0, &json!("2")), "{ran:?}");
    // The slow request itself may not be in the record yet.
    assert!(world.invoices("T-KILLED") == 1 && world.count(ISSUE) <= 1);
}

#[test]
fn a_failed_invoice_tells_why_and_keeps_its_number() {
    let world = World::new();
    world.admin("POST", "plan", r#"{"orderNo":"T-FAIL","outcome":"fail","cause":"纳税人识别号错误"}"#);
    let ran = world.run(&["issue", &world.order("T-FAIL", |_| {}), "--json"]);
    let json = ran.json();
    assert_eq!((ran.code, &json["kind"], &json["code"]), (5, &json!("platform"), &json!("22")), "{ran:?}");
    let invoice = &json["invoices"][0];
    assert_eq!((&invoice["status"], &invoice["failCause"]), (&json!("22"), &json!("纳税人识别号错误")));
    let corrected = world.order("T-FAIL", |order| order["buyerName"] = "别的公司".into());
    assert_eq!(world.run(&["issue", &corrected]).code, 2);
}

#[test]
fn a_refused_order_may_be_corrected() {
    let world = World::new();
    let refused = world.order("T-REFUSED", |order| order["invoiceDetail"][0]["goodsCode"] = "3040000".into());
    let ran = world.run(&["issue", &refused, "--json"]);
    assert_eq!((ran.code, &ran.json()["kind"]), (5, &json!("platform")), "{ran:?}");
    let ran = world.run(&["issue", &world.order("T-REFUSED", |_| {}), "--json"]);
    assert_eq!((ran.code, world.invoices("T-REFUSED")), (0, 1), "{ran:?}");
}

#[test]
fn the_number_of_another_order_is_not_taken_for_ours() {
    let world = World::new();
    let theirs = world.order("T-OTHER", |_| {});
    assert_eq!(world.run(&["call", ISSUE, &theirs]).code, 0);
    let ours = world.order("T-OTHER", |order| order["buyerName"] = "别的公司".into());
    let ran = world.run(&["issue", &ours, "--json"]);
    assert_eq!((ran.code, &ran.json()["code"]), (5, &json!("E9106")), "{ran:?}");
    // The right content may still be asked for under this number.
    let theirs = world.order("T-OTHER", |_| {});
    let ran = world.run(&["issue", &theirs, "--json"]);
    assert_eq!((ran.code, world.invoices("T-OTHER"), world.count(ISSUE)), (0, 1, 2), "{ran:?}");
}

#[test]
fn what_was_never_sent_leaves_no_trace() {
    let world = World::new();
    let file = world.order("T-UNSENT", |order| order["orderNo"] = "".into());
    let ran = world.run(&["issue", &file, "--json"]);
    let json = ran.json();
    assert_eq!((ran.code, &json["kind"], &json["invoices"]), (2, &json!("input"), &json!([])));
    world.fault(r#"{"fault":"lost_before","method":"accessToken"}"#);
    let file = world.order("T-UNSENT", |_| {});
    let ran = world.run(&["issue", &file, "--json"]);
    assert_eq!((ran.code, &ran.json()["kind"]), (4, &json!("auth")), "{ran:?}");
    assert_eq!((world.count(ISSUE), journal(&world).len()), (0, 0));
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_its_owner_alone() {
    let world = World::new();
    world.admin("POST", "plan", r#"{"orderNo":"T-MODE","outcome":"slow"}"#);
    let file = world.order("T-MODE", |_| {});
    let mut child = world.command(&["issue", &file]).spawn().unwrap();
    wait_for(|| world.invoices("T-MODE") == 1);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(common::mode(&world.state()), 0o700);
    assert_eq!(common::mode(&world.state().join("journal")), 0o700);
    let folders = [world.state(), world.state().join("journal")];
    let files: Vec<_> =
        folders.iter().flat_map(|dir| std::fs::read_dir(dir).unwrap()).map(|file| file.unwrap().path()).collect();
    assert!(files.iter().filter(|path| path.is_file()).count() >= 4, "{files:?}");
    for path in files.iter().filter(|path| path.is_file()) {
        assert_eq!(common::mode(path), 0o600, "{}", path.display());
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(!name.contains(TAX_NUM) && !name.contains(APP_KEY) && !name.contains("T-MODE"), "{name}");
        assert!(!std::fs::read_to_string(path).unwrap().contains(SECRET), "{name}");
    }
}

#[test]
fn programs_side_by_side_share_one_token() {
    let world = World::new();
    let children: Vec<_> = (0..6).map(|_| world.command(&["query", "T-NONE", "--json"]).spawn().unwrap()).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(5), "{output:?}");
    }
    assert_eq!((world.count("accessToken"), world.count(QUERY)), (1, 6));
}

#[test]
fn a_refused_token_is_replaced_for_all() {
    let world = World::new();
    assert_eq!(world.run(&["token", "--fetch"]).code, 0);
    let first = world.token().unwrap();
    world.fault(&format!(r#"{{"fault":"expired_token","method":"{QUERY}"}}"#));
    assert_eq!(world.run(&["query", "T-NONE"]).code, 5);
    assert_ne!(world.token().unwrap(), first);
    assert_eq!((world.count("accessToken"), world.count(QUERY)), (2, 2));
    let state = world.run(&["token", "--json"]).json();
    assert_eq!((&state["result"]["held"], &state["result"]["used"]), (&json!(true), &json!(2)));
}

#[test]
fn a_query_tells_what_became_of_an_order() {
    let world = World::new();
    let ran = world.run(&["query", "T-NONE", "--json"]);
    assert_eq!((ran.code, &ran.json()["code"]), (5, &json!("E9500")));
    let params = world.order("T-ASKED", |_| {});
    let ran = world.run(&["call", ISSUE, &params, "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let serial = ran.json()["result"]["invoiceSerialNum"].as_str().unwrap().to_owned();
    world.admin("POST", "clock", r#"{"advance":10000}"#);
    let ran = world.run(&["query", "T-ASKED", "--wait", "--json"]);
    assert_eq!((ran.code, &ran.json()["invoices"][0]["serialNo"]), (0, &json!(serial)), "{ran:?}");
    let ran = world.run(&["query", "--serial", &serial]);
    assert!(ran.code == 0 && ran.out.contains("T-ASKED"), "{ran:?}");
    let raw = finish(world.command(&["call", QUERY, "--raw", "--json"]), br#"{ "orderNos" : ["T-ASKED"] }"#);
    assert_eq!(raw.code, 0, "{raw:?}");
}

#[test]
fn trouble_ends_by_its_kind_and_tells_no_secret() {
    let world = World::new();
    assert_eq!(world.run(&["token", "--fetch"]).code, 0);
    for (fault, method, exit) in [
        (r#""fault":"html""#, QUERY, 6),
        (r#""fault":"lost_after""#, QUERY, 7),
        (r#""fault":"status","status":502"#, QUERY, 7),
        (r#""fault":"truncated""#, ISSUE, 8),
        (r#""fault":"status","status":302"#, ISSUE, 8),
        (r#""fault":"lost_before""#, ISSUE, 8),
    ] {
        world.fault(&format!("{{{fault},\"method\":\"{method}\"}}"));
        let file = if method == ISSUE {
            world.order("T-KIND", |_| {})
        } else {
            world.dir.path().join("q").to_str().unwrap().to_owned()
        };
        std::fs::write(world.dir.path().join("q"), r#"{"orderNos":["T-NONE"]}"#).unwrap();
        let ran = world.run(&["call", method, &file, "--json"]);
        assert_eq!(ran.code, exit, "{fault}: {ran:?}");
        assert!(ran.err.contains('→'), "{ran:?}");
    }
}

#[test]
fn a_wrong_secret_is_told_without_telling_it() {
    let world = World::new();
    let mut command = world.command(&["query", "T-NONE", "--json"]);
    command.env("NNOPEN_APP_SECRET", "SD99999999999999");
    let ran = finish(command, b"");
    assert_eq!((ran.code, &ran.json()["kind"]), (4, &json!("auth")), "{ran:?}");
    ran.keeps(&["SD99999999999999"]);
    // Nobody asks again for ten minutes, and it is told until when.
    assert_eq!((world.run(&["query", "T-NONE"]).code, world.count("accessToken")), (4, 1));
    let state = world.run(&["token", "--json"]).json()["result"].clone();
    assert_eq!((&state["held"], &state["used"]), (&json!(false), &json!(1)));
    assert!(state["nextAt"].is_i64() && state["nextAt"] == state["pause"]["until"], "{state}");
    assert!(world.run(&["token"]).out.contains("改好密钥后也要等到此时"));
}

#[test]
fn a_run_that_was_killed_while_it_fetched_is_waited_for() {
    let world = World::new();
    world.fault(r#"{"fault":"slow","ms":60000,"method":"accessToken"}"#);
    let mut child = world.command(&["token", "--fetch"]).spawn().unwrap();
    wait_for(|| world.store().is_some_and(|(_, record)| record["lease"].is_object()));
    child.kill().unwrap();
    child.wait().unwrap();
    let state = world.run(&["token", "--json"]).json()["result"].clone();
    assert_eq!((&state["held"], &state["used"]), (&json!(false), &json!(1)));
    assert!(state["nextAt"].is_i64(), "{state}");
    // As if it had been killed an hour ago: nobody waits any more.
    let (path, mut record) = world.store().unwrap();
    for (member, name) in [("lease", "since"), ("lease", "until")] {
        record[member][name] = (record[member][name].as_i64().unwrap() - 3_600_000).into();
    }
    std::fs::write(path, format!("7\n{record}")).unwrap();
    let started = Instant::now();
    assert_eq!(world.run(&["query", "T-NONE"]).code, 5);
    assert!(started.elapsed() < Duration::from_secs(20));
    let state = world.run(&["token", "--json"]).json()["result"].clone();
    assert_eq!((&state["held"], &state["used"], &state["nextAt"]), (&json!(true), &json!(2), &json!(null)));
}

#[test]
fn a_file_that_is_no_token_file_is_left_alone() {
    let world = World::new();
    assert_eq!(world.run(&["token", "--fetch"]).code, 0);
    let (path, _) = world.store().unwrap();
    for (text, exit) in [("broken", 7), ("3\nbroken", 2), ("3\n{}", 2)] {
        std::fs::write(&path, text).unwrap();
        assert_eq!(finish(world.command(&["query", "T-NONE"]), b"").code, exit, "{text}");
        assert_eq!(finish(world.command(&["token"]), b"").code, 2, "{text}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
    assert_eq!((world.count("accessToken"), world.count(QUERY)), (1, 0));
}

#[test]
fn a_merchant_authorises_a_service_provider() {
    use nnopen_simulator::{Account, Options, Simulator};

    let back = "https://example.com/back";
    let account = Account::service_provider(APP_KEY, SECRET, back, &[TAX_NUM]);
    let simulator = Simulator::start(Options { accounts: vec![account], ..Options::default() }).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let run = |args: &[&str], stdin: &str| {
        let mut command = nnopen(args);
        command
            .env("NNOPEN_APP_KEY", APP_KEY)
            .env("NNOPEN_APP_SECRET", SECRET)
            .env("NNOPEN_TAX_NUM", TAX_NUM)
            .env("NNOPEN_ROLE", "service_provider")
            .env("NNOPEN_STATE_DIR", dir.path())
            .env("NNOPEN_URL", simulator.service_url());
        let ran = finish(command, stdin.as_bytes());
        ran.keeps(&[SECRET]);
        ran
    };
    let ran = run(&["query", "T-NONE"], "");
    assert_eq!((ran.code, simulator.requests().len()), (4, 0), "{ran:?}");
    let ran = run(&["authorize-url", "--redirect-uri", back, "--state", "STATE1", "--json"], "");
    let url = ran.json()["result"]["url"].as_str().unwrap().to_owned();
    let page = common::get(&url);
    let returned = page.lines().find_map(|line| line.strip_prefix("Location: ")).unwrap_or(&page).trim().to_owned();
    let redeem = ["authorize-return", "--redirect-uri", back, "--state"];
    assert_eq!(run(&[&redeem[..], &["STATE2"]].concat(), &returned).code, 4);
    let ran = run(&[&redeem[..], &["STATE1", "--json"]].concat(), &returned);
    assert_eq!((ran.code, &ran.json()["result"]["held"]), (0, &json!(true)), "{ran:?} {returned}");
    assert_eq!(run(&["query", "T-NONE"], "").code, 5);
    let asked = simulator.requests().len();
    assert_eq!((run(&["token", "--fetch"], "").code, simulator.requests().len()), (0, asked), "it is held");
}

#[test]
fn a_refused_connection_is_transport() {
    let mut command = nnopen(&["query", "A", "--json"]);
    let dir = tempfile::tempdir().unwrap();
    command
        .env("NNOPEN_APP_KEY", APP_KEY)
        .env("NNOPEN_APP_SECRET", SECRET)
        .env("NNOPEN_TAX_NUM", TAX_NUM)
        .env("NNOPEN_TOKEN", "0123456789abcdef")
        .env("NNOPEN_STATE_DIR", dir.path())
        .env("NNOPEN_URL", "http://127.0.0.1:9/open/v1/services");
    let ran = finish(command, b"");
    assert_eq!((ran.code, &ran.json()["kind"]), (7, &json!("transport")), "{ran:?}");
    ran.keeps(&[SECRET, "0123456789abcdef"]);
}

#[test]
fn only_a_trusted_certificate_is_spoken_to() {
    let world = World::with(&["--tls", "--cert-out", "{dir}/ca.pem"]);
    assert!(world.url.starts_with("https://127.0.0.1:"));
    let ran = world.run(&["query", "T-NONE", "--json"]);
    assert_eq!((ran.code, &ran.json()["kind"]), (7, &json!("transport")), "{ran:?}");
    assert!(ran.err.contains("NNOPEN_CA_FILE"), "{ran:?}");
    let mut command = world.command(&["query", "T-NONE", "--json"]);
    // Nothing was sent, so that whoever names the certificate need not wait.
    command.env("NNOPEN_CA_FILE", world.dir.path().join("ca.pem"));
    let ran = finish(command, b"");
    assert_eq!((ran.code, &ran.json()["code"]), (5, &json!("E9500")), "{ran:?}");
    assert_eq!(world.run(&["token", "--json"]).json()["result"]["used"], 1);
    let mut command = world.command(&["query", "T-NONE"]);
    command.env("NNOPEN_CA_FILE", world.dir.path().join("T"));
    assert_eq!(finish(command, b"").code, 2);
}

/// The entries that are in the journal.
fn journal(world: &World) -> Vec<String> {
    let files = std::fs::read_dir(world.state().join("journal")).map(Iterator::collect::<Vec<_>>).unwrap_or_default();
    let names = files.into_iter().map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".json")).collect()
}

fn wait_for(happened: impl Fn() -> bool) {
    let started = Instant::now();
    while !happened() {
        assert!(started.elapsed() < Duration::from_secs(20), "it did not happen");
        std::thread::sleep(Duration::from_millis(50));
    }
}
