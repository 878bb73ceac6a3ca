//! Two-phase commit by name.

use commitsim_core::About;
use commitsim_protocol_2pc::{ABOUT, Config, OutcomeForce, Presumption, Termination, TwoPhase};
use commitsim_sim::{RunRecord, Watch, simulate};

use crate::{Job, Runnable};

/// A variant of two-phase commit, by its presumption.
pub(crate) struct Variant {
    about: &'static About,
    presumption: Presumption,
}

pub(crate) static NOTHING: Variant =
    Variant { about: &ABOUT[0], presumption: Presumption::Nothing };
pub(crate) static ABORT: Variant = Variant { about: &ABOUT[1], presumption: Presumption::Abort };
pub(crate) static COMMIT: Variant = Variant { about: &ABOUT[2], presumption: Presumption::Commit };

impl Runnable for Variant {
    fn about(&self) -> &'static About {
        self.about
    }

    fn simulate<'a>(&self, job: &Job<'a>, watch: Option<&'a mut (dyn Watch + 'a)>) -> RunRecord {
        let cooperative = job.options.is("termination", "cooperative");
        let lazy = job.options.is("outcome_force", "lazy");
        let config = Config {
            presumption: self.presumption,
            termination: if cooperative { Termination::Cooperative } else { Termination::None },
            outcome_force: if lazy { OutcomeForce::Lazy } else { OutcomeForce::Forced },
            patience: job.patience,
        };
        simulate::<TwoPhase>(job.setup, config, &job.patience, job.seed, job.manner, watch)
    }
}
