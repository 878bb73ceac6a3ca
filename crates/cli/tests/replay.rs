//! Replay files: written by a search, run again, and tests of themselves.

mod terminal;

use std::fs;
use std::path::Path;

use terminal::Place;

/// A directory with what a small search finds.
fn place() -> Place {
    let place = Place::with(&[]);
    let search = ["explore", "--protocol", "3pc", "--nodes", "2", "--property", "AC1"];
    let done =
        place.commitsim(&[&search[..], &["--safety-only", "--out", "a.replay.json"]].concat());
    assert_eq!(done.code, 1, "{}", done.stderr);
    place
}

fn shipped(name: &str) -> String {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(top.join("scenarios/regressions").join(name)).unwrap()
}

#[test]
fn what_a_search_writes_is_reproduced_on_either_queue() {
    let place = place();
    for queue in ["lazy", "keyed"] {
        let done = place.commitsim(&["replay", "a.replay.json", "--queue", queue]);
        assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{}", done.stdout);
        assert!(
            done.stdout.starts_with("reproduced: a.replay.json (AC1 of 3pc"),
            "{}",
            done.stdout
        );
    }
    let done = place.commitsim(&["replay", "a.replay.json", "--json"]);
    let line = &done.json_lines()[0];
    assert_eq!(
        (&line["format"], &line["outcome"]),
        (&"commitsim-replayed/1".into(), &"reproduced".into())
    );
    assert_eq!(line["trace_hash"], line["wanted_trace_hash"]);
}

#[test]
fn another_trace_and_no_violation_are_told_apart() {
    let place = place();
    let text = place.read("a.replay.json");
    let (before, rest) = text.split_once("\"trace_hash\": \"").unwrap();
    let other = format!("{before}\"trace_hash\": \"{:032x}{}", 7, &rest[32..]);
    place.write("other.replay.json", &other);
    let done = place.commitsim(&["replay", "other.replay.json"]);
    assert_eq!(done.code, 0);
    assert!(done.stdout.starts_with("same violation, other trace: "), "{}", done.stdout);
    let done = place.commitsim(&["test", "other.replay.json"]);
    assert_eq!(
        (done.code, done.stdout.as_str()),
        (0, "ok      other.replay.json\n1 passed, 0 failed\n")
    );
    assert_eq!(done.stderr, "note: other.replay.json: same violation, other trace\n");
    place.write("gone.replay.json", &text.replace("\"AC1\"", "\"AC2\""));
    let done = place.commitsim(&["replay", "gone.replay.json", "a.replay.json"]);
    assert_eq!(done.code, 1);
    let lines: Vec<&str> = done.stdout.lines().collect();
    assert!(lines[0].starts_with("not reproduced: ") && lines[1].starts_with("reproduced: "));
    let done = place.commitsim(&["test", "gone.replay.json"]);
    assert_eq!((done.code, done.stderr.as_str()), (1, "commitsim replay gone.replay.json\n"));
    assert!(
        done.stdout.starts_with("FAILED  gone.replay.json: not reproduced: AC2"),
        "{}",
        done.stdout
    );
}

#[test]
fn a_directory_of_replays_is_tested() {
    let place = place();
    let done = place.commitsim(&["test", "."]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{}", done.stdout);
    assert!(done.stdout.ends_with("1 passed, 0 failed\n"), "{}", done.stdout);
    assert_eq!(place.commitsim(&["test", ".", "--list"]).stdout, "./a.replay.json\n");
    let done = place.commitsim(&["test", ".", "--json"]);
    assert_eq!(done.json_lines()[0]["outcome"], "reproduced");
}

#[test]
fn what_is_wrong_with_a_replay_file_is_said_with_its_place() {
    let place = place();
    let text = place.read("a.replay.json");
    for (from, to, says) in [
        ("commitsim-replay/1", "commitsim-replay/2", "not a format that this version reads"),
        ("\"transaction\": 0", "\"transaction\": 9", "9 is out of range"),
        ("\"trace_hash\": \"", "\"trace_hash\": \"x", "this is no trace hash"),
        ("\"AC1\"", "\"AC9\"", "\"AC9\" is not a property"),
        ("\"tool\"", "\"tools\"", "\"tools\" is not a key of a replay file"),
        ("\"luck\"", "\"lock\"", "\"lock\" is not a key of a scenario"),
        ("\"protocols\": [", "\"protocols\": [\"2pc\", ", "2 protocols are listed"),
    ] {
        assert!(text.contains(from), "{from}");
        place.write("bad.replay.json", &text.replacen(from, to, 1));
        let done = place.commitsim(&["replay", "bad.replay.json"]);
        assert_eq!((done.code, done.stdout.as_str()), (2, ""), "{to}");
        assert!(
            done.stderr.contains(says) && done.stderr.contains("--> bad.replay.json:"),
            "{}",
            done.stderr
        );
        assert_eq!(place.commitsim(&["test", "bad.replay.json"]).code, 1);
    }
    assert_eq!(place.commitsim(&["replay", "no-such.replay.json"]).code, 2);
}

#[test]
fn a_scenario_and_a_replay_file_are_told_apart() {
    let place = place();
    place.write("s.json", r#"{"format": "commitsim/1", "protocols": ["2pc"]}"#);
    for (command, file, what, hint) in [
        ("run", "a.replay.json", "a replay file", "commitsim replay runs it"),
        ("validate", "a.replay.json", "a replay file", "commitsim replay runs it"),
        ("replay", "s.json", "a scenario", "commitsim run runs it"),
        ("shrink", "s.json", "a scenario", "commitsim run runs it"),
    ] {
        let done = place.commitsim(&[command, file]);
        let said = done.stdout + &done.stderr;
        assert_eq!(done.code, 2, "{said}");
        assert!(said.contains(&format!("error: this is {what}\n")), "{said}");
        assert!(said.contains(hint) && said.contains("1 problem in "), "{said}");
    }
}

/// The inlined scenario is an ordinary one: it runs, and breaks the same.
#[test]
fn the_scenario_of_a_replay_runs_by_itself() {
    let place = place();
    let replay: serde_json::Value = serde_json::from_str(&place.read("a.replay.json")).unwrap();
    place.write("inlined.json", &replay["scenario"].to_string());
    let done = place.run(&["inlined.json", "--json"]);
    assert_eq!(done.code, 1);
    let run = &done.json_lines()[0];
    assert_eq!(run["trace_hash"], replay["expect"]["trace_hash"]);
    assert_eq!(run["violations"][0]["property"], "AC1");
}

/// Where messages may arrive any number of times, a way may need some of them twice and never get
/// others; what it finds once everything is healed needs the healing, too.
#[test]
fn what_a_search_of_an_unreliable_network_writes_is_reproduced() {
    for (protocol, crashes) in [("2pc-watchdog-naive", "0"), ("3pc", "0"), ("3pc-naive", "1")] {
        let place = Place::with(&[]);
        let search = ["explore", "--protocol", protocol, "--nodes", "2", "--unreliable"];
        let bounds = ["--crashes", crashes, "--property", "AC1", "--out", "a.replay.json"];
        let done = place.commitsim(&[&search[..], &bounds].concat());
        assert_eq!(done.code, 1, "{protocol}: {}", done.stderr);
        for queue in ["lazy", "keyed"] {
            let done = place.commitsim(&["replay", "a.replay.json", "--queue", queue]);
            assert_eq!(done.code, 0, "{protocol}: {}", done.stdout);
            let told = format!("reproduced: a.replay.json (AC1 of {protocol}");
            assert!(done.stdout.starts_with(&told), "{}", done.stdout);
        }
    }
}

#[test]
fn a_search_that_finds_nothing_writes_nothing() {
    let place = Place::with(&[]);
    let search = ["explore", "--protocol", "2pc-pra", "--nodes", "2", "--out", "a.replay.json"];
    assert_eq!(place.commitsim(&search).code, 0);
    assert!(place.names().is_empty());
}

/// Where it can be seen, it is said before the search; what was found is printed in any case.
#[test]
fn a_counterexample_that_cannot_be_written_is_still_told() {
    let place = Place::with(&[]);
    let search =
        |out| place.commitsim(&["explore", "--protocol", "3pc", "--nodes", "2", "--out", out]);
    let done = search("no/such.replay.json");
    assert_eq!((done.code, done.stdout.as_str()), (2, ""));
    assert!(done.stderr.contains("--out: there is no directory no"), "{}", done.stderr);
    if cfg!(target_os = "linux") {
        let done = search("/proc/of.replay.json");
        assert_eq!(done.code, 4);
        assert!(done.stdout.contains("broken in "), "{}", done.stdout);
        let told = "no replay file was written: /proc/of.replay.json";
        assert!(done.stderr.contains(told), "{}", done.stderr);
    }
}

#[test]
fn every_shipped_regression_is_reproduced() {
    let place = Place::with(&[]);
    for name in [
        "2pc-watchdog-naive-hunted.replay.json",
        "2pc-watchdog-naive-one-crash.replay.json",
        "3pc-asynchronous.replay.json",
        "3pc-naive-hunted.replay.json",
        "3pc-naive-one-crash.replay.json",
        "3pc-partition-hunted.replay.json",
        "3pc-partition.replay.json",
    ] {
        place.write(name, &shipped(name));
        let done = place.commitsim(&["replay", name]);
        assert!(done.code == 0 && done.stdout.starts_with("reproduced: "), "{}", done.stdout);
    }
}
