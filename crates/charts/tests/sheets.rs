//! Space-time diagrams as pictures: the same bytes on every machine, of two small drawings.
//!
//! `COMMITSIM_UPDATE=1 cargo test -p commitsim-charts --test sheets` writes what came out.

use std::path::Path;

use commitsim_charts::sheet_png;
use commitsim_report::{Excerpt, Observation, Selection, Sheet, TraceHead, space_time};

fn run(protocol: &str) -> (TraceHead, Excerpt) {
    let file = format!("{}/tests/traces/{protocol}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(file).unwrap();
    let mut lines = text.lines();
    let head = TraceHead::read(lines.next().unwrap()).unwrap();
    let mut excerpt = Excerpt::new(Selection::ALL);
    lines.for_each(|line| excerpt.see(Observation::read(line).unwrap()));
    (head, excerpt)
}

fn told(name: &str, bytes: &[u8]) -> String {
    format!("{name} {} bytes, crc32 {:08x}\n", bytes.len(), crc32fast::hash(bytes))
}

#[test]
fn drawings_are_the_same_bytes_everywhere() {
    let one = space_time(&[run("2pc")]);
    let two = space_time(&[run("2pc"), run("3pc")]);
    let mut found = String::new();
    for (name, sheet) in [("one", one), ("two", two)] {
        let picture = sheet_png(&sheet).unwrap();
        assert!(picture.starts_with(b"\x89PNG") && picture == sheet_png(&sheet).unwrap());
        found += &told(&format!("{name}.svg"), sheet.svg().as_bytes());
        found += &told(&format!("{name}.png"), &picture);
    }
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traces/drawings.txt");
    if std::env::var_os("COMMITSIM_UPDATE").is_some() {
        std::fs::write(&kept, &found).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(&kept).unwrap_or_default());
}

#[test]
fn an_empty_sheet_and_one_that_is_too_large_are_pictures() {
    for height in [0, 1, i64::MAX] {
        let sheet = Sheet { width: 40, height, ..Sheet::default() };
        assert!(sheet_png(&sheet).unwrap().starts_with(b"\x89PNG"));
    }
}
