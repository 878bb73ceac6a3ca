//! `commitsim test` as a process: scenarios as tests of what they expect.

mod terminal;

use terminal::Place;

const GOOD: &str = r#"{"format": "commitsim/1", "protocols": ["2pc", "2pc-pra"],
    "expect": {"*": {"decision": "commit"}}}"#;
const FAILING: &str = r#"{"format": "commitsim/1", "title": "Wrong twice",
    "protocols": ["2pc", "2pc-pra", "2pc-prc"],
    "expect": {"2pc": {"decision": "abort"}, "2pc-prc": {"messages": 1}}}"#;

fn place() -> Place {
    Place::with(&[
        ("scenarios/good.json", GOOD),
        ("scenarios/more/failing.json", FAILING),
        ("scenarios/schema/scenario.schema.json", "{}"),
    ])
}

#[test]
fn every_scenario_has_a_line_and_failures_have_details() {
    let done = place().commitsim(&["test"]);
    assert_eq!(done.code, 1);
    let lines: Vec<&str> = done.stdout.lines().collect();
    assert_eq!(lines[0], "ok      scenarios/good.json");
    assert_eq!(
        lines[1],
        "FAILED  scenarios/more/failing.json: 2pc: decision: wanted abort, found commit; and 1 more"
    );
    assert_eq!(lines.last(), Some(&"1 passed, 1 failed"));
    assert_eq!(done.stdout.matches("scenarios/more/failing.json: Wrong twice\n").count(), 2);
    assert_eq!(
        done.stderr,
        "commitsim run scenarios/more/failing.json --protocol 2pc --seed 0\n\
         commitsim run scenarios/more/failing.json --protocol 2pc-prc --seed 0\n"
    );
}

#[test]
fn what_passes_is_short() {
    let done = place().commitsim(&["test", "scenarios/good.json"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    assert_eq!(done.stdout, "ok      scenarios/good.json\n1 passed, 0 failed\n");
}

#[test]
fn results_can_be_had_as_json() {
    let done = place().commitsim(&["test", "--json"]);
    assert_eq!(done.code, 1);
    let runs = done.json_lines();
    let verdicts: Vec<&str> = runs.iter().map(|run| run["verdict"].as_str().unwrap()).collect();
    let failed = "expectation-failed";
    assert_eq!(verdicts, ["ok", "ok", failed, "ok", failed]);
    assert!(done.stderr.ends_with("1 passed, 1 failed\n"), "{}", done.stderr);
}

#[test]
fn scenarios_can_be_chosen_listed_and_given_up() {
    let place = place();
    let list = place.commitsim(&["test", "--list"]);
    assert_eq!(list.stdout, "scenarios/good.json\nscenarios/more/failing.json\n");
    let done = place.commitsim(&["test", "scenarios", "--filter", "good"]);
    assert_eq!((done.code, done.stdout.lines().count()), (0, 2));
    let paths = ["test", "scenarios/more", "scenarios/good.json", "--fail-fast"];
    let done = place.commitsim(&paths);
    assert_eq!(done.code, 1);
    assert!(done.stdout.ends_with("0 passed, 1 failed\n"), "{}", done.stdout);
}

#[test]
fn nothing_to_run_is_no_success() {
    let place = place();
    let done = place.commitsim(&["test", "--filter", "nothing"]);
    assert_eq!((done.code, done.stdout.as_str()), (3, ""));
}

#[test]
fn what_cannot_be_read_fails_or_is_wrong() {
    let place = place();
    place.write("scenarios/bad.json", "{\"format\": 1}");
    let done = place.commitsim(&["test"]);
    assert_eq!(done.code, 1);
    assert!(done.stdout.contains("FAILED  scenarios/bad.json: it cannot be read as a scenario\n"));
    assert!(done.stdout.contains("--> scenarios/bad.json:1:"), "{}", done.stdout);
    assert!(done.stdout.ends_with("1 passed, 2 failed\n"));
    let done = place.commitsim(&["test", "no-such-directory"]);
    assert_eq!((done.code, done.stdout.as_str()), (2, ""));
    assert!(done.stderr.contains("there is no such file or directory"), "{}", done.stderr);
}

#[test]
fn a_run_that_leads_nowhere_fails() {
    let early = r#"{"format": "commitsim/1", "protocols": ["2pc"], "horizon": "1ms"}"#;
    let place = Place::with(&[("early.json", early)]);
    let done = place.commitsim(&["test", "early.json"]);
    assert_eq!(done.code, 1);
    assert!(done.stdout.starts_with("FAILED  early.json: 2pc: inconclusive\n"), "{}", done.stdout);
}
