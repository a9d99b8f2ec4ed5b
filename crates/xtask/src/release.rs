//! `cargo xtask release --dry-run`: what would be published where and in which order, and all that stands in the way.
//! Publishing itself is left to the workflow that runs on a tag.

mod contents;
mod plan;
mod ready;
mod versions;

use std::path::Path;
use std::process::ExitCode;

pub(crate) use plan::platforms;

use crate::fault::Faults;

const REFUSED: &str = "\
nothing is published from here: pushing the tag v… starts .github/workflows/release.yml, which does it (docs/release.en.md);
cargo xtask release --dry-run  tells what it would publish, and what stands in the way";

pub(crate) fn run(root: &Path, args: &[&str]) -> ExitCode {
    if args != ["--dry-run"] {
        eprintln!("{REFUSED}");
        return ExitCode::from(3);
    }
    let mut faults = Faults::default();
    match dry_run(root, &mut faults) {
        Ok(table) => println!("{table}"),
        Err(why) => faults.add("release", "", why),
    }
    println!();
    crate::tell(&faults)
}

/// The table; every fault is added, whatever the others say.
fn dry_run(root: &Path, faults: &mut Faults) -> Result<String, String> {
    let version = versions::ours(root)?;
    versions::in_step(root, &version, faults)?;
    ready::check(root, &version, faults)?;
    let rows = plan::rows(root, &version)?;
    let mut lines = vec![format!("nnopen {version}, tag v{version}: what is published, in this order\n")];
    for (at, row) in rows.iter().enumerate() {
        let held = contents::look(root, row, faults)?;
        lines.push(format!("{:>3}  {:<14} {:<34} {held}", at + 1, row.registry, row.name));
    }
    Ok(lines.join("\n"))
}

/// The gate: one version everywhere.
pub(crate) fn in_step(root: &Path, faults: &mut Faults) -> Result<(), String> {
    versions::in_step(root, &versions::ours(root)?, faults)
}
