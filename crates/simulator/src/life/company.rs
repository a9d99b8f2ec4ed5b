//! What a company has: numbered invoices, credit, a device that is on line, a clerk who is logged in. What it lacks makes
//! its orders fail with the texts that are known for that.

mod methods;

pub(super) use methods::METHODS;

use super::session::Session;
use crate::State;
use crate::clock::Beijing;
use crate::decimal::Decimal;
use crate::invoice::{self, money};
use crate::options::Account;
use crate::table::text_of;
use serde_json::{Map, Value, json};
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

/// Kinds with numbers of their own. The last two are digital: they are told as a count with the credit.
const NUMBERED: [&str; 11] = ["p", "c", "s", "e", "f", "r", "b", "j", "u", "es", "ec"];
/// Refreshes at the tax bureau on one day, whatever is refreshed.
pub(super) const REFRESHES: u32 = 20;

#[derive(Debug, Default)]
pub(crate) struct Companies {
    list: BTreeMap<String, Company>,
    /// What accounts give their merchants to begin with.
    given: HashMap<String, (u32, Decimal)>,
    /// When the simulator began.
    start: i64,
}

#[derive(Debug)]
pub(crate) struct Company {
    pub(super) online: bool,
    pub(super) reported: bool,
    pub(super) session: Session,
    credit: Decimal,
    /// All digital amounts ever accepted: while they fit, nothing has to be counted.
    accepted: Decimal,
    rolls: BTreeMap<&'static str, Roll>,
    /// When the credit was last asked of the bureau.
    credit_refresh: Refreshes,
}

/// Numbers that may still be used.
#[derive(Debug)]
struct Roll {
    code: String,
    next: u64,
    end: u64,
}

/// Refreshes of one thing: so many a day, so far apart.
#[derive(Debug, Default)]
pub(super) struct Refreshes {
    pub(super) last: Option<i64>,
    today: (i64, u32),
}

impl Refreshes {
    /// Counts one more, or says what is wrong. The platform's code for it is not known: E9999 is assumed.
    pub(super) fn count(&mut self, now: i64, apart: i64) -> Result<(), &'static str> {
        if self.last.is_some_and(|last| now.saturating_sub(last) < apart) {
            return Err("操作过于频繁，请稍后再试");
        }
        let day = Beijing::day_number(now);
        if self.today.0 != day {
            self.today = (day, 0);
        }
        if self.today.1 >= REFRESHES {
            return Err("当日刷新次数已达20次");
        }
        self.today.1 += 1;
        self.last = Some(now);
        Ok(())
    }
}

impl Roll {
    fn left(&self) -> u64 {
        (self.end + 1).saturating_sub(self.next)
    }
}

impl Companies {
    pub(crate) fn new(accounts: &[Account], start: i64) -> Companies {
        let credit = |account: &Account| Decimal::parse(&account.credit).unwrap_or(Decimal::ZERO);
        let given = accounts.iter().flat_map(|account| {
            account.tax_nums.iter().map(|tax_num| (tax_num.clone(), (account.stock, credit(account))))
        });
        Companies { list: BTreeMap::new(), given: given.collect(), start }
    }

    pub(crate) fn of(&mut self, tax_num: &str) -> &mut Company {
        let index = self.list.len();
        let (stock, credit) = self.given.get(tax_num).copied().unwrap_or((0, Decimal::ZERO));
        let year = Beijing::at(self.start).year.rem_euclid(100);
        self.list.entry(tax_num.to_owned()).or_insert_with(|| {
            let roll = |(at, line): (usize, &'static str)| {
                (line, Roll { code: format!("0000{year:02}{:04}{at:02}", index % 10_000), next: 1, end: stock.into() })
            };
            Company {
                online: true,
                reported: true,
                session: Session::default(),
                credit,
                accepted: Decimal::ZERO,
                rolls: NUMBERED.into_iter().enumerate().map(roll).collect(),
                credit_refresh: Refreshes::default(),
            }
        })
    }

    /// Code and number for the next invoice of a kind; `None` for kinds that have none. `Err` is the reason of its
    /// failure.
    pub(crate) fn draw(
        &mut self,
        seller: &str,
        line: &str,
        amount: Decimal,
        now: i64,
        used: impl Fn() -> Decimal,
    ) -> Result<Option<(String, String)>, String> {
        self.draw_unless(false, seller, line, amount, now, used)
    }

    /// The same for an invoice that may have its number already.
    pub(crate) fn draw_unless(
        &mut self,
        has_number: bool,
        seller: &str,
        line: &str,
        amount: Decimal,
        now: i64,
        used: impl Fn() -> Decimal,
    ) -> Result<Option<(String, String)>, String> {
        let company = self.of(seller);
        let lacks = |what: &str| Err(format!("模拟器：{what}"));
        if invoice::is_digital(line) {
            if !company.session.logged_in {
                return lacks("本次操作需登录电子发票服务平台，请登录后重试");
            }
            if !company.session.certified(now) {
                return lacks("需要开票人进行实人身份认证，请扫码认证后重试");
            }
            if !company.has_credit(amount, used) {
                return lacks("您的发票额度已不够使用");
            }
        } else if !company.online {
            return lacks("客户端不在线");
        }
        let Some(roll) = company.rolls.get_mut(line).filter(|_| !has_number) else { return Ok(None) };
        if roll.left() == 0 {
            return lacks("没有可用的发票，请联系主管税务机关申领");
        }
        roll.next += 1;
        Ok(Some((roll.code.clone(), format!("{:08}", (roll.next - 1) % 100_000_000))))
    }
}

impl Company {
    fn has_credit(&mut self, amount: Decimal, used: impl Fn() -> Decimal) -> bool {
        let fits = |used: Decimal| used.add(amount).is_some_and(|sum| sum.order(self.credit) != Ordering::Greater);
        if amount.is_negative() {
            return true;
        }
        if !fits(self.accepted) && !fits(used()) {
            return false;
        }
        self.accepted = self.accepted.add(amount).unwrap_or(self.accepted);
        true
    }

    /// `{"online": false, "reported": false, "loggedIn": false, "certified": false, "credit": "100.00", "stock": {"c": 2}}`
    fn steer(&mut self, value: &Value) -> Result<(), String> {
        let object = value.as_object().ok_or("an object is needed")?;
        for (name, value) in object {
            let flag = || value.as_bool().ok_or(format!("{name} must be true or false"));
            match name.as_str() {
                "online" => self.online = flag()?,
                "reported" => self.reported = flag()?,
                "loggedIn" => self.session.log(flag()?),
                "certified" => self.session.certify(flag()?),
                "credit" => {
                    let credit = text_of(object, name).and_then(|text| Decimal::parse(&text));
                    self.credit = credit.filter(|credit| !credit.is_negative()).ok_or("credit must be an amount")?;
                }
                "stock" => {
                    let counts = value.as_object().ok_or("stock must be an object such as {\"c\": 2}")?;
                    for (line, count) in counts {
                        let known = self.rolls.get_mut(line.as_str()).ok_or(format!("no stock of kind {line:?}"))?;
                        let count = count.as_u64().filter(|count| *count < 90_000_000);
                        known.end = known.next - 1 + count.ok_or(format!("stock.{line} must be a count"))?;
                    }
                }
                "taxNum" => {}
                other => {
                    return Err(format!("unknown {other:?}; known: online reported loggedIn certified credit stock"));
                }
            }
        }
        Ok(())
    }

    fn json(&self, tax_num: &str, now: i64) -> Value {
        let stock: Map<String, Value> =
            self.rolls.iter().map(|(line, roll)| ((*line).to_owned(), roll.left().into())).collect();
        json!({
            "taxNum": tax_num, "online": self.online, "reported": self.reported, "loggedIn": self.session.logged_in,
            "certified": self.session.certified(now), "smsCode": self.session.sms_code(), "credit": money(self.credit),
            "stock": stock,
        })
    }
}

/// All companies, for the admin address.
pub(crate) fn all(shared: &crate::Shared, state: &mut State) -> Value {
    let now = shared.clock.now();
    let merchants = shared.options.accounts.iter().flat_map(|account| &account.tax_nums);
    let mut seen = Vec::new();
    for tax_num in merchants {
        if !seen.contains(&tax_num) {
            seen.push(tax_num);
        }
    }
    seen.into_iter().map(|tax_num| state.companies.of(tax_num).json(tax_num, now)).collect()
}

/// Changes what a company has, for the admin address.
pub(crate) fn steer(shared: &crate::Shared, state: &mut State, value: &Value) -> Result<Value, String> {
    let tax_num = value.get("taxNum").and_then(Value::as_str).unwrap_or_default();
    let known = shared.options.accounts.iter().any(|account| account.tax_nums.iter().any(|known| known == tax_num));
    if !known {
        return Err("taxNum must be a merchant of an account".to_owned());
    }
    let company = state.companies.of(tax_num);
    company.steer(value)?;
    Ok(company.json(tax_num, shared.clock.now()))
}
