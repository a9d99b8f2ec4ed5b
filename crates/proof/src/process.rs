//! Processes of this program, and what they say.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde_json::Value;

/// A process of this program. It is killed when this is dropped.
pub(crate) struct Process {
    child: Child,
    input: Option<ChildStdin>,
}

/// What process `from` said; `None` when its output has ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) from: usize,
    pub(crate) line: Option<String>,
}

impl Process {
    /// Starts this program with these arguments; its lines go to `said`.
    pub(crate) fn start(args: &[String], from: usize, said: &Sender<Said>) -> io::Result<Self> {
        let mut child =
            Command::new(std::env::current_exe()?).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (output, said) = (child.stdout.take(), said.clone());
        std::thread::spawn(move || {
            for line in output.into_iter().flat_map(|output| BufReader::new(output).lines()) {
                let Ok(line) = line else { break };
                if said.send(Said { from, line: Some(line) }).is_err() {
                    return;
                }
            }
            let _ = said.send(Said { from, line: None });
        });
        let input = child.stdin.take();
        Ok(Self { child, input })
    }

    /// Writes a line to its input.
    pub(crate) fn tell(&mut self, line: &str) -> io::Result<()> {
        let input = self.input.as_mut().ok_or_else(|| io::Error::other("its input is closed"))?;
        writeln!(input, "{line}")?;
        input.flush()
    }

    /// SIGKILL: nothing is told, nothing is cleaned up.
    pub(crate) fn kill(&mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(|_| ())
    }

    /// How it has ended, once its output has.
    pub(crate) fn ended_well(&mut self) -> bool {
        self.child.wait().is_ok_and(|status| status.success())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// The simulator in its own process.
pub(crate) struct Platform {
    process: Process,
    answers: Receiver<Said>,
    pub(crate) url: String,
}

impl Platform {
    pub(crate) fn start(args: &[String]) -> io::Result<Self> {
        let (said, answers) = channel();
        let process = Process::start(args, 0, &said)?;
        let mut platform = Self { process, answers, url: String::new() };
        platform.url = platform.answer()?.as_str().unwrap_or_default().to_owned();
        Ok(platform)
    }

    pub(crate) fn ask(&mut self, what: &str) -> io::Result<Value> {
        self.process.tell(what)?;
        self.answer()
    }

    fn answer(&self) -> io::Result<Value> {
        let said = self.answers.recv_timeout(Duration::from_secs(20)).map_err(io::Error::other)?;
        let line = said.line.ok_or_else(|| io::Error::other("the simulator has ended"))?;
        Ok(serde_json::from_str(&line)?)
    }
}
