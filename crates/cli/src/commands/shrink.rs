//! `commitsim shrink`: a smaller replay file.

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use commitsim_hunt::{Budget, Case, Shrunk, shrink};
use commitsim_report::{store, store_new, visible};
use commitsim_scenario::{Replay, Scenario};
use commitsim_sim::QueueKind;
use serde::Serialize;

use crate::exit::Exit;
use crate::finding;
use crate::input;
use crate::output::Output;
use crate::repro;
use crate::stop;
use crate::trial::{Panicked, Trial};

/// Make a replay file small: what is not needed to break the property goes
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Taken away or made plain, as long as the same property is violated: what comes after the \
violation, transactions, nodes, the topology, faults, exceptions from luck, odd numbers, votes and \
options. At last a small world is searched for a way on which less goes wrong. The smallest file \
so far is on disk all the time; Ctrl-C ends the shrinking there.

Examples:
  commitsim shrink scenarios/regressions/3pc-naive-one-crash.replay.json

Exit codes:
  0  the file was written, or nothing can be taken away
  1  the replay file does not break what it says
  2  the command line or a file is wrong
  4  internal error, or the file could not be written")]
pub(crate) struct ShrinkArgs {
    /// A replay file; - reads standard input
    #[arg(value_name = "REPLAY")]
    replay: PathBuf,

    /// Where the smaller file goes [default: NAME.small.replay.json beside the file]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Replace the file if it is there
    #[arg(long)]
    overwrite: bool,

    /// How many runs it may take
    #[arg(long, value_name = "RUNS", default_value_t = Budget::default().runs)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    budget: u64,

    /// Print one line of JSON
    #[arg(long)]
    json: bool,
}

/// How often the smallest file so far is written.
const EVERY: Duration = Duration::from_secs(1);

/// Shrinks one file.
pub(crate) fn execute(args: &ShrinkArgs, out: &mut Output) -> io::Result<Exit> {
    let replay = match input::replay(&args.replay) {
        Ok(replay) => replay,
        Err(wrong) => {
            out.say(&wrong.to_string());
            return Ok(Exit::Usage);
        }
    };
    let Some(target) = args.target() else {
        out.say(
            "error: what is read from standard input needs a place to go\n  = help: --out FILE",
        );
        return Ok(Exit::Usage);
    };
    if target.symlink_metadata().is_ok() && !args.overwrite {
        out.say(&format!(
            "error: {} is there already\n  = help: --overwrite replaces it, --out names another",
            input::shown(&target)
        ));
        return Ok(Exit::Usage);
    }
    if replay.scenario.setup.storm.is_some() {
        out.say("error: the scenario of this replay file has a storm, which cannot be shrunk");
        return Ok(Exit::Usage);
    }
    stop::listen();
    let shrinking = Shrinking { args, replay: &replay, target: &target };
    let first = Size::of(&shrinking.case());
    let shrunk = panic::catch_unwind(AssertUnwindSafe(|| shrinking.run(out)));
    let (shrunk, written) = match shrunk {
        Ok(Some(shrunk)) => shrunk,
        Ok(None) => {
            let property = replay.breach.property.name();
            out.say(&format!("error: this run does not violate {property}, so nothing can go"));
            return Ok(Exit::Failed);
        }
        Err(_) => {
            out.say(&Panicked.to_string());
            return Ok(Exit::Internal);
        }
    };
    if let Err(why) = written.and_then(|()| shrinking.store(&shrunk, !args.overwrite)) {
        out.say(&format!("error: no replay file was written: {why}"));
        return Ok(Exit::Internal);
    }
    let report = Report::new(&replay.scenario, &first, &shrunk, &target);
    if args.json {
        let line = serde_json::to_string(&report);
        out.line(&line.expect("strings and numbers can always be written"))?;
    } else {
        out.paragraph(&report.text(&first, &Size::of(&shrunk.case), &target))?;
    }
    Ok(Exit::Fine)
}

impl ShrinkArgs {
    /// Where the smaller file goes.
    fn target(&self) -> Option<PathBuf> {
        if self.out.is_some() || input::is_standard(&self.replay) {
            return self.out.clone();
        }
        let name = input::file_name(&self.replay);
        let stem = name.strip_suffix(".json").unwrap_or(&name);
        let stem = stem.strip_suffix(".replay").unwrap_or(stem);
        Some(self.replay.with_file_name(format!("{stem}.small.replay.json")))
    }
}

/// One file that is being shrunk.
struct Shrinking<'a> {
    args: &'a ShrinkArgs,
    replay: &'a Replay,
    target: &'a Path,
}

impl Shrinking<'_> {
    fn trial(&self) -> Trial<'_> {
        let scenario = &self.replay.scenario;
        Trial::new(scenario, &scenario.protocols[0], QueueKind::Lazy)
    }

    fn case(&self) -> Case {
        let (scenario, trial) = (&self.replay.scenario, self.trial());
        let options = trial.job().options.clone();
        Case::new(scenario.setup.clone(), scenario.patience, options, scenario.seed)
    }

    /// Shrinks, and keeps the smallest so far on disk; that a file could not be written is told
    /// with the result.
    fn run(&self, out: &mut Output) -> Option<(Shrunk, Result<(), String>)> {
        let budget = Budget { runs: self.args.budget, ..Budget::default() };
        let mut told = (Instant::now(), Size::of(&self.case()));
        let mut written = Ok(());
        let mut tell = |best: &Shrunk| {
            let size = Size::of(&best.case);
            if told.0.elapsed() > EVERY {
                if size != told.1 {
                    out.say(&told.1.to(&size));
                }
                told = (Instant::now(), size);
                // Our own file may be replaced.
                written = self.store(best, false);
            }
            written.is_ok() && !stop::is_asked()
        };
        let (runnable, property) = (self.trial().runnable(), self.replay.breach.property);
        let shrunk = shrink(runnable, self.case(), property, budget, &mut tell)?;
        Some((shrunk, written))
    }

    /// Writes the file.
    fn store(&self, shrunk: &Shrunk, new: bool) -> Result<(), String> {
        let scenario = &self.replay.scenario;
        let about = self.trial().runnable().about();
        let property = self.replay.breach.property;
        let usual = || format!("{} of {}", property.name(), about.id);
        let title = scenario.title.clone().unwrap_or_else(usual);
        let text = finding::text(&title, about, scenario, &shrunk.case, property)?;
        let write = |target: &mut dyn io::Write| target.write_all(text.as_bytes());
        let done = match new {
            true => store_new(self.target, write).or_else(|error| match error.kind() {
                // It is the file with the smallest case so far.
                io::ErrorKind::AlreadyExists => store(self.target, write),
                _ => Err(error),
            }),
            false => store(self.target, write),
        };
        done.map_err(|error| format!("{}: {error}", input::shown(self.target)))
    }
}

/// How large a case is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
struct Size {
    faults: usize,
    nodes: u16,
    transactions: u32,
    exceptions: usize,
}

impl Size {
    fn of(case: &Case) -> Size {
        Size {
            faults: case.setup.faults.len(),
            nodes: case.setup.nodes,
            transactions: case.setup.workload.transactions,
            exceptions: case.exceptions(),
        }
    }

    /// What has become of it, in words.
    fn to(self, now: &Size) -> String {
        let one = |was: u64, is: u64, word: &str| {
            if was == is { format!("{was} {word}") } else { format!("{was} {word} -> {is}") }
        };
        [
            one(self.faults as u64, now.faults as u64, "faults"),
            one(self.nodes.into(), now.nodes.into(), "nodes"),
            one(self.transactions.into(), now.transactions.into(), "transactions"),
            one(self.exceptions as u64, now.exceptions as u64, "exceptions"),
        ]
        .join(", ")
    }
}

/// The result as JSON.
#[derive(Debug, Serialize)]
struct Report {
    format: &'static str,
    protocol: &'static str,
    property: &'static str,
    says: String,
    before: Size,
    after: Size,
    runs: u64,
    outside_promise: Vec<&'static str>,
    trace_hash: String,
    replay: String,
}

impl Report {
    fn new(scenario: &Scenario, before: &Size, shrunk: &Shrunk, target: &Path) -> Report {
        let choice = &scenario.protocols[0];
        let about = Trial::new(scenario, choice, QueueKind::Lazy).runnable().about();
        let Shrunk { case, found, runs } = shrunk;
        Report {
            format: "commitsim-shrunk/1",
            protocol: choice.id,
            property: found.violation.property.name(),
            says: finding::says(about, scenario, case, &found.violation),
            before: *before,
            after: Size::of(case),
            runs: *runs,
            outside_promise: finding::outside(about, case),
            trace_hash: format!("{:032x}", found.trace_hash),
            replay: target.to_string_lossy().into_owned(),
        }
    }

    fn text(&self, before: &Size, after: &Size, target: &Path) -> String {
        let Report { property, protocol, says, runs, .. } = self;
        let mut text = format!("{property} of {protocol}: {}\n", visible(says));
        text.push_str(&format!("  {}; {runs} runs\n", before.to(after)));
        if !self.outside_promise.is_empty() {
            let outside = self.outside_promise.join(", ");
            text.push_str(&format!("  outside what {protocol} promises: {outside}\n"));
        }
        text.push_str(&format!("  {}\n", repro::replay(target)));
        text
    }
}
