//! Two-phase commit with backup coordinators, after Reddy & Kitsuregawa 1998: protocols.md 9.1, in
//! the acknowledged form. Assumed: nodes crash and recover with their durable log; messages are
//! lost, late, doubled and out of order; nothing is known of the time.
//!
//! It is two-phase commit, presumed nothing, with one step between decision and telling: the root
//! has its decision on disk, sends it to the backups, and goes on when the first of them has it on
//! disk too. Who is in doubt and gets no answer from the root asks the backups. What a backup does
//! not know means *wait*, never abort (V17).
//!
//! The root's own record comes first. So a root that finds no record after a crash has told no
//! backup either, and may presume abort without asking them; and a root that hears from no backup
//! may go on without them: it has lost the safety net, not the decision.

use commitsim_core::{
    Decision, Effects, Gone, NodeId, NodeSet, Promise, Protocol, Span, Status, Vote,
};

use crate::{Config, Message, Record, Timer, Votes};

type Cx<'a> = commitsim_core::Cx<'a, BackedUp>;
type Fx = Effects<BackedUp>;

/// One node's share of one transaction.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum BackedUp {
    // The root's states, in their order.
    /// Votes are coming in.
    Voting(Votes),
    /// The decision record is on its way to disk. The set is who has to hear the outcome.
    Deciding(Decision, NodeSet),
    /// The decision is on disk here, and on its way to the backups.
    BackingUp(Decision, NodeSet),
    /// The outcome is out.
    Announcing(Decision, Silent),
    // A participant's states, in their order.
    /// The local work goes on; nothing is promised.
    Working,
    /// The YES is on its way to disk.
    Preparing,
    /// In doubt: YES was said, and only others know the outcome. The number counts questions.
    Prepared(u8),
    /// The outcome record is on its way to disk; the acknowledgement follows it.
    Finishing(Decision),
    // A backup's states, in their order.
    /// Somebody asked before the root told anything.
    Blank,
    /// The decision is on its way to disk.
    Recording(Decision, Kept),
    /// The decision is on disk, and kept for who asks until the root is done.
    Told(Decision),
}

/// Whether a backup is kept until the root's low-water mark only, or at least until it has recorded
/// the decision and said so.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kept {
    /// It was asked before it was told, and may never be told.
    AlreadyResting,
    /// It was told first.
    UntilRecorded,
}

/// Who has not answered the root's announcement.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Silent {
    /// Participants without an acknowledgement. The root stays for them.
    pub participants: NodeSet,
    /// Backups that have not recorded it. The root does not stay for them: when the participants
    /// are done, nobody is left to ask a backup.
    pub backups: NodeSet,
    /// How often the outcome was said.
    pub repeats: u8,
}

use BackedUp::{
    Announcing, BackingUp, Blank, Deciding, Finishing, Prepared, Preparing, Recording, Told,
    Voting, Working,
};

impl Protocol for BackedUp {
    type Config = Config;
    type Message = Message;
    type Record = Record;
    type Timer = Timer;

    fn promise(config: &Config) -> Promise {
        config.promise()
    }

    fn begin(cx: &Cx<'_>, fx: &mut Fx) -> BackedUp {
        fx.broadcast(&cx.cast.voters.without(cx.me), &Message::Prepare);
        fx.arm(Timer::VotesDue, cx.config.patience.votes);
        if cx.cast.voters.contains(cx.me) {
            fx.ask_vote();
        }
        Voting(Votes::of(&cx.cast.voters))
    }

    fn first_contact(cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) -> Option<Self> {
        match message {
            Message::RecordDecision(decision) => Some(record(decision, Kept::UntilRecorded, fx)),
            // It must be able to record the decision later, so it stays, until the root's
            // low-water mark says that nobody is in doubt any more.
            Message::Inquire => {
                fx.send(from, Message::Unknown);
                fx.rest();
                Some(Blank)
            }
            Message::Prepare => {
                fx.ask_vote();
                // The root's patience ends first; this is for an ABORT and a vote that never come.
                fx.arm(Timer::VotesDue, cx.config.patience.votes.plus(cx.config.patience.decision));
                Some(Working)
            }
            // ABORT has overtaken PREPARE, which will find the transaction closed.
            Message::Abort => {
                fx.decide(Decision::Abort);
                fx.send(cx.cast.root, Message::Ack);
                None
            }
            _ => None,
        }
    }

    /// A root without a record never had a decision that anybody could have heard, backups
    /// included: abort. Everybody else may have known the outcome and forgotten it. A transaction
    /// older than a restart gets no YES from this node any more: that is a NO.
    fn afterwards(cx: &Cx<'_>, gone: Gone, from: NodeId, message: Message, fx: &mut Fx) {
        let (root, lost) = (cx.me == cx.cast.root, gone == Gone::Lost);
        if lost && !root && matches!(message, Message::Prepare | Message::Abort) {
            fx.decide(Decision::Abort);
        }
        match message {
            Message::RecordDecision(_) => fx.send(from, Message::Recorded),
            Message::Inquire | Message::Yes if root && lost => fx.send(from, Message::Abort),
            Message::Commit | Message::Abort if !root => fx.send(cx.cast.root, Message::Ack),
            Message::Prepare if !root && lost => fx.send(from, Message::No),
            _ => {}
        }
    }

    /// A root that had decided tells everybody again, participants and backups at once: the
    /// outcome may be out already.
    fn recover(cx: &Cx<'_>, log: &[Record], fx: &mut Fx) -> Option<Self> {
        let Some(decision) = Record::known(log) else {
            let mut in_doubt = Prepared(0);
            in_doubt.inquire(cx, fx);
            return Some(in_doubt);
        };
        fx.decide(decision);
        if is_backup(cx) {
            fx.rest();
            return Some(Told(decision));
        }
        if cx.me != cx.cast.root || log.contains(&Record::Ended) {
            return None;
        }
        let mut root = BackingUp(decision, cx.cast.voters.without(cx.me));
        fx.broadcast(&cx.cast.helpers, &Message::RecordDecision(decision));
        root.announce(cx, &NodeSet::EMPTY, fx);
        Some(root)
    }

    fn on_message(&mut self, cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) {
        match (&mut *self, message) {
            (_, Message::Yes) => self.count(cx, from, Vote::Yes, fx),
            (_, Message::No) => self.count(cx, from, Vote::No, fx),
            (_, Message::ReadOnly) => self.count(cx, from, Vote::ReadOnly, fx),
            (_, Message::Commit) => self.hear(cx, Decision::Commit, fx),
            (_, Message::Abort) => self.hear(cx, Decision::Abort, fx),
            // The first backup has it: that is when the root has decided.
            (BackingUp(decision, _), Message::Recorded) => {
                fx.decide(*decision);
                self.announce(cx, &[from].into_iter().collect(), fx);
            }
            (Announcing(_, silent), Message::Recorded) => {
                silent.backups.remove(from);
            }
            (Announcing(_, silent), Message::Ack) => {
                silent.participants.remove(from);
                if silent.participants.is_empty() {
                    end(fx);
                }
            }
            (Announcing(known, _) | Told(known), Message::Inquire) => {
                fx.send(from, Message::outcome(*known));
            }
            (Blank | Recording(..), Message::Inquire) => fx.send(from, Message::Unknown),
            (Blank, Message::RecordDecision(decision)) => {
                *self = record(decision, Kept::AlreadyResting, fx);
            }
            (Told(_), Message::RecordDecision(_)) => fx.send(from, Message::Recorded),
            _ => {}
        }
    }

    fn on_vote(&mut self, cx: &Cx<'_>, vote: Vote, fx: &mut Fx) {
        self.count(cx, cx.me, vote, fx);
        match (&*self, vote) {
            // YES is a promise: it may not leave before the record that keeps it.
            (Working, Vote::Yes) => {
                fx.disarm(Timer::VotesDue);
                fx.force(Record::Prepared);
                *self = Preparing;
            }
            (Working, Vote::No) => refuse(cx, fx),
            (Working, Vote::ReadOnly) => {
                fx.send(cx.cast.root, Message::ReadOnly);
                fx.forget();
            }
            _ => {}
        }
    }

    fn on_durable(&mut self, cx: &Cx<'_>, record: &Record, fx: &mut Fx) {
        match (&*self, record) {
            (Deciding(decision, tell), Record::Committed | Record::Aborted) => {
                fx.broadcast(&cx.cast.helpers, &Message::RecordDecision(*decision));
                fx.arm(Timer::AcksDue, cx.config.patience.acks);
                *self = BackingUp(*decision, tell.clone());
            }
            (Preparing, Record::Prepared) => {
                fx.send(cx.cast.root, Message::Yes);
                fx.arm(Timer::DecisionDue, cx.config.patience.decision);
                *self = Prepared(0);
            }
            // The ACK frees the root to forget, so the outcome must last without it.
            (Finishing(_), Record::Committed | Record::Aborted) => {
                fx.send(cx.cast.root, Message::Ack);
                fx.forget();
            }
            (Recording(decision, kept), Record::Committed | Record::Aborted) => {
                fx.decide(*decision);
                fx.send(cx.cast.root, Message::Recorded);
                if *kept == Kept::UntilRecorded {
                    fx.rest();
                }
                *self = Told(*decision);
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, cx: &Cx<'_>, timer: Timer, fx: &mut Fx) {
        match (&mut *self, timer) {
            (Voting(_), Timer::VotesDue | Timer::Tally) => self.abort(cx, fx),
            // No backup answers. The decision is safe here, only not elsewhere as well.
            (BackingUp(decision, _), Timer::AcksDue) => {
                fx.decide(*decision);
                self.announce(cx, &NodeSet::EMPTY, fx);
            }
            (Announcing(decision, silent), Timer::AcksDue) => {
                fx.broadcast(&silent.participants, &Message::outcome(*decision));
                fx.broadcast(&silent.backups, &Message::RecordDecision(*decision));
                fx.arm(Timer::AcksDue, cx.config.patience.before_repeat(&mut silent.repeats));
            }
            (Working, Timer::VotesDue) => refuse(cx, fx),
            (Prepared(_), Timer::DecisionDue) => self.inquire(cx, fx),
            _ => {}
        }
    }

    fn status(&self) -> Status {
        match self {
            Voting(_) | Deciding(..) | BackingUp(..) | Working | Preparing => Status::Working,
            Prepared(_) => Status::InDoubt,
            Blank | Recording(..) => Status::Helping,
            Announcing(known, _) | Finishing(known) | Told(known) => Status::Decided(*known),
        }
    }
}

/// What the root does.
impl BackedUp {
    fn count(&mut self, cx: &Cx<'_>, voter: NodeId, vote: Vote, fx: &mut Fx) {
        match self {
            Voting(votes) => {
                // Votes of this very instant are still counted, so that nobody who says NO in it
                // is told to abort (2.1 step 3).
                if votes.count(voter, vote) {
                    fx.arm(Timer::Tally, Span::ZERO);
                }
                if votes.all_agree() {
                    self.commit(cx, fx);
                }
            }
            // Who refuses, or leaves, before the outcome is out need not be told.
            Deciding(_, tell) | BackingUp(_, tell) if vote != Vote::Yes => {
                tell.remove(voter);
            }
            _ => {}
        }
    }

    /// A transaction that changed nothing has no second phase, no record and no use for backups
    /// (2.7).
    fn commit(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Voting(votes) = self else { return };
        let changed = !votes.yes.is_empty();
        *self = Deciding(Decision::Commit, votes.yes.without(cx.me));
        fx.disarm(Timer::VotesDue);
        if changed {
            fx.force(Record::Committed);
        } else {
            fx.decide(Decision::Commit);
            fx.forget();
        }
    }

    /// Tells everybody who has not refused. Backups hear of aborts too: an abort that only a dead
    /// root knows blocks as a commit does.
    fn abort(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Voting(votes) = self else { return };
        *self = Deciding(Decision::Abort, votes.yes.union(&votes.missing).without(cx.me));
        fx.disarm(Timer::VotesDue);
        fx.disarm(Timer::Tally);
        fx.force(Record::Aborted);
    }

    /// Phase 2, root; `recorded` is which backup has the decision.
    fn announce(&mut self, cx: &Cx<'_>, recorded: &NodeSet, fx: &mut Fx) {
        let BackingUp(decision, tell) = self else { return };
        let (decision, participants) = (*decision, tell.clone());
        fx.broadcast(&participants, &Message::outcome(decision));
        if participants.is_empty() {
            end(fx);
        } else {
            fx.arm(Timer::AcksDue, cx.config.patience.acks);
        }
        let missing = cx.cast.helpers.iter().filter(|backup| !recorded.contains(*backup));
        let backups = missing.collect();
        *self = Announcing(decision, Silent { participants, backups, repeats: 1 });
    }
}

/// What a participant does.
impl BackedUp {
    /// The outcome arrives, from the root or a backup. Who has not voted has nothing on disk that
    /// would need an answer there.
    fn hear(&mut self, cx: &Cx<'_>, decision: Decision, fx: &mut Fx) {
        match self {
            Working if decision == Decision::Abort => {
                fx.write(Record::Aborted);
                fx.decide(decision);
                fx.send(cx.cast.root, Message::Ack);
                fx.forget();
            }
            Preparing | Prepared(_) => {
                fx.disarm(Timer::DecisionDue);
                fx.force(Record::outcome(decision));
                fx.decide(decision);
                *self = Finishing(decision);
            }
            _ => {}
        }
    }

    /// In doubt: ask the root, and from the second time on the backups as well. Other participants
    /// are not asked: they forget with their acknowledgement.
    fn inquire(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Prepared(questions) = self else { return };
        fx.send(cx.cast.root, Message::Inquire);
        if *questions > 0 {
            fx.broadcast(&cx.cast.helpers, &Message::Inquire);
        }
        fx.arm(Timer::DecisionDue, cx.config.patience.before_repeat(questions));
        // Also where the wait does not grow and is not counted, this was the first question.
        *questions = (*questions).max(1);
    }
}

fn record(decision: Decision, kept: Kept, fx: &mut Fx) -> BackedUp {
    fx.force(Record::outcome(decision));
    Recording(decision, kept)
}

/// Nothing is promised yet, so this node may abort by itself, and says so.
fn refuse(cx: &Cx<'_>, fx: &mut Fx) {
    fx.write(Record::Aborted);
    fx.decide(Decision::Abort);
    fx.send(cx.cast.root, Message::No);
    fx.forget();
}

/// Nobody will ask any more.
fn end(fx: &mut Fx) {
    fx.write(Record::Ended);
    fx.forget();
}

fn is_backup(cx: &Cx<'_>) -> bool {
    cx.cast.helpers.contains(cx.me)
}
