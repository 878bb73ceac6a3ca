//! Steps that may be taken at once under an unreliable network, without losing anything.
//!
//! There, what was sent may arrive at any time, any number of times, or never. So of two worlds
//! that differ in what was sent alone, the one with more messages can do whatever the other can.
//!
//! - A step that changes nothing but what was sent leads to a world that can do whatever the one
//!   before it can. It is taken at once, and the world before it is not looked at. What the oracle
//!   objects to in such a step is seen, because the step is taken.
//! - A node that is down can do nothing, and neither can one that is up while nothing happens to
//!   it. What its restart says and decides follows from its log alone, which does not change while
//!   it is down. Agreement does not ask who decided first, and what must precede a commit or a
//!   message is missing the more, the earlier it happens. So a node that is down restarts before
//!   anything else happens; it may die again in the middle of that.
//!
//! Both make ways longer than they need be. A search that finds something looks again without.

use commitsim_core::{NodeId, Protocol};
use commitsim_host::Act;

use crate::choice::{Choice, Envelope};
use crate::world::World;

impl<P: Protocol> World<P> {
    /// Takes all steps that change nothing but what was sent, until there are none, and returns
    /// them. `choice` is what led here from a world in which there were none and in which `known`
    /// was under way: only what happens to its node, or is new, has to be looked at.
    pub(crate) fn hurry(
        &mut self,
        choice: &Choice<P>,
        known: &[Envelope<P::Message>],
    ) -> Vec<Choice<P>> {
        let mut taken = Vec::new();
        if !self.eager {
            return taken;
        }
        let node = self.whose(choice);
        let is_news = |envelope: &&Envelope<P::Message>| {
            envelope.to == node || known.binary_search(envelope).is_err()
        };
        let news = self.flying.iter().filter(is_news).cloned().map(Choice::Deliver);
        let mine = self.armed.iter().filter(|(of, _)| *of == node);
        let mut open: Vec<Choice<P>> =
            news.chain(mine.map(|(node, timer)| Choice::Fire(*node, *timer))).collect();
        while let Some(step) = open.pop() {
            if let Some(new) = self.only_says(&step) {
                open.extend(new.into_iter().map(Choice::Deliver));
                taken.push(step);
            }
        }
        taken
    }

    /// Takes a step if it only says something new, and returns what.
    fn only_says(&mut self, step: &Choice<P>) -> Option<Vec<Envelope<P::Message>>> {
        if matches!(step, Choice::Deliver(envelope) if !self.up.contains(envelope.to)) {
            return None;
        }
        let (node, host, acts) = self.react(step)?;
        let mut new = Vec::new();
        let mut sets_again = false;
        let mut harmless = |act: &Act<P>| match act {
            Act::Send { to, message, .. } => {
                new.extend(self.news(node, &host, *to, message));
                true
            }
            // The alarm that went off is set again, or one that is set anyway.
            Act::Arm { timer, .. } => {
                sets_again |= *step == Choice::Fire(node, *timer);
                self.armed.binary_search(&(node, *timer)).is_ok()
            }
            _ => false,
        };
        let all = acts.iter().all(&mut harmless);
        // Without an alarm that was not set again the world could do less.
        let keeps = sets_again || !matches!(step, Choice::Fire(..));
        if !all || !keeps || new.is_empty() || host != *self.host(node) {
            return None;
        }
        self.carry_out(node, &acts);
        Some(new)
    }

    /// To whom a choice happens.
    fn whose(&self, choice: &Choice<P>) -> NodeId {
        match choice {
            Choice::Deliver(envelope) | Choice::Duplicate(envelope) | Choice::Lose(envelope) => {
                envelope.to
            }
            Choice::Vote(node, _)
            | Choice::Sync(node)
            | Choice::Fire(node, _)
            | Choice::Crash(node, _)
            | Choice::Restart(node) => *node,
            Choice::Amid(step, ..) => self.whose(step),
            Choice::Begin | Choice::Part(_) | Choice::Mend | Choice::Silence => self.root(),
        }
    }
}
