//! What need not be looked at under an unreliable network.
//!
//! There, what was sent may arrive at any time, any number of times, or never. So of two worlds
//! that are alike but in what was sent, the one with more messages can do whatever the other can:
//! a message that arrives in the poorer one can arrive in the richer one, all else that can happen
//! does not ask what is under way, and what is sent then is under way in both. What comes of it is
//! again alike, and again one is richer or they are the same. So whatever the oracle objects to
//! behind the poorer world, it objects to behind the richer one.
//!
//! - A world is not looked at if a richer one was met (`Richest`).
//! - A step that changes nothing but what was sent leads to a richer world. It is taken at once,
//!   and the world before it is not looked at. What the oracle objects to in such a step is seen,
//!   because the step is taken.
//! - A node that is down can do nothing, and neither can one that is up while nothing happens to
//!   it. What its restart says and decides follows from its log alone, which does not change while
//!   it is down. Agreement does not ask who decided first, and what must precede a commit or a
//!   message is missing the more, the earlier it happens. So a node that is down restarts before
//!   anything else happens; it may die again in the middle of that.
//!
//! None of this holds where an alarm waits until nothing is under way, for there more messages
//! mean fewer alarms.
//!
//! Whether a world recovers is asked of those alone that are looked at, and of each in two ways:
//! all that was sent arrives once more, or nothing of it does. The latter asks the same of the
//! richer and the poorer.
//!
//! Ways are longer than they need be. A search that finds something looks again without.

use commitsim_core::Protocol;

use crate::bounds::{Bounds, Synchrony};
use crate::outcome::Deed;
use crate::reader::Reader;
use crate::state::State;
use crate::turn::{Step, Turn};

/// Whether all this may be done within these bounds. In a network of two parts not all that was
/// sent may arrive.
pub(crate) fn is_sound(bounds: &Bounds) -> bool {
    bounds.unreliable && bounds.partitions == 0 && bounds.synchrony == Synchrony::Asynchronous
}

impl<P: Protocol> Reader<'_, P> {
    /// Takes all steps that change nothing but what was sent, until there are none, and returns
    /// them. `turn` is what led here from a world in which there were none and in which `known`
    /// was under way: only what happens to its node, or is new, has to be looked at.
    pub(crate) fn hurry(&mut self, state: &mut State, turn: Turn, known: &[u32]) -> Vec<Step> {
        let mut taken = Vec::new();
        if !self.eager {
            return taken;
        }
        let node = self.whose(turn.step);
        let is_news = |sent: &u32| self.envelope(*sent).to == node || !known.contains(sent);
        let news = state.flying().iter().copied().filter(is_news).map(Step::Deliver);
        // Where they are counted, a world in which one has gone off can do less.
        let free = state.left.alarms.is_none();
        let mine = state.alarms().filter(|(of, _)| free && *of == node);
        let mut open: Vec<Step> =
            news.chain(mine.map(|(node, timer)| Step::Fire(node, timer))).collect();
        while let Some(step) = open.pop() {
            let many = open.len();
            if self.only_says(state, step, &mut open) {
                taken.push(step);
            } else {
                open.truncate(many);
            }
        }
        taken
    }

    /// Takes a step if it only says something new, and adds the arrival of that to `open`.
    fn only_says(&mut self, state: &mut State, step: Step, open: &mut Vec<Step>) -> bool {
        if matches!(step, Step::Deliver(sent) if !state.up.contains(self.envelope(sent).to)) {
            return false;
        }
        let (number, outcome) = self.outcome(state, step);
        if outcome.host != state.host(outcome.node) {
            return false;
        }
        let many = open.len();
        let mut sets_again = false;
        let mut harmless = |deed: &Deed| match *deed {
            Deed::Send(sent) => {
                open.extend((!state.flying().contains(&sent)).then_some(Step::Deliver(sent)));
                true
            }
            // The alarm that went off is set again, or one that is set anyway.
            Deed::Arm(timer) => {
                sets_again |= step == Step::Fire(outcome.node, timer);
                state.is_armed(outcome.node, timer)
            }
            _ => false,
        };
        // Without an alarm that was not set again the world could do less.
        let all = outcome.deeds.iter().all(&mut harmless);
        let keeps = sets_again || !matches!(step, Step::Fire(..));
        if !all || !keeps || open.len() == many {
            return false;
        }
        self.carry_out(state, (number, &outcome), outcome.deeds.len());
        true
    }
}
