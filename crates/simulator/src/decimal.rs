//! Exact decimal numbers for money: a whole number of units at a scale, never a float.

use std::cmp::Ordering;

/// `units × 10^-scale`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimal {
    units: i128,
    scale: u32,
}

impl Decimal {
    pub(crate) const ZERO: Decimal = Decimal { units: 0, scale: 0 };
    pub(crate) const ONE: Decimal = Decimal { units: 1, scale: 0 };

    /// Reads `12`, `-0.50`, `+3.1`; at most 30 digits and 18 places, no exponent, no separators.
    pub(crate) fn parse(text: &str) -> Option<Decimal> {
        let (negative, digits) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() || (digits.contains('.') && places.is_empty()) {
            return None;
        }
        if whole.len() + places.len() > 30 || places.len() > 18 {
            return None;
        }
        let mut units: i128 = 0;
        for digit in whole.bytes().chain(places.bytes()) {
            if !digit.is_ascii_digit() {
                return None;
            }
            units = units * 10 + i128::from(digit - b'0');
        }
        Some(Decimal { units: if negative { -units } else { units }, scale: u32::try_from(places.len()).ok()? })
    }

    pub(crate) fn from_int(value: u32) -> Decimal {
        Decimal { units: i128::from(value), scale: 0 }
    }

    pub(crate) fn add(self, other: Decimal) -> Option<Decimal> {
        let (left, right, scale) = self.align(other)?;
        Some(Decimal { units: left.checked_add(right)?, scale })
    }

    pub(crate) fn sub(self, other: Decimal) -> Option<Decimal> {
        self.add(Decimal { units: -other.units, scale: other.scale })
    }

    pub(crate) fn mul(self, other: Decimal) -> Option<Decimal> {
        Some(Decimal { units: self.units.checked_mul(other.units)?, scale: self.scale + other.scale })
    }

    /// `self ÷ other`, rounded half up (away from zero) to `places`.
    pub(crate) fn div(self, other: Decimal, places: u32) -> Option<Decimal> {
        let up = places + other.scale;
        let (top, bottom) = if up >= self.scale {
            (self.units.checked_mul(power(up - self.scale)?)?, other.units)
        } else {
            (self.units, other.units.checked_mul(power(self.scale - up)?)?)
        };
        Some(Decimal { units: round_div(top, bottom)?, scale: places })
    }

    /// Rounded half up (away from zero) to `places`.
    pub(crate) fn round(self, places: u32) -> Option<Decimal> {
        self.div(Decimal::ONE, places)
    }

    pub(crate) fn abs(self) -> Decimal {
        Decimal { units: self.units.abs(), scale: self.scale }
    }

    pub(crate) fn is_zero(self) -> bool {
        self.units == 0
    }

    pub(crate) fn is_negative(self) -> bool {
        self.units < 0
    }

    /// Compares by value: `0.50` equals `0.5`.
    pub(crate) fn order(self, other: Decimal) -> Ordering {
        match self.align(other) {
            Some((left, right, _)) => left.cmp(&right),
            None => self.units.signum().cmp(&other.units.signum()),
        }
    }

    /// The whole part of `self ÷ other`, rounded up; both positive.
    pub(crate) fn times(self, other: Decimal) -> Option<i128> {
        let (top, bottom, _) = self.align(other)?;
        if bottom <= 0 {
            return None;
        }
        Some((top.checked_add(bottom - 1)?) / bottom)
    }

    /// As text with exactly `places` decimals.
    pub(crate) fn text(self, places: u32) -> Option<String> {
        let value = self.round(places)?;
        let digits = value.units.unsigned_abs().to_string();
        let wide = places as usize + 1;
        let digits = if digits.len() < wide { "0".repeat(wide - digits.len()) + &digits } else { digits };
        let (whole, rest) = digits.split_at(digits.len() - places as usize);
        let sign = if value.units < 0 { "-" } else { "" };
        Some(if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") })
    }

    fn align(self, other: Decimal) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        Some((
            self.units.checked_mul(power(scale - self.scale)?)?,
            other.units.checked_mul(power(scale - other.scale)?)?,
            scale,
        ))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.order(*other) == Ordering::Equal
    }
}

fn power(exponent: u32) -> Option<i128> {
    10i128.checked_pow(exponent)
}

fn round_div(top: i128, bottom: i128) -> Option<i128> {
    if bottom == 0 {
        return None;
    }
    let whole = top.checked_div(bottom)?;
    let rest = (top % bottom).unsigned_abs();
    if rest.checked_mul(2)? < bottom.unsigned_abs() {
        return Some(whole);
    }
    whole.checked_add(if (top < 0) == (bottom < 0) { 1 } else { -1 })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn reads_plain_decimals_only() {
        for good in ["0", "-0.50", "+1.2", "123456789012.12345678"] {
            assert!(Decimal::parse(good).is_some(), "{good}");
        }
        for bad in ["", "-", ".5", "1.", "1e3", "1,000", "１", " 1", "1.2.3", "--1", "0.1234567890123456789"] {
            assert!(Decimal::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn computes_exactly_and_rounds_half_up() {
        assert_eq!(d("0.1").add(d("0.2")).unwrap(), d("0.3"));
        assert_eq!(d("1").sub(d("1.01")).unwrap().text(2).unwrap(), "-0.01");
        assert_eq!(d("200.00").mul(d("0.13")).unwrap().div(d("1.13"), 2).unwrap().text(2).unwrap(), "23.01");
        assert_eq!(d("0.125").text(2).unwrap(), "0.13");
        assert_eq!(d("-0.125").text(2).unwrap(), "-0.13");
        assert_eq!(d("0.3").text(18).unwrap(), "0.300000000000000000");
        assert_eq!(d("25").times(d("10")).unwrap(), 3);
        assert_eq!(d("5").text(0).unwrap(), "5");
    }

    #[test]
    fn what_does_not_fit_is_none_not_a_panic() {
        let huge = d("999999999999999999999999999999");
        assert!(huge.mul(huge).is_none());
        assert!(d("1").div(Decimal::ZERO, 2).is_none());
    }
}
