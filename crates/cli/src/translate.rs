//! From the simulator's record of a run to the report's: the only place that knows both.

use std::collections::BTreeMap;
use std::path::Path;

use commitsim_core::{About, Decision, NodeId, Time, Vote};
use commitsim_report as report;
use commitsim_scenario::{Finding, ProtocolChoice, Scenario, Verdict};
use commitsim_sim::{
    Cause, DataRecord, NodeRecord, Outcome, RunRecord, Stand, Totals, TransactionRecord,
};
use commitsim_spec::Violation;

use crate::input;

/// A judged run, ready to be printed.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) run: report::Run,
    pub(crate) verdict: report::Verdict,
}

/// Judges a run and translates it.
pub(crate) fn told(
    file: &Path,
    scenario: &Scenario,
    choice: &ProtocolChoice,
    record: &RunRecord,
) -> Told {
    let findings = scenario.expect.judge(choice.id, &scenario.names, record);
    let verdict = verdict(scenario.expect.verdict(choice.id, &findings, record));
    let about = commitsim_catalog::find(choice.id).map(|runnable| runnable.about());
    let all = about.map_or_else(|| scenario.names.clone(), |about| names(scenario, about));
    let names = Names(&all);
    let run = report::Run {
        format: report::RunFormat::One,
        scenario: input::file_name(file),
        protocol: choice.id.to_string(),
        options: about.map(|about| options(choice, about)).unwrap_or_default(),
        seed: scenario.seed.to_string(),
        trace_hash: format!("{:032x}", record.trace_hash),
        verdict,
        ended_ns: record.ended.0,
        violations: record.violations.iter().map(|v| names.violation(v)).collect(),
        expectations: findings.into_iter().map(expectation).collect(),
        transactions: record.transactions.iter().map(|tx| names.transaction(tx)).collect(),
        totals: totals(&record.totals),
        data: record.data.as_ref().map(|data| data_of(data, &record.transactions)),
    };
    Told { run, verdict }
}

/// The names of all nodes that a run of this protocol may have, helpers last.
pub(crate) fn names(scenario: &Scenario, about: &About) -> Vec<String> {
    let helpers = about.helpers.iter().map(|name| (*name).to_string());
    scenario.names.iter().cloned().chain(helpers).collect()
}

/// The options that differ from the protocol's defaults.
pub(crate) fn options(choice: &ProtocolChoice, about: &About) -> BTreeMap<String, String> {
    let differs = |(name, value): &&(String, String)| {
        let choice = about.options.iter().find(|choice| choice.name == name);
        choice.and_then(|choice| choice.values.first()) != Some(&value.as_str())
    };
    choice.options.iter().filter(differs).cloned().collect()
}

fn verdict(verdict: Verdict) -> report::Verdict {
    match verdict {
        Verdict::Ok => report::Verdict::Ok,
        Verdict::Violated => report::Verdict::Violated,
        Verdict::ExpectationFailed => report::Verdict::ExpectationFailed,
        Verdict::Inconclusive => report::Verdict::Inconclusive,
    }
}

fn expectation(finding: Finding) -> report::Expectation {
    let Finding { what, wanted, found, ok } = finding;
    report::Expectation { what, wanted, found, ok }
}

fn totals(totals: &Totals) -> report::Totals {
    let Totals { events, messages, delivered, lost, duplicated, forced, crashes } = *totals;
    report::Totals { events, messages, delivered, lost, duplicated, forced, crashes }
}

/// Commits in a thousand seconds, up to the last answer.
pub(crate) fn throughput(data: &DataRecord) -> u64 {
    let Time(time) = data.last_answer;
    let rate = u128::from(data.committed) * 1_000_000_000_000 / u128::from(time.max(1));
    u64::try_from(rate).unwrap_or(u64::MAX)
}

fn data_of(data: &DataRecord, transactions: &[TransactionRecord]) -> report::Data {
    let parts = || transactions.iter().flat_map(|tx| &tx.nodes);
    let aborts = Cause::ALL.iter().map(|(name, cause)| (*name, data.aborts[*cause as usize]));
    let aborts = aborts.filter(|(_, count)| *count > 0);
    report::Data {
        committed: data.committed,
        aborted: data.aborted,
        aborts: aborts.map(|(name, count)| (name.to_string(), count)).collect(),
        committed_per_1000s: throughput(data),
        response_ns: data.response.0 / data.committed.max(1),
        locks: data.locks,
        lock_waits: data.waits,
        borrowed: data.borrowed,
        lock_hold_ns: data.lock_hold.0,
        lock_wait_ns: data.lock_wait.0,
        in_doubt_ns: parts().map(|part| part.in_doubt.0).sum(),
        blocked_ns: parts().map(|part| part.blocked.0).sum(),
        work_lost_ns: data.work_lost.0,
        opening: data.opening,
        closing: data.closing,
        damage: data.damage,
    }
}

/// The names of nodes, which the simulator does not know.
struct Names<'a>(&'a [String]);

impl Names<'_> {
    fn name(&self, node: NodeId) -> String {
        self.0.get(usize::from(node.0)).cloned().unwrap_or_else(|| "?".to_string())
    }

    fn violation(&self, violation: &Violation) -> report::Violation {
        report::Violation {
            property: violation.property.name().to_string(),
            transaction: violation.tx.0,
            at_ns: violation.at.0,
            nodes: violation.nodes.iter().map(|node| self.name(*node)).collect(),
            says: violation.says(&|node| self.name(node)),
        }
    }

    fn transaction(&self, tx: &TransactionRecord) -> report::Transaction {
        report::Transaction {
            id: tx.id.0,
            root: self.name(tx.root),
            began_ns: tx.began.0,
            decision: outcome(tx.outcome),
            client_ns: tx.client.map(nanoseconds),
            decided_ns: tx.decided.map(nanoseconds),
            forgotten_ns: tx.forgotten.map(nanoseconds),
            messages: tx.messages,
            forced: tx.forced,
            records: tx.records,
            nodes: tx.nodes.iter().map(|node| self.part(node)).collect(),
        }
    }

    fn part(&self, node: &NodeRecord) -> report::Part {
        report::Part {
            node: self.name(node.node),
            vote: node.vote.map(vote),
            state: state(node.state),
            decided_ns: node.decided.map(nanoseconds),
            in_doubt_ns: node.in_doubt.0,
            blocked_ns: node.blocked.0,
        }
    }
}

fn nanoseconds(time: Time) -> u64 {
    time.0
}

fn outcome(outcome: Outcome) -> report::Outcome {
    match outcome {
        Outcome::Commit => report::Outcome::Commit,
        Outcome::Abort => report::Outcome::Abort,
        Outcome::None => report::Outcome::None,
        Outcome::Split => report::Outcome::Split,
    }
}

fn vote(vote: Vote) -> report::Vote {
    match vote {
        Vote::Yes => report::Vote::Yes,
        Vote::No => report::Vote::No,
        Vote::ReadOnly => report::Vote::ReadOnly,
    }
}

fn state(stand: Stand) -> report::State {
    match stand {
        Stand::Decided(Decision::Commit) => report::State::Commit,
        Stand::Decided(Decision::Abort) => report::State::Abort,
        Stand::InDoubt => report::State::InDoubt,
        Stand::Working => report::State::Working,
        Stand::Unaware => report::State::Unaware,
        Stand::ReadOnly => report::State::ReadOnly,
        Stand::Down => report::State::Down,
    }
}
