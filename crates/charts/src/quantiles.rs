//! A sample as a box or a violin.

use commitsim_stats::{Level, Reached, Sample};

use crate::figure::Quantiles;

/// Where an outline is looked at.
const PLACES: usize = 48;

/// The quantiles of a sample, in units of `size`; with an outline where one is wanted and there is
/// enough to draw one from. Where heights are logarithmic, so is what the outline is smoothed over.
pub(crate) fn quantiles(
    sample: &Sample,
    x: f64,
    size: f64,
    outline: Option<bool>,
) -> Option<Quantiles> {
    let ends = sample.extremes()?;
    let scaled = |at: Reached| at.value().map(|value| value as f64 / size);
    let of = |per_mille| Level::per_mille(per_mille).and_then(|level| sample.quantile(level));
    let inner = [50, 250, 500, 750, 950].map(|per_mille| of(per_mille).and_then(scaled));
    let [p5, p25, p50, p75, p95] = inner;
    let at = [scaled(ends.low), p5, p25, p50, p75, p95, scaled(ends.high)];
    let outline = outline.map_or_else(Vec::new, |log| outlined(sample.values(), size, log));
    Some(Quantiles { x, at, outline })
}

/// The density of the values that came, by a triangular kernel of Silverman's width.
fn outlined(values: &[u64], size: f64, log: bool) -> Vec<(f64, f64)> {
    let place = |value: u64| {
        let value = value as f64 / size;
        if log { libm::log(value.max(1e-12)) } else { value }
    };
    let places: Vec<f64> = values.iter().map(|value| place(*value)).collect();
    let (Some(first), Some(last)) = (places.first(), places.last()) else { return Vec::new() };
    let n = places.len() as f64;
    let mean = places.iter().sum::<f64>() / n;
    let deviation = (places.iter().map(|p| (p - mean) * (p - mean)).sum::<f64>() / n).sqrt();
    if places.len() < 5 || last - first < 1e-9 * last.abs().max(1.0) || deviation <= 0.0 {
        return Vec::new();
    }
    let width = (2.2 * deviation * libm::pow(n, -0.2)).max((last - first) / 1e4);
    let step = (last - first) / (PLACES - 1) as f64;
    let density = |at: f64| {
        // Values are in order, so only those within reach are looked at.
        let from = places.partition_point(|place| *place < at - width);
        let upto = places.partition_point(|place| *place <= at + width);
        places[from..upto].iter().map(|place| 1.0 - (place - at).abs() / width).sum::<f64>()
    };
    let heights: Vec<f64> = (0..PLACES).map(|k| first + step * k as f64).collect();
    let densities: Vec<f64> = heights.iter().map(|at| density(*at)).collect();
    let most = densities.iter().copied().fold(1e-12, f64::max);
    let back = |at: f64| if log { libm::exp(at) } else { at };
    heights.iter().zip(densities).map(|(at, density)| (back(*at), density / most)).collect()
}
