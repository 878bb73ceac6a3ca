//! `commitsim validate`, `list` and `schema`: commands that run nothing.

mod terminal;

use std::fs;
use std::path::Path;

use serde_json::Value;

use terminal::Place;

const GOOD: &str = r#"{"format": "commitsim/1", "protocols": ["2pc"]}"#;
const BAD: &str = "{\"format\": \"commitsim/1\",\n \"protocls\": [\"2pc\"], \"nodes\": 0}";

#[test]
fn all_problems_of_all_files_are_said() {
    let place = Place::with(&[("good.json", GOOD), ("bad.json", BAD)]);
    let done = place.commitsim(&["validate", "bad.json", "good.json", "none.json"]);
    assert_eq!((done.code, done.stdout.as_str()), (2, "ok good.json\n"));
    assert!(done.stderr.contains("--> bad.json:2:2"), "{}", done.stderr);
    assert!(done.stderr.contains("did you mean `protocols`?"), "{}", done.stderr);
    assert!(done.stderr.contains("3 problems in bad.json"), "{}", done.stderr);
    assert!(done.stderr.contains("cannot read none.json: there is no such file"));
    let done = place.commitsim(&["validate", "good.json"]);
    assert_eq!((done.code, done.stdout.as_str(), done.stderr.as_str()), (0, "ok good.json\n", ""));
    let done = place.commitsim(&["validate", "good.json", "--set", "/nodes=0"]);
    assert_eq!(done.code, 2);
}

#[test]
fn problems_can_be_had_as_json() {
    let place = Place::with(&[("good.json", GOOD), ("bad.json", BAD)]);
    let done = place.commitsim(&["validate", "--json", "bad.json", "good.json", "none.json"]);
    assert_eq!((done.code, done.stderr.as_str()), (2, ""));
    let files = done.json_lines();
    assert_eq!(files[0]["format"], "commitsim-validate/1");
    let problem = &files[0]["problems"][1];
    assert_eq!((&problem["line"], &problem["column"]), (&2.into(), &2.into()));
    assert_eq!(problem["hint"], "did you mean `protocols`?");
    assert_eq!(files[1]["ok"], true);
    assert_eq!((&files[2]["ok"], &files[2]["problems"][0]["line"]), (&false.into(), &Value::Null));
}

#[test]
fn everything_can_be_listed() {
    let place = Place::with(&[]);
    let first = |what: &str| {
        let text = place.commitsim(&["list", what]);
        assert_eq!((text.code, text.stderr.as_str()), (0, ""));
        assert!(text.stdout.lines().all(|line| line.chars().count() <= 80), "{}", text.stdout);
        let json = place.commitsim(&["list", what, "--json"]);
        assert_eq!(json.code, 0);
        (text.stdout, json.json_lines().remove(0))
    };
    let (text, json) = first("protocols");
    assert!(text.contains("  a commit costs    4n - 2r messages, 2n - 2r + 1 forced records\n"));
    assert_eq!(json["options"][0]["values"][1], "cooperative");
    assert!(text.contains("\n  assumes           nodes recover"), "{text}");
    assert_eq!(json["delays"], serde_json::json!(["2", "3", "4"]));
    assert_eq!(json["assumptions"], "nodes recover with their durable log");
    assert_eq!(json["helpers"], serde_json::json!([]));
    let row = |id: &str| {
        let found = text.lines().find(|line| line.starts_with(&format!("  {id} ")));
        found.unwrap_or_else(|| panic!("{id} is in no row of\n{text}")).split_whitespace()
    };
    let cells: Vec<&str> = row("2pc-decentralized").collect();
    assert_eq!(cells[1..], ["2/2/3", "2n^2+2n", "2n+2", "all*", "all"]);
    assert_eq!(row("2pc-linear").nth(4), Some("last*"));
    let (text, json) = first("moments");
    assert!(text.contains("Prepare Yes No ReadOnly Commit Abort Ack"), "{text}");
    assert_eq!(json["records"][1], "Prepared");
    let (text, json) = first("metrics");
    assert!(text.contains("transactions.nodes.blocked_ns"), "{text}");
    assert_eq!((&json["of"], &json["key"]), (&"transactions".into(), &"began_ns".into()));
    assert!(text.contains("sweep latency.decided"), "{text}");
    let (text, json) = first("figures");
    assert!(text.starts_with("line "), "{text}");
    assert_eq!(json["kind"], "line");
    let (text, json) = first("regions");
    assert!(text.starts_with("azure-"), "{text}");
    assert_eq!(json["regions"][0], "east-us");
}

#[test]
fn unknown_words_get_a_suggestion() {
    let place = Place::with(&[]);
    let done = place.commitsim(&["tets"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("similar subcommand") && done.stderr.contains("'test'"));
    let done = place.commitsim(&["list", "protocol"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("'protocols'"), "{}", done.stderr);
}

/// `COMMITSIM_UPDATE=1` writes the file anew; read the difference before it is committed.
#[test]
#[expect(clippy::disallowed_methods, reason = "the switch that writes the file anew")]
fn the_schema_in_the_tree_is_the_one_that_is_printed() {
    let done = Place::with(&[]).commitsim(&["schema"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = top.join("scenarios/schema/scenario.schema.json");
    if std::env::var("COMMITSIM_UPDATE").is_ok() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &done.stdout).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == done.stdout, "it is out of date; COMMITSIM_UPDATE=1 renews it");
}
