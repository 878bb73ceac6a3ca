//! `commitsim explore`: what it answers, what it refuses, and with which code it ends.

mod terminal;

use serde_json::{Value, json};

use terminal::{Done, Place};

fn explore(arguments: &[&str]) -> Done {
    Place::with(&[]).commitsim(&[&["explore", "--protocol"], arguments].concat())
}

#[test]
fn what_holds_ends_well_and_says_within_which_bounds() {
    let done = explore(&["2pc-pra", "--nodes", "2", "--crashes", "1", "--losses", "1"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let lines: Vec<&str> = done.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "2pc-pra with 2 nodes, 1 crash, 1 loss, 0 duplicates, 0 partitions, asynchronous"
    );
    assert!(lines[1].starts_with("  holds in all ") && lines[1].ends_with(" worlds"));
    assert_eq!(
        lines[2],
        "  each of them, once healed, comes to a decision in one fair order of events"
    );
    assert!(done.stderr.contains(" worlds/s; at most "), "{}", done.stderr);
    let done = explore(&["2pc-pra", "--nodes", "2", "--unreliable", "--safety-only"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let lines: Vec<&str> = done.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "2pc-pra with 2 nodes, 0 crashes, any losses, duplicates and partitions, asynchronous"
    );
    assert!(lines[1].starts_with("  holds in all worlds; "), "{}", lines[1]);
    assert!(lines[1].ends_with(" of them stand for the others"), "{}", lines[1]);
    assert_eq!(lines[2], "  no world was healed: whether all come to a decision was not asked");
    let done = explore(&["2pc-pra", "--nodes", "2", "--unreliable"]);
    let twice = "  each of these, once healed, comes to a decision, whether all that was sent \
                 arrives once more or nothing of it does";
    assert_eq!(done.stdout.lines().nth(2), Some(twice));
}

#[test]
fn every_bound_is_said() {
    let done = explore(&[
        "3pc",
        "--nodes",
        "2",
        "--alarms",
        "1",
        "--synchrony",
        "messages-first",
        "--read-only",
        "--property",
        "AC1",
        "--property",
        "AC3",
    ]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert_eq!(
        done.stdout.lines().next(),
        Some(
            "3pc with 2 nodes, 0 crashes, 0 losses, 0 duplicates, 0 partitions, at most 1 alarm, \
             messages-first, read-only votes, AC1 and AC3 only"
        )
    );
    let last = "  each was healed too; whether all come to a decision was not asked";
    assert_eq!(done.stdout.lines().nth(2), Some(last), "that it does is AC5");
}

#[test]
fn what_breaks_is_shown_by_a_shortest_way() {
    let done = explore(&["2pc-watchdog-naive", "--nodes", "2", "--property", "AC1"]);
    assert_eq!(done.code, 1, "{}", done.stderr);
    assert!(done.stdout.contains("\n  broken in "), "{}", done.stdout);
    assert!(done.stdout.contains("\n    1  the transaction begins\n"), "{}", done.stdout);
    assert!(done.stdout.contains("\n  AC1: "), "{}", done.stdout);
}

#[test]
fn a_search_that_is_given_up_says_so() {
    let arguments = ["2pc", "--nodes", "3", "--crashes", "1", "--memory"];
    let done = explore(&[&arguments[..], &["256KiB"]].concat());
    assert_eq!(done.code, 3, "{}", done.stderr);
    assert!(done.stdout.contains("\n  given up after "), "{}", done.stdout);
    assert!(done.stdout.contains(", depth "), "{}", done.stdout);
    let done = explore(&["2pc", "--nodes", "3", "--worlds", "100", "--json"]);
    assert_eq!((done.code, &done.json_lines()[0]["verdict"]), (3, &"unfinished".into()));
}

#[test]
fn what_is_not_understood_is_refused_with_a_hint() {
    let done = explore(&["2pc-par", "--nodes", "2"]);
    assert_eq!((done.code, done.stdout.as_str()), (2, ""));
    assert!(done.stderr.starts_with("error: there is no protocol `2pc-par`\n"), "{}", done.stderr);
    assert!(done.stderr.contains("  = help: did you mean `2pc-pra`?"), "{}", done.stderr);
    let done = explore(&["2pc", "--nodes", "2", "--property", "AC9"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("there is no property `AC9`"), "{}", done.stderr);
    assert!(done.stderr.contains("allowed: AC1, AC2"), "{}", done.stderr);
    let done = explore(&["2pc", "--nodes", "2", "--option", "termination=never"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("termination=none|cooperative"), "{}", done.stderr);
    for wrong in [
        &["--nodes", "9"][..],
        &["--nodes", "2", "--crashes", "300"],
        &["--nodes", "2", "--memory", "4GB"],
        &["--nodes", "2", "--memory", "GiB"],
        &["--nodes", "2", "--memory", "99999999999GiB"],
        &["--nodes", "2", "--unreliable", "--losses", "1"],
        &["--nodes", "2", "--unreliable", "--synchrony", "messages-first"],
        &["--nodes", "2", "--out", "there-is-no-such-directory/of.replay.json"],
        &["--nodes", "2", "--out", "/"],
        &[],
    ] {
        let done = explore(&[&["2pc"], wrong].concat());
        assert_eq!((done.code, done.stdout.as_str()), (2, ""), "{wrong:?}");
        assert!(done.stderr.starts_with("error: "), "{}", done.stderr);
    }
}

#[test]
fn the_answer_can_be_had_as_json() {
    let done = explore(&["3pc", "--nodes", "2", "--property", "AC1", "--json"]);
    assert_eq!(done.code, 1);
    let mut answer = done.json_lines().remove(0);
    let fields = answer.as_object_mut().unwrap();
    let steps = fields["way"].as_array().unwrap().len();
    assert_eq!((steps, &fields["violations"][0]["property"]), (10, &json!("AC1")));
    for number in ["worlds", "choices", "depth", "worlds_per_second", "waiting_worlds"] {
        assert!(fields[number].is_u64(), "{number}");
    }
    let bytes = |name: &str| fields[name].as_u64().unwrap();
    let parts = ["fingerprint_bytes", "waiting_bytes", "shared_bytes"];
    assert!(bytes("peak_bytes") <= parts.into_iter().map(bytes).sum());
    assert!(fields["seconds"].is_f64());
    let told: Vec<(&str, Value)> = vec![
        ("format", json!("commitsim-explore/1")),
        ("protocol", json!("3pc")),
        ("options", json!([])),
        ("nodes", json!(2)),
        ("crashes", json!(0)),
        ("losses", json!(0)),
        ("duplicates", json!(0)),
        ("partitions", json!(0)),
        ("unreliable", json!(false)),
        ("alarms", Value::Null),
        ("synchrony", json!("asynchronous")),
        ("read_only", json!(false)),
        ("properties", json!(["AC1"])),
        ("recovery", json!(true)),
    ];
    for (name, value) in told {
        assert_eq!(fields[name], value, "{name}");
    }
}
