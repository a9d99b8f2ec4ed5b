use guides::*;

fn replace_file(name: &str, text: &str) -> std::io::Result<()> {
    std::fs::write(format!("{name}.fresh"), text)?;
    std::fs::rename(format!("{name}.fresh"), name)
}

fn main() -> Result<(), Anything> {
    let order_no = "NN2026092200001".to_owned();
    let mut call = session().settle_json("nuonuo.OpeMplatform.requestBillingNew", &order_json())?;
    let mut kept = String::new();
    // BLOCK
    assert!(std::fs::read_to_string(order_no)?.contains("NN2026092200001"));
    Ok(())
}
