//! How much may go wrong in a search.

/// What a search may spend. All counts are of the whole run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Bounds {
    /// How often nodes may crash; each that did may restart at any time.
    pub crashes: u8,
    /// How many messages may be lost that a crash or a partition would not swallow.
    pub losses: u8,
    /// How many messages may arrive twice.
    pub duplicates: u8,
    /// How often the network may fall into two parts; it may mend at any time.
    pub partitions: u8,
    /// Whether the network may do what it likes: any number of messages may be lost, and what was
    /// sent once may arrive at any time and any number of times. What is under way is then all
    /// that was ever sent, which leaves far fewer worlds than a count of losses does, and a search
    /// that comes to its end has allowed for every loss, duplicate and partition. Aborts are
    /// nobody's fault then, so AC4 is not judged.
    pub unreliable: bool,
    /// How many alarms may go off; any number where nothing is said.
    pub alarms: Option<u8>,
    /// Whether nodes may also vote NO.
    pub refusals: bool,
    /// Whether nodes may also vote read-only.
    pub readers: bool,
    /// What is known of the time that things take.
    pub synchrony: Synchrony,
}

/// What is known of the time that things take.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Synchrony {
    /// Nothing: an alarm may go off at any time.
    Asynchronous,
    /// Patience exceeds every delay, and all that may come of what arrives: an alarm goes off only
    /// when no message is under way, nobody works and nothing is on its way to disk, at any node.
    /// With nothing lost, silence means a crash.
    MessagesFirst,
}

impl Bounds {
    /// Nothing goes wrong but the order of things.
    pub const NONE: Bounds = Bounds {
        crashes: 0,
        losses: 0,
        duplicates: 0,
        partitions: 0,
        unreliable: false,
        alarms: None,
        refusals: true,
        readers: false,
        synchrony: Synchrony::Asynchronous,
    };
}
