//! Two-phase commit with vote registers: protocols.md 9.2, rules 1 to 5. Assumed: nodes crash and
//! recover with their durable log; messages are lost, late, doubled and out of order; nothing is
//! known of the time.
//!
//! Every voter has a register that is written once: empty, then YES or NO. The outcome is COMMIT
//! if all hold YES and ABORT if one holds NO, and nobody may decide otherwise, the root included
//! (rule 1). So whoever reads all registers knows the outcome, and a watchdog that reads them
//! while the root does can only find the same (rule 3). A read-only vote is a YES here: its
//! register, too, has to be there when a reader comes.

use commitsim_core::{
    Decision, Effects, Gone, NodeId, NodeSet, Promise, Protocol, Span, Status, Vote,
};

use crate::about::PROMISE;
use crate::{Config, Holds, Message, Record, Registers, Timer};

type Cx<'a> = commitsim_core::Cx<'a, Watchdog>;
type Fx = Effects<Watchdog>;

/// One node's share of one transaction. The sets in `Preparing` and `Refusing` are who has fenced
/// the register while it was being written; numbers count repeats.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Watchdog {
    // A voter's states; the root goes through the first two.
    /// The local work goes on, the register is empty.
    Working,
    /// YES is on its way into the register.
    Preparing(NodeSet),
    /// A fence came first: NO is on its way into the register.
    Refusing(NodeSet),
    /// In doubt: the register holds YES.
    Prepared(u8),
    /// The outcome is known, its record not yet durable.
    Finishing(Decision),
    /// Done. The register stays until all voters are (rule 5).
    Told(Decision),
    // The root's further states.
    /// In doubt: the root's own register holds YES, the others are being read.
    Reading(Registers, u8),
    /// The outcome is out. The set is who has not got it on disk, the root itself included.
    Announcing(Decision, NodeSet, u8),
    // The watchdog's states.
    /// Somebody was in doubt: all registers are being read.
    Watching(Registers, u8),
    /// The outcome is out, and kept until the root says that all have it on disk.
    Reported(Decision, u8),
}

use Watchdog::{
    Announcing, Finishing, Prepared, Preparing, Reading, Refusing, Reported, Told, Watching,
    Working,
};

impl Protocol for Watchdog {
    type Config = Config;
    type Message = Message;
    type Record = Record;
    type Timer = Timer;

    fn promise(_: &Config) -> Promise {
        PROMISE
    }

    /// The root fills its own register first, so that PREPARE can carry its YES: a reader then
    /// never needs the root, whose crash alone cannot block anybody.
    fn begin(cx: &Cx<'_>, fx: &mut Fx) -> Watchdog {
        fx.ask_vote();
        fx.arm(Timer::VotesDue, cx.config.patience.votes);
        Working
    }

    fn first_contact(cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) -> Option<Self> {
        match message {
            _ if is_watchdog(cx) => watch(cx, from, message, fx),
            Message::Prepare => {
                fx.ask_vote();
                // The root's patience ends first; this is for a fence that never comes.
                fx.arm(Timer::VotesDue, cx.config.patience.votes.plus(cx.config.patience.decision));
                Some(Working)
            }
            // The fence has overtaken PREPARE, which will find a register that holds NO.
            Message::Fence => {
                fx.force(Record::Aborted);
                Some(Refusing([from].into_iter().collect()))
            }
            Message::Abort => {
                fx.decide(Decision::Abort);
                fx.send(cx.cast.root, Message::Ack);
                fx.rest();
                Some(Told(Decision::Abort))
            }
            _ => None,
        }
    }

    /// Here forgotten and lost part ways. Who has forgotten was told by the root's low-water mark
    /// that all have the outcome on disk, and says just that: its register is erased, not empty
    /// (rule 5). Who has lost the transaction never voted and never will (every vote but NO leaves
    /// a forced record here), so its register holds NO, as if it had been fenced.
    fn afterwards(cx: &Cx<'_>, gone: Gone, from: NodeId, message: Message, fx: &mut Fx) {
        let answer = match (gone, message) {
            _ if is_watchdog(cx) => return,
            (Gone::Lost, Message::Prepare) => (from, Message::No),
            (Gone::Lost, Message::Fence) => (from, Message::Register(Holds::No)),
            (Gone::Lost, Message::Abort) => (cx.cast.root, Message::Ack),
            (Gone::Forgotten, Message::Fence) => (from, Message::Register(Holds::Finished)),
            (Gone::Forgotten, Message::Commit | Message::Abort) if !is_root(cx) => {
                (cx.cast.root, Message::Ack)
            }
            _ => return,
        };
        if gone == Gone::Lost {
            fx.decide(Decision::Abort);
        }
        fx.send(answer.0, answer.1);
    }

    /// The records are the register, and perhaps the outcome. A root in doubt reads all registers
    /// again, and fences at once: nobody else would fill those that are empty.
    fn recover(cx: &Cx<'_>, log: &[Record], fx: &mut Fx) -> Option<Self> {
        let asked = log.contains(&Record::Prepared);
        if let Some(decision) = Record::known(log) {
            fx.decide(decision);
            if !is_root(cx) {
                fx.rest();
                return Some(Told(decision));
            }
            // Without its own YES the root asked nobody.
            let silent = participants(cx);
            return (asked && !silent.is_empty()).then(|| announce(cx, decision, silent, fx));
        }
        let mut in_doubt = if is_root(cx) { reading(cx) } else { Prepared(0) };
        match in_doubt {
            Prepared(_) => in_doubt.inquire(cx, fx),
            _ => in_doubt.fence(cx, fx),
        }
        in_doubt.decide_if_all_agree(cx, fx);
        Some(in_doubt)
    }

    fn on_message(&mut self, cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) {
        match (&mut *self, message) {
            // Rule 2: an empty register is closed with NO, and what it holds is reported when it
            // is durable.
            (Working, Message::Fence) => {
                fx.disarm(Timer::VotesDue);
                fx.force(Record::Aborted);
                *self = Refusing([from].into_iter().collect());
            }
            (Preparing(fencers) | Refusing(fencers), Message::Fence) => {
                fencers.insert(from);
            }
            (Prepared(_) | Reading(..), Message::Fence) => {
                fx.send(from, Message::Register(Holds::Yes));
            }
            // Whoever knows the outcome tells who asks for anything.
            (
                Finishing(known) | Told(known) | Announcing(known, ..) | Reported(known, _),
                Message::Fence | Message::Inquire,
            ) => fx.send(from, Message::outcome(*known)),
            // The root has not heard, and would not ask this node before its second round.
            (Reported(known, _), Message::Register(Holds::Yes)) if from == cx.cast.root => {
                fx.send(from, Message::outcome(*known));
            }
            (Watching(..) | Reported(..), Message::Register(Holds::Finished)) => fx.forget(),
            (_, Message::Yes | Message::Register(Holds::Yes)) => self.read(cx, from, true, fx),
            (_, Message::No | Message::Register(Holds::No)) => self.read(cx, from, false, fx),
            (_, Message::Commit) => self.hear(cx, Decision::Commit, fx),
            (_, Message::Abort) => self.hear(cx, Decision::Abort, fx),
            (Announcing(..), Message::Ack) => self.has_it_on_disk(from, fx),
            _ => {}
        }
    }

    fn on_vote(&mut self, cx: &Cx<'_>, vote: Vote, fx: &mut Fx) {
        match (&*self, vote) {
            (Working, Vote::Yes | Vote::ReadOnly) => {
                fx.disarm(Timer::VotesDue);
                fx.force(Record::Prepared);
                *self = Preparing(NodeSet::EMPTY);
            }
            (Working, Vote::No) => self.refuse(cx, fx),
            _ => {}
        }
    }

    fn on_durable(&mut self, cx: &Cx<'_>, record: &Record, fx: &mut Fx) {
        match (&*self, record) {
            (Preparing(_), Record::Prepared) if is_root(cx) => {
                fx.broadcast(&participants(cx), &Message::Prepare);
                fx.arm(Timer::VotesDue, cx.config.patience.votes);
                *self = reading(cx);
                self.decide_if_all_agree(cx, fx);
            }
            (Preparing(fencers), Record::Prepared) => {
                fx.send(cx.cast.root, Message::Yes);
                let others = fencers.without(cx.cast.root);
                fx.broadcast(&others, &Message::Register(Holds::Yes));
                fx.arm(Timer::DecisionDue, cx.config.patience.decision);
                *self = Prepared(0);
            }
            (Refusing(fencers), Record::Aborted) => {
                fx.decide(Decision::Abort);
                fx.broadcast(fencers, &Message::Register(Holds::No));
                fx.rest();
                *self = Told(Decision::Abort);
            }
            // The last ACK lets all registers be erased, so the outcome must last without them.
            (Finishing(decision), Record::Committed | Record::Aborted) => {
                fx.send(cx.cast.root, Message::Ack);
                fx.rest();
                *self = Told(*decision);
            }
            (Announcing(..), Record::Committed | Record::Aborted) => {
                self.has_it_on_disk(cx.me, fx);
            }
            _ => {}
        }
    }

    /// Silence never decides anything that a register could: it closes empty registers.
    fn on_timer(&mut self, cx: &Cx<'_>, timer: Timer, fx: &mut Fx) {
        match (&mut *self, timer) {
            (Working, Timer::VotesDue) => self.refuse(cx, fx),
            (Reading(..) | Watching(..), Timer::VotesDue) => self.fence(cx, fx),
            (Reading(..) | Watching(..), Timer::Tally) => self.decide(cx, Decision::Abort, fx),
            (Prepared(_), Timer::DecisionDue) => self.inquire(cx, fx),
            (Announcing(decision, silent, repeats), Timer::AcksDue) => {
                fx.broadcast(&silent.without(cx.me), &Message::outcome(*decision));
                fx.arm(Timer::AcksDue, cx.config.patience.before_repeat(repeats));
            }
            (Reported(_, repeats), Timer::AcksDue) => {
                fx.send(cx.cast.root, Message::Fence);
                fx.arm(Timer::AcksDue, cx.config.patience.before_repeat(repeats));
            }
            _ => {}
        }
    }

    fn status(&self) -> Status {
        match self {
            Working | Preparing(_) | Refusing(_) => Status::Working,
            Prepared(_) | Reading(..) => Status::InDoubt,
            Watching(..) => Status::Helping,
            Finishing(known) | Told(known) | Announcing(known, ..) | Reported(known, _) => {
                Status::Decided(*known)
            }
        }
    }
}

/// What a reader of registers does: the root, and the watchdog if it is called.
impl Watchdog {
    /// Rule 2. At first the root fences only the silent; from then on it asks everybody, the
    /// watchdog too, since somebody may have learnt the outcome from there.
    fn fence(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let (Reading(registers, rounds) | Watching(registers, rounds)) = self else { return };
        let everybody = cx.cast.voters.union(&cx.cast.helpers).without(cx.me);
        let first = is_root(cx) && *rounds == 0;
        let fenced = if first { &registers.unread } else { &everybody };
        fx.broadcast(fenced, &Message::Fence);
        fx.arm(Timer::VotesDue, cx.config.patience.before_repeat(rounds));
        // Also where the wait does not grow and is not counted, this was the first round.
        *rounds = (*rounds).max(1);
    }

    fn read(&mut self, cx: &Cx<'_>, voter: NodeId, yes: bool, fx: &mut Fx) {
        let (Reading(registers, _) | Watching(registers, _)) = self else { return };
        // Registers of this very instant are still read, so that nobody whose NO arrives in it is
        // told to abort.
        if registers.read(voter, yes) {
            fx.arm(Timer::Tally, Span::ZERO);
        }
        self.decide_if_all_agree(cx, fx);
    }

    fn decide_if_all_agree(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let (Reading(registers, _) | Watching(registers, _)) = self else { return };
        if registers.all_agree() {
            self.decide(cx, Decision::Commit, fx);
        }
    }

    /// Rules 1 and 4: the evidence is complete, and no record is forced. Who holds NO has aborted
    /// already.
    fn decide(&mut self, cx: &Cx<'_>, decision: Decision, fx: &mut Fx) {
        let (Reading(registers, _) | Watching(registers, _)) = self else { return };
        fx.disarm(Timer::VotesDue);
        fx.disarm(Timer::Tally);
        let told = cx.cast.voters.iter().filter(|voter| !registers.refused.contains(*voter));
        let told: NodeSet = told.collect();
        if is_root(cx) {
            fx.write(Record::outcome(decision));
            fx.decide(decision);
            *self = announce(cx, decision, told, fx);
        } else {
            fx.decide(decision);
            fx.broadcast(&told, &Message::outcome(decision));
            fx.arm(Timer::AcksDue, cx.config.patience.acks);
            *self = Reported(decision, 1);
        }
    }

    /// Rule 5: when all have the outcome on disk nobody reads a register any more. The root counts
    /// itself, because it, too, would have to read them after a crash.
    fn has_it_on_disk(&mut self, voter: NodeId, fx: &mut Fx) {
        let Announcing(_, silent, _) = self else { return };
        silent.remove(voter);
        if silent.is_empty() {
            fx.forget();
        }
    }
}

/// What a voter does.
impl Watchdog {
    /// Its register holds NO from here on. Rule 1 asks for no force: who loses this record in a
    /// crash has lost the transaction, which is the same (`afterwards`).
    fn refuse(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        fx.disarm(Timer::VotesDue);
        fx.write(Record::Aborted);
        fx.decide(Decision::Abort);
        if is_root(cx) {
            // Nobody was asked.
            fx.forget();
        } else {
            fx.send(cx.cast.root, Message::No);
            fx.rest();
        }
        *self = Told(Decision::Abort);
    }

    /// The outcome arrives, from the root, the watchdog or somebody who was fenced.
    fn hear(&mut self, cx: &Cx<'_>, decision: Decision, fx: &mut Fx) {
        match self {
            Reading(..) | Watching(..) => self.decide(cx, decision, fx),
            Working if decision == Decision::Abort => {
                fx.disarm(Timer::VotesDue);
                fx.write(Record::Aborted);
                fx.decide(decision);
                fx.send(cx.cast.root, Message::Ack);
                fx.rest();
                *self = Told(decision);
            }
            Preparing(_) | Prepared(_) => {
                fx.disarm(Timer::DecisionDue);
                fx.write(Record::outcome(decision));
                fx.decide(decision);
                *self = Finishing(decision);
            }
            Told(_) => fx.send(cx.cast.root, Message::Ack),
            _ => {}
        }
    }

    /// In doubt: ask the root, and set the watchdog on the others' registers.
    fn inquire(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Prepared(questions) = self else { return };
        fx.send(cx.cast.root, Message::Inquire);
        fx.broadcast(&cx.cast.helpers, &Message::Inquire);
        fx.arm(Timer::DecisionDue, cx.config.patience.before_repeat(questions));
    }
}

/// The watchdog's first message. What it knew before a crash is in the registers still.
fn watch(cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) -> Option<Watchdog> {
    if message == Message::Register(Holds::Finished) {
        return None;
    }
    let mut watchdog = Watching(Registers::of(participants(cx)), 0);
    watchdog.on_message(cx, from, message, fx);
    watchdog.fence(cx, fx);
    Some(watchdog)
}

fn reading(cx: &Cx<'_>) -> Watchdog {
    Reading(Registers::of(participants(cx)), 0)
}

/// Phase 2, root: tells `silent`, and repeats it until all of them have it on disk.
fn announce(cx: &Cx<'_>, decision: Decision, silent: NodeSet, fx: &mut Fx) -> Watchdog {
    fx.broadcast(&silent.without(cx.me), &Message::outcome(decision));
    fx.arm(Timer::AcksDue, cx.config.patience.acks);
    Announcing(decision, silent, 1)
}

fn participants(cx: &Cx<'_>) -> NodeSet {
    cx.cast.voters.without(cx.cast.root)
}

fn is_root(cx: &Cx<'_>) -> bool {
    cx.me == cx.cast.root
}

fn is_watchdog(cx: &Cx<'_>) -> bool {
    cx.cast.helpers.contains(cx.me)
}
