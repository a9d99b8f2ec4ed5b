//! `nnopen simulate`: the platform on this machine, until the program is ended.

use nnopen_simulator::{Options, Simulator};

use crate::finish;
use crate::trouble::Trouble;
use crate::words::{note, out, say};

/// Runs the simulator. The first line on stdout is its address alone.
pub(crate) fn run(port: u16, tls: bool, cert_out: Option<&str>, strict: bool, json: bool) -> u8 {
    match start(port, tls, cert_out, strict) {
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

fn start(port: u16, tls: bool, cert_out: Option<&str>, strict: bool) -> Result<Simulator, Trouble> {
    let simulator = Simulator::start(Options { port, tls, strict, ..Options::default() }).map_err(|error| {
        let what = format!("127.0.0.1:{port}: {error}");
        Trouble::input(what, "换一个端口，或用 --port 0 任选", "Try another port, or --port 0 for any")
    })?;
    if let (Some(path), Some(pem)) = (cert_out, simulator.certificate_pem()) {
        std::fs::write(path, pem).map_err(|error| Trouble::file(path.as_ref(), &error))?;
    }
    Ok(simulator)
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
