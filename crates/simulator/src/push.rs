//! Pushes (回传): what the platform tells a caller unasked, and how often it tries.

mod address;
mod content;
mod send;
mod style;

pub(crate) use address::Address;
pub use style::{PushForm, PushStyle};

use crate::Shared;
use crate::http::Response;
use crate::options::{Account, Life};
use crate::orders::{Orders, Part, Status};
use crate::table::text_of;
use serde_json::{Map, Value, json};
use std::collections::{HashSet, VecDeque};
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

/// One push: what is sent, and what came back.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SentPush {
    /// When it came up, by the simulator's clock.
    pub at: i64,
    /// `callback`, `invoiceInvalid`, `redConfirmCallback`, `invoiceRedCallback` or `invoiceApply`.
    pub operater: &'static str,
    /// The order number; empty for red forms.
    pub order_no: String,
    /// The serial number of the invoice; empty for red forms.
    pub serial_no: String,
    /// The application number of a red form; empty for invoices.
    pub bill_no: String,
    /// Where it goes.
    pub url: String,
    /// The `Content-Type`.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
    /// The tries so far.
    pub tries: Vec<PushTry>,
    /// The receiver has answered `{"status":"0000"}`.
    pub acknowledged: bool,
    /// When it is tried next; `None` when that was all.
    pub next_at: Option<i64>,
}

/// One try to hand a push over.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PushTry {
    /// When, by the simulator's clock.
    pub at: i64,
    /// The status that the receiver answered.
    pub status: Option<u16>,
    /// Its answer as text.
    pub answer: String,
    /// Why there is no answer.
    pub error: Option<String>,
}

/// Where the pushes of an order go, and which the company wants.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) address: Address,
    pub(crate) failures: bool,
    pub(crate) voids: bool,
    pub(crate) details: bool,
}

impl Target {
    /// The order's own address, else the company's. `Err` says why nothing will be pushed, `Ok(None)` that nobody asked.
    pub(crate) fn of(account: &Account, order: &Map<String, Value>, own: &str) -> Result<Option<Target>, &'static str> {
        let url = text_of(order, "callBackUrl").filter(|url| !url.is_empty()).or_else(|| account.callback_url.clone());
        Target::at(account, url, own)
    }

    /// The address given with a red form, which has no other.
    pub(crate) fn given(account: &Account, url: String, own: &str) -> Result<Option<Target>, &'static str> {
        Target::at(account, Some(url).filter(|url| !url.is_empty()), own)
    }

    fn at(account: &Account, url: Option<String>, own: &str) -> Result<Option<Target>, &'static str> {
        let Some(url) = url else { return Ok(None) };
        let address = Address::parse(&url).ok_or(NOT_LOCAL)?;
        if own.rsplit(':').next() == Some(&address.port.to_string()) {
            return Err(OWN);
        }
        let &Account { push_failures: failures, push_voids: voids, push_details: details, .. } = account;
        Ok(Some(Target { address, failures, voids, details }))
    }
}

const NOT_LOCAL: &str =
    "callBackUrl is not http on this machine (127.0.0.1, localhost, [::1]): the simulator will not push to it";
const OWN: &str = "callBackUrl is the simulator itself: it will not push to it";

/// Something to push.
#[derive(Debug, Default)]
pub(crate) struct News {
    pub(crate) operater: &'static str,
    pub(crate) order_no: String,
    pub(crate) serial_no: String,
    pub(crate) bill_no: String,
    /// The members; the content is an object.
    pub(crate) members: Vec<(&'static str, Value)>,
}

/// The pushes of all orders.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    pub(crate) style: PushStyle,
    /// Orders whose ends somebody wants to hear of.
    watched: Vec<Watched>,
    /// Those that have come to an end for good, unless a plan changes it.
    settled: Vec<Watched>,
    /// What was told already: serial, beginning of the try, kind.
    told: HashSet<(String, i64, &'static str)>,
    list: VecDeque<(u64, Job)>,
    count: u64,
}

#[derive(Debug)]
struct Watched {
    seller: String,
    order_no: String,
    target: Target,
}

#[derive(Clone, Debug)]
struct Job {
    push: SentPush,
    address: Address,
}

impl Outbox {
    pub(crate) fn new(style: PushStyle) -> Outbox {
        Outbox { style, ..Outbox::default() }
    }

    /// From now on the ends of this order are pushed.
    pub(crate) fn watch(&mut self, seller: &str, order_no: String, target: Target) {
        self.watched.push(Watched { seller: seller.to_owned(), order_no, target });
    }

    /// An order has another number now.
    pub(crate) fn renamed(&mut self, seller: &str, old: &str, new: &str) {
        for watched in self.watched.iter_mut().chain(&mut self.settled) {
            if watched.seller == seller && watched.order_no == old {
                new.clone_into(&mut watched.order_no);
            }
        }
    }

    /// The orders of this number may come to another end.
    pub(crate) fn again(&mut self, order_no: &str) {
        self.watched.extend(self.settled.extract_if(.., |watched| watched.order_no == order_no));
    }

    pub(crate) fn all(&self) -> Vec<SentPush> {
        self.list.iter().map(|(_, job)| job.push.clone()).collect()
    }

    /// Forgets every push, those still to be tried again included.
    pub(crate) fn clear(&mut self) {
        self.list.clear();
    }

    /// Looks for ends that were not told yet.
    fn look(&mut self, shared: &Shared, orders: &Orders) {
        let (now, life) = (shared.clock.now(), &shared.options.life);
        for watched in std::mem::take(&mut self.watched) {
            let Some(order) = orders.by_number(&watched.seller, &watched.order_no) else { continue };
            let mut settled = true;
            for part in &order.parts {
                let status = part.status(now, life);
                for (end, since) in ends(part, status, &watched.target, self.style, (now, life)) {
                    if self.told.insert((part.serial.clone(), since, end.operater())) {
                        let extent = content::Extent {
                            failures: watched.target.failures || self.style.failures,
                            details: watched.target.details || self.style.details,
                        };
                        let news = News {
                            operater: end.operater(),
                            order_no: order.order_no.clone(),
                            serial_no: part.serial.clone(),
                            bill_no: String::new(),
                            members: content::members(shared, order, part, extent, end, now),
                        };
                        self.tell(shared, &watched.target, news);
                    }
                }
                settled &= matches!(status, Some(Status::Done | Status::Voided));
            }
            if settled { &mut self.settled } else { &mut self.watched }.push(watched);
        }
    }

    /// Pushes this, now.
    pub(crate) fn tell(&mut self, shared: &Shared, target: &Target, news: News) {
        let now = shared.clock.now();
        let as_form = shared.table.push.as_form(news.operater);
        let (content_type, body) = content::written(news.members, self.style, as_form);
        let push = SentPush {
            at: now,
            operater: news.operater,
            order_no: news.order_no,
            serial_no: news.serial_no,
            bill_no: news.bill_no,
            url: target.address.url.clone(),
            content_type,
            body,
            tries: Vec::new(),
            acknowledged: false,
            next_at: Some(now),
        };
        for _ in 0..self.style.copies {
            self.count += 1;
            self.list.push_back((self.count, Job { push: push.clone(), address: target.address.clone() }));
        }
        let keep = shared.options.keep_requests;
        while self.list.len() > keep && self.list.front().is_some_and(|(_, job)| job.push.next_at.is_none()) {
            self.list.pop_front();
        }
    }

    /// What is to be sent now, in the order of sending.
    fn due(&self, now: i64) -> Vec<(u64, Job)> {
        let due = self.list.iter().filter(|(_, job)| job.push.next_at.is_some_and(|at| at <= now));
        let mut due: Vec<_> = due.cloned().collect();
        if self.style.disorder {
            due.reverse();
        }
        due
    }

    fn tried(&mut self, id: u64, tried: PushTry, acknowledged: bool, (retries, retry_after): (usize, i64)) {
        let Some((_, job)) = self.list.iter_mut().find(|(at, _)| *at == id) else { return };
        let retry_after = self.style.retry_after.unwrap_or(retry_after);
        let again = !acknowledged && job.push.tries.len() < retries;
        job.push.next_at = again.then(|| tried.at.saturating_add(retry_after));
        job.push.acknowledged |= acknowledged;
        job.push.tries.push(tried);
    }
}

/// An end that is worth a push.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum End {
    Issued,
    Failed,
    SealFailed,
    Voided,
    VoidFailed,
}

impl End {
    fn operater(self) -> &'static str {
        match self {
            End::Issued | End::Failed | End::SealFailed => "callback",
            End::Voided | End::VoidFailed => "invoiceInvalid",
        }
    }
}

/// What the company wants to hear about an invoice that is where it is, and the beginning of what came to that end.
fn ends(
    part: &Part,
    status: Option<Status>,
    target: &Target,
    style: PushStyle,
    (now, life): (i64, &Life),
) -> Vec<(End, i64)> {
    let (failures, voids) = (target.failures || style.failures, target.voids || style.voids);
    let mut ends = match status {
        Some(Status::Done | Status::Voiding | Status::Voided) => vec![(End::Issued, part.started())],
        Some(Status::Failed) if failures => vec![(End::Failed, part.started())],
        Some(Status::SealFailed) if failures => vec![(End::SealFailed, part.started())],
        _ => Vec::new(),
    };
    if status == Some(Status::Voided) && voids {
        ends.push((End::Voided, part.void.as_ref().map_or(part.started(), |void| void.at)));
    }
    if let Some(void) = part.failed_void(now, life).filter(|_| voids) {
        ends.push((End::VoidFailed, void.at));
    }
    ends
}

/// Sends pushes until the simulator stops.
pub(crate) fn start(shared: Arc<Shared>) -> io::Result<()> {
    let run = move || {
        while !shared.stop.load(Ordering::SeqCst) {
            round(&shared);
            thread::sleep(Duration::from_millis(10));
        }
    };
    thread::Builder::new().name("nnopen-simulator-push".to_owned()).spawn(run).map(drop)
}

fn round(shared: &Shared) {
    let now = shared.clock.now();
    let due = {
        let mut state = shared.state();
        crate::life::advance(shared, &mut state);
        let crate::State { orders, outbox, .. } = &mut *state;
        outbox.look(shared, orders);
        outbox.due(now)
    };
    for (id, Job { push, address }) in due {
        if shared.stop.load(Ordering::SeqCst) {
            return;
        }
        let at = shared.clock.now();
        let (tried, acknowledged) = match send::post(&address, push.content_type, &push.body, &shared.stop) {
            Ok((status, answer)) => {
                let acknowledged = (200..300).contains(&status) && shared.table.push.accepts(&answer);
                (PushTry { at, status: Some(status), answer, error: None }, acknowledged)
            }
            Err(error) => (PushTry { at, status: None, answer: String::new(), error: Some(error) }, false),
        };
        let rules = (shared.table.push.retries, shared.table.push.retry_after);
        shared.state().outbox.tried(id, tried, acknowledged, rules);
    }
}

/// Adds to an answer why nothing will be pushed.
pub(crate) fn noted(response: Response, why: Option<&str>) -> Response {
    Response { note: why.map(str::to_owned).or(response.note), ..response }
}

impl SentPush {
    pub(crate) fn json(&self) -> Value {
        let tried = |tried: &PushTry| json!({ "at": tried.at, "status": tried.status, "answer": tried.answer, "error": tried.error });
        json!({
            "at": self.at, "operater": self.operater, "orderNo": self.order_no, "serialNo": self.serial_no,
            "billNo": self.bill_no, "url": self.url,
            "contentType": self.content_type, "body": self.body, "tries": self.tries.iter().map(tried).collect::<Vec<_>>(),
            "acknowledged": self.acknowledged, "nextAt": self.next_at,
        })
    }
}
