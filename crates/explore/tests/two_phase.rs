//! Two-phase commit in small worlds, searched to the end.

use std::sync::Arc;

use commitsim_core::{Cast, Factor, NodeId, NodeSet, Patience, Span};
use commitsim_explore::{Alone, Bounds, Quest, Synchrony, Verdict, World, explore};
use commitsim_host::{Casts, Stage};
use commitsim_protocol_2pc::{Config, OutcomeForce, Presumption, Termination, TwoPhase};

fn world(presumption: Presumption, nodes: u16, bounds: Bounds) -> World<TwoPhase> {
    let span = Span::from_millis(1);
    let patience =
        Patience { votes: span, decision: span, acks: span, backoff: Factor::TWO, max: span };
    let config = Config {
        presumption,
        termination: Termination::None,
        outcome_force: OutcomeForce::Forced,
        patience,
    };
    let root = NodeId(0);
    let voters = NodeSet::first(nodes);
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

fn quest() -> Quest {
    Quest { properties: Vec::new(), recovery: true, worlds: 20_000_000, waiting: 5_000_000 }
}

#[test]
fn counts() {
    for (nodes, crashes, losses, duplicates) in
        [(2, 0, 0, 0), (2, 1, 0, 0), (2, 2, 0, 0), (2, 1, 1, 1), (3, 0, 0, 0), (3, 1, 0, 0)]
    {
        for presumption in [Presumption::Nothing, Presumption::Abort, Presumption::Commit] {
            let bounds = Bounds { crashes, losses, duplicates, ..Bounds::NONE };
            for recovery in [false, true] {
                let quest = Quest { recovery, ..quest() };
                let start = std::time::Instant::now();
                let verdict =
                    explore(world(presumption, nodes, bounds), &quest, &Alone, &mut |_| true);
                let walk = verdict.walk();
                println!(
                    "{presumption:?} {nodes} nodes {crashes}c {losses}l {duplicates}d recovery {recovery}: {walk:?} {:?}",
                    start.elapsed()
                );
                assert!(matches!(verdict, Verdict::Holds(_)), "{verdict:#?}");
            }
        }
    }
    let _ = Synchrony::Asynchronous;
}
