//! When each node of two-phase commit decides, to the nanosecond: the timing model of
//! interface.md 3 worked out by hand and compared with runs whose links, work and forces all
//! differ.

mod play;

use commitsim_core::Time;
use commitsim_rng::{Bits, Purpose, Seed, Stream};
use commitsim_sim::{RunRecord, TransactionRecord};
use play::{play, scenario};

/// One system with everything unequal, in nanoseconds.
struct Star {
    /// To and from each remote node.
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
        let links: Vec<String> = (0..self.out.len())
            .map(|i| {
                let (n, out, back) = (i + 1, self.out[i], self.back[i]);
                format!(
                    r#"{{"from": "n0", "to": "n{n}", "latency": "{out}ns"}},
                       {{"from": "n{n}", "to": "n0", "latency": "{back}ns"}}"#
                )
            })
            .collect();
        let work: Vec<String> =
            self.work.iter().enumerate().map(|(n, w)| format!(r#""n{n}": "{w}ns""#)).collect();
        format!(
            r#"{{"format": "commitsim/1", "protocols": ["2pc", "2pc-pra", "2pc-prc"],
                 "nodes": {}, "votes": {votes}, "disk": {{"force": "{}ns"}},
                 "network": {{"links": [{}]}}, "work": {{"nodes": {{{}}}}}}}"#,
            self.work.len(),
            self.force,
            links.join(","),
            work.join(",")
        )
    }

    /// When the vote of remote node `i` is there, if PREPARE leaves at `sent` and it forces a YES.
    fn yes_at_root(&self, i: usize, sent: u64) -> u64 {
        sent + self.out[i] + self.work[i + 1] + self.force + self.back[i]
    }
}

fn only(run: &RunRecord) -> &TransactionRecord {
    assert_eq!(run.violations, []);
    &run.transactions[0]
}

fn decided(tx: &TransactionRecord) -> Vec<u64> {
    tx.nodes.iter().map(|node| node.decided.unwrap_or(Time(u64::MAX)).0).collect()
}

/// The root has decided when the last vote, its own among them, is in and its commit record is
/// durable; a participant when COMMIT reaches it. Presumed commit forces `collecting` first.
#[test]
fn commit_times_are_those_of_the_model() {
    let mut draw = Stream::new(Seed(1), Purpose::Topology);
    for round in 0..200 {
        let star = Star::drawn(&mut draw, 1 + round % 16);
        let runs = play(&scenario(&star.text("{}")));
        for (run, first_force) in runs.iter().zip([0, 0, star.force]) {
            let votes = (0..star.out.len()).map(|i| star.yes_at_root(i, first_force));
            let root = votes.max().unwrap_or(0).max(star.work[0]) + star.force;
            let mut expected = vec![root];
            expected.extend(star.out.iter().map(|out| root + out));
            let tx = only(run);
            assert_eq!(decided(tx), expected);
            assert_eq!(tx.client, Some(Time(root)));
            assert_eq!(tx.decided, Some(Time(expected.iter().copied().max().unwrap_or(0))));
            for (i, node) in tx.nodes.iter().enumerate().skip(1) {
                let vote_left = star.yes_at_root(i - 1, first_force) - star.back[i - 1];
                assert_eq!(node.in_doubt.0, expected[i] - vote_left);
                assert_eq!(node.blocked.0, 0);
            }
        }
    }
}

/// Forgetting: the last acknowledgement, sent when the participant's own commit record is durable;
/// under presumed commit nobody waits for anything.
#[test]
fn forgetting_waits_for_the_last_acknowledgement() {
    let mut draw = Stream::new(Seed(2), Purpose::Topology);
    for round in 0..100 {
        let star = Star::drawn(&mut draw, 1 + round % 8);
        let runs = play(&scenario(&star.text("{}")));
        for (at, run) in runs.iter().enumerate() {
            let tx = only(run);
            let root = tx.client.unwrap_or_default().0;
            let last_ack =
                (0..star.out.len()).map(|i| root + star.out[i] + star.force + star.back[i]);
            let last_told = star.out.iter().map(|out| root + out);
            let expected = if at == 2 { last_told.max() } else { last_ack.max() };
            assert_eq!(tx.forgotten.map(|at| at.0), expected);
        }
    }
}

/// An abort: a refusing node has decided when its work ends; the root when the first NO is there
/// (and, under presumed nothing, its record durable); the others when ABORT reaches them.
#[test]
fn abort_times_are_those_of_the_model() {
    let mut draw = Stream::new(Seed(3), Purpose::Topology);
    for round in 0..200 {
        let mut star = Star::drawn(&mut draw, 2 + round % 8);
        // The last node refuses, after everybody else has voted, so that ABORT meets only YES.
        let last = star.out.len() - 1;
        star.work[last + 1] = 40_000_000;
        let votes = format!(r#"{{"no": ["n{}"]}}"#, last + 1);
        let runs = play(&scenario(&star.text(&votes)));
        let waits = [(0, star.force), (0, 0), (star.force, 0)];
        for (run, (first_force, abort_force)) in runs.iter().zip(waits) {
            let refused = first_force + star.out[last] + star.work[last + 1];
            let root = refused + star.back[last] + abort_force;
            let mut expected = vec![root];
            expected.extend(star.out[..last].iter().map(|out| root + out));
            expected.push(refused);
            assert_eq!(decided(only(run)), expected);
            assert_eq!(only(run).client, Some(Time(root)));
        }
    }
}

/// One node alone: its own vote and one force.
#[test]
fn a_transaction_of_one_node_is_a_local_commit() {
    let text =
        r#"{"format": "commitsim/1", "protocols": ["2pc", "2pc-pra", "2pc-prc"], "nodes": 1}"#;
    let runs = play(&scenario(text));
    let times: Vec<_> = runs.iter().map(|run| only(run).client).collect();
    // Presumed commit forces its list of nobody while the work goes on, which takes longer.
    assert_eq!(times, [Some(Time(600_000)); 3]);
    let costs: Vec<_> = runs.iter().map(|run| (only(run).messages, only(run).forced)).collect();
    assert_eq!(costs, [(0, 1), (0, 1), (0, 2)]);
}
