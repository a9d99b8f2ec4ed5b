//! The npm package: on Node, and as WebAssembly in Chromium, bundlers and other runtimes. Installed, built, and its own
//! tests run; each of them counts.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::folders::program;
use crate::run::{install, lines, quietly, redis};
use crate::test::{Tally, cargo, succeeds};

pub(super) const NODE: &str = "bindings/node";
const WEB: &str = "bindings/web";
const PREVIEW: &str = "examples/preview";

/// Runs the part `node`.
pub(crate) fn run(root: &Path, tally: &mut Tally) {
    if !there() {
        return tally.skip(format!("node ({NEEDS})"));
    }
    redis();
    let clippy = ["clippy", "--package", "nnopen-node", "--package", "nnopen-web", "--", "-D", "warnings"];
    tally.one("node: cargo clippy", succeeds(&mut cargo(root, &clippy)));
    let steps = [
        ("cargo build of the simulator", cargo(root, &["build", "--quiet", "--package", "nnopen-cli"])),
        ("npm ci", npm_ci(&root.join(NODE))),
        ("build", command("node", &["scripts/build.mjs", "--quick"], &root.join(NODE))),
    ];
    if !carried_out("node", steps, tally) {
        return;
    }
    let program = program(root, "nnopen");
    let args = ["--import", "./tests/support/state.mjs", "--test", "--test-reporter=tap", "tests/"];
    let mut test = command("node", &args, &root.join(NODE));
    test.env("NNOPEN_BIN", program);
    count("node", test, tally);
}

/// The program of the fleet, over the package as it is now; none without Node.
pub(crate) fn member(root: &Path) -> Result<Option<Command>, String> {
    if !there() {
        return Ok(None);
    }
    let folder = root.join(NODE);
    let installed = folder.join("node_modules").is_dir() || succeeds(&mut npm_ci(&folder));
    if !installed || !succeeds(&mut command("node", &["scripts/build.mjs", "--quick", "addon", "ts"], &folder)) {
        return Err("the package is not built".to_owned());
    }
    Ok(Some(command("node", &["tests/support/member.mjs"], &folder)))
}

/// Runs the part `web`: the same package where there is no native build.
pub(crate) fn run_web(root: &Path, tally: &mut Tally) {
    if !there() {
        return tally.skip(format!("web ({NEEDS})"));
    }
    chromium();
    let steps = [
        ("npm ci of the package", npm_ci(&root.join(NODE))),
        ("npm ci", npm_ci(&root.join(WEB))),
        ("build", command("node", &["scripts/build.mjs", "wasm", "ts"], &root.join(NODE))),
    ];
    if carried_out("web", steps, tally) {
        count("web", command("node", &["--test", "--test-reporter=tap", "tests/"], &root.join(WEB)), tally);
    }
}

/// Runs the part `preview`: the request-preview page, built with the package and opened in Chromium.
pub(crate) fn run_preview(root: &Path, tally: &mut Tally) {
    if !there() {
        return tally.skip(format!("preview ({NEEDS})"));
    }
    chromium();
    let named = std::env::var_os("NNOPEN_CHROMIUM").is_some_and(|path| Path::new(&path).exists());
    if !named && !CHROMIUM.iter().any(|program| Path::new(program).exists()) {
        return tally.skip("preview (needs Chromium)".to_owned());
    }
    let steps = [
        ("npm ci of the package", npm_ci(&root.join(NODE))),
        ("build of the package", command("node", &["scripts/build.mjs", "wasm", "ts"], &root.join(NODE))),
        ("npm ci", npm_ci(&root.join(PREVIEW))),
        ("build", command(NPM, &["run", "--silent", "build"], &root.join(PREVIEW))),
    ];
    if carried_out("preview", steps, tally) {
        count("preview", command("node", &["--test", "--test-reporter=tap", "tests/"], &root.join(PREVIEW)), tally);
    }
}

/// Builds the package for the guides' programs, and installs what they need beside it.
pub(crate) fn built(root: &Path) -> Result<(), String> {
    if !there() {
        return Err(NEEDS.to_owned());
    }
    let guides = root.join("tests/guides");
    let mut steps = [
        npm_ci(&root.join(NODE)),
        command("node", &["scripts/build.mjs", "--quick"], &root.join(NODE)),
        npm_ci(&guides),
    ];
    if steps.iter_mut().all(succeeds) { Ok(()) } else { Err("the package is not built".to_owned()) }
}

const CHROMIUM: &[&str] = &["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

fn chromium() {
    if !CHROMIUM.iter().any(|program| Path::new(program).exists()) {
        install(&["chromium"]);
    }
}

pub(crate) const NEEDS: &str = "needs Node 20 and npm";

/// Whether Node and npm are.
pub(crate) fn there() -> bool {
    let new_enough = "process.exit(Number(process.versions.node.split('.')[0]) < 20 ? 1 : 0)";
    quietly("node", &["-e", new_enough]) && quietly(NPM, &["--version"])
}

/// Runs npm; nothing if there is no way to its packages.
fn fetched(npm: &mut Command) -> Option<bool> {
    let output = npm.stdin(Stdio::null()).output().ok()?;
    let told = String::from_utf8_lossy(&output.stderr);
    print!("{}{told}", String::from_utf8_lossy(&output.stdout));
    let away = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH"];
    if !output.status.success() && away.iter().any(|code| told.contains(code)) {
        return None;
    }
    Some(output.status.success())
}

fn carried_out<const N: usize>(part: &str, steps: [(&str, Command); N], tally: &mut Tally) -> bool {
    for (name, mut step) in steps {
        let done = match step.get_program() == NPM {
            true => match fetched(&mut step) {
                Some(done) => done,
                None => {
                    tally.skip(format!("{part} (needs npm's packages)"));
                    return false;
                }
            },
            false => succeeds(&mut step),
        };
        tally.one(&format!("{part}: {name}"), done);
        if !done {
            return false;
        }
    }
    true
}

pub(crate) fn npm_ci(folder: &Path) -> Command {
    command(NPM, &["ci", "--no-fund", "--no-audit", "--loglevel=error"], folder)
}

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

pub(crate) fn command(program: &str, args: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(folder);
    command
}

/// Takes what node's test runner tells as TAP: what failed by its name, all else by its number.
fn count(part: &str, mut test: Command, tally: &mut Tally) {
    let before = tally.failures();
    let mut told = 0;
    let succeeded = lines(&mut test, |line| {
        let words = line.trim_start();
        let number = |name: &str| words.strip_prefix(name).and_then(|count| count.trim().parse::<usize>().ok());
        if let Some(name) = words.strip_prefix("not ok ") {
            tally.one(&format!("{part}: {}", name.split_once(" - ").map_or(name, |(_, name)| name)), false);
        } else if let Some((name, reason)) = words.split_once("# SKIP") {
            let name = name.split_once(" - ").map_or(name, |(_, name)| name).trim();
            tally.skip(format!("{part}: {name} ({})", reason.trim()));
        } else if let Some(passed) = number("# pass ") {
            tally.pass(passed);
            told += passed;
        }
        if !words.starts_with("ok ") && !words.starts_with("# Subtest: ") {
            println!("{line}");
        }
    });
    if (!succeeded.unwrap_or(false) && tally.failures() == before) || told == 0 {
        tally.one(&format!("{part}: node --test"), false);
    }
}
