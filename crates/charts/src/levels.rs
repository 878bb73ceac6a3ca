//! Statistics by their names in scenario files.

use commitsim_stats::{Bounds, Level, Reached, Sample};

/// The value of a statistic, and the interval that holds it; the latter none where there are too
/// few runs, or where there is none.
pub(crate) fn statistic(sample: &Sample, name: &str) -> Option<(Reached, Option<Bounds>)> {
    let level = match name {
        "min" => return Some((sample.extremes()?.low, None)),
        "max" => return Some((sample.extremes()?.high, None)),
        "p95" => Level::P95,
        "p99" => Level::P99,
        "p999" => Level::P999,
        _ => Level::MEDIAN,
    };
    Some((sample.quantile(level)?, sample.interval(level)))
}
