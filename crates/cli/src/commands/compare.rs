//! `commitsim compare`: run, sum up, draw and report, in one go.

use std::io;
use std::path::{Path, PathBuf};

use crate::changes::Changes;
use crate::commands::plot;
use crate::commands::report::{self, Told};
use crate::commands::sweep::{Effort, Swept, Wanted, swept};
use crate::destination;
use crate::exit::Exit;
use crate::input;
use crate::output::Output;
use crate::stop;
use crate::sweep::{Prepared, Shard, told};

/// Run the protocols of scenarios many times, and draw and report the comparison
#[derive(Debug, clap::Args)]
#[command(after_help = "\
What commitsim sweep, plot and report do, one after the other. A scenario without a sweep is \
run at its own values. Tables, figures and the page report.html are in a directory of its name.

Examples:
  commitsim compare scenarios/2pc-accept.json --seeds 20
  commitsim compare scenarios/2pc-accept.json --seeds 9 --out compared

Exit codes:
  0    all is done, and nothing unexpected was violated
  1    a property was violated that a scenario does not expect to be
  2    the command line or a scenario is wrong, or a directory holds another sweep
  4    internal error, or a file could not be written
  130  stopped by Ctrl-C; what was done is stored")]
pub(crate) struct CompareArgs {
    /// Scenario files; - reads standard input
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<PathBuf>,

    #[command(flatten)]
    changes: Changes,

    #[command(flatten)]
    effort: Effort,

    /// Where each scenario gets a directory of its own
    #[arg(long, value_name = "DIR", default_value = "results")]
    out: PathBuf,

    /// Replace the results of other sweeps there
    #[arg(long)]
    overwrite: bool,

    /// Print a line of JSON for each protocol at each point, each figure and the page
    #[arg(long)]
    json: bool,
}

impl CompareArgs {
    /// What of the arguments cannot be had together.
    pub(crate) fn contradiction(&self) -> Option<String> {
        if let Some(message) = input::read_twice(&self.scenarios) {
            return Some(message);
        }
        let mut stems: Vec<_> = self.scenarios.iter().map(|file| destination::stem(file)).collect();
        stems.sort_unstable();
        let twice = stems.windows(2).find(|pair| pair[0] == pair[1])?;
        Some(format!("the results of two scenarios named {} would be one", twice[0].display()))
    }
}

/// Compares; a scenario that is wrong stops none of the others.
pub(crate) fn execute(args: &CompareArgs, out: &mut Output) -> io::Result<Exit> {
    stop::listen();
    out.files_matter();
    let mut gravest = Exit::Fine;
    for file in &args.scenarios {
        if stop::is_asked() {
            return Ok(Exit::Interrupted);
        }
        let exit = match Prepared::read(file, &args.changes, args.effort.seeds) {
            Ok(prepared) => {
                let directory = args.out.join(destination::stem(file));
                one_scenario(&prepared, &directory, args, out)?
            }
            Err(wrong) => {
                out.flush()?;
                out.say(&wrong.to_string());
                Exit::Usage
            }
        };
        gravest = gravest.max(exit);
    }
    Ok(gravest)
}

fn one_scenario(
    prepared: &Prepared,
    directory: &Path,
    args: &CompareArgs,
    out: &mut Output,
) -> io::Result<Exit> {
    let (effort, overwrite) = (args.effort, args.overwrite);
    let wanted = Wanted { prepared, directory, shard: Shard::WHOLE, overwrite, effort };
    match swept(&wanted, out) {
        Err(refusal) => Ok(refusal.say(out)),
        Ok((Swept::Stopped(exit), _)) => Ok(exit),
        Ok((Swept::Part, closing)) => Ok(closing.exit),
        Ok((Swept::Whole(results), closing)) => {
            let how = match (effort.quiet, args.json) {
                (true, _) => Told::Nothing,
                (false, true) => Told::Json,
                (false, false) => Told::Words,
            };
            if how != Told::Nothing {
                told(directory, &results, &closing, args.json, out)?;
            }
            let drawn = plot::drawn(directory, &results, &[], how, out)?;
            let page = report::within(directory, &results, how, out)?;
            Ok(closing.exit.max(drawn).max(page))
        }
    }
}
