//! Small worlds of two-phase commit.

use std::sync::Arc;

use commitsim_core::{Cast, Factor, NodeId, NodeSet, Patience, Span};
use commitsim_explore::{Bounds, Quest, World};
use commitsim_host::{Casts, Stage};
use commitsim_protocol_2pc::{Config, OutcomeForce, Presumption, Termination, TwoPhase};

pub(crate) fn world(presumption: Presumption, nodes: u16, bounds: Bounds) -> World<TwoPhase> {
    let span = Span::from_millis(1);
    let patience =
        Patience { votes: span, decision: span, acks: span, backoff: Factor::TWO, max: span };
    let config = Config {
        presumption,
        termination: Termination::None,
        outcome_force: OutcomeForce::Forced,
        coordinator_votes: true,
        patience,
    };
    let (root, voters) = (NodeId(0), NodeSet::first(nodes));
    let cast = |node: NodeId| Cast {
        root,
        parent: (node != root).then_some(root),
        neighbours: if node == root { voters.without(root) } else { [root].into_iter().collect() },
        voters: voters.clone(),
        helpers: NodeSet::EMPTY,
    };
    let casts: Arc<[Cast]> = (0..nodes).map(|node| cast(NodeId(node))).collect();
    World::new(Stage { config, casts: Casts::new(casts) }, nodes, bounds)
}

pub(crate) const QUEST: Quest = Quest {
    properties: Vec::new(),
    recovery: true,
    worlds: 10_000_000,
    reduced: true,
    memory: 4 << 30,
};
