//! Numbers, durations and rates, read exactly: no binary fraction comes between the text and
//! what it means.

use commitsim_core::{Factor, Span};
use commitsim_rng::{Ratio, RatioError, Seed};
use commitsim_sim::Scale;

use crate::json::{Json, Value};
use crate::limits;
use crate::place::quoted;
use crate::reader::Reader;

/// What a duration looks like.
pub(crate) const DURATION: &str =
    "a text of a number and one of the units ns, us, ms, s, min, h, up to ten years";

const UNITS: [(&str, u64); 6] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// A non-negative decimal number: `digits` divided by ten to the `places`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Decimal {
    digits: u128,
    places: u32,
}

/// Why a number has no exact form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Inexact {
    TooFine,
    TooLarge,
}

impl Reader {
    /// A duration.
    pub(crate) fn duration(&mut self, json: &Json<'_>) -> Option<Span> {
        let text = match &json.value {
            Value::Text(text) => text,
            Value::Number(number) => {
                let hint = format!("write it as a text with a unit, as in \"{number}ms\"");
                self.refuse(json.place, "this duration has no unit", DURATION, hint);
                return None;
            }
            _ => {
                self.wrong_type(json, DURATION, "");
                return None;
            }
        };
        match read_duration(text) {
            Ok(span) => Some(span),
            Err((found, hint)) => {
                self.refuse(json.place, format!("{} {found}", quoted(text)), DURATION, hint);
                None
            }
        }
    }

    /// A duration of at least a nanosecond.
    pub(crate) fn some_time(&mut self, json: &Json<'_>) -> Option<Span> {
        let span = self.duration(json)?;
        if span == Span::ZERO {
            self.refuse(json.place, "this duration is zero", "a duration above zero", "");
            return None;
        }
        Some(span)
    }

    /// A duration that a run can reach.
    pub(crate) fn instant(&mut self, json: &Json<'_>) -> Option<Span> {
        let span = self.duration(json)?;
        match self.horizon {
            Some(horizon) if span > horizon => {
                let found = format!("{} lies behind the horizon", written(span));
                let allowed = format!("0 to {}, where the run is judged", written(horizon));
                self.refuse(json.place, found, allowed, "set `horizon` later");
                None
            }
            _ => Some(span),
        }
    }

    /// A size from 1 to `greatest`; beyond, the refusal says what so much would cost.
    pub(crate) fn size(
        &mut self,
        json: &Json<'_>,
        greatest: u64,
        cost: impl Fn(u128) -> String,
    ) -> Option<u64> {
        if let Value::Number(text) = json.value
            && let Ok(size) = text.parse::<u128>()
            && size > u128::from(greatest)
        {
            let found = format!("{text} is out of range: it would take {}", cost(size));
            let allowed = format!("a whole number from 1 to {greatest}");
            self.refuse(json.place, found, allowed, "");
            return None;
        }
        self.integer(json, 1, greatest)
    }

    /// A whole number within a range.
    pub(crate) fn integer(&mut self, json: &Json<'_>, least: u64, greatest: u64) -> Option<u64> {
        let allowed = match greatest - least {
            0 => format!("only {least}"),
            _ => format!("a whole number from {least} to {greatest}"),
        };
        let Value::Number(text) = json.value else {
            let hint = match &json.value {
                Value::Text(text) if text.parse::<u64>().is_ok() => "write it without quotes",
                _ => "",
            };
            self.wrong_type(json, &allowed, hint);
            return None;
        };
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text),
        };
        let whole = Decimal::read(digits).map(|decimal| decimal.times(1));
        let (found, hint) = match whole {
            Some(Ok(value)) if digits.parse() != Ok(value) => {
                let value = i128::from(value) * sign;
                (format!("{text} is not written in digits"), format!("write {value}"))
            }
            Some(Ok(value)) if sign == 1 && (least..=greatest).contains(&value) => {
                return Some(value);
            }
            Some(Err(Inexact::TooFine)) => {
                (format!("{} is not a whole number", quoted(text)), String::new())
            }
            _ => (format!("{} is out of range", quoted(text)), String::new()),
        };
        self.refuse(json.place, found.replace('"', ""), allowed, hint);
        None
    }

    /// A whole number from 1 on that fits 32 bits.
    pub(crate) fn count(&mut self, json: &Json<'_>) -> Option<u32> {
        self.integer(json, 1, u64::from(u32::MAX)).and_then(|count| u32::try_from(count).ok())
    }

    /// A share of messages or votes.
    pub(crate) fn rate(&mut self, json: &Json<'_>) -> Option<Ratio> {
        let allowed = "a number from 0 to 1, or a text like \"5%\", \"1/400\" or \"25ppm\"";
        let text = match &json.value {
            Value::Number(number) => number,
            Value::Text(text) => text.as_ref(),
            _ => {
                self.wrong_type(json, allowed, "");
                return None;
            }
        };
        let found = match text.parse::<Ratio>() {
            Ok(ratio) => return Some(ratio),
            Err(RatioError::Negative) => "is less than nothing",
            Err(RatioError::AboveOne) => "is more than everything",
            Err(RatioError::ZeroDenominator) => "divides by zero",
            Err(RatioError::TooPrecise) => "has more digits than can be kept exactly",
            Err(_) => "is not a rate",
        };
        self.refuse(json.place, format!("{} {found}", quoted(text)), allowed, "");
        None
    }

    /// What a wait grows by.
    pub(crate) fn factor(&mut self, json: &Json<'_>) -> Option<Factor> {
        self.fraction(json, "a number from 1 on, as in 2 or 1.5", Factor::new)
    }

    /// What a latency is multiplied by, or how fast a clock runs.
    pub(crate) fn scale(&mut self, json: &Json<'_>) -> Option<Scale> {
        self.fraction(json, "a number above 0, as in 10 or 0.5", Scale::new)
    }

    fn fraction<T>(
        &mut self,
        json: &Json<'_>,
        allowed: &str,
        make: fn(u32, u32) -> Option<T>,
    ) -> Option<T> {
        let Value::Number(text) = json.value else {
            self.wrong_type(json, allowed, "");
            return None;
        };
        let found = match Decimal::read(text).map(Decimal::fraction) {
            Some(Some((numerator, denominator))) => match make(numerator, denominator) {
                Some(made) => return Some(made),
                None => "is too small",
            },
            Some(None) => "cannot be kept exactly; use fewer digits",
            None => "is out of range",
        };
        let found = format!("{} {found}", quoted(text)).replace('"', "");
        self.refuse(json.place, found, allowed, "");
        None
    }

    /// A decimal number in millionths.
    pub(crate) fn millionths(&mut self, json: &Json<'_>, allowed: &str) -> Option<u64> {
        let Value::Number(text) = json.value else {
            self.wrong_type(json, allowed, "");
            return None;
        };
        let found = match Decimal::read(text).map(|decimal| decimal.times(1_000_000)) {
            Some(Ok(value)) => return Some(value),
            Some(Err(Inexact::TooFine)) => "has more than six decimal places",
            _ => "is out of range",
        };
        let found = format!("{} {found}", quoted(text)).replace('"', "");
        self.refuse(json.place, found, allowed, "");
        None
    }

    /// Where all chance comes from.
    pub(crate) fn seed(&mut self, json: &Json<'_>) -> Option<Seed> {
        const ALLOWED: &str =
            "decimal digits or the 40 hex digits of a commit, as a text, or a number below 2^53";
        if let Value::Text(text) = &json.value {
            let seed = text.parse().ok();
            if seed.is_none() {
                self.refuse(json.place, format!("{} is not a seed", quoted(text)), ALLOWED, "");
            }
            return seed;
        }
        if let Value::Number(text) = json.value
            && let Ok(number) = text.parse::<u64>()
        {
            if number >= 1 << 53 {
                let found = "other programs do not read a number this large exactly";
                let hint = format!("write it in quotes: \"{number}\"");
                self.refuse(json.place, found, ALLOWED, hint);
                return None;
            }
            return Some(Seed(number));
        }
        self.wrong_type(json, ALLOWED, "");
        None
    }
}

/// Reads a duration as scenarios write it.
///
/// # Errors
///
/// A few words that say what is wrong with it.
pub fn duration(text: &str) -> Result<Span, String> {
    read_duration(text).map_err(|(found, hint)| match hint {
        "" => format!("it {found}"),
        hint => format!("it {found}; {hint}"),
    })
}

/// A span in the greatest unit that expresses it in digits alone.
pub(crate) fn written(span: Span) -> String {
    let (unit, length) = UNITS
        .into_iter()
        .rev()
        .find(|(_, length)| span.0.is_multiple_of(*length))
        .filter(|_| span.0 > 0)
        .unwrap_or(("", 1));
    format!("{}{unit}", span.0 / length)
}

fn read_duration(text: &str) -> Result<Span, (&'static str, &'static str)> {
    if text == "0" {
        return Ok(Span::ZERO);
    }
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let Some((_, length)) = UNITS.into_iter().find(|(name, _)| *name == unit) else {
        return Err(match unit.trim() {
            _ if text.starts_with('-') => ("is negative", ""),
            "" => ("has no unit", "as in \"5ms\""),
            "sec" | "secs" | "seconds" | "S" => ("has no known unit", "write s for seconds"),
            "m" | "minutes" => ("has no known unit", "write min for minutes, ms for milliseconds"),
            "µs" | "μs" => ("has no known unit", "write us for microseconds"),
            trimmed if trimmed != unit && UNITS.iter().any(|(name, _)| *name == trimmed) => {
                ("has a blank in it", "write number and unit together")
            }
            _ => ("is not a duration", "as in \"5ms\" or \"1.5s\""),
        });
    };
    let Some(decimal) = Decimal::read(number) else {
        return Err(("is not a duration", "as in \"5ms\" or \"0.5s\""));
    };
    match decimal.times(length) {
        Ok(nanoseconds) if nanoseconds <= limits::SPAN.0 => Ok(Span(nanoseconds)),
        Ok(_) | Err(Inexact::TooLarge) => Err(("is longer than ten years", "")),
        Err(Inexact::TooFine) => Err(("is finer than a nanosecond", "round it")),
    }
}

impl Decimal {
    /// Reads a number by the grammar of JSON, but for its sign. None where it is no such number,
    /// or has more digits than any use of it.
    fn read(text: &str) -> Option<Decimal> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (units, fraction) = match mantissa.split_once('.') {
            Some((units, fraction)) if !fraction.is_empty() => (units, fraction),
            Some(_) => return None,
            None => (mantissa, ""),
        };
        if units.is_empty() || (units.len() > 1 && units.starts_with('0')) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        let mut digits: u128 = 0;
        for byte in units.bytes().chain(fraction.bytes()) {
            let digit = byte.is_ascii_digit().then(|| u128::from(byte - b'0'))?;
            digits = digits.checked_mul(10)?.checked_add(digit)?;
        }
        let places = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        if digits == 0 {
            return Some(Decimal { digits, places: 0 });
        }
        match u32::try_from(places) {
            Ok(places) => Some(Decimal { digits, places }),
            Err(_) => {
                let power = 10u128.checked_pow(places.unsigned_abs())?;
                Some(Decimal { digits: digits.checked_mul(power)?, places: 0 })
            }
        }
    }

    /// The number times `unit`, which must come out whole.
    fn times(self, unit: u64) -> Result<u64, Inexact> {
        let product = self.digits.checked_mul(u128::from(unit)).ok_or(Inexact::TooLarge)?;
        // Ten to a power beyond 128 bits divides no product but zero, which has no places.
        let divisor = 10u128.checked_pow(self.places).ok_or(Inexact::TooFine)?;
        if product % divisor != 0 {
            return Err(Inexact::TooFine);
        }
        u64::try_from(product / divisor).map_err(|_| Inexact::TooLarge)
    }

    /// The number as a fraction in lowest terms, where both parts fit.
    fn fraction(self) -> Option<(u32, u32)> {
        let denominator = 10u128.checked_pow(self.places)?;
        let divisor = greatest_common_divisor(self.digits, denominator);
        let narrow = |part: u128| u32::try_from(part / divisor).ok();
        Some((narrow(self.digits)?, narrow(denominator)?))
    }
}

/// The second number is positive, and so is the result.
fn greatest_common_divisor(mut first: u128, mut second: u128) -> u128 {
    while first != 0 {
        (first, second) = (second % first, first);
    }
    second
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_exact() {
        let cases = [
            ("0", 0),
            ("0ms", 0),
            ("1ns", 1),
            ("1.5ms", 1_500_000),
            ("0.000000001s", 1),
            ("1.50us", 1_500),
            ("2min", 120_000_000_000),
            ("87600h", limits::SPAN.0),
        ];
        for (text, nanoseconds) in cases {
            assert_eq!(read_duration(text), Ok(Span(nanoseconds)), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_durations() {
        let texts = [
            "",
            "5",
            "ms",
            ".5ms",
            "5.ms",
            "1e3ms",
            "05ms",
            "-1ms",
            "5 ms",
            "5m",
            "5µs",
            "5MS",
            "0.5ns",
            "87600.1h",
            "99999999999999999999999999999999999999999h",
            "1..5s",
            "５ms",
            "0.0000000000000000000000000000000000000000000000000000001s",
            " 5ms",
            "5ms ",
            "\0",
        ];
        for text in texts {
            assert!(read_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn spans_are_written_as_they_are_read() {
        for text in ["0", "1ns", "1500us", "90s", "2min", "1h", "61min"] {
            assert_eq!(written(read_duration(text).unwrap()), text);
        }
    }

    #[test]
    fn decimals_are_exact() {
        let fraction = |text| Decimal::read(text).and_then(Decimal::fraction);
        assert_eq!(fraction("1.5"), Some((3, 2)));
        assert_eq!(fraction("0.0"), Some((0, 1)));
        assert_eq!(fraction("1e3"), Some((1000, 1)));
        assert_eq!(fraction("2.5E-1"), Some((1, 4)));
        assert_eq!(fraction("1e-400"), None);
        assert_eq!(fraction("1e400"), None);
        assert_eq!(fraction("0e400"), Some((0, 1)));
        assert_eq!(fraction("3.0000000001"), None);
        assert_eq!(Decimal::read("1e99999999999"), None);
        assert_eq!(Decimal::read("-1"), None);
    }
}
