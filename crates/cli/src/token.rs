//! `nnopen token`: how long the token lasts and how many calls for one are left. It is never shown itself.

use nnopen::{FromJson, Grant, Json, Millis, Role};

use crate::ask::success;
use crate::drive::{Driver, now};
use crate::settings::Settings;
use crate::show::{clock, columns, object, text};
use crate::trouble::Trouble;
use crate::words::say;
use crate::{Done, finish};

const QUOTA: usize = 50;
const WINDOW: i64 = 30 * 24 * 3600 * 1000;

/// Shows the token's state, after fetching one if that is wanted and none is held.
pub(crate) fn run(fetch: bool, json: bool) -> u8 {
    finish(state(fetch), json)
}

fn state(fetch: bool) -> Result<Done, Trouble> {
    let settings = Settings::load()?;
    let driver = Driver::new(&settings)?;
    if fetch {
        let grant = match settings.config()?.role {
            Role::SelfUse => Grant::ClientCredentials,
            Role::ServiceProvider => Grant::Refresh,
        };
        let held = driver.session.token().is_some_and(|token| token.expires_at.is_none_or(|end| end > now()));
        if !held {
            driver.run(&mut driver.session.sign_in(grant)?)?;
        }
    }
    Ok(report(&driver, settings.get("NNOPEN_TOKEN").is_some()))
}

/// The state as members and as lines.
pub(crate) fn report(driver: &Driver, permanent: bool) -> Done {
    let snapshot = Json::parse(&driver.session.snapshot()).unwrap_or_default();
    let token = driver.session.token();
    let calls = Vec::<i64>::from_json(snapshot.get("fetched").cloned().unwrap_or_default()).unwrap_or_default();
    let recent: Vec<i64> = calls.into_iter().filter(|at| now().since(Millis(*at)) < WINDOW).collect();
    let pause = snapshot.get("pause").and_then(|pause| i64::from_json(pause.get("until")?.clone()).ok());
    let full = recent.len().checked_sub(QUOTA).and_then(|over| recent.get(over)).map(|at| at + WINDOW);
    let next = [pause, full].into_iter().flatten().filter(|at| *at > now().0).max();
    let held = permanent || token.as_ref().is_some_and(|token| token.expires_at.is_none_or(|end| end > now()));
    let expires_at = token.as_ref().and_then(|token| token.expires_at);
    let members = object([
        ("environment", text(&snapshot, "environment").into()),
        ("taxNum", text(&snapshot, "taxNum").into()),
        ("permanent", Json::Bool(permanent)),
        ("held", Json::Bool(held)),
        ("expiresAt", expires_at.map(|at| at.0).into()),
        ("used", Json::Number(recent.len().to_string())),
        ("quota", Json::Number(QUOTA.to_string())),
        ("nextAt", next.into()),
    ]);
    let state = match (permanent, held, expires_at) {
        (true, ..) => say("永久令牌（不取新令牌）", "permanent: none is fetched").to_owned(),
        (_, true, Some(end)) => format!("{} {}", say("有效，到期时间", "valid until"), clock(end)),
        (_, true, None) => say("有效，到期时间未知", "valid, its end is not known").to_owned(),
        (_, false, _) => say("没有可用令牌", "none").to_owned(),
    };
    let next = next.map_or_else(|| say("现在", "now").to_owned(), |at| clock(Millis(at)));
    let rows = [
        (say("平台", "Platform"), text(&snapshot, "environment").to_owned()),
        (say("税号", "Tax number"), text(&snapshot, "taxNum").to_owned()),
        (say("令牌", "Token"), state),
        (say("30 天内已取", "Fetched in 30 days"), format!("{} / {QUOTA}", recent.len())),
        (say("可再取时间", "Next possible"), next),
    ];
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    Done::new(success(members), columns(&rows))
}
