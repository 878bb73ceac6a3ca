//! The result of one run, as `run --json` prints it (format `commitsim-run/1`).
//!
//! The order of the fields is the order of the keys. Times are nanoseconds since the run began.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One run of one protocol.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Run {
    /// The name of this format.
    pub format: RunFormat,
    /// The scenario's file name, without its directory.
    pub scenario: String,
    /// The protocol's id.
    pub protocol: String,
    /// The options that differ from the protocol's defaults.
    pub options: BTreeMap<String, String>,
    /// The seed in decimal.
    pub seed: String,
    /// The hash of all observations, 32 hexadecimal digits.
    pub trace_hash: String,
    /// What is to be thought of it.
    pub verdict: Verdict,
    /// When it ended.
    pub ended_ns: u64,
    /// What the oracle objected to.
    pub violations: Vec<Violation>,
    /// What the scenario expected.
    pub expectations: Vec<Expectation>,
    /// Every transaction, by id.
    pub transactions: Vec<Transaction>,
    /// Counts over the whole run.
    pub totals: Totals,
    /// What is measured of the data; only where nodes have any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Data>,
}

impl Run {
    /// The run on one line, without a line break, compact.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings, numbers and lists can always be written")
    }
}

/// The name of the format of a [`Run`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum RunFormat {
    /// The only one so far.
    #[serde(rename = "commitsim-run/1")]
    One,
}

/// What is to be thought of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing to object to.
    Ok,
    /// A property was violated that the scenario does not expect to be.
    Violated,
    /// The scenario expected something else.
    ExpectationFailed,
    /// The run was stopped while it was still getting somewhere.
    Inconclusive,
}

/// A property that was violated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Violation {
    /// Which property.
    pub property: String,
    /// In which transaction.
    pub transaction: u32,
    /// When it was seen.
    pub at_ns: u64,
    /// The names of the nodes concerned.
    pub nodes: Vec<String>,
    /// What exactly is wrong, one sentence.
    pub says: String,
}

/// Something that the scenario expected.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Expectation {
    /// What.
    pub what: String,
    /// What was wanted.
    pub wanted: String,
    /// What was found.
    pub found: String,
    /// Whether that is what was wanted.
    pub ok: bool,
}

/// One transaction.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Transaction {
    /// Its number.
    pub id: u32,
    /// The name of the node where it began.
    pub root: String,
    /// When it began.
    pub began_ns: u64,
    /// What its nodes decided.
    pub decision: Outcome,
    /// When the root could answer the client.
    pub client_ns: Option<u64>,
    /// When the last node decided.
    pub decided_ns: Option<u64>,
    /// When the last node forgot it.
    pub forgotten_ns: Option<u64>,
    /// Sends between different nodes, resends included.
    pub messages: u64,
    /// Records forced.
    pub forced: u64,
    /// Records written.
    pub records: u64,
    /// Its voting nodes.
    pub nodes: Vec<Part>,
}

/// What the nodes of a transaction decided.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All that decided say commit.
    Commit,
    /// All that decided say abort.
    Abort,
    /// Nobody decided.
    None,
    /// They do not agree.
    Split,
}

/// One voting node's part in a transaction.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Part {
    /// The node's name.
    pub node: String,
    /// Its vote, if it voted.
    pub vote: Option<Vote>,
    /// Where it stands at the end.
    pub state: State,
    /// When it decided.
    pub decided_ns: Option<u64>,
    /// How long it was in doubt.
    pub in_doubt_ns: u64,
    /// How long of that it was blocked.
    pub blocked_ns: u64,
}

/// A node's vote.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Vote {
    /// It can commit.
    Yes,
    /// It cannot.
    No,
    /// It has nothing to commit.
    ReadOnly,
}

/// Where a node stands at the end of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It decided commit.
    Commit,
    /// It decided abort.
    Abort,
    /// It voted YES and does not know the outcome.
    InDoubt,
    /// It has not voted, or decides for everybody and has not yet.
    Working,
    /// It never heard of the transaction.
    Unaware,
    /// Its part ended with a read-only vote.
    ReadOnly,
    /// It is down and had not decided.
    Down,
}

/// Counts over a whole run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Events handled.
    pub events: u64,
    /// Sends between different nodes.
    pub messages: u64,
    /// Arrivals at nodes that were up.
    pub delivered: u64,
    /// Messages lost.
    pub lost: u64,
    /// Second copies.
    pub duplicated: u64,
    /// Records forced.
    pub forced: u64,
    /// Crashes.
    pub crashes: u64,
}

/// What is measured of the data over the whole run. A transaction counts when its root decides.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Data {
    /// Transactions committed.
    pub committed: u64,
    /// Transactions aborted.
    pub aborted: u64,
    /// Those of them by what the first node that refused says.
    pub aborts: BTreeMap<String, u64>,
    /// Throughput: commits in a thousand seconds, up to the last answer; rounded down.
    pub committed_per_1000s: u64,
    /// The mean time from beginning to answer of a committed transaction, rounded down.
    pub response_ns: u64,
    /// Locks granted.
    pub locks: u64,
    /// Requests for a lock that had to wait.
    pub lock_waits: u64,
    /// Locks granted on items of prepared transactions.
    pub borrowed: u64,
    /// How long locks were held, all together.
    pub lock_hold_ns: u64,
    /// How long was waited for locks, all together.
    pub lock_wait_ns: u64,
    /// How long nodes were in doubt, all together.
    pub in_doubt_ns: u64,
    /// How long nodes were blocked, all together.
    pub blocked_ns: u64,
    /// Local work that was done for transactions that aborted.
    pub work_lost_ns: u64,
    /// What all items were worth together when the run began.
    pub opening: i64,
    /// What they were worth when it ended, by what was committed.
    pub closing: i64,
    /// What was made (or, below zero, is missing) because nodes did not agree, at a quiet end.
    pub damage: i64,
}

impl Verdict {
    /// The word that results print.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Ok => "ok",
            Verdict::Violated => "violated",
            Verdict::ExpectationFailed => "expectation-failed",
            Verdict::Inconclusive => "inconclusive",
        }
    }
}

impl Outcome {
    /// The word that results print.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Commit => "commit",
            Outcome::Abort => "abort",
            Outcome::None => "none",
            Outcome::Split => "split",
        }
    }
}

impl Vote {
    /// The word that results print.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Vote::Yes => "yes",
            Vote::No => "no",
            Vote::ReadOnly => "read-only",
        }
    }
}

impl State {
    /// The word that results print.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            State::Commit => "commit",
            State::Abort => "abort",
            State::InDoubt => "in-doubt",
            State::Working => "working",
            State::Unaware => "unaware",
            State::ReadOnly => "read-only",
            State::Down => "down",
        }
    }
}
