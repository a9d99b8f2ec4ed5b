//! The token endpoint and the authorize page: grants, codes, lives, and the 50 calls in 30 days.

use crate::Shared;
use crate::http::{Request, Response};
use crate::options::{Account, ExpiresIn, Role};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

/// Calls in [`WINDOW`] per application (service provider: per application and merchant).
const QUOTA: usize = 50;
const WINDOW: i64 = 30 * 86_400_000;
/// How long an authorisation code can be redeemed.
const CODE_LIFE: i64 = 600_000;

/// All tokens, codes and counters.
#[derive(Default)]
pub(crate) struct Tokens {
    access: HashMap<String, Grant>,
    refresh: HashMap<String, Grant>,
    codes: HashMap<String, Grant>,
    /// userId of a service provider's merchant.
    users: HashMap<String, Party>,
    calls: HashMap<Party, Vec<i64>>,
    made: u64,
    random: RandomState,
}

/// An application and the merchant it acts for.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Party {
    pub(crate) app_key: String,
    pub(crate) tax_num: String,
}

#[derive(Clone)]
struct Grant {
    party: Party,
    until: Option<i64>,
}

/// Why a token was not granted: the code and what is said about it.
struct Denied(&'static str, String);

impl Tokens {
    /// Whom a presented token stands for, if it is alive.
    pub(crate) fn holder(&self, token: &str, account: &Account, now: i64) -> Option<Party> {
        if account.fixed_token.as_deref() == Some(token) {
            let tax_num = account.tax_nums.first()?.clone();
            return Some(Party { app_key: account.app_key.clone(), tax_num });
        }
        let grant = self.access.get(token)?;
        let alive = grant.until.is_none_or(|until| now < until);
        (alive && grant.party.app_key == account.app_key).then(|| grant.party.clone())
    }

    /// Ends every access token.
    pub(crate) fn void(&mut self) {
        self.access.clear();
    }

    /// 32 hex digits that nobody can guess from the ones before.
    fn fresh(&mut self) -> String {
        self.made += 1;
        let half = |salt: u64| {
            let mut hasher = self.random.build_hasher();
            hasher.write_u64(self.made);
            hasher.write_u64(salt);
            hasher.finish()
        };
        format!("{:016x}{:016x}", half(1), half(2))
    }

    /// Makes a token that voids the party's former one.
    fn grant(&mut self, party: &Party, account: &Account, now: i64) -> String {
        let life = account.token_life.map(|seconds| i64::try_from(seconds.saturating_mul(1000)).unwrap_or(i64::MAX));
        let until = life.map(|life| now.saturating_add(life));
        self.access.retain(|_, grant| grant.party != *party);
        let token = self.fresh();
        self.access.insert(token.clone(), Grant { party: party.clone(), until });
        token
    }

    fn grant_refresh(&mut self, party: &Party, account: &Account) -> String {
        if !account.reuse_refresh {
            self.refresh.retain(|_, grant| grant.party != *party);
        }
        let token = self.fresh();
        self.refresh.insert(token.clone(), Grant { party: party.clone(), until: None });
        token
    }

    /// Counts a call of a known caller, or refuses it.
    fn count(&mut self, party: Party, now: i64) -> Result<(), Denied> {
        let calls = self.calls.entry(party).or_default();
        calls.retain(|at| now.saturating_sub(*at) < WINDOW);
        if calls.len() >= QUOTA {
            return Err(Denied("070306", String::new()));
        }
        calls.push(now);
        Ok(())
    }

    fn user_id(&mut self, party: &Party) -> String {
        if let Some((id, _)) = self.users.iter().find(|(_, known)| *known == party) {
            return id.clone();
        }
        let id = self.fresh().to_ascii_uppercase();
        self.users.insert(id.clone(), party.clone());
        id
    }
}

/// `POST /accessToken`.
pub(crate) fn answer(shared: &Shared, request: &Request) -> Response {
    let form = request.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default();
    let result = if form.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        let fields: HashMap<String, String> = form_urlencoded::parse(&request.body).into_owned().collect();
        fetch(shared, &fields)
    } else {
        Err(Denied("070315", String::new()))
    };
    match result {
        Ok(object) => Response { committed: true, ..Response::json(&Value::Object(object)) },
        Err(Denied(code, value)) => {
            let said = description(shared, code);
            let said = if value.is_empty() { said } else { format!("{said}[{value}]") };
            Response::json(&json!({ "error": code, "error_description": said }))
        }
    }
}

fn description(shared: &Shared, code: &str) -> String {
    let hint = match code {
        "070304" => "Incorrect clientId",
        "070305" => "Incorrect clientSecret",
        "070306" => "The number of calls is limited",
        "070307" => "Incorrect appType",
        "070315" => "Incorrect content-type",
        other => return other.replace('_', " "),
    };
    // The platform's table writes the place of the value as [xxxx].
    shared.table.text(code, hint).split('[').next().unwrap_or(hint).to_owned()
}

fn fetch(shared: &Shared, fields: &HashMap<String, String>) -> Result<Map<String, Value>, Denied> {
    let field = |name: &str| fields.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let needed = |name: &str| field(name).ok_or_else(|| Denied("invalid_request", name.to_owned()));
    let (id, secret, grant) = (needed("client_id")?, needed("client_secret")?, needed("grant_type")?);
    let now = shared.clock.now();
    let mut state = shared.state();
    let tokens = &mut state.tokens;

    let refreshed = if grant == "refresh_token" { tokens.users.get(id).cloned() } else { None };
    let app_key = refreshed.as_ref().map_or(id, |party| party.app_key.as_str());
    let wrong_id = || Denied("070304", id.to_owned());
    let account = shared.options.accounts.iter().find(|account| account.app_key == app_key).ok_or_else(wrong_id)?;
    if account.app_secret != secret {
        return Err(Denied("070305", secret.to_owned()));
    }
    let self_use = account.role == Role::SelfUse;
    let whole_app = || Party { app_key: account.app_key.clone(), tax_num: String::new() };
    match (grant, &account.role) {
        ("client_credentials", Role::SelfUse) => {
            tokens.count(whole_app(), now)?;
            let tax_num = account.tax_nums.first().cloned().unwrap_or_default();
            let party = Party { app_key: account.app_key.clone(), tax_num };
            Ok(success(tokens.grant(&party, account, now), account))
        }
        ("authorization_code", Role::ServiceProvider { redirect_uri }) => {
            let (code, tax_num) = (needed("code")?, needed("taxNum")?);
            let party = Party { app_key: account.app_key.clone(), tax_num: tax_num.to_owned() };
            tokens.count(party.clone(), now)?;
            // A code is gone with its first use, whether it fitted or not.
            let known = tokens.codes.remove(code);
            let known = known.filter(|grant| grant.party == party && grant.until.is_none_or(|until| now < until));
            if known.is_none() || needed("redirect_uri")? != redirect_uri {
                return Err(Denied("invalid_grant", String::new()));
            }
            let mut object = success(tokens.grant(&party, account, now), account);
            let user = json!({ "userName": party.tax_num, "registerType": "1" });
            let refresh = tokens.grant_refresh(&party, account);
            object.insert("refresh_token".into(), refresh.into());
            object.insert("userId".into(), tokens.user_id(&party).into());
            let user = if account.oauth_user_object { user } else { user.to_string().into() };
            object.insert("oauthUser".into(), user);
            Ok(object)
        }
        ("refresh_token", Role::ServiceProvider { .. }) => {
            // The appKey is not accepted as client_id here: it must be the userId.
            let party = refreshed.clone().ok_or_else(wrong_id)?;
            let refresh = needed("refresh_token")?;
            tokens.count(party.clone(), now)?;
            if tokens.refresh.get(refresh).is_none_or(|grant| grant.party != party) {
                return Err(Denied("invalid_grant", String::new()));
            }
            let mut object = success(tokens.grant(&party, account, now), account);
            object.insert("refresh_token".into(), tokens.grant_refresh(&party, account).into());
            Ok(object)
        }
        ("client_credentials" | "authorization_code" | "refresh_token", _) => {
            if self_use {
                tokens.count(whole_app(), now)?;
            }
            Err(Denied("070307", String::new()))
        }
        _ => Err(Denied("unsupported_grant_type", String::new())),
    }
}

fn success(token: String, account: &Account) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("access_token".into(), token.into());
    let life = account.token_life.unwrap_or(0);
    let expires = match &account.expires_in {
        ExpiresIn::Number => Some(Value::from(life)),
        ExpiresIn::Text => Some(Value::from(life.to_string())),
        ExpiresIn::Absent => None,
        ExpiresIn::Json(text) => Some(serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str()))),
    };
    object.extend(expires.map(|value| ("expires_in".to_owned(), value)));
    object
}

/// `GET /authorize`: the merchant agrees at once and the browser is sent back.
///
/// An account with several merchants takes the one named by the extra parameter `taxnum`, else its first.
pub(crate) fn authorize(shared: &Shared, request: &Request) -> Response {
    let fields: HashMap<String, String> = form_urlencoded::parse(request.query().as_bytes()).into_owned().collect();
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let page = |what: &str| Response::html(400, crate::document::notice("授权失败", what));
    let account = shared.options.accounts.iter().find(|account| account.app_key == field("appKey"));
    let Some(account) = account else { return page("appKey 不存在") };
    let Role::ServiceProvider { redirect_uri } = &account.role else { return page("自用型应用不需要授权") };
    if field("response_type") != "code" {
        return page("response_type 只能是 code");
    }
    if field("redirect_uri") != redirect_uri {
        return page("redirect_uri 与应用登记的不一致");
    }
    let merchant = account.tax_nums.iter().find(|tax| field("taxnum").is_empty() || *tax == field("taxnum"));
    let Some(tax_num) = merchant else { return page("该应用没有可授权的企业") };
    let party = Party { app_key: account.app_key.clone(), tax_num: tax_num.clone() };
    let until = shared.clock.now().saturating_add(CODE_LIFE);
    let code = {
        let tokens = &mut shared.state().tokens;
        let code = tokens.fresh();
        tokens.codes.insert(code.clone(), Grant { party, until: Some(until) });
        code
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("code", &code);
    if let Some(opaque) = fields.get("state") {
        query.append_pair("state", opaque);
    }
    let query = query.append_pair("taxnum", tax_num).finish();
    let joint = if redirect_uri.contains('?') { '&' } else { '?' };
    let mut response = Response::html(302, crate::document::notice("授权成功", "正在返回应用"));
    // A configured address with control characters must not break the header.
    let safe: String = redirect_uri.chars().filter(|c| !c.is_control()).collect();
    response.location = Some(format!("{safe}{joint}{query}"));
    response.committed = true;
    response
}
