//! Distributions of durations.

use crate::Bits;
use crate::fixed::{self, exponential, normal, scaled_by_exp};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

/// The distribution of a duration, in whole nanoseconds.
///
/// The constructors check the parameters, so that a shape that exists is a valid one. Samples are
/// computed by integer arithmetic from committed tables and are the same on every machine.
///
/// Exponential, lognormal and Pareto shapes take one word per sample and return the quantile of
/// that word. Its error is 2e-6 means for the exponential, and relative to the value some 5e-6
/// times sigma for the lognormal and 2e-6 divided by the shape for the Pareto.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shape(Kind);

/// Why parameters make no [`Shape`].
///
/// All durations are in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShapeError {
    /// The least value exceeds the greatest.
    MinAboveMax {
        /// The least value asked for.
        min: u64,
        /// The greatest value asked for.
        max: u64,
    },
    /// The mean of an exponential distribution is zero.
    ZeroMean,
    /// The mean of an exponential distribution lies outside the bounds it is clamped to.
    MeanOutOfBounds {
        /// The mean asked for.
        mean: u64,
        /// The least value asked for.
        min: u64,
        /// The greatest value asked for.
        max: u64,
    },
    /// The median of a lognormal distribution is zero.
    ZeroMedian,
    /// The median of a lognormal distribution exceeds the greatest value.
    MedianAboveMax {
        /// The median asked for.
        median: u64,
        /// The greatest value asked for.
        max: u64,
    },
    /// The sigma of a lognormal distribution exceeds [`Shape::MOST_SIGMA_MICROS`].
    SigmaTooLarge {
        /// The sigma asked for, in millionths.
        sigma_micros: u64,
    },
    /// The least value of a Pareto distribution is zero, which leaves no other value.
    ZeroMin,
    /// The shape parameter of a Pareto distribution is zero.
    ZeroShape,
    /// A histogram has no entries.
    NoEntries,
    /// The weights of a histogram are all zero.
    NoWeight,
    /// The weights of a histogram add up to more than `u64::MAX`.
    TooMuchWeight,
}

/// What a [`Shape`] is made from, as its constructors take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parameters {
    /// See [`Shape::fixed`].
    Fixed(u64),
    /// See [`Shape::uniform`]: the least and the greatest value.
    Uniform(u64, u64),
    /// See [`Shape::exponential`]: mean, least and greatest value.
    Exponential(u64, u64, u64),
    /// See [`Shape::log_normal`]: median, sigma in millionths, greatest value.
    LogNormal(u64, u64, u64),
    /// See [`Shape::pareto`]: least value, shape in millionths, greatest value.
    Pareto(u64, u64, u64),
    /// See [`Shape::histogram`]: values and weights.
    Histogram(Vec<(u64, u64)>),
}

impl Shape {
    /// The greatest sigma of a lognormal distribution, in millionths: ten.
    ///
    /// One sample in six then exceeds the median twenty-thousandfold; nothing real is as wide.
    pub const MOST_SIGMA_MICROS: u64 = 10_000_000;

    /// Always `value` nanoseconds; sampling draws nothing.
    #[must_use]
    pub const fn fixed(value: u64) -> Self {
        Self(Kind::Fixed(value))
    }

    /// Every whole nanosecond from `min` to `max`, both included, equally likely.
    ///
    /// # Errors
    ///
    /// [`ShapeError::MinAboveMax`].
    pub const fn uniform(min: u64, max: u64) -> Result<Self, ShapeError> {
        if min > max {
            return Err(ShapeError::MinAboveMax { min, max });
        }
        Ok(Self(Kind::Uniform { min, max }))
    }

    /// An exponential distribution of the given mean, clamped to `min..=max`; in nanoseconds.
    ///
    /// Clamping shifts the mean of the samples; [`mean`](Self::mean) accounts for that.
    ///
    /// # Errors
    ///
    /// [`ShapeError::MinAboveMax`], [`ShapeError::ZeroMean`], and [`ShapeError::MeanOutOfBounds`]
    /// unless `min <= mean <= max`.
    pub const fn exponential(mean: u64, min: u64, max: u64) -> Result<Self, ShapeError> {
        if min > max {
            return Err(ShapeError::MinAboveMax { min, max });
        }
        if mean == 0 {
            return Err(ShapeError::ZeroMean);
        }
        if mean < min || mean > max {
            return Err(ShapeError::MeanOutOfBounds { mean, min, max });
        }
        Ok(Self(Kind::Exponential { mean, min, max }))
    }

    /// `median` times exp(sigma z) with a standard normal z, clamped to at most `max`.
    ///
    /// The durations are in nanoseconds, sigma is in millionths: 500000 is one half.
    ///
    /// # Errors
    ///
    /// [`ShapeError::ZeroMedian`], [`ShapeError::MedianAboveMax`], and
    /// [`ShapeError::SigmaTooLarge`] beyond [`MOST_SIGMA_MICROS`](Self::MOST_SIGMA_MICROS).
    pub const fn log_normal(median: u64, sigma_micros: u64, max: u64) -> Result<Self, ShapeError> {
        if median == 0 {
            return Err(ShapeError::ZeroMedian);
        }
        if median > max {
            return Err(ShapeError::MedianAboveMax { median, max });
        }
        if sigma_micros > Self::MOST_SIGMA_MICROS {
            return Err(ShapeError::SigmaTooLarge { sigma_micros });
        }
        Ok(Self(Kind::LogNormal { median, sigma_micros, max }))
    }

    /// `min` times u^(-1/shape) with u uniform from zero to one, clamped to at most `max`.
    ///
    /// The durations are in nanoseconds, the shape is in millionths: 1500000 is one and a half.
    /// The smaller the shape, the heavier the tail.
    ///
    /// # Errors
    ///
    /// [`ShapeError::ZeroMin`], [`ShapeError::MinAboveMax`] and [`ShapeError::ZeroShape`].
    pub const fn pareto(min: u64, shape_micros: u64, max: u64) -> Result<Self, ShapeError> {
        if min == 0 {
            return Err(ShapeError::ZeroMin);
        }
        if min > max {
            return Err(ShapeError::MinAboveMax { min, max });
        }
        if shape_micros == 0 {
            return Err(ShapeError::ZeroShape);
        }
        Ok(Self(Kind::Pareto { min, shape_micros, max }))
    }

    /// The given values in nanoseconds, each as likely as its share of the total weight.
    ///
    /// The order of the entries has no meaning, and entries without weight are left out.
    ///
    /// # Errors
    ///
    /// [`ShapeError::NoEntries`], [`ShapeError::NoWeight`] and [`ShapeError::TooMuchWeight`].
    pub fn histogram(entries: impl IntoIterator<Item = (u64, u64)>) -> Result<Self, ShapeError> {
        let mut entries: Vec<(u64, u64)> = entries.into_iter().collect();
        if entries.is_empty() {
            return Err(ShapeError::NoEntries);
        }
        entries.retain(|&(_, weight)| weight > 0);
        entries.sort_unstable();
        let mut bars: Vec<Bar> = Vec::with_capacity(entries.len());
        let mut total: u64 = 0;
        for (value, weight) in entries {
            total = total.checked_add(weight).ok_or(ShapeError::TooMuchWeight)?;
            match bars.last_mut() {
                Some(bar) if bar.value == value => bar.upto = total,
                _ => bars.push(Bar { value, upto: total }),
            }
        }
        if total == 0 {
            return Err(ShapeError::NoWeight);
        }
        Ok(Self(Kind::Histogram(bars.into_boxed_slice())))
    }

    /// What it was made from; the constructors make an equal shape of it.
    #[must_use]
    pub fn parameters(&self) -> Parameters {
        match self.0 {
            Kind::Fixed(value) => Parameters::Fixed(value),
            Kind::Uniform { min, max } => Parameters::Uniform(min, max),
            Kind::Exponential { mean, min, max } => Parameters::Exponential(mean, min, max),
            Kind::LogNormal { median, sigma_micros, max } => {
                Parameters::LogNormal(median, sigma_micros, max)
            }
            Kind::Pareto { min, shape_micros, max } => Parameters::Pareto(min, shape_micros, max),
            Kind::Histogram(ref bars) => {
                let mut before = 0;
                let weighed = bars
                    .iter()
                    .map(|bar| (bar.value, bar.upto - core::mem::replace(&mut before, bar.upto)));
                Parameters::Histogram(weighed.collect())
            }
        }
    }

    /// A duration of this distribution, in nanoseconds, within [`bounds`](Self::bounds).
    #[inline]
    #[must_use]
    pub fn sample(&self, bits: &mut impl Bits) -> u64 {
        match self.0 {
            Kind::Fixed(value) => value,
            Kind::Uniform { min, max } => bits.within(min..=max),
            _ => self.sample_curved(bits),
        }
    }

    /// The same with a source of words that is made only if a word is needed.
    #[inline(always)]
    #[must_use]
    pub fn sample_from<B: Bits>(&self, source: impl FnOnce() -> B) -> u64 {
        match self.0 {
            Kind::Fixed(value) => value,
            Kind::Uniform { min, max } => source().within(min..=max),
            _ => self.sample_curved(&mut source()),
        }
    }

    /// The shapes whose samples take longer than a call.
    #[inline(never)]
    fn sample_curved(&self, bits: &mut impl Bits) -> u64 {
        match self.0 {
            Kind::Fixed(value) => value,
            Kind::Uniform { min, max } => bits.within(min..=max),
            Kind::Exponential { .. } | Kind::LogNormal { .. } | Kind::Pareto { .. } => {
                self.0.quantile(bits.bits())
            }
            Kind::Histogram(ref bars) => {
                let mark = bits.within(0..=total_weight(bars) - 1);
                bars[bars.partition_point(|bar| bar.upto <= mark)].value
            }
        }
    }

    /// The mean of the samples in nanoseconds, rounded to the nearest; clamping is accounted for.
    ///
    /// It is exact for fixed, uniform and histogram shapes. For exponential ones it is within
    /// 1e-5 of the exact mean. For lognormal and Pareto shapes it is an integral of the quantiles,
    /// within 1e-4 unless the Pareto shape is below one half; it takes a fraction of a millisecond
    /// at every call, so keep the result.
    #[must_use]
    pub fn mean(&self) -> u64 {
        match self.0 {
            Kind::Fixed(value) => value,
            Kind::Uniform { min, max } => min + (max - min).div_ceil(2),
            Kind::Exponential { mean, min, max } => {
                // The integral of the probability to exceed x, over x from min to max.
                let beyond = |bound| scaled_by_exp(mean, -fixed::quotient(bound, mean));
                min.saturating_add(beyond(min) - beyond(max))
            }
            Kind::LogNormal { .. } | Kind::Pareto { .. } => self.0.integral(),
            Kind::Histogram(ref bars) => mean_of_bars(bars),
        }
    }

    /// The least and the greatest value a sample can have, in nanoseconds.
    #[must_use]
    pub fn bounds(&self) -> (u64, u64) {
        match self.0 {
            Kind::Fixed(value) => (value, value),
            Kind::Uniform { min, max } => (min, max),
            Kind::Exponential { .. } | Kind::LogNormal { .. } | Kind::Pareto { .. } => {
                // Quantiles rise or fall all the way, so the extremes lie at the extreme words.
                let (first, last) = (self.0.quantile(0), self.0.quantile(u64::MAX));
                (first.min(last), first.max(last))
            }
            Kind::Histogram(ref bars) => {
                let least = bars.first().map_or(0, |bar| bar.value);
                let greatest = bars.last().map_or(0, |bar| bar.value);
                (least, greatest)
            }
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Fixed(u64),
    Uniform { min: u64, max: u64 },
    Exponential { mean: u64, min: u64, max: u64 },
    LogNormal { median: u64, sigma_micros: u64, max: u64 },
    Pareto { min: u64, shape_micros: u64, max: u64 },
    Histogram(Box<[Bar]>),
}

/// One value of a histogram; there is at least one, their values rise, and so do their weights.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Bar {
    value: u64,
    /// The weight of this value and all lesser ones together.
    upto: u64,
}

/// What one is in the parameters given in millionths.
const MICROS: i64 = 1_000_000;

impl Kind {
    /// The value of a smooth shape at `word` / 2^64 of its probability.
    ///
    /// Lognormal values rise with the word; exponential and Pareto ones fall, which keeps their
    /// long tail where words are finest.
    #[inline]
    fn quantile(&self, word: u64) -> u64 {
        match *self {
            Self::Exponential { mean, min, max } => {
                fixed::product(mean, exponential(word)).clamp(min, max)
            }
            Self::LogNormal { median, sigma_micros, max } => {
                // Sigma is at most ten and a normal quantile less than ten: no overflow.
                let exponent = normal(word) * sigma_micros as i64 / MICROS;
                scaled_by_exp(median, exponent).min(max)
            }
            Self::Pareto { min, shape_micros, max } => {
                let exponent = exponential(word) * MICROS as u64 / shape_micros;
                scaled_by_exp(min, exponent as i64).min(max)
            }
            Self::Fixed(_) | Self::Uniform { .. } | Self::Histogram(_) => {
                unreachable!("only smooth shapes are sampled by quantile")
            }
        }
    }

    /// The integral of the quantiles over all words, divided by the number of words.
    ///
    /// It is a midpoint rule over strips that halve in width towards both ends of the words, so
    /// that a tail as long as the words permit is resolved as well as the middle.
    /// The sum fits: the widths add up to 2^64, and no value reaches 2^64.
    fn integral(&self) -> u64 {
        const STRIPS_BITS: u32 = 6;
        let mut sum: u128 = 0;
        for octave in STRIPS_BITS + 1..63 {
            let width = 1u64 << (octave - STRIPS_BITS);
            for strip in 0..1u64 << STRIPS_BITS {
                let middle = (1 << octave) + strip * width + width / 2;
                let ends = u128::from(self.quantile(middle)) + u128::from(self.quantile(!middle));
                sum += ends * u128::from(width);
            }
        }
        // The strips next to the ends are too narrow to divide; their words are counted as one.
        let rest = 1u128 << (STRIPS_BITS + 1);
        let middle = 1 << STRIPS_BITS;
        let ends = u128::from(self.quantile(middle)) + u128::from(self.quantile(!middle));
        ((sum + ends * rest + (1 << 63)) >> 64) as u64
    }
}

#[inline]
fn total_weight(bars: &[Bar]) -> u64 {
    bars.last().map_or(0, |bar| bar.upto)
}

/// The weighted mean, rounded to the nearest; it cannot overflow because weights fit 64 bits.
fn mean_of_bars(bars: &[Bar]) -> u64 {
    let mut sum: u128 = 0;
    let mut before = 0;
    for bar in bars {
        sum += u128::from(bar.value) * u128::from(bar.upto - before);
        before = bar.upto;
    }
    let total = u128::from(total_weight(bars));
    ((sum + total / 2) / total) as u64
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::MinAboveMax { min, max } => {
                write!(f, "the least value, {min} ns, exceeds the greatest, {max} ns")
            }
            Self::ZeroMean => f.write_str("the mean is zero; it must be at least 1 ns"),
            Self::MeanOutOfBounds { mean, min, max } => {
                write!(f, "the mean, {mean} ns, lies outside its bounds, {min} to {max} ns")
            }
            Self::ZeroMedian => f.write_str("the median is zero; it must be at least 1 ns"),
            Self::MedianAboveMax { median, max } => {
                write!(f, "the median, {median} ns, exceeds the greatest value, {max} ns")
            }
            Self::SigmaTooLarge { sigma_micros } => {
                let most = Shape::MOST_SIGMA_MICROS;
                write!(f, "sigma is {sigma_micros} millionths; it must be at most {most}")
            }
            Self::ZeroMin => f.write_str("the least value is zero; it must be at least 1 ns"),
            Self::ZeroShape => f.write_str("the shape is zero; it must be positive"),
            Self::NoEntries => f.write_str("the histogram is empty; give at least one value"),
            Self::NoWeight => f.write_str("the weights are all zero; one must be positive"),
            Self::TooMuchWeight => f.write_str("the weights add up to more than 64 bits hold"),
        }
    }
}

impl core::error::Error for ShapeError {}
