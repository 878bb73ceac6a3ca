//! `commitsim run` as a process: what it prints where, and how it ends.

mod terminal;

use serde_json::Value;

use terminal::Place;

const COMMIT: &str = r#"{"format": "commitsim/1", "title": "All say yes", "protocols": ["2pc"],
    "expect": {"*": {"decision": "commit", "messages": 8, "forced": 5}}}"#;
const FAILING: &str = r#"{"format": "commitsim/1", "protocols": ["2pc", "2pc-pra"],
    "expect": {"2pc": {"decision": "abort"}}}"#;

#[test]
fn a_good_run_prints_its_result_and_nothing_else() {
    let place = Place::with(&[("commit.json", COMMIT)]);
    let done = place.run(&["commit.json"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    assert!(done.stdout.starts_with("All say yes\nprotocol 2pc, nodes n0 n1 n2, seed 0\n"));
    assert!(done.stdout.contains("  ok      decision: commit\n"), "{}", done.stdout);
    assert!(done.stdout.contains("\nverdict ok\ntrace "), "{}", done.stdout);
    assert!(done.stdout.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn json_is_one_line_a_run() {
    let place = Place::with(&[("failing.json", FAILING)]);
    let done = place.run(&["failing.json", "--json", "--seed", "18446744073709551615"]);
    assert_eq!(done.code, 1);
    let runs = done.json_lines();
    let ids: Vec<&Value> = runs.iter().map(|run| &run["protocol"]).collect();
    assert_eq!(ids, ["2pc", "2pc-pra"]);
    for run in &runs {
        assert_eq!(run["format"], "commitsim-run/1");
        assert_eq!(run["scenario"], "failing.json");
        assert_eq!(run["seed"], "18446744073709551615");
        assert_eq!(run["trace_hash"].as_str().unwrap().len(), 32);
        assert_eq!(run["transactions"][0]["decision"], "commit");
    }
    assert_eq!(runs[0]["verdict"], "expectation-failed");
    assert_eq!(runs[1]["verdict"], "ok");
}

/// The pending-transactions table at an instant, from a run and from its trace; with data, the
/// result says what became of it, and results without data say nothing of it.
#[test]
fn what_is_pending_is_shown() {
    let banks = r#"{"format": "commitsim/1", "protocols": ["2pc"], "nodes": ["bank", "savings"],
        "workload": {"keys": {"per_node": 1}},
        "faults": [{"at": "1800us", "crash": {"node": "bank"}}]}"#;
    let place = Place::with(&[("banks.json", banks), ("commit.json", COMMIT)]);
    let run = ["banks.json", "--pending", "1700us", "--pending", "4s", "--trace", "t.jsonl"];
    let done = place.run(&run);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{}", done.stdout);
    let tables = done.stdout.as_str();
    assert!(tables.starts_with("pending at 1.7 ms under 2pc\n"), "{tables}");
    assert!(tables.contains("outcome of bank"), "{tables}");
    assert!(tables.contains("\npending at 4 s under 2pc\n"), "{tables}");
    assert!(tables.contains("blocked"), "{tables}");
    assert!(tables.contains("bank is down since 1.8 ms"), "{tables}");
    assert!(tables.contains("0x"), "{tables}");
    let traced = place.commitsim(&["trace", "t.jsonl", "--pending", "1700us"]);
    assert_eq!(traced.code, 0, "{}", traced.stderr);
    assert!(done.stdout.starts_with(traced.stdout.as_str()), "{}", traced.stdout);
    let both = place.run(&["banks.json", "--pending", "1s", "--json"]);
    assert_eq!(both.code, 2, "{}", both.stdout);
    let json = &place.run(&["banks.json", "--json"]).json_lines()[0];
    assert_eq!(json["data"]["opening"], 200);
    assert_eq!(json["data"]["committed"], 0);
    assert!(place.run(&["commit.json", "--json"]).json_lines()[0].get("data").is_none());
}

/// Several protocols end in one table; what is said of each alone stays as it was.
#[test]
fn several_protocols_are_compared() {
    let place = Place::with(&[("failing.json", FAILING)]);
    let both = place.run(&["failing.json"]);
    let alone: Vec<String> = ["2pc", "2pc-pra"]
        .map(|id| place.run(&["failing.json", "--protocol", id]).stdout)
        .into_iter()
        .collect();
    let (results, table) = both.stdout.split_once("\nside by side\n").unwrap();
    assert_eq!(results, alone.join("\n"));
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(
        lines,
        [
            "  protocol  result  client  decided    over  msgs  forced  verdict",
            "  2pc       commit  2.7 ms   3.7 ms  4.8 ms     8       5  expectation-failed",
            "  2pc-pra   commit  2.7 ms   3.7 ms  4.8 ms     8       5  ok",
            "  over: all is forgotten",
        ]
    );
    let traced = place.run(&["failing.json", "--trace", "-"]);
    assert!(traced.stderr.contains("\nside by side\n"), "{}", traced.stderr);
    assert!(!traced.stdout.contains("side by side"));
}

#[test]
fn a_failure_ends_with_the_command_that_repeats_it() {
    let place = Place::with(&[("it's.json", FAILING)]);
    let arguments = ["it's.json", "--protocol", "2pc", "--set", "/nodes=[\"a\", \"b c\"]"];
    let refused = place.run(&arguments);
    assert_eq!(refused.code, 2, "a name with a blank: {}", refused.stderr);
    let arguments = ["it's.json", "--protocol", "2pc", "--set", "/nodes=[\"a\", \"b\"]"];
    let failed = place.run(&arguments);
    assert_eq!(failed.code, 1);
    let line = failed.stderr.lines().last().unwrap();
    assert_eq!(
        line,
        r#"commitsim run 'it'\''s.json' --protocol 2pc --seed 0 --set '/nodes=["a", "b"]'"#
    );
    let again = place.paste(line);
    assert_eq!(again, failed);
}

#[test]
fn settings_change_what_runs() {
    let place = Place::with(&[("commit.json", COMMIT)]);
    let done = place.run(&["commit.json", "--json", "--set", "/nodes=5", "--set", "/expect={}"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert_eq!(done.json_lines()[0]["transactions"][0]["messages"], 16);
    let wrong = place.run(&["commit.json", "--set", "/nodes=0"]);
    assert_eq!((wrong.code, wrong.stdout.as_str()), (2, ""));
    assert!(wrong.stderr.contains("--set"), "{}", wrong.stderr);
}

#[test]
fn protocols_can_be_picked_and_replaced() {
    let place = Place::with(&[("failing.json", FAILING)]);
    let one = place.run(&["failing.json", "--protocol", "2pc-pra"]);
    assert_eq!(one.code, 0);
    assert!(one.stdout.contains("protocol 2pc-pra,"));
    let other = place.run(&["failing.json", "--protocol", "2pc-prc"]);
    assert!(other.stdout.contains("protocol 2pc-prc,"), "{}", other.stderr);
    let none = place.run(&["failing.json", "--protocol", "2pc-prx"]);
    assert_eq!((none.code, none.stdout.as_str()), (2, ""));
}

#[test]
fn the_horizon_can_come_too_early() {
    let place = Place::with(&[("commit.json", COMMIT)]);
    let early = ["commit.json", "--set", "/horizon=\"1ms\"", "--set", "/expect={}"];
    let done = place.run(&early);
    assert_eq!(done.code, 3, "{}{}", done.stdout, done.stderr);
    assert!(done.stdout.contains("verdict inconclusive"));
    assert!(done.stderr.lines().last().unwrap().starts_with("commitsim run commit.json"));
}

#[test]
fn a_fault_without_effect_is_a_warning() {
    let fault = r#"/faults=[{"when": {"received": {"by": "n0", "message": "Yes"}}, "nth": 3,
        "crash": {"node": "n1"}}]"#;
    let place = Place::with(&[("commit.json", COMMIT)]);
    let done = place.run(&["commit.json", "--set", fault]);
    assert_eq!(done.code, 0);
    assert_eq!(
        done.stderr,
        "warning: 2pc: faults[0] (crash n1 when n0 receives Yes for the 3rd time) had no effect: \
         its moment never came\n"
    );
    assert!(!done.stdout.contains("warning"));
}

#[test]
fn one_bad_file_stops_no_other() {
    let files = [("bad.json", "{\"format\": 1}"), ("good.json", COMMIT), ("failing.json", FAILING)];
    let place = Place::with(&files);
    let done = place.run(&["bad.json", "good.json", "missing.json", ".", "failing.json"]);
    assert_eq!(done.code, 2);
    assert_eq!(done.stdout.matches("verdict ").count(), 3);
    assert!(done.stderr.contains("--> bad.json:1:"), "{}", done.stderr);
    assert!(done.stderr.contains("cannot read missing.json: there is no such file"));
    assert!(done.stderr.contains("cannot read .: it is a directory"));
}

#[test]
fn what_is_no_scenario_is_not_read() {
    let large = format!("{COMMIT}{}", " ".repeat(1 << 20));
    let place = Place::with(&[("large.json", large.as_str())]);
    let done = place.run(&["large.json"]);
    assert_eq!((done.code, done.stdout.as_str()), (2, ""));
    assert!(done.stderr.contains("more than 1 MiB"), "{}", done.stderr);
    if cfg!(unix) {
        let done = place.run(&["/dev/zero"]);
        assert_eq!(done.code, 2);
        assert!(done.stderr.contains("not a regular file"), "{}", done.stderr);
    }
}

#[test]
fn a_scenario_can_come_from_standard_input() {
    let place = Place::with(&[("commit.json", COMMIT)]);
    let done = place.run_with_input(&["-", "--json"], COMMIT);
    assert_eq!(done.code, 0, "{}", done.stderr);
    let mut run = done.json_lines().remove(0);
    assert_eq!(run["scenario"], "-");
    run["scenario"] = "commit.json".into();
    assert_eq!(run, place.run(&["commit.json", "--json"]).json_lines()[0]);
}

#[test]
fn what_contradicts_itself_is_refused() {
    let place = Place::with(&[("a.json", COMMIT)]);
    let cases: &[&[&str]] = &[
        &[],
        &["--no-such-option"],
        &["-", "-"],
        &["a.json", "--json", "--trace", "-"],
        &["a.json", "./a.json", "--trace", "t.jsonl"],
        &["a.json", "--seed", "-1"],
        &["a.json", "--set", "/nodes"],
        &["a.json", "--queue", "none"],
    ];
    for arguments in cases {
        let done = place.run(arguments);
        assert_eq!((done.code, done.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(done.stderr.contains("error: "), "{arguments:?}: {}", done.stderr);
    }
    assert_eq!(place.names(), ["a.json"]);
}

#[test]
fn help_is_a_result() {
    let place = Place::with(&[]);
    let done = place.run(&["--help"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    assert!(done.stdout.contains("Exit codes:"));
    assert!(!done.stdout.contains("--queue"));
}

#[test]
fn both_queues_and_a_trace_change_nothing() {
    let place = Place::with(&[("commit.json", COMMIT)]);
    let arguments = ["commit.json", "--json", "--seed", "7"];
    let plain = place.run(&arguments);
    assert_eq!(plain.code, 0);
    for more in [["--queue", "keyed"], ["--queue", "lazy"], ["--trace", "t.jsonl"]] {
        assert_eq!(place.run(&[arguments.as_slice(), &more].concat()), plain);
    }
}

/// Another process has other addresses and other hasher seeds, and must not care.
#[test]
fn two_processes_give_the_same_bytes() {
    let stormy = r#"{"format": "commitsim/1", "protocols": ["2pc", "2pc-pra", "2pc-prc"],
        "network": {"latency": {"exponential": {"mean": "1ms"}}, "loss": "1%"},
        "patience": {"votes": "10ms", "decision": "10ms", "acks": "5ms"},
        "workload": {"transactions": 20, "arrivals": {"poisson": {"mean": "1ms"}},
                     "coordinator": "random", "participants": {"random": 1}},
        "storm": {"until": "30ms"}, "horizon": "5s"}"#;
    let place = Place::with(&[("stormy.json", stormy)]);
    for protocol in ["2pc", "2pc-pra", "2pc-prc"] {
        let run = |trace: &str| {
            let arguments = ["stormy.json", "--protocol", protocol, "--json", "--seed", "11"];
            let done = place.run(&[arguments.as_slice(), &["--trace", trace]].concat());
            assert_eq!(done.code, 0, "{}", done.stderr);
            (done.stdout, place.read(trace))
        };
        let (one, other) = (run("one.jsonl"), run("other.jsonl"));
        assert!(one.1.lines().count() > 300);
        assert!(one == other, "{protocol}: two processes differ");
    }
}

#[test]
fn nobody_has_to_listen_to_the_end() {
    let place = Place::with(&[("commit.json", COMMIT)]);
    let many = "/workload={\"transactions\": 2000}";
    let done = place.first_line(&["run", "commit.json", "--json", "--set", many]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    let done = place.first_line(&["run", "commit.json", "--trace", "-", "--set", many]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    assert!(done.stdout.starts_with(r#"{"format":"commitsim-trace/1","#));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let place = Place::with(&[("commit.json", COMMIT)]);
    let done = place.run_into("/dev/full", &["commit.json"]);
    assert_eq!(done.code, 4);
    assert!(done.stderr.contains("cannot write to standard output"), "{}", done.stderr);
}
