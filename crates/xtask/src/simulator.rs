//! The simulator as a process of its own, for what is tried out over real HTTP.

use std::io::{BufRead, BufReader, Result};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A simulator that ends with the value.
pub(crate) struct Simulator {
    child: Child,
    /// Its address: the first line that it prints.
    pub(crate) url: String,
}

impl Simulator {
    /// Starts `nnopen simulate` at a free port.
    pub(crate) fn start(program: &Path) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["simulate", "--port", "0"]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut simulator = Self { child: command.spawn()?, url: String::new() };
        if let Some(out) = simulator.child.stdout.take() {
            BufReader::new(out).read_line(&mut simulator.url)?;
        }
        simulator.url.truncate(simulator.url.trim_end().len());
        Ok(simulator)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
