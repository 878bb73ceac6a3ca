//! Everything that can happen next.

use commitsim_core::{Lsn, NodeId, NodeSet, Protocol, Vote};
use commitsim_host::Act;

use crate::bounds::Synchrony;
use crate::choice::Choice;
use crate::world::World;

impl<P: Protocol> World<P> {
    /// Shows every choice and what becomes of it to `meet`, always in the same order.
    pub(crate) fn each_next(&self, mut meet: impl FnMut(Choice<P>, World<P>)) {
        for step in self.steps() {
            let (world, node, acts) = self.begin_step(&step);
            if self.left.crashes > 0 {
                world.each_cut(&step, node, &acts, &mut meet);
            }
            let mut whole = world;
            whole.carry_out(node, &acts);
            meet(step, whole);
        }
        for choice in self.troubles() {
            let world = self.after(&choice);
            meet(choice, world);
        }
    }

    /// A node can die between any two of its acts; that is noticed from outside only if a message
    /// or a decision is among those that it does not get to. In an eager search only decisions
    /// count: a message that is never sent might as well be lost, so whatever can happen to a node
    /// that dies before it sends can happen to one that dies behind it.
    fn each_cut(
        &self,
        step: &Choice<P>,
        node: NodeId,
        acts: &[Act<P>],
        meet: &mut impl FnMut(Choice<P>, World<P>),
    ) {
        let noticed = |act: &Act<P>| matches!(act, Act::Send { .. } | Act::Decided { .. });
        let counts = |act: &Act<P>| match act {
            Act::Send { .. } => !self.eager,
            act => noticed(act),
        };
        for (done, next) in acts.iter().enumerate().skip(1) {
            if !counts(next) {
                continue;
            }
            let mut part = self.clone();
            part.carry_out(node, &acts[..done]);
            let seen =
                acts[..done].iter().any(|act| noticed(act) || matches!(act, Act::Durable { .. }));
            let last = acts[..done].iter().rev().find_map(|act| match act {
                Act::Append { lsn, .. } => Some(*lsn),
                _ => None,
            });
            let appended = last.unwrap_or_else(|| first_of(acts, self.host(node).log().appended()));
            let durable = self.host(node).log().durable();
            // Who has shown nothing and keeps nothing might as well have died before the step.
            let least = if seen { durable } else { durable.next() };
            for survives in span(least, appended) {
                let mut dead = part.clone();
                dead.crash(node, survives);
                meet(Choice::Amid(Box::new(step.clone()), done as u32, survives), dead);
            }
        }
    }

    /// The steps that nodes can take.
    pub(crate) fn steps(&self) -> Vec<Choice<P>> {
        if !self.began {
            return vec![Choice::Begin];
        }
        let mut steps = Vec::new();
        let mut down = self.nodes().filter(|node| !self.up.contains(*node)).map(Choice::Restart);
        if let Some(restart) = down.next().filter(|_| self.eager) {
            return vec![restart];
        }
        for envelope in self.flying.iter().filter(|envelope| self.up.contains(envelope.to)) {
            let deliver = Choice::Deliver(envelope.clone());
            if self.left.unreliable && self.is_idle(&deliver) {
                continue;
            }
            steps.push(deliver);
            if self.left.duplicates > 0 {
                steps.push(Choice::Duplicate(envelope.clone()));
            }
        }
        for node in self.working.iter() {
            steps.push(Choice::Vote(node, Vote::Yes));
            if self.left.refusals {
                steps.push(Choice::Vote(node, Vote::No));
            }
            if self.left.readers {
                steps.push(Choice::Vote(node, Vote::ReadOnly));
            }
        }
        steps.extend(self.up.iter().filter(|node| self.is_behind(*node)).map(Choice::Sync));
        let quiet = steps.is_empty() && self.flying.is_empty();
        let awake = quiet || self.left.synchrony == Synchrony::Asynchronous;
        if awake && self.left.alarms != Some(0) {
            steps.extend(self.armed.iter().map(|(node, timer)| Choice::Fire(*node, *timer)));
        }
        let down = self.nodes().filter(|node| !self.up.contains(*node));
        steps.extend(down.map(Choice::Restart));
        steps
    }

    /// What can go wrong, or be lost with nobody's doing.
    fn troubles(&self) -> Vec<Choice<P>> {
        let mut troubles = Vec::new();
        let is_down = |node| !self.up.contains(node);
        if self.eager && self.began && self.nodes().any(is_down) {
            return troubles;
        }
        if self.left.crashes > 0 {
            for node in self.up.iter() {
                let log = self.host(node).log();
                let kept = span(log.durable(), log.appended());
                troubles.extend(kept.map(|survives| Choice::Crash(node, survives)));
            }
        }
        for envelope in &self.flying {
            if self.left.unreliable {
                break;
            } else if !self.up.contains(envelope.to) {
                troubles.push(Choice::Deliver(envelope.clone()));
            } else if self.left.losses > 0 {
                troubles.push(Choice::Lose(envelope.clone()));
            }
        }
        if self.parted.is_some() {
            troubles.push(Choice::Mend);
        } else if self.left.partitions > 0 {
            troubles.extend(self.parts().map(Choice::Part));
        }
        troubles
    }

    /// Every way in which the network can fall into two parts: the one without node 0.
    fn parts(&self) -> impl Iterator<Item = NodeSet> + use<P> {
        let others = self.nodes().count() as u32 - 1;
        (1u32..1 << others).map(move |bits| {
            (0..others).filter(|n| bits >> n & 1 == 1).map(|n| NodeId(n as u16 + 1)).collect()
        })
    }
}

fn span(from: Lsn, to: Lsn) -> impl Iterator<Item = Lsn> {
    (from.0..=to.0).map(Lsn)
}

/// What was appended before the first of these acts, if `appended` is what is after the last.
fn first_of<P: Protocol>(acts: &[Act<P>], appended: Lsn) -> Lsn {
    let new = acts.iter().filter(|act| matches!(act, Act::Append { .. })).count();
    Lsn(appended.0 - new as u64)
}
