//! Tokens: the grants, their errors, the quota, and the authorisation of a service provider.
#![allow(clippy::unwrap_used)]

mod client;

use client::*;
use nnopen_simulator::{Account, ExpiresIn, Options, Simulator};
use serde_json::{Value, json};

const BACK: &str = "https://isv.example/return?from=nuonuo";

fn provider() -> Account {
    Account::service_provider("SD00000002", "SD00000000000002", BACK, &[TAX, "339901999999199"])
}

fn with(account: Account) -> Simulator {
    start(Options { accounts: vec![account], ..Options::default() })
}

fn credentials(secret: &str) -> [(&str, &str); 3] {
    [("client_id", KEY), ("client_secret", secret), ("grant_type", "client_credentials")]
}

/// Goes through the authorize page; gives the code.
fn authorize(simulator: &Simulator, extra: &str) -> String {
    let back: String = form_urlencoded::byte_serialize(BACK.as_bytes()).collect();
    let target = format!("/authorize?appKey=SD00000002&response_type=code&redirect_uri={back}&state=a%26b{extra}");
    let answer = get(simulator, &target);
    assert_eq!(answer.status, 302);
    let location = answer.header("location").unwrap();
    let query = location.strip_prefix(&format!("{BACK}&")).unwrap();
    let names: Vec<String> = form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["code", "state", "taxnum"]);
    assert!(query.contains("state=a%26b"));
    form_urlencoded::parse(query.as_bytes()).next().unwrap().1.into_owned()
}

fn redeem(simulator: &Simulator, code: &str, tax: &str, back: &str) -> Value {
    let fields = [
        ("client_id", "SD00000002"),
        ("client_secret", "SD00000000000002"),
        ("code", code),
        ("taxNum", tax),
        ("redirect_uri", back),
        ("grant_type", "authorization_code"),
    ];
    token(simulator, &fields)
}

fn refresh(simulator: &Simulator, id: &str, refresh: &str) -> Value {
    let fields = [
        ("client_id", id),
        ("client_secret", "SD00000000000002"),
        ("refresh_token", refresh),
        ("grant_type", "refresh_token"),
    ];
    token(simulator, &fields)
}

#[test]
fn a_self_use_app_gets_a_token_for_a_day() {
    let simulator = simulator();
    let answer = token(&simulator, &credentials(SECRET));
    assert_eq!(answer.as_object().unwrap().len(), 2);
    assert_eq!(answer["access_token"].as_str().unwrap().len(), 32);
    assert_eq!(answer["expires_in"], 86_400);
    let client = Client::new(&simulator);
    simulator.clock().advance(86_399_000);
    assert_eq!(client.query("none")["code"], "E9500");
    simulator.clock().advance(1_000);
    assert_eq!(client.query("none")["code"], "070301");
}

#[test]
fn a_new_token_voids_the_old_one() {
    let simulator = simulator();
    let (old, new) = (Client::new(&simulator), Client::new(&simulator));
    assert_eq!(old.query("none")["code"], "070301");
    assert_eq!(new.query("none")["code"], "E9500");
}

#[test]
fn refusals_have_the_platforms_codes_and_echo_as_it_does() {
    let simulator = simulator();
    let said = |answer: &Value| (answer["error"].as_str().unwrap().to_owned(), answer["error_description"].clone());
    let wrong_id = [("client_id", "nobody"), ("client_secret", SECRET), ("grant_type", "client_credentials")];
    assert_eq!(said(&token(&simulator, &wrong_id)), ("070304".into(), "Incorrect clientId[nobody]".into()));
    let answer = token(&simulator, &credentials("guess"));
    assert_eq!(said(&answer), ("070305".into(), "Incorrect clientSecret[guess]".into()));
    let wrong_grant =
        [("client_id", KEY), ("client_secret", SECRET), ("grant_type", "refresh_token"), ("refresh_token", "x")];
    assert_eq!(said(&token(&simulator, &wrong_grant)), ("070307".into(), "Incorrect appType".into()));
    let json = post(&simulator, "/accessToken", "application/json", "{}").unwrap();
    assert_eq!((json.status, said(&json.json())), (200, ("070315".into(), "Incorrect content-type".into())));
    let missing = token(&simulator, &[("client_id", KEY)]);
    assert_eq!(missing["error"], "invalid_request");
}

#[test]
fn the_51st_call_in_30_days_is_refused() {
    let simulator = simulator();
    for _ in 0..50 {
        assert!(token(&simulator, &credentials(SECRET)).get("access_token").is_some());
        simulator.clock().advance(1_000);
    }
    let answer = token(&simulator, &credentials(SECRET));
    assert_eq!(
        (answer["error"].as_str(), answer["error_description"].as_str()),
        (Some("070306"), Some("The number of calls is limited"))
    );
    simulator.clock().set(NOW + 30 * 86_400_000 - 1);
    assert_eq!(token(&simulator, &credentials(SECRET))["error"], "070306");
    simulator.clock().advance(1);
    assert!(token(&simulator, &credentials(SECRET)).get("access_token").is_some());
    assert_eq!(token(&simulator, &credentials(SECRET))["error"], "070306");
}

#[test]
fn expires_in_and_oauth_user_come_in_all_shapes() {
    let cases = [
        (Account { expires_in: ExpiresIn::Text, ..Account::default() }, json!("86400")),
        (Account { expires_in: ExpiresIn::Json("-1".into()), ..Account::default() }, json!(-1)),
        (Account { expires_in: ExpiresIn::Absent, ..Account::default() }, Value::Null),
        (Account::default().permanent(), Value::Null),
    ];
    for (account, expected) in cases {
        assert_eq!(token(&with(account), &credentials(SECRET))["expires_in"], expected);
    }
    let simulator = with(Account { oauth_user_object: true, ..provider() });
    let answer = redeem(&simulator, &authorize(&simulator, ""), TAX, BACK);
    assert_eq!(answer["oauthUser"], json!({ "userName": TAX, "registerType": "1" }));
}

#[test]
fn permanent_and_fixed_tokens_never_end() {
    let simulator = with(Account { fixed_token: Some("forever".into()), ..Account::default().permanent() });
    let client = Client::new(&simulator);
    simulator.clock().advance(400 * 86_400_000);
    assert_eq!(client.query("none")["code"], "E9500");
    let fixed =
        Client { simulator: &simulator, token: "forever".into(), account: [KEY, SECRET, TAX].map(str::to_owned) };
    assert_eq!(fixed.query("none")["code"], "E9500");
}

#[test]
fn a_service_provider_is_authorised_calls_and_refreshes() {
    let simulator = with(provider());
    let code = authorize(&simulator, "&taxnum=339901999999199");
    let answer = redeem(&simulator, &code, "339901999999199", BACK);
    let names: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(names, ["access_token", "expires_in", "refresh_token", "userId", "oauthUser"]);
    let user: Value = serde_json::from_str(answer["oauthUser"].as_str().unwrap()).unwrap();
    assert_eq!(user["userName"], "339901999999199");

    let call = |token: &Value, tax: &str| {
        let call = Call {
            app_key: "SD00000002".into(),
            secret: "SD00000000000002".into(),
            tax: tax.into(),
            ..Call::new(token.as_str().unwrap(), QUERY, &json!({ "orderNos": ["none"] }))
        };
        call.send(&simulator)["code"].clone()
    };
    assert_eq!(call(&answer["access_token"], "339901999999199"), "E9500");
    assert_eq!(call(&answer["access_token"], TAX), "070401");
    assert_eq!(call(&answer["access_token"], ""), "0201");

    let (id, first) = (answer["userId"].as_str().unwrap(), answer["refresh_token"].as_str().unwrap());
    assert_eq!(refresh(&simulator, "SD00000002", first)["error"], "070304");
    let second = refresh(&simulator, id, first);
    assert!(second.get("userId").is_none() && second["refresh_token"] != first);
    assert_eq!(call(&answer["access_token"], "339901999999199"), "070301");
    assert_eq!(call(&second["access_token"], "339901999999199"), "E9500");
    assert_eq!(refresh(&simulator, id, first)["error"], "invalid_grant");
}

#[test]
fn a_code_is_redeemed_once_by_whom_it_was_made_for() {
    let simulator = with(provider());
    let code = authorize(&simulator, "");
    assert_eq!(redeem(&simulator, &code, "339901999999199", BACK)["error"], "invalid_grant");
    assert_eq!(redeem(&simulator, &code, TAX, BACK)["error"], "invalid_grant");
    let code = authorize(&simulator, "");
    assert_eq!(redeem(&simulator, &code, TAX, "https://isv.example/other")["error"], "invalid_grant");
    let code = authorize(&simulator, "");
    assert!(redeem(&simulator, &code, TAX, BACK).get("access_token").is_some());
    assert_eq!(redeem(&simulator, &code, TAX, BACK)["error"], "invalid_grant");
    let code = authorize(&simulator, "");
    simulator.clock().advance(600_000);
    assert_eq!(redeem(&simulator, &code, TAX, BACK)["error"], "invalid_grant");
}

#[test]
fn the_authorize_page_refuses_what_is_not_registered() {
    let simulator = start(Options { accounts: vec![provider(), Account::default()], ..Options::default() });
    for query in [
        "appKey=nobody&response_type=code&redirect_uri=x",
        "appKey=SD00000001&response_type=code&redirect_uri=x",
        "appKey=SD00000002&response_type=code&redirect_uri=https://evil.example/",
        "appKey=SD00000002&response_type=token&redirect_uri=x",
    ] {
        let answer = get(&simulator, &format!("/authorize?{query}"));
        assert_eq!(answer.status, 400);
        assert!(answer.header("location").is_none());
    }
}

#[test]
fn secrets_stay_out_of_debug_and_of_the_admin_record() {
    let simulator = with(provider());
    let code = authorize(&simulator, "");
    let answer = redeem(&simulator, &code, TAX, BACK);
    redeem(&simulator, "guessed-code", TAX, BACK);
    let fields = [("client_id", "SD00000002"), ("client_secret", "wrong-secret"), ("grant_type", "authorization_code")];
    token(&simulator, &fields);
    post(&simulator, "/accessToken", "application/json", r#"{"client_secret":"SD00000000000002"}"#).unwrap();
    let bearer = answer["access_token"].as_str().unwrap();
    let mut call = Call::new(bearer, QUERY, &json!({ "orderNos": ["none"] }));
    (call.app_key, call.secret) = ("SD00000002".into(), "SD00000000000002".into());
    call.send(&simulator);

    let shown = format!("{:?} {:?}", simulator.requests(), simulator);
    let admin = get(&simulator, "/_simulator/requests").text();
    let secrets = [
        "SD00000000000002",
        "wrong-secret",
        "guessed-code",
        &code,
        bearer,
        answer["refresh_token"].as_str().unwrap(),
        &call.signature(),
    ];
    for secret in secrets {
        assert!(!shown.contains(secret) && !admin.contains(secret), "{secret}");
    }
    let last = simulator.requests().pop().unwrap();
    assert_eq!(last.header("accessToken"), Some("[hidden]"));
    assert!(last.raw_headers().iter().any(|(name, value)| name == "accessToken" && value == bearer));
}
