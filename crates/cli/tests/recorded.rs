//! What is made of traces: `commitsim trace`, `diff` and `verify`, and `run --explain` and
//! `--diagram`.

mod terminal;

use std::collections::BTreeMap;

use serde_json::Value;

use terminal::Place;

const SCENARIO: &str = r#"{"format": "commitsim/1", "title": "A <b>title</b> & \"more\"",
    "protocols": ["2pc", "2pc-pra"], "nodes": ["bank", "hotel", "taxi"],
    "network": {"latency": {"uniform": ["1ms", "3ms"]}},
    "workload": {"transactions": 2},
    "faults": [{"when": {"decided": {"by": "bank"}},
                "crash": {"node": "hotel", "restart_after": "1s"}},
               {"at": "0", "lose": {"message": "Ack"}}]}"#;

fn recorded() -> Place {
    let place = Place::with(&[("s.json", SCENARIO)]);
    for (seed, file) in [("1", "one.jsonl"), ("2", "two.jsonl")] {
        let done = place.run(&["s.json", "--protocol", "2pc", "--seed", seed, "--trace", file]);
        assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    }
    place
}

#[test]
fn a_trace_reads_as_text() {
    let place = recorded();
    let done = place.commitsim(&["trace", "one.jsonl"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    let lines: Vec<&str> = done.stdout.lines().collect();
    assert_eq!(lines.len(), place.read("one.jsonl").lines().count());
    assert_eq!(lines[0], "            ms  node    tx  what");
    assert!(lines.contains(&"      0.000000  bank     0  send Prepare to hotel (#2)"));
    assert!(lines.iter().all(|line| line.chars().count() <= 80));
    let few = ["trace", "one.jsonl", "--tx", "1", "--from", "1ms", "--limit", "3"];
    let done = place.commitsim(&few);
    assert_eq!((done.code, done.stdout.lines().count()), (0, 4));
    assert!(done.stderr.contains("stopped after 3"), "{}", done.stderr);
}

/// A trace that was damaged on the way is shown as far as it goes, but not for a whole one.
#[test]
fn what_is_wrong_with_a_trace_is_said() {
    let place = recorded();
    let text = place.read("one.jsonl");
    let lines: Vec<&str> = text.lines().collect();
    let without = [&lines[..5], &lines[6..]].concat().join("\n");
    place.write("gap.jsonl", &without);
    place.write("cut.jsonl", &text[..text.len() - 9]);
    for form in ["text", "svg", "perfetto"] {
        let done = place.commitsim(&["trace", "gap.jsonl", "--to", form, "--out", "o"]);
        let gap =
            "note: gap.jsonl:6: observation 5 stands where 4 should; the trace is not whole\n";
        assert_eq!((done.code, done.stderr.as_str()), (0, gap), "{form}");
        let done = place.commitsim(&["trace", "cut.jsonl", "--to", form]);
        let cut = format!("error: cut.jsonl:{}: the line is cut short\n", lines.len());
        assert_eq!((done.code, done.stderr), (2, cut), "{form}");
    }
    let done = place.commitsim(&["trace", "s.json"]);
    assert_eq!(done.code, 2);
    let hint = "\n  = help: commitsim run SCENARIO --trace FILE records a trace\n";
    assert!(done.stderr.ends_with(hint), "{}", done.stderr);
}

#[test]
fn nothing_to_see_is_said() {
    let place = recorded();
    for form in ["text", "svg", "mermaid", "perfetto"] {
        let trace = |more: &[&str]| {
            let first = ["trace", "one.jsonl", "--to", form, "--out", "o"];
            place.commitsim(&[first.as_slice(), more].concat())
        };
        for (selection, says) in [
            (["--tx", "77"], "note: nothing of transaction 77 is in this part of the trace\n"),
            (["--from", "1h"], "note: nothing is in this part of the trace\n"),
            (["--tx", "1"], ""),
        ] {
            let done = trace(&selection);
            assert_eq!((done.code, done.stderr.as_str()), (0, says), "{form} {selection:?}");
        }
        let done = trace(&["--from", "2ms", "--until", "1ms"]);
        assert_eq!((done.code, done.stderr.as_str()), (2, "error: --from lies after --until\n"));
    }
}

/// What a file is to be is in its name; where the name says something else than SVG or PNG, no
/// drawing is put there.
#[test]
fn the_name_of_a_file_says_what_it_is_to_be() {
    let place = recorded();
    for (name, begins) in [("o.svg", "<svg"), ("o.HTML", "<!"), ("o.txt", "  "), ("o", "  ")] {
        let done = place.commitsim(&["trace", "one.jsonl", "--out", name]);
        assert_eq!((done.code, done.stderr.as_str()), (0, ""));
        assert!(place.read(name).starts_with(begins), "{name}");
    }
    let done = place.commitsim(&["trace", "one.jsonl", "--to", "text", "--out", "o.svg"]);
    assert!(done.code == 0 && place.read("o.svg").starts_with("  "));
    let table = place.commitsim(&["trace", "one.jsonl", "--pending", "2ms", "--out", "o.png"]);
    assert_eq!((table.code, table.stderr.as_str()), (0, ""));
    for name in ["d.pdf", "d", "d.svg.gz"] {
        let done = place.run(&["s.json", "--diagram", name]);
        assert_eq!((done.code, done.stdout.as_str()), (2, ""));
        let says = format!("--diagram draws .svg and .png, and {name} is neither");
        assert!(done.stderr.contains(&says), "{}", done.stderr);
    }
}

/// The same drawing comes of a run and of its trace, and it shows every message once.
#[test]
fn a_drawing_is_xml_and_shows_every_message() {
    let place = recorded();
    let done = place.run(&["s.json", "--seed", "1", "--diagram", "d.svg"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    assert!(place.names().contains(&"d.2pc-pra.svg".to_string()));
    let drawing = place.read("d.2pc.svg");
    let done = place.commitsim(&["trace", "one.jsonl", "--to", "svg"]);
    assert_eq!((done.code, done.stdout == drawing), (0, true));
    let done = place.commitsim(&["trace", "one.jsonl", "--to", "svg", "--out", "o.svg"]);
    assert_eq!((done.code, done.stdout.as_str()), (0, ""));
    assert_eq!(place.read("o.svg"), drawing);
    let document = roxmltree::Document::parse(&drawing).unwrap();
    let arrows = document.descendants().filter(|node| node.attribute("class") == Some("delivered"));
    let kinds = kinds(&place.read("one.jsonl"));
    assert_eq!(arrows.count(), kinds["deliver"]);
    let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
    assert!(texts.contains(&"A <b>title</b> & \"more\"") && texts.contains(&"taxi"));
    let refused = |node: roxmltree::Node<'_, '_>| {
        ["script", "a", "image", "foreignObject", "style", "marker"]
            .contains(&node.tag_name().name())
            || node.attributes().any(|a| a.name().starts_with("on") || a.name() == "href")
    };
    assert!(!document.descendants().any(refused));
    assert!(drawing.matches("://").count() == 1, "only the name space has an address");
}

fn bytes(place: &Place, name: &str) -> Vec<u8> {
    std::fs::read(place.path().join(name)).unwrap()
}

/// A picture is the same from a run and from its trace, and needs a file or a pipe.
#[test]
fn a_drawing_is_a_picture_too() {
    let place = recorded();
    let done = place.commitsim(&["trace", "one.jsonl", "--to", "png", "--out", "o.png"]);
    assert_eq!((done.code, done.stdout.as_str(), done.stderr.as_str()), (0, "", ""));
    assert!(bytes(&place, "o.png").starts_with(b"\x89PNG"));
    let run = ["s.json", "--protocol", "2pc", "--seed", "1", "--diagram", "d.PNG"];
    assert_eq!(place.run(&run).code, 0);
    assert!(bytes(&place, "d.PNG") == bytes(&place, "o.png"));
}

#[test]
fn several_traces_are_shown_together() {
    let place = recorded();
    let both = |to: &str| place.commitsim(&["trace", "one.jsonl", "two.jsonl", "--to", to]);
    let seeds = "note: the seeds differ: 1 and 2\n";
    for to in ["svg", "perfetto", "shiviz"] {
        let done = both(to);
        assert_eq!((done.code, done.stderr.as_str()), (0, seeds), "{to}");
        let alone = place.commitsim(&["trace", "one.jsonl", "--to", to]);
        assert_eq!((alone.code, alone.stderr.as_str()), (0, ""), "{to}");
        assert!(done.stdout.len() > alone.stdout.len());
    }
    // Each strip of the drawing names both.
    let named = both("svg").stdout.matches("class=\"run\"").count();
    assert!(named >= 2 && named.is_multiple_of(2), "{named}");
    for to in ["text", "mermaid"] {
        let done = both(to);
        let says = format!("error: --to {to} shows one trace, and here are 2\n");
        assert_eq!((done.code, done.stdout.as_str(), done.stderr), (2, "", says));
    }
    let five = place.commitsim(&["trace", "a", "b", "c", "d", "e", "--to", "svg"]);
    assert_eq!(five.code, 2);
    assert!(five.stderr.contains("at most 4 traces together"), "{}", five.stderr);
    assert_eq!(place.commitsim(&["trace", "-", "-", "--to", "svg"]).code, 2);
    let pending = place.commitsim(&["trace", "one.jsonl", "two.jsonl", "--pending", "1ms"]);
    assert_eq!(pending.code, 2);
    // Where one of them is wrong, nothing is written.
    let done = place.commitsim(&["trace", "one.jsonl", "s.json", "--to", "svg", "--out", "x.svg"]);
    assert_eq!((done.code, place.names().contains(&"x.svg".to_string())), (2, false));
}

/// A trace of nothing but its header is drawn, and one of very many lines is cut, which is said.
#[test]
fn nothing_and_very_much_are_drawn() {
    let place = Place::with(&[("s.json", r#"{"format": "commitsim/1", "protocols": ["2pc"]}"#)]);
    let many = "/workload={\"transactions\": 1000}";
    assert_eq!(place.run(&["s.json", "--trace", "t.jsonl", "--set", many]).code, 0);
    let trace = place.read("t.jsonl");
    assert!(trace.lines().count() > 50_000, "{}", trace.lines().count());
    place.write("empty.jsonl", &format!("{}\n", trace.lines().next().unwrap()));
    for (to, cut) in [("svg", 1_000), ("png", 1_000), ("mermaid", 1_000), ("shiviz", 10_000)] {
        let done = place.commitsim(&["trace", "t.jsonl", "--to", to, "--out", "o"]);
        assert_eq!(done.code, 0, "{to}");
        assert!(done.stderr.starts_with(&format!("note: cut after {cut} obs")), "{}", done.stderr);
    }
    let done = place.commitsim(&["trace", "t.jsonl", "--to", "perfetto", "--out", "o"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    for to in ["text", "svg", "png", "mermaid", "shiviz", "perfetto"] {
        let done = place.commitsim(&["trace", "empty.jsonl", "--to", to, "--out", to]);
        let nothing = "note: nothing is in this part of the trace\n";
        assert_eq!((done.code, done.stderr.as_str()), (0, nothing), "{to}");
        assert!(!bytes(&place, to).is_empty(), "{to}");
    }
    assert!(place.read("svg").contains("Nothing in this part of the trace"));
}

#[test]
fn a_sequence_diagram_shows_every_message() {
    let place = recorded();
    let done = place.commitsim(&["trace", "one.jsonl", "--to", "mermaid"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    let kinds = kinds(&place.read("one.jsonl"));
    assert_eq!(done.stdout.matches("->>").count(), kinds["deliver"]);
    assert_eq!(done.stdout.matches("-x").count(), kinds["lose"]);
    assert!(done.stdout.contains("    participant p1 as hotel\n"), "{}", done.stdout);
}

/// What stands in an explorer page about its runs.
fn book(page: &str) -> Value {
    let (_, rest) = page.split_once("id=\"book\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

#[test]
fn an_explorer_page_holds_one_trace_or_several() {
    let place = recorded();
    let done = place.commitsim(&["trace", "one.jsonl", "--to", "html"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    let runs = book(&done.stdout)["runs"].clone();
    assert_eq!(runs.as_array().unwrap().len(), 1);
    assert_eq!(runs[0]["title"], "A <b>title</b> & \"more\"");
    let count = place.read("one.jsonl").lines().count() - 1;
    assert_eq!(runs[0]["seen"]["seq"].as_array().unwrap().len(), count);
    let both = ["trace", "one.jsonl", "two.jsonl", "--to", "html", "--out", "both.html"];
    assert_eq!(place.commitsim(&both).code, 0);
    let page = place.read("both.html");
    assert_eq!(book(&page)["runs"][0], runs[0]);
    assert_eq!(book(&page)["runs"][1]["about"], "2pc, seed 2");
    let few = ["trace", "one.jsonl", "--to", "html", "--limit", "3"];
    let done = place.commitsim(&few);
    assert!(done.stderr.starts_with("note: cut after 3 observations"), "{}", done.stderr);
    assert!(book(&done.stdout)["runs"][0]["note"].as_str().unwrap().starts_with("cut after 3"));
}

#[test]
fn a_trace_that_is_too_long_to_explore_leaves_no_page() {
    let place = recorded();
    let head = place.read("one.jsonl").lines().next().unwrap().to_string();
    let mut text = head + "\n";
    for seq in 0..50_001 {
        let send = serde_json::json!({"seq": seq, "t_ns": seq, "node": "bank", "tx": 0,
            "kind": "send", "id": seq, "message": "M", "detail": 0, "means": null, "to": "taxi"});
        text += &format!("{send}\n");
    }
    place.write("long.jsonl", &text);
    let done = place.commitsim(&["trace", "long.jsonl", "--to", "html", "--out", "long.html"]);
    assert_eq!((done.code, done.stdout.as_str()), (2, ""));
    assert!(done.stderr.contains("at most 50000 messages"), "{}", done.stderr);
    assert!(done.stderr.contains("perfetto"), "{}", done.stderr);
    assert!(!place.names().contains(&"long.html".to_string()));
    let part = ["trace", "long.jsonl", "--to", "html", "--until", "1us", "--out", "long.html"];
    assert_eq!(place.commitsim(&part).code, 0);
}

fn kinds(trace: &str) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for line in trace.lines().skip(1) {
        let line: Value = serde_json::from_str(line).unwrap();
        *kinds.entry(line["kind"].as_str().unwrap().to_string()).or_default() += 1;
    }
    kinds
}

#[test]
fn every_observation_is_explained() {
    let place = recorded();
    let done = place.run(&["s.json", "--protocol", "2pc", "--seed", "1", "--explain"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    assert!(done.stdout.starts_with("what happens under 2pc\n"), "{}", done.stdout);
    let sentences = done.stdout.lines().filter(|line| line.contains(" ms ")).count();
    let observations = place.read("one.jsonl").lines().count() - 1;
    assert!(sentences >= observations, "{sentences} and {observations}");
    let words = done.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("says YES to bank (Yes): from now on it cannot decide alone."));
    assert!(done.stdout.contains("\nverdict ok\ntrace "), "{}", done.stdout);
    let same = ["s.json", "--protocol", "2pc", "--seed", "1", "--explain", "--trace", "t.jsonl"];
    assert_eq!(place.run(&same), done);
    assert_eq!(place.read("t.jsonl"), place.read("one.jsonl"));
    for wrong in [["--explain", "--json"], ["--diagram", "-"]] {
        assert_eq!(place.run(&[["s.json", "--seed"].as_slice(), &["1"], &wrong].concat()).code, 2);
    }
}

#[test]
fn traces_are_compared() {
    let place = recorded();
    let same = place.commitsim(&["diff", "one.jsonl", "one.jsonl"]);
    assert_eq!((same.code, same.stderr.as_str()), (0, ""));
    assert!(same.stdout.starts_with("the traces are equal: "), "{}", same.stdout);
    let done = place.commitsim(&["diff", "one.jsonl", "two.jsonl"]);
    assert_eq!((done.code, done.stderr.as_str()), (1, "note: the seeds differ: 1 and 2\n"));
    assert!(done.stdout.starts_with("the traces part after "), "{}", done.stdout);
    let marked = |mark: &str| done.stdout.lines().filter(|line| line.starts_with(mark)).count();
    assert_eq!((marked("- "), marked("+ ")), (4, 4));
    let done = place.commitsim(&["diff", "--json", "one.jsonl", "two.jsonl"]);
    assert_eq!((done.code, &done.json_lines()[0]["equal"]), (1, &false.into()));
    let text = place.read("one.jsonl");
    place.write(
        "short.jsonl",
        &text.lines().take(5).map(|line| format!("{line}\n")).collect::<String>(),
    );
    let done = place.commitsim(&["diff", "one.jsonl", "short.jsonl"]);
    assert_eq!(done.code, 1);
    assert!(done.stdout.ends_with("+ (nothing more)\n"), "{}", done.stdout);
}

#[test]
fn what_is_no_trace_is_refused_with_its_line() {
    let place = recorded();
    let text = place.read("one.jsonl");
    let mut lines: Vec<&str> = text.lines().collect();
    lines[3] = "{\"seq\":2}";
    place.write("bad.jsonl", &lines.join("\n"));
    place.write("empty.jsonl", "");
    place.write("headless.jsonl", lines[1]);
    let cases = [
        ("bad.jsonl", "error: bad.jsonl:4: missing field `t_ns`"),
        ("empty.jsonl", "error: empty.jsonl is empty, and no trace"),
        ("headless.jsonl", "error: headless.jsonl:1: missing field `format`"),
        ("none.jsonl", "error: cannot read none.jsonl: there is no such file"),
        (".", "error: cannot read .: it is a directory"),
        ("s.json", "error: s.json:1: "),
    ];
    for (file, says) in cases {
        for arguments in [vec!["trace", file], vec!["diff", file, "one.jsonl"]] {
            let done = place.commitsim(&arguments);
            assert_eq!(done.code, 2, "{arguments:?}");
            assert!(done.stderr.starts_with(says), "{}", done.stderr);
        }
        let drawn = place.commitsim(&["trace", file, "--to", "svg", "--out", "x.svg"]);
        assert_eq!((drawn.code, place.names().contains(&"x.svg".to_string())), (2, false));
        assert!(drawn.stderr.starts_with(says), "{}", drawn.stderr);
    }
    let done = place.commitsim(&["trace", "one.jsonl", "--from", "5"]);
    assert!(done.code == 2 && done.stderr.contains("it has no unit"), "{}", done.stderr);
    let done = place.commitsim(&["trace", "one.jsonl", "--to", "svg", "--out", "no/such.svg"]);
    assert_eq!(done.code, 4, "{}", done.stderr);
}

#[test]
fn runs_are_verified() {
    let place = recorded();
    let done = place.commitsim(&["verify", "s.json"]);
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    assert_eq!(done.stdout.matches("three times the same\n").count(), 2, "{}", done.stdout);
    let done = place.commitsim(&["verify", "s.json", "--protocol", "2pc", "--seed", "1", "--json"]);
    let verified = &done.json_lines()[0];
    assert_eq!((&verified["ok"], &verified["shared"]), (&true.into(), &Value::Null));
    let observations = place.read("one.jsonl").lines().count() as u64 - 1;
    assert_eq!(verified["observations"], observations);
    assert_eq!(place.commitsim(&["verify", "none.json"]).code, 2);
}

#[test]
fn nobody_has_to_read_a_trace_to_its_end() {
    let place = Place::with(&[("s.json", r#"{"format": "commitsim/1", "protocols": ["2pc"]}"#)]);
    let many = "/workload={\"transactions\": 2000}";
    assert_eq!(place.run(&["s.json", "--trace", "t.jsonl", "--set", many]).code, 0);
    for arguments in [
        ["trace", "t.jsonl", "--to", "text"].as_slice(),
        &["trace", "t.jsonl", "--to", "svg", "--limit", "5000"],
        &["trace", "t.jsonl", "--to", "perfetto"],
        &["trace", "t.jsonl", "--to", "shiviz", "--limit", "50000"],
        &["run", "s.json", "--explain", "--set", many],
        &["list", "metrics"],
        &["schema"],
        &["man", "run"],
        &["completions", "bash"],
    ] {
        let done = place.first_line(arguments);
        assert_eq!((done.code, done.stderr.as_str()), (0, ""), "{arguments:?}");
    }
}
