//! Pages of made-up results: complete, sound and quiet, whatever is in the results.

mod made_up;

use commitsim_charts::{Record, Results, page};
use made_up::{hostile, manifest, record, results};
use roxmltree::{Document, ParsingOptions};

fn replay(record: &Record) -> String {
    format!("commitsim run scenario.json --seed {}", record.seed)
}

/// A page is XML, has no script and no handler, names nothing twice, and points to nothing but
/// itself.
fn check(page: &str) {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let tree = Document::parse_with_options(page, options).unwrap_or_else(|e| panic!("{e}"));
    let mut ids = Vec::new();
    for node in tree.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        let never = ["script", "img", "link", "iframe", "object", "embed", "base", "form", "use"];
        assert!(!never.contains(&name), "{name}");
        for attribute in node.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            assert!(!key.starts_with("on") && key != "src" && key != "style", "{key}");
            assert!(key != "href" || value.starts_with('#'), "{value}");
        }
        ids.extend(node.attribute("id"));
    }
    for link in tree.descendants().filter_map(|node| node.attribute("href")) {
        assert!(ids.contains(&&link[1..]), "{link} leads nowhere");
    }
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "a name is there twice");
    let style = tree
        .descendants()
        .find(|node| node.has_tag_name(("http://www.w3.org/1999/xhtml", "style")));
    let style = style.unwrap().text().unwrap();
    assert!(!style.contains("url(") && !style.contains("@import"));
    let policy = tree.descendants().find_map(|node| node.attribute("content"));
    assert!(policy.unwrap().starts_with("default-src 'none'"));
}

fn page_of(results: &Results) -> String {
    page(results, &replay).unwrap()
}

#[test]
fn a_page_is_complete_and_the_same_twice() {
    let results = results(20, |job| Some(1_000_000 + job * job * 7_919));
    let page = page_of(&results);
    check(&page);
    assert!(page == page_of(&results));
    for wanted in ["Made up", "n = 20 runs", "latency.decided", "closed form", "2pc", "loss = 5%"] {
        assert!(page.contains(wanted), "{wanted}");
    }
    let figures = results.manifest().plots.len();
    assert_eq!(page.matches("<svg ").count(), figures);
    // Each of the nine points of the first figure has words for a pointer that rests on it.
    assert!(page.contains("<title>3pc\nloss (%): 5\nlatency.decided, median (ms): "), "{page}");
}

#[test]
fn extremes_have_pages() {
    check(&page_of(&results(1, |_| Some(5_000_000))));
    check(&page_of(&results(8, |_| None)));
    check(&page_of(&results(8, |_| Some(0))));
    check(&page_of(&results(8, |job| Some(1_000_u64.pow((job % 3) as u32)))));
    let never = page_of(&results(80, |job| (job % 80 < 20).then_some(2_000_000)));
    assert!(never.contains(">never<") && never.contains(">60<"), "what never came is counted");
}

#[test]
fn what_failed_can_be_made_again() {
    let manifest = manifest(40);
    let spoilt = |job| Record { unexpected: job % 3 == 0 && job < 120, ..record(job, Some(1)) };
    let records = (0..manifest.jobs()).map(spoilt).collect();
    let page = page_of(&Results::new(manifest, records).unwrap());
    check(&page);
    assert!(page.contains("40 runs violated a property"), "{page}");
    assert!(page.contains("commitsim run scenario.json --seed 57<"), "the twentieth is named");
    assert!(
        !page.contains("commitsim run scenario.json --seed 60<") && page.contains("And 20 more")
    );
    assert!(page.contains("Violations that the scenario expects"));
}

#[test]
fn hostile_words_stay_words() {
    let words = "</style></title></svg><script>alert(1)</script>\u{1}\u{202e}\u{ffff}\"'&<!--]]>🦀";
    let mut manifest = hostile(manifest(6), words);
    manifest.text = serde_json::json!({"notes": words, "x": words}).to_string();
    manifest.seed = words.to_string();
    let hostile = |job| Record {
        seed: words.to_string(),
        violates: vec![words.to_string()],
        unexpected: job % 2 == 0,
        inconclusive: true,
        ..record(job, Some(job + 1))
    };
    let records = (0..manifest.jobs()).map(hostile).collect();
    let results = Results::new(manifest, records).unwrap();
    let page = page(&results, &|_| words.to_string()).unwrap();
    check(&page);
    assert!(!page.contains("<script") && !page.contains('\u{1}') && !page.contains('\u{202e}'));
    assert!(page.contains("alert(1)"), "the words are there, as words");
}
