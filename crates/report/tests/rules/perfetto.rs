//! Perfetto: slices on a thread lie beside or within each other, and every arrow has two ends.

use std::collections::BTreeMap;

use serde_json::Value;

use super::rule;

/// What a file holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Held {
    pub(crate) sends: usize,
    pub(crate) receipts: usize,
    pub(crate) forces: usize,
    pub(crate) instants: usize,
    pub(crate) slices: usize,
    /// By process: from where to where each arrow goes: thread, time in ns, name of the slice.
    pub(crate) flows: Vec<(End, End)>,
}

type End = ((u64, u64), u64, String);

pub(crate) fn check(text: &str) -> Result<Held, String> {
    let file: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let events = file["traceEvents"].as_array().ok_or("no trace events")?;
    let mut held = Held::default();
    let mut names: BTreeMap<(u64, u64), String> = BTreeMap::new();
    // Of each thread the ends of the slices that are open, and the last slice.
    let mut open: BTreeMap<(u64, u64), Vec<u64>> = BTreeMap::new();
    let mut last: BTreeMap<(u64, u64), (u64, u64, String)> = BTreeMap::new();
    let mut ends: BTreeMap<u64, (Option<End>, Option<End>)> = BTreeMap::new();
    let mut now = BTreeMap::new();
    for event in events {
        let phase = event["ph"].as_str().ok_or("an event without a kind")?;
        let number = |key: &str| event[key].as_u64().ok_or_else(|| format!("no {key}: {event}"));
        let thread = (number("pid")?, number("tid")?);
        if phase == "M" {
            if event["name"] == "thread_name" {
                names.insert(thread, event["args"]["name"].to_string());
            }
            continue;
        }
        rule(names.contains_key(&thread), || format!("the thread {thread:?} has no name"))?;
        let at = nanoseconds(&event["ts"]).ok_or_else(|| format!("no time: {event}"))?;
        let before = now.insert(thread.0, at).unwrap_or(0);
        rule(before <= at, || format!("{event} comes after {before} ns"))?;
        match phase {
            "X" => {
                let name = event["name"].as_str().ok_or("a slice without a name")?.to_string();
                let lasts = nanoseconds(&event["dur"]).ok_or_else(|| format!("no end: {event}"))?;
                let end = at + lasts;
                let open = open.entry(thread).or_default();
                open.retain(|end| *end > at);
                let within = open.iter().all(|outer| end <= *outer);
                rule(within, || format!("{event} overlaps another slice"))?;
                // The arrows of both would hang on one of them.
                let alone = event["cat"] != "message" || open.is_empty();
                rule(alone, || format!("{event} begins with another message"))?;
                open.push(end);
                held.slices += 1;
                held.sends += usize::from(name.starts_with("send "));
                held.receipts += usize::from(name.starts_with("receive "));
                held.forces += usize::from(name.starts_with("force "));
                last.insert(thread, (at, end, name));
            }
            "i" => {
                rule(event["s"] == "t", || format!("{event} is not of its thread"))?;
                held.instants += 1;
            }
            "s" | "f" => {
                let slice = last.get(&thread).filter(|(from, to, _)| (*from..=*to).contains(&at));
                let (from, _, name) =
                    slice.ok_or_else(|| format!("{event} is in no slice of its thread"))?;
                let end = (thread, *from, name.clone());
                let ends = ends.entry(number("id")?).or_default();
                let place = if phase == "s" { &mut ends.0 } else { &mut ends.1 };
                rule(phase == "s" || event["bp"] == "e", || format!("{event} has no bp"))?;
                rule(place.replace(end).is_none(), || format!("{event} is there twice"))?;
            }
            _ => return Err(format!("an event of kind {phase}")),
        }
    }
    for (id, ends) in ends {
        let (Some(from), Some(to)) = ends else { return Err(format!("flow {id} has one end")) };
        let message = |name: &str, verb: &str| name.strip_prefix(verb).map(String::from);
        let (left, arrived) = (message(&from.2, "send "), message(&to.2, "receive "));
        rule(left.is_some() && left == arrived, || format!("flow {id}: {from:?} to {to:?}"))?;
        rule(from.1 <= to.1, || format!("flow {id} goes back in time"))?;
        held.flows.push((from, to));
    }
    Ok(held)
}

/// Microseconds with three decimals, without the rounding of floating point.
fn nanoseconds(value: &Value) -> Option<u64> {
    let text = value.as_number()?.to_string();
    let (whole, rest) = text.split_once('.').unwrap_or((&text, "0"));
    let rest = format!("{rest:0<3}");
    let (whole, rest): (u64, u64) = (whole.parse().ok()?, rest.get(..3)?.parse().ok()?);
    whole.checked_mul(1_000)?.checked_add(rest)
}
