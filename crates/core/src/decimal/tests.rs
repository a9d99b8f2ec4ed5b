//! Arithmetic against a school-book computation on digits, which shares nothing with the code.

use super::*;
use proptest::prelude::*;

#[test]
fn numbers_at_the_end_of_the_quick_way_are_written_as_the_others() {
    for text in [
        "999999999999999",
        "1000000000000000",
        "-9.99999999999999",
        "0.99999999999999",
        "9.999999999999999",
        "0.000000000000001",
        "0.00000000000000",
        "10.00000000000000",
    ] {
        assert_eq!(text.parse::<Decimal>().unwrap().to_string(), text);
    }
}

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
    let sum =
        ["0.1", "0.2", "-0.30"].iter().try_fold(Decimal::default(), |sum, text| sum.checked_add(text.parse().ok()?));
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

    #[test]
    fn sums_and_products_are_those_of_school(a in NUMBER, b in NUMBER) {
        let (x, y): (Decimal, Decimal) = (a.parse().unwrap(), b.parse().unwrap());
        let (p, q) = (School::read(&a), School::read(&b));
        prop_assert_eq!(School::read(&x.checked_add(y).unwrap().to_string()), p.plus(&q));
        prop_assert_eq!(School::read(&x.checked_sub(y).unwrap().to_string()), p.plus(&q.negative()));
        prop_assert_eq!(School::read(&x.checked_mul(y).unwrap().to_string()), p.times(&q));
        prop_assert_eq!(x.signum(), p.sign());
        prop_assert_eq!(School::read(&x.abs().to_string()), p.positive());
    }

    #[test]
    fn quotients_are_the_nearest_number_and_a_half_goes_away_from_zero(a in NUMBER, b in NUMBER, scale in 0u8..9) {
        let (x, y): (Decimal, Decimal) = (a.parse().unwrap(), b.parse().unwrap());
        prop_assume!(!y.is_zero());
        let quotient = x.checked_div(y, scale).unwrap();
        prop_assert_eq!(quotient.scale(), scale);
        let (p, q) = (School::read(&a), School::read(&b));
        prop_assert!(School::read(&quotient.to_string()).is_nearest(&p, &q, scale), "{} / {} = {}", a, b, quotient);
    }

    #[test]
    fn a_number_with_fewer_places_is_the_nearest_one(a in NUMBER, scale in 0u8..12) {
        let x: Decimal = a.parse().unwrap();
        let rescaled = x.rescale(scale).unwrap();
        prop_assert_eq!(rescaled.scale(), scale);
        let ours = School::read(&rescaled.to_string());
        prop_assert!(ours.is_nearest(&School::read(&a), &School::read("1"), scale), "{} with {} is {}", a, scale, rescaled);
    }

    #[test]
    fn what_does_not_fit_is_refused_and_never_wrong(a in any::<i128>(), b in any::<i128>(), s in 0u8..=255, t in 0u8..=255) {
        let (x, y) = (Decimal::new(a, s), Decimal::new(b, t));
        let _ = (x.checked_add(y), x.checked_sub(y), x.checked_mul(y), x.checked_div(y, t), x.rescale(t), x.abs(), -x);
        if let Some(back) = x.checked_add(y).and_then(|sum| sum.checked_sub(y)) {
            prop_assert_eq!(back, x);
        }
    }
}

#[test]
fn halves_go_away_from_zero() {
    for (text, scale, rounded) in [
        ("0.005", 2, "0.01"),
        ("-0.005", 2, "-0.01"),
        ("0.0049999999999999999999", 2, "0.00"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("1", 3, "1.000"),
    ] {
        assert_eq!(text.parse::<Decimal>().unwrap().rescale(scale).unwrap().to_string(), rounded);
    }
    assert_eq!(Decimal::new(1, 255).rescale(2).unwrap().to_string(), "0.00");
    assert_eq!(Decimal::new(i128::MAX, 0).rescale(1), None);
}

const NUMBER: &str = "-?(0|[1-9][0-9]{0,8})(\\.[0-9]{1,8})?";

/// A number as its digits, the last first.
#[derive(Clone, Debug)]
struct School {
    negative: bool,
    /// The value times ten to the power of 32.
    digits: Vec<u32>,
}

const PLACES: usize = 32;

impl School {
    fn read(text: &str) -> Self {
        let plain = text.trim_start_matches('-');
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
        let zeros = std::iter::repeat_n('0', PLACES - fraction.len());
        let digits: Vec<char> = whole.chars().chain(fraction.chars()).chain(zeros).collect();
        let digits = digits.iter().rev().map(|digit| digit.to_digit(10).unwrap()).collect();
        Self { negative: text.starts_with('-'), digits }.trimmed()
    }

    fn trimmed(mut self) -> Self {
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        self.negative &= !self.digits.is_empty();
        self
    }

    fn sign(&self) -> i32 {
        if self.digits.is_empty() { 0 } else { 1 - 2 * i32::from(self.negative) }
    }

    fn negative(&self) -> Self {
        Self { negative: !self.negative, digits: self.digits.clone() }.trimmed()
    }

    fn positive(&self) -> Self {
        Self { negative: false, digits: self.digits.clone() }
    }

    fn plus(&self, other: &Self) -> Self {
        if self.negative == other.negative {
            return Self { negative: self.negative, digits: add(&self.digits, &other.digits) }.trimmed();
        }
        let (large, small) = if less(&self.digits, &other.digits) { (other, self) } else { (self, other) };
        Self { negative: large.negative, digits: subtract(&large.digits, &small.digits) }.trimmed()
    }

    fn times(&self, other: &Self) -> Self {
        let mut digits = vec![0; self.digits.len() + other.digits.len() + 1];
        for (i, x) in self.digits.iter().enumerate() {
            for (j, y) in other.digits.iter().enumerate() {
                digits[i + j] += x * y;
            }
        }
        for at in 0..digits.len() - 1 {
            digits[at + 1] += digits[at] / 10;
            digits[at] %= 10;
        }
        let digits = digits.split_off(PLACES.min(digits.len()));
        Self { negative: self.negative != other.negative, digits }.trimmed()
    }

    /// Whether it is `above` over `below`, rounded to `scale` places: twice the distance, times `below`, is less than a
    /// unit, or just a unit and it is the one farther from zero.
    fn is_nearest(&self, above: &Self, below: &Self, scale: u8) -> bool {
        let unit = School::read(&match usize::from(scale) {
            0 => "1".to_owned(),
            places => format!("0.{}1", "0".repeat(places - 1)),
        });
        let distance = above.plus(&self.times(below).negative());
        let twice = distance.plus(&distance).positive();
        let one = unit.times(&below.positive());
        let farther = !less(&self.times(below).positive().digits, &above.positive().digits);
        less(&twice.digits, &one.digits) || twice.digits == one.digits && farther
    }
}

impl PartialEq for School {
    fn eq(&self, other: &Self) -> bool {
        (self.negative, &self.digits) == (other.negative, &other.digits)
    }
}

fn less(a: &[u32], b: &[u32]) -> bool {
    (a.len(), a.iter().rev().collect::<Vec<_>>()) < (b.len(), b.iter().rev().collect::<Vec<_>>())
}

fn add(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut carry = 0;
    let at = |digits: &[u32], at: usize| digits.get(at).copied().unwrap_or(0);
    (0..=a.len().max(b.len()))
        .map(|place| {
            let sum = at(a, place) + at(b, place) + carry;
            carry = sum / 10;
            sum % 10
        })
        .collect()
}

fn subtract(large: &[u32], small: &[u32]) -> Vec<u32> {
    let mut borrowed = 0;
    let digits = large.iter().enumerate().map(|(place, digit)| {
        let taken = small.get(place).copied().unwrap_or(0) + borrowed;
        borrowed = u32::from(*digit < taken);
        digit + 10 * borrowed - taken
    });
    digits.collect()
}
