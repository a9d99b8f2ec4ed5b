//! The benchmarks of Node: the package as it is published, native or as WebAssembly.

use std::path::Path;
use std::process::Command;

use super::test::{NEEDS, NODE, command, npm_ci, there};
use crate::bench::programs::{Missing, done};

pub(crate) fn prepare(root: &Path, wasm: bool) -> Result<Vec<Command>, Missing> {
    if !there() {
        return Err(Missing::Tool(NEEDS.to_owned()));
    }
    let folder = root.join(NODE);
    done(&mut npm_ci(&folder), "npm ci")?;
    let part = if wasm { "wasm" } else { "addon" };
    done(&mut command("node", &["scripts/build.mjs", part, "ts"], &folder), "it is not built")?;
    let mut program = command("node", &["bench/bench.mjs"], &folder);
    match wasm {
        true => program.env("NNOPEN_FORCE_WASM", "1"),
        false => program.env_remove("NNOPEN_FORCE_WASM"),
    };
    Ok(vec![program])
}
