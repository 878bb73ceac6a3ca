//! A protocol by name: where a type becomes a value.

use commitsim_core::{About, Patience, Promise, Protocol};
use commitsim_data::Manager;
use commitsim_explore::{Crew, Walk};
use commitsim_sim::{RunRecord, Watch, simulate, simulate_over};

use crate::inquiry::{search, timeless};
use crate::{Explored, Inquiry, Job, Options, Runnable};

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
        P::promise(&(self.config)(options, timeless()))
    }

    fn simulate<'a>(&self, job: &Job<'a>, watch: Option<&'a mut (dyn Watch + 'a)>) -> RunRecord {
        let config = (self.config)(job.options, job.patience);
        if job.setup.workload.keys.is_some() {
            let over = simulate_over::<P, Manager>;
            return over(job.setup, config, &job.patience, job.seed, job.manner, watch);
        }
        simulate::<P>(job.setup, config, &job.patience, job.seed, job.manner, watch)
    }

    fn explore(
        &self,
        inquiry: &Inquiry<'_>,
        crew: &dyn Crew,
        tell: &mut dyn FnMut(&Walk) -> bool,
    ) -> Explored {
        search::<P>((self.config)(inquiry.options, timeless()), inquiry, crew, tell)
    }
}
