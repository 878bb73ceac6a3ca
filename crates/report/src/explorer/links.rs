//! What of a run came before what: the order of each node, and messages (Lamport 1978).

use std::collections::BTreeMap;

use crate::{Observation, What};

/// The messages of a run by number, a list for each of their properties.
#[derive(Debug, Default, serde::Serialize)]
pub(super) struct Messages {
    /// The number in the trace.
    pub(super) id: Vec<u64>,
    /// The name, a number of [`Words`](super::words::Words).
    pub(super) name: Vec<u32>,
    /// The nodes at both ends.
    pub(super) from: Vec<u32>,
    pub(super) to: Vec<u32>,
    /// The observations in which it leaves, and arrives or is lost, where the excerpt has them.
    pub(super) sent: Vec<Option<u32>>,
    pub(super) ended: Vec<Option<u32>>,
    /// Whether it is a second copy that the network made; it left when the first did.
    pub(super) copy: Vec<bool>,
    #[serde(skip)]
    numbers: BTreeMap<u64, u32>,
}

/// A message as an observation speaks of it.
struct Spoken {
    id: u64,
    name: u32,
    from: u32,
    to: u32,
}

impl Messages {
    fn number(&mut self, spoken: &Spoken, sent: Option<u32>, copy: bool) -> u32 {
        if let Some(number) = self.numbers.get(&spoken.id) {
            return *number;
        }
        let number = u32::try_from(self.id.len()).expect("there is a limit on messages");
        self.numbers.insert(spoken.id, number);
        self.id.push(spoken.id);
        self.name.push(spoken.name);
        self.from.push(spoken.from);
        self.to.push(spoken.to);
        self.sent.push(sent);
        self.ended.push(None);
        self.copy.push(copy);
        number
    }

    /// Takes in an observation, which is the `at`-th. What comes back is its message, and the
    /// observation at another place that it is an effect of.
    pub(super) fn see(
        &mut self,
        at: u32,
        seen: &Observation,
        node: &dyn Fn(&str) -> u32,
        name: &mut dyn FnMut(&str) -> u32,
    ) -> (Option<u32>, Option<u32>) {
        let here = node(&seen.node);
        match &seen.what {
            What::Send { id, message, to, .. } => {
                let spoken = Spoken { id: *id, name: name(message), from: here, to: node(to) };
                (Some(self.number(&spoken, Some(at), false)), None)
            }
            What::Duplicate { id, copy, message, from, .. } => {
                let name = name(message);
                let first = Spoken { id: *id, name, from: node(from), to: here };
                let first = self.number(&first, None, false);
                let sent = self.sent[first as usize];
                let second = Spoken { id: *copy, name, from: node(from), to: here };
                (Some(self.number(&second, sent, true)), sent)
            }
            What::Deliver { id, message, from, .. } | What::Lose { id, message, from, .. } => {
                let spoken = Spoken { id: *id, name: name(message), from: node(from), to: here };
                let number = self.number(&spoken, None, false);
                self.ended[number as usize] = Some(at);
                (Some(number), self.sent[number as usize])
            }
            _ => (None, None),
        }
    }
}

/// Whether an observation is one of its node's own. What the network and the scenario do is
/// written down beside a node that learns nothing of it.
pub(super) fn is_own(what: &What) -> bool {
    match what {
        What::Lose { .. }
        | What::Duplicate { .. }
        | What::Strike { .. }
        | What::Ease { .. }
        | What::Heal => false,
        What::Begin
        | What::Send { .. }
        | What::Deliver { .. }
        | What::Append { .. }
        | What::Force { .. }
        | What::Durable { .. }
        | What::Work
        | What::Vote { .. }
        | What::Enter { .. }
        | What::Decide { .. }
        | What::Forget
        | What::Arm { .. }
        | What::Disarm { .. }
        | What::Fire { .. }
        | What::Crash { .. }
        | What::Restart
        | What::Lock { .. }
        | What::Wait { .. }
        | What::Borrow { .. }
        | What::Unlock
        | What::Change { .. } => true,
    }
}
