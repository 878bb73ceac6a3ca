//! Two-phase commit by name: one entry a presumption.

use commitsim_core::Patience;
use commitsim_protocol_2pc::{ABOUT, Config, OutcomeForce, Presumption, Termination, TwoPhase};

use crate::Options;
use crate::entry::Entry;

pub(crate) static NOTHING: Entry<TwoPhase> = Entry {
    about: &ABOUT[0],
    config: |options, patience| config(Presumption::Nothing, options, patience),
};

pub(crate) static ABORT: Entry<TwoPhase> = Entry {
    about: &ABOUT[1],
    config: |options, patience| config(Presumption::Abort, options, patience),
};

pub(crate) static COMMIT: Entry<TwoPhase> = Entry {
    about: &ABOUT[2],
    config: |options, patience| config(Presumption::Commit, options, patience),
};

fn config(presumption: Presumption, options: &Options, patience: Patience) -> Config {
    let cooperative = options.is("termination", "cooperative");
    let lazy = options.is("outcome_force", "lazy");
    Config {
        presumption,
        termination: if cooperative { Termination::Cooperative } else { Termination::None },
        outcome_force: if lazy { OutcomeForce::Lazy } else { OutcomeForce::Forced },
        coordinator_votes: !options.is("coordinator_votes", "false"),
        patience,
    }
}
