//! Why the oracle remembers decisions of nodes that no longer do (protocols.md 0.3, point 8).
//!
//! Row 32 of reliability.md 9 is a mistake of the oracle itself: it compares only those who are
//! up and remember. This test has such an oracle beside ours, and a run that it lets pass.

use crate::bench::{broken, run, scenario_for};
use commitsim_core::{Decision, NodeId, Why};
use commitsim_mutants::find;
use commitsim_sim::{Stand, Watch};
use commitsim_spec::{Observation, Property, What};

/// An oracle that compares the decisions of those alone who are alive, as
/// they remember them. What a node promised and lost in a crash is nothing to it.
#[derive(Default)]
pub(crate) struct LivingOnly {
    decided: Vec<(NodeId, Decision)>,
    pub(crate) objected: bool,
}

impl Watch for LivingOnly {
    fn observe(&mut self, seen: &Observation) {
        match seen.what {
            What::Crash { .. } => self.decided.retain(|(node, _)| *node != seen.node),
            What::Decide { decision, why: Why::Protocol, .. } => {
                self.objected |= self.decided.iter().any(|(_, other)| *other != decision);
                self.decided.push((seen.node, decision));
            }
            _ => {}
        }
    }
}

/// The root commits from memory, tells its client, and dies before anybody else hears of it. What
/// comes back knows nothing, and answers ABORT to everybody: all who live agree.
#[test]
fn a_decision_that_nobody_remembers_counts() {
    let mutant = find("lazy-commit").expect("it is in the table");
    let scenario = scenario_for(
        mutant,
        r#""faults": [{"when": {"decided": {"by": "n0"}},
            "crash": {"node": "n0", "restart_after": "100ms", "lose_tail": true}}]"#,
    );
    let mut naive = LivingOnly::default();
    let record = run(mutant, &scenario, 0, Some(&mut naive));
    assert!(!naive.objected, "this schedule shows nothing: the living do not agree");
    assert!(record.transactions[0].client.is_some(), "a client was told COMMIT");
    let nodes = &record.transactions[0].nodes;
    assert!(nodes[1..].iter().all(|node| node.state == Stand::Decided(Decision::Abort)));
    // Not even the write-ahead rule notices, as no COMMIT was sent.
    assert_eq!(broken(&record), [Property::Ac1]);
}

/// The comparison is not a straw man: it does see a split among the living.
#[test]
fn a_split_among_the_living_is_seen_by_both() {
    let mutant = find("impatient").expect("it is in the table");
    let scenario = scenario_for(
        mutant,
        r#""faults": [{"at": "0", "delay": {"message": "Commit", "to": "n1", "by": "3s"}}]"#,
    );
    let mut naive = LivingOnly::default();
    let record = run(mutant, &scenario, 0, Some(&mut naive));
    assert!(naive.objected);
    assert_eq!(broken(&record), [Property::Ac1]);
}
