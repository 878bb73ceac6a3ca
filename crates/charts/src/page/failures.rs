//! Which runs broke something, and how each is made again.

use maud::{Markup, html};

use super::{clean, counted, share};
use crate::record::Record;
use crate::results::Results;

/// So many runs are named of those that nobody expected, and so many of the others.
const NAMED: usize = 20;
const EXAMPLES: usize = 12;

/// What makes a run again.
type Replay<'a> = &'a dyn Fn(&Record) -> String;

pub(super) fn failures(results: &Results, replay: Replay<'_>) -> Markup {
    let records = results.records();
    let unexpected: Vec<&Record> = records.iter().filter(|record| record.unexpected).collect();
    let inconclusive = records.iter().find(|record| record.inconclusive);
    let broken = expected(results);
    html! {
        section id="failures" {
            h2 { "Violations" }
            @if unexpected.is_empty() {
                p { "In none of " (records.len()) " runs was a property violated that the scenario "
                    "does not expect to be." }
            } @else {
                p { (counted(unexpected.len() as u64, "run")) " violated a property that the "
                    "scenario does not expect to be violated. Each line makes such a run again, "
                    "in the directory of this page." }
                @for record in unexpected.iter().take(NAMED) { (one(results, record, replay)) }
                @if unexpected.len() > NAMED {
                    p class="soft" { "And " (unexpected.len() - NAMED) " more: the lines of "
                        code { "records.jsonl" } " with " code { "\"unexpected\":true" } "." }
                }
            }
            @if !broken.is_empty() {
                details {
                    summary { "Violations that the scenario expects, with an example of each" }
                    @for (first, count, of) in broken.iter().take(EXAMPLES) {
                        (one(results, first, replay))
                        p class="soft" { "the first of " (count) " such runs of " (of) ": "
                            (share(*count, *of)) }
                    }
                }
            }
            @if let Some(record) = inconclusive {
                details {
                    summary { "A run that ended while something was still going on" }
                    (one(results, record, replay))
                }
            }
        }
    }
}

fn one(results: &Results, record: &Record, replay: Replay<'_>) -> Markup {
    let (protocol, point) = where_of(results, record);
    let violates = record.violates.join(", ");
    html! {
        h3 {
            @if !violates.is_empty() { span class="bad" { (clean(&violates)) } ": " }
            (clean(&protocol))
            @if !point.is_empty() { ", " (clean(&point)) }
            ", seed " (clean(&record.seed))
        }
        pre { code { (clean(&replay(record))) } }
    }
}

fn where_of(results: &Results, record: &Record) -> (String, String) {
    let manifest = results.manifest();
    let (point, protocol) = results.place(results.cell_of(record));
    (manifest.protocol_name(protocol), manifest.point_name(point))
}

/// The first run of each protocol that broke what it is expected to break, in the same way, with
/// how many there are of how many.
fn expected(results: &Results) -> Vec<(&Record, usize, usize)> {
    let protocols = results.manifest().protocols.len();
    let broken = |record: &&Record| !record.unexpected && !record.violates.is_empty();
    let mut kinds: Vec<(usize, &Record, usize)> = Vec::new();
    for record in results.records().iter().filter(broken) {
        let protocol = results.cell_of(record) % protocols;
        let same = |(one, first, _): &&mut (usize, &Record, usize)| {
            *one == protocol && first.violates == record.violates
        };
        match kinds.iter_mut().find(same) {
            Some((_, _, count)) => *count += 1,
            None => kinds.push((protocol, record, 1)),
        }
    }
    let of = results.records().len() / protocols.max(1);
    kinds.sort_by_key(|(protocol, first, _)| (*protocol, first.violates.clone()));
    kinds.into_iter().map(|(_, first, count)| (first, count, of)).collect()
}
