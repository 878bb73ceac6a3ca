//! Exports keep the rules of those who read them, and a breach of each rule is seen.

mod rules;

use commitsim_report::{
    Excerpt, Observation, Selection, TraceHead, mermaid, perfetto, shiviz, space_time,
};

/// A small run: a message that arrives twice, one that is lost, a forced write, a crash.
const TRACE: &str = include_str!("rules/small.jsonl");

fn run(trace: &str) -> (TraceHead, Excerpt) {
    let mut lines = trace.lines();
    let head = TraceHead::read(lines.next().unwrap()).unwrap();
    let mut excerpt = Excerpt::new(Selection::ALL);
    lines.for_each(|line| excerpt.see(Observation::read(line).unwrap()));
    (head, excerpt)
}

#[test]
fn every_export_keeps_the_rules() {
    let runs = [run(TRACE)];
    let counted = rules::counted(&runs[0].1);
    assert_eq!((counted.all(), counted.of("send"), counted.arrows, counted.crosses), (16, 2, 2, 1));
    assert_eq!(rules::shiviz::check(&shiviz(&runs)), Ok(vec![14]));
    let held = rules::perfetto::check(&perfetto(&runs)).unwrap();
    assert_eq!((held.sends, held.receipts, held.forces, held.flows.len()), (2, 2, 1, 2));
    let classes = rules::svg::check(&space_time(&runs).svg()).unwrap();
    let count = |class: &str| classes.get(class).copied().unwrap_or(0);
    assert_eq!(["delivered", "lost", "force", "crash", "abort"].map(count), [2, 1, 1, 1, 1]);
    let arrows = rules::mermaid::check(&mermaid(&runs[0].0, &runs[0].1)).unwrap();
    assert_eq!(arrows.into_iter().collect::<Vec<_>>(), [("->>", 2), ("-x", 1)]);
}

#[test]
fn several_runs_are_told_apart() {
    let runs = [run(TRACE), run(TRACE)];
    assert_eq!(rules::shiviz::check(&shiviz(&runs)), Ok(vec![14, 14]));
    let held = rules::perfetto::check(&perfetto(&runs)).unwrap();
    assert_eq!((held.sends, held.flows.len()), (4, 4));
    let drawing = space_time(&runs);
    let classes = rules::svg::check(&drawing.svg()).unwrap();
    assert_eq!((classes["run"], classes["delivered"], classes["axis"]), (2, 4, 1));
}

/// Lists the damage, what the checker has to say of it, and nothing else.
fn refuses(good: &str, check: impl Fn(&str) -> Option<String>, damages: &[(&str, &str, &str)]) {
    assert_eq!(check(good), None);
    for (old, new, wanted) in damages {
        assert!(good.contains(old), "{old} is not there:\n{good}");
        let says = check(&good.replacen(old, new, 1));
        assert!(says.as_ref().is_some_and(|says| says.contains(wanted)), "{new}: {says:?}");
    }
}

#[test]
fn a_breach_of_the_rules_of_shiviz_is_seen() {
    let runs = [run(TRACE), run(TRACE)];
    refuses(
        &shiviz(&runs),
        |log| rules::shiviz::check(log).err(),
        &[
            ("(?<clock>", "(?<time>", "0 capture groups are called clock"),
            ("(?<tx>", "(?<kind>", "repeat"),
            ("\nb {\"a\":2,\"b\":1} 1000000", "\nb {\"a\":2,\"b\":1} then", "does not fit"),
            ("\nb {\"a\":2,\"b\":1}", "\nb {\"a\":2}", "missing from its own clock"),
            ("\nb {\"a\":2,\"b\":1}", "\nb {\"a\":2,\"b\":2}", "counts 2 where it should count 1"),
            ("\nb {\"a\":2,\"b\":1}", "\nb {\"a\":2,\"b\":1,\"z\":1}", "has no events"),
            ("\nb {\"a\":2,\"b\":1}", "\nb {\"a\":9,\"b\":1}", "9 for a"),
            ("\na {\"a\":2}", "\na {\"a\":2,\"b\":1}", "come before each other"),
            ("\nb {\"a\":2,\"b\":2}", "\nb {\"b\":2}", "b forgets"),
            ("\na {\"a\":1}", "\na {\"a\":1,\"b\":1}", "not what it knew"),
            ("=== 2 2pc", "=== 1 2pc", "two executions"),
        ],
    );
}

#[test]
fn a_breach_of_the_rules_of_perfetto_is_seen() {
    let runs = [run(TRACE)];
    let cut = "{\"ph\":\"M\"";
    refuses(
        &perfetto(&runs),
        |text| rules::perfetto::check(text).err(),
        &[
            ("\n]}", "\n]", "EOF"),
            (cut, "{\"ph\":\"Q\"", "has no name"),
            ("\"dur\":0.300", "\"dur\":1.000", "overlaps"),
            ("\"dur\":0.300", "\"dur\":2.000", "begins with another"),
            ("\"ts\":1500.400", "\"tz\":1500.400", "no time"),
            (",\"bp\":\"e\"", "", "has no bp"),
            ("\"ph\":\"s\"", "\"ph\":\"f\",\"bp\":\"e\"", "is there twice"),
            ("\"name\":\"receive Prepare\"", "\"name\":\"receive Yes\"", "flow"),
            ("\"s\":\"t\"", "\"s\":\"g\"", "not of its thread"),
            ("\"ph\":\"f\",\"pid\":1,\"tid\":3", "\"ph\":\"f\",\"pid\":1,\"tid\":4", "in no slice"),
            ("\"ts\":9000.000", "\"ts\":1.000", "comes after"),
        ],
    );
}

#[test]
fn a_breach_of_the_rules_of_mermaid_is_seen() {
    let (head, excerpt) = run(TRACE);
    refuses(
        &mermaid(&head, &excerpt),
        |text| rules::mermaid::check(text).err(),
        &[
            ("sequenceDiagram", "flowchart", "no sequence"),
            ("as a", "as end", "called end"),
            ("p0->>p1", "p0->>p7", "nobody"),
            ("p0->>p1", "p0~>p1", "unknown"),
            ("Prepare", "Pre;pare", "ends within"),
            ("Prepare", "<b>", "taken for"),
            ("Prepare", &"x".repeat(50_000), "characters"),
        ],
    );
}

#[test]
fn a_breach_of_the_rules_of_svg_is_seen() {
    let runs = [run(TRACE)];
    refuses(
        &space_time(&runs).svg(),
        |text| rules::svg::check(text).err(),
        &[
            ("</svg>", "", "never closed"),
            ("<g ", "<g onclick=\"x\" ", "onclick"),
            ("<g ", "<script/><g ", "script"),
            ("M", "M-5 0L", "at -5"),
            ("mm\"", "\"", "millimetres"),
            ("<title>T", "<title>http://x", "address"),
        ],
    );
}

/// Names, titles and records come from strangers' files.
#[test]
fn strangers_do_no_harm() {
    let hostile = [
        "</text><script>alert(1)</script>",
        "a b} 5 c\\u2028{\\\"x\\\":1}",
        "end",
        "__proto__",
        "=== x ===",
        "\\u0000\\u001b[31m\\u202e;#%%",
        "日本語 🦀 ﷽",
        "",
    ];
    for (n, name) in hostile.iter().enumerate() {
        let other = hostile[(n + 1) % hostile.len()];
        let long = name.repeat(300);
        let trace = TRACE
            .replace("\"a\"", &format!("\"{name}\""))
            .replace("\"b\"", &format!("\"{other}\""))
            .replace("Prepare", name)
            .replace("\"T\"", &format!("\"{long}\""))
            .replace("\"2pc\"", &format!("\"{long}\""))
            .replace("\"7\"", &format!("\"{long}\""))
            .replace("partition", &long);
        let runs = [run(&trace), run(&trace)];
        assert_eq!(rules::shiviz::check(&shiviz(&runs)), Ok(vec![14, 14]), "{name}");
        rules::perfetto::check(&perfetto(&runs)).unwrap_or_else(|says| panic!("{name}: {says}"));
        let drawing = space_time(&runs).svg();
        rules::svg::check(&drawing).unwrap_or_else(|says| panic!("{name}: {says}"));
        let diagram = mermaid(&runs[0].0, &runs[0].1);
        rules::mermaid::check(&diagram).unwrap_or_else(|says| panic!("{name}: {says}"));
        for text in [shiviz(&runs), perfetto(&runs), drawing, diagram] {
            assert!(!text.contains(['\u{0}', '\u{1b}', '\u{202e}', '\u{2028}']), "{name}");
        }
    }
}

/// Times that no run has, an empty trace, and a trace without its beginning.
#[test]
fn extremes_are_drawn() {
    let header = TRACE.lines().next().unwrap();
    let late: Vec<&str> = TRACE.lines().skip(5).collect();
    let traces = [
        header.to_string(),
        header.replace("[\"a\",\"b\"]", "[]"),
        TRACE.replace("9000000", &u64::MAX.to_string()),
        TRACE.replace("\"t_ns\":0,", &format!("\"t_ns\":{},", u64::MAX)),
        format!("{header}\n{}", late.join("\n")),
    ];
    for trace in traces {
        let runs = [run(&trace)];
        rules::svg::check(&space_time(&runs).svg()).unwrap();
        rules::shiviz::check(&shiviz(&runs)).unwrap();
        rules::mermaid::check(&mermaid(&runs[0].0, &runs[0].1)).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&perfetto(&runs)).is_ok());
    }
}

/// Forty nodes and more, and more than a drawing holds: both are said.
#[test]
fn what_is_too_much_is_said() {
    let nodes: Vec<String> = (0..60).map(|n| format!("\"n{n}\"")).collect();
    let header = TRACE.lines().next().unwrap().replace("\"a\",\"b\"", &nodes.join(","));
    let mut trace = header;
    for n in 0..400_u64 {
        let (from, to) = (n % 40, (n + 7) % 40);
        let rest = format!("\"id\":{n},\"message\":\"M\",\"detail\":0,\"means\":null");
        for (kind, node, end, other, late) in
            [("send", from, "to", to, 0), ("deliver", to, "from", from, 900_000)]
        {
            let time = n * 1_000_000 + late;
            let at = format!("{{\"seq\":0,\"t_ns\":{time},\"node\":\"n{node}\",\"tx\":0,");
            trace.push_str(&format!("\n{at}\"kind\":\"{kind}\",{rest},\"{end}\":\"n{other}\"}}"));
        }
    }
    let sheet = space_time(&[run(&trace)]);
    let svg = sheet.svg();
    rules::svg::check(&svg).unwrap();
    assert!(svg.contains("20 more nodes are not drawn") && svg.contains("The drawing ends at"));
    assert!(sheet.height <= 70_000, "{}", sheet.height);
}
