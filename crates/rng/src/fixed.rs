//! Logarithm, normal quantile and exponential function in fixed point.
//!
//! Unless said otherwise a number is held as its multiple of 2^-32.

use crate::tables::{MINUS_LN, NORMAL, POWER};

/// The natural logarithm of two.
const LN_2: u64 = 2_977_044_472;
/// The binary logarithm of Euler's number.
const LOG2_E: i64 = 6_196_328_019;
/// One itself.
const ONE: i64 = 1 << 32;
/// The greatest bit below the point, added to round to the nearest.
const HALF: u64 = 1 << 31;
/// The bits below the point.
const FRACTION: u64 = 0xffff_ffff;

/// The exponential variate of mean one that belongs to `word`: -ln(word / 2^64).
///
/// It falls from 64 ln 2 (about 44.4) at the words 0 and 1 to 0 at the last word. The worst error
/// is 2e-6, that of interpolating the logarithm linearly over 256 steps per octave.
#[inline]
pub(crate) fn exponential(word: u64) -> u64 {
    // The logarithm of zero does not exist; the lowest bit is too small to matter elsewhere.
    let word = word | 1;
    let octave = word.leading_zeros();
    let mantissa = word << octave;
    let step = ((mantissa >> 55) & 0xff) as usize;
    let fraction = (mantissa >> 23) & FRACTION;
    let (from, to) = (u64::from(MINUS_LN[step]), u64::from(MINUS_LN[step + 1]));
    u64::from(octave) * LN_2 + from - (((from - to) * fraction + HALF) >> 32)
}

/// The standard normal variate that belongs to `word`: the quantile at word / 2^64.
///
/// It rises from about -9.1 at the first word to 9.1 at the last; the worst error is 5e-6.
#[inline]
pub(crate) fn normal(word: u64) -> i64 {
    // Twice the probability of the nearer tail is uniform too, and its logarithm is the scale on
    // which the quantile is smooth.
    let upper = (word >> 63).wrapping_neg();
    let z = normal_beyond(exponential((word << 1) ^ upper));
    if upper == 0 { -z } else { z }
}

/// The z beyond which a standard normal variate lies with probability exp(-`depth`) / 2.
///
/// Cubic interpolation, by Newton's forward differences through the four nearest entries.
#[inline]
fn normal_beyond(depth: u64) -> i64 {
    let step = (depth >> 28) as usize;
    let fraction = ((depth & 0xfff_ffff) << 4) as i64;
    let [y0, y1, y2, y3] = [NORMAL[step], NORMAL[step + 1], NORMAL[step + 2], NORMAL[step + 3]];
    let (first, second, third) = (y1 - y0, y2 - 2 * y1 + y0, y3 - 3 * y2 + 3 * y1 - y0);
    // The entries start one step before zero, hence one is added to the fraction.
    let linear = fraction + ONE;
    let square = times(linear, fraction) / 2;
    let cubic = times(square, fraction - ONE) / 3;
    y0 + times(first, linear) + times(second, square) + times(third, cubic)
}

/// The product of two numbers that fits, rounded down.
#[inline]
fn times(x: i64, y: i64) -> i64 {
    ((i128::from(x) * i128::from(y)) >> 32) as i64
}

/// `value` times exp(`exponent`), rounded to the nearest whole, at most `u64::MAX`.
///
/// The value is a plain whole number. The relative error is 2e-6, that of interpolating powers of
/// two linearly over 256 steps.
#[inline]
pub(crate) fn scaled_by_exp(value: u64, exponent: i64) -> u64 {
    // No value in 64 bits notices how far beyond a hundred the exponent is.
    let exponent = exponent.clamp(-100 * ONE, 100 * ONE);
    let binary = times(exponent, LOG2_E);
    let octave = binary >> 32;
    if octave >= 64 {
        return if value == 0 { 0 } else { u64::MAX };
    }
    let step = ((binary >> 24) & 0xff) as usize;
    let fraction = (binary as u64 & 0xff_ffff) << 8;
    let (from, to) = (POWER[step], POWER[step + 1]);
    let power = from + (((to - from) * fraction + HALF) >> 32);
    // At most 97 bits, which shifting left by at most 31 keeps within 128.
    let product = u128::from(value) * u128::from(power);
    let result = match 32 - octave {
        shift @ ..=0 => product << -shift,
        shift @ 1..=127 => (product + (1 << (shift - 1))) >> shift,
        _ => 0,
    };
    u64::try_from(result).unwrap_or(u64::MAX)
}

/// `value`, a plain whole number, times `factor`, rounded to the nearest, at most `u64::MAX`.
#[inline]
pub(crate) fn product(value: u64, factor: u64) -> u64 {
    let product = u128::from(value) * u128::from(factor);
    u64::try_from((product + u128::from(HALF)) >> 32).unwrap_or(u64::MAX)
}

/// The quotient of two plain whole numbers, the second positive, at most `i64::MAX` as held.
pub(crate) fn quotient(value: u64, unit: u64) -> i64 {
    let quotient = (u128::from(value) << 32) / u128::from(unit);
    i64::try_from(quotient).unwrap_or(i64::MAX)
}

#[cfg(test)]
#[allow(clippy::float_arithmetic, reason = "tests compare with the functions of the platform")]
mod tests {
    use super::*;
    use std::{print, println};

    const SCALE: f64 = 4_294_967_296.0;

    fn minus_ln(step: usize) -> f64 {
        -(0.5 + step as f64 / 512.0).ln()
    }

    fn power(step: usize) -> f64 {
        (step as f64 / 256.0).exp2()
    }

    fn normal_step(step: usize) -> f64 {
        beyond((step as f64 - 1.0) / 16.0)
    }

    /// Solves ln(2 Q(z)) = -depth by Newton's method, Q being the upper tail probability.
    fn beyond(depth: f64) -> f64 {
        let mut z = (2.0 * depth.max(0.0)).sqrt();
        for _ in 0..60 {
            let mills = mills(z);
            let ln_tail = mills.ln() - z * z / 2.0 - (2.0 * core::f64::consts::PI).sqrt().ln();
            z += (ln_tail + core::f64::consts::LN_2 + depth) * mills;
        }
        z
    }

    /// The upper tail probability over the density: a series near zero, a fraction beyond.
    fn mills(z: f64) -> f64 {
        if z > 3.0 {
            return 1.0 / (1..400).rev().fold(z, |rest, k| z + f64::from(k) / rest);
        }
        let (mut term, mut sum) = (z, z);
        for k in 1..120 {
            term *= z * z / f64::from(2 * k + 1);
            sum += term;
        }
        (z * z / 2.0).exp() * (core::f64::consts::PI / 2.0).sqrt() - sum
    }

    #[test]
    fn tables_hold_what_they_say() {
        for (step, &entry) in MINUS_LN.iter().enumerate() {
            assert!((f64::from(entry) - minus_ln(step) * SCALE).abs() < 0.51, "ln {step}");
        }
        for (step, &entry) in NORMAL.iter().enumerate() {
            assert!((entry as f64 - normal_step(step) * SCALE).abs() < 0.6, "normal {step}");
        }
        for (step, &entry) in POWER.iter().enumerate() {
            assert!((entry as f64 - power(step) * SCALE).abs() < 0.51, "power {step}");
        }
        assert_eq!(LN_2, (core::f64::consts::LN_2 * SCALE).round() as u64);
        assert_eq!(LOG2_E, (core::f64::consts::LOG2_E * SCALE).round() as i64);
    }

    /// Run with `--ignored --nocapture` to print the tables anew.
    #[test]
    #[ignore = "prints the tables"]
    fn print_tables() {
        print_table("MINUS_LN", "u32", MINUS_LN.len(), minus_ln);
        print_table("NORMAL", "i64", NORMAL.len(), normal_step);
        print_table("POWER", "u64", POWER.len(), power);
    }

    fn print_table(name: &str, word: &str, len: usize, entry: fn(usize) -> f64) {
        print!("pub(crate) static {name}: [{word}; {len}] = [");
        for step in 0..len {
            print!(
                "{}{},",
                if step % 7 == 0 { "\n    " } else { " " },
                (entry(step) * SCALE).round() as i64
            );
        }
        println!("\n];\n");
    }

    /// Rising words of every magnitude, with irregular lower bits.
    fn words() -> impl Iterator<Item = u64> {
        (0..58).flat_map(|octave| {
            (64..128).map(move |strip: u64| {
                let irregular = (strip + octave).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                (strip << octave) | (irregular & ((1 << octave) - 1))
            })
        })
    }

    #[test]
    fn exponential_is_near_and_falls() {
        let mut last = u64::MAX;
        for word in words() {
            let exact = -((word | 1) as f64 / SCALE / SCALE).ln();
            let found = exponential(word) as f64 / SCALE;
            assert!((found - exact).abs() < 2.1e-6, "{word}: {found} is not {exact}");
            assert!(exponential(word) <= last);
            last = exponential(word);
        }
        assert_eq!(exponential(u64::MAX), 0);
        assert_eq!(exponential(0), 64 * LN_2);
    }

    #[test]
    fn normal_is_near_and_rises() {
        let mut last = i64::MIN;
        for word in words() {
            let depth = -(((word << 1) | 1) as f64 / SCALE / SCALE).ln();
            let exact = if word >> 63 == 0 {
                -beyond(depth)
            } else {
                continue;
            };
            let found = normal(word) as f64 / SCALE;
            assert!((found - exact).abs() < 5e-6, "{word}: {found} is not {exact}");
            assert!(normal(word) >= last);
            assert!((normal(!word) + normal(word)).abs() <= 1);
            last = normal(word);
        }
        assert_eq!(normal(1 << 63), 0);
        assert_eq!(normal(0), -normal(u64::MAX));
    }

    #[test]
    fn exp_is_near_and_saturates() {
        for thousandths in -43_000i64..43_000 {
            let exponent = thousandths * ONE / 1000 + thousandths;
            let exact = (exponent as f64 / SCALE).exp() * 1e9;
            let found = scaled_by_exp(1_000_000_000, exponent);
            if exact > u64::MAX as f64 {
                assert_eq!(found, u64::MAX);
            } else {
                let error = (found as f64 - exact).abs();
                assert!(error <= 0.5 + exact * 2e-6, "{exponent}: {found} is not {exact}");
            }
        }
        assert_eq!(scaled_by_exp(7, 0), 7);
        assert_eq!(scaled_by_exp(u64::MAX, 0), u64::MAX);
        assert_eq!(scaled_by_exp(0, i64::MAX), 0);
        assert_eq!(scaled_by_exp(1, i64::MAX), u64::MAX);
        assert_eq!(scaled_by_exp(u64::MAX, 44 * ONE), u64::MAX);
        assert_eq!(scaled_by_exp(u64::MAX, -100 * ONE), 0);
        assert_eq!(scaled_by_exp(u64::MAX, i64::MIN), 0);
    }

    #[test]
    fn products_and_quotients_round_and_saturate() {
        assert_eq!(product(3, 1 << 31), 2);
        assert_eq!(product(u64::MAX, 1 << 33), u64::MAX);
        assert_eq!(quotient(3, 2), 3 << 31);
        assert_eq!(quotient(u64::MAX, 1), i64::MAX);
    }
}
