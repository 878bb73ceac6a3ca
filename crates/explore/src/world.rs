//! A small world between two steps, as others see it.

use std::sync::Arc;

use commitsim_core::{NodeId, NodeSet, Protocol, Time};
use commitsim_host::{Host, Stage};
use commitsim_spec::{Observation, Spec, Violation, What};

use crate::bounds::Bounds;
use crate::choice::{Choice, Envelope};
use crate::library::{Library, TX};
use crate::reader::Reader;
use crate::state::{MOST_NODES, Nodes, State};
use crate::turn::{Step, Turn};

/// All there is: nodes, messages, alarms, work, and what may still go wrong.
pub struct World<P: Protocol> {
    pub(crate) library: Arc<Library<P>>,
    pub(crate) state: State,
}

impl<P: Protocol> Clone for World<P> {
    fn clone(&self) -> World<P> {
        World { library: self.library.clone(), state: self.state.clone() }
    }
}

impl<P: Protocol> World<P> {
    /// The world before anything has happened: one node for each cast of the stage.
    ///
    /// # Panics
    /// If there are more than sixteen nodes.
    #[must_use]
    pub fn new(stage: Stage<P>, nodes: u16, bounds: Bounds) -> World<P> {
        assert!(nodes <= MOST_NODES, "{nodes} nodes are no small world");
        let mut spec = Spec::new(P::promise(&stage.config), nodes);
        let cast = stage.casts.of(TX, NodeId(0));
        spec.open(TX, cast.root, &cast.voters);
        spec.plant(TX, (0..nodes).map(|node| stage.casts.of(TX, NodeId(node)).parent));
        if bounds.unreliable {
            // The oracle is to expect losses from the beginning, as if there had been one.
            let what = What::Fire { tx: TX, timer: 0 };
            spec.observe(&Observation { at: Time::ZERO, node: cast.root, what });
        }
        let library = Library::new(stage);
        let host = |node| library.host(Host::new(NodeId(node), ()));
        let state = State {
            numbers: (0..nodes).map(host).collect(),
            armed: [0; MOST_NODES as usize],
            oracle: library.oracle(spec),
            nodes,
            up: Nodes::first(nodes),
            working: Nodes::NOBODY,
            parted: Nodes::NOBODY,
            began: false,
            left: bounds,
        };
        World { library: Arc::new(library), state }
    }

    /// The same with a library of its own, in which there is nothing else.
    pub(crate) fn apart(&self) -> World<P> {
        let library = Library::new(self.library.stage.clone());
        let reader = self.reader();
        let hosts = (0..self.state.nodes)
            .map(|node| library.host(reader.host(&self.state, NodeId(node)).clone()));
        let flying = self.state.flying().iter();
        let flying = flying.map(|sent| library.envelope(reader.envelope(*sent).clone()));
        let numbers = hosts.chain(flying).collect();
        let oracle = library.oracle(reader.spec(&self.state).clone());
        let state = State { numbers, oracle, ..self.state.clone() };
        World { library: Arc::new(library), state }
    }

    fn reader(&self) -> Reader<'_, P> {
        Reader::new(&self.library, false)
    }

    /// What the oracle objected to so far.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        self.reader().spec(&self.state).violations().to_vec()
    }

    /// What becomes of the world.
    ///
    /// # Panics
    /// If that cannot happen in it.
    #[must_use]
    pub fn after(&self, choice: &Choice<P>) -> World<P> {
        let mut world = self.clone();
        let turn = world.turn(choice);
        Reader::new(&self.library, false).take(&mut world.state, turn);
        world
    }

    /// What happens while the world heals, one fair order of events, until nothing is left to
    /// happen or it goes round in circles. Its end shows what is wrong with a world that does not
    /// recover.
    #[must_use]
    pub fn healing(&self) -> Vec<Choice<P>> {
        let mut reader = self.reader();
        let turns = reader.healing(&self.state);
        turns.into_iter().map(|turn| reader.choice(turn)).collect()
    }

    /// A choice in numbers.
    pub(crate) fn turn(&self, choice: &Choice<P>) -> Turn {
        let sent = |envelope: &Envelope<P::Message>| self.library.envelope(envelope.clone());
        let step = match choice {
            Choice::Amid(step, acts, survives) => {
                return Turn { cut: Some((*acts, *survives)), ..self.turn(step) };
            }
            Choice::Begin => Step::Begin,
            Choice::Deliver(envelope) => Step::Deliver(sent(envelope)),
            Choice::Duplicate(envelope) => Step::Duplicate(sent(envelope)),
            Choice::Lose(envelope) => Step::Lose(sent(envelope)),
            Choice::Vote(node, vote) => Step::Vote(*node, *vote),
            Choice::Sync(node) => Step::Sync(*node),
            Choice::Fire(node, timer) => Step::Fire(*node, index(*timer)),
            Choice::Crash(node, survives) => Step::Crash(*node, *survives),
            Choice::Restart(node) => Step::Restart(*node),
            Choice::Part(part) => {
                let mut nodes = Nodes::NOBODY;
                part.iter().for_each(|node| nodes.insert(node));
                Step::Part(nodes)
            }
            Choice::Mend => Step::Mend,
            Choice::Silence => Step::Silence,
        };
        step.into()
    }
}

impl<P: Protocol> Reader<'_, P> {
    /// A choice with what its numbers stand for.
    pub(crate) fn choice(&self, turn: Turn) -> Choice<P> {
        let said = |sent| self.envelope(sent).clone();
        let choice = match turn.step {
            Step::Begin => Choice::Begin,
            Step::Deliver(sent) => Choice::Deliver(said(sent)),
            Step::Duplicate(sent) => Choice::Duplicate(said(sent)),
            Step::Lose(sent) => Choice::Lose(said(sent)),
            Step::Vote(node, vote) => Choice::Vote(node, vote),
            Step::Sync(node) => Choice::Sync(node),
            Step::Fire(node, timer) => Choice::Fire(node, alarm::<P::Timer>(timer)),
            Step::Crash(node, survives) => Choice::Crash(node, survives),
            Step::Restart(node) => Choice::Restart(node),
            Step::Part(part) => Choice::Part(part.iter().collect::<NodeSet>()),
            Step::Mend => Choice::Mend,
            Step::Silence => Choice::Silence,
        };
        match turn.cut {
            Some((acts, survives)) => Choice::Amid(Box::new(choice), acts, survives),
            None => choice,
        }
    }
}

fn index<T: commitsim_core::Alarm>(timer: T) -> u8 {
    timer.index()
}

fn alarm<T: commitsim_core::Alarm>(index: u8) -> T {
    T::ALL[usize::from(index)]
}
