//! Mistakes in tree two-phase commit.

use commitsim_catalog::Options;
use commitsim_core::{Cx, Effect, Effects, Gone, NodeId, Patience, Protocol, Vote};
use commitsim_protocol_t2pc::{
    ABOUT, Config, Message, OutcomeForce, Record, Timer, TreeTwoPhase, VoteForce,
};
use commitsim_spec::Property;

use crate::bug::Haste;
use crate::planted::{Event, Mistake, Plant};

/// One mistake in tree two-phase commit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TreeMistake {
    /// A node votes from memory (V2).
    VotesFromMemory,
    /// The root commits from memory (V1).
    CommitsFromMemory,
    /// A root that only read commits without a record, whatever its children did.
    DropsRecord,
    /// An inner node says READY when its own work is done, whatever its children say.
    SpeaksForItself,
    /// An inner node that only read leaves, whatever its children did.
    LeavesItsChildren,
    /// An inner node acknowledges as soon as its own record is durable (V3).
    AcknowledgesForItself,
    /// A node in doubt aborts when its patience runs out (V8).
    AbortsInDoubt,
    /// A node in doubt answers its children as if it had no information.
    PresumesInDoubt,
    /// A node in doubt asks its parent only (B7).
    AsksParentOnly,
    /// A node that comes back with its vote on disk says READY (again).
    SaysReadyAgain,
    /// The same, and it takes an early vote back from memory (V23).
    TakesBackFromMemory,
}

use TreeMistake::{
    AbortsInDoubt, AcknowledgesForItself, AsksParentOnly, CommitsFromMemory, DropsRecord,
    LeavesItsChildren, PresumesInDoubt, SaysReadyAgain, SpeaksForItself, TakesBackFromMemory,
    VotesFromMemory,
};

impl Mistake<TreeTwoPhase> for TreeMistake {
    fn haste(self, cx: &Cx<'_, TreeTwoPhase>, record: &Record) -> Option<Haste> {
        let root = cx.me == cx.cast.root;
        let hasty = match self {
            VotesFromMemory => *record == Record::Ready,
            CommitsFromMemory => root && *record == Record::Committed,
            TakesBackFromMemory => *record == Record::Aborted,
            _ => false,
        };
        hasty.then_some(Haste::Written)
    }

    fn event(
        self,
        cx: &Cx<'_, TreeTwoPhase>,
        machine: &mut TreeTwoPhase,
        event: &Event<TreeTwoPhase>,
        fx: &mut Effects<TreeTwoPhase>,
    ) -> bool {
        let root = cx.me == cx.cast.root;
        match (self, &mut *machine, event) {
            (SpeaksForItself, TreeTwoPhase::Voting(votes), Event::Vote(Vote::Yes)) if !root => {
                votes.yes = cx.cast.children();
                votes.missing = [cx.me].into_iter().collect();
                false
            }
            (
                LeavesItsChildren,
                TreeTwoPhase::Voting(votes),
                Event::Message(from, Message::Ready),
            ) if !root && !votes.missing.contains(cx.me) && votes.yes.is_empty() => {
                machine.on_message(cx, *from, Message::ReadOnly, fx);
                true
            }
            (DropsRecord, TreeTwoPhase::Voting(votes), Event::Message(from, Message::Ready))
                if root && !votes.missing.contains(cx.me) && !votes.yes.contains(cx.me) =>
            {
                let mut wanted = Effects::new();
                machine.on_message(cx, *from, Message::Ready, &mut wanted);
                wanted
                    .drain()
                    .filter(|effect| !matches!(effect, Effect::Force(_)))
                    .for_each(|effect| fx.push(effect));
                if matches!(machine, TreeTwoPhase::Deciding(_)) {
                    machine.on_durable(cx, &Record::Committed, fx);
                }
                true
            }
            (
                AcknowledgesForItself,
                TreeTwoPhase::Announcing(waiting, _),
                Event::Durable(Record::Committed),
            ) => {
                *waiting = [cx.me].into_iter().collect();
                false
            }
            (AbortsInDoubt, TreeTwoPhase::Prepared(..), Event::Timer(Timer::DecisionDue)) => {
                machine.on_message(cx, cx.cast.root, Message::Abort, fx);
                true
            }
            (
                PresumesInDoubt,
                TreeTwoPhase::Prepared(..),
                Event::Message(from, Message::Inquire),
            ) => {
                TreeTwoPhase::afterwards(cx, Gone::Forgotten, *from, Message::Inquire, fx);
                true
            }
            _ => false,
        }
    }

    fn effect(
        self,
        cx: &Cx<'_, TreeTwoPhase>,
        _: &TreeTwoPhase,
        effect: Effect<TreeTwoPhase>,
    ) -> Option<Effect<TreeTwoPhase>> {
        let asks_above = |to: NodeId, message: Message| {
            message == Message::Inquire && Some(to) != cx.cast.parent
        };
        match effect {
            Effect::Send { to, message } if self == AsksParentOnly && asks_above(to, message) => {
                None
            }
            effect => Some(effect),
        }
    }

    fn recovered(
        self,
        cx: &Cx<'_, TreeTwoPhase>,
        machine: Option<TreeTwoPhase>,
        fx: &mut Effects<TreeTwoPhase>,
    ) -> Option<TreeTwoPhase> {
        let again = matches!(self, SaysReadyAgain | TakesBackFromMemory);
        if let (true, Some(TreeTwoPhase::Prepared(..)), Some(parent)) =
            (again, &machine, cx.cast.parent)
        {
            fx.send(parent, Message::Ready);
        }
        machine
    }
}

fn config(vote_force: VoteForce, patience: Patience) -> Config {
    Config { vote_force, outcome_force: OutcomeForce::Forced, patience }
}

fn late(_: &Options, patience: Patience) -> Config {
    config(VoteForce::Late, patience)
}

fn early(_: &Options, patience: Patience) -> Config {
    config(VoteForce::Early, patience)
}

/// A tree two-phase commit with a mistake.
pub type TreePlant = Plant<TreeTwoPhase, TreeMistake>;

const fn plant(
    name: &'static str,
    mistake: TreeMistake,
    property: Property,
    title: &'static str,
    source: &'static str,
) -> TreePlant {
    Plant { name, title, source, property, original: &ABOUT, mistake, config: late }
}

/// The mistakes of protocols.md 13 that a tree with a fixed root has room for.
pub static TREE_PLANTS: [TreePlant; 11] = [
    plant(
        "tree-lazy-ready",
        VotesFromMemory,
        Property::Ac1,
        "READY leaves while the vote is in memory only",
        "protocols.md 13, V2",
    ),
    plant(
        "tree-lazy-commit",
        CommitsFromMemory,
        Property::Ac1,
        "the root announces a commit that is in memory only",
        "protocols.md 13, V1",
    ),
    plant(
        "tree-forgetful-reader",
        DropsRecord,
        Property::Ac1,
        "a root that only read commits without a record",
        "reliability.md 9, row 24",
    ),
    plant(
        "tree-lonely-ready",
        SpeaksForItself,
        Property::Ac3,
        "an inner node says READY without waiting for its children",
        "reliability.md 9, row 21",
    ),
    plant(
        "tree-lonely-reader",
        LeavesItsChildren,
        Property::Ac1,
        "an inner node that only read leaves, though its children wrote",
        "protocols.md 2.7",
    ),
    plant(
        "tree-lonely-ack",
        AcknowledgesForItself,
        Property::Ac1,
        "an inner node acknowledges before its children have",
        "reliability.md 9, row 22",
    ),
    plant(
        "tree-impatient",
        AbortsInDoubt,
        Property::Ac1,
        "a node in doubt aborts when its patience runs out",
        "protocols.md 13, V8",
    ),
    plant(
        "tree-guess",
        PresumesInDoubt,
        Property::Ac1,
        "an inner node in doubt answers ABORT to its children",
        "protocols.md 5",
    ),
    plant(
        "tree-parent-only",
        AsksParentOnly,
        Property::Ac5,
        "a node in doubt does not ask the root",
        "protocols.md 13, B7",
    ),
    Plant {
        config: early,
        ..plant(
            "tree-ready-again",
            SaysReadyAgain,
            Property::Ac3,
            "a node that forced its vote early says READY when it comes back",
            "protocols.md 7.2, G6",
        )
    },
    Plant {
        config: early,
        ..plant(
            "tree-lazy-refusal",
            TakesBackFromMemory,
            Property::Ac1,
            "and takes its vote back in memory only",
            "protocols.md 13, V23",
        )
    },
];
