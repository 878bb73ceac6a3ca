//! How often something happens.

/// How often something happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    /// How often it happened.
    pub hits: u64,
    /// How often it could have.
    pub of: u64,
    /// In how many independent runs. What happens to the transactions of one run hangs together,
    /// so an interval may count each run only once.
    pub runs: u64,
}

/// The point of the normal distribution beyond which 2.5 % lie.
const Z: f64 = 1.959_963_984_540_054;

/// A whole, in parts per million.
const WHOLE: f64 = 1e6;

impl Rate {
    /// So many of so many runs.
    #[must_use]
    pub fn of_runs(hits: u64, runs: u64) -> Rate {
        Rate { hits, of: runs, runs }
    }

    /// The share in parts per million, rounded; none where it could never have happened.
    #[must_use]
    pub fn ppm(self) -> Option<u32> {
        let (hits, of) = (u128::from(self.hits.min(self.of)), u128::from(self.of));
        (of > 0).then(|| u32::try_from((hits * 2_000_000 + of) / (2 * of)).unwrap_or(1_000_000))
    }

    /// Wilson's interval of 95 %, in parts per million. Unlike the textbook's it never leaves 0
    /// to 1 and says something where nothing, or everything, was hit. Where a run has several
    /// chances this is the interval as if all of them shared one fate, which is the widest.
    #[must_use]
    pub fn interval(self) -> Option<(u32, u32)> {
        if self.of == 0 || self.runs == 0 {
            return None;
        }
        let n = self.runs as f64;
        let share = self.hits.min(self.of) as f64 / self.of as f64;
        let square = Z * Z / n;
        let middle = share + square / 2.0;
        let reach = Z * (share * (1.0 - share) / n + square / (4.0 * n)).sqrt();
        let ppm = |bound: f64| (bound / (1.0 + square) * WHOLE + 0.5) as u32;
        let low = if self.hits == 0 { 0 } else { ppm((middle - reach).max(0.0)) };
        let high = if self.hits >= self.of { 1_000_000 } else { ppm(middle + reach) };
        Some((low, high.min(1_000_000)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of published tables of Wilson's interval.
    #[test]
    fn intervals_are_wilsons() {
        let cases = [
            (0, 10, (0, 277_533)),
            (1, 10, (17_876, 404_150)),
            (5, 10, (236_593, 763_407)),
            (10, 10, (722_467, 1_000_000)),
            (81, 263, (255_288, 366_210)),
            (15, 148, (62_392, 160_544)),
        ];
        for (hits, runs, (low, high)) in cases {
            let (found_low, found_high) = Rate::of_runs(hits, runs).interval().unwrap();
            assert!(found_low.abs_diff(low) <= 600, "{hits}/{runs}: {found_low}");
            assert!(found_high.abs_diff(high) <= 600, "{hits}/{runs}: {found_high}");
        }
    }

    #[test]
    fn shares_are_rounded_and_nothing_is_divided_by_nothing() {
        assert_eq!(Rate::of_runs(1, 3).ppm(), Some(333_333));
        assert_eq!(Rate::of_runs(2, 3).ppm(), Some(666_667));
        assert_eq!(Rate::of_runs(0, 0).ppm(), None);
        assert_eq!(Rate::of_runs(0, 0).interval(), None);
    }

    #[test]
    fn the_runs_set_the_width_and_not_what_happens_in_them() {
        let many = Rate { hits: 500, of: 1_000, runs: 10 };
        assert_eq!(many.interval(), Rate::of_runs(5, 10).interval());
    }
}
