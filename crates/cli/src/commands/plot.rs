//! `commitsim plot`: the figures of a sweep.

use std::io;
use std::path::{Path, PathBuf};

use commitsim_charts::Results;
use commitsim_report::visible;
use serde_json::json;

use crate::commands::report::Told;
use crate::exit::Exit;
use crate::output::Output;
use crate::sweep::{Charted, chart, results};

/// Draw the figures of a sweep: SVG, PNG, and the numbers in each as CSV
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Figures go to the folder figures in the directory. Which there are, the scenario says; without a \
word of it those that suit what is varied. The same records give the same bytes.

Examples:
  commitsim plot accept
  commitsim plot accept --figure latency-ecdf

Exit codes:
  0  all figures are drawn
  2  the command line is wrong, or the directory holds no sweep
  3  the sweep is not done
  4  a file could not be written")]
pub(crate) struct PlotArgs {
    /// A directory that commitsim sweep or commitsim merge has made
    #[arg(value_name = "DIR")]
    directory: PathBuf,

    /// Draw only the figure of this name; can be repeated
    #[arg(long, value_name = "ID")]
    figure: Vec<String>,

    /// Print a line of JSON for each figure
    #[arg(long)]
    json: bool,
}

/// Draws.
pub(crate) fn execute(args: &PlotArgs, out: &mut Output) -> io::Result<Exit> {
    let results = match results(&args.directory) {
        Ok(results) => results,
        Err(refusal) => return Ok(refusal.say(out)),
    };
    let known = |id: &&String| results.manifest().plots.iter().all(|plot| plot.id != **id);
    if let Some(unknown) = args.figure.iter().find(known) {
        let ids: Vec<&str> = results.manifest().plots.iter().map(|plot| plot.id.as_str()).collect();
        let unknown = visible(unknown);
        out.say(&format!("error: there is no figure {unknown}\n  = help: {}", ids.join(", ")));
        return Ok(Exit::Usage);
    }
    let told = if args.json { Told::Json } else { Told::Words };
    drawn(&args.directory, &results, &args.figure, told, out)
}

/// Draws the figures of a sweep and says where they are.
pub(crate) fn drawn(
    directory: &Path,
    results: &Results,
    only: &[String],
    told: Told,
    out: &mut Output,
) -> io::Result<Exit> {
    let Charted { files, troubles } = chart(directory, results, only);
    for file in &files {
        match told {
            Told::Nothing => {}
            Told::Words => {
                out.line(&format!("{}.{{svg,png,csv}}", visible(&file.to_string_lossy())))?;
            }
            Told::Json => out.line(&in_json(file))?,
        }
    }
    out.flush()?;
    for trouble in &troubles {
        out.say(&format!("error: {}", visible(trouble)));
    }
    Ok(if troubles.is_empty() { Exit::Fine } else { Exit::Internal })
}

/// Where the forms of a figure are.
fn in_json(stem: &Path) -> String {
    let file = |extension: &str| stem.with_extension(extension).to_string_lossy().into_owned();
    let id = stem.file_name().unwrap_or_default().to_string_lossy();
    let (svg, png, csv) = (file("svg"), file("png"), file("csv"));
    json!({"format": "commitsim-figure/1", "id": id, "svg": svg, "png": png, "csv": csv})
        .to_string()
}
