//! Runs made by hand, judged.

mod protocols;

use commitsim_core::{Decision, NodeId, Span, Time, TxId};
use commitsim_scenario::{Expectations, Finding, Overrides, Verdict, read};
use commitsim_sim::{Ending, NodeRecord, Outcome, RunRecord, Stand, Totals, TransactionRecord};
use commitsim_spec::{Objection, Property, Violation};
use protocols::KNOWN;

fn expecting(json: &str) -> Expectations {
    let text =
        format!(r#"{{"format": "commitsim/1", "protocols": ["2pc", "3pc"], "expect": {json}}}"#);
    read("test.json", text.as_bytes(), &KNOWN, &Overrides::default())
        .unwrap_or_else(|problems| panic!("{problems}"))
        .expect
}

fn names() -> Vec<String> {
    ["n0", "n1", "n2"].map(str::to_string).to_vec()
}

fn node(number: u16, state: Stand, blocked: u64) -> NodeRecord {
    NodeRecord {
        node: NodeId(number),
        vote: None,
        state,
        decided: None,
        in_doubt: Span(blocked),
        blocked: Span(blocked),
    }
}

/// Began at 1 ms; the client had its answer after 4 ms, everybody knew after 6 ms.
fn transaction(id: u32) -> TransactionRecord {
    let committed = Stand::Decided(Decision::Commit);
    TransactionRecord {
        id: TxId(id),
        root: NodeId(0),
        began: Time(1_000_000),
        outcome: Outcome::Commit,
        client: Some(Time(5_000_000)),
        decided: Some(Time(7_000_000)),
        forgotten: None,
        messages: 12,
        forced: 7,
        records: 8,
        nodes: vec![node(0, committed, 0), node(1, Stand::InDoubt, 5)],
    }
}

fn run(transactions: Vec<TransactionRecord>, broken: &[Property]) -> RunRecord {
    let violation = |property: &Property| Violation {
        property: *property,
        tx: TxId(0),
        at: Time::ZERO,
        nodes: Vec::new(),
        objection: Objection::VotedAgain { by: NodeId(0) },
    };
    RunRecord {
        data: None,
        trace_hash: 0,
        ending: Ending::Settled,
        ended: Time::ZERO,
        violations: broken.iter().map(violation).collect(),
        transactions,
        totals: Totals::default(),
        idle_faults: Vec::new(),
    }
}

fn found(expect: &Expectations, record: &RunRecord) -> Vec<(String, String, String, bool)> {
    let tuple = |f: Finding| (f.what, f.wanted, f.found, f.ok);
    expect.judge("2pc", &names(), record).into_iter().map(tuple).collect()
}

fn row(what: &str, wanted: &str, found: &str, ok: bool) -> (String, String, String, bool) {
    (what.to_string(), wanted.to_string(), found.to_string(), ok)
}

#[test]
fn a_run_that_is_as_expected() {
    let expect = expecting(
        r#"{"2pc": {"decision": "commit", "messages": 12, "forced": 7, "decided_by": "6ms",
            "nodes": {"n0": "commit", "n1": "in-doubt", "n2": "unaware"}, "violates": [],
            "client_by": "4ms", "blocked": ["n1"]}}"#,
    );
    let record = run(vec![transaction(0), transaction(1)], &[]);
    let wanted = [
        row("decision", "commit", "commit", true),
        row("nodes.n0", "commit", "commit", true),
        row("nodes.n1", "in-doubt", "in-doubt", true),
        row("nodes.n2", "unaware", "unaware", true),
        row("violates", "none", "none", true),
        row("blocked", "n1", "n1", true),
        row("messages", "12", "12", true),
        row("forced", "7", "7", true),
        row("decided_by", "at most 6ms", "6ms (transaction 1)", true),
        row("client_by", "at most 4ms", "4ms (transaction 1)", true),
    ];
    assert_eq!(found(&expect, &record), wanted);
    let findings = expect.judge("2pc", &names(), &record);
    assert_eq!(expect.verdict("2pc", &findings, &record), Verdict::Ok);
    assert_eq!(Verdict::Ok.name(), "ok");
}

#[test]
fn every_transaction_has_to_be_as_expected() {
    let expect = expecting(
        r#"{"*": {"decision": "commit", "messages": 12, "forced": 7, "decided_by": "6ms",
            "nodes": {"n1": "in-doubt"}, "client_by": "3999us", "blocked": []}}"#,
    );
    let mut second = transaction(1);
    second.outcome = Outcome::Split;
    second.messages = 13;
    second.decided = None;
    second.nodes[1] = node(1, Stand::Down, 0);
    let record = run(vec![transaction(0), second, transaction(2)], &[]);
    let wanted = [
        row("decision", "commit", "split (transaction 1)", false),
        row("nodes.n1", "in-doubt", "down (transaction 1)", false),
        row("blocked", "none", "n1 (transaction 0)", false),
        row("messages", "12", "13 (transaction 1)", false),
        row("forced", "7", "7", true),
        row("decided_by", "at most 6ms", "never (transaction 1)", false),
        row("client_by", "at most 3999us", "4ms (transaction 2)", false),
    ];
    assert_eq!(found(&expect, &record), wanted);
    let nothing = run(Vec::new(), &[]);
    assert!(expect.judge("2pc", &names(), &nothing).iter().all(|finding| !finding.ok));
}

#[test]
fn own_keys_win_over_those_of_all() {
    let expect =
        expecting(r#"{"*": {"decision": "abort", "messages": 12}, "2pc": {"decision": "commit"}}"#);
    let record = run(vec![transaction(0)], &[]);
    let own = [row("decision", "commit", "commit", true), row("messages", "12", "12", true)];
    assert_eq!(found(&expect, &record), own);
    let other = expect.judge("3pc", &names(), &record);
    assert!(!other[0].ok && other[1].ok);
    assert_eq!(expect.verdict("3pc", &other, &record), Verdict::ExpectationFailed);
}

#[test]
fn verdicts_follow_from_violations_first() {
    let verdict = |json: &str, record: &RunRecord| {
        let expect = expecting(json);
        let findings = expect.judge("2pc", &names(), record);
        expect.verdict("2pc", &findings, record)
    };
    let clean = run(vec![transaction(0)], &[]);
    let broken = run(vec![transaction(0)], &[Property::Ac5, Property::Ac1, Property::Ac1]);
    assert_eq!(verdict("{}", &clean), Verdict::Ok);
    assert_eq!(verdict("{}", &broken), Verdict::Violated);
    assert_eq!(verdict(r#"{"2pc": {"violates": ["AC1", "AC5"]}}"#, &broken), Verdict::Ok);
    assert_eq!(verdict(r#"{"*": {"violates": ["AC1"]}}"#, &broken), Verdict::Violated);
    let missing = r#"{"*": {"violates": ["AC1", "AC5", "cost"]}}"#;
    assert_eq!(verdict(missing, &broken), Verdict::ExpectationFailed);
    assert_eq!(verdict(missing, &clean), Verdict::ExpectationFailed);
    assert_eq!(verdict(r#"{"*": {"decision": "abort"}}"#, &broken), Verdict::Violated);
    let unended = |record: &RunRecord| RunRecord { ending: Ending::Inconclusive, ..record.clone() };
    assert_eq!(verdict("{}", &unended(&clean)), Verdict::Inconclusive);
    assert_eq!(verdict("{}", &unended(&broken)), Verdict::Violated);
    let other = r#"{"*": {"decision": "abort"}}"#;
    assert_eq!(verdict(other, &unended(&clean)), Verdict::ExpectationFailed);
}

/// What a run broke is found once each, in the order of the properties.
#[test]
fn broken_properties_are_listed() {
    let expect = expecting(r#"{"*": {"violates": ["AC5", "AC1"]}}"#);
    let record = run(vec![transaction(0)], &[Property::Ac3, Property::Ac1, Property::Ac3]);
    assert_eq!(found(&expect, &record), [row("violates", "AC1, AC5", "AC1, AC3", false)]);
}
