//! A protocol that a test makes up: what it does is a function.

use std::sync::Arc;

use commitsim_core::{
    Alarm, Cast, Cost, Cx, Effects, Formation, Gone, Meaning, Necessary, NodeId, NodeSet, Promise,
    Protocol, Span, Spoken, Status, Vote, Word, WriteAhead,
};
use commitsim_explore::{Bounds, World};
use commitsim_host::{Casts, Stage};

/// What happens to a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Event {
    Begin,
    Arrives(u8),
    Voted(Vote),
    Alarm,
}

/// What a node, with what it remembers, does about it: what it remembers from then on.
pub(crate) type Rule = fn(NodeId, u8, Event, &mut Effects<Toy>) -> u8;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Toy(u8);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Said(pub(crate) u8);

impl Spoken for Said {
    const NAMES: &'static [&'static str] = &["Said"];

    fn word(&self) -> Word {
        Word { tag: 0, detail: u32::from(self.0), meaning: Meaning::Other }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Bell;

impl Alarm for Bell {
    const ALL: &'static [Bell] = &[Bell];
    const NAMES: &'static [&'static str] = &["Bell"];

    fn index(self) -> u8 {
        0
    }
}

impl Toy {
    fn hear(&mut self, cx: &Cx<'_, Toy>, event: Event, fx: &mut Effects<Toy>) {
        self.0 = (cx.config)(cx.me, self.0, event, fx);
    }
}

impl Protocol for Toy {
    type Config = Rule;
    type Message = Said;
    type Record = Said;
    type Timer = Bell;

    fn promise(_: &Rule) -> Promise {
        Promise {
            formation: Formation::STAR,
            necessary: Necessary::Root,
            ahead: WriteAhead {
                vote: false,
                commit: false,
                presumes_commit: false,
                members: false,
            },
            commit_cost: |remote, _| Cost { messages: 3 * remote, forced: 0 },
            glare: Cost::NONE,
        }
    }

    fn begin(cx: &Cx<'_, Toy>, fx: &mut Effects<Toy>) -> Toy {
        let mut toy = Toy(0);
        toy.hear(cx, Event::Begin, fx);
        toy
    }

    fn first_contact(
        cx: &Cx<'_, Toy>,
        _: NodeId,
        message: Said,
        fx: &mut Effects<Toy>,
    ) -> Option<Toy> {
        let mut toy = Toy(0);
        toy.hear(cx, Event::Arrives(message.0), fx);
        Some(toy)
    }

    fn afterwards(_: &Cx<'_, Toy>, _: Gone, _: NodeId, _: Said, _: &mut Effects<Toy>) {}

    fn recover(_: &Cx<'_, Toy>, _: &[Said], _: &mut Effects<Toy>) -> Option<Toy> {
        None
    }

    fn on_message(&mut self, cx: &Cx<'_, Toy>, _: NodeId, message: Said, fx: &mut Effects<Toy>) {
        self.hear(cx, Event::Arrives(message.0), fx);
    }

    fn on_vote(&mut self, cx: &Cx<'_, Toy>, vote: Vote, fx: &mut Effects<Toy>) {
        self.hear(cx, Event::Voted(vote), fx);
    }

    fn on_durable(&mut self, _: &Cx<'_, Toy>, _: &Said, _: &mut Effects<Toy>) {}

    fn on_timer(&mut self, cx: &Cx<'_, Toy>, _: Bell, fx: &mut Effects<Toy>) {
        self.hear(cx, Event::Alarm, fx);
    }

    fn status(&self) -> Status {
        Status::Working
    }
}

/// How long an alarm waits; nobody asks.
pub(crate) const WAIT: Span = Span::from_millis(1);

pub(crate) fn toys(rule: Rule, nodes: u16, bounds: Bounds) -> World<Toy> {
    let (root, voters) = (NodeId(0), NodeSet::first(nodes));
    let cast = |node: NodeId| Cast {
        root,
        parent: (node != root).then_some(root),
        neighbours: voters.without(node),
        voters: voters.clone(),
        helpers: NodeSet::EMPTY,
    };
    let casts: Arc<[Cast]> = (0..nodes).map(|node| cast(NodeId(node))).collect();
    World::new(Stage { config: rule, casts: Casts::new(casts) }, nodes, bounds)
}
