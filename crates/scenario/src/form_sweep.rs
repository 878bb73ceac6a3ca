//! The keys of a sweep.

use crate::form::{Form, optional, required};
use crate::kind::Kind;
use crate::limits;

pub(crate) static SWEEP: Form = Form {
    id: "sweep",
    name: "a sweep",
    keys: &[
        optional(
            "seeds",
            Kind::Whole(1, limits::SEEDS),
            "How many runs each protocol makes at each point, each with luck of its own; 100",
        ),
        optional(
            "vary",
            Kind::List(&Kind::Object(&AXIS), 0),
            "What is varied; every combination of the values is a point; nothing",
        ),
        optional(
            "metrics",
            Kind::Set(&Kind::Word(&METRICS), 1),
            "What the table at the end shows; see commitsim list metrics",
        ),
        optional(
            "plots",
            Kind::List(&Kind::Object(&PLOT), 0),
            "The figures; without them those that suit what is varied",
        ),
    ],
    rules: &[],
};

pub(crate) static AXIS: Form = Form {
    id: "axis",
    name: "what is varied",
    keys: &[
        required(
            "path",
            Kind::Text(limits::TITLE),
            "What is replaced: a JSON pointer into the scenario, as in /network/loss",
        ),
        optional(
            "label",
            Kind::Text(limits::LABEL),
            "What it is called in tables and figures; the last part of the path",
        ),
        required("values", Kind::Set(&Kind::Anything, 1), "What is put there, one after the other"),
        optional(
            "names",
            Kind::Set(&Kind::Text(limits::LABEL), 1),
            "What the values are called, one each; as they are written",
        ),
    ],
    rules: &[],
};

pub(crate) static PLOT: Form = Form {
    id: "plot",
    name: "a figure",
    keys: &[
        required("id", Kind::Node, "The name of its files"),
        optional("title", Kind::Text(limits::TITLE), "What stands above it"),
        required("kind", Kind::Word(&KINDS), "What is drawn; see commitsim list figures"),
        optional(
            "x",
            Kind::Text(limits::TITLE),
            "Along the horizontal axis: the label of what is varied, protocol, or, in an ecdf, a \
             ccdf or a line of one metric against another, a metric",
        ),
        optional(
            "along",
            Kind::Text(limits::TITLE),
            "Where a line shows one metric against another: the label of what is varied from point \
             to point; the first that is not the series",
        ),
        optional(
            "y",
            Kind::Text(limits::TITLE),
            "Along the vertical axis: a metric, and which quantile of it, as in messages:p95; \
             the median",
        ),
        optional(
            "series",
            Kind::Text(limits::TITLE),
            "What has a line of its own: protocol, or the label of what is varied; protocol",
        ),
        optional(
            "facet",
            Kind::Text(limits::TITLE),
            "What has a panel of its own; whatever stands nowhere else",
        ),
        optional("log", Kind::Set(&Kind::Word(&["x", "y"]), 0), "Which axes are logarithmic; none"),
    ],
    rules: &[],
};

/// What can be measured of a run of a sweep.
pub(crate) const METRICS: [&str; 19] = [
    "latency.client",
    "latency.decided",
    "latency.forgotten",
    "round_trips.client",
    "round_trips.decided",
    "round_trips.forgotten",
    "messages",
    "forced",
    "records",
    "in_doubt",
    "blocked",
    "throughput",
    "lock_hold",
    "rate.committed",
    "rate.aborted",
    "rate.undecided",
    "rate.blocked",
    "rate.violated",
    "rate.inconclusive",
];

/// What can be drawn.
pub(crate) const KINDS: [&str; 7] = ["line", "ecdf", "ccdf", "box", "violin", "bar", "heatmap"];

/// Which quantile of a metric can be drawn, where it is no rate.
pub(crate) const STATISTICS: [&str; 6] = ["median", "p95", "p99", "p999", "min", "max"];
