//! Swarm testing: each seed draws its own families of faults and its own scales, because some
//! faults hide others (reliability.md 6.3).

use commitsim_catalog::{Job, Options, Runnable};
use commitsim_core::{About, NodeId, NodeSet, Patience, Span, Time};
use commitsim_rng::{Bits, Purpose, Ratio, Seed, Stream};
use commitsim_sim::{Action, Fault, Keep, Manner, QueueKind, Setup, Trigger};

use crate::draws::Draws;
use crate::family::Family;

/// A run that loses its way is given up after so many events, or after so many times as many as
/// an undisturbed one takes.
const EVENTS: u64 = 200_000;
const MORE_EVENTS: u64 = 50;

/// The system that is hunted through, and what may be done to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Swarm {
    about: &'static About,
    setup: Setup,
    patience: Patience,
    families: Vec<Family>,
    /// How many nodes and helpers there are.
    nodes: u16,
    /// How long an undisturbed run takes.
    calm: Span,
}

impl Swarm {
    /// The swarm over `setup`, whose storm gives way to what is drawn here. Its faults stay.
    /// `families` are those that may be drawn.
    #[must_use]
    pub fn new(
        runnable: &dyn Runnable,
        options: &Options,
        setup: &Setup,
        patience: Patience,
        families: Vec<Family>,
    ) -> Swarm {
        let calm = Setup { storm: None, faults: Vec::new(), ..setup.clone() };
        let manner = Manner { queue: QueueKind::Lazy, keep: Keep::Transactions };
        let job = Job { setup: &calm, patience, options, seed: Seed(0), manner };
        let record = runnable.simulate(&job, None);
        // What comes after the last decision is only waiting.
        let ends = record.transactions.iter().filter_map(|tx| tx.forgotten.or(tx.decided)).max();
        let ended = ends.unwrap_or(record.ended) - Time::ZERO;
        let events = record.totals.events.saturating_mul(MORE_EVENTS).max(EVENTS);
        let setup =
            Setup { storm: None, event_limit: setup.event_limit.min(events), ..setup.clone() };
        let nodes = setup.nodes + runnable.promise(options).formation.helpers;
        let calm = Span(ended.0.max(1_000));
        Swarm { about: runnable.about(), setup, patience, families, nodes, calm }
    }

    /// The system of `seed`: a storm, its healing, and time to settle. Nothing in it depends on a
    /// seed but what the system itself draws.
    #[must_use]
    pub fn draw(&self, seed: Seed) -> Setup {
        let mut stream = Stream::new(seed, Purpose::Swarm);
        let families = self.subset(&mut stream);
        let until = self.until(&mut stream);
        let mut setup = self.setup.clone();
        let mut plan = Stream::new(seed, Purpose::FaultPlan);
        let mut draws = Draws::new(&mut plan, self.about, self.nodes, until);
        draws.waits = [self.calm, self.patience.votes, self.patience.acks];
        draws.moments = 2 + 2 * setup.workload.transactions.min(8);
        for family in &families {
            draws.add(*family, &mut setup);
        }
        let number = setup.faults.len();
        let heal = Action::Heal { last: true };
        setup.faults.push(Fault { trigger: Trigger::At(until), action: heal });
        if families.contains(&Family::Permanent) {
            self.bury(&mut stream, until, &mut setup.faults);
        }
        for (fault, luck) in setup.faults[..number].iter_mut().zip(1..) {
            if let Action::Loss { luck: own @ None, .. } = &mut fault.action {
                *own = Some(luck);
            }
        }
        setup.horizon = until + self.settling();
        setup
    }

    /// Some families, few or many.
    fn subset(&self, draw: &mut Stream) -> Vec<Family> {
        let share = Ratio::new(1, *draw.choose(&[2, 4, 8]).unwrap_or(&4)).unwrap_or(Ratio::ONE);
        let mut some: Vec<Family> =
            self.families.iter().copied().filter(|_| draw.happens(share)).collect();
        if some.is_empty() {
            some.extend(draw.choose(&self.families).copied());
        }
        some
    }

    /// When the storm ends: from what an undisturbed run takes to many times that, or some rounds
    /// of patience.
    fn until(&self, draw: &mut Stream) -> Time {
        let longer = 1 << draw.within(0..=4);
        let rounds = self.patience.votes.0.saturating_mul(draw.within(0..=4));
        let until = self.calm.0.saturating_mul(longer).saturating_add(rounds);
        let most = self.setup.horizon.0.saturating_mul(4).max(1);
        Time(until.min(most))
    }

    /// Long enough for every repeat at its longest wait, many times over.
    fn settling(&self) -> Span {
        let Patience { votes, decision, acks, max, .. } = self.patience;
        let longest = votes.max(decision).max(acks).max(max);
        let horizon = self.setup.horizon - Time::ZERO;
        horizon.max(Span(longest.0.saturating_mul(40)))
    }

    /// Nodes outside of the core that is left die when all is healed, and stay dead.
    fn bury(&self, draw: &mut Stream, at: Time, faults: &mut Vec<Fault>) {
        let half = Ratio::new(1, 2).unwrap_or(Ratio::ONE);
        let all = (0..self.nodes).map(NodeId);
        let mut dead: NodeSet = all.filter(|_| draw.happens(half)).collect();
        let spared = NodeId(draw.within(0..=u64::from(self.nodes) - 1) as u16);
        dead.remove(spared);
        for node in dead.iter() {
            let tail = commitsim_sim::Tail::Drawn;
            let action = Action::Crash { node, restart_after: None, tail };
            faults.push(Fault { trigger: Trigger::At(at), action });
        }
    }
}
