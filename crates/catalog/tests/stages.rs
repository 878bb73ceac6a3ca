//! Faults that go on for a while, or strike at restarts and alarms, by their effect on a trace.
//!
//! The times are those of `faults.rs`: PREPARE arrives at 1000 µs, YES at 2600, COMMIT at 3700 and
//! ACK at 4800; patience is 10 ms.

mod stage;

use commitsim_sim::{Ending, Idle, Outcome, QueueKind};

use stage::{Run, USUAL, scenario, simulate, two_phase};

fn quick(keys: &str) -> String {
    format!(r#""patience": {{"votes": "10ms", "decision": "10ms", "acks": "10ms"}}, {keys}"#)
}

fn faults(list: &str) -> Run {
    two_phase(&quick(&format!(r#""faults": [{list}]"#)))
}

#[test]
fn a_crash_loop_crashes_over_and_over_and_ends_up() {
    let run = faults(
        r#"{"at": "2ms", "crash_loop": {"node": "n1", "times": 3, "down": "1ms", "up": "500us"}}"#,
    );
    let of_n1 = run.find(&["n1 crash", "n1 restart"]);
    let times: Vec<&str> = of_n1.iter().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(times, ["2000", "3000", "3500", "4500", "5000", "6000"], "{}", run.text());
    assert_eq!((run.record.totals.crashes, run.record.ending), (3, Ending::Settled));
    assert_eq!(run.record.transactions[0].outcome, Outcome::Commit);
    // The questions of each recovery are lost with its life; the last one is answered.
    assert_eq!(run.count("n1 send Inquire"), 3);
}

#[test]
fn healing_ends_a_crash_loop() {
    let run = faults(
        r#"{"at": "2ms", "crash_loop": {"node": "n1", "times": 9, "down": "1ms", "up": "500us"}},
           {"at": "3200us", "heal": {}}"#,
    );
    assert_eq!(run.record.totals.crashes, 1);
    assert_eq!(run.record.idle_faults, []);
}

#[test]
fn a_node_can_crash_before_it_has_recovered() {
    let run = faults(
        r#"{"at": "2ms", "crash": {"node": "n1", "restart_after": "1ms"}},
           {"when": {"restarted": {"by": "n1"}}, "crash": {"node": "n1", "restart_after": "2ms"}}"#,
    );
    let of_n1 = run.find(&["n1 crash", "n1 restart", "n1 send Inquire"]);
    assert_eq!(
        of_n1[..5],
        [
            "2000 n1 crash kept 1 of 1",
            "3000 n1 restart",
            "3000 n1 crash kept 1 of 1",
            "5000 n1 restart",
            "5000 n1 send Inquire to n0 tx0"
        ],
        "{}",
        run.text()
    );
    assert_eq!(run.record.violations, []);
    assert_eq!(run.record.transactions[0].outcome, Outcome::Commit);
}

#[test]
fn a_restart_can_be_waited_for_and_counted() {
    let crash = r#"{"at": "2ms", "crash": {"node": "n1", "restart_after": "1ms"}}"#;
    let wait = |nth: u32| {
        faults(&format!(
            r#"{crash}, {{"when": {{"restarted": {{"by": "n1"}}}}, "nth": {nth}, "after": "1ms",
                "pause": {{"node": "n1", "for": "5ms"}}}}"#
        ))
    };
    assert_eq!(wait(1).when("strike 1"), 4000);
    assert_eq!(wait(2).idle(1), Some(Idle::NoSuchMoment));
}

/// The links of n1 and n2 are clogged one after the other, and freed the other way round.
#[test]
fn a_swizzle_clogs_one_by_one_and_frees_in_another_order() {
    let run = faults(
        r#"{"at": "1100us",
            "swizzle": {"close": ["n1", "n2"], "open": ["n1", "n2"], "every": "2ms"}}"#,
    );
    assert_eq!(
        run.find(&["strike", "ease"]),
        ["1100 n1 strike 0", "3100 n2 strike 0", "5100 n1 ease 0", "7100 n2 ease 0"]
    );
    // The YES of n1 waits at its clogged link; that of n2 was there before.
    assert_eq!(run.when("n0 get Yes from n1"), 5100);
    assert_eq!(run.when("n0 get Yes from n2"), 2600);
    // COMMIT to n2 leaves while n2 is clogged.
    assert_eq!((run.when("n1 get Commit"), run.when("n2 get Commit")), (6200, 7100));
    assert_eq!(run.record.transactions[0].outcome, Outcome::Commit);
    let healed = faults(
        r#"{"at": "1100us",
            "swizzle": {"close": ["n1", "n2"], "open": ["n2", "n1"], "every": "20ms"}},
           {"at": "3ms", "heal": {}}"#,
    );
    assert_eq!(healed.when("n0 get Yes from n1"), 3000);
    assert_eq!(healed.count("strike 0"), 1);
}

#[test]
fn losses_come_in_bursts() {
    let lost = |burst: u32| {
        let keys = quick(&format!(
            r#""workload": {{"transactions": 40, "arrivals": {{"every": "1ms"}}}},
               "faults": [{{"at": "0",
                 "loss": {{"rate": "5%", "burst": {burst}, "for": "60ms"}}}}]"#
        ));
        let run = two_phase(&keys);
        let link = |line: &String| line.contains("n0 send") && line.contains("to n1");
        let sent = run.lines().iter().filter(|line| link(line)).count();
        let gone = run.find(&["n1 lose"]).len();
        (sent, gone)
    };
    let ((sent, single), (more_sent, bursts)) = (lost(1), lost(4));
    assert!(sent > 80 && more_sent > 80, "{sent} {more_sent}");
    assert!(single > 0 && bursts > 2 * single, "{single} against {bursts}");
}

/// Each loss takes that many in a row: no lonely message is lost but at the end of a burst.
#[test]
fn a_burst_takes_its_messages_in_a_row() {
    let run = two_phase(&quick(
        r#""nodes": 2, "workload": {"transactions": 60, "arrivals": {"every": "20ms"}},
           "faults": [{"at": "0", "loss": {"rate": "3%", "burst": 3}}]"#,
    ));
    // What n0 sent to n1, in order, lost or not: a lost message is seen to be lost at once.
    let lines = run.lines();
    let mut fates = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        if line.contains("n0 send") {
            fates.push(lines[place + 1].contains("n1 lose"));
        }
    }
    let streaks: Vec<usize> =
        fates.split(|lost| !lost).map(<[bool]>::len).filter(|length| *length > 0).collect();
    assert!(!streaks.is_empty() && streaks.iter().all(|length| *length >= 3), "{streaks:?}");
}

#[test]
fn the_luck_of_a_weather_can_be_kept_when_another_fault_goes() {
    let keys = |before: &str, luck: &str| {
        quick(&format!(
            r#""workload": {{"transactions": 20}},
               "faults": [{before} {{"at": "0", "loss": {{"rate": "20%", "for": "1s"{luck}}}}}]"#
        ))
    };
    let lost = |before: &str, luck: &str| two_phase(&keys(before, luck)).find(&["lose"]);
    let nothing = r#"{"at": "1h", "restart": {"node": "n1"}},"#.replace("1h", "59s");
    assert_ne!(lost("", ""), lost(&nothing, ""));
    assert_eq!(lost("", r#", "luck": 7"#), lost(&nothing, r#", "luck": 7"#));
    assert_eq!(lost(&nothing, ""), lost("", r#", "luck": 1"#));
}

#[test]
fn all_alarms_go_off_at_once() {
    let armed = faults(r#"{"at": "1200us", "expire": {}}"#);
    assert_eq!(
        armed.find(&["fire"])[..3],
        ["1200 n0 fire VotesDue tx0", "1200 n1 fire VotesDue tx0", "1200 n2 fire VotesDue tx0"],
        "{}",
        armed.text()
    );
    assert_eq!(armed.record.transactions[0].outcome, Outcome::Abort);
    let one = faults(r#"{"at": "3ms", "expire": {"node": "n1"}}"#);
    assert_eq!(one.find(&["fire"]), ["3000 n1 fire DecisionDue tx0"]);
    assert_eq!(one.when("n1 send Inquire"), 3000);
    let none = faults(r#"{"at": "500us", "expire": {"node": "n1"}}"#);
    assert_eq!(none.idle(0), Some(Idle::NothingChanged));
}

#[test]
fn alarms_that_expire_wait_for_a_pause_and_die_with_a_crash() {
    let paused = faults(
        r#"{"at": "2ms", "pause": {"node": "n1", "for": "1ms"}},
           {"at": "2500us", "expire": {"node": "n1"}}"#,
    );
    assert_eq!(paused.find(&["n1 fire"]), ["3000 n1 fire DecisionDue tx0"]);
    let dead = faults(
        r#"{"at": "2ms", "pause": {"node": "n1", "for": "5ms"}},
           {"at": "2500us", "expire": {"node": "n1"}},
           {"at": "3ms", "crash": {"node": "n1", "restart_after": "1ms"}}"#,
    );
    assert_eq!(dead.count("n1 fire DecisionDue"), 0, "{}", dead.text());
}

/// A vote that never comes: the node works for ever, and the others go on without it.
#[test]
fn a_vote_can_fail_to_come() {
    let run = two_phase(&quick(r#""votes": {"never": ["n1"]}"#));
    assert_eq!((run.count("n1 work"), run.count("n1 vote")), (1, 0));
    assert_eq!(run.when("n0 fire VotesDue"), 10_000);
    assert_eq!(run.record.transactions[0].outcome, Outcome::Abort);
}

#[test]
fn after_the_last_healing_no_moment_matters() {
    let keys = |last: bool| {
        format!(
            r#"{{"at": "3ms", "heal": {{"last": {last}}}}},
               {{"when": {{"received": {{"by": "n1", "message": "Commit"}}}},
                 "crash": {{"node": "n1", "restart_after": "1ms"}}}}"#
        )
    };
    assert_eq!(faults(&keys(false)).record.totals.crashes, 1);
    let last = faults(&keys(true));
    assert_eq!((last.record.totals.crashes, last.idle(1)), (0, Some(Idle::NoSuchMoment)));
}

#[test]
fn they_are_the_same_on_both_queues() {
    let keys = quick(
        r#""nodes": 4, "workload": {"transactions": 30, "arrivals": {"every": "700us"}},
           "faults": [
             {"at": "2ms", "crash_loop": {"node": "n1", "times": 4, "down": "1ms", "up": "2ms"}},
             {"when": {"restarted": {"by": "n1"}}, "nth": 2,
              "crash": {"node": "n1", "restart_after": "3ms"}},
             {"at": "4ms", "swizzle":
                {"close": ["n0", "n2", "n3"], "open": ["n3", "n0", "n2"], "every": "3ms"}},
             {"at": "9ms", "expire": {}},
             {"at": "14ms", "expire": {"node": "n2"}},
             {"at": "1ms", "loss": {"rate": "5%", "burst": 3, "for": "20ms", "luck": 3}},
             {"at": "40ms", "heal": {"last": true}}]"#,
    );
    let scenario = scenario("\"2pc\"", &keys);
    let run = |queue| {
        let manner = commitsim_sim::Manner { queue, ..USUAL };
        simulate(&scenario, 0, scenario.seed, manner, None)
    };
    assert_eq!(run(QueueKind::Lazy), run(QueueKind::Keyed));
    assert_eq!(run(QueueKind::Lazy).violations, []);
}
