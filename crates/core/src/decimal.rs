//! Exact decimal numbers: money, prices, quantities and rates, never a float.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Neg;
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

    /// The number without its point.
    pub(crate) const fn digits(self) -> i128 {
        self.digits
    }

    /// How many decimal places it is written with.
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// Whether it is zero, however written.
    pub const fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.digits < 0
    }

    /// Whether it may be a rate: not below zero, and less than one.
    pub(crate) fn is_fraction(self) -> bool {
        let one = power_of_ten(self.scale.into());
        self.digits >= 0 && one.is_none_or(|one| self.digits < one)
    }

    /// -1, 0 or 1: below zero, zero, above zero.
    pub const fn signum(self) -> i32 {
        match self.digits {
            0 => 0,
            1.. => 1,
            _ => -1,
        }
    }

    /// How far from zero it is, with the same scale.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self { digits: self.digits.saturating_abs(), scale: self.scale }
    }

    /// The exact sum, with the longer scale; `None` if it does not fit.
    #[inline(never)]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let digits = self.at_scale(scale)?.checked_add(other.at_scale(scale)?)?;
        Some(Self { digits, scale })
    }

    /// The exact difference, with the longer scale; `None` if it does not fit.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(-other)
    }

    /// The exact product; `None` if it does not fit. Its scale is that of both together, less zeros at the end where
    /// they would not fit.
    ///
    /// ```
    /// use nnopen::Decimal;
    ///
    /// let [price, num] = ["3.50", "0.100"].map(|text| text.parse::<Decimal>().unwrap());
    /// assert_eq!(price.checked_mul(num).unwrap().to_string(), "0.35000");
    /// ```
    #[inline(never)]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let product = |a: Self, b: Self| {
            Some(Self { digits: multiplied(a.digits, b.digits)?, scale: a.scale.checked_add(b.scale)? })
        };
        product(self, other).or_else(|| product(self.shortest(), other.shortest()))
    }

    /// The quotient with `scale` decimal places, half-up: a half goes away from zero. `None` if it does not fit, and
    /// for a division by zero.
    ///
    /// ```
    /// use nnopen::Decimal;
    ///
    /// let [one, three] = ["1", "3"].map(|text| text.parse::<Decimal>().unwrap());
    /// assert_eq!(one.checked_div(three, 4).unwrap().to_string(), "0.3333");
    /// assert_eq!(one.checked_div(Decimal::default(), 4), None);
    /// ```
    #[inline(never)]
    pub fn checked_div(self, other: Self, scale: u8) -> Option<Self> {
        let (above, below) = (self.shortest(), other.shortest());
        // digits / 10^s1 over digits / 10^s2, times 10^scale.
        let power = i32::from(scale) + i32::from(below.scale) - i32::from(above.scale);
        let shift = power_of_ten(power.unsigned_abs())?;
        let digits = match power {
            0.. => half_up(multiplied(above.digits, shift)?, below.digits)?,
            _ => half_up(above.digits, multiplied(below.digits, shift)?)?,
        };
        Some(Self { digits, scale })
    }

    /// The same number with `scale` decimal places, half-up: a half goes away from zero. `None` if it does not fit.
    ///
    /// ```
    /// use nnopen::Decimal;
    ///
    /// let rescaled = |text: &str| text.parse::<Decimal>().unwrap().rescale(2).unwrap().to_string();
    /// assert_eq!(rescaled("23.005"), "23.01");
    /// assert_eq!(rescaled("-23.005"), "-23.01");
    /// assert_eq!(rescaled("7"), "7.00");
    /// ```
    #[inline(never)]
    pub fn rescale(self, scale: u8) -> Option<Self> {
        if scale >= self.scale {
            return Some(Self { digits: self.at_scale(scale)?, scale });
        }
        match power_of_ten(u32::from(self.scale - scale)) {
            Some(unit) => Some(Self { digits: half_up(self.digits, unit)?, scale }),
            // No number that fits is half of such a unit.
            None => Some(Self { digits: 0, scale }),
        }
    }

    /// The same number without zeros at its end.
    pub(crate) fn shortest(self) -> Self {
        let (digits, scale) = self.normal();
        Self { digits, scale }
    }

    /// The digits as they are with `scale` decimal places, which is not shorter than the number's own.
    fn at_scale(self, scale: u8) -> Option<i128> {
        match scale.checked_sub(self.scale)? {
            0 => Some(self.digits),
            _ if self.digits == 0 => Some(0),
            more => multiplied(self.digits, power_of_ten(u32::from(more))?),
        }
    }

    /// The digits before the point, and those behind it without trailing zeros: equal for equal numbers.
    fn normal(self) -> (i128, u8) {
        let (mut digits, mut scale) = (self.digits, self.scale);
        while scale > 0 {
            let (rest, last) = divided(digits, 10);
            if last != 0 {
                break;
            }
            (digits, scale) = (rest, scale - 1);
        }
        (digits, scale)
    }
}

fn power_of_ten(power: u32) -> Option<i128> {
    const POWERS: [i128; 39] = {
        let mut powers = [1; 39];
        let mut at = 1;
        while at < powers.len() {
            powers[at] = powers[at - 1] * 10;
            at += 1;
        }
        powers
    };
    POWERS.get(power as usize).copied()
}

/// The product; two numbers that fit into 64 bits, as most do, never have too long a one.
fn multiplied(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => Some(i128::from(a) * i128::from(b)),
        _ => a.checked_mul(b),
    }
}

/// Quotient and remainder; most numbers fit into 64 bits, for which it takes a tenth of the time.
fn divided(above: i128, below: i128) -> (i128, i128) {
    match (i64::try_from(above), i64::try_from(below)) {
        (Ok(above), Ok(below)) if below > 0 => (i128::from(above / below), i128::from(above % below)),
        _ => (above / below, above % below),
    }
}

impl Neg for Decimal {
    type Output = Self;

    fn neg(self) -> Self {
        Self { digits: self.digits.saturating_neg(), scale: self.scale }
    }
}

/// A quotient of whole numbers; a half goes away from zero.
fn half_up(above: i128, below: i128) -> Option<i128> {
    if below == 0 || below == -1 && above == i128::MIN {
        return None;
    }
    let (whole, rest) = divided(above, below);
    let (rest, below_abs) = (rest.unsigned_abs(), below.unsigned_abs());
    let away = if (above < 0) == (below < 0) { 1 } else { -1 };
    if rest >= below_abs - rest { whole.checked_add(away) } else { Some(whole) }
}

impl FromStr for Decimal {
    type Err = NotDecimal;

    fn from_str(text: &str) -> Result<Self, NotDecimal> {
        let bytes = text.as_bytes();
        let (negative, plain) = bytes.strip_prefix(b"-").map_or((false, bytes), |rest| (true, rest));
        if plain.len() <= MOST_SHORT {
            return Self::short(plain, negative);
        }
        // Hardly any number has more digits than the short sum takes.
        let (mut short, mut long) = (0u64, 0i128);
        let (mut count, mut point) = (0, None);
        for (at, byte) in plain.iter().enumerate() {
            match byte {
                b'0'..=b'9' if count < MOST_SHORT => short = short * 10 + u64::from(byte - b'0'),
                b'0'..=b'9' => {
                    let sum = if count == MOST_SHORT { i128::from(short) } else { long };
                    let next = sum.checked_mul(10).and_then(|sum| sum.checked_add(i128::from(byte - b'0')));
                    long = next.ok_or(NotDecimal)?;
                }
                b'.' if point.is_none() && at > 0 && at + 1 < plain.len() => {
                    point = Some(at);
                    continue;
                }
                _ => return Err(NotDecimal),
            }
            count += 1;
        }
        if count == 0 {
            return Err(NotDecimal);
        }
        let digits = if count <= MOST_SHORT { i128::from(short) } else { long };
        let scale = u8::try_from(point.map_or(0, |at| plain.len() - at - 1)).map_err(|_| NotDecimal)?;
        Ok(Self { digits: if negative { -digits } else { digits }, scale })
    }
}

/// So many digits fit into 64 bits.
const MOST_SHORT: usize = 18;

impl Decimal {
    /// Reads a number without its sign that fits into 64 bits.
    fn short(plain: &[u8], negative: bool) -> Result<Self, NotDecimal> {
        let (mut digits, mut point) = (0i64, plain.len());
        for (at, byte) in plain.iter().enumerate() {
            match byte.wrapping_sub(b'0') {
                digit @ 0..=9 => digits = digits * 10 + i64::from(digit),
                _ if *byte == b'.' && point == plain.len() && at > 0 && at + 1 < plain.len() => point = at,
                _ => return Err(NotDecimal),
            }
        }
        if plain.is_empty() {
            return Err(NotDecimal);
        }
        let scale = plain.len().saturating_sub(point + 1) as u8;
        Ok(Self { digits: (if negative { -digits } else { digits }).into(), scale })
    }

    /// The same as `to_string`, without the detour through a formatter.
    pub(crate) fn text(self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    /// The longest that is mostly written.
    pub(crate) const LONGEST: usize = 17;

    pub(crate) fn write(self, out: &mut String) {
        let scale = usize::from(self.scale);
        let mut rest = match u64::try_from(self.digits.unsigned_abs()) {
            Ok(short) if short < 1_000_000_000_000_000 && scale < 15 => short,
            _ => return self.write_long(out),
        };
        // Fifteen digits and a point fit into one number, each byte put before those behind it.
        let mut text = 0u128;
        let mut length = 0;
        let mut put = |byte: u8| {
            text = text << 8 | u128::from(byte);
            length += 1;
        };
        for _ in 0..scale {
            put(b'0' + (rest % 10) as u8);
            rest /= 10;
        }
        if scale > 0 {
            put(b'.');
        }
        loop {
            put(b'0' + (rest % 10) as u8);
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if self.digits < 0 {
            out.push('-');
        }
        out.push_str(str::from_utf8(&text.to_le_bytes()).map_or("", |text| &text[..length]));
    }

    fn write_long(self, out: &mut String) {
        let scale = usize::from(self.scale);
        let digits = format!("{:0>1$}", self.digits.unsigned_abs(), scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        out.push_str(if self.digits < 0 { "-" } else { "" });
        out.push_str(whole);
        out.push_str(if scale > 0 { "." } else { "" });
        out.push_str(fraction);
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Decimal {}

impl Ord for Decimal {
    #[inline(never)]
    fn cmp(&self, other: &Self) -> Ordering {
        if self.scale == other.scale {
            return self.digits.cmp(&other.digits);
        }
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
mod tests;
