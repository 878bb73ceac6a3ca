//! How a set of numbers is spread.

/// The order statistics of a set of numbers: each of them occurs in the set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spread {
    /// How many numbers there are.
    pub count: usize,
    /// The least.
    pub min: u64,
    /// The least number that at least half of them do not exceed.
    pub median: u64,
    /// The least number that at least 99 of 100 of them do not exceed.
    pub p99: u64,
    /// The greatest.
    pub max: u64,
    /// Their sum, from which a mean can be had exactly.
    pub sum: u128,
}

impl Spread {
    /// The spread of these numbers; none where there are none.
    #[must_use]
    pub fn of(numbers: impl Iterator<Item = u64>) -> Option<Spread> {
        let mut sorted: Vec<u64> = numbers.collect();
        sorted.sort_unstable();
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        // The nearest rank: the p-th hundredth of n numbers is in place n·p/100, rounded up.
        let rank = |percent: usize| sorted[(sorted.len() * percent).div_ceil(100) - 1];
        let sum = sorted.iter().map(|number| u128::from(*number)).sum();
        Some(Spread { count: sorted.len(), min, median: rank(50), p99: rank(99), max, sum })
    }

    /// The mean in thousandths, rounded half up.
    #[must_use]
    pub fn mean_thousandths(&self) -> u128 {
        let count = self.count as u128;
        (self.sum * 1_000 + count / 2) / count
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn every_statistic_occurs_in_the_set() {
        let spread = Spread::of((1..=100).rev()).unwrap();
        assert_eq!((spread.min, spread.median, spread.p99, spread.max), (1, 50, 99, 100));
        assert_eq!(spread.mean_thousandths(), 50_500);
        let spread = Spread::of([7, 7, 9].into_iter()).unwrap();
        assert_eq!((spread.count, spread.median, spread.p99), (3, 7, 9));
        assert_eq!(spread.mean_thousandths(), 7_667);
        assert_eq!(Spread::of([3].into_iter()).unwrap().median, 3);
        assert_eq!(Spread::of(std::iter::empty()), None);
    }
}
