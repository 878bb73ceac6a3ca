//! Made-up results for tests.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::collections::BTreeMap;

use commitsim_charts::{AxisEntry, Cell, Manifest, PlotEntry, ProtocolEntry, Record, Results};

pub(crate) fn plot(kind: &str, x: &str, y: &str) -> PlotEntry {
    let spread = matches!(kind, "ecdf" | "ccdf");
    PlotEntry {
        id: if spread { format!("{kind}-{}", x.replace('.', "-")) } else { format!("{kind}-{x}") },
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
pub(crate) fn crossed(x: &str, y: &str) -> PlotEntry {
    let rate = x.starts_with("rate.");
    let x_statistic = if rate { String::new() } else { "p95".to_string() };
    let id = format!("crossed-{}", x.replace('.', "-"));
    PlotEntry { id, x_statistic, along: "loss".to_string(), ..plot("line", x, y) }
}

/// Every kind of figure, with linear axes and with logarithmic ones.
pub(crate) fn plots() -> Vec<PlotEntry> {
    let kinds = [
        plot("line", "loss", "latency.decided"),
        PlotEntry {
            id: "line-p99".into(),
            statistic: "p99".into(),
            ..plot("line", "loss", "in_doubt")
        },
        PlotEntry {
            id: "line-rate".into(),
            statistic: String::new(),
            ..plot("line", "loss", "rate.violated")
        },
        PlotEntry { id: "line-trips".into(), ..plot("line", "loss", "round_trips.client") },
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

pub(crate) fn manifest(seeds: u32) -> Manifest {
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

pub(crate) fn record(job: u64, ns: Option<u64>) -> Record {
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

pub(crate) fn results(seeds: u32, latency: impl Fn(u64) -> Option<u64>) -> Results {
    let manifest = manifest(seeds);
    let records = (0..manifest.jobs()).map(|job| record(job, latency(job))).collect();
    Results::new(manifest, records).unwrap()
}

/// The same with a stranger's words wherever a stranger may put some.
pub(crate) fn hostile(mut manifest: Manifest, words: &str) -> Manifest {
    manifest.title = words.repeat(400);
    manifest.scenario = words.to_string();
    manifest.changes = vec![words.to_string()];
    manifest.axes[0].label = words.to_string();
    manifest.axes[0].names = vec![words.to_string(), "=cmd|' /C calc'!A0".to_string()];
    manifest.protocols[1].id = words.to_string();
    for plot in &mut manifest.plots {
        plot.title = words.repeat(400);
        if plot.x == "loss" {
            plot.x = words.to_string();
        }
        if plot.along == "loss" {
            plot.along = words.to_string();
        }
        plot.facets.iter_mut().for_each(|facet| *facet = words.to_string());
    }
    manifest
}
