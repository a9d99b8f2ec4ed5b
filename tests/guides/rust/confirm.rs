use guides::*;

// BLOCK

fn main() -> Result<(), Anything> {
    let session = session();
    drive(session.settle_json("nuonuo.OpeMplatform.requestBillingNew", &order_json())?, 0)?;
    let push = "operater=callback&orderno=NN2026092200001&content=%7B%22c_orderno%22%3A%22NN2026092200001%22%7D";
    let push = Push::read("application/x-www-form-urlencoded", push.as_bytes())?;
    assert_eq!(confirm(&session, &push, 0)?.items().len(), 1);
    Ok(())
}
