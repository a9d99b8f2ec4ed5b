//! The benchmark of PHP: the extension and the C library as they are published, one after the other.

use std::path::Path;
use std::process::Command;

use super::test::{FOLDER, install, there};
use crate::bench::programs::Missing;
use crate::package::Failure;

pub(crate) fn prepare(root: &Path) -> Result<Vec<Command>, Missing> {
    if !there() {
        install();
    }
    if !there() {
        return Err(Missing::Tool("needs PHP 8.1 with curl, php-config and libclang".to_owned()));
    }
    let [extension, ffi] = super::package::natives(root).map_err(|failure| match failure {
        Failure::Skipped(why) => Missing::Tool(why),
        Failure::Failed(why) => Missing::Broken(why),
    })?;
    let program = |option: &str| {
        let mut php = Command::new("php");
        php.args(["-d", option, "bench/bench.php"]).current_dir(root.join(FOLDER)).env("NNOPEN_LIBRARY", &ffi);
        php
    };
    Ok(vec![program(&format!("extension={}", extension.display())), program("ffi.enable=1")])
}
