//! `commitsim sweep`: every protocol at every point of a scenario, many times.

use std::io;
use std::path::{Path, PathBuf};

use commitsim_charts::Results;

use crate::changes::Changes;
use crate::crew::Threads;
use crate::destination;
use crate::exit::Exit;
use crate::input;
use crate::output::Output;
use crate::progress::Progress;
use crate::stop;
use crate::sweep::{Estimate, Part, Prepared, Refusal, Shard, Stage, closing, run_all, told};

/// Run every protocol at every point of a scenario's sweep, many times
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A sweep that was stopped goes on where it was when the same command is given again. The same \
files come of it, however often it was stopped and on however many threads or machines it ran: \
each machine takes a shard, and commitsim merge puts them together.

In a cluster --shard auto takes the shard from SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT, \
or from JOB_COMPLETION_INDEX or HQ_TASK_ID with COMMITSIM_SHARDS, the number of shards. \
scripts/cluster has recipes. --estimate says how long a shard will take.

What a scenario expects is about its own values and is not judged here, but that a protocol \
breaks nothing, unless it is expected to break something.

Examples:
  commitsim sweep scenarios/2pc-accept.json --seeds 20 --out accept
  commitsim sweep scenarios/2pc-accept.json --seeds 20 --estimate
  commitsim sweep scenarios/2pc-accept.json --seeds 20 --shard 0/2 --out part0
  commitsim sweep scenarios/2pc-accept.json --seeds 20 --shard 1/2 --out part1

Exit codes:
  0    all runs are there, and nothing unexpected was violated
  1    a property was violated that the scenario does not expect to be
  2    the command line or the scenario is wrong, or the directory holds another sweep
  4    internal error, or a file could not be written
  130  stopped by Ctrl-C; what was done is stored")]
pub(crate) struct SweepArgs {
    /// A scenario file; - reads standard input
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,

    #[command(flatten)]
    changes: Changes,

    #[command(flatten)]
    pub(crate) effort: Effort,

    /// Run only the jobs whose number leaves the remainder I when divided by N; auto takes both
    /// from the environment of a cluster's scheduler
    #[arg(long, value_name = "I/N|auto", default_value_t = Part::Given(Shard::WHOLE))]
    shard: Part,

    /// Run a sample, store nothing, and say how long each shard will take and how much room
    #[arg(long)]
    estimate: bool,

    /// The directory of the results [default: results/ and the name of the scenario]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Replace the results of another sweep in that directory
    #[arg(long)]
    overwrite: bool,

    /// Print a line of JSON for each protocol at each point
    #[arg(long)]
    json: bool,
}

/// How much is run, and by how many.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Effort {
    /// How many runs each protocol makes at each point, instead of what the scenario says
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) seeds: Option<u32>,

    /// How many threads run; as many as there are processors
    #[arg(long, short, value_name = "J", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) jobs: Option<u16>,

    /// Say nothing but what went wrong
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// What is to be run, and where its results go.
pub(crate) struct Wanted<'a> {
    pub(crate) prepared: &'a Prepared,
    pub(crate) directory: &'a Path,
    pub(crate) shard: Shard,
    pub(crate) overwrite: bool,
    pub(crate) effort: Effort,
}

/// How far a sweep came.
pub(crate) enum Swept {
    /// All of it is there.
    Whole(Box<Results>),
    /// All of a shard is there.
    Part,
    /// Not all of it; why is said already.
    Stopped(Exit),
}

/// Runs a sweep, or a shard of it.
pub(crate) fn execute(args: &SweepArgs, out: &mut Output) -> io::Result<Exit> {
    let prepared = match Prepared::read(&args.scenario, &args.changes, args.effort.seeds) {
        Ok(prepared) => prepared,
        Err(wrong) => {
            out.say(&wrong.to_string());
            return Ok(Exit::Usage);
        }
    };
    let (shard, found) = match args.shard.found() {
        Ok(found) => found,
        Err(why) => {
            out.say(&format!("error: {why}"));
            return Ok(Exit::Usage);
        }
    };
    if let Some(found) = found.filter(|_| !args.effort.quiet) {
        out.say(&found);
    }
    if args.estimate {
        return estimated(&prepared, shard, args, out);
    }
    let usual = || Path::new("results").join(destination::stem(&args.scenario));
    let directory = args.out.clone().unwrap_or_else(usual);
    let wanted = Wanted {
        prepared: &prepared,
        directory: &directory,
        shard,
        overwrite: args.overwrite,
        effort: args.effort,
    };
    stop::listen();
    let (swept, closing) = match swept(&wanted, out) {
        Ok(swept) => swept,
        Err(refusal) => return Ok(refusal.say(out)),
    };
    match swept {
        Swept::Stopped(exit) => return Ok(exit),
        Swept::Whole(_) | Swept::Part if args.effort.quiet => {}
        Swept::Part if args.json => {}
        Swept::Part => {
            let shown = input::shown(&directory);
            out.line(&format!("shard {shard}: {}; all is in {shown}", closing.words))?;
        }
        Swept::Whole(results) => {
            told(&directory, &results, &closing, args.json, out)?;
            if !args.json {
                let shown = input::shown(&directory);
                out.line(&format!("next: commitsim plot {shown}, commitsim report {shown}"))?;
            }
        }
    }
    Ok(closing.exit)
}

/// Says what a sample of the runs takes.
fn estimated(
    prepared: &Prepared,
    shard: Shard,
    args: &SweepArgs,
    out: &mut Output,
) -> io::Result<Exit> {
    match Estimate::of(prepared, Threads::new(args.effort.jobs).0) {
        Ok(estimate) if args.json => {
            estimate.json(shard).iter().try_for_each(|line| out.line(line))?;
        }
        Ok(estimate) => {
            let text = estimate.text(shard, out.columns());
            out.paragraph(&text)?;
        }
        Err((job, why)) => {
            out.say(&why.to_string());
            out.say(&prepared.repro(job));
            return Ok(Exit::Internal);
        }
    }
    Ok(Exit::Fine)
}

/// Makes the runs that are missing, and stores all in order.
pub(crate) fn swept(
    wanted: &Wanted<'_>,
    out: &mut Output,
) -> Result<(Swept, crate::sweep::Closing), Refusal> {
    let Wanted { prepared, directory, shard, overwrite, effort } = *wanted;
    let manifest = &prepared.manifest;
    let mut stage = Stage::open(directory, manifest, shard, overwrite)?;
    let jobs = stage.missing(manifest);
    let mut progress = (!effort.quiet).then(|| Progress::new("runs", jobs.len() as u64));
    let (mut done, mut failed) = (0, 0);
    let mut step = |fails: bool| {
        done += 1;
        failed += u64::from(fails);
        if let Some(progress) = &mut progress {
            let left = jobs.len() as u64 - done;
            progress.at(done, |rate| {
                format!("{failed} failed, {:.0} s left", left as f64 / rate.max(1e-9))
            });
        }
    };
    let mut panicked = Vec::new();
    let threads = Threads::new(effort.jobs).0;
    let ran = run_all(prepared, &jobs, threads, &mut |job, result| match result {
        Ok(record) => {
            step(record.unexpected);
            stage.add(record)
        }
        Err(why) => {
            step(true);
            panicked.push((job, why));
            Ok(())
        }
    });
    if let Some(progress) = progress {
        progress.end();
    }
    let synced = ran.and_then(|()| stage.sync());
    synced.map_err(|error| Refusal::Disk(directory.to_path_buf(), error))?;
    let closing = closing(stage.records(), &|record| prepared.repro(record.job), out);
    if let Some((job, why)) = panicked.first() {
        out.say(&why.to_string());
        out.say(&prepared.repro(*job));
        return Ok((Swept::Stopped(Exit::Internal), closing));
    }
    let left = stage.missing(manifest).len();
    if left > 0 {
        let (done, shown) = (stage.records().len(), input::shown(directory));
        out.say(&format!(
            "stopped: {done} runs are stored in {shown}, {left} are left; the same command goes on"
        ));
        return Ok((Swept::Stopped(Exit::Interrupted), closing));
    }
    let swept = stage.finish(manifest)?.map_or(Swept::Part, |all| Swept::Whole(Box::new(all)));
    Ok((swept, closing))
}
