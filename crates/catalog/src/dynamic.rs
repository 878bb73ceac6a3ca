//! Dynamic two-phase commit by name.

use commitsim_protocol_d2pc::{ABOUT, Config, DynamicTwoPhase, OutcomeForce};

use crate::entry::Entry;

pub(crate) static DYNAMIC: Entry<DynamicTwoPhase> = Entry {
    about: &ABOUT,
    config: |options, patience| {
        let lazy = options.is("outcome_force", "lazy");
        let outcome_force = if lazy { OutcomeForce::Lazy } else { OutcomeForce::Forced };
        Config { outcome_force, patience }
    },
};
