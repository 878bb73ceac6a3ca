//! Luck that is said instead of drawn: single messages, alarms, votes and disks that take another
//! course. With it a run needs no seed to be just the run that somebody wants to see.

use std::collections::BTreeMap;

use commitsim_core::{Alarm as _, NodeId, Protocol, Span, Time, Vote};

/// Exceptions from the luck of a run. What is not listed is drawn as ever, and what never comes
/// (a thousandth message, an alarm that the protocol does not have) changes nothing.
///
/// Things are counted from 1. No two exceptions are about the same thing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Luck {
    /// What becomes of messages.
    pub messages: Vec<Passage>,
    /// When alarms go off.
    pub alarms: Vec<Ring>,
    /// How local work ends.
    pub work: Vec<Labour>,
    /// When disks write.
    pub disks: Vec<Rhythm>,
}

/// What becomes of one message, whatever its link and the faults of messages would have it. A cut
/// link still lets nothing through.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Passage {
    /// Its sender.
    pub from: NodeId,
    /// Its receiver.
    pub to: NodeId,
    /// Which of the messages from the one to the other.
    pub nth: u64,
    /// How long each copy of it is under way; without any it is lost.
    pub delays: Vec<Span>,
}

/// When one alarm goes off, unless it is stopped or set anew before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ring {
    /// The node that sets it.
    pub node: NodeId,
    /// What the protocol calls it.
    pub alarm: String,
    /// Which time that the node sets an alarm of this name.
    pub nth: u64,
    /// How long after it was set it goes off.
    pub wait: Span,
}

/// How one piece of local work ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Labour {
    /// The node that works.
    pub node: NodeId,
    /// Which time that it is asked for its vote.
    pub nth: u64,
    /// How long it works.
    pub length: Span,
    /// What it votes.
    pub vote: Vote,
}

/// When the disk of a node writes. Each node has at most one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rhythm {
    /// The node.
    pub node: NodeId,
    /// Until then the disk does nothing by itself.
    pub until: Time,
    /// At these instants, each before `until`, all that was appended becomes durable.
    pub at: Vec<Time>,
}

impl Luck {
    /// The messages in an order in which they can be looked up.
    pub(crate) fn passages(&self) -> Vec<Passage> {
        let mut passages = self.messages.clone();
        passages.sort_by_key(|passage| (passage.from, passage.to, passage.nth));
        passages
    }
}

/// The exceptions for alarms and work while they are used up.
pub(crate) struct Exceptions {
    alarms: BTreeMap<(NodeId, u8, u64), Span>,
    set: BTreeMap<(NodeId, u8), u64>,
    work: BTreeMap<(NodeId, u64), (Span, Vote)>,
    asked: BTreeMap<NodeId, u64>,
}

impl Exceptions {
    pub(crate) fn new<P: Protocol>(luck: &Luck) -> Exceptions {
        let alarm = |ring: &Ring| {
            let at = P::Timer::NAMES.iter().position(|name| *name == ring.alarm)?;
            Some(((ring.node, u8::try_from(at).ok()?, ring.nth), ring.wait))
        };
        let labour = |labour: &Labour| ((labour.node, labour.nth), (labour.length, labour.vote));
        Exceptions {
            alarms: luck.alarms.iter().filter_map(alarm).collect(),
            set: BTreeMap::new(),
            work: luck.work.iter().map(labour).collect(),
            asked: BTreeMap::new(),
        }
    }

    /// How long the alarm waits that is set now, if that is said.
    #[inline(always)]
    pub(crate) fn wait(&mut self, node: NodeId, timer: u8) -> Option<Span> {
        if self.alarms.is_empty() { None } else { self.said_wait(node, timer) }
    }

    #[cold]
    #[inline(never)]
    fn said_wait(&mut self, node: NodeId, timer: u8) -> Option<Span> {
        let nth = self.set.entry((node, timer)).or_default();
        *nth += 1;
        self.alarms.get(&(node, timer, *nth)).copied()
    }

    /// How the work ends that begins now, if that is said.
    #[inline(always)]
    pub(crate) fn outcome(&mut self, node: NodeId) -> Option<(Span, Vote)> {
        if self.work.is_empty() { None } else { self.said_outcome(node) }
    }

    #[cold]
    #[inline(never)]
    fn said_outcome(&mut self, node: NodeId) -> Option<(Span, Vote)> {
        let nth = self.asked.entry(node).or_default();
        *nth += 1;
        self.work.get(&(node, *nth)).copied()
    }
}
