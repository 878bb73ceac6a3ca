//! What a run is made of in slices of time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::mermaid::names;
use crate::phrase::phrase;
use crate::{Decided, Excerpt, Observation, Stances, TraceHead, What};

/// How long what takes no time is drawn at most, or nobody could point at it.
const SHORT: u64 = 1_000;

/// Which of a node's threads a slice belongs on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Group {
    Messages,
    Log,
    Stance,
    Locks,
}

/// An end of an arrow, by the message's number among those that arrive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flow {
    Leaves(u64),
    Arrives(u64),
}

/// A slice, or an instant where it does not last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Slice {
    pub(super) node: usize,
    pub(super) group: Group,
    /// Its thread, once there are threads.
    pub(super) thread: u32,
    pub(super) at_ns: u64,
    pub(super) lasts_ns: Option<u64>,
    pub(super) name: String,
    /// A word of this program.
    pub(super) class: &'static str,
    pub(super) says: String,
    pub(super) seq: u64,
    pub(super) tx: Option<u32>,
    pub(super) flows: Vec<Flow>,
}

/// All slices of a run, by time.
#[derive(Debug, Default)]
pub(super) struct Slices {
    pub(super) nodes: Vec<String>,
    pub(super) all: Vec<Slice>,
    /// How many messages arrive.
    pub(super) messages: u64,
    end_ns: u64,
    /// What has begun: by node, kind and transaction or place in the log.
    open: BTreeMap<(usize, Span, u64), (Slice, u64)>,
}

/// What lasts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Span {
    Write,
    Work,
    Down,
    Doubt,
    Blocked,
    Locks,
    Wait,
    Fault,
}

impl Slices {
    pub(super) fn of(head: &TraceHead, excerpt: &Excerpt) -> Slices {
        let nodes = names(head, excerpt).into_iter().map(String::from);
        // Faults of the network are at no node.
        let nodes = nodes.chain(["network".to_string()]).collect();
        let end_ns = excerpt.observations.iter().map(|seen| seen.t_ns).max().unwrap_or(0);
        let arrows = Arrows::of(excerpt);
        let messages = arrows.count;
        let mut slices = Slices { nodes, messages, end_ns, ..Slices::default() };
        let mut stances = excerpt.before.clone();
        for (place, seen) in excerpt.observations.iter().enumerate() {
            let flows = arrows.flows(place);
            slices.see(head, seen, flows, &mut stances);
        }
        let open = std::mem::take(&mut slices.open);
        for (slice, from) in open.into_values() {
            slices.close(slice, from, slices.end_ns);
        }
        slices.shorten();
        // Of those that begin together the longest lies outside, and comes first.
        slices
            .all
            .sort_by_key(|slice| (slice.at_ns, Reverse(slice.lasts_ns.unwrap_or(0)), slice.seq));
        slices
    }

    fn see(
        &mut self,
        head: &TraceHead,
        seen: &Observation,
        flows: Vec<Flow>,
        stances: &mut Stances,
    ) {
        let network = self.nodes.len() - 1;
        let node = self.nodes[..network].iter().position(|name| *name == seen.node);
        let node = node.unwrap_or(network);
        let says = phrase(&seen.what);
        let mut slice = Slice {
            node,
            group: Group::Messages,
            thread: 0,
            at_ns: seen.t_ns,
            lasts_ns: Some(SHORT),
            name: says.clone(),
            class: "message",
            says,
            seq: seen.seq,
            tx: seen.tx,
            flows,
        };
        match &seen.what {
            What::Send { message, .. } => slice.name = format!("send {message}"),
            What::Deliver { message, .. } => slice.name = format!("receive {message}"),
            _ => {
                slice.lasts_ns = None;
                slice.class = "instant";
                if matches!(seen.what, What::Strike { .. } | What::Ease { .. } | What::Heal) {
                    slice.node = network;
                }
            }
        }
        let ends = match &seen.what {
            What::Durable { lsn, .. } => self.open.contains_key(&(node, Span::Write, *lsn)),
            what => !shown(what),
        };
        self.lasting(head, seen, &slice);
        self.stand(seen, &slice, stances);
        if !ends {
            self.all.push(slice);
        }
    }

    /// What begins or ends with an observation.
    fn lasting(&mut self, head: &TraceHead, seen: &Observation, slice: &Slice) {
        let tx = seen.tx.map_or(0, u64::from);
        let named = |name: String, group, class| Slice { name, group, class, ..slice.clone() };
        match &seen.what {
            What::Append { lsn, record, forced: true, .. } => {
                let force = named(format!("force {record}"), Group::Log, "force");
                self.begin(Span::Write, *lsn, force);
            }
            What::Durable { lsn, .. } => self.end(slice.node, Span::Write, *lsn, seen.t_ns),
            What::Work => {
                self.begin(Span::Work, tx, named("work".to_string(), Group::Stance, "work"));
            }
            What::Vote { .. } => self.end(slice.node, Span::Work, tx, seen.t_ns),
            What::Decide { .. } | What::Forget => self.end(slice.node, Span::Work, tx, seen.t_ns),
            What::Wait { .. } => {
                let wait = named("waits for a lock".to_string(), Group::Locks, "wait");
                self.begin(Span::Wait, tx, wait);
            }
            What::Lock { .. } => {
                self.end(slice.node, Span::Wait, tx, seen.t_ns);
                let locks = named("holds locks".to_string(), Group::Locks, "locks");
                self.begin(Span::Locks, tx, locks);
            }
            What::Unlock => {
                self.end(slice.node, Span::Wait, tx, seen.t_ns);
                self.end(slice.node, Span::Locks, tx, seen.t_ns);
            }
            What::Strike { fault, action } => {
                let name = head.fault(*fault, action.as_deref());
                self.begin(Span::Fault, *fault, named(name, Group::Stance, "fault"));
            }
            What::Ease { fault, .. } => self.end(slice.node, Span::Fault, *fault, seen.t_ns),
            What::Crash { .. } => {
                let node = slice.node;
                let over: Vec<_> = self
                    .open
                    .range((node, Span::Write, 0)..(node + 1, Span::Write, 0))
                    .map(|(key, _)| *key)
                    .collect();
                for (node, span, number) in over {
                    self.end(node, span, number, seen.t_ns);
                }
                self.begin(Span::Down, 0, named("down".to_string(), Group::Stance, "down"));
            }
            What::Restart => self.end(slice.node, Span::Down, 0, seen.t_ns),
            _ => {}
        }
    }

    /// Whether the node is in doubt or blocked from here on, or no longer.
    fn stand(&mut self, seen: &Observation, slice: &Slice, stances: &mut Stances) {
        stances.change(seen);
        let now = [
            (Span::Doubt, "in doubt", "in-doubt", stances.is_in_doubt(&seen.node)),
            (Span::Blocked, "blocked", "blocked", stances.is_blocked(&seen.node)),
        ];
        for (span, name, class, holds) in now {
            let (name, group) = (name.to_string(), Group::Stance);
            if !holds {
                self.end(slice.node, span, 0, seen.t_ns);
            } else if !self.open.contains_key(&(slice.node, span, 0)) {
                self.begin(span, 0, Slice { name, class, group, tx: None, ..slice.clone() });
            }
        }
    }

    fn begin(&mut self, span: Span, number: u64, mut slice: Slice) {
        slice.flows.clear();
        let from = slice.at_ns;
        self.open.entry((slice.node, span, number)).or_insert((slice, from));
    }

    fn end(&mut self, node: usize, span: Span, number: u64, at_ns: u64) {
        if let Some((slice, from)) = self.open.remove(&(node, span, number)) {
            self.close(slice, from, at_ns);
        }
    }

    fn close(&mut self, mut slice: Slice, from: u64, to: u64) {
        slice.lasts_ns = Some(to.saturating_sub(from));
        self.all.push(slice);
    }

    /// A message's slice ends where the next on its thread begins, so that none overlap.
    fn shorten(&mut self) {
        let mut times: BTreeMap<usize, BTreeSet<u64>> = BTreeMap::new();
        for slice in self.all.iter().filter(|slice| slice.group == Group::Messages) {
            times.entry(slice.node).or_default().insert(slice.at_ns);
        }
        let messages = self.all.iter_mut().filter(|slice| slice.group == Group::Messages);
        for slice in messages.filter(|slice| slice.lasts_ns.is_some()) {
            let later = times
                .get(&slice.node)
                .and_then(|times| times.range(slice.at_ns.saturating_add(1)..).next().copied());
            let room = later.map_or(SHORT, |later| later - slice.at_ns);
            slice.lasts_ns = Some(room.min(SHORT));
        }
    }
}

/// Which observations are the ends of which arrows. A copy leaves where its original does.
#[derive(Debug, Default)]
struct Arrows {
    ends: BTreeMap<usize, Vec<Flow>>,
    count: u64,
}

impl Arrows {
    fn of(excerpt: &Excerpt) -> Arrows {
        let mut arrows = Arrows::default();
        // By message: the place of the observation that it left.
        let mut left: BTreeMap<u64, usize> = BTreeMap::new();
        for (place, seen) in excerpt.observations.iter().enumerate() {
            match &seen.what {
                What::Send { id, .. } => {
                    left.insert(*id, place);
                }
                What::Duplicate { id, copy, .. } => {
                    if let Some(origin) = left.get(id).copied() {
                        left.insert(*copy, origin);
                    }
                }
                What::Deliver { id, .. } => {
                    // What had left before the excerpt begins has no beginning to be drawn.
                    if let Some(origin) = left.remove(id) {
                        let number = arrows.count;
                        arrows.ends.entry(origin).or_default().push(Flow::Leaves(number));
                        arrows.ends.entry(place).or_default().push(Flow::Arrives(number));
                        arrows.count += 1;
                    }
                }
                _ => {}
            }
        }
        arrows
    }

    fn flows(&self, place: usize) -> Vec<Flow> {
        self.ends.get(&place).cloned().unwrap_or_default()
    }
}

/// Whether an observation is drawn by itself, and not only by what lasts from it or to it.
fn shown(what: &What) -> bool {
    match what {
        What::Send { .. } | What::Deliver { .. } | What::Lose { .. } | What::Duplicate { .. } => {
            true
        }
        What::Begin | What::Vote { .. } | What::Forget | What::Fire { .. } => true,
        What::Append { forced, .. } => !forced,
        What::Decide { decision: Decided::Commit | Decided::Abort, .. } => true,
        What::Crash { .. } | What::Restart | What::Heal | What::Strike { .. } => true,
        What::Ease { .. } | What::Change { .. } | What::Borrow { .. } => true,
        // The end of a forced write ends its slice; that of a lazy one stands alone.
        What::Durable { .. } => true,
        What::Force { .. } | What::Work | What::Enter { .. } => false,
        What::Arm { .. } | What::Disarm { .. } | What::Lock { .. } => false,
        What::Wait { .. } | What::Unlock => false,
    }
}
