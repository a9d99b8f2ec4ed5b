//! The package `php`: the classes, the extension for the PHP that is here, and the C library for every other one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::test::{FOLDER, library, there};
use crate::folders::{copy, target};
use crate::package::{Artefact, Failure, budget};
use crate::simulator::Simulator;
use crate::test::{cargo, succeeds};

/// What of the folder is published.
const PARTS: &[&str] = &["Api.php", "README.md", "README.en.md", "autoload.php", "composer.json", "php"];

/// Builds `dist/nnopen-php.tar.gz` and uses it outside the tree, over both doors.
pub(crate) fn build(root: &Path, dist: &Path) -> Result<Vec<Artefact>, Failure> {
    if !there() {
        super::test::install();
    }
    if !there() {
        return Err(Failure::Skipped("needs PHP 8.1 with curl, php-config and libclang".to_owned()));
    }
    let target = target(root);
    let built_natives = natives(root)?;
    built(&mut cargo(root, &["build", "--package", "nnopen-cli"]))?;
    let packed = pack(root, dist, built_natives.each_ref().map(PathBuf::as_path))?;
    outside(root, &target, &packed.archive)?;
    Ok(vec![
        Artefact { path: packed.archive, budget: None },
        Artefact { path: packed.extension, budget: Some(budget::PHP_EXTENSION) },
        Artefact { path: packed.library, budget: Some(budget::C_LIBRARY) },
    ])
}

/// As [`build`], of what the tests have built: bigger and slower, nothing else.
pub(super) fn try_out(root: &Path) -> Result<(), Failure> {
    let target = target(root);
    let folder = Folder(std::env::temp_dir().join(format!("nnopen-php-packed-{}", std::process::id())));
    fs::create_dir_all(&folder.0).map_err(|error| Failure::Failed(error.to_string()))?;
    let packed = pack(
        root,
        &folder.0,
        [
            &target.join("php/debug").join(super::test::library("nnopen")),
            &target.join("debug").join(super::test::library("nnopen_c")),
        ],
    )?;
    outside(root, &target, &packed.archive)
}

struct Packed {
    archive: PathBuf,
    extension: PathBuf,
    library: PathBuf,
}

/// Lays the package out in `dist` and packs it; `built` are the extension and the library.
fn pack(root: &Path, dist: &Path, built: [&Path; 2]) -> Result<Packed, Failure> {
    let name = dist.join("nnopen-php");
    let (extension, library) = (name.join("ext").join(extension_name()?), name.join("lib").join(library("nnopen_c")));
    let laid =
        lay(root, &name).and_then(|()| fs::copy(built[0], &extension)).and_then(|_| fs::copy(built[1], &library));
    laid.map_err(|error| Failure::Failed(error.to_string()))?;
    let archive = dist.join("nnopen-php.tar.gz");
    let mut tar = Command::new("tar");
    tar.args(["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "-czf"]);
    if !succeeds(tar.arg(&archive).arg("-C").arg(dist).arg("nnopen-php")) {
        return Err(Failure::Failed("tar made no archive".to_owned()));
    }
    Ok(Packed { archive, extension, library })
}

/// Builds the extension and the C library as they are published.
pub(super) fn natives(root: &Path) -> Result<[PathBuf; 2], Failure> {
    let target = target(root);
    let ours = target.join("php");
    let manifest = format!("{FOLDER}/Cargo.toml");
    linked(root, &["--manifest-path", &manifest, "--release", "--target-dir", &ours.to_string_lossy()])?;
    linked(root, &["--package", "nnopen-c", "--profile", "library", "--crate-type", "cdylib"])?;
    Ok([ours.join("release").join(library("nnopen")), target.join("library").join(library("nnopen_c"))])
}

/// Small: 24 bytes of each pointer in a table become a bit, where the loader understands it; functions of the same code
/// become one, where the linker knows how.
fn linked(root: &Path, args: &[&str]) -> Result<(), Failure> {
    let packed: &[&str] = if packs() { &["-C", "link-arg=-Wl,-z,pack-relative-relocs"] } else { &[] };
    let merged: &[&str] = if merges() { &["-C", "link-arg=-Wl,--icf=all"] } else { &[] };
    built(&mut cargo(root, &[&["rustc"], args, &["--"], packed, merged].concat()))
}

/// Whether Rust brings its own linker, as it does here since 1.90.
fn merges() -> bool {
    let told = Command::new("rustc").arg("--version").output();
    let told = told.map(|told| String::from_utf8_lossy(&told.stdout).into_owned()).unwrap_or_default();
    cfg!(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu")) && is_at_least(&told, "rustc ", (1, 90))
}

/// Whether the C library here is a glibc that does so, 2.36 or later.
fn packs() -> bool {
    let told = Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    let told = told.map(|told| String::from_utf8_lossy(&told.stdout).into_owned()).unwrap_or_default();
    is_at_least(&told, "glibc ", (2, 36))
}

/// Whether what a program tells of itself, behind its name, is this version or a later one.
fn is_at_least(told: &str, name: &str, wanted: (u32, u32)) -> bool {
    let mut numbers = told.trim().strip_prefix(name).unwrap_or_default().split('.');
    let mut next = || numbers.next()?.parse::<u32>().ok();
    next().zip(next()).is_some_and(|version| version >= wanted)
}

fn built(cargo: &mut Command) -> Result<(), Failure> {
    match succeeds(cargo) {
        true => Ok(()),
        false => Err(Failure::Failed("it is not built".to_owned())),
    }
}

/// One extension for each minor version of PHP, with threads and without: its name says which.
fn extension_name() -> Result<String, Failure> {
    let told = Command::new("php")
        .args(["-r", "echo PHP_MAJOR_VERSION, '.', PHP_MINOR_VERSION, PHP_ZTS ? '-zts' : '-nts';"])
        .output()
        .map_err(|error| Failure::Failed(error.to_string()))?;
    Ok(format!("nnopen-{}.so", String::from_utf8_lossy(&told.stdout)))
}

fn lay(root: &Path, name: &Path) -> std::io::Result<()> {
    if name.exists() {
        fs::remove_dir_all(name)?;
    }
    for folder in ["ext", "lib"] {
        fs::create_dir_all(name.join(folder))?;
    }
    for part in PARTS {
        copy(&root.join(FOLDER).join(part), &name.join(part))?;
    }
    for part in ["LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(root.join(part), name.join(part))?;
    }
    fs::copy(root.join("bindings/c/include/nnopen.h"), name.join("lib/nnopen.h")).map(|_| ())
}

/// Unpacked elsewhere, without the tree's settings: an invoice is issued over each door.
fn outside(root: &Path, target: &Path, archive: &Path) -> Result<(), Failure> {
    let folder = Folder(std::env::temp_dir().join(format!("nnopen-php-{}", std::process::id())));
    let failed = |what: &str| Failure::Failed(what.to_owned());
    fs::create_dir_all(&folder.0).map_err(|error| Failure::Failed(error.to_string()))?;
    if !succeeds(Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(&folder.0)) {
        return Err(failed("the archive is not unpacked"));
    }
    let package = folder.0.join("nnopen-php");
    let simulator =
        Simulator::start(&target.join("debug/nnopen")).map_err(|error| failed(&format!("the simulator: {error}")))?;
    let extension = format!("extension={}", package.join("ext").join(extension_name()?).display());
    for (door, option) in [("extension", extension.as_str()), ("ffi", "ffi.enable=1")] {
        let mut php = Command::new("php");
        php.current_dir(&folder.0).args(["-d", option]).arg(root.join(FOLDER).join("tests/programs/outside.php"));
        php.args([package.as_os_str(), simulator.url.as_ref(), door.as_ref()]);
        if !succeeds(php.env_remove("NNOPEN_LIBRARY").env("NNOPEN_STATE_DIR", folder.0.join("state"))) {
            return Err(failed(&format!("the package does not work over the {door}")));
        }
    }
    Ok(())
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_new_tools_are_given_what_they_know() {
        let told = ["glibc 2.36\n", "glibc 2.41", "glibc 3.0", "glibc 2.35", "", "musl 2.40", "glibc 2"];
        let known = told.map(|told| super::is_at_least(told, "glibc ", (2, 36)));
        assert_eq!(known, [true, true, true, false, false, false, false]);
        assert!(super::is_at_least("rustc 1.95.0 (59807616e 2026-04-14)", "rustc ", (1, 90)));
        assert!(!super::is_at_least("rustc 1.88.0", "rustc ", (1, 90)));
    }
}
