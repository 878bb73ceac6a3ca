use commitsim_catalog::*;
use commitsim_core::*;
use commitsim_rng::*;
use commitsim_sim::*;
struct W;
impl Watch for W {
    fn observe(&mut self, o: &commitsim_spec::Observation) {
        println!("{:>9} n{} {:?}", o.at.0, o.node.0, o.what);
    }
}
#[test]
fn smoke() {
    let ms = 1_000_000;
    let setup = Setup {
        nodes: 3,
        network: Network {
            order: Order::Any,
            usual: Link { latency: Shape::fixed(ms), loss: Ratio::ZERO, duplicate: Ratio::ZERO },
            links: vec![],
        },
        disk: Disk { force: Shape::fixed(100_000), flush: Span(10 * ms) },
        work: vec![Shape::fixed(500_000); 3],
        votes: Votes {
            no: NodeSet::EMPTY,
            read_only: NodeSet::EMPTY,
            never: NodeSet::EMPTY,
            no_rate: Ratio::ZERO,
        },
        workload: Workload {
            transactions: 1,
            arrivals: Arrivals::Serial,
            coordinator: Coordinator::Node(NodeId(0)),
            participants: Participants::All,
        },
        faults: vec![],
        storm: None,
        horizon: Time(60_000 * ms),
        event_limit: 1_000_000,
    };
    let s = Span::from_millis(1000);
    let patience = Patience {
        votes: s,
        decision: s,
        acks: s,
        backoff: Factor::TWO,
        max: Span::from_millis(10_000),
    };
    for p in all() {
        let mut w = W;
        let job = Job {
            setup: &setup,
            patience,
            options: &Options::default(),
            seed: Seed(1),
            manner: Manner { queue: QueueKind::Lazy, keep: Keep::Transactions },
        };
        let r = p.simulate(&job, Some(&mut w));
        println!("{} {r:#?}", p.about().id);
    }
}
