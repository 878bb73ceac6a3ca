//! The families of faults that a hunt draws from, and whose promise each of them tries.

use commitsim_core::Tolerance;
use commitsim_sim::{Action, Fault, Setup};

/// A family of faults.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Family {
    /// Nodes crash, in the middle of a broadcast too, and come back or stay down until all heals.
    Crash,
    /// Nodes crash over and over.
    CrashLoop,
    /// Nodes crash again before they have recovered.
    Recovery,
    /// Some nodes never come back.
    Permanent,
    /// The network falls apart.
    Partition,
    /// One direction of a link is cut, or one node is out of reach.
    Cut,
    /// Nodes are clogged one by one and freed in another order.
    Swizzle,
    /// Messages are lost.
    Loss,
    /// Messages are lost several in a row.
    Burst,
    /// Messages are late.
    Delay,
    /// Messages arrive twice.
    Duplicate,
    /// Nodes stall.
    Pause,
    /// Disks are slow.
    Disk,
    /// Clocks run fast or slow.
    Clock,
    /// Alarms go off all at once.
    Expiry,
    /// Nodes refuse, or only read.
    Votes,
    /// Votes never come.
    Silence,
}

/// What a family asks of a protocol.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// Nothing: it is not a fault.
    None,
    /// That it bears crashes.
    Crashes,
    /// That it bears lost, late and doubled messages, and whatever else makes things late.
    Lateness,
    /// That it bears partitions.
    Partitions,
}

impl Family {
    /// All families, with their names on the command line.
    pub const ALL: [(&'static str, Family); 17] = [
        ("crash", Family::Crash),
        ("crash-loop", Family::CrashLoop),
        ("recovery", Family::Recovery),
        ("permanent", Family::Permanent),
        ("partition", Family::Partition),
        ("cut", Family::Cut),
        ("swizzle", Family::Swizzle),
        ("loss", Family::Loss),
        ("burst", Family::Burst),
        ("delay", Family::Delay),
        ("duplicate", Family::Duplicate),
        ("pause", Family::Pause),
        ("disk", Family::Disk),
        ("clock", Family::Clock),
        ("expiry", Family::Expiry),
        ("votes", Family::Votes),
        ("silence", Family::Silence),
    ];

    /// What it asks of a protocol.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Family::Crash | Family::CrashLoop | Family::Recovery | Family::Permanent => {
                Kind::Crashes
            }
            Family::Partition | Family::Cut | Family::Swizzle => Kind::Partitions,
            Family::Votes => Kind::None,
            _ => Kind::Lateness,
        }
    }

    /// The families that a protocol promises to bear.
    #[must_use]
    pub fn promised(tolerates: Tolerance) -> Vec<Family> {
        let all = Family::ALL.into_iter().map(|(_, family)| family);
        all.filter(|family| family.kind().is_within(tolerates)).collect()
    }
}

impl Kind {
    /// Whether a protocol with this tolerance bears it.
    #[must_use]
    pub fn is_within(self, tolerates: Tolerance) -> bool {
        match self {
            Kind::None => true,
            Kind::Crashes => tolerates.crashes,
            Kind::Lateness => tolerates.loss,
            Kind::Partitions => tolerates.partitions,
        }
    }

    /// The word for it in sentences.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::None => "nothing",
            Kind::Crashes => "crashes",
            Kind::Lateness => "lost or late messages",
            Kind::Partitions => "partitions",
        }
    }

    /// What a fault asks of a protocol.
    #[must_use]
    pub fn of(fault: &Fault) -> Kind {
        match &fault.action {
            Action::Crash { .. } | Action::CrashLoop { .. } => Kind::Crashes,
            Action::Partition { .. }
            | Action::CutLink { .. }
            | Action::Isolate { .. }
            | Action::Swizzle { .. } => Kind::Partitions,
            Action::Restart(_) | Action::Heal { .. } => Kind::None,
            _ => Kind::Lateness,
        }
    }

    /// All that goes wrong in `setup`.
    pub(crate) fn all(setup: &Setup) -> Vec<Kind> {
        Kind::outside(setup, Tolerance { crashes: false, loss: false, partitions: false })
    }

    /// What goes wrong in `setup` that a protocol with this tolerance does not promise to bear.
    #[must_use]
    pub fn outside(setup: &Setup, tolerates: Tolerance) -> Vec<Kind> {
        let network = &setup.network;
        let links = network.links.iter().map(|(_, _, link)| link).chain([&network.usual]);
        let lossy = links.into_iter().any(|link| !link.loss.is_zero() || !link.duplicate.is_zero());
        let luck = &setup.luck;
        let odd = !luck.messages.is_empty() || !luck.alarms.is_empty() || !luck.disks.is_empty();
        let silent = !setup.votes.never.is_empty();
        let late = (lossy || odd || silent).then_some(Kind::Lateness);
        let mut kinds: Vec<Kind> = setup.faults.iter().map(Kind::of).chain(late).collect();
        kinds.retain(|kind| !kind.is_within(tolerates));
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}
