//! Serves the simulator until it is ended: `serve [--port N] [--tls] [--cert-out FILE] [--strict]`.
//!
//! The first line on standard output is the address.

use nnopen_simulator::{Options, Simulator};
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("serve: {error}");
            ExitCode::from(3)
        }
    }
}

fn run() -> io::Result<()> {
    let wrong = |what: String| io::Error::new(io::ErrorKind::InvalidInput, what);
    let mut options = Options::default();
    let mut cert_out = None;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| wrong(format!("{arg} needs a value")));
        match arg.as_str() {
            "--port" => options.port = value()?.parse().map_err(|_| wrong("--port needs a number".to_owned()))?,
            "--cert-out" => cert_out = Some(value()?),
            "--tls" => options.tls = true,
            "--strict" => options.strict = true,
            _ => return Err(wrong(format!("unknown argument {arg}"))),
        }
    }
    let simulator = Simulator::start(options)?;
    if let Some(path) = cert_out {
        let pem = simulator.certificate_pem().ok_or_else(|| wrong("--cert-out needs --tls".to_owned()))?;
        std::fs::write(path, pem)?;
    }
    println!("{}", simulator.url());
    io::stdout().flush()?;
    loop {
        std::thread::park();
    }
}
