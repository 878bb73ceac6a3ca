//! What comes of a world when nothing goes wrong any more.

use commitsim_core::{NodeId, Protocol, Vote};
use commitsim_spec::Violation;

use crate::bounds::{Bounds, Synchrony};
use crate::choice::Choice;
use crate::world::World;

/// In how many rounds of alarms a healed world must come to rest. Waits that grow take a round
/// each time, so this is more than any protocol needs to try everything twice.
const ROUNDS: u32 = 40;

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

impl<P: Protocol> World<P> {
    /// Heals the world: every node restarts, the network is whole, nothing is lost any more. Then
    /// lets things happen in one fixed fair order until nothing is left to happen, and judges.
    /// Where the network is unreliable it does so twice: all that was ever sent arrives once more,
    /// or nothing of it ever does.
    ///
    /// That every fair order leads to an end is not shown by this.
    ///
    /// `known` is told the fingerprint of the world before each round of alarms and says whether
    /// such a world is known to recover, which ends the way.
    pub(crate) fn recovers(&self, mut known: impl FnMut(u128) -> bool) -> Result<(), Relapse> {
        let relapse = |silenced| move |ill| Relapse { silenced, ill };
        let mut healed = self.clone();
        healed.left = Bounds { synchrony: Synchrony::MessagesFirst, ..Bounds::NONE };
        healed.parted = None;
        if self.left.unreliable && !self.flying.is_empty() {
            let mut silent = healed.clone();
            silent.flying.clear();
            silent.comes_to_rest(&mut known).map_err(relapse(true))?;
        }
        healed.comes_to_rest(&mut known).map_err(relapse(false))
    }

    /// Goes on until nothing is left to happen.
    fn comes_to_rest(self, known: &mut impl FnMut(u128) -> bool) -> Result<(), Ill> {
        let mut world = self;
        let mut way: Vec<u128> = Vec::new();
        for _ in 0..ROUNDS {
            world = world.drained();
            let digest = world.digest();
            if way.contains(&digest) {
                // It goes round in circles.
                return world.judged().and(Err(Ill::Restless));
            }
            if known(digest) {
                return Ok(());
            }
            way.push(digest);
            if world.armed.is_empty() {
                return world.judged();
            }
            for (node, timer) in world.armed.clone() {
                if world.armed.contains(&(node, timer)) {
                    world = world.after(&Choice::Fire(node, timer)).drained();
                }
            }
        }
        Err(Ill::Restless)
    }

    /// What happens while the world heals as [`World::recovers`] lets it, until nothing is left to
    /// happen or it goes round in circles. Its end shows what is wrong with a world that does not
    /// recover.
    #[must_use]
    pub fn healing(&self) -> Vec<Choice<P>> {
        let (mut world, mut choices) = (self.clone(), Vec::new());
        let mut go = |world: &mut World<P>, choice: Choice<P>| {
            *world = world.after(&choice);
            choices.push(choice);
        };
        if world.parted.is_some() {
            go(&mut world, Choice::Mend);
        }
        world.left = Bounds { synchrony: Synchrony::MessagesFirst, ..Bounds::NONE };
        let mut met: Vec<u128> = Vec::new();
        for _ in 0..ROUNDS {
            while let Some(step) = world.next_without_alarm() {
                go(&mut world, step);
            }
            let digest = world.digest();
            if met.contains(&digest) || world.armed.is_empty() {
                break;
            }
            met.push(digest);
            for (node, timer) in world.armed.clone() {
                if world.armed.contains(&(node, timer)) {
                    go(&mut world, Choice::Fire(node, timer));
                    while let Some(step) = world.next_without_alarm() {
                        go(&mut world, step);
                    }
                }
            }
        }
        choices
    }

    /// The world when all that goes without alarms has happened: restarts first, then messages,
    /// votes and disks.
    fn drained(self) -> World<P> {
        let mut world = self;
        while let Some(step) = world.next_without_alarm() {
            world = world.after(&step);
        }
        world
    }

    fn next_without_alarm(&self) -> Option<Choice<P>> {
        if let Some(down) = self.nodes().find(|node| !self.up.contains(*node)) {
            return Some(Choice::Restart(down));
        }
        if let Some(envelope) = self.flying.first() {
            return Some(Choice::Deliver(envelope.clone()));
        }
        if let Some(node) = self.working.iter().next() {
            return Some(Choice::Vote(node, Vote::Yes));
        }
        let behind = |node: &NodeId| self.is_behind(*node);
        if let Some(node) = self.up.iter().find(behind) {
            return Some(Choice::Sync(node));
        }
        (!self.began).then_some(Choice::Begin)
    }

    fn judged(mut self) -> Result<(), Ill> {
        self.judge();
        let violations = self.violations().to_vec();
        if violations.is_empty() { Ok(()) } else { Err(Ill::Stuck(violations)) }
    }
}
