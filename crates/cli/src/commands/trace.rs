//! `commitsim trace`: a recorded trace for people and in other tools' formats.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use commitsim_core::Span;
use commitsim_report::{
    EXPLORED_OBSERVATIONS, Excerpt, Pending, Selection, TraceHead, columns, explorer, line_of,
    mermaid, space_time,
};

use crate::exit::Exit;
use crate::output::Output;
use crate::recorded::Recorded;

/// Show a recorded trace as text, or draw it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
text is one line an observation. svg is a space-time diagram: nodes side by side, time running \
down, an arrow for each message. mermaid is a sequence diagram for wikis and code forges. html is
the explorer, a page in one file to pan, zoom, step and filter, in which pointing at anything shows
its causal past. Of html up to four traces can be had together, one below the other on one axis.

Examples:
  commitsim trace trace.jsonl
  commitsim trace trace.jsonl --to svg --out trace.svg
  commitsim trace trace.jsonl --to mermaid --tx 0
  commitsim trace one.jsonl other.jsonl --to html --out explore.html
  commitsim trace trace.jsonl --from 1ms --until 3ms
  commitsim trace trace.jsonl --pending 2ms

Exit codes:
  0  done
  2  the command line or the trace is wrong
  4  the file could not be written")]
pub(crate) struct TraceArgs {
    /// Traces, as run --trace writes them; - reads standard input
    #[arg(value_name = "FILE", required = true)]
    traces: Vec<PathBuf>,

    /// What to make of it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    to: Format,

    /// Instead, who has not ended which transaction at this time of the run
    #[arg(long, value_name = "TIME", conflicts_with_all = ["to", "from", "until", "tx", "limit"],
        value_parser = commitsim_scenario::duration)]
    pending: Option<Span>,

    /// Write into this file instead of to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Nothing before this time of the run, as in 1.5ms
    #[arg(long, value_name = "TIME", value_parser = commitsim_scenario::duration)]
    from: Option<Span>,

    /// Nothing after this time of the run
    #[arg(long, value_name = "TIME", value_parser = commitsim_scenario::duration)]
    until: Option<Span>,

    /// Only this transaction, and what happens to nodes and network as a whole
    #[arg(long, value_name = "NUMBER")]
    tx: Option<u32>,

    /// At most this many observations; if nothing is said svg and mermaid stop at 1000
    #[arg(long, value_name = "NUMBER")]
    limit: Option<u64>,
}

/// What a trace can be turned into.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// One line an observation
    Text,
    /// A sequence diagram
    Mermaid,
    /// A space-time diagram
    Svg,
    /// The explorer, a page for a browser
    Html,
}

/// Why there is no result.
enum Trouble {
    /// The trace is wrong.
    Trace(String),
    /// The result could not be written.
    Write(io::Error),
}

impl TraceArgs {
    fn selection(&self) -> Selection {
        let drawn = match self.to {
            Format::Text => u64::MAX,
            // One more than a page takes, which then says so.
            Format::Html => EXPLORED_OBSERVATIONS + 1,
            _ => DRAWN,
        };
        Selection {
            from_ns: self.from.map_or(0, |from| from.0),
            until_ns: self.until.map_or(u64::MAX, |until| until.0),
            tx: self.tx,
            limit: self.limit.unwrap_or(drawn),
        }
    }
}

/// How many observations are drawn if nothing is said.
pub(crate) const DRAWN: u64 = 1_000;

/// Converts the trace.
pub(crate) fn execute(args: &TraceArgs, out: &mut Output) -> io::Result<Exit> {
    let done = match &args.out {
        None => convert(args, out.results()),
        Some(file) => {
            let stored = commitsim_report::store(file, |target| match convert(args, target) {
                Ok(note) => Ok(Ok(note)),
                // Nothing is stored where the trace is wrong.
                Err(Trouble::Trace(message)) => Err(io::Error::other(Refused(message))),
                Err(Trouble::Write(error)) => Err(error),
            });
            match stored {
                Ok(done) => done,
                Err(error) => match error.downcast::<Refused>() {
                    Ok(Refused(message)) => Err(Trouble::Trace(message)),
                    Err(error) => return Ok(unwritten(file, &error, out)),
                },
            }
        }
    };
    match done {
        Ok(note) => {
            out.flush()?;
            note.iter().for_each(|note| out.say(&format!("note: {note}")));
            Ok(Exit::Fine)
        }
        Err(Trouble::Trace(message)) => {
            out.flush()?;
            out.say(&message);
            Ok(Exit::Usage)
        }
        Err(Trouble::Write(error)) => Err(error),
    }
}

fn unwritten(file: &Path, error: &io::Error, out: &mut Output) -> Exit {
    let file = file.to_string_lossy();
    out.say(&format!("error: cannot write {}: {error}", commitsim_report::visible(&file)));
    Exit::Internal
}

/// Reads the trace and writes what was asked for; what was left out comes back as a note.
fn convert(args: &TraceArgs, target: &mut dyn Write) -> Result<Option<String>, Trouble> {
    if args.to == Format::Html && args.pending.is_none() {
        return html(args, target);
    }
    let [trace] = args.traces.as_slice() else {
        return Err(Trouble::Trace(SEVERAL.to_string()));
    };
    let mut recorded = Recorded::open(trace).map_err(Trouble::Trace)?;
    if let Some(at) = args.pending {
        return pending(at, &mut recorded, target);
    }
    if args.to == Format::Text {
        return text(args, &mut recorded, target);
    }
    let excerpt = excerpt_of(args, &mut recorded)?;
    let drawn = match args.to {
        Format::Mermaid => mermaid(&recorded.head, &excerpt),
        _ => space_time(&recorded.head, &excerpt),
    };
    target.write_all(drawn.as_bytes()).map_err(Trouble::Write)?;
    Ok(excerpt.note())
}

/// What is said where only one trace can be shown.
const SEVERAL: &str = "error: several traces are shown together by --to html alone";

/// How many traces a page shows at most.
const TOGETHER: usize = 4;

fn excerpt_of(args: &TraceArgs, recorded: &mut Recorded) -> Result<Excerpt, Trouble> {
    let mut excerpt = Excerpt::new(args.selection());
    while let Some(seen) = recorded.next().map_err(Trouble::Trace)? {
        excerpt.see(seen);
    }
    Ok(excerpt)
}

/// The explorer page.
fn html(args: &TraceArgs, target: &mut dyn Write) -> Result<Option<String>, Trouble> {
    let count = args.traces.len();
    if count > TOGETHER {
        let says =
            format!("error: --to html shows at most {TOGETHER} traces together, not {count}");
        return Err(Trouble::Trace(says));
    }
    let mut runs: Vec<(TraceHead, Excerpt)> = Vec::new();
    for trace in &args.traces {
        let mut recorded = Recorded::open(trace).map_err(Trouble::Trace)?;
        let excerpt = excerpt_of(args, &mut recorded)?;
        runs.push((recorded.head, excerpt));
    }
    let page = explorer(&runs).map_err(|long| Trouble::Trace(format!("error: {long}")))?;
    target.write_all(page.as_bytes()).map_err(Trouble::Write)?;
    Ok(runs.iter().find_map(|(_, excerpt)| excerpt.note()))
}

/// Line by line, so that a trace of any length can be read.
fn text(
    args: &TraceArgs,
    recorded: &mut Recorded,
    target: &mut dyn Write,
) -> Result<Option<String>, Trouble> {
    let selection = args.selection();
    let nodes = recorded.head.nodes.clone();
    writeln!(target, "{}", columns(&nodes)).map_err(Trouble::Write)?;
    let mut shown = 0;
    while let Some(seen) = recorded.next().map_err(Trouble::Trace)? {
        if selection.shows(&seen) {
            if shown == selection.limit {
                return Ok(Some(format!("stopped after {shown} observations")));
            }
            writeln!(target, "{}", line_of(&seen, &nodes)).map_err(Trouble::Write)?;
            shown += 1;
        }
    }
    Ok(None)
}

/// The pending-transactions table at an instant.
fn pending(
    at: Span,
    recorded: &mut Recorded,
    target: &mut dyn Write,
) -> Result<Option<String>, Trouble> {
    let mut table = Pending::at(at.0);
    while let Some(seen) = recorded.next().map_err(Trouble::Trace)? {
        table.see(&seen);
    }
    let text = table.text(&recorded.head.protocol, COLUMNS);
    target.write_all(text.as_bytes()).map_err(Trouble::Write)?;
    Ok(None)
}

/// How wide a table may be before it becomes a list: as wide as results in a pipe.
const COLUMNS: usize = 80;

/// A message on its way through an error of the file's writer.
#[derive(Debug)]
struct Refused(String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}
