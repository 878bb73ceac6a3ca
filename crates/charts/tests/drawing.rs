//! Figures of made-up results: the same bytes every time, sound whatever is in them, and never
//! without an end.

use std::collections::BTreeMap;

use commitsim_charts::{
    AxisEntry, Cell, Figure, Manifest, PlotEntry, ProtocolEntry, Record, Results, figure, png,
    summary_csv, summary_json, summary_text, svg, usual,
};

fn plot(kind: &str, x: &str, y: &str) -> PlotEntry {
    let spread = matches!(kind, "ecdf" | "ccdf");
    PlotEntry {
        id: format!("{kind}-{}", x.replace('.', "-")),
        title: String::new(),
        kind: kind.to_string(),
        x: x.to_string(),
        x_statistic: String::new(),
        along: String::new(),
        y: y.to_string(),
        statistic: if spread { String::new() } else { "median".to_string() },
        series: if x == "protocol" { String::new() } else { "protocol".to_string() },
        facets: if spread || x == "protocol" { vec!["loss".to_string()] } else { Vec::new() },
        log_x: false,
        log_y: false,
    }
}

/// One metric against another, from loss to loss.
fn crossed(x: &str, y: &str) -> PlotEntry {
    let rate = x.starts_with("rate.");
    let x_statistic = if rate { String::new() } else { "p95".to_string() };
    PlotEntry { x_statistic, along: "loss".to_string(), ..plot("line", x, y) }
}

/// Every kind of figure, with linear axes and with logarithmic ones.
fn plots() -> Vec<PlotEntry> {
    let kinds = [
        plot("line", "loss", "latency.decided"),
        PlotEntry { statistic: "p99".into(), ..plot("line", "loss", "in_doubt") },
        PlotEntry { statistic: String::new(), ..plot("line", "loss", "rate.violated") },
        plot("line", "loss", "round_trips.client"),
        crossed("throughput", "lock_hold"),
        crossed("rate.committed", "latency.decided"),
        plot("ecdf", "latency.decided", ""),
        plot("ccdf", "latency.decided", ""),
        plot("box", "loss", "latency.decided"),
        plot("violin", "protocol", "latency.decided"),
        plot("bar", "loss", "messages"),
        PlotEntry { statistic: String::new(), ..plot("heatmap", "loss", "rate.committed") },
    ];
    let logarithmic = kinds.clone().map(|plot| PlotEntry {
        id: format!("{}-log", plot.id),
        log_x: true,
        log_y: true,
        ..plot
    });
    kinds.into_iter().chain(logarithmic).collect()
}

fn manifest(seeds: u32) -> Manifest {
    let mut manifest = Manifest::new("commitsim test".to_string(), b"");
    manifest.scenario = "made-up.json".to_string();
    manifest.title = "Made up".to_string();
    manifest.seed = "0".to_string();
    manifest.seeds = seeds;
    let entry = |id: &str| ProtocolEntry { id: id.to_string(), options: BTreeMap::new() };
    manifest.protocols = vec![entry("2pc"), entry("3pc"), entry("2pc")];
    manifest.axes = vec![AxisEntry {
        path: "/network/loss".to_string(),
        label: "loss".to_string(),
        values: vec!["0".to_string(), "\"5%\"".to_string()],
        names: vec!["0".to_string(), "5%".to_string()],
    }];
    manifest.metrics = vec!["latency.decided".to_string(), "rate.committed".to_string()];
    let cell = Cell {
        messages: Some(12),
        forced: Some(7),
        glare: [0, 1],
        delays: Some([2, 3, 4]),
        delay_ns: Some(1_000_000),
    };
    manifest.cells = vec![cell; 6];
    manifest.plots = plots();
    manifest
}

fn record(job: u64, ns: Option<u64>) -> Record {
    Record {
        job,
        seed: job.to_string(),
        trace_hash: "0".repeat(32),
        transactions: 1,
        committed: u64::from(ns.is_some()),
        aborted: 0,
        undecided: u64::from(ns.is_none()),
        blocked: 0,
        client_ns: ns,
        decided_ns: ns,
        forgotten_ns: ns,
        messages: 12,
        forced: 7,
        records: 8,
        in_doubt_ns: ns,
        blocked_ns: ns,
        committed_per_1000s: Some(ns.unwrap_or_default()),
        lock_hold_ns: Some(ns.unwrap_or_default() / 2),
        violates: if job.is_multiple_of(3) { vec!["AC1".to_string()] } else { Vec::new() },
        unexpected: false,
        inconclusive: false,
    }
}

fn results(seeds: u32, latency: impl Fn(u64) -> Option<u64>) -> Results {
    let manifest = manifest(seeds);
    let records = (0..manifest.jobs()).map(|job| record(job, latency(job))).collect();
    Results::new(manifest, records).unwrap()
}

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
    let hostile = "</text><script>alert(1)</script>\u{1}\u{202e}\u{ffff}\"'&=1+1\n🦀";
    let mut manifest = manifest(6);
    manifest.title = hostile.repeat(400);
    manifest.scenario = hostile.to_string();
    manifest.changes = vec![hostile.to_string()];
    manifest.axes[0].label = hostile.to_string();
    manifest.axes[0].names = vec![hostile.to_string(), "=cmd|' /C calc'!A0".to_string()];
    manifest.protocols[1].id = hostile.to_string();
    for plot in &mut manifest.plots {
        plot.title = hostile.repeat(400);
        if plot.x == "loss" {
            plot.x = hostile.to_string();
        }
        plot.facets.iter_mut().for_each(|facet| *facet = hostile.to_string());
    }
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
