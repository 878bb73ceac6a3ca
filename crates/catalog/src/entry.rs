//! A protocol by name: where a type becomes a value.

use commitsim_core::{About, Factor, Patience, Promise, Protocol, Span};
use commitsim_sim::{RunRecord, Watch, simulate};

use crate::{Job, Options, Runnable};

/// A protocol of the list.
pub(crate) struct Entry<P: Protocol> {
    pub(crate) about: &'static About,
    /// What the options of a scenario mean to it.
    pub(crate) config: fn(&Options, Patience) -> P::Config,
}

impl<P: Protocol> Runnable for Entry<P> {
    fn about(&self) -> &'static About {
        self.about
    }

    /// A promise does not depend on anybody's patience.
    fn promise(&self, options: &Options) -> Promise {
        let (span, backoff) = (Span::ZERO, Factor::TWO);
        let patience = Patience { votes: span, decision: span, acks: span, backoff, max: span };
        P::promise(&(self.config)(options, patience))
    }

    fn simulate<'a>(&self, job: &Job<'a>, watch: Option<&'a mut (dyn Watch + 'a)>) -> RunRecord {
        let config = (self.config)(job.options, job.patience);
        simulate::<P>(job.setup, config, &job.patience, job.seed, job.manner, watch)
    }
}
