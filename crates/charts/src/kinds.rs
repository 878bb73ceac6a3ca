//! What can be drawn.

/// Every kind of figure, with what it shows.
pub const FIGURES: [(&str, &str); 7] = [
    (
        "line",
        "a metric along what is varied, or against another metric, with intervals; closed forms \
         below it",
    ),
    ("ecdf", "which share of the runs took at most so long; runs without an end keep it below 1"),
    ("ccdf", "which share took longer: the tail, best with both axes logarithmic"),
    ("box", "quartiles, 5 % and 95 %, and extremes"),
    ("violin", "the shape of a distribution, with its median, quartiles and 95 %"),
    ("bar", "a metric as bars from zero, with intervals, and closed forms across them"),
    ("heatmap", "a metric as the shade of a field, which also holds it and its interval"),
];
