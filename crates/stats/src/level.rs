//! Which quantile.

/// Which quantile: the share of a sample that does not exceed it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Level {
    per_mille: u16,
}

impl Level {
    /// The median.
    pub const MEDIAN: Level = Level { per_mille: 500 };
    /// The 95th percentile.
    pub const P95: Level = Level { per_mille: 950 };
    /// The 99th percentile.
    pub const P99: Level = Level { per_mille: 990 };
    /// The 99.9th percentile.
    pub const P999: Level = Level { per_mille: 999 };

    /// The level of so many thousandths, 1 to 999; none for others.
    #[must_use]
    pub fn per_mille(per_mille: u16) -> Option<Level> {
        (1..1_000).contains(&per_mille).then_some(Level { per_mille })
    }

    /// How many thousandths of a sample do not exceed it.
    #[must_use]
    pub fn thousandths(self) -> u16 {
        self.per_mille
    }

    pub(crate) fn share(self) -> f64 {
        f64::from(self.per_mille) / 1_000.0
    }

    /// The place, from 1, of the quantile in a sample of `count`: the nearest rank.
    pub(crate) fn rank(self, count: u64) -> u64 {
        let scaled = u128::from(count) * u128::from(self.per_mille);
        u64::try_from(scaled.div_ceil(1_000)).unwrap_or(count).clamp(1, count.max(1))
    }
}
