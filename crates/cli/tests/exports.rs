//! Every export of two hundred random runs keeps the rules of those who read it, and holds as many
//! messages, writes and crashes as the trace.

#[path = "../../report/tests/rules/mod.rs"]
mod rules;
mod terminal;

use std::collections::BTreeMap;

use commitsim_report::{
    Excerpt, Observation, Selection, TraceHead, mermaid, perfetto, shiviz, space_time,
};

use terminal::Place;

/// Scenarios in which about everything happens, on all shapes, and how many seeds of each.
const SCENARIOS: [(&str, u64); 8] = [
    ("2pc-storm.json", 12),
    ("2pc-bad-weather.json", 12),
    ("2pc-watchdog-storm.json", 12),
    ("p2pc-storm.json", 14),
    ("data-storm-bank.json", 12),
    ("3pc-total-failure.json", 14),
    ("2pc-backup-both-die.json", 14),
    ("d2pc-race.json", 14),
];

/// So many observations fit on the paper of a drawing.
const DRAWN: u64 = 250;

fn read(lines: &[&str], limit: u64) -> (TraceHead, Excerpt) {
    let head = TraceHead::read(lines[0]).unwrap();
    let mut excerpt = Excerpt::new(Selection { limit, ..Selection::ALL });
    lines[1..].iter().for_each(|line| excerpt.see(Observation::read(line).unwrap()));
    (head, excerpt)
}

#[test]
fn two_hundred_runs_are_exported_by_the_rules() {
    let scenarios = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios");
    let place = Place::with(&[]);
    let mut runs = 0;
    for (scenario, seeds) in SCENARIOS {
        for seed in 1..=seeds {
            let (file, seed) = (format!("{scenarios}/{scenario}"), seed.to_string());
            let few = "/workload/transactions=6";
            let mut arguments = vec!["run", &file, "--seed", &seed, "--trace", "-"];
            if scenario.contains("storm") {
                arguments.extend(["--set", few, "--set", "/expect={}"]);
            }
            let done = place.commitsim(&arguments);
            let lines: Vec<&str> = done.stdout.lines().collect();
            let is_header = |line: &&str| line.starts_with("{\"format\"");
            let starts: Vec<usize> = (0..lines.len()).filter(|n| is_header(&lines[*n])).collect();
            assert!(!starts.is_empty(), "{scenario} {seed}: {}", done.stderr);
            let ends = starts.iter().skip(1).copied().chain([lines.len()]);
            for (start, end) in starts.iter().copied().zip(ends) {
                exports(&lines[start..end])
                    .unwrap_or_else(|says| panic!("{scenario}, seed {seed}: {says}"));
                runs += 1;
            }
        }
    }
    assert!(runs >= 200, "{runs}");
}

/// Exports a trace in every way and checks each.
fn exports(lines: &[&str]) -> Result<(), String> {
    let whole = [read(lines, u64::MAX)];
    let counted = rules::counted(&whole[0].1);
    let unseen = counted.of("lose") + counted.of("duplicate") + counted.of("alarm");
    same("events of ShiViz", rules::shiviz::check(&shiviz(&whole))?[0], counted.all() - unseen)?;

    let held = rules::perfetto::check(&perfetto(&whole))?;
    same("sends of Perfetto", held.sends, counted.of("send"))?;
    same("receipts of Perfetto", held.receipts, counted.of("deliver"))?;
    same("arrows of Perfetto", held.flows.len(), counted.arrows)?;
    same("forces of Perfetto", held.forces, counted.of("forced"))?;
    rules::rule(held.instants > 0 && held.slices > held.sends, || "only messages".to_string())?;

    let part = [read(lines, DRAWN)];
    let counted = rules::counted(&part[0].1);
    let drawing = space_time(&part).svg();
    let classes = rules::svg::check(&drawing)?;
    let class = |name: &str| classes.get(name).copied().unwrap_or(0);
    rules::rule(!drawing.contains("The drawing ends at"), || "too long".to_string())?;
    same("arrows drawn", class("delivered"), counted.arrows)?;
    same("crosses drawn", class("lost"), counted.crosses)?;
    same("crashes drawn", class("crash"), counted.of("crash"))?;
    same("decisions drawn", class("commit") + class("abort"), counted.of("decide"))?;

    let arrows: BTreeMap<_, _> = rules::mermaid::check(&mermaid(&part[0].0, &part[0].1))?;
    let arrow = |kind: &str| arrows.get(kind).copied().unwrap_or(0);
    same("arrows of Mermaid", arrow("->>"), counted.of("deliver"))?;
    same("lost messages of Mermaid", arrow("-x"), counted.of("lose"))
}

fn same(what: &str, found: usize, wanted: usize) -> Result<(), String> {
    rules::rule(found == wanted, || format!("{found} {what}, and {wanted} in the trace"))
}
