//! Figures of made-up results: the same bytes every time, sound whatever is in them, and never
//! without an end.

mod made_up;

use std::collections::BTreeMap;

use commitsim_charts::{
    AxisEntry, Figure, Manifest, PlotEntry, Record, Results, figure, png, summary_csv,
    summary_json, summary_text, svg, usual,
};
use made_up::{crossed, hostile, manifest, plot, record, results};

fn drawn(results: &Results) -> Vec<(Figure, String)> {
    let plots = &results.manifest().plots;
    let figures = plots.iter().map(|plot| figure(results, plot));
    figures.map(|figure| (figure.clone(), svg(&figure).unwrap())).collect()
}

/// Each picture is XML that says how large it is, has no script and points to nothing outside.
fn check(all: &[(Figure, String)]) {
    for (figure, svg) in all {
        let tree = roxmltree::Document::parse(svg)
            .unwrap_or_else(|error| panic!("{}: {error}", figure.id));
        assert_eq!(tree.root_element().attribute("width"), Some("180mm"), "{}", figure.id);
        for node in tree.descendants().filter(|node| node.is_element()) {
            let name = node.tag_name().name();
            let plain = ["svg", "line", "polyline", "polygon", "rect", "circle", "text"];
            assert!(plain.contains(&name), "{}: {name}", figure.id);
            assert!(node.attributes().all(|one| !one.name().starts_with("on")));
        }
        assert!(figure.csv().lines().count() > 1, "{} draws nothing", figure.id);
        assert!(!figure.csv().contains("NaN") && !figure.csv().contains("inf"), "{}", figure.id);
    }
}

#[test]
fn the_same_results_give_the_same_bytes() {
    let results = results(20, |job| Some(1_000_000 + job * job * 7_919));
    let (one, other) = (drawn(&results), drawn(&results));
    check(&one);
    assert!(one == other);
    // Pictures in dots take longer; they are drawn by the same hand.
    for (figure, _) in one.iter().filter(|(figure, _)| figure.id.starts_with("heatmap")) {
        let dots = png(figure).unwrap();
        assert!(dots.starts_with(b"\x89PNG") && dots == png(figure).unwrap(), "{}", figure.id);
    }
}

#[test]
fn extremes_are_drawn_and_come_to_an_end() {
    check(&drawn(&results(1, |_| Some(5_000_000))));
    check(&drawn(&results(30, |_| Some(5_000_000))));
    check(&drawn(&results(8, |_| None)));
    check(&drawn(&results(8, |job| (job % 2 == 0).then_some(0))));
    let zeros = drawn(&results(8, |_| Some(0)));
    check(&zeros);
    let line = &zeros.iter().find(|(figure, _)| figure.id == "line-loss-log").unwrap().1;
    assert!(line.contains("not logarithmic") && !line.contains("log)"), "{line}");
    check(&drawn(&results(8, |job| Some(1_000_u64.pow((job % 3) as u32)))));
    check(&drawn(&results(8, |job| Some(if job == 7 { u64::MAX } else { 1 }))));
}

#[test]
fn hostile_words_stay_words() {
    let words = "</text><script>alert(1)</script>\u{1}\u{202e}\u{ffff}\"'&=1+1\n🦀";
    let manifest = hostile(manifest(6), words);
    let records = (0..manifest.jobs()).map(|job| record(job, Some(job + 1))).collect();
    let results = Results::new(manifest, records).unwrap();
    let all = drawn(&results);
    check(&all);
    let csvs = all.iter().map(|(figure, _)| figure.csv()).chain([summary_csv(&results)]);
    for csv in csvs {
        assert!(!csv.contains("\n=") && !csv.contains(",\"=") && !csv.contains('\u{1}'), "{csv}");
    }
    let text = summary_text(&results, 100);
    assert!(!text.contains('\u{1}') && !text.contains('\u{202e}'));
    assert!(summary_json(&results).iter().all(|line| !line.contains('\n')));
}

#[test]
fn what_never_came_is_seen_in_every_form() {
    let results = results(100, |job| (job % 100 < 40).then_some(2_000_000));
    let all = drawn(&results);
    let find = |id: &str| &all.iter().find(|(figure, _)| figure.id == id).unwrap().1;
    assert!(find("line-loss").contains("never"), "the median is among those that never came");
    let summary = summary_csv(&results);
    let line = summary.lines().find(|line| line.contains("latency.decided")).unwrap();
    assert!(line.contains(",100,60,"), "{line}");
    let ecdf = all.iter().find(|(figure, _)| figure.id == "ecdf-latency-decided").unwrap();
    let heights: Vec<f64> = ecdf
        .0
        .csv()
        .lines()
        .skip(1)
        .map(|line| line.rsplit(',').nth(2).unwrap().parse().unwrap())
        .collect();
    assert!(heights.iter().all(|height| *height <= 0.4), "{heights:?}");
}

#[test]
fn manifests_of_strangers_are_checked() {
    let good = manifest(3);
    assert_eq!(Manifest::read(&good.text()), Ok(good.clone()));
    let spoilt: [&dyn Fn(&mut Manifest); 6] = [
        &|manifest| manifest.axes[0].names.clear(),
        &|manifest| manifest.cells.truncate(1),
        &|manifest| manifest.metrics.push("speed".to_string()),
        &|manifest| manifest.plots[0].x = "nothing".to_string(),
        &|manifest| manifest.plots[0].id = "../../etc/passwd".to_string(),
        &|manifest| manifest.protocols.clear(),
    ];
    for spoil in spoilt {
        let mut bad = good.clone();
        spoil(&mut bad);
        assert!(Manifest::read(&bad.text()).is_err());
        // Cells follow from the rest and are no difference of their own.
        let same = bad.cells.len() == good.cells.len();
        assert_eq!(!good.differences(&bad).is_empty(), same);
    }
    assert!(Manifest::read("{}").is_err() && Manifest::read("[").is_err());
}

#[test]
fn a_sweep_without_wishes_gets_what_suits_it() {
    let mut manifest = manifest(3);
    manifest.plots = usual(&manifest);
    assert!(manifest.plots.len() >= 4);
    assert!(Manifest::read(&manifest.text()).is_ok());
    manifest.axes.clear();
    manifest.cells.truncate(3);
    manifest.plots = usual(&manifest);
    assert!(Manifest::read(&manifest.text()).is_ok());
    let records = (0..manifest.jobs()).map(|job| record(job, Some(job + 1))).collect();
    check(&drawn(&Results::new(manifest, records).unwrap()));
}

#[test]
fn missing_runs_are_counted() {
    let manifest = manifest(3);
    let records = (0..manifest.jobs()).filter(|job| job % 5 > 0).map(|job| record(job, None));
    assert_eq!(Results::new(manifest, records.collect()), Err(4));
}

/// Its points lie where both metrics say, in the order of what is varied and not of x.
#[test]
fn one_metric_against_another() {
    // The second value of the axis has jobs from 60 on; what takes longer is done more often.
    let results = results(20, |job| Some(if job < 60 { 8_000_000 } else { 4_000_000 }));
    let plot = crossed("throughput", "lock_hold");
    let csv = figure(&results, &plot).csv();
    assert_eq!(csv.lines().count(), 7, "{csv}");
    for point in [
        r#""2pc","point","throughput, p95 (per s)",8000,"lock_hold, median (ms)",4,4,4"#,
        r#""2pc","point","throughput, p95 (per s)",4000,"lock_hold, median (ms)",2,2,2"#,
    ] {
        assert!(csv.contains(point), "{csv}");
    }
    assert!(csv.find("8000") < csv.find("4000"), "{csv}");
    let drawn = svg(&figure(&results, &plot)).unwrap();
    assert!(drawn.contains("Points along each line: loss = 0, 5%."), "{drawn}");
}

/// As the heading of a table, so that tables fit into a terminal of 80 columns: the names of
/// points, once for all protocols. A column of noughts is left out.
#[test]
fn tables_fit_into_a_terminal() {
    let came = summary_text(&results(20, |job| Some(123_456_789 + job * 7_919)), 100);
    assert!(came.contains("  at         protocol  ") && !came.contains("never"), "{came}");
    let names = ["in a rack, slowly", "across continents, fast"];
    let mut manifest = manifest(20);
    manifest.axes[0].names = names.map(str::to_string).to_vec();
    manifest.protocols[2].id = "2pc-decentralized".to_string();
    let late = |job| Some(123_456_789 + job * 7_919).filter(|_| job != 3);
    let records = (0..manifest.jobs()).map(|job| record(job, late(job))).collect();
    let text = summary_text(&Results::new(manifest, records).unwrap(), 80);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    for name in names {
        let heading = format!("  loss = {name}");
        // The first metric has a second table, for what has no room in the first.
        assert_eq!(text.lines().filter(|line| *line == heading).count(), 3, "{text}");
    }
    assert_eq!(text.matches(" never\n").count(), 1, "{text}");
    assert!(text.contains("\nn < N stands where an interval takes N runs\n"), "{text}");
}

/// Intervals of what luck has no part in would promise too much.
#[test]
fn runs_that_are_all_alike_are_said() {
    let said = |job| {
        let manifest = manifest(3);
        let hash = |n: u64| format!("{:032x}", if n == job { 1 } else { 0 });
        let one = |n| Record { trace_hash: hash(n), ..record(n, Some(1_000_000)) };
        let records = (0..manifest.jobs()).map(one).collect();
        let text = summary_text(&Results::new(manifest, records).unwrap(), 80);
        text.ends_with("are alike: nothing here is left to luck\n")
    };
    assert!(said(u64::MAX) && !said(7));
}

/// A metric of data where there is none is no number, and draws nothing.
#[test]
fn data_that_is_not_there_has_no_place() {
    let manifest = manifest(5);
    let without = |job| Record { committed_per_1000s: None, ..record(job, Some(1_000_000)) };
    let records = (0..manifest.jobs()).map(without).collect();
    let results = Results::new(manifest, records).unwrap();
    let drawn = svg(&figure(&results, &crossed("throughput", "lock_hold"))).unwrap();
    assert!(drawn.contains("6 points have no place along x."), "{drawn}");
    assert!(!summary_csv(&results).contains("throughput"));
}

/// Many fields beside each other, in two panels: panels stand below each other before anything is
/// cut, then intervals go, and values become smaller.
#[test]
fn fields_of_a_heat_map_can_be_read() {
    for (count, intervals) in [(3, true), (7, true), (18, false)] {
        let mut manifest = manifest(10);
        let names: Vec<String> = (0..count).map(|n| format!("{n}s")).collect();
        let axis = |label: &str, names: &[String]| AxisEntry {
            path: format!("/{label}"),
            label: label.to_string(),
            values: names.to_vec(),
            names: names.to_vec(),
        };
        manifest.axes = vec![axis("loss", &names), axis("at", &names[..2])];
        manifest.protocols[1].options = BTreeMap::from([("lazy".into(), "outcome-records".into())]);
        manifest.cells = vec![manifest.cells[0]; 3 * 2 * count];
        let tiles = plot("heatmap", "loss", "rate.committed");
        let (statistic, facets) = (String::new(), vec!["at".to_string()]);
        manifest.plots = vec![PlotEntry { statistic, facets, ..tiles }];
        let records = (0..manifest.jobs()).map(|job| record(job, Some(job + 1))).collect();
        let drawn = drawn(&Results::new(manifest, records).unwrap());
        check(&drawn);
        let drawing = roxmltree::Document::parse(&drawn[0].1).unwrap();
        let texts: Vec<&str> = drawing
            .descendants()
            .filter(|node| node.has_tag_name("text"))
            .filter_map(|node| node.text().map(str::trim))
            .collect();
        assert!(texts.iter().all(|text| !text.contains('…')), "{count}: {texts:?}");
        let values = texts.iter().filter(|text| **text == "100").count();
        assert_eq!(values, 3 * 2 * count, "{count}: {texts:?}");
        let bounds = texts.iter().filter(|text| text.ends_with(" to 100")).count();
        assert_eq!(bounds, if intervals { values } else { 0 }, "{count}: {texts:?}");
        let said = texts.join(" ").contains("too small for intervals, which are in the CSV. comm");
        assert_eq!(said, !intervals, "{count}: {texts:?}");
    }
}
