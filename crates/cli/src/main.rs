//! `commitsim`, the command line: the only crate that prints, reads files and knows its
//! environment.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "only here may clocks be read and threads started; no result depends on them"
)]

mod args;
mod changes;
mod commands;
mod compare;
mod counterexample;
mod crew;
mod destination;
mod exit;
mod explored;
mod faults;
mod finding;
mod folding;
mod hunted;
mod input;
mod output;
mod progress;
mod recorded;
mod recorder;
mod repro;
mod search;
mod stop;
mod sweep;
mod trace;
mod translate;
mod trial;

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use args::Args;
use exit::Exit;
use output::Output;

fn main() -> ExitCode {
    let args = match Args::read() {
        Ok(args) => args,
        Err(error) => {
            // Nothing is left to be done where even this cannot be written.
            let _ = error.print();
            return Exit::of_usage(&error).into();
        }
    };
    let mut out = Output::new();
    let result = panic::catch_unwind(AssertUnwindSafe(|| {
        let exit = args.command.execute(&mut out)?;
        out.flush()?;
        Ok(exit)
    }));
    let exit = match result {
        Ok(Ok(exit)) => exit,
        Ok(Err::<_, io::Error>(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Fine,
        Ok(Err(error)) => {
            out.say(&format!("error: cannot write to standard output: {error}"));
            Exit::Internal
        }
        Err(_) => Exit::Internal,
    };
    exit.into()
}
