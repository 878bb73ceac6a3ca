//! What the data should be: the committed history, kept apart from those who manage the data.

use commitsim_core::{NodeId, Time, TxId};
use commitsim_data::Manager;
use commitsim_spec::{Objection, Property, Violation};

use crate::keys::Keys;
use crate::programs::Step;

/// An auditor: hears what commits where, and compares the data with it. The first difference is
/// all it reports, since others follow from it.
pub(crate) struct Books {
    keys: Keys,
    /// By node and item: what it began with and what was committed to it.
    values: Vec<Vec<i64>>,
    /// What was committed, all items together; zero where every commit was one at all its nodes.
    pub surplus: i64,
    /// Who committed last.
    last: TxId,
    /// Whether there was a commit without a vote, which makes the data anybody's guess.
    spoiled: bool,
    pub violation: Option<Violation>,
}

impl Books {
    pub(crate) fn new(keys: &Keys, nodes: u16) -> Books {
        let node = vec![keys.first_value(); keys.items() as usize];
        Books {
            keys: keys.clone(),
            values: vec![node; usize::from(nodes)],
            surplus: 0,
            last: TxId(0),
            spoiled: false,
            violation: None,
        }
    }

    /// The steps of `tx` at `node` are committed there.
    pub(crate) fn commit(&mut self, tx: TxId, node: NodeId, steps: &[Step], agreed: bool) {
        self.last = tx;
        self.spoiled |= !agreed;
        for step in steps {
            let change = step.change.unwrap_or(0);
            self.values[usize::from(node.0)][step.item as usize] += change;
            self.surplus += change;
        }
    }

    /// Compares every item of a node of which the outcome is known.
    pub(crate) fn audit(&mut self, at: Time, node: NodeId, manager: &Manager) {
        if self.spoiled || self.violation.is_some() {
            return;
        }
        let (least, most) = self.keys.bounds();
        // A helper has none.
        let Some(wanted) = self.values.get(usize::from(node.0)) else { return };
        let found = manager.settled_values();
        for (item, (found, wanted)) in (0..).zip(found.into_iter().zip(wanted)) {
            let Some(found) = found else { continue };
            let objection = if found != *wanted {
                Objection::DataDiffers { by: node, item, found, wanted: *wanted }
            } else if !(least..=most).contains(&found) {
                Objection::OutOfBounds { by: node, item, found }
            } else {
                continue;
            };
            self.object(at, vec![node], objection);
            return;
        }
    }

    /// At a quiet moment: what all items are worth together must not have changed, unless the
    /// nodes were not of one mind, of which somebody else speaks.
    pub(crate) fn balance(&mut self, at: Time, of_one_mind: bool) {
        let lost = self.keys.conserves() && self.surplus != 0;
        if lost && of_one_mind && !self.spoiled && self.violation.is_none() {
            self.object(at, Vec::new(), Objection::NotConserved { surplus: self.surplus });
        }
    }

    /// What all items began with, together, and what they should be worth now.
    pub(crate) fn totals(&self) -> (i64, i64) {
        let opening = self.keys.first_value() * i64::from(self.keys.items());
        (opening * self.values.len() as i64, self.values.iter().flatten().sum())
    }

    fn object(&mut self, at: Time, nodes: Vec<NodeId>, objection: Objection) {
        let (property, tx) = (Property::Data, self.last);
        self.violation = Some(Violation { property, tx, at, nodes, objection });
    }
}
