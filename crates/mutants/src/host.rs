//! Mistakes of a host, whatever protocol it runs: what its machines then get to see.

use commitsim_core::{Cx, Patience, Protocol};
use commitsim_protocol_2pc::{ABOUT, Config, OutcomeForce, Presumption, Termination, TwoPhase};
use commitsim_spec::Property;

use crate::bug::Haste;
use crate::planted::{Mistake, Plant};

/// One mistake that a host makes. It is played at the border between host and machine, so that the
/// host itself, whose assertions would catch the first of them, stays as it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum HostSlip {
    /// A sync that was on its way when the node crashed is reported after the restart: what is
    /// appended since then passes for durable.
    ReportsOldSync,
    /// A crash leaves the end of the log and not its beginning.
    LosesBeginning,
}

impl<P: Protocol> Mistake<P> for HostSlip {
    fn haste_once_back(self, _: &Cx<'_, P>, _: &P::Record) -> Option<Haste> {
        (self == HostSlip::ReportsOldSync).then_some(Haste::Forced)
    }

    fn reads(self, _: &Cx<'_, P>, log: &mut Vec<P::Record>) {
        if self == HostSlip::LosesBeginning && log.len() > 1 {
            log.remove(0);
        }
    }
}

/// A host that reports old syncs. What it acknowledges is no message that the write-ahead rules
/// know, so it is seen when a second crash takes the record, and nobody else remembers.
pub static OLD_SYNC: Plant<TwoPhase, HostSlip> = Plant {
    name: "host-old-sync",
    title: "a sync from before a crash is reported after the restart",
    source: "reliability.md 9, row 30",
    property: Property::Ac2,
    original: &ABOUT[1],
    mistake: HostSlip::ReportsOldSync,
    config: |_, patience| two_phase(Presumption::Abort, patience),
};

/// A host that loses the beginning of a log, under a protocol that writes a record behind another.
pub static LOST_BEGINNING: Plant<TwoPhase, HostSlip> = Plant {
    name: "host-lost-beginning",
    title: "a crash leaves the end of the log and not its beginning",
    source: "reliability.md 9, row 31",
    property: Property::Ac2,
    original: &ABOUT[0],
    mistake: HostSlip::LosesBeginning,
    config: |_, patience| two_phase(Presumption::Nothing, patience),
};

fn two_phase(presumption: Presumption, patience: Patience) -> Config {
    Config {
        presumption,
        termination: Termination::None,
        outcome_force: OutcomeForce::Forced,
        coordinator_votes: true,
        patience,
    }
}
