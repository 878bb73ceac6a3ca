//! `commitsim replay`: runs that broke a property, once more.

use std::io;
use std::path::{Path, PathBuf};

use commitsim_report::visible;
use commitsim_scenario::{Breach, Replay, Scenario};
use commitsim_sim::{QueueKind, RunRecord};
use serde::Serialize;

use crate::changes::Queue;
use crate::exit::Exit;
use crate::input;
use crate::output::Output;
use crate::trial::{Panicked, Trial};

/// Run replay files again, and say whether they still break what they broke
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A replay file holds a whole scenario in which nothing is left to luck, and what its run breaks. \
The answer is \"reproduced\", \"same violation, other trace\" where the same property is broken \
in another run, or \"not reproduced\".

Examples:
  commitsim replay scenarios/regressions/3pc-naive-one-crash.replay.json
  commitsim replay --json scenarios/regressions/3pc-naive-one-crash.replay.json

Exit codes:
  0  every violation is there again
  1  at least one is not
  2  the command line or a file is wrong")]
pub(crate) struct ReplayArgs {
    /// Replay files; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Print one line of JSON for each file
    #[arg(long)]
    json: bool,

    /// The event queue; changes nothing but speed
    #[arg(long, value_name = "KIND", hide = true, default_value = "lazy")]
    queue: Queue,
}

/// What became of a replay.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// The same run.
    Reproduced,
    /// Another run that breaks the same.
    OtherTrace,
    /// What was broken is not.
    NotReproduced,
}

/// A replay that was run again.
#[derive(Debug)]
pub(crate) struct Replayed {
    pub(crate) replay: Replay,
    pub(crate) outcome: Outcome,
    record: RunRecord,
}

/// The result as JSON.
#[derive(Debug, Serialize)]
struct Line<'a> {
    format: &'static str,
    replay: String,
    outcome: &'static str,
    protocol: &'a str,
    property: &'static str,
    transaction: u32,
    nodes: Vec<&'a str>,
    wanted_trace_hash: String,
    trace_hash: String,
}

/// Runs each file again.
pub(crate) fn execute(args: &ReplayArgs, out: &mut Output) -> io::Result<Exit> {
    if let Some(twice) = input::read_twice(&args.files) {
        out.say(&format!("error: {twice}"));
        return Ok(Exit::Usage);
    }
    let mut gravest = Exit::Fine;
    for file in &args.files {
        let replay = match input::replay(file) {
            Ok(replay) => replay,
            Err(wrong) => {
                out.flush()?;
                out.say(&wrong.to_string());
                gravest = gravest.max(Exit::Usage);
                continue;
            }
        };
        let exit = match again(replay, args.queue.into()) {
            Ok(replayed) => {
                let text = if args.json { replayed.json(file) } else { replayed.text(file) };
                out.line(&text)?;
                replayed.outcome.exit()
            }
            Err(panicked) => {
                out.flush()?;
                out.say(&panicked.to_string());
                Exit::Internal
            }
        };
        gravest = gravest.max(exit);
    }
    Ok(gravest)
}

/// Runs a replay again.
pub(crate) fn again(replay: Replay, queue: QueueKind) -> Result<Replayed, Panicked> {
    let record = Trial::new(&replay.scenario, &replay.scenario.protocols[0], queue).run(None)?;
    let outcome = outcome(&replay.breach, &record);
    Ok(Replayed { replay, outcome, record })
}

fn outcome(breach: &Breach, record: &RunRecord) -> Outcome {
    let same = record.violations.iter().any(|violation| {
        let found = (violation.property, violation.tx, &violation.nodes);
        found == (breach.property, breach.tx, &breach.nodes)
    });
    match same {
        true if record.trace_hash == breach.trace_hash => Outcome::Reproduced,
        true => Outcome::OtherTrace,
        false => Outcome::NotReproduced,
    }
}

impl Outcome {
    /// What the answer begins with.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Outcome::Reproduced => "reproduced",
            Outcome::OtherTrace => "same violation, other trace",
            Outcome::NotReproduced => "not reproduced",
        }
    }

    fn exit(self) -> Exit {
        if self == Outcome::NotReproduced { Exit::Failed } else { Exit::Fine }
    }
}

impl Replayed {
    /// What was looked for, in a few words.
    pub(crate) fn breach(&self) -> String {
        let Breach { property, tx, .. } = &self.replay.breach;
        let nodes = self.nodes().join(", ");
        let protocol = self.replay.scenario.protocols[0].id;
        format!("{} of {protocol} in transaction {} at {nodes}", property.name(), tx.0)
    }

    fn nodes(&self) -> Vec<&str> {
        let Scenario { names, helpers, .. } = &self.replay.scenario;
        let names: Vec<&str> =
            names.iter().map(String::as_str).chain(helpers.iter().copied()).collect();
        let name = |node: &commitsim_core::NodeId| names.get(usize::from(node.0)).copied();
        self.replay.breach.nodes.iter().filter_map(name).collect()
    }

    fn text(&self, file: &Path) -> String {
        let name = file.to_string_lossy();
        format!("{}: {} ({})", self.outcome.words(), visible(&name), self.breach())
    }

    /// The result as one line of JSON.
    pub(crate) fn json(&self, file: &Path) -> String {
        let line = Line {
            format: "commitsim-replayed/1",
            replay: input::file_name(file),
            outcome: self.outcome.words(),
            protocol: self.replay.scenario.protocols[0].id,
            property: self.replay.breach.property.name(),
            transaction: self.replay.breach.tx.0,
            nodes: self.nodes(),
            wanted_trace_hash: format!("{:032x}", self.replay.breach.trace_hash),
            trace_hash: format!("{:032x}", self.record.trace_hash),
        };
        serde_json::to_string(&line).expect("strings and numbers can always be written")
    }
}
