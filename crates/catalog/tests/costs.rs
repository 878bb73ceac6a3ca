//! What two-phase commit costs when nothing fails: messages, forced records and all records,
//! against the formulas of protocols.md 3.5 and 2.7.

mod play;

use commitsim_sim::{Outcome, RunRecord, TransactionRecord};
use play::{play, scenario};

const VARIANTS: [&str; 3] = ["2pc", "2pc-pra", "2pc-prc"];

/// Node names n`from` to n`to` − 1, as a JSON list.
fn names(from: u64, to: u64) -> String {
    let names: Vec<String> = (from..to).map(|n| format!("\"n{n}\"")).collect();
    format!("[{}]", names.join(","))
}

fn only(run: &RunRecord) -> &TransactionRecord {
    assert_eq!(run.violations, [], "no violation");
    assert_eq!(run.transactions.len(), 1);
    assert!(run.transactions[0].forgotten.is_some(), "everything is forgotten");
    &run.transactions[0]
}

/// (messages, forced, records) of each variant where `n` remote nodes take part and the votes are
/// as `votes` says.
fn costs(n: u64, votes: &str, outcome: Outcome) -> Vec<(u64, u64, u64)> {
    let nodes = n + 1;
    let text = format!(
        r#"{{"format": "commitsim/1", "protocols": ["2pc", "2pc-pra", "2pc-prc"],
             "nodes": {nodes}, "votes": {votes}}}"#
    );
    let runs = play(&scenario(&text));
    let cost = |run: &RunRecord| {
        let tx = only(run);
        assert_eq!(tx.outcome, outcome);
        (tx.messages, tx.forced, tx.records)
    };
    runs.iter().map(cost).collect()
}

#[test]
fn s3_5_a_commit_costs_what_the_formulas_say() {
    for n in 1..=16 {
        let expected = [
            (4 * n, 2 * n + 1, 2 * n + 2),
            (4 * n, 2 * n + 1, 2 * n + 2),
            (3 * n, n + 2, 2 * n + 2),
        ];
        assert_eq!(costs(n, "{}", Outcome::Commit), expected, "n = {n}");
    }
}

#[test]
fn s3_5_an_abort_with_m_no_votes_costs_what_the_formulas_say() {
    for n in 1..=16 {
        for m in 1..=n {
            let votes = format!(r#"{{"no": {}}}"#, names(1, m + 1));
            let yes = n - m;
            let expected = [
                (2 * n + 2 * yes, 1 + 2 * yes, 2 + 2 * yes + m),
                (2 * n + yes, yes, 2 * yes + m),
                (2 * n + 2 * yes, 1 + 2 * yes, 2 + 2 * yes + m),
            ];
            assert_eq!(costs(n, &votes, Outcome::Abort), expected, "n = {n}, m = {m}");
        }
    }
}

#[test]
fn s2_7_read_only_participants_save_their_second_phase() {
    for n in 1..=16 {
        for r in 1..=n {
            let votes = format!(r#"{{"read_only": {}}}"#, names(1, r + 1));
            let yes = n - r;
            let expected = [
                (4 * n - 2 * r, 2 * yes + 1, 2 * yes + 2),
                (4 * n - 2 * r, 2 * yes + 1, 2 * yes + 2),
                (3 * n - r, yes + 2, 2 * yes + 2),
            ];
            assert_eq!(costs(n, &votes, Outcome::Commit), expected, "n = {n}, r = {r}");
        }
    }
}

/// A transaction that changes nothing anywhere has no second phase, and no record but presumed
/// commit's collecting record and the lazy one that cancels it.
#[test]
fn s2_7_all_read_only_leaves_no_record() {
    for n in 1..=16 {
        let votes = format!(r#"{{"read_only": {}}}"#, names(0, n + 1));
        let expected = [(2 * n, 0, 0), (2 * n, 0, 0), (2 * n, 1, 2)];
        assert_eq!(costs(n, &votes, Outcome::Commit), expected, "n = {n}");
    }
}

/// A NO of the root itself, when every vote is in: it aborts everybody who said YES.
#[test]
fn a_refusal_of_the_root_costs_one_telling_a_participant() {
    for n in 1..=16 {
        let nodes = n + 1;
        let text = format!(
            r#"{{"format": "commitsim/1", "protocols": ["2pc", "2pc-pra", "2pc-prc"],
                 "nodes": {nodes}, "votes": {{"no": ["n0"]}},
                 "work": {{"nodes": {{"n0": "9ms"}}}}}}"#
        );
        let found: Vec<_> = play(&scenario(&text))
            .iter()
            .map(|run| (only(run).outcome, only(run).messages, only(run).forced))
            .collect();
        let expected = [
            (Outcome::Abort, 4 * n, 1 + 2 * n),
            (Outcome::Abort, 3 * n, n),
            (Outcome::Abort, 4 * n, 1 + 2 * n),
        ];
        assert_eq!(found, expected, "n = {n}");
    }
}

/// With lazy outcome records a participant forces only its vote; the acknowledgement waits for the
/// background flush.
#[test]
fn lazy_outcome_records_save_a_force_and_cost_time() {
    for n in 1..=8 {
        let nodes = n + 1;
        let text = format!(
            r#"{{"format": "commitsim/1", "nodes": {nodes}, "protocols": [
                 {{"id": "2pc", "options": {{"outcome_force": "lazy"}}}}, "2pc"]}}"#
        );
        let runs = play(&scenario(&text));
        let (lazy, forced) = (only(&runs[0]), only(&runs[1]));
        assert_eq!((lazy.messages, lazy.forced, lazy.records), (4 * n, n + 1, 2 * n + 2));
        assert_eq!(lazy.decided, forced.decided, "deciding does not wait for the outcome record");
        assert!(lazy.forgotten > forced.forgotten);
    }
}

/// The counts are the same for a hundred transactions in a row as for one.
#[test]
fn costs_do_not_depend_on_what_came_before() {
    let text = r#"{"format": "commitsim/1", "protocols": ["2pc", "2pc-pra", "2pc-prc"], "nodes": 5,
                   "workload": {"transactions": 100},
                   "network": {"latency": {"uniform": ["1ms", "5ms"]}}}"#;
    let runs = play(&scenario(text));
    for (run, (variant, (messages, forced))) in
        runs.iter().zip(VARIANTS.iter().zip([(16, 9), (16, 9), (12, 6)]))
    {
        assert_eq!(run.violations, []);
        assert_eq!(run.transactions.len(), 100);
        for tx in &run.transactions {
            assert_eq!((tx.messages, tx.forced), (messages, forced), "{variant} {:?}", tx.id);
            assert_eq!(tx.outcome, Outcome::Commit);
        }
    }
}
