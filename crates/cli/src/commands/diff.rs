//! `commitsim diff`: where two recorded traces part.

use std::io;
use std::path::PathBuf;

use serde::Serialize;

use crate::compare::{Comparison, compare};
use crate::exit::Exit;
use crate::input;
use crate::output::Output;
use crate::recorded::Recorded;

/// Find the first observation at which two recorded traces part
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Lines that only the first trace has begin with -, those of the second with +. That the headers \
differ, the seeds for example, is a note and no difference.

Examples:
  commitsim diff one.jsonl other.jsonl
  commitsim diff --json one.jsonl other.jsonl

Exit codes:
  0  both traces hold the same observations
  1  they part
  2  one of them cannot be read")]
pub(crate) struct DiffArgs {
    /// A trace, as run --trace writes it; - reads standard input
    #[arg(value_name = "TRACE")]
    first: PathBuf,

    /// Another one
    #[arg(value_name = "TRACE")]
    second: PathBuf,

    /// Print the result as one line of JSON
    #[arg(long)]
    json: bool,
}

/// The result as JSON.
#[derive(Debug, Serialize)]
struct Difference {
    format: &'static str,
    equal: bool,
    /// How many observations both begin with.
    shared: u64,
}

impl DiffArgs {
    /// What of the arguments cannot be had together.
    pub(crate) fn contradiction(&self) -> Option<String> {
        input::read_twice(&[self.first.clone(), self.second.clone()])
    }
}

/// Compares the traces line by line.
pub(crate) fn execute(args: &DiffArgs, out: &mut Output) -> io::Result<Exit> {
    match compared(args, out) {
        Ok(comparison) => print(args, &comparison, out),
        Err(message) => {
            out.say(&message);
            Ok(Exit::Usage)
        }
    }
}

fn compared(args: &DiffArgs, out: &mut Output) -> Result<Comparison, String> {
    let mut first = Recorded::open(&args.first)?;
    let mut second = Recorded::open(&args.second)?;
    for (what, one, other) in [
        ("protocols", &first.head.protocol, &second.head.protocol),
        ("seeds", &first.head.seed, &second.head.seed),
        ("versions", &first.head.version, &second.head.version),
    ] {
        if one != other {
            let (one, other) = (commitsim_report::visible(one), commitsim_report::visible(other));
            out.say(&format!("note: the {what} differ: {one} and {other}"));
        }
    }
    let nodes = first.head.nodes.clone();
    compare(&nodes, &mut || first.next(), &mut || second.next())
}

fn print(args: &DiffArgs, comparison: &Comparison, out: &mut Output) -> io::Result<Exit> {
    let (equal, shared) = match comparison {
        Comparison::Equal(count) => (true, *count),
        Comparison::Parted(parting) => (false, parting.shared),
    };
    if args.json {
        let difference = Difference { format: "commitsim-diff/1", equal, shared };
        let line = serde_json::to_string(&difference);
        out.line(&line.expect("numbers can always be written"))?;
    } else if let Comparison::Parted(parting) = comparison {
        out.line(&format!("the traces part after {shared} observations"))?;
        out.paragraph(&parting.to_string())?;
    } else {
        out.line(&format!("the traces are equal: {shared} observations"))?;
    }
    Ok(if equal { Exit::Fine } else { Exit::Failed })
}
