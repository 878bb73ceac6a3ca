//! `commitsim validate`: scenarios are read and checked, and nothing runs.

use std::io;
use std::path::PathBuf;

use commitsim_scenario::{Problem, Problems};
use serde::Serialize;

use crate::changes::Changes;
use crate::exit::Exit;
use crate::input::{self, Wrong};
use crate::output::Output;

/// Read and check scenarios without running them, and say all that is wrong
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  commitsim validate scenarios/2pc-accept.json
  commitsim validate --json scenarios/2pc-accept.json
  commitsim validate scenarios/2pc-accept.json --set /nodes=5

Exit codes:
  0  every scenario can be run
  2  at least one cannot")]
pub(crate) struct ValidateArgs {
    /// Scenario files; - reads standard input
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<PathBuf>,

    #[command(flatten)]
    changes: Changes,

    /// Print one line of JSON for each file
    #[arg(long)]
    json: bool,
}

/// What was found in a file, as JSON.
#[derive(Debug, Serialize)]
struct Checked<'a> {
    format: &'static str,
    scenario: &'a str,
    ok: bool,
    problems: Vec<Wrongness<'a>>,
    more: bool,
}

/// One thing that is wrong, as JSON. A file that cannot be read has no line.
#[derive(Debug, Serialize)]
struct Wrongness<'a> {
    file: &'a str,
    line: Option<u32>,
    column: Option<u32>,
    path: &'a str,
    found: &'a str,
    allowed: &'a str,
    hint: Option<&'a str>,
}

impl ValidateArgs {
    /// What of the arguments cannot be had together.
    pub(crate) fn contradiction(&self) -> Option<String> {
        input::read_twice(&self.scenarios)
    }
}

/// Checks every file; one that is wrong stops none of the others.
pub(crate) fn execute(args: &ValidateArgs, out: &mut Output) -> io::Result<Exit> {
    let overrides = args.changes.overrides();
    let mut exit = Exit::Fine;
    for file in &args.scenarios {
        let name = input::shown(file);
        let read = input::scenario(file, &overrides);
        if read.is_err() {
            exit = Exit::Usage;
        }
        match read {
            _ if args.json => out.line(&json(&name, read.err().as_ref()))?,
            Ok(_) => out.line(&format!("ok {name}"))?,
            Err(wrong) => {
                out.flush()?;
                out.say(&wrong.to_string());
            }
        }
    }
    Ok(exit)
}

fn json(scenario: &str, wrong: Option<&Wrong>) -> String {
    let unreadable = wrong.map(ToString::to_string);
    let (problems, more) = match wrong {
        None => (Vec::new(), false),
        Some(Wrong::Bad(problems)) => (listed(problems), problems.more()),
        Some(Wrong::Unreadable(_)) => {
            let found = unreadable.as_deref().unwrap_or_default();
            let nowhere = (None, None, "", "", None);
            let (line, column, path, allowed, hint) = nowhere;
            (vec![Wrongness { file: scenario, line, column, path, found, allowed, hint }], false)
        }
    };
    let format = "commitsim-validate/1";
    let checked = Checked { format, scenario, ok: wrong.is_none(), problems, more };
    serde_json::to_string(&checked).expect("strings, numbers and lists can always be written")
}

fn listed(problems: &Problems) -> Vec<Wrongness<'_>> {
    problems.list().iter().map(Wrongness::of).collect()
}

impl<'a> Wrongness<'a> {
    fn of(problem: &'a Problem) -> Wrongness<'a> {
        let Problem { file, line, column, path, found, allowed, hint, .. } = problem;
        let (line, column, hint) = (Some(*line), Some(*column), hint.as_deref());
        Wrongness { file, line, column, path, found, allowed, hint }
    }
}
