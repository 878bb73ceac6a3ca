//! The command line: which commands there are, and how arguments are read.

use std::env;
use std::io::{self, IsTerminal};

use clap::error::ErrorKind;
use clap::{ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::{
    compare, completions, diff, explore, hunt, list, man, merge, plot, replay, report, run, schema,
    shrink, sweep, test, trace, validate, verify,
};
use crate::exit::Exit;
use crate::output::Output;

/// Lines of help are broken here where the terminal is not narrower.
const COLUMNS: usize = 80;

/// Simulates atomic commit protocols: virtual nodes, simulated time, and the same run again from
/// the same seed.
#[derive(Debug, Parser)]
#[command(name = "commitsim", version, arg_required_else_help = true)]
#[command(after_help = "\
Results go to standard output, warnings and errors to standard error.
commitsim COMMAND --help has examples.")]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(run::RunArgs),
    Test(test::TestArgs),
    Compare(compare::CompareArgs),
    Sweep(sweep::SweepArgs),
    Merge(merge::MergeArgs),
    Plot(plot::PlotArgs),
    Report(report::ReportArgs),
    Validate(validate::ValidateArgs),
    Verify(verify::VerifyArgs),
    Explore(explore::ExploreArgs),
    Hunt(hunt::HuntArgs),
    Shrink(shrink::ShrinkArgs),
    Replay(replay::ReplayArgs),
    Diff(diff::DiffArgs),
    Trace(trace::TraceArgs),
    List(list::ListArgs),
    Schema(schema::SchemaArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

impl Args {
    /// Reads the arguments and checks what goes together.
    pub(crate) fn read() -> Result<Args, clap::Error> {
        let mut command = described();
        let matches = command.try_get_matches_from_mut(env::args_os())?;
        let args = Args::from_arg_matches(&matches)?;
        match args.command.contradiction() {
            None => Ok(args),
            Some(message) => {
                let name = matches.subcommand_name().unwrap_or_default();
                let used = command.find_subcommand_mut(name).expect("it was given");
                Err(used.error(ErrorKind::ArgumentConflict, message))
            }
        }
    }
}

impl Command {
    /// Does what was asked for.
    pub(crate) fn execute(&self, out: &mut Output) -> io::Result<Exit> {
        match self {
            Command::Run(args) => run::execute(args, out),
            Command::Test(args) => test::execute(args, out),
            Command::Compare(args) => compare::execute(args, out),
            Command::Sweep(args) => sweep::execute(args, out),
            Command::Merge(args) => merge::execute(args, out),
            Command::Plot(args) => plot::execute(args, out),
            Command::Report(args) => report::execute(args, out),
            Command::Validate(args) => validate::execute(args, out),
            Command::Verify(args) => verify::execute(args, out),
            Command::Explore(args) => explore::execute(args, out),
            Command::Hunt(args) => hunt::execute(args, out),
            Command::Shrink(args) => shrink::execute(args, out),
            Command::Replay(args) => replay::execute(args, out),
            Command::Diff(args) => diff::execute(args, out),
            Command::Trace(args) => trace::execute(args, out),
            Command::List(args) => list::execute(args, out),
            Command::Schema(_) => schema::execute(out),
            Command::Completions(args) => completions::execute(args, out),
            Command::Man(args) => man::execute(args, out),
        }
    }

    /// What of the arguments cannot be had together.
    fn contradiction(&self) -> Option<String> {
        match self {
            Command::Run(args) => args.contradiction(),
            Command::Validate(args) => args.contradiction(),
            Command::Compare(args) => args.contradiction(),
            Command::Diff(args) => args.contradiction(),
            Command::Explore(args) => args.contradiction(),
            Command::Report(args) => args.contradiction(),
            _ => None,
        }
    }
}

/// The whole command line, for help, completions and manual pages.
pub(crate) fn described() -> clap::Command {
    Args::command().color(colour()).max_term_width(COLUMNS)
}

/// Messages about arguments go to either stream; they have colour where both are terminals.
fn colour() -> ColorChoice {
    let on_terminals = io::stdout().is_terminal() && io::stderr().is_terminal();
    if on_terminals { ColorChoice::Auto } else { ColorChoice::Never }
}
