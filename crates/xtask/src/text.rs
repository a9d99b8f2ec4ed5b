//! Texts made fit for Markdown and for Rust.

use crate::ir::Words;

/// One line of Markdown: what looks like markup is shown as it is, pairs of backticks and addresses are code.
pub(crate) fn markdown(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.matches('`').count() % 2 == 1 {
        return plain(&text.replace('`', "'"));
    }
    let parts = text.split('`').enumerate();
    let line: String = parts.map(|(at, part)| if at % 2 == 1 { format!("`{part}`") } else { plain(part) }).collect();
    let (digits, rest) = line.split_at(line.len() - line.trim_start_matches(|char: char| char.is_ascii_digit()).len());
    if starts_a_block(digits, rest) { format!("{digits}\\{rest}") } else { line }
}

/// A cell of a table.
pub(crate) fn cell(text: &str) -> String {
    markdown(text).replace('|', "\\|")
}

/// Chinese first, English beside it.
pub(crate) fn both(words: &Words) -> String {
    format!("{} · {}", markdown(&words.zh), markdown(&words.en))
}

/// A text in backticks; an empty one is shown as a pair of quotes.
pub(crate) fn code(text: &str) -> String {
    if text.is_empty() { "`\"\"`".to_owned() } else { format!("`{text}`") }
}

/// A Rust string literal.
pub(crate) fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => out.extend(['\\', char]),
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{ad}' | '\u{feff}' => {
                out.extend(char.escape_unicode());
            }
            char if char.is_control() => out.extend(char.escape_default()),
            char => out.push(char),
        }
    }
    out.push('"');
    out
}

fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("http://").into_iter().chain(rest.find("https://")).min() {
        let (before, address) = rest.split_at(at);
        let end =
            address.find(|char: char| !char.is_ascii_graphic() || ",;)\"'".contains(char)).unwrap_or(address.len());
        escape(before, &mut out);
        out.push_str(&format!("`{}`", &address[..end]));
        rest = &address[end..];
    }
    escape(rest, &mut out);
    out
}

fn escape(text: &str, out: &mut String) {
    for char in text.chars() {
        if "[]<>*\\".contains(char) {
            out.push('\\');
        }
        out.push(char);
    }
}

/// Whether a line that begins with `digits` would begin a list or a heading.
fn starts_a_block(digits: &str, rest: &str) -> bool {
    if digits.is_empty() {
        rest.starts_with(['-', '+', '#', '='])
    } else {
        rest.starts_with(". ") || rest.starts_with(") ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_markup_is_shown_as_it_is() {
        assert_eq!(markdown("a list<text> of [x]"), "a list\\<text\\> of \\[x\\]");
        assert_eq!(markdown("see `a<b>` at http://x.test/y"), "see `a<b>` at `http://x.test/y`");
        assert_eq!(cell("- a|b"), "\\- a\\|b");
    }
}
