//! Surroundings that are as plain as can be.

use commitsim_catalog::{Options, Runnable};
use commitsim_core::{Factor, NodeId, NodeSet, Patience, Span};
use commitsim_rng::{Ratio, Seed, Shape};
use commitsim_sim::{Arrivals, Coordinator, Order, Participants, Topology};

use crate::case::Case;

/// Something that makes a case plainer.
pub(crate) type Step = Box<dyn Fn(&mut Case)>;

/// What scenarios have by default.
const LATENCY: Shape = Shape::fixed(1_000_000);
const FORCE: Shape = Shape::fixed(100_000);
const WORK: Shape = Shape::fixed(500_000);
const FLUSH: Span = Span::from_millis(10);

/// All that can be plainer in this case, bit by bit.
pub(crate) fn steps(case: &Case, runnable: &dyn Runnable) -> Vec<Step> {
    let mut steps: Vec<Step> = vec![
        Box::new(|case| case.setup.network.links.clear()),
        Box::new(|case| case.setup.network.usual.loss = Ratio::ZERO),
        Box::new(|case| case.setup.network.usual.duplicate = Ratio::ZERO),
        Box::new(|case| {
            case.setup.network.usual.latency = constant(&case.setup.network.usual.latency)
        }),
        Box::new(|case| case.setup.network.usual.latency = LATENCY),
        Box::new(|case| case.setup.network.order = Order::Any),
        Box::new(|case| case.setup.disk.force = constant(&case.setup.disk.force)),
        Box::new(|case| case.setup.disk.force = FORCE),
        Box::new(|case| case.setup.disk.flush = FLUSH),
        Box::new(|case| case.setup.work.iter_mut().for_each(|work| *work = constant(work))),
        Box::new(|case| case.setup.work.iter_mut().for_each(|work| *work = WORK)),
        Box::new(|case| case.setup.votes.no_rate = Ratio::ZERO),
        Box::new(|case| case.setup.votes.no = NodeSet::EMPTY),
        Box::new(|case| case.setup.votes.read_only = NodeSet::EMPTY),
        Box::new(|case| case.setup.votes.never = NodeSet::EMPTY),
        Box::new(|case| case.setup.workload.arrivals = Arrivals::Serial),
        Box::new(|case| case.setup.workload.participants = Participants::All),
        Box::new(|case| case.setup.workload.coordinator = Coordinator::Node(NodeId(0))),
        Box::new(|case| case.setup.topology = Topology::Star),
        Box::new(|case| case.patience = patience()),
    ];
    for node in 0..case.setup.work.len() {
        steps.push(Box::new(move |case| case.setup.work[node] = WORK));
    }
    let pairs: Vec<(&'static str, &'static str)> = case.options.pairs().collect();
    for left_out in &pairs {
        let kept = pairs.iter().copied().filter(|pair| pair != left_out);
        if let Ok(options) = Options::new(runnable.about(), kept) {
            steps.push(Box::new(move |case| case.options = options.clone()));
        }
    }
    steps.push(Box::new(|case| case.options = Options::default()));
    steps.push(Box::new(|case| case.seed = Seed(0)));
    steps
}

/// What scenarios have where they say nothing.
fn patience() -> Patience {
    let second = Span::from_millis(1_000);
    Patience {
        votes: second,
        decision: second,
        acks: second,
        backoff: Factor::TWO,
        max: Span::from_millis(10_000),
    }
}

/// Always about as long as it is on average; in round numbers.
fn constant(shape: &Shape) -> Shape {
    let (least, most) = shape.bounds();
    if least == most {
        return shape.clone();
    }
    let mean = shape.mean();
    let unit = [1_000_000, 1_000, 1].into_iter().find(|unit| mean >= *unit).unwrap_or(1);
    Shape::fixed(mean / unit * unit)
}
