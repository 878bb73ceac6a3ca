//! `commitsim sweep`, `merge`, `plot` and `compare`: the same files come of a sweep however it was
//! run.

mod terminal;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use terminal::Place;

/// Twelve hundred runs that take a moment.
const SWEEP: &str = r#"{
  "format": "commitsim/1", "title": "Loss", "protocols": ["2pc", "p2pc"], "nodes": 4,
  "network": {"latency": {"uniform": ["1ms", "3ms"]}},
  "patience": {"votes": "20ms", "decision": "20ms", "acks": "20ms", "max": "200ms"},
  "sweep": {
    "seeds": 200,
    "vary": [{"path": "/network/loss", "label": "loss", "values": [0, "2%", "10%"]}],
    "metrics": ["latency.decided", "rate.committed"],
    "plots": [{"id": "commits", "kind": "line", "y": "rate.committed"}]
  }
}"#;

/// Everything that a sweep leaves behind, by name.
fn files(place: &Place, directory: &str) -> Vec<(String, Vec<u8>)> {
    let names = ["manifest.json", "records.jsonl", "summary.csv", "differences.csv"];
    let read = |name: &&str| fs::read(place.path().join(directory).join(name));
    names.iter().map(|name| (name.to_string(), read(name).unwrap())).collect()
}

fn place() -> Place {
    Place::with(&[("loss.json", SWEEP)])
}

#[test]
fn threads_and_shards_change_nothing() {
    let place = place();
    let done = place.commitsim(&["sweep", "loss.json", "--out", "one", "--jobs", "1"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{}", done.stdout);
    assert!(done.stdout.contains("loss = 10%  p2pc"), "{}", done.stdout);
    assert!(done.stdout.contains("1200 runs, 0 violated"), "{}", done.stdout);
    let wanted = files(&place, "one");
    assert_eq!(place.commitsim(&["sweep", "loss.json", "--out", "two", "-j", "2"]).code, 0);
    assert!(files(&place, "two") == wanted, "two threads");
    for count in [1, 2, 7, 16] {
        let mut merge = vec!["merge".to_string()];
        for index in 0..count {
            let (shard, out) = (format!("{index}/{count}"), format!("{count}-{}", index % 3));
            let sweep = ["sweep", "loss.json", "--shard", &shard, "--out", &out, "-q"];
            let done = place.commitsim(&sweep);
            assert_eq!((done.code, done.stdout.as_str(), done.stderr.as_str()), (0, "", ""));
            if !merge.contains(&out) {
                merge.push(out);
            }
        }
        let whole = format!("whole{count}");
        merge.extend(["--out".to_string(), whole.clone()]);
        let merge: Vec<&str> = merge.iter().map(String::as_str).collect();
        let done = place.commitsim(&merge);
        assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{count} shards");
        assert!(files(&place, &whole) == wanted, "{count} shards");
    }
}

/// Killed over and over, with a torn line at the end once, a sweep comes to the same files.
#[test]
fn a_killed_sweep_goes_on_where_it_was() {
    let place = place();
    assert_eq!(place.commitsim(&["sweep", "loss.json", "--out", "calm", "-q"]).code, 0);
    let part = place.path().join("killed/shards/shard-0000-of-0001.part");
    let size = || fs::metadata(&part).map_or(0, |there| there.len());
    let mut kills = 0;
    for step in 0..6 {
        let before = size();
        let mut child = Command::new(env!("CARGO_BIN_EXE_commitsim"))
            .args(["sweep", "loss.json", "--out", "killed", "-q"])
            .current_dir(place.path())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        while child.try_wait().unwrap().is_none() && size() < before + 7_000 * (step + 1) {
            std::thread::yield_now();
        }
        kills += u32::from(child.kill().is_ok() && !child.wait().unwrap().success());
        if step == 2 && part.exists() {
            let torn = fs::read(&part).unwrap();
            fs::write(&part, &torn[..torn.len() - 5]).unwrap();
        }
    }
    assert!(kills > 0, "it was never killed while it ran");
    let done = place.commitsim(&["sweep", "loss.json", "--out", "killed", "-q"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    assert!(files(&place, "killed") == files(&place, "calm"));
    let again = place.commitsim(&["sweep", "loss.json", "--out", "killed"]);
    assert_eq!(again.code, 0);
    assert!(files(&place, "killed") == files(&place, "calm"), "nothing was left to do");
}

#[test]
fn the_same_replicate_meets_the_same_luck() {
    let place = place();
    assert_eq!(place.commitsim(&["sweep", "loss.json", "--out", "r", "--seed", "7"]).code, 0);
    let hash = |line: &str| {
        let (_, rest) = line.split_once("\"trace_hash\":\"").unwrap();
        rest[..32].to_string()
    };
    let records = place.read("r/records.jsonl");
    // Point 1, protocol p2pc, replicate 5: what its own command gives.
    let record = records.lines().nth(2 * 200 + 200 + 5).unwrap();
    assert!(record.contains("\"seed\":\"12\""), "{record}");
    let run = place.run(&[
        "loss.json",
        "--protocol",
        "p2pc",
        "--seed",
        "12",
        "--set",
        "/network/loss=\"2%\"",
        "--json",
    ]);
    assert_eq!(hash(&run.stdout), hash(record));
}

#[test]
fn a_directory_of_another_sweep_is_left_alone() {
    let place = place();
    assert_eq!(place.commitsim(&["sweep", "loss.json", "--out", "r", "--seeds", "3"]).code, 0);
    let before = files(&place, "r");
    let done = place.commitsim(&["sweep", "loss.json", "--out", "r", "--seeds", "4"]);
    assert_eq!(done.code, 2);
    let wanted = "r holds another sweep\n  seeds\n    - 3\n    + 4\n";
    assert!(done.stderr.contains(wanted), "{}", done.stderr);
    assert!(files(&place, "r") == before);
    let sweep = ["sweep", "loss.json", "--out", "r", "--seeds", "4", "--overwrite"];
    assert_eq!(place.commitsim(&sweep).code, 0);
    place.write("full/notes.txt", "mine");
    let done = place.commitsim(&["sweep", "loss.json", "--out", "full"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("is not empty and holds no sweep"), "{}", done.stderr);
    for command in ["plot", "merge"] {
        assert_eq!(place.commitsim(&[command, "full"]).code, 2);
    }
}

#[test]
fn missing_and_damaged_shards_are_said() {
    let place = place();
    let shard = ["sweep", "loss.json", "--seeds", "5", "--shard", "0/2", "--out", "r"];
    assert_eq!(place.commitsim(&shard).code, 0);
    let done = place.commitsim(&["merge", "r"]);
    assert_eq!(done.code, 3);
    assert!(done.stderr.contains("15 of 30 runs are in none of them"), "{}", done.stderr);
    let done = place.commitsim(&["plot", "r"]);
    assert_eq!(done.code, 3);
    assert!(done.stderr.contains("is not done"), "{}", done.stderr);
    let file = "r/shards/shard-0000-of-0002.jsonl";
    place.write(file, &place.read(file).replacen("true", "false", 1).replacen("12", "13", 1));
    let done = place.commitsim(&["merge", "r"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("damaged lines"), "{}", done.stderr);
    for wrong in ["2/2", "x", "1"] {
        let sweep = ["sweep", "loss.json", "--shard", wrong];
        assert_eq!(place.commitsim(&sweep).code, 2, "{wrong}");
    }
}

#[test]
fn violations_are_counted_and_can_be_repeated() {
    let naive = r#"{"format": "commitsim/1", "protocols": ["3pc-naive"], "nodes": 3,
      "patience": {"votes": "20ms", "decision": "20ms"}, "network": {"loss": "20%"},
      "sweep": {"seeds": 60}}"#;
    let expected = naive.replace("\"sweep\"", r#""expect": {"*": {"violates": ["AC1"]}}, "sweep""#);
    let place = Place::with(&[("naive.json", naive), ("expected.json", &expected)]);
    let done = place.commitsim(&["sweep", "naive.json", "--out", "r", "-q"]);
    assert_eq!(done.code, 1, "{}", done.stderr);
    let repro = done.stderr.lines().find(|line| line.starts_with("commitsim run ")).unwrap();
    assert_eq!(place.paste(repro).code, 1, "{repro}");
    let done = place.commitsim(&["sweep", "expected.json", "--out", "e", "-q"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
}

#[test]
fn results_are_compact_json_on_request() {
    let place = place();
    let done = place.commitsim(&["sweep", "loss.json", "--seeds", "8", "--out", "r", "--json"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    let lines = done.json_lines();
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[0]["format"], "commitsim-summary/1");
    assert_eq!(lines[0]["at"]["loss"], "0");
    assert_eq!(lines[0]["metrics"]["rate.committed"]["hits"], 8);
    assert!(lines[1]["metrics"]["latency.decided"]["median"]["value"].as_u64().unwrap() > 0);
    let bad = SWEEP.replace("/network/loss", "/network/los");
    place.write("bad.json", &bad);
    let done = place.commitsim(&["sweep", "bad.json"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("did you mean `loss`?"), "{}", done.stderr);
}

#[test]
fn compare_runs_and_draws_in_one_go() {
    let place = place();
    let done = place.commitsim(&["compare", "loss.json", "--seeds", "10"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    let svg = place.read("results/loss/figures/commits.svg");
    roxmltree::Document::parse(&svg).unwrap();
    assert!(svg.contains("loss (%)") && svg.contains("p2pc"), "{svg}");
    assert!(place.read("results/loss/figures/commits.csv").contains("rate.committed (%)"));
    assert!(Path::new(&place.path().join("results/loss/figures/commits.png")).exists());
    let done = place.commitsim(&["plot", "results/loss", "--figure", "comits"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("help: commits"), "{}", done.stderr);
    let before = svg;
    assert_eq!(place.commitsim(&["plot", "results/loss"]).code, 0);
    assert!(place.read("results/loss/figures/commits.svg") == before, "the same bytes again");
}
