//! `nnopen issue`: one invoice, from the file to its number, safe to run again.

use nnopen::{ErrorKind, Json, Method};

use crate::ask::success;
use crate::drive::{Driver, Event, now, purpose};
use crate::files::read_params;
use crate::journal::{Before, Entry, Journal};
use crate::settings::Settings;
use crate::show::{invoice_json, invoice_lines, invoice_rows};
use crate::trouble::{Trouble, tell_violations};
use crate::words::{note, out, say};

/// The method that issues.
pub(crate) const ISSUE: &str = "nuonuo.OpeMplatform.requestBillingNew";

/// Issues the invoice of `file` and follows it to its end.
pub(crate) fn run(file: &str, json: bool) -> u8 {
    let mut order_no = None;
    let result = issue(file, &mut order_no);
    let trouble = result.as_ref().err();
    let rows = match &result {
        Ok(rows) => rows,
        Err(trouble) => &trouble.result,
    };
    if json {
        out(&report(trouble, order_no.as_deref(), rows).to_string());
    } else if trouble.is_none() {
        out(say("✓ 开票完成", "✓ Issued"));
        for row in invoice_rows(rows) {
            invoice_lines(row).iter().for_each(|line| out(&format!("  {line}")));
        }
    }
    match trouble {
        Some(trouble) => {
            trouble.tell();
            trouble.exit()
        }
        None => 0,
    }
}

/// As every command tells it, with `"orderNo"` and `"invoices":[{"serialNo","status","number","failCause"}…]` for the result.
pub(crate) fn report(trouble: Option<&Trouble>, order_no: Option<&str>, rows: &Json) -> Json {
    let mut json = trouble.map_or_else(|| success(Json::Null), Trouble::json);
    if let Json::Object(members) = &mut json {
        members.pop();
        let invoices = invoice_rows(rows).into_iter().map(invoice_json).collect();
        members.push(("orderNo".to_owned(), order_no.into()));
        members.push(("invoices".to_owned(), Json::List(invoices)));
    }
    json
}

fn issue(file: &str, order_no: &mut Option<String>) -> Result<Json, Trouble> {
    let params = read_params(file)?;
    let method = Method::find(ISSUE).ok_or_else(|| Trouble::usage(format!("{ISSUE} is not known")))?;
    let order = params.get("order").cloned().unwrap_or_default();
    *order_no = order.get("orderNo").and_then(Json::token).map(str::to_owned);
    let body = method.body(&params)?;
    tell_violations(&method.check(&params));

    let settings = Settings::load()?;
    let config = settings.config()?;
    let driver = Driver::new(&settings)?;
    let journal = Journal::open(&settings.state_dir()?, config.environment.service_url())?;
    let seller = order.get("salerTaxNum").and_then(Json::token).unwrap_or(&config.tax_num);
    let (entry, before) = journal.enter(seller, order_no.as_deref().unwrap_or_default(), &body, now())?;
    let mut call = match before {
        Before::New => driver.session.settle_json(ISSUE, &params)?,
        Before::Sent => {
            note(say("… 这个订单号提交过，先查询结果", "… this order number was sent before: asking first"));
            driver.session.settle_again_json(ISSUE, &params)?
        }
    };
    let mut handed_out = before == Before::Sent;
    let watched = crate::words::watched();
    let result = driver.watch(&mut call, &mut |event| {
        if let Event::Sending(request) = &event {
            handed_out |= purpose(request) == ISSUE;
        }
        if watched {
            crate::drive::progress(&event);
        }
    });
    keep(entry, &result, handed_out, method)?;
    result
}

/// Notes the outcome, so that a later run knows what this one knew.
fn keep(entry: Entry, result: &Result<Json, Trouble>, handed_out: bool, method: &Method) -> Result<(), Trouble> {
    let trouble = match result {
        Ok(_) => return entry.ended("done"),
        Err(trouble) => trouble,
    };
    let present = |code: &str| method.settle.is_some_and(|rule| rule.present.iter().any(|known| known == code));
    match trouble.kind {
        _ if !handed_out => entry.free(),
        // Of a write, these come only where nothing was done.
        ErrorKind::Transport | ErrorKind::Auth => entry.free(),
        ErrorKind::Platform if trouble.order_free => entry.free(),
        ErrorKind::Platform if trouble.refused || trouble.code.as_deref().is_some_and(present) => entry.open(),
        ErrorKind::Input | ErrorKind::Usage | ErrorKind::Platform | ErrorKind::Reply | ErrorKind::Uncertain => {
            entry.ended(trouble.kind.name())
        }
    }
}
