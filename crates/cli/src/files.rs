//! Reads what a command is given: a file, or `-` and nothing for the standard input.

use std::io::{self, IsTerminal, Read};
use std::path::Path;

use nnopen::Json;

use crate::trouble::Trouble;
use crate::words::{note, say};

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
        let at = error.utf8_error().valid_up_to();
        let name = if file == "-" { "stdin" } else { file };
        Trouble::input(format!("{name}: no UTF-8 at byte {at}"), "请另存为 UTF-8 编码", "Save it as UTF-8")
    })
}

/// The params in a file, or in the standard input.
pub(crate) fn read_params(file: &str) -> Result<Json, Trouble> {
    Ok(Json::parse_params(&read_text(file)?)?)
}
