use guides::*;

fn issue(service_url: String, token_url: String) -> Result<Json, Error> {
    drive(session_at(service_url, token_url).settle_json("nuonuo.OpeMplatform.requestBillingNew", &order_json())?, 0)
}

fn main() -> Result<(), Anything> {
    // BLOCK
    Ok(())
}
