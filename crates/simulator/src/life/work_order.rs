//! Work orders: waiting, in work, done.

use super::{Answer, Ask, Handler, object};
use crate::State;
use crate::table::text_of;
use serde_json::{Map, Value};

pub(super) const METHODS: &[(&str, Handler)] = &[
    ("nuonuo.ElectronInvoice.createNewWorkOrder", create),
    ("nuonuo.ElectronInvoice.getNewWorkOrderDetailByWork", detail),
];

/// `workStatus` from one step to the next; the last one stays.
const STATES: [&str; 3] = ["1", "2", "3"];

#[derive(Debug)]
pub(crate) struct WorkOrder {
    owner: String,
    number: String,
    created: i64,
    data: Map<String, Value>,
}

fn data<'a>(ask: &Ask<'a>) -> Option<&'a Map<String, Value>> {
    ask.body.get("data").and_then(Value::as_object)
}

impl WorkOrder {
    /// The answer: what was told when it was made, and how it stands.
    fn told(&self, ask: &Ask<'_>) -> Value {
        let waited = ask.now.saturating_sub(self.created).max(0);
        let step = usize::try_from(waited / ask.life().work_order.max(1)).unwrap_or(usize::MAX);
        let mut told =
            object([("workNo", self.number.as_str().into()), ("status", STATES[step.min(STATES.len() - 1)].into())]);
        for name in ["customerWorkNo", "priorityLevel", "companyTaxNum", "companyName", "detailList"] {
            told.extend(self.data.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        Value::Object(told)
    }
}

fn create(ask: &Ask<'_>, state: &mut State) -> Answer {
    let orders = &mut state.work_orders;
    let number = format!("WO_{:014}{:09}", ask.now.max(0), orders.len() + 1);
    let data = data(ask).cloned().unwrap_or_default();
    let made = WorkOrder { owner: ask.caller().to_owned(), number, created: ask.now, data };
    let told = made.told(ask);
    orders.push(made);
    Ok(ask.done(told))
}

/// By the platform's number or by the caller's own; of several under the caller's number, the newest. What is answered
/// for one that is not there is not known: E9531 is assumed.
fn detail(ask: &Ask<'_>, state: &mut State) -> Answer {
    let text = |data: &Map<String, Value>, name: &str| text_of(data, name).unwrap_or_default();
    let (number, own) =
        data(ask).map_or_else(Default::default, |data| (text(data, "workNo"), text(data, "customerWorkNo")));
    let fits = |order: &&WorkOrder| {
        let same = if number.is_empty() { text(&order.data, "customerWorkNo") == own } else { order.number == number };
        order.owner == ask.caller() && same
    };
    let found = state.work_orders.iter().rev().find(fits);
    Ok(ask.tell(found.ok_or_else(|| ask.no("E9531", "申请信息不存在"))?.told(ask)))
}
