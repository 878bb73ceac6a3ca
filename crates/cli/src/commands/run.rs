//! `commitsim run`: scenarios, each protocol of a scenario once.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use commitsim_core::Span;
use commitsim_report::{Excerpt, Heading, Pending, Selection, TraceHead, side_by_side, space_time};
use commitsim_scenario::Scenario;
use commitsim_sim::RunRecord;

use crate::changes::{Changes, Queue};
use crate::commands::trace::{DRAWN, png};
use crate::destination::{self, Destination};
use crate::exit::Exit;
use crate::faults;
use crate::input;
use crate::output::Output;
use crate::recorder::Recorder;
use crate::repro;
use crate::trace::{self, Lines};
use crate::translate::{self, Told};
use crate::trial::{Panicked, Trial};

/// Run scenarios, each protocol of a scenario once
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  commitsim run scenarios/2pc-accept.json
  commitsim run scenarios/2pc-accept.json --protocol 2pc-pra --seed 7 --json
  commitsim run scenarios/2pc-accept.json --set /nodes=5 --set '/expect={}'
  commitsim run scenarios/2pc-accept.json --trace trace.jsonl --diagram run.svg
  commitsim run scenarios/2pc-accept.json --explain
  commitsim run scenarios/2pc-accept.json --pending 2ms

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

    #[command(flatten)]
    pub(crate) changes: Changes,

    /// Write what happens, one observation a line (JSON)
    ///
    /// Several protocols or scenarios need a file each: then the scenario's name, the protocol or
    /// both stand before the extension, as in trace.2pc.jsonl. With - the trace goes to standard
    /// output and the result to standard error.
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,

    /// Draw what happens as a space-time diagram, SVG or PNG by the file's name; several runs get
    /// a file each
    #[arg(long, value_name = "FILE")]
    pub(crate) diagram: Option<PathBuf>,

    /// Print a sentence about each thing that happens before the result
    #[arg(long)]
    pub(crate) explain: bool,

    /// Print who has not ended which transaction at this time of the run, as in 5s
    ///
    /// Who is in doubt since when, which locks are held, whose answer is awaited. May be given
    /// several times.
    #[arg(long, value_name = "TIME", value_parser = commitsim_scenario::duration)]
    pub(crate) pending: Vec<Span>,

    /// Print each result as one line of JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// The event queue; changes nothing but speed
    #[arg(long, value_name = "KIND", hide = true, default_value = "lazy")]
    pub(crate) queue: Queue,
}

impl RunArgs {
    /// Whether standard output is taken by the trace.
    fn traces_to_stdout(&self) -> bool {
        self.trace.as_deref().is_some_and(input::is_standard)
    }

    /// What of the arguments cannot be had together.
    pub(crate) fn contradiction(&self) -> Option<String> {
        if let Some(message) = input::read_twice(&self.scenarios) {
            return Some(message);
        }
        let takers = [
            (self.traces_to_stdout(), "--trace -"),
            (self.json, "--json"),
            (self.explain, "--explain"),
            (!self.pending.is_empty(), "--pending"),
        ];
        let mut taken = takers.into_iter().filter_map(|(takes, name)| takes.then_some(name));
        if let (Some(one), Some(other)) = (taken.next(), taken.next()) {
            return Some(format!("{one} and {other} both want standard output"));
        }
        if self.diagram.as_deref().is_some_and(input::is_standard) {
            return Some("--diagram needs a file".to_string());
        }
        if let Some(objection) = self.diagram.as_deref().and_then(undrawable) {
            return Some(objection);
        }
        let traced = self.trace.is_some() && !self.traces_to_stdout();
        if !traced && self.diagram.is_none() {
            return None;
        }
        let mut stems: Vec<_> = self.scenarios.iter().map(|file| destination::stem(file)).collect();
        stems.sort_unstable();
        let twice = stems.windows(2).find(|pair| pair[0] == pair[1])?;
        Some(format!(
            "the files of two scenarios named {} would be one; run them one by one",
            twice[0].display()
        ))
    }
}

/// Why there is no record of a run.
#[derive(Debug)]
enum Trouble {
    Panicked(Panicked),
    /// The trace could not be written.
    Trace(PathBuf, io::Error),
    /// The drawing could not be written.
    Diagram(PathBuf, io::Error),
    /// Standard output could not be written.
    Output(io::Error),
}

/// Runs every scenario; one that cannot be read stops none of the others.
pub(crate) fn execute(args: &RunArgs, out: &mut Output) -> io::Result<Exit> {
    let overrides = args.changes.overrides();
    if args.diagram.is_some() || (args.trace.is_some() && !args.traces_to_stdout()) {
        out.files_matter();
    }
    let mut gravest = Exit::Fine;
    for file in &args.scenarios {
        let exit = match input::scenario(file, &overrides) {
            Ok((text, scenario)) => one_scenario(file, &text, &scenario, args, out)?,
            Err(wrong) => {
                out.flush()?;
                out.say(&wrong.to_string());
                Exit::Usage
            }
        };
        gravest = gravest.max(exit);
    }
    Ok(gravest)
}

/// Runs, judges and prints each protocol of a scenario.
fn one_scenario(
    file: &Path,
    text: &[u8],
    scenario: &Scenario,
    args: &RunArgs,
    out: &mut Output,
) -> io::Result<Exit> {
    let mut gravest = Exit::Fine;
    let several = args.scenarios.len() > 1;
    let ends = |target: &Option<PathBuf>| {
        destination::destinations(target.as_deref(), file, several, scenario)
    };
    let ends = ends(&args.trace).into_iter().zip(ends(&args.diagram));
    let mut results = Vec::new();
    for (choice, (trace, diagram)) in scenario.protocols.iter().zip(ends) {
        let (changes, pending) = (&args.changes, &args.pending);
        let wishes = Wishes { changes, trace, diagram, explain: args.explain, pending };
        let trial = Trial::new(scenario, choice, args.queue.into());
        let exit = match wishes.run(text, &trial, out) {
            Ok(record) => {
                let told = translate::told(file, scenario, choice, &record);
                print(&told, scenario, args, out)?;
                for warning in faults::warnings(choice.id, scenario, &record.idle_faults) {
                    out.say(&warning);
                }
                results.push(told.run);
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
            out.say(&repro::run(&args.changes, args.queue, file, choice.id, scenario.seed));
        }
        gravest = gravest.max(exit);
    }
    if results.len() > 1 && !args.json {
        show(&side_by_side(&results, out.columns()), args, out)?;
    }
    Ok(gravest)
}

/// What is wanted of a run besides its result.
struct Wishes<'a> {
    changes: &'a Changes,
    trace: Destination,
    diagram: Destination,
    explain: bool,
    pending: &'a [Span],
}

impl Wishes<'_> {
    /// Makes the run, and with it what is wanted.
    fn run(&self, text: &[u8], trial: &Trial<'_>, out: &mut Output) -> Result<RunRecord, Trouble> {
        let (scenario, choice) = (trial.scenario, trial.choice);
        let header =
            trace::header(text, self.changes, choice, scenario).map_err(Trouble::Output)?;
        let mut excerpt = Excerpt::new(Selection { limit: DRAWN, ..Selection::ALL });
        if self.explain {
            let heading = format!("what happens under {}\n", choice.id);
            out.paragraph(&heading).map_err(Trouble::Output)?;
        }
        let mut tables: Vec<Pending> = self.pending.iter().map(|at| Pending::at(at.0)).collect();
        let mut watched = |trace: Option<&mut dyn io::Write>, told: Option<&mut dyn io::Write>| {
            let mut recorder = Recorder::new(Lines::new(scenario, trial.runnable().about()));
            if let Some(trace) = trace {
                recorder.trace(&header, trace);
            }
            if let Some(told) = told {
                recorder.explain(told);
            }
            if self.diagram != Destination::Nowhere {
                recorder.keep(&mut excerpt);
            }
            recorder.pending(&mut tables);
            let record = trial.run(Some(&mut recorder));
            // Also after a panic: what was seen up to there is what one wants to read then.
            recorder.finish()?;
            Ok(record)
        };
        let explain = self.explain;
        let record = match &self.trace {
            Destination::Nowhere
                if !explain && self.pending.is_empty() && self.diagram == Destination::Nowhere =>
            {
                trial.run(None)
            }
            Destination::Nowhere => {
                watched(None, explain.then(|| out.results())).map_err(Trouble::Output)?
            }
            Destination::Output => watched(Some(out.results()), None).map_err(Trouble::Output)?,
            Destination::File(path) => commitsim_report::store(path, |file| {
                watched(Some(file), explain.then(|| out.results()))
            })
            .map_err(|error| Trouble::Trace(path.clone(), error))?,
        };
        for table in tables {
            out.paragraph(&table.text(choice.id, out.columns())).map_err(Trouble::Output)?;
        }
        if let Destination::File(path) = &self.diagram {
            let head = TraceHead::read(&header).expect("what is written here can be read");
            let note = excerpt.note();
            drawn(path, &[(head, excerpt)])
                .map_err(|error| Trouble::Diagram(path.clone(), error))?;
            if let Some(note) = note {
                out.say(&format!("note: the diagram is {note}"));
            }
        }
        record.map_err(Trouble::Panicked)
    }
}

/// The objection to a file whose name asks for neither of the two forms of a drawing. In a file
/// that is called otherwise, `.pdf` for example, no program would look for what is in it.
fn undrawable(path: &Path) -> Option<String> {
    let extension = path.extension().unwrap_or_default();
    let known = ["svg", "png"].iter().any(|known| extension.eq_ignore_ascii_case(known));
    (!known).then(|| {
        let path = path.to_string_lossy();
        let path = commitsim_report::visible(&path);
        format!("--diagram draws .svg and .png, and {path} is neither")
    })
}

/// Draws a run into a file, as a picture where its name asks for one.
fn drawn(path: &Path, run: &[(TraceHead, Excerpt)]) -> io::Result<()> {
    let extension = path.extension().unwrap_or_default();
    let bytes = match extension.eq_ignore_ascii_case("png") {
        true => png(run).map_err(io::Error::other)?,
        false => space_time(run).svg().into_bytes(),
    };
    commitsim_report::store(path, |file| file.write_all(&bytes))
}

/// Prints a result.
fn print(told: &Told, scenario: &Scenario, args: &RunArgs, out: &mut Output) -> io::Result<()> {
    if args.json {
        out.line(&told.run.to_json())?;
        return out.flush();
    }
    let title = scenario.title.as_deref().unwrap_or(&told.run.scenario);
    let heading = Heading { title, nodes: &scenario.names, columns: out.columns() };
    let paint = if args.traces_to_stdout() { out.paint_of_words() } else { out.paint() };
    show(&commitsim_report::text_of(&told.run, &heading, paint), args, out)
}

/// Prints text where it belongs: to standard output, unless the trace is going there.
fn show(text: &str, args: &RunArgs, out: &mut Output) -> io::Result<()> {
    if args.traces_to_stdout() {
        out.say(text.trim_end());
    } else {
        out.paragraph(text)?;
    }
    out.flush()
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Panicked(panicked) => panicked.fmt(f),
            Trouble::Trace(path, error) => {
                let path = path.to_string_lossy();
                let path = commitsim_report::visible(&path);
                write!(f, "error: cannot write the trace {path}: {error}")
            }
            Trouble::Diagram(path, error) => {
                let path = path.to_string_lossy();
                let path = commitsim_report::visible(&path);
                write!(f, "error: cannot write the diagram {path}: {error}")
            }
            Trouble::Output(error) => write!(f, "error: cannot write standard output: {error}"),
        }
    }
}
