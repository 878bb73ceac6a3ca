//! Every fault and every moment, by its effect on a trace.
//!
//! Unless a test says otherwise: three nodes, a message takes 1 ms, a force 100 µs, local work
//! 500 µs. So without faults PREPARE arrives at 1000 µs, YES at 2600, COMMIT at 3700 and ACK at
//! 4800.

mod stage;

use commitsim_sim::{Ending, Idle, Outcome};

use stage::{Run, two_phase};

/// Patience of 10 ms, which nothing exceeds that goes well.
const QUICK: &str = r#""patience": {"votes": "10ms", "decision": "10ms", "acks": "10ms"}"#;

fn quick(keys: &str) -> Run {
    two_phase(&format!("{QUICK}, {keys}"))
}

fn faults(list: &str) -> Run {
    quick(&format!(r#""faults": [{list}]"#))
}

fn committed(run: &Run) -> bool {
    run.record.violations.is_empty()
        && run.record.transactions.iter().all(|tx| tx.outcome == Outcome::Commit)
}

/// The run without faults that all others are compared with.
#[test]
fn without_faults_the_times_are_those_of_the_model() {
    let run = faults("");
    assert_eq!(
        run.find(&["0 n0 get", "0 n1 "]),
        [
            "1000 n1 get Prepare from n0 tx0",
            "1000 n1 begin tx0",
            "1000 n1 work tx0",
            "1000 n1 arm VotesDue 20000 tx0",
            "1500 n1 vote Yes tx0",
            "1500 n1 disarm VotesDue tx0",
            "1500 n1 append Prepared at 1 tx0",
            "1500 n1 force upto 1",
            "1600 n1 durable Prepared at 1 tx0",
            "1600 n1 enter InDoubt tx0",
            "1600 n1 send Yes to n0 tx0",
            "1600 n1 arm DecisionDue 10000 tx0",
            "2600 n0 get Yes from n1 tx0",
            "2600 n0 get Yes from n2 tx0",
            "3700 n1 get Commit from n0 tx0",
            "3700 n1 enter Decided(Commit) tx0",
            "3700 n1 disarm DecisionDue tx0",
            "3700 n1 append Committed at 2 tx0",
            "3700 n1 force upto 2",
            "3700 n1 decide Commit tx0",
            "3800 n1 durable Committed at 2 tx0",
            "3800 n1 send Ack to n0 tx0",
            "3800 n1 forget tx0",
            "4800 n0 get Ack from n1 tx0",
            "4800 n0 get Ack from n2 tx0",
        ],
        "{}",
        run.text()
    );
    assert!(run.record.idle_faults.is_empty());
}

// Crash and restart.

#[test]
fn a_crash_stops_a_node_for_good() {
    let run = faults(r#"{"at": "2ms", "crash": {"node": "n1"}}"#);
    assert_eq!(
        run.find(&["crash", "restart", "lose"])[..2],
        ["2000 n1 crash kept 1 of 1", "3700 n1 lose Commit from n0 tx0"]
    );
    let lines = run.lines();
    let after = lines.iter().skip_while(|line| !line.contains("n1 crash")).skip(1);
    let mut alive = after.filter(|line| line.split(' ').nth(1) == Some("n1"));
    assert!(alive.all(|line| line.contains("n1 lose")), "{}", run.text());
    assert_eq!(run.record.totals.crashes, 1);
}

#[test]
fn a_crash_takes_alarms_votes_and_completions_with_it() {
    // In turn: local work under way, a force under way, the question's alarm set.
    for (at, lost) in [("1200us", "vote"), ("1550us", "durable"), ("2ms", "fire DecisionDue")] {
        let crash = r#""crash": {"node": "n1"}"#;
        let run = faults(&format!(r#"{{"at": "{at}", {crash}}}"#));
        assert_eq!(run.count("n1 crash"), 1);
        let after: Vec<_> =
            run.lines().into_iter().skip_while(|line| !line.contains("n1 crash")).collect();
        assert!(!after.iter().any(|line| line.contains(&format!("n1 {lost}"))), "{at} {lost}");
    }
}

#[test]
fn what_was_scheduled_for_an_earlier_life_does_not_happen_in_the_next() {
    // Both are down for so short a time that the vote and the force would come after the restart.
    let crash = r#""crash": {"node": "n1", "restart_after": "10us"}"#;
    let vote = faults(&format!(r#"{{"at": "1200us", {crash}}}"#));
    assert_eq!((vote.when("n1 restart"), vote.count("n1 vote")), (1210, 0));
    assert_eq!(vote.find(&["n1 lost"]), ["1210 n1 lost, so decide Abort tx0"]);
    let force = faults(
        r#"{"at": "1550us",
            "crash": {"node": "n1", "restart_after": "10us", "lose_tail": true}}"#,
    );
    assert_eq!((force.when("n1 restart"), force.count("n1 durable")), (1560, 0));
    assert_eq!(force.find(&["n1 crash"]), ["1550 n1 crash kept 0 of 1"]);
    assert_eq!(force.find(&["n1 lost"]), ["1560 n1 lost, so decide Abort tx0"]);
    assert_eq!(force.record.transactions[0].outcome, Outcome::Abort);
    // The force of the earlier life would have been done at 6500.
    let next = two_phase(
        r#""disk": {"force": "5ms"}, "patience": {"votes": "50ms"},
           "workload": {"transactions": 2, "arrivals": {"every": "2100us"}},
           "faults": [{"at": "2ms",
             "crash": {"node": "n1", "restart_after": "10us", "lose_tail": true}}]"#,
    );
    assert_eq!(
        next.find(&["n1 force", "n1 durable Prepared"])[..3],
        ["1500 n1 force upto 1", "3600 n1 force upto 1", "8600 n1 durable Prepared at 1 tx1",]
    );
}

#[test]
fn a_lost_tail_is_lost_and_a_drawn_one_depends_on_luck() {
    let kept = |seed: u32, lose: bool| {
        let run = quick(&format!(
            r#""seed": {seed}, "faults": [{{"at": "1550us", "crash":
               {{"node": "n1", "lose_tail": {lose}}}}}]"#
        ));
        run.find(&["crash"])[0].clone()
    };
    let lost: Vec<_> = (0..20).map(|seed| kept(seed, true)).collect();
    assert!(lost.iter().all(|line| line == "1550 n1 crash kept 0 of 1"), "{lost:?}");
    let drawn: Vec<_> = (0..20).map(|seed| kept(seed, false)).collect();
    let survived = drawn.iter().filter(|line| line.ends_with("kept 1 of 1")).count();
    assert!((1..20).contains(&survived), "{drawn:?}");
}

#[test]
fn durable_records_survive_every_crash() {
    let run = faults(
        r#"{"at": "2ms", "crash": {"node": "n1", "lose_tail": true, "restart_after": "1ms"}}"#,
    );
    assert_eq!(
        run.find(&["n1 crash", "n1 restart", "n1 enter", "n1 send"])[2..5],
        ["2000 n1 crash kept 1 of 1", "3000 n1 restart", "3000 n1 enter InDoubt tx0",],
        "{}",
        run.text()
    );
    assert!(committed(&run), "{}", run.text());
}

#[test]
fn a_restart_brings_a_crashed_node_back() {
    let run = faults(
        r#"{"at": "2ms", "crash": {"node": "n1"}}, {"at": "5ms", "restart": {"node": "n1"}}"#,
    );
    assert_eq!((run.when("n1 restart"), run.count("restart")), (5000, 1));
    assert_eq!(run.when("n1 send Inquire to n0"), 5000);
    assert!(committed(&run), "{}", run.text());
}

#[test]
fn a_restart_that_belongs_to_an_earlier_crash_does_not_happen() {
    let run = faults(
        r#"{"at": "2ms", "crash": {"node": "n1", "restart_after": "4ms"}},
           {"at": "3ms", "restart": {"node": "n1"}},
           {"at": "4ms", "crash": {"node": "n1", "restart_after": "9ms"}}"#,
    );
    assert_eq!(
        run.find(&["crash", "n1 restart"]),
        [
            "2000 n1 crash kept 1 of 1",
            "3000 n1 restart",
            "4000 n1 crash kept 2 of 2",
            "13000 n1 restart"
        ],
        "{}",
        run.text()
    );
}

#[test]
fn a_crash_recalls_no_message() {
    let run = faults(r#"{"at": "2ms", "crash": {"node": "n1"}}"#);
    assert_eq!(run.find(&["n0 get Yes from n1"]), ["2600 n0 get Yes from n1 tx0"]);
    assert_eq!(run.find(&["n2 decide"]), ["3700 n2 decide Commit tx0"]);
}

#[test]
fn a_message_to_the_dead_is_lost_and_one_that_comes_later_is_stale() {
    let down = faults(r#"{"at": "500us", "crash": {"node": "n1", "restart_after": "1ms"}}"#);
    assert_eq!(down.find(&["n1 lose"])[0], "1000 n1 lose Prepare from n0 tx0");
    assert_eq!(down.count("n1 begin"), 0);
    // Sent before the crash, delivered after the restart: the node was born after the beginning.
    let stale = faults(r#"{"at": "500us", "crash": {"node": "n1", "restart_after": "1us"}}"#);
    assert_eq!(stale.when("n1 get Prepare"), 1000);
    assert_eq!(stale.count("n1 begin"), 0);
    assert_eq!(
        stale.find(&["n1 decide", "n1 send"]),
        ["1000 n1 decide Abort tx0", "1000 n1 send No to n0 tx0"]
    );
}

// Broken networks.

#[test]
fn a_partition_loses_what_crosses_it_and_what_is_under_way() {
    let run = faults(
        r#"{"at": "500us", "partition": {"groups": [["n0", "n1"]], "heal_after": "100us"}}"#,
    );
    // PREPARE to n2 left before and would arrive after the partition.
    assert_eq!(
        run.find(&["n2 lose", "ease"])[..2],
        ["600 n0 ease 0", "1000 n2 lose Prepare from n0 tx0"]
    );
    assert_eq!(run.when("n1 get Prepare from n0"), 1000);
    let later = faults(r#"{"at": "3ms", "partition": {"groups": [["n1"]], "heal_after": "1ms"}}"#);
    // COMMIT to n1 is under way when it begins; the answer to a question gets through.
    assert_eq!(
        later.find(&["n1 lose", "n1 get Commit", "n2 get Commit"]),
        [
            "3700 n1 lose Commit from n0 tx0",
            "3700 n2 get Commit from n0 tx0",
            "13600 n1 get Commit from n0 tx0",
            "13700 n1 get Commit from n0 tx0",
        ],
        "{}",
        later.text()
    );
}

#[test]
fn a_partition_that_holds_lets_everything_through_in_the_end() {
    let run = faults(
        r#"{"at": "500us", "partition": {"groups": [["n0", "n1"]], "heal_after": "4ms",
            "in_flight": "hold"}}"#,
    );
    assert_eq!(run.count("lose"), 0);
    assert_eq!(
        run.find(&["n2 get Prepare", "ease"]),
        ["4500 n0 ease 0", "4500 n2 get Prepare from n0 tx0"]
    );
    assert!(committed(&run));
}

#[test]
fn what_a_partition_holds_comes_in_order_and_may_meet_a_node_that_is_down() {
    let keys = |crash: &str| {
        format!(
            r#""workload": {{"transactions": 3, "arrivals": {{"every": "100us"}}}},
               "faults": [{{"at": "500us", "partition": {{"groups": [["n2"]],
               "heal_after": "4ms", "in_flight": "hold"}}}}{crash}]"#
        )
    };
    let run = quick(&keys(""));
    assert_eq!(
        run.find(&["n2 get Prepare"]),
        [
            "4500 n2 get Prepare from n0 tx0",
            "4500 n2 get Prepare from n0 tx1",
            "4500 n2 get Prepare from n0 tx2",
        ]
    );
    let dead = quick(&keys(r#", {"at": "4400us", "crash": {"node": "n2"}}"#));
    assert_eq!(dead.find(&["n2 lose Prepare"]).len(), 3);
    assert_eq!(dead.when("n2 lose Prepare"), 4500);
}

#[test]
fn a_node_in_no_group_of_a_partition_is_with_the_others_in_none() {
    let run =
        quick(r#""nodes": 5, "faults": [{"at": "0", "partition": {"groups": [["n3"], ["n4"]]}}]"#);
    assert_eq!(
        run.find(&["get Prepare"]),
        ["1000 n1 get Prepare from n0 tx0", "1000 n2 get Prepare from n0 tx0"]
    );
    assert_eq!(run.find(&["lose Prepare"]).len(), 2);
}

#[test]
fn partitions_that_overlap_end_one_by_one() {
    let run = faults(
        r#"{"at": "100us", "isolate": {"node": "n1", "heal_after": "30ms"}},
           {"at": "200us", "cut_link": {"from": "n0", "to": "n1", "heal_after": "50ms"}}"#,
    );
    let lost = run.find(&["n1 lose"]);
    assert!(lost.last().unwrap().starts_with("40100 n1 lose Abort"), "{}", run.text());
    assert_eq!(run.when("n1 get Abort"), 81100);
}

#[test]
fn a_cut_link_loses_one_direction_only() {
    let run =
        faults(r#"{"at": "2ms", "cut_link": {"from": "n0", "to": "n1", "heal_after": "5ms"}}"#);
    assert_eq!(run.find(&["n0 lose", "n1 lose", "n2 lose"]), ["2700 n1 lose Commit from n0 tx0"]);
    assert_eq!(run.when("n0 get Yes from n1"), 2600);
    assert!(committed(&run));
}

#[test]
fn an_isolated_node_neither_hears_nor_is_heard() {
    let run = faults(r#"{"at": "1200us", "isolate": {"node": "n1", "heal_after": "2ms"}}"#);
    assert_eq!(run.find(&["lose"])[0], "1600 n0 lose Yes from n1 tx0");
    let run = faults(r#"{"at": "2ms", "isolate": {"node": "n0", "heal_after": "3ms"}}"#);
    assert_eq!(
        run.find(&["lose"]),
        ["2600 n0 lose Yes from n1 tx0", "2600 n0 lose Yes from n2 tx0"]
    );
    let run = faults(r#"{"at": "2650us", "isolate": {"node": "n0", "heal_after": "3ms"}}"#);
    assert_eq!(
        run.find(&["lose"]),
        ["2700 n1 lose Commit from n0 tx0", "2700 n2 lose Commit from n0 tx0"]
    );
}

// Single messages.

#[test]
fn lost_messages_are_those_that_match() {
    let run = quick(
        r#""workload": {"transactions": 4},
           "faults": [{"at": "0", "lose": {"message": "Ack", "from": "n1", "count": 2}}]"#,
    );
    assert_eq!(run.find(&["lose"]).len(), 2);
    assert_eq!(run.find(&["n0 lose Ack from n1"]).len(), 2);
    assert_eq!(run.record.totals.lost, 2);
    // A lost message counts as sent: eight to a transaction, and two repeats with their answers.
    assert_eq!(run.record.totals.messages, 4 * 8 + 2 * 2);
    let run = faults(r#"{"at": "0", "lose": {"message": "Prepare", "to": "n2"}}"#);
    assert_eq!(run.find(&["lose"]), ["0 n2 lose Prepare from n0 tx0"]);
    let run = faults(r#"{"at": "0", "lose": {"message": "Yes", "from": "n1", "to": "n2"}}"#);
    assert_eq!((run.count("lose"), run.idle(0)), (0, Some(Idle::NothingMatched)));
}

#[test]
fn a_rule_applies_from_its_own_instant_on() {
    let run = faults(r#"{"at": "1us", "lose": {"message": "Prepare"}}"#);
    assert_eq!((run.count("lose"), run.idle(0)), (0, Some(Idle::NothingMatched)));
    // At an instant faults come first, so this one meets the message that leaves then.
    let run = faults(r#"{"at": "1600us", "lose": {"message": "Yes", "count": 2}}"#);
    assert_eq!(run.count("lose Yes"), 2);
}

#[test]
fn a_delayed_message_takes_that_much_longer() {
    let run = faults(
        r#"{"at": "0", "delay": {"message": "Yes", "from": "n1", "by": "3ms"}},
           {"at": "0", "delay": {"message": "Commit", "by": "1ms", "count": 2}}"#,
    );
    assert_eq!(
        run.find(&["get Yes"]),
        ["2600 n0 get Yes from n2 tx0", "5600 n0 get Yes from n1 tx0"]
    );
    assert_eq!(
        run.find(&["get Commit"]),
        ["7700 n1 get Commit from n0 tx0", "7700 n2 get Commit from n0 tx0"]
    );
}

#[test]
fn a_duplicated_message_arrives_twice_each_at_its_own_time() {
    let run = faults(r#"{"at": "0", "duplicate": {"message": "Commit", "to": "n1"}}"#);
    assert_eq!(
        run.find(&["copy", "n1 get Commit"]),
        [
            "2700 n1 copy Commit from n0 tx0",
            "3700 n1 get Commit from n0 tx0",
            "3700 n1 get Commit from n0 tx0",
        ]
    );
    assert_eq!(run.record.totals.duplicated, 1);
    // The copy does not count as sent.
    assert_eq!((run.record.totals.messages, run.record.totals.delivered), (8, 9));
    let spread = quick(
        r#""network": {"latency": {"uniform": ["1ms", "5ms"]}},
           "faults": [{"at": "0", "duplicate": {"message": "Prepare", "count": 2}}]"#,
    );
    let mut arrivals = spread.find(&["get Prepare"]);
    arrivals.iter_mut().for_each(|line| line.truncate(line.find(' ').unwrap()));
    arrivals.dedup();
    assert_eq!(arrivals.len(), 4, "every copy has a latency of its own: {arrivals:?}");
}

#[test]
fn the_network_loses_and_duplicates_by_itself() {
    let keys = |network: &str| {
        format!(
            r#""network": {{{network}}}, "workload": {{"transactions": 200}},
               "horizon": "1h""#
        )
    };
    let lossy = quick(&keys(r#""loss": "20%""#)).record.totals;
    assert!((15..25).contains(&(lossy.lost * 100 / lossy.messages)), "{lossy:?}");
    let doubled = quick(&keys(r#""duplicate": "20%""#)).record.totals;
    assert!((15..25).contains(&(doubled.duplicated * 100 / doubled.messages)), "{doubled:?}");
    assert_eq!(doubled.delivered, doubled.messages + doubled.duplicated);
    assert_eq!(lossy.delivered, lossy.messages - lossy.lost);
}

// Weather.

#[test]
fn a_weather_of_loss_ends_and_keeps_to_its_links() {
    let run = faults(r#"{"at": "1ms", "loss": {"rate": 1, "for": "1ms"}}"#);
    assert_eq!(
        run.find(&["lose", "ease"]),
        ["1600 n0 lose Yes from n1 tx0", "1600 n0 lose Yes from n2 tx0", "2000 n0 ease 0",]
    );
    let run = faults(
        r#"{"at": "1ms", "loss": {"rate": 1, "for": "1ms",
            "links": [{"from": "n2", "to": "n0"}]}}"#,
    );
    assert_eq!(run.find(&["lose"]), ["1600 n0 lose Yes from n2 tx0"]);
    let run = quick(
        r#""workload": {"transactions": 200}, "horizon": "1h",
           "faults": [{"at": "0", "loss": {"rate": "1/4"}}]"#,
    );
    let totals = run.record.totals;
    assert!((20..30).contains(&(totals.lost * 100 / totals.messages)), "{totals:?}");
}

#[test]
fn a_weather_of_latency_ends_and_keeps_to_its_links() {
    let run = faults(
        r#"{"at": "0", "latency": {"times": 3, "for": "1ms",
            "links": [{"between": ["n0", "n1"]}]}},
           {"at": "4700us", "latency": {"times": 0.5}}"#,
    );
    // The weather at the time of sending counts, and COMMIT leaves at 4700.
    assert_eq!(run.when("n1 get Commit"), 5200);
    assert_eq!(
        run.find(&["get Prepare", "n0 get Yes"]),
        [
            "1000 n2 get Prepare from n0 tx0",
            "2600 n0 get Yes from n2 tx0",
            "3000 n1 get Prepare from n0 tx0",
            "4600 n0 get Yes from n1 tx0",
        ]
    );
}

// Stalls.

#[test]
fn a_paused_node_lets_messages_votes_and_completions_wait() {
    let message = faults(r#"{"at": "900us", "pause": {"node": "n1", "for": "1ms"}}"#);
    assert_eq!(
        message.find(&["n1 get Prepare", "ease", "n1 vote"]),
        ["1900 n0 ease 0", "1900 n1 get Prepare from n0 tx0", "2400 n1 vote Yes tx0",]
    );
    let vote = faults(r#"{"at": "1200us", "pause": {"node": "n1", "for": "1ms"}}"#);
    assert_eq!((vote.when("n1 get Prepare"), vote.when("n1 vote")), (1000, 2200));
    let force = faults(r#"{"at": "1550us", "pause": {"node": "n1", "for": "1ms"}}"#);
    assert_eq!((force.when("n1 vote"), force.when("n1 durable")), (1500, 2550));
    for run in [message, vote, force] {
        assert!(committed(&run) && run.record.totals.lost == 0, "{}", run.text());
    }
}

#[test]
fn an_alarm_of_a_paused_node_waits() {
    let run = faults(
        r#"{"at": "0", "lose": {"message": "Yes", "from": "n1"}},
           {"at": "9ms", "pause": {"node": "n0", "for": "5ms"}}"#,
    );
    assert_eq!(
        run.find(&["n0 fire", "ease"])[..2],
        ["14000 n0 ease 1", "14000 n0 fire VotesDue tx0"]
    );
}

#[test]
fn what_waited_for_a_paused_node_comes_in_its_order() {
    // While n1 stalls, its question falls due at 11600, and COMMIT arrives at 12600.
    let run = faults(
        r#"{"at": "0", "lose": {"message": "Commit", "to": "n1"}},
           {"at": "11ms", "pause": {"node": "n1", "for": "10ms"}}"#,
    );
    assert_eq!(run.when("n1 arm DecisionDue"), 1600);
    let after: Vec<_> = run.find(&["n1 fire", "n1 get Commit", "n1 send Inquire"]);
    assert_eq!(
        after[..3],
        [
            "21000 n1 fire DecisionDue tx0",
            "21000 n1 send Inquire to n0 tx0",
            "21000 n1 get Commit from n0 tx0",
        ]
    );
    assert!(committed(&run));
}

#[test]
fn an_alarm_that_waited_is_stopped_by_what_waited_before_it() {
    // COMMIT arrives before the question falls due, both while n1 stalls.
    let run = faults(r#"{"at": "3ms", "pause": {"node": "n1", "for": "20ms"}}"#);
    assert_eq!(run.when("n1 get Commit"), 23000);
    assert_eq!((run.count("n1 disarm DecisionDue"), run.count("n1 fire")), (1, 0));
    assert!(committed(&run));
}

#[test]
fn a_node_that_crashes_in_a_pause_loses_what_waited() {
    let run = faults(
        r#"{"at": "900us", "pause": {"node": "n1", "for": "9ms"}},
           {"at": "3ms", "crash": {"node": "n1"}}"#,
    );
    assert_eq!(run.find(&["n1 lose"])[0], "3000 n1 lose Prepare from n0 tx0");
    assert_eq!(run.count("n1 get"), 0);
}

#[test]
fn pauses_that_overlap_end_with_the_last() {
    let run = faults(
        r#"{"at": "900us", "pause": {"node": "n1", "for": "4ms"}},
           {"at": "950us", "pause": {"node": "n1", "for": "1ms"}}"#,
    );
    assert_eq!(run.when("n1 get Prepare"), 4900);
}

#[test]
fn a_pause_at_a_moment_comes_before_the_next_send() {
    let run = faults(
        r#"{"when": {"sent": {"by": "n0", "message": "Prepare"}},
            "pause": {"node": "n0", "for": "5ms"}}"#,
    );
    assert_eq!(
        run.find(&["n0 send Prepare"]),
        ["0 n0 send Prepare to n1 tx0", "5000 n0 send Prepare to n2 tx0"]
    );
    assert!(committed(&run));
    let run = faults(
        r#"{"when": {"received": {"by": "n1", "message": "Commit"}},
            "pause": {"node": "n1", "for": "5ms"}}"#,
    );
    assert_eq!((run.when("n1 get Commit"), run.when("n1 decide")), (3700, 8700));
    assert_eq!(run.when("n1 enter Decided"), 8700, "it has not even looked at the message");
    assert!(committed(&run));
}

#[test]
fn a_force_that_takes_no_time_is_done_before_anything_else_of_its_instant() {
    let keys = |faults: &str| {
        format!(
            r#""disk": {{"force": "0"}}, "faults": [{faults}],
               "workload": {{"transactions": 3, "arrivals": {{"every": "0ms"}}}}"#
        )
    };
    let pause = r#"{"at": "2ms", "pause": {"node": "n1", "for": "5ms"}}"#;
    for (list, at) in [("", 3500), (pause, 7000)] {
        let run = quick(&keys(list));
        let told = ["n1 get Commit", "n1 durable Committed"];
        assert_eq!(
            run.find(&told),
            [
                format!("{at} n1 get Commit from n0 tx0"),
                format!("{at} n1 durable Committed at 4 tx0"),
                format!("{at} n1 get Commit from n0 tx1"),
                format!("{at} n1 durable Committed at 5 tx1"),
                format!("{at} n1 get Commit from n0 tx2"),
                format!("{at} n1 durable Committed at 6 tx2"),
            ]
        );
    }
}

#[test]
fn a_slow_disk_takes_its_time_for_a_while() {
    let run = faults(r#"{"at": "1ms", "slow_disk": {"node": "n1", "force": "2ms", "for": "1ms"}}"#);
    assert_eq!(
        run.find(&["durable Prepared"]),
        ["1600 n2 durable Prepared at 1 tx0", "3500 n1 durable Prepared at 1 tx0",]
    );
    assert_eq!(
        run.find(&["n1 force upto 2", "n1 durable Committed"]),
        ["5600 n1 force upto 2", "5700 n1 durable Committed at 2 tx0"]
    );
}

#[test]
fn slow_disks_that_overlap_end_one_by_one() {
    let run = faults(
        r#"{"at": "0", "slow_disk": {"node": "n1", "force": "2ms"}},
           {"at": "100us", "slow_disk": {"node": "n1", "force": "9ms", "for": "100us"}}"#,
    );
    assert_eq!((run.when("n1 force"), run.when("n1 durable")), (1500, 3500));
}

#[test]
fn a_clock_runs_at_its_rate() {
    let run = faults(
        r#"{"at": "0", "clock": {"node": "n0", "rate": 2}},
           {"at": "0", "lose": {"message": "Yes", "count": 2}}"#,
    );
    assert_eq!(
        run.find(&["n0 arm", "n0 fire"])[..2],
        ["0 n0 arm VotesDue 10000 tx0", "5000 n0 fire VotesDue tx0"]
    );
    let run = faults(
        r#"{"at": "0", "clock": {"node": "n0", "rate": 0.5}},
           {"at": "0", "lose": {"message": "Yes", "count": 2}}"#,
    );
    assert_eq!(run.when("n0 fire VotesDue"), 20000);
}

// Healing.

#[test]
fn healing_ends_everything_and_restarts_everybody() {
    let run = faults(
        r#"{"at": "100us", "isolate": {"node": "n1"}},
           {"at": "100us", "loss": {"rate": 1}},
           {"at": "100us", "latency": {"times": 100}},
           {"at": "100us", "pause": {"node": "n2", "for": "1h"}},
           {"at": "100us", "slow_disk": {"node": "n0", "force": "30ms"}},
           {"at": "100us", "clock": {"node": "n0", "rate": 0.001}},
           {"at": "100us", "lose": {"message": "Abort", "count": 100}},
           {"at": "100us", "crash": {"node": "n1"}},
           {"at": "20ms", "heal": {}}"#,
    );
    assert_eq!(run.find(&["heal", "restart"]), ["20000 n0 heal", "20000 n1 restart"]);
    // n2 gets its PREPARE at last, and the root has lost patience long ago.
    assert_eq!(run.when("n2 get Prepare"), 20000);
    assert_eq!(run.when("n0 append Aborted"), 10000);
    // What was under way goes on as it was; all that is new takes its usual time.
    assert_eq!(run.find(&["n0 durable"])[0], "40000 n0 durable Aborted at 1 tx0");
    assert_eq!(run.when("n2 get Abort"), 41000);
    assert_eq!((run.record.ending, run.record.violations.len()), (Ending::Settled, 0));
    let last = run.lines().pop().unwrap();
    assert!(last.starts_with("52200 n0 durable Ended"), "{last}");
    assert_eq!(run.count("ease"), 0);
}

#[test]
fn healing_sets_clocks_right() {
    let run = faults(
        r#"{"at": "0", "clock": {"node": "n0", "rate": 0.1}},
           {"at": "0", "lose": {"message": "Ack", "from": "n1"}},
           {"at": "1ms", "lose": {"message": "Ack", "from": "n2"}},
           {"at": "2ms", "heal": {}}, {"at": "3ms", "lose": {"message": "Ack"}}"#,
    );
    assert_eq!(
        run.find(&["n0 arm AcksDue", "n0 fire AcksDue"])[..2],
        ["2700 n0 arm AcksDue 10000 tx0", "12700 n0 fire AcksDue tx0"]
    );
    assert_eq!(run.count("lose Ack"), 1, "what was to be lost before the healing is not");
}

#[test]
fn a_storm_ends_with_a_healing_after_which_nothing_strikes() {
    let mut struck = 0;
    for seed in 0..60 {
        let run = two_phase(&format!(
            r#""seed": {seed}, "storm": {{"until": "50ms"}}, {QUICK},
               "workload": {{"transactions": 40, "arrivals": {{"every": "3ms"}}}}"#
        ));
        assert_eq!(run.find(&["heal"]), ["50000 n0 heal"]);
        for line in run.find(&["strike", "crash"]) {
            let at: f64 = line.split(' ').next().unwrap().parse().unwrap();
            assert!(at < 50000.0, "seed {seed}: {line}");
            struck += 1;
        }
        assert!(run.record.violations.is_empty(), "seed {seed}: {:?}", run.record.violations);
        assert_eq!(run.record.ending, Ending::Settled, "seed {seed}");
    }
    assert!(struck > 600, "a storm of {struck} faults is none");
}

#[test]
fn every_family_of_a_storm_does_something() {
    let families = [
        ("crash", "crash kept"),
        ("partition", "lose"),
        ("loss", "lose"),
        ("delay", "ease"),
        ("duplicate", "copy"),
        ("pause", "ease"),
        ("disk", "ease"),
    ];
    for (family, effect) in families {
        let runs = (0..12).map(|seed| {
            quick(&format!(
                r#""seed": {seed}, "storm": {{"until": "50ms", "families": ["{family}"]}},
                   "workload": {{"transactions": 40, "arrivals": {{"every": "2ms"}}}}"#
            ))
        });
        let runs: Vec<Run> = runs.collect();
        let seen = runs.iter().filter(|run| run.count(effect) > 0).count();
        assert!(seen >= 4, "{family} shows in {seen} runs");
        let crashed = runs.iter().any(|run| run.record.totals.crashes > 0);
        assert_eq!(crashed, family == "crash");
        let doubled = runs.iter().any(|run| run.record.totals.duplicated > 0);
        assert_eq!(doubled, family == "duplicate");
    }
}
/// A run that the horizon ends while something slow is still under way has no culprit.
#[test]
fn slowness_is_not_taken_for_a_lack_of_progress() {
    let slow = [
        r#"{"at": "2ms", "slow_disk": {"node": "n0", "force": "100s", "for": "1ms"}}"#,
        r#"{"at": "0", "delay": {"message": "Commit", "by": "100s", "count": 100}}"#,
        r#"{"at": "0", "clock": {"node": "n0", "rate": 0.0001}},
           {"at": "0", "lose": {"message": "Yes", "from": "n1"}}"#,
        r#"{"at": "1ms", "pause": {"node": "n0", "for": "100s"}}"#,
    ];
    for list in slow {
        let run = faults(list);
        assert_eq!(run.record.ending, Ending::Inconclusive, "{list}\n{}", run.text());
        assert!(run.record.violations.is_empty(), "{list}: {:?}", run.record.violations);
    }
}
