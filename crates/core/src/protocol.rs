//! The one trait of this system.

use core::fmt::Debug;
use core::hash::Hash;

use crate::{Cast, Decision, Effects, NodeId, Promise, Spoken, TxId, Vote};

/// One node's share of one transaction: a machine.
///
/// A machine is fed by its host and answers with effects. It has no clock, no randomness, no
/// network and no storage, so that the same value runs in a simulator, in an exhaustive search
/// and on real sockets.
pub trait Protocol: Clone + Eq + Hash + Debug + Send + Sync + Sized + 'static {
    /// Variant and patience; never changes in a run.
    type Config: Clone + Debug + Send + Sync;
    /// What travels.
    type Message: Spoken;
    /// What the log remembers.
    type Record: Spoken;
    /// The names of the alarms.
    type Timer: Alarm;

    /// What this configuration promises.
    fn promise(config: &Self::Config) -> Promise;

    // How a machine comes to exist.

    /// The transaction begins here.
    fn begin(cx: &Cx<'_, Self>, fx: &mut Effects<Self>) -> Self;

    /// The first message about a transaction that this node has never met. Returning nothing
    /// closes the transaction here for good.
    fn first_contact(
        cx: &Cx<'_, Self>,
        from: NodeId,
        message: Self::Message,
        fx: &mut Effects<Self>,
    ) -> Option<Self>;

    /// A message about a transaction that is over here. It can be answered, by presumption, but
    /// no machine can come of it: only sends and decisions are allowed.
    fn afterwards(
        cx: &Cx<'_, Self>,
        gone: Gone,
        from: NodeId,
        message: Self::Message,
        fx: &mut Effects<Self>,
    );

    /// The node restarts and finds these records of the transaction, in order; there is at least
    /// one. Must decide whenever the records know the outcome, also when nothing is left to do.
    fn recover(cx: &Cx<'_, Self>, log: &[Self::Record], fx: &mut Effects<Self>) -> Option<Self>;

    // What can happen to it.

    /// A message has arrived.
    fn on_message(
        &mut self,
        cx: &Cx<'_, Self>,
        from: NodeId,
        message: Self::Message,
        fx: &mut Effects<Self>,
    );

    /// The local work has answered.
    fn on_vote(&mut self, cx: &Cx<'_, Self>, vote: Vote, fx: &mut Effects<Self>);

    /// A record, forced or lazy, is on stable storage.
    fn on_durable(&mut self, cx: &Cx<'_, Self>, record: &Self::Record, fx: &mut Effects<Self>);

    /// An alarm has gone off.
    fn on_timer(&mut self, cx: &Cx<'_, Self>, timer: Self::Timer, fx: &mut Effects<Self>);

    // What the outside may ask.

    /// Where this node stands.
    fn status(&self) -> Status;
}

/// All that a protocol may see.
#[derive(Debug)]
pub struct Cx<'a, P: Protocol> {
    /// This node.
    pub me: NodeId,
    /// This transaction.
    pub tx: TxId,
    /// Who plays in it.
    pub cast: &'a Cast,
    /// Variant and patience.
    pub config: &'a P::Config,
}

/// The name of an alarm: a closed list, so that hosts can keep alarms in small tables.
pub trait Alarm: Copy + Eq + Ord + Hash + Debug + Send + Sync + 'static {
    /// All alarms, at most eight.
    const ALL: &'static [Self];

    /// Their names, in the same order.
    const NAMES: &'static [&'static str];

    /// This alarm's place in both lists.
    fn index(self) -> u8;
}

/// Where a machine stands, in the words of the transaction-commit specification
/// (Gray & Lamport 2006, section 2, where in doubt is called *prepared*).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Status {
    /// May still abort by itself, or decides for everybody.
    Working,
    /// Has voted YES and cannot decide by itself.
    InDoubt,
    /// Knows the outcome.
    Decided(Decision),
    /// Has no vote and no say; helps others to decide.
    Helping,
}

/// Why a node has no machine for a transaction and cannot make one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Gone {
    /// Its part was played to the end.
    Forgotten,
    /// The transaction is older than this node's last restart, which found no record of it: the
    /// node is not bound by a YES, and will never give one. It may have voted read-only.
    Lost,
}
