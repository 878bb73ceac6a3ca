//! Recorded traces.

use commitsim_report::{
    Excerpt, Explainer, Observation, Pending, Selection, TraceHead, columns, line_of, mermaid,
    space_time, visible,
};

use crate::shown::{harmless, one_line};

/// How many observations are drawn, as on the command line.
const DRAWN: u64 = 1_000;

/// Reads bytes as a trace, line by line up to the first that is damaged, and makes of it all that
/// can be made.
pub fn trace(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut lines = text.split_inclusive('\n');
    let head = match TraceHead::read(lines.next().unwrap_or_default()) {
        Ok(head) => head,
        Err(says) => return refused(&says),
    };
    let mut seen = Vec::new();
    for line in lines {
        match Observation::read(line) {
            Ok(observation) => seen.push(observation),
            Err(says) => {
                refused(&says);
                break;
            }
        }
    }
    told(&head, &seen);
    let middle = seen.get(seen.len() / 2);
    let from_ns = middle.map_or(0, |seen| seen.t_ns);
    let until_ns = seen.last().map_or(0, |seen| seen.t_ns);
    let tx = seen.iter().find_map(|seen| seen.tx);
    for selection in [
        Selection { limit: DRAWN, ..Selection::ALL },
        Selection { from_ns, ..Selection::ALL },
        Selection { from_ns, until_ns, tx, limit: 3 },
    ] {
        drawn(&head, &seen, selection);
    }
    for at in [0, from_ns, until_ns, u64::MAX] {
        let mut table = Pending::at(at);
        seen.iter().for_each(|seen| table.see(seen));
        harmless(&table.text(&head.protocol, 80));
    }
}

/// A reason is one line when it is shown, and says something.
fn refused(says: &str) {
    assert!(!says.is_empty(), "refused without a reason");
    one_line(&visible(says));
}

/// As text and as sentences.
fn told(head: &TraceHead, seen: &[Observation]) {
    one_line(&columns(&head.nodes));
    let mut explainer = Explainer::default();
    for seen in seen {
        one_line(&line_of(seen, &head.nodes));
        harmless(&explainer.line(seen));
    }
}

fn drawn(head: &TraceHead, seen: &[Observation], selection: Selection) {
    let mut excerpt = Excerpt::new(selection);
    seen.iter().for_each(|seen| excerpt.see(seen.clone()));
    assert!(excerpt.observations.len() as u64 <= selection.limit);
    harmless(&mermaid(head, &excerpt));
    let svg = space_time(&[(head.clone(), excerpt)]).svg();
    harmless(&svg);
    if let Err(error) = roxmltree::Document::parse(&svg) {
        panic!("this is no XML: {error}\n{svg}");
    }
}
