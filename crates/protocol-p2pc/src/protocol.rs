//! Peer-to-peer two-phase commit: the rules C0 to C4, A1 and A2 of its article, closed as
//! protocols.md 7.2 and 7.3 close them (gaps G1 to G18; G19 to G22 are in trait-check.md 4).
//! Assumed: the neighbours form a tree; nodes crash and recover with their durable log; messages
//! are lost, late, doubled and out of order; nothing is known of the time.
//!
//! READY from u to v says that everybody on u's side of the edge has voted YES (I1). It is vote
//! and decision in one: who has it from all neighbours, and agrees, knows all votes, and nobody
//! can veto that. A READY is true for ever, so it may come twice, late or out of order.
//!
//! Aborts are presumed: ABORTED and rule A3 are gone, and who aborts forgets at once (G9). That is
//! sound between neighbours, since a node that committed forgets only when all its neighbours have
//! the outcome on disk (G10). To a stranger "no information" proves nothing, so a node that has
//! forgotten does not answer strangers (G16); one that never had a record here answers everybody,
//! because every vote leaves a record. Hence a read-only vote counts as YES with its record: the
//! early farewell of a read-only leaf (G18) would leave its neighbour asking for ever if lost.

use commitsim_core::{Decision, Effects, Gone, NodeId, NodeSet, Promise, Protocol, Status, Vote};

use crate::{Config, Doubt, Message, OnDisk, OutcomeForce, Record, Timer, VoteForce};

type Cx<'a> = commitsim_core::Cx<'a, PeerToPeer>;
type Fx = Effects<PeerToPeer>;

/// One node's share of one transaction under peer-to-peer commit.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum PeerToPeer {
    /// The local work goes on. The set is which neighbours have said READY.
    Working(NodeSet),
    /// This node agrees, and has said READY to nobody. The same set, and where the vote record is.
    Prepared(NodeSet, OnDisk),
    /// The vote is on disk, so the abort must be too before anybody hears of it. The set is who.
    Aborting(NodeSet),
    /// All agree and this node is the last to know: its only record is on its way to disk.
    Committing,
    /// In doubt: READY was said, and the last vote is missing.
    Ready(Doubt),
    /// The outcome is known, and the neighbours have to have it on disk.
    Committed {
        /// Which neighbours have not said COMMITTED.
        silent: NodeSet,
        /// Whether the commit record is on disk here.
        stable: bool,
        /// Counts repeats.
        repeats: u8,
    },
}

use PeerToPeer::{Aborting, Committed, Committing, Prepared, Ready, Working};

impl Protocol for PeerToPeer {
    type Config = Config;
    type Message = Message;
    type Record = Record;
    type Timer = Timer;

    fn promise(config: &Config) -> Promise {
        config.promise()
    }

    fn begin(cx: &Cx<'_>, fx: &mut Fx) -> PeerToPeer {
        start(cx, &cx.cast.neighbours, NodeSet::EMPTY, fx)
    }

    /// PREPARE is flooded over the tree (C0, G1). READY may overtake it, and says as much (G2).
    fn first_contact(cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) -> Option<Self> {
        let others = cx.cast.neighbours.without(from);
        match message {
            Message::Prepare | Message::ReadyReq => Some(start(cx, &others, NodeSet::EMPTY, fx)),
            Message::Ready { .. } => Some(start(cx, &others, [from].into_iter().collect(), fx)),
            // ABORT has overtaken PREPARE, so nobody behind this node has begun (G3).
            Message::Abort => {
                fx.decide(Decision::Abort);
                None
            }
            // Not having voted, this node is made to abort, which helps who asks (7.3).
            Message::Inquire => {
                fx.decide(Decision::Abort);
                fx.send(from, Message::Abort);
                None
            }
            _ => None,
        }
    }

    /// G4, G9 and G16, as above. PREPARE and a first READY that come late ask nothing.
    fn afterwards(cx: &Cx<'_>, gone: Gone, from: NodeId, message: Message, fx: &mut Fx) {
        let asks = match message {
            Message::ReadyReq | Message::Inquire | Message::Ready { again: true } => true,
            Message::Prepare | Message::Ready { again: false } => gone == Gone::Lost,
            _ => false,
        };
        // Older than the last restart and without a record: there was no vote, nor will there be.
        if gone == Gone::Lost && (asks || message == Message::Abort) {
            fx.decide(Decision::Abort);
        }
        if asks && (gone == Gone::Lost || cx.cast.neighbours.contains(from)) {
            fx.send(from, Message::Abort);
        }
        if message == Message::Committed {
            fx.send(from, Message::Settled);
        }
    }

    /// Recovery (G11). A vote on record is a vote, whether or not READY has left; a node that
    /// comes back with one never aborts by itself.
    fn recover(cx: &Cx<'_>, log: &[Record], fx: &mut Fx) -> Option<Self> {
        if log.contains(&Record::Aborted) {
            fx.decide(Decision::Abort);
            return None;
        }
        if log.contains(&Record::Committed) {
            fx.decide(Decision::Commit);
            if log.contains(&Record::Ended) {
                return None;
            }
            let mut machine = Committing;
            machine.settle(cx, fx);
            return Some(machine);
        }
        let &Record::Ready(to) = log.first()? else { return None };
        // A record with a name implies the READYs of all others; one without implies nothing.
        let heard = to.map_or(NodeSet::EMPTY, |to| cx.cast.neighbours.without(to));
        let mut doubt = Doubt::of(cx, to, heard);
        doubt.ask(cx, fx);
        let mut machine = Ready(doubt);
        machine.go_on(cx, fx);
        Some(machine)
    }

    fn on_message(&mut self, cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) {
        match message {
            // The neighbours are those of the cast, fixed before anyone votes (G1).
            Message::Prepare => {}
            Message::Ready { again } => self.hear_ready(cx, from, again, fx),
            Message::Abort => self.hear_abort(cx, from, fx),
            Message::Committed => self.hear_committed(cx, from, fx),
            Message::Settled => {
                let Committed { silent, .. } = self else { return };
                silent.remove(from);
                self.forget_if_all_are_safe(fx);
            }
            Message::ReadyReq => self.repeat_ready(from, fx),
            Message::Inquire => self.answer(cx, from, fx),
            Message::Uncertain(to) => {
                let Ready(doubt) = self else { return };
                doubt.ready.insert((from, to));
                if doubt.is_over(cx) {
                    self.commit(cx, fx);
                }
            }
        }
    }

    fn on_vote(&mut self, cx: &Cx<'_>, vote: Vote, fx: &mut Fx) {
        let Working(heard) = self else { return };
        let heard = core::mem::take(heard);
        match (vote, cx.config.vote_force) {
            (Vote::No, _) => self.refuse(cx.cast.neighbours.clone(), fx),
            (_, VoteForce::Late) => {
                *self = Prepared(heard, OnDisk::No);
                self.go_on(cx, fx);
            }
            (_, VoteForce::Early) => {
                fx.force(Record::Ready(None));
                *self = Prepared(heard, OnDisk::Soon);
            }
        }
    }

    fn on_durable(&mut self, cx: &Cx<'_>, record: &Record, fx: &mut Fx) {
        match (&mut *self, record) {
            // The last READY may have come during the force, so all is looked at again (G22).
            (Prepared(_, vote), Record::Ready(_)) => {
                *vote = OnDisk::Yes;
                self.go_on(cx, fx);
            }
            (Aborting(tell), Record::Aborted) => {
                let tell = core::mem::take(tell);
                self.abort(&tell, fx);
            }
            (Committing, Record::Committed) => {
                fx.decide(Decision::Commit);
                fx.broadcast(&cx.cast.neighbours, &Message::Ready { again: false });
                self.settle(cx, fx);
            }
            (Committed { .. }, Record::Committed) => self.settle(cx, fx),
            _ => {}
        }
    }

    /// Silence: before its READY a node aborts (G5), after it it asks, for ever (V8).
    fn on_timer(&mut self, cx: &Cx<'_>, timer: Timer, fx: &mut Fx) {
        match (&mut *self, timer) {
            (Working(_) | Prepared(..), Timer::VotesDue) => {
                self.refuse(cx.cast.neighbours.clone(), fx);
            }
            (Ready(doubt), Timer::DecisionDue) => doubt.ask(cx, fx),
            // COMMITTED counts as READY, so there is nothing else to repeat (G12, G13).
            (Committed { silent, repeats, .. }, Timer::AcksDue) => {
                fx.broadcast(silent, &Message::Committed);
                fx.arm(Timer::AcksDue, cx.config.patience.before_repeat(repeats));
            }
            _ => {}
        }
    }

    fn status(&self) -> Status {
        match self {
            Working(_) | Prepared(..) | Aborting(_) | Committing => Status::Working,
            Ready(_) => Status::InDoubt,
            Committed { .. } => Status::Decided(Decision::Commit),
        }
    }
}

fn start(cx: &Cx<'_>, others: &NodeSet, heard: NodeSet, fx: &mut Fx) -> PeerToPeer {
    fx.broadcast(others, &Message::Prepare);
    fx.ask_vote();
    // At every node: who has neither voted nor is asked for anything would wait for ever (G21).
    fx.arm(Timer::VotesDue, cx.config.patience.votes);
    Working(heard)
}

/// The commit path.
impl PeerToPeer {
    fn hear_ready(&mut self, cx: &Cx<'_>, from: NodeId, again: bool, fx: &mut Fx) {
        match self {
            Working(heard) => {
                heard.insert(from);
            }
            Prepared(heard, _) | Ready(Doubt { heard, .. }) => {
                heard.insert(from);
                self.go_on(cx, fx);
            }
            Committed { .. } if again => self.repeat_ready(from, fx),
            Committed { .. } | Committing | Aborting(_) => {}
        }
    }

    /// C1 to C3; that nobody is missing is looked at before that one is (G15).
    fn go_on(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let (Prepared(heard, _) | Ready(Doubt { heard, .. })) = &*self else { return };
        let mut silent = cx.cast.neighbours.iter().filter(|node| !heard.contains(*node));
        let missing = (silent.next(), silent.next());
        match (&mut *self, missing.0, missing.1) {
            // C2. Having said READY to nobody, this node has no record: one that stands for vote
            // and decision must be on disk before any READY leaves (G7, V9).
            (Prepared(_, OnDisk::No), None, _) => {
                fx.disarm(Timer::VotesDue);
                fx.force(Record::Committed);
                *self = Committing;
            }
            // C3, and C2 with the vote on disk.
            (Prepared(_, OnDisk::Yes) | Ready(_), None, _) => self.commit(cx, fx),
            // C1: the record, and when it is on disk the READY (G6).
            (Prepared(_, vote @ OnDisk::No), Some(to), None) => {
                fx.force(Record::Ready(Some(to)));
                *vote = OnDisk::Soon;
            }
            (Prepared(heard, OnDisk::Yes), Some(to), None) => {
                fx.disarm(Timer::VotesDue);
                fx.send(to, Message::Ready { again: false });
                fx.arm(Timer::DecisionDue, cx.config.patience.decision);
                *self = Ready(Doubt::of(cx, Some(to), core::mem::take(heard)));
            }
            // C1 again: what a crash took has been said again, by all but one (G20).
            (Ready(Doubt { to: to @ None, ready, .. }), Some(last), None) => {
                *to = Some(last);
                ready.insert((cx.me, *to));
                fx.send(last, Message::Ready { again: true });
            }
            _ => {}
        }
    }

    /// All have voted YES, and this node's vote is on disk (I2). READY goes on at once; COMMITTED
    /// waits for the record.
    fn commit(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let said_to = match self {
            Ready(doubt) => doubt.to,
            Prepared(_, OnDisk::Yes) => None,
            _ => unreachable!("I2: {self:?} has no vote on disk"),
        };
        fx.disarm(Timer::VotesDue);
        fx.disarm(Timer::DecisionDue);
        match cx.config.outcome_force {
            OutcomeForce::Forced => fx.force(Record::Committed),
            OutcomeForce::Lazy => fx.write(Record::Committed),
        }
        fx.decide(Decision::Commit);
        let all = cx.cast.neighbours.clone();
        let others = said_to.map_or(all.clone(), |said_to| all.without(said_to));
        fx.broadcast(&others, &Message::Ready { again: false });
        *self = Committed { silent: all, stable: false, repeats: 1 };
    }

    /// The record is on disk: every neighbour hears of it (G8), also who has said the same.
    fn settle(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let silent = match self {
            Committed { silent, .. } => core::mem::take(silent),
            _ => cx.cast.neighbours.clone(),
        };
        fx.broadcast(&cx.cast.neighbours, &Message::Committed);
        fx.arm(Timer::AcksDue, cx.config.patience.acks);
        *self = Committed { silent, stable: true, repeats: 1 };
        self.forget_if_all_are_safe(fx);
    }

    /// COMMITTED may overtake READY, and then counts as both (G13). Said twice it is a question:
    /// mine was lost.
    fn hear_committed(&mut self, cx: &Cx<'_>, from: NodeId, fx: &mut Fx) {
        if matches!(self, Ready(_)) {
            self.commit(cx, fx);
        }
        let Committed { silent, stable, .. } = self else { return };
        if !silent.remove(from) && *stable {
            fx.send(from, Message::Settled);
        }
        self.forget_if_all_are_safe(fx);
    }

    /// C4, for both ends of each edge (G10).
    fn forget_if_all_are_safe(&mut self, fx: &mut Fx) {
        let Committed { silent, stable: true, .. } = self else { return };
        if silent.is_empty() {
            fx.write(Record::Ended);
            fx.forget();
        }
    }
}

/// The abort path.
impl PeerToPeer {
    /// A1 and G5. Only who has said READY to nobody may refuse (I3). After a crash a vote on disk
    /// comes back as a vote, so an abort on top of it needs a record of its own (V23).
    fn refuse(&mut self, tell: NodeSet, fx: &mut Fx) {
        match self {
            Working(_) | Prepared(_, OnDisk::No) => self.abort(&tell, fx),
            Prepared(..) => {
                fx.force(Record::Aborted);
                *self = Aborting(tell);
            }
            _ => unreachable!("I3: {self:?} has no say any more"),
        }
    }

    /// A2 and G3. Somebody has not voted and never will, so obeying needs no force: a vote that
    /// comes back after a crash asks, and hears ABORT again. Who has committed does not obey (I6).
    fn hear_abort(&mut self, cx: &Cx<'_>, from: NodeId, fx: &mut Fx) {
        let mut tell = cx.cast.neighbours.clone();
        match self {
            Committing | Committed { .. } => return,
            Aborting(others) => tell = tell.union(others),
            Ready(_) | Prepared(_, OnDisk::Soon | OnDisk::Yes) => fx.write(Record::Aborted),
            Working(_) | Prepared(_, OnDisk::No) => {}
        }
        self.abort(&tell.without(from), fx);
    }

    fn abort(&mut self, tell: &NodeSet, fx: &mut Fx) {
        fx.decide(Decision::Abort);
        fx.broadcast(tell, &Message::Abort);
        fx.forget();
    }
}

/// Questions and answers (7.3, termination).
impl PeerToPeer {
    /// A neighbour lacks my READY. It is said again where it is true; on disk, COMMITTED says more.
    fn repeat_ready(&self, to: NodeId, fx: &mut Fx) {
        match self {
            Committed { stable: true, .. } => fx.send(to, Message::Committed),
            Committed { .. } => fx.send(to, Message::Ready { again: false }),
            Ready(doubt) if doubt.to == Some(to) => fx.send(to, Message::Ready { again: false }),
            _ => {}
        }
    }

    /// Somebody in doubt asks everybody: who knows tells, who has not voted is made to abort, who
    /// is in doubt says where it stands.
    fn answer(&mut self, cx: &Cx<'_>, from: NodeId, fx: &mut Fx) {
        match self {
            Working(_) | Prepared(..) => {
                let mut tell = cx.cast.neighbours.clone();
                tell.insert(from);
                self.refuse(tell, fx);
            }
            Aborting(tell) => {
                tell.insert(from);
            }
            Ready(doubt) => fx.send(from, Message::Uncertain(doubt.to)),
            Committed { stable: true, .. } => fx.send(from, Message::Committed),
            Committed { .. } | Committing => {}
        }
    }
}
