//! Orders and their life: accepted, issuing, sealing, done, or one of the bad ends.

mod part;

pub use part::Outcome;
pub(crate) use part::{Part, Status, Void};

use crate::check::Refusal;
use crate::clock::Beijing;
use crate::decimal::Decimal;
use crate::invoice;
use crate::life::company::Companies;
use crate::life::red_info::RedInfos;
use crate::lines::{self, Line};
use crate::options::{Account, Life};
use crate::red;
use crate::split;
use crate::table::{Table, text_of};
use part::Try;
use serde_json::{Map, Value};
use std::collections::HashMap;

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

/// Where an invoice stands: its order, and its place in it.
pub(crate) type Place = (usize, usize);

/// What issuing looks at besides the orders.
pub(crate) struct Issuing<'a> {
    pub(crate) table: &'a Table,
    pub(crate) account: &'a Account,
    pub(crate) tables: &'a RedInfos,
    pub(crate) companies: &'a mut Companies,
    pub(crate) now: i64,
    pub(crate) life: &'a Life,
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

impl Order {
    pub(crate) fn is_red(&self) -> bool {
        text_of(&self.sent, "invoiceType").as_deref() == Some("2")
    }

    /// The numbers of the blue invoice that this one reverses: those of a digital one, or code and number.
    pub(crate) fn reverses(&self, blue: &Order, part: &Part) -> bool {
        let sent = |name: &str| text_of(&self.sent, name).unwrap_or_default();
        let digital = sent("blueElecInvoiceNumber");
        let (code, number) = (sent("invoiceCode"), sent("invoiceNum"));
        let fits = if digital.is_empty() {
            !number.is_empty() && part.paper.as_ref() == Some(&(code, number))
        } else {
            invoice::digital_number(blue, part) == digital
        };
        self.is_red() && self.seller == blue.seller && fits
    }
}

impl Orders {
    pub(crate) fn new(accept_repeats: bool) -> Orders {
        Orders { accept_repeats, ..Orders::default() }
    }

    /// Whether a red invoice of this one lives, or is being made.
    pub(crate) fn is_reversed(&self, place: Place, now: i64, life: &Life) -> bool {
        let (blue, part) = self.at(place);
        let dead = |status: Option<Status>| matches!(status, Some(Status::Failed | Status::Voided));
        let alive = |red: &&Order| red.parts.iter().any(|part| !dead(part.status(now, life)));
        self.list.iter().filter(|red| red.reverses(blue, part)).any(|red| alive(&red))
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

    /// The invoice of `seller` with these numbers, if it exists at `now`; 20 digits are a digital number.
    pub(crate) fn by_paper(&self, seller: &str, code: &str, number: &str, now: i64, life: &Life) -> Option<Place> {
        let fits = |order: &Order, part: &Part| {
            part.status(now, life).is_some_and(Status::exists)
                && if number.len() == 20 {
                    invoice::digital_number(order, part) == number
                } else {
                    part.paper.as_ref().is_some_and(|(its_code, its)| its == number && its_code == code)
                }
        };
        let of_seller = self.list.iter().enumerate().filter(|(_, order)| order.seller == seller);
        of_seller.flat_map(|(at, order)| order.parts.iter().enumerate().map(move |(part, _)| (at, part))).find(
            |place| {
                let (order, part) = self.at(*place);
                fits(order, part)
            },
        )
    }

    pub(crate) fn place(&self, serial: &str) -> Option<Place> {
        self.by_serial.get(serial).copied()
    }

    /// What stands at a place that these orders have given; nothing is ever taken out.
    pub(crate) fn at(&self, (order, part): Place) -> (&Order, &Part) {
        (&self.list[order], &self.list[order].parts[part])
    }

    pub(crate) fn part_mut(&mut self, (order, part): Place) -> &mut Part {
        &mut self.list[order].parts[part]
    }

    /// Accepts an order that has passed the model; gives its (first) serial number.
    pub(crate) fn issue(&mut self, with: &mut Issuing<'_>, sent: &Map<String, Value>) -> Result<String, Refusal> {
        let (table, now, life) = (with.table, with.now, with.life);
        let lines = lines::read(table, sent)?;
        let seller = text_of(sent, "salerTaxNum").unwrap_or_default();
        let order_no = text_of(sent, "orderNo").unwrap_or_default();
        if !self.accept_repeats && self.by_number(&seller, &order_no).is_some() {
            return Err(Refusal::new(table, "E9106", "订单编号或流水号不能重复"));
        }
        let mut outcome = self.outcome_of(&order_no);
        if text_of(sent, "invoiceType").as_deref() == Some("2")
            && let Some(end) = red::check(table, self, with.tables, &seller, sent, now, life)?
        {
            outcome = end;
        }
        let too_many = || Refusal::new(table, "E9154", "订单被拆分后大于10张发票");
        let limit = with.account.invoice_limit.as_deref().and_then(Decimal::parse).filter(|limit| !limit.is_zero());
        let parts = match (&outcome, limit) {
            (Outcome::Split(count), _) => {
                let parts = split::into(&lines, *count).ok_or_else(too_many)?;
                outcome = Outcome::Issue;
                parts
            }
            (_, Some(limit)) => split::by_limit(&lines, limit).ok_or_else(too_many)?,
            _ => vec![lines],
        };
        let place = self.add(with.companies, seller, order_no, sent.clone(), parts, &outcome, (now, life));
        Ok(self.at(place).1.serial.clone())
    }

    /// Makes an order of these invoices; gives the place of the first. What the company lacks makes them fail.
    #[expect(clippy::too_many_arguments, reason = "an order is made in two places only, and all of this is one order")]
    pub(crate) fn add(
        &mut self,
        companies: &mut Companies,
        seller: String,
        order_no: String,
        sent: Map<String, Value>,
        parts: Vec<Vec<Line>>,
        outcome: &Outcome,
        (now, life): (i64, &Life),
    ) -> Place {
        let at = self.list.len();
        let line = text_of(&sent, "invoiceLine").unwrap_or_else(|| "p".to_owned());
        let mut made = Vec::with_capacity(parts.len());
        for lines in parts {
            self.made += 1;
            let serial = serial_number(now, self.made);
            self.by_serial.insert(serial.clone(), (at, made.len()));
            let (paper, outcome) = match outcome {
                Outcome::Fail(_) => (None, outcome.clone()),
                _ => match companies
                    .draw(&seller, &line, lines::totals(&lines)[0], now, || self.credit_used(&seller, now, life).0)
                {
                    Ok(paper) => (paper, outcome.clone()),
                    Err(cause) => (None, Outcome::Fail(cause)),
                },
            };
            made.push(Part {
                serial,
                count: self.made,
                lines,
                paper,
                void: None,
                delivered: (false, false),
                issued: None,
                start: now,
                try_kind: Try::First,
                outcome,
            });
        }
        self.by_number.entry((seller.clone(), order_no.clone())).or_insert(at);
        self.list.push(Order { seller, order_no, sent, created: now, parts: made });
        (at, 0)
    }

    /// What a seller's digital invoices of this month take of its credit, without tax, and their tax: red ones give back,
    /// failed and voided ones take nothing. How the bureau counts is not public: this is assumed.
    pub(crate) fn credit_used(&self, seller: &str, now: i64, life: &Life) -> (Decimal, Decimal) {
        let month = |ms: i64| (Beijing::at(ms).year, Beijing::at(ms).month);
        let of_month = |order: &&Order| {
            order.seller == seller
                && order.created <= now
                && month(order.created) == month(now)
                && invoice::is_digital(&invoice::line_of(order))
        };
        let parts = self.list.iter().filter(of_month).flat_map(|order| &order.parts);
        let counts = |part: &&Part| {
            !matches!(part.outcome, Outcome::Fail(_) | Outcome::Voided)
                && part.status(now, life) != Some(Status::Voided)
        };
        parts.filter(counts).fold((Decimal::ZERO, Decimal::ZERO), |(amount, tax), part| {
            let [excluded, more, _] = lines::totals(&part.lines);
            (amount.add(excluded).unwrap_or(amount), tax.add(more).unwrap_or(tax))
        })
    }

    /// How many digital blue invoices of a seller there are this month, and how many of them are on paper.
    pub(crate) fn digital_blue(&self, seller: &str, now: i64, life: &Life) -> (usize, usize) {
        let month = |ms: i64| (Beijing::at(ms).year, Beijing::at(ms).month);
        let blue =
            |order: &&Order| order.seller == seller && !order.is_red() && invoice::is_digital(&invoice::line_of(order));
        let of = |order: &Order| {
            let issued = order.parts.iter().filter_map(|part| part.issue_time(now, life));
            issued.filter(|at| month(*at) == month(now)).count()
        };
        self.list.iter().filter(blue).fold((0, 0), |(all, paper), order| {
            let count = of(order);
            (all + count, paper + if invoice::is_paper(&invoice::line_of(order)) { count } else { 0 })
        })
    }

    /// How the order of that number shall end.
    pub(crate) fn outcome_of(&self, order_no: &str) -> Outcome {
        self.plans.get(order_no).cloned().unwrap_or_else(|| Outcome::of_order_no(order_no))
    }

    /// Gives an order another number; the old one is free again.
    pub(crate) fn rename(&mut self, at: usize, order_no: &str) {
        let order = &mut self.list[at];
        self.by_number.remove(&(order.seller.clone(), order.order_no.clone()));
        order_no.clone_into(&mut order.order_no);
        self.by_number.insert((order.seller.clone(), order_no.to_owned()), at);
    }

    /// Tries again what has failed. Gives whether anything was restarted, or why not.
    pub(crate) fn retry(
        &mut self,
        table: &Table,
        seller: &str,
        body: &Map<String, Value>,
        companies: &mut Companies,
        (now, life): (i64, &Life),
    ) -> Result<(), Refusal> {
        let found = match (text_of(body, "fpqqlsh"), text_of(body, "orderno")) {
            (Some(serial), _) => self.by_serial.get(&serial).map(|(order, part)| (*order, Some(*part))),
            (None, Some(number)) => self.by_number.get(&(seller.to_owned(), number)).map(|order| (*order, None)),
            _ => None,
        };
        let unknown = || Refusal::new(table, "E9500", "发票不存在");
        let (at, only) = found.ok_or_else(unknown)?;
        let used = self.credit_used(seller, now, life).0;
        let order = self.list.get_mut(at).filter(|order| order.seller == seller).ok_or_else(unknown)?;
        let line = invoice::line_of(order);
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
                    if status == Status::Failed {
                        let amount = lines::totals(&part.lines)[0];
                        let has_paper = part.paper.is_some();
                        match companies.draw_unless(has_paper, seller, &line, amount, now, || used) {
                            Ok(paper) => part.paper = part.paper.take().or(paper),
                            Err(cause) => part.outcome = Outcome::Fail(cause),
                        }
                    }
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
