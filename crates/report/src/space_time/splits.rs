//! Transactions that some nodes commit and others abort, in words: in a drawing the two signs may
//! stand far from each other.

use std::collections::BTreeMap;

use crate::{Decided, Excerpt, What};

/// How many transactions are named.
const NAMED: usize = 3;

/// Who decides what in a transaction, each node once and in the order of their decisions.
#[derive(Debug, Default)]
struct Outcomes<'a> {
    commit: Vec<&'a str>,
    abort: Vec<&'a str>,
}

/// A line for each transaction on which the nodes do not agree in this part of a trace.
pub(super) fn splits(excerpt: &Excerpt) -> Vec<String> {
    let mut transactions: BTreeMap<Option<u32>, Outcomes<'_>> = BTreeMap::new();
    for seen in &excerpt.observations {
        let What::Decide { decision, .. } = &seen.what else { continue };
        let outcomes = transactions.entry(seen.tx).or_default();
        let side = match decision {
            Decided::Commit => &mut outcomes.commit,
            Decided::Abort => &mut outcomes.abort,
        };
        if !side.contains(&seen.node.as_str()) {
            side.push(&seen.node);
        }
    }
    let several = transactions.len() > 1;
    transactions.retain(|_, outcomes| !outcomes.commit.is_empty() && !outcomes.abort.is_empty());
    let mut lines: Vec<String> = transactions
        .iter()
        .take(NAMED)
        .map(|(tx, Outcomes { commit, abort })| {
            let which = tx.filter(|_| several).map_or(String::new(), |tx| format!(" {tx}"));
            format!("Split: {}, {}.", says(commit, "commit", &which), says(abort, "abort", &which))
        })
        .collect();
    match transactions.len().saturating_sub(NAMED) {
        0 => {}
        1 => lines.push("One more transaction is split.".to_string()),
        more => lines.push(format!("{more} more transactions are split.")),
    }
    lines
}

/// As in `n0 and n1 commit 7`.
fn says(nodes: &[&str], verb: &str, which: &str) -> String {
    let ending = if nodes.len() == 1 { "s" } else { "" };
    let names = match nodes {
        [one] => (*one).to_string(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
        [] => String::new(),
    };
    format!("{names} {verb}{ending}{which}")
}
