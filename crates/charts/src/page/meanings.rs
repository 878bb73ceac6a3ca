//! What the words of the page mean.

use maud::{Markup, html};

use crate::metric::{Metric, Unit};
use crate::results::Results;

/// What is said of a unit.
fn unit(metric: Metric) -> &'static str {
    match metric.unit {
        Unit::Time => "simulated time",
        Unit::RoundTrips => "round trips: twice the mean delay of an ordinary link",
        Unit::Rate => "in a second of simulated time",
        Unit::Count => "a number",
        Unit::Share => "a share",
    }
}

pub(super) fn meanings(results: &Results) -> Markup {
    let found = |metric: &Metric| {
        let cells = 0..results.manifest().cells.len();
        cells.into_iter().any(|cell| results.found(cell, *metric).is_some())
    };
    html! {
        section id="meanings" {
            h2 { "What the words mean" }
            dl {
                @for metric in Metric::ALL.into_iter().filter(found) {
                    dt { code { (metric.name) } }
                    dd { (metric.says) "; " (unit(metric)) }
                }
            }
            details {
                summary { "How it is counted" }
                p { "A run is one number, that of its transaction in the middle, because what "
                    "happens within a run hangs together and is no sample. Quantiles are by the "
                    "nearest rank, and their intervals lie between two order statistics: they hold "
                    "for any distribution, and are wider than 95 % takes rather than narrower. "
                    em { "n < 72" } " in place of an interval says that so many runs are "
                    "needed for one." }
                p { "The intervals of shares are Wilson's, over runs and not over transactions. "
                    "Differences are taken between runs with the same seed, and their interval is "
                    "that of the median." }
                p { "A value that never came counts as the greatest. So a median of "
                    em { "never" } " means that it did not come in at least half of the runs." }
                p { "Closed forms are about a commit in which nothing fails; two numbers stand for "
                    "votes that do not cross on their way, and that do." }
                p { "AC1: all nodes that decide decide the same. AC2: no node reverses its "
                    "decision. AC3: commit is decided only if every voter voted YES or read-only. "
                    "AC4: without failures, and if all vote YES, the decision is commit. AC5: when "
                    "faults are over, every node decides. TCommit: every step is one of the "
                    "transaction-commit specification. write-ahead: what a message claims is on "
                    "disk before it leaves. cost: a commit without failures costs what the closed "
                    "form says. data: nothing is lost, made, oversold or overdrawn." }
            }
        }
    }
}
