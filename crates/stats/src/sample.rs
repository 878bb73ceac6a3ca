//! A sample in which some values never came.

use crate::binomial::ranks;
use crate::level::Level;

/// What was measured in some runs. A run in which the value never came, because somebody stayed
/// undecided, counts as one in which it would have come later than in all others: to leave it out
/// would make a blocking protocol look fast.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sample {
    sorted: Vec<u64>,
    never: u64,
}

/// A quantile of a sample.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reached {
    /// This number, which occurs in the sample.
    At(u64),
    /// It lies among the runs in which the value never came.
    Never,
}

/// An interval that holds a quantile with at least 95 %.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// Its lower end.
    pub low: Reached,
    /// Its upper end.
    pub high: Reached,
}

impl Sample {
    /// The values of all runs; none where it never came.
    #[must_use]
    pub fn new(values: impl IntoIterator<Item = Option<u64>>) -> Sample {
        let mut sample = Sample::default();
        for value in values {
            match value {
                Some(value) => sample.sorted.push(value),
                None => sample.never += 1,
            }
        }
        sample.sorted.sort_unstable();
        sample
    }

    /// How many runs there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.sorted.len() as u64 + self.never
    }

    /// In how many of them the value never came.
    #[must_use]
    pub fn never(&self) -> u64 {
        self.never
    }

    /// The values that came, in order.
    #[must_use]
    pub fn values(&self) -> &[u64] {
        &self.sorted
    }

    /// The value that a share of all runs does not exceed, by the nearest rank; none of no runs.
    #[must_use]
    pub fn quantile(&self, level: Level) -> Option<Reached> {
        (self.count() > 0).then(|| self.at(level.rank(self.count())))
    }

    /// The least and the greatest.
    #[must_use]
    pub fn extremes(&self) -> Option<Bounds> {
        let low = (self.count() > 0).then(|| self.at(1))?;
        Some(Bounds { low, high: self.at(self.count()) })
    }

    /// An interval that holds the quantile of what was sampled with at least 95 %, whatever the
    /// distribution; none where the sample is too small to say.
    #[must_use]
    pub fn interval(&self, level: Level) -> Option<Bounds> {
        let ranks = ranks(self.count(), level)?;
        Some(Bounds { low: self.at(ranks.low), high: self.at(ranks.high) })
    }

    /// The distribution: each value that occurs, and how many runs do not exceed it.
    pub fn steps(&self) -> impl Iterator<Item = (u64, u64)> {
        let runs = self.sorted.chunk_by(|one, other| one == other);
        runs.scan(0, |upto, run| {
            *upto += run.len() as u64;
            Some((run[0], *upto))
        })
    }

    /// The value in a place, from 1.
    fn at(&self, rank: u64) -> Reached {
        let place = usize::try_from(rank.saturating_sub(1)).unwrap_or(usize::MAX);
        self.sorted.get(place).map_or(Reached::Never, |value| Reached::At(*value))
    }
}

impl Reached {
    /// The number, if there is one.
    #[must_use]
    pub fn value(self) -> Option<u64> {
        match self {
            Reached::At(value) => Some(value),
            Reached::Never => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_nearest_ranks() {
        let sample = Sample::new((1..=100).rev().map(Some));
        assert_eq!(sample.quantile(Level::MEDIAN), Some(Reached::At(50)));
        assert_eq!(sample.quantile(Level::P99), Some(Reached::At(99)));
        let wanted = Bounds { low: Reached::At(40), high: Reached::At(61) };
        assert_eq!(sample.interval(Level::MEDIAN), Some(wanted));
        assert_eq!(sample.interval(Level::P99), None, "n is too small");
        assert_eq!(Sample::default().quantile(Level::MEDIAN), None);
        assert_eq!(Sample::new([Some(7)]).quantile(Level::P999), Some(Reached::At(7)));
    }

    #[test]
    fn what_never_came_counts_as_later_than_everything() {
        let values = (1..=100).map(|n| (n <= 55).then_some(n));
        let sample = Sample::new(values);
        assert_eq!((sample.count(), sample.never()), (100, 45));
        assert_eq!(sample.quantile(Level::MEDIAN), Some(Reached::At(50)));
        assert_eq!(sample.quantile(Level::P95), Some(Reached::Never));
        let wanted = Bounds { low: Reached::At(40), high: Reached::Never };
        assert_eq!(sample.interval(Level::MEDIAN), Some(wanted));
        let blocked = Sample::new([None, None]);
        assert_eq!(blocked.quantile(Level::MEDIAN), Some(Reached::Never));
        assert_eq!(blocked.steps().next(), None);
    }

    #[test]
    fn steps_count_what_is_equal_once() {
        let sample = Sample::new([3, 1, 3, 3, 9].map(Some));
        assert_eq!(sample.steps().collect::<Vec<_>>(), [(1, 1), (3, 4), (9, 5)]);
    }
}
