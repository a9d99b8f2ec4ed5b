//! `nnopen simulate`: the platform on this machine, until the program is ended.

use nnopen_simulator::{Account, Options, Simulator};

use crate::finish;
use crate::trouble::Trouble;
use crate::words::{note, out, say};

/// Runs the simulator. The first line on stdout is its address alone.
pub(crate) fn run(options: Options, cert_out: Option<&str>, accounts: &[String], json: bool) -> u8 {
    match start(options, cert_out, accounts) {
        Ok(simulator) => {
            out(simulator.url());
            hints(simulator.url(), cert_out);
            loop {
                std::thread::park();
            }
        }
        Err(trouble) => finish(Err(trouble), json),
    }
}

fn start(mut options: Options, cert_out: Option<&str>, accounts: &[String]) -> Result<Simulator, Trouble> {
    for text in accounts {
        options.accounts.push(account(text)?);
    }
    let port = options.port;
    let simulator = Simulator::start(options).map_err(|error| {
        let what = format!("127.0.0.1:{port}: {error}");
        Trouble::input(what, "换一个端口，或用 --port 0 任选", "Try another port, or --port 0 for any")
    })?;
    if let (Some(path), Some(pem)) = (cert_out, simulator.certificate_pem()) {
        std::fs::write(path, pem).map_err(|error| Trouble::file(path.as_ref(), &error))?;
    }
    Ok(simulator)
}

/// An account told as `KEY:SECRET:TAXNUM`, of a service provider with `:REDIRECT_URI`.
fn account(text: &str) -> Result<Account, Trouble> {
    let parts: Vec<&str> = text.splitn(4, ':').collect();
    match parts[..] {
        [key, secret, tax_num] if parts.iter().all(|part| !part.is_empty()) => {
            Ok(Account::self_use(key, secret, tax_num))
        }
        [key, secret, tax_num, redirect] if parts.iter().all(|part| !part.is_empty()) => {
            Ok(Account::service_provider(key, secret, redirect, &[tax_num]))
        }
        _ => Err(Trouble::input(
            format!("--account: {}", say("写法不对", "it is not written so")),
            "写成 KEY:SECRET:税号，第三方应用再加 :回调地址",
            "Write KEY:SECRET:TAXNUM, and :REDIRECT_URI for a service provider",
        )),
    }
}

fn hints(url: &str, cert_out: Option<&str>) {
    note(say("模拟器已启动，Ctrl-C 结束。另开一个终端：", "The simulator runs; Ctrl-C ends it. In another terminal:"));
    note("  export NNOPEN_APP_KEY=SD00000001 NNOPEN_APP_SECRET=SD00000000000001 NNOPEN_TAX_NUM=339901999999142");
    note(&format!("  export NNOPEN_URL={url}/open/v1/services"));
    if let Some(path) = cert_out {
        note(&format!("  export NNOPEN_CA_FILE={path}"));
    }
    note("  nnopen issue examples/order.json");
}
