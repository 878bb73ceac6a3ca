//! Peer-to-peer commit against protocols.md 7: what it costs, when each node decides, what is
//! said, and what it survives.

mod play;
mod stage;
mod trees;
mod trouble;

use std::collections::{BTreeMap, BTreeSet};

use commitsim_core::{Decision, Meaning, Span, Time, Vote};
use commitsim_rng::{Bits, Purpose, Seed, Stream};
use commitsim_sim::{Ending, Outcome, RunRecord, Stand, TransactionRecord};
use commitsim_spec::{Observation, What};
use play::storms::{Tally, brave, played};
use stage::run_of;
use trees::{Meeting, Tree};
use trouble::{crash_everywhere, lose_everything, of, sends, watched};

const LATE: &str = r#""p2pc""#;
const LAZY: &str = r#"{"id": "p2pc", "options": {"outcome_force": "lazy"}}"#;
const EARLY: &str = r#"{"id": "p2pc", "options": {"vote_force": "early"}}"#;
const EARLY_LAZY: &str =
    r#"{"id": "p2pc", "options": {"vote_force": "early", "outcome_force": "lazy"}}"#;
const ALL: [&str; 4] = [LATE, LAZY, EARLY, EARLY_LAZY];

fn sound(record: &RunRecord) -> &TransactionRecord {
    assert_eq!(record.violations, []);
    assert_eq!(record.ending, Ending::Settled);
    assert_eq!(record.idle_faults, []);
    &record.transactions[0]
}

fn committed(protocol: &str, keys: &str) -> TransactionRecord {
    let run = run_of(protocol, keys);
    let tx = sound(&run.record);
    assert_eq!(tx.outcome, Outcome::Commit);
    assert!(tx.forgotten.is_some(), "everything is forgotten");
    tx.clone()
}

fn decided(tx: &TransactionRecord) -> Vec<u64> {
    tx.nodes.iter().map(|node| node.decided.unwrap_or(Time(u64::MAX)).0).collect()
}

const SHAPES: [&str; 5] =
    [r#""star""#, r#""chain""#, r#"{"tree": {"arity": 2}}"#, r#"{"tree": {"arity": 3}}"#, "random"];

/// A tree of `nodes` nodes in one of these shapes.
fn shaped(shape: &str, nodes: u64) -> String {
    if shape != "random" {
        return format!(r#""nodes": {nodes}, "topology": {shape}"#);
    }
    let mut draw = Stream::new(Seed(nodes), Purpose::Topology);
    Tree::drawn(&mut draw, nodes as usize, 100_000).keys()
}

// What it costs (7.4).

#[test]
fn s7_4_a_commit_costs_five_messages_an_edge_and_two_forces_a_node_but_one() {
    for nodes in 1..=17 {
        let (edges, n) = (nodes - 1, nodes);
        for shape in SHAPES {
            let keys = shaped(shape, nodes);
            let costs = |protocol| {
                let tx = committed(protocol, &keys);
                (tx.messages, tx.forced, tx.records)
            };
            let late = costs(LATE);
            let glare = u64::from(late.1 == 2 * n);
            assert_eq!(late, (5 * edges, 2 * n - 1 + glare, 3 * n - 1 + glare), "{shape} {n}");
            assert!(n > 1 || glare == 0, "one node has nobody to cross with");
            assert_eq!(costs(LAZY), (5 * edges, n, 3 * n - 1 + glare), "{shape} {n}");
            assert_eq!(costs(EARLY), (5 * edges, 2 * n, 3 * n), "{shape} {n}");
            assert_eq!(costs(EARLY_LAZY), (5 * edges, n, 3 * n), "{shape} {n}");
        }
    }
}

#[test]
fn a_read_only_vote_costs_what_a_yes_costs() {
    let plain = shaped(SHAPES[2], 7);
    for readers in [r#"["n6"]"#, r#"["n1", "n3"]"#, r#"["n0", "n1", "n2", "n3", "n4", "n5", "n6"]"#]
    {
        for protocol in ALL {
            let (tx, yes) = (
                run_of(protocol, &format!(r#"{plain}, "votes": {{"read_only": {readers}}}"#)),
                committed(protocol, &plain),
            );
            let tx = sound(&tx.record);
            assert_eq!((tx.messages, tx.forced), (yes.messages, yes.forced));
            assert!(tx.forgotten.is_some());
        }
    }
}

/// 7.4: an abort that starts at one node tells every other node once, and node i has aborted when
/// the news has come all the way.
#[test]
fn s7_4_an_abort_reaches_each_node_by_the_shortest_way() {
    let mut draw = Stream::new(Seed(4), Purpose::Topology);
    for _ in 0..200 {
        let nodes = draw.within(2..=9) as usize;
        let mut tree = Tree::drawn(&mut draw, nodes, 0);
        // Everybody else is still at work when it refuses.
        let refuses = draw.within(0..=nodes as u64 - 1) as usize;
        tree.work = vec![900_000_000; nodes];
        tree.work[refuses] = 100_000_000;
        let at = tree.done()[refuses];
        let keys = format!(r#"{}, "votes": {{"no": ["n{refuses}"]}}"#, tree.keys());
        for protocol in ALL {
            let run = run_of(protocol, &keys);
            let tx = sound(&run.record);
            let expected: Vec<u64> = tree.ways_from(refuses).iter().map(|way| at + way).collect();
            assert_eq!((tx.outcome, decided(tx)), (Outcome::Abort, expected));
            assert_eq!(run.count("send Abort"), nodes - 1);
            assert_eq!((tx.forced, tx.records), (0, 0), "who has not voted needs no record");
        }
    }
}

// When each node decides (7.5).

/// C_i = max over x of (p_x + d(x, i)). An early force is a part of p_x, whatever it takes.
#[test]
fn s7_5_every_node_decides_as_soon_as_the_last_vote_can_reach_it() {
    let mut draw = Stream::new(Seed(1), Purpose::Topology);
    for round in 0..play::rounds(400) {
        let nodes = if round % 20 == 0 { 64 } else { draw.within(1..=9) as usize };
        let force = draw.within(1..=3_000_000);
        for (force, protocols) in [(0, &ALL[..]), (force, &ALL[2..])] {
            let tree = Tree { force, ..Tree::drawn(&mut draw, nodes, 0) };
            let done = tree.done();
            let ways: Vec<Vec<u64>> = (0..nodes).map(|x| tree.ways_from(x)).collect();
            let last_vote =
                |i: usize| (0..nodes).map(|x| done[x] + force + ways[x][i]).max().unwrap();
            let expected: Vec<u64> = (0..nodes).map(last_vote).collect();
            for protocol in protocols {
                let tx = committed(protocol, &tree.keys());
                assert_eq!(decided(&tx), expected, "{protocol} {tree:?}");
                assert_eq!(tx.client, Some(Time(expected[0])), "the root answers by itself (G17)");
            }
        }
    }
}

/// The recursion of 7.5 for late forces: every hop of the first wave pays one, the second none.
#[test]
fn s7_5_with_late_forces_every_hop_of_the_first_wave_pays_one() {
    let mut draw = Stream::new(Seed(2), Purpose::Topology);
    let mut seen = BTreeMap::new();
    for round in 0..play::rounds(600) {
        let nodes = if round % 50 == 0 { 64 } else { draw.within(2..=9) as usize };
        let force = draw.within(0..=6_000_000);
        let tree = Tree::drawn(&mut draw, nodes, force);
        let mut expected = vec![0; nodes];
        let mut spread = |from: usize, at: u64, over: &mut dyn Iterator<Item = usize>| {
            let ways = tree.ways_from(from);
            over.for_each(|node| expected[node] = at + ways[node]);
        };
        let glare = match tree.meeting() {
            // Its only record stands for both; a READY record that it has already is enough.
            Meeting::At { node, at, recorded } => {
                let at = if recorded { at } else { at + force };
                spread(node, at, &mut (0..nodes));
                *seen.entry(if recorded { "G22" } else { "C2" }).or_insert(0) += 1;
                recorded
            }
            Meeting::Across { ends: (u, v), at } => {
                spread(u, at.0, &mut tree.side(u, v).into_iter());
                spread(v, at.1, &mut tree.side(v, u).into_iter());
                *seen.entry("C3").or_insert(0) += 1;
                true
            }
        };
        let n = nodes as u64;
        for (protocol, forced) in [(LATE, 2 * n - 1 + u64::from(glare)), (LAZY, n)] {
            let tx = committed(protocol, &tree.keys());
            assert_eq!(decided(&tx), expected, "{protocol} {tree:?}");
            assert_eq!((tx.messages, tx.forced), (5 * (n - 1), forced));
        }
    }
    assert!(seen.len() == 3 && seen.values().all(|count| *count > 20), "{seen:?}");
}

/// Delays of a star and of a chain from its end, in messages of unit length (7.5).
#[test]
fn s7_5_delays() {
    let unit = r#""work": {"default": "0"}, "disk": {"force": "0"}"#;
    for nodes in 2..=16 {
        let delays = |shape: &str| {
            let tx = committed(LATE, &format!("{}, {unit}", shaped(shape, nodes)));
            [tx.client, tx.decided, tx.forgotten].map(|at| at.unwrap().0 / 1_000_000)
        };
        // A leaf of a star needs the vote of another leaf: PREPARE, READY and READY.
        assert_eq!(delays(SHAPES[0]), if nodes == 2 { [2, 2, 3] } else { [2, 3, 4] });
        let h = nodes - 1;
        assert_eq!(delays(SHAPES[1]), [2 * h, 2 * h, 2 * h + 1]);
    }
}

// What is said.

/// A path of three whose last node is slow: the votes race to it, and the outcome back.
/// 1 ms a hop, 0.1 ms a force, 0.5 ms of work but 2 ms at n2, which has PREPARE at 2000.
#[test]
fn the_votes_race_to_the_slow_node_and_back() {
    let run = run_of(LATE, r#""topology": "chain", "work": {"nodes": {"n2": "2ms"}}"#);
    assert_eq!(
        run.find(&["send", "append", "decide", "forget"]),
        [
            "0 n0 send Prepare to n1 tx0",
            "500 n0 append Ready at 1 tx0",
            "600 n0 send Ready to n1 tx0",
            "1000 n1 send Prepare to n2 tx0",
            // The READY of n0 is there at 1600, n1 has been prepared for 0.1 ms.
            "1600 n1 append Ready at 1 tx0",
            "1700 n1 send Ready to n2 tx0",
            // C2: no READY record, and nothing leaves before the force.
            "4000 n2 append Committed at 1 tx0",
            "4100 n2 decide Commit tx0",
            "4100 n2 send Ready to n1 tx0",
            "4100 n2 send Committed to n1 tx0",
            // C3: the READY goes on at once.
            "5100 n1 append Committed at 2 tx0",
            "5100 n1 decide Commit tx0",
            "5100 n1 send Ready to n0 tx0",
            "5200 n1 send Committed to n0 tx0",
            "5200 n1 send Committed to n2 tx0",
            "6100 n0 append Committed at 2 tx0",
            "6100 n0 decide Commit tx0",
            "6200 n2 forget tx0",
            "6200 n0 send Committed to n1 tx0",
            "6200 n0 forget tx0",
            "7200 n1 forget tx0",
        ]
    );
}

/// The same path with equal work: votes cross on the second edge, and both ends decide.
#[test]
fn at_a_glare_both_ends_decide_at_once() {
    let run = run_of(LATE, r#""topology": "chain""#);
    assert_eq!(
        run.find(&["send Ready", "append", "decide"]),
        [
            "500 n0 append Ready at 1 tx0",
            "600 n0 send Ready to n1 tx0",
            "1600 n1 append Ready at 1 tx0",
            "1700 n1 send Ready to n2 tx0",
            "2500 n2 append Ready at 1 tx0",
            "2600 n2 send Ready to n1 tx0",
            "2700 n2 append Committed at 2 tx0",
            "2700 n2 decide Commit tx0",
            "3600 n1 append Committed at 2 tx0",
            "3600 n1 decide Commit tx0",
            "3600 n1 send Ready to n0 tx0",
            "4600 n0 append Committed at 2 tx0",
            "4600 n0 decide Commit tx0",
        ]
    );
    assert_eq!(sound(&run.record).forced, 6);
}

/// G15: two nodes whose READYs cross, and two of which one is slow.
#[test]
fn g15_two_nodes_and_one() {
    let pair = |keys: &str| {
        let tx = committed(LATE, &format!(r#""nodes": 2, {keys}"#));
        (tx.messages, tx.forced, decided(&tx).iter().map(|at| at / 1_000).collect::<Vec<_>>())
    };
    // n0 says READY at 600; n1 has PREPARE at 1000, is done at 1400 and says READY at 1500.
    let crossing = pair(r#""work": {"nodes": {"n1": "400us"}}"#);
    assert_eq!(crossing, (5, 4, vec![2500, 1600]), "C3 at both ends");
    // Done at 1550, n1 has the READY of n0 during its force: it decides when that is over (G22).
    let during = pair(r#""work": {"nodes": {"n1": "550us"}}"#);
    assert_eq!(during, (5, 4, vec![2650, 1650]));
    let slow = pair(r#""work": {"nodes": {"n1": "3ms"}}"#);
    assert_eq!(slow, (5, 3, vec![5100, 4100]), "C2 at n1, 4000 and a force");
    let alone = committed(LATE, r#""nodes": 1"#);
    assert_eq!((alone.messages, alone.forced, decided(&alone)), (0, 1, vec![600_000]));
}

// What always holds (7.3, I1 to I5; I2, I3 and I6 are asserted by the protocol itself as well).

/// READY's tag.
const READY: u8 = 1;

/// Draws a tree and the keys of a scenario on it.
fn drawn(draw: &mut Stream, most: u64) -> (Tree, String) {
    let nodes = draw.within(2..=most) as usize;
    let force = draw.within(0..=2_000_000);
    let tree = Tree::drawn(draw, nodes, force);
    let keys = tree.keys();
    (tree, keys)
}

/// I1, I2, I3: in storms, whoever says READY to a neighbour has the votes of its whole side of the
/// edge on disk, its own included; and nobody who has said READY is the first to abort.
#[test]
fn i1_to_i3_hold_in_storms() {
    let mut draw = Stream::new(Seed(5), Purpose::Topology);
    let (mut readies, mut aborts) = (0, 0);
    for round in 0..80 {
        let (tree, keys) = drawn(&mut draw, 6);
        let keys = format!(
            r#"{keys}, "votes": {{"no_rate": "5%"}}, "storm": {{"until": "200ms"}},
               "patience": {{"votes": "80ms", "decision": "30ms", "acks": "20ms", "max": "200ms"}},
               "workload": {{"transactions": 6, "arrivals": {{"every": "20ms"}}}}"#
        );
        for (record, seen) in watched(ALL[round % 4], &keys, 5) {
            for tx in &record.transactions {
                let mut voted = BTreeSet::new();
                let (mut said, mut aborted) = (BTreeSet::new(), false);
                for seen in of(tx.id, &seen) {
                    let node = usize::from(seen.node.0);
                    match seen.what {
                        What::Durable { word, .. }
                            if matches!(
                                word.meaning,
                                Meaning::Vote(Vote::Yes) | Meaning::Decision(Decision::Commit)
                            ) =>
                        {
                            voted.insert(node);
                        }
                        What::Decide { decision: Decision::Abort, .. } => {
                            assert!(aborted || !said.contains(&node), "I3: {tree:?}");
                            aborted = true;
                            aborts += 1;
                        }
                        _ => {}
                    }
                    if let Some((from, to)) = sends(&seen, READY) {
                        said.insert(from);
                        readies += 1;
                        assert!(tree.side(from, to).is_subset(&voted), "I1: {tree:?}");
                    }
                }
            }
        }
    }
    assert!(readies > 10_000 && aborts > 1_000, "{readies}, {aborts}");
}

/// I4 and I5: where nothing fails, exactly one READY goes each way over each edge, and either one
/// node decides without having said READY, or two READYs cross on one edge.
#[test]
fn i4_and_i5_hold_where_nothing_fails() {
    let mut draw = Stream::new(Seed(6), Purpose::Topology);
    for round in 0..400 {
        let (tree, keys) = drawn(&mut draw, 9);
        let protocol = ALL[round % 4];
        let run = run_of(protocol, &keys);
        sound(&run.record);
        let all: Vec<(usize, usize)> =
            run.seen.iter().filter_map(|seen| sends(seen, READY)).collect();
        let edges: BTreeSet<(usize, usize)> = all.iter().copied().collect();
        assert_eq!((all.len(), edges.len()), (2 * (tree.nodes() - 1), all.len()), "I5: {tree:?}");
        let (mut said, mut heard) = (BTreeSet::new(), BTreeSet::new());
        let (mut meeting, mut crossed) = (0, 0);
        for seen in &run.seen {
            let node = usize::from(seen.node.0);
            match seen.what {
                What::Decide { .. } => meeting += u32::from(!said.contains(&node)),
                What::Deliver { from, word, .. } if word.tag == READY => {
                    heard.insert((usize::from(from.0), node));
                }
                _ => {}
            }
            if let Some((from, to)) = sends(seen, READY) {
                said.insert(from);
                // Said to a neighbour that has said it too, before it has arrived.
                crossed += u32::from(
                    edges_said(&run.seen, seen, to, from) && !heard.contains(&(to, from)),
                );
            }
        }
        assert_eq!(meeting + crossed, 1, "I4: {protocol} {tree:?}");
    }
}

/// Whether `from` had said READY to `to` before `now`.
fn edges_said(seen: &[Observation], now: &Observation, from: usize, to: usize) -> bool {
    let before = seen.iter().take_while(|seen| *seen != now);
    before.filter_map(|seen| sends(seen, READY)).any(|edge| edge == (from, to))
}

// What a node in doubt can and cannot find out.

/// B4: on the path n0, n1, n2, the last voter dies before it votes. Nobody has refused, and yet
/// both others are in doubt until it is back.
#[test]
fn b4_all_wait_for_the_last_voter() {
    let patience = r#""patience": {"votes": "100ms", "decision": "20ms", "acks": "20ms"}"#;
    let dies = |restart: &str| {
        format!(
            r#""topology": "chain", {patience}, "horizon": "5s",
               "faults": [{{"at": "2200us", "crash": {{"node": "n2"{restart}}}}}]"#
        )
    };
    for protocol in ALL {
        let run = run_of(protocol, &dies(""));
        let tx = sound(&run.record);
        let stands: Vec<Stand> = tx.nodes.iter().map(|node| node.state).collect();
        assert_eq!(stands, [Stand::InDoubt, Stand::InDoubt, Stand::Down], "{protocol}");
        assert!(tx.nodes[..2].iter().all(|node| node.blocked > Span::from_millis(4_900)));
        let run = run_of(protocol, &dies(r#", "restart_after": "1s""#));
        let tx = sound(&run.record);
        assert_eq!(tx.outcome, Outcome::Abort, "{protocol}");
        assert!(tx.decided.is_some() && tx.forgotten.is_some());
    }
}

/// G1, and rule 10 of the timing model: READY starts the work of a node that PREPARE has missed,
/// and that node asks the nodes behind it.
#[test]
fn g1_ready_does_what_prepare_does() {
    for protocol in ALL {
        let run = run_of(
            protocol,
            r#""topology": "chain", "faults": [{"at": "0", "lose": {"message": "Prepare"}}]"#,
        );
        // n0 has said READY by 700 at the latest; n1 has it a hop later.
        assert!((1600..=1700).contains(&run.when("n1 begin")), "{protocol}");
        assert_eq!(run.when("n1 send Prepare to n2"), run.when("n1 begin"));
        assert_eq!(sound(&run.record).outcome, Outcome::Commit);
    }
}

/// The edge of a glare is cut both ways before the READYs have crossed it. Each side waits for the
/// other; n0, which reaches both ends, hears from them that they are ready towards each other.
/// Waits that do not grow make no difference: who was asked in vain is not all that is asked.
#[test]
fn two_ready_towards_each_other_prove_all_votes() {
    for protocol in ALL {
        let run = run_of(
            protocol,
            r#""nodes": 4, "topology": "chain", "patience": {"max": "1s"}, "faults": [
                {"at": "2100us", "cut_link": {"from": "n1", "to": "n2", "heal_after": "20s"}},
                {"at": "2100us", "cut_link": {"from": "n2", "to": "n1", "heal_after": "20s"}}]"#,
        );
        let tx = sound(&run.record);
        assert_eq!(tx.outcome, Outcome::Commit, "{protocol}");
        assert!(run.count("send Uncertain") >= 2);
        let last = decided(tx).into_iter().max().unwrap();
        assert!((2_000_000_000..3_000_000_000).contains(&last), "{protocol} {last}");
        assert!(tx.forgotten.is_some_and(|at| at > Time(20_000_000_000)));
    }
}

/// G13: COMMITTED overtakes READY, which then says nothing new.
#[test]
fn g13_committed_counts_as_ready() {
    let run = run_of(
        LATE,
        r#""nodes": 2, "work": {"nodes": {"n1": "3ms"}}, "faults": [
            {"at": "0", "delay": {"message": "Ready", "from": "n1", "by": "50ms"}}]"#,
    );
    let tx = sound(&run.record);
    assert_eq!((decided(tx), tx.messages), (vec![5_100_000, 4_100_000], 5));
    assert!(tx.forgotten < Some(Time(50_000_000)), "the late READY meets nobody");
}

/// G20: with early votes a node comes back from a crash without the READYs it had heard, and asks
/// for them.
#[test]
fn g20_a_recovered_node_asks_for_ready_again() {
    let run = run_of(
        EARLY,
        r#""nodes": 4, "topology": "star", "work": {"nodes": {"n3": "30ms"}}, "faults": [
            {"at": "10ms", "crash": {"node": "n0", "restart_after": "5ms"}}]"#,
    );
    assert_eq!(
        run.find(&["n0 send ReadyReq", "n0 get Ready"]),
        [
            "2600 n0 get Ready from n1 tx0",
            "2600 n0 get Ready from n2 tx0",
            "15000 n0 send ReadyReq to n1 tx0",
            "15000 n0 send ReadyReq to n2 tx0",
            "15000 n0 send ReadyReq to n3 tx0",
            "17000 n0 get Ready from n1 tx0",
            "17000 n0 get Ready from n2 tx0",
            // n3 had PREPARE at 1 ms; 30 ms of work, a force, a hop.
            "32100 n0 get Ready from n3 tx0",
        ]
    );
    assert_eq!(sound(&run.record).outcome, Outcome::Commit);
}

// What it survives.

const PATH: &str = r#""topology": "chain", "work": {"nodes": {"n1": "300us"}}"#;
const PATH_SLOW_MIDDLE: &str = r#""topology": "chain", "work": {"nodes": {"n1": "4ms"}}"#;
const PATH_REFUSED: &str = r#""topology": "chain", "votes": {"no": ["n2"]}"#;
const PAIR: &str = r#""nodes": 2, "topology": "chain""#;
const STAR: &str = r#""nodes": 4, "work": {"nodes": {"n3": "3ms"}}"#;

#[test]
fn a_crash_of_any_node_at_any_moment_of_any_other_is_resolved_after_its_restart() {
    let (mut commits, mut aborts, mut blocked) = (0, 0, 0);
    for protocol in ALL {
        for (keys, nodes) in
            [(PAIR, 2), (PATH, 3), (PATH_SLOW_MIDDLE, 3), (PATH_REFUSED, 3), (STAR, 4)]
        {
            let tally = crash_everywhere(protocol, keys, nodes, "");
            assert!(tally.runs > 50, "{protocol} {keys} {tally:?}");
            commits += tally.commits;
            aborts += tally.aborts;
            blocked += tally.blocked;
        }
    }
    assert!(commits > 500 && aborts > 500 && blocked > 100, "{commits} {aborts} {blocked}");
}

#[test]
fn every_message_may_be_lost_late_or_doubled() {
    for protocol in ALL {
        for (keys, nodes) in [(PAIR, 2), (PATH, 3), (PATH_REFUSED, 3), (STAR, 4)] {
            let tally = lose_everything(protocol, keys, nodes);
            assert!(tally.runs > 8, "{protocol} {keys} {tally:?}");
        }
    }
}

/// A crash everywhere, and besides the READYs or the farewells of the middle are lost.
#[test]
fn a_crash_and_losses_together_are_resolved() {
    let mut runs = 0;
    for protocol in ALL {
        for lost in ["Ready", "Committed", "Abort", "Prepare"] {
            for to in ["n0", "n2"] {
                let which = format!(r#""message": "{lost}", "from": "n1", "to": "{to}""#);
                let also = format!(r#", {{"at": "0", "lose": {{{which}}}}}"#);
                for keys in [PATH, PATH_SLOW_MIDDLE, PATH_REFUSED] {
                    runs += crash_everywhere(protocol, keys, 3, &also).runs;
                }
            }
        }
    }
    assert!(runs > 5_000, "{runs}");
}

#[test]
fn storms_break_nothing_and_everything_is_forgotten_after_healing() {
    for played in played().iter().filter(|played| played.about.id == "p2pc") {
        let mut tally = Tally::default();
        let complaints: Vec<String> =
            (1_000..1_400).flat_map(|seed| brave(played, seed, &mut tally)).collect();
        assert_eq!(complaints, Vec::<String>::new());
        assert!(tally.commits > 100 && tally.aborts > 100, "{tally:?}");
        assert!(tally.blocked > 10 && tally.crashes > 100 && tally.lost > 100, "{tally:?}");
    }
}
