//! `commitsim verify`: the same run again, and on the other queue, must be the same run.

use std::convert::Infallible;
use std::io;
use std::path::{Path, PathBuf};

use commitsim_catalog::{Job, Runnable};
use commitsim_scenario::Scenario;
use commitsim_sim::{Manner, QueueKind, RunRecord, Watch};
use commitsim_spec::Observation;
use serde::Serialize;

use crate::changes::Changes;
use crate::compare::{Comparison, Parting, compare};
use crate::exit::Exit;
use crate::input;
use crate::output::Output;
use crate::repro;
use crate::trace::Lines;
use crate::trial::{Panicked, Trial, caught};

/// Run a scenario twice, and on both event queues, and compare what happens
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Everything that is observed and everything that is measured has to be the same. Where it is not, \
which is a bug in commitsim, the first difference is shown.

Examples:
  commitsim verify scenarios/2pc-accept.json
  commitsim verify scenarios/2pc-accept.json --protocol 2pc-prc --seed 7 --json

Exit codes:
  0  the runs are the same
  1  they differ
  2  the command line or the scenario is wrong")]
pub(crate) struct VerifyArgs {
    /// A scenario file; - reads standard input
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,

    #[command(flatten)]
    changes: Changes,

    /// Print one line of JSON for each protocol
    #[arg(long)]
    json: bool,
}

/// How many observations of a run are kept for the search for a difference.
const KEPT: usize = 1 << 20;

/// A run with what was seen of it.
struct Seen {
    record: RunRecord,
    first: Vec<Observation>,
    count: u64,
}

/// Keeps the first observations, and counts them all.
#[derive(Default)]
struct Keeper {
    first: Vec<Observation>,
    count: u64,
}

/// What comes of running something three times.
#[derive(Debug)]
struct Agreement {
    trace_hash: u128,
    count: u64,
    difference: Option<Difference>,
}

/// How a repetition differs from the first run.
#[derive(Debug)]
struct Difference {
    repetition: &'static str,
    trace_hash: u128,
    /// None where the difference lies behind what is kept, or in what is measured alone.
    parting: Option<Parting>,
}

/// The result as JSON.
#[derive(Debug, Serialize)]
struct Verified<'a> {
    format: &'static str,
    scenario: String,
    protocol: &'a str,
    seed: String,
    ok: bool,
    observations: u64,
    trace_hash: String,
    /// How many observations the runs share, where they part.
    shared: Option<u64>,
}

/// Verifies each protocol of the scenario.
pub(crate) fn execute(args: &VerifyArgs, out: &mut Output) -> io::Result<Exit> {
    let scenario = match input::scenario(&args.scenario, &args.changes.overrides()) {
        Ok((_, scenario)) => scenario,
        Err(wrong) => {
            out.say(&wrong.to_string());
            return Ok(Exit::Usage);
        }
    };
    let mut gravest = Exit::Fine;
    for choice in &scenario.protocols {
        let trial = Trial::new(&scenario, choice, QueueKind::Lazy);
        let exit = match agreement(trial.runnable(), &trial.job(), &scenario) {
            Ok(agreement) => print(args, &scenario, choice.id, &agreement, out)?,
            Err(panicked) => {
                out.flush()?;
                out.say(&panicked.to_string());
                Exit::Internal
            }
        };
        if exit != Exit::Fine {
            let (changes, file) = (&args.changes, Path::new(&args.scenario));
            out.flush()?;
            out.say(&repro::command("verify", changes, file, choice.id, scenario.seed));
        }
        gravest = gravest.max(exit);
    }
    Ok(gravest)
}

/// Makes a run, repeats it on either queue, and compares.
fn agreement(
    runnable: &dyn Runnable,
    job: &Job<'_>,
    scenario: &Scenario,
) -> Result<Agreement, Panicked> {
    let run = |queue| seen(runnable, &Job { manner: Manner { queue, ..job.manner }, ..*job });
    let first = run(QueueKind::Lazy)?;
    let (trace_hash, count) = (first.record.trace_hash, first.count);
    let repetitions =
        [("a second time", QueueKind::Lazy), ("on the other queue", QueueKind::Keyed)];
    for (repetition, queue) in repetitions {
        let again = run(queue)?;
        if (&again.record, again.count) != (&first.record, first.count) {
            let parting = parting(&first, &again, runnable, scenario);
            let difference =
                Difference { repetition, trace_hash: again.record.trace_hash, parting };
            return Ok(Agreement { trace_hash, count, difference: Some(difference) });
        }
    }
    Ok(Agreement { trace_hash, count, difference: None })
}

fn seen(runnable: &dyn Runnable, job: &Job<'_>) -> Result<Seen, Panicked> {
    let mut keeper = Keeper::default();
    let record = caught(runnable, job, Some(&mut keeper))?;
    Ok(Seen { record, first: keeper.first, count: keeper.count })
}

/// Where two runs part, as far as is kept of them.
fn parting(
    first: &Seen,
    again: &Seen,
    runnable: &dyn Runnable,
    scenario: &Scenario,
) -> Option<Parting> {
    let lines = || Lines::new(scenario, runnable.about());
    let (mut first, mut again) = (told(&first.first, lines()), told(&again.first, lines()));
    match compare(&scenario.names, &mut first, &mut again) {
        Ok(Comparison::Parted(parting)) => Some(parting),
        _ => None,
    }
}

/// The observations one by one, as traces tell them.
fn told<'a>(
    seen: &'a [Observation],
    mut lines: Lines,
) -> impl FnMut() -> Result<Option<commitsim_report::Observation>, Infallible> {
    let mut seen = seen.iter();
    move || Ok(seen.next().map(|one| lines.told(one)))
}

fn print(
    args: &VerifyArgs,
    scenario: &Scenario,
    protocol: &str,
    agreement: &Agreement,
    out: &mut Output,
) -> io::Result<Exit> {
    let Agreement { trace_hash, count, difference } = agreement;
    let parting = difference.as_ref().and_then(|difference| difference.parting.as_ref());
    if args.json {
        let verified = Verified {
            format: "commitsim-verify/1",
            scenario: input::file_name(&args.scenario),
            protocol,
            seed: scenario.seed.to_string(),
            ok: difference.is_none(),
            observations: *count,
            trace_hash: format!("{trace_hash:032x}"),
            shared: parting.map(|parting| parting.shared),
        };
        let line = serde_json::to_string(&verified);
        out.line(&line.expect("strings and numbers can always be written"))?;
    } else if difference.is_none() {
        out.line(&format!("ok {protocol}: {count} observations, three times the same"))?;
        out.line(&format!("trace {trace_hash:032x}"))?;
    }
    let Some(Difference { repetition, trace_hash: other, .. }) = difference else {
        return Ok(Exit::Fine);
    };
    if !args.json {
        out.line(&format!("DIFFERENT {protocol}: the run is another one {repetition}"))?;
        out.line(&format!("trace {trace_hash:032x} and then {other:032x}"))?;
        match parting {
            Some(parting) => {
                out.line(&format!("\nthe runs part after {} observations", parting.shared))?;
                out.line(parting.to_string().trim_end())?;
            }
            None => out.line(&format!("the first {KEPT} observations of both are the same"))?,
        }
    }
    Ok(Exit::Failed)
}

impl Watch for Keeper {
    fn observe(&mut self, seen: &Observation) {
        if self.first.len() < KEPT {
            self.first.push(*seen);
        }
        self.count += 1;
    }
}

#[cfg(test)]
mod tests {
    use commitsim_catalog::{Explored, Inquiry, Options};
    use commitsim_core::{About, Promise};
    use commitsim_explore::{Crew, Walk};
    use commitsim_rng::Seed;
    use commitsim_scenario::Overrides;

    use super::*;

    /// Draws its luck from the order of a hash set, which differs from set to set.
    struct Leaky;

    impl Runnable for Leaky {
        fn about(&self) -> &'static About {
            commitsim_catalog::all()[0].about()
        }

        fn promise(&self, options: &Options) -> Promise {
            commitsim_catalog::all()[0].promise(options)
        }

        #[expect(clippy::disallowed_types, reason = "this is the mistake that must be found")]
        fn simulate<'a>(
            &self,
            job: &Job<'a>,
            watch: Option<&'a mut (dyn Watch + 'a)>,
        ) -> RunRecord {
            let numbers: std::collections::HashSet<u64> = (0..10_000).collect();
            let seed = Seed(numbers.into_iter().next().unwrap());
            commitsim_catalog::all()[0].simulate(&Job { seed, ..*job }, watch)
        }

        fn explore(
            &self,
            inquiry: &Inquiry<'_>,
            crew: &dyn Crew,
            tell: &mut dyn FnMut(&Walk) -> bool,
        ) -> Explored {
            commitsim_catalog::all()[0].explore(inquiry, crew, tell)
        }
    }

    fn scenario() -> Scenario {
        let text = br#"{"format": "commitsim/1", "protocols": ["2pc"],
            "network": {"latency": {"uniform": ["1ms", "9ms"]}}}"#;
        let known = commitsim_catalog::abouts();
        commitsim_scenario::read("s", text, &known, &Overrides::default()).unwrap()
    }

    #[test]
    fn what_depends_on_the_seed_alone_is_the_same_again() {
        let scenario = scenario();
        let trial = Trial::new(&scenario, &scenario.protocols[0], QueueKind::Lazy);
        let agreement = agreement(trial.runnable(), &trial.job(), &scenario).unwrap();
        assert!(agreement.difference.is_none() && agreement.count > 20);
    }

    #[test]
    fn a_leak_of_hash_order_is_found() {
        let scenario = scenario();
        let trial = Trial::new(&scenario, &scenario.protocols[0], QueueKind::Lazy);
        let agreement = agreement(&Leaky, &trial.job(), &scenario).unwrap();
        let difference = agreement.difference.unwrap();
        assert_ne!(difference.trace_hash, agreement.trace_hash);
        let parting = difference.parting.unwrap();
        let text = parting.to_string();
        assert!(parting.shared > 0 && text.contains("\n- ") && text.contains("\n+ "), "{text}");
        let context = text.lines().filter(|line| line.starts_with("  ")).count();
        assert_eq!(context as u64, 1 + parting.shared.min(10), "{text}");
    }
}
