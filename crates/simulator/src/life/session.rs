//! The login at the electronic tax bureau and the clerk's identity check: a code is fetched, scanned, and completed. To
//! scan a code here is to open the address that it holds.

use super::company::Refreshes;
use super::{Answer, Ask, Handler};
use crate::State;
use crate::clock::Beijing;
use serde_json::json;

pub(super) const METHODS: &[(&str, Handler)] = &[
    ("nuonuo.OpeMplatform.getCertificationStatus", certification),
    ("nuonuo.OpeMplatform.getQrCode", qr_code),
    ("nuonuo.OpeMplatform.verifyComplete", complete),
];

/// The masked account of every company.
pub(super) const ACCOUNT: &str = "138****0000";
/// How long a code can be scanned or typed.
const CODE_LIFE: i64 = 300_000;

#[derive(Debug)]
pub(crate) struct Session {
    pub(super) logged_in: bool,
    /// `loginType`: 0 password, 1 scanned, 2 by SMS.
    login_type: &'static str,
    /// Since when the clerk counts as checked; `None` is not checked.
    certified: Option<i64>,
    login: Code,
    check: Code,
    sms: Code,
    /// The last login: when it was submitted, and whether it will do.
    submitted: [Option<(i64, bool)>; 2],
    checks: Refreshes,
    made: u32,
}

/// A QR code or an SMS code.
#[derive(Debug, Default)]
struct Code {
    refreshes: Refreshes,
    number: u32,
    scanned: bool,
}

impl Code {
    fn alive(&self, now: i64) -> bool {
        self.refreshes.last.is_some_and(|at| now.saturating_sub(at) < CODE_LIFE)
    }
}

impl Default for Session {
    fn default() -> Session {
        Session {
            logged_in: true,
            login_type: "0",
            certified: Some(i64::MIN),
            login: Code::default(),
            check: Code::default(),
            sms: Code::default(),
            submitted: [None, None],
            checks: Refreshes::default(),
            made: 0,
        }
    }
}

impl Session {
    pub(crate) fn certified(&self, now: i64) -> bool {
        self.certified.is_some_and(|since| since <= now)
    }

    pub(super) fn certify(&mut self, is: bool) {
        self.certified = is.then_some(i64::MIN);
    }

    /// Logged in by password, or out; logins of before count no more.
    pub(super) fn log(&mut self, is: bool) {
        (self.logged_in, self.login_type, self.submitted) = (is, "0", [None, None]);
    }

    /// What stands in the last SMS; a person would read it from a phone.
    pub(super) fn sms_code(&self) -> Option<u32> {
        self.sms.refreshes.last.map(|_| self.sms.number)
    }

    /// Fetches a new code.
    fn fetch(&mut self, which: Which, now: i64) -> Result<(), &'static str> {
        self.made += 1;
        let number = 100_000 + self.made * 7_919 % 900_000;
        let code = self.code(which);
        code.refreshes.count(now, 60_000)?;
        (code.number, code.scanned) = (number, false);
        Ok(())
    }

    fn code(&mut self, which: Which) -> &mut Code {
        match which {
            Which::Login => &mut self.login,
            Which::Check => &mut self.check,
            Which::Sms => &mut self.sms,
        }
    }

    /// A login that was good takes effect once it has ended.
    fn settle(&mut self, now: i64, takes: i64) {
        for (at, login_type) in ["1", "2"].into_iter().enumerate() {
            if self.submitted[at].is_some_and(|(since, good)| good && now.saturating_sub(since) >= takes) {
                (self.logged_in, self.login_type) = (true, login_type);
            }
        }
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Which {
    Login,
    Check,
    Sms,
}

/// Somebody opens the address in a code; tells whether it could be scanned.
pub(crate) fn scan(state: &mut State, tax_num: &str, number: &str, now: i64) -> bool {
    let session = &mut state.companies.of(tax_num).session;
    for which in [Which::Login, Which::Check] {
        let code = session.code(which);
        if code.alive(now) && number == code.number.to_string() {
            code.scanned = true;
            return true;
        }
    }
    false
}

/// 0 refreshes the check, 1 tells it, 2 tells the login.
fn certification(ask: &Ask<'_>, state: &mut State) -> Answer {
    let (now, takes) = (ask.now, ask.life().operation);
    let session = &mut state.companies.of(ask.caller()).session;
    session.settle(now, takes);
    let kind = ask.text("queryType");
    if kind == "0" {
        session.checks.count(now, 30_000).map_err(|what| ask.no("E9999", what))?;
        if session.check.scanned && session.certified.is_none() {
            session.certified = Some(now.saturating_add(takes));
        }
    }
    let running = session.checks.last.is_some_and(|at| now.saturating_sub(at) < takes);
    let status = match kind.as_str() {
        "2" => {
            if session.logged_in {
                "1"
            } else {
                "0"
            }
        }
        _ if running => "3",
        _ => {
            if session.certified(now) {
                "1"
            } else {
                "2"
            }
        }
    };
    let mut result = json!({
        "eleAccount": ACCOUNT, "certificationStatus": status, "extensionNumber": ask.text("extensionNumber"),
    });
    if let (true, Some(result)) = (kind == "2" && session.logged_in, result.as_object_mut()) {
        result.insert("loginType".to_owned(), session.login_type.into());
    }
    Ok(if kind == "0" { ask.done(result) } else { ask.tell(result) })
}

/// 0 and 2 fetch a code, 1 and 3 tell it, 4 sends an SMS, 5 tells how that went.
fn qr_code(ask: &Ask<'_>, state: &mut State) -> Answer {
    let (now, takes, url) = (ask.now, ask.life().operation, ask.shared.url());
    let session = &mut state.companies.of(ask.caller()).session;
    let kind = ask.text("queryType");
    let which = match kind.as_str() {
        "0" | "1" => Which::Check,
        "2" | "3" => Which::Login,
        _ => Which::Sms,
    };
    let fetches = matches!(kind.as_str(), "0" | "2" | "4");
    if fetches {
        session.fetch(which, now).map_err(|what| ask.no("E9999", what))?;
    }
    let code = session.code(which);
    let asked = code.refreshes.last;
    let running = asked.is_some_and(|at| now.saturating_sub(at) < takes);
    let (status, message) = match () {
        () if running => ("0", if which == Which::Sms { "短信发送中" } else { "获取二维码中" }),
        () if code.alive(now) => ("1", "成功"),
        () => ("2", if asked.is_some() { "已过期，请重新获取" } else { "还没有获取" }),
    };
    let mut result = json!({
        "status": status, "message": message, "taxNum": ask.caller(), "extensionNumber": ask.text("extensionNumber"),
        "account": ACCOUNT,
    });
    if let (true, Some(at), Some(result)) = (status == "1", asked, result.as_object_mut()) {
        result.insert("endTime".to_owned(), Beijing::text(at.saturating_add(CODE_LIFE)).into());
        if which != Which::Sms {
            let text = format!("{url}/scan/{}/{}", ask.caller(), code.number);
            result.insert("qrCode".to_owned(), text.into());
            result.insert("qrCodeType".to_owned(), if which == Which::Login { "2" } else { "4" }.into());
            result.insert("authId".to_owned(), format!("{}-{}", ask.caller(), code.number).into());
        }
    }
    Ok(if fetches { ask.done(result) } else { ask.tell(result) })
}

/// 0 ends a login by QR code, 2 one by SMS; 1 and 3 tell how it went.
fn complete(ask: &Ask<'_>, state: &mut State) -> Answer {
    let (now, takes) = (ask.now, ask.life().operation);
    let session = &mut state.companies.of(ask.caller()).session;
    let kind = ask.text("queryType");
    let by_sms = matches!(kind.as_str(), "2" | "3");
    let submits = !matches!(kind.as_str(), "1" | "3");
    if submits {
        let good = if by_sms {
            session.sms.alive(now) && ask.text("verifyCode") == session.sms.number.to_string()
        } else {
            session.login.alive(now) && session.login.scanned
        };
        session.submitted[usize::from(by_sms)] = Some((now, good));
    }
    session.settle(now, takes);
    let (status, message) = match session.submitted[usize::from(by_sms)] {
        Some((at, _)) if now.saturating_sub(at) < takes => ("0", "登录执行中"),
        Some((_, true)) => ("1", "登录成功"),
        Some((_, false)) => ("2", if by_sms { "验证码错误或已过期" } else { "未扫码或二维码已过期" }),
        None => ("2", "未登录"),
    };
    let result = json!({
        "status": status, "message": message, "loginType": if by_sms { "2" } else { "1" }, "taxNum": ask.caller(),
        "extensionNumber": ask.text("extensionNumber"), "account": ACCOUNT,
    });
    Ok(if submits { ask.done(result) } else { ask.tell(result) })
}

/// What a person sees who scans a code.
pub(crate) fn page(scanned: bool) -> String {
    let text = if scanned { "已扫码，回到原来的程序继续。" } else { "二维码不存在或已过期。" };
    crate::document::notice("模拟扫码", text)
}

/// The company and the number in `/scan/{tax}/{number}`.
pub(crate) fn address(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix("/scan/")?.split_once('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_that_is_told_to_be_out_stays_out_until_a_new_one() {
        let mut session = Session { logged_in: false, ..Session::default() };
        session.submitted[0] = Some((0, false));
        session.settle(10_000, 1_000);
        assert!(!session.logged_in);
        session.submitted[1] = Some((10_000, true));
        session.settle(10_500, 1_000);
        assert!(!session.logged_in);
        session.settle(11_000, 1_000);
        assert_eq!((session.logged_in, session.login_type), (true, "2"));
    }

    #[test]
    fn addresses_of_codes_are_read() {
        assert_eq!(address("/scan/3399/100001"), Some(("3399", "100001")));
        assert_eq!(address("/scan/3399"), None);
    }
}
