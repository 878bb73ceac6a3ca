//! The figures of a sweep whose author asks for none.

use crate::manifest::{Manifest, PlotEntry};
use crate::spot::PROTOCOL;

/// More panels than this do not fit on a page.
const PANELS: u64 = 12;

/// The figures that suit what is varied.
#[must_use]
pub fn usual(manifest: &Manifest) -> Vec<PlotEntry> {
    let mut plots = Vec::new();
    let labels: Vec<&str> = manifest.axes.iter().map(|axis| axis.label.as_str()).collect();
    if manifest.points() <= PANELS {
        let facets: Vec<String> = labels.iter().map(ToString::to_string).collect();
        for (id, kind) in [("latency-ecdf", "ecdf"), ("latency-tail", "ccdf")] {
            plots.push(PlotEntry {
                facets: facets.clone(),
                log_x: true,
                log_y: kind == "ccdf",
                ..plot(id, kind, "latency.decided", "", PROTOCOL)
            });
        }
    }
    if labels.is_empty() {
        for (metric, statistic) in [("messages", "median"), ("forced", "median")] {
            plots.push(PlotEntry {
                statistic: statistic.to_string(),
                ..plot(metric, "bar", PROTOCOL, metric, "")
            });
        }
        plots.push(plot("latency-violin", "violin", PROTOCOL, "latency.decided", ""));
    }
    for (n, axis) in manifest.axes.iter().enumerate() {
        let others = manifest.axes.iter().filter(|other| other.label != axis.label);
        if others.clone().map(|other| other.values.len() as u64).product::<u64>() > PANELS {
            continue;
        }
        let facets: Vec<String> = others.map(|other| other.label.clone()).collect();
        let shown = [
            ("latency", "latency.decided", "median"),
            ("messages", "messages", "median"),
            ("blocked", "blocked", "max"),
            ("committed", "rate.committed", ""),
        ];
        for (name, metric, statistic) in shown {
            plots.push(PlotEntry {
                facets: facets.clone(),
                statistic: statistic.to_string(),
                ..plot(&format!("{name}-{}", n + 1), "line", &axis.label, metric, PROTOCOL)
            });
        }
    }
    plots
}

fn plot(id: &str, kind: &str, x: &str, y: &str, series: &str) -> PlotEntry {
    PlotEntry {
        id: id.to_string(),
        title: String::new(),
        kind: kind.to_string(),
        x: x.to_string(),
        x_statistic: String::new(),
        along: String::new(),
        y: y.to_string(),
        statistic: if y.is_empty() { String::new() } else { "median".to_string() },
        series: series.to_string(),
        facets: Vec::new(),
        log_x: false,
        log_y: false,
    }
}
