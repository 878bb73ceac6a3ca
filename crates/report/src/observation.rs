//! What a trace says (format `commitsim-trace/1`), read back from its lines.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Vote;

/// The longest line that is read: a header holds a whole scenario, an observation a few names.
pub const LONGEST_LINE: u64 = 4 << 20;

/// The first line of a trace: where the run came from.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TraceHead {
    /// The scenario's title, where it has one.
    pub title: Option<String>,
    /// The protocol's id.
    pub protocol: String,
    /// The options that differ from the protocol's defaults.
    pub options: BTreeMap<String, String>,
    /// The seed in decimal.
    pub seed: String,
    /// The version of commitsim that wrote it.
    pub version: String,
    /// The names of all nodes, in node order.
    pub nodes: Vec<String>,
    /// The faults of the scenario in a few words each, by number; empty where the command line
    /// changed them.
    pub faults: Vec<String>,
}

/// Any later line of a trace: one thing seen, at an instant, at a node.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Observation {
    /// Its place in the trace, from 0.
    pub seq: u64,
    /// When, in nanoseconds since the run began.
    pub t_ns: u64,
    /// Where. For what happens to the network as a whole, the first node.
    pub node: String,
    /// In which transaction, if it is about one.
    pub tx: Option<u32>,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What was seen. The kinds and their fields are those of the trace.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the fields are the keys of the format, said once at its writer")]
pub enum What {
    /// The node takes part in the transaction from here on.
    Begin,
    /// A message leaves.
    Send { id: u64, message: String, detail: u64, means: Option<Means>, to: String },
    /// A message arrives at a node that is up.
    Deliver { id: u64, message: String, detail: u64, means: Option<Means>, from: String },
    /// A message is lost on the way to this node.
    Lose { id: u64, message: String, detail: u64, means: Option<Means>, from: String },
    /// The network makes a second copy of a message to this node.
    Duplicate {
        id: u64,
        copy: u64,
        message: String,
        detail: u64,
        means: Option<Means>,
        from: String,
    },
    /// A record is appended to the log.
    Append { lsn: u64, record: String, detail: u64, means: Option<Means>, forced: bool },
    /// The log is being made durable.
    Force { upto: u64 },
    /// A record is durable.
    Durable { lsn: u64, record: String, detail: u64, means: Option<Means> },
    /// Local work begins.
    Work,
    /// Local work ends with a vote.
    Vote { vote: Vote },
    /// The machine stands somewhere else than before.
    Enter { status: Standing },
    /// The outcome is known here.
    Decide { decision: Decided, why: Because },
    /// The machine is gone.
    Forget,
    /// An alarm is set.
    Arm { timer: String, span_ns: u64 },
    /// An alarm that was set is stopped.
    Disarm { timer: String },
    /// An alarm goes off.
    Fire { timer: String },
    /// The node dies.
    Crash { kept: u64, appended: u64 },
    /// The node comes back.
    Restart,
    /// A fault other than a crash begins.
    Strike { fault: u64, action: Option<String> },
    /// A fault other than a crash ends.
    Ease { fault: u64, action: Option<String> },
    /// Everything is healed.
    Heal,
    /// An item is locked.
    Lock { item: u32, mode: LockMode },
    /// A request for a lock waits, first of all for that transaction.
    Wait { item: u32, behind: u32 },
    /// A lock was granted on an item of a prepared transaction.
    Borrow { item: u32, lender: u32 },
    /// All locks of the transaction at the node are gone.
    Unlock,
    /// An item has another value; undoing counts.
    Change { item: u32, before: i64, after: i64 },
}

/// How an item is locked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LockMode {
    /// For reading, together with others that read.
    Shared,
    /// For writing, alone.
    Exclusive,
}

impl LockMode {
    /// The word that results print.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            LockMode::Shared => "shared",
            LockMode::Exclusive => "exclusive",
        }
    }
}

/// What a message or a record commits its author to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Means {
    /// Asks for a vote.
    Request,
    /// The author can commit.
    Yes,
    /// The author cannot.
    No,
    /// The author has nothing to commit.
    ReadOnly,
    /// The outcome is commit.
    Commit,
    /// The outcome is abort.
    Abort,
    /// Asks for the outcome.
    Question,
    /// Names the participants.
    Members,
}

/// Where a machine stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It may still abort by itself, or decides for everybody.
    Working,
    /// It has voted YES and cannot decide by itself.
    InDoubt,
    /// It knows that the outcome is commit.
    Commit,
    /// It knows that the outcome is abort.
    Abort,
    /// It has no vote and helps others to decide.
    Helping,
}

/// An outcome.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decided {
    /// Everything is done.
    Commit,
    /// Nothing is done.
    Abort,
}

/// Who says what the outcome is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// The protocol.
    Protocol,
    /// A restart that found no record of the transaction.
    LostInCrash,
    /// An operator, by hand.
    Operator,
}

/// The header as it is written.
#[derive(Deserialize)]
struct Written {
    format: String,
    #[serde(default)]
    scenario: serde_json::Value,
    #[serde(default)]
    set: Vec<String>,
    protocol: String,
    #[serde(default)]
    options: BTreeMap<String, String>,
    seed: String,
    version: String,
    nodes: Vec<String>,
}

impl TraceHead {
    /// Reads the first line of a trace.
    ///
    /// # Errors
    ///
    /// A sentence that says why it is none.
    pub fn read(line: &str) -> Result<TraceHead, String> {
        let no_header = "a trace begins with a line that names its format";
        let written: Written = serde_json::from_str(line)
            .map_err(|error| format!("{}; {no_header}", without_place(&error)))?;
        let Written { format, scenario, set, protocol, options, seed, version, nodes } = written;
        if format != "commitsim-trace/1" {
            return Err(format!("the format is {format:?}; this version reads commitsim-trace/1"));
        }
        let changed = set.iter().any(|setting| setting.starts_with("/faults"));
        let faults = scenario.get("faults").filter(|_| !changed).map(fault_words);
        let faults = faults.unwrap_or_default();
        let title = scenario.get("title").and_then(|title| title.as_str()).map(String::from);
        // Of what was changed on the command line only the title is shown.
        let set = set.iter().rev().find_map(|setting| setting.strip_prefix("/title="));
        let title = set.and_then(|json| serde_json::from_str(json).ok()).or(title);
        Ok(TraceHead { title, protocol, options, seed, version, nodes, faults })
    }

    /// A fault in words: as the scenario has it, or by what the trace says of it.
    #[must_use]
    pub fn fault(&self, number: u64, action: Option<&str>) -> String {
        let known = usize::try_from(number).ok().and_then(|number| self.faults.get(number));
        match (known, action) {
            (Some(words), Some(action)) if words.starts_with(&spaced(action)) => words.clone(),
            (_, Some(action)) => spaced(action),
            // The scenario does not list the faults of its storm.
            (_, None) => "storm".to_string(),
        }
    }
}

impl Observation {
    /// Reads any later line of a trace.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong with it.
    pub fn read(line: &str) -> Result<Observation, String> {
        serde_json::from_str(line).map_err(|error| without_place(&error))
    }
}

/// Each fault of a scenario in a few words, as in "partition n0 n1 | n2".
fn fault_words(faults: &serde_json::Value) -> Vec<String> {
    const WHEN: [&str; 5] = ["at", "amid", "when", "after", "nth"];
    const WHO: [&str; 6] = ["node", "nodes", "between", "from", "to", "message"];
    let words = |fault: &serde_json::Value| {
        let actions = fault.as_object().into_iter().flatten();
        let Some((action, how)) =
            actions.into_iter().find(|(key, _)| !WHEN.contains(&key.as_str()))
        else {
            return String::new();
        };
        let names = |value: &serde_json::Value| match value {
            serde_json::Value::Array(names) => {
                names.iter().filter_map(|name| name.as_str()).collect::<Vec<_>>().join(" ")
            }
            name => name.as_str().unwrap_or_default().to_string(),
        };
        let mut parts = vec![spaced(action)];
        if let Some(groups) = how.get("groups").and_then(|groups| groups.as_array()) {
            parts.push(groups.iter().map(names).collect::<Vec<_>>().join(" | "));
        }
        parts.extend(WHO.iter().filter_map(|key| how.get(key)).map(names));
        parts.retain(|part| !part.is_empty());
        parts.join(" ")
    };
    faults.as_array().into_iter().flatten().map(words).collect()
}

/// A key of the format as words.
fn spaced(key: &str) -> String {
    key.replace('_', " ")
}

/// What is wrong, without the line and the column, which would be those within the line.
fn without_place(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "the line is cut short".to_string();
    }
    let text = error.to_string();
    let end = text.rfind(" at line ").unwrap_or(text.len());
    text[..end].to_string()
}

impl Decided {
    /// The word that results print.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Decided::Commit => "commit",
            Decided::Abort => "abort",
        }
    }
}

impl Standing {
    /// The words that people use.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Standing::Working => "working",
            Standing::InDoubt => "in doubt",
            Standing::Commit => "committed",
            Standing::Abort => "aborted",
            Standing::Helping => "helping",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let line = r#"{"seq":3,"t_ns":18446744073709551615,"node":"n0","tx":0,"kind":"send","id":1,
            "message":"Prepare","detail":0,"means":"request","to":"n1"}"#;
        let seen = Observation::read(line).unwrap();
        assert_eq!((seen.seq, seen.t_ns, seen.tx), (3, u64::MAX, Some(0)));
        let (message, to) = ("Prepare".to_string(), "n1".to_string());
        let means = Some(Means::Request);
        assert_eq!(seen.what, What::Send { id: 1, message, detail: 0, means, to });
        let heal = r#"{"seq":4,"t_ns":0,"node":"n0","tx":null,"kind":"heal"}"#;
        assert_eq!(Observation::read(heal).unwrap().what, What::Heal);
    }

    #[test]
    fn damaged_lines_are_refused_with_a_reason() {
        let cases = [
            ("", "the line is cut short"),
            (r#"{"seq":1,"t_n"#, "the line is cut short"),
            ("{}", "missing field `seq`"),
            (r#"{"seq":1,"t_ns":1,"node":"n","tx":0}"#, "missing field `kind`"),
            (r#"{"seq":1,"t_ns":1,"node":"n","tx":0,"kind":"jump"}"#, "unknown variant `jump`"),
            (r#"{"seq":1,"t_ns":1,"node":"n","tx":0,"kind":"fire"}"#, "missing field `timer`"),
            (r#"{"seq":-1,"t_ns":1,"node":"n","tx":0,"kind":"heal"}"#, "invalid value"),
        ];
        for (line, wanted) in cases {
            let says = Observation::read(line).unwrap_err();
            assert!(says.starts_with(wanted) && !says.contains("column"), "{line}: {says}");
        }
        let header = r#"{"format":"commitsim-trace/1","scenario":{"title":"A"},"protocol":"2pc",
            "seed":"7","version":"0","nodes":["a"]"#;
        let title = |more: &str| TraceHead::read(&format!("{header}{more}}}")).unwrap().title;
        assert_eq!(title("").as_deref(), Some("A"));
        assert_eq!(title(r#","set":["/title=\"B\"","/nodes=1"]"#).as_deref(), Some("B"));
        let other = r#"{"format":"x","protocol":"","seed":"","version":"","nodes":[]}"#;
        assert!(TraceHead::read(other).unwrap_err().contains("commitsim-trace/1"));
    }
}
