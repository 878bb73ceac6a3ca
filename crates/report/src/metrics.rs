//! What a result measures: the keys of `run --json`, with their units.

/// Something that a result says about a transaction, a node or a whole run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Metric {
    /// What it is measured of.
    pub of: Measured,
    /// Its key in the JSON of a result.
    pub key: &'static str,
    /// Its unit; empty where it is a word.
    pub unit: &'static str,
    /// What it says.
    pub says: &'static str,
}

/// What can be measured.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Measured {
    /// A transaction.
    Transaction,
    /// A voting node's part in a transaction.
    Node,
    /// A whole run.
    Run,
    /// The data of a whole run.
    Data,
}

impl Measured {
    /// Where results list what is measured of it.
    #[must_use]
    pub fn place(self) -> &'static str {
        match self {
            Measured::Transaction => "transactions",
            Measured::Node => "transactions.nodes",
            Measured::Run => "totals",
            Measured::Data => "data",
        }
    }
}

const TIME: &str = "ns since the run began";
const SPAN: &str = "ns";
const COUNT: &str = "count";

const fn transaction(key: &'static str, unit: &'static str, says: &'static str) -> Metric {
    Metric { of: Measured::Transaction, key, unit, says }
}

const fn node(key: &'static str, unit: &'static str, says: &'static str) -> Metric {
    Metric { of: Measured::Node, key, unit, says }
}

const fn run(key: &'static str, says: &'static str) -> Metric {
    Metric { of: Measured::Run, key, unit: COUNT, says }
}

const fn data(key: &'static str, unit: &'static str, says: &'static str) -> Metric {
    Metric { of: Measured::Data, key, unit, says }
}

const UNITS: &str = "units of what items hold";

/// All metrics, in the order of the JSON. A test holds them against what is written.
pub static METRICS: [Metric; 36] = [
    transaction("began_ns", TIME, "when it began"),
    transaction("decision", "", "what its nodes decided: commit, abort, none or split"),
    transaction("client_ns", TIME, "when the root had decided and could answer the client"),
    transaction("decided_ns", TIME, "when the last node decided"),
    transaction("forgotten_ns", TIME, "when no node had to remember it any more"),
    transaction("messages", COUNT, "sends between different nodes, resends included"),
    transaction("forced", COUNT, "log records that somebody waited for"),
    transaction("records", COUNT, "log records, the forced ones included"),
    node("vote", "", "its vote: yes, no or read-only"),
    node(
        "state",
        "",
        "where it stands at the end: commit, abort, in-doubt, working, unaware, read-only or down",
    ),
    node("decided_ns", TIME, "when it decided"),
    node("in_doubt_ns", SPAN, "from the moment its vote left to its decision, while it was up"),
    node("blocked_ns", SPAN, "the part of that after its first question for the outcome"),
    run("events", "arrivals, votes, completions, alarms, beginnings and faults"),
    run("messages", "sends between different nodes"),
    run("delivered", "arrivals at nodes that were up"),
    run("lost", "messages lost on the way or at a node that was down"),
    run("duplicated", "second copies of messages"),
    run("forced", "log records that somebody waited for"),
    run("crashes", "crashes"),
    data("committed", COUNT, "transactions of which the root decided commit"),
    data("aborted", COUNT, "transactions of which the root decided abort"),
    data("aborts", COUNT, "the same by what the first node that refused says"),
    data("committed_per_1000s", "per 1000 s", "throughput: commits up to the last answer"),
    data("response_ns", SPAN, "mean time from beginning to answer of a commit"),
    data("locks", COUNT, "locks granted"),
    data("lock_waits", COUNT, "requests for a lock that had to wait"),
    data("borrowed", COUNT, "locks granted on items of prepared transactions"),
    data("lock_hold_ns", SPAN, "how long locks were held, all together"),
    data("lock_wait_ns", SPAN, "how long was waited for locks, all together"),
    data("in_doubt_ns", SPAN, "how long nodes were in doubt, all together"),
    data("blocked_ns", SPAN, "how long nodes were blocked, all together"),
    data("work_lost_ns", SPAN, "local work for transactions that aborted"),
    data("opening", UNITS, "what all items were worth together at the beginning"),
    data("closing", UNITS, "what they were worth at the end, by what was committed"),
    data("damage", UNITS, "what was made, or is missing, because nodes did not agree"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Data, Outcome, Part, State, Totals, Transaction};

    fn keys(of: Measured) -> Vec<&'static str> {
        METRICS.iter().filter(|metric| metric.of == of).map(|metric| metric.key).collect()
    }

    /// Whatever the JSON of a result has is a metric, except for names and numbers of things.
    #[test]
    fn metrics_are_the_keys_of_the_json() {
        let part = Part {
            node: String::new(),
            vote: None,
            state: State::Working,
            decided_ns: None,
            in_doubt_ns: 0,
            blocked_ns: 0,
        };
        let transaction = Transaction {
            id: 0,
            root: String::new(),
            began_ns: 0,
            decision: Outcome::None,
            client_ns: None,
            decided_ns: None,
            forgotten_ns: None,
            messages: 0,
            forced: 0,
            records: 0,
            nodes: vec![part],
        };
        let written = |json: serde_json::Value, names: &[&str]| -> Vec<String> {
            let members = json.as_object().unwrap().keys().cloned();
            members.filter(|key| !names.contains(&key.as_str())).collect()
        };
        let sorted = |of| {
            let mut keys = keys(of);
            keys.sort_unstable();
            keys
        };
        let json = serde_json::to_value(&transaction).unwrap();
        assert_eq!(written(json["nodes"][0].clone(), &["node"]), sorted(Measured::Node));
        assert_eq!(written(json, &["id", "root", "nodes"]), sorted(Measured::Transaction));
        let json = serde_json::to_value(Totals::default()).unwrap();
        assert_eq!(written(json, &[]), sorted(Measured::Run));
        let json = serde_json::to_value(Data::default()).unwrap();
        assert_eq!(written(json, &[]), sorted(Measured::Data));
    }
}
