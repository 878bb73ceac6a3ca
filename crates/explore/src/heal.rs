//! What comes of a world when nothing goes wrong any more.

use commitsim_core::{Protocol, Vote};
use commitsim_spec::Violation;

use crate::bounds::{Bounds, Synchrony};
use crate::reader::{Reader, judge};
use crate::state::{Nodes, State};
use crate::turn::{Step, Turn};

/// In how many rounds of alarms a healed world must come to rest. Waits that grow take a round
/// each time, so this is more than any protocol needs to try everything twice.
const ROUNDS: u32 = 40;

/// How much may happen between two alarms before it counts as going on for ever: far more than the
/// messages of any protocol among sixteen nodes.
const STEPS: u32 = 5_000;

/// What is wrong with a world that does not recover.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ill {
    /// Nobody does anything any more, and the oracle objects.
    Stuck(Vec<Violation>),
    /// It goes on for ever.
    Restless,
}

/// How a world does not recover.
pub(crate) struct Relapse {
    /// Whether everything under way has to be lost first.
    pub(crate) silenced: bool,
    pub(crate) ill: Ill,
}

/// What is still to come while a world heals: nothing goes wrong any more.
const HEALED: Bounds = Bounds { synchrony: Synchrony::MessagesFirst, ..Bounds::NONE };

impl<P: Protocol> Reader<'_, P> {
    /// Heals the world: every node restarts, the network is whole, nothing is lost any more. Then
    /// lets things happen in one fixed fair order until nothing is left to happen, and judges.
    /// Where the network is unreliable it does so twice: all that was ever sent arrives once more,
    /// or nothing of it ever does.
    ///
    /// That every fair order leads to an end is not shown by this.
    ///
    /// `known` is told the fingerprint of the world before each round of alarms and says whether
    /// such a world is known to recover, which ends the way.
    pub(crate) fn recovers(
        &mut self,
        state: &State,
        mut known: impl FnMut(u128) -> bool,
    ) -> Result<(), Relapse> {
        let relapse = |silenced| move |ill| Relapse { silenced, ill };
        let healed = State { left: HEALED, parted: Nodes::NOBODY, ..state.clone() };
        if state.left.unreliable && !state.flying().is_empty() {
            let mut silent = healed.clone();
            self.take(&mut silent, Step::Silence.into());
            self.comes_to_rest(silent, &mut known).map_err(relapse(true))?;
        }
        self.comes_to_rest(healed, &mut known).map_err(relapse(false))
    }

    /// Goes on until nothing is left to happen.
    fn comes_to_rest(
        &mut self,
        state: State,
        known: &mut impl FnMut(u128) -> bool,
    ) -> Result<(), Ill> {
        let mut state = state;
        let mut way: Vec<u128> = Vec::new();
        for _ in 0..ROUNDS {
            if !self.drain(&mut state, &mut |_| {}) {
                return Err(Ill::Restless);
            }
            let digest = self.digest(&state);
            if way.contains(&digest) {
                // It goes round in circles.
                return self.judged(&state).and(Err(Ill::Restless));
            }
            if known(digest) {
                return Ok(());
            }
            way.push(digest);
            if state.alarms().next().is_none() {
                return self.judged(&state);
            }
            self.go_round(&mut state, &mut |_| {});
        }
        Err(Ill::Restless)
    }

    /// What happens while the world heals as [`Reader::recovers`] lets it, until nothing is left
    /// to happen or it goes round in circles. Its end shows what is wrong with a world that does
    /// not recover.
    pub(crate) fn healing(&mut self, state: &State) -> Vec<Turn> {
        let (mut state, mut turns) = (state.clone(), Vec::new());
        let mut note = |step: Step| turns.push(step.into());
        if state.parted != Nodes::NOBODY {
            note(Step::Mend);
            self.take(&mut state, Step::Mend.into());
        }
        state.left = HEALED;
        let mut met: Vec<u128> = Vec::new();
        for _ in 0..ROUNDS {
            let rests = self.drain(&mut state, &mut note);
            let digest = self.digest(&state);
            if !rests || met.contains(&digest) || state.alarms().next().is_none() {
                break;
            }
            met.push(digest);
            self.go_round(&mut state, &mut note);
        }
        turns
    }

    /// Each alarm that is set goes off, unless one before it has stopped it, and all that goes
    /// without alarms happens in between.
    fn go_round(&mut self, state: &mut State, note: &mut impl FnMut(Step)) {
        for (node, timer) in state.alarms() {
            if state.is_armed(node, timer) {
                note(Step::Fire(node, timer));
                self.take(state, Step::Fire(node, timer).into());
                self.drain(state, note);
            }
        }
    }

    /// All that goes without alarms happens: restarts first, then messages, votes and disks. Says
    /// whether that has an end.
    fn drain(&mut self, state: &mut State, note: &mut impl FnMut(Step)) -> bool {
        for _ in 0..STEPS {
            let Some(step) = self.next_without_alarm(state) else { return true };
            note(step);
            self.take(state, step.into());
        }
        false
    }

    fn next_without_alarm(&self, state: &State) -> Option<Step> {
        if let Some(down) = state.down().iter().next() {
            return Some(Step::Restart(down));
        }
        if let Some(sent) = state.flying().first() {
            return Some(Step::Deliver(*sent));
        }
        if let Some(node) = state.working.iter().next() {
            return Some(Step::Vote(node, Vote::Yes));
        }
        if let Some(node) = state.up.iter().find(|node| self.is_behind(state, *node)) {
            return Some(Step::Sync(node));
        }
        (!state.began).then_some(Step::Begin)
    }

    fn judged(&mut self, state: &State) -> Result<(), Ill> {
        if self.is_well(state) {
            return Ok(());
        }
        let mut spec = self.spec(state).clone();
        judge(&mut spec);
        Err(Ill::Stuck(spec.violations().to_vec()))
    }
}
