//! Three-phase commit with election and termination protocol: what it costs, when who decides, and
//! that no crash splits or blocks it; and that one partition does (protocols.md 8.1, 8.3, 12.1 and
//! 13).

mod play;
mod stage;

use commitsim_catalog::{End, Inquiry, Options, find};
use commitsim_core::{Decision, Time};
use commitsim_explore::{Alone, Bounds, Quest, Synchrony};
use commitsim_rng::{Bits, Purpose, Seed, Stream};
use commitsim_sim::{Ending, Outcome, RunRecord, Stand, Topology, TransactionRecord};
use commitsim_spec::{Observation, Property, What};
use play::{play, scenario};
use stage::{Run, run_of};

const DECIDED: [Stand; 2] = [Stand::Decided(Decision::Abort), Stand::Decided(Decision::Commit)];

/// A run of `3pc` with these further keys of a scenario.
fn elected(keys: &str) -> Run {
    run_of("\"3pc\"", keys)
}

fn only(run: &RunRecord) -> &TransactionRecord {
    assert_eq!(run.violations, [], "no violation");
    assert_eq!(run.idle_faults, [], "every fault strikes");
    &run.transactions[0]
}

fn states(tx: &TransactionRecord) -> Vec<Stand> {
    tx.nodes.iter().map(|node| node.state).collect()
}

fn names(from: u64, to: u64) -> String {
    let names: Vec<String> = (from..to).map(|n| format!("\"n{n}\"")).collect();
    format!("[{}]", names.join(","))
}

// What it costs.

/// (messages, forced, records) of both variants, which are the same while nothing fails.
fn cost(n: u64, keys: &str, outcome: Outcome) -> (u64, u64, u64) {
    let nodes = n + 1;
    let text = format!(
        r#"{{"format": "commitsim/1", "protocols": ["3pc", "3pc-naive"],
             "nodes": {nodes}, {keys}}}"#
    );
    let runs = play(&scenario(&text));
    let cost = |run: &RunRecord| {
        let tx = only(run);
        assert_eq!(tx.outcome, outcome);
        (tx.messages, tx.forced, tx.records)
    };
    assert_eq!(cost(&runs[0]), cost(&runs[1]));
    cost(&runs[0])
}

/// No Begin record, which is one less than the table has.
#[test]
fn s12_1_a_commit_costs_what_the_formulas_say() {
    for n in 0..=16 {
        let found = cost(n, r#""votes": {}"#, Outcome::Commit);
        assert_eq!(found, (6 * n, 3 * n + 2, 3 * n + 3), "n = {n}");
    }
}

#[test]
fn read_only_participants_save_two_phases() {
    for n in 1..=16 {
        for r in 1..=n {
            let votes = format!(r#""votes": {{"read_only": {}}}"#, names(1, r + 1));
            let (yes, found) = (n - r, cost(n, &votes, Outcome::Commit));
            assert_eq!(found, (6 * n - 4 * r, 3 * yes + 2, 3 * yes + 3), "n = {n}, r = {r}");
        }
        let votes = format!(r#""votes": {{"read_only": {}}}"#, names(0, n + 1));
        assert_eq!(cost(n, &votes, Outcome::Commit), (2 * n, 0, 0), "n = {n}");
    }
}

/// The root forces the outcome, who said YES its vote; whoever is told writes the abort lazily.
#[test]
fn an_abort_costs_what_the_log_rules_say() {
    for n in 1..=16 {
        for m in 1..=n {
            let votes = format!(r#""votes": {{"no": {}}}"#, names(1, m + 1));
            let (yes, found) = (n - m, cost(n, &votes, Outcome::Abort));
            assert_eq!(found, (2 * n + 2 * yes, 1 + yes, 2 + 2 * yes + m), "n = {n}, m = {m}");
        }
        let late = r#""votes": {"no": ["n0"]}, "work": {"nodes": {"n0": "9ms"}}"#;
        assert_eq!(cost(n, late, Outcome::Abort), (4 * n, 1 + n, 2 + 2 * n), "n = {n}");
    }
}

/// Delays 4, 5 and 6. The root forgets with the last acknowledgement; the others stay to answer
/// until its low-water mark reaches them, which rides on the messages of later transactions.
#[test]
fn s12_1_delays_are_four_five_and_six() {
    for n in 1..=16 {
        let run = elected(&format!(
            r#""nodes": {}, "disk": {{"force": "0"}}, "work": {{"default": "0"}}"#,
            n + 1
        ));
        let tx = only(&run.record);
        assert_eq!((tx.client, tx.decided), (Some(Time(4_000_000)), Some(Time(5_000_000))));
        assert_eq!(run.find(&["forget"]), ["6000 n0 forget tx0"]);
    }
}

#[test]
fn a_later_transaction_lets_everybody_forget() {
    let keys = r#"{"format": "commitsim/1", "protocols": ["3pc"], "nodes": 5,
                   "workload": {"transactions": 50}}"#;
    let runs = play(&scenario(keys));
    let (last, before) = runs[0].transactions.split_last().unwrap();
    assert_eq!(last.forgotten, None);
    for tx in before {
        assert!(tx.forgotten.is_some(), "{:?}", tx.id);
        assert_eq!((tx.outcome, tx.messages, tx.forced), (Outcome::Commit, 24, 14));
    }
}

// When who decides.

/// One system with everything unequal, in nanoseconds.
struct Star {
    out: Vec<u64>,
    back: Vec<u64>,
    /// Local work, the root's first.
    work: Vec<u64>,
    force: u64,
}

impl Star {
    fn drawn(draw: &mut Stream, n: u64) -> Star {
        let mut some = |count: u64| (0..count).map(|_| draw.within(1..=9_000_000)).collect();
        let (out, back, work) = (some(n), some(n), some(n + 1));
        Star { out, back, work, force: draw.within(0..=2_000_000) }
    }

    fn text(&self, votes: &str) -> String {
        let link = |i: usize| {
            let (n, out, back) = (i + 1, self.out[i], self.back[i]);
            format!(
                r#"{{"from": "n0", "to": "n{n}", "latency": "{out}ns"}},
                   {{"from": "n{n}", "to": "n0", "latency": "{back}ns"}}"#
            )
        };
        let links: Vec<String> = (0..self.out.len()).map(link).collect();
        let work: Vec<String> =
            self.work.iter().enumerate().map(|(n, w)| format!(r#""n{n}": "{w}ns""#)).collect();
        format!(
            r#"{{"format": "commitsim/1", "protocols": ["3pc", "3pc-naive"], "nodes": {},
                 "votes": {votes}, "disk": {{"force": "{}ns"}},
                 "network": {{"links": [{}]}}, "work": {{"nodes": {{{}}}}}}}"#,
            self.work.len(),
            self.force,
            links.join(","),
            work.join(",")
        )
    }
}

fn decided(tx: &TransactionRecord) -> Vec<u64> {
    tx.nodes.iter().map(|node| node.decided.unwrap_or(Time(u64::MAX)).0).collect()
}

/// The root forces the pre-commit when the last vote, its own among them, is in; each participant
/// forces it in its turn; when the last of them has said so, the root forces the commit. That is
/// 4δ + 3Φ where all is equal, and the root's last force.
#[test]
fn s12_1_commit_times_are_those_of_the_model() {
    let mut draw = Stream::new(Seed(31), Purpose::Topology);
    for round in 0..300 {
        let star = Star::drawn(&mut draw, round % 17);
        let (force, all) = (star.force, 0..star.out.len());
        let yes = |i: usize| star.out[i] + star.work[i + 1] + force;
        let votes = all.clone().map(|i| yes(i) + star.back[i]).max().unwrap_or(0);
        let proposed = votes.max(star.work[0]) + force;
        let known = all.clone().map(|i| proposed + star.out[i] + force + star.back[i]).max();
        let root = known.unwrap_or(proposed) + force;
        let mut expected = vec![root];
        expected.extend(star.out.iter().map(|out| root + out));
        for run in play(&scenario(&star.text("{}"))) {
            let tx = only(&run);
            assert_eq!(decided(tx), expected);
            assert_eq!(tx.client, Some(Time(root)));
            for i in all.clone() {
                assert_eq!(tx.nodes[i + 1].in_doubt.0, expected[i + 1] - yes(i));
                assert_eq!(tx.nodes[i + 1].blocked.0, 0);
            }
            assert_eq!(tx.nodes[0].in_doubt.0, 0, "the root decides for all");
        }
    }
}

/// A refusing node has decided when its work ends, the root when its abort record is durable, the
/// others when they are told.
#[test]
fn abort_times_are_those_of_the_model() {
    let mut draw = Stream::new(Seed(32), Purpose::Topology);
    for round in 0..200 {
        let mut star = Star::drawn(&mut draw, 2 + round % 8);
        let last = star.out.len() - 1;
        star.work[last + 1] = 40_000_000;
        let refused = star.out[last] + star.work[last + 1];
        let root = refused + star.back[last] + star.force;
        let mut expected = vec![root];
        expected.extend(star.out[..last].iter().map(|out| root + out));
        expected.push(refused);
        for run in play(&scenario(&star.text(&format!(r#"{{"no": ["n{}"]}}"#, last + 1)))) {
            assert_eq!(decided(only(&run)), expected);
        }
    }
}

/// A link of 1 ms, 500 µs of work, 100 µs a force.
#[test]
fn the_dialogue_of_a_commit() {
    let run = elected(r#""nodes": 3"#);
    let expected = "\
0 n0 send Prepare to n1 tx0
0 n0 send Prepare to n2 tx0
500 n0 vote Yes tx0
1500 n1 vote Yes tx0
1500 n1 append Prepared at 1 tx0
1500 n2 vote Yes tx0
1500 n2 append Prepared at 1 tx0
1600 n1 send Yes to n0 tx0
1600 n2 send Yes to n0 tx0
2600 n0 append PreCommitted at 1 tx0
2700 n0 send PreCommit to n1 tx0
2700 n0 send PreCommit to n2 tx0
3700 n1 append PreCommitted at 2 tx0
3700 n2 append PreCommitted at 2 tx0
3800 n1 send PreAck to n0 tx0
3800 n2 send PreAck to n0 tx0
4800 n0 append Committed at 2 tx0
4900 n0 decide Commit tx0
4900 n0 send Commit to n1 tx0
4900 n0 send Commit to n2 tx0
5900 n1 append Committed at 3 tx0
5900 n1 decide Commit tx0
5900 n2 append Committed at 3 tx0
5900 n2 decide Commit tx0
6000 n1 send Ack to n0 tx0
6000 n2 send Ack to n0 tx0
7000 n0 write Ended at 3 tx0
7000 n0 forget tx0";
    let found = run.find(&["send", "vote", "append", "write", "decide", "forget"]);
    assert_eq!(found.join("\n"), expected);
    let alarms = run.find(&["n1 arm", "n0 arm"]);
    assert_eq!(
        alarms,
        [
            "0 n0 arm VotesDue 1000000 tx0",
            "1000 n1 arm VotesDue 2000000 tx0",
            "1600 n1 arm DecisionDue 2000000 tx0",
            "2700 n0 arm PreAcksDue 1000000 tx0",
            "3700 n1 arm DecisionDue 2000000 tx0",
            "4900 n0 arm AcksDue 1000000 tx0",
        ]
    );
}

// Crashes: nothing splits, and nobody who is up waits for the dead.

/// Every moment of a run that a fault can wait for, as JSON, with how often it had come before.
fn moments(lines: &[String]) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    let mut all = Vec::new();
    for line in lines {
        let words: Vec<&str> = line.split(' ').collect();
        let node = words[1];
        let moment = match words[2..] {
            ["send", message, "to", to, _] => {
                format!(r#"{{"sent": {{"by": "{node}", "message": "{message}", "to": "{to}"}}}}"#)
            }
            ["get", message, "from", from, _] => format!(
                r#"{{"received": {{"by": "{node}", "message": "{message}", "from": "{from}"}}}}"#
            ),
            ["durable", record, ..] => {
                format!(r#"{{"forced": {{"by": "{node}", "record": "{record}"}}}}"#)
            }
            ["decide", ..] => format!(r#"{{"decided": {{"by": "{node}"}}}}"#),
            _ => continue,
        };
        let nth = 1 + seen.iter().filter(|earlier| **earlier == moment).count();
        seen.push(moment.clone());
        all.push(format!(r#""when": {moment}, "nth": {nth}"#));
    }
    all
}

/// Nothing is objected to, termination included; and where everybody comes back, all decide alike.
fn holds(run: &RunRecord, all_come_back: bool, what: &str) -> Outcome {
    assert_eq!(run.violations, [], "{what}");
    assert_eq!(run.ending, Ending::Settled, "{what}");
    let tx = &run.transactions[0];
    assert!(tx.outcome != Outcome::Split, "{what}");
    for node in tx.nodes.iter().filter(|_| all_come_back) {
        let over = DECIDED.contains(&node.state);
        let aside = matches!(node.state, Stand::Unaware | Stand::ReadOnly);
        assert!(over || aside, "{what}: {:?} is {:?}", node.node, node.state);
    }
    tx.outcome
}

/// For good, at once, in time for the next alarm, and long after everything.
const RETURNS: [&str; 4] = [
    "",
    r#", "restart_after": "1ms""#,
    r#", "restart_after": "1500ms""#,
    r#", "restart_after": "6s""#,
];

/// Every single crash: each node at each moment of a commit, of an abort and of a commit with a
/// read-only participant.
#[test]
fn any_single_crash_at_any_moment_neither_splits_nor_blocks() {
    let (mut runs, mut commits, mut aborts) = (0, 0, 0);
    for keys in [
        r#""nodes": 2"#,
        r#""nodes": 3"#,
        r#""nodes": 4, "work": {"nodes": {"n2": "5ms"}}"#,
        r#""nodes": 3, "votes": {"no": ["n2"]}"#,
        r#""nodes": 4, "votes": {"read_only": ["n1"]}"#,
        r#""nodes": 3, "votes": {"read_only": ["n0", "n2"]}"#,
    ] {
        let undisturbed = elected(keys);
        for moment in moments(&undisturbed.lines()) {
            for victim in &undisturbed.record.transactions[0].nodes {
                let tails = ["", r#", "lose_tail": true"#];
                for (back, tail) in RETURNS.iter().flat_map(|b| tails.iter().map(move |t| (b, t))) {
                    let victim = victim.node.0;
                    let crash = format!(r#""crash": {{"node": "n{victim}"{back}{tail}}}"#);
                    let fault = format!(r#"{keys}, "faults": [{{{moment}, {crash}}}]"#);
                    let run = elected(&fault).record;
                    let outcome = holds(&run, !back.is_empty(), &fault);
                    runs += 1;
                    commits += u32::from(outcome == Outcome::Commit);
                    aborts += u32::from(outcome == Outcome::Abort);
                    // One dead node blocks nobody else.
                    for node in &run.transactions[0].nodes {
                        assert!(node.node.0 == victim || node.blocked.0 == 0, "{fault}");
                    }
                }
            }
        }
    }
    assert!(runs > 4_000 && commits > 1_000 && aborts > 1_000, "{runs} {commits} {aborts}");
}

/// Every pair of crashes: a second one at each moment of the ten seconds after the first.
fn pairs(keys: &str, returns: &[&str]) -> (u32, u32, u32) {
    let (mut runs, mut commits, mut blocked) = (0, 0, 0);
    let nodes = elected(keys).record.transactions[0].nodes.len();
    for moment in moments(&elected(keys).lines()) {
        for victim in 0..nodes {
            for back in returns {
                let first = format!(r#"{{{moment}, "crash": {{"node": "n{victim}"{back}}}}}"#);
                let run = elected(&format!(r#"{keys}, "faults": [{first}]"#));
                let soon = |line: &String| line.split(' ').next().unwrap().len() <= 7;
                let lines: Vec<String> = run.lines().into_iter().take_while(soon).collect();
                let crash = lines.iter().position(|line| line.contains(" crash ")).unwrap();
                let before = moments(&lines[..crash]);
                for second in moments(&lines).into_iter().skip(before.len()) {
                    for (other, again) in
                        (0..nodes).flat_map(|o| returns.iter().map(move |r| (o, r)))
                    {
                        let crash = format!(r#""crash": {{"node": "n{other}"{again}}}"#);
                        let fault =
                            format!(r#"{keys}, "faults": [{first}, {{{second}, {crash}}}]"#);
                        let run = elected(&fault).record;
                        let all = !back.is_empty() && !again.is_empty();
                        let outcome = holds(&run, all, &fault);
                        runs += 1;
                        commits += u32::from(outcome == Outcome::Commit);
                        let waits = |node: &commitsim_sim::NodeRecord| node.blocked.0 > 0;
                        blocked += u32::from(run.transactions[0].nodes.iter().any(waits));
                    }
                }
            }
        }
    }
    (runs, commits, blocked)
}

#[test]
fn any_two_crashes_of_two_nodes_split_nothing() {
    let (runs, commits, blocked) = pairs(r#""nodes": 2"#, &RETURNS);
    assert!(runs > 9_000 && commits > 3_000 && blocked > 2_000, "{runs} {commits} {blocked}");
}

#[test]
fn any_two_crashes_of_three_nodes_split_nothing() {
    let (runs, commits, blocked) = pairs(r#""nodes": 3"#, &RETURNS[..3]);
    assert!(runs > 50_000 && commits > 20_000 && blocked > 9_000, "{runs} {commits} {blocked}");
    // One who reads only, and works as long as the others take until PRE-COMMIT.
    let reader = r#""nodes": 3, "votes": {"read_only": ["n1"]}, "work": {"nodes": {"n2": "3ms"}}"#;
    let (runs, commits, blocked) = pairs(reader, &RETURNS[..2]);
    assert!(runs > 9_000 && commits > 3_000 && blocked > 2_000, "{runs} {commits} {blocked}");
}

/// One to three crashes a node, all of which come back: half of these storms are total failures.
fn storm(seed: u64) -> String {
    let mut draw = Stream::new(Seed(seed), Purpose::Swarm);
    let nodes = draw.within(1..=6);
    let transactions = draw.within(1..=3);
    let words = ["Prepare", "Yes", "PreCommit", "PreAck", "Commit", "Abort", "Ack", "Inquire"];
    let mut faults = Vec::new();
    for node in 0..nodes {
        for _ in 0..draw.within(0..=3) {
            let trigger = match draw.within(0..=4) {
                0 => format!(r#""at": "{}ms""#, draw.within(0..=3_000)),
                1 => {
                    let record = draw.choose(&["Prepared", "PreCommitted", "Committed", "Aborted"]);
                    let record = record.unwrap();
                    format!(r#""when": {{"forced": {{"by": "n{node}", "record": "{record}"}}}}"#)
                }
                2 => format!(r#""when": {{"decided": {{"by": "n{node}"}}}}"#),
                3 => {
                    let word = draw.choose(&["StateReq", "StateReport"]).unwrap();
                    let got =
                        format!(r#"{{"received": {{"by": "n{node}", "message": "{word}"}}}}"#);
                    format!(r#""when": {got}, "nth": {}"#, draw.within(1..=3))
                }
                _ => {
                    let word = draw.choose(&words).unwrap();
                    let sent = format!(r#"{{"sent": {{"by": "n{node}", "message": "{word}"}}}}"#);
                    format!(r#""when": {sent}, "nth": {}"#, draw.within(1..=3))
                }
            };
            let back = 1 << draw.within(0..=12);
            faults.push(format!(
                r#"{{{trigger}, "crash": {{"node": "n{node}", "restart_after": "{back}ms"}}}}"#
            ));
        }
    }
    let reader = if nodes > 1 && draw.within(0..=3) == 0 { r#""n1""# } else { "" };
    let patience = draw.within(60..=400);
    format!(
        r#"{{"format": "commitsim/1", "protocols": ["3pc"], "nodes": {nodes},
             "network": {{"latency": {{"uniform": ["100us", "{}ms"]}}}},
             "disk": {{"force": {{"uniform": ["0", "1ms"]}}, "flush": "{}ms"}},
             "work": {{"default": {{"uniform": ["0", "15ms"]}}}},
             "votes": {{"no_rate": "{}%", "read_only": [{reader}]}},
             "patience": {{"votes": "{patience}ms", "decision": "{patience}ms",
                           "acks": "{patience}ms", "max": "500ms"}},
             "workload": {{"transactions": {transactions}, "arrivals": {{"every": "20ms"}},
                           "coordinator": "random"}},
             "faults": [{}], "horizon": "600s"}}"#,
        draw.within(1..=10),
        draw.within(1..=30),
        draw.within(0..=15),
        faults.join(", "),
    )
}

#[test]
fn crashes_of_all_nodes_split_nothing_and_all_decide_when_they_are_back() {
    let (mut commits, mut aborts, mut blocked, mut total, mut elections) = (0, 0, 0, 0, 0);
    for seed in 0..1_000 {
        let scenario = scenario(&storm(seed));
        let mut seen = stage::Keeper::default();
        let run = stage::simulate(&scenario, 0, Seed(seed), stage::USUAL, Some(&mut seen));
        assert_eq!((&run.violations[..], run.ending), (&[][..], Ending::Settled), "seed {seed}");
        let fell = |node: usize| {
            let here = |o: &Observation| usize::from(o.node.0) == node;
            let crash = |o: &Observation| here(o) && matches!(o.what, What::Crash { .. });
            seen.0.iter().any(crash)
        };
        total += u32::from((0..run.transactions[0].nodes.len()).all(fell));
        // By the tag of STATE-REQ.
        let asks = |o: &Observation| matches!(o.what, What::Send { word, .. } if word.tag == 10);
        elections += u32::from(seen.0.iter().any(asks));
        for tx in &run.transactions {
            commits += u32::from(tx.outcome == Outcome::Commit);
            aborts += u32::from(tx.outcome == Outcome::Abort);
            blocked += u32::from(tx.nodes.iter().any(|node| node.blocked.0 > 0));
            for state in states(tx) {
                let left = matches!(state, Stand::InDoubt | Stand::Working | Stand::Down);
                assert!(!left, "seed {seed}: {tx:?}");
            }
        }
    }
    let found = [commits, aborts, blocked, total, elections];
    assert!(found.iter().all(|count| *count > 50), "{found:?}");
}

// What the rules are for, one script each.

/// The root dies with all votes in hand. The survivors decide without it (B1, which blocks 2PC).
#[test]
fn survivors_that_are_all_uncertain_abort_tr3() {
    let run = elected(
        r#""nodes": 3, "faults": [{"when": {"received": {"by": "n0", "message": "Yes"}}, "nth": 2,
            "crash": {"node": "n0", "lose_tail": true}}]"#,
    );
    let tx = only(&run.record);
    // YES at 1600, two seconds of patience, one for the dead root's report.
    assert_eq!(
        run.find(&["StateReq to n2", "decide"]),
        [
            "2001600 n1 send StateReq to n2 tx0",
            "3001700 n1 decide Abort tx0",
            "3002700 n2 decide Abort tx0",
        ]
    );
    assert!(tx.nodes.iter().all(|node| node.blocked.0 == 0));
}

/// V11, which splits the naive variant: PRE-COMMIT reaches one participant, and the root is gone.
#[test]
fn v11_one_committable_survivor_makes_all_commit_tr4() {
    let run = elected(
        r#""nodes": 3, "faults": [{"when": {"sent": {"by": "n0", "message": "PreCommit"}},
            "crash": {"node": "n0"}}]"#,
    );
    only(&run.record);
    assert_eq!(
        run.find(&["n1 send PreC", "n2 send PreA", "decide"]),
        [
            "3003700 n1 send PreCommit to n2 tx0",
            "3004800 n2 send PreAck to n1 tx0",
            "3005900 n1 decide Commit tx0",
            "3006900 n2 decide Commit tx0",
        ]
    );
}

/// The committable one is not the one who leads: the leader, too, has to be certain first.
#[test]
fn tr4_makes_an_uncertain_leader_certain() {
    let run = elected(
        r#""nodes": 3, "faults": [
            {"at": "0", "lose": {"message": "PreCommit", "to": "n1"}},
            {"when": {"forced": {"by": "n2", "record": "PreCommitted"}},
             "crash": {"node": "n0"}}]"#,
    );
    assert_eq!(run.record.violations, []);
    let order = run.find(&["n1 append", "decide"]);
    let what: Vec<&str> = order.iter().map(|line| line.split_once(' ').unwrap().1).collect();
    assert_eq!(
        what,
        [
            "n1 append Prepared at 1 tx0",
            "n1 append PreCommitted at 2 tx0",
            "n1 append Committed at 3 tx0",
            "n1 decide Commit tx0",
            "n2 decide Commit tx0",
        ]
    );
}

/// Who has been told tells: TR1 after a NO that the root could not pass on, TR2 after a COMMIT.
#[test]
fn who_knows_the_outcome_decides_it_tr1_tr2() {
    let refused = elected(
        r#""nodes": 3, "votes": {"no": ["n1"]}, "work": {"nodes": {"n1": "9ms"}},
           "faults": [{"when": {"received": {"by": "n0", "message": "No"}},
                       "crash": {"node": "n0"}}]"#,
    );
    only(&refused.record);
    assert_eq!(refused.find(&["n1 send StateReport", "n2 append Aborted", "n2 decide"]).len(), 3);
    let committed = elected(
        r#""nodes": 3, "faults": [{"when": {"sent": {"by": "n0", "message": "Commit"}},
            "crash": {"node": "n0"}}]"#,
    );
    only(&committed.record);
    // PRE-COMMIT at 3700, two seconds for the root, one for n1, who has no doubt and does not lead.
    assert_eq!(
        committed.find(&["n2 send StateReq to n1", "n2 decide"]),
        ["3003700 n2 send StateReq to n1 tx0", "3005800 n2 decide Commit tx0",]
    );
    assert_eq!(committed.count("send PreCommit"), 2, "TR2 needs no third phase again");
}

/// Each coordinator dies at the worst moment, and the next takes over from what is left (8.3): n1
/// in the middle of its questions, n2 with PRE-COMMIT at one node, n3 with COMMIT at one node.
#[test]
fn coordinators_may_die_one_after_the_other() {
    let crash = |node: usize, message: &str, to: usize| {
        format!(
            r#"{{"when": {{"sent": {{"by": "n{node}", "message": "{message}", "to": "n{to}"}}}},
                 "crash": {{"node": "n{node}"}}}}"#
        )
    };
    let faults = [
        crash(0, "PreCommit", 2),
        crash(1, "StateReq", 0),
        crash(2, "PreCommit", 3),
        crash(3, "Commit", 4),
    ];
    let run = elected(&format!(r#""nodes": 6, "faults": [{}]"#, faults.join(",")));
    let tx = only(&run.record);
    assert_eq!(states(tx)[3..], [DECIDED[1]; 3]);
    assert!(tx.nodes.iter().all(|node| node.blocked.0 == 0));
}

/// Rule 1. The root sleeps with its PRE-COMMIT ready and wakes when a successor is collecting: it
/// is refused, steps down, and what it knows makes the successor commit.
#[test]
fn rule_1_a_superseded_coordinator_steps_down() {
    let asleep = r#"{"when": {"forced": {"by": "n0", "record": "PreCommitted"}},
                     "pause": {"node": "n0", "for": "2500ms"}}"#;
    let run = elected(&format!(r#""nodes": 3, "faults": [{asleep}]"#));
    let tx = only(&run.record);
    assert_eq!(tx.outcome, Outcome::Commit);
    assert_eq!(run.count("n1 decide Commit"), 1);
    assert!(run.when("n1 decide") < run.when("n0 decide"), "the successor decides");
    // It is not asked: the refusal alone tells it; the successor takes it for dead and aborts.
    let deaf = r#"{"at": "0", "lose": {"message": "StateReq", "to": "n0"}}"#;
    let run = elected(&format!(r#""nodes": 3, "faults": [{asleep}, {deaf}]"#));
    let tx = only(&run.record);
    assert_eq!(tx.outcome, Outcome::Abort);
    assert_eq!(
        run.find(&["n2 get PreCommit", "n2 send StateReport to n0"]),
        ["2503700 n2 get PreCommit from n0 tx0", "2503700 n2 send StateReport to n0 tx0",]
    );
}

/// Rules 2 and 3. All fail; nobody decides by what two of three know, and all together do.
#[test]
fn rule_3_after_total_failure_all_logs_are_needed() {
    let crash = |node: u8, when: &str, back: &str| {
        format!(r#"{{{when}, "crash": {{"node": "n{node}", "lose_tail": true{back}}}}}"#)
    };
    let back = |span: &str| format!(r#", "restart_after": "{span}""#);
    let all = |root: &str, root_back: &str| {
        let faults = [
            crash(0, root, root_back),
            crash(1, r#""at": "9ms""#, &back("1s")),
            crash(2, r#""at": "9ms""#, &back("2s")),
        ];
        elected(&format!(r#""nodes": 3, "faults": [{}]"#, faults.join(",")))
    };
    // V16: the root has committed, and nobody has heard of it.
    let commit = r#""when": {"decided": {"by": "n0"}}"#;
    let gone = all(commit, "");
    assert_eq!(gone.record.violations, []);
    let left = states(&gone.record.transactions[0]);
    assert_eq!(left, [DECIDED[1], Stand::InDoubt, Stand::InDoubt]);
    let run = all(commit, &back("5s"));
    assert_eq!(states(only(&run.record)), [DECIDED[1]; 3]);
    // It has not, but everybody knows that everybody agreed.
    let agreed = r#""when": {"received": {"by": "n0", "message": "PreAck"}}, "nth": 2"#;
    let run = all(agreed, &back("5s"));
    assert_eq!(states(only(&run.record)), [DECIDED[1]; 3]);
    assert_eq!(run.count("send StateReq"), 0, "nobody who is back leads an epoch");
    // Nobody knows.
    let voted = r#""when": {"received": {"by": "n0", "message": "Yes"}}, "nth": 2"#;
    let run = all(voted, &back("5s"));
    assert_eq!(states(only(&run.record)), [DECIDED[0]; 3]);
}

/// A read-only voter that came back without a record does not know that the others committed, and
/// is not taken for one that refused.
#[test]
fn a_read_only_voter_is_no_reason_to_abort() {
    let run = elected(
        r#""nodes": 4, "votes": {"read_only": ["n1"]}, "faults": [
            {"when": {"sent": {"by": "n1", "message": "ReadOnly"}},
             "crash": {"node": "n1", "restart_after": "1ms"}},
            {"when": {"sent": {"by": "n0", "message": "PreCommit", "to": "n2"}},
             "crash": {"node": "n0"}}]"#,
    );
    let tx = only(&run.record);
    assert_eq!(states(tx)[1..], [Stand::ReadOnly, DECIDED[1], DECIDED[1]]);
}

// One partition splits it.

fn is_split(run: &Run) {
    let properties: Vec<Property> = run.record.violations.iter().map(|v| v.property).collect();
    assert_eq!(properties, [Property::Ac1], "{}", run.text());
    assert_eq!(run.record.transactions[0].outcome, Outcome::Split);
}

#[test]
fn v12_one_cut_link_splits_two_nodes() {
    is_split(&elected(
        r#""nodes": 2, "faults": [{"when": {"forced": {"by": "n0", "record": "PreCommitted"}},
            "partition": {"groups": [["n0"]]}}]"#,
    ));
}

#[test]
fn v13_the_textbook_partition_splits_three_nodes() {
    let sent = r#""when": {"sent": {"by": "n0", "message": "PreCommit", "to": "n1"}}"#;
    let cut = format!(r#"{{{sent}, "partition": {{"groups": [["n0", "n1"], ["n2"]]}}}}"#);
    is_split(&elected(&format!(r#""nodes": 3, "faults": [{cut}]"#)));
    let dead = format!(r#"{{{sent}, "crash": {{"node": "n0"}}}}"#);
    is_split(&elected(&format!(r#""nodes": 3, "faults": [{cut}, {dead}]"#)));
}

// Everything that can happen in a small world.

/// Searches all worlds of `nodes` nodes in which patience exceeds every delay.
fn searched(id: &str, nodes: u16, crashes: u8, partitions: u8) -> (End, u64) {
    let (readers, synchrony) = (true, Synchrony::MessagesFirst);
    let bounds = Bounds { crashes, partitions, readers, synchrony, ..Bounds::NONE };
    let quest = Quest {
        properties: Vec::new(),
        recovery: true,
        worlds: 1_000_000,
        reduced: true,
        memory: 4 << 30,
    };
    let (topology, options) = (&Topology::Star, &Options::default());
    let inquiry = Inquiry { nodes, topology, options, bounds, quest: &quest };
    let explored = find(id).unwrap().explore(&inquiry, &Alone, &mut |_| true);
    (explored.end, explored.walk.worlds)
}

/// Three crashes of two nodes: each may have died, and one of them twice. With more nodes the order
/// of alarms, which is free in this search, lets two survivors depose each other for ever.
#[test]
fn no_world_of_two_nodes_with_three_crashes_is_split_or_stuck() {
    let (end, worlds) = searched("3pc", 2, 3, 0);
    assert_eq!(end, End::Holds);
    assert!(worlds > 10_000, "{worlds}");
}

#[test]
fn one_partition_of_two_nodes_or_one_crash_without_termination_is_found() {
    assert!(matches!(searched("3pc", 2, 0, 1).0, End::Broken(_) | End::Stuck(_)));
    assert!(matches!(searched("3pc-naive", 3, 1, 0).0, End::Broken(_) | End::Stuck(_)));
}
