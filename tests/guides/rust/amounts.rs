use guides::*;

fn main() -> Result<(), Anything> {
    // BLOCK
    println!("{}", parts.len());
    assert_eq!(filled.get("invoiceDetail").map(|lines| lines.items().len()), Some(1));
    Ok(())
}
