//! Work orders.

use crate::client::*;
use crate::{BUYER, market};
use serde_json::{Value, json};

const CREATE: &str = "nuonuo.ElectronInvoice.createNewWorkOrder";
const DETAIL: &str = "nuonuo.ElectronInvoice.getNewWorkOrderDetailByWork";

fn envelope(data: &Value) -> Value {
    json!({ "requestTime": "20260105100000", "requestId": "r1", "appId": "NN_EXAMPLE", "version": "1.0", "data": data })
}

#[test]
fn a_work_order_waits_is_worked_on_and_is_done() {
    let simulator = market();
    let client = Client::new(&simulator);
    let data = json!({
        "templateNo": "T0001", "companyTaxNum": TAX, "businessCode": "dzfp", "priorityLevel": "2", "customerWorkNo": "CW-1",
        "detailList": [{ "attribute": "contact", "fieldValue": "张三" }],
    });
    let answer = client.call(CREATE, &envelope(&data));
    assert_eq!(
        (&answer["code"], &answer["message"], &answer["data"]["status"]),
        (&json!(200), &json!("成功"), &json!("1"))
    );
    let by = |data: Value| client.good(DETAIL, &envelope(&data));
    let own = by(json!({ "customerWorkNo": "CW-1" }));
    assert_eq!(
        (&own["workNo"], &own["detailList"], &own["priorityLevel"]),
        (&answer["data"]["workNo"], &data["detailList"], &json!("2"))
    );
    simulator.clock().advance(5_000);
    assert_eq!(by(json!({ "workNo": own["workNo"] }))["status"], "2");
    simulator.clock().advance(5_000);
    assert_eq!(by(json!({ "workNo": own["workNo"] }))["status"], "3");
    simulator.clock().advance(500_000);
    assert_eq!(by(json!({ "workNo": own["workNo"] }))["status"], "3");
    assert_eq!(client.refused(DETAIL, &envelope(&json!({ "workNo": "WO_0" }))).0, "E9531");
    assert_eq!(client.refused(DETAIL, &envelope(&json!({}))).0, "E4000");
    let other = Client::of(&simulator, BUYER);
    assert_eq!(other.refused(DETAIL, &envelope(&json!({ "customerWorkNo": "CW-1" }))).0, "E9531");
}
