//! One protocol of a scenario, ready to run.

use std::fmt;
use std::panic::{self, AssertUnwindSafe};

use commitsim_catalog::{Job, Options, Runnable};
use commitsim_scenario::{ProtocolChoice, Scenario};
use commitsim_sim::{Keep, Manner, QueueKind, RunRecord, Watch};

/// One protocol of a scenario, and the queue that it runs on.
#[derive(Debug)]
pub(crate) struct Trial<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) choice: &'a ProtocolChoice,
    options: Options,
    queue: QueueKind,
}

/// The simulator panicked, and has said so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Panicked;

impl<'a> Trial<'a> {
    pub(crate) fn new(
        scenario: &'a Scenario,
        choice: &'a ProtocolChoice,
        queue: QueueKind,
    ) -> Trial<'a> {
        Trial { scenario, choice, options: options(choice), queue }
    }

    /// The protocol itself.
    pub(crate) fn runnable(&self) -> &'static dyn Runnable {
        runnable(self.choice)
    }

    /// What the protocol is told.
    pub(crate) fn job(&self) -> Job<'_> {
        Job {
            setup: &self.scenario.setup,
            patience: self.scenario.patience,
            options: &self.options,
            seed: self.scenario.seed,
            manner: Manner { queue: self.queue, keep: Keep::Transactions },
        }
    }

    /// Makes the run.
    pub(crate) fn run<'w>(
        &'w self,
        watch: Option<&'w mut (dyn Watch + 'w)>,
    ) -> Result<RunRecord, Panicked> {
        caught(self.runnable(), &self.job(), watch)
    }
}

/// A panic is a bug of ours; it must not keep the other runs from running.
pub(crate) fn caught<'a>(
    runnable: &dyn Runnable,
    job: &Job<'a>,
    watch: Option<&'a mut (dyn Watch + 'a)>,
) -> Result<RunRecord, Panicked> {
    panic::catch_unwind(AssertUnwindSafe(|| runnable.simulate(job, watch))).map_err(|_| Panicked)
}

/// How many helpers a run of this choice has.
pub(crate) fn helpers(choice: &ProtocolChoice) -> u16 {
    runnable(choice).promise(&options(choice)).formation.helpers
}

fn options(choice: &ProtocolChoice) -> Options {
    let pairs = choice.options.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let options = Options::new(runnable(choice).about(), pairs);
    options.expect("the scenario allows what there is")
}

fn runnable(choice: &ProtocolChoice) -> &'static dyn Runnable {
    commitsim_catalog::find(choice.id).expect("the scenario names what there is")
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "error: the simulator panicked, which is a bug in commitsim\n  \
             = help: report it with the scenario and the command below",
        )
    }
}

#[cfg(test)]
mod tests {
    use commitsim_catalog::{Explored, Inquiry};
    use commitsim_core::{About, Promise};
    use commitsim_explore::{Crew, Walk};
    use commitsim_scenario::Overrides;

    use super::*;

    struct Broken;

    impl Runnable for Broken {
        fn about(&self) -> &'static About {
            commitsim_catalog::abouts()[0]
        }

        fn promise(&self, options: &Options) -> Promise {
            commitsim_catalog::all()[0].promise(options)
        }

        fn simulate<'a>(&self, _: &Job<'a>, _: Option<&'a mut (dyn Watch + 'a)>) -> RunRecord {
            panic!("a panic on purpose");
        }

        fn explore(
            &self,
            inquiry: &Inquiry<'_>,
            crew: &dyn Crew,
            tell: &mut dyn FnMut(&Walk) -> bool,
        ) -> Explored {
            commitsim_catalog::all()[0].explore(inquiry, crew, tell)
        }
    }

    #[test]
    fn a_panic_is_caught() {
        let text = br#"{"format": "commitsim/1", "protocols": ["2pc"]}"#;
        let known = commitsim_catalog::abouts();
        let scenario = commitsim_scenario::read("s", text, &known, &Overrides::default()).unwrap();
        let trial = Trial::new(&scenario, &scenario.protocols[0], QueueKind::Lazy);
        assert!(trial.run(None).is_ok());
        let panicked = caught(&Broken, &trial.job(), None).unwrap_err();
        assert!(panicked.to_string().contains("bug"), "{panicked}");
    }
}
