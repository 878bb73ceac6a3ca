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
    assert!(done.stderr.contains("damaged line"), "{}", done.stderr);
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

/// A page is XML, has no script, and stands for itself.
fn sound(page: &str) {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    roxmltree::Document::parse_with_options(page, options).unwrap();
    assert!(page.contains("default-src 'none'") && !page.contains("<script"));
    assert!(!page.contains("src=") && !page.contains("href=\"h"));
    let here = std::env::temp_dir();
    assert!(!page.contains(&*here.to_string_lossy()), "a path of this machine");
}

#[test]
fn a_sweep_becomes_a_page() {
    let naive = r#"{"format": "commitsim/1", "title": "<b>Naive</b> & broken", "nodes": 3,
      "protocols": ["2pc", "3pc-naive"], "patience": {"votes": "20ms", "decision": "20ms"},
      "network": {"loss": 0}, "sweep": {"seeds": 60,
      "vary": [{"path": "/network/loss", "label": "loss", "values": [0, "20%"]}]}}"#;
    let place = Place::with(&[("naive.json", naive)]);
    let set = ["--set", "/network/latency=\"2ms\""];
    let sweep = [&["sweep", "naive.json", "--out", "r", "-q"], &set[..]].concat();
    assert_eq!(place.commitsim(&sweep).code, 1);
    let done = place.commitsim(&["report", "r"]);
    assert_eq!((done.code, done.stdout.as_str()), (0, "r/report.html\n"), "{}", done.stderr);
    let page = place.read("r/report.html");
    sound(&page);
    assert!(page.contains("&lt;b&gt;Naive&lt;/b&gt; &amp; broken"));
    // The line on the page makes the run again, where the page is.
    let (_, rest) = page.split_once("<pre><code>commitsim run ").unwrap();
    let line = rest.split_once("</code>").unwrap().0.replace("&quot;", "\"");
    assert!(line.starts_with("scenario.json --protocol 3pc-naive --seed "), "{line}");
    assert!(line.contains("/network/latency="), "{line}");
    let again = place.paste(&format!("cd r && commitsim run {line}"));
    assert_eq!(again.code, 1, "{line}");
    assert!(again.stdout.contains("AC1"), "{}", again.stdout);
    // The same bytes wherever they go.
    assert!(place.commitsim(&["report", "r", "--out", "-"]).stdout == page);
    let json = place.commitsim(&["report", "r", "--out", "p.html", "--json"]).json_lines();
    assert_eq!(json[0]["file"], "p.html");
    assert!(place.read("p.html") == page);
    assert_eq!(place.commitsim(&["report", "r", "--out", "-", "--json"]).code, 2);
    assert_eq!(place.commitsim(&["report", "r", "--out", "no/such/p.html"]).code, 4);
    assert_eq!(place.commitsim(&["report", "nothing"]).code, 2);
}

#[test]
fn merging_says_how_a_run_is_made_again() {
    let naive = r#"{"format": "commitsim/1", "protocols": ["3pc-naive"], "nodes": 3,
      "patience": {"votes": "20ms", "decision": "20ms"}, "network": {"loss": "20%"},
      "sweep": {"seeds": 60}}"#;
    let place = Place::with(&[("naive.json", naive)]);
    for shard in ["0/2", "1/2"] {
        place.commitsim(&["sweep", "naive.json", "--out", "r", "-q", "--shard", shard]);
    }
    let done = place.commitsim(&["merge", "r", "--out", "whole"]);
    assert_eq!(done.code, 1);
    let repro = done.stderr.lines().find(|line| line.starts_with("commitsim run ")).unwrap();
    assert!(repro.starts_with("commitsim run whole/scenario.json --protocol"), "{repro}");
    assert_eq!(place.paste(repro).code, 1, "{repro}");
}

#[test]
fn a_scheduler_says_which_shard_it_is() {
    let place = place();
    let auto = "commitsim sweep loss.json --seeds 5 --shard auto --out";
    let shard = place.paste(&format!("SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=2 {auto} a"));
    assert_eq!(shard.code, 0);
    assert_eq!(shard.stderr, "shard 0/2, of SLURM_ARRAY_TASK_ID\n");
    let line = format!("COMMITSIM_SHARDS=2 JOB_COMPLETION_INDEX=1 {auto} b -q");
    let shard = place.paste(&line);
    assert_eq!((shard.code, shard.stdout.as_str(), shard.stderr.as_str()), (0, "", ""));
    assert_eq!(place.commitsim(&["merge", "a", "b", "--out", "whole"]).code, 0);
    assert_eq!(place.commitsim(&["sweep", "loss.json", "--seeds", "5", "--out", "one"]).code, 0);
    assert!(files(&place, "whole") == files(&place, "one"));
    let nowhere = place.paste(&format!("{auto} c"));
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.stderr.contains("SLURM_ARRAY_TASK_ID"), "{}", nowhere.stderr);
    let wrong = place.paste(&format!("COMMITSIM_SHARDS=4 HQ_TASK_ID=4 {auto} c"));
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("shard 4/4, and there is none"), "{}", wrong.stderr);
}

#[test]
fn an_estimate_stores_nothing() {
    let place = place();
    let done = place.commitsim(&["sweep", "loss.json", "--estimate", "--out", "r"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    assert!(done.stdout.contains("1200 runs; 400 of them took"), "{}", done.stdout);
    assert!(done.stdout.contains("    16         75"), "{}", done.stdout);
    assert!(!place.path().join("r").exists());
    let shard = ["sweep", "loss.json", "--estimate", "--shard", "0/7", "--json", "-j", "1"];
    let lines = place.commitsim(&shard).json_lines();
    assert_eq!((lines.len(), &lines[0]["shards"]), (1, &7.into()));
    assert_eq!(lines[0]["runs_each"], 172);
    assert!(lines[0]["time_each_ns"].as_u64().unwrap() > lines[0]["mean_ns"].as_u64().unwrap());
}

#[test]
fn missing_shards_are_named() {
    let place = place();
    let sweep = |shard: &str, out: &str| {
        let sweep = ["sweep", "loss.json", "--seeds", "5", "-q", "--shard", shard, "--out", out];
        assert_eq!(place.commitsim(&sweep).code, 0);
    };
    for shard in ["0/7", "2/7", "6/7"] {
        sweep(shard, "r");
    }
    // Begun and killed: what is there of it is not taken for a shard.
    let half: String = place
        .read("r/shards/shard-0006-of-0007.jsonl")
        .lines()
        .take(2)
        .map(|l| format!("{l}\n"))
        .collect();
    place.write("r/shards/shard-0006-of-0007.part", &half);
    fs::remove_file(place.path().join("r/shards/shard-0006-of-0007.jsonl")).unwrap();
    let done = place.commitsim(&["merge", "r"]);
    assert_eq!(done.code, 3);
    let wanted = "21 of 30 runs are in none of them\n  = help: run the missing shards: \
                  1/7, 3/7, 4/7, 5/7, 6/7 (not finished)\n";
    assert!(done.stderr.ends_with(wanted), "{}", done.stderr);
    // The other half of a sweep of something else is no help.
    let other = ["sweep", "loss.json", "--seeds", "6", "-q", "--shard", "1/7", "--out", "other"];
    assert_eq!(place.commitsim(&other).code, 0);
    let done = place.commitsim(&["merge", "r", "other"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("other holds another sweep\n  seeds\n"), "{}", done.stderr);
    for shard in ["1/7", "3/7", "4/7", "5/7", "6/7"] {
        sweep(shard, "r2");
    }
    assert_eq!(place.commitsim(&["merge", "r", "r2", "--out", "whole"]).code, 0);
    // A second start finds the shard done and changes nothing.
    let file = place.path().join("r2/shards/shard-0001-of-0007.jsonl");
    let before = fs::read(&file).unwrap();
    sweep("1/7", "r2");
    assert!(fs::read(&file).unwrap() == before);
}

#[test]
fn comparing_leaves_tables_figures_and_a_page() {
    let place = place();
    let done = place.commitsim(&["compare", "loss.json", "--seeds", "10", "--json"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    let formats: Vec<String> =
        done.json_lines().iter().map(|line| line["format"].as_str().unwrap().into()).collect();
    assert_eq!(formats[..6], ["commitsim-summary/1"; 6]);
    assert_eq!(formats[6..], ["commitsim-figure/1", "commitsim-report/1"]);
    sound(&place.read("results/loss/report.html"));
    let plot = place.commitsim(&["plot", "results/loss", "--json"]).json_lines();
    assert_eq!(plot[0]["csv"], "results/loss/figures/commits.csv");
    let quiet = place.commitsim(&["compare", "loss.json", "--seeds", "10", "-q"]);
    assert_eq!((quiet.code, quiet.stdout.as_str()), (0, ""));
}

/// What is printed only says where the files are: whoever stops listening gets them all the same.
#[test]
fn comparing_goes_on_when_nobody_listens() {
    let place = Place::with(&[("loss.json", SWEEP), ("other.json", SWEEP)]);
    let line = "bash -c 'set -o pipefail; commitsim compare loss.json other.json --seeds 4 | true'";
    let done = place.paste(line);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    for name in ["loss", "other"] {
        sound(&place.read(&format!("results/{name}/report.html")));
    }
}

/// A stranger's words come out as words, in every file and on the terminal.
#[test]
fn hostile_words_stay_words_from_end_to_end() {
    // Control characters a scenario may not have at all.
    let words = r#"</text></style><script>alert(1)</script>\"'&=1+1 <!--]]>"#;
    let scenario = SWEEP
        .replace("\"Loss\"", &format!("\"{words}\", \"notes\": \"{words}\""))
        .replace("\"label\": \"loss\"", r#""label": "=<b>\"'&</b>""#)
        .replace("\"commits\",", &format!("\"commits\", \"title\": \"{words}\","));
    let place = Place::with(&[("hostile.json", &scenario)]);
    let done = place.commitsim(&["compare", "hostile.json", "--seeds", "6", "--out", "r"]);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(done.stdout.contains("</text></style><script>"), "a terminal obeys none of it");
    sound(&place.read("r/hostile/report.html"));
    let svg = place.read("r/hostile/figures/commits.svg");
    roxmltree::Document::parse(&svg).unwrap();
    assert!(svg.contains("alert(1)") && !svg.contains("<script"));
    for table in ["figures/commits.csv", "summary.csv", "differences.csv"] {
        let csv = place.read(&format!("r/hostile/{table}"));
        let controls = |c: char| c.is_control() && c != '\r' && c != '\n';
        assert!(!csv.contains(controls) && !csv.contains("\"="), "{table}");
    }
}
