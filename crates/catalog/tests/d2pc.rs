//! Dynamic two-phase commit against protocols.md 6: what it costs, when each node decides, what
//! is said, and what it survives.

mod play;
mod stage;
mod trees;
mod trouble;

use std::collections::BTreeMap;

use commitsim_core::{Span, Time};
use commitsim_rng::{Bits, Purpose, Seed, Stream};
use commitsim_sim::{Ending, Outcome, RunRecord, Stand, TransactionRecord};
use play::storms::{Tally, brave, played};
use stage::run_of;
use trees::{Meeting, Tree};
use trouble::{crash_everywhere, lose_everything, sends};

const FORCED: &str = r#""d2pc""#;
const LAZY: &str = r#"{"id": "d2pc", "options": {"outcome_force": "lazy"}}"#;
const ALL: [&str; 2] = [FORCED, LAZY];

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

const SHAPES: [&str; 4] =
    [r#""star""#, r#""chain""#, r#"{"tree": {"arity": 2}}"#, r#"{"tree": {"arity": 3}}"#];

fn shaped(shape: &str, nodes: u64) -> String {
    format!(r#""nodes": {nodes}, "topology": {shape}"#)
}

// What it costs (6, Costs).

/// 4(N - 1) messages and 2N - 1 forces; one more of each at a glare; one more force alone where
/// the last READY comes during a force (G22). Nothing else.
#[test]
fn s6_a_commit_costs_four_messages_an_edge_and_two_forces_a_node_but_one() {
    for nodes in 1..=17 {
        let (edges, n) = (nodes - 1, nodes);
        let plain = (4 * edges, 2 * n - 1, 3 * n - 1);
        let glare = (4 * edges + 1, 2 * n, 3 * n);
        let during = (4 * edges, 2 * n, 3 * n);
        for shape in SHAPES {
            let tx = committed(FORCED, &shaped(shape, nodes));
            let cost = (tx.messages, tx.forced, tx.records);
            let allowed = if n == 1 { vec![plain] } else { vec![plain, glare, during] };
            assert!(allowed.contains(&cost), "{shape} {n}: {cost:?}");
            let lazy = committed(LAZY, &shaped(shape, nodes));
            assert_eq!((lazy.messages, lazy.records), (cost.0, cost.2), "{shape} {n}");
            assert_eq!(lazy.forced, n + cost.1 - plain.1, "READY records and one commit record");
        }
    }
}

#[test]
fn a_read_only_vote_costs_what_a_yes_costs() {
    let plain = shaped(SHAPES[2], 7);
    for readers in [r#"["n6"]"#, r#"["n1", "n3"]"#, r#"["n0", "n2", "n4", "n6"]"#] {
        for protocol in ALL {
            let keys = format!(r#"{plain}, "votes": {{"read_only": {readers}}}"#);
            let (run, yes) = (run_of(protocol, &keys), committed(protocol, &plain));
            let tx = sound(&run.record);
            assert_eq!((tx.messages, tx.forced), (yes.messages, yes.forced));
            assert!(tx.forgotten.is_some());
        }
    }
}

/// Rule 5: an abort that starts at one node tells every other node once, and leaves no record
/// where nobody has voted.
#[test]
fn s6_an_abort_reaches_each_node_by_the_shortest_way() {
    let mut draw = Stream::new(Seed(4), Purpose::Topology);
    for _ in 0..200 {
        let nodes = draw.within(2..=9) as usize;
        let mut tree = Tree::drawn(&mut draw, nodes, 0);
        let refuses = draw.within(0..=nodes as u64 - 1) as usize;
        // Everybody else is still at work when it refuses.
        tree.work = vec![900_000_000; nodes];
        tree.work[refuses] = 100_000_000;
        let at = tree.done()[refuses];
        let run = run_of(FORCED, &format!(r#"{}, "votes": {{"no": ["n{refuses}"]}}"#, tree.keys()));
        let tx = sound(&run.record);
        let expected: Vec<u64> = tree.ways_from(refuses).iter().map(|way| at + way).collect();
        assert_eq!((tx.outcome, decided(tx)), (Outcome::Abort, expected));
        assert_eq!((run.count("send Abort"), tx.records), (nodes - 1, 0));
    }
}

// When each node decides (6, Timing).

/// The two cases of the section, by its formulas: R(u, v) is when u can vote towards v; the votes
/// meet at the node c that is the last to know, or cross on one edge, whose end of lower index is
/// elected.
#[test]
fn s6_every_node_decides_when_the_formulas_say() {
    let mut draw = Stream::new(Seed(1), Purpose::Topology);
    let (mut meetings, mut glares) = (0, 0);
    for round in 0..play::rounds(400) {
        let nodes = if round % 20 == 0 { 64 } else { draw.within(1..=9) as usize };
        let tree = Tree::drawn(&mut draw, nodes, 0);
        let done = tree.done();
        let ways: Vec<Vec<u64>> = (0..nodes).map(|x| tree.ways_from(x)).collect();
        let votes = |u: usize, v: usize| {
            tree.side(u, v).into_iter().map(|x| done[x] + ways[x][u]).max().unwrap()
        };
        let last = |c: &usize| (0..nodes).all(|x| done[*c] >= done[x] + ways[x][*c]);
        let crossing = |&(u, v): &(usize, usize)| {
            let (there, back) = (tree.latency[u][v], tree.latency[v][u]);
            votes(u, v) < votes(v, u) + back && votes(v, u) < votes(u, v) + there
        };
        let edges = (0..nodes).flat_map(|u| tree.neighbours[u].iter().map(move |v| (u, *v)));
        let crossings: Vec<_> = edges.filter(|(u, v)| u < v).filter(crossing).collect();
        let (elected, at) = match ((0..nodes).find(last), &crossings[..]) {
            (Some(c), []) => (c, done[c]),
            (None, [(u, v)]) => (*u, votes(*v, *u) + tree.latency[*v][*u]),
            other => panic!("votes meet in one place: {other:?}"),
        };
        meetings += u64::from(crossings.is_empty());
        glares += crossings.len();
        let expected: Vec<u64> = ways[elected].iter().map(|way| at + way).collect();
        let least: Vec<u64> =
            (0..nodes).map(|i| (0..nodes).map(|x| done[x] + ways[x][i]).max().unwrap()).collect();
        for protocol in ALL {
            let tx = committed(protocol, &tree.keys());
            assert_eq!(decided(&tx), expected, "{tree:?}");
            assert_eq!(tx.messages, 4 * (nodes as u64 - 1) + crossings.len() as u64);
        }
        // Nobody can know earlier; who is on the elected side does not know later either.
        let late = |i: usize| expected[i] > least[i];
        assert!(expected.iter().zip(&least).all(|(at, least)| at >= least));
        match crossings[..] {
            [(u, v)] => {
                assert!(tree.side(u, v).into_iter().all(|i| !late(i)));
                assert!(tree.side(v, u).into_iter().all(late));
            }
            _ => assert_eq!(expected, least),
        }
    }
    assert!(meetings > 20 && glares > 100, "{meetings} {glares}");
}

/// With forces: every hop of the race pays one, the coordinator's commit record one more, and the
/// way back none. All combinations of cost occur, and no others.
#[test]
fn s6_with_forces_the_race_pays_one_a_hop_and_the_decision_one() {
    let mut draw = Stream::new(Seed(2), Purpose::Topology);
    let mut seen = BTreeMap::new();
    for round in 0..play::rounds(600) {
        let nodes = if round % 50 == 0 { 64 } else { draw.within(2..=9) as usize };
        let force = draw.within(0..=6_000_000);
        let tree = Tree::drawn(&mut draw, nodes, force);
        let n = nodes as u64;
        let (elected, at, name, cost) = match tree.meeting() {
            Meeting::At { node, at, recorded: false } => {
                (node, at, "meeting", (4 * (n - 1), 2 * n - 1))
            }
            Meeting::At { node, at, recorded: true } => (node, at, "G22", (4 * (n - 1), 2 * n)),
            Meeting::Across { ends: (u, v), at } => {
                let (elected, at) = if u < v { (u, at.0) } else { (v, at.1) };
                (elected, at, "glare", (4 * (n - 1) + 1, 2 * n))
            }
        };
        *seen.entry(name).or_insert(0) += 1;
        let ways = tree.ways_from(elected);
        let expected: Vec<u64> = ways.iter().map(|way| at + force + way).collect();
        let tx = committed(FORCED, &tree.keys());
        assert_eq!(decided(&tx), expected, "{name} {tree:?}");
        assert_eq!((tx.messages, tx.forced), cost, "{name} {tree:?}");
    }
    assert!(seen.len() == 3 && seen.values().all(|count| *count > 20), "{seen:?}");
}

/// READY goes once over each edge, both ways on the edge of a glare.
#[test]
fn ready_goes_once_over_each_edge() {
    let mut draw = Stream::new(Seed(3), Purpose::Topology);
    for _ in 0..200 {
        let nodes = draw.within(2..=9) as usize;
        let tree = Tree::drawn(&mut draw, nodes, 500_000);
        let run = run_of(FORCED, &tree.keys());
        let mut edges: Vec<(usize, usize)> =
            run.seen.iter().filter_map(|seen| sends(seen, 1)).collect();
        let glare = usize::from(matches!(tree.meeting(), Meeting::Across { .. }));
        assert_eq!(edges.len(), nodes - 1 + glare);
        edges.iter_mut().for_each(|(u, v)| (*u, *v) = (*u.min(v), *u.max(v)));
        edges.sort_unstable();
        edges.dedup();
        assert_eq!(edges.len(), nodes - 1);
    }
}

/// Delays of a star and of a chain from its end, in messages of unit length.
#[test]
fn s6_delays() {
    let unit = r#""work": {"default": "0"}, "disk": {"force": "0"}"#;
    for nodes in 2..=16 {
        let delays = |shape: &str| {
            let tx = committed(FORCED, &format!("{}, {unit}", shaped(shape, nodes)));
            [tx.client, tx.decided, tx.forgotten].map(|at| at.unwrap().0 / 1_000_000)
        };
        let h = nodes - 1;
        // The votes of a star's leaves cross with that of its hub, which is elected. In a chain
        // they run along with PREPARE, so the far end is; so it is in a star of two.
        assert_eq!(delays(SHAPES[0]), if nodes == 2 { [2, 2, 3] } else { [2, 3, 4] });
        assert_eq!(delays(SHAPES[1]), [2 * h, 2 * h, 3 * h]);
    }
}

// What is said.

/// A path of three whose last node is slow: it becomes the coordinator.
/// 1 ms a hop, 0.1 ms a force, 0.5 ms of work but 2 ms at n2, which has PREPARE at 2000.
#[test]
fn the_slowest_node_becomes_the_coordinator() {
    let run = run_of(FORCED, r#""topology": "chain", "work": {"nodes": {"n2": "2ms"}}"#);
    assert_eq!(
        run.find(&["send", "append", "decide", "forget"]),
        [
            "0 n0 send Prepare to n1 tx0",
            "500 n0 append Ready at 1 tx0",
            "600 n0 send Ready to n1 tx0",
            "1000 n1 send Prepare to n2 tx0",
            "1600 n1 append Ready at 1 tx0",
            "1700 n1 send Ready to n2 tx0",
            // Rule 2: one record for vote and decision.
            "4000 n2 append Committed at 1 tx0",
            "4100 n2 decide Commit tx0",
            "4100 n2 send Commit to n1 tx0",
            // Rule 4: COMMIT goes on at once, the ACK when all behind have acknowledged.
            "5100 n1 append Committed at 2 tx0",
            "5100 n1 decide Commit tx0",
            "5100 n1 send Commit to n0 tx0",
            "6100 n0 append Committed at 2 tx0",
            "6100 n0 decide Commit tx0",
            "6200 n0 send Ack to n1 tx0",
            "6200 n0 forget tx0",
            "7200 n1 send Ack to n2 tx0",
            "7200 n1 forget tx0",
            "8200 n2 forget tx0",
        ]
    );
}

/// Rule 3 on a path with equal work: votes cross between n1 and n2, and n1 is elected.
#[test]
fn at_a_glare_the_lower_index_is_elected() {
    let run = run_of(FORCED, r#""topology": "chain""#);
    assert_eq!(
        run.find(&["send Ready", "send Commit", "append", "decide"]),
        [
            "500 n0 append Ready at 1 tx0",
            "600 n0 send Ready to n1 tx0",
            "1600 n1 append Ready at 1 tx0",
            "1700 n1 send Ready to n2 tx0",
            "2500 n2 append Ready at 1 tx0",
            "2600 n2 send Ready to n1 tx0",
            "3600 n1 append Committed at 2 tx0",
            "3700 n1 decide Commit tx0",
            "3700 n1 send Commit to n0 tx0",
            "3700 n1 send Commit to n2 tx0",
            "4700 n0 append Committed at 2 tx0",
            "4700 n0 decide Commit tx0",
            "4700 n2 append Committed at 2 tx0",
            "4700 n2 decide Commit tx0",
        ]
    );
    let tx = sound(&run.record);
    assert_eq!((tx.messages, tx.forced), (9, 6));
}

/// G15: two nodes whose READYs cross, or one of which is slow; and one node alone.
#[test]
fn g15_two_nodes_and_one() {
    let pair = |keys: &str| {
        let tx = committed(FORCED, &format!(r#""nodes": 2, {keys}"#));
        (tx.messages, tx.forced, decided(&tx).iter().map(|at| at / 1_000).collect::<Vec<_>>())
    };
    // n0 says READY at 600, n1 at 1500; n0 has it at 2500, forces, and COMMIT takes a hop.
    assert_eq!(pair(r#""work": {"nodes": {"n1": "400us"}}"#), (5, 4, vec![2600, 3600]));
    // n1 has n0's READY at 1600, during its own force from 1550, and forces once more (G22).
    assert_eq!(pair(r#""work": {"nodes": {"n1": "550us"}}"#), (4, 4, vec![2750, 1750]));
    // n1 is done at 4000 and knows all.
    assert_eq!(pair(r#""work": {"nodes": {"n1": "3ms"}}"#), (4, 3, vec![5100, 4100]));
    let alone = committed(FORCED, r#""nodes": 1"#);
    assert_eq!((alone.messages, alone.forced, decided(&alone)), (0, 1, vec![600_000]));
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

/// Whoever loses a glare has both READYs, so it knows the outcome. It waits for the elected end,
/// asks it once, and decides when that is silent as well.
#[test]
fn the_loser_of_a_glare_does_not_need_the_winner() {
    // n0 says READY at 600, n1 at 1500; n0 dies for good before that arrives.
    let run = run_of(
        FORCED,
        r#""nodes": 2, "work": {"nodes": {"n1": "400us"}},
           "faults": [{"at": "2ms", "crash": {"node": "n0", "restart_after": "10s"}}]"#,
    );
    let tx = sound(&run.record);
    // Patience of 1 s for the decision, 1 s for the question, and a force.
    assert_eq!(tx.nodes[1].decided, Some(Time(2_001_600_000)));
    assert_eq!(tx.outcome, Outcome::Commit);
    assert!(tx.nodes[0].decided > Some(Time(10_000_000_000)) && tx.forgotten.is_some());
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
    assert!(commits > 300 && aborts > 300 && blocked > 100, "{commits} {aborts} {blocked}");
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

/// A crash everywhere, and besides messages of the middle node are lost.
#[test]
fn a_crash_and_losses_together_are_resolved() {
    let mut runs = 0;
    for protocol in ALL {
        for lost in ["Ready", "Commit", "Ack", "Abort", "Prepare"] {
            for to in ["n0", "n2"] {
                let which = format!(r#""message": "{lost}", "from": "n1", "to": "{to}""#);
                let also = format!(r#", {{"at": "0", "lose": {{{which}}}}}"#);
                for keys in [PATH, PATH_SLOW_MIDDLE, PATH_REFUSED] {
                    runs += crash_everywhere(protocol, keys, 3, &also).runs;
                }
            }
        }
    }
    assert!(runs > 3_000, "{runs}");
}

#[test]
fn storms_break_nothing_and_everything_is_forgotten_after_healing() {
    for played in played().iter().filter(|played| played.about.id == "d2pc") {
        let mut tally = Tally::default();
        let complaints: Vec<String> =
            (1_000..1_400).flat_map(|seed| brave(played, seed, &mut tally)).collect();
        assert_eq!(complaints, Vec::<String>::new());
        assert!(tally.commits > 100 && tally.aborts > 100, "{tally:?}");
        assert!(tally.blocked > 10 && tally.crashes > 100 && tally.lost > 100, "{tally:?}");
    }
}
