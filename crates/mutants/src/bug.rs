//! What can be broken in two-phase commit.

use commitsim_protocol_2pc::Record;

/// One mistake in two-phase commit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Bug {
    // A force that is not waited for.
    /// A participant says YES while its vote is still on the way to disk.
    SaysYesTooSoon,
    /// A participant writes its vote lazily and says YES at once.
    VotesFromMemory,
    /// The root announces COMMIT while its record is still on the way to disk.
    AnnouncesTooSoon,
    /// The root writes its commit record lazily and announces at once.
    CommitsFromMemory,
    /// The root writes the record of the participants lazily and asks at once.
    CollectsFromMemory,
    /// The root leaves the record of the participants out.
    CollectsWithoutRecord,
    /// A participant acknowledges COMMIT while its record is still on the way to disk.
    AcknowledgesTooSoon,

    // Knowledge that is given up, or made up.
    /// The root takes an outcome for acknowledged as soon as it is out.
    ForgetsAtOnce,
    /// The root takes the first acknowledgement for all of them.
    ForgetsAtFirstAck,
    /// The root answers questions about the unknown with the opposite of its presumption.
    PresumesTheOpposite,
    /// Node 1 presumes commit and does not acknowledge it, which the root knows, while everybody
    /// else presumes abort.
    MixesPresumptions,
    /// The root, recovering without an outcome on record, collects votes again.
    CollectsAnew,
    /// The root, recovering, does not look for a commit record.
    OverlooksCommit,

    // Votes that nobody cast.
    /// The root counts YES votes instead of the nodes that cast them.
    CountsVotes,
    /// The root takes silence for YES.
    TakesSilenceForYes,
    /// A participant that lost a transaction in a crash says YES when it is asked once more.
    VotesAgain,

    // Decisions that are not a node's to take.
    /// A participant in doubt aborts when its patience runs out.
    AbortsInDoubt,
    /// The root's alarm for votes is not stopped by its decision, and aborts whenever it goes off.
    KeepsAlarm,

    // Messages that come at the wrong time.
    /// A participant acknowledges the ABORT of a transaction that it has not met, does not
    /// remember it, and waits to be told the outcome instead of asking.
    ShrugsOffAbort,
    /// A participant that is done begins again when a PREPARE arrives late.
    BeginsAgain,
    /// Who repeats something repeats it once.
    RepeatsOnce,
    /// The root takes a read-only vote for a YES, and so tells the reader the outcome.
    TellsReaders,
}

/// What becomes of a force that is not waited for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Haste {
    /// The record is on its way to disk.
    Forced,
    /// The record is written lazily.
    Written,
    /// There is no record.
    Skipped,
}

impl Bug {
    /// Whether a node with this bug goes on before `record` is durable, and what it does with it.
    pub(crate) fn haste(self, at_root: bool, record: Record) -> Option<Haste> {
        match (self, at_root, record) {
            (Bug::SaysYesTooSoon, false, Record::Prepared)
            | (Bug::AnnouncesTooSoon, true, Record::Committed)
            | (Bug::AcknowledgesTooSoon, false, Record::Committed) => Some(Haste::Forced),
            (Bug::VotesFromMemory, false, Record::Prepared)
            | (Bug::CommitsFromMemory, true, Record::Committed)
            | (Bug::CollectsFromMemory, true, Record::Collecting) => Some(Haste::Written),
            (Bug::CollectsWithoutRecord, true, Record::Collecting) => Some(Haste::Skipped),
            _ => None,
        }
    }
}
