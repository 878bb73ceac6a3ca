//! Runs from scenario text, and what was seen of them as lines of text.
#![allow(dead_code, reason = "each test program uses a part of it")]

use commitsim_catalog::{Job, Options, abouts, find};
use commitsim_core::{About, Time, Why, Word};
use commitsim_rng::Seed;
use commitsim_scenario::{Overrides, Scenario, read};
use commitsim_sim::{Idle, Keep, Manner, QueueKind, RunRecord, Watch};
use commitsim_spec::{Observation, What};

/// A run, with all that was seen of it.
pub(crate) struct Run {
    pub(crate) record: RunRecord,
    pub(crate) seen: Vec<Observation>,
    about: &'static About,
}

/// Keeps every observation.
#[derive(Default)]
pub(crate) struct Keeper(pub(crate) Vec<Observation>);

impl Watch for Keeper {
    fn observe(&mut self, seen: &Observation) {
        self.0.push(*seen);
    }
}

pub(crate) const USUAL: Manner = Manner { queue: QueueKind::Lazy, keep: Keep::Transactions };

/// The scenario with these protocols (as JSON) and these further keys.
pub(crate) fn scenario(protocols: &str, keys: &str) -> Scenario {
    let comma = if keys.trim().is_empty() { "" } else { "," };
    let text = format!(r#"{{"format": "commitsim/1", "protocols": [{protocols}]{comma} {keys}}}"#);
    let overrides = Overrides::default();
    read("test", text.as_bytes(), &abouts(), &overrides).unwrap_or_else(|e| panic!("{e}"))
}

/// Makes one run of the scenario's protocol number `choice`.
pub(crate) fn simulate(
    scenario: &Scenario,
    choice: usize,
    seed: Seed,
    manner: Manner,
    watch: Option<&mut Keeper>,
) -> RunRecord {
    let choice = &scenario.protocols[choice];
    let runnable = find(choice.id).unwrap();
    let pairs = choice.options.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let options = Options::new(runnable.about(), pairs).unwrap();
    let job = Job {
        setup: &scenario.setup,
        patience: scenario.patience,
        options: &options,
        seed,
        manner,
    };
    runnable.simulate(&job, watch.map(|watch| watch as &mut dyn Watch))
}

/// Two-phase commit, presumed nothing, with these further keys of a scenario.
pub(crate) fn two_phase(keys: &str) -> Run {
    run_of("\"2pc\"", keys)
}

/// A run of one protocol (as JSON) with these further keys of a scenario.
pub(crate) fn run_of(protocol: &str, keys: &str) -> Run {
    let scenario = scenario(protocol, keys);
    let mut keeper = Keeper::default();
    let record = simulate(&scenario, 0, scenario.seed, USUAL, Some(&mut keeper));
    let about = find(scenario.protocols[0].id).unwrap().about();
    Run { record, seen: keeper.0, about }
}

impl Run {
    /// All lines: the time in microseconds, the node, what was seen.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen.iter().map(|seen| self.line(seen)).collect()
    }

    /// The lines that hold one of these texts, in their order.
    pub(crate) fn find(&self, texts: &[&str]) -> Vec<String> {
        let wanted = |line: &String| texts.iter().any(|text| line.contains(text));
        self.lines().into_iter().filter(wanted).collect()
    }

    /// How many lines hold this text.
    pub(crate) fn count(&self, text: &str) -> usize {
        self.find(&[text]).len()
    }

    /// When a line with this text was first seen, in microseconds.
    pub(crate) fn when(&self, text: &str) -> u64 {
        let lines = self.find(&[text]);
        let line = lines.first().unwrap_or_else(|| panic!("no {text} in\n{}", self.text()));
        line.split(' ').next().unwrap().parse().unwrap()
    }

    /// Everything, for messages.
    pub(crate) fn text(&self) -> String {
        self.lines().join("\n")
    }

    /// Why the fault with this number had no effect, if it had none.
    pub(crate) fn idle(&self, fault: usize) -> Option<Idle> {
        let idle = &self.record.idle_faults;
        idle.iter().find(|(number, _)| *number == fault).map(|(_, why)| *why)
    }

    fn line(&self, seen: &Observation) -> String {
        format!("{} n{} {}", micros(seen.at), seen.node.0, self.what(&seen.what))
    }

    fn what(&self, what: &What) -> String {
        let message = |word: Word| self.about.messages[usize::from(word.tag)];
        let record = |word: Word| self.about.records[usize::from(word.tag)];
        let timer = |timer: u8| self.about.timers[usize::from(timer)];
        let about = what.tx().map_or(String::new(), |tx| format!(" tx{}", tx.0));
        let says = match *what {
            What::Send { to, word, .. } => format!("send {} to n{}", message(word), to.0),
            What::Deliver { from, word, .. } => format!("get {} from n{}", message(word), from.0),
            What::Lose { from, word, .. } => format!("lose {} from n{}", message(word), from.0),
            What::Duplicate { from, word, .. } => {
                format!("copy {} from n{}", message(word), from.0)
            }
            What::Append { word, forced, lsn, .. } => {
                let how = if forced { "append" } else { "write" };
                format!("{how} {} at {}", record(word), lsn.0)
            }
            What::Force { upto } => format!("force upto {}", upto.0),
            What::Durable { word, lsn, .. } => format!("durable {} at {}", record(word), lsn.0),
            What::Vote { vote, .. } => format!("vote {vote:?}"),
            What::Enter { status, .. } => format!("enter {status:?}"),
            What::Decide { decision, why: Why::Protocol, .. } => format!("decide {decision:?}"),
            What::Decide { decision, .. } => format!("lost, so decide {decision:?}"),
            What::Arm { timer: t, span, .. } => format!("arm {} {}", timer(t), span.0 / 1000),
            What::Disarm { timer: t, .. } => format!("disarm {}", timer(t)),
            What::Fire { timer: t, .. } => format!("fire {}", timer(t)),
            What::Crash { kept, appended } => format!("crash kept {} of {}", kept.0, appended.0),
            What::Strike { fault } => format!("strike {fault}"),
            What::Ease { fault } => format!("ease {fault}"),
            _ => what.kind().to_owned(),
        };
        says + &about
    }
}

fn micros(time: Time) -> String {
    let (micros, rest) = (time.0 / 1000, time.0 % 1000);
    if rest == 0 { micros.to_string() } else { format!("{micros}.{rest:03}") }
}
