//! Decentralized two-phase commit, after Skeen 1981 and Bernstein, Hadzilacos & Goodman 1987,
//! section 7.4; protocols.md 4.3. Assumed: nodes crash and recover with their durable log;
//! messages are lost, late, doubled and out of order; nothing is known of the time.
//!
//! Every node tells its vote to all others, the root first, whose YES is the request. Whoever has
//! heard YES from all commits; whoever hears a NO aborts. Nobody coordinates, so nobody is missed
//! whose vote is out. That everybody may forget, each node says DONE when its commit is on record.
//!
//! Aborts are presumed: they are neither forced nor followed by a DONE. A node forgets a commit
//! only when all have said DONE, that is when nobody can be in doubt any more; so a node without
//! information may tell whoever asks that the transaction has aborted.
//!
//! DONE is never answered. Who misses one repeats COMMIT, which is answered with DONE, also by a
//! node that has forgotten; between two nodes that have finished nothing goes on for ever.
//!
//! A read-only vote counts as YES, with all its records: others may need to hear it again.

use commitsim_core::{Decision, Effects, Gone, NodeId, NodeSet, Promise, Protocol, Status, Vote};

use crate::about::PROMISE;
use crate::{Config, Message, Record, Timer};

type Cx<'a> = commitsim_core::Cx<'a, Decentralized>;
type Fx = Effects<Decentralized>;

/// One node's share of one transaction under decentralized two-phase commit.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Decentralized {
    /// The local work goes on; nothing is promised. The set is whose YES is missing, this node's
    /// own included, here and in the next two states.
    Working(NodeSet),
    /// The own YES is on its way to disk.
    Preparing(NodeSet),
    /// In doubt: YES was said to all. The number counts questions.
    Prepared(NodeSet, u8),
    /// All have said YES, and the commit record is on its way to disk. The set is who has not said
    /// DONE.
    Finishing(NodeSet),
    /// The commit is on record, and DONE was said to all. The set is who has not said it, the
    /// number counts repeats.
    Announcing(NodeSet, u8),
}

use Decentralized::{Announcing, Finishing, Prepared, Preparing, Working};

impl Protocol for Decentralized {
    type Config = Config;
    type Message = Message;
    type Record = Record;
    type Timer = Timer;

    fn promise(_: &Config) -> Promise {
        PROMISE
    }

    fn begin(cx: &Cx<'_>, fx: &mut Fx) -> Decentralized {
        work(cx, fx)
    }

    /// Any YES opens, since that of the root may be late or lost.
    fn first_contact(cx: &Cx<'_>, _: NodeId, message: Message, fx: &mut Fx) -> Option<Self> {
        match message {
            Message::Yes(known) => {
                let mut working = work(cx, fx);
                working.count(cx, &known, fx);
                return Some(working);
            }
            Message::No => fx.decide(Decision::Abort),
            // Not having voted, this node may still refuse, and thereby helps.
            Message::Inquire => say_no(cx, fx),
            _ => {}
        }
        None
    }

    /// A transaction older than this node's restart gets no YES from it any more, and never got
    /// one, since every YES is on record: abort is a fact. Without such a restart, whoever is in
    /// doubt asks about an abort; and whoever tells of a commit lacks this node's DONE.
    fn afterwards(_: &Cx<'_>, gone: Gone, from: NodeId, message: Message, fx: &mut Fx) {
        let opens = matches!(message, Message::Yes(_) | Message::No | Message::Inquire);
        if gone == Gone::Lost && opens {
            fx.decide(Decision::Abort);
        }
        match message {
            Message::Yes(_) if gone == Gone::Lost => fx.send(from, Message::No),
            Message::Inquire => fx.send(from, Message::Abort),
            Message::Commit => fx.send(from, Message::Done),
            _ => {}
        }
    }

    /// Recovery from the log: in doubt, ask, which repeats the own YES; committed, say DONE again
    /// and collect it again, since who had said it is not on record.
    fn recover(cx: &Cx<'_>, log: &[Record], fx: &mut Fx) -> Option<Self> {
        if log.contains(&Record::Committed) {
            fx.decide(Decision::Commit);
            let mut known = Finishing(cx.cast.voters.without(cx.me));
            known.announce(cx, fx);
            return Some(known);
        }
        if log.contains(&Record::Aborted) {
            fx.decide(Decision::Abort);
            return None;
        }
        let mut in_doubt = Prepared(cx.cast.voters.without(cx.me), 0);
        in_doubt.inquire(cx, fx);
        // A node alone has heard from everybody.
        in_doubt.commit_if_all_agree(cx, fx);
        Some(in_doubt)
    }

    fn on_message(&mut self, cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) {
        match (&mut *self, message) {
            (Working(_) | Preparing(_) | Prepared(..), Message::Yes(known)) => {
                self.count(cx, &known, fx);
            }
            (Working(_) | Preparing(_) | Prepared(..), Message::No | Message::Abort) => abort(fx),
            // Whoever has heard all votes may be believed.
            (Prepared(..), Message::Commit) => self.commit(cx, fx),
            (Prepared(..), Message::Done) => {
                self.commit(cx, fx);
                self.note_done(from, fx);
            }
            (Finishing(_) | Announcing(..), Message::Done) => self.note_done(from, fx),
            (Announcing(..), Message::Commit) => fx.send(from, Message::Done),
            // The evidence rules of 4.3: the outcome to who asks, if it is known; a refusal, if
            // nothing is promised; or all votes that have been heard.
            (Finishing(_) | Announcing(..), Message::Inquire) => fx.send(from, Message::Commit),
            (Working(_), Message::Inquire) => {
                say_no(cx, fx);
                fx.forget();
            }
            (Preparing(_), Message::Inquire) => self.count(cx, &only(from), fx),
            (Prepared(missing, _), Message::Inquire) => {
                missing.remove(from);
                let heard = cx.cast.voters.iter().filter(|node| !missing.contains(*node)).collect();
                fx.send(from, Message::Yes(heard));
                self.commit_if_all_agree(cx, fx);
            }
            _ => {}
        }
    }

    fn on_vote(&mut self, cx: &Cx<'_>, vote: Vote, fx: &mut Fx) {
        match (&*self, vote) {
            (Working(_), Vote::No) => {
                say_no(cx, fx);
                fx.forget();
            }
            (Working(missing), Vote::Yes | Vote::ReadOnly) => {
                fx.disarm(Timer::VotesDue);
                fx.force(Record::Prepared);
                *self = Preparing(missing.clone());
            }
            _ => {}
        }
    }

    fn on_durable(&mut self, cx: &Cx<'_>, record: &Record, fx: &mut Fx) {
        match (&*self, record) {
            // YES is a promise: it may not leave before the record that keeps it.
            (Preparing(missing), Record::Prepared) => {
                let missing = missing.without(cx.me);
                fx.broadcast(&cx.cast.voters.without(cx.me), &Message::Yes(only(cx.me)));
                if !missing.is_empty() {
                    fx.arm(Timer::DecisionDue, cx.config.patience.decision);
                }
                *self = Prepared(missing, 0);
                self.commit_if_all_agree(cx, fx);
            }
            (Finishing(_), Record::Committed) => self.announce(cx, fx),
            _ => {}
        }
    }

    /// Silence: whoever has promised nothing refuses, whoever is in doubt asks, whoever has
    /// decided repeats it.
    fn on_timer(&mut self, cx: &Cx<'_>, timer: Timer, fx: &mut Fx) {
        match (&mut *self, timer) {
            (Working(_), Timer::VotesDue) => {
                say_no(cx, fx);
                fx.forget();
            }
            (Prepared(..), Timer::DecisionDue) => self.inquire(cx, fx),
            (Announcing(silent, repeats), Timer::AcksDue) => {
                fx.broadcast(silent, &Message::Commit);
                fx.arm(Timer::AcksDue, cx.config.patience.before_repeat(repeats));
            }
            _ => {}
        }
    }

    fn status(&self) -> Status {
        match self {
            Working(_) | Preparing(_) => Status::Working,
            Prepared(..) => Status::InDoubt,
            Finishing(_) | Announcing(..) => Status::Decided(Decision::Commit),
        }
    }
}

impl Decentralized {
    /// Votes arrive, from their authors or by hearsay: what was promised is promised.
    fn count(&mut self, cx: &Cx<'_>, known: &NodeSet, fx: &mut Fx) {
        if let Working(missing) | Preparing(missing) | Prepared(missing, _) = self {
            for voter in known.iter() {
                missing.remove(voter);
            }
        }
        self.commit_if_all_agree(cx, fx);
    }

    /// The commit point of this node; each has its own.
    fn commit_if_all_agree(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        if matches!(self, Prepared(missing, _) if missing.is_empty()) {
            self.commit(cx, fx);
        }
    }

    /// All votes are on disk, so the outcome is certain before it is on record here.
    fn commit(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        fx.disarm(Timer::DecisionDue);
        fx.force(Record::Committed);
        fx.decide(Decision::Commit);
        *self = Finishing(cx.cast.voters.without(cx.me));
    }

    /// DONE lets the others forget this node's vote, so the outcome must last without it.
    fn announce(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Finishing(silent) = self else { return };
        fx.broadcast(&cx.cast.voters.without(cx.me), &Message::Done);
        if silent.is_empty() {
            fx.forget();
        } else {
            fx.arm(Timer::AcksDue, cx.config.patience.acks);
        }
        *self = Announcing(silent.clone(), 1);
    }

    /// The last DONE says that nobody will ask any more.
    fn note_done(&mut self, from: NodeId, fx: &mut Fx) {
        let (Finishing(silent) | Announcing(silent, _)) = self else { return };
        silent.remove(from);
        if matches!(self, Announcing(silent, _) if silent.is_empty()) {
            fx.forget();
        }
    }

    /// In doubt: ask everybody, and go on asking.
    fn inquire(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Prepared(_, questions) = self else { return };
        fx.broadcast(&cx.cast.voters.without(cx.me), &Message::Inquire);
        fx.arm(Timer::DecisionDue, cx.config.patience.before_repeat(questions));
    }
}

fn work(cx: &Cx<'_>, fx: &mut Fx) -> Decentralized {
    fx.ask_vote();
    fx.arm(Timer::VotesDue, cx.config.patience.votes);
    Working(cx.cast.voters.clone())
}

/// Nothing is promised yet, so this node may abort by itself, and says so to all.
fn say_no(cx: &Cx<'_>, fx: &mut Fx) {
    fx.write(Record::Aborted);
    fx.decide(Decision::Abort);
    fx.broadcast(&cx.cast.voters.without(cx.me), &Message::No);
}

/// Somebody has refused, and has said so to all or will say so when asked.
fn abort(fx: &mut Fx) {
    fx.write(Record::Aborted);
    fx.decide(Decision::Abort);
    fx.forget();
}

fn only(node: NodeId) -> NodeSet {
    [node].into_iter().collect()
}
