//! A system with one node less.

use commitsim_core::{NodeId, NodeSet};
use commitsim_sim::{
    Action, Coordinator, Fault, Matching, Moment, Participants, Seen, Topology, Trigger,
};

use crate::case::Case;

impl Case {
    /// The same without `gone`, and without all that is about it; the others move up. None where
    /// nobody would be left, or nobody to begin.
    pub(crate) fn without(&self, gone: NodeId) -> Option<Case> {
        let mut case = self.clone();
        let setup = &mut case.setup;
        if setup.nodes < 2 || setup.workload.coordinator == Coordinator::Node(gone) {
            return None;
        }
        setup.nodes -= 1;
        case.kept.remove(usize::from(gone.0));
        setup.work.remove(usize::from(gone.0));
        for set in [&mut setup.votes.no, &mut setup.votes.read_only, &mut setup.votes.never] {
            *set = moved(set, gone);
        }
        if let Coordinator::Node(root) = &mut setup.workload.coordinator {
            *root = new(*root, gone)?;
        }
        if let Participants::Random(count) = &mut setup.workload.participants {
            *count = (*count).min(setup.nodes - 1);
            if *count == 0 {
                setup.workload.participants = Participants::All;
            }
        }
        setup.network.links = std::mem::take(&mut setup.network.links)
            .into_iter()
            .filter_map(|(from, to, link)| Some((new(from, gone)?, new(to, gone)?, link)))
            .collect();
        if let Topology::Edges(edges) = &setup.topology {
            setup.topology = Topology::Edges(grown_together(edges, gone));
        }
        setup.faults = setup.faults.iter().filter_map(|fault| fault_without(fault, gone)).collect();
        let luck = &mut setup.luck;
        luck.messages.retain_mut(|one| move_all([&mut one.from, &mut one.to].into_iter(), gone));
        luck.alarms.retain_mut(|one| move_all([&mut one.node].into_iter(), gone));
        luck.work.retain_mut(|one| move_all([&mut one.node].into_iter(), gone));
        luck.disks.retain_mut(|one| move_all([&mut one.node].into_iter(), gone));
        Some(case)
    }
}

/// Its number when `gone` is gone; helpers move up, too.
fn new(node: NodeId, gone: NodeId) -> Option<NodeId> {
    match node.0.cmp(&gone.0) {
        std::cmp::Ordering::Less => Some(node),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(NodeId(node.0 - 1)),
    }
}

fn moved(set: &NodeSet, gone: NodeId) -> NodeSet {
    set.iter().filter_map(|node| new(node, gone)).collect()
}

/// Renumbers them all, unless one of them is gone.
fn move_all<'n>(nodes: impl Iterator<Item = &'n mut NodeId>, gone: NodeId) -> bool {
    let mut all = true;
    for node in nodes {
        match new(*node, gone) {
            Some(moved) => *node = moved,
            None => all = false,
        }
    }
    all
}

/// The neighbours of a node that is gone hang on the first of them.
fn grown_together(edges: &[(NodeId, NodeId)], gone: NodeId) -> Vec<(NodeId, NodeId)> {
    let neighbours: Vec<NodeId> = edges
        .iter()
        .filter_map(|(a, b)| match (*a == gone, *b == gone) {
            (true, _) => Some(*b),
            (_, true) => Some(*a),
            _ => None,
        })
        .collect();
    let kept = edges.iter().copied().filter(|(a, b)| *a != gone && *b != gone);
    let first = neighbours.first().copied();
    let joined = neighbours.iter().skip(1).filter_map(|other| Some((first?, *other)));
    kept.chain(joined).filter_map(|(a, b)| Some((new(a, gone)?, new(b, gone)?))).collect()
}

fn fault_without(fault: &Fault, gone: NodeId) -> Option<Fault> {
    let trigger = match &fault.trigger {
        Trigger::At(at) => Trigger::At(*at),
        Trigger::Amid { at, node, acts } => {
            Trigger::Amid { at: *at, node: new(*node, gone)?, acts: *acts }
        }
        Trigger::When { moment, nth, after } => {
            Trigger::When { moment: moment_without(moment, gone)?, nth: *nth, after: *after }
        }
    };
    Some(Fault { trigger, action: action_without(&fault.action, gone)? })
}

fn moment_without(moment: &Moment, gone: NodeId) -> Option<Moment> {
    let mut moment = moment.clone();
    moment.by = new(moment.by, gone)?;
    if let Seen::Sent { to: Some(other), .. } | Seen::Received { from: Some(other), .. } =
        &mut moment.seen
    {
        *other = new(*other, gone)?;
    }
    Some(moment)
}

fn action_without(action: &Action, gone: NodeId) -> Option<Action> {
    let mut action = action.clone();
    match &mut action {
        Action::Crash { node, .. }
        | Action::CrashLoop { node, .. }
        | Action::Restart(node)
        | Action::Isolate { node, .. }
        | Action::Pause { node, .. }
        | Action::SlowDisk { node, .. }
        | Action::Expire(Some(node))
        | Action::Decide { node, .. }
        | Action::Clock { node, .. } => *node = new(*node, gone)?,
        Action::CutLink { from, to, .. } => {
            *from = new(*from, gone)?;
            *to = new(*to, gone)?;
        }
        Action::Partition { groups, .. } => {
            groups.iter_mut().for_each(|group| *group = moved(group, gone));
            groups.retain(|group| !group.is_empty());
            (!groups.is_empty()).then_some(())?;
        }
        Action::Swizzle { close, open, .. } => {
            for nodes in [&mut *close, open] {
                *nodes = nodes.iter().filter_map(|node| new(*node, gone)).collect();
            }
            (!close.is_empty()).then_some(())?;
        }
        Action::Lose(matching) | Action::Duplicate(matching) | Action::Delay(matching, _) => {
            let Matching { from, to, .. } = matching;
            for end in [from, to].into_iter().flatten() {
                *end = new(*end, gone)?;
            }
        }
        Action::Loss { links: Some(links), .. } | Action::Latency { links: Some(links), .. } => {
            let kept = links.iter().filter_map(|(a, b)| Some((new(*a, gone)?, new(*b, gone)?)));
            *links = kept.collect();
            (!links.is_empty()).then_some(())?;
        }
        Action::Loss { .. }
        | Action::Latency { .. }
        | Action::Expire(None)
        | Action::Heal { .. } => {}
    }
    Some(action)
}
