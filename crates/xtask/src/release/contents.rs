//! What each package holds: the licences in all of them, and in a crate every file that its sources take in.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use super::plan::{Form, Row};
use crate::fault::Faults;
use crate::test::cargo;

const LICENCES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

/// What the table says of a row; what is missing is added to the faults.
pub(super) fn look(root: &Path, row: &Row, faults: &mut Faults) -> Result<String, String> {
    match &row.form {
        Form::Tag => Ok("the tag".to_owned()),
        Form::Crate(folder) => {
            let args = ["package", "--list", "--allow-dirty", "--quiet", "--package", &row.name];
            let files = lines(&mut cargo(root, &args))?;
            of_crate(&root.join(folder), folder, &files, faults);
            Ok(format!("{} files", files.len()))
        }
        Form::Pom => Ok("the pom".to_owned()),
        Form::Files { package, name } => {
            let mut told = Vec::new();
            for path in matching(&root.join("dist"), name) {
                let file = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
                let files = archived(&path)?;
                holds_licences(&file, &files, faults);
                told.push(format!("{file}, {} files", files.len()));
            }
            match told.is_empty() {
                true => Ok(format!("not built here: cargo xtask package {package}")),
                false => Ok(told.join(", ")),
            }
        }
    }
}

/// A crate's licences, and what `include_str!` and its like take from outside.
fn of_crate(folder: &Path, name: &str, files: &[String], faults: &mut Faults) {
    holds_licences(name, files, faults);
    for file in files.iter().filter(|file| file.starts_with("src/") && file.ends_with(".rs")) {
        let Ok(text) = fs::read_to_string(folder.join(file)) else {
            faults.add(&format!("{name}/{file}"), "", "can't be read");
            continue;
        };
        for taken in taken(&text) {
            let path = plain(&Path::new(file).with_file_name("").join(&taken));
            if !path.is_some_and(|path| files.contains(&path)) {
                faults.add(&format!("{name}/{file}"), taken, "is taken in, but is not in the crate");
            }
        }
    }
}

/// The files that a source names in `include_str!("…")` and `include_bytes!("…")`.
fn taken(text: &str) -> Vec<String> {
    let after = ["include_str!(", "include_bytes!("].iter().flat_map(|name| text.split(*name).skip(1));
    after.filter_map(|rest| Some(rest.trim_start().strip_prefix('"')?.split_once('"')?.0.to_owned())).collect()
}

/// The path without `..`; none where it leaves its beginning.
fn plain(path: &Path) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            Component::ParentDir => drop(parts.pop()?),
            _ => {}
        }
    }
    Some(parts.join("/"))
}

fn holds_licences(package: &str, files: &[String], faults: &mut Faults) {
    for licence in LICENCES {
        if !files.iter().any(|file| file.rsplit('/').next() == Some(licence)) {
            faults.add(package, "", format!("holds no {licence}"));
        }
    }
}

/// The names of the files in an archive.
fn archived(path: &Path) -> Result<Vec<String>, String> {
    let zip = path.extension().is_some_and(|end| end == "whl" || end == "jar");
    let mut program = Command::new(if zip { "python3" } else { "tar" });
    let list = "import sys, zipfile; print(*zipfile.ZipFile(sys.argv[1]).namelist(), sep='\\n')";
    lines(if zip { program.args(["-c", list]) } else { program.arg("-tzf") }.arg(path))
}

fn lines(command: &mut Command) -> Result<Vec<String>, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{name}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(|line| line.replace('\\', "/")).collect())
}

/// The files whose name fits, `*` standing for anything.
fn matching(folder: &Path, name: &str) -> Vec<PathBuf> {
    let Some((before, after)) = name.split_once('*') else {
        let path = folder.join(name);
        return if path.is_file() { vec![path] } else { Vec::new() };
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let fits = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after)
    };
    let mut found: Vec<PathBuf> = entries.filter(fits).collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::ready::tests::Scratch;

    #[test]
    fn a_crate_without_its_licences_or_with_a_file_from_outside_is_named() {
        let scratch = Scratch::new();
        fs::create_dir_all(scratch.0.join("src/inner")).unwrap();
        let source = "const A: &str = include_str!(\"../table.json\");\nconst B: &str = include_str!(\n    \"../../../order.json\"\n);\n";
        fs::write(scratch.0.join("src/inner/a.rs"), source).unwrap();
        let files = ["LICENSE-MIT", "src/inner/a.rs", "src/table.json"].map(str::to_owned);
        let mut faults = Faults::default();
        of_crate(&scratch.0, "crates/made-up", &files, &mut faults);
        let told: Vec<String> = faults.0.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "crates/made-up: holds no LICENSE-APACHE",
                "crates/made-up/src/inner/a.rs: ../../../order.json: is taken in, but is not in the crate",
            ]
        );
    }

    #[test]
    fn an_archive_is_looked_into() {
        let scratch = Scratch::new();
        for file in LICENCES {
            fs::write(scratch.0.join(file), "").unwrap();
        }
        let archive = scratch.0.join("nnopen-1.2.0-any.tar.gz");
        let tar =
            Command::new("tar").arg("-czf").arg(&archive).arg("-C").arg(&scratch.0).args(LICENCES).status().unwrap();
        assert!(tar.success());
        assert_eq!(matching(&scratch.0, "nnopen-1.2.0-*.tar.gz"), std::slice::from_ref(&archive));
        assert!(matching(&scratch.0, "nnopen-1.3.0-*.tar.gz").is_empty());
        assert_eq!(archived(&archive).unwrap(), LICENCES);
    }
}
