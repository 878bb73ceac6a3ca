//! Two-phase commit by name.

use commitsim_core::{About, Factor, Patience, Promise, Span};
use commitsim_protocol_2pc::{ABOUT, Config, OutcomeForce, Presumption, Termination, TwoPhase};
use commitsim_sim::{RunRecord, Watch, simulate};

use crate::{Job, Options, Runnable};

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

    /// A promise does not depend on anybody's patience.
    fn promise(&self, options: &Options) -> Promise {
        let (span, backoff) = (Span::ZERO, Factor::TWO);
        let patience = Patience { votes: span, decision: span, acks: span, backoff, max: span };
        self.config(options, patience).promise()
    }

    fn simulate<'a>(&self, job: &Job<'a>, watch: Option<&'a mut (dyn Watch + 'a)>) -> RunRecord {
        let config = self.config(job.options, job.patience);
        simulate::<TwoPhase>(job.setup, config, &job.patience, job.seed, job.manner, watch)
    }
}

impl Variant {
    fn config(&self, options: &Options, patience: Patience) -> Config {
        let cooperative = options.is("termination", "cooperative");
        let lazy = options.is("outcome_force", "lazy");
        Config {
            presumption: self.presumption,
            termination: if cooperative { Termination::Cooperative } else { Termination::None },
            outcome_force: if lazy { OutcomeForce::Lazy } else { OutcomeForce::Forced },
            patience,
        }
    }
}
