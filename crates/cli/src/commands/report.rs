//! `commitsim report`: a sweep as a page.

use std::io;
use std::path::{Path, PathBuf};

use commitsim_charts::Results;
use commitsim_report::{quoted, visible};

use crate::exit::Exit;
use crate::input;
use crate::output::Output;
use crate::sweep::{page_of, put, results};

/// Write a sweep as one HTML page: figures, tables, violations and how to repeat them
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The page is complete in itself: nothing in it runs, and nothing is fetched. The same records give \
the same bytes.

Examples:
  commitsim report accept
  commitsim report accept --out accept.html

Exit codes:
  0  the page is written
  2  the command line is wrong, or the directory holds no sweep
  3  the sweep is not done
  4  the page could not be written")]
pub(crate) struct ReportArgs {
    /// A directory that commitsim sweep, merge or compare has made
    #[arg(value_name = "DIR")]
    directory: PathBuf,

    /// The file of the page, - for standard output [default: report.html in the directory]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Print a line of JSON that says where the page is
    #[arg(long)]
    json: bool,
}

/// What the page is called in the directory of its sweep.
const PAGE: &str = "report.html";

impl ReportArgs {
    /// What of the arguments cannot be had together.
    pub(crate) fn contradiction(&self) -> Option<String> {
        let both = self.json && self.out.as_deref().is_some_and(input::is_standard);
        both.then(|| "the page and the JSON cannot both go to standard output".to_string())
    }
}

/// Writes the page.
pub(crate) fn execute(args: &ReportArgs, out: &mut Output) -> io::Result<Exit> {
    let results = match results(&args.directory) {
        Ok(results) => results,
        Err(refusal) => return Ok(refusal.say(out)),
    };
    match &args.out {
        Some(target) if input::is_standard(target) => match page_of(&results) {
            Ok(page) => {
                out.results().write_all(page.as_bytes())?;
                Ok(Exit::Fine)
            }
            Err(why) => Ok(trouble(&why, out)),
        },
        Some(target) => reported(target, &results, Told::of(args.json), out),
        None => reported(&args.directory.join(PAGE), &results, Told::of(args.json), out),
    }
}

/// How the place of a page is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Told {
    Words,
    Json,
    Nothing,
}

impl Told {
    fn of(json: bool) -> Told {
        if json { Told::Json } else { Told::Words }
    }
}

/// Writes the page into the directory of its sweep.
pub(crate) fn within(
    directory: &Path,
    results: &Results,
    told: Told,
    out: &mut Output,
) -> io::Result<Exit> {
    reported(&directory.join(PAGE), results, told, out)
}

fn reported(target: &Path, results: &Results, told: Told, out: &mut Output) -> io::Result<Exit> {
    let page = match page_of(results) {
        Ok(page) => page,
        Err(why) => return Ok(trouble(&why, out)),
    };
    if let Err(error) = put(target, page.as_bytes()) {
        out.flush()?;
        out.say(&format!("error: cannot write {}: {error}", input::shown(target)));
        return Ok(Exit::Internal);
    }
    let shown = target.to_string_lossy();
    match told {
        Told::Nothing => {}
        Told::Words => out.line(&visible(&shown))?,
        Told::Json => {
            let mut line = String::from("{\"format\":\"commitsim-report/1\",\"file\":");
            quoted(&shown, &mut line);
            line.push('}');
            out.line(&line)?;
        }
    }
    out.flush()?;
    Ok(Exit::Fine)
}

fn trouble(why: &str, out: &mut Output) -> Exit {
    out.say(&format!("error: cannot make the page: {}", visible(why)));
    Exit::Internal
}
