//! The simulator's table: the whole model as JSON.

use serde_json::{Map, Value, json};

use crate::ir::{Api, Method, Push};
use crate::output::Files;
use crate::pretty::pretty;

const FILE: &str = "crates/simulator/src/table.json";

pub(crate) fn print(api: &Api, files: &mut Files) -> Result<(), String> {
    let enums = api.enums.iter().map(|set| Ok((set.name.clone(), value(set)?)));
    let methods = api.methods.iter().map(|method| self::method(api, method));
    let table = json!({
        "generated": "by `cargo xtask gen` from api/",
        "platform": value(&api.platform)?,
        "enums": enums.collect::<Result<Map<_, _>, String>>()?,
        "codes": value(&api.codes)?,
        "fail_causes": value(&api.fail_causes)?,
        "methods": methods.collect::<Result<Vec<_>, _>>()?,
        "pushes": api.pushes.iter().map(push).collect::<Result<Vec<_>, _>>()?,
    });
    files.insert(FILE.to_owned(), format!("{}\n", pretty(&table, 0)));
    Ok(())
}

pub(crate) fn method(api: &Api, method: &Method) -> Result<Value, String> {
    let shapes = method.shapes.iter().map(|shape| Ok((shape.name.clone(), value(&shape.fields)?)));
    let examples = method.examples.iter().map(|example| {
        let mut told = json!({ "title": value(&example.title)?, "params": example.params });
        if let Some(reply) = &example.reply {
            told["status"] = example.status.into();
            told["reply"] = reply.clone();
        }
        Ok(told)
    });
    Ok(json!({
        "name": method.name,
        "group": method.group,
        "stem": method.stem,
        "title": value(&method.title)?,
        "effect": value(&method.effect)?,
        "raw": method.raw,
        "simulated": value(&method.simulated)?,
        "success": api.success(method),
        "oneOf": method.one_of,
        "oneOfRefused": method.one_of_refused,
        "params": value(&method.params)?,
        "result": method.result.to_string(),
        "shapes": shapes.collect::<Result<Map<_, _>, String>>()?,
        "examples": examples.collect::<Result<Vec<_>, String>>()?,
        "poll": value(&method.poll)?,
        "settle": value(&method.settle)?,
    }))
}

pub(crate) fn push(push: &Push) -> Result<Value, String> {
    let model = &push.model;
    let shapes = model.shapes.iter().map(|shape| Ok((shape.name.clone(), value(&shape.fields)?)));
    let examples = push.examples.iter().map(|told| Ok(json!({ "title": value(&told.title)?, "push": told.push })));
    Ok(json!({
        "name": model.name,
        "stem": model.stem,
        "title": value(&model.title)?,
        "outer": value(&model.params)?,
        "shapes": shapes.collect::<Result<Map<_, _>, String>>()?,
        "answer": value(&push.answer)?,
        "orderNo": push.order_no,
        "serialNo": push.serial_no,
        "billNo": push.bill_no,
        "status": value(&push.status)?,
        "documented": value(&push.documented)?,
        "confirm": value(&push.confirm)?,
        "examples": examples.collect::<Result<Vec<_>, String>>()?,
    }))
}

pub(crate) fn value(from: &impl serde::Serialize) -> Result<Value, String> {
    serde_json::to_value(from).map_err(|error| error.to_string())
}
