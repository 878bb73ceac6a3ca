//! What a hunt says: its findings, and what it adds up to.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

use commitsim_core::About;
use commitsim_hunt::{Shrunk, Tally};
use commitsim_rng::Seed;
use commitsim_scenario::Scenario;
use serde::Serialize;

use crate::finding;
use crate::output::Output;
use crate::repro;

/// Something that a hunt has found, on disk already.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Finding {
    format: &'static str,
    protocol: &'static str,
    property: &'static str,
    seed: String,
    says: String,
    /// How many faults the seed had drawn, and how many it takes.
    faults_drawn: usize,
    faults: usize,
    /// How many single messages, alarms, pieces of work and disks do otherwise than usual.
    exceptions: usize,
    nodes: u16,
    transactions: u32,
    outside_promise: Vec<&'static str>,
    replay: String,
    trace_hash: String,
    /// In how many other cases that were made small the same was found.
    #[serde(skip)]
    pub(crate) also: u32,
    #[serde(skip)]
    kinds: Vec<&'static str>,
    #[serde(skip)]
    file: PathBuf,
}

impl Finding {
    pub(crate) fn new(
        about: &'static About,
        scenario: &Scenario,
        seed: Seed,
        faults_drawn: usize,
        shrunk: &Shrunk,
        file: PathBuf,
    ) -> Finding {
        let Shrunk { case, found, .. } = shrunk;
        let setup = &case.setup;
        Finding {
            format: "commitsim-finding/1",
            protocol: about.id,
            property: found.violation.property.name(),
            seed: seed.to_string(),
            says: finding::says(about, scenario, case, &found.violation),
            faults_drawn,
            faults: setup.faults.len(),
            exceptions: case.exceptions(),
            nodes: setup.nodes,
            transactions: setup.workload.transactions,
            outside_promise: finding::outside(about, case),
            replay: file.to_string_lossy().into_owned(),
            trace_hash: format!("{:032x}", found.trace_hash),
            also: 0,
            kinds: setup.faults.iter().map(|fault| fault.action.word()).collect(),
            file,
        }
    }

    /// Says that it was found.
    pub(crate) fn announce(&self, json: bool, first: bool, out: &mut Output) -> io::Result<()> {
        if json {
            let line = serde_json::to_string(self);
            return out.line(&line.expect("strings and numbers can always be written"));
        }
        if first {
            out.paragraph("")?;
        }
        out.line(self.text().trim_end())
    }

    fn text(&self) -> String {
        let Finding { property, protocol, seed, says, .. } = self;
        let mut text = format!("{property} of {protocol} is violated with seed {seed}: {says}\n");
        let faults = match self.kinds.as_slice() {
            [] => "no fault".to_string(),
            kinds => format!("{} ({})", counted(kinds.len(), "fault"), kinds.join(", ")),
        };
        // Writing into a text cannot fail.
        let _ = writeln!(
            text,
            "  it takes {faults} of {}, {}{} and {}",
            self.faults_drawn,
            match self.exceptions {
                0 => String::new(),
                some => format!("{} from luck, ", counted(some, "exception")),
            },
            counted(usize::from(self.nodes), "node"),
            counted(self.transactions as usize, "transaction")
        );
        if !self.outside_promise.is_empty() {
            let outside = self.outside_promise.join(", ");
            let _ = writeln!(text, "  outside what {protocol} promises: {outside}");
        }
        let _ = writeln!(text, "  {}", repro::replay(&self.file));
        text
    }
}

/// What a hunt through one protocol adds up to.
#[derive(Debug, Serialize)]
pub(crate) struct Summary {
    format: &'static str,
    protocol: &'static str,
    verdict: &'static str,
    seeds: u64,
    findings: usize,
    violated: u64,
    inconclusive: u64,
    panicked: usize,
    interrupted: bool,
    struck: u64,
    commits: u64,
    aborts: u64,
    blocked: u64,
    crashes: u64,
    lost: u64,
    duplicated: u64,
    events: u64,
}

impl Summary {
    pub(crate) fn new(
        protocol: &'static str,
        tally: &Tally,
        findings: &[&Finding],
        interrupted: bool,
        panicked: usize,
    ) -> Summary {
        let verdict = match () {
            () if tally.violated > 0 || !findings.is_empty() => "found",
            () if tally.is_vacuous() => "vacuous",
            () => "nothing found",
        };
        Summary {
            format: "commitsim-hunt/1",
            protocol,
            verdict,
            seeds: tally.runs,
            findings: findings.len(),
            violated: tally.violated,
            inconclusive: tally.inconclusive,
            panicked,
            interrupted,
            struck: tally.struck,
            commits: tally.commits,
            aborts: tally.aborts,
            blocked: tally.blocked,
            crashes: tally.crashes,
            lost: tally.lost,
            duplicated: tally.duplicated,
            events: tally.events,
        }
    }

    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).expect("strings and numbers can always be written")
    }

    pub(crate) fn text(&self) -> String {
        let Summary { protocol, seeds, violated, .. } = self;
        let end = if self.interrupted { ", then interrupted" } else { "" };
        let mut text = format!("{protocol}: {}{end}: ", counted(*seeds as usize, "seed"));
        text.push_str(&match self.verdict {
            "found" => format!(
                "{violated} broke something, in {}",
                counted(self.findings, "different way")
            ),
            "vacuous" => "vacuous: no fault had any effect, so nothing is shown".to_string(),
            _ => "nothing was found".to_string(),
        });
        text.push('\n');
        let _ = writeln!(
            text,
            "  faults had an effect in {} runs: {} crashes, {} messages lost, {} doubled",
            self.struck, self.crashes, self.lost, self.duplicated
        );
        let _ = writeln!(
            text,
            "  {} transactions committed, {} aborted, {} were blocked for a while",
            self.commits, self.aborts, self.blocked
        );
        if self.inconclusive > 0 {
            let runs = counted(self.inconclusive as usize, "run");
            let _ = writeln!(text, "  {runs} ended while something was still going on");
        }
        text
    }
}

/// So many things, the word in its singular for one.
fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
