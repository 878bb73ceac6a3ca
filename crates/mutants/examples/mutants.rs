//! Lets a search find every planted bug and writes the table `results/mutants.md`.
//!
//! `cargo run --release -p commitsim-mutants --example mutants -- [climb] [WORD]` does so for those
//! whose name holds WORD; with `climb` it ignores the known budgets, tries ever larger ones, and
//! prints lines for `src/budgets.rs`.

#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "it works in threads")]

#[path = "../../cli/src/crew.rs"]
mod crew;
#[path = "mutants/ladder.rs"]
mod ladder;

use std::process::ExitCode;
use std::{env, fs};

use commitsim_catalog::{End, Explored};
use commitsim_mutants::{Budget, Specimen, roster};

use crew::Threads;

/// Where the table is, from the top of the tree.
const TABLE: &str = "results/mutants.md";

/// How many worlds a search of one budget may meet.
const WORLDS: u64 = 3_000_000;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = env::args().skip(1).collect();
    let climb = arguments.first().is_some_and(|word| word == "climb");
    if climb {
        arguments.remove(0);
    }
    let word = arguments.first().map_or("", String::as_str);
    let mut missed = 0;
    let mut table = HEAD.to_string();
    let seeds = seeds();
    for specimen in roster().iter().filter(|specimen| specimen.name.contains(word)) {
        if climb {
            ladder::climb(specimen);
            continue;
        }
        let explored =
            specimen.explore(&specimen.budget, WORLDS, &Threads::new(None), &mut |_| true);
        missed += u32::from(!is_found(&explored) && specimen.budget.steps > 0);
        let line = line(specimen, &explored, &seeds);
        println!("{line}");
        table.push_str(&line);
        table.push('\n');
    }
    let written = if climb || !word.is_empty() { Ok(()) } else { fs::write(TABLE, table) };
    if let Err(error) = written {
        eprintln!("{TABLE}: {error}");
        return ExitCode::from(4);
    }
    ExitCode::from(u8::from(missed > 0))
}

fn is_found(explored: &Explored) -> bool {
    matches!(explored.end, End::Broken(_) | End::Stuck(_) | End::Restless)
}

const HEAD: &str = "\
# Planted bugs

What a search of a small world finds of each, and in how many steps at least; made by
`scripts/prove mutants`. The row is that of the design's list of bugs. Trees are chains. Under
its budget the protocol without the bug holds, but for rows 13 and 17 to 19, which take
three-phase commit out of what it takes for granted. *Healed* means that the bug shows when
nothing goes wrong any more. *Not found yet* are bugs that take more than the ladder of budgets
has (`examples/mutants/ladder.rs`) or a node that stays down; they have schedules in the tests.
Seeds are those that a hunt tries until it finds the bug, of 100,000, from `results/hunt.jsonl`
(`examples/hunt.rs`); its faults are within what the protocol promises to bear, but for rows 13 and
17 to 19.

| row | bug | what is wrong | protocol | property | nodes | budget | steps | worlds | seeds |
|--:|---|---|---|---|--:|---|--:|--:|--:|
";

/// The seeds that hunts needed, by name: what `examples/hunt.rs` prints.
fn seeds() -> Vec<(String, String)> {
    let text = fs::read_to_string("results/hunt.jsonl").unwrap_or_default();
    let pair = |line: &str| {
        let (_, rest) = line.split_once(r#""mutant":""#)?;
        let (name, rest) = rest.split_once('"')?;
        let (_, seeds) = rest.split_once(r#""seed":"#)?;
        Some((name.to_string(), seeds.trim_end_matches('}').replace("null", "not found")))
    };
    text.lines().filter_map(pair).collect()
}

fn line(specimen: &Specimen, explored: &Explored, seeds: &[(String, String)]) -> String {
    let rows: Vec<String> = specimen.rows().map(|row| row.to_string()).collect();
    let steps = match &explored.end {
        _ if specimen.budget.steps == 0 => "not found yet".to_string(),
        End::Broken(_) => explored.way.len().to_string(),
        End::Stuck(_) | End::Restless => format!("{}, healed", explored.way.len()),
        End::Holds => "not found".to_string(),
        End::Unfinished => "not found yet".to_string(),
    };
    let seeds = seeds.iter().find(|(name, _)| name == specimen.name);
    format!(
        "| {} | `{}` | {} | `{}` | {} | {} | {} | {steps} | {} | {} |",
        rows.join(", "),
        specimen.name,
        specimen.title,
        specimen.original,
        specimen.property.name(),
        specimen.budget.nodes,
        words(&specimen.budget),
        explored.walk.worlds,
        seeds.map_or("", |(_, seeds)| seeds)
    )
}

/// The budget in words.
fn words(budget: &Budget) -> String {
    let bounds = budget.bounds;
    let mut words = Vec::new();
    let counts = [
        (bounds.crashes, "crash", "crashes"),
        (bounds.losses, "loss", "losses"),
        (bounds.duplicates, "duplicate", "duplicates"),
        (bounds.partitions, "partition", "partitions"),
    ];
    for (number, one, several) in counts {
        match number {
            0 => {}
            1 => words.push(format!("1 {one}")),
            more => words.push(format!("{more} {several}")),
        }
    }
    words.extend(bounds.readers.then(|| "read-only votes".to_string()));
    let patient = bounds.synchrony == commitsim_explore::Synchrony::MessagesFirst;
    words.extend(patient.then(|| "messages first".to_string()));
    if words.is_empty() { "none".to_string() } else { words.join(", ") }
}
