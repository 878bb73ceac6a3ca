//! `commitsim trace`: a recorded trace for people and in other tools' formats.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use commitsim_core::Span;
use commitsim_report::{
    EXPLORED_OBSERVATIONS, Excerpt, Pending, Selection, TraceHead, columns, explorer, line_of,
    mermaid, perfetto, shiviz, space_time,
};

use crate::exit::Exit;
use crate::output::Output;
use crate::recorded::Recorded;

/// Show recorded traces as text, draw them, or export them to other tools
#[derive(Debug, clap::Args)]
#[command(after_help = "\
text is one line an observation. svg and png are a space-time diagram: nodes below each other, \
time running to the right, a slanted arrow for each message. html is the explorer, a page in one \
file to pan, zoom, step and filter, in which pointing at anything shows its causal past. \
mermaid is a sequence diagram for wikis and code forges. perfetto is JSON for the Perfetto trace \
viewer, and shiviz a log with vector clocks for ShiViz. But for text and mermaid up to four \
traces can be had together: runs of one scenario and seed under two protocols, say, one above the \
other on one axis.

Unless --limit is given, svg, png and mermaid stop at 1000 observations of each trace, shiviz at \
10000 and perfetto at 200000, and say so.

Examples:
  commitsim trace trace.jsonl
  commitsim trace trace.jsonl --to svg --out trace.svg
  commitsim trace trace.jsonl --to png --out trace.png
  commitsim trace one.jsonl other.jsonl --to svg --out both.svg
  commitsim trace trace.jsonl --to mermaid --tx 0
  commitsim trace trace.jsonl --to perfetto --out trace.perfetto.json
  commitsim trace trace.jsonl --to shiviz --out trace.shiviz.log
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

    /// What to make of it [default: what the name of --out ends with, .svg, .png or .html, and
    /// text otherwise]
    #[arg(long, value_name = "FORMAT")]
    to: Option<Format>,

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

    /// At most this many observations of each trace
    #[arg(long, value_name = "NUMBER")]
    limit: Option<u64>,
}

/// What a trace can be turned into.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// One line an observation
    Text,
    /// A sequence diagram for Mermaid
    Mermaid,
    /// A space-time diagram, to print or for a page
    Svg,
    /// A space-time diagram, 180 mm wide at 300 dots an inch
    Png,
    /// Slices and flows for Perfetto
    Perfetto,
    /// A log with vector clocks for ShiViz
    Shiviz,
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
    /// What is made of it: what is asked for, or what the file's name says.
    fn to(&self) -> Format {
        let extension = self.out.as_deref().and_then(Path::extension).unwrap_or_default();
        let drawn = [("svg", Format::Svg), ("png", Format::Png), ("html", Format::Html)];
        let named = drawn.into_iter().find(|(name, _)| extension.eq_ignore_ascii_case(name));
        let named = named.filter(|_| self.pending.is_none());
        self.to.or(named.map(|(_, format)| format)).unwrap_or(Format::Text)
    }

    fn selection(&self) -> Selection {
        let drawn = match self.to() {
            Format::Text => u64::MAX,
            Format::Mermaid | Format::Svg | Format::Png => DRAWN,
            // So many a browser still shows without waiting.
            Format::Perfetto => 200_000,
            Format::Shiviz => 10_000,
            // One more than a page takes, which then says so.
            Format::Html => EXPLORED_OBSERVATIONS + 1,
        };
        Selection {
            from_ns: self.from.map_or(0, |from| from.0),
            until_ns: self.until.map_or(u64::MAX, |until| until.0),
            tx: self.tx,
            limit: self.limit.unwrap_or(drawn),
        }
    }
}

impl Format {
    /// How many traces can be shown together.
    fn most(self) -> usize {
        match self {
            Format::Text | Format::Mermaid => 1,
            Format::Svg | Format::Png | Format::Perfetto | Format::Shiviz | Format::Html => 4,
        }
    }
}

/// How many observations are drawn if nothing is said.
pub(crate) const DRAWN: u64 = 1_000;

/// Converts the trace.
pub(crate) fn execute(args: &TraceArgs, out: &mut Output) -> io::Result<Exit> {
    if let Some(objection) = objection(args) {
        out.say(&objection);
        return Ok(Exit::Usage);
    }
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

/// What is wrong with the command line, beyond what its parser sees.
fn objection(args: &TraceArgs) -> Option<String> {
    let (count, most) = (args.traces.len(), args.to().most());
    if count > 1 && args.pending.is_some() {
        return Some("error: --pending shows one trace".to_string());
    }
    if count > most {
        let name =
            args.to().to_possible_value().map_or(String::new(), |v| v.get_name().to_string());
        let shows = match most {
            1 => "one trace".to_string(),
            _ => format!("at most {most} traces together"),
        };
        return Some(format!("error: --to {name} shows {shows}, and here are {count}"));
    }
    if let (Some(from), Some(until)) = (args.from, args.until)
        && from > until
    {
        return Some("error: --from lies after --until".to_string());
    }
    if args.to() == Format::Png && args.out.is_none() && std::io::stdout().is_terminal() {
        return Some("error: a picture is no text for a terminal; use --out FILE".to_string());
    }
    let objection = crate::input::read_twice(&args.traces)?;
    Some(format!("error: {objection}"))
}

/// Reads the traces and writes what was asked for; what was left out comes back as notes.
fn convert(args: &TraceArgs, target: &mut dyn Write) -> Result<Vec<String>, Trouble> {
    if args.pending.is_some() || args.to() == Format::Text {
        let mut recorded = Recorded::open(&args.traces[0]).map_err(Trouble::Trace)?;
        let note = match args.pending {
            Some(at) => pending(at, &mut recorded, target),
            None => text(args, &mut recorded, target),
        };
        return Ok(note?.into_iter().chain(recorded.gap()).collect());
    }
    let mut runs: Vec<(TraceHead, Excerpt)> = Vec::new();
    let mut gaps = Vec::new();
    for trace in &args.traces {
        let mut recorded = Recorded::open(trace).map_err(Trouble::Trace)?;
        let mut excerpt = Excerpt::new(args.selection());
        while let Some(seen) = recorded.next().map_err(Trouble::Trace)? {
            excerpt.see(seen);
        }
        gaps.extend(recorded.gap());
        runs.push((recorded.head, excerpt));
    }
    let made = match args.to() {
        Format::Perfetto => perfetto(&runs).into_bytes(),
        Format::Shiviz => shiviz(&runs).into_bytes(),
        Format::Html => {
            explorer(&runs).map_err(|long| Trouble::Trace(format!("error: {long}")))?.into_bytes()
        }
        Format::Png => png(&runs).map_err(|error| Trouble::Write(io::Error::other(error)))?,
        Format::Svg => space_time(&runs).svg().into_bytes(),
        Format::Mermaid | Format::Text => {
            runs.iter().map(|(head, excerpt)| mermaid(head, excerpt)).collect::<String>().into()
        }
    };
    target.write_all(&made).map_err(Trouble::Write)?;
    Ok(notes(&runs).into_iter().chain(gaps).collect())
}

/// The space-time diagram as a picture.
pub(crate) fn png(runs: &[(TraceHead, Excerpt)]) -> Result<Vec<u8>, String> {
    commitsim_charts::sheet_png(&space_time(runs))
}

/// What was left out, and how runs that are shown together differ unasked.
fn notes(runs: &[(TraceHead, Excerpt)]) -> Vec<String> {
    let mut notes = Vec::new();
    let [(first, _), rest @ ..] = runs else { return notes };
    for (other, _) in rest {
        let titles = (first.title.as_deref(), other.title.as_deref());
        for (what, one, another) in [
            ("scenarios", titles.0.unwrap_or_default(), titles.1.unwrap_or_default()),
            ("seeds", &first.seed, &other.seed),
        ] {
            if one != another {
                let (one, another) =
                    (commitsim_report::visible(one), commitsim_report::visible(another));
                notes.push(format!("the {what} differ: {one} and {another}"));
            }
        }
    }
    for (head, excerpt) in runs {
        let note = excerpt.note().or_else(|| excerpt.vain());
        notes.extend(note.map(|note| match rest {
            [] => note,
            _ => format!("{}: {note}", commitsim_report::visible(&head.protocol)),
        }));
    }
    notes
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
    let mut vain = true;
    while let Some(seen) = recorded.next().map_err(Trouble::Trace)? {
        if selection.shows(&seen) {
            if shown == selection.limit {
                return Ok(Some(format!("stopped after {shown} observations")));
            }
            writeln!(target, "{}", line_of(&seen, &nodes)).map_err(Trouble::Write)?;
            shown += 1;
            vain = vain && selection.in_vain([&seen]).is_some();
        }
    }
    Ok(if vain { selection.in_vain([]) } else { None })
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
