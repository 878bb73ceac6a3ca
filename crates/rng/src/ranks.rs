//! Choosing among many things of which some are more popular.

use alloc::vec::Vec;

use crate::Bits;
use crate::fixed::{exponential, scaled_by_exp};

/// Numbers from 0 on, the popularity of each after Zipf: that of number k is 1 / (k + 1)^s.
///
/// With s = 0 all are equally likely. The weights are computed in fixed point, the same on every
/// machine; their relative error is some 4e-6 times s.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranks {
    /// The sum of the weights up to each number.
    upto: Vec<u64>,
}

/// The weight of the most popular: whole numbers that leave room for 2^32 of them.
const WEIGHT: u64 = 1 << 31;

/// The natural logarithm of 2^32, as its multiple of 2^-32.
const LN_2_32: i64 = 95_265_423_104;

impl Ranks {
    /// The greatest exponent, in millionths: ten, where only the first matters.
    pub const MOST_EXPONENT_MICROS: u64 = 10_000_000;

    /// So many numbers, at least 1, with an exponent in millionths, at most
    /// [`Ranks::MOST_EXPONENT_MICROS`].
    #[must_use]
    pub fn new(count: u32, exponent_micros: u64) -> Ranks {
        let exponent = exponent_micros.min(Ranks::MOST_EXPONENT_MICROS) as i128;
        let weight = |rank: u64| {
            let ln = LN_2_32 - exponential(rank << 32) as i64;
            let power = i128::from(ln.max(0)) * exponent / 1_000_000;
            scaled_by_exp(WEIGHT, -(power as i64)).max(1)
        };
        let mut sum = 0;
        let upto = (1..=u64::from(count.max(1))).map(|rank| {
            sum += weight(rank);
            sum
        });
        Ranks { upto: upto.collect() }
    }

    /// How many numbers there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.upto.len() as u32
    }

    /// One of the numbers.
    #[must_use]
    pub fn sample(&self, bits: &mut impl Bits) -> u32 {
        let all = self.upto.last().copied().unwrap_or(1);
        let point = bits.within(0..=all - 1);
        self.upto.partition_point(|upto| *upto <= point) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Keyed, Purpose, Seed};

    fn shares(exponent_micros: u64) -> [u64; 4] {
        let ranks = Ranks::new(4, exponent_micros);
        let draws = Keyed::new(Seed(7), Purpose::Keys);
        let mut seen = [0; 4];
        for n in 0..60_000 {
            seen[ranks.sample(&mut draws.draw(0, 0, n)) as usize] += 1;
        }
        seen
    }

    /// Among four the shares are 1 : 1/2 : 1/3 : 1/4 where the exponent is one, out of 25/12.
    #[test]
    fn popularity_follows_the_exponent() {
        for (seen, wanted) in shares(0).into_iter().zip([15_000; 4]) {
            assert!(seen.abs_diff(wanted) < 400, "{seen} for {wanted}");
        }
        for (seen, wanted) in shares(1_000_000).into_iter().zip([28_800, 14_400, 9_600, 7_200]) {
            assert!(seen.abs_diff(wanted) < 400, "{seen} for {wanted}");
        }
        assert_eq!(shares(10_000_000)[3], 0);
    }

    /// The weights are whole numbers that no machine computes otherwise.
    #[test]
    fn weights_are_the_powers_they_stand_for() {
        let ranks = Ranks::new(8, 1_000_000);
        let weight = |k: usize| ranks.upto[k] - if k == 0 { 0 } else { ranks.upto[k - 1] };
        for k in 0..8 {
            let exact = WEIGHT / (k as u64 + 1);
            assert!(weight(k).abs_diff(exact) < exact / 50_000, "{k}: {} {exact}", weight(k));
        }
    }
}
