//! What a sweep came to, in numbers: as a table for people, as CSV and as JSON.

use commitsim_report::{Side, Table, duration, visible, visible_json};
use commitsim_stats::{Bounds, Level, Rate, Reached, Sample, least_count};
use serde_json::{Value, json};

use crate::csv::{Csv, Field};
use crate::metric::{Metric, Unit};
use crate::results::Results;

/// More rows than this are left to the files.
const ROWS: usize = 60;

/// What a metric came to in a cell.
pub(crate) enum Found {
    Numbers(Sample),
    Share(Rate),
}

impl Found {
    /// Whether there are values, and all of them came.
    fn always_came(&self) -> bool {
        matches!(self, Found::Numbers(sample) if sample.never() == 0)
    }
}

impl Results {
    pub(crate) fn found(&self, cell: usize, metric: Metric) -> Option<Found> {
        if metric.is_share() {
            return self.rate(cell, metric).map(Found::Share);
        }
        self.sample(cell, metric).map(Found::Numbers)
    }

    /// The number of a cell as that of its point and of its protocol.
    pub(crate) fn place(&self, cell: usize) -> (u64, usize) {
        let protocols = self.manifest().protocols.len();
        ((cell / protocols) as u64, cell % protocols)
    }

    fn shown(&self) -> impl Iterator<Item = Metric> {
        self.manifest().metrics.iter().filter_map(|name| Metric::named(name))
    }
}

/// A table for each metric that the scenario asks for, fit for so many columns.
#[must_use]
pub fn summary_text(results: &Results, columns: usize) -> String {
    let manifest = results.manifest();
    let cells = manifest.cells.len();
    let mut text = String::new();
    if cells > ROWS {
        text.push_str(&format!("{cells} rows a metric: they are in summary.csv\n"));
        return text;
    }
    let varied = !manifest.axes.is_empty();
    for metric in results.shown() {
        let rows: Vec<_> =
            (0..cells).filter_map(|cell| Some((cell, results.found(cell, metric)?))).collect();
        if rows.is_empty() {
            continue;
        }
        text.push_str(&format!("{}: {}\n", metric.name, metric.says));
        // A column of noughts would only take room.
        let came = rows.iter().all(|(_, found)| found.always_came());
        let headings = headings(metric, varied);
        let columns_of = if came { headings.split_last().map(|(_, rest)| rest) } else { None };
        let columns_of = columns_of.unwrap_or(headings);
        let mut table = Table::new(columns_of);
        for (cell, found) in rows {
            let (point, protocol) = results.place(cell);
            let mut row = Vec::new();
            if varied {
                row.push(visible(&manifest.point_name(point)).into_owned());
            }
            row.push(visible(&manifest.protocol_name(protocol)).into_owned());
            row.extend(words(metric, &found));
            row.truncate(columns_of.len());
            table.row(row);
        }
        table.write_in_parts(varied, columns, &mut text);
        text.push('\n');
    }
    let few = text.contains("  n < ");
    text.push_str(&format!(
        "n = {} runs of each protocol at each point; intervals hold with 95 %\n",
        manifest.seeds
    ));
    if few {
        text.push_str("n < N stands where an interval takes N runs\n");
    }
    if (0..cells).all(|cell| results.alike(cell)) {
        text.push_str(
            "all runs of a protocol at a point are alike: nothing here is left to luck\n",
        );
    }
    text
}

const NUMBERS: [(&str, Side); 8] = [
    ("at", Side::Left),
    ("protocol", Side::Left),
    ("median", Side::Right),
    ("95 %", Side::Left),
    ("p99", Side::Right),
    ("95 %", Side::Left),
    ("max", Side::Right),
    ("never", Side::Right),
];

const SHARES: [(&str, Side); 5] = [
    ("at", Side::Left),
    ("protocol", Side::Left),
    ("share", Side::Right),
    ("95 %", Side::Left),
    ("of", Side::Right),
];

pub(crate) fn headings(metric: Metric, varied: bool) -> &'static [(&'static str, Side)] {
    let all: &[_] = if metric.is_share() { &SHARES } else { &NUMBERS };
    if varied { all } else { &all[1..] }
}

pub(crate) fn words(metric: Metric, found: &Found) -> Vec<String> {
    match found {
        Found::Numbers(sample) => {
            let at = |level| sample.quantile(level).map_or_else(String::new, |at| said(metric, at));
            let within = |level: Level| match sample.interval(level) {
                Some(Bounds { low, high }) => {
                    format!("[{}, {}]", said(metric, low), said(metric, high))
                }
                None => format!("n < {}", least_count(level)),
            };
            let most = sample.extremes().map(|ends| said(metric, ends.high)).unwrap_or_default();
            let never = sample.never().to_string();
            let (median, p99) = (Level::MEDIAN, Level::P99);
            vec![at(median), within(median), at(p99), within(p99), most, never]
        }
        Found::Share(rate) => {
            let share = rate.ppm().map_or_else(|| "-".to_string(), percent);
            let within = rate.interval().map_or_else(String::new, |(low, high)| {
                format!("[{}, {}]", percent(low), percent(high))
            });
            vec![share, within, rate.of.to_string()]
        }
    }
}

pub(crate) fn said(metric: Metric, value: Reached) -> String {
    match (value, metric.unit) {
        (Reached::Never, _) => "never".to_string(),
        (Reached::At(ns), Unit::Time) => duration(ns),
        (Reached::At(trips), Unit::RoundTrips) => decimal(trips, 3),
        (Reached::At(rate), Unit::Rate) => format!("{}/s", decimal(rate, 3)),
        (Reached::At(count), Unit::Count | Unit::Share) => count.to_string(),
    }
}

/// The ends of a closed form; one number where they are the same.
pub(crate) fn between(metric: Metric, (least, most): (u64, u64)) -> String {
    let [least, most] = [least, most].map(|end| said(metric, Reached::At(end)));
    if least == most { least } else { format!("{least} to {most}") }
}

/// Parts per million as a percentage.
pub(crate) fn percent(ppm: u32) -> String {
    let rounded = if ppm < 1_000 { ppm } else { (ppm + 50) / 100 * 100 };
    format!("{} %", decimal(rounded.into(), 4))
}

fn decimal(value: u64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let (whole, rest) = (value / unit, value % unit);
    if rest == 0 {
        return whole.to_string();
    }
    let digits = format!("{rest:0width$}", width = places as usize);
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

/// Every metric of every cell.
#[must_use]
pub fn summary_csv(results: &Results) -> String {
    let manifest = results.manifest();
    let mut headings: Vec<&str> = manifest.axes.iter().map(|axis| axis.label.as_str()).collect();
    headings.extend(["protocol", "metric", "unit", "n", "never", "hits", "of", "value"]);
    headings.extend(["low95", "high95", "p99", "p99_low95", "p99_high95", "min", "max"]);
    let mut csv = Csv::new(&headings);
    for cell in 0..manifest.cells.len() {
        let (point, protocol) = results.place(cell);
        let values = manifest.axes.iter().zip(manifest.values_at(point));
        let key: Vec<Field> =
            values.map(|(axis, value)| Field::Text(axis.names[value].clone())).collect();
        for metric in Metric::ALL {
            let Some(found) = results.found(cell, metric) else { continue };
            let name = Field::Text(manifest.protocol_name(protocol));
            let fields = [name, Field::Text(metric.name.into()), Field::Text(unit(metric).into())];
            csv.row(key.iter().cloned().chain(fields).chain(numbers(&found)));
        }
    }
    csv.into_text()
}

pub(crate) fn unit(metric: Metric) -> &'static str {
    match metric.unit {
        Unit::Time => "ns",
        Unit::RoundTrips => "thousandths of a round trip",
        Unit::Rate => "per 1000 s",
        Unit::Count => "count",
        Unit::Share => "parts per million",
    }
}

fn numbers(found: &Found) -> Vec<Field> {
    match found {
        Found::Numbers(sample) => {
            let value = |at: Option<Reached>| Field::from(at.and_then(Reached::value));
            let of = |level| {
                let bounds = sample.interval(level);
                let (low, high) =
                    (bounds.map(|bounds| bounds.low), bounds.map(|bounds| bounds.high));
                [value(sample.quantile(level)), value(low), value(high)]
            };
            let ends = sample.extremes();
            let mut fields = vec![Field::Whole(sample.count().into())];
            fields.extend([Field::Whole(sample.never().into()), Field::Empty, Field::Empty]);
            fields.extend(of(Level::MEDIAN).into_iter().chain(of(Level::P99)));
            fields.extend([value(ends.map(|ends| ends.low)), value(ends.map(|ends| ends.high))]);
            fields
        }
        Found::Share(rate) => {
            let bounds = rate.interval();
            let whole = |value: Option<u32>| Field::from(value.map(u64::from));
            let mut fields = vec![Field::Whole(rate.runs.into()), Field::Empty];
            fields.extend([rate.hits, rate.of].map(|count| Field::Whole(count.into())));
            fields.push(whole(rate.ppm()));
            fields.push(whole(bounds.map(|(low, _)| low)));
            fields.push(whole(bounds.map(|(_, high)| high)));
            fields.extend(std::iter::repeat_n(Field::Empty, 5));
            fields
        }
    }
}

/// One object for each protocol at each point, with the metrics that the scenario asks for.
#[must_use]
pub fn summary_json(results: &Results) -> Vec<String> {
    let manifest = results.manifest();
    let cell = |cell: usize| {
        let (point, protocol) = results.place(cell);
        let values = manifest.axes.iter().zip(manifest.values_at(point));
        let at: serde_json::Map<String, Value> =
            values.map(|(axis, value)| (axis.label.clone(), json!(axis.names[value]))).collect();
        let metrics: serde_json::Map<String, Value> = results
            .shown()
            .filter_map(|metric| {
                Some((metric.name.to_string(), in_json(&results.found(cell, metric)?)))
            })
            .collect();
        let entry = &manifest.protocols[protocol];
        let summary = json!({
            "format": "commitsim-summary/1", "scenario": manifest.scenario, "at": at,
            "protocol": entry.id, "options": entry.options, "runs": manifest.seeds,
            "metrics": metrics,
        });
        visible_json(&summary.to_string()).into_owned()
    };
    (0..manifest.cells.len()).map(cell).collect()
}

fn in_json(found: &Found) -> Value {
    match found {
        Found::Numbers(sample) => {
            let of = |level| {
                let value = sample.quantile(level).and_then(Reached::value);
                let bounds = sample.interval(level);
                let bounds = bounds.map(|bounds| [bounds.low.value(), bounds.high.value()]);
                json!({"value": value, "interval": bounds})
            };
            let (median, p99) = (of(Level::MEDIAN), of(Level::P99));
            json!({"n": sample.count(), "never": sample.never(), "median": median, "p99": p99})
        }
        Found::Share(rate) => {
            let interval = rate.interval().map(|(low, high)| [low, high]);
            json!({"hits": rate.hits, "of": rate.of, "ppm": rate.ppm(), "interval_ppm": interval})
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_keep_what_is_rare() {
        let cases =
            [(0, "0 %"), (150, "0.015 %"), (12_345, "1.23 %"), (999_999, "100 %"), (50_000, "5 %")];
        for (ppm, text) in cases {
            assert_eq!(percent(ppm), text);
        }
    }
}
