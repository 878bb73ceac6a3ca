//! What a protocol asks its host to do.

use alloc::vec::Vec;

use crate::{Decision, NodeId, NodeSet, Protocol, Span};

/// One thing that a protocol wants done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect<P: Protocol> {
    /// Send a message. A message to oneself is handled within the same step.
    Send {
        /// Who is to get it.
        to: NodeId,
        /// What is said.
        message: P::Message,
    },
    /// Append a record and make it durable; answered by [`Protocol::on_durable`].
    Force(P::Record),
    /// Append a record lazily. Answered when a later force or the background flush has covered
    /// it; lost if the node crashes before.
    Write(P::Record),
    /// Set an alarm; setting it again replaces it.
    Arm(P::Timer, Span),
    /// Stop an alarm, set or not.
    Disarm(P::Timer),
    /// Ask the local work for its vote; answered by [`Protocol::on_vote`].
    AskVote,
    /// The outcome at this node: its locks go free here.
    Decide(Decision),
    /// Keep the machine only to answer questions, until the root's low-water mark of finished
    /// transactions has passed this one; then it is forgotten.
    Rest,
    /// Drop the machine. What arrives from now on meets [`Protocol::afterwards`].
    Forget,
}

/// The list of effects that a protocol fills and its host empties, in order.
///
/// The order has a meaning: a crash in the middle of a step lets a prefix of it happen.
#[derive(Debug)]
pub struct Effects<P: Protocol> {
    list: Vec<Effect<P>>,
    /// Whether one of them is to forget.
    forgets: bool,
    /// Whom messages go to: the bit of each receiver's number modulo 64.
    receivers: u64,
}

impl<P: Protocol> Effects<P> {
    /// An empty list.
    #[must_use]
    pub const fn new() -> Effects<P> {
        Effects { list: Vec::new(), forgets: false, receivers: 0 }
    }

    /// Sends `message` to `to`.
    pub fn send(&mut self, to: NodeId, message: P::Message) {
        self.push(Effect::Send { to, message });
    }

    /// Sends `message` to every node of `to`, one send after the other, in node order.
    pub fn broadcast(&mut self, to: &NodeSet, message: &P::Message) {
        for node in to.iter() {
            self.send(node, message.clone());
        }
    }

    /// Appends `record` and makes it durable.
    pub fn force(&mut self, record: P::Record) {
        self.push(Effect::Force(record));
    }

    /// Appends `record` lazily.
    pub fn write(&mut self, record: P::Record) {
        self.push(Effect::Write(record));
    }

    /// Sets the alarm `timer`.
    pub fn arm(&mut self, timer: P::Timer, span: Span) {
        self.push(Effect::Arm(timer, span));
    }

    /// Stops the alarm `timer`.
    pub fn disarm(&mut self, timer: P::Timer) {
        self.push(Effect::Disarm(timer));
    }

    /// Asks the local work for its vote.
    pub fn ask_vote(&mut self) {
        self.push(Effect::AskVote);
    }

    /// Makes `decision` the outcome at this node.
    pub fn decide(&mut self, decision: Decision) {
        self.push(Effect::Decide(decision));
    }

    /// Keeps the machine only for questions.
    pub fn rest(&mut self) {
        self.push(Effect::Rest);
    }

    /// Drops the machine.
    pub fn forget(&mut self) {
        self.push(Effect::Forget);
    }

    /// Adds any effect; wrappers that change a protocol's effects use it.
    #[inline]
    pub fn push(&mut self, effect: Effect<P>) {
        match effect {
            Effect::Send { to, .. } => self.receivers |= 1 << (to.0 % 64),
            Effect::Forget => self.forgets = true,
            _ => {}
        }
        self.list.push(effect);
    }

    /// Takes all effects out, in order.
    pub fn drain(&mut self) -> impl Iterator<Item = Effect<P>> + '_ {
        self.forgets = false;
        self.receivers = 0;
        self.list.drain(..)
    }

    /// All effects, in order.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = &Effect<P>> {
        self.list.iter()
    }

    /// Forgets all effects.
    #[inline]
    pub fn clear(&mut self) {
        drop(self.drain());
    }

    /// Whether the machine is to be dropped.
    #[must_use]
    #[inline]
    pub fn forgets(&self) -> bool {
        self.forgets
    }

    /// Whether a message may go to `node`. Where this is false, none does; it may also be true
    /// because of another node.
    #[must_use]
    #[inline]
    pub fn may_send_to(&self, node: NodeId) -> bool {
        self.receivers >> (node.0 % 64) & 1 != 0
    }

    /// Whether nothing is wanted.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

impl<P: Protocol> Default for Effects<P> {
    fn default() -> Effects<P> {
        Effects::new()
    }
}
