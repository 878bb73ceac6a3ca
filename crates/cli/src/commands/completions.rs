//! `commitsim completions`: what a shell needs to complete this command line.

use std::io;

use clap_complete::Shell;

use crate::args::described;
use crate::exit::Exit;
use crate::output::Output;

/// Print what a shell needs to complete commitsim's arguments
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  commitsim completions bash > commitsim.bash
  commitsim completions fish > commitsim.fish")]
pub(crate) struct CompletionsArgs {
    /// For which shell
    shell: Shell,
}

/// Prints the script.
pub(crate) fn execute(args: &CompletionsArgs, out: &mut Output) -> io::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut described(), "commitsim", &mut script);
    out.results().write_all(&script)?;
    Ok(Exit::Fine)
}
