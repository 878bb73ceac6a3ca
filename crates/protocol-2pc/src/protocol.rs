//! Two-phase commit.
//!
//! After Bernstein, Hadzilacos & Goodman 1987, chapter 7, and Mohan, Lindsay & Obermarck 1986;
//! protocols.md 2 and 3. Assumed: nodes crash and recover with their durable log; messages are
//! lost, late, doubled and out of order; nothing is known of the time.
//!
//! The variants differ in one word, the *presumption*: what the root answers about a transaction
//! of which it has no information. From it follows which outcome has to be acknowledged, and so
//! which outcome both sides have to make durable (`Config::acknowledged`).
//!
//! | root | a vote | all YES | a NO, or `VotesDue` | record durable | ACK | `AcksDue` | Inquire |
//! |---|---|---|---|---|---|---|---|
//! | Collecting | note it | | note it | PREPARE to all; Voting | | | |
//! | Voting | note it | commit*; Deciding | Tally, then abort*; Deciding | | | | |
//! | Deciding | a NO needs no telling | | | tell; Announcing | | | |
//! | Announcing | | | | | last one: end, forget | tell again | tell |
//!
//! | participant | PREPARE | vote | record durable | COMMIT, ABORT | `VotesDue`, `DecisionDue` |
//! |---|---|---|---|---|---|
//! | – | work; Working | | | close | |
//! | Working | | prepared*; Preparing, or NO | | abort | NO, abort |
//! | Preparing | | | YES; Prepared | outcome*; Finishing | |
//! | Prepared | | | | outcome*; Finishing | Inquire |
//! | Finishing | | | ACK; forget | | |
//! | Told | | | | ACK | |

use commitsim_core::{
    Cx, Decision, Effects, Gone, NodeId, NodeSet, Promise, Protocol, Span, Status, Vote,
};

use crate::{Config, Message, OutcomeForce, Presumption, Record, Termination, Timer};

type Context<'a> = Cx<'a, TwoPhase>;
type Fx = Effects<TwoPhase>;

/// One node's share of one transaction under two-phase commit.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TwoPhase {
    // The root's states, in the order in which they come.
    /// Presumed commit: the record of the participants is on its way to disk; nobody is asked yet.
    Collecting(Votes),
    /// Votes are coming in.
    Voting(Votes),
    /// The decision record is on its way to disk; `tell` is who has to hear the outcome.
    Deciding { decision: Decision, tell: NodeSet },
    /// The outcome is out; `silent` is who has not acknowledged it.
    Announcing { decision: Decision, silent: NodeSet, repeats: u8 },

    // A participant's states, in the order in which they come.
    /// The local work goes on; nothing is promised.
    Working,
    /// The YES is on its way to disk.
    Preparing,
    /// In doubt: YES was said, and only others know the outcome.
    Prepared { questions: u8 },
    /// The outcome record is on its way to disk; the acknowledgement follows it.
    Finishing(Decision),
    /// Cooperative termination: done, and kept to answer those who are in doubt.
    Told(Decision),
}

/// The root's count of votes: the entries of the pending-transactions table before the decision.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Votes {
    /// Who has not voted; the root itself is among them while its own work goes on.
    missing: NodeSet,
    /// Who voted YES.
    yes: NodeSet,
    /// Whether somebody voted NO.
    refused: bool,
}

impl Protocol for TwoPhase {
    type Config = Config;
    type Message = Message;
    type Record = Record;
    type Timer = Timer;

    fn promise(config: &Config) -> Promise {
        config.promise()
    }

    /// Phase 1, root (2.1 step 1). Presumed commit must have the participants on record before it
    /// asks them, or a crash would turn "I know nothing" into commit (V5).
    fn begin(cx: &Context<'_>, fx: &mut Fx) -> TwoPhase {
        let votes = Votes { missing: cx.cast.voters.clone(), yes: NodeSet::EMPTY, refused: false };
        let mut root = TwoPhase::Collecting(votes);
        if cx.config.presumption == Presumption::Commit {
            fx.force(Record::Collecting);
        } else {
            root.ask_for_votes(cx, fx);
        }
        if cx.cast.voters.contains(cx.me) {
            fx.ask_vote();
        }
        root
    }

    fn first_contact(
        cx: &Context<'_>,
        from: NodeId,
        message: Message,
        fx: &mut Fx,
    ) -> Option<TwoPhase> {
        match message {
            Message::Prepare => {
                fx.ask_vote();
                // The root loses patience first and says so; this alarm is for the case that
                // neither its ABORT nor a vote ever comes.
                fx.arm(Timer::VotesDue, cx.config.patience.votes.plus(cx.config.patience.decision));
                Some(TwoPhase::Working)
            }
            // ABORT has overtaken PREPARE, which will find the transaction closed.
            Message::Abort => {
                fx.decide(Decision::Abort);
                acknowledge(cx, Decision::Abort, fx);
                closed(cx, fx)
            }
            // Not having voted, this node may still refuse, and thereby helps (2.4 case 2). The
            // root hears it as a NO.
            Message::Inquire => {
                fx.write(Record::Aborted);
                fx.decide(Decision::Abort);
                fx.send(from, Message::Abort);
                fx.send(cx.cast.root, Message::No);
                closed(cx, fx)
            }
            _ => None,
        }
    }

    /// Without information the root answers as it presumes. A participant acknowledges what it
    /// is told; it never answers a question by presumption, since it may have committed and
    /// forgotten (2.4, trap). If it is older than its own restart it never voted YES, and refuses
    /// to now. That is no decision, and no answer to others in doubt: it may have voted read-only,
    /// of which there is no record, and then the root counted that and may have committed.
    fn afterwards(cx: &Context<'_>, gone: Gone, from: NodeId, message: Message, fx: &mut Fx) {
        let root = cx.me == cx.cast.root;
        match (message, gone) {
            (Message::Inquire, _) if root => fx.send(from, Message::outcome(cx.config.presumed())),
            (Message::Yes, Gone::Lost) if root && cx.config.presumed() == Decision::Abort => {
                fx.send(from, Message::Abort);
            }
            (Message::Commit, _) if !root => acknowledge(cx, Decision::Commit, fx),
            (Message::Abort, _) if !root => acknowledge(cx, Decision::Abort, fx),
            (Message::Prepare, Gone::Lost) if !root => fx.send(cx.cast.root, Message::No),
            _ => {}
        }
    }

    /// Recovery from the log (2.5): the root's records are its pending-transactions table, a
    /// participant's its list of transactions in doubt.
    fn recover(cx: &Context<'_>, log: &[Record], fx: &mut Fx) -> Option<TwoPhase> {
        let known = Record::known(log);
        if cx.me == cx.cast.root {
            // Collecting without commit means abort (3.2).
            let decision = known.unwrap_or(Decision::Abort);
            fx.decide(decision);
            if log.contains(&Record::Ended) || !cx.config.acknowledged(decision) {
                return None;
            }
            // Who had acknowledged before the crash is not on record; they will do it again.
            let mut root = TwoPhase::Deciding { decision, tell: cx.cast.voters.without(cx.me) };
            root.announce(cx, fx);
            return Some(root);
        }
        let mut participant = TwoPhase::Prepared { questions: 0 };
        match known {
            Some(decision) => {
                fx.decide(decision);
                if cx.config.termination == Termination::None {
                    return None;
                }
                participant = TwoPhase::Told(decision);
                fx.rest();
            }
            None => participant.inquire(cx, fx),
        }
        Some(participant)
    }

    fn on_message(&mut self, cx: &Context<'_>, from: NodeId, message: Message, fx: &mut Fx) {
        match (&mut *self, message) {
            // The root.
            (TwoPhase::Collecting(_) | TwoPhase::Voting(_), Message::Yes) => {
                self.count(cx, from, Vote::Yes, fx);
            }
            (TwoPhase::Collecting(_) | TwoPhase::Voting(_), Message::No) => {
                self.count(cx, from, Vote::No, fx);
            }
            (TwoPhase::Collecting(_) | TwoPhase::Voting(_), Message::ReadOnly) => {
                self.count(cx, from, Vote::ReadOnly, fx);
            }
            // Who refuses, or leaves, while the abort record is being forced need not be told.
            (TwoPhase::Deciding { tell, .. }, Message::No | Message::ReadOnly) => {
                tell.remove(from);
            }
            (TwoPhase::Announcing { silent, .. }, Message::Ack) => {
                silent.remove(from);
                if silent.is_empty() {
                    self.end(fx);
                }
            }

            // A participant.
            (TwoPhase::Working, Message::Abort) => {
                self.abort_alone(cx, None, fx);
                acknowledge(cx, Decision::Abort, fx);
            }
            (TwoPhase::Working, Message::Inquire) => {
                self.abort_alone(cx, Some(cx.cast.root), fx);
                fx.send(from, Message::Abort);
            }
            (TwoPhase::Preparing | TwoPhase::Prepared { .. }, Message::Commit) => {
                self.learn(cx, Decision::Commit, fx);
            }
            (TwoPhase::Preparing | TwoPhase::Prepared { .. }, Message::Abort) => {
                self.learn(cx, Decision::Abort, fx);
            }
            (TwoPhase::Told(decision), Message::Commit | Message::Abort) => {
                acknowledge(cx, *decision, fx);
            }

            // Whoever knows the outcome tells who asks.
            (
                TwoPhase::Announcing { decision, .. }
                | TwoPhase::Finishing(decision)
                | TwoPhase::Told(decision),
                Message::Inquire,
            ) => fx.send(from, Message::outcome(*decision)),
            _ => {}
        }
    }

    fn on_vote(&mut self, cx: &Context<'_>, vote: Vote, fx: &mut Fx) {
        match (&*self, vote) {
            (TwoPhase::Collecting(_) | TwoPhase::Voting(_), vote) => {
                self.count(cx, cx.me, vote, fx);
            }
            // YES is a promise; it may not leave before the record that keeps it.
            (TwoPhase::Working, Vote::Yes) => {
                fx.disarm(Timer::VotesDue);
                fx.force(Record::Prepared);
                *self = TwoPhase::Preparing;
            }
            (TwoPhase::Working, Vote::No) => self.abort_alone(cx, Some(cx.cast.root), fx),
            (TwoPhase::Working, Vote::ReadOnly) => {
                fx.send(cx.cast.root, Message::ReadOnly);
                fx.forget();
            }
            _ => {}
        }
    }

    fn on_durable(&mut self, cx: &Context<'_>, record: &Record, fx: &mut Fx) {
        match (&*self, record) {
            (TwoPhase::Collecting(votes), Record::Collecting) => {
                // Nobody was asked, so nobody has to be told that the root itself refused.
                if votes.refused {
                    fx.decide(Decision::Abort);
                    self.end(fx);
                } else {
                    self.ask_for_votes(cx, fx);
                }
            }
            (TwoPhase::Deciding { decision, .. }, Record::Committed | Record::Aborted) => {
                fx.decide(*decision);
                self.announce(cx, fx);
            }
            (TwoPhase::Preparing, Record::Prepared) => {
                fx.send(cx.cast.root, Message::Yes);
                fx.arm(Timer::DecisionDue, cx.config.patience.decision);
                *self = TwoPhase::Prepared { questions: 0 };
            }
            // The ACK frees the root to forget, so the outcome must last without it.
            (TwoPhase::Finishing(decision), Record::Committed | Record::Aborted) => {
                let decision = *decision;
                fx.send(cx.cast.root, Message::Ack);
                self.finish(cx, decision, fx);
            }
            _ => {}
        }
    }

    /// Silence (2.3): whoever has promised nothing aborts, whoever is in doubt asks, whoever has
    /// decided repeats it.
    fn on_timer(&mut self, cx: &Context<'_>, timer: Timer, fx: &mut Fx) {
        match (&mut *self, timer) {
            (TwoPhase::Voting(_), Timer::VotesDue | Timer::Tally) => self.abort(cx, fx),
            (TwoPhase::Announcing { decision, silent, repeats }, Timer::AcksDue) => {
                fx.broadcast(silent, &Message::outcome(*decision));
                *repeats = repeats.saturating_add(1);
                fx.arm(Timer::AcksDue, cx.config.patience.grown(cx.config.patience.acks, *repeats));
            }
            (TwoPhase::Working, Timer::VotesDue) => {
                self.abort_alone(cx, Some(cx.cast.root), fx);
            }
            (TwoPhase::Prepared { .. }, Timer::DecisionDue) => self.inquire(cx, fx),
            _ => {}
        }
    }

    fn status(&self) -> Status {
        match self {
            TwoPhase::Collecting(_)
            | TwoPhase::Voting(_)
            | TwoPhase::Deciding { .. }
            | TwoPhase::Working
            | TwoPhase::Preparing => Status::Working,
            TwoPhase::Prepared { .. } => Status::InDoubt,
            TwoPhase::Announcing { decision, .. }
            | TwoPhase::Finishing(decision)
            | TwoPhase::Told(decision) => Status::Decided(*decision),
        }
    }
}

/// What the root does.
impl TwoPhase {
    fn ask_for_votes(&mut self, cx: &Context<'_>, fx: &mut Fx) {
        let TwoPhase::Collecting(votes) = self else { return };
        let votes = votes.clone();
        fx.broadcast(&cx.cast.voters.without(cx.me), &Message::Prepare);
        fx.arm(Timer::VotesDue, cx.config.patience.votes);
        *self = TwoPhase::Voting(votes);
        self.commit_if_all_agree(cx, fx);
    }

    /// Counts voters, not votes: a YES that arrives twice is one YES.
    fn count(&mut self, cx: &Context<'_>, voter: NodeId, vote: Vote, fx: &mut Fx) {
        let (TwoPhase::Collecting(votes) | TwoPhase::Voting(votes)) = self else { return };
        if !votes.missing.remove(voter) {
            return;
        }
        match vote {
            Vote::Yes => {
                votes.yes.insert(voter);
            }
            // Votes of this very instant are still counted, so that nobody who says NO in it is
            // told to abort (2.1 step 3).
            Vote::No if !votes.refused => {
                votes.refused = true;
                fx.arm(Timer::Tally, Span::ZERO);
            }
            Vote::No | Vote::ReadOnly => {}
        }
        self.commit_if_all_agree(cx, fx);
    }

    /// The commit point (2.1 step 3). A transaction that changed nothing has no second phase and,
    /// unless presumed commit has a collecting record to cancel, no record either (2.7).
    fn commit_if_all_agree(&mut self, cx: &Context<'_>, fx: &mut Fx) {
        let TwoPhase::Voting(votes) = self else { return };
        if votes.refused || !votes.missing.is_empty() {
            return;
        }
        let tell = votes.yes.without(cx.me);
        let nothing_changed = votes.yes.is_empty() && !cx.cast.voters.is_empty();
        *self = TwoPhase::Deciding { decision: Decision::Commit, tell };
        fx.disarm(Timer::VotesDue);
        if !nothing_changed {
            fx.force(Record::Committed);
        } else if cx.config.presumption == Presumption::Commit {
            fx.write(Record::Committed);
        } else {
            fx.decide(Decision::Commit);
            fx.forget();
        }
    }

    /// Tells everybody who has not refused. Presumed nothing remembers aborts; the others have
    /// nothing to force: no record, or collecting without commit, already means abort.
    fn abort(&mut self, cx: &Context<'_>, fx: &mut Fx) {
        let TwoPhase::Voting(votes) = self else { return };
        let tell = votes.yes.union(&votes.missing).without(cx.me);
        *self = TwoPhase::Deciding { decision: Decision::Abort, tell };
        fx.disarm(Timer::VotesDue);
        fx.disarm(Timer::Tally);
        if cx.config.presumption == Presumption::Nothing {
            fx.force(Record::Aborted);
        } else {
            fx.decide(Decision::Abort);
            self.announce(cx, fx);
        }
    }

    /// Phase 2, root. An outcome that nobody acknowledges is forgotten as soon as it is out: from
    /// then on no information means just that outcome.
    fn announce(&mut self, cx: &Context<'_>, fx: &mut Fx) {
        let TwoPhase::Deciding { decision, tell } = self else { return };
        let (decision, silent) = (*decision, tell.clone());
        fx.broadcast(&silent, &Message::outcome(decision));
        let acknowledged = cx.config.acknowledged(decision);
        let done = silent.is_empty();
        *self = TwoPhase::Announcing { decision, silent, repeats: 0 };
        if !acknowledged {
            fx.forget();
        } else if done {
            self.end(fx);
        } else {
            fx.arm(Timer::AcksDue, cx.config.patience.acks);
        }
    }

    fn end(&mut self, fx: &mut Fx) {
        fx.write(Record::Ended);
        fx.forget();
    }
}

/// What a participant does.
impl TwoPhase {
    /// Nothing is promised yet, so this node may abort by itself. `refuse` is who has to hear NO.
    fn abort_alone(&mut self, cx: &Context<'_>, refuse: Option<NodeId>, fx: &mut Fx) {
        fx.write(Record::Aborted);
        fx.decide(Decision::Abort);
        if let Some(root) = refuse {
            fx.send(root, Message::No);
        }
        self.finish(cx, Decision::Abort, fx);
    }

    /// In doubt: ask, and go on asking. Only the root answers by presumption.
    fn inquire(&mut self, cx: &Context<'_>, fx: &mut Fx) {
        let TwoPhase::Prepared { questions } = self else { return };
        match cx.config.termination {
            Termination::None => fx.send(cx.cast.root, Message::Inquire),
            Termination::Cooperative => {
                let mut others = cx.cast.voters.without(cx.me);
                others.insert(cx.cast.root);
                fx.broadcast(&others, &Message::Inquire);
            }
        }
        let wait = cx.config.patience.grown(cx.config.patience.acks, *questions);
        fx.arm(Timer::DecisionDue, wait);
        *questions = questions.saturating_add(1);
    }

    /// Phase 2, participant: the outcome is known, and durable before it is acknowledged.
    fn learn(&mut self, cx: &Context<'_>, decision: Decision, fx: &mut Fx) {
        fx.disarm(Timer::DecisionDue);
        let record = Record::outcome(decision);
        *self = TwoPhase::Finishing(decision);
        if !cx.config.acknowledged(decision) {
            fx.write(record);
            fx.decide(decision);
            self.finish(cx, decision, fx);
        } else {
            match cx.config.outcome_force {
                OutcomeForce::Forced => fx.force(record),
                OutcomeForce::Lazy => fx.write(record),
            }
            fx.decide(decision);
        }
    }

    /// This node's part is over; under cooperative termination others may still ask about it.
    fn finish(&mut self, cx: &Context<'_>, decision: Decision, fx: &mut Fx) {
        match cx.config.termination {
            Termination::None => fx.forget(),
            Termination::Cooperative => {
                *self = TwoPhase::Told(decision);
                fx.rest();
            }
        }
    }
}

/// Aborted before it was met. Under cooperative termination this node may be the only one left who
/// knows, so it stays to tell.
fn closed(cx: &Context<'_>, fx: &mut Fx) -> Option<TwoPhase> {
    match cx.config.termination {
        Termination::None => None,
        Termination::Cooperative => {
            fx.rest();
            Some(TwoPhase::Told(Decision::Abort))
        }
    }
}

fn acknowledge(cx: &Context<'_>, decision: Decision, fx: &mut Fx) {
    if cx.config.acknowledged(decision) {
        fx.send(cx.cast.root, Message::Ack);
    }
}
