//! Luck that is said instead of drawn, each kind by what it changes in a trace.
//!
//! The times are those of `faults.rs`: PREPARE arrives at 1000 µs, YES at 2600, COMMIT at 3700 and
//! ACK at 4800.

mod stage;

use commitsim_sim::{Idle, Luck, Outcome, QueueKind};

use stage::{Run, USUAL, run_of, scenario, simulate, two_phase};

fn luck(said: &str) -> Run {
    two_phase(&format!(r#""luck": {{{said}}}"#))
}

#[test]
fn luck_about_nothing_that_happens_changes_nothing() {
    let said = r#""messages": [{"from": "n0", "to": "n1", "nth": 9, "delays": []}],
        "alarms": [{"node": "n0", "alarm": "VotesDue", "nth": 9, "wait": "1ms"}],
        "work": [{"node": "n1", "nth": 9, "length": "0", "vote": "no"}]"#;
    assert_eq!(luck(said).record.trace_hash, two_phase("").record.trace_hash);
}

#[test]
fn a_message_can_be_lost_late_or_there_several_times() {
    let said = |nth: u32, delays: &str| {
        luck(&format!(
            r#""messages": [{{"from": "n0", "to": "n1", "nth": {nth}, "delays": {delays}}}]"#
        ))
    };
    let lost = said(1, "[]");
    assert_eq!(lost.find(&["lose"]), ["0 n1 lose Prepare from n0 tx0"]);
    assert_eq!(lost.record.transactions[0].outcome, Outcome::Abort);
    let late = said(2, r#"["7ms"]"#);
    assert_eq!(late.find(&["n1 get Commit"]), ["9700 n1 get Commit from n0 tx0"]);
    assert_eq!(late.find(&["n2 get Commit"]), ["3700 n2 get Commit from n0 tx0"]);
    let often = said(2, r#"["3ms", "1ms", "2ms"]"#);
    let arrivals = [3700, 4700, 5700].map(|at| format!("{at} n1 get Commit from n0 tx0"));
    assert_eq!(often.find(&["n1 get Commit"]), arrivals);
    assert_eq!(often.count("n1 copy Commit"), 2);
}

#[test]
fn a_cut_link_lets_no_message_through_whatever_its_luck() {
    let run = two_phase(
        r#""faults": [{"at": "0", "cut_link": {"from": "n0", "to": "n1"}}],
           "luck": {"messages": [{"from": "n0", "to": "n1", "nth": 1, "delays": ["5ms"]}]}"#,
    );
    assert_eq!(run.count("n1 get Prepare"), 0);
}

#[test]
fn an_alarm_can_go_off_early_and_late() {
    let early = luck(r#""alarms": [{"node": "n0", "alarm": "VotesDue", "nth": 1, "wait": "2ms"}]"#);
    assert_eq!(early.find(&["n0 fire"]), ["2000 n0 fire VotesDue tx0"]);
    assert_eq!(early.record.transactions[0].outcome, Outcome::Abort);
    let late = two_phase(
        r#""votes": {"never": ["n1"]},
           "luck": {"alarms": [{"node": "n0", "alarm": "VotesDue", "nth": 1, "wait": "1500ms"}]}"#,
    );
    assert_eq!(late.find(&["n0 fire VotesDue"]), ["1500000 n0 fire VotesDue tx0"]);
}

#[test]
fn work_can_end_otherwise() {
    let run = luck(r#""work": [{"node": "n1", "nth": 1, "length": "20ms", "vote": "no"}]"#);
    assert_eq!(run.find(&["n1 vote"]), ["21000 n1 vote No tx0"]);
    assert_eq!(run.find(&["n2 vote"]), ["1500 n2 vote Yes tx0"]);
    let again = two_phase(
        r#""workload": {"transactions": 2},
           "luck": {"work": [{"node": "n1", "nth": 2, "length": "0", "vote": "read-only"}]}"#,
    );
    let votes: Vec<String> = again
        .find(&["n1 vote"])
        .iter()
        .map(|line| line[line.find("vote").unwrap()..].into())
        .collect();
    assert_eq!(votes, ["vote Yes tx0", "vote ReadOnly tx1"]);
}

#[test]
fn a_disk_writes_when_it_is_said_to_and_by_itself_only_later() {
    let said =
        |at: &str| luck(&format!(r#""disks": [{{"node": "n1", "until": "30ms", "at": [{at}]}}]"#));
    let run = said(r#""4ms", "1ms""#);
    // At 1 ms there is nothing to write yet.
    assert_eq!(run.find(&["n1 durable Prepared"]), ["4000 n1 durable Prepared at 1 tx0"]);
    assert_eq!(run.find(&["n1 durable Committed"]), ["30100 n1 durable Committed at 2 tx0"]);
    let asleep = said("");
    assert_eq!(asleep.find(&["n1 durable Prepared"]), ["30100 n1 durable Prepared at 1 tx0"]);
    assert_eq!(asleep.when("n2 durable Prepared"), 1600);
}

#[test]
fn a_lazy_record_of_a_sleeping_disk_is_written_when_it_wakes() {
    let run = run_of(
        r#"{"id": "2pc", "options": {"outcome_force": "lazy"}}"#,
        r#""luck": {"disks": [{"node": "n1", "until": "50ms", "at": ["2ms"]}]}"#,
    );
    assert_eq!(run.find(&["n1 durable Committed"]), ["50100 n1 durable Committed at 2 tx0"]);
}

#[test]
fn a_crash_leaves_as_much_of_the_log_as_is_said() {
    for keeps in 0..3 {
        let run = two_phase(&format!(
            r#""faults": [{{"at": "1550us", "crash": {{"node": "n1", "keeps": {keeps}}}}}]"#
        ));
        let kept = keeps.min(1);
        assert_eq!(run.find(&["crash"]), [format!("1550 n1 crash kept {kept} of 1")]);
        assert_eq!(run.count("n1 durable Prepared"), kept);
    }
}

#[test]
fn a_crash_amid_a_step_lets_so_many_of_its_acts_happen() {
    for acts in 1..4 {
        let run = two_phase(&format!(
            r#""nodes": 4, "faults": [{{"at": "0", "amid": {{"node": "n0", "acts": {acts}}},
               "crash": {{"node": "n0"}}}}]"#
        ));
        // The first act is that the transaction begins.
        assert_eq!(run.count("n0 send Prepare"), acts - 1, "{}", run.text());
        assert_eq!(run.count("crash"), 1);
    }
    let restarts = two_phase(
        r#""faults": [{"at": "1700us", "crash": {"node": "n1", "restart_after": "300us"}},
           {"at": "2ms", "amid": {"node": "n1", "acts": 1}, "crash": {"node": "n1"}}]"#,
    );
    assert_eq!(restarts.find(&["n1 crash"]).len(), 2, "{}", restarts.text());
    let never = two_phase(
        r#""faults": [{"at": "1ns", "amid": {"node": "n0", "acts": 1}, "crash": {"node": "n0"}},
           {"at": "0", "amid": {"node": "n0", "acts": 99}, "crash": {"node": "n0"}}]"#,
    );
    assert_eq!([never.idle(0), never.idle(1)], [Some(Idle::NoSuchMoment); 2]);
}

#[test]
fn a_run_with_luck_is_the_same_on_both_queues() {
    let scenario = scenario(
        "\"2pc\"",
        r#""faults": [{"at": "4ms", "amid": {"node": "n0", "acts": 2},
             "crash": {"node": "n0", "restart_after": "9ms", "keeps": 1}}],
           "luck": {"messages": [{"from": "n1", "to": "n0", "nth": 1, "delays": ["4ms", "2ms"]}],
             "alarms": [{"node": "n1", "alarm": "DecisionDue", "nth": 1, "wait": "4ms"}],
             "work": [{"node": "n2", "nth": 1, "length": "1ms", "vote": "yes"}],
             "disks": [{"node": "n0", "until": "9ms", "at": ["4ms"]}]}"#,
    );
    assert_ne!(scenario.setup.luck, Luck::default());
    let other = commitsim_sim::Manner { queue: QueueKind::Keyed, ..USUAL };
    let run = |manner| simulate(&scenario, 0, scenario.seed, manner, None);
    assert_eq!(run(USUAL), run(other));
}
