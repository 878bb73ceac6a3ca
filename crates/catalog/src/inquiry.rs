//! An exhaustive search of a protocol by name, and what it found.

use commitsim_core::{Patience, Protocol};
use commitsim_explore::{
    Bounds, Crew, Ill, Quest, Step, Timetable, Verdict, Walk, World, explore, timetable,
};
use commitsim_host::{Casts, Stage};
use commitsim_sim::{Topology, casts};
use commitsim_spec::Violation;

use crate::Options;

/// One search to be made.
#[derive(Clone, Copy, Debug)]
pub struct Inquiry<'a> {
    /// How many nodes hold data; the first is the root.
    pub nodes: u16,
    /// Who talks to whom in protocols that run on a tree.
    pub topology: &'a Topology,
    /// The protocol's options.
    pub options: &'a Options,
    /// How much may go wrong.
    pub bounds: Bounds,
    /// What is looked for.
    pub quest: &'a Quest,
}

/// What a search found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explored {
    /// How it ended.
    pub end: End,
    /// A shortest way to what was found, first step to last; empty where nothing was.
    pub way: Vec<Step>,
    /// The same for a driver that has to go that way; where it is the healing of a world that shows
    /// what is wrong, with that behind it.
    pub timetable: Timetable,
    /// How far it went.
    pub walk: Walk,
}

/// How a search ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum End {
    /// Nothing that can happen within the bounds breaks a property.
    Holds,
    /// A property is broken.
    Broken(Vec<Violation>),
    /// When nothing goes wrong any more, somebody who could decide does not.
    Stuck(Vec<Violation>),
    /// When nothing goes wrong any more, it goes on for ever.
    Restless,
    /// The search was given up; nothing was found up to there.
    Unfinished,
}

/// Searches `P` in this configuration, whose patience is best [`timeless`].
pub fn search<P: Protocol>(
    config: P::Config,
    inquiry: &Inquiry<'_>,
    crew: &dyn Crew,
    tell: &mut dyn FnMut(&Walk) -> bool,
) -> Explored {
    let formation = P::promise(&config).formation;
    let casts = casts(formation, inquiry.topology, inquiry.nodes);
    let nodes = inquiry.nodes + formation.helpers;
    let stage = Stage { config, casts: Casts::new(casts) };
    let world = World::<P>::new(stage, nodes, inquiry.bounds);
    let verdict = explore(world.clone(), inquiry.quest, crew, tell);
    let walk = verdict.walk();
    let (end, way) = match verdict {
        Verdict::Holds(_) => (End::Holds, Vec::new()),
        Verdict::Unfinished(_) => (End::Unfinished, Vec::new()),
        Verdict::Broken { way, violations, .. } => (End::Broken(violations), way),
        Verdict::Ill { way, ill: Ill::Stuck(violations), .. } => (End::Stuck(violations), way),
        Verdict::Ill { way, ill: Ill::Restless, .. } => (End::Restless, way),
    };
    let steps = way.iter().map(|choice| choice.step()).collect();
    let mut course = way;
    if matches!(end, End::Stuck(_) | End::Restless) {
        let ill = course.iter().fold(world.clone(), |world, choice| world.after(choice));
        course.extend(ill.healing());
    }
    Explored { end, way: steps, timetable: timetable(&world, &course), walk }
}

/// The patience of a search. Alarms are not timed in it, so all waits are the same and none grows.
#[must_use]
pub fn timeless() -> Patience {
    let span = commitsim_core::Span::from_millis(1);
    let backoff = commitsim_core::Factor::TWO;
    Patience { votes: span, decision: span, acks: span, backoff, max: span }
}
