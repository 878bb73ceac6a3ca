//! Linear two-phase commit, after Gray 1978 and Bernstein, Hadzilacos & Goodman 1987, section 7.4;
//! protocols.md 4.1. Assumed: nodes crash and recover with their durable log; messages are lost,
//! late, doubled and out of order; nothing is known of the time.
//!
//! The nodes stand in a row, the root leftmost. A YES runs to the right and gathers everybody's
//! promise; the last node, which sees that all agree, decides; COMMIT runs back to the left, and
//! an ACK runs to the right once more so that all may forget.
//!
//! Aborts are presumed: they are neither forced nor acknowledged. What makes that safe is the way
//! of the ACK: a node forgets a commit only when everybody to its *left* has it on record. So a
//! node without information may tell whoever asks from its left that the transaction has aborted;
//! to its right it must say nothing. The last node, to whose left are all, can thus always answer.
//!
//! A read-only vote counts as YES, with all its records: a node that has to pass votes and
//! decisions on cannot leave early.

use commitsim_core::{Decision, Effects, Gone, NodeId, Promise, Protocol, Status, Vote};

use crate::about::PROMISE;
use crate::{Config, Message, Record, Timer};

type Cx<'a> = commitsim_core::Cx<'a, Linear>;
type Fx = Effects<Linear>;

/// One node's share of one transaction under linear two-phase commit.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Linear {
    /// The local work goes on; nothing is promised, here or further right.
    Working,
    /// The YES is on its way to disk.
    Preparing,
    /// In doubt: YES was said, and the outcome comes from the right. The number counts questions.
    Prepared(u8),
    /// Last node: all agree, and the commit record is on its way to disk.
    Deciding,
    /// The outcome is commit and was passed on; its record is on its way to disk.
    Finishing {
        /// Whether everybody to the left has it on record.
        acked: bool,
    },
    /// The commit is on record, and the left neighbour has not acknowledged it. The number counts
    /// repeats.
    Announcing(u8),
}

use Linear::{Announcing, Deciding, Finishing, Prepared, Preparing, Working};

impl Protocol for Linear {
    type Config = Config;
    type Message = Message;
    type Record = Record;
    type Timer = Timer;

    fn promise(_: &Config) -> Promise {
        PROMISE
    }

    fn begin(cx: &Cx<'_>, fx: &mut Fx) -> Linear {
        work(cx, fx)
    }

    fn first_contact(cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) -> Option<Self> {
        match message {
            Message::Yes => return Some(work(cx, fx)),
            Message::No => close(cx, fx),
            // Not having voted, this node may still refuse, and thereby helps (2.4 case 2). Those
            // further right are asked too, or never hear of the transaction.
            Message::Inquire => {
                fx.decide(Decision::Abort);
                fx.send(from, Message::Abort);
            }
            _ => {}
        }
        None
    }

    /// A transaction older than this node's restart gets no YES from it any more, and never got
    /// one, since every YES is on record: abort is a fact. What was played to the end was aborted
    /// as far as anybody to the left can still be in doubt; and whoever still tells this node of a
    /// commit lacks its ACK.
    fn afterwards(cx: &Cx<'_>, gone: Gone, from: NodeId, message: Message, fx: &mut Fx) {
        match (gone, message) {
            (Gone::Lost, Message::Yes) => {
                close(cx, fx);
                fx.send(from, Message::Abort);
            }
            (Gone::Lost, Message::No) => close(cx, fx),
            (Gone::Lost, Message::Inquire) => {
                fx.decide(Decision::Abort);
                fx.send(from, Message::Abort);
            }
            (Gone::Forgotten, Message::Yes | Message::Inquire) if is_left(cx, from) => {
                fx.send(from, Message::Abort);
            }
            (Gone::Forgotten, Message::Commit) if right(cx) == Some(from) => {
                fx.send(from, Message::Ack);
            }
            _ => {}
        }
    }

    /// Recovery from the log (2.5): in doubt, ask; committed, see to it that the left has heard.
    fn recover(cx: &Cx<'_>, log: &[Record], fx: &mut Fx) -> Option<Self> {
        if log.contains(&Record::Committed) {
            fx.decide(Decision::Commit);
            if log.contains(&Record::Ended) {
                return None;
            }
            if let Some(left) = cx.cast.parent {
                fx.send(left, Message::Commit);
            }
            let mut known = Finishing { acked: cx.cast.parent.is_none() };
            known.recorded(cx, fx);
            return Some(known);
        }
        if log.contains(&Record::Aborted) {
            fx.decide(Decision::Abort);
            return None;
        }
        let mut in_doubt = Prepared(0);
        in_doubt.inquire(cx, fx);
        Some(in_doubt)
    }

    fn on_message(&mut self, cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) {
        match (&mut *self, message) {
            (Prepared(_), Message::Commit) => self.commit(cx, fx),
            (Prepared(_), Message::Abort) => abort(cx, fx),
            // The left may be faster than the disk here, and what it acknowledges must be known to
            // last on this side of it too before it is passed on.
            (Finishing { acked }, Message::Ack) if cx.cast.parent == Some(from) => *acked = true,
            (Announcing(_), Message::Ack) if cx.cast.parent == Some(from) => end(cx, fx),
            // Whoever knows the outcome tells who asks; whoever has promised nothing makes it
            // abort (2.4 cases 1 and 2). Only those to the left can be in doubt then.
            (Finishing { .. } | Announcing(_), Message::Inquire) => {
                fx.send(from, Message::Commit);
            }
            (Working, Message::Inquire) => {
                refuse(cx, fx);
                if cx.cast.parent != Some(from) {
                    fx.send(from, Message::Abort);
                }
            }
            _ => {}
        }
    }

    /// The way to the right: each node adds its promise, and the last one decides. It needs no
    /// prepared record, as its commit record says the same.
    fn on_vote(&mut self, cx: &Cx<'_>, vote: Vote, fx: &mut Fx) {
        match (&*self, vote) {
            (Working, Vote::No) => refuse(cx, fx),
            (Working, Vote::Yes | Vote::ReadOnly) => {
                fx.disarm(Timer::VotesDue);
                if right(cx).is_some() {
                    fx.force(Record::Prepared);
                    *self = Preparing;
                } else {
                    fx.force(Record::Committed);
                    *self = Deciding;
                }
            }
            _ => {}
        }
    }

    fn on_durable(&mut self, cx: &Cx<'_>, record: &Record, fx: &mut Fx) {
        match (&*self, record) {
            // YES is a promise: it may not leave before the record that keeps it.
            (Preparing, Record::Prepared) => {
                tell_right(cx, Message::Yes, fx);
                fx.arm(Timer::DecisionDue, cx.config.patience.decision);
                *self = Prepared(0);
            }
            // The commit point.
            (Deciding, Record::Committed) => {
                fx.decide(Decision::Commit);
                tell_left(cx, Message::Commit, fx);
                *self = Finishing { acked: cx.cast.parent.is_none() };
                self.recorded(cx, fx);
            }
            (Finishing { .. }, Record::Committed) => self.recorded(cx, fx),
            _ => {}
        }
    }

    /// Silence (2.3): whoever has promised nothing aborts, whoever is in doubt asks, whoever has
    /// decided repeats it.
    fn on_timer(&mut self, cx: &Cx<'_>, timer: Timer, fx: &mut Fx) {
        match (&mut *self, timer) {
            (Working, Timer::VotesDue) => refuse(cx, fx),
            (Prepared(_), Timer::DecisionDue) => self.inquire(cx, fx),
            (Announcing(repeats), Timer::AcksDue) => {
                tell_left(cx, Message::Commit, fx);
                fx.arm(Timer::AcksDue, cx.config.patience.before_repeat(repeats));
            }
            _ => {}
        }
    }

    fn status(&self) -> Status {
        match self {
            Working | Preparing | Deciding => Status::Working,
            Prepared(_) => Status::InDoubt,
            Finishing { .. } | Announcing(_) => Status::Decided(Decision::Commit),
        }
    }
}

impl Linear {
    /// The way to the left: COMMIT is passed on at once, as the last node has it on record.
    fn commit(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        fx.disarm(Timer::DecisionDue);
        fx.force(Record::Committed);
        fx.decide(Decision::Commit);
        tell_left(cx, Message::Commit, fx);
        *self = Finishing { acked: cx.cast.parent.is_none() };
    }

    /// The commit is on record here. With the ACK from the left, the way to the right once more;
    /// without it, COMMIT is repeated until it comes.
    fn recorded(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        if matches!(self, Finishing { acked: true }) {
            end(cx, fx);
        } else {
            fx.arm(Timer::AcksDue, cx.config.patience.acks);
        }
        *self = Announcing(1);
    }

    /// In doubt: ask everybody, and go on asking.
    fn inquire(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Prepared(questions) = self else { return };
        fx.broadcast(&cx.cast.voters.without(cx.me), &Message::Inquire);
        fx.arm(Timer::DecisionDue, cx.config.patience.before_repeat(questions));
    }
}

/// Only who works needs patience: those further right have not begun.
fn work(cx: &Cx<'_>, fx: &mut Fx) -> Linear {
    fx.ask_vote();
    fx.arm(Timer::VotesDue, cx.config.patience.votes);
    Working
}

/// Nothing is promised yet, so this node may abort by itself, and says so to both sides.
fn refuse(cx: &Cx<'_>, fx: &mut Fx) {
    fx.write(Record::Aborted);
    fx.decide(Decision::Abort);
    tell_right(cx, Message::No, fx);
    tell_left(cx, Message::Abort, fx);
    fx.forget();
}

/// A NO has come, or a YES too late: those further right are spared the waiting.
fn close(cx: &Cx<'_>, fx: &mut Fx) {
    fx.decide(Decision::Abort);
    tell_right(cx, Message::No, fx);
}

/// In doubt no longer. Nobody waits for an answer, and to the right all who matter know.
fn abort(cx: &Cx<'_>, fx: &mut Fx) {
    fx.write(Record::Aborted);
    fx.decide(Decision::Abort);
    tell_left(cx, Message::Abort, fx);
    fx.forget();
}

/// Everybody up to here has the commit on record: none of them will ask any more.
fn end(cx: &Cx<'_>, fx: &mut Fx) {
    tell_right(cx, Message::Ack, fx);
    fx.write(Record::Ended);
    fx.forget();
}

fn tell_left(cx: &Cx<'_>, message: Message, fx: &mut Fx) {
    if let Some(left) = cx.cast.parent {
        fx.send(left, message);
    }
}

fn tell_right(cx: &Cx<'_>, message: Message, fx: &mut Fx) {
    if let Some(right) = right(cx) {
        fx.send(right, message);
    }
}

/// The right neighbour; none at the last node.
fn right(cx: &Cx<'_>) -> Option<NodeId> {
    cx.cast.children().iter().next()
}

/// Whether `other` stands to the left: the root is first, the others follow in node order.
fn is_left(cx: &Cx<'_>, other: NodeId) -> bool {
    let root = cx.cast.root;
    cx.me != root && (other == root || other < cx.me)
}
