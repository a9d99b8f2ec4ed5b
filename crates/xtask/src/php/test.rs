//! The part `php` of the tests: PHPUnit plays the vectors and meets the simulator, once over the extension, once over FFI.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::folders::target;
use crate::node::test as node;
use crate::run::lines;
use crate::test::{Tally, cargo, succeeds};

pub(super) const FOLDER: &str = "bindings/php";

/// What Debian calls what is needed; the second row is for the adapters.
const PACKAGES: &[&str] = &[
    "php-cli",
    "php-dev",
    "php-xml",
    "php-mbstring",
    "php-curl",
    "phpunit",
    "clang",
    "libclang-dev", //
    "php-fpm",
    "php-guzzlehttp-guzzle",
    "php-symfony-http-client",
    "php-nyholm-psr7",
    "php-symfony-cache",
    "php-psr-simple-cache",
    "php-phpstan-phpdoc-parser",
    "php-illuminate-config",
    "php-illuminate-container",
    "php-illuminate-support",
    "php-illuminate-http",
    "php-illuminate-routing",
    "php-phpoption",
    "php-vlucas-phpdotenv",
    "php-redis",
    "redis-server",
];

pub(crate) fn run(root: &Path, tally: &mut Tally) {
    if !there() || !whole() {
        install();
    }
    if !there() {
        return tally.skip(format!("php ({NEEDS})"));
    }
    let target = target(root);
    let built = succeeds(&mut cargo(root, &["build", "--package", "nnopen-cli", "--package", "nnopen-c"]));
    let Some(extension) = extension(root).filter(|_| built) else {
        return tally.one("php: the extension is not built", false);
    };
    let loaded = format!("extension={}", extension.display());
    for (door, option) in [("extension", loaded.as_str()), ("FFI", "ffi.enable=1")] {
        println!("\n-- php, over the {door}");
        let mut php = Command::new("php");
        php.arg("-d").arg(option).arg(phpunit().unwrap_or_default()).arg("--verbose");
        php.current_dir(root.join(FOLDER))
            .env("NNOPEN_BIN", target.join("debug/nnopen"))
            .env("NNOPEN_LIBRARY", target.join("debug").join(library("nnopen_c")))
            .env("NNOPEN_EXTENSION", &extension);
        play(&mut php, tally);
    }
    oldest(root, tally);
    println!("\n-- php, the package unpacked elsewhere");
    tally.done("php: the package unpacked elsewhere", super::package::try_out(root));
}

/// `Api.php` on the oldest PHP that it is for, which npm has as WebAssembly.
fn oldest(root: &Path, tally: &mut Tally) {
    let folder = root.join(FOLDER).join("tests/php72");
    if !node::there() {
        return tally.skip(format!("php: Api.php on PHP 7.2 ({})", node::NEEDS));
    }
    println!("\n-- php 7.2");
    let played = succeeds(&mut node::npm_ci(&folder)) && succeeds(&mut node::command("node", &["play.mjs"], &folder));
    tally.one("php: Api.php on PHP 7.2", played);
}

/// The program of the fleet, over the extension as it is now; none without PHP.
pub(crate) fn member(root: &Path) -> Result<Option<Command>, String> {
    if !there() {
        return Ok(None);
    }
    let extension = extension(root).ok_or("the extension is not built")?;
    let mut php = Command::new("php");
    php.arg("-d").arg(format!("extension={}", extension.display())).arg("tests/programs/member.php");
    php.current_dir(root.join(FOLDER));
    Ok(Some(php))
}

/// Builds the extension.
fn extension(root: &Path) -> Option<PathBuf> {
    let (manifest, folder) = (format!("{FOLDER}/Cargo.toml"), target(root).join("php"));
    let built = succeeds(cargo(root, &["build", "--quiet", "--manifest-path", &manifest, "--target-dir"]).arg(&folder));
    built.then(|| folder.join("debug").join(library("nnopen")))
}

pub(crate) const NEEDS: &str = "needs PHP 8.1 with curl, php-config, PHPUnit and libclang";

/// The extension, for the guides' programs.
pub(crate) fn built(root: &Path) -> Result<String, String> {
    if !there() || !whole() {
        install();
    }
    if !there() {
        return Err(NEEDS.to_owned());
    }
    Ok(extension(root).ok_or("the extension is not built")?.to_string_lossy().into_owned())
}

fn play(php: &mut Command, tally: &mut Tally) {
    let before = tally.failures();
    let mut told = Told::default();
    let ended = lines(php, |line| {
        println!("{line}");
        told.read(line, tally);
    });
    if !ended.unwrap_or(false) && tally.failures() == before {
        tally.one("php: PHPUnit ended with an error", false);
    }
}

pub(super) fn there() -> bool {
    let modules = Command::new("php").arg("-m").output().map(|out| String::from_utf8_lossy(&out.stdout).into_owned());
    let modules = modules.unwrap_or_default();
    let has = |name: &str| modules.lines().any(|line| line == name);
    ["curl", "dom", "mbstring"].into_iter().all(has)
        && phpunit().is_some()
        && succeeds(Command::new("php-config").arg("--version").stdout(Stdio::null()))
        && succeeds(Command::new("sh").args(["-c", "ls /usr/lib/llvm-*/lib/libclang*.so* >/dev/null 2>&1"]))
}

/// Whether the clients, caches and servers that the adapters are tested with are there too.
fn whole() -> bool {
    const WANTED: &str = "test -f /usr/share/php/GuzzleHttp/autoload.php && test -f /usr/share/php/Nyholm/Psr7/autoload.php \
        && test -d /usr/share/php/Symfony/Component/HttpClient && test -d /usr/share/php/Illuminate/Config && test -d /usr/share/php/Illuminate/Routing \
        && test -d /usr/share/php/Dotenv && test -f /usr/share/php/PHPStan/PhpDocParser/autoload.php && test -d /usr/share/php/Symfony/Component/Cache \
        && ls /usr/sbin/php-fpm* && test -x /usr/bin/redis-server && php -m | grep -qx redis";
    succeeds(Command::new("sh").args(["-c", WANTED]).stdout(Stdio::null()).stderr(Stdio::null()))
}

pub(super) fn install() {
    crate::run::install(PACKAGES);
}

fn phpunit() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join("phpunit")).find(|path| path.is_file())
}

pub(super) fn library(name: &str) -> String {
    format!("lib{name}.{}", if cfg!(target_os = "macos") { "dylib" } else { "so" })
}

/// What PHPUnit has told so far: whether the tests that it names now were skipped, and the one whose reason comes next.
#[derive(Default)]
struct Told {
    skipping: bool,
    skipped: Option<String>,
}

impl Told {
    /// Takes a line: tests that failed or were skipped by their names, the others by their number.
    fn read(&mut self, line: &str, tally: &mut Tally) {
        let number =
            |text: &str| text.split(|char: char| !char.is_ascii_digit()).find_map(|part| part.parse::<usize>().ok());
        let named = line.split_once(") ").filter(|(at, name)| at.parse::<usize>().is_ok() && name.contains("::test"));
        if let Some(name) = self.skipped.take() {
            tally.skip(format!("php: {name} ({line})"));
        } else if line.starts_with("There was ") || line.starts_with("There were ") {
            self.skipping = line.contains(" skipped test");
        } else if let Some((_, name)) = named {
            match self.skipping {
                true => self.skipped = Some(name.to_owned()),
                false => tally.one(&format!("php: {name}"), false),
            }
        } else if let Some(tests) = line.strip_prefix("OK (") {
            tally.pass(number(tests).unwrap_or_default());
        } else if line.starts_with("Tests: ") {
            let counted = |what: &str| {
                line.split(", ").find_map(|part| part.strip_prefix(what).and_then(number)).unwrap_or_default()
            };
            let others = counted("Skipped: ") + counted("Errors: ") + counted("Failures: ");
            tally.pass(counted("Tests: ").saturating_sub(others));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_phpunit_prints_is_counted_and_named() {
        let mut tally = Tally::default();
        let mut told = Told::default();
        let lines = [
            "OK (12 tests, 30 assertions)",
            "There was 1 failure:",
            "1) Nnopen\\Tests\\JourneyTest::testALostAnswer with data set \"curl\"",
            "There were 1 skipped tests:",
            "1) Nnopen\\Tests\\StoreTest::testRedis",
            "needs redis-server",
            "Tests: 10, Assertions: 21, Failures: 1, Skipped: 1.",
        ];
        lines.iter().for_each(|line| told.read(line, &mut tally));
        assert_eq!((tally.passed, tally.failures()), (20, 1));
        assert_eq!(tally.skipped, ["php: Nnopen\\Tests\\StoreTest::testRedis (needs redis-server)"]);
    }
}
