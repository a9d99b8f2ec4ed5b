//! What a kept call or batch begins with: its version, what it is, whose it is. Another session refuses it.

use crate::body;
use crate::config::Config;
use crate::error::Error;
use crate::json::Json;

const VERSION: i64 = 1;

/// The members that come first.
pub(crate) fn header(kind: &str, config: &Config) -> Vec<(String, Json)> {
    let mut members = vec![("version".to_owned(), Json::from(VERSION)), ("kind".to_owned(), kind.into())];
    members.extend(config.identity().map(|(name, value)| (name.to_owned(), value.into())));
    members
}

/// Reads a snapshot of this kind and of this session.
///
/// # Errors
/// `input`, naming the member that does not fit.
pub(crate) fn read(text: &str, kind: &str, config: &Config) -> Result<Json, Error> {
    let json = Json::parse(text).map_err(|_| refused(""))?;
    let version = VERSION.to_string();
    let [environment, app_key, tax_num] = config.identity();
    for (name, ours) in [("version", version.as_str()), ("kind", kind), environment, app_key, tax_num] {
        if json.get(name).and_then(Json::token) != Some(ours) {
            return Err(refused(name));
        }
    }
    Ok(json)
}

/// A snapshot that can't be used because of one of its members.
pub(crate) fn refused(member: &str) -> Error {
    body::fault(member, "snapshot", "快照不可用", "the snapshot can't be used")
}

/// A number of a snapshot, such as a time or a count; nothing where there is null or nothing.
pub(crate) fn number(json: &Json, member: &str) -> Result<Option<i64>, Error> {
    match json.get(member) {
        None | Some(Json::Null) => Ok(None),
        Some(value) => value.token().and_then(|token| token.parse().ok()).map(Some).ok_or_else(|| refused(member)),
    }
}
