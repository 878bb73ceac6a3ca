//! Decentralized two-phase commit against its paper: costs, times, dialogue, and every schedule of
//! protocols.md 13 that concerns it. Times in microseconds: messages take 1000, work 500, a force
//! 100.

mod crashes;
mod play;
mod stage;

use commitsim_core::{Decision, Time};
use commitsim_rng::{Bits, Purpose, Seed, Stream};
use commitsim_sim::{Ending, Outcome, RunRecord, Stand, TransactionRecord};
use play::{play, scenario};
use stage::{Run, run_of};

const COMMIT: Stand = Stand::Decided(Decision::Commit);
const ABORT: Stand = Stand::Decided(Decision::Abort);
const QUICK: &str = r#""patience": {"votes": "50ms", "decision": "50ms", "acks": "50ms"}"#;

fn decentralized(keys: &str) -> Run {
    run_of("\"2pc-decentralized\"", keys)
}

/// With patience of 50 ms, and these nodes and faults.
fn faults(nodes: u64, list: &str) -> Run {
    let run = decentralized(&format!(r#""nodes": {nodes}, {QUICK}, "faults": [{list}]"#));
    assert_eq!(run.record.idle_faults, []);
    run
}

fn only(run: &RunRecord) -> &TransactionRecord {
    assert_eq!(run.violations, [], "no violation");
    assert_eq!(run.ending, Ending::Settled);
    &run.transactions[0]
}

fn states(run: &Run) -> Vec<Stand> {
    only(&run.record).nodes.iter().map(|node| node.state).collect()
}

fn decided(tx: &TransactionRecord) -> Vec<u64> {
    tx.nodes.iter().map(|node| node.decided.unwrap_or(Time(u64::MAX)).0).collect()
}

#[test]
fn s12_1_a_commit_costs_what_the_formulas_say() {
    for n in 0..=16 {
        let text = format!(
            r#"{{"format": "commitsim/1", "protocols": ["2pc-decentralized"], "nodes": {},
                 "disk": {{"force": "0"}}, "work": {{"default": "0"}}}}"#,
            n + 1
        );
        let run = &play(&scenario(&text))[0];
        let tx = only(run);
        assert_eq!(tx.outcome, Outcome::Commit);
        let cost = (tx.messages, tx.forced, tx.records);
        assert_eq!(cost, (2 * (n * n + n), 2 * n + 2, 2 * n + 2), "n = {n}");
        let delays = [tx.client, tx.decided, tx.forgotten].map(|at| at.unwrap().0 / 1_000_000);
        // With one other node, that one decides when it votes: it has then heard from everybody.
        let expected = if n == 0 { [0, 0, 0] } else { [2, 2, 3] };
        assert_eq!(delays, expected, "n = {n}");
    }
}

/// m participants refuse at the instant at which the others vote: all n + 1 broadcast, and nothing
/// is acknowledged. A refusal of the root itself is all that is ever said.
#[test]
fn s4_3_an_abort_costs_one_broadcast_of_each_that_has_voted() {
    for n in 1..=16 {
        let nodes = n + 1;
        let abort = |names: &[String]| {
            let text = format!(
                r#"{{"format": "commitsim/1", "protocols": ["2pc-decentralized"],
                     "nodes": {nodes}, "votes": {{"no": {names:?}}}}}"#
            );
            let runs = play(&scenario(&text));
            let tx = only(&runs[0]).clone();
            assert_eq!((tx.outcome, tx.forgotten.is_some()), (Outcome::Abort, true));
            assert!(tx.nodes.iter().all(|node| node.state == ABORT));
            (tx.messages, tx.forced, tx.records)
        };
        for m in 1..=n {
            let names: Vec<String> = (1..=m).map(|node| format!("n{node}")).collect();
            assert_eq!(abort(&names), (n * n + n, n - m + 1, n - m + 1 + n + 1), "{n}, {m}");
        }
        assert_eq!(abort(&["n0".to_owned()]), (n, 0, 1), "n = {n}");
    }
}

/// Others may need to hear the vote again, so who votes read-only stays too.
#[test]
fn a_read_only_vote_costs_what_a_yes_does() {
    let run = decentralized(r#""nodes": 4, "votes": {"read_only": ["n1", "n3"]}"#);
    let tx = only(&run.record);
    assert_eq!((tx.outcome, tx.messages, tx.forced, tx.records), (Outcome::Commit, 24, 8, 8));
    assert_eq!(states(&run), [COMMIT, Stand::ReadOnly, COMMIT, Stand::ReadOnly]);
}

/// A complete graph with everything unequal, in nanoseconds.
struct Mesh {
    link: Vec<Vec<u64>>,
    work: Vec<u64>,
    force: u64,
}

impl Mesh {
    fn drawn(draw: &mut Stream, nodes: usize) -> Mesh {
        let mut some = || (0..nodes).map(|_| draw.within(1..=9_000_000)).collect::<Vec<u64>>();
        let link = (0..nodes).map(|_| some()).collect();
        let work = some();
        Mesh { link, work, force: draw.within(0..=2_000_000) }
    }

    fn text(&self) -> String {
        let pairs = self.others(None);
        let links: Vec<String> = pairs
            .map(|(a, b)| {
                let latency = self.link[a][b];
                format!(r#"{{"from": "n{a}", "to": "n{b}", "latency": "{latency}ns"}}"#)
            })
            .collect();
        let work: Vec<String> =
            self.work.iter().enumerate().map(|(n, w)| format!(r#""n{n}": "{w}ns""#)).collect();
        format!(
            r#"{{"format": "commitsim/1", "protocols": ["2pc-decentralized"],
                 "nodes": {}, "disk": {{"force": "{}ns"}},
                 "network": {{"links": [{}]}}, "work": {{"nodes": {{{}}}}}}}"#,
            self.work.len(),
            self.force,
            links.join(","),
            work.join(",")
        )
    }

    /// All links, or those to one node.
    fn others(&self, to: Option<usize>) -> impl Iterator<Item = (usize, usize)> {
        let nodes = self.work.len();
        (0..nodes)
            .flat_map(move |a| (0..nodes).map(move |b| (a, b)))
            .filter(move |(a, b)| a != b && to.is_none_or(|to| *b == to))
    }

    /// The earliest arrival at `node` of what the others say at these times.
    fn first(&self, node: usize, said: &[Option<u64>]) -> Option<u64> {
        self.others(Some(node)).filter_map(|(a, b)| Some(said[a]? + self.link[a][b])).min()
    }

    /// When each node says YES: a force after its work, which any YES begins, so this is a search
    /// for shortest ways from the root.
    fn votes(&self) -> Vec<u64> {
        let nodes = self.work.len();
        let mut said = vec![None; nodes];
        said[0] = Some(self.work[0] + self.force);
        for _ in 0..nodes {
            for node in 1..nodes {
                let heard = self.first(node, &said);
                said[node] = heard.map(|heard| heard + self.work[node] + self.force);
            }
        }
        said.into_iter().flatten().collect()
    }

    /// When each node has decided: it has heard all votes, or a DONE, which comes a force after
    /// the decision of another.
    fn decisions(&self, votes: &[u64]) -> Vec<u64> {
        let evidence = |node: usize| {
            let arrivals = self.others(Some(node)).map(|(a, b)| votes[a] + self.link[a][b]);
            arrivals.max().unwrap_or(0).max(votes[node])
        };
        let mut decided: Vec<u64> = (0..votes.len()).map(evidence).collect();
        for _ in 0..votes.len() {
            let done: Vec<Option<u64>> = decided.iter().map(|at| Some(at + self.force)).collect();
            for (node, at) in decided.iter_mut().enumerate() {
                *at = self.first(node, &done).unwrap_or(u64::MAX).min(*at);
            }
        }
        decided
    }
}

#[test]
fn commit_times_are_those_of_the_model() {
    let mut draw = Stream::new(Seed(1), Purpose::Topology);
    let mut by_done = 0;
    for round in 0..300 {
        let mesh = Mesh::drawn(&mut draw, 1 + round % 9);
        let run = &play(&scenario(&mesh.text()))[0];
        let votes = mesh.votes();
        let expected = mesh.decisions(&votes);
        let tx = only(run);
        assert_eq!(decided(tx), expected);
        assert_eq!(tx.client, Some(Time(expected[0])));
        let recorded = |node: usize| expected[node] + mesh.force;
        let last_done = mesh.others(None).map(|(a, b)| recorded(a) + mesh.link[a][b]);
        let alone = recorded(0);
        assert_eq!(tx.forgotten, Some(Time(last_done.max().unwrap_or(alone))));
        for (node, (vote, decided)) in tx.nodes.iter().zip(votes.iter().zip(&expected)) {
            assert_eq!((node.in_doubt.0, node.blocked.0), (decided - vote, 0));
        }
        by_done += u32::from((0..votes.len()).any(|node| {
            let last = mesh.others(Some(node)).map(|(a, b)| votes[a] + mesh.link[a][b]).max();
            Some(expected[node]) < last
        }));
    }
    assert!(by_done > 30, "a DONE was faster than a vote in {by_done} systems");
}

#[test]
fn the_fast_path_is_one_round_of_votes_and_one_of_done() {
    let run = decentralized("");
    let lines = run.find(&["send", "get", "append", "write", "durable", "decide", "forget"]);
    let expected = [
        "500 n0 append Prepared at 1 tx0",
        "600 n0 durable Prepared at 1 tx0",
        "600 n0 send Yes to n1 tx0",
        "600 n0 send Yes to n2 tx0",
        "1600 n1 get Yes from n0 tx0",
        "1600 n2 get Yes from n0 tx0",
        "2100 n1 append Prepared at 1 tx0",
        "2100 n2 append Prepared at 1 tx0",
        "2200 n1 durable Prepared at 1 tx0",
        "2200 n1 send Yes to n0 tx0",
        "2200 n1 send Yes to n2 tx0",
        "2200 n2 durable Prepared at 1 tx0",
        "2200 n2 send Yes to n0 tx0",
        "2200 n2 send Yes to n1 tx0",
        "3200 n0 get Yes from n1 tx0",
        "3200 n2 get Yes from n1 tx0",
        "3200 n2 append Committed at 2 tx0",
        "3200 n2 decide Commit tx0",
        "3200 n0 get Yes from n2 tx0",
        "3200 n0 append Committed at 2 tx0",
        "3200 n0 decide Commit tx0",
        "3200 n1 get Yes from n2 tx0",
        "3200 n1 append Committed at 2 tx0",
        "3200 n1 decide Commit tx0",
        "3300 n2 durable Committed at 2 tx0",
        "3300 n2 send Done to n0 tx0",
        "3300 n2 send Done to n1 tx0",
        "3300 n0 durable Committed at 2 tx0",
        "3300 n0 send Done to n1 tx0",
        "3300 n0 send Done to n2 tx0",
        "3300 n1 durable Committed at 2 tx0",
        "3300 n1 send Done to n0 tx0",
        "3300 n1 send Done to n2 tx0",
        "4300 n0 get Done from n2 tx0",
        "4300 n1 get Done from n2 tx0",
        "4300 n1 get Done from n0 tx0",
        "4300 n1 forget tx0",
        "4300 n2 get Done from n0 tx0",
        "4300 n0 get Done from n1 tx0",
        "4300 n0 forget tx0",
        "4300 n2 get Done from n1 tx0",
        "4300 n2 forget tx0",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn s4_3_a_crash_of_the_root_after_its_broadcast_blocks_nobody() {
    let run = faults(
        4,
        r#"{"when": {"sent": {"by": "n0", "message": "Yes", "to": "n3"}},
            "crash": {"node": "n0"}}"#,
    );
    assert_eq!(states(&run), [Stand::Down, COMMIT, COMMIT, COMMIT]);
    assert!(only(&run.record).nodes.iter().all(|node| node.blocked.0 == 0));
    // Its vote is theirs already; what it has not is their outcome, so nobody forgets.
    assert_eq!(only(&run.record).forgotten, None);
}

/// The vote of the dead root has reached one of three: it is enough.
#[test]
fn s4_3_votes_are_collected_jointly() {
    let run = faults(
        4,
        r#"{"when": {"sent": {"by": "n0", "message": "Yes", "to": "n1"}},
            "crash": {"node": "n0"}}"#,
    );
    // n1's YES opened the others, who miss that of n0 and ask; n1 has committed by then, and its
    // DONE has told them.
    assert_eq!(states(&run), [Stand::Down, COMMIT, COMMIT, COMMIT]);
}

/// No single node that is left has heard everybody; together they have.
#[test]
fn s4_3_hearsay_completes_the_votes() {
    // n0's vote reaches n1 only, n3's reaches n2 only; then both die.
    let lose = |from: &str, to: &str| {
        format!(r#"{{"at": "0", "lose": {{"message": "Yes", "from": "{from}", "to": "{to}"}}}}"#)
    };
    let list = [
        lose("n0", "n2"),
        lose("n3", "n0"),
        lose("n3", "n1"),
        lose("n2", "n3"),
        r#"{"when": {"sent": {"by": "n3", "message": "Yes", "to": "n2"}}, "crash": {"node": "n3"}},
           {"when": {"sent": {"by": "n0", "message": "Yes", "to": "n3"}}, "crash": {"node": "n0"}}"#
            .to_owned(),
    ];
    let run = faults(4, &list.join(","));
    assert_eq!(states(&run), [Stand::Down, COMMIT, COMMIT, Stand::Down], "{}", run.text());
    assert_eq!(run.find(&["send Yes to n1"]).last().unwrap().split(' ').nth(1), Some("n2"));
    assert!(run.when("decide Commit") > 50_000, "after they have asked");
}

/// The only case that blocks: a vote that nobody within reach has heard.
#[test]
fn s4_3_an_unheard_vote_blocks() {
    let run = faults(
        3,
        r#"{"when": {"forced": {"by": "n2", "record": "Prepared"}},
            "crash": {"node": "n2", "restart_after": "400ms"}}"#,
    );
    assert_eq!(states(&run), [COMMIT; 3]);
    assert!(only(&run.record).nodes[0].blocked.0 > 300_000_000);
    // The question of the one who is back says that it has voted YES.
    assert_eq!(run.when("n2 send Inquire"), 402_200);
    assert_eq!(run.when("n0 decide Commit"), 403_200);
}

#[test]
fn s4_3_who_is_asked_before_it_has_voted_refuses() {
    let keys = |work: &str| {
        decentralized(&format!(
            r#""nodes": 4, "work": {{"nodes": {{"n2": "{work}"}}}},
               "patience": {{"votes": "500ms", "decision": "50ms", "acks": "50ms"}}"#
        ))
    };
    assert_eq!(only(&keys("48ms").record).outcome, Outcome::Commit);
    let run = keys("60ms");
    // n0 has asked 50 ms after its YES.
    assert_eq!(states(&run), [ABORT; 4]);
    assert_eq!(run.when("n2 decide Abort"), 51_600);
    assert_eq!(run.count("fire VotesDue"), 0);
}

/// The request of the root is lost; the vote of another asks as well.
#[test]
fn a_lost_request_is_made_good_by_the_votes_of_others() {
    let run = faults(3, r#"{"at": "0", "lose": {"message": "Yes", "from": "n0", "to": "n2"}}"#);
    assert_eq!(states(&run), [COMMIT; 3]);
    assert_eq!(run.when("n2 begin"), 3_200);
    // n1 hears n2 at 4800, says DONE at 4900, and so tells n2, which still misses n0.
    assert_eq!(run.when("n2 decide Commit"), 5_900);
}

/// Aborts are presumed: who has forgotten says so, and nobody says DONE.
#[test]
fn a_lost_refusal_is_presumed() {
    let lose = r#"{"at": "0", "lose": {"message": "No", "from": "n2", "to": "n1"}}"#;
    let run = decentralized(&format!(
        r#""nodes": 3, {QUICK}, "votes": {{"no": ["n2"]}}, "faults": [{lose}]"#
    ));
    assert_eq!(states(&run), [ABORT; 3]);
    assert_eq!(
        run.find(&["Inquire to", "Abort to", "Done to"]),
        [
            "52200 n1 send Inquire to n0 tx0",
            "52200 n1 send Inquire to n2 tx0",
            "53200 n0 send Abort to n1 tx0",
            "53200 n2 send Abort to n1 tx0",
        ]
    );
}

/// G19's trap: a DONE that is answered with DONE would go to and fro for ever.
#[test]
fn finished_nodes_stop_talking() {
    let list = r#"{"at": "0", "duplicate": {"message": "Done", "count": 9}},
        {"at": "0", "lose": {"message": "Done", "from": "n1", "to": "n0"}},
        {"at": "54500us", "crash": {"node": "n2", "restart_after": "1ms"}}"#;
    let run = decentralized(&format!(r#""nodes": 3, {QUICK}, "faults": [{list}]"#));
    assert_eq!(states(&run), [COMMIT; 3]);
    // n0 asks the one that is silent, once, and is told by one that has forgotten.
    assert_eq!(
        run.find(&["send Commit", "send Done to n0"])[1..],
        [
            "3300 n1 send Done to n0 tx0",
            "53300 n0 send Commit to n1 tx0",
            "54300 n1 send Done to n0 tx0",
        ]
    );
    assert!(only(&run.record).forgotten.is_some());
}

#[test]
fn a_vote_that_comes_after_a_restart_is_refused() {
    let run = faults(3, r#"{"at": "100us", "crash": {"node": "n1", "restart_after": "200us"}}"#);
    assert_eq!(states(&run), [ABORT; 3]);
    assert_eq!(run.find(&["send No"]), ["1600 n1 send No to n0 tx0", "3200 n1 send No to n2 tx0",]);
}

/// A cut of any link, from every instant on: nobody disagrees.
#[test]
fn two_generals_a_link_that_is_cut_splits_nothing() {
    for (from, to) in [("n0", "n1"), ("n1", "n0"), ("n1", "n2")] {
        for at in (0..=5_000).step_by(250) {
            let run = decentralized(&format!(
                r#""nodes": 3, {QUICK}, "faults": [{{"at": "{at}us", "cut_link":
                   {{"from": "{from}", "to": "{to}", "heal_after": "300ms"}}}}]"#
            ));
            let states = states(&run);
            assert!(states == [COMMIT; 3] || states == [ABORT; 3], "{from} {to} {at}: {states:?}");
            assert!(only(&run.record).forgotten.is_some());
        }
    }
}

#[test]
fn a_crash_at_any_moment_harms_nobody() {
    let nodes = |n: u64, more: &str| format!(r#""nodes": {n}, {QUICK}{more}"#);
    for restart in ["1ms", "400ms"] {
        let everywhere =
            |keys: &str| crashes::crash_everywhere("\"2pc-decentralized\"", keys, restart);
        let found = everywhere(&nodes(4, ""));
        assert!(found.runs > 100 && found.commits > 10 && found.aborts > 0, "{found:?}");
        assert!(found.blocked > 0, "{found:?}");
        let found = everywhere(&nodes(4, r#", "votes": {"no": ["n2"]}"#));
        assert!(found.runs > 30 && found.aborts == found.runs, "{found:?}");
        let found = everywhere(&nodes(1, ""));
        assert!(found.commits > 0 && found.aborts > 0, "{found:?}");
    }
}
