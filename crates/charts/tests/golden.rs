//! The bytes of figures and of a page. They are the same on every machine; where they change on
//! purpose, look at the figures and run this with `COMMITSIM_UPDATE=1`.

mod made_up;

use std::fs;
use std::path::Path;

use commitsim_charts::{Results, figure, page, png, svg};
use made_up::results;

/// Distributions with a tail, and results with everything that is hard to draw: values that never
/// came, zeros, and a factor of a million.
fn sets() -> [(&'static str, Results); 2] {
    let tail = |job: u64| Some(1_000_000 + job * job * 7_919);
    let hard = |job: u64| match job % 4 {
        0 => None,
        1 => Some(0),
        _ => Some(1_000_u64.pow((job % 3) as u32) * (job + 1)),
    };
    [("tail", results(20, tail)), ("hard", results(9, hard))]
}

fn digest(bytes: &[u8]) -> String {
    format!("{:08x}/{}", crc32fast::hash(bytes), bytes.len())
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the golden file is rewritten by an explicit switch")]
fn bytes_are_those_of_every_other_machine() {
    let mut found = String::from("# set, figure, its SVG, its PNG: checksum/length\n");
    for (name, results) in sets() {
        for plot in &results.manifest().plots {
            let figure = figure(&results, plot);
            let vector = digest(svg(&figure).unwrap().as_bytes());
            // Pictures in dots take longer: some of them.
            let drawn =
                ["line-loss", "violin-protocol", "heatmap-loss"].contains(&plot.id.as_str());
            let dots = if drawn { digest(&png(&figure).unwrap()) } else { "-".into() };
            found.push_str(&format!("{name} {} {vector} {dots}\n", plot.id));
        }
        let page = page(&results, &|record| format!("again {}", record.job)).unwrap();
        found.push_str(&format!("{name} page {}\n", digest(page.as_bytes())));
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/figures.txt");
    if std::env::var_os("COMMITSIM_UPDATE").is_some() {
        fs::write(&file, &found).unwrap();
    }
    let wanted = fs::read_to_string(&file).unwrap_or_default();
    for (found, wanted) in found.lines().zip(wanted.lines()) {
        assert_eq!(found, wanted);
    }
    assert_eq!(found.lines().count(), wanted.lines().count());
}
