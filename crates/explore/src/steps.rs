//! Everything that can happen next.

use commitsim_core::{Lsn, Protocol, Vote};
use commitsim_host::Act;

use crate::bounds::Synchrony;
use crate::conduct::Begun;
use crate::outcome::Deed;
use crate::reader::Reader;
use crate::state::{Nodes, State};
use crate::turn::{Step, Turn};

impl<'a, P: Protocol> Reader<'a, P> {
    /// Shows every choice and what becomes of it to `meet`, always in the same order.
    pub(crate) fn each_next(
        &mut self,
        state: &State,
        mut meet: impl FnMut(&mut Reader<'a, P>, Turn, State),
    ) {
        for step in self.steps(state) {
            let mut world = state.clone();
            let (number, outcome) = self.begin_step(&mut world, step);
            if state.left.crashes > 0 {
                self.each_cut(step, &world, &(number, outcome.clone()), &mut meet);
            }
            self.carry_out(&mut world, (number, &outcome), outcome.deeds.len());
            meet(self, step.into(), world);
        }
        for step in self.troubles(state) {
            let mut world = state.clone();
            self.take(&mut world, step.into());
            meet(self, step.into(), world);
        }
    }

    /// A node can die between any two of its acts; that is noticed from outside only if a message
    /// or a decision is among those that it does not get to. In an eager search only decisions
    /// count: a message that is never sent might as well be lost, so whatever can happen to a node
    /// that dies before it sends can happen to one that dies behind it.
    fn each_cut(
        &mut self,
        step: Step,
        begun: &State,
        (number, outcome): &Begun<P>,
        meet: &mut impl FnMut(&mut Reader<'a, P>, Turn, State),
    ) {
        let (node, acts) = (outcome.node, &outcome.acts[..]);
        let noticed = |act: &Act<P>| matches!(act, Act::Send { .. } | Act::Decided { .. });
        for (done, next) in acts.iter().enumerate().skip(1) {
            if !noticed(next) || self.eager && matches!(next, Act::Send { .. }) {
                continue;
            }
            let mut part = begun.clone();
            self.carry_out(&mut part, (*number, outcome), done);
            let seen =
                acts[..done].iter().any(|act| noticed(act) || matches!(act, Act::Durable { .. }));
            let last = acts[..done].iter().rev().find_map(|act| match act {
                Act::Append { lsn, .. } => Some(*lsn),
                _ => None,
            });
            let log = self.host(begun, node).log();
            let appended = last.unwrap_or_else(|| first_of(acts, log.appended()));
            // Who has shown nothing and keeps nothing might as well have died before the step.
            let least = if seen { log.durable() } else { log.durable().next() };
            for survives in span(least, appended) {
                let mut dead = part.clone();
                self.crash(&mut dead, node, survives);
                meet(self, Turn { step, cut: Some((done as u32, survives)) }, dead);
            }
        }
    }

    /// The steps that nodes can take.
    fn steps(&mut self, state: &State) -> Vec<Step> {
        if !state.began {
            return vec![Step::Begin];
        }
        let mut steps = Vec::new();
        if let Some(down) = state.down().iter().next().filter(|_| self.eager) {
            return vec![Step::Restart(down)];
        }
        for &sent in state.flying() {
            let deliver = Step::Deliver(sent);
            if !state.up.contains(self.envelope(sent).to)
                || state.left.unreliable && self.is_idle(state, deliver)
            {
                continue;
            }
            steps.push(deliver);
            if state.left.duplicates > 0 {
                steps.push(Step::Duplicate(sent));
            }
        }
        for node in state.working.iter() {
            steps.push(Step::Vote(node, Vote::Yes));
            if state.left.refusals {
                steps.push(Step::Vote(node, Vote::No));
            }
            if state.left.readers {
                steps.push(Step::Vote(node, Vote::ReadOnly));
            }
        }
        let behind = state.up.iter().filter(|node| self.is_behind(state, *node));
        steps.extend(behind.map(Step::Sync));
        let quiet = steps.is_empty() && state.flying().is_empty();
        let awake = quiet || state.left.synchrony == Synchrony::Asynchronous;
        if awake && state.left.alarms != Some(0) {
            steps.extend(state.alarms().map(|(node, timer)| Step::Fire(node, timer)));
        }
        steps.extend(state.down().iter().map(Step::Restart));
        steps
    }

    /// Whether a message does nothing: its receiver stays as it is, and says nothing that it has
    /// not said before. Where the network is unreliable the world then stays as it is, too.
    fn is_idle(&mut self, state: &State, deliver: Step) -> bool {
        let (_, outcome) = self.outcome(state, deliver);
        let said = |deed: &Deed| matches!(deed, Deed::Send(sent) if state.flying().contains(sent));
        outcome.host == state.host(outcome.node) && outcome.deeds.iter().all(said)
    }

    /// What can go wrong, or be lost with nobody's doing.
    fn troubles(&self, state: &State) -> Vec<Step> {
        let mut troubles = Vec::new();
        if self.eager && state.began && state.down() != Nodes::NOBODY {
            return troubles;
        }
        if state.left.crashes > 0 {
            // A root that is down begins nothing, and who has not begun has nothing to lose.
            let root = self.library.root();
            for node in state.up.iter().filter(|node| state.began || *node != root) {
                let log = self.host(state, node).log();
                let kept = span(log.durable(), log.appended());
                troubles.extend(kept.map(|survives| Step::Crash(node, survives)));
            }
        }
        for &sent in state.flying() {
            if state.left.unreliable {
                break;
            } else if !state.up.contains(self.envelope(sent).to) {
                troubles.push(Step::Deliver(sent));
            } else if state.left.losses > 0 {
                troubles.push(Step::Lose(sent));
            }
        }
        if state.parted != Nodes::NOBODY {
            troubles.push(Step::Mend);
        } else if state.left.partitions > 0 {
            troubles.extend(parts(state.nodes).map(Step::Part));
        }
        troubles
    }
}

/// Every way in which the network can fall into two parts: the one without node 0.
fn parts(nodes: u16) -> impl Iterator<Item = Nodes> {
    (1u16..1 << (nodes - 1)).map(|bits| Nodes(bits << 1))
}

fn span(from: Lsn, to: Lsn) -> impl Iterator<Item = Lsn> {
    (from.0..=to.0).map(Lsn)
}

/// What was appended before the first of these acts, if `appended` is what is after the last.
fn first_of<P: Protocol>(acts: &[Act<P>], appended: Lsn) -> Lsn {
    let new = acts.iter().filter(|act| matches!(act, Act::Append { .. })).count();
    Lsn(appended.0 - new as u64)
}
