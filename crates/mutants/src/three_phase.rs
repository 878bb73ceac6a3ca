//! Mistakes in three-phase commit.

use commitsim_catalog::Options;
use commitsim_core::{Cx, Effects, Gone, NodeId, NodeSet, Patience, Protocol};
use commitsim_protocol_3pc::{
    ABOUT, Config, Doubt, Epoch, Message, Record, Stands, State, Termination, ThreePhase, Timer,
};
use commitsim_spec::Property;

use crate::bug::Haste;
use crate::planted::{Event, Mistake, Plant};

use ThreePhase::{Asking, Collecting, Gathering, Proposing, Waiting};

/// One mistake in three-phase commit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ThreePhaseMistake {
    /// A participant votes from memory (V2).
    VotesFromMemory,
    /// The root sends PRE-COMMIT from memory.
    ProposesFromMemory,
    /// Whoever takes over announces an abort from memory.
    AbortsFromMemory,
    /// There are no epochs: a participant obeys an old coordinator after it has answered a new
    /// one, and a coordinator does not hear that there is another (V14).
    HasNoEpochs,
    /// A recovered node takes part as if it had never been away (V15).
    TakesPartAgain,
    /// After a total failure those who are back decide (V16, one half).
    DecidesAmongFew,
    /// The same, and pre-commits are not on record (V16).
    DecidesAmongFewUnlogged,
    /// A new coordinator that is committable commits at once (TR4).
    CommitsAmongUncertain,
    /// A node without a record says that it has aborted, and it may have voted read-only.
    TakesReaderForRefuser,
    /// A participant that has said YES commits when its patience runs out.
    CommitsInDoubt,
}

use ThreePhaseMistake::{
    AbortsFromMemory, CommitsAmongUncertain, CommitsInDoubt, DecidesAmongFew,
    DecidesAmongFewUnlogged, HasNoEpochs, ProposesFromMemory, TakesPartAgain,
    TakesReaderForRefuser, VotesFromMemory,
};

impl Mistake<ThreePhase> for ThreePhaseMistake {
    fn haste(self, cx: &Cx<'_, ThreePhase>, record: &Record) -> Option<Haste> {
        let root = cx.me == cx.cast.root;
        let hasty = match self {
            VotesFromMemory => *record == Record::Prepared,
            ProposesFromMemory => root && *record == Record::PreCommitted,
            AbortsFromMemory => !root && *record == Record::Aborted,
            _ => false,
        };
        hasty.then_some(Haste::Written)
    }

    fn event(
        self,
        cx: &Cx<'_, ThreePhase>,
        machine: &mut ThreePhase,
        event: &Event<ThreePhase>,
        fx: &mut Effects<ThreePhase>,
    ) -> bool {
        match (self, &mut *machine, event) {
            (HasNoEpochs, Waiting(doubt), Event::Message(_, Message::PreCommit(epoch))) => {
                doubt.epoch = *epoch;
                false
            }
            (HasNoEpochs, Collecting(..), Event::Message(_, Message::PreCommit(_))) => true,
            (
                HasNoEpochs,
                Proposing(_) | Gathering(..),
                Event::Message(_, Message::StateReq(_) | Message::Commit | Message::Abort),
            ) => true,
            // The first answer would have come by now.
            (
                DecidesAmongFew | DecidesAmongFewUnlogged,
                Asking(back),
                Event::Timer(Timer::DecisionDue),
            ) => {
                back.missing = NodeSet::EMPTY;
                let nothing =
                    Message::StateReport(Epoch { round: 0, leader: cx.me }, State::Bystander);
                machine.on_message(cx, cx.me, nothing, fx);
                matches!(machine, ThreePhase::Deciding(..))
            }
            (CommitsAmongUncertain, Collecting(_, reports), Event::Timer(Timer::ReportsDue)) => {
                reports.uncertain = NodeSet::EMPTY;
                false
            }
            (CommitsInDoubt, Waiting(_), Event::Timer(Timer::DecisionDue)) => {
                machine.on_message(cx, cx.cast.root, Message::Commit, fx);
                true
            }
            _ => false,
        }
    }

    fn afterwards(
        self,
        cx: &Cx<'_, ThreePhase>,
        gone: Gone,
        from: NodeId,
        message: &Message,
        fx: &mut Effects<ThreePhase>,
    ) -> bool {
        let Message::StateReq(epoch) = *message else { return false };
        let mistaken = self == TakesReaderForRefuser && gone == Gone::Lost && cx.me != cx.cast.root;
        if mistaken {
            fx.send(from, Message::StateReport(epoch, State::Aborted));
        }
        mistaken
    }

    fn reads(self, _: &Cx<'_, ThreePhase>, log: &mut Vec<Record>) {
        if self == DecidesAmongFewUnlogged {
            log.retain(|record| *record != Record::PreCommitted);
        }
    }

    fn recovered(
        self,
        cx: &Cx<'_, ThreePhase>,
        machine: Option<ThreePhase>,
        fx: &mut Effects<ThreePhase>,
    ) -> Option<ThreePhase> {
        let (TakesPartAgain, Some(Asking(back))) = (self, &machine) else { return machine };
        let (root, patience) = (cx.cast.root, cx.config.patience);
        let stands = if back.committable { Stands::Committable } else { Stands::Uncertain };
        let epoch = Epoch { round: 0, leader: root };
        fx.drain().for_each(drop);
        fx.arm(Timer::DecisionDue, patience.decision.plus(patience.votes));
        Some(Waiting(Doubt { epoch, stands, awaits: root, suspects: NodeSet::EMPTY }))
    }
}

fn config(_: &Options, patience: Patience) -> Config {
    Config { termination: Termination::Elected, patience }
}

/// A three-phase commit with a mistake.
pub type ThreePhasePlant = Plant<ThreePhase, ThreePhaseMistake>;

const fn plant(
    name: &'static str,
    mistake: ThreePhaseMistake,
    property: Property,
    title: &'static str,
    source: &'static str,
) -> ThreePhasePlant {
    Plant { name, title, source, property, original: &ABOUT[0], mistake, config }
}

/// The mistakes of protocols.md 13, and those that the rules of 8.3 are there to prevent.
pub static THREE_PHASE_PLANTS: [ThreePhasePlant; 10] = [
    plant(
        "three-lazy-prepared",
        VotesFromMemory,
        Property::Ac1,
        "YES leaves while the vote is in memory only",
        "protocols.md 13, V2",
    ),
    plant(
        "three-lazy-precommit",
        ProposesFromMemory,
        Property::Ac1,
        "PRE-COMMIT leaves while the root's record of it is in memory only",
        "protocols.md 8.3, recovery of the coordinator",
    ),
    plant(
        "three-lazy-abort",
        AbortsFromMemory,
        Property::Ac2,
        "a new coordinator announces an abort that is in memory only",
        "protocols.md 8.3, rule 3",
    ),
    plant(
        "three-no-epochs",
        HasNoEpochs,
        Property::Ac1,
        "an old coordinator and a new one decide side by side",
        "protocols.md 8.3, rule 1 (V14); reliability.md 9, row 13",
    ),
    plant(
        "three-back-at-work",
        TakesPartAgain,
        Property::Ac1,
        "a recovered node takes part as uncertain",
        "protocols.md 8.3, rule 2 (V15); reliability.md 9, row 20",
    ),
    plant(
        "three-few",
        DecidesAmongFew,
        Property::Ac1,
        "after a total failure those who are back decide",
        "protocols.md 8.3, rule 3",
    ),
    plant(
        "three-few-unlogged",
        DecidesAmongFewUnlogged,
        Property::Ac1,
        "after a total failure those who are back decide, and nobody has logged the pre-commit",
        "protocols.md 13, V16",
    ),
    plant(
        "three-hasty-tr4",
        CommitsAmongUncertain,
        Property::Ac1,
        "a committable new coordinator commits while others are uncertain",
        "protocols.md 8.3, TR4",
    ),
    plant(
        "three-reader-refuses",
        TakesReaderForRefuser,
        Property::Ac1,
        "a node without a record says that it has aborted, and it had voted read-only",
        "protocols.md 8.3, TR1",
    ),
    plant(
        "three-hasty-commit",
        CommitsInDoubt,
        Property::Ac3,
        "a participant that has said YES commits when its patience runs out",
        "reliability.md 9, row 16",
    ),
];
