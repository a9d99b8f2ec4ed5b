use guides::*;

// BLOCK

fn main() {
    let mut kept = None;
    let push = "operater=callback&orderno=A-1&content=%7B%22c_orderno%22%3A%22A-1%22%7D";
    let answer = handle("application/x-www-form-urlencoded", push.as_bytes(), |push| kept = Some(push));
    assert!(answer.contains("0000"), "{answer}");
    assert_eq!(kept.and_then(|push| push.order_no().map(str::to_owned)).as_deref(), Some("A-1"));
    assert!(!handle("text/plain", b"\xff", |_| panic!("it can not be read")).contains("\"0000\""));
}
