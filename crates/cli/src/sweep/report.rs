//! What is said of a sweep at its end.

use std::io;
use std::path::Path;

use commitsim_charts::{Record, Results, summary_json, summary_text};
use commitsim_report::visible;

use super::stage::Refusal;
use crate::exit::Exit;
use crate::output::Output;

/// How many runs that fail are named.
const NAMED: usize = 5;

/// What the runs of a sweep came to.
pub(crate) struct Closing {
    pub(crate) exit: Exit,
    pub(crate) words: String,
}

/// Counts what failed, and names the first few, each with the command that makes it again.
pub(crate) fn closing(
    records: &[Record],
    repro: &dyn Fn(&Record) -> String,
    out: &mut Output,
) -> Closing {
    let mut failed: Vec<&Record> = records.iter().filter(|record| record.unexpected).collect();
    failed.sort_unstable_by_key(|record| record.job);
    let inconclusive = records.iter().filter(|record| record.inconclusive).count();
    for record in failed.iter().take(NAMED) {
        let properties = record.violates.join(", ");
        out.say(&format!("violated: {properties}, at seed {}", record.seed));
        out.say(&repro(record));
    }
    if failed.len() > NAMED {
        out.say(&format!("and {} more runs in which a property is violated", failed.len() - NAMED));
    }
    let mut words = format!("{} runs, {} violated", records.len(), failed.len());
    if inconclusive > 0 {
        words.push_str(&format!(", {inconclusive} inconclusive"));
    }
    let exit = if failed.is_empty() { Exit::Fine } else { Exit::Failed };
    Closing { exit, words }
}

/// Prints what a sweep came to.
pub(crate) fn told(
    directory: &Path,
    results: &Results,
    closing: &Closing,
    json: bool,
    out: &mut Output,
) -> io::Result<()> {
    if json {
        for line in summary_json(results) {
            out.line(&line)?;
        }
        return out.flush();
    }
    let title = &results.manifest().title;
    let title = if title.is_empty() { &results.manifest().scenario } else { title };
    let text = format!("{}\n\n{}", visible(title), summary_text(results, out.columns()));
    out.paragraph(&text)?;
    let shown = directory.to_string_lossy();
    out.line(&format!("{}; all is in {}", closing.words, visible(&shown)))?;
    out.flush()
}

impl Refusal {
    /// Says why, and how the program ends for it.
    pub(crate) fn say(&self, out: &mut Output) -> Exit {
        match self {
            Refusal::Other(why) => {
                out.say(&format!("error: {why}"));
                Exit::Usage
            }
            Refusal::Missing(why) => {
                out.say(&format!("error: {why}"));
                Exit::Inconclusive
            }
            Refusal::Disk(path, error) => {
                let path = path.to_string_lossy();
                out.say(&format!("error: cannot write or read {}: {error}", visible(&path)));
                Exit::Internal
            }
        }
    }
}
