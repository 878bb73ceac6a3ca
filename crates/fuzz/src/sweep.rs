//! What a sweep leaves behind: its manifest and its records.

use commitsim_charts::{
    Manifest, Record, Results, damaged_lines, differences_csv, figure, summary_csv, summary_json,
    summary_text, svg, usual,
};

use crate::shown::{harmless, one_line};

/// How many runs are summarised; more are only more of the same.
const RUNS: u64 = 200;

/// Reads bytes as a manifest, an empty line and records, and makes tables and figures of these.
pub fn sweep(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (manifest, records) = text.split_once("\n\n").unwrap_or((text, ""));
    let records: String = records.split_inclusive('\n').map(sealed).collect();
    let (records, _) = damaged_lines(&records);
    for record in &records {
        assert_eq!(Record::read(&record.line()).as_ref(), Some(record));
    }
    let manifest = match Manifest::read(manifest) {
        Ok(manifest) => manifest,
        Err(says) => return assert!(!says.is_empty(), "refused without a reason"),
    };
    assert_eq!(Manifest::read(&manifest.text()), Ok(manifest.clone()));
    assert_eq!(manifest.differences(&manifest), []);
    if manifest.jobs() > RUNS {
        return;
    }
    // What has no record has that of the first, so that one is enough for a figure.
    let filled = (0..manifest.jobs()).filter_map(|job| {
        let same = records.iter().find(|record| record.job == job).or(records.first())?;
        Some(Record { job, ..same.clone() })
    });
    let filled: Vec<Record> = filled.collect();
    match Results::new(manifest, filled) {
        Ok(results) => made(&results),
        Err(missing) => assert!(missing > 0),
    }
}

/// The line with the checksum that belongs to it: what a stranger can do, the fuzzer cannot.
fn sealed(line: &str) -> String {
    match line.trim_end_matches('\n').strip_suffix('}') {
        Some(open) if !open.contains("\"check\"") => {
            let check = crc32fast::hash(open.as_bytes());
            format!("{open},\"check\":\"{check:08x}\"}}\n")
        }
        _ => line.to_string(),
    }
}

fn made(results: &Results) {
    harmless(&summary_text(results, 80));
    rows(&summary_csv(results));
    rows(&differences_csv(results));
    summary_json(results).iter().for_each(|line| one_line(line));
    let manifest = results.manifest();
    for plot in manifest.plots.iter().chain(&usual(manifest)).take(10) {
        let figure = figure(results, plot);
        rows(&figure.csv());
        if let Ok(svg) = svg(&figure)
            && let Err(error) = roxmltree::Document::parse(&svg)
        {
            panic!("this is no XML: {error}\n{svg}");
        }
    }
}

/// Lines of CSV end as its standard says.
fn rows(csv: &str) {
    harmless(&csv.replace("\r\n", "\n"));
}
