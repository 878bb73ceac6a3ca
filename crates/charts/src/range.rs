//! Which stretch of numbers an axis shows.

use crate::figure::Scale;

/// The least and the greatest of some numbers.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Range {
    low: f64,
    high: f64,
    /// The least above zero.
    least: f64,
}

/// Numbers beyond this are drawn at the edge; ten years are fewer nanoseconds.
const GREATEST: f64 = 1e21;

impl Range {
    /// Of no numbers at all.
    pub(crate) const NONE: Range = Range { low: GREATEST, high: -GREATEST, least: GREATEST };

    /// The same with one number more; what is no number is passed over.
    pub(crate) fn with(self, number: f64) -> Range {
        if !number.is_finite() {
            return self;
        }
        let number = number.clamp(-GREATEST, GREATEST);
        let least = if number > 0.0 { self.least.min(number) } else { self.least };
        Range { low: self.low.min(number), high: self.high.max(number), least }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.low > self.high
    }

    /// Whether all of it lies above zero.
    pub(crate) fn is_positive(self) -> bool {
        !self.is_empty() && self.low > 0.0
    }

    /// A linear scale that shows all of it, from zero on where `zero` says so. It is always finite
    /// and never empty: charts of plotters hang on others.
    pub(crate) fn linear(self, zero: bool) -> Scale {
        if self.is_empty() {
            return Scale::Linear(0.0, 1.0);
        }
        let low = if zero { self.low.min(0.0) } else { self.low };
        let width = self.high - low;
        let least = (self.high.abs().max(low.abs()) * 1e-6).max(1e-9);
        if width < least {
            let room = (self.high.abs() * 0.1).max(0.5);
            let low = if zero { low } else { low - room };
            return Scale::Linear(low, self.high + room);
        }
        Scale::Linear(if zero { low } else { low - 0.03 * width }, self.high + 0.05 * width)
    }

    /// A logarithmic scale that shows all of it that lies above zero.
    pub(crate) fn logarithmic(self) -> Scale {
        if self.least >= GREATEST || self.high <= 0.0 {
            return Scale::Log(1.0, 10.0);
        }
        let (low, high) = (self.least.max(1e-12), self.high.max(1e-12));
        if high / low < 1.5 {
            return Scale::Log(low / 1.5, high * 1.5);
        }
        Scale::Log(low / 1.15, high * 1.15)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[f64]) -> Range {
        numbers.iter().fold(Range::NONE, |range, number| range.with(*number))
    }

    #[test]
    fn scales_are_finite_and_wide() {
        let extremes = [0.0, -0.0, 1.0, 1e308, -1e308, f64::NAN, f64::INFINITY, 1e-300, 7.0];
        for one in extremes {
            for other in extremes {
                let range = of(&[one, other]);
                for scale in [range.linear(true), range.linear(false), range.logarithmic()] {
                    let (Scale::Linear(low, high) | Scale::Log(low, high)) = scale else {
                        panic!()
                    };
                    assert!(low.is_finite() && high.is_finite() && low < high, "{one} {other}");
                    assert!(high - low > 1e-13 && high < 1e23, "{one} {other}: {low} {high}");
                    assert!(low > 0.0 || matches!(scale, Scale::Linear(..)));
                }
            }
        }
        assert!(Range::NONE.is_empty() && !of(&[0.0]).is_positive());
    }
}
