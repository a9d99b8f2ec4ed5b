//! Numbers, dates and times. A text that is none of them as it should be stays what it is.

use pyo3::exceptions::{PyArithmeticError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDateTime, PyDelta, PyInt, PyString, PyType, PyTzInfo};

use super::Form;

/// Python itself refuses to read an int of more digits, in some releases.
const MOST_DIGITS: usize = 4_000;

/// What a text or a number of the answer is by its form; nothing, if it is none of its kind.
pub(super) fn read<'py>(py: Python<'py>, token: &str, form: &Form) -> PyResult<Option<Bound<'py, PyAny>>> {
    match form {
        Form::Json | Form::List(_) | Form::Shape(_) => Ok(None),
        Form::Text => Ok(Some(PyString::new(py, token).into_any())),
        _ if token.is_empty() => Ok(Some(py.None().into_bound(py))),
        Form::Decimal if is_number(token) => decimal(py, token),
        Form::Integer if is_number(token) => integer(py, token),
        Form::Decimal | Form::Integer => Ok(None),
        Form::Date => date(py, token),
        Form::Time => time(py, token),
    }
}

/// A number that the model knows nothing of: without point and exponent an int, any other a Decimal with its zeros.
pub(super) fn number<'py>(py: Python<'py>, token: &str) -> PyResult<Bound<'py, PyAny>> {
    let whole = if token.len() > MOST_DIGITS { None } else { integer(py, token)? };
    match whole {
        Some(number) => Ok(number),
        None => Ok(decimal(py, token)?.unwrap_or_else(|| PyString::new(py, token).into_any())),
    }
}

/// Whether it is a number as JSON writes it: Python takes `NaN`, `1_000` and `１２` too.
fn is_number(token: &str) -> bool {
    fn digits(text: &str) -> Option<&str> {
        let rest = text.trim_start_matches(|digit: char| digit.is_ascii_digit());
        (rest.len() < text.len()).then_some(rest)
    }
    fn rest(token: &str) -> Option<&str> {
        let rest = digits(token.strip_prefix('-').unwrap_or(token))?;
        let rest = rest.strip_prefix('.').map_or(Some(rest), digits)?;
        let exponent = rest.strip_prefix(['e', 'E']).map(|power| power.strip_prefix(['+', '-']).unwrap_or(power));
        exponent.map_or(Some(rest), digits)
    }
    rest(token) == Some("")
}

fn decimal<'py>(py: Python<'py>, token: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    tried(py, DECIMAL.import(py, "decimal", "Decimal")?.call1((token,)))
}

fn integer<'py>(py: Python<'py>, token: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    match token.parse::<i64>() {
        Ok(number) => Ok(Some(PyInt::new(py, number).into_any())),
        Err(_) if token.contains(['.', 'e', 'E']) => Ok(None),
        Err(_) => tried(py, py.get_type::<PyInt>().call1((token,))),
    }
}

fn date<'py>(py: Python<'py>, token: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    static DATE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    tried(py, DATE.import(py, "datetime", "date")?.call_method1("fromisoformat", (token,)))
}

/// Milliseconds or seconds since 1970, or `yyyy-MM-dd HH:mm:ss` in China's time.
fn time<'py>(py: Python<'py>, token: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    static CHINA: PyOnceLock<Py<PyTzInfo>> = PyOnceLock::new();
    static EPOCH: PyOnceLock<Py<PyDateTime>> = PyOnceLock::new();
    let millis = match (is_digits(token), token.len(), token.parse::<i64>()) {
        (true, 10, Ok(seconds)) => seconds * 1000,
        (true, 13, Ok(millis)) => millis,
        _ => {
            let Some((year, [month, day, hour, minute, second])) = clock(token) else { return Ok(None) };
            let china = CHINA.import(py, "nnopen._values", "CHINA")?;
            let time = PyDateTime::new(py, year, month, day, hour, minute, second, 0, Some(china));
            return tried(py, time.map(Bound::into_any));
        }
    };
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let (days, rest) = (millis / DAY, millis % DAY);
    let since = PyDelta::new(py, days as i32, (rest / 1000) as i32, (rest % 1000 * 1000) as i32, false)?;
    Ok(Some(EPOCH.import(py, "nnopen._values", "EPOCH")?.add(since)?))
}

/// The six numbers of `yyyy-MM-dd HH:mm:ss`, with or without a zero in front of the last five.
fn clock(token: &str) -> Option<(i32, [u8; 5])> {
    fn three(text: &str, separator: char) -> Option<[&str; 3]> {
        let mut parts = text.split(separator);
        let three = [parts.next()?, parts.next()?, parts.next()?];
        parts.next().is_none().then_some(three)
    }
    fn short(part: &str) -> Option<u8> {
        ((1..=2).contains(&part.len()) && is_digits(part)).then(|| part.parse().ok())?
    }
    let (date, time) = token.split_once(' ')?;
    let ([year, month, day], [hour, minute, second]) = (three(date, '-')?, three(time.trim_start(), ':')?);
    let year = (year.len() == 4 && is_digits(year)).then(|| year.parse().ok())??;
    Some((year, [short(month)?, short(day)?, short(hour)?, short(minute)?, short(second)?]))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What Python made of it; nothing, if it said that it can't be.
fn tried<'py>(py: Python<'py>, made: PyResult<Bound<'py, PyAny>>) -> PyResult<Option<Bound<'py, PyAny>>> {
    match made {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_instance_of::<PyValueError>(py) || error.is_instance_of::<PyArithmeticError>(py) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
