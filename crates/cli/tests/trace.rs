//! `commitsim run --trace` as a process: the file it writes.

mod terminal;

use serde_json::Value;

use terminal::Place;

const TWO: &str = r#"{
    "format": "commitsim/1",
    "protocols": ["2pc", {"id": "2pc-pra", "options": {"termination": "cooperative"}}],
    "nodes": ["bank", "hotel", "taxi"]
}"#;

fn values(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_trace_has_a_header_and_numbered_observations() {
    let place = Place::with(&[("two.json", TWO)]);
    let done = place.run(&["two.json", "--protocol", "2pc", "--seed", "9", "--trace", "t.jsonl"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    assert_eq!(place.names(), ["t.jsonl", "two.json"]);
    let text = place.read("t.jsonl");
    assert!(text.ends_with("}\n"));
    let lines = values(&text);
    assert_eq!(lines[0]["format"], "commitsim-trace/1");
    assert_eq!(lines[0]["scenario"], serde_json::from_str::<Value>(TWO).unwrap());
    assert_eq!((&lines[0]["protocol"], &lines[0]["seed"]), (&"2pc".into(), &"9".into()));
    assert_eq!(lines[0]["nodes"][1], "hotel");
    for (observation, seq) in lines[1..].iter().zip(0u64..) {
        assert_eq!(observation["seq"], seq);
        assert!(observation["t_ns"].is_u64() && observation["kind"].is_string());
        assert!(["bank", "hotel", "taxi"].contains(&observation["node"].as_str().unwrap()));
        assert!(observation.get("tx").is_some());
    }
}

#[test]
fn messages_can_be_followed() {
    let place = Place::with(&[("two.json", TWO)]);
    place.run(&["two.json", "--protocol", "2pc", "--trace", "t.jsonl"]);
    let lines = values(&place.read("t.jsonl"));
    let sends: Vec<&Value> = lines.iter().filter(|line| line["kind"] == "send").collect();
    assert!(!sends.is_empty());
    for send in sends {
        let delivery = lines
            .iter()
            .find(|line| line["kind"] == "deliver" && line["id"] == send["id"])
            .expect("nothing is lost here");
        assert_eq!(delivery["from"], send["node"]);
        assert_eq!(delivery["node"], send["to"]);
        assert_eq!(delivery["message"], send["message"]);
    }
}

#[test]
fn several_runs_get_a_file_each() {
    let place = Place::with(&[("a.json", TWO), ("b.json", TWO)]);
    assert_eq!(place.run(&["a.json", "--trace", "t.jsonl"]).code, 0);
    assert_eq!(place.names(), ["a.json", "b.json", "t.2pc-pra.jsonl", "t.2pc.jsonl"]);
    let header = &values(&place.read("t.2pc-pra.jsonl"))[0];
    assert_eq!(header["options"]["termination"], "cooperative");
    assert_eq!(place.run(&["a.json", "b.json", "--protocol", "2pc", "--trace", "t"]).code, 0);
    assert!(place.names().contains(&"t.a".to_string()));
    assert!(place.names().contains(&"t.b".to_string()));
}

#[test]
fn a_trace_on_standard_output_has_it_to_itself() {
    let place = Place::with(&[("two.json", TWO)]);
    let done = place.run(&["two.json", "--trace", "-"]);
    assert_eq!(done.code, 0);
    let headers = done.json_lines().iter().filter(|line| line.get("format").is_some()).count();
    assert_eq!(headers, 2);
    assert_eq!(done.stderr.matches("verdict ok").count(), 2);
}

#[test]
fn settings_stand_in_the_header() {
    let place = Place::with(&[("two.json", TWO)]);
    place.run(&["two.json", "--protocol", "2pc", "--trace", "t", "--set", "/title=\"T\""]);
    let header = &values(&place.read("t"))[0];
    assert_eq!(header["set"][0], "/title=\"T\"");
    assert!(header["scenario"].get("title").is_none());
}

#[test]
fn an_old_trace_stays_where_there_is_no_new_one() {
    let place = Place::with(&[("bad.json", "{"), ("t.jsonl", "old")]);
    assert_eq!(place.run(&["bad.json", "--trace", "t.jsonl"]).code, 2);
    assert_eq!(place.read("t.jsonl"), "old");
    assert_eq!(place.names(), ["bad.json", "t.jsonl"]);
}

#[test]
fn every_trace_is_written_also_when_nobody_listens() {
    // More than one protocol, and more output than fits into any buffer.
    let many = TWO.replacen('{', r#"{"workload": {"transactions": 2000},"#, 1);
    let place = Place::with(&[("two.json", &many)]);
    let run = "commitsim run two.json --explain --trace t.jsonl";
    let done = place.paste(&format!("bash -c 'set -o pipefail; {run} | true'"));
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    assert_eq!(place.names(), ["t.2pc-pra.jsonl", "t.2pc.jsonl", "two.json"]);
}

#[test]
fn what_cannot_be_written_is_said() {
    let place = Place::with(&[("two.json", TWO)]);
    let done = place.run(&["two.json", "--protocol", "2pc", "--trace", "no/such/t.jsonl"]);
    assert_eq!((done.code, done.stdout.as_str()), (4, ""));
    let why = "error: cannot write the trace no/such/t.jsonl: there is no such directory\n";
    assert!(done.stderr.starts_with(why), "{}", done.stderr);
    let last = done.stderr.lines().last().unwrap();
    assert_eq!(last, "commitsim run two.json --protocol 2pc --seed 0");
    let done = place.run(&["two.json", "--protocol", "2pc", "--trace", "."]);
    assert_eq!(done.code, 4);
    assert_eq!(place.names(), ["two.json"]);
}
