//! The part `php` of the tests: builds the extension, then PHPUnit plays the vectors and meets the simulator.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::test::{Tally, cargo, succeeds};

const FOLDER: &str = "bindings/php";

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
    "php-redis",
    "redis-server",
];

pub(crate) fn run(root: &Path, tally: &mut Tally) {
    if !there() || !whole() {
        install();
    }
    if !there() {
        return tally.skip("php (needs PHP 8.1 with curl, php-config, PHPUnit and libclang)".to_owned());
    }
    let target = target(root);
    let manifest = format!("{FOLDER}/Cargo.toml");
    let extension = target.join("php");
    let built = succeeds(&mut cargo(root, &["build", "--package", "nnopen-cli"]))
        && succeeds(cargo(root, &["build", "--manifest-path", &manifest, "--target-dir"]).arg(&extension));
    if !built {
        return tally.one("php: the extension is not built", false);
    }
    let extension = extension.join("debug").join(library());
    let mut php = Command::new("php");
    php.arg("-d").arg(format!("extension={}", extension.display())).arg(phpunit().unwrap_or_default());
    php.current_dir(root.join(FOLDER))
        .env("NNOPEN_BIN", target.join("debug/nnopen"))
        .env("NNOPEN_EXTENSION", extension);
    let before = tally.failures();
    let ended = php.stdout(Stdio::piped()).spawn().and_then(|mut child| {
        for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()) {
            let line = line?;
            println!("{line}");
            count(&line, tally);
        }
        Ok(child.wait()?.success())
    });
    if !ended.unwrap_or(false) && tally.failures() == before {
        tally.one("php: PHPUnit ended with an error", false);
    }
}

fn there() -> bool {
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
        && test -d /usr/share/php/Symfony/Component/HttpClient && test -d /usr/share/php/Symfony/Component/Cache \
        && ls /usr/sbin/php-fpm* && test -x /usr/bin/redis-server && php -m | grep -qx redis";
    succeeds(Command::new("sh").args(["-c", WANTED]).stdout(Stdio::null()).stderr(Stdio::null()))
}

fn install() {
    let apt = |args: &[&str]| {
        let mut apt = Command::new("apt-get");
        succeeds(apt.args(args).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()))
    };
    if apt(&["update", "-qq"]) {
        apt(&[&["install", "-y", "-qq", "--no-install-recommends"], PACKAGES].concat());
    }
}

fn phpunit() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join("phpunit")).find(|path| path.is_file())
}

fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

fn library() -> &'static str {
    if cfg!(target_os = "macos") { "libnnopen.dylib" } else { "libnnopen.so" }
}

/// Takes PHPUnit's closing line; tests that failed are told by their name.
fn count(line: &str, tally: &mut Tally) {
    let number =
        |text: &str| text.split(|char: char| !char.is_ascii_digit()).find_map(|part| part.parse::<usize>().ok());
    let named = line.split_once(") ").filter(|(at, name)| at.parse::<usize>().is_ok() && name.contains("::test"));
    if let Some(tests) = line.strip_prefix("OK (") {
        tally.pass(number(tests).unwrap_or_default());
    } else if line.starts_with("Tests: ") {
        let counted =
            |what: &str| line.split(", ").find_map(|part| part.strip_prefix(what).and_then(number)).unwrap_or_default();
        let skipped = counted("Skipped: ");
        (0..skipped).for_each(|_| tally.skip("php: a test that needs a package".to_owned()));
        tally.pass(counted("Tests: ").saturating_sub(skipped + counted("Errors: ") + counted("Failures: ")));
    } else if let Some((_, name)) = named {
        tally.one(&format!("php: {name}"), false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_phpunit_prints_is_counted_and_named() {
        let mut tally = Tally::default();
        count("OK (12 tests, 30 assertions)", &mut tally);
        count("1) Nnopen\\Tests\\JourneyTest::testALostAnswer with data set \"curl\"", &mut tally);
        count("Tests: 10, Assertions: 21, Errors: 1, Failures: 2, Skipped: 3.", &mut tally);
        assert_eq!((tally.passed, tally.failures(), tally.skipped.len()), (16, 1, 3));
    }
}
