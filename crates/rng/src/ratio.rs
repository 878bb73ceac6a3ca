//! Exact probabilities.

use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

/// A rational number from zero to one, in lowest terms.
///
/// Its text is a share `"1/400"`, a percentage `"0.5%"`, parts per million `"25ppm"`, or a decimal
/// number as JSON writes it, `"0.05"` or `"1e-3"`. All are taken exactly: `"0.1"` is one tenth.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: u64,
    denominator: u64,
}

/// Why a text or a pair of numbers is no [`Ratio`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RatioError {
    /// The text has none of the forms of a ratio.
    Malformed,
    /// The value is less than zero.
    Negative,
    /// The value is greater than one.
    AboveOne,
    /// The denominator is zero.
    ZeroDenominator,
    /// In lowest terms the denominator exceeds `u64::MAX`.
    TooPrecise,
}

impl Ratio {
    /// The probability of what never happens.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    /// The probability of what always happens.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// The quotient of two numbers.
    ///
    /// # Errors
    ///
    /// [`RatioError::ZeroDenominator`], or [`RatioError::AboveOne`] if the numerator is greater
    /// than the denominator.
    pub const fn new(numerator: u64, denominator: u64) -> Result<Self, RatioError> {
        Self::reduced(numerator as u128, denominator as u128)
    }

    /// The numerator in lowest terms.
    #[inline]
    #[must_use]
    pub const fn numerator(self) -> u64 {
        self.numerator
    }

    /// The denominator in lowest terms; positive, and one for zero and one.
    #[inline]
    #[must_use]
    pub const fn denominator(self) -> u64 {
        self.denominator
    }

    /// Whether this is exactly zero.
    #[inline]
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// Whether this is exactly one.
    #[inline]
    #[must_use]
    pub const fn is_one(self) -> bool {
        self.numerator == self.denominator
    }

    const fn reduced(numerator: u128, denominator: u128) -> Result<Self, RatioError> {
        if denominator == 0 {
            return Err(RatioError::ZeroDenominator);
        }
        if numerator > denominator {
            return Err(RatioError::AboveOne);
        }
        let divisor = greatest_common_divisor(numerator, denominator);
        let (numerator, denominator) = (numerator / divisor, denominator / divisor);
        if denominator > u64::MAX as u128 {
            return Err(RatioError::TooPrecise);
        }
        Ok(Self { numerator: numerator as u64, denominator: denominator as u64 })
    }
}

impl FromStr for Ratio {
    type Err = RatioError;

    /// Reads any of the forms; surrounding blanks are refused.
    fn from_str(text: &str) -> Result<Self, RatioError> {
        if let Some(magnitude) = text.strip_prefix('-') {
            // Only what is a number apart from its sign is reported as negative.
            return Err(match magnitude.parse::<Self>() {
                Err(RatioError::Malformed | RatioError::Negative) => RatioError::Malformed,
                _ => RatioError::Negative,
            });
        }
        if let Some((numerator, denominator)) = text.split_once('/') {
            return Self::new(whole(numerator)?, whole(denominator)?);
        }
        if let Some(percent) = text.strip_suffix('%') {
            return decimal(percent, 2);
        }
        if let Some(parts) = text.strip_suffix("ppm") {
            return decimal(parts, 6);
        }
        decimal(text, 0)
    }
}

impl fmt::Display for Ratio {
    /// Writes `0`, `1` or the share in lowest terms, which reads back as the same ratio.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.denominator == 1 {
            write!(f, "{}", self.numerator)
        } else {
            write!(f, "{}/{}", self.numerator, self.denominator)
        }
    }
}

impl fmt::Debug for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        let cross = |x: &Self, y: &Self| u128::from(x.numerator) * u128::from(y.denominator);
        cross(self, other).cmp(&cross(other, self))
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for RatioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => {
                "not a rate; write a number from 0 to 1, or a text like 5%, 1/400 or 25ppm"
            }
            Self::Negative => "the rate is negative; it must lie from 0 to 1",
            Self::AboveOne => "the rate is above 1; it must lie from 0 to 1 (or 0% to 100%)",
            Self::ZeroDenominator => "the rate divides by zero; give a positive denominator",
            Self::TooPrecise => "the rate has too many digits to be held exactly; round it",
        })
    }
}

impl core::error::Error for RatioError {}

/// Ten to this power still fits into 128 bits.
const MOST_PLACES: u32 = 38;

/// Reads an unsigned whole number, one side of a share.
fn whole(text: &str) -> Result<u64, RatioError> {
    if !are_digits(text) {
        return Err(RatioError::Malformed);
    }
    text.parse().map_err(|_| RatioError::TooPrecise)
}

/// Reads an unsigned number by the grammar of JSON and divides it by ten to the `places`.
fn decimal(text: &str, places: i64) -> Result<Ratio, RatioError> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, signed(exponent)?),
        None => (text, 0),
    };
    let (units, fraction) = match mantissa.split_once('.') {
        Some((units, fraction)) if are_digits(fraction) => (units, fraction),
        Some(_) => return Err(RatioError::Malformed),
        None => (mantissa, ""),
    };
    if !are_digits(units) || (units.len() > 1 && units.starts_with('0')) {
        return Err(RatioError::Malformed);
    }
    // Zeros at the end say nothing; without them "0.10000000000000000000" is not too long.
    let fraction = fraction.trim_end_matches('0');
    let mut numerator: u128 = 0;
    for digit in units.bytes().chain(fraction.bytes()) {
        numerator = numerator
            .checked_mul(10)
            .and_then(|tens| tens.checked_add(u128::from(digit - b'0')))
            .ok_or(RatioError::TooPrecise)?;
    }
    if numerator == 0 {
        return Ok(Ratio::ZERO);
    }
    scaled(numerator, exponent.saturating_sub(places).saturating_sub(fraction.len() as i64))
}

/// The ratio `numerator` times ten to the `exponent`; the numerator is positive.
fn scaled(mut numerator: u128, mut exponent: i64) -> Result<Ratio, RatioError> {
    while numerator.is_multiple_of(10) {
        numerator /= 10;
        exponent = exponent.saturating_add(1);
    }
    if exponent > 0 {
        return Err(RatioError::AboveOne);
    }
    // Beyond that many places no numerator reduces the denominator to 64 bits: at least one of
    // the prime factors two and five remains in full.
    let places = u32::try_from(exponent.unsigned_abs()).unwrap_or(u32::MAX);
    if places > MOST_PLACES {
        return Err(RatioError::TooPrecise);
    }
    Ratio::reduced(numerator, 10u128.pow(places))
}

/// Reads the exponent of a decimal number; an absurdly great one counts as the greatest.
fn signed(text: &str) -> Result<i64, RatioError> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if !are_digits(digits) {
        return Err(RatioError::Malformed);
    }
    Ok(sign * digits.parse().unwrap_or(i64::MAX))
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Both numbers are divisible by the result; the second is positive, and so is the result.
const fn greatest_common_divisor(mut first: u128, mut second: u128) -> u128 {
    while first != 0 {
        (first, second) = (second % first, first);
    }
    second
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    fn ratio(numerator: u64, denominator: u64) -> Ratio {
        Ratio::new(numerator, denominator).unwrap()
    }

    #[test]
    fn equal_values_are_equal() {
        assert_eq!(ratio(1, 2), ratio(2, 4));
        assert_eq!(ratio(0, 7), Ratio::ZERO);
        assert_eq!(ratio(7, 7), Ratio::ONE);
        assert_eq!(ratio(u64::MAX, u64::MAX), Ratio::ONE);
        assert!(ratio(1, 3) < ratio(1, 2));
        assert!(ratio(u64::MAX - 2, u64::MAX - 1) < ratio(u64::MAX - 1, u64::MAX));
        assert_eq!(Ratio::new(1, 0), Err(RatioError::ZeroDenominator));
        assert_eq!(Ratio::new(3, 2), Err(RatioError::AboveOne));
    }

    #[test]
    fn every_form_is_exact() {
        let cases = [
            ("0", Ratio::ZERO),
            ("1", Ratio::ONE),
            ("0.0", Ratio::ZERO),
            ("1.000", Ratio::ONE),
            ("0e999999999999999999999", Ratio::ZERO),
            ("5%", ratio(1, 20)),
            ("0.5%", ratio(1, 200)),
            ("1e-1%", ratio(1, 1000)),
            ("100%", Ratio::ONE),
            ("0%", Ratio::ZERO),
            ("1/400", ratio(1, 400)),
            ("0/1", Ratio::ZERO),
            ("1/18446744073709551615", ratio(1, u64::MAX)),
            ("25ppm", ratio(1, 40_000)),
            ("0.5ppm", ratio(1, 2_000_000)),
            ("1000000ppm", Ratio::ONE),
            ("0.05", ratio(1, 20)),
            ("0.1", ratio(1, 10)),
            ("0.10000000000000000000000000000000000000000000", ratio(1, 10)),
            ("1e-3", ratio(1, 1000)),
            ("2.5E-3", ratio(1, 400)),
            ("0.001e+2", ratio(1, 10)),
            ("1e0", Ratio::ONE),
            ("1e-19", ratio(1, 10_000_000_000_000_000_000)),
            ("0.0000000000000000002", ratio(1, 5_000_000_000_000_000_000)),
            ("10000000000000000000000e-22", Ratio::ONE),
        ];
        for (text, value) in cases {
            assert_eq!(text.parse(), Ok(value), "{text:?}");
            assert_eq!(value.to_string().parse(), Ok(value), "{value}");
        }
    }

    #[test]
    fn every_error_has_its_reason() {
        let cases = [
            ("1.0001", RatioError::AboveOne),
            ("2", RatioError::AboveOne),
            ("101%", RatioError::AboveOne),
            ("1000001ppm", RatioError::AboveOne),
            ("2/1", RatioError::AboveOne),
            ("1e400", RatioError::AboveOne),
            ("1e99999999999999999999", RatioError::AboveOne),
            ("1e-20", RatioError::TooPrecise),
            ("1e-400", RatioError::TooPrecise),
            ("1e-99999999999999999999", RatioError::TooPrecise),
            ("0.123456789012345678901", RatioError::TooPrecise),
            ("1/18446744073709551616", RatioError::TooPrecise),
            ("1/0", RatioError::ZeroDenominator),
            ("-0.5", RatioError::Negative),
            ("-5%", RatioError::Negative),
            ("-1/3", RatioError::Negative),
            ("-2", RatioError::Negative),
        ];
        for (text, error) in cases {
            assert_eq!(text.parse::<Ratio>(), Err(error), "{text:?}");
        }
    }

    #[test]
    fn everything_else_is_malformed() {
        let texts = [
            "", "-", "--1", "-x", "+1", " 1", "1 ", "%", "ppm", "/", "1/", "/2", "1/2/3", "1/2%",
            "0.5/1", "-1/-2", ".5", "5.", "05", "00", "1e", "1e+", "1e1.5", "e3", "0x1", "NaN",
            "inf", "1_000", "5 %", "5%%", "1,5", "é",
        ];
        for text in texts {
            assert_eq!(text.parse::<Ratio>(), Err(RatioError::Malformed), "{text:?}");
        }
    }
}
