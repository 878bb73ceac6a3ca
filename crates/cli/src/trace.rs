//! From observations to the lines of a trace.

use std::io;

use commitsim_core::{About, Decision, Meaning, NodeId, Status, TxId, Vote, Why, Word};
use commitsim_report::{Observed, TraceHeader};
use commitsim_scenario::{ProtocolChoice, Scenario};
use commitsim_spec::{Observation, What};

use crate::changes::Changes;
use crate::{translate, trial};

/// The first line of the trace of a run.
pub(crate) fn header(
    text: &[u8],
    changes: &Changes,
    choice: &ProtocolChoice,
    scenario: &Scenario,
) -> io::Result<String> {
    let about = commitsim_catalog::find(choice.id).map(|runnable| runnable.about());
    let options = about.map(|about| translate::options(choice, about)).unwrap_or_default();
    let mut names = about.map(|about| translate::names(scenario, about)).unwrap_or_default();
    names.truncate(scenario.names.len() + usize::from(trial::helpers(choice)));
    let header = TraceHeader {
        scenario: str::from_utf8(text).map_err(io::Error::other)?,
        set: &changes.settings(),
        protocol: choice.id,
        options: &options,
        seed: &scenario.seed.to_string(),
        version: env!("CARGO_PKG_VERSION"),
        nodes: &names,
    };
    Ok(header.to_json()?)
}

/// Turns observations into the lines of a trace.
#[derive(Debug)]
pub(crate) struct Lines {
    seq: u64,
    names: Vec<String>,
    about: &'static About,
    actions: Vec<&'static str>,
}

impl Lines {
    pub(crate) fn new(scenario: &Scenario, about: &'static About) -> Lines {
        let actions = scenario.setup.faults.iter().map(|fault| fault.action.word());
        let names = translate::names(scenario, about);
        Lines { seq: 0, names, about, actions: actions.collect() }
    }

    /// Appends the line of the next observation, with its line break.
    pub(crate) fn line(&mut self, seen: &Observation, text: &mut String) {
        let tx = seen.what.tx().map(|TxId(id)| id);
        let (node, kind) = (name(&self.names, seen.node), seen.what.kind());
        let line = Observed::begin(text, self.seq, seen.at.0, node, tx, kind);
        fields(line, &seen.what, &self.names, self.about, &self.actions).end();
        self.seq += 1;
    }

    /// The next observation as it would be read back from its line.
    pub(crate) fn told(&mut self, seen: &Observation) -> commitsim_report::Observation {
        let mut line = String::new();
        self.line(seen, &mut line);
        read_back(&line)
    }
}

/// An observation from a line that was written here.
pub(crate) fn read_back(line: &str) -> commitsim_report::Observation {
    commitsim_report::Observation::read(line).expect("what is written here can be read")
}

/// The fields of the observation's kind.
fn fields<'l>(
    line: Observed<'l>,
    what: &What,
    names: &[String],
    about: &About,
    actions: &[&'static str],
) -> Observed<'l> {
    let named = |node: NodeId| name(names, node);
    match *what {
        What::Begin { .. } | What::Work { .. } | What::Forget { .. } => line,
        What::Restart | What::Heal => line,
        What::Send { to, id, word, .. } => {
            message(line.number("id", id), word, about).text("to", named(to))
        }
        What::Deliver { from, id, word, .. } | What::Lose { from, id, word, .. } => {
            message(line.number("id", id), word, about).text("from", named(from))
        }
        What::Duplicate { from, id, copy, word, .. } => {
            let line = message(line.number("id", id), word, about).text("from", named(from));
            line.number("copy", copy)
        }
        What::Append { lsn, word, forced, .. } => {
            record(line.number("lsn", lsn.0), word, about).truth("forced", forced)
        }
        What::Durable { lsn, word, .. } => record(line.number("lsn", lsn.0), word, about),
        What::Force { upto } => line.number("upto", upto.0),
        What::Vote { vote, .. } => line.text("vote", voted(vote)),
        What::Enter { status, .. } => line.text("status", stands(status)),
        What::Decide { decision, why, .. } => {
            line.text("decision", decided(decision)).text("why", because(why))
        }
        What::Arm { timer, span, .. } => {
            line.text("timer", of_list(about.timers, timer)).number("span_ns", span.0)
        }
        What::Disarm { timer, .. } | What::Fire { timer, .. } => {
            line.text("timer", of_list(about.timers, timer))
        }
        What::Lock { item, exclusive, .. } => {
            let mode = if exclusive { "exclusive" } else { "shared" };
            line.number("item", u64::from(item)).text("mode", mode)
        }
        What::Wait { item, behind, .. } => {
            line.number("item", u64::from(item)).number("behind", u64::from(behind.0))
        }
        What::Borrow { item, lender, .. } => {
            line.number("item", u64::from(item)).number("lender", u64::from(lender.0))
        }
        What::Unlock { .. } => line,
        What::Change { item, before, after, .. } => {
            line.number("item", u64::from(item)).whole("before", before).whole("after", after)
        }
        What::Crash { kept, appended } => {
            line.number("kept", kept.0).number("appended", appended.0)
        }
        What::Strike { fault } | What::Ease { fault } => {
            // The plan goes on after the scenario's own faults with those of its storm.
            let action = usize::try_from(fault).ok().and_then(|fault| actions.get(fault));
            line.number("fault", u64::from(fault)).maybe("action", action.copied())
        }
    }
}

fn message<'l>(line: Observed<'l>, word: Word, about: &About) -> Observed<'l> {
    said(line.text("message", of_list(about.messages, word.tag)), word)
}

fn record<'l>(line: Observed<'l>, word: Word, about: &About) -> Observed<'l> {
    said(line.text("record", of_list(about.records, word.tag)), word)
}

fn said(line: Observed<'_>, word: Word) -> Observed<'_> {
    line.number("detail", u64::from(word.detail)).maybe("means", meaning(word.meaning))
}

fn of_list(names: &'static [&'static str], number: u8) -> &'static str {
    names.get(usize::from(number)).copied().unwrap_or("?")
}

fn name(names: &[String], node: NodeId) -> &str {
    names.get(usize::from(node.0)).map_or("?", String::as_str)
}

fn meaning(meaning: Meaning) -> Option<&'static str> {
    match meaning {
        Meaning::Request => Some("request"),
        Meaning::Vote(vote) => Some(voted(vote)),
        Meaning::Decision(decision) => Some(decided(decision)),
        Meaning::Question => Some("question"),
        Meaning::Members => Some("members"),
        Meaning::Other => None,
    }
}

fn voted(vote: Vote) -> &'static str {
    match vote {
        Vote::Yes => "yes",
        Vote::No => "no",
        Vote::ReadOnly => "read-only",
    }
}

fn decided(decision: Decision) -> &'static str {
    match decision {
        Decision::Commit => "commit",
        Decision::Abort => "abort",
    }
}

fn because(why: Why) -> &'static str {
    match why {
        Why::Protocol => "protocol",
        Why::LostInCrash => "lost-in-crash",
        Why::Operator => "operator",
    }
}

fn stands(status: Status) -> &'static str {
    match status {
        Status::Working => "working",
        Status::InDoubt => "in-doubt",
        Status::Decided(decision) => decided(decision),
        Status::Helping => "helping",
    }
}
