//! Days and times as they are written.

use super::value::is_integer;

/// `yyyy-MM-dd` and a day that exists.
pub(super) fn is_date(text: &str) -> bool {
    let Some([year, month, day]) = numbers(text, b"0000-00-00") else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// The day of a date, counted from long ago; written with dashes or without, a time perhaps behind it.
pub(super) fn day(text: &str) -> Option<i64> {
    if text.len() > 10 && !text.contains(' ') {
        return None;
    }
    let digits: String = text.chars().take(10).filter(char::is_ascii_digit).collect();
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (part(0, 4)?, part(4, 6).filter(|month| (1..=12).contains(month))?, part(6, 8)?);
    // Counted from March, so that a leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day)
}

/// `yyyy-MM-dd HH:mm:ss`, or milliseconds since 1970.
pub(super) fn is_time(text: &str) -> bool {
    if text.len() == 13 && is_integer(text) {
        return true;
    }
    let Some((date, time)) = text.split_once(' ') else { return false };
    let Some([hour, minute, second]) = numbers(time, b"00:00:00") else { return false };
    is_date(date) && hour < 24 && minute < 60 && second < 60
}

/// The three numbers of a text formed like `pattern`, in which `0` stands for a digit.
fn numbers(text: &str, pattern: &[u8]) -> Option<[u32; 3]> {
    let fits = text.len() == pattern.len()
        && text
            .bytes()
            .zip(pattern)
            .all(|(byte, like)| if *like == b'0' { byte.is_ascii_digit() } else { byte == *like });
    let mut parts = text.split(['-', ':']).map(|part| part.parse().ok());
    if fits { Some([parts.next()??, parts.next()??, parts.next()??]) } else { None }
}
