//! Faults at moments, faults without effect, and the order of things.
//!
//! The times are those of `faults.rs`: PREPARE arrives at 1000 µs, YES at 2600, COMMIT at 3700 and
//! ACK at 4800.

mod stage;

use commitsim_sim::{Idle, Outcome};

use stage::{Run, run_of, two_phase};

const QUICK: &str = r#""patience": {"votes": "10ms", "decision": "10ms", "acks": "10ms"}"#;

fn quick(keys: &str) -> Run {
    two_phase(&format!("{QUICK}, {keys}"))
}

fn faults(list: &str) -> Run {
    quick(&format!(r#""faults": [{list}]"#))
}

/// What is seen from the crash on, up to and without the next thing at a later time.
fn at_crash(run: &Run) -> Vec<String> {
    let lines = run.lines();
    let at = lines.iter().position(|line| line.contains(" crash ")).expect("nobody crashed");
    let now = lines[at].split(' ').next().unwrap().to_owned() + " ";
    lines[at - 1..].iter().filter(|line| line.starts_with(&now)).cloned().collect()
}

// Every kind of moment, by a crash that it sets off.

#[test]
fn a_crash_when_a_transaction_begins_comes_before_its_first_message() {
    let run = faults(r#"{"when": {"began": "n0"}, "crash": {"node": "n0"}}"#);
    assert_eq!(run.lines(), ["0 n0 begin tx0", "0 n0 crash kept 0 of 0"]);
    let run = faults(r#"{"when": {"began": "n1"}, "crash": {"node": "n1"}}"#);
    let lines = run.find(&["1000 n1"]);
    assert_eq!(
        lines,
        ["1000 n1 get Prepare from n0 tx0", "1000 n1 begin tx0", "1000 n1 crash kept 0 of 0",]
    );
}

#[test]
fn exactly_so_many_sends_of_a_broadcast_leave_as_the_moment_says() {
    for k in 1..=4 {
        let run = quick(&format!(
            r#""nodes": 6, "faults": [{{"when": {{"sent": {{"by": "n0", "message": "Commit"}}}},
               "nth": {k}, "crash": {{"node": "n0"}}}}]"#
        ));
        let sent: Vec<_> = (1..=k).map(|n| format!("2700 n0 send Commit to n{n} tx0")).collect();
        assert_eq!(run.find(&["n0 send Commit"]), sent);
        assert_eq!(run.find(&["get Commit"]).len(), k, "no crash recalls a message");
        assert_eq!(at_crash(&run).len(), 2);
    }
    let run = faults(
        r#"{"when": {"sent": {"by": "n0", "message": "Prepare", "to": "n2"}},
            "crash": {"node": "n0"}}"#,
    );
    assert_eq!(run.count("n0 send Prepare"), 2);
}

#[test]
fn a_crash_when_a_message_is_received_comes_before_it_is_looked_at() {
    let run = faults(
        r#"{"when": {"received": {"by": "n0", "message": "Yes", "from": "n2"}},
            "crash": {"node": "n0"}}"#,
    );
    assert_eq!(at_crash(&run), ["2600 n0 get Yes from n2 tx0", "2600 n0 crash kept 0 of 0"]);
    assert_eq!(run.count("append Committed"), 0);
    let run = faults(
        r#"{"when": {"received": {"by": "n1", "message": "Prepare"}}, "crash": {"node": "n1"}}"#,
    );
    assert_eq!(
        run.find(&["1000 n1"]),
        ["1000 n1 get Prepare from n0 tx0", "1000 n1 crash kept 0 of 0"]
    );
}

#[test]
fn a_crash_when_a_record_is_durable_comes_before_what_follows_from_it() {
    let run = faults(
        r#"{"when": {"forced": {"by": "n1", "record": "Prepared"}},
            "crash": {"node": "n1", "lose_tail": true}}"#,
    );
    assert_eq!(
        at_crash(&run)[..2],
        ["1600 n1 durable Prepared at 1 tx0", "1600 n1 crash kept 1 of 1"]
    );
    assert_eq!(run.count("send Yes"), 1, "that of n2");
}

#[test]
fn a_crash_when_a_decision_is_made_comes_before_anybody_is_told() {
    let run = faults(r#"{"when": {"decided": {"by": "n0"}}, "crash": {"node": "n0"}}"#);
    assert_eq!(at_crash(&run), ["2700 n0 decide Commit tx0", "2700 n0 crash kept 1 of 1"]);
    assert_eq!(run.record.transactions[0].outcome, Outcome::Commit);
}

#[test]
fn a_moment_counts_its_matches_in_one_transaction_or_in_all() {
    let crash = |moment: &str, nth: u32| {
        let run = quick(&format!(
            r#""workload": {{"transactions": 4}}, "faults": [{{"when": {moment}, "nth": {nth},
               "crash": {{"node": "n1", "restart_after": "1us", "lose_tail": true}}}}]"#
        ));
        let lines = run.lines();
        let at = lines.iter().position(|line| line.contains("n1 crash")).unwrap();
        lines[at - 1].split(' ').skip(2).collect::<Vec<_>>().join(" ")
    };
    let sent = r#"{"sent": {"by": "n1", "message": "Yes"}}"#;
    assert_eq!(crash(sent, 1), "send Yes to n0 tx0");
    assert_eq!(crash(sent, 3), "send Yes to n0 tx2");
    let sent = r#"{"sent": {"by": "n1", "message": "Yes", "transaction": 3}}"#;
    assert_eq!(crash(sent, 1), "send Yes to n0 tx3");
    assert_eq!(crash(r#"{"began": {"by": "n1", "transaction": 2}}"#, 1), "begin tx2");
    assert_eq!(crash(r#"{"decided": {"by": "n1"}}"#, 2), "decide Commit tx1");
    let forced = r#"{"forced": {"by": "n1", "record": "Committed", "transaction": 1}}"#;
    assert_eq!(crash(forced, 1), "durable Committed at 4 tx1");
    let received = r#"{"received": {"by": "n1", "message": "Commit"}}"#;
    assert_eq!(crash(received, 4), "get Commit from n0 tx3");
}

#[test]
fn a_moment_may_set_off_a_fault_later_or_at_another_node() {
    let run = faults(
        r#"{"when": {"sent": {"by": "n1", "message": "Yes"}}, "after": "300us",
            "crash": {"node": "n2"}}"#,
    );
    assert_eq!(run.find(&["crash"]), ["1900 n2 crash kept 1 of 1"]);
    let run = faults(
        r#"{"when": {"sent": {"by": "n0", "message": "Commit", "to": "n1"}},
            "crash": {"node": "n2"}}"#,
    );
    assert_eq!(
        run.find(&["crash", "n0 send Commit"])[..3],
        [
            "2700 n0 send Commit to n1 tx0",
            "2700 n2 crash kept 1 of 1",
            "2700 n0 send Commit to n2 tx0"
        ]
    );
}

#[test]
fn other_faults_at_a_moment_strike_before_the_next_send_too() {
    let moment = r#""when": {"sent": {"by": "n0", "message": "Commit", "to": "n1"}}"#;
    let lose = faults(&format!(r#"{{{moment}, "lose": {{"message": "Commit"}}}}"#));
    assert_eq!(lose.find(&["lose"]), ["2700 n2 lose Commit from n0 tx0"]);
    let delay = faults(&format!(r#"{{{moment}, "delay": {{"message": "Commit", "by": "1ms"}}}}"#));
    assert_eq!(
        delay.find(&["get Commit"]),
        ["3700 n1 get Commit from n0 tx0", "4700 n2 get Commit from n0 tx0"]
    );
    // The cut takes what is under way with it, the message of the moment included.
    let cut = faults(&format!(
        r#"{{{moment}, "partition": {{"groups": [["n0"]], "heal_after": "1us"}}}}"#
    ));
    assert_eq!(
        cut.find(&["lose"]),
        ["2700 n2 lose Commit from n0 tx0", "3700 n1 lose Commit from n0 tx0",]
    );
    let weather = faults(&format!(r#"{{{moment}, "latency": {{"times": 2, "for": "1us"}}}}"#));
    assert_eq!(weather.find(&["get Commit"])[1], "4700 n2 get Commit from n0 tx0");
}

#[test]
fn two_faults_at_one_moment_strike_in_their_order() {
    let run = faults(
        r#"{"when": {"decided": {"by": "n1"}}, "crash": {"node": "n1", "lose_tail": true}},
           {"when": {"decided": {"by": "n1"}}, "restart": {"node": "n1"}}"#,
    );
    assert_eq!(
        run.find(&["n1 decide", "crash", "n1 restart"])[..3],
        ["3700 n1 decide Commit tx0", "3700 n1 crash kept 1 of 2", "3700 n1 restart"]
    );
    assert!(run.record.violations.is_empty() && run.record.idle_faults.is_empty());
    assert_eq!(run.count("n1 send Inquire"), 1, "the new life recovers, the old step is over");
}

#[test]
fn faults_come_before_the_other_events_of_their_instant() {
    // The message arrives, the vote is there, the force is done just then, scheduled long before.
    for (at, gone) in [("1ms", "get Prepare"), ("1500us", "vote"), ("1600us", "durable")] {
        let crash = r#""crash": {"node": "n1", "lose_tail": true}"#;
        let run = faults(&format!(r#"{{"at": "{at}", {crash}}}"#));
        assert_eq!(run.count(&format!("n1 {gone}")), 0, "{at}");
    }
    let restart = faults(
        r#"{"at": "500us", "crash": {"node": "n1", "restart_after": "500us"}},
           {"at": "500us", "cut_link": {"from": "n0", "to": "n2", "heal_after": "500us"}}"#,
    );
    assert_eq!(restart.when("n1 get Prepare"), 1000, "the restart comes before the message");
    assert_eq!(
        restart.find(&["n2 lose", "ease"])[..2],
        ["1000 n0 ease 1", "1000 n2 lose Prepare from n0 tx0"]
    );
    let began = faults(r#"{"at": "0", "crash": {"node": "n0"}}"#);
    assert_eq!(began.lines(), ["0 n0 crash kept 0 of 0"]);
}

// Faults without effect.

#[test]
fn a_fault_without_effect_says_why() {
    let run = quick(
        r#""horizon": "100ms", "nodes": 2, "faults": [
            {"at": "1ms", "restart": {"node": "n0"}},
            {"when": {"received": {"by": "n0", "message": "No"}}, "heal": {}},
            {"when": {"decided": {"by": "n0"}}, "nth": 2, "heal": {}},
            {"when": {"decided": {"by": "n0"}}, "after": "99ms", "heal": {}},
            {"at": "0", "lose": {"message": "No"}},
            {"at": "1ms", "loss": {"rate": 0}},
            {"at": "1ms", "latency": {"times": 1, "for": "1us"}},
            {"at": "1ms", "clock": {"node": "n0", "rate": 1}},
            {"at": "1ms", "partition": {"groups": [["n0", "n1"]]}},
            {"at": "20ms", "crash": {"node": "n1"}},
            {"at": "20ms", "crash": {"node": "n1"}},
            {"at": "20ms", "pause": {"node": "n1", "for": "1ms"}},
            {"at": "30ms", "heal": {}},
            {"at": "31ms", "heal": {}}
        ]"#,
    );
    let expected = [
        Some(Idle::AlreadyUp),
        Some(Idle::NoSuchMoment),
        Some(Idle::NoSuchMoment),
        Some(Idle::TooLate),
        Some(Idle::NothingMatched),
        Some(Idle::NothingChanged),
        Some(Idle::NothingChanged),
        Some(Idle::NothingChanged),
        Some(Idle::NothingChanged),
        None,
        Some(Idle::AlreadyDown),
        Some(Idle::AlreadyDown),
        None,
        Some(Idle::NothingChanged),
    ];
    let found: Vec<_> = (0..expected.len()).map(|fault| run.idle(fault)).collect();
    assert_eq!(found, expected);
    assert_eq!(run.record.idle_faults.len(), 12);
}

#[test]
fn a_foreign_name_is_reported_for_the_protocol_that_does_not_know_it() {
    let scenario = stage::scenario(
        r#""2pc", "2pc-prc""#,
        r#""faults": [{"when": {"forced": {"by": "n0", "record": "Collecting"}}, "heal": {}}]"#,
    );
    let idle = |choice| {
        let record = stage::simulate(&scenario, choice, scenario.seed, stage::USUAL, None);
        record.idle_faults
    };
    // Presumed nothing shares its words with presumed commit, so the moment merely never comes.
    assert_eq!(idle(0), [(0, Idle::NoSuchMoment)]);
    assert_eq!(idle(1), [(0, Idle::NothingChanged)]);
    let mut foreign = scenario.clone();
    for fault in &mut foreign.setup.faults {
        fault.action = commitsim_sim::Action::Lose(commitsim_sim::Matching {
            message: "Precommit".into(),
            from: None,
            to: None,
            count: 1,
        });
    }
    let record = stage::simulate(&foreign, 0, scenario.seed, stage::USUAL, None);
    assert_eq!(record.idle_faults, [(0, Idle::ForeignName)]);
}

// Order on links and disks.

#[test]
fn a_fifo_link_never_reorders_and_another_does() {
    let arrivals = |fifo: bool| {
        let run = quick(&format!(
            r#""network": {{"latency": {{"uniform": ["1ms", "9ms"]}}, "fifo": {fifo}}},
               "workload": {{"transactions": 40, "arrivals": {{"every": "100us"}}}}"#
        ));
        let lines = run.find(&["n1 get Prepare"]);
        lines.iter().map(|line| line.rsplit("tx").next().unwrap().parse().unwrap()).collect()
    };
    let (fifo, any): (Vec<u32>, Vec<u32>) = (arrivals(true), arrivals(false));
    assert_eq!(fifo, (0..40).collect::<Vec<_>>());
    assert_ne!(any, fifo);
}

#[test]
fn a_delayed_message_holds_a_fifo_link_up() {
    let run = quick(
        r#""network": {"fifo": true}, "workload": {"transactions": 2, "arrivals": {"every": "1us"}},
           "faults": [{"at": "0", "delay": {"message": "Prepare", "to": "n1", "by": "5ms"}}]"#,
    );
    assert_eq!(
        run.find(&["n1 get Prepare"]),
        ["6000 n1 get Prepare from n0 tx0", "6000 n1 get Prepare from n0 tx1"]
    );
    assert_eq!(run.find(&["n2 get Prepare"])[1], "1001 n2 get Prepare from n0 tx1");
}

#[test]
fn forces_asked_for_during_a_force_share_the_next() {
    let run = quick(
        r#""disk": {"force": "1ms"}, "work": {"default": "0"},
           "workload": {"transactions": 5, "arrivals": {"every": "100us"}}"#,
    );
    // The first force covers one record; the other four wait for it and share the second.
    assert_eq!(run.find(&["n1 force"])[..2], ["1000 n1 force upto 1", "2000 n1 force upto 5"]);
    let durable = run.find(&["n1 durable Prepared"]);
    let at = |line: &String| line.split(' ').next().unwrap().to_owned();
    assert_eq!(
        durable.iter().map(at).collect::<Vec<_>>(),
        ["2000", "3000", "3000", "3000", "3000"]
    );
    assert_eq!(run.record.totals.forced, 25, "records are counted, not syncs");
}

#[test]
fn a_lazy_record_is_durable_with_the_next_force_or_the_flush() {
    let lazy = r#"{"id": "2pc", "options": {"outcome_force": "lazy"}}"#;
    let alone = run_of(lazy, r#""disk": {"flush": "7ms"}"#);
    assert_eq!(
        alone.find(&["n1 write", "n1 force upto 2", "n1 durable Committed", "n1 send Ack"]),
        [
            "3700 n1 write Committed at 2 tx0",
            "10700 n1 force upto 2",
            "10800 n1 durable Committed at 2 tx0",
            "10800 n1 send Ack to n0 tx0",
        ]
    );
    let carried = run_of(
        lazy,
        r#""disk": {"flush": "7ms"},
           "workload": {"transactions": 2, "arrivals": {"every": "4ms"}}"#,
    );
    assert_eq!(
        carried.find(&["n1 write", "n1 force", "n1 durable"])[2..6],
        [
            "3700 n1 write Committed at 2 tx0",
            "5500 n1 force upto 3",
            "5600 n1 durable Committed at 2 tx0",
            "5600 n1 durable Prepared at 3 tx1",
        ]
    );
}

#[test]
fn one_flush_is_enough_for_all_lazy_records_before_it() {
    let run = quick(
        r#""disk": {"flush": "50ms"},
           "workload": {"transactions": 5, "arrivals": {"every": "1ms"}}"#,
    );
    let last = run.find(&["n0 force"]).pop().unwrap();
    assert_eq!(run.find(&["n0 write Ended"]).len(), 5);
    assert_eq!(last, "54800 n0 force upto 10");
    // Later ones get a flush of their own.
    let later = quick(
        r#""disk": {"flush": "50ms"},
           "workload": {"transactions": 2, "arrivals": {"every": "100ms"}}"#,
    );
    let flushes = later.find(&["n0 force upto 2", "n0 force upto 4"]);
    assert_eq!(flushes, ["54800 n0 force upto 2", "154800 n0 force upto 4"]);
    // The first two END records ride with the commit records of later transactions.
    assert_eq!(run.find(&["54900 n0 durable Ended"]).len(), 3);
}

#[test]
fn events_of_one_instant_happen_as_they_were_scheduled() {
    // Both YES arrive at 2600: n2 voted earlier, but its link is slower by just that.
    let run = quick(
        r#""work": {"default": "500us", "nodes": {"n2": "400us"}},
           "network": {"links": [{"from": "n2", "to": "n0", "latency": "1100us"}]}"#,
    );
    assert_eq!(
        run.find(&["n0 get Yes"]),
        ["2600 n0 get Yes from n2 tx0", "2600 n0 get Yes from n1 tx0"]
    );
    // An alarm set before a message was sent goes off before it when both fall on one instant.
    let run = two_phase(r#""patience": {"votes": "2600us"}"#);
    assert_eq!(
        run.find(&["2600 n0"])[..2],
        ["2600 n0 fire VotesDue tx0", "2600 n0 append Aborted at 1 tx0"]
    );
}

#[test]
fn work_starts_with_the_transaction_at_the_root_and_with_prepare_elsewhere() {
    let run = quick(r#""work": {"default": "1ms", "nodes": {"n0": "2ms", "n1": "3ms"}}"#);
    assert_eq!(
        run.find(&["vote "]),
        ["2000 n0 vote Yes tx0", "2000 n2 vote Yes tx0", "4000 n1 vote Yes tx0"]
    );
    let never = quick(r#""votes": {"never": ["n1"]}"#);
    assert_eq!((never.count("n1 work"), never.count("n1 vote")), (1, 0));
    assert_eq!(never.record.transactions[0].outcome, Outcome::Abort);
    let refused = quick(r#""votes": {"no": ["n1"], "read_only": ["n2"]}"#);
    assert_eq!(refused.find(&["vote "])[1..], ["1500 n1 vote No tx0", "1500 n2 vote ReadOnly tx0"]);
}
