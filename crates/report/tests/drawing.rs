//! Traces as text, sentences and drawings: kept copies, rules, and texts from strangers.

use std::collections::BTreeMap;

use commitsim_report::{
    Excerpt, Explainer, Observation, Selection, Shape, Text, TraceHead, line_of, mermaid,
    space_time,
};

/// A line of a trace from what is behind its first fields.
fn seen(seq: u64, t_ns: u64, node: &str, kind: &str) -> Observation {
    let line = format!(r#"{{"seq":{seq},"t_ns":{t_ns},"node":"{node}","tx":0,"kind":{kind}}}"#);
    Observation::read(&line).unwrap_or_else(|says| panic!("{line}: {says}"))
}

fn message(kind: &str, id: u64, name: &str, means: &str, other: &str) -> String {
    let end = if kind == "send" { "to" } else { "from" };
    format!(r#""{kind}","id":{id},"message":"{name}","detail":0,"means":{means},"{end}":"{other}""#)
}

fn record(kind: &str, name: &str, means: &str, more: &str) -> String {
    format!(r#""{kind}","lsn":1,"record":"{name}","detail":0,"means":{means}{more}"#)
}

/// A run in which everything happens that can be observed.
fn everything() -> Vec<Observation> {
    let (yes, commit) = (r#""yes""#, r#""commit""#);
    let lines = [
        (0, "a", r#""begin""#.to_string()),
        (0, "a", message("send", 1, "Prepare", r#""request""#, "b")),
        (0, "a", r#""arm","timer":"VotesDue","span_ns":1000000000"#.to_string()),
        (0, "a", record("append", "Collecting", r#""members""#, r#","forced":false"#)),
        (1, "b", message("deliver", 1, "Prepare", "null", "a")),
        (1, "b", r#""begin""#.to_string()),
        (1, "b", r#""enter","status":"working""#.to_string()),
        (1, "b", r#""work""#.to_string()),
        (2, "b", r#""vote","vote":"yes""#.to_string()),
        (2, "b", record("append", "Prepared", yes, r#","forced":true"#)),
        (2, "b", r#""force","upto":1"#.to_string()),
        (3, "b", record("durable", "Prepared", yes, "")),
        (3, "b", r#""enter","status":"in-doubt""#.to_string()),
        (3, "b", message("send", 2, "Yes", yes, "a")),
        (
            3,
            "a",
            r#""duplicate","id":2,"copy":3,"message":"Yes","detail":0,"means":null,"from":"b""#
                .into(),
        ),
        (4, "a", message("deliver", 2, "Yes", yes, "b")),
        (4, "a", r#""disarm","timer":"VotesDue""#.to_string()),
        (4, "a", record("durable", "Committed", commit, "")),
        (4, "a", r#""decide","decision":"commit","why":"protocol""#.to_string()),
        (4, "a", message("send", 4, "Commit", commit, "b")),
        (5, "a", r#""crash","kept":1,"appended":2"#.to_string()),
        (5, "a", message("lose", 3, "Yes", yes, "b")),
        (6, "b", message("lose", 4, "Commit", commit, "a")),
        (7, "b", r#""fire","timer":"DecisionDue""#.to_string()),
        (7, "b", message("send", 5, "Inquire", r#""question""#, "a")),
        (8, "b", message("send", 6, "Inquire", r#""question""#, "a")),
        (9, "a", r#""restart""#.to_string()),
        (9, "a", r#""decide","decision":"abort","why":"lost-in-crash""#.to_string()),
        (9, "a", r#""strike","fault":0,"action":"cut_link""#.to_string()),
        (9, "a", r#""ease","fault":1,"action":null"#.to_string()),
        (9, "a", r#""heal""#.to_string()),
        (9, "a", message("send", 7, "Commit", commit, "b")),
        (10, "b", message("deliver", 7, "Commit", commit, "a")),
        (10, "b", r#""enter","status":"commit""#.to_string()),
        (10, "b", r#""decide","decision":"commit","why":"protocol""#.to_string()),
        (10, "b", message("send", 8, "Ack", "null", "a")),
        (10, "b", r#""forget""#.to_string()),
        (10, "c", r#""vote","vote":"no""#.to_string()),
        (10, "c", message("send", 9, "No", r#""no""#, "a")),
        (10, "c", r#""vote","vote":"read-only""#.to_string()),
        (10, "c", message("send", 10, "ReadOnly", r#""read-only""#, "a")),
        (10, "c", r#""enter","status":"helping""#.to_string()),
        (11, "b", r#""lock","item":7,"mode":"exclusive""#.to_string()),
        (11, "b", r#""borrow","item":7,"lender":3"#.to_string()),
        (11, "b", r#""change","item":7,"before":-5,"after":12"#.to_string()),
        (11, "b", r#""wait","item":8,"behind":2"#.to_string()),
        (12, "b", r#""lock","item":8,"mode":"shared""#.to_string()),
        (12, "b", r#""decide","decision":"abort","why":"operator""#.to_string()),
        (12, "b", r#""unlock""#.to_string()),
    ];
    let numbered = (0..).zip(lines);
    numbered.map(|(seq, (ms, node, kind))| seen(seq, ms * 1_000_000, node, &kind)).collect()
}

fn head(title: &str) -> TraceHead {
    TraceHead {
        title: Some(title.to_string()),
        protocol: "2pc".to_string(),
        options: BTreeMap::new(),
        seed: "7".to_string(),
        version: "0.1.0".to_string(),
        nodes: nodes(),
        faults: Vec::new(),
    }
}

fn nodes() -> Vec<String> {
    ["a", "b", "c"].map(String::from).to_vec()
}

fn excerpt(selection: Selection) -> Excerpt {
    let mut excerpt = Excerpt::new(selection);
    everything().into_iter().for_each(|seen| excerpt.see(seen));
    excerpt
}

#[test]
fn text_and_sentences() {
    let lines: Vec<String> = everything().iter().map(|seen| line_of(seen, &nodes())).collect();
    insta::assert_snapshot!("lines", lines.join("\n"));
    let mut explainer = Explainer::default();
    let told: String = everything().iter().map(|seen| explainer.line(seen)).collect();
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    insta::assert_snapshot!("sentences", told);
}

/// Every kind that there is occurs in the run above, so that all have been explained.
#[test]
fn nothing_is_left_out() {
    let unknown = r#"{"seq":0,"t_ns":0,"node":"a","tx":0,"kind":"?"}"#;
    let says = Observation::read(unknown).unwrap_err();
    let kinds: Vec<&str> = says.split('`').skip(3).step_by(2).collect();
    assert_eq!(kinds.len(), 26);
    let there: Vec<String> = everything().iter().map(|seen| format!("{:?}", seen.what)).collect();
    for kind in kinds {
        let begins = |debug: &String| {
            debug.to_lowercase().split(|c: char| !c.is_alphabetic()).next() == Some(kind)
        };
        assert!(there.iter().any(begins), "{kind}");
    }
}

#[test]
fn drawings_are_kept() {
    insta::assert_snapshot!("mermaid", mermaid(&head("All of it"), &excerpt(Selection::ALL)));
    let run = (head("All of it"), excerpt(Selection::ALL));
    insta::assert_snapshot!("space-time", space_time(&[run]).svg());
}

#[test]
fn every_message_is_drawn_once() {
    let all = excerpt(Selection::ALL);
    let drawing = space_time(&[(head("T"), all.clone())]).svg();
    assert_eq!(drawing.matches("class=\"delivered\"").count(), 3);
    assert_eq!(drawing.matches("class=\"lost\"").count(), 2);
    assert_eq!(drawing.matches("class=\"crash\"").count(), 1);
    let diagram = mermaid(&head("T"), &all);
    let arrows = |kind: &str| diagram.lines().filter(|line| line.contains(kind)).count();
    assert_eq!((arrows("->>"), arrows("-x"), arrows("-)")), (3, 2, 5));
}

#[test]
fn nodes_that_do_not_agree_are_named() {
    let split = |until_ns| {
        let part = excerpt(Selection { until_ns, ..Selection::ALL });
        space_time(&[(head("T"), part.clone()), (head("T"), part)])
            .svg()
            .matches("2pc: Split: ")
            .count()
    };
    assert_eq!((split(u64::MAX), split(5_000_000)), (2, 0));
    let drawing = space_time(&[(head("T"), excerpt(Selection::ALL))]).svg();
    assert!(drawing.contains(">Split: a and b commit, a and b abort.<"));
}

/// Transaction by transaction: none that all commit, and of many splits the first.
#[test]
fn splits_are_told_apart() {
    let decide = |(seq, tx, node, decision): (u64, u32, &str, &str)| {
        let what = format!(r#""kind":"decide","decision":"{decision}","why":"protocol""#);
        let line = format!(r#"{{"seq":{seq},"t_ns":{seq},"node":"{node}","tx":{tx},{what}}}"#);
        Observation::read(&line).unwrap_or_else(|says| panic!("{line}: {says}"))
    };
    let mut decisions = vec![(0, 1, "a", "commit"), (1, 1, "b", "commit")];
    decisions.extend([(2, 2, "a", "abort"), (3, 2, "c", "commit"), (4, 2, "b", "abort")]);
    let drawing = |decisions: &[(u64, u32, &str, &str)]| {
        let mut part = Excerpt::new(Selection::ALL);
        decisions.iter().for_each(|one| part.see(decide(*one)));
        space_time(&[(head("T"), part)]).svg()
    };
    let two = drawing(&decisions);
    assert!(two.contains(">Split: c commits 2, a and b abort 2.<"), "{two}");
    assert_eq!(two.matches("Split: ").count(), 1);
    for tx in 3..7 {
        let seq = u64::from(tx) * 2;
        decisions.extend([(seq, tx, "a", "commit"), (seq + 1, tx, "b", "abort")]);
    }
    let many = drawing(&decisions);
    assert_eq!(many.matches("Split: ").count(), 3);
    assert!(many.contains(">2 more transactions are split.<"), "{many}");
}

/// Where two runs are drawn, the lines of the grid leave the name of the lower one alone.
#[test]
fn no_line_crosses_the_name_of_a_run() {
    let run = |title| (head(title), excerpt(Selection::ALL));
    let sheet = space_time(&[run("one"), run("two")]);
    let of = |class: &'static str| sheet.marks.iter().filter(move |mark| mark.class == class);
    let names: Vec<&Text> = of("run")
        .flat_map(|mark| &mark.shapes)
        .filter_map(|shape| if let Shape::Text(text) = shape { Some(text) } else { None })
        .collect();
    assert!(names.len() > 1);
    let lines: Vec<&Vec<(i64, i64)>> = of("grid")
        .flat_map(|mark| &mark.shapes)
        .filter_map(|shape| if let Shape::Line(places, _) = shape { Some(places) } else { None })
        .collect();
    assert!(!lines.is_empty());
    for (name, line) in names.iter().flat_map(|name| lines.iter().map(move |line| (name, line))) {
        let (top, bottom) = (line[0].1, line[1].1);
        assert!(!(top..=bottom).contains(&name.at.1), "{}", name.text);
    }
}

#[test]
fn what_is_shown_can_be_chosen() {
    let ms = 1_000_000;
    let part = excerpt(Selection { from_ns: 5 * ms, until_ns: 8 * ms, ..Selection::ALL });
    assert_eq!((part.observations.len(), part.left_out), (6, 0));
    assert!(part.before.is_in_doubt("b") && !part.before.is_blocked("b"));
    let cut = excerpt(Selection { limit: 10, ..Selection::ALL });
    assert_eq!((cut.observations.len(), cut.left_out), (10, 39));
    let drawing = space_time(&[(head("T"), cut.clone())]).svg();
    assert!(drawing.contains("cut after 10 observations, 39 more follow"), "{drawing}");
    assert!(mermaid(&head("T"), &cut).contains("39 more observations"));
    let other = excerpt(Selection { tx: Some(1), ..Selection::ALL });
    assert!(other.observations.is_empty());
    assert!(space_time(&[(head("T"), other)]).svg().ends_with("</svg>\n"));
}

/// Mermaid refuses long texts with a picture instead of an error, and statements end at semicolons.
#[test]
fn mermaid_gets_what_it_can_take() {
    let hostile = "end; <b>\"#\n%% {x}";
    let mut seen_often = Excerpt::new(Selection::ALL);
    for id in 0..2_000 {
        let name = format!("{}{}", "Message;".repeat(12), id);
        seen_often.see(seen(2 * id, id, "a", &message("send", id, &name, "null", "b")));
        seen_often.see(seen(2 * id + 1, id, "b", &message("deliver", id, &name, "null", "a")));
    }
    let mut head = head(hostile);
    head.nodes[0] = "end".to_string();
    let diagram = mermaid(&head, &seen_often);
    assert!(diagram.chars().count() < 50_000 && diagram.contains("more observations"));
    assert!(diagram.lines().filter(|line| line.contains("->>")).count() <= 300);
    assert!(diagram.contains("participant p0 as #8203;end\n"));
    for line in diagram.lines() {
        let entities = line.matches('#').count();
        assert_eq!(line.matches(';').count(), entities, "{line}");
        assert!(!line.contains(['<', '{', '"', '%']), "{line}");
    }
}

#[test]
fn strangers_do_no_harm() {
    let title = "</text><script>alert('x')</script>&\u{1}\u{202e}".repeat(50);
    let mut strange = Excerpt::new(Selection::ALL);
    let name = "<a href='x'>&amp;\\u0007 \\u202e";
    let id = u64::MAX;
    strange.see(seen(0, 0, "x\\u001b", &message("send", id, name, "null", name)));
    strange.see(seen(1, u64::MAX, name, &message("deliver", id, name, "null", "x\\u001b")));
    strange.see(seen(2, 5, name, &record("durable", name, "null", "")));
    let drawing = space_time(&[(head(&title), strange.clone())]).svg();
    assert!(!drawing.contains("<script") && !drawing.contains("<a ") && !drawing.contains('\u{7}'));
    assert!(!drawing.contains(['\u{1}', '\u{1b}', '\u{202e}']));
    let said = mermaid(&head(&title), &strange) + &line_of(&strange.observations[0], &nodes());
    assert!(!said.contains(['\u{1}', '\u{1b}', '\u{7}', '\u{202e}']), "{said}");
    let mut explainer = Explainer::default();
    for one in &strange.observations {
        let sentence = explainer.explain(one);
        assert!(!sentence.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{sentence}");
    }
}
