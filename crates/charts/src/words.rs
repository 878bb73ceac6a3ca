//! The words of a figure: its title, its caption and its legend.

use commitsim_stats::Level;

use crate::figure::{Key, Panel, Shape, Sign};
use crate::manifest::Cell;
use crate::plan::Plan;
use crate::spot;

impl Plan<'_> {
    pub(crate) fn title(&self) -> String {
        if !self.plot.title.is_empty() {
            return self.plot.title.clone();
        }
        match self.spread() {
            true => format!("{}: {}", self.metric.name, self.metric.says),
            false => format!("{} by {}", self.metric.name, self.plot.x),
        }
    }

    /// What a reader has to know: how many runs, which intervals, what never came, and the command.
    pub(crate) fn caption(&self) -> Vec<String> {
        let n = self.manifest.seeds;
        let runs = if n == 1 { "run" } else { "runs" };
        let mut first = format!("n = {n} {runs} of each protocol at each point");
        let plot = self.plot;
        match plot.kind.as_str() {
            "box" => first.push_str("; boxes: quartiles, whiskers: 5 % and 95 %, dots: extremes"),
            "violin" => first.push_str("; dots: medians, bars: quartiles, triangles: 95 %"),
            "ecdf" | "ccdf" => {}
            _ if self.metric.is_share() => first.push_str("; intervals: 95 %, Wilson's"),
            _ if matches!(plot.statistic.as_str(), "min" | "max") => {}
            _ => first.push_str("; intervals: 95 %, order statistics"),
        }
        let mut lines = vec![first + "."];
        let joined = self.places.is_some() || self.across.is_some();
        if plot.kind == "line" && joined && !plot.series.is_empty() {
            lines.push("Intervals stand beside each other.".to_string());
        }
        if plot.kind == "heatmap" {
            let name = titled(self.metric.name, self.unit, false);
            lines.push(format!("Fields: {name}, and its interval."));
        }
        if self.never > 0 {
            let (never, all) = (self.never, self.all);
            lines.push(format!("In {never} of {all} runs the value never came."));
        }
        if self.across.is_some() {
            let along = &plot.along;
            let count = spot::count(self.manifest, along);
            let names: Vec<String> =
                (0..count).map(|value| spot::name(self.manifest, along, value)).collect();
            lines.push(format!("Points along each line: {along} = {}.", names.join(", ")));
        }
        if self.nowhere > 0 {
            lines.push(format!("{} points have no place along x.", self.nowhere));
        }
        if self.few {
            let level = match plot.statistic.as_str() {
                "p95" => Level::P95,
                "p99" => Level::P99,
                "p999" => Level::P999,
                _ => Level::MEDIAN,
            };
            let least = commitsim_stats::least_count(level);
            lines.push(format!("n is too small for an interval, which takes {least} runs."));
        }
        if plot.log_x && self.places.is_none() && !self.spread() {
            lines.push("Distances along x have no meaning.".to_string());
        }
        if self.zeros {
            lines.push(
                "An axis is not logarithmic, because not all values are above zero.".to_string(),
            );
        }
        if self.has_formula() {
            lines.push("Closed forms count a commit in which nothing fails.".to_string());
            let crossing = |cell: &Cell| self.metric.formula(cell).is_some_and(|(a, b)| a < b);
            if plot.kind == "bar" && self.manifest.cells.iter().any(crossing) {
                lines.push("Two marks: without votes that cross, and with them.".to_string());
            }
        }
        lines.push(self.manifest.command());
        lines
    }

    fn has_formula(&self) -> bool {
        let drawn = matches!(self.plot.kind.as_str(), "line" | "bar");
        drawn && self.manifest.cells.iter().any(|cell| self.metric.formula(cell).is_some())
    }

    pub(crate) fn legend(&self, panels: &[Panel]) -> Vec<Key> {
        let mut legend: Vec<Key> = Vec::new();
        let (mut pale, mut ticks) = (None, None);
        for series in panels.iter().flat_map(|panel| &panel.series) {
            let sign = match &series.shape {
                Shape::Line { .. } | Shape::Steps(_) => Sign::Line,
                Shape::Pale(_) => {
                    pale.get_or_insert(series.look);
                    continue;
                }
                Shape::Ticks { .. } => {
                    ticks.get_or_insert(series.look);
                    continue;
                }
                Shape::Tiles(_) => continue,
                _ => Sign::Block,
            };
            let key = Key { name: series.name.clone(), look: series.look, sign };
            if !legend.contains(&key) {
                legend.push(key);
            }
        }
        if self.plot.series.is_empty() {
            legend.clear();
        }
        let form = |look, sign| Key { name: "closed form".to_string(), look, sign };
        legend.extend(pale.map(|look| form(look, Sign::Pale)));
        legend.extend(ticks.map(|look| form(look, Sign::Tick)));
        legend
    }
}

pub(crate) fn titled(name: &str, unit: &str, log: bool) -> String {
    match (unit, log) {
        ("", false) => name.to_string(),
        ("", true) => format!("{name} (log)"),
        (unit, false) => format!("{name} ({unit})"),
        (unit, true) => format!("{name} ({unit}, log)"),
    }
}

/// A number with at most three significant digits.
pub(crate) fn short(number: f64) -> String {
    let places = match number.abs() {
        0.0 => 0,
        size if size >= 99.5 => 0,
        size if size >= 9.95 => 1,
        size if size >= 0.1 => 2,
        _ => 3,
    };
    let text = format!("{number:.places$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text,
    }
}

pub(crate) fn interval(bounds: Option<(Option<f64>, Option<f64>)>) -> String {
    let end = |end: Option<f64>| end.map_or("never".to_string(), short);
    bounds.map_or_else(String::new, |(low, high)| format!("{} to {}", end(low), end(high)))
}
