//! The mutants by name: what each breaks, and which property has to notice.

use commitsim_catalog::{Explored, Inquiry, Job, Options, Runnable, search, timeless};
use commitsim_core::{About, Patience, Promise, Tolerance};
use commitsim_explore::{Crew, Walk};
use commitsim_protocol_2pc::{ABOUT, Config, OutcomeForce, Presumption, Termination};
use commitsim_sim::{RunRecord, Watch, simulate};
use commitsim_spec::Property;

use crate::{Broken, BrokenConfig, Bug};

/// A protocol with a bug. It can be run by name, like a correct one.
#[derive(Clone, Copy, Debug)]
pub struct Mutant {
    /// Its name, what is wrong in one line, and where that is from.
    pub about: About,
    /// What is wrong.
    pub bug: Bug,
    /// What is violated when the bug shows. Others may be as well: a record that is not forced, for
    /// one, also breaks the write-ahead rule, and the formula of the cost, in every single run.
    pub property: Property,
    /// The name of the protocol that it would be without the bug.
    pub original: &'static str,
    presumption: Presumption,
}

impl Mutant {
    /// The configuration of a run: that of the original, and the bug.
    #[must_use]
    pub fn config(&self, patience: Patience) -> BrokenConfig {
        BrokenConfig::new(self.correct(patience), Some(self.bug))
    }

    /// The configuration of the original.
    #[must_use]
    pub fn correct(&self, patience: Patience) -> Config {
        Config {
            presumption: self.presumption,
            termination: Termination::None,
            outcome_force: OutcomeForce::Forced,
            coordinator_votes: true,
            patience,
        }
    }
}

impl Runnable for Mutant {
    fn about(&self) -> &'static About {
        // The table is the only maker of mutants, so this one is in it.
        find(self.about.id).map_or(&ABOUT[0], |mutant| &mutant.about)
    }

    /// What the original promises, and the mutant breaks.
    fn promise(&self, _: &Options) -> Promise {
        self.correct(timeless()).promise()
    }

    fn simulate<'a>(&self, job: &Job<'a>, watch: Option<&'a mut (dyn Watch + 'a)>) -> RunRecord {
        let config = self.config(job.patience);
        simulate::<Broken>(job.setup, config, &job.patience, job.seed, job.manner, watch)
    }

    fn explore(
        &self,
        inquiry: &Inquiry<'_>,
        crew: &dyn Crew,
        tell: &mut dyn FnMut(&Walk) -> bool,
    ) -> Explored {
        search::<Broken>(self.config(timeless()), inquiry, crew, tell)
    }
}

/// Every mutant, in the order of the document that it is from.
#[must_use]
pub fn all() -> &'static [Mutant] {
    &MUTANTS
}

/// The mutant of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Mutant> {
    all().iter().find(|mutant| mutant.about.id == name)
}

/// The mistakes of protocols.md 13 and of reliability.md 9 that two-phase commit can make.
///
/// Not among them, because flat two-phase commit has no room for them: row 13 (an old message is
/// taken for a current one) needs transaction ids that are used again, which no driver does; rows
/// 16 to 20 are of three-phase commit, 21, 22 and 24 of trees, 25 to 27 of Paxos Commit; 30 and 31
/// are mistakes of a host and 32 is one of the oracle, which has a test of its own.
static MUTANTS: [Mutant; 23] = [
    mutant(
        "eager-yes",
        Bug::SaysYesTooSoon,
        Presumption::Nothing,
        Property::Ac1,
        "a YES leaves while the vote is on the way to disk",
        "reliability.md 9, row 1",
    ),
    mutant(
        "lazy-prepared",
        Bug::VotesFromMemory,
        Presumption::Nothing,
        Property::Ac1,
        "a YES leaves and the vote is written lazily",
        "protocols.md 13, V2; reliability.md 9, row 2",
    ),
    mutant(
        "eager-commit",
        Bug::AnnouncesTooSoon,
        Presumption::Nothing,
        Property::Ac1,
        "COMMIT leaves while its record is on the way to disk",
        "reliability.md 9, row 3",
    ),
    mutant(
        "lazy-commit",
        Bug::CommitsFromMemory,
        Presumption::Nothing,
        Property::Ac1,
        "COMMIT leaves and its record is written lazily",
        "protocols.md 13, V1; reliability.md 9, row 4",
    ),
    mutant(
        "eager-ack",
        Bug::AcknowledgesTooSoon,
        Presumption::Abort,
        Property::Ac2,
        "an ACK leaves while the commit record is on the way to disk",
        "trait-check.md 5",
    ),
    mutant(
        "opposite-presumption",
        Bug::PresumesTheOpposite,
        Presumption::Abort,
        Property::Ac3,
        "presumed abort answers COMMIT about the unknown",
        "reliability.md 9, row 5",
    ),
    mutant(
        "lazy-collecting",
        Bug::CollectsFromMemory,
        Presumption::Commit,
        Property::Ac1,
        "presumed commit asks for votes before the participants are on record",
        "protocols.md 13, V5",
    ),
    mutant(
        "no-collecting",
        Bug::CollectsWithoutRecord,
        Presumption::Commit,
        Property::Ac3,
        "presumed commit never records the participants",
        "reliability.md 9, row 6",
    ),
    mutant(
        "no-acks",
        Bug::ForgetsAtOnce,
        Presumption::Abort,
        Property::Ac1,
        "presumed abort forgets a commit as soon as it is out",
        "protocols.md 13, V3",
    ),
    mutant(
        "no-abort-acks",
        Bug::ForgetsAtOnce,
        Presumption::Commit,
        Property::Ac1,
        "presumed commit forgets an abort as soon as it is out",
        "protocols.md 3.6, V6",
    ),
    mutant(
        "first-ack",
        Bug::ForgetsAtFirstAck,
        Presumption::Abort,
        Property::Ac1,
        "the root forgets at the first ACK",
        "reliability.md 9, row 7",
    ),
    mutant(
        "mixed-presumptions",
        Bug::MixesPresumptions,
        Presumption::Abort,
        Property::Ac1,
        "node 1 presumes commit, everybody else abort (U2PC)",
        "protocols.md 13, V7",
    ),
    mutant(
        "counts-votes",
        Bug::CountsVotes,
        Presumption::Nothing,
        Property::Ac3,
        "a YES that arrives twice is two",
        "reliability.md 9, row 8",
    ),
    mutant(
        "silence-is-yes",
        Bug::TakesSilenceForYes,
        Presumption::Nothing,
        Property::Ac3,
        "the root commits when its patience with voters runs out",
        "reliability.md 9, row 9",
    ),
    mutant(
        "impatient",
        Bug::AbortsInDoubt,
        Presumption::Nothing,
        Property::Ac1,
        "a participant in doubt aborts when its patience runs out",
        "reliability.md 9, row 10; protocols.md 2.6 (heuristic decision)",
    ),
    mutant(
        "collects-anew",
        Bug::CollectsAnew,
        Presumption::Commit,
        Property::Ac2,
        "a root that recovers without an outcome collects votes again",
        "reliability.md 9, row 11",
    ),
    mutant(
        "overlooks-commit",
        Bug::OverlooksCommit,
        Presumption::Nothing,
        Property::Ac2,
        "a root that recovers overlooks its commit record",
        "reliability.md 9, row 11",
    ),
    mutant(
        "votes-again",
        Bug::VotesAgain,
        Presumption::Nothing,
        Property::Ac1,
        "a participant that lost its transaction says YES when asked again",
        "reliability.md 9, row 12",
    ),
    mutant(
        "shrugs-off-abort",
        Bug::ShrugsOffAbort,
        Presumption::Nothing,
        Property::Ac5,
        "an ABORT that overtakes PREPARE is acknowledged and not remembered",
        "reliability.md 9, row 14",
    ),
    mutant(
        "begins-again",
        Bug::BeginsAgain,
        Presumption::Abort,
        Property::Ac2,
        "a late PREPARE reopens what is over",
        "reliability.md 9, row 15",
    ),
    mutant(
        "tells-readers",
        Bug::TellsReaders,
        Presumption::Nothing,
        Property::Cost,
        "a reader is told the outcome and has to acknowledge it",
        "reliability.md 9, row 23",
    ),
    mutant(
        "repeats-once",
        Bug::RepeatsOnce,
        Presumption::Abort,
        Property::Ac5,
        "the alarm for repeats is not set again",
        "reliability.md 9, row 28",
    ),
    mutant(
        "stale-alarm",
        Bug::KeepsAlarm,
        Presumption::Nothing,
        Property::Ac2,
        "the alarm for votes outlives the decision and aborts",
        "reliability.md 9, row 29",
    ),
];

const fn mutant(
    name: &'static str,
    bug: Bug,
    presumption: Presumption,
    property: Property,
    title: &'static str,
    source: &'static str,
) -> Mutant {
    let original = &ABOUT[presumption as usize];
    let tolerates = Tolerance { crashes: false, loss: false, partitions: false };
    Mutant {
        about: About { id: name, title, source, tolerates, options: &[], ..*original },
        bug,
        property,
        original: original.id,
        presumption,
    }
}
