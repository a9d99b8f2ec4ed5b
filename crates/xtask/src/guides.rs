//! The part `docs`: every code block of the guides is run, compiled or parsed, or says why not. `tests/guides` does it; here
//! stands what it is run with.

use std::path::Path;
use std::process::Command;

use crate::run::lines;
use crate::test::{Tally, cargo, succeeds};
use crate::{kotlin, node, php, python};

pub(crate) fn run(root: &Path, tally: &mut Tally) {
    tally.one(
        "the pictures of the book",
        succeeds(Command::new("python3").args(["docs/images/draw.py", "--check"]).current_dir(root)),
    );
    let own = succeeds(Command::new("python3").arg("tests/guides/test_blocks.py").current_dir(root));
    tally.one("docs: tests/guides/test_blocks.py", own);
    if !succeeds(&mut cargo(root, &["build", "--quiet", "--package", "nnopen-cli"])) {
        return tally.one("docs: cargo build of nnopen-cli", false);
    }
    let mut guides = Command::new("python3");
    guides.arg("tests/guides/run.py").arg("--target").arg(crate::folders::target(root)).current_dir(root);
    let mut with = |what: &str, tools: Result<Vec<(&str, String)>, String>| match tools {
        Ok(tools) => {
            for (name, value) in tools {
                guides.arg(name).arg(value);
            }
        }
        Err(why) => tally.skip(format!("docs: {what} blocks ({why})")),
    };
    with("Python", python::test::built(root).map(|path| vec![("--python", path)]));
    with("JavaScript", node::test::built(root).map(|()| vec![("--node", "node".to_owned())]));
    with("PHP", php::test::built(root).map(|path| vec![("--php", path)]));
    with(
        "Java and Kotlin",
        kotlin::test::classes(root).map(|(ours, others)| vec![("--classes", ours), ("--kotlin", others)]),
    );
    count(guides, tally);
}

/// Takes its last line, `12 passed, 0 failed`; what failed by its name.
fn count(mut guides: Command, tally: &mut Tally) {
    let before = (tally.passed, tally.failures());
    let succeeded = lines(&mut guides, |line| {
        if let Some(name) = line.strip_prefix("failed: ") {
            tally.one(&format!("docs: {name}"), false);
        } else if let Some((passed, _)) = line.split_once(" passed, ") {
            tally.pass(passed.parse().unwrap_or_default());
        }
        println!("{line}");
    });
    if !succeeded.unwrap_or(false) && tally.failures() == before.1 || tally.passed == before.0 {
        tally.one("docs: tests/guides/run.py", false);
    }
}
