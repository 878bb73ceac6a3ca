//! Luck that was drawn, said: what a weather did to messages as exceptions for the few that
//! matter, and what was left of logs.

use std::collections::BTreeMap;

use commitsim_core::{Lsn, NodeId, Span, Time};
use commitsim_rng::Ratio;
use commitsim_sim::{Action, Fault, Passage, Setup, Tail, Watch};
use commitsim_spec::{Observation, What};

use crate::family::Kind;
use crate::shrink::Shrinker;

/// What was seen of messages and crashes.
#[derive(Default)]
struct Clerk {
    /// Each message: sender, receiver, its number on their link, when it left, and how long each
    /// copy of it took.
    messages: Vec<(NodeId, NodeId, u64, Time, Vec<Span>)>,
    /// The message that a number stands for.
    places: BTreeMap<u64, usize>,
    sent: BTreeMap<(NodeId, NodeId), u64>,
    /// How much of a log was left, crash by crash.
    kept: Vec<(NodeId, Lsn)>,
}

impl Watch for Clerk {
    fn observe(&mut self, seen: &Observation) {
        match seen.what {
            What::Send { to, id, .. } if to != seen.node => {
                let nth = self.sent.entry((seen.node, to)).or_default();
                *nth += 1;
                self.places.insert(id, self.messages.len());
                self.messages.push((seen.node, to, *nth, seen.at, Vec::new()));
            }
            What::Duplicate { id, copy, .. } => {
                if let Some(place) = self.places.get(&id).copied() {
                    self.places.insert(copy, place);
                }
            }
            What::Deliver { id, .. } => {
                if let Some(place) = self.places.get(&id) {
                    let (_, _, _, left, delays) = &mut self.messages[*place];
                    delays.push(seen.at - *left);
                }
            }
            What::Crash { kept, .. } => self.kept.push((seen.node, kept)),
            _ => {}
        }
    }
}

impl Shrinker<'_> {
    /// Says what was drawn, where that makes it no longer.
    pub(crate) fn explicit(&mut self) {
        if self.is_over() {
            return;
        }
        let mut clerk = Clerk::default();
        let case = self.best.case.clone();
        case.run(self.runnable, Some(&mut clerk));
        self.best.runs += 1;
        for (place, fault) in case.setup.faults.iter().enumerate() {
            let Action::Crash { node, restart_after, tail: Tail::Drawn } = fault.action else {
                continue;
            };
            let of_node = clerk.kept.iter().filter(|(of, _)| *of == node);
            for tail in [Tail::Lost].into_iter().chain(of_node.map(|(_, kept)| Tail::Kept(*kept))) {
                let action = Action::Crash { node, restart_after, tail };
                if self.with(|setup| setup.faults[place].action = action) {
                    break;
                }
            }
        }
        if is_drawn(&self.best.case.setup) {
            self.say_messages(&clerk);
        }
    }

    /// Exceptions for single messages in the place of weathers, if they are not many more.
    fn say_messages(&mut self, clerk: &Clerk) {
        let before = self.best.clone();
        let usual = Span(before.case.setup.network.usual.latency.mean());
        let said = |(from, to, nth, _, delays): &(NodeId, NodeId, u64, Time, Vec<Span>)| Passage {
            from: *from,
            to: *to,
            nth: *nth,
            delays: delays.clone(),
        };
        let messages: Vec<Passage> =
            clerk.messages.iter().map(said).filter(|one| one.delays != [usual]).collect();
        let taken = self.with(|setup| {
            setup.faults.retain(|fault| !is_of_messages(fault));
            let network = &mut setup.network;
            (network.usual.loss, network.usual.duplicate) = (Ratio::ZERO, Ratio::ZERO);
            network.usual.latency = commitsim_rng::Shape::fixed(usual.0);
            network.links.clear();
            setup.luck.messages = messages;
        });
        if !taken {
            return;
        }
        self.less_luck();
        let runs = self.best.runs;
        // A message that a cut link lost is no reason to call the network lossy.
        let known = Kind::all(&before.case.setup);
        let new = Kind::all(&self.best.case.setup).iter().any(|kind| !known.contains(kind));
        if new || self.best.case.size() > before.case.size() {
            self.best = crate::shrink::Shrunk { runs, ..before };
        }
    }
}

/// Whether it is drawn what becomes of messages.
fn is_drawn(setup: &Setup) -> bool {
    let usual = &setup.network.usual;
    let (least, most) = usual.latency.bounds();
    let drawn = least != most || !usual.loss.is_zero() || !usual.duplicate.is_zero();
    drawn || setup.faults.iter().any(is_of_messages)
}

fn is_of_messages(fault: &Fault) -> bool {
    matches!(fault.action, Action::Loss { .. } | Action::Latency { .. })
}
