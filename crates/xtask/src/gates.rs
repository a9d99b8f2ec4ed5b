//! What must stay true of the project as a whole: what it depends on, what its pages point to, what its files may hold.

mod builds;
mod crates;
mod pages;
mod workflows;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::fault::Faults;
use crate::package::Failure;
use crate::test::Tally;

type Gate = fn(&Path, &mut Faults) -> Result<(), String>;

/// Every gate by its name.
const GATES: &[(&str, Gate)] = &[
    ("the core's dependencies", crates::few_under_the_core),
    ("licences", crates::licences),
    ("one version of each crate", crates::one_version),
    ("one version everywhere", crate::release::in_step),
    ("pages in both languages", pages::twins),
    ("links between pages", pages::links),
    ("files that pages name", pages::named),
    ("how many there are", pages::counted),
    ("every guide in the book", crate::book::complete),
    ("nothing of a machine", nothing_of_a_machine),
    ("workflows pinned, with every platform", workflows::pinned),
    ("the core with each choice of features", builds::features),
];

type WithTool = fn(&Path, &mut Faults) -> Result<(), Failure>;

/// Gates that need a tool or the index of crates, by their names.
const WITH_TOOLS: &[(&str, WithTool)] = &[
    ("workflows are sound", workflows::sound),
    ("the core with its oldest dependencies", builds::oldest_dependencies),
    ("what the last release promised", builds::compatible),
];

pub(crate) fn run(root: &Path, tally: &mut Tally) {
    if !root.join(".git").exists() {
        return tally.skip("gates (need a git checkout)".to_owned());
    }
    for (name, gate) in GATES {
        let mut faults = Faults::default();
        let held = gate(root, &mut faults).map_err(Failure::Failed);
        told(name, held, faults, tally);
    }
    for (name, gate) in WITH_TOOLS {
        let mut faults = Faults::default();
        let held = gate(root, &mut faults);
        told(name, held, faults, tally);
    }
}

fn told(name: &str, held: Result<(), Failure>, mut faults: Faults, tally: &mut Tally) {
    match held {
        Err(Failure::Skipped(why)) => return tally.skip(format!("gate: {name} ({why})")),
        Err(Failure::Failed(why)) => faults.add("gates", name, why),
        Ok(()) => {}
    }
    faults.0.iter().for_each(|fault| eprintln!("{fault}"));
    tally.one(&format!("gate: {name}"), faults.0.is_empty());
}

/// Addresses of package registries and folders of a machine have no place in a file that others get.
fn nothing_of_a_machine(root: &Path, faults: &mut Faults) -> Result<(), String> {
    // Told in halves, so that this file passes its own gate.
    let words = [
        ["registry.npm", "js.org"],
        ["registry.npm", "mirror.com"],
        ["pypi.tuna.", "tsinghua"],
        ["mirrors.", "aliyun.com"],
        ["files.python", "hosted.org"],
        ["\"resolved\"", ": \"http"],
        ["/home", "/runner/"],
        ["/root", "/."],
    ];
    let words = words.map(|halves| halves.concat());
    let here = root.to_string_lossy();
    for file in tracked(root)? {
        let Ok(text) = fs::read_to_string(root.join(&file)) else { continue };
        for (at, line) in text.lines().enumerate() {
            let word = words.iter().map(String::as_str).chain([&*here]).find(|word| line.contains(word));
            if let Some(word) = word {
                faults.add(&file, format!("line {}", at + 1), format!("holds {word:?}"));
            }
        }
    }
    Ok(())
}

/// The files that git knows.
pub(crate) fn tracked(root: &Path) -> Result<Vec<String>, String> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output();
    let output = output.map_err(|error| format!("git: {error}"))?;
    if !output.status.success() {
        return Err(format!("git: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let text = String::from_utf8(output.stdout).map_err(|_| "a file's name is no UTF-8")?;
    Ok(text.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}
