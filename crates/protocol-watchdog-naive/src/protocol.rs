//! Two-phase commit with the watchdog of the story: the coordinator has left, so somebody asks the
//! friends what they had answered, and finishes for it. **This is unsafe**, and built as it is told
//! to show it (protocols.md 9.2). Three things are wrong with it, each marked below:
//!
//! 1. the votes do not determine the decision, since the root aborts on its own patience (V18);
//! 2. who is silent need not have said NO, it may have been told COMMIT and forgotten (V19);
//! 3. the root may be slow and not dead, and then two nodes decide; it is not even asked.
//!
//! All else is two-phase commit, presumed nothing: see `protocol-2pc` for the reasons.

use commitsim_core::{
    Decision, Effects, Gone, NodeId, NodeSet, Promise, Protocol, Span, Status, Vote,
};

use crate::about::PROMISE;
use crate::{Config, Message, Record, Timer, Votes};

type Cx<'a> = commitsim_core::Cx<'a, NaiveWatchdog>;
type Fx = Effects<NaiveWatchdog>;

/// One node's share of one transaction.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum NaiveWatchdog {
    // The root's states, in their order.
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
    /// In doubt. The number counts questions.
    Prepared(u8),
    /// The outcome record is on its way to disk; the acknowledgement follows it.
    Finishing(Decision),
    // The watchdog's states.
    /// The participants are being asked what they voted.
    Watching(Votes),
    /// The watchdog has decided, and answers who asks.
    Reported(Decision),
}

use NaiveWatchdog::{
    Announcing, Deciding, Finishing, Prepared, Preparing, Reported, Voting, Watching, Working,
};

impl Protocol for NaiveWatchdog {
    type Config = Config;
    type Message = Message;
    type Record = Record;
    type Timer = Timer;

    fn promise(_: &Config) -> Promise {
        PROMISE
    }

    fn begin(cx: &Cx<'_>, fx: &mut Fx) -> NaiveWatchdog {
        fx.broadcast(&participants(cx), &Message::Prepare);
        fx.arm(Timer::VotesDue, cx.config.patience.votes);
        fx.ask_vote();
        Voting(Votes::of(&cx.cast.voters))
    }

    fn first_contact(cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) -> Option<Self> {
        match message {
            _ if is_watchdog(cx) => watch(cx, fx),
            Message::Prepare => {
                fx.ask_vote();
                fx.arm(Timer::VotesDue, cx.config.patience.votes.plus(cx.config.patience.decision));
                Some(Working)
            }
            Message::Abort => {
                fx.decide(Decision::Abort);
                fx.send(cx.cast.root, Message::Ack);
                None
            }
            Message::Fence => {
                say_no(cx, fx);
                fx.send(from, Message::Register { yes: false });
                None
            }
            _ => None,
        }
    }

    /// Mistake 2: who has been told COMMIT, and has forgotten, says nothing to a fence.
    fn afterwards(cx: &Cx<'_>, gone: Gone, from: NodeId, message: Message, fx: &mut Fx) {
        let (root, lost) = (cx.me == cx.cast.root, gone == Gone::Lost);
        if lost && !root && matches!(message, Message::Prepare | Message::Abort) {
            fx.decide(Decision::Abort);
        }
        match message {
            _ if is_watchdog(cx) => {}
            Message::Inquire if root => fx.send(from, Message::Abort),
            Message::Yes if root && lost => fx.send(from, Message::Abort),
            Message::Commit | Message::Abort if !root => fx.send(cx.cast.root, Message::Ack),
            Message::Prepare if !root && lost => fx.send(from, Message::No),
            _ => {}
        }
    }

    fn recover(cx: &Cx<'_>, log: &[Record], fx: &mut Fx) -> Option<Self> {
        let Some(decision) = Record::known(log) else {
            let mut in_doubt = Prepared(0);
            in_doubt.inquire(cx, fx);
            return Some(in_doubt);
        };
        fx.decide(decision);
        if cx.me != cx.cast.root || log.contains(&Record::Ended) {
            return None;
        }
        let mut root = Deciding(decision, participants(cx));
        root.announce(cx, fx);
        Some(root)
    }

    fn on_message(&mut self, cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) {
        match (&mut *self, message) {
            (_, Message::Yes) => self.count(cx, from, Vote::Yes, fx),
            (_, Message::No) => self.count(cx, from, Vote::No, fx),
            (_, Message::ReadOnly) => self.count(cx, from, Vote::ReadOnly, fx),
            (Watching(_), Message::Register { yes }) => self.collect(cx, from, yes, fx),
            // Mistake 3: the root has its own votes and its own patience, and goes on.
            (_, Message::Commit) => self.hear(cx, Decision::Commit, fx),
            (_, Message::Abort) => self.hear(cx, Decision::Abort, fx),
            (Announcing(_, silent, _), Message::Ack) => {
                silent.remove(from);
                if silent.is_empty() {
                    end(fx);
                }
            }
            (Announcing(known, ..) | Finishing(known) | Reported(known), Message::Inquire) => {
                fx.send(from, Message::outcome(*known));
            }
            // The friends remember what they answered.
            (Prepared(_) | Finishing(_), Message::Fence) => {
                fx.send(from, Message::Register { yes: true });
            }
            (Working, Message::Fence) => {
                refuse(cx, fx);
                fx.send(from, Message::Register { yes: false });
            }
            _ => {}
        }
    }

    fn on_vote(&mut self, cx: &Cx<'_>, vote: Vote, fx: &mut Fx) {
        self.count(cx, cx.me, vote, fx);
        match (&*self, vote) {
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
            (Deciding(decision, _), Record::Committed | Record::Aborted) => {
                fx.decide(*decision);
                self.announce(cx, fx);
            }
            (Preparing, Record::Prepared) => {
                fx.send(cx.cast.root, Message::Yes);
                fx.arm(Timer::DecisionDue, cx.config.patience.decision);
                *self = Prepared(0);
            }
            (Finishing(_), Record::Committed | Record::Aborted) => {
                fx.send(cx.cast.root, Message::Ack);
                fx.forget();
            }
            _ => {}
        }
    }

    fn on_timer(&mut self, cx: &Cx<'_>, timer: Timer, fx: &mut Fx) {
        match (&mut *self, timer) {
            // Mistake 1: the root aborts although every vote may be YES.
            (Voting(_), Timer::VotesDue | Timer::Tally) => self.abort(cx, fx),
            (Announcing(decision, silent, repeats), Timer::AcksDue) => {
                fx.broadcast(silent, &Message::outcome(*decision));
                fx.arm(Timer::AcksDue, cx.config.patience.before_repeat(repeats));
            }
            (Working, Timer::VotesDue) => refuse(cx, fx),
            (Prepared(_), Timer::DecisionDue) => self.inquire(cx, fx),
            // Mistake 2: silence is taken for NO.
            (Watching(_), Timer::VotesDue) => self.report(cx, Decision::Abort, fx),
            _ => {}
        }
    }

    fn status(&self) -> Status {
        match self {
            Voting(_) | Deciding(..) | Working | Preparing => Status::Working,
            Prepared(_) => Status::InDoubt,
            Watching(_) => Status::Helping,
            Announcing(known, ..) | Finishing(known) | Reported(known) => Status::Decided(*known),
        }
    }
}

/// What the root does.
impl NaiveWatchdog {
    fn count(&mut self, cx: &Cx<'_>, voter: NodeId, vote: Vote, fx: &mut Fx) {
        match self {
            Voting(votes) => {
                if votes.count(voter, vote) {
                    fx.arm(Timer::Tally, Span::ZERO);
                }
                if votes.all_agree() {
                    self.commit(cx, fx);
                }
            }
            Deciding(_, tell) if vote != Vote::Yes => {
                tell.remove(voter);
            }
            _ => {}
        }
    }

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

    fn abort(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Voting(votes) = self else { return };
        *self = Deciding(Decision::Abort, votes.yes.union(&votes.missing).without(cx.me));
        fx.disarm(Timer::VotesDue);
        fx.disarm(Timer::Tally);
        fx.force(Record::Aborted);
    }

    fn announce(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Deciding(decision, tell) = self else { return };
        let (decision, silent) = (*decision, tell.clone());
        fx.broadcast(&silent, &Message::outcome(decision));
        if silent.is_empty() {
            end(fx);
        } else {
            fx.arm(Timer::AcksDue, cx.config.patience.acks);
        }
        *self = Announcing(decision, silent, 1);
    }
}

/// What a participant does.
impl NaiveWatchdog {
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

    /// The coordinator seems to have left, so at first only the watchdog is told. If that has left
    /// as well, a coordinator that is back without its records has to be asked.
    fn inquire(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Prepared(questions) = self else { return };
        if *questions > 0 {
            fx.send(cx.cast.root, Message::Inquire);
        }
        fx.broadcast(&cx.cast.helpers, &Message::Inquire);
        fx.arm(Timer::DecisionDue, cx.config.patience.before_repeat(questions));
        // Also where the wait does not grow and is not counted, this was the first question.
        *questions = (*questions).max(1);
    }
}

/// What the watchdog does.
impl NaiveWatchdog {
    fn collect(&mut self, cx: &Cx<'_>, voter: NodeId, yes: bool, fx: &mut Fx) {
        let Watching(votes) = self else { return };
        votes.count(voter, if yes { Vote::Yes } else { Vote::No });
        if votes.refused {
            self.report(cx, Decision::Abort, fx);
        } else if votes.all_agree() {
            self.report(cx, Decision::Commit, fx);
        }
    }

    fn report(&mut self, cx: &Cx<'_>, decision: Decision, fx: &mut Fx) {
        fx.disarm(Timer::VotesDue);
        fx.decide(decision);
        fx.broadcast(&participants(cx), &Message::outcome(decision));
        fx.rest();
        *self = Reported(decision);
    }
}

fn watch(cx: &Cx<'_>, fx: &mut Fx) -> Option<NaiveWatchdog> {
    fx.broadcast(&participants(cx), &Message::Fence);
    fx.arm(Timer::VotesDue, cx.config.patience.votes);
    Some(Watching(Votes::of(&participants(cx))))
}

fn refuse(cx: &Cx<'_>, fx: &mut Fx) {
    say_no(cx, fx);
    fx.forget();
}

fn say_no(cx: &Cx<'_>, fx: &mut Fx) {
    fx.write(Record::Aborted);
    fx.decide(Decision::Abort);
    fx.send(cx.cast.root, Message::No);
}

fn end(fx: &mut Fx) {
    fx.write(Record::Ended);
    fx.forget();
}

fn participants(cx: &Cx<'_>) -> NodeSet {
    cx.cast.voters.without(cx.cast.root)
}

fn is_watchdog(cx: &Cx<'_>) -> bool {
    cx.cast.helpers.contains(cx.me)
}
