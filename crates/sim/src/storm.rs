//! Random faults for a while, as an explicit list.
//!
//! A storm is drawn before the run begins, from its own stream of randomness, and is then carried
//! out like any other list of faults: what is drawn does not depend on what happens.

use commitsim_core::{NodeId, NodeSet, Span, Time};
use commitsim_rng::{Bits, Purpose, Ratio, Seed, Shape, Stream};

use crate::setup::{
    Action, Family, Fault, InFlight, Matching, Moment, Scale, Seen, Storm, Tail, Trigger,
};

/// The names that a storm can aim at.
pub(crate) struct Aims<'a> {
    pub nodes: u16,
    pub messages: &'a [&'a str],
    pub records: &'a [&'a str],
}

/// The faults of `storm`, ending with the healing of everything.
pub(crate) fn generate(storm: &Storm, aims: &Aims<'_>, seed: Seed) -> Vec<Fault> {
    let mut draw = Stream::new(seed, Purpose::FaultPlan);
    let mut faults = Vec::new();
    for family in &storm.families {
        let count = draw.within(1..=4);
        for _ in 0..count {
            faults.push(Fault {
                trigger: trigger(&mut draw, storm.until, aims, *family),
                action: action(&mut draw, storm.until, aims, *family),
            });
        }
    }
    faults.push(Fault { trigger: Trigger::At(storm.until), action: Action::Heal { last: false } });
    faults
}

/// Every third fault waits for a moment; crashes do so more often than not, because a protocol is
/// most vulnerable between two of its own steps.
fn trigger(draw: &mut Stream, until: Time, aims: &Aims<'_>, family: Family) -> Trigger {
    let aimed = match family {
        Family::Crash => Ratio::new(2, 3),
        _ => Ratio::new(1, 3),
    };
    if !aimed.is_ok_and(|ratio| draw.happens(ratio)) {
        return Trigger::At(Time(draw.within(0..=until.0.saturating_sub(1))));
    }
    let message = |draw: &mut Stream| draw.choose(aims.messages).map_or("", |name| name).to_owned();
    let seen = match draw.within(0..=9) {
        0..=4 => Seen::Sent { message: message(draw), to: None },
        5..=6 => Seen::Received { message: message(draw), from: None },
        7..=8 => {
            let record = draw.choose(aims.records).map_or("", |name| name).to_owned();
            Seen::Forced { record }
        }
        _ => Seen::Decided,
    };
    let moment = Moment { by: node(draw, aims.nodes), seen, transaction: None };
    Trigger::When { moment, nth: draw.within(1..=8) as u32, after: Span::ZERO }
}

fn action(draw: &mut Stream, until: Time, aims: &Aims<'_>, family: Family) -> Action {
    let nodes = aims.nodes;
    match family {
        Family::Crash => Action::Crash {
            node: node(draw, nodes),
            restart_after: Some(a_while(draw, until)),
            tail: Tail::Drawn,
        },
        Family::Partition => Action::Partition {
            groups: vec![some_nodes(draw, nodes)],
            heal_after: Some(a_while(draw, until)),
            in_flight: *draw.choose(&[InFlight::Drop, InFlight::Hold]).unwrap_or(&InFlight::Drop),
        },
        Family::Loss => Action::Loss {
            rate: Ratio::new(draw.within(1..=60), 100).unwrap_or(Ratio::ZERO),
            burst: 1,
            luck: None,
            lasts: Some(a_while(draw, until)),
            links: None,
        },
        Family::Delay => Action::Latency {
            times: Scale::new(draw.within(2..=40) as u32, 1).unwrap_or(Scale::ONE),
            lasts: Some(a_while(draw, until)),
            links: None,
        },
        Family::Duplicate => Action::Duplicate(Matching {
            message: draw.choose(aims.messages).map_or("", |name| name).to_owned(),
            from: None,
            to: None,
            count: draw.within(1..=6) as u32,
        }),
        Family::Pause => Action::Pause { node: node(draw, nodes), lasts: a_while(draw, until) },
        Family::Disk => Action::SlowDisk {
            node: node(draw, nodes),
            force: Shape::fixed(a_while(draw, until).0),
            lasts: Some(a_while(draw, until)),
        },
    }
}

fn node(draw: &mut Stream, nodes: u16) -> NodeId {
    NodeId(draw.within(0..=u64::from(nodes) - 1) as u16)
}

fn some_nodes(draw: &mut Stream, nodes: u16) -> NodeSet {
    let half = Ratio::new(1, 2).unwrap_or(Ratio::ZERO);
    let mut some: NodeSet = (0..nodes).map(NodeId).filter(|_| draw.happens(half)).collect();
    some.insert(node(draw, nodes));
    some
}

/// From a thousandth to half of the storm, every scale as likely as every other.
fn a_while(draw: &mut Stream, until: Time) -> Span {
    let scale = draw.within(1..=9);
    let most = (until.0 >> scale).max(1);
    Span(draw.within(1..=most))
}
