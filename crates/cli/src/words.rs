//! The language people are spoken to in, and the two streams.

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;

use nnopen::Words;

/// Chinese or English.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Lang {
    Zh,
    En,
}

/// The language in use: `NNOPEN_LANG`, else the one of `LC_ALL`, `LC_MESSAGES` or `LANG`, else Chinese.
pub(crate) fn lang() -> Lang {
    static LANG: OnceLock<Lang> = OnceLock::new();
    *LANG.get_or_init(|| {
        let named = ["NNOPEN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|value| !value.is_empty());
        match named {
            Some(value) if value.to_ascii_lowercase().starts_with("en") => Lang::En,
            _ => Lang::Zh,
        }
    })
}

/// The text in the language in use.
pub(crate) fn say<'a>(zh: &'a str, en: &'a str) -> &'a str {
    match lang() {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// The words in the language in use.
pub(crate) fn speak(words: impl Into<Words>) -> &'static str {
    let words = words.into();
    say(words.zh, words.en)
}

/// Writes a line where results go. A reader that went away (`| head`) ends the program quietly.
pub(crate) fn out(line: &str) {
    let mut stdout = io::stdout().lock();
    if writeln!(stdout, "{line}").and_then(|()| stdout.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Writes a line where remarks go.
pub(crate) fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Whether someone watches.
pub(crate) fn watched() -> bool {
    io::stderr().is_terminal()
}
