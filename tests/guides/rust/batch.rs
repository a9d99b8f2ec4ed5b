use guides::*;

fn record(event: BatchEvent) {
    assert!(matches!(event, BatchEvent::Done { .. }), "{event:?}");
    println!("{event:?}");
}

fn main() -> Result<(), Anything> {
    let session = session();
    let submitted_at = now();
    drive(session.call_json("nuonuo.OpeMplatform.requestBillingNew", &order_json())?, 0)?;
    let order_no = "NN2026092200001";
    // BLOCK
    Ok(())
}
