//! `nnopen token`: how long the token lasts and how many calls for one are left. It is never shown itself.

use nnopen::{FromJson, Grant, Json, Millis};

use crate::ask::success;
use crate::drive::{Driver, now};
use crate::settings::Settings;
use crate::show::{clock, columns, object, text};
use crate::trouble::Trouble;
use crate::words::{Lang, lang, say};
use crate::{Done, finish};

const QUOTA: usize = 50;
/// A quarter of an hour longer than the platform's, as the session counts where runs share a token.
const WINDOW: i64 = (30 * 24 * 60 + 15) * 60 * 1000;

/// Shows the token's state, after fetching one if that is wanted and none is held.
pub(crate) fn run(fetch: bool, json: bool) -> u8 {
    finish(state(fetch), json)
}

fn state(fetch: bool) -> Result<Done, Trouble> {
    let settings = Settings::load()?;
    let driver = Driver::new(&settings)?;
    if fetch {
        // As a call would get it: the one that is held; else a new one by the role, a service provider's by refreshing.
        driver.run(&mut driver.session.sign_in(Grant::ClientCredentials)?)?;
    }
    report(&driver, settings.get("NNOPEN_TOKEN").is_some())
}

/// The state as members and as lines.
pub(crate) fn report(driver: &Driver, permanent: bool) -> Result<Done, Trouble> {
    let record = driver.record()?;
    let member = |name: &str| record.get(name).filter(|value| !value.is_null());
    let time = |json: &Json, name: &str| i64::from_json(json.get(name)?.clone()).ok().map(Millis);
    let ahead = |name: &str| Some((member(name)?, time(member(name)?, "until").filter(|until| *until > now())?));

    let calls = Vec::<i64>::from_json(record.get("fetched").cloned().unwrap_or_default()).unwrap_or_default();
    let recent: Vec<i64> = calls.into_iter().filter(|at| now().since(Millis(*at)) < WINDOW).collect();
    let full = recent.len().checked_sub(QUOTA).and_then(|over| recent.get(over)).map(|at| Millis(at + WINDOW));
    let (pause, lease) = (ahead("pause"), ahead("lease"));
    let next = [pause, lease].into_iter().flatten().map(|(_, until)| until).chain(full).max();

    let token = member("token").filter(|token| !text(token, "access").is_empty());
    let expires_at = token.and_then(|token| time(token, "expiresAt"));
    let held = permanent || token.is_some() && expires_at.is_none_or(|end| end > now());
    let members = object([
        ("environment", text(&record, "environment").into()),
        ("taxNum", text(&record, "taxNum").into()),
        ("permanent", Json::Bool(permanent)),
        ("held", Json::Bool(held)),
        ("expiresAt", expires_at.map(|at| at.0).into()),
        ("used", Json::Number(recent.len().to_string())),
        ("quota", Json::Number(QUOTA.to_string())),
        ("nextAt", next.map(|at| at.0).into()),
        ("pause", pause.map_or(Json::Null, |(pause, _)| pause.clone())),
    ]);
    let state = match (permanent, held, expires_at) {
        (true, ..) => say("永久令牌（不取新令牌）", "permanent: none is fetched").to_owned(),
        (_, true, Some(end)) => format!("{} {}", say("有效，到期时间", "valid until"), clock(end)),
        (_, true, None) => say("有效，到期时间未知", "valid, its end is not known").to_owned(),
        (_, false, _) => say("没有可用令牌", "none").to_owned(),
    };
    let next = next.map_or_else(|| say("现在", "now").to_owned(), clock);
    let mut rows = vec![
        (say("平台", "Platform"), text(&record, "environment").to_owned()),
        (say("税号", "Tax number"), text(&record, "taxNum").to_owned()),
        (say("令牌", "Token"), state),
        (say("30 天内已取", "Fetched in 30 days"), format!("{} / {QUOTA}", recent.len())),
        (say("可再取时间", "Next possible"), next),
    ];
    if lease.is_some() {
        let what = say("另一个进程正在取令牌，或已中断", "another run is fetching the token, or was killed");
        rows.push((say("取令牌中", "Under way"), what.to_owned()));
    }
    if let Some((pause, until)) = pause {
        let why = format!("{} {}", text(pause, "code"), text(pause, "describe"));
        let what = match lang() {
            Lang::Zh => format!("到 {} 为止不取令牌，改好密钥后也要等到此时：{}", clock(until), why.trim()),
            Lang::En => {
                format!("no token is asked for until {}, with a mended secret neither: {}", clock(until), why.trim())
            }
        };
        rows.push((say("暂停", "Pause"), what));
    }
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    Ok(Done::new(success(members), columns(&rows)))
}
