//! The model as JSON, for pages and tools that show methods, fields and codes to people: the npm package hands it on.

use serde_json::{Map, Value, json};

use crate::ir::{Api, Method, Push};
use crate::output::Files;
use crate::pretty::pretty;
use crate::table::{self, value};

const FILE: &str = "bindings/web/model.json";

/// What the simulator alone needs.
const NOT_SHOWN: [&str; 5] = ["simulated", "oneOfRefused", "success", "documented", "stem"];

pub(crate) fn print(api: &Api, files: &mut Files) -> Result<(), String> {
    let groups = api.groups().into_iter().map(|group| Ok((group.to_owned(), value(&api.group_title(group))?)));
    let enums = api.enums.iter().map(|set| Ok((set.name.clone(), value(set)?)));
    let rules = api.rules.iter().map(|rule| {
        let told = json!({ "zh": rule.zh, "en": rule.en, "severity": value(&rule.severity)?, "code": rule.code });
        Ok((format!("R{}", rule.number), told))
    });
    let model = json!({
        "generated": "by `cargo xtask gen` from api/",
        "groups": groups.collect::<Result<Map<_, _>, String>>()?,
        "methods": api.methods.iter().map(|method| self::method(api, method)).collect::<Result<Vec<_>, String>>()?,
        "pushes": api.pushes.iter().map(push).collect::<Result<Vec<_>, String>>()?,
        "enums": enums.collect::<Result<Map<_, _>, String>>()?,
        "rules": rules.collect::<Result<Map<_, _>, String>>()?,
    });
    files.insert(FILE.to_owned(), format!("{}\n", pretty(&model, 0)));
    Ok(())
}

fn method(api: &Api, method: &Method) -> Result<Value, String> {
    let mut told = shown(table::method(api, method)?);
    told["doc"] = value(&method.doc)?;
    told["order"] = value(&method.order)?;
    told["poll"] = method.poll.is_some().into();
    told["settle"] = method.settle.is_some().into();
    Ok(told)
}

fn push(push: &Push) -> Result<Value, String> {
    let mut told = shown(table::push(push)?);
    told["doc"] = value(&push.model.doc)?;
    Ok(told)
}

fn shown(mut told: Value) -> Value {
    if let Some(members) = told.as_object_mut() {
        members.retain(|name, _| !NOT_SHOWN.contains(&name.as_str()));
    }
    told
}
