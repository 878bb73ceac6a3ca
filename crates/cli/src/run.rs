//! One run of one protocol, with a trace where one is wanted.

use std::fmt;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;

use commitsim_catalog::{Job, Runnable};
use commitsim_scenario::{ProtocolChoice, Scenario};
use commitsim_sim::{Keep, RunRecord, Watch};

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
    let job = Job {
        setup: &scenario.setup,
        patience: scenario.patience,
        options: &choice.options,
        seed: scenario.seed,
        keep: Keep::Transactions,
        queue: args.queue.into(),
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
fn caught(
    runnable: &dyn Runnable,
    job: &Job<'_>,
    watch: Option<&mut dyn Watch>,
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

    use super::*;

    struct Broken;

    impl Runnable for Broken {
        fn about(&self) -> &'static About {
            commitsim_catalog::abouts()[0]
        }

        fn simulate(&self, _: &Job<'_>, _: Option<&mut dyn Watch>) -> RunRecord {
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
            options: &scenario.protocols[0].options,
            seed: scenario.seed,
            keep: Keep::Transactions,
            queue: commitsim_sim::QueueKind::Lazy,
        };
        let trouble = caught(&Broken, &job, None).unwrap_err();
        assert!(trouble.to_string().contains("bug"), "{trouble}");
    }
}
