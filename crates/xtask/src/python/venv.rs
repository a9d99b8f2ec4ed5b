//! Interpreters that are there, and environments of our own under the build's folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::folders::{program, target};
use crate::test::succeeds;

pub(super) const BINDING: &str = "bindings/python";

/// An interpreter that has pip, and its minor version.
pub(super) struct Python {
    pub(super) path: PathBuf,
    pub(super) version: u32,
    /// Whether it has no global lock: it takes wheels of its own.
    pub(super) is_free: bool,
    is_on_path: bool,
}

impl Python {
    /// The one that people get who say `python3`.
    pub(super) fn usual(pythons: &[Self]) -> Option<&Self> {
        let with_lock = || pythons.iter().filter(|python| !python.is_free);
        with_lock().find(|python| python.is_on_path).or_else(|| with_lock().next())
    }

    /// `3.14`, `3.14t`.
    pub(super) fn name(&self) -> String {
        format!("3.{}{}", self.version, if self.is_free { "t" } else { "" })
    }
}

/// Those on the path, and those that pyenv keeps; one of each version, the oldest first.
pub(super) fn pythons() -> Vec<Python> {
    const ASK: &str = "import sys, sysconfig, pip, venv; free = sysconfig.get_config_var('Py_GIL_DISABLED') or 0; \
        print(sys.version_info.minor if sys.version_info[0] == 3 else 0, int(free))";
    let home = std::env::var_os("PYENV_ROOT")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".pyenv")));
    let kept = home.into_iter().flat_map(|home| std::fs::read_dir(home.join("versions")).into_iter().flatten());
    let kept = kept.flatten().map(|entry| (entry.path().join("bin/python3"), false));
    let named = (9..20).flat_map(|minor| [format!("python3.{minor}"), format!("python3.{minor}t")]);
    let named = named.map(|name| (PathBuf::from(name), false));
    let all = [(PathBuf::from("python3"), true)].into_iter().chain(named).chain(kept);
    let mut found: Vec<Python> = Vec::new();
    for (path, is_on_path) in all {
        let Ok(said) = Command::new(&path).args(["-c", ASK]).stderr(Stdio::null()).output() else { continue };
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let Some((version, free)) = said.trim().split_once(' ') else { continue };
        let (version, is_free) = (version.parse().unwrap_or(0), free == "1");
        // PyO3 knows no free-threaded Python before 3.14.
        let oldest = if is_free { 14 } else { 9 };
        if version >= oldest && found.iter().all(|other| (other.version, other.is_free) != (version, is_free)) {
            found.push(Python { path, version, is_free, is_on_path });
        }
    }
    found.sort_by_key(|python| (python.version, python.is_free));
    found
}

/// An environment of our own, under the build's folder.
pub(super) struct Venv {
    pub(super) folder: PathBuf,
    binding: PathBuf,
}

impl Venv {
    pub(super) fn of(root: &Path, name: &str) -> Self {
        Self { folder: target(root).join(name), binding: root.join(BINDING) }
    }

    pub(super) fn make(&self, python: &Path) -> bool {
        self.program("python").is_file() || succeeds(Command::new(python).args(["-m", "venv"]).arg(&self.folder))
    }

    fn programs(&self) -> PathBuf {
        self.folder.join(if cfg!(windows) { "Scripts" } else { "bin" })
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.programs().join(if cfg!(windows) { format!("{name}.exe") } else { name.to_owned() })
    }

    /// Its interpreter, in the binding's folder; its programs come first, as after `activate`.
    pub(super) fn python(&self) -> Command {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths([self.programs()].into_iter().chain(std::env::split_paths(&path)));
        let mut python = Command::new(self.program("python"));
        python.current_dir(&self.binding).env("VIRTUAL_ENV", &self.folder).env_remove("PYTHONPATH");
        python.env("PATH", path.unwrap_or_default());
        python
    }

    pub(super) fn pip(&self, args: &[&str]) -> bool {
        succeeds(self.python().args(["-m", "pip", "--disable-pip-version-check"]).args(args))
    }
}

/// The command line, whose simulator the tests meet.
pub(super) fn simulator(root: &Path) -> PathBuf {
    program(root, "nnopen")
}
