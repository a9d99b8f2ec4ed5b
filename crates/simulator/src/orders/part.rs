//! One invoice of an order: how it shall end, and where it is in its life.

use crate::lines::Line;
use crate::options::Life;

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

/// One invoice of an order.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) serial: String,
    /// Counts all invoices; the numbers on the invoice are made from it.
    pub(crate) count: u64,
    pub(crate) lines: Vec<Line>,
    /// Code and number from the roll of its kind, for all that is not purely electronic and digital.
    pub(crate) paper: Option<(String, String)>,
    pub(crate) void: Option<Void>,
    /// Somebody had it sent again by SMS, by mail.
    pub(crate) delivered: (bool, bool),
    /// When a former try got its numbers.
    pub(super) issued: Option<i64>,
    pub(super) start: i64,
    pub(super) try_kind: Try,
    pub(super) outcome: Outcome,
}

/// The last request to void an invoice.
#[derive(Clone, Debug)]
pub(crate) struct Void {
    pub(crate) at: i64,
    pub(crate) reason: String,
    pub(crate) specific: String,
    /// Why it will come to nothing.
    pub(crate) fails: Option<String>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Try {
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
            _ => match &self.void {
                None => Status::Done,
                Some(void) if now.saturating_sub(void.at) < life.voiding => Status::Voiding,
                Some(void) if void.fails.is_some() => Status::Done,
                Some(_) => Status::Voided,
            },
        })
    }

    /// The voiding that came to nothing, once that is known.
    pub(crate) fn failed_void(&self, now: i64, life: &Life) -> Option<&Void> {
        let ended = |void: &&Void| void.fails.is_some() && now.saturating_sub(void.at) >= life.voiding;
        self.void.as_ref().filter(ended)
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
