//! `commitsim`, the command line: the only crate that prints, reads files and knows its
//! environment.

mod args;
mod exit;
mod faults;
mod input;
mod output;
mod repro;
mod run;
mod trace;
mod translate;

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::process::ExitCode;

use commitsim_scenario::{Overrides, Scenario};

use args::{Args, Command, RunArgs};
use exit::Exit;
use output::Output;
use run::Trouble;
use translate::Told;

fn main() -> ExitCode {
    let Args { command: Command::Run(args) } = match Args::read() {
        Ok(args) => args,
        Err(error) => {
            // Nothing is left to be done where even this cannot be written.
            let _ = error.print();
            return Exit::of_usage(&error).into();
        }
    };
    let mut out = Output::new();
    let result = panic::catch_unwind(AssertUnwindSafe(|| run_all(&args, &mut out)));
    let exit = match result {
        Ok(Ok(exit)) => exit,
        Ok(Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
        Ok(Err(error)) => {
            out.say(&format!("error: cannot write to standard output: {error}"));
            Exit::Internal
        }
        Err(_) => Exit::Internal,
    };
    exit.into()
}

/// Runs every scenario; one that cannot be read stops none of the others.
fn run_all(args: &RunArgs, out: &mut Output) -> io::Result<Exit> {
    let overrides = args.overrides();
    let mut gravest = Exit::Fine;
    for file in &args.scenarios {
        let exit = match read(file, &overrides) {
            Ok((text, scenario)) => run_one(file, &text, &scenario, args, out)?,
            Err(message) => {
                out.flush()?;
                out.say(&message);
                Exit::Usage
            }
        };
        gravest = gravest.max(exit);
    }
    out.flush()?;
    Ok(gravest)
}

/// Reads and checks a scenario, or says what is wrong with it.
fn read(file: &Path, overrides: &Overrides) -> Result<(Vec<u8>, Scenario), String> {
    let text = input::read(file).map_err(|error| error.to_string())?;
    let name = input::shown(file);
    let known = commitsim_catalog::abouts();
    let scenario = commitsim_scenario::read(&name, &text, &known, overrides)
        .map_err(|problems| problems.to_string())?;
    Ok((text, scenario))
}

/// Runs, judges and prints each protocol of a scenario.
fn run_one(
    file: &Path,
    text: &[u8],
    scenario: &Scenario,
    args: &RunArgs,
    out: &mut Output,
) -> io::Result<Exit> {
    let mut gravest = Exit::Fine;
    let destinations = trace::destinations(args, file, scenario);
    for (choice, destination) in scenario.protocols.iter().zip(&destinations) {
        let repro = repro::command(args, file, choice.id, scenario.seed);
        let exit = match run::run(text, scenario, choice, args, destination, out) {
            Ok(record) => {
                let told = translate::told(file, scenario, choice, &record);
                print(&told, scenario, args, out)?;
                let idle = &record.idle_faults;
                for warning in faults::warnings(choice.id, &scenario.setup, &scenario.names, idle) {
                    out.say(&warning);
                }
                Exit::of_verdict(told.verdict)
            }
            Err(Trouble::Output(error)) => return Err(error),
            Err(trouble) => {
                out.flush()?;
                out.say(&trouble.to_string());
                Exit::Internal
            }
        };
        if exit != Exit::Fine {
            out.say(&repro);
        }
        gravest = gravest.max(exit);
    }
    Ok(gravest)
}

/// Prints a result where it belongs: to standard output, unless the trace is going there.
fn print(told: &Told, scenario: &Scenario, args: &RunArgs, out: &mut Output) -> io::Result<()> {
    if args.json {
        out.line(&told.run.to_json())?;
    } else if args.traces_to_stdout() {
        out.say(told.text(scenario, out.paint_of_words()).trim_end());
    } else {
        out.paragraph(&told.text(scenario, out.paint()))?;
    }
    out.flush()
}
