//! Which places of an ordered sample enclose a quantile.

use crate::TAIL;
use crate::level::Level;

/// Two places of an ordered sample, from 1, that enclose a quantile of what it was drawn from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ranks {
    /// The lower place.
    pub low: u64,
    /// The higher place.
    pub high: u64,
}

/// The places in a sample of `count` between which the quantile lies with at least 95 %, whatever
/// the distribution, at most 2.5 % being missed on either side; none where the sample is too small
/// to say so.
///
/// How many of `count` draws do not exceed a quantile is a binomial number. The lower place is its
/// 2.5 % point, the higher one its 97.5 % point and one more.
#[must_use]
pub fn ranks(count: u64, level: Level) -> Option<Ranks> {
    if count == 0 {
        return None;
    }
    let weights = Weights::of(count, level.share());
    let allowed = TAIL * weights.total;
    let mut below = 0.0;
    let mut low = weights.first;
    for weight in &weights.list {
        below += weight;
        if below > allowed {
            break;
        }
        low += 1;
    }
    let mut above = 0.0;
    let mut high = weights.first + weights.list.len() as u64;
    for weight in weights.list.iter().rev() {
        above += weight;
        if above > allowed {
            break;
        }
        high -= 1;
    }
    (low >= 1 && high <= count).then_some(Ranks { low, high })
}

/// The least sample that encloses a quantile at all.
#[must_use]
pub fn least_count(level: Level) -> u64 {
    let (mut low, mut high) = (0, 1);
    while ranks(high, level).is_none() {
        (low, high) = (high, high * 2);
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if ranks(middle, level).is_some() {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

/// The probabilities of a binomial number but for a common factor, where they are worth counting.
struct Weights {
    first: u64,
    list: Vec<f64>,
    total: f64,
}

/// What is less likely than the likeliest by this factor is left out.
const NEGLIGIBLE: f64 = 1e-25;

impl Weights {
    /// From the likeliest number outwards, each weight from its neighbour: no factorial, no power
    /// and no logarithm, so nothing overflows and nothing depends on a mathematical library.
    fn of(count: u64, share: f64) -> Weights {
        let (n, odds) = (count as f64, share / (1.0 - share));
        let mode = (((n + 1.0) * share) as u64).min(count);
        let mut falling = Vec::new();
        let (mut weight, mut k) = (1.0, mode);
        while k > 0 && weight > NEGLIGIBLE {
            weight *= k as f64 / ((n - k as f64 + 1.0) * odds);
            k -= 1;
            falling.push(weight);
        }
        let first = k;
        let mut list: Vec<f64> = falling.into_iter().rev().collect();
        list.push(1.0);
        let (mut weight, mut k) = (1.0, mode);
        while k < count && weight > NEGLIGIBLE {
            weight *= (n - k as f64) * odds / (k as f64 + 1.0);
            k += 1;
            list.push(weight);
        }
        let total = list.iter().sum();
        Weights { first, list, total }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known from tables of the binomial distribution.
    #[test]
    fn places_are_those_of_the_tables() {
        let places = |count, level| ranks(count, level).map(|Ranks { low, high }| (low, high));
        assert_eq!(places(0, Level::MEDIAN), None);
        assert_eq!(places(1, Level::MEDIAN), None);
        assert_eq!(places(5, Level::MEDIAN), None);
        assert_eq!(places(6, Level::MEDIAN), Some((1, 6)));
        assert_eq!(places(10, Level::MEDIAN), Some((2, 9)));
        assert_eq!(places(20, Level::MEDIAN), Some((6, 15)));
        assert_eq!(places(25, Level::MEDIAN), Some((8, 18)));
        assert_eq!(places(100, Level::MEDIAN), Some((40, 61)));
        assert_eq!(places(71, Level::P95), None);
        assert_eq!(places(72, Level::P95).map(|(_, high)| high), Some(72));
    }

    #[test]
    fn tails_need_large_samples() {
        assert_eq!(least_count(Level::MEDIAN), 6);
        assert_eq!(least_count(Level::P95), 72);
        assert_eq!(least_count(Level::P99), 368);
        assert_eq!(least_count(Level::P999), 3_688);
    }

    /// Summed up from whole numbers: among all ways to put n draws on either side of the median,
    /// those outside the places are at most one in forty on each side, and one place further in
    /// they are more.
    #[test]
    fn places_of_the_median_are_the_narrowest_that_hold() {
        for count in 6..=60_u32 {
            let mut ways = vec![1_u128];
            for _ in 0..count {
                let shifted = ways.iter().copied().chain([0]);
                ways = shifted.zip([0].iter().chain(&ways)).map(|(one, two)| one + two).collect();
            }
            let all = 1_u128 << count;
            let upto = |k: u64| ways.iter().take(k as usize).sum::<u128>();
            let Ranks { low, high } = ranks(u64::from(count), Level::MEDIAN).unwrap();
            assert!(upto(low) * 40 <= all && upto(low + 1) * 40 > all, "{count}: {low}");
            assert_eq!(u64::from(count) + 1 - low, high, "the median is in the middle");
        }
    }

    #[test]
    fn large_samples_take_no_time_and_no_overflow() {
        let Ranks { low, high } = ranks(10_000_000, Level::MEDIAN).unwrap();
        // 1.96 standard deviations of 1581 on either side.
        assert!((4_996_900..=4_996_903).contains(&low), "{low}");
        assert_eq!(low + high, 10_000_001);
    }
}
