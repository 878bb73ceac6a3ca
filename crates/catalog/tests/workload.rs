//! Which transactions begin when, where and among whom.

mod stage;

use commitsim_sim::{Ending, Outcome};

use stage::{Run, run_of, two_phase};

fn work(keys: &str, workload: &str) -> Run {
    two_phase(&format!(
        r#"{keys} "workload": {{{workload}}},
           "patience": {{"votes": "10ms", "decision": "10ms", "acks": "10ms"}}"#
    ))
}

/// When each transaction began and at which root.
fn begun(run: &Run) -> Vec<(u64, u16)> {
    run.record.transactions.iter().map(|tx| (tx.began.0 / 1000, tx.root.0)).collect()
}

#[test]
fn serial_transactions_begin_when_the_last_is_decided_everywhere() {
    let run = work("", r#""transactions": 3"#);
    assert_eq!(begun(&run), [(0, 0), (3700, 0), (7400, 0)]);
}

#[test]
fn a_serial_workload_does_not_wait_for_the_dead() {
    let run =
        work(r#""faults": [{"at": "2ms", "crash": {"node": "n1"}}],"#, r#""transactions": 2"#);
    assert_eq!(begun(&run), [(0, 0), (3700, 0)]);
    // n2 is in doubt and alive, so it is waited for, until its question is answered.
    let run = work(
        r#""faults": [{"at": "0", "lose": {"message": "Commit", "to": "n2"}}],"#,
        r#""transactions": 2"#,
    );
    assert_eq!(begun(&run), [(0, 0), (13600, 0)]);
}

#[test]
fn a_serial_workload_goes_on_when_the_last_message_changes_nothing() {
    // ABORT reaches n1 after a restart: n1 has never heard of the transaction and never will.
    let run = run_of(
        "\"2pc-pra\"",
        r#""workload": {"transactions": 2}, "patience": {"votes": "10ms"}, "faults": [
            {"at": "0", "lose": {"message": "Prepare", "to": "n1"}},
            {"at": "2ms", "crash": {"node": "n1", "restart_after": "1ms"}},
            {"at": "9ms", "delay": {"message": "Abort", "to": "n1", "by": "5ms"}}]"#,
    );
    assert_eq!(run.when("n1 get Abort"), 16000);
    assert_eq!(begun(&run), [(0, 0), (16000, 0)]);
}

#[test]
fn arrivals_by_the_clock_do_not_wait() {
    let run = work("", r#""transactions": 4, "arrivals": {"every": "1ms"}"#);
    assert_eq!(begun(&run), [(0, 0), (1000, 0), (2000, 0), (3000, 0)]);
}

#[test]
fn random_arrivals_have_their_mean() {
    let run = work("", r#""transactions": 2000, "arrivals": {"poisson": {"mean": "1ms"}}"#);
    let begun = begun(&run);
    let mean = begun.last().unwrap().0 / 2000;
    assert!((930..1070).contains(&mean), "{mean}");
    let short = begun.windows(2).filter(|pair| pair[1].0 - pair[0].0 < 693).count();
    assert!((900..1100).contains(&short), "the median is ln 2 of the mean: {short}");
}

#[test]
fn a_client_begins_a_while_after_it_was_answered() {
    let run =
        work("", r#""transactions": 5, "arrivals": {"closed": {"clients": 2, "think": "300us"}}"#);
    // The root decides 2700 after a beginning; two force at one time, so the second waits.
    let answered: Vec<u64> =
        run.record.transactions.iter().map(|tx| tx.client.unwrap().0 / 1000).collect();
    let begun: Vec<u64> = begun(&run).iter().map(|(at, _)| *at).collect();
    assert_eq!(begun[..2], [0, 0]);
    assert_eq!(begun[2..], [answered[0] + 300, answered[1] + 300, answered[2] + 300]);
    assert!(run.record.transactions.iter().all(|tx| tx.outcome == Outcome::Commit));
}

#[test]
fn roots_come_in_turn_or_at_random() {
    let roots = |coordinator: &str, transactions: u32| -> Vec<u16> {
        let workload = format!(r#""transactions": {transactions}, "coordinator": "{coordinator}""#);
        begun(&work("", &workload)).iter().map(|(_, root)| *root).collect()
    };
    assert_eq!(roots("round-robin", 5), [0, 1, 2, 0, 1]);
    assert_eq!(roots("first", 3), [0, 0, 0]);
    assert_eq!(roots("n2", 3), [2, 2, 2]);
    let random = roots("random", 300);
    for node in 0..3 {
        let share = random.iter().filter(|root| **root == node).count();
        assert!((70..130).contains(&share), "n{node}: {share}");
    }
}

#[test]
fn participants_are_drawn_for_each_transaction() {
    let run = work(
        r#""nodes": 5,"#,
        r#""transactions": 200, "participants": {"random": 2}, "coordinator": "round-robin""#,
    );
    let mut often = [0; 5];
    for tx in &run.record.transactions {
        let voters: Vec<u16> = tx.nodes.iter().map(|node| node.node.0).collect();
        assert!(voters.len() == 3 && voters.contains(&tx.root.0), "{voters:?}");
        assert_eq!((tx.messages, tx.forced), (8, 5));
        voters.iter().for_each(|node| often[usize::from(*node)] += 1);
    }
    assert!(often.iter().all(|share| (90..150).contains(share)), "{often:?}");
}

#[test]
fn a_root_that_is_down_is_waited_for_where_there_is_no_other() {
    let crash = r#""faults": [{"at": "1ms", "crash": {"node": "n0", "restart_after": "20ms"}}],"#;
    let run = work(crash, r#""transactions": 3, "arrivals": {"every": "2ms"}"#);
    assert_eq!(begun(&run), [(0, 0), (21000, 0), (23000, 0)]);
    let other = work(
        crash,
        r#""transactions": 4, "arrivals": {"every": "2ms"}, "coordinator": "round-robin""#,
    );
    assert_eq!(begun(&other), [(0, 0), (2000, 1), (4000, 2), (6000, 1)]);
    let paused = work(
        r#""faults": [{"at": "1ms", "pause": {"node": "n0", "for": "20ms"}}],"#,
        r#""transactions": 2, "arrivals": {"every": "2ms"}"#,
    );
    assert_eq!(begun(&paused), [(0, 0), (21000, 0)]);
}

#[test]
fn a_root_that_never_comes_back_ends_the_workload() {
    let run = work(
        r#""faults": [{"at": "1ms", "crash": {"node": "n0"}}],"#,
        r#""transactions": 3, "arrivals": {"every": "2ms"}"#,
    );
    assert_eq!(begun(&run), [(0, 0)]);
    assert_eq!((run.record.ending, run.record.violations.len()), (Ending::Settled, 0));
}

#[test]
fn the_low_water_mark_rides_on_later_messages() {
    let run = run_of(
        r#"{"id": "2pc", "options": {"termination": "cooperative"}}"#,
        r#""workload": {"transactions": 3, "arrivals": {"every": "10ms"}}"#,
    );
    assert_eq!(run.find(&["n1 forget"]), ["11000 n1 forget tx0", "21000 n1 forget tx1"]);
}

#[test]
fn one_node_alone_commits_with_one_force() {
    let run = work(r#""nodes": 1,"#, r#""transactions": 2"#);
    assert_eq!(
        run.lines()[..8],
        [
            "0 n0 begin tx0",
            "0 n0 arm VotesDue 10000 tx0",
            "0 n0 work tx0",
            "500 n0 vote Yes tx0",
            "500 n0 disarm VotesDue tx0",
            "500 n0 append Committed at 1 tx0",
            "500 n0 force upto 1",
            "600 n0 durable Committed at 1 tx0",
        ]
    );
    let costs: Vec<_> = run.record.transactions.iter().map(|tx| (tx.messages, tx.forced)).collect();
    assert_eq!(costs, [(0, 1), (0, 1)]);
    assert_eq!(run.record.ending, Ending::Settled);
}
