//! From observations to the lines of a trace, and where these go.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use commitsim_core::{About, Decision, Meaning, NodeId, Status, TxId, Vote, Why, Word};
use commitsim_report::{Observed, TraceHeader};
use commitsim_scenario::{ProtocolChoice, Scenario};
use commitsim_sim::Watch;
use commitsim_spec::{Observation, What};

use crate::changes::Changes;
use crate::faults;
use crate::input;
use crate::translate;

/// How many bytes of lines are gathered before they are handed on.
const ENOUGH: usize = 1 << 15;

/// Where the trace of a run goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Destination {
    Nowhere,
    Output,
    File(PathBuf),
}

/// Where what is asked for as `target` goes for each of a scenario's protocols, in their order.
/// What there is more than one of, scenarios or protocols, stands in the name of the file.
pub(crate) fn destinations(
    target: Option<&Path>,
    file: &Path,
    several: bool,
    scenario: &Scenario,
) -> Vec<Destination> {
    let ids: Vec<&str> = scenario.protocols.iter().map(|choice| choice.id).collect();
    let destination = |n: usize| match target {
        None => Destination::Nowhere,
        Some(target) if input::is_standard(target) => Destination::Output,
        Some(target) => {
            let mut insertions = Vec::new();
            if several {
                insertions.push(stem(file));
            }
            if ids.len() > 1 {
                insertions.push(OsString::from(numbered(&ids, n)));
            }
            Destination::File(inserted(target, &insertions))
        }
    };
    (0..ids.len()).map(destination).collect()
}

/// What a scenario's traces are called after.
pub(crate) fn stem(file: &Path) -> OsString {
    if input::is_standard(file) {
        return OsString::from("stdin");
    }
    file.file_stem().unwrap_or(OsStr::new("scenario")).to_os_string()
}

/// The `n`-th id; a number tells it from the same id with other options before it.
fn numbered(ids: &[&str], n: usize) -> String {
    match ids[..n].iter().filter(|id| **id == ids[n]).count() {
        0 => ids[n].to_string(),
        before => format!("{}-{}", ids[n], before + 1),
    }
}

fn inserted(trace: &Path, insertions: &[OsString]) -> PathBuf {
    let mut name = trace.file_stem().unwrap_or_default().to_os_string();
    for insertion in insertions {
        name.push(".");
        name.push(insertion);
    }
    if let Some(extension) = trace.extension() {
        name.push(".");
        name.push(extension);
    }
    trace.with_file_name(name)
}

/// The first line of the trace of a run.
pub(crate) fn header(
    text: &[u8],
    changes: &Changes,
    choice: &ProtocolChoice,
    scenario: &Scenario,
) -> io::Result<String> {
    let about = commitsim_catalog::find(choice.id).map(|runnable| runnable.about());
    let options = about.map(|about| translate::options(choice, about)).unwrap_or_default();
    let header = TraceHeader {
        scenario: str::from_utf8(text).map_err(io::Error::other)?,
        set: &changes.settings(),
        protocol: choice.id,
        options: &options,
        seed: &scenario.seed.to_string(),
        version: env!("CARGO_PKG_VERSION"),
        nodes: &scenario.names,
    };
    Ok(header.to_json()?)
}

/// Writes what it sees. A watch cannot fail, so the first error is kept for the end; after it
/// nothing more is written.
pub(crate) struct TraceWriter<'a> {
    out: &'a mut dyn Write,
    lines: String,
    seq: u64,
    names: &'a [String],
    about: &'static About,
    actions: Vec<&'static str>,
    error: Option<io::Error>,
}

impl<'a> TraceWriter<'a> {
    pub(crate) fn new(
        out: &'a mut dyn Write,
        header: &str,
        scenario: &'a Scenario,
        about: &'static About,
    ) -> TraceWriter<'a> {
        let actions = scenario.setup.faults.iter().map(|fault| faults::verb(&fault.action));
        TraceWriter {
            out,
            lines: format!("{header}\n"),
            seq: 0,
            names: &scenario.names,
            about,
            actions: actions.collect(),
            error: None,
        }
    }

    /// Hands on what is left; says what went wrong on the way, if anything did.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.hand_on();
        self.error.map_or(Ok(()), Err)
    }

    fn hand_on(&mut self) {
        if self.error.is_none() {
            self.error = self.out.write_all(self.lines.as_bytes()).err();
        }
        self.lines.clear();
    }
}

impl Watch for TraceWriter<'_> {
    fn observe(&mut self, seen: &Observation) {
        let tx = seen.what.tx().map(|TxId(id)| id);
        let line = Observed::begin(
            &mut self.lines,
            self.seq,
            seen.at.0,
            name(self.names, seen.node),
            tx,
            seen.what.kind(),
        );
        fields(line, &seen.what, self.names, self.about, &self.actions).end();
        self.seq += 1;
        if self.lines.len() >= ENOUGH {
            self.hand_on();
        }
    }
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

/// A node that the scenario does not name helps others and holds no data.
fn name(names: &[String], node: NodeId) -> &str {
    names.get(usize::from(node.0)).map_or("helper", String::as_str)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn insertions_stand_before_the_extension() {
        let inserted = |trace: &str, parts: &[&str]| {
            let parts: Vec<OsString> = parts.iter().map(OsString::from).collect();
            inserted(Path::new(trace), &parts)
        };
        assert_eq!(inserted("out/t.jsonl", &[]), Path::new("out/t.jsonl"));
        assert_eq!(inserted("out/t.jsonl", &["a", "2pc"]), Path::new("out/t.a.2pc.jsonl"));
        assert_eq!(inserted("trace", &["2pc"]), Path::new("trace.2pc"));
    }

    #[test]
    fn the_same_protocol_twice_is_numbered() {
        let ids = ["2pc", "2pc-pra", "2pc"];
        assert_eq!([0, 1, 2].map(|n| numbered(&ids, n)), ["2pc", "2pc-pra", "2pc-2"]);
    }
}
