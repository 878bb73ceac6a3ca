//! The tables: every metric by protocol and point, and the differences between protocols.

use commitsim_report::Side;
use maud::{Markup, html};

use super::{clean, counted};
use crate::differences::differences;
use crate::metric::Metric;
use crate::results::Results;
use crate::summary::{between, headings, words};

/// More rows than this are left to the files.
const ROWS: usize = 600;

pub(super) fn tables(results: &Results) -> Markup {
    let manifest = results.manifest();
    let wanted = |metric: &Metric| manifest.metrics.iter().any(|name| name == metric.name);
    let (shown, folded): (Vec<Metric>, Vec<Metric>) = Metric::ALL.into_iter().partition(wanted);
    let fits = manifest.cells.len() <= ROWS;
    html! {
        section id="tables" {
            h2 { "Tables" }
            p {
                "n = " (counted(u64::from(manifest.seeds), "run")) " of each protocol at each "
                "point; intervals hold with 95 %. " em { "never" } " counts the runs in which the "
                "value never came: they are part of n, above all others."
            }
            @if !fits {
                p { (manifest.cells.len()) " rows for each metric: they are in "
                    code { "summary.csv" } " and " code { "differences.csv" } "." }
            } @else {
                @for metric in shown { (table(results, metric)) }
                details {
                    summary { "The other metrics" }
                    @for metric in folded { (table(results, metric)) }
                }
                @if manifest.protocols.len() > 1 { (compared(results)) }
            }
        }
    }
}

fn table(results: &Results, metric: Metric) -> Markup {
    let manifest = results.manifest();
    let varied = !manifest.axes.is_empty();
    let cells = 0..manifest.cells.len();
    let rows: Vec<Vec<String>> = cells
        .filter_map(|cell| {
            let found = results.found(cell, metric)?;
            let (point, protocol) = results.place(cell);
            let point = varied.then(|| manifest.point_name(point));
            let mut row: Vec<String> = point.into_iter().collect();
            row.push(manifest.protocol_name(protocol));
            row.extend(words(metric, &found));
            let formula = metric.formula(&manifest.cells[cell]);
            row.push(formula.map_or_else(String::new, |ends| between(metric, ends)));
            Some(row)
        })
        .collect();
    let formula = rows.iter().any(|row| row.last().is_some_and(|last| !last.is_empty()));
    let mut columns = headings(metric, varied).to_vec();
    columns.push(("closed form", Side::Right));
    columns.truncate(columns.len() - usize::from(!formula));
    let about = format!("{}: {}", metric.name, metric.says);
    html! { @if !rows.is_empty() {
        h3 { (about) }
        (grid(&about, &columns, &rows))
    } }
}

/// By how much each protocol exceeds the first one.
fn compared(results: &Results) -> Markup {
    let manifest = results.manifest();
    let first = manifest.protocol_name(0);
    let columns = [
        ("at", Side::Left),
        ("protocol", Side::Left),
        ("metric", Side::Left),
        ("median of the differences", Side::Right),
        ("95 %", Side::Left),
        ("pairs", Side::Right),
        ("neither", Side::Right),
    ];
    let rows: Vec<Vec<String>> = differences(results)
        .into_iter()
        .filter(|gap| manifest.metrics.iter().any(|name| name == gap.metric.name))
        .map(|gap| {
            let (point, protocol) = results.place(gap.cell);
            let mut row = vec![manifest.point_name(point), manifest.protocol_name(protocol)];
            row.push(gap.metric.name.to_string());
            row.extend(gap.words());
            row
        })
        .collect();
    let about = format!("More than {first}, seed by seed");
    html! { @if !rows.is_empty() {
        details {
            summary { (clean(&about)) }
            p { "Runs with the same seed meet the same luck, so that their differences vary far "
                "less than they do." }
            (grid(&about, &columns, &rows))
        }
    } }
}

fn grid(about: &str, columns: &[(&'static str, Side)], rows: &[Vec<String>]) -> Markup {
    let class = |n: usize| match columns.get(n) {
        Some((_, Side::Right)) => "number",
        Some(("95 %", _)) => "span",
        _ => "name",
    };
    html! {
        div class="wide" tabindex="0" role="group" aria-label=(clean(about)) {
            table {
                thead { tr {
                    @for (n, (name, _)) in columns.iter().enumerate() {
                        th scope="col" class=(class(n)) { (name) }
                    }
                } }
                tbody { @for row in rows { tr {
                    @for (n, cell) in row.iter().take(columns.len()).enumerate() {
                        td class=(class(n)) { (clean(cell)) }
                    }
                } } }
            }
        }
    }
}
