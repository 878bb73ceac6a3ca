//! From the record of a run to the line that a sweep keeps of it.

use commitsim_charts::Record;
use commitsim_core::{Span, Time};
use commitsim_sim::{Ending, NodeRecord, Outcome, RunRecord, Stand, TransactionRecord};

use crate::translate;

/// The line of a run.
pub(crate) fn measured(job: u64, seed: String, run: &RunRecord, unexpected: bool) -> Record {
    let all = &run.transactions;
    let since = |tx: &TransactionRecord, at: Option<Time>| at.map(|at| (at - tx.began).0);
    let time = |take: fn(&TransactionRecord) -> Option<Time>| {
        middle(all.iter().map(|tx| since(tx, take(tx))).collect())
    };
    let count = |take: fn(&TransactionRecord) -> u64| {
        middle(all.iter().map(|tx| Some(take(tx))).collect()).unwrap_or(0)
    };
    let how_many =
        |of: &dyn Fn(&TransactionRecord) -> bool| all.iter().filter(|tx| of(tx)).count() as u64;
    let parts = || all.iter().flat_map(|tx| &tx.nodes);
    let left = parts().any(|node| node.state == Stand::InDoubt);
    let longest = |take: fn(&NodeRecord) -> Span| {
        if left { None } else { Some(parts().map(|node| take(node).0).max().unwrap_or(0)) }
    };
    let unsure = |node: &NodeRecord| matches!(node.state, Stand::InDoubt | Stand::Working);
    let mut violates: Vec<String> =
        run.violations.iter().map(|one| one.property.name().to_string()).collect();
    violates.sort_unstable();
    violates.dedup();
    Record {
        job,
        seed,
        trace_hash: format!("{:032x}", run.trace_hash),
        transactions: all.len() as u64,
        committed: how_many(&|tx| tx.outcome == Outcome::Commit),
        aborted: how_many(&|tx| tx.outcome == Outcome::Abort),
        undecided: how_many(&|tx| tx.nodes.iter().any(unsure)),
        blocked: how_many(&|tx| tx.nodes.iter().any(|node| node.blocked > Span::ZERO)),
        client_ns: time(|tx| tx.client),
        decided_ns: time(|tx| tx.decided),
        forgotten_ns: time(|tx| tx.forgotten),
        messages: count(|tx| tx.messages),
        forced: count(|tx| tx.forced),
        records: count(|tx| tx.records),
        in_doubt_ns: longest(|node| node.in_doubt),
        blocked_ns: longest(|node| node.blocked),
        committed_per_1000s: run.data.as_ref().map(translate::throughput),
        lock_hold_ns: run.data.as_ref().and_then(|data| data.lock_hold.0.checked_div(data.locks)),
        violates,
        unexpected,
        inconclusive: run.ending == Ending::Inconclusive,
    }
}

/// The value in the middle, by the nearest rank; what never came counts as the greatest.
fn middle(mut values: Vec<Option<u64>>) -> Option<u64> {
    values.sort_unstable_by_key(|value| value.unwrap_or(u64::MAX));
    values.get(values.len().div_ceil(2).checked_sub(1)?).copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::middle;

    #[test]
    fn what_never_came_is_in_the_middle_only_if_half_never_came() {
        assert_eq!(middle(vec![]), None);
        assert_eq!(middle(vec![None, Some(3), Some(1)]), Some(3));
        assert_eq!(middle(vec![None, Some(3)]), Some(3));
        assert_eq!(middle(vec![None, Some(3), None]), None);
    }
}
