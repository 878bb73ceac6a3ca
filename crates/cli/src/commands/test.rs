//! `commitsim test`: every scenario as a test of what it expects.

use std::io;
use std::path::{Path, PathBuf};

use commitsim_report::{Heading, Verdict, visible};
use commitsim_scenario::Scenario;
use commitsim_sim::QueueKind;

use crate::changes::{Changes, Queue};
use crate::commands::replay::{self, Outcome};
use crate::exit::Exit;
use crate::faults;
use crate::input;
use crate::output::Output;
use crate::repro;
use crate::search::{self, Found};
use crate::translate::{self, Told};
use crate::trial::Trial;

/// Run every scenario as a test of what it expects
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A scenario passes if each protocol that it lists does what the scenario expects of it, and breaks \
no property but those that it expects to be broken. A replay file, *.replay.json, passes if what \
it breaks is broken again. A directory is searched for *.json, but not below a directory named \
schema or one whose name begins with a dot.

Examples:
  commitsim test
  commitsim test scenarios/2pc-accept.json
  commitsim test scenarios --filter accept --fail-fast
  commitsim test --list

Exit codes:
  0  every scenario passed
  1  at least one failed
  2  the command line is wrong, or there is no such file
  3  there was nothing to run")]
pub(crate) struct TestArgs {
    /// Scenario and replay files, and directories to search for them
    #[arg(value_name = "PATH", default_value = "scenarios")]
    paths: Vec<PathBuf>,

    /// Only scenarios whose path contains this text
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,

    /// Stop after the first scenario that fails
    #[arg(long)]
    fail_fast: bool,

    /// List the scenarios and run none
    #[arg(long, conflicts_with_all = ["json", "fail_fast"])]
    list: bool,

    /// Print the result of each run as one line of JSON
    #[arg(long)]
    json: bool,
}

/// How one scenario went: why it failed, and all about that for those who want to know.
#[derive(Debug, Default)]
struct Tested {
    reasons: Vec<String>,
    details: Vec<Detail>,
}

/// Something that failed: what there is to read, and the command that repeats it.
#[derive(Debug)]
struct Detail {
    text: String,
    repro: Option<String>,
}

/// Runs all scenarios, one after the other.
pub(crate) fn execute(args: &TestArgs, out: &mut Output) -> io::Result<Exit> {
    let Found { mut scenarios, mut replays, troubles } = search::scenarios(&args.paths);
    for trouble in &troubles {
        out.say(trouble);
    }
    if let Some(text) = &args.filter {
        for list in [&mut scenarios, &mut replays] {
            list.retain(|file| file.to_string_lossy().contains(text.as_str()));
        }
    }
    let wrong = if troubles.is_empty() { Exit::Fine } else { Exit::Usage };
    if args.list {
        for file in scenarios.iter().chain(&replays) {
            out.line(&visible(&file.to_string_lossy()))?;
        }
        let empty = scenarios.is_empty() && replays.is_empty();
        return Ok(wrong.max(if empty { Exit::Inconclusive } else { Exit::Fine }));
    }
    if scenarios.is_empty() && replays.is_empty() {
        out.say("error: there was no scenario to run");
        return Ok(wrong.max(Exit::Inconclusive));
    }
    Ok(wrong.max(run_all(&scenarios, &replays, args, out)?))
}

fn run_all(
    scenarios: &[PathBuf],
    replays: &[PathBuf],
    args: &TestArgs,
    out: &mut Output,
) -> io::Result<Exit> {
    let (mut passed, mut failed) = (0, 0);
    let mut details = Vec::new();
    let both =
        scenarios.iter().map(|file| (file, true)).chain(replays.iter().map(|file| (file, false)));
    for (file, is_scenario) in both {
        let tested =
            if is_scenario { one_scenario(file, args, out)? } else { one_replay(file, args, out)? };
        let name = file.to_string_lossy();
        if tested.reasons.is_empty() {
            passed += 1;
        } else {
            failed += 1;
        }
        if !args.json {
            out.line(&line(&name, &tested.reasons))?;
            out.flush()?;
        }
        details.extend(tested.details);
        if failed > 0 && args.fail_fast {
            break;
        }
    }
    for detail in &details {
        if !args.json {
            out.line("")?;
            out.line(detail.text.trim_end())?;
        }
        out.flush()?;
        if let Some(repro) = &detail.repro {
            out.say(repro);
        }
    }
    let summary = format!("{passed} passed, {failed} failed");
    if args.json {
        out.flush()?;
        out.say(&summary);
    } else {
        if !details.is_empty() {
            out.line("")?;
        }
        out.line(&summary)?;
    }
    Ok(if failed > 0 { Exit::Failed } else { Exit::Fine })
}

fn line(name: &str, reasons: &[String]) -> String {
    match reasons {
        [] => format!("ok      {}", visible(name)),
        [only] => format!("FAILED  {}: {only}", visible(name)),
        [first, more @ ..] => {
            format!("FAILED  {}: {first}; and {} more", visible(name), more.len())
        }
    }
}

fn one_scenario(file: &Path, args: &TestArgs, out: &mut Output) -> io::Result<Tested> {
    let changes = Changes::default();
    let mut tested = Tested::default();
    let (_, scenario) = match input::scenario(file, &changes.overrides()) {
        Ok(read) => read,
        Err(wrong) => {
            tested.reasons.push("it cannot be read as a scenario".to_string());
            tested.details.push(Detail { text: wrong.to_string(), repro: None });
            return Ok(tested);
        }
    };
    for choice in &scenario.protocols {
        let repro = || repro::run(&changes, Queue::default(), file, choice.id, scenario.seed);
        let record = match Trial::new(&scenario, choice, QueueKind::Lazy).run(None) {
            Ok(record) => record,
            Err(panicked) => {
                tested.reasons.push(format!("{}: the simulator panicked", choice.id));
                let text = panicked.to_string();
                tested.details.push(Detail { text, repro: Some(repro()) });
                continue;
            }
        };
        for warning in faults::warnings(choice.id, &scenario, &record.idle_faults) {
            out.say(&format!("{}: {warning}", visible(&file.to_string_lossy())));
        }
        let told = translate::told(file, &scenario, choice, &record);
        if args.json {
            out.line(&told.run.to_json())?;
        }
        if let Some(reason) = reason(&told) {
            tested.reasons.push(format!("{}: {reason}", choice.id));
            let text = text(file, &told, &scenario, out);
            tested.details.push(Detail { text, repro: Some(repro()) });
        }
    }
    Ok(tested)
}

fn one_replay(file: &Path, args: &TestArgs, out: &mut Output) -> io::Result<Tested> {
    let mut tested = Tested::default();
    let mut fails = |reason: String, text: String, repro: Option<String>| {
        tested.reasons.push(reason);
        tested.details.push(Detail { text, repro });
    };
    let replay = match input::replay(file) {
        Ok(replay) => replay,
        Err(wrong) => {
            fails("it cannot be read as a replay file".to_string(), wrong.to_string(), None);
            return Ok(tested);
        }
    };
    let repro = || Some(repro::replay(file));
    let replayed = match replay::again(replay, QueueKind::Lazy) {
        Ok(replayed) => replayed,
        Err(panicked) => {
            fails("the simulator panicked".to_string(), panicked.to_string(), repro());
            return Ok(tested);
        }
    };
    if args.json {
        out.line(&replayed.json(file))?;
    }
    let name = file.to_string_lossy();
    match replayed.outcome {
        Outcome::Reproduced => {}
        Outcome::OtherTrace => {
            out.say(&format!("note: {}: {}", visible(&name), replayed.outcome.words()));
        }
        Outcome::NotReproduced => {
            let reason = format!("{}: {}", replayed.outcome.words(), replayed.breach());
            fails(reason.clone(), format!("{}: {reason}", visible(&name)), repro());
        }
    }
    Ok(tested)
}

/// Why a run is not as it should be, in a few words; none where it is.
fn reason(told: &Told) -> Option<String> {
    let failed = told.run.expectations.iter().find(|expectation| !expectation.ok);
    let violated = told.run.violations.first();
    let words = match (told.verdict, failed, violated) {
        (Verdict::Ok, ..) => return None,
        (Verdict::Violated, _, Some(violation)) => {
            format!("{} is violated: {}", violation.property, violation.says)
        }
        (Verdict::ExpectationFailed, Some(failed), _) => {
            format!("{}: wanted {}, found {}", failed.what, failed.wanted, failed.found)
        }
        (verdict, ..) => verdict.word().to_string(),
    };
    Some(visible(&words).into_owned())
}

fn text(file: &Path, told: &Told, scenario: &Scenario, out: &Output) -> String {
    let title = scenario.title.as_deref().unwrap_or(&told.run.scenario);
    let heading = Heading { title, nodes: &scenario.names, columns: out.columns() };
    let text = commitsim_report::text_of(&told.run, &heading, out.paint());
    format!("{}: {text}", visible(&file.to_string_lossy()))
}
