//! The command line of nnopen: the core's loop over a real HTTP client.

#![forbid(unsafe_code)]

mod args;
mod ask;
mod authorize;
mod check;
mod demo;
mod download;
mod drive;
mod explain;
mod files;
mod http;
mod issue;
mod journal;
mod preview;
mod read;
mod settings;
mod shape;
mod show;
mod sign;
mod simulate;
mod token;
mod trouble;
mod words;

use nnopen_simulator::Options;
use std::process::ExitCode;

use clap::FromArgMatches;
use clap::error::ErrorKind;

use args::{Args, Task};
use trouble::Trouble;
use words::{note, out, say};

fn main() -> ExitCode {
    ExitCode::from(match parse() {
        Ok(args) => run(args),
        Err(status) => status,
    })
}

fn run(args: Args) -> u8 {
    let json = args.json;
    match args.command {
        Task::Demo => demo::run(json),
        Task::Issue { file } => issue::run(&file, json),
        Task::Query { numbers, serial, wait } => ask::query(&numbers, serial, wait, json),
        Task::Download { numbers, serial, from, dir, kind, list, http, limit } => {
            let wanted = download::Wanted { dir: dir.into(), kinds: kind, list, http, most: limit << 20 };
            download::run(&numbers, serial, from.as_deref(), &wanted, json)
        }
        Task::Call { method, file, raw } => ask::call(&method, &file, raw, json),
        Task::Token { fetch } => token::run(fetch, json),
        Task::AuthorizeUrl { redirect_uri, state } => authorize::url(&redirect_uri, state.as_deref(), json),
        Task::AuthorizeReturn { redirect_uri, state, without_state } => {
            authorize::redeem(&redirect_uri, &state, without_state, json)
        }
        Task::Sign { method, senid, nonce, timestamp } => sign::run(&method, [senid, nonce, timestamp], json),
        Task::Check { method } => check::run(&method, json),
        Task::Read { method, status } => read::run(&method, status, json),
        Task::Explain { code, text } => explain::code(&code, text, json),
        Task::ExplainBody { file, plain } => shape::run(&file, plain, json),
        Task::Methods { filter } => explain::methods(filter.as_deref(), json),
        Task::Preview { port, file } => preview::run(port, file.as_deref(), json),
        Task::Simulate { port, tls, cert_out, strict, account } => {
            let options = Options { port, tls, strict, ..Options::default() };
            simulate::run(options, cert_out.as_deref(), &account, json)
        }
    }
}

/// The arguments, or the status to exit with.
fn parse() -> Result<Args, u8> {
    let mut words: Vec<_> = std::env::args_os().collect();
    if words.get(1).is_some_and(|word| word == "help") {
        words.remove(1);
        words.push("--help".into());
    }
    let json = words.iter().any(|word| word == "--json");
    let parsed = args::command().try_get_matches_from(words).and_then(|matches| Args::from_arg_matches(&matches));
    parsed.map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            0
        }
        _ => {
            let _ = error.print();
            note(say("用 nnopen --help 查看用法", "nnopen --help tells how it is used"));
            let text = error.render().to_string();
            let what: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
            let trouble = Trouble::usage(what.join(" ").trim_start_matches("error: "));
            if json {
                out(&trouble.json().to_string());
            }
            trouble.exit()
        }
    })
}

/// Ends a command: what came of it goes to stdout as JSON or as lines, trouble to stderr in words.
fn finish(result: Result<Done, Trouble>, json: bool) -> u8 {
    match result {
        Ok(done) => {
            if json {
                out(&done.json.to_string());
            } else {
                done.lines.iter().for_each(|line| out(line));
            }
            done.exit
        }
        Err(trouble) => {
            if json {
                out(&trouble.json().to_string());
            }
            trouble.tell();
            if json { trouble.exit() } else { with_result(&trouble) }
        }
    }
}

/// What a refused call gave back is worth seeing.
fn with_result(trouble: &Trouble) -> u8 {
    if !trouble.result.is_null() {
        note(&format!("  {}", trouble.result));
    }
    trouble.exit()
}

/// What a command has to say when nothing went wrong.
struct Done {
    json: nnopen::Json,
    lines: Vec<String>,
    exit: u8,
}

impl Done {
    fn new(json: nnopen::Json, lines: Vec<String>) -> Self {
        Self { json, lines, exit: 0 }
    }
}
