//! A local simulator of the Nuonuo open platform (诺诺开放平台).
//!
//! The platform's own sandbox is for those who have an account. This one listens on 127.0.0.1 and behaves like it: tokens, signed calls, the
//! gateway's checks and codes, orders that take their time, and trouble on request. It shares no code with the core
//! crate: the signature, the arithmetic and the checks are its own, so that it can prove the core right or wrong.
//!
//! ```
//! use nnopen_simulator::{Fault, Options, Simulator};
//!
//! let simulator = Simulator::start(Options::default())?;
//! println!("{}", simulator.url());                    // http://127.0.0.1:PORT
//! simulator.clock().set(1_700_000_000_000);           // stands still from now on
//! simulator.faults().push_for("nuonuo.OpeMplatform.requestBillingNew", Fault::LostAfter);
//! // … let a client loose on it …
//! assert!(simulator.requests().is_empty());
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Everything stops when the [`Simulator`] is dropped. What it assumes where the platform's behaviour is not known is
//! written down in `docs/simulator.md`.
#![forbid(unsafe_code)]

mod admin;
mod check;
mod clock;
mod decimal;
mod document;
mod faults;
mod gateway;
mod http;
mod invoice;
mod life;
mod limits;
mod lines;
mod ofd;
mod options;
mod orders;
mod pdf;
mod push;
mod record;
mod red;
mod route;
mod server;
mod service;
mod sign;
mod split;
mod table;
mod tls;
mod token;

pub use clock::Clock;
pub use faults::{Fault, FaultRule, Faults};
pub use life::FormEnd;
pub use options::{Account, ExpiresIn, Life, Options, Role};
pub use orders::Outcome;
pub use push::{PushForm, PushStyle, PushTry, SentPush};
pub use record::Recorded;

use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt;
use std::io;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A running simulator; it stops when dropped.
pub struct Simulator {
    shared: Arc<Shared>,
    pem: Option<String>,
    _server: server::Server,
}

impl Simulator {
    /// Starts listening on 127.0.0.1 and comes back at once; threads do the work.
    ///
    /// Fails if the port is taken, or if two accounts have the same appKey.
    pub fn start(options: Options) -> io::Result<Simulator> {
        let invalid = |what: &str| io::Error::new(io::ErrorKind::InvalidInput, what.to_owned());
        let table = table::Table::built_in().map_err(|what| io::Error::new(io::ErrorKind::InvalidData, what))?;
        for (at, account) in options.accounts.iter().enumerate() {
            if options.accounts[..at].iter().any(|other| other.app_key == account.app_key) {
                return Err(invalid(&format!("appKey {} is given twice", account.app_key)));
            }
            let limit = account.invoice_limit.as_deref().map(decimal::Decimal::parse);
            if limit.is_some_and(|limit| limit.is_none_or(|limit| limit.is_negative() || limit.is_zero())) {
                return Err(invalid("invoice_limit must be a positive decimal"));
            }
        }
        for url in options.accounts.iter().filter_map(|account| account.callback_url.as_deref()) {
            if push::Address::parse(url).is_none() {
                return Err(invalid("callback_url must be http on 127.0.0.1, localhost or [::1]"));
            }
        }
        let credit = |account: &Account| decimal::Decimal::parse(&account.credit);
        if options.accounts.iter().any(|account| credit(account).is_none_or(decimal::Decimal::is_negative)) {
            return Err(invalid("credit must be a decimal, not below zero"));
        }
        let (listener, address) = server::bind(options.port)?;
        let (tls, pem) = if options.tls { Some(tls::make()?).unzip() } else { (None, None) };
        let scheme = if tls.is_some() { "https" } else { "http" };
        let clock = Clock::new(options.start_at);
        let state = State {
            orders: orders::Orders::new(options.accept_repeats),
            outbox: push::Outbox::new(options.pushes),
            companies: life::company::Companies::new(&options.accounts, clock.now()),
            ..State::default()
        };
        let shared = Arc::new(Shared {
            url: format!("{scheme}://{address}"),
            table,
            clock,
            faults: Faults::default(),
            record: record::Record::new(options.keep_requests),
            state: Mutex::new(state),
            stop: Arc::default(),
            options,
        });
        let server = server::Server::start(Arc::clone(&shared), listener, address, tls)?;
        push::start(Arc::clone(&shared))?;
        Ok(Simulator { shared, pem, _server: server })
    }

    /// `http://127.0.0.1:PORT`, or `https://…` with TLS; no slash at the end.
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// The address of service calls.
    pub fn service_url(&self) -> String {
        format!("{}{}", self.shared.url, gateway::PATH)
    }

    /// The address of the token endpoint.
    pub fn token_url(&self) -> String {
        format!("{}/accessToken", self.shared.url)
    }

    /// What a client must trust, as PEM: the authority, then the server's certificate. `None` without TLS.
    pub fn certificate_pem(&self) -> Option<&str> {
        self.pem.as_deref()
    }

    /// The clock that everything goes by.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// The trouble that the next calls meet.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// What was received, oldest first; requests to `/_simulator/` are left out.
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.record.all()
    }

    /// Forgets what was received.
    pub fn clear_requests(&self) {
        self.shared.record.clear();
    }

    /// What was pushed, or is about to be, oldest first.
    pub fn pushes(&self) -> Vec<SentPush> {
        self.shared.state().outbox.all()
    }

    /// Forgets every push, those still to be tried again included.
    pub fn clear_pushes(&self) {
        self.shared.state().outbox.clear();
    }

    /// How pushes are sent from now on.
    pub fn push_style(&self, style: PushStyle) {
        self.shared.state().outbox.style = style;
    }

    /// Decides how the order of that number ends, before or after it is sent; a retry goes its own way.
    pub fn plan(&self, order_no: &str, outcome: Outcome) {
        let state = &mut *self.shared.state();
        state.orders.plan(order_no, outcome);
        state.outbox.again(order_no);
    }

    /// Decides how the red form of that application number (billId, billNo) ends, before or after it is applied for.
    pub fn plan_form(&self, number: &str, end: FormEnd) {
        self.shared.state().form_plans.insert(number.to_owned(), end);
    }

    /// All accepted orders, oldest first.
    pub fn orders(&self) -> Vec<OrderState> {
        self.shared.order_states()
    }

    /// Ends every token that was granted, as another system does that fetches one.
    pub fn void_tokens(&self) {
        self.shared.state().tokens.void();
    }

    /// How many invoices exist or are being made for an order number, failed ones left out.
    pub fn invoice_count(&self, order_no: &str) -> usize {
        let orders = self.orders();
        let invoices = orders.iter().filter(|order| order.order_no == order_no).flat_map(|order| &order.invoices);
        invoices.filter(|invoice| invoice.status != Some("22")).count()
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").field("url", &self.url()).finish_non_exhaustive()
    }
}

/// An accepted order as it stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OrderState {
    /// The seller's tax number.
    pub seller: String,
    /// The order number.
    pub order_no: String,
    /// Its invoices; more than one if it was split.
    pub invoices: Vec<InvoiceState>,
}

/// One invoice of an order as it stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InvoiceState {
    /// The platform's serial number, 20 digits.
    pub serial_no: String,
    /// `20`, `21`, `2`, `22`, `24`, `3`, `31`; `None` while queries do not see it yet.
    pub status: Option<&'static str>,
    /// Amount with tax, two decimals.
    pub total: String,
}

impl OrderState {
    pub(crate) fn json(&self) -> Value {
        let invoice = |invoice: &InvoiceState| json!({ "serialNo": invoice.serial_no, "status": invoice.status, "total": invoice.total });
        let invoices: Vec<Value> = self.invoices.iter().map(invoice).collect();
        json!({ "seller": self.seller, "orderNo": self.order_no, "invoices": invoices })
    }
}

/// What all connections share.
pub(crate) struct Shared {
    url: String,
    table: &'static table::Table,
    options: Options,
    clock: Clock,
    faults: Faults,
    record: record::Record,
    state: Mutex<State>,
    stop: Arc<AtomicBool>,
}

/// What requests change.
#[derive(Default)]
pub(crate) struct State {
    tokens: token::Tokens,
    orders: orders::Orders,
    outbox: push::Outbox,
    companies: life::company::Companies,
    red_infos: life::red_info::RedInfos,
    confirmations: Vec<life::red_confirm::Confirmation>,
    /// How red forms shall end, by their application numbers.
    form_plans: HashMap<String, FormEnd>,
    deliveries: life::delivery::Deliveries,
    scans: Vec<life::scan::ScanOrder>,
    titles: Vec<life::scan::Title>,
    work_orders: Vec<life::work_order::WorkOrder>,
    calls: limits::Calls,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn url(&self) -> &str {
        &self.url
    }

    fn order_states(&self) -> Vec<OrderState> {
        let (now, life) = (self.clock.now(), &self.options.life);
        let invoice = |part: &orders::Part| InvoiceState {
            serial_no: part.serial.clone(),
            status: part.status(now, life).map(orders::Status::code),
            total: invoice::money(lines::totals(&part.lines)[2]),
        };
        let order = |order: &orders::Order| OrderState {
            seller: order.seller.clone(),
            order_no: order.order_no.clone(),
            invoices: order.parts.iter().map(invoice).collect(),
        };
        self.state().orders.all().iter().map(order).collect()
    }
}
