//! `commitsim merge`: the shards of a sweep become one result.

use std::io;
use std::path::PathBuf;

use commitsim_charts::Record;

use crate::exit::Exit;
use crate::output::Output;
use crate::sweep::{SCENARIO, closing, command, merged, told};

/// Merge the shards of a sweep into one result directory
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Shards may lie in one directory or in several. They must be of the same sweep; what comes of them \
is the same, byte for byte, for any number of shards, and the same as without any.

Examples:
  commitsim merge part0 part1 --out whole

Exit codes:
  0  all runs are there, and nothing unexpected was violated
  1  a property was violated that the scenario does not expect to be
  2  the command line is wrong, or the directories are not of one sweep
  3  runs are missing
  4  a file could not be written")]
pub(crate) struct MergeArgs {
    /// Directories that commitsim sweep has made
    #[arg(required = true, value_name = "DIR")]
    directories: Vec<PathBuf>,

    /// The directory of the results [default: the first that is named]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Print a line of JSON for each protocol at each point
    #[arg(long)]
    json: bool,
}

/// Merges, and says what came of it.
pub(crate) fn execute(args: &MergeArgs, out: &mut Output) -> io::Result<Exit> {
    let target = args.out.as_ref().or(args.directories.first()).cloned().unwrap_or_default();
    let results = match merged(&args.directories, &target) {
        Ok(results) => results,
        Err(refusal) => return Ok(refusal.say(out)),
    };
    let scenario = target.join(SCENARIO);
    let again = |record: &Record| command(results.manifest(), record, &scenario);
    let closing = closing(results.records(), &again, out);
    told(&target, &results, &closing, args.json, out)?;
    Ok(closing.exit)
}
