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

/// A JSON text in which no character hides: marks and blanks of all kinds are escaped.
fn text(text: &str) -> String {
    let mut out = String::new();
    for char in Value::String(text.to_owned()).to_string().chars() {
        if HIDDEN.iter().any(|range| range.contains(&char)) {
            let mut units = [0; 2];
            out.extend(char.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            out.push(char);
        }
    }
    out
}

const HIDDEN: &[std::ops::RangeInclusive<char>] = &[
    '\u{7f}'..='\u{a0}',
    '\u{ad}'..='\u{ad}',
    '\u{300}'..='\u{36f}',
    '\u{2000}'..='\u{200f}',
    '\u{2028}'..='\u{202f}',
    '\u{205f}'..='\u{206f}',
    '\u{3000}'..='\u{3000}',
    '\u{e000}'..='\u{f8ff}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{feff}'..='\u{feff}',
];

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn no_character_hides() {
        assert_eq!(pretty(&json!("全\u{3000}角 \u{feff}"), 0), r#""全\u3000角 \ufeff""#);
    }

    #[test]
    fn a_value_that_fits_stands_on_one_line() {
        assert_eq!(pretty(&json!({ "a": [1, "b"], "c": {} }), 0), r#"{ "a": [1, "b"], "c": {} }"#);
        let long = "x".repeat(WIDTH);
        assert_eq!(pretty(&json!({ "a": [long, []] }), 0), format!("{{\n \"a\": [\n  \"{long}\",\n  []\n ]\n}}"));
    }
}
