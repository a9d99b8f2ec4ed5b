//! `nnopen authorize-url` and `authorize-return`: a merchant's authorisation of a service provider.

use std::io::Read;

use nnopen::Returned;

use crate::ask::success;
use crate::drive::{Driver, stamp};
use crate::settings::Settings;
use crate::show::object;
use crate::trouble::Trouble;
use crate::words::{note, say};
use crate::{Done, finish, token};

/// The address of the page to send the merchant to.
pub(crate) fn url(redirect_uri: &str, state: Option<&str>, json: bool) -> u8 {
    let made = || -> Result<Done, Trouble> {
        let state = match state {
            Some(state) => state.to_owned(),
            None => stamp()?.senid(),
        };
        let url = Settings::load()?.session()?.authorize_url(redirect_uri, &state)?;
        if !json {
            note(&format!("state: {state}"));
        }
        Ok(Done::new(success(object([("url", url.as_str().into()), ("state", state.as_str().into())])), vec![url]))
    };
    finish(made(), json)
}

/// Redeems what the merchant's browser brought back, read from the standard input.
pub(crate) fn redeem(redirect_uri: &str, state: &str, without_state: bool, json: bool) -> u8 {
    finish(try_redeem(redirect_uri, state, without_state), json)
}

fn try_redeem(redirect_uri: &str, state: &str, without_state: bool) -> Result<Done, Trouble> {
    let settings = Settings::load()?;
    let driver = Driver::new(&settings)?;
    let mut returned = String::new();
    std::io::stdin()
        .lock()
        .read_to_string(&mut returned)
        .map_err(|error| Trouble::file(std::path::Path::new("stdin"), &error))?;
    let authorization = match driver.session.read_return(returned.trim(), state)? {
        Returned::Granted(authorization) => authorization,
        Returned::WithoutState(authorization) if without_state => authorization,
        Returned::WithoutState(_) => {
            return Err(Trouble::input(
                say("回调地址里没有 state", "the return holds no state"),
                "确知来源无误时加 --without-state",
                "Add --without-state if you know where it comes from",
            ));
        }
    };
    let ours = settings.get("NNOPEN_TAX_NUM").unwrap_or_default().to_owned();
    let theirs = authorization.tax_num.clone().unwrap_or_else(|| ours.clone());
    if theirs != ours {
        return Err(Trouble::input(
            format!("{} {theirs}, NNOPEN_TAX_NUM = {ours}", say("授权的商户税号是", "the merchant who agreed is")),
            "令牌按商户分别保存：把 NNOPEN_TAX_NUM 设为该商户的税号后重试",
            "Tokens are kept for each merchant: set NNOPEN_TAX_NUM to this one and try again",
        ));
    }
    driver.run(&mut driver.session.sign_in(authorization.grant(&theirs, redirect_uri))?)?;
    token::report(&driver, false)
}
