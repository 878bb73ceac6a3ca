//! How a resource manager is set up, and why it refuses.

/// How a resource manager is set up. All nodes of a run have the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Rules {
    /// What becomes of a request for a lock that others hold.
    pub conflict: Conflict,
    /// Whether prepared transactions lend their items (OPT; Gupta, Haritsa & Ramamritham 1997).
    pub lend: bool,
    /// Whether a transaction that changed nothing here votes read-only, and so leaves with its
    /// locks before the others have all of theirs; otherwise it votes YES and stays.
    pub readers_leave: bool,
    /// How many changed pages may wait in memory before the oldest is written to disk.
    pub buffer: u32,
    /// How many before- and after-images the log has room for.
    pub log_space: Option<u32>,
}

impl Rules {
    /// Nobody waits, and nothing is limited.
    pub const NONE: Rules = Rules {
        conflict: Conflict::Refuse,
        lend: false,
        readers_leave: false,
        buffer: u32::MAX,
        log_space: None,
    };
}

/// What becomes of a request for a lock that others hold.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Conflict {
    /// It is refused, and the transaction with it.
    Refuse,
    /// It waits if its transaction is older than all that it would wait for; a younger one dies.
    /// So nobody waits in a circle.
    WaitDie,
    /// It waits. Somebody else has to give up transactions that wait too long.
    Wait,
}

/// Why a transaction cannot be prepared here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Refusal {
    /// An item is locked, and nobody waits here.
    Conflict,
    /// An older transaction is in the way.
    Died,
    /// It waited too long for a lock.
    TimedOut,
    /// Whom it had borrowed from aborted.
    Lender,
    /// The log has no room for its images.
    LogFull,
    /// The data does not allow it: an overdraft, no seat left, a limit.
    Rule,
}
