//! Orders and their life: accepted, issuing, sealing, done, or one of the bad ends.

use crate::check::Refusal;
use crate::clock::{Beijing, Clock};
use crate::decimal::Decimal;
use crate::lines::{self, Line};
use crate::options::{Account, Life};
use crate::red;
use crate::split;
use crate::table::{Table, text_of};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// How an order ends.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// 20, 21, 2.
    Issue,
    /// 20, then 22 with this reason. A retry issues it.
    Fail(String),
    /// 20, 21, then 24. A retry seals it.
    SealFailed,
    /// Ends as 3.
    Voided,
    /// Ends as 31.
    Voiding,
    /// Stays 20.
    Stuck,
    /// Stays 20 for [`Life::slow`], then goes on.
    Slow,
    /// Cut into so many invoices (2 to 10; more is E9154).
    Split(usize),
}

impl Outcome {
    /// What the end of an order number asks for: `-FAIL`, `-SEAL`, `-VOID`, `-VOIDING`, `-STUCK`, `-SLOW`, `-SPLIT3`.
    pub fn of_order_no(order_no: &str) -> Outcome {
        let end = order_no.rsplit('-').next().filter(|end| end.len() < order_no.len()).unwrap_or_default();
        match end {
            "FAIL" => Outcome::Fail("模拟器：订单号以 -FAIL 结尾，按要求开票失败".to_owned()),
            "SEAL" => Outcome::SealFailed,
            "VOID" => Outcome::Voided,
            "VOIDING" => Outcome::Voiding,
            "STUCK" => Outcome::Stuck,
            "SLOW" => Outcome::Slow,
            _ => match end.strip_prefix("SPLIT").and_then(|count| count.parse().ok()) {
                Some(count) if count > 1 => Outcome::Split(count),
                _ => Outcome::Issue,
            },
        }
    }
}

/// All orders of all sellers.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    list: Vec<Order>,
    by_number: HashMap<(String, String), usize>,
    by_serial: HashMap<String, (usize, usize)>,
    plans: HashMap<String, Outcome>,
    /// Retries of a serial on one Beijing day.
    retries: HashMap<String, (i64, u32)>,
    made: u64,
    accept_repeats: bool,
}

/// One accepted order.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) seller: String,
    pub(crate) order_no: String,
    /// The `order` object as it was sent.
    pub(crate) sent: Map<String, Value>,
    pub(crate) created: i64,
    pub(crate) parts: Vec<Part>,
}

/// One invoice of an order.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) serial: String,
    /// Counts all invoices; the numbers on the invoice are made from it.
    pub(crate) count: u64,
    pub(crate) lines: Vec<Line>,
    /// When a former try got its numbers.
    issued: Option<i64>,
    start: i64,
    try_kind: Try,
    outcome: Outcome,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Try {
    First,
    Again,
    SealOnly,
}

/// Where an invoice is in its life.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Status {
    Issuing,
    Sealing,
    Done,
    Failed,
    SealFailed,
    Voided,
    Voiding,
}

impl Status {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Status::Issuing => "20",
            Status::Sealing => "21",
            Status::Done => "2",
            Status::Failed => "22",
            Status::SealFailed => "24",
            Status::Voided => "3",
            Status::Voiding => "31",
        }
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Status::Issuing => "开票中",
            Status::Sealing => "开票成功签章中",
            Status::Done => "开票完成（最终状态）",
            Status::Failed => "开票失败",
            Status::SealFailed => "开票成功签章失败",
            Status::Voided => "发票已作废",
            Status::Voiding => "发票作废中",
        }
    }

    /// It has a number and amounts that count.
    pub(crate) fn exists(self) -> bool {
        !matches!(self, Status::Issuing | Status::Failed)
    }

    /// Its files can be fetched.
    pub(crate) fn has_files(self) -> bool {
        matches!(self, Status::Done | Status::Voided | Status::Voiding)
    }
}

impl Part {
    /// Its status at `now`; `None` while queries do not see it yet.
    pub(crate) fn status(&self, now: i64, life: &Life) -> Option<Status> {
        let mut since = now.saturating_sub(self.start);
        if self.try_kind == Try::First {
            if since < life.hidden {
                return None;
            }
            since -= life.hidden;
        }
        if self.try_kind != Try::SealOnly {
            let issuing = if self.outcome == Outcome::Slow { life.slow } else { life.issuing };
            if since < issuing || self.outcome == Outcome::Stuck {
                return Some(Status::Issuing);
            }
            since -= issuing;
            if matches!(self.outcome, Outcome::Fail(_)) {
                return Some(Status::Failed);
            }
        }
        if since < life.sealing {
            return Some(Status::Sealing);
        }
        Some(match self.outcome {
            Outcome::SealFailed => Status::SealFailed,
            Outcome::Voided => Status::Voided,
            Outcome::Voiding => Status::Voiding,
            _ => Status::Done,
        })
    }

    /// When the try that counts began.
    pub(crate) fn started(&self) -> i64 {
        self.start
    }

    /// When it got its number, if it has one at `now`.
    pub(crate) fn issue_time(&self, now: i64, life: &Life) -> Option<i64> {
        self.status(now, life).filter(|status| status.exists())?;
        let issuing = if self.outcome == Outcome::Slow { life.slow } else { life.issuing };
        let hidden = if self.try_kind == Try::First { life.hidden } else { 0 };
        Some(self.issued.unwrap_or(self.start.saturating_add(hidden).saturating_add(issuing)))
    }

    pub(crate) fn fail_cause(&self, status: Status) -> &str {
        match (&self.outcome, status) {
            (Outcome::Fail(cause), Status::Failed) => cause,
            (_, Status::SealFailed) => "模拟器：签章失败，可调用开票重试",
            _ => "",
        }
    }
}

impl Orders {
    pub(crate) fn new(accept_repeats: bool) -> Orders {
        Orders { accept_repeats, ..Orders::default() }
    }

    pub(crate) fn plan(&mut self, order_no: &str, outcome: Outcome) {
        for order in self.list.iter_mut().filter(|order| order.order_no == order_no) {
            for part in &mut order.parts {
                part.outcome = outcome.clone();
            }
        }
        self.plans.insert(order_no.to_owned(), outcome);
    }

    pub(crate) fn all(&self) -> &[Order] {
        &self.list
    }

    /// The order with that number that `seller` has sent.
    pub(crate) fn by_number(&self, seller: &str, order_no: &str) -> Option<&Order> {
        self.list.get(*self.by_number.get(&(seller.to_owned(), order_no.to_owned()))?)
    }

    /// The invoice with that serial number, whoever's it is.
    pub(crate) fn by_serial(&self, serial: &str) -> Option<(&Order, &Part)> {
        let (order, part) = self.by_serial.get(serial)?;
        let order = self.list.get(*order)?;
        Some((order, order.parts.get(*part)?))
    }

    /// Accepts an order that has passed the model; gives its (first) serial number.
    pub(crate) fn issue(
        &mut self,
        table: &Table,
        account: &Account,
        sent: &Map<String, Value>,
        clock: &Clock,
        life: &Life,
    ) -> Result<String, Refusal> {
        let lines = lines::read(table, sent)?;
        let seller = text_of(sent, "salerTaxNum").unwrap_or_default();
        let order_no = text_of(sent, "orderNo").unwrap_or_default();
        let key = (seller.clone(), order_no.clone());
        if !self.accept_repeats && self.by_number.contains_key(&key) {
            return Err(Refusal::new(table, "E9106", "订单编号或流水号不能重复"));
        }
        let now = clock.now();
        let mut outcome = self.plans.get(&order_no).cloned().unwrap_or_else(|| Outcome::of_order_no(&order_no));
        if text_of(sent, "invoiceType").as_deref() == Some("2")
            && let Some(end) = red::check(table, self, &seller, sent, now, life)?
        {
            outcome = end;
        }
        let too_many = || Refusal::new(table, "E9154", "订单被拆分后大于10张发票");
        let limit = account.invoice_limit.as_deref().and_then(Decimal::parse).filter(|limit| !limit.is_zero());
        let parts = match (&outcome, limit) {
            (Outcome::Split(count), _) => {
                let parts = split::into(&lines, *count).ok_or_else(too_many)?;
                outcome = Outcome::Issue;
                parts
            }
            (_, Some(limit)) => split::by_limit(&lines, limit).ok_or_else(too_many)?,
            _ => vec![lines],
        };
        let at = self.list.len();
        let mut made = Vec::with_capacity(parts.len());
        for lines in parts {
            self.made += 1;
            let serial = serial_number(now, self.made);
            self.by_serial.insert(serial.clone(), (at, made.len()));
            let (count, outcome) = (self.made, outcome.clone());
            made.push(Part { serial, count, lines, issued: None, start: now, try_kind: Try::First, outcome });
        }
        let first = made.first().map(|part| part.serial.clone()).unwrap_or_default();
        self.list.push(Order { seller, order_no, sent: sent.clone(), created: now, parts: made });
        self.by_number.entry(key).or_insert(at);
        Ok(first)
    }

    /// Tries again what has failed. Gives whether anything was restarted, or why not.
    pub(crate) fn retry(
        &mut self,
        table: &Table,
        seller: &str,
        body: &Map<String, Value>,
        now: i64,
        life: &Life,
    ) -> Result<(), Refusal> {
        let found = match (text_of(body, "fpqqlsh"), text_of(body, "orderno")) {
            (Some(serial), _) => self.by_serial.get(&serial).map(|(order, part)| (*order, Some(*part))),
            (None, Some(number)) => self.by_number.get(&(seller.to_owned(), number)).map(|order| (*order, None)),
            _ => None,
        };
        let unknown = || Refusal::new(table, "E9500", "发票不存在");
        let (at, only) = found.ok_or_else(unknown)?;
        let order = self.list.get_mut(at).filter(|order| order.seller == seller).ok_or_else(unknown)?;
        let (mut running, mut restarted) = (false, false);
        for (index, part) in order.parts.iter_mut().enumerate() {
            if only.is_some_and(|only| only != index) {
                continue;
            }
            let issued = part.issue_time(now, life);
            match part.status(now, life).ok_or_else(unknown)? {
                status @ (Status::Failed | Status::SealFailed) => {
                    let today = Beijing::day_number(now);
                    let tries = self.retries.entry(part.serial.clone()).or_insert((today, 0));
                    if tries.0 != today {
                        *tries = (today, 0);
                    }
                    if tries.1 >= 20 {
                        return Err(Refusal::new(table, "E9613", "同一流水号(订单号)单日最多重试 20 次"));
                    }
                    tries.1 += 1;
                    // What was planned, or asked for by the number's end, held for the try that is over.
                    part.outcome = Outcome::Issue;
                    part.try_kind = if status == Status::Failed { Try::Again } else { Try::SealOnly };
                    (part.start, part.issued) = (now, issued);
                    restarted = true;
                }
                Status::Issuing | Status::Sealing => running = true,
                _ => {}
            }
        }
        match (restarted, running) {
            (true, _) => Ok(()),
            (false, true) => Err(Refusal::new(table, "E9999", "开票中（重试中），请耐心等待开票结果")),
            (false, false) => Err(Refusal::new(table, "E9999", "发票已生成，无需再重试开票")),
        }
    }
}

/// 20 digits: the Beijing time to the second and a running number.
fn serial_number(now: i64, count: u64) -> String {
    let t = Beijing::at(now);
    let (year, count) = (t.year.rem_euclid(100), count % 100_000_000);
    format!("{year:02}{:02}{:02}{:02}{:02}{:02}{count:08}", t.month, t.day, t.hour, t.minute, t.second)
}
