//! Differences between runs that had the same luck.

use crate::binomial::ranks;
use crate::level::Level;

/// How much one measurement exceeds another that was made under the same luck.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Gap {
    /// The first came, the other never did.
    FirstOnly,
    /// By so much; below zero where the other is greater.
    By(i64),
    /// The other came, the first never did.
    OtherOnly,
}

/// The differences of pairs of runs, each pair under the same luck. What both have in common, and
/// a lucky or unlucky draw is most of it, cancels out, so that far fewer runs tell two protocols
/// apart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Paired {
    sorted: Vec<Gap>,
    neither: u64,
}

impl Paired {
    /// The differences of these pairs; a value is none where it never came.
    #[must_use]
    pub fn new(pairs: impl IntoIterator<Item = (Option<u64>, Option<u64>)>) -> Paired {
        let mut paired = Paired::default();
        for pair in pairs {
            match pair {
                (Some(first), Some(other)) => {
                    let gap = i128::from(first) - i128::from(other);
                    let bound = i128::from(i64::MAX);
                    let gap = i64::try_from(gap.clamp(-bound, bound)).unwrap_or(i64::MAX);
                    paired.sorted.push(Gap::By(gap));
                }
                (Some(_), None) => paired.sorted.push(Gap::FirstOnly),
                (None, Some(_)) => paired.sorted.push(Gap::OtherOnly),
                (None, None) => paired.neither += 1,
            }
        }
        paired.sorted.sort_unstable();
        paired
    }

    /// How many pairs could be compared.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.sorted.len() as u64
    }

    /// In how many pairs the value came in neither run, so that there is nothing to compare.
    #[must_use]
    pub fn neither(&self) -> u64 {
        self.neither
    }

    /// The median of the differences.
    #[must_use]
    pub fn median(&self) -> Option<Gap> {
        let rank = Level::MEDIAN.rank(self.count());
        self.sorted.get(usize::try_from(rank - 1).ok()?).copied()
    }

    /// An interval that holds it with at least 95 %; none where there are too few pairs to say.
    #[must_use]
    pub fn interval(&self) -> Option<(Gap, Gap)> {
        let ranks = ranks(self.count(), Level::MEDIAN)?;
        let at = |rank: u64| self.sorted.get(usize::try_from(rank - 1).ok()?).copied();
        Some((at(ranks.low)?, at(ranks.high)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luck_in_common_cancels_out() {
        let pairs = (0..100).map(|n| (Some(n * n * 1_000 + 5), Some(n * n * 1_000)));
        let paired = Paired::new(pairs);
        assert_eq!(paired.median(), Some(Gap::By(5)));
        assert_eq!(paired.interval(), Some((Gap::By(5), Gap::By(5))));
    }

    #[test]
    fn what_never_came_is_more_than_any_number() {
        let pairs = [(Some(1), None), (None, Some(1)), (None, None), (Some(3), Some(9))];
        let paired = Paired::new(pairs);
        assert_eq!((paired.count(), paired.neither()), (3, 1));
        assert_eq!(paired.median(), Some(Gap::By(-6)));
        assert_eq!(paired.interval(), None, "three pairs are too few");
        assert_eq!(Paired::default().median(), None);
        let far = Paired::new([(Some(u64::MAX), Some(0))]);
        assert_eq!(far.median(), Some(Gap::By(i64::MAX)));
    }
}
