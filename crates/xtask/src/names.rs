//! Names on the wire made into names in Rust.

/// `bField1` → `b_field1`, `IDCard` → `id_card`.
pub(crate) fn snake(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, char) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let starts_word = char.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase()
                    || before.is_ascii_digit()
                    || before.is_ascii_uppercase() && chars.get(at + 1).is_some_and(char::is_ascii_lowercase)
            });
        if starts_word {
            out.push('_');
        }
        out.push(if char.is_ascii_alphanumeric() { char.to_ascii_lowercase() } else { '_' });
    }
    if out.starts_with(|char: char| char.is_ascii_digit()) { format!("_{out}") } else { out }
}

/// `request_billing_new` → `RequestBillingNew`.
pub(crate) fn pascal(stem: &str) -> String {
    let mut out = String::new();
    for word in stem.split('_') {
        let mut chars = word.chars();
        out.extend(chars.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(chars.as_str());
    }
    out
}

/// `request_billing_new` → `requestBillingNew`.
pub(crate) fn camel(stem: &str) -> String {
    let pascal = pascal(stem);
    let mut chars = pascal.chars();
    chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
}

/// `invoiceLine` → `INVOICE_LINE`.
pub(crate) fn upper(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}

/// The names of a struct's fields, one for each name on the wire; no two alike.
pub(crate) fn fields<'a>(wire: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken: Vec<String> = vec!["extra".to_owned()];
    for name in wire {
        let plain = snake(name);
        let mut unique = plain.clone();
        let mut copies = 1;
        while taken.contains(&unique) {
            copies += 1;
            unique = format!("{plain}_{copies}");
        }
        taken.push(unique);
    }
    taken.split_off(1).into_iter().map(word).collect()
}

/// A name that Rust takes even if it is one of its own words.
pub(crate) fn word(name: String) -> String {
    match name.as_str() {
        "self" | "super" | "crate" | "_" => format!("{name}_"),
        keyword if KEYWORDS.contains(&keyword) => format!("r#{name}"),
        _ => name,
    }
}

/// A letter, then letters, digits and underscores.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.starts_with(|char: char| char.is_ascii_alphabetic())
        && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_')
}

/// An identifier that is snake_case: `query_invoice_result`.
pub(crate) fn is_snake(name: &str) -> bool {
    is_identifier(name) && name.chars().all(|char| !char.is_ascii_uppercase()) && word(name.to_owned()) == name
}

/// An identifier without underscores that begins with a capital: `InvoiceLine`.
pub(crate) fn is_pascal(name: &str) -> bool {
    is_identifier(name) && name.starts_with(|char: char| char.is_ascii_uppercase()) && !name.contains('_')
}

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_on_the_wire_become_names_in_rust() {
        let cases = [
            ("bField1", "b_field1"),
            ("salerTaxNum", "saler_tax_num"),
            ("IDCard", "id_card"),
            ("orderNO", "order_no"),
            ("c_fpdm", "c_fpdm"),
            ("3d", "_3d"),
        ];
        for (wire, rust) in cases {
            assert_eq!(snake(wire), rust);
        }
        assert_eq!(pascal("request_billing_new"), "RequestBillingNew");
    }

    #[test]
    fn no_two_fields_are_called_alike() {
        let names = fields(["type", "orderNo", "orderNO", "extra", "self"].into_iter());
        assert_eq!(names, ["r#type", "order_no", "order_no_2", "extra_2", "self_"]);
    }
}
