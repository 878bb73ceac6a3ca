//! Whether a run did what its scenario expects of it.

use commitsim_core::{NodeId, NodeSet, Span, Time};
use commitsim_sim::{Ending, Outcome, RunRecord, Stand, TransactionRecord};
use commitsim_spec::Property;

use crate::expect::{ALL, Commits, Expectations, Expected, OUTCOMES, STANDS};
use crate::quantity::written;

/// An expectation and what was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// What was looked at: a key of the expectation, as in `decision` or `nodes.n1`.
    pub what: String,
    /// What it should be.
    pub wanted: String,
    /// What it was; of several transactions that of the first that failed.
    pub found: String,
    /// Whether that is the same.
    pub ok: bool,
}

/// What is to be said of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// All is as it should be.
    Ok,
    /// A property was broken that nobody expected to be.
    Violated,
    /// Nothing unexpected was broken, but an expectation does not hold.
    ExpectationFailed,
    /// Nothing was found, and the run ended too early to say that nothing would have been.
    Inconclusive,
}

impl Verdict {
    /// The name in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Ok => "ok",
            Verdict::Violated => "violated",
            Verdict::ExpectationFailed => "expectation-failed",
            Verdict::Inconclusive => "inconclusive",
        }
    }
}

impl Expectations {
    /// Compares a run with what is expected of its protocol: one finding for each key of the
    /// expectation, and one for each node under `nodes`. What is said of a transaction must hold
    /// in every one; a record that kept no transactions meets no such expectation.
    ///
    /// `blocked` are exactly the nodes that spent time in doubt after they had asked for the
    /// outcome, whether or not they learnt it in the end. The times count from the beginning of
    /// each transaction. A node that takes no part in a transaction is unaware of it.
    #[must_use]
    pub fn judge(&self, protocol: &str, names: &[String], record: &RunRecord) -> Vec<Finding> {
        let expected = self.of(protocol);
        let run = Run { names, record };
        let mut findings = Vec::new();
        if let Some(wanted) = expected.decision {
            let check = |tx: &TransactionRecord| (tx.outcome == wanted, outcome(tx.outcome));
            findings.push(run.each("decision", outcome(wanted), check));
        }
        for (node, wanted) in expected.nodes.into_iter().flatten() {
            let what = format!("nodes.{}", run.name(node));
            let check = |tx: &TransactionRecord| {
                let found = stand_of(tx, node);
                (found == wanted, stand(found))
            };
            findings.push(run.each(&what, stand(wanted), check));
        }
        if let Some(wanted) = expected.violates {
            let (wanted, found) = (list(&wanted), list(&broken(record)));
            let ok = wanted == found;
            findings.push(Finding { what: "violates".to_string(), wanted, found, ok });
        }
        if let Some(wanted) = expected.blocked {
            let check = |tx: &TransactionRecord| {
                let found = blocked(tx);
                (found == wanted, run.set(&found))
            };
            findings.push(run.each("blocked", run.set(&wanted), check));
        }
        if let Some(wanted) = expected.messages {
            let check = |tx: &TransactionRecord| (tx.messages == wanted, tx.messages.to_string());
            findings.push(run.each("messages", wanted.to_string(), check));
        }
        if let Some(wanted) = expected.forced {
            let check = |tx: &TransactionRecord| (tx.forced == wanted, tx.forced.to_string());
            findings.push(run.each("forced", wanted.to_string(), check));
        }
        if let Some(wanted) = expected.decided_by {
            findings.push(run.in_time("decided_by", wanted, |tx| tx.decided));
        }
        if let Some(wanted) = expected.client_by {
            findings.push(run.in_time("client_by", wanted, |tx| tx.client));
        }
        findings.extend(expected.commits.iter().flatten().map(|wanted| run.commits(wanted)));
        findings
    }

    /// What is to be said of a run, given what [`Expectations::judge`] found. A broken property
    /// that was expected is fine; one that was not is worse than any failed expectation; and a run
    /// is inconclusive only where neither was found.
    #[must_use]
    pub fn verdict(&self, protocol: &str, findings: &[Finding], record: &RunRecord) -> Verdict {
        let expected = self.of(protocol).violates.unwrap_or_default();
        if broken(record).iter().any(|property| !expected.contains(property)) {
            Verdict::Violated
        } else if findings.iter().any(|finding| !finding.ok) {
            Verdict::ExpectationFailed
        } else if record.ending == Ending::Inconclusive {
            Verdict::Inconclusive
        } else {
            Verdict::Ok
        }
    }

    /// What is expected of a protocol: its own keys, and those of `*` where it has none.
    fn of(&self, protocol: &str) -> Expected {
        let entry = |name: &str| {
            let found = self.entries.iter().find(|(id, _)| id == name);
            found.map(|(_, expected)| expected.clone()).unwrap_or_default()
        };
        let (own, all) = (entry(protocol), entry(ALL));
        Expected {
            decision: own.decision.or(all.decision),
            nodes: own.nodes.or(all.nodes),
            violates: own.violates.or(all.violates),
            blocked: own.blocked.or(all.blocked),
            messages: own.messages.or(all.messages),
            forced: own.forced.or(all.forced),
            decided_by: own.decided_by.or(all.decided_by),
            client_by: own.client_by.or(all.client_by),
            commits: own.commits.or(all.commits),
        }
    }
}

struct Run<'r> {
    names: &'r [String],
    record: &'r RunRecord,
}

impl Run<'_> {
    /// Looks at every transaction: whether it is as wanted, and how it is.
    fn each(
        &self,
        what: &str,
        wanted: String,
        check: impl Fn(&TransactionRecord) -> (bool, String),
    ) -> Finding {
        let failed = self.record.transactions.iter().find_map(|tx| {
            let (ok, found) = check(tx);
            (!ok).then(|| self.in_transaction(tx, found))
        });
        let found = match failed {
            Some(ref found) => found.clone(),
            None if self.record.transactions.is_empty() => "no transactions".to_string(),
            None => wanted.clone(),
        };
        let ok = failed.is_none() && !self.record.transactions.is_empty();
        Finding { what: what.to_string(), wanted, found, ok }
    }

    /// Looks for the transaction that took longest; one that never ended took longest of all.
    fn in_time(
        &self,
        what: &str,
        wanted: Span,
        end: fn(&TransactionRecord) -> Option<Time>,
    ) -> Finding {
        let taken = |tx: &TransactionRecord| end(tx).map_or(Span(u64::MAX), |end| end - tx.began);
        let slowest = self.record.transactions.iter().max_by_key(|tx| (taken(tx), tx.id));
        let found = match slowest {
            Some(tx) if end(tx).is_none() => self.in_transaction(tx, "never".to_string()),
            Some(tx) => self.in_transaction(tx, written(taken(tx))),
            None => "no transactions".to_string(),
        };
        let ok = slowest.is_some_and(|tx| end(tx).is_some() && taken(tx) <= wanted);
        Finding {
            what: what.to_string(),
            wanted: format!("at most {}", written(wanted)),
            found,
            ok,
        }
    }

    /// Counts the transactions whose clients were told of a commit in a while.
    fn commits(&self, wanted: &Commits) -> Finding {
        let Commits { from, to, least, most } = wanted;
        let within = |at: Time| {
            let since = at - Time::ZERO;
            *from <= since && to.is_none_or(|to| since < to)
        };
        let committed = |tx: &&TransactionRecord| {
            matches!(tx.outcome, Outcome::Commit | Outcome::Split) && tx.client.is_some_and(within)
        };
        let found = self.record.transactions.iter().filter(committed).count() as u64;
        let ok = least.is_none_or(|least| found >= least) && most.is_none_or(|most| found <= most);
        let until = to.map_or_else(|| "the end".to_string(), written);
        let bounds = match (least, most) {
            (Some(least), Some(most)) => format!("{least} to {most}"),
            (Some(least), None) => format!("at least {least}"),
            (None, most) => format!("at most {}", most.unwrap_or_default()),
        };
        let what = format!("commits from {} to {until}", written(*from));
        Finding { what, wanted: bounds, found: found.to_string(), ok }
    }

    fn in_transaction(&self, tx: &TransactionRecord, found: String) -> String {
        if self.record.transactions.len() == 1 {
            found
        } else {
            format!("{found} (transaction {})", tx.id.0)
        }
    }

    fn name(&self, node: NodeId) -> &str {
        self.names.get(usize::from(node.0)).map_or("?", String::as_str)
    }

    fn set(&self, nodes: &NodeSet) -> String {
        let names: Vec<&str> = nodes.iter().map(|node| self.name(node)).collect();
        if names.is_empty() { "none".to_string() } else { names.join(", ") }
    }
}

fn stand_of(tx: &TransactionRecord, node: NodeId) -> Stand {
    let record = tx.nodes.iter().find(|record| record.node == node);
    record.map_or(Stand::Unaware, |record| record.state)
}

fn blocked(tx: &TransactionRecord) -> NodeSet {
    tx.nodes.iter().filter(|node| node.blocked > Span::ZERO).map(|node| node.node).collect()
}

/// The properties that a run broke, in their order, each once.
fn broken(record: &RunRecord) -> Vec<Property> {
    let mut broken: Vec<Property> = record.violations.iter().map(|v| v.property).collect();
    broken.sort_unstable();
    broken.dedup();
    broken
}

fn list(properties: &[Property]) -> String {
    let names: Vec<&str> = properties.iter().map(|property| property.name()).collect();
    if names.is_empty() { "none".to_string() } else { names.join(", ") }
}

fn outcome(wanted: Outcome) -> String {
    named(&OUTCOMES, wanted)
}

fn stand(wanted: Stand) -> String {
    named(&STANDS, wanted)
}

fn named<T: PartialEq>(names: &[(&str, T)], wanted: T) -> String {
    let entry = names.iter().find(|(_, value)| *value == wanted);
    entry.map_or("?", |(name, _)| *name).to_string()
}
