//! The kinds of things in the drawing, and what they are called.

/// What a stretch of a lane shows. Later ones are painted above earlier ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    Doubt,
    Blocked,
    Down,
    Locks,
    Wait,
    Work,
    Force,
}

/// What happens at an instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Sign {
    /// A record is written that nobody waits for.
    Lazy,
    /// Such a record is on disk.
    Settled,
    Vote,
    Alarm,
    Forgotten,
    Back,
    Crash,
    Commit,
    Abort,
}

impl Kind {
    /// What SVG calls it.
    pub(super) fn class(self) -> &'static str {
        match self {
            Kind::Doubt => "in-doubt",
            Kind::Blocked => "blocked",
            Kind::Down => "down",
            Kind::Locks => "locks",
            Kind::Wait => "wait",
            Kind::Work => "work",
            Kind::Force => "force",
        }
    }

    /// The words for it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Kind::Doubt => "in doubt",
            Kind::Blocked => "blocked: in doubt, and asking",
            Kind::Down => "down",
            Kind::Locks => "holds locks",
            Kind::Wait => "waits for a lock",
            Kind::Work => "local work",
            Kind::Force => "forced write",
        }
    }
}

impl Sign {
    /// How early its label is placed, if it has one.
    pub(super) fn rank(self) -> Option<u8> {
        match self {
            Sign::Back | Sign::Crash | Sign::Commit | Sign::Abort => Some(0),
            Sign::Lazy | Sign::Vote | Sign::Alarm => Some(3),
            Sign::Settled | Sign::Forgotten => None,
        }
    }

    /// What SVG calls it.
    pub(super) fn class(self) -> &'static str {
        match self {
            Sign::Lazy => "lazy",
            Sign::Settled => "settled",
            Sign::Vote => "vote",
            Sign::Alarm => "alarm",
            Sign::Forgotten => "forgotten",
            Sign::Back => "restart",
            Sign::Crash => "crash",
            Sign::Commit => "commit",
            Sign::Abort => "abort",
        }
    }

    /// The words for it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Sign::Lazy => "lazy write",
            Sign::Settled => "lazy write is on disk",
            Sign::Vote => "vote",
            Sign::Alarm => "alarm goes off",
            Sign::Forgotten => "forgets the transaction",
            Sign::Back => "restart",
            Sign::Crash => "crash",
            Sign::Commit => "commit",
            Sign::Abort => "abort",
        }
    }
}
