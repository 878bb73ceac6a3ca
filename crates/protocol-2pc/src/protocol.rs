//! Two-phase commit, after Bernstein, Hadzilacos & Goodman 1987, chapter 7, and Mohan, Lindsay &
//! Obermarck 1986; protocols.md 2 and 3. Assumed: nodes crash and recover with their durable log;
//! messages are lost, late, doubled and out of order; nothing is known of the time.
//!
//! The variants differ in one word, the *presumption*: what the root answers about a transaction
//! of which it has no information. From it follows which outcome has to be acknowledged, and so
//! which outcome both sides have to make durable (`Config::acknowledged`).

use commitsim_core::{
    Decision, Effects, Gone, NodeId, NodeSet, Promise, Protocol, Span, Status, Vote,
};

use crate::{Config, Message, OutcomeForce, Presumption, Record, Termination, Timer, Votes};

type Cx<'a> = commitsim_core::Cx<'a, TwoPhase>;
type Fx = Effects<TwoPhase>;

/// One node's share of one transaction under two-phase commit.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TwoPhase {
    // The root's states, in their order.
    /// Presumed commit: the record of the participants is on its way to disk; nobody is asked yet.
    Collecting(Votes),
    /// Votes are coming in.
    Voting(Votes),
    /// The decision record is on its way to disk. The set is who has to hear the outcome.
    Deciding(Decision, NodeSet),
    /// The outcome is out. The set is who has not acknowledged it, the number counts repeats.
    Announcing(Decision, NodeSet, u8),
    // A participant's states, in their order.
    /// The local work goes on; nothing is promised.
    Working,
    /// The YES is on its way to disk.
    Preparing,
    /// In doubt: YES was said, and only others know the outcome. The number counts questions.
    Prepared(u8),
    /// The outcome record is on its way to disk; the acknowledgement follows it.
    Finishing(Decision),
    /// Cooperative termination: done, and kept to answer those who are in doubt.
    Told(Decision),
}

use TwoPhase::{
    Announcing, Collecting, Deciding, Finishing, Prepared, Preparing, Told, Voting, Working,
};

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
    fn begin(cx: &Cx<'_>, fx: &mut Fx) -> TwoPhase {
        let mut root = Collecting(Votes::of(&cx.cast.voters));
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

    fn first_contact(cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) -> Option<Self> {
        match message {
            Message::Prepare => {
                fx.ask_vote();
                // The root's patience ends first; this is for an ABORT and a vote that never come.
                fx.arm(Timer::VotesDue, cx.config.patience.votes.plus(cx.config.patience.decision));
                Some(Working)
            }
            // ABORT has overtaken PREPARE, which will find the transaction closed.
            Message::Abort => {
                fx.decide(Decision::Abort);
                acknowledge(cx, Decision::Abort, fx);
                kept(cx, Decision::Abort, fx)
            }
            // Not having voted, this node may still refuse, and thereby helps (2.4 case 2).
            Message::Inquire => {
                say_no(cx, fx);
                fx.send(from, Message::Abort);
                kept(cx, Decision::Abort, fx)
            }
            _ => None,
        }
    }

    /// Without information the root answers as it presumes. A participant never does, since it may
    /// have committed, or voted read-only, and forgotten (2.4, trap). A transaction older than its
    /// restart gets no YES from it any more: that is a NO.
    fn afterwards(cx: &Cx<'_>, gone: Gone, from: NodeId, message: Message, fx: &mut Fx) {
        let (root, lost) = (cx.me == cx.cast.root, gone == Gone::Lost);
        let presumed = Message::outcome(cx.config.presumed());
        if lost && !root && matches!(message, Message::Prepare | Message::Abort) {
            fx.decide(Decision::Abort);
        }
        match message {
            Message::Inquire if root => fx.send(from, presumed),
            Message::Yes if root && lost && presumed == Message::Abort => fx.send(from, presumed),
            Message::Commit if !root => acknowledge(cx, Decision::Commit, fx),
            Message::Abort if !root => acknowledge(cx, Decision::Abort, fx),
            Message::Prepare if !root && lost => fx.send(from, Message::No),
            _ => {}
        }
    }

    /// Recovery from the log (2.5): the root's records are its pending-transactions table, a
    /// participant's its list of transactions in doubt.
    fn recover(cx: &Cx<'_>, log: &[Record], fx: &mut Fx) -> Option<Self> {
        let known = Record::known(log);
        if cx.me == cx.cast.root {
            // Collecting without commit means abort (3.2).
            let decision = known.unwrap_or(Decision::Abort);
            fx.decide(decision);
            if log.contains(&Record::Ended) || !cx.config.acknowledged(decision) {
                return None;
            }
            // Who had acknowledged before the crash is not on record; they will do it again.
            let mut root = Deciding(decision, cx.cast.voters.without(cx.me));
            root.announce(cx, fx);
            return Some(root);
        }
        let Some(decision) = known else {
            let mut in_doubt = Prepared(0);
            in_doubt.inquire(cx, fx);
            return Some(in_doubt);
        };
        fx.decide(decision);
        kept(cx, decision, fx)
    }

    fn on_message(&mut self, cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) {
        match (&mut *self, message) {
            (_, Message::Yes) => self.count(cx, from, Vote::Yes, fx),
            (_, Message::No) => self.count(cx, from, Vote::No, fx),
            (_, Message::ReadOnly) => self.count(cx, from, Vote::ReadOnly, fx),
            (_, Message::Commit) => self.hear(cx, Decision::Commit, fx),
            (_, Message::Abort) => self.hear(cx, Decision::Abort, fx),
            (Announcing(_, silent, _), Message::Ack) => {
                silent.remove(from);
                if silent.is_empty() {
                    end(fx);
                }
            }
            // Whoever knows the outcome tells who asks; whoever has promised nothing makes it
            // abort (2.4 cases 1 and 2).
            (Announcing(known, ..) | Finishing(known) | Told(known), Message::Inquire) => {
                fx.send(from, Message::outcome(*known));
            }
            (Working, Message::Inquire) => {
                self.refuse(cx, fx);
                fx.send(from, Message::Abort);
            }
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
            (Working, Vote::No) => self.refuse(cx, fx),
            (Working, Vote::ReadOnly) => {
                fx.send(cx.cast.root, Message::ReadOnly);
                fx.forget();
            }
            _ => {}
        }
    }

    fn on_durable(&mut self, cx: &Cx<'_>, record: &Record, fx: &mut Fx) {
        match (&*self, record) {
            // Nobody was asked, so nobody has to be told that the root itself refused.
            (Collecting(votes), Record::Collecting) if votes.refused => {
                fx.decide(Decision::Abort);
                end(fx);
            }
            (Collecting(_), Record::Collecting) => self.ask_for_votes(cx, fx),
            (Deciding(decision, _), Record::Committed | Record::Aborted) => {
                fx.decide(*decision);
                self.announce(cx, fx);
            }
            (Preparing, Record::Prepared) => {
                fx.send(cx.cast.root, Message::Yes);
                fx.arm(Timer::DecisionDue, cx.config.patience.decision);
                *self = Prepared(0);
            }
            // The ACK frees the root to forget, so the outcome must last without it.
            (Finishing(decision), Record::Committed | Record::Aborted) => {
                let decision = *decision;
                fx.send(cx.cast.root, Message::Ack);
                self.finish(cx, decision, fx);
            }
            _ => {}
        }
    }

    /// Silence (2.3): whoever has promised nothing aborts, whoever is in doubt asks, whoever has
    /// decided repeats it.
    fn on_timer(&mut self, cx: &Cx<'_>, timer: Timer, fx: &mut Fx) {
        match (&mut *self, timer) {
            (Voting(_), Timer::VotesDue | Timer::Tally) => self.abort(cx, fx),
            (Announcing(decision, silent, repeats), Timer::AcksDue) => {
                fx.broadcast(silent, &Message::outcome(*decision));
                fx.arm(Timer::AcksDue, cx.config.patience.before_repeat(repeats));
            }
            (Working, Timer::VotesDue) => self.refuse(cx, fx),
            (Prepared(_), Timer::DecisionDue) => self.inquire(cx, fx),
            _ => {}
        }
    }

    fn status(&self) -> Status {
        match self {
            Collecting(_) | Voting(_) | Deciding(..) | Working | Preparing => Status::Working,
            Prepared(_) => Status::InDoubt,
            Announcing(known, ..) | Finishing(known) | Told(known) => Status::Decided(*known),
        }
    }
}

/// What the root does.
impl TwoPhase {
    fn ask_for_votes(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Collecting(votes) = self else { return };
        *self = Voting(votes.clone());
        fx.broadcast(&cx.cast.voters.without(cx.me), &Message::Prepare);
        fx.arm(Timer::VotesDue, cx.config.patience.votes);
        self.commit_if_all_agree(cx, fx);
    }

    fn count(&mut self, cx: &Cx<'_>, voter: NodeId, vote: Vote, fx: &mut Fx) {
        match self {
            Collecting(votes) | Voting(votes) => {
                // Votes of this very instant are still counted, so that nobody who says NO in it
                // is told to abort (2.1 step 3).
                if votes.count(voter, vote) {
                    fx.arm(Timer::Tally, Span::ZERO);
                }
                self.commit_if_all_agree(cx, fx);
            }
            // Who refuses, or leaves, while the abort record is being forced need not be told.
            Deciding(_, tell) if vote != Vote::Yes => {
                tell.remove(voter);
            }
            _ => {}
        }
    }

    /// The commit point (2.1 step 3). A transaction that changed nothing has no second phase and,
    /// unless presumed commit has a collecting record to cancel, no record either (2.7).
    fn commit_if_all_agree(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Voting(votes) = self else { return };
        if !votes.all_agree() {
            return;
        }
        fx.disarm(Timer::VotesDue);
        let changed = !votes.yes.is_empty();
        *self = Deciding(Decision::Commit, votes.yes.without(cx.me));
        if changed {
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
    fn abort(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Voting(votes) = self else { return };
        *self = Deciding(Decision::Abort, votes.yes.union(&votes.missing).without(cx.me));
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
    fn announce(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Deciding(decision, tell) = self else { return };
        let (decision, silent) = (*decision, tell.clone());
        fx.broadcast(&silent, &Message::outcome(decision));
        if !cx.config.acknowledged(decision) {
            fx.forget();
        } else if silent.is_empty() {
            end(fx);
        } else {
            fx.arm(Timer::AcksDue, cx.config.patience.acks);
        }
        *self = Announcing(decision, silent, 1);
    }
}

/// What a participant does.
impl TwoPhase {
    fn refuse(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        say_no(cx, fx);
        self.finish(cx, Decision::Abort, fx);
    }

    /// The outcome arrives. Who has not voted has nothing on disk that would need an answer there.
    fn hear(&mut self, cx: &Cx<'_>, decision: Decision, fx: &mut Fx) {
        match self {
            Working if decision == Decision::Abort => {
                fx.write(Record::Aborted);
                fx.decide(decision);
                acknowledge(cx, decision, fx);
                self.finish(cx, decision, fx);
            }
            Preparing | Prepared(_) => self.learn(cx, decision, fx),
            Told(known) => acknowledge(cx, *known, fx),
            _ => {}
        }
    }

    /// In doubt: ask, and go on asking. Only the root answers by presumption.
    fn inquire(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Prepared(questions) = self else { return };
        let mut asked: NodeSet = [cx.cast.root].into_iter().collect();
        if cx.config.termination == Termination::Cooperative {
            asked = asked.union(&cx.cast.voters).without(cx.me);
        }
        fx.broadcast(&asked, &Message::Inquire);
        fx.arm(Timer::DecisionDue, cx.config.patience.before_repeat(questions));
    }

    /// Phase 2, participant: the outcome is known, and durable before it is acknowledged.
    fn learn(&mut self, cx: &Cx<'_>, decision: Decision, fx: &mut Fx) {
        fx.disarm(Timer::DecisionDue);
        *self = Finishing(decision);
        let acknowledged = cx.config.acknowledged(decision);
        if acknowledged && cx.config.outcome_force == OutcomeForce::Forced {
            fx.force(Record::outcome(decision));
        } else {
            fx.write(Record::outcome(decision));
        }
        fx.decide(decision);
        if !acknowledged {
            self.finish(cx, decision, fx);
        }
    }

    /// This node's part is over; under cooperative termination others may still ask about it.
    fn finish(&mut self, cx: &Cx<'_>, decision: Decision, fx: &mut Fx) {
        match kept(cx, decision, fx) {
            Some(told) => *self = told,
            None => fx.forget(),
        }
    }
}

/// Nobody will ask any more.
fn end(fx: &mut Fx) {
    fx.write(Record::Ended);
    fx.forget();
}

/// Nothing is promised yet, so this node may abort by itself, and says so.
fn say_no(cx: &Cx<'_>, fx: &mut Fx) {
    fx.write(Record::Aborted);
    fx.decide(Decision::Abort);
    fx.send(cx.cast.root, Message::No);
}

/// Under cooperative termination this node may be the only one left who knows, and stays to tell.
fn kept(cx: &Cx<'_>, decision: Decision, fx: &mut Fx) -> Option<TwoPhase> {
    (cx.config.termination == Termination::Cooperative).then(|| {
        fx.rest();
        Told(decision)
    })
}

fn acknowledge(cx: &Cx<'_>, decision: Decision, fx: &mut Fx) {
    if cx.config.acknowledged(decision) {
        fx.send(cx.cast.root, Message::Ack);
    }
}
