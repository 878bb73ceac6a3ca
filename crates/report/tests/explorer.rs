//! The explorer page: what stands in it, that it can run nothing else, and that names stay names.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use commitsim_report::{
    EXPLORED_MESSAGES, Excerpt, Observation, Selection, TooLong, TraceHead, explorer,
};
use roxmltree::{Document, Node, ParsingOptions};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn head(title: &str, nodes: &[&str]) -> TraceHead {
    let line = json!({
        "format": "commitsim-trace/1", "scenario": {"title": title}, "protocol": "2pc",
        "options": {"termination": "none"}, "seed": "7", "version": "0.1.0", "nodes": nodes,
    });
    TraceHead::read(&line.to_string()).unwrap()
}

/// An observation from what is behind its first fields.
fn seen(seq: u64, us: u64, node: &str, mut rest: Value) -> Observation {
    let first = json!({"seq": seq, "t_ns": us * 1_000, "node": node, "tx": 0});
    let fields = rest.as_object_mut().unwrap();
    first.as_object().unwrap().iter().for_each(|(key, value)| {
        fields.insert(key.clone(), value.clone());
    });
    Observation::read(&rest.to_string()).unwrap()
}

fn message(kind: &str, id: u64, name: &str, means: Value, other: &str) -> Value {
    let end = if kind == "send" { "to" } else { "from" };
    json!({"kind": kind, "id": id, "message": name, "detail": 0, "means": means, end: other})
}

fn record(kind: &str, lsn: u64, name: &str) -> Value {
    let append = json!({"kind": kind, "lsn": lsn, "record": name, "detail": 0, "means": null,
        "forced": lsn % 2 == 1});
    append
}

/// A vote that arrives twice, a crash in the middle of a write, a question that is lost.
fn story() -> Vec<Observation> {
    let lines = [
        (0, "a", json!({"kind": "begin"})),
        (0, "a", message("send", 1, "Prepare", json!("request"), "b")),
        (1_000, "b", message("deliver", 1, "Prepare", json!("request"), "a")),
        (1_000, "b", json!({"kind": "work"})),
        (1_500, "b", json!({"kind": "lock", "item": 7, "mode": "exclusive"})),
        (1_500, "b", json!({"kind": "vote", "vote": "yes"})),
        (1_500, "b", record("append", 1, "Prepared")),
        (1_700, "b", record("durable", 1, "Prepared")),
        (1_700, "b", json!({"kind": "enter", "status": "in-doubt"})),
        (1_700, "b", message("send", 2, "Yes", json!("yes"), "a")),
        (
            1_700,
            "a",
            json!({"kind": "duplicate", "id": 2, "copy": 3, "message": "Yes", "detail": 0,
                "means": "yes", "from": "b"}),
        ),
        (2_700, "a", message("deliver", 2, "Yes", json!("yes"), "b")),
        (2_700, "a", record("append", 2, "Committed")),
        (2_750, "a", message("deliver", 3, "Yes", json!("yes"), "b")),
        (2_800, "a", json!({"kind": "crash", "kept": 0, "appended": 1})),
        (90_000, "b", json!({"kind": "fire", "timer": "DecisionDue"})),
        (90_000, "b", message("send", 4, "Inquire", json!("question"), "a")),
        (91_000, "a", message("lose", 4, "Inquire", json!("question"), "b")),
        (91_000, "a", json!({"kind": "restart"})),
        (92_000, "b", json!({"kind": "decide", "decision": "abort", "why": "operator"})),
        (92_000, "b", json!({"kind": "unlock"})),
    ];
    (0..).zip(lines).map(|(seq, (us, node, rest))| seen(seq, us, node, rest)).collect()
}

fn excerpt(observations: Vec<Observation>, selection: Selection) -> Excerpt {
    let mut excerpt = Excerpt::new(selection);
    observations.into_iter().for_each(|seen| excerpt.see(seen));
    excerpt
}

fn run(title: &str) -> (TraceHead, Excerpt) {
    (head(title, &["a", "b"]), excerpt(story(), Selection::ALL))
}

const HOSTILE: &str = "</script><script>alert(1)</script><img src=x onerror=alert(1)> {{script}} \
                       \u{2028}\u{202e}\u{1}\u{85}\u{fffe}&amp;\"'`]]>";

fn hostile() -> String {
    let node = "</SCRIPT><!--\u{202e}";
    let mut story = story();
    story.push(seen(99, 93_000, node, message("send", 9, HOSTILE, Value::Null, "b")));
    story.push(seen(100, 93_000, node, json!({"kind": "fire", "timer": HOSTILE})));
    story.push(seen(101, 93_000, node, record("append", 1, HOSTILE)));
    let head = head(HOSTILE, &["a", "b", node]);
    explorer(&[(head, excerpt(story, Selection::ALL))]).unwrap()
}

fn read(page: &str) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(page, options).unwrap_or_else(|error| panic!("{error}"))
}

fn elements<'d>(document: &'d Document<'_>, name: &'d str) -> Vec<Node<'d, 'd>> {
    document.descendants().filter(|node| node.has_tag_name(name)).collect()
}

/// What stands between two texts of the page, as a browser would take it.
fn between<'p>(page: &'p str, begin: &str, end: &str) -> &'p str {
    let (_, rest) = page.split_once(begin).unwrap();
    rest.split_once(end).unwrap().0
}

/// The runs in the page.
fn book(page: &str) -> Value {
    let json = between(page, "<script type=\"application/json\" id=\"book\">", "</script>");
    serde_json::from_str(json).unwrap()
}

#[test]
fn the_page_is_well_formed_and_the_same_each_time() {
    let page = explorer(&[run("A title"), run("Another")]).unwrap();
    assert_eq!(page, explorer(&[run("A title"), run("Another")]).unwrap());
    assert_eq!(elements(&read(&page), "script").len(), 2);
    insta::assert_snapshot!("runs", serde_json::to_string_pretty(&book(&page)["runs"][0]).unwrap());
    // The whole page, with its script and its style.
    let digest: String = Sha256::digest(&page).iter().map(|byte| format!("{byte:02x}")).collect();
    insta::assert_snapshot!("page", digest);
}

#[test]
fn only_what_the_policy_pins_can_run() {
    for page in [explorer(&[run("A title")]).unwrap(), hostile()] {
        let document = read(&page);
        let metas = elements(&document, "meta");
        let policy = metas.iter().find(|meta| meta.has_attribute("http-equiv")).unwrap();
        assert_eq!(policy.attribute("http-equiv"), Some("Content-Security-Policy"));
        let pin = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
        let script = pin(between(&page, "<script>", "</script>"));
        let style = pin(between(&page, "<style>", "</style>"));
        let wanted = format!(
            "default-src 'none'; script-src {script}; style-src {style}; base-uri 'none'; \
             form-action 'none'"
        );
        assert_eq!(policy.attribute("content").unwrap(), wanted);
        // The policy binds only what comes after it.
        let before = page.find("http-equiv").unwrap();
        assert!(page.find("<style").unwrap() > before && page.find("<script").unwrap() > before);
    }
}

#[test]
fn nothing_is_fetched_and_no_attribute_acts() {
    let page = explorer(&[run("A title")]).unwrap();
    let forbidden = [
        "http:",
        "https:",
        "src=",
        "@import",
        "url(",
        "fetch(",
        "import(",
        "XMLHttpRequest",
        "WebSocket",
        "EventSource",
        "sendBeacon",
        "Worker",
        "innerHTML",
        "outerHTML",
        "eval(",
        "insertAdjacentHTML",
        "document.write",
        "Function(",
        "<link",
        "<base",
        "<iframe",
        "<img",
        "<object",
        "<embed",
        "<form",
        "style=",
    ];
    for word in forbidden {
        assert!(!page.contains(word), "{word}");
    }
    for node in read(&page).descendants() {
        for attribute in node.attributes() {
            assert!(!attribute.name().starts_with("on"), "{attribute:?}");
            assert!(!["href", "srcset", "action"].contains(&attribute.name()), "{attribute:?}");
        }
    }
}

#[test]
fn strangers_words_stay_words() {
    let page = hostile();
    let document = read(&page);
    // Only those of the frame.
    assert_eq!(elements(&document, "script").len(), 2);
    assert!(elements(&document, "img").is_empty());
    let json = between(&page, "<script type=\"application/json\" id=\"book\">", "</script>");
    assert!(!json.contains(['<', '>', '&', '\u{2028}', '\u{202e}', '\u{fffe}', '\u{85}']));
    let book = book(&page);
    // As on a terminal, what cannot be seen is written out.
    let title = book["runs"][0]["title"].as_str().unwrap();
    assert!(title.starts_with("</script><script>alert(1)</script><img src=x onerror=alert(1)>"));
    assert!(title.contains("{{script}} \\u{2028}\\u{202e}\\u{1}\\u{85}"), "{title}");
    assert_eq!(book["runs"][0]["nodes"][2], "</SCRIPT><!--\\u{202e}");
    let words = book["words"].as_array().unwrap();
    assert!(words.iter().any(|word| word.as_str() == Some(title)), "the message's name");
}

/// A list of the page as numbers; -1 for none.
fn numbers(list: &Value) -> Vec<i64> {
    list.as_array().unwrap().iter().map(|value| value.as_i64().unwrap_or(-1)).collect()
}

/// Lamport's order from the page's links, and again by vector clocks from the trace.
#[test]
fn links_give_the_order_of_cause() {
    let (observations, nodes) = chatter();
    let page = explorer(&[(head("", &nodes), excerpt(observations.clone(), Selection::ALL))]);
    let seen = &book(&page.unwrap())["runs"][0]["seen"];
    let (before, cause) = (numbers(&seen["before"]), numbers(&seen["cause"]));
    let mut pasts: Vec<Vec<bool>> = Vec::new();
    for at in 0..observations.len() {
        let mut past = vec![false; observations.len()];
        for link in [before[at], cause[at]] {
            if let Ok(link) = usize::try_from(link) {
                past[link] = true;
                (0..link).for_each(|other| past[other] |= pasts[link][other]);
            }
        }
        pasts.push(past);
    }
    let clocks = clocks(&observations, &nodes);
    for (later, clock) in clocks.iter().enumerate() {
        for (earlier, other) in clocks.iter().enumerate() {
            let wanted = earlier != later && other.iter().zip(clock).all(|(a, b)| a <= b);
            assert_eq!(pasts[later][earlier], wanted, "{earlier} before {later}");
        }
    }
}

/// Messages criss-cross between four nodes, by a generator of the test's own.
fn chatter() -> (Vec<Observation>, [&'static str; 4]) {
    let nodes = ["a", "b", "c", "d"];
    let mut state = 7_u64;
    let mut draw = |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut under_way: Vec<(u64, usize, usize)> = Vec::new();
    let mut all = Vec::new();
    for seq in 0..300 {
        let deliver = !under_way.is_empty() && draw(2) == 0;
        let (node, rest) = if deliver {
            let (id, from, to) = under_way.remove(draw(under_way.len() as u64) as usize);
            (to, message("deliver", id, "M", Value::Null, nodes[from]))
        } else {
            let (from, to) = (draw(4) as usize, draw(4) as usize);
            under_way.push((seq, from, to));
            (from, message("send", seq, "M", Value::Null, nodes[to]))
        };
        all.push(seen(seq, seq, nodes[node], rest));
    }
    (all, nodes)
}

/// Mattern's clocks: every event counts at its node, and a delivery takes over what was sent.
fn clocks(observations: &[Observation], nodes: &[&str]) -> Vec<Vec<u64>> {
    let mut at_node = vec![vec![0; nodes.len()]; nodes.len()];
    let mut sent = std::collections::BTreeMap::new();
    let mut all = Vec::new();
    for seen in observations {
        let node = nodes.iter().position(|name| *name == seen.node).unwrap();
        if let commitsim_report::What::Deliver { id, .. } = &seen.what {
            let other: &Vec<u64> = &sent[id];
            at_node[node].iter_mut().zip(other).for_each(|(mine, their)| *mine = *their.max(mine));
        }
        at_node[node][node] += 1;
        if let commitsim_report::What::Send { id, .. } = &seen.what {
            sent.insert(*id, at_node[node].clone());
        }
        all.push(at_node[node].clone());
    }
    all
}

#[test]
fn what_went_on_before_an_excerpt_is_known() {
    let late = Selection { from_ns: 90_500_000, ..Selection::ALL };
    let page = explorer(&[(head("", &["a", "b"]), excerpt(story(), late))]).unwrap();
    let spans = &book(&page)["runs"][0]["spans"];
    assert_eq!(spans["kind"], json!(["down", "doubt", "blocked"]));
    assert_eq!(spans["node"], json!([0, 1, 1]));
    assert_eq!(spans["from"], json!([null, null, null]));
    assert_eq!(spans["to"], json!([1, 2, 2]));
    // The message that is lost now had left before.
    assert_eq!(book(&page)["runs"][0]["messages"]["sent"], json!([null]));
}

#[test]
fn an_empty_trace_is_a_page_too() {
    let page = explorer(&[(head("", &[]), excerpt(Vec::new(), Selection::ALL))]).unwrap();
    assert_eq!(book(&page)["runs"][0]["nodes"], json!([]));
    read(&page);
}

#[test]
fn what_a_browser_would_choke_on_is_refused_with_a_way_out() {
    let story = |count: usize| {
        let sends = (0..count as u64).map(|id| message("send", id, "M", Value::Null, "b"));
        (0..).zip(sends).map(|(seq, send)| seen(seq, seq, "a", send)).collect()
    };
    let half = || (head("", &["a", "b"]), excerpt(story(EXPLORED_MESSAGES / 2), Selection::ALL));
    assert!(explorer(&[half(), half()]).is_ok());
    let more = (head("", &["a", "b"]), excerpt(story(EXPLORED_MESSAGES / 2 + 1), Selection::ALL));
    assert_eq!(explorer(&[half(), more]), Err(TooLong));
    for way in ["--tx", "--from", "--until", "perfetto", "50000"] {
        assert!(TooLong.to_string().contains(way), "{TooLong}");
    }
}
