//! What storms have found, made small: each was a defect once.

mod play;

use commitsim_core::Decision;
use commitsim_sim::{Outcome, Stand};
use play::{play, scenario};

/// A node that voted read-only and then crashed has no record of it. It is not bound by a YES,
/// but that does not mean that it refused: answering a question with ABORT split the transaction,
/// whose root was about to commit. (Storm 314.)
#[test]
fn a_read_only_voter_that_restarted_does_not_answer_abort() {
    let text = r#"{"format": "commitsim/1", "nodes": 3, "votes": {"read_only": ["n2"]},
        "protocols": [{"id": "2pc", "options": {"termination": "cooperative"}},
                      {"id": "2pc-pra", "options": {"termination": "cooperative"}},
                      {"id": "2pc-prc", "options": {"termination": "cooperative"}}],
        "patience": {"votes": "1s", "decision": "100ms", "acks": "100ms"},
        "faults": [
            {"when": {"sent": {"by": "n2", "message": "ReadOnly"}},
             "crash": {"node": "n2", "restart_after": "10ms"}},
            {"when": {"received": {"by": "n0", "message": "Yes"}},
             "slow_disk": {"node": "n0", "force": "5s", "for": "1s"}}]}"#;
    for run in play(&scenario(text)) {
        assert_eq!(run.violations, []);
        assert_eq!(run.idle_faults, []);
        let tx = &run.transactions[0];
        assert_eq!(tx.outcome, Outcome::Commit);
        assert!(tx.nodes[1].blocked.0 > 0, "n1 asked, and nobody could tell");
        assert_eq!(tx.nodes[2].state, Stand::ReadOnly);
    }
}

/// A node that crashes while it restarts, after it has undone one of two transactions, undoes the
/// other one at its next restart. (Storm 8630.)
#[test]
fn what_a_crash_lost_is_undone_even_if_the_restart_is_cut_short() {
    let text = r#"{"format": "commitsim/1", "nodes": 1, "protocols": ["2pc"],
        "workload": {"transactions": 2, "arrivals": {"closed": {"clients": 2, "think": "0"}}},
        "faults": [
            {"at": "100us", "crash": {"node": "n0", "restart_after": "1ms"}},
            {"when": {"decided": {"by": "n0"}},
             "crash": {"node": "n0", "restart_after": "1ms"}}]}"#;
    for run in play(&scenario(text)) {
        assert_eq!(run.violations, []);
        assert_eq!(run.totals.crashes, 2);
        for tx in &run.transactions {
            assert_eq!(tx.nodes[0].state, Stand::Decided(Decision::Abort), "{:?}", tx.id);
        }
    }
}

/// What a crash leaves of the unsynced tail is on disk: the root may commit by it when it is back.
/// (Storm 282; the oracle took such a commit for one without a record.)
#[test]
fn a_record_that_survived_a_crash_counts_as_durable() {
    let crash = |seed: u64| {
        format!(
            r#"{{"format": "commitsim/1", "nodes": 2, "protocols": ["2pc"], "seed": {seed},
            "disk": {{"force": "10ms"}},
            "faults": [{{"at": "15ms", "crash": {{"node": "n0", "restart_after": "1s"}}}}]}}"#
        )
    };
    let outcomes: Vec<Outcome> = (0..32)
        .map(|seed| {
            let run = &play(&scenario(&crash(seed)))[0];
            assert_eq!(run.violations, []);
            run.transactions[0].outcome
        })
        .collect();
    assert!(outcomes.contains(&Outcome::Commit), "sometimes the tail survives");
    assert!(outcomes.contains(&Outcome::Abort), "sometimes it does not");
}

/// A second PREPARE that reaches a read-only voter after its restart is refused, which changes
/// nothing: its part ended with its vote. (Found while writing stories.)
#[test]
fn a_late_prepare_at_a_restarted_read_only_voter_splits_nothing() {
    let text = r#"{"format": "commitsim/1", "nodes": 3, "seed": 1, "protocols": ["2pc", "2pc-pra"],
        "votes": {"read_only": ["n2"]},
        "network": {"links": [{"from": "n0", "to": "n2", "latency": {"uniform": ["1ms", "40ms"]}}]},
        "faults": [
            {"at": "0", "duplicate": {"message": "Prepare", "to": "n2"}},
            {"when": {"sent": {"by": "n2", "message": "ReadOnly"}},
             "crash": {"node": "n2", "restart_after": "100us"}}]}"#;
    for run in play(&scenario(text)) {
        assert_eq!(run.violations, []);
        let tx = &run.transactions[0];
        assert_eq!((tx.outcome, tx.nodes[2].state), (Outcome::Commit, Stand::ReadOnly));
    }
}

/// The last message of a transaction arrives, and its receiver stalls before it can look at it.
/// When it has looked, nobody is left who will ever decide, and the next transaction has to begin.
/// (Storm 4930, which said nothing: it ended two transactions early.)
#[test]
fn the_next_transaction_begins_after_a_pause_at_the_last_message() {
    let text = r#"{"format": "commitsim/1", "nodes": 3, "protocols": ["2pc-pra"],
        "votes": {"no": ["n1"]}, "workload": {"transactions": 2},
        "network": {"links": [{"from": "n1", "to": "n0", "latency": {"uniform": ["1ms", "9ms"]}}]},
        "faults": [
            {"at": "0", "lose": {"message": "Prepare", "to": "n2"}},
            {"at": "0", "lose": {"message": "Abort", "to": "n2"}},
            {"at": "0", "duplicate": {"message": "No"}},
            {"when": {"received": {"by": "n0", "message": "No"}}, "nth": 2,
             "pause": {"node": "n0", "for": "5ms"}}]}"#;
    for run in play(&scenario(text)) {
        assert_eq!((run.violations, run.idle_faults), (vec![], vec![]));
        assert_eq!(run.transactions.len(), 2);
        assert_eq!(run.transactions[0].nodes[2].state, Stand::Unaware);
    }
}
