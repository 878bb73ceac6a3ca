//! Crashes at every moment of a run: after every send, receipt, durable record and decision.

use std::collections::BTreeMap;

use commitsim_catalog::find;
use commitsim_core::NodeId;
use commitsim_sim::{Ending, Outcome, Stand};
use commitsim_spec::What;

use crate::stage::{Run, run_of};

/// A scenario of one protocol, into which crashes are put.
pub(crate) struct Play<'a> {
    /// The protocol, as JSON.
    pub(crate) protocol: &'a str,
    pub(crate) id: &'a str,
    /// How many nodes vote; they are called n0, n1 and so on.
    pub(crate) nodes: u16,
    /// Further keys.
    pub(crate) keys: &'a str,
    /// Faults that are there anyway, each followed by a comma.
    pub(crate) faults: &'a str,
}

/// What happened in all runs together.
#[derive(Default, Debug)]
pub(crate) struct Tally {
    pub(crate) runs: u32,
    pub(crate) commits: u32,
    pub(crate) aborts: u32,
    /// Runs in which somebody was in doubt after a question.
    pub(crate) blocked: u32,
    /// Runs that ended with somebody in doubt for good.
    pub(crate) stuck: u32,
}

impl Play<'_> {
    fn run(&self, crashes: &str) -> Run {
        let keys = format!(
            r#""nodes": {}, "patience": {{"votes": "20ms", "decision": "20ms", "acks": "20ms",
               "max": "100ms"}}, {}, "faults": [{}{}]"#,
            self.nodes,
            self.keys,
            self.faults,
            crashes.trim_end_matches(',')
        );
        run_of(self.protocol, &keys)
    }

    fn name(&self, node: NodeId) -> String {
        let helpers = find(self.id).unwrap().about().helpers;
        match node.0.checked_sub(self.nodes) {
            Some(helper) => helpers[usize::from(helper)].to_owned(),
            None => format!("n{}", node.0),
        }
    }

    /// A crash of the node at each of the moments of the run without crashes.
    fn moments(&self, restart: &str) -> Vec<String> {
        let about = find(self.id).unwrap().about();
        // A healing long after the end changes nothing, and gives the list of faults its end.
        let base = self.run(r#"{"at": "50s", "heal": {}}"#);
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        let mut crashes = Vec::new();
        for observation in &base.seen {
            let node = self.name(observation.node);
            let message = |tag: u8| about.messages[usize::from(tag)];
            let moment = match observation.what {
                What::Send { to, word, .. } => format!(
                    r#"{{"sent": {{"by": "{node}", "message": "{}", "to": "{}"}}}}"#,
                    message(word.tag),
                    self.name(to)
                ),
                What::Deliver { from, word, .. } => format!(
                    r#"{{"received": {{"by": "{node}", "message": "{}", "from": "{}"}}}}"#,
                    message(word.tag),
                    self.name(from)
                ),
                What::Durable { word, .. } => format!(
                    r#"{{"forced": {{"by": "{node}", "record": "{}"}}}}"#,
                    about.records[usize::from(word.tag)]
                ),
                What::Decide { .. } => format!(r#"{{"decided": {{"by": "{node}"}}}}"#),
                _ => continue,
            };
            let nth = seen.entry(moment.clone()).or_default();
            *nth += 1;
            crashes.push(format!(
                r#"{{"when": {moment}, "nth": {nth}, "crash": {{"node": "{node}"{restart}}}}},"#
            ));
        }
        crashes
    }

    /// One crash at every moment, and then two at every pair of moments; everybody comes back.
    pub(crate) fn all_that_heal(&self) -> Tally {
        let crashes = self.moments(r#", "restart_after": "90ms""#);
        let mut tally = Tally::default();
        for (at, one) in crashes.iter().enumerate() {
            self.judge(one, true, &mut tally);
            for other in &crashes[at + 1..] {
                self.judge(&format!("{one}{other}"), true, &mut tally);
            }
        }
        tally
    }

    /// One crash at every moment, for good.
    pub(crate) fn all_for_good(&self) -> Tally {
        let mut tally = Tally::default();
        for crash in self.moments("") {
            self.judge(&crash, false, &mut tally);
        }
        tally
    }

    fn judge(&self, crashes: &str, heals: bool, tally: &mut Tally) {
        let run = self.run(crashes);
        assert_eq!(run.record.violations, [], "{crashes}\n{}", run.text());
        assert!(!heals || run.record.ending == Ending::Settled, "{crashes}\n{}", run.text());
        let tx = &run.record.transactions[0];
        let undecided =
            |stand: &Stand| matches!(stand, Stand::InDoubt | Stand::Working | Stand::Down);
        let left = tx.nodes.iter().any(|node| undecided(&node.state));
        assert!(!heals || !left, "{crashes}\n{}", run.text());
        tally.runs += 1;
        tally.commits += u32::from(tx.outcome == Outcome::Commit);
        tally.aborts += u32::from(tx.outcome == Outcome::Abort);
        tally.blocked += u32::from(tx.nodes.iter().any(|node| node.blocked.0 > 0));
        tally.stuck += u32::from(tx.nodes.iter().any(|node| node.state == Stand::InDoubt));
    }
}
