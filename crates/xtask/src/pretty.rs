//! The one format of JSON files: a value that fits stands on one line.

use serde_json::Value;

const WIDTH: usize = 110;

/// Prints a value that begins at `depth`; each level is indented by one blank.
pub(crate) fn pretty(value: &Value, depth: usize) -> String {
    let short = line(value);
    if short.chars().count() + depth <= WIDTH {
        return short;
    }
    let pad = format!("\n{}", " ".repeat(depth + 1));
    let end = &pad[..=depth];
    match value {
        Value::Object(members) if !members.is_empty() => {
            let rows = members.iter().map(|(name, value)| format!("{}: {}", text(name), pretty(value, depth + 1)));
            format!("{{{pad}{}{end}}}", rows.collect::<Vec<_>>().join(&format!(",{pad}")))
        }
        Value::Array(items) if !items.is_empty() => {
            let rows = items.iter().map(|item| pretty(item, depth + 1));
            format!("[{pad}{}{end}]", rows.collect::<Vec<_>>().join(&format!(",{pad}")))
        }
        _ => short,
    }
}

fn line(value: &Value) -> String {
    match value {
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let rows = members.iter().map(|(name, value)| format!("{}: {}", text(name), line(value)));
            format!("{{ {} }}", rows.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(line).collect::<Vec<_>>().join(", ")),
        Value::String(string) => text(string),
        other => other.to_string(),
    }
}

fn text(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_that_fits_stands_on_one_line() {
        assert_eq!(pretty(&json!({ "a": [1, "b"], "c": {} }), 0), r#"{ "a": [1, "b"], "c": {} }"#);
        let long = "x".repeat(WIDTH);
        assert_eq!(pretty(&json!({ "a": [long, []] }), 0), format!("{{\n \"a\": [\n  \"{long}\",\n  []\n ]\n}}"));
    }
}
