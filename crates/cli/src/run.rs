//! One run of one protocol, with a trace where one is wanted.

use std::fmt;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;

use commitsim_catalog::{Job, Options, Runnable};
use commitsim_scenario::{ProtocolChoice, Scenario};
use commitsim_sim::{Keep, Manner, RunRecord, Watch};

use crate::args::RunArgs;
use crate::output::Output;
use crate::trace::{Destination, TraceWriter, header};
use crate::translate;

/// Why there is no record of a run.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The simulator panicked, and has said so.
    Panicked,
    /// The trace could not be written.
    Trace(PathBuf, io::Error),
    /// Standard output could not be written.
    Output(io::Error),
}

/// Runs one protocol of a scenario.
pub(crate) fn run(
    text: &[u8],
    scenario: &Scenario,
    choice: &ProtocolChoice,
    args: &RunArgs,
    destination: &Destination,
    out: &mut Output,
) -> Result<RunRecord, Trouble> {
    let runnable = commitsim_catalog::find(choice.id).expect("the scenario names what there is");
    let pairs = choice.options.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let options = Options::new(runnable.about(), pairs).expect("the scenario allows what there is");
    let job = Job {
        setup: &scenario.setup,
        patience: scenario.patience,
        options: &options,
        seed: scenario.seed,
        manner: Manner { queue: args.queue.into(), keep: Keep::Transactions },
    };
    let traced = |out: &mut dyn io::Write| {
        let options = translate::options(choice, runnable.about());
        let header = header(text, args, &options, choice, scenario)?;
        let mut writer = TraceWriter::new(out, &header, scenario, runnable.about());
        let record = caught(runnable, &job, Some(&mut writer));
        // Also after a panic: what was seen up to there is what one wants to read then.
        writer.finish()?;
        Ok(record)
    };
    match destination {
        Destination::Nowhere => caught(runnable, &job, None),
        Destination::Output => match traced(out.results()) {
            Ok(record) => record,
            Err(error) => Err(Trouble::Output(error)),
        },
        Destination::File(path) => match commitsim_report::store(path, traced) {
            Ok(record) => record,
            Err(error) => Err(Trouble::Trace(path.clone(), error)),
        },
    }
}

/// A panic is a bug of ours; it must not keep the other runs from running.
fn caught<'a>(
    runnable: &dyn Runnable,
    job: &Job<'a>,
    watch: Option<&'a mut (dyn Watch + 'a)>,
) -> Result<RunRecord, Trouble> {
    panic::catch_unwind(AssertUnwindSafe(|| runnable.simulate(job, watch)))
        .map_err(|_| Trouble::Panicked)
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Panicked => f.write_str(
                "error: the simulator panicked, which is a bug in commitsim\n  \
                 = help: report it with the scenario and the command below",
            ),
            Trouble::Trace(path, error) => {
                let path = path.to_string_lossy();
                let path = commitsim_report::visible(&path);
                write!(f, "error: cannot write the trace {path}: {error}")
            }
            Trouble::Output(error) => write!(f, "error: cannot write standard output: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use commitsim_core::About;
    use commitsim_scenario::Overrides;
    use commitsim_sim::QueueKind;

    use super::*;

    struct Broken;

    impl Runnable for Broken {
        fn about(&self) -> &'static About {
            commitsim_catalog::abouts()[0]
        }

        fn simulate<'a>(&self, _: &Job<'a>, _: Option<&'a mut (dyn Watch + 'a)>) -> RunRecord {
            panic!("a panic on purpose");
        }
    }

    #[test]
    fn a_panic_is_caught() {
        let text = br#"{"format": "commitsim/1", "protocols": ["2pc"]}"#;
        let known = commitsim_catalog::abouts();
        let scenario = commitsim_scenario::read("s", text, &known, &Overrides::default()).unwrap();
        let job = Job {
            setup: &scenario.setup,
            patience: scenario.patience,
            options: &Options::default(),
            seed: scenario.seed,
            manner: Manner { queue: QueueKind::Lazy, keep: Keep::Transactions },
        };
        let trouble = caught(&Broken, &job, None).unwrap_err();
        assert!(trouble.to_string().contains("bug"), "{trouble}");
    }
}
