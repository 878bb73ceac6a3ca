//! Three-phase commit, after Skeen 1981 and Bernstein, Hadzilacos & Goodman 1987, chapter 7;
//! protocols.md 8.1 (the phases, here) and 8.3 (what happens when the coordinator is silent, in
//! `termination.rs`). Assumed: nodes crash and recover with their durable log; no message is lost,
//! and all patience exceeds every delay, so that who is silent has crashed.
//!
//! Between the votes and the decision there is a phase in which everybody learns that everybody
//! agreed. Nobody commits while some operational node is uncertain; therefore what the survivors
//! know is enough to decide without the dead.

use commitsim_core::{
    Decision, Effects, Gone, NodeId, NodeSet, Promise, Protocol, Span, Status, Vote,
};

use crate::{Back, Config, Epoch, Message, Record, Reports, State, Timer, Votes};

pub(crate) type Cx<'a> = commitsim_core::Cx<'a, ThreePhase>;
pub(crate) type Fx = Effects<ThreePhase>;

/// One node's share of one transaction under three-phase commit.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ThreePhase {
    // The root's states, in their order.
    /// Votes are coming in.
    Voting(Votes),
    /// Everybody agreed, and the record of that is on its way to disk. The set is who said YES.
    Proposing(NodeSet),
    /// Everybody has heard the outcome. The set is who has not acknowledged it, the number counts
    /// repeats.
    Announcing(Decision, NodeSet, u8),
    // A coordinator's states: the root's, or those of whoever has taken over.
    /// STATE-REQ is out.
    Collecting(Doubt, Reports),
    /// PRE-COMMIT is out. The sets are who has to hear the outcome, and who has not acknowledged.
    Gathering(Doubt, NodeSet, NodeSet),
    /// The outcome record is on its way to disk. The set is who has to hear.
    Deciding(Epoch, Decision, NodeSet),
    // A participant's states, in their order.
    /// The local work goes on; nothing is promised.
    Working,
    /// The YES is on its way to disk.
    Preparing,
    /// In doubt: YES was said, and the coordinator has the word.
    Waiting(Doubt),
    /// The outcome record is on its way to disk; the acknowledgement follows it.
    Finishing(Decision),
    /// Done, and kept to answer those who are in doubt.
    Told(Decision),
    /// Recovered in doubt: takes no part any more, and asks.
    Asking(Back),
}

use ThreePhase::{
    Announcing, Asking, Collecting, Deciding, Finishing, Gathering, Preparing, Proposing, Told,
    Voting, Waiting, Working,
};

/// What a node in doubt keeps in mind.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Doubt {
    /// The latest epoch that it has answered; earlier coordinators are refused (8.3 rule 1).
    pub epoch: Epoch,
    /// What it knows of the votes.
    pub stands: Stands,
    /// Whose word it waits for.
    pub awaits: NodeId,
    /// Who was silent for too long.
    pub suspects: NodeSet,
}

/// The states w and p of protocols.md 8.1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Stands {
    /// Somebody may have refused (w).
    Uncertain,
    /// Everybody agreed, and the record of that is on its way to disk.
    PreCommitting,
    /// Everybody agreed (p).
    Committable,
}

impl Doubt {
    pub(crate) fn new(root: NodeId, stands: Stands) -> Doubt {
        Doubt { epoch: Epoch::first(root), stands, awaits: root, suspects: NodeSet::EMPTY }
    }
}

impl Protocol for ThreePhase {
    type Config = Config;
    type Message = Message;
    type Record = Record;
    type Timer = Timer;

    fn promise(config: &Config) -> Promise {
        config.promise()
    }

    /// Phase 1, root: VOTE-REQ.
    fn begin(cx: &Cx<'_>, fx: &mut Fx) -> ThreePhase {
        let mut root = Voting(Votes::of(&cx.cast.voters));
        fx.broadcast(&others(cx), &Message::Prepare);
        fx.arm(Timer::VotesDue, cx.config.patience.votes);
        if cx.cast.voters.contains(cx.me) {
            fx.ask_vote();
        }
        root.propose_if_all_agree(cx, fx);
        root
    }

    fn first_contact(cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) -> Option<Self> {
        let answer = match message {
            Message::Prepare => {
                fx.ask_vote();
                fx.arm(Timer::VotesDue, cx.config.silence_after(1));
                return Some(Working);
            }
            // ABORT has overtaken PREPARE, which will find the transaction closed.
            Message::Abort => {
                fx.decide(Decision::Abort);
                fx.send(from, Message::Ack);
                return Some(ThreePhase::over(cx, Decision::Abort, fx));
            }
            // Not having voted, this node may still refuse, and thereby helps.
            Message::Inquire => Message::Abort,
            Message::StateReq(epoch) => Message::StateReport(epoch, State::Aborted),
            _ => return None,
        };
        let mut refusing = Working;
        refusing.refuse(cx, fx);
        fx.send(from, answer);
        Some(refusing)
    }

    /// A root without a record has sent no PRE-COMMIT, for the record comes first, and one that
    /// has forgotten a commit was told by everybody that they will not ask: so what it answers is
    /// ABORT. A participant without a record may have voted read-only: it is a bystander.
    fn afterwards(cx: &Cx<'_>, gone: Gone, from: NodeId, message: Message, fx: &mut Fx) {
        let (root, lost) = (cx.me == cx.cast.root, gone == Gone::Lost);
        if lost && !root && matches!(message, Message::Prepare | Message::Abort) {
            fx.decide(Decision::Abort);
        }
        let (first, state) = (Epoch::first(cx.cast.root), State::Bystander);
        match message {
            Message::Inquire if root => fx.send(from, Message::Abort),
            Message::StateReq(e) if root => {
                fx.send(from, Message::StateReport(e, State::Aborted));
            }
            Message::Yes if root && lost => fx.send(from, Message::Abort),
            Message::Inquire => fx.send(from, Message::StateReport(first, state)),
            Message::StateReq(epoch) => fx.send(from, Message::StateReport(epoch, state)),
            Message::Commit | Message::Abort if !root => fx.send(cx.cast.root, Message::Ack),
            Message::Prepare if !root && lost => fx.send(from, Message::No),
            _ => {}
        }
    }

    fn recover(cx: &Cx<'_>, log: &[Record], fx: &mut Fx) -> Option<Self> {
        let Some(decision) = Record::known(log) else {
            return Some(ThreePhase::back(cx, log.contains(&Record::PreCommitted), fx));
        };
        fx.decide(decision);
        if log.contains(&Record::Ended) {
            return None;
        }
        // Who had acknowledged before the crash is not on record; they will do it again.
        Some(ThreePhase::over(cx, decision, fx))
    }

    fn on_message(&mut self, cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) {
        match message {
            Message::Prepare => {}
            Message::Yes => self.count(cx, from, Vote::Yes, fx),
            Message::No => self.count(cx, from, Vote::No, fx),
            Message::ReadOnly => self.count(cx, from, Vote::ReadOnly, fx),
            Message::PreCommit(epoch) => self.hear_precommit(cx, from, epoch, fx),
            Message::PreAck(epoch) => self.hear_ack(cx, from, epoch, fx),
            Message::Commit => self.hear(cx, Decision::Commit, fx),
            Message::Abort => self.hear(cx, Decision::Abort, fx),
            Message::Ack => self.end_if_last(from, fx),
            Message::Inquire => self.tell(cx, from, fx),
            Message::StateReq(epoch) => self.report(cx, from, epoch, fx),
            Message::StateReport(epoch, state) => self.collect(cx, from, epoch, state, fx),
        }
    }

    fn on_vote(&mut self, cx: &Cx<'_>, vote: Vote, fx: &mut Fx) {
        self.count(cx, cx.me, vote, fx);
        match (&*self, vote) {
            // YES is a promise: it may not leave before the record that keeps it.
            (Working, Vote::Yes) => {
                self.hush(fx);
                fx.force(Record::Prepared);
                *self = Preparing;
            }
            (Working, Vote::No) => self.refuse(cx, fx),
            (Working, Vote::ReadOnly) => {
                fx.send(cx.cast.root, Message::ReadOnly);
                fx.forget();
            }
            _ => {}
        }
    }

    fn on_durable(&mut self, cx: &Cx<'_>, record: &Record, fx: &mut Fx) {
        match (&mut *self, record) {
            (Preparing, Record::Prepared) => {
                fx.send(cx.cast.root, Message::Yes);
                fx.arm(Timer::DecisionDue, cx.config.silence_after(1));
                *self = Waiting(Doubt::new(cx.cast.root, Stands::Uncertain));
            }
            // Phase 2, root: PRE-COMMIT.
            (Proposing(yes), Record::PreCommitted) => {
                let yes = core::mem::take(yes);
                let doubt = Doubt::new(cx.me, Stands::Committable);
                self.gather(cx, doubt, yes.clone(), yes, fx);
            }
            (_, Record::PreCommitted) => self.stand_committable(cx, fx),
            // The commit point, and the only one: here it is decided.
            (Deciding(_, decision, tell), Record::Committed | Record::Aborted) => {
                let (decision, tell) = (*decision, core::mem::take(tell));
                fx.decide(decision);
                *self = ThreePhase::announced(cx, decision, tell, fx);
            }
            (Finishing(decision), Record::Committed | Record::Aborted) => {
                let decision = *decision;
                if cx.me != cx.cast.root {
                    fx.send(cx.cast.root, Message::Ack);
                }
                *self = ThreePhase::over(cx, decision, fx);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, cx: &Cx<'_>, timer: Timer, fx: &mut Fx) {
        match (&mut *self, timer) {
            (Voting(_), Timer::VotesDue | Timer::Tally) => self.abort(cx, fx),
            (Working, Timer::VotesDue) => self.refuse(cx, fx),
            // Who does not acknowledge has crashed: ignore it and commit.
            (Gathering(..), Timer::PreAcksDue) => self.commit(fx),
            (Collecting(..), Timer::ReportsDue) => self.terminate(cx, fx),
            (Waiting(_), Timer::DecisionDue) => self.suspect(cx, fx),
            (Asking(_), Timer::DecisionDue) => self.inquire(cx, fx),
            (Announcing(decision, silent, repeats), Timer::AcksDue) => {
                fx.broadcast(silent, &Message::outcome(*decision));
                fx.arm(Timer::AcksDue, cx.config.patience.before_repeat(repeats));
            }
            _ => {}
        }
    }

    /// The root decides for everybody until it is superseded.
    fn status(&self) -> Status {
        match self {
            Voting(_) | Proposing(_) | Working | Preparing => Status::Working,
            Gathering(Doubt { epoch, .. }, ..) | Deciding(epoch, ..) if epoch.is_first() => {
                Status::Working
            }
            Waiting(_) | Collecting(..) | Gathering(..) | Deciding(..) | Asking(_) => {
                Status::InDoubt
            }
            Announcing(known, ..) | Finishing(known) | Told(known) => Status::Decided(*known),
        }
    }
}

/// What a coordinator does.
impl ThreePhase {
    fn count(&mut self, cx: &Cx<'_>, voter: NodeId, vote: Vote, fx: &mut Fx) {
        match self {
            Voting(votes) => {
                // Votes of this very instant are still counted, so that nobody who says NO in it
                // is told to abort.
                if votes.count(voter, vote) {
                    fx.arm(Timer::Tally, Span::ZERO);
                }
                self.propose_if_all_agree(cx, fx);
            }
            // Who refuses, or leaves, while the abort record is being forced need not be told.
            Deciding(epoch, _, tell) if vote != Vote::Yes && epoch.is_first() => {
                tell.remove(voter);
            }
            _ => {}
        }
    }

    /// All YES: the record of that comes before the first PRE-COMMIT, so that a root that comes
    /// back without it knows that nobody can have committed. Where nothing was changed there is
    /// nothing to agree on, and no record.
    fn propose_if_all_agree(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Voting(votes) = self else { return };
        if !votes.all_agree() {
            return;
        }
        let (yes, unchanged) = (votes.yes.without(cx.me), votes.yes.is_empty());
        self.hush(fx);
        if unchanged {
            fx.decide(Decision::Commit);
            fx.forget();
        } else {
            fx.force(Record::PreCommitted);
        }
        *self = Proposing(yes);
    }

    /// A NO, or silence: tells everybody who has not refused.
    pub(crate) fn abort(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Voting(votes) = self else { return };
        let tell = votes.yes.union(&votes.missing).without(cx.me);
        fx.disarm(Timer::Tally);
        self.conclude(Epoch::first(cx.me), Decision::Abort, tell, fx);
    }

    /// Phase 2 from here on: PRE-COMMIT is sent, and `awaited` have to acknowledge it.
    pub(crate) fn gather(
        &mut self,
        cx: &Cx<'_>,
        doubt: Doubt,
        tell: NodeSet,
        awaited: NodeSet,
        fx: &mut Fx,
    ) {
        fx.broadcast(&awaited.without(cx.me), &Message::PreCommit(doubt.epoch));
        fx.arm(Timer::PreAcksDue, cx.config.patience.votes);
        *self = Gathering(doubt, tell, awaited);
        self.commit_if_all_know(fx);
    }

    fn hear_ack(&mut self, cx: &Cx<'_>, from: NodeId, epoch: Epoch, fx: &mut Fx) {
        match self {
            Gathering(doubt, _, awaited) if doubt.epoch == epoch => {
                awaited.remove(from);
                self.commit_if_all_know(fx);
            }
            _ => self.collect(cx, from, epoch, State::Committable, fx),
        }
    }

    pub(crate) fn commit_if_all_know(&mut self, fx: &mut Fx) {
        if matches!(self, Gathering(_, _, awaited) if awaited.is_empty()) {
            self.commit(fx);
        }
    }

    /// Phase 3: nobody alive is uncertain any more.
    fn commit(&mut self, fx: &mut Fx) {
        let Gathering(doubt, tell, _) = self else { return };
        let (epoch, tell) = (doubt.epoch, core::mem::take(tell));
        self.conclude(epoch, Decision::Commit, tell, fx);
    }

    /// The outcome is forced before anybody hears of it: when all have failed, the logs decide.
    pub(crate) fn conclude(
        &mut self,
        epoch: Epoch,
        decision: Decision,
        tell: NodeSet,
        fx: &mut Fx,
    ) {
        self.hush(fx);
        fx.force(Record::outcome(decision));
        *self = Deciding(epoch, decision, tell);
    }

    /// Only the root waits for acknowledgements; whoever took over stays to tell who asks.
    pub(crate) fn announced(
        cx: &Cx<'_>,
        decision: Decision,
        tell: NodeSet,
        fx: &mut Fx,
    ) -> ThreePhase {
        fx.broadcast(&tell, &Message::outcome(decision));
        if cx.me != cx.cast.root {
            return ThreePhase::over(cx, decision, fx);
        }
        if tell.is_empty() {
            end(fx);
        } else {
            fx.arm(Timer::AcksDue, cx.config.patience.acks);
        }
        Announcing(decision, tell, 1)
    }

    fn end_if_last(&mut self, from: NodeId, fx: &mut Fx) {
        let Announcing(_, silent, _) = self else { return };
        if silent.remove(from) && silent.is_empty() {
            end(fx);
        }
    }
}

pub(crate) fn others(cx: &Cx<'_>) -> NodeSet {
    cx.cast.voters.without(cx.me)
}

/// Nobody will ask any more.
fn end(fx: &mut Fx) {
    fx.write(Record::Ended);
    fx.forget();
}
