//! Hunts and shrinking as a user sees them.

mod terminal;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use terminal::Place;

/// What every test hunts through.
const NAIVE: &str = r#"{"format": "commitsim/1", "protocols": ["3pc-naive"], "nodes": 4,
    "network": {"latency": {"uniform": ["1ms", "3ms"]}}}"#;
const SAFE: &str = r#"{"format": "commitsim/1", "protocols": ["2pc-pra"]}"#;

fn place() -> Place {
    Place::with(&[("naive.json", NAIVE), ("safe.json", SAFE)])
}

#[test]
fn what_is_found_is_small_and_replays() {
    let place = place();
    let done = place.commitsim(&["hunt", "naive.json", "--seeds", "300", "--out", "found"]);
    assert_eq!(done.code, 1, "{}{}", done.stdout, done.stderr);
    assert!(done.stdout.contains("AC1 of 3pc-naive is violated with seed "), "{}", done.stdout);
    assert!(done.stdout.contains("outside what 3pc-naive promises: crashes"), "{}", done.stdout);
    let commands: Vec<&str> =
        done.stdout.lines().map(str::trim).filter(|line| line.starts_with("commitsim")).collect();
    let files = fs::read_dir(place.path().join("found")).unwrap().count();
    assert!(!commands.is_empty() && commands.len() == files, "{}", done.stdout);
    for command in commands {
        let again = place.paste(command);
        assert!(again.code == 0 && again.stdout.starts_with("reproduced: "), "{}", again.stdout);
    }
}

/// Standard output, and the files with their texts.
fn hunted(jobs: &str) -> (String, Vec<(String, String)>) {
    let place = place();
    let hunt = ["hunt", "naive.json", "--seeds", "600", "--json", "--jobs", jobs];
    let done = place.commitsim(&hunt);
    let found = place.path().join("findings");
    let mut files: Vec<(String, String)> = fs::read_dir(found)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .map(|(name, path)| (name, fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    (done.stdout, files)
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let alone = hunted("1");
    assert_eq!(hunted("2"), alone);
    assert_eq!(hunted("5"), alone);
    let lines: Vec<serde_json::Value> =
        alone.0.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (last, findings) = lines.split_last().unwrap();
    assert_eq!((&last["format"], &last["verdict"]), (&"commitsim-hunt/1".into(), &"found".into()));
    assert_eq!(last["seeds"], 600);
    assert!(!findings.is_empty() && last["findings"] == findings.len());
    for finding in findings {
        assert_eq!(finding["format"], "commitsim-finding/1");
        assert!(finding["faults"].as_u64() <= Some(3) && finding["nodes"].as_u64() <= Some(4));
    }
}

#[test]
fn files_that_are_there_stay_as_they_are() {
    let place = place();
    let hunt = ["hunt", "naive.json", "--seeds", "300", "--out", "."];
    assert_eq!(place.commitsim(&hunt).code, 1);
    let first = place.names();
    let name = first.iter().find(|name| name.ends_with(".replay.json")).unwrap();
    let text = place.read(name);
    // The same finding is the same file.
    assert_eq!(place.commitsim(&hunt).code, 1);
    assert_eq!(place.names(), first);
    // Somebody else's file of that name stays, and the finding gets another.
    place.write(name, "mine");
    assert_eq!(place.commitsim(&hunt).code, 1);
    assert_eq!(place.read(name), "mine");
    let other = name.replace(".replay.json", "-2.replay.json");
    assert_eq!(place.read(&other), text);
}

#[test]
fn exit_codes_tell_findings_from_none_and_from_nothing_tried() {
    let place = place();
    let done = place.commitsim(&["hunt", "safe.json", "--seeds", "200", "--within-promise"]);
    assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    assert!(done.stdout.starts_with("2pc-pra: 200 seeds: nothing was found\n"), "{}", done.stdout);
    assert!(!place.path().join("findings").exists());
    // Nothing but votes may be drawn, and votes are no faults.
    let vacuous = ["hunt", "naive.json", "--seeds", "20", "--within-promise"];
    let done = place.commitsim(&vacuous);
    assert_eq!(done.code, 3, "{}{}", done.stdout, done.stderr);
    assert!(done.stdout.contains("vacuous"), "{}", done.stdout);
}

#[test]
fn what_is_wrong_with_a_hunt_is_said() {
    let place = place();
    for (arguments, says) in [
        (&["no-such.json"][..], "there is no such file"),
        (&["safe.json", "--seeds", "0"], "1..=1000000000"),
        (&["safe.json", "--family", "plague"], "there are crash, crash-loop, recovery"),
        (&["safe.json", "--protocol", "4pc"], "4pc"),
        (&["safe.json", "--jobs", "0"], "1..=1024"),
        (&[], "SCENARIO"),
    ] {
        let done = place.commitsim(&[&["hunt"], arguments].concat());
        assert_eq!((done.code, done.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(done.stderr.contains(says), "{arguments:?}: {}", done.stderr);
    }
    place.write("taken", "a file");
    let done = place.commitsim(&["hunt", "naive.json", "--seeds", "300", "--out", "taken"]);
    assert_eq!(done.code, 4);
    assert!(done.stderr.contains("no replay file was written: taken"), "{}", done.stderr);
    assert_eq!(place.read("taken"), "a file");
}

/// Whatever was announced when the process is killed is on disk, whole.
#[cfg(unix)]
#[test]
#[expect(clippy::disallowed_methods, reason = "a kill comes at some time")]
fn no_announced_finding_is_lost_by_a_kill() {
    let place = place();
    let scenario = NAIVE.replace("3pc-naive\"", "2pc-watchdog-naive\", \"3pc-naive\"");
    place.write("both.json", &scenario);
    let mut announced = 0;
    // After so many lines, and so many milliseconds later: with blocks of seeds, shrinkings and
    // writes of any length under way.
    let moments = [(0, 40), (1, 0), (1, 9), (2, 33), (4, 0), (5, 2), (8, 0), (8, 71)];
    for (round, (lines, later)) in moments.into_iter().enumerate() {
        let out = format!("found{round}");
        let mut child = Command::new(env!("CARGO_BIN_EXE_commitsim"))
            .args(["hunt", "both.json", "--seeds", "20000", "--json", "--out", &out])
            .current_dir(place.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut told = Vec::new();
        for _ in 0..lines {
            let mut line = String::new();
            if stdout.read_line(&mut line).unwrap() == 0 || line.contains("commitsim-hunt/1") {
                break;
            }
            told.push(line);
        }
        thread::sleep(Duration::from_millis(later));
        child.kill().unwrap();
        child.wait().unwrap();
        // What was being written announces nothing yet.
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        let whole = rest.rsplit_once('\n').map_or("", |(whole, _)| whole);
        told.extend(whole.lines().map(str::to_string));
        for line in told.iter().filter(|line| line.contains("commitsim-finding/1")) {
            let finding: serde_json::Value = serde_json::from_str(line).unwrap();
            let done = place.commitsim(&["replay", finding["replay"].as_str().unwrap()]);
            assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
            announced += 1;
        }
        // What else is there is whole, or a temporary file that nobody was told of.
        let there = fs::read_dir(place.path().join(&out));
        for entry in there.into_iter().flatten() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(name.ends_with(".replay.json") || name.ends_with(".tmp"), "{name}");
        }
    }
    assert!(announced >= 8, "only {announced} findings were announced");
}

#[cfg(unix)]
#[test]
fn an_interrupted_hunt_sums_up_what_it_did() {
    let place = place();
    let mut child = Command::new(env!("CARGO_BIN_EXE_commitsim"))
        .args(["hunt", "safe.json", "--seeds", "1000000000", "--within-promise", "--json"])
        .current_dir(place.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let interrupt = format!("sleep 0.5; kill -INT {}", child.id());
    Command::new("sh").args(["-c", &interrupt]).status().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let code = child.wait().unwrap().code();
    // An early signal meets a program that does not listen yet.
    if code.is_some() {
        let summary: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!((code, &summary["interrupted"]), (Some(3), &true.into()), "{line}");
    }
}

#[test]
fn a_replay_file_becomes_smaller_and_breaks_the_same() {
    let place = place();
    let hunt = ["hunt", "naive.json", "--seeds", "300", "--out", "."];
    assert_eq!(place.commitsim(&hunt).code, 1);
    let names = place.names();
    let small = names.iter().find(|name| name.ends_with(".replay.json")).unwrap();
    // More of everything than it takes.
    let text = place.read(small);
    let nodes = text.find("\"nodes\": ").map(|at| &text[at..at + 10]);
    assert!(nodes.is_some() && text.contains("\"faults\": ["), "{text}");
    let scenario: serde_json::Value = serde_json::from_str(&text).unwrap();
    let more = text.replace(
        "\"faults\": [",
        "\"disk\": {\"flush\": \"7ms\"}, \"faults\": [\n\
         {\"at\": \"1ns\", \"slow_disk\": {\"node\": \"n0\", \"force\": \"100us\"}},",
    );
    place.write("large.replay.json", &more);
    let done = place.commitsim(&["shrink", "large.replay.json", "--json"]);
    assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    let report = &done.json_lines()[0];
    assert_eq!(report["format"], "commitsim-shrunk/1");
    assert_eq!(report["property"], scenario["expect"]["property"]);
    let faults = |size: &str| report[size]["faults"].as_u64().unwrap();
    assert!(faults("after") < faults("before"), "{report}");
    assert_eq!(report["replay"], "large.small.replay.json");
    let again = place.commitsim(&["replay", "large.small.replay.json"]);
    assert!(again.code == 0 && again.stdout.starts_with("reproduced: "), "{}", again.stdout);
    // A second time it is there already.
    let done = place.commitsim(&["shrink", "large.replay.json"]);
    assert_eq!((done.code, done.stdout.as_str()), (2, ""));
    assert!(done.stderr.contains("is there already"), "{}", done.stderr);
    let done = place.commitsim(&["shrink", "large.replay.json", "--overwrite"]);
    assert_eq!(done.code, 0);
    assert!(done.stdout.contains(" faults -> "), "{}", done.stdout);
}

#[test]
fn what_is_wrong_with_a_shrinking_is_said() {
    let place = place();
    assert_eq!(place.commitsim(&["hunt", "naive.json", "--seeds", "300", "--out", "."]).code, 1);
    let names = place.names();
    let name = names.iter().find(|name| name.ends_with(".replay.json")).unwrap();
    place.write("gone.replay.json", &place.read(name).replace("\"AC1\"", "\"AC2\""));
    let done = place.commitsim(&["shrink", "gone.replay.json"]);
    assert_eq!(done.code, 1, "{}", done.stderr);
    assert!(done.stderr.contains("this run does not violate AC2"), "{}", done.stderr);
    assert_eq!(place.commitsim(&["shrink", "no-such.replay.json"]).code, 2);
    assert_eq!(place.commitsim(&["shrink", "naive.json"]).code, 2);
    let done = place.commitsim(&["shrink", name, "--out", "no/such.replay.json"]);
    assert_eq!(done.code, 4, "{}", done.stderr);
    assert!(place.commitsim(&["shrink", name, "--budget", "0"]).code == 2);
}
