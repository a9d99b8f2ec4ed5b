//! Reads what a command is given: a file, or `-` and nothing for the standard input.

use std::io::{self, IsTerminal, Read};
use std::path::Path;
use std::string::FromUtf8Error;

use nnopen::Json;

use crate::trouble::Trouble;
use crate::words::{Lang, lang, note, say};

/// The bytes of a file, or of the standard input.
pub(crate) fn read_bytes(file: &str) -> Result<Vec<u8>, Trouble> {
    if file != "-" {
        let path = Path::new(file);
        return std::fs::read(path).map_err(|error| Trouble::file(path, &error));
    }
    if io::stdin().is_terminal() {
        note(say("（从标准输入读取，按 Ctrl-D 结束）", "(reading the standard input; end with Ctrl-D)"));
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).map_err(|error| Trouble::file(Path::new("stdin"), &error))?;
    Ok(bytes)
}

/// The text of a file, or of the standard input, byte for byte.
pub(crate) fn read_text(file: &str) -> Result<String, Trouble> {
    String::from_utf8(read_bytes(file)?).map_err(|error| {
        let name = if file == "-" { "stdin" } else { file };
        Trouble::input(format!("{name}: {}", not_utf8(&error)), "另存为 UTF-8 编码", "Save it as UTF-8")
    })
}

/// Where a text leaves UTF-8.
pub(crate) fn not_utf8(error: &FromUtf8Error) -> String {
    let at = error.utf8_error().valid_up_to();
    match lang() {
        Lang::Zh => format!("不是合法的 UTF-8（第 {at} 字节处）"),
        Lang::En => format!("is no UTF-8 (at byte {at})"),
    }
}

/// The params in a file, or in the standard input.
pub(crate) fn read_params(file: &str) -> Result<Json, Trouble> {
    Ok(Json::parse_params(&read_text(file)?)?)
}
