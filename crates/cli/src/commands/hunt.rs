//! `commitsim hunt`: random faults that look for violations.

use std::collections::BTreeMap;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use commitsim_explore::Crew;
use commitsim_hunt::{Budget, Case, Family, Look, Shape, Shrunk, Swarm, Tally, kind_of, shrink};
use commitsim_rng::Seed;
use commitsim_scenario::{ProtocolChoice, Scenario};
use commitsim_sim::QueueKind;
use commitsim_spec::{Property, Violation};

use crate::changes::Changes;
use crate::crew::Threads;
use crate::exit::Exit;
use crate::finding;
use crate::hunted::{Finding, Summary};
use crate::input;
use crate::output::Output;
use crate::progress::Progress;
use crate::repro;
use crate::stop;
use crate::trial::{Panicked, Trial};

/// Let random faults look for violations, make what they find small, and keep it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Each seed draws its own storm: which families of faults, how many, when and how long. Then \
everything heals but what is gone for good, and everybody has time to decide. What breaks a \
property, or stays blocked although it could decide, is made small and kept as a replay file, \
which commitsim replay runs. The first seed is the scenario's; a storm in the scenario gives way \
to those of the hunt, its faults stay. The findings do not depend on the number of threads.

All families are drawn from, also those that the protocol does not promise to bear; a finding says \
what it takes that is outside of the promise. With --within-promise only promised ones are drawn, \
so that whatever is found is a bug.

Ctrl-C ends a hunt after its current runs; what was found is kept. A second Ctrl-C ends it at once.

Examples:
  commitsim hunt scenarios/2pc-accept.json --seeds 200
  commitsim hunt scenarios/2pc-accept.json --protocol 3pc --within-promise --jobs 2
  commitsim hunt scenarios/2pc-accept.json --family crash --family loss --json

Exit codes:
  0  nothing was found
  1  something was found
  2  the command line or the scenario is wrong
  3  nothing went wrong in any run, or the hunt was interrupted
  4  internal error, or a finding could not be written")]
pub(crate) struct HuntArgs {
    /// A scenario file; - reads standard input
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,

    #[command(flatten)]
    changes: Changes,

    /// How many seeds are tried for each protocol
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    seeds: u64,

    /// How many threads work [default: one for each processor]
    #[arg(long, short, value_name = "J", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,

    /// Where replay files go; what is there already is kept
    #[arg(long, value_name = "DIR", default_value = "findings")]
    out: PathBuf,

    /// Draw only from this family of faults; can be repeated
    #[arg(long = "family", value_name = "NAME", value_parser = family)]
    families: Vec<Family>,

    /// Draw only from families that the protocol promises to bear
    #[arg(long)]
    within_promise: bool,

    /// Print one line of JSON for each finding, and one for each protocol
    #[arg(long)]
    json: bool,
}

/// How many seeds are looked at before what they came to is put in order. Not the number of
/// threads: findings would depend on it.
const BLOCK: u64 = 256;

/// How many cases of one kind are made small. Different faults can break a property in the same
/// way, but after so many the rest is counted only.
const TRIES: u32 = 4;

/// A family of faults by its name.
fn family(name: &str) -> Result<Family, String> {
    let known = Family::ALL.into_iter().find(|(known, _)| *known == name);
    known.map(|(_, family)| family).ok_or_else(|| {
        let names: Vec<&str> = Family::ALL.into_iter().map(|(name, _)| name).collect();
        format!("there is no family of that name; there are {}", names.join(", "))
    })
}

/// Hunts through each protocol of the scenario.
pub(crate) fn execute(args: &HuntArgs, out: &mut Output) -> io::Result<Exit> {
    let scenario = match input::scenario(&args.scenario, &args.changes.overrides()) {
        Ok((_, scenario)) => scenario,
        Err(wrong) => {
            out.say(&wrong.to_string());
            return Ok(Exit::Usage);
        }
    };
    stop::listen();
    let mut gravest = Exit::Fine;
    for choice in &scenario.protocols {
        if stop::is_asked() {
            break;
        }
        let hunt = Hunt::new(args, &scenario, choice);
        match hunt {
            Ok(hunt) => gravest = gravest.max(hunt.through(out)?),
            Err(exit) => {
                out.flush()?;
                out.say(&format!("error: the simulator panicked in a calm run of {}", choice.id));
                gravest = gravest.max(exit);
            }
        }
    }
    Ok(gravest)
}

/// A hunt through one protocol.
struct Hunt<'a> {
    args: &'a HuntArgs,
    scenario: &'a Scenario,
    trial: Trial<'a>,
    swarm: Swarm,
    /// How many cases of each kind were made small.
    tries: BTreeMap<(Property, &'static str), u32>,
    /// What was found, and how often in cases that were made small.
    findings: Vec<(Shape, Finding)>,
    /// Seeds with which the simulator panicked.
    panics: Vec<Seed>,
    exit: Exit,
}

impl<'a> Hunt<'a> {
    fn new(
        args: &'a HuntArgs,
        scenario: &'a Scenario,
        choice: &'a ProtocolChoice,
    ) -> Result<Hunt<'a>, Exit> {
        let trial = Trial::new(scenario, choice, QueueKind::Lazy);
        let runnable = trial.runnable();
        let mut families = match args.families.is_empty() {
            true => Family::ALL.map(|(_, family)| family).to_vec(),
            false => args.families.clone(),
        };
        if args.within_promise {
            let promised = Family::promised(runnable.about().tolerates);
            families.retain(|family| promised.contains(family));
        }
        let options = trial.job().options.clone();
        let (setup, patience) = (&scenario.setup, scenario.patience);
        let swarm = panic::catch_unwind(AssertUnwindSafe(|| {
            Swarm::new(runnable, &options, setup, patience, families)
        }));
        let swarm = swarm.map_err(|_| Exit::Internal)?;
        let (tries, findings, panics) = (BTreeMap::new(), Vec::new(), Vec::new());
        Ok(Hunt { args, scenario, trial, swarm, tries, findings, panics, exit: Exit::Fine })
    }

    /// All seeds, block by block.
    fn through(mut self, out: &mut Output) -> io::Result<Exit> {
        let threads = Threads::new(self.args.jobs);
        let mut progress = Progress::new("seeds", self.args.seeds);
        let mut tally = Tally::default();
        let mut done = 0;
        while done < self.args.seeds && !stop::is_asked() {
            let block = BLOCK.min(self.args.seeds - done);
            for look in self.looks(done, block, threads) {
                match look {
                    Ok(look) => {
                        tally.add(&look.tally);
                        self.consider(&look, &progress, out)?;
                    }
                    Err(seed) => self.panics.push(seed),
                }
            }
            done += block;
            progress.at(done, |_| format!("{} found", self.findings.len()));
        }
        progress.end();
        let interrupted = done < self.args.seeds;
        self.sum_up(&tally, interrupted, out)
    }

    /// What comes of some seeds, in their order.
    fn looks(&self, first: u64, count: u64, threads: Threads) -> Vec<Result<Look, Seed>> {
        let results: Vec<Mutex<Option<Look>>> = (0..count).map(|_| Mutex::new(None)).collect();
        let seed = |n: usize| Seed(self.scenario.seed.0.wrapping_add(first + n as u64));
        let job = self.trial.job();
        threads.share(results.len(), &|n| {
            let look = panic::catch_unwind(AssertUnwindSafe(|| {
                let (patience, options) = (job.patience, job.options);
                Look::at(self.trial.runnable(), &self.swarm, patience, options, seed(n))
            }));
            *results[n].lock().unwrap_or_else(PoisonError::into_inner) = look.ok();
        });
        let result = |(n, result): (usize, Mutex<Option<Look>>)| {
            result.into_inner().unwrap_or_else(PoisonError::into_inner).ok_or(seed(n))
        };
        results.into_iter().enumerate().map(result).collect()
    }

    /// Makes what one seed broke small, and keeps it, unless enough of its kind is known.
    fn consider(&mut self, look: &Look, progress: &Progress, out: &mut Output) -> io::Result<()> {
        for violation in &look.violations {
            let kind = (violation.property, kind_of(&violation.objection));
            let tries = self.tries.entry(kind).or_default();
            if *tries >= TRIES || stop::is_asked() {
                continue;
            }
            *tries += 1;
            let Some((faults, shrunk)) = self.shrunk(look.seed, violation) else {
                self.panics.push(look.seed);
                continue;
            };
            let shape = Shape::of(&shrunk.case, &shrunk.found.violation);
            if let Some((_, known)) = self.findings.iter_mut().find(|(known, _)| *known == shape) {
                known.also += 1;
                continue;
            }
            match self.keep(look.seed, faults, &shrunk) {
                Ok(finding) => {
                    // What is announced is on disk by now.
                    let json = self.args.json;
                    progress.aside(|| {
                        finding.announce(json, self.findings.is_empty(), out)?;
                        out.flush()
                    })?;
                    self.findings.push((shape, finding));
                }
                Err(why) => {
                    self.exit = Exit::Internal;
                    progress
                        .aside(|| out.say(&format!("error: no replay file was written: {why}")));
                }
            }
        }
        Ok(())
    }

    /// The case of a seed, made small, and how many faults it had. None where the simulator
    /// panicked.
    fn shrunk(&self, seed: Seed, violation: &Violation) -> Option<(usize, Shrunk)> {
        let job = self.trial.job();
        let setup = self.swarm.draw(seed);
        let faults = setup.faults.len();
        let case = Case::new(setup, job.patience, job.options.clone(), seed);
        let shrunk = panic::catch_unwind(AssertUnwindSafe(|| {
            let mut go_on = |_: &Shrunk| !stop::is_asked();
            let runnable = self.trial.runnable();
            shrink(runnable, case, violation.property, Budget::default(), &mut go_on)
        }));
        Some((faults, shrunk.ok()??))
    }

    /// Writes a replay file.
    fn keep(&self, seed: Seed, faults: usize, shrunk: &Shrunk) -> Result<Finding, String> {
        let (about, scenario) = (self.trial.runnable().about(), self.scenario);
        let Shrunk { case, found, .. } = shrunk;
        let property = found.violation.property;
        let title = format!("{} of {}, found with seed {seed}", property.name(), about.id);
        let text = finding::text(&title, about, scenario, case, property)?;
        let name = property.name().to_lowercase();
        let stem = format!("{}-{name}-seed{seed}", about.id);
        let file = finding::keep(&self.args.out, &stem, &text)
            .map_err(|error| format!("{}: {error}", input::shown(&self.args.out)))?;
        Ok(Finding::new(about, scenario, seed, faults, shrunk, file))
    }

    fn sum_up(self, tally: &Tally, interrupted: bool, out: &mut Output) -> io::Result<Exit> {
        let vacuous = tally.is_vacuous();
        let choice = self.trial.choice;
        let findings: Vec<&Finding> = self.findings.iter().map(|(_, finding)| finding).collect();
        let summary = Summary::new(choice.id, tally, &findings, interrupted, self.panics.len());
        if self.args.json {
            out.line(&summary.json())?;
        } else {
            out.paragraph(&summary.text())?;
        }
        out.flush()?;
        if let Some(seed) = self.panics.first() {
            out.say(&format!("{Panicked}\n  = note: it panicked first with seed {seed}"));
            let (changes, file) = (&self.args.changes, &self.args.scenario);
            out.say(&repro::command("hunt", changes, file, choice.id, *seed));
        }
        let exit = match () {
            () if !self.panics.is_empty() => Exit::Internal,
            () if !self.findings.is_empty() || tally.violated > 0 => Exit::Failed,
            () if vacuous || interrupted => Exit::Inconclusive,
            () => Exit::Fine,
        };
        Ok(exit.max(self.exit))
    }
}
