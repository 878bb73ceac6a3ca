//! What a step makes of a world.

use std::sync::Arc;

use commitsim_core::{Lsn, NodeId, Protocol};

use crate::outcome::{Deed, Outcome};
use crate::reader::Reader;
use crate::state::{Nodes, State};
use crate::turn::{Step, Turn};

/// What comes of a step, with its number.
pub(crate) type Begun<P> = (u32, Arc<Outcome<P>>);

impl<P: Protocol> Reader<'_, P> {
    /// What becomes of the world.
    pub(crate) fn take(&mut self, state: &mut State, turn: Turn) {
        if let Some((acts, survives)) = turn.cut {
            let (number, outcome) = self.begin_step(state, turn.step);
            self.carry_out(state, (number, &outcome), acts as usize);
            return self.crash(state, outcome.node, survives);
        }
        match turn.step {
            Step::Crash(node, survives) => self.crash(state, node, survives),
            Step::Lose(sent) => {
                state.left.losses -= 1;
                self.take_out(state, sent);
                self.hear_of_loss(state, sent);
            }
            Step::Deliver(sent) if !state.up.contains(self.envelope(sent).to) => {
                self.take_out(state, sent);
                self.hear_of_loss(state, sent);
            }
            Step::Part(part) => self.part(state, part),
            Step::Mend => state.parted = Nodes::NOBODY,
            Step::Silence => state.numbers.truncate(usize::from(state.nodes)),
            step => {
                let (number, outcome) = self.begin_step(state, step);
                self.carry_out(state, (number, &outcome), outcome.deeds.len());
            }
        }
    }

    /// Lets something happen to a node; its acts are still to be carried out.
    pub(crate) fn begin_step(&mut self, state: &mut State, step: Step) -> Begun<P> {
        let (number, outcome) = self.outcome(state, step);
        match step {
            Step::Begin => state.began = true,
            Step::Deliver(sent) => self.take_out(state, sent),
            Step::Duplicate(_) => state.left.duplicates -= 1,
            Step::Vote(node, _) => state.working.remove(node),
            Step::Fire(node, timer) => {
                state.disarm(node, timer);
                state.left.alarms = state.left.alarms.map(|left| left - 1);
            }
            Step::Restart(node) => state.up.insert(node),
            _ => {}
        }
        state.set_host(outcome.node, outcome.host);
        (number, outcome)
    }

    /// Carries out the first so many acts.
    pub(crate) fn carry_out(
        &mut self,
        state: &mut State,
        (number, outcome): (u32, &Outcome<P>),
        acts: usize,
    ) {
        let node = outcome.node;
        for deed in &outcome.deeds[..acts] {
            match *deed {
                Deed::Send(sent) if self.is_between_parts(state.parted, sent) => {}
                Deed::Send(sent) => self.put_in(state, sent),
                Deed::Arm(timer) => state.arm(node, timer),
                Deed::Disarm(timer) => state.disarm(node, timer),
                Deed::AskVote => state.working.insert(node),
                Deed::Forget => state.stop(node),
                Deed::Tell => {}
            }
        }
        self.hear(state, (number, outcome), acts);
    }

    /// A node dies, and so much of its log is left.
    pub(crate) fn crash(&mut self, state: &mut State, node: NodeId, survives: Lsn) {
        state.left.crashes -= 1;
        let (number, outcome) = self.outcome(state, Step::Crash(node, survives));
        state.set_host(node, outcome.host);
        self.hear(state, (number, &outcome), 0);
        state.up.remove(node);
        state.stop(node);
    }

    fn part(&mut self, state: &mut State, part: Nodes) {
        state.left.partitions -= 1;
        state.parted = part;
        let between = |sent: &u32| self.is_between_parts(part, *sent);
        let lost: Vec<u32> = state.flying().iter().copied().filter(between).collect();
        for sent in lost {
            self.remove(state, sent);
            self.hear_of_loss(state, sent);
        }
    }

    fn put_in(&self, state: &mut State, sent: u32) {
        if state.flying().contains(&sent) {
            return;
        }
        let envelope = self.envelope(sent);
        let place = state.flying().partition_point(|other| self.envelope(*other) < envelope);
        state.numbers.insert(usize::from(state.nodes) + place, sent);
    }

    /// Takes a message out, unless it may arrive again.
    fn take_out(&self, state: &mut State, sent: u32) {
        if !state.left.unreliable {
            self.remove(state, sent);
        }
    }

    fn remove(&self, state: &mut State, sent: u32) {
        if let Some(place) = state.flying().iter().position(|other| *other == sent) {
            state.numbers.remove(usize::from(state.nodes) + place);
        }
    }
}
