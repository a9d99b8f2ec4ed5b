//! Swift itself: what is on the PATH, or a Debian of its own in a cache folder, made once.
//!
//! What is mounted for it is mounted in a namespace of the command's own: it is gone when the command ends, however it ends.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const RELEASE: &str = "trixie";
const PACKAGES: [&str; 4] = ["swiftlang", "libc6-dev", "libstdc++-14-dev", "binutils"];

pub(super) enum Toolchain {
    OnPath,
    /// The root folder of a Debian with Swift in it.
    Chroot(PathBuf),
}

impl Toolchain {
    /// Finds Swift 6 or sets it up.
    ///
    /// # Errors
    /// Why it can't be had here.
    pub(super) fn find() -> Result<Self, String> {
        if told(Command::new("swift").arg("--version")).is_ok_and(|told| is_six(&told)) {
            return Ok(Self::OnPath);
        }
        let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
        let cache = cache.ok_or("there is no home folder")?.join("nnopen");
        let system = cache.join(format!("swift-{RELEASE}"));
        if !system.is_dir() {
            make(&cache, &system)?;
        }
        Ok(Self::Chroot(system))
    }

    /// A command of Swift's, run in `folder`; it sees `shown` under their own names.
    pub(super) fn command(&self, args: &[&str], folder: &Path, shown: &[&Path]) -> Command {
        match self {
            Self::OnPath => {
                let mut swift = Command::new("swift");
                swift.args(args).current_dir(folder);
                swift
            }
            Self::Chroot(system) => {
                let mut swift = apart();
                swift.arg(ENTER).arg("enter").arg(system).arg(folder).arg(shown.len().to_string()).args(shown);
                swift.arg("swift").args(args).env("HOME", "/root");
                swift
            }
        }
    }
}

/// The system's folder, the folder to be in, how many folders are shown and which, the command.
const ENTER: &str = r#"
set -e
system=$1 folder=$2 shown=$3
shift 3
mount -t proc proc "$system/proc"
while [ "$shown" -gt 0 ]; do
    mkdir -p "$system$1"
    mount --bind "$1" "$system$1"
    shift
    shown=$((shown - 1))
done
exec chroot "$system" sh -c 'cd "$1" && shift && exec "$@"' enter "$folder" "$@"
"#;

/// A shell that mounts for itself alone.
fn apart() -> Command {
    let mut shell = Command::new("unshare");
    shell.args(["--mount", "--propagation", "private", "sh", "-c"]);
    shell
}

/// Makes the system under another name, then gives it its own: half a system is never taken for a whole one.
fn make(cache: &Path, system: &Path) -> Result<(), String> {
    if told(Command::new("id").arg("-u"))?.trim() != "0" {
        return Err("there is no Swift 6 on the PATH, and setting it up takes root".to_owned());
    }
    if told(Command::new("debootstrap").arg("--version")).is_err() {
        told(Command::new("apt-get").arg("update"))?;
        told(Command::new("apt-get").args(["install", "--yes", "--no-install-recommends", "debootstrap"]))?;
    }
    fs::create_dir_all(cache).map_err(|error| error.to_string())?;
    clear(cache);
    let fresh = cache.join(format!("swift-{RELEASE}.{}", std::process::id()));
    println!("Swift is set up in {} (3.3 GB, a few minutes, once)", system.display());
    let made = fill(&fresh).and_then(|()| fs::rename(&fresh, system).map_err(|error| error.to_string()));
    if made.is_err() {
        let _ = fs::remove_dir_all(&fresh);
    }
    made
}

fn fill(system: &Path) -> Result<(), String> {
    let mut bootstrap = Command::new("debootstrap");
    bootstrap.args(["--variant=minbase", RELEASE]).arg(system).args(mirror());
    told(&mut bootstrap)?;
    let install = format!(
        "mount -t proc proc \"$1/proc\" && chroot \"$1\" apt-get update && chroot \"$1\" apt-get install --yes \
         --no-install-recommends {} && chroot \"$1\" apt-get clean",
        PACKAGES.join(" ")
    );
    told(apart().arg(install).arg("fill").arg(system)).map(|_| ())
}

/// What runs that were killed have left.
fn clear(cache: &Path) {
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.strip_prefix(&format!("swift-{RELEASE}.")).map(|process| Path::new("/proc").join(process));
        if process.is_some_and(|process| !process.exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// From where this machine has its own packages.
fn mirror() -> Option<String> {
    let lists = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"];
    let text: String = lists.iter().filter_map(|list| fs::read_to_string(list).ok()).collect();
    let lines = text.lines().filter(|line| line.starts_with("URIs:") || line.starts_with("deb "));
    lines.flat_map(str::split_whitespace).find(|word| word.starts_with("http")).map(str::to_owned)
}

fn is_six(version: &str) -> bool {
    let number = version.split("Swift version ").nth(1).and_then(|rest| rest.split('.').next()?.parse::<u32>().ok());
    number.is_some_and(|number| number >= 6)
}

/// What a program prints; if it fails, the end of its complaint.
fn told(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{name}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    let said = format!("{}\n{}", text(&output.stdout), text(&output.stderr));
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    Err(format!("{name}: {}", lines[lines.len().saturating_sub(3)..].join(" · ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read() {
        assert!(is_six("Swift version 6.0.3 (swift-6.0.3-RELEASE)\nTarget: x86_64"));
        assert!(is_six("Apple Swift version 6.1 (swiftlang-6.1.0.110.21)"));
        assert!(!is_six("Swift version 5.10.1 (swift-5.10.1-RELEASE)"));
        assert!(!is_six("swift client version 4.0"));
    }

    #[test]
    fn a_program_that_fails_tells_why() {
        let why = told(Command::new("sh").args(["-c", "echo one; echo two >&2; exit 1"])).unwrap_err();
        assert_eq!(why, "sh: one · two");
        assert!(told(&mut Command::new("nnopen-no-such-program")).is_err());
    }
}
