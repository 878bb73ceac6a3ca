//! Results as text and as JSON, against kept copies: `INSTA_UPDATE=always cargo test` renews them.

use commitsim_report::{
    Expectation, Heading, Outcome, Paint, Part, Run, RunFormat, State, Totals, Transaction,
    Verdict, Violation, Vote, side_by_side, text_of,
};

fn committed() -> Run {
    Run {
        format: RunFormat::One,
        scenario: "2pc-accept.json".to_string(),
        protocol: "2pc".to_string(),
        options: [("termination".to_string(), "cooperative".to_string())].into(),
        seed: "7".to_string(),
        trace_hash: "00000000000000000123456789abcdef".to_string(),
        verdict: Verdict::Ok,
        ended_ns: 4_900_000,
        violations: Vec::new(),
        expectations: vec![expectation("decision", "commit", "commit")],
        transactions: vec![transaction(0, 0, Outcome::Commit)],
        data: None,
        totals: Totals { events: 25, messages: 8, delivered: 8, forced: 5, ..Totals::default() },
    }
}

fn expectation(what: &str, wanted: &str, found: &str) -> Expectation {
    let ok = wanted == found;
    Expectation { what: what.into(), wanted: wanted.into(), found: found.into(), ok }
}

fn transaction(id: u32, began_ns: u64, decision: Outcome) -> Transaction {
    let part = |node: &str, decided, in_doubt_ns| Part {
        node: node.to_string(),
        vote: Some(Vote::Yes),
        state: State::Commit,
        decided_ns: Some(began_ns + decided),
        in_doubt_ns,
        blocked_ns: 0,
    };
    Transaction {
        id,
        root: "n0".to_string(),
        began_ns,
        decision,
        client_ns: Some(began_ns + 2_900_000),
        decided_ns: Some(began_ns + 3_900_000 + u64::from(id) * 1_000),
        forgotten_ns: Some(began_ns + 5_100_000),
        messages: 8 + u64::from(id % 3),
        forced: 5,
        records: 6,
        nodes: vec![
            part("n0", 2_900_000, 0),
            part("n1", 3_900_000, 2_200_000),
            part("n2", 3_900_000, 2_200_000),
        ],
    }
}

/// A run in which about everything goes wrong, with a title from a stranger.
fn broken() -> Run {
    let mut run = committed();
    run.options.clear();
    run.verdict = Verdict::Violated;
    run.violations = vec![Violation {
        property: "AC1".to_string(),
        transaction: 0,
        at_ns: 5_123_456,
        nodes: vec!["bank".to_string(), "airline".to_string()],
        says: "airline decided abort, unlike bank, hotel, taxi, theatre and the \u{1b}[31mrest"
            .to_string(),
    }];
    run.expectations.push(expectation("messages", "12", "8"));
    let transaction = &mut run.transactions[0];
    transaction.decision = Outcome::Split;
    transaction.decided_ns = None;
    transaction.forgotten_ns = None;
    let part = &mut transaction.nodes[1];
    (part.state, part.vote, part.decided_ns) = (State::Unaware, None, None);
    let part = &mut transaction.nodes[2];
    (part.state, part.decided_ns, part.blocked_ns) = (State::InDoubt, None, 812_000_000);
    run.totals.lost = 3;
    run.totals.crashes = 1;
    run
}

fn text(title: &str, run: &Run, paint: Paint) -> String {
    let nodes = ["n0", "n1", "n2"].map(String::from);
    text_of(run, &Heading { title, nodes: &nodes, columns: 80 }, paint)
}

#[test]
fn one_transaction() {
    insta::assert_snapshot!(text("2PC commits where all say yes", &committed(), Paint::Plain));
}

/// On a narrow screen a table becomes a list, and nothing is lost.
#[test]
fn narrow() {
    let nodes = ["n0", "n1", "n2"].map(String::from);
    let heading = Heading { title: "2PC on a telephone", nodes: &nodes, columns: 40 };
    let narrow = text_of(&committed(), &heading, Paint::Plain);
    let mut rows = narrow.lines().filter(|line| line.starts_with("  "));
    assert!(rows.all(|line| line.chars().count() <= 40), "{narrow}");
    insta::assert_snapshot!(narrow);
}

#[test]
fn trouble() {
    let title = "A title\nthat tries\u{7} to ring the bell and is also quite a bit too long for \
                 one line of a terminal";
    insta::assert_snapshot!(text(title, &broken(), Paint::Plain));
}

#[test]
fn few_transactions() {
    let mut run = committed();
    run.verdict = Verdict::Inconclusive;
    run.expectations.clear();
    run.transactions =
        (0..3).map(|id| transaction(id, u64::from(id) * 5_100_000, Outcome::Commit)).collect();
    run.transactions[2].client_ns = None;
    insta::assert_snapshot!(text("Three", &run, Paint::Plain));
}

#[test]
fn many_transactions() {
    let mut run = committed();
    let outcome = |id| if id % 10 == 3 { Outcome::Abort } else { Outcome::Commit };
    run.transactions =
        (0..1_000).map(|id| transaction(id, u64::from(id) * 5_000_000, outcome(id))).collect();
    insta::assert_snapshot!(text("A thousand", &run, Paint::Plain));
    for transaction in &mut run.transactions {
        (transaction.client_ns, transaction.decided_ns) = (None, None);
    }
    assert!(text("Nobody decides", &run, Paint::Plain).contains("client           0    -"));
}

#[test]
fn json() {
    let lines = [committed().to_json(), broken().to_json()].join("\n");
    insta::assert_snapshot!(lines);
    assert!(lines.lines().count() == 2 && !lines.contains(": "));
    for (line, run) in lines.lines().zip([committed(), broken()]) {
        assert_eq!(serde_json::from_str::<Run>(line).unwrap(), run);
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    let plain = text("T", &broken(), Paint::Plain);
    let coloured = text("T", &broken(), Paint::Coloured);
    assert_eq!(coloured.matches("\u{1b}[1;31m").count(), 3);
    let mut stripped = coloured;
    for code in ["\u{1b}[1;31m", "\u{1b}[1;32m", "\u{1b}[0m"] {
        stripped = stripped.replace(code, "");
    }
    assert_eq!(stripped, plain);
    assert!(plain.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn protocols_side_by_side() {
    let mut other = broken();
    other.protocol = "2pc-decentralized".to_string();
    insta::assert_snapshot!(side_by_side(&[committed(), other.clone()], 90));
    let mut cooperative = committed();
    cooperative.transactions.push(transaction(1, 0, Outcome::Abort));
    let mut plain = cooperative.clone();
    plain.options.clear();
    insta::assert_snapshot!(side_by_side(&[plain, cooperative], 100));
    insta::assert_snapshot!(side_by_side(&[committed(), other], 40));
}
