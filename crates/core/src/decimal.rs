//! Exact decimal numbers: money, prices, quantities and rates, never a float.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::json::{FromJson, Json};

/// An exact decimal number that keeps its zeros: `"0"` and `"0.00"` are equal, yet each is written as it was read.
///
/// It holds up to 38 digits. There is no way in from a float.
///
/// ```
/// use nnopen::Decimal;
///
/// let price: Decimal = "3.50000000".parse().unwrap();
/// assert_eq!(price.to_string(), "3.50000000");
/// assert_eq!(price, "3.5".parse().unwrap());
/// assert!("1e3".parse::<Decimal>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Decimal {
    digits: i128,
    scale: u8,
}

/// The text is no plain decimal number: an optional `-`, digits, and perhaps a point with digits on both sides.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NotDecimal;

impl Decimal {
    /// `digits` divided by ten to the power of `scale`: `new(350, 2)` is `3.50`.
    pub const fn new(digits: i128, scale: u8) -> Self {
        Self { digits, scale }
    }

    /// How many decimal places it is written with.
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// Whether it is zero, however written.
    pub const fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// The exact sum, with the longer scale; `None` if it does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let digits = self.at_scale(scale)?.checked_add(other.at_scale(scale)?)?;
        Some(Self { digits, scale })
    }

    fn at_scale(self, scale: u8) -> Option<i128> {
        self.digits.checked_mul(10i128.checked_pow(u32::from(scale - self.scale))?)
    }

    /// The digits before the point, and those behind it without trailing zeros: equal for equal numbers.
    fn normal(self) -> (i128, u8) {
        let (mut digits, mut scale) = (self.digits, self.scale);
        while scale > 0 && digits % 10 == 0 {
            (digits, scale) = (digits / 10, scale - 1);
        }
        (digits, scale)
    }
}

impl FromStr for Decimal {
    type Err = NotDecimal;

    fn from_str(text: &str) -> Result<Self, NotDecimal> {
        let (negative, plain) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) || plain.ends_with('.') {
            return Err(NotDecimal);
        }
        let fraction = if plain.contains('.') { fraction } else { "" };
        let mut digits: i128 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            let next = digits.checked_mul(10).and_then(|sum| sum.checked_add(i128::from(digit - b'0')));
            digits = next.ok_or(NotDecimal)?;
        }
        let scale = u8::try_from(fraction.len()).map_err(|_| NotDecimal)?;
        Ok(Self { digits: if negative { -digits } else { digits }, scale })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let text = format!("{:0width$}", self.digits.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = text.split_at(text.len() - scale);
        let sign = if self.digits < 0 { "-" } else { "" };
        let point = if scale == 0 { "" } else { "." };
        write!(f, "{sign}{whole}{point}{fraction}")
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.normal() == other.normal()
    }
}

impl Eq for Decimal {}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let scale = self.scale.max(other.scale);
        match (self.at_scale(scale), other.at_scale(scale)) {
            (Some(ours), Some(theirs)) => ours.cmp(&theirs),
            // One of them does not fit at the common scale, so it is the farther from zero: its digits alone decide.
            (None, _) => self.digits.cmp(&0),
            (_, None) => 0.cmp(&other.digits),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromJson for Decimal {
    fn from_json(json: Json) -> Result<Self, Json> {
        match &json {
            Json::Number(text) | Json::Text(text) => text.parse().map_err(|_| json),
            _ => Err(json),
        }
    }
}

impl fmt::Display for NotDecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a plain decimal number")
    }
}

impl std::error::Error for NotDecimal {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_plain_decimal_is_refused() {
        for text in
            ["", "-", ".", ".5", "5.", "-.5", "+1", "1e3", "1E3", "１", "1,000", " 1", "1 ", "--1", "1-", "0x1", "NaN"]
        {
            assert_eq!(text.parse::<Decimal>(), Err(NotDecimal), "{text:?}");
        }
        assert!("1".repeat(38).parse::<Decimal>().is_ok());
        assert!("1".repeat(40).parse::<Decimal>().is_err());
    }

    #[test]
    fn sums_are_exact() {
        let sum = ["0.1", "0.2", "-0.30"]
            .iter()
            .try_fold(Decimal::default(), |sum, text| sum.checked_add(text.parse().ok()?));
        assert_eq!(sum.unwrap().to_string(), "0.00");
    }

    proptest! {
        #[test]
        fn text_comes_back_as_it_was(text in "-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,18})?") {
            let number: Decimal = text.parse().unwrap();
            let zero = text.trim_start_matches('-').bytes().all(|byte| matches!(byte, b'0' | b'.'));
            prop_assert_eq!(number.to_string(), if zero { text.trim_start_matches('-').to_owned() } else { text });
        }

        #[test]
        fn order_is_the_order_of_the_numbers(a in -10_000_000i64..10_000_000, b in -10_000_000i64..10_000_000, scale in 0u8..6) {
            let wide = Decimal::new(i128::from(b) * 100, scale + 2);
            prop_assert_eq!(Decimal::new(i128::from(a), scale).cmp(&wide), a.cmp(&b));
            prop_assert_eq!(Decimal::new(i128::from(a), scale) == wide, a == b);
        }
    }
}
