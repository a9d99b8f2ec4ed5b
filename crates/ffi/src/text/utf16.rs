//! Texts in UTF-16, for hosts whose texts are that.

use nnopen::Json;

use crate::params::plain;

/// A value as [`exact`](super::exact) text, in UTF-16: for hosts whose texts are that.
pub fn exact_utf16(json: &Json) -> Vec<u16> {
    let mut out = Vec::with_capacity(256);
    write_exact(json, &mut out);
    out
}

fn write_exact(json: &Json, out: &mut Vec<u16>) {
    match json {
        Json::Null => write_utf16("null", out),
        Json::Bool(value) => write_utf16(if *value { "true" } else { "false" }, out),
        Json::Number(text) | Json::Text(text) => write_string(text, out),
        Json::List(items) => write_parts(['[', ']'], items, out, write_exact),
        Json::Object(members) => write_parts(['{', '}'], members, out, |(name, value), out| {
            write_string(name, out);
            out.push(unit(':'));
            write_exact(value, out);
        }),
    }
}

fn write_parts<T>([begin, end]: [char; 2], parts: &[T], out: &mut Vec<u16>, write: impl Fn(&T, &mut Vec<u16>)) {
    out.push(unit(begin));
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            out.push(unit(','));
        }
        write(part, out);
    }
    out.push(unit(end));
}

fn write_string(text: &str, out: &mut Vec<u16>) {
    if plain(text.as_bytes()) < text.len() {
        return write_utf16(&Json::from(text).to_string(), out);
    }
    out.push(unit('"'));
    write_utf16(text, out);
    out.push(unit('"'));
}

/// A text as UTF-16.
pub fn utf16(text: &str) -> Vec<u16> {
    let mut out = Vec::new();
    write_utf16(text, &mut out);
    out
}

/// Most of a text is ASCII, which is taken eight bytes at a time. There is never more than one unit for a byte: the room is
/// made first, and what is left of it given back.
fn write_utf16(text: &str, out: &mut Vec<u16>) {
    let start = out.len();
    out.resize(start + text.len(), 0);
    let (mut rest, mut room) = (text, &mut out[start..]);
    while let Some(next) = rest.chars().next() {
        let (taken, told) = match (rest.as_bytes().first_chunk::<8>(), room.first_chunk_mut::<8>()) {
            (Some(eight), Some(units)) if eight.is_ascii() => {
                *units = eight.map(u16::from);
                (8, 8)
            }
            _ => (next.len_utf8(), next.encode_utf16(room).len()),
        };
        (rest, room) = (&rest[taken..], &mut room[told..]);
    }
    let unused = room.len();
    out.truncate(out.len() - unused);
}

/// A text that came as UTF-16; half of a pair becomes U+FFFD.
pub fn from_utf16(units: &[u16]) -> String {
    let (mut bytes, mut end) = (Vec::new(), 0);
    let mut rest = units;
    while let Some(&first) = rest.first() {
        // Half as much again as ASCII takes: enough for most.
        if bytes.len() < end + 8 {
            bytes.resize(end + rest.len() + rest.len() / 2 + 8, 0);
        }
        let room = &mut bytes[end..];
        let (taken, told) = match (rest.first_chunk::<8>(), room.first_chunk_mut::<8>()) {
            (Some(&[a, b, c, d, e, f, g, h]), Some(ascii)) if a | b | c | d | e | f | g | h < 0x80 => {
                *ascii = [a as u8, b as u8, c as u8, d as u8, e as u8, f as u8, g as u8, h as u8];
                (8, 8)
            }
            // One of those just before a character of another script.
            _ if first < 0x80 => {
                room[0] = first as u8;
                (1, 1)
            }
            _ => {
                let pair = || char::decode_utf16(rest.iter().copied().take(2)).next()?.ok();
                let next = char::from_u32(first.into()).or_else(pair).unwrap_or(char::REPLACEMENT_CHARACTER);
                (next.len_utf16(), next.encode_utf8(room).len())
            }
        };
        (rest, end) = (&rest[taken..], end + told);
    }
    bytes.truncate(end);
    String::from_utf8(bytes).unwrap_or_default()
}

/// An ASCII character's.
fn unit(character: char) -> u16 {
    character as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_is_that_of_the_standard_library() {
        let long = "开票\u{10ffff}".repeat(50) + &"26092210000000".repeat(20);
        for text in ["", "a", "示", "a示例b", "\u{10ffff}x\u{80}\u{7f}", "开票完成（最终状态） 26092210000000", &long]
        {
            let units: Vec<_> = text.encode_utf16().collect();
            assert_eq!((utf16(text), from_utf16(&units)), (units, text.to_owned()));
        }
        for units in [&[0xd800][..], &[0xdc00, 0x61], &[0xd83d, 0xde00, 0xd83d], &[0xd83d, 0x793a], &[0xffff, 0xe000]] {
            assert_eq!(from_utf16(units), String::from_utf16_lossy(units));
        }
    }
}
