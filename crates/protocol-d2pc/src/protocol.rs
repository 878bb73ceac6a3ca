//! Dynamic two-phase commit, after Raz 1995; protocols.md 6 (rules 1 to 5) and, for what both
//! share, 7.2 (gaps G1 to G18) and trait-check.md 4 (G19 to G22). Assumed: the neighbours form a
//! tree; nodes crash and recover with their durable log; messages are lost, late, doubled and out
//! of order; nothing is known of the time.
//!
//! READY from u to v says that everybody on u's side of the edge has voted YES. It goes to the one
//! neighbour that has not said it yet, so the votes race towards the node that is last to vote,
//! and where they meet is the coordinator. A read-only vote counts as YES with all its records: a
//! node that passes votes on cannot leave.
//!
//! What may be concluded (the paper leaves crashes to the T2PC that it starts from):
//!
//! * Who has said READY is bound, and its record names to whom it said it. If a said READY to b
//!   and b to a, everybody has voted YES and nobody can ever abort: whoever knows both may commit.
//! * COMMIT goes to the node that I said READY to only when my commit is on disk; to the others at
//!   once. So READY at a node that has forgotten means abort: had it committed, it would not have
//!   forgotten before I was safe.
//! * Any other question at a node that has forgotten proves nothing: it may have committed and
//!   been acknowledged. It says nothing.

use alloc::collections::BTreeSet;

use commitsim_core::{Decision, Effects, Gone, NodeId, NodeSet, Promise, Protocol, Status, Vote};

use crate::{Config, Message, OutcomeForce, Record, Timer};

type Cx<'a> = commitsim_core::Cx<'a, DynamicTwoPhase>;
type Fx = Effects<DynamicTwoPhase>;

/// One node's share of one transaction under dynamic two-phase commit.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum DynamicTwoPhase {
    /// The local work goes on. The set is which neighbours have said READY.
    Working(NodeSet),
    /// This node agrees, and more than one neighbour has not said READY.
    Prepared(NodeSet),
    /// The READY for this neighbour is on its way to disk; whether that one's has come meanwhile.
    Readying(NodeId, bool),
    /// In doubt: READY was said.
    Ready(Doubt),
    /// Coordinator: the commit record is on its way to disk; whether READY was said before.
    Coordinating(bool),
    /// The outcome is known, and the neighbours have to hear it.
    Committed {
        /// Who told it and waits for an ACK; none at the coordinator.
        up: Option<NodeId>,
        /// Which neighbours have not acknowledged.
        silent: NodeSet,
        /// Whether the commit record is on disk.
        durable: bool,
        /// Counts repeats.
        repeats: u8,
    },
}

/// What a node in doubt knows.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Doubt {
    /// The neighbour to which this node said READY: the way to the decision.
    pub to: NodeId,
    /// Who is known to have said READY to whom.
    pub said: BTreeSet<(NodeId, NodeId)>,
    /// Whether that neighbour has been asked, and was silent.
    pub asked: bool,
    /// Counts repeats.
    pub repeats: u8,
}

use DynamicTwoPhase::{Committed, Coordinating, Prepared, Ready, Readying, Working};

impl Protocol for DynamicTwoPhase {
    type Config = Config;
    type Message = Message;
    type Record = Record;
    type Timer = Timer;

    fn promise(config: &Config) -> Promise {
        config.promise()
    }

    fn begin(cx: &Cx<'_>, fx: &mut Fx) -> DynamicTwoPhase {
        start(cx, &cx.cast.neighbours, NodeSet::EMPTY, fx)
    }

    /// PREPARE is flooded over the tree (G1). READY may overtake it, and says as much (G2).
    fn first_contact(cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) -> Option<Self> {
        let others = cx.cast.neighbours.without(from);
        match message {
            Message::Prepare => Some(start(cx, &others, NodeSet::EMPTY, fx)),
            Message::Ready { .. } => Some(start(cx, &others, [from].into_iter().collect(), fx)),
            // ABORT has overtaken PREPARE, so nobody behind this node has begun (G3).
            Message::Abort => {
                fx.decide(Decision::Abort);
                None
            }
            // Not having voted, this node may still refuse, and thereby helps (2.4 case 2).
            Message::Inquire => {
                fx.decide(Decision::Abort);
                fx.send(from, Message::Abort);
                None
            }
            _ => None,
        }
    }

    /// Aborts are presumed, and only towards who said READY to this node: see above. A transaction
    /// that is older than the last restart never got a vote here, so that abort is a fact.
    fn afterwards(_: &Cx<'_>, gone: Gone, from: NodeId, message: Message, fx: &mut Fx) {
        let lost = gone == Gone::Lost;
        let asks = matches!(message, Message::Prepare | Message::Ready { .. } | Message::Inquire);
        if lost && (asks || message == Message::Abort) {
            fx.decide(Decision::Abort);
        }
        match message {
            Message::Ready { again: true } => fx.send(from, Message::Abort),
            _ if lost && asks => fx.send(from, Message::Abort),
            Message::Commit => fx.send(from, Message::Ack),
            _ => {}
        }
    }

    fn recover(cx: &Cx<'_>, log: &[Record], fx: &mut Fx) -> Option<Self> {
        let mut ready = None;
        let mut committed = None;
        for record in log {
            match *record {
                Record::Ready(to) => ready = Some(to),
                Record::Committed(up) => committed = Some(up),
                Record::Aborted => {
                    fx.decide(Decision::Abort);
                    return None;
                }
                Record::Ended => {}
            }
        }
        let Some(up) = committed else {
            // Nothing was lost: the record names the way, and implies all other READYs. Both ends
            // of a glare say READY again, and the rule picks the same winner (rule 3).
            let mut doubt = Doubt::of(cx.me, ready?);
            doubt.ask(cx, fx);
            return Some(Ready(doubt));
        };
        fx.decide(Decision::Commit);
        if log.contains(&Record::Ended) {
            return None;
        }
        // Who had acknowledged before the crash is not on record; they will do it again.
        let mut machine = announce(cx, up, true, fx);
        machine.end_if_all_is_said(fx);
        Some(machine)
    }

    fn on_message(&mut self, cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) {
        match message {
            Message::Prepare => {}
            Message::Ready { again } => self.count(cx, from, again, fx),
            Message::Commit => self.hear_commit(cx, from, fx),
            Message::Abort => self.hear_abort(cx, from, fx),
            Message::Ack => {
                if let Committed { silent, .. } = self {
                    silent.remove(from);
                    self.end_if_all_is_said(fx);
                }
            }
            Message::Inquire => self.answer(cx, from, fx),
            Message::Uncertain(to) => {
                if let Ready(doubt) = self {
                    doubt.said.insert((from, to));
                    if doubt.is_over() {
                        self.coordinate(true, fx);
                    }
                }
            }
        }
    }

    fn on_vote(&mut self, cx: &Cx<'_>, vote: Vote, fx: &mut Fx) {
        let Working(heard) = self else { return };
        if vote == Vote::No {
            self.abort(&cx.cast.neighbours, fx);
            return;
        }
        *self = Prepared(core::mem::take(heard));
        self.vote_if_one_is_missing(cx, fx);
    }

    fn on_durable(&mut self, cx: &Cx<'_>, record: &Record, fx: &mut Fx) {
        match (&mut *self, record) {
            // The last READY came during the force: nobody is left to be told of mine (G22).
            (Readying(_, true), Record::Ready(_)) => self.coordinate(false, fx),
            (Readying(to, false), Record::Ready(_)) => {
                fx.send(*to, Message::Ready { again: false });
                fx.arm(Timer::DecisionDue, cx.config.patience.decision);
                *self = Ready(Doubt::of(cx.me, *to));
            }
            (Coordinating(_), Record::Committed(_)) => {
                fx.decide(Decision::Commit);
                *self = announce(cx, None, true, fx);
                self.end_if_all_is_said(fx);
            }
            (Committed { durable, .. }, Record::Committed(_)) => {
                *durable = true;
                self.end_if_all_is_said(fx);
            }
            _ => {}
        }
    }

    /// Silence: before its READY a node aborts (G5), after it it asks, for ever (V8).
    fn on_timer(&mut self, cx: &Cx<'_>, timer: Timer, fx: &mut Fx) {
        match (&mut *self, timer) {
            (Working(_) | Prepared(_), Timer::VotesDue) => self.abort(&cx.cast.neighbours, fx),
            // Who lost a glare waits for the winner, but not for ever: it knows the outcome too.
            (Ready(doubt), Timer::DecisionDue) if doubt.asked && doubt.is_over() => {
                self.coordinate(true, fx);
            }
            (Ready(doubt), Timer::DecisionDue) => doubt.ask(cx, fx),
            (Committed { silent, repeats, .. }, Timer::AcksDue) => {
                fx.broadcast(silent, &Message::Commit);
                fx.arm(Timer::AcksDue, cx.config.patience.before_repeat(repeats));
            }
            _ => {}
        }
    }

    fn status(&self) -> Status {
        match self {
            Working(_) | Prepared(_) | Readying(..) | Coordinating(false) => Status::Working,
            Ready(_) | Coordinating(true) => Status::InDoubt,
            Committed { .. } => Status::Decided(Decision::Commit),
        }
    }
}

/// PREPARE goes on to `others`. The neighbours are those of the cast, fixed before anyone votes.
fn start(cx: &Cx<'_>, others: &NodeSet, heard: NodeSet, fx: &mut Fx) -> DynamicTwoPhase {
    fx.broadcast(others, &Message::Prepare);
    fx.ask_vote();
    // At every node: who has neither voted nor is asked for anything would wait for ever (G21).
    fx.arm(Timer::VotesDue, cx.config.patience.votes);
    Working(heard)
}

/// The race of votes.
impl DynamicTwoPhase {
    /// READY from a neighbour.
    fn count(&mut self, cx: &Cx<'_>, from: NodeId, again: bool, fx: &mut Fx) {
        match self {
            Working(heard) => {
                heard.insert(from);
            }
            Prepared(heard) => {
                heard.insert(from);
                self.vote_if_one_is_missing(cx, fx);
            }
            Readying(to, crossed) => *crossed |= from == *to,
            // A glare (rule 3): votes have crossed on this edge. Both ends know what happens next.
            Ready(doubt) if from == doubt.to => {
                doubt.said.insert((from, cx.me));
                if cx.me < from {
                    self.coordinate(true, fx);
                }
            }
            Committed { .. } if again => fx.send(from, Message::Commit),
            Ready(_) | Coordinating(_) | Committed { .. } => {}
        }
    }

    /// Rules 1 and 2; the second is looked at first (G15).
    fn vote_if_one_is_missing(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Prepared(heard) = self else { return };
        let mut missing = cx.cast.neighbours.iter().filter(|node| !heard.contains(*node));
        match (missing.next(), missing.next()) {
            (None, _) => self.coordinate(false, fx),
            // READY is a promise, so its record comes first. It is made this late because it must
            // name `to`: by that name an answer from who has forgotten can be told from silence.
            (Some(to), None) => {
                fx.disarm(Timer::VotesDue);
                fx.force(Record::Ready(to));
                *self = Readying(to, false);
            }
            _ => {}
        }
    }

    /// Rule 2. The commit record stands for the coordinator's vote as well.
    fn coordinate(&mut self, in_doubt: bool, fx: &mut Fx) {
        fx.disarm(Timer::VotesDue);
        fx.disarm(Timer::DecisionDue);
        fx.force(Record::Committed(None));
        *self = Coordinating(in_doubt);
    }
}

/// The outcome.
impl DynamicTwoPhase {
    fn hear_commit(&mut self, cx: &Cx<'_>, from: NodeId, fx: &mut Fx) {
        match self {
            // Rule 4.
            Ready(doubt) if from == doubt.to => {
                fx.disarm(Timer::DecisionDue);
                if cx.config.outcome_force == OutcomeForce::Forced {
                    fx.force(Record::Committed(Some(from)));
                } else {
                    fx.write(Record::Committed(Some(from)));
                }
                fx.decide(Decision::Commit);
                *self = announce(cx, Some(from), false, fx);
            }
            // By a way that no READY of mine went: whoever I wait for may not know it yet, and
            // must not hear it from me before my record is on disk.
            Ready(_) => self.coordinate(true, fx),
            // Two who took the decision tell each other. Who has it on disk will never ask.
            Committed { up, durable: true, .. } if *up != Some(from) => {
                fx.send(from, Message::Ack);
            }
            _ => {}
        }
    }

    /// Rule 5. A coordinator has all votes, so what calls itself an ABORT is none.
    fn hear_abort(&mut self, cx: &Cx<'_>, from: NodeId, fx: &mut Fx) {
        if matches!(self, Readying(..) | Ready(_)) {
            // Not forced: lost, it leaves a node in doubt, which asks and hears ABORT again.
            fx.write(Record::Aborted);
        }
        if !matches!(self, Coordinating(_) | Committed { .. }) {
            self.abort(&cx.cast.neighbours.without(from), fx);
        }
    }

    /// Aborts are presumed: they are told once and forgotten at once.
    fn abort(&mut self, tell: &NodeSet, fx: &mut Fx) {
        fx.decide(Decision::Abort);
        fx.broadcast(tell, &Message::Abort);
        fx.forget();
    }

    /// Somebody in doubt asks everybody (2.4): who knows tells, who has not voted aborts.
    fn answer(&mut self, cx: &Cx<'_>, from: NodeId, fx: &mut Fx) {
        match self {
            Working(_) | Prepared(_) => {
                let mut tell = cx.cast.neighbours.clone();
                tell.insert(from);
                self.abort(&tell, fx);
            }
            Ready(doubt) => fx.send(from, Message::Uncertain(doubt.to)),
            Committed { .. } => fx.send(from, Message::Commit),
            Readying(..) | Coordinating(_) => {}
        }
    }

    /// The ACK promises that this node and all behind it will never ask, so it comes last.
    fn end_if_all_is_said(&mut self, fx: &mut Fx) {
        let Committed { up, silent, durable: true, .. } = self else { return };
        if silent.is_empty() {
            if let Some(up) = *up {
                fx.send(up, Message::Ack);
            }
            fx.write(Record::Ended);
            fx.forget();
        }
    }
}

/// COMMIT goes on to all neighbours but the one it came from.
fn announce(cx: &Cx<'_>, up: Option<NodeId>, durable: bool, fx: &mut Fx) -> DynamicTwoPhase {
    let silent = up.map_or(cx.cast.neighbours.clone(), |up| cx.cast.neighbours.without(up));
    fx.broadcast(&silent, &Message::Commit);
    if !silent.is_empty() {
        fx.arm(Timer::AcksDue, cx.config.patience.acks);
    }
    Committed { up, silent, durable, repeats: 1 }
}

impl Doubt {
    fn of(me: NodeId, to: NodeId) -> Doubt {
        Doubt { to, said: BTreeSet::from([(me, to)]), asked: false, repeats: 0 }
    }

    /// Whether READY was said both ways on some edge: then commit is all that there can be.
    fn is_over(&self) -> bool {
        self.said.iter().any(|(one, other)| self.said.contains(&(*other, *one)))
    }

    /// First who this node waits for, which may have missed its READY; if that one is silent,
    /// everybody.
    fn ask(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        fx.send(self.to, Message::Ready { again: true });
        if core::mem::replace(&mut self.asked, true) {
            fx.broadcast(&cx.cast.voters.without(cx.me), &Message::Inquire);
        }
        fx.arm(Timer::DecisionDue, cx.config.patience.before_repeat(&mut self.repeats));
    }
}
