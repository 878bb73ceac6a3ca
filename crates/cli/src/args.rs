//! The command line.

use std::env;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use commitsim_rng::Seed;
use commitsim_scenario::Overrides;
use commitsim_sim::QueueKind;

use crate::{input, trace};

/// Simulates atomic commit protocols: virtual nodes, simulated time, and the same run again from
/// the same seed.
#[derive(Debug, Parser)]
#[command(name = "commitsim", version, arg_required_else_help = true)]
#[command(after_help = "Results go to standard output, warnings and errors to standard error.")]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(RunArgs),
}

/// Run scenarios, each protocol of a scenario once
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes:
  0  everything is as it should be
  1  a property was violated, or an expectation of the scenario failed
  2  the command line or a scenario is wrong
  3  inconclusive: the event limit or the horizon came while something was still going on
  4  internal error, or a file could not be written

After a run that fails, the last line on standard error is the command that repeats it.")]
pub(crate) struct RunArgs {
    /// Scenario files; - reads standard input
    #[arg(required = true, value_name = "SCENARIO")]
    pub(crate) scenarios: Vec<PathBuf>,

    /// Run this protocol only, with the scenario's options if it lists it; can be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) protocol: Vec<String>,

    /// Use this seed: a number below 2^64, or a commit id of 40 digits
    #[arg(long, value_name = "SEED")]
    pub(crate) seed: Option<Seed>,

    /// Put this JSON value into the scenario first, as in --set /network/loss=0.1; can be repeated
    #[arg(long, value_name = "/POINTER=JSON", value_parser = setting)]
    pub(crate) set: Vec<(String, String)>,

    /// Write what happens, one observation a line (JSON)
    ///
    /// Several protocols or scenarios need a file each: then the scenario's name, the protocol or
    /// both stand before the extension, as in trace.2pc.jsonl. With - the trace goes to standard
    /// output and the result to standard error.
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,

    /// Print each result as one line of JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// The event queue; changes nothing but speed
    #[arg(long, value_name = "KIND", hide = true, default_value = "lazy")]
    pub(crate) queue: Queue,
}

/// The event queues, by name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Queue {
    Lazy,
    Keyed,
}

impl Args {
    /// Reads the arguments and checks what goes together.
    pub(crate) fn read() -> Result<Args, clap::Error> {
        let mut command = Args::command().color(colour());
        let args = Args::from_arg_matches(&command.try_get_matches_from_mut(env::args_os())?)?;
        let Command::Run(run) = &args.command;
        match run.contradiction() {
            None => Ok(args),
            Some(message) => {
                let run = command.find_subcommand_mut("run").expect("run is a subcommand");
                Err(run.error(ErrorKind::ArgumentConflict, message))
            }
        }
    }
}

impl RunArgs {
    /// What the command line changes in every scenario.
    pub(crate) fn overrides(&self) -> Overrides {
        Overrides { seed: self.seed, protocols: self.protocol.clone(), set: self.set.clone() }
    }

    /// The settings as they were typed.
    pub(crate) fn settings(&self) -> Vec<String> {
        self.set.iter().map(|(pointer, json)| format!("{pointer}={json}")).collect()
    }

    /// Whether standard output is taken by the trace.
    pub(crate) fn traces_to_stdout(&self) -> bool {
        self.trace.as_deref().is_some_and(input::is_standard)
    }

    fn contradiction(&self) -> Option<String> {
        if self.scenarios.iter().filter(|file| input::is_standard(file)).count() > 1 {
            return Some("standard input can be read only once".to_string());
        }
        if self.json && self.traces_to_stdout() {
            return Some("--json and --trace - both want standard output".to_string());
        }
        if self.trace.is_none() || self.traces_to_stdout() {
            return None;
        }
        let mut stems: Vec<_> = self.scenarios.iter().map(|file| trace::stem(file)).collect();
        stems.sort_unstable();
        let twice = stems.windows(2).find(|pair| pair[0] == pair[1])?;
        Some(format!(
            "the traces of two scenarios named {} would be one file; run them one by one",
            twice[0].display()
        ))
    }
}

impl From<Queue> for QueueKind {
    fn from(queue: Queue) -> QueueKind {
        match queue {
            Queue::Lazy => QueueKind::Lazy,
            Queue::Keyed => QueueKind::Keyed,
        }
    }
}

/// Messages about arguments go to either stream; they have colour where both are terminals.
fn colour() -> ColorChoice {
    let on_terminals = io::stdout().is_terminal() && io::stderr().is_terminal();
    if on_terminals { ColorChoice::Auto } else { ColorChoice::Never }
}

/// Splits a setting at its first equals sign; the scenario's reader checks both sides.
fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((pointer, json)) => Ok((pointer.to_string(), json.to_string())),
        None => Err("there is no = in it; write it as in /network/loss=0.1".to_string()),
    }
}
