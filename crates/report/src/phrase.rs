//! A trace for people: one line an observation, in columns.

use crate::span::milliseconds;
use crate::{Because, Observation, What, visible};

/// The line that stands above the columns of [`line_of`].
#[must_use]
pub fn columns(nodes: &[String]) -> String {
    line("ms", nodes, "node", "tx", "what")
}

/// The observation as a line, without a line break. All lines of these nodes have their columns
/// below each other.
#[must_use]
pub fn line_of(seen: &Observation, nodes: &[String]) -> String {
    let tx = seen.tx.map_or_else(|| "-".to_string(), |tx| tx.to_string());
    let time = milliseconds(seen.t_ns);
    line(&time, nodes, &visible(&seen.node), &tx, &visible(&phrase(&seen.what)))
}

fn line(time: &str, nodes: &[String], node: &str, tx: &str, what: &str) -> String {
    let room = nodes.iter().map(|name| name.chars().count()).max().unwrap_or(0).clamp(4, 24);
    format!("{time:>14}  {node:<room$}  {tx:>3}  {what}")
}

/// What was seen, in the words of the trace.
pub(crate) fn phrase(what: &What) -> String {
    match what {
        What::Begin => "begin".to_string(),
        What::Send { id, message, to, .. } => format!("send {message} to {to} (#{id})"),
        What::Deliver { id, message, from, .. } => {
            format!("deliver {message} from {from} (#{id})")
        }
        What::Lose { id, message, from, .. } => format!("lose {message} from {from} (#{id})"),
        What::Duplicate { id, copy, message, from, .. } => {
            format!("duplicate {message} from {from} (#{id} again as #{copy})")
        }
        What::Append { lsn, record, forced, .. } => {
            format!("append {record} at {lsn}, {}", if *forced { "forced" } else { "lazy" })
        }
        What::Force { upto } => format!("force up to {upto}"),
        What::Durable { lsn, record, .. } => format!("durable {record} at {lsn}"),
        What::Work => "work".to_string(),
        What::Vote { vote } => format!("vote {}", vote.word()),
        What::Enter { status } => format!("enter {}", status.words()),
        What::Decide { decision, why: Because::Protocol } => format!("decide {}", decision.word()),
        What::Decide { decision, why: Because::LostInCrash } => {
            format!("decide {}: no record survived", decision.word())
        }
        What::Decide { decision, why: Because::Operator } => {
            format!("decide {}: by an operator", decision.word())
        }
        What::Forget => "forget".to_string(),
        What::Arm { timer, span_ns } => format!("arm {timer} for {}", crate::duration(*span_ns)),
        What::Disarm { timer } => format!("disarm {timer}"),
        What::Fire { timer } => format!("fire {timer}"),
        What::Crash { kept, appended } => format!("crash, {kept} of {appended} records left"),
        What::Restart => "restart".to_string(),
        What::Strike { fault, action } => format!("fault {fault} begins{}", named(action)),
        What::Ease { fault, action } => format!("fault {fault} ends{}", named(action)),
        What::Heal => "heal".to_string(),
        What::Lock { item, mode } => format!("lock item {item}, {}", mode.word()),
        What::Wait { item, behind } => format!("wait for item {item} behind transaction {behind}"),
        What::Borrow { item, lender } => format!("borrow item {item} of transaction {lender}"),
        What::Unlock => "unlock all".to_string(),
        What::Change { item, before, after } => format!("item {item} from {before} to {after}"),
    }
}

/// Faults of a storm have no name in a trace.
fn named(action: &Option<String>) -> String {
    action.as_ref().map(|action| format!(": {action}")).unwrap_or_default()
}
