//! `commitsim man`: manual pages.

use std::io;

use clap::ValueEnum;
use clap_mangen::Man;

use crate::args::described;
use crate::exit::Exit;
use crate::output::Output;

/// Print a manual page
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  commitsim man > commitsim.1
  commitsim man run > commitsim-run.1")]
pub(crate) struct ManArgs {
    /// The command that it is about; without one it is about all of commitsim
    command: Option<Page>,
}

/// The commands that have a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Page {
    Run,
    Test,
    Compare,
    Sweep,
    Merge,
    Plot,
    Report,
    Validate,
    Verify,
    Explore,
    Hunt,
    Shrink,
    Replay,
    Diff,
    Trace,
    List,
    Schema,
    Completions,
    Man,
}

/// Prints the page.
pub(crate) fn execute(args: &ManArgs, out: &mut Output) -> io::Result<Exit> {
    let mut all = described();
    // Only then does a command know that it is called commitsim-run, and so on.
    all.build();
    let name = args.command.as_ref().and_then(ValueEnum::to_possible_value);
    let page = match name {
        None => all,
        Some(name) => {
            let command = all.find_subcommand(name.get_name());
            command.expect("every page has a command").clone()
        }
    };
    let mut text = Vec::new();
    Man::new(page).render(&mut text)?;
    out.results().write_all(&text)?;
    Ok(Exit::Fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page() {
        let pages = Page::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let pages: Vec<String> = pages.map(|page| page.get_name().to_owned()).collect();
        let commands = described();
        let commands: Vec<&str> = commands.get_subcommands().map(|c| c.get_name()).collect();
        assert_eq!(pages, commands);
    }
}
