//! Proves by exhaustive search what protocols promise, and shows where those that promise less
//! break, shortest first. Writes the table `results/proofs.md`, which is also its memory: rows that
//! are finished in it are not searched again.
//!
//! `cargo run --release -p commitsim-catalog --example prove -- [--again] [--seconds S] [WORD]`
//! searches the rows whose text holds WORD, each for at most S seconds of processor time (1200: ten
//! minutes of two processors).

#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "it measures a search")]

#[path = "../../cli/src/crew.rs"]
mod crew;
mod proofs;

use std::process::ExitCode;
use std::sync::LazyLock;
use std::time::Instant;
use std::{env, fs, io};

use commitsim_catalog::{End, Explored, Inquiry, Options, find};
use commitsim_explore::Quest;
use commitsim_sim::Topology;
use commitsim_spec::Property;

use crew::Threads;
use proofs::{Row, rows};

/// Where the table is, from the top of the tree.
const TABLE: &str = "results/proofs.md";

/// What a search may use.
const MEMORY: u64 = 4 << 30;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = env::args().skip(1).collect();
    let again = take(&mut arguments, "--again").is_some();
    let seconds = take(&mut arguments, "--seconds").map_or(Ok(1200), |at| {
        if at < arguments.len() { arguments.remove(at).parse::<u64>() } else { "".parse() }
    });
    let (Ok(seconds), true) = (seconds, arguments.len() < 2) else {
        eprintln!("usage: prove [--again] [--seconds S] [WORD]");
        return ExitCode::from(2);
    };
    let word = arguments.first().map_or("", String::as_str);
    let mut table: Vec<String> = fs::read_to_string(TABLE)
        .map(|text| text.lines().filter(|line| line.starts_with("| `")).map(String::from).collect())
        .unwrap_or_default();
    let mut surprises = 0;
    for row in rows() {
        let head = row.head();
        let known = table.iter().position(|line| line.starts_with(&head));
        let is_done = known.is_some_and(|at| !table[at].contains("unfinished"));
        if !head.contains(word) || is_done && !again {
            continue;
        }
        let (line, expected) = prove(&row, seconds);
        println!("{line}");
        surprises += u32::from(!expected);
        match known {
            Some(at) => table[at] = line,
            None => table.push(line),
        }
        if let Err(error) = write(&table) {
            eprintln!("{TABLE}: {error}");
            return ExitCode::from(4);
        }
    }
    ExitCode::from(u8::from(surprises > 0))
}

fn take(arguments: &mut Vec<String>, flag: &str) -> Option<usize> {
    let at = arguments.iter().position(|argument| argument == flag)?;
    arguments.remove(at);
    Some(at)
}

/// The row's line, and whether it says what was expected or at least nothing else.
fn prove(row: &Row, seconds: u64) -> (String, bool) {
    let runnable = find(row.id).expect("a proof is about a protocol of the list");
    let options = Options::new(runnable.about(), row.options.iter().copied());
    let options = options.expect("a proof sets options of its protocol");
    let properties = row.property.into_iter().collect();
    let quest =
        Quest { properties, recovery: true, reduced: true, worlds: u64::MAX, memory: MEMORY };
    let topology = &Topology::Chain;
    let inquiry = Inquiry {
        nodes: row.nodes,
        topology,
        options: &options,
        bounds: row.bounds,
        quest: &quest,
    };
    let begun = processor_seconds();
    let explored = runnable.explore(&inquiry, &Threads::new(None), &mut |_| {
        processor_seconds() - begun < seconds as f64
    });
    let took = processor_seconds() - begun;
    let expected = match &explored.end {
        End::Holds => row.property.is_none(),
        End::Unfinished => true,
        _ => row.property.is_some(),
    };
    let Explored { walk, .. } = &explored;
    let line = format!(
        "{}{} | {} | {} | {took:.1} | {} |",
        row.head(),
        verdict(&explored, row.property),
        walk.worlds,
        walk.depth,
        walk.bytes >> 20
    );
    (line, expected)
}

/// How long this process has kept processors busy, all threads together: what a machine that does
/// other things at the same time changes least. Where the system does not tell, twice the time
/// that has passed, for two threads.
fn processor_seconds() -> f64 {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    /// In which units the table of processes counts, by the manual (proc(5)).
    const TICKS: f64 = 100.0;
    let passed = BEGUN.elapsed().as_secs_f64();
    let ticks = || {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        // The name of the program may hold blanks, so it is counted from behind it.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let field = |place: usize| fields.get(place)?.parse::<f64>().ok();
        Some(field(11)? + field(12)?)
    };
    ticks().map_or(2.0 * passed, |ticks| ticks / TICKS)
}

fn verdict(explored: &Explored, sought: Option<Property>) -> String {
    let found = match &explored.end {
        End::Broken(violations) | End::Stuck(violations) => violations.first(),
        _ => None,
    };
    let found = found.map_or("", |violation| violation.property.name());
    let sought = sought.map_or(found, |property| property.name());
    match &explored.end {
        End::Holds => "holds".to_string(),
        End::Unfinished => {
            format!(
                "unfinished after {} worlds, depth {}",
                explored.walk.worlds, explored.walk.depth
            )
        }
        End::Broken(_) => format!("breaks {sought} in {} steps", explored.way.len()),
        End::Stuck(_) => {
            format!("breaks {sought} once healed, after {} steps", explored.way.len())
        }
        End::Restless => format!("never comes to rest, after {} steps", explored.way.len()),
    }
}

const HEAD: &str = "\
# Proofs

What `commitsim explore` says of every protocol within its promise, and where those break that
promise less. Made by `scripts/prove`, with two threads and at most ten minutes of two processors a
row, counted as twenty minutes of processor time (or what `--seconds` says, for what is unfinished
so far); *s* is processor time of one machine and depends on the build, as do how far an unfinished
row came and, from one version to another, worlds and MB; the rest is the same everywhere. A row
holds for all worlds that can come of its bounds: every order of events, every vote of YES and NO,
crashes between any two sends. Without *any losses*, a message that is sent again while it is under
way arrives once. Worlds are told apart by fingerprints of 128 bits. Messages first means that an
alarm goes off only when nothing is under way anywhere. Nodes include the root. *Any losses* means
that every message may be lost, come late or arrive any number of times, which covers
partitions; AC4 is judged in the rows without it. Of each world that is looked at it is also asked
whether it comes to a decision once healed, in one fair order of events, and where there are any
losses in two: all that was sent arrives once more, or nothing of it does. That every fair order
leads to a decision is not claimed. Trees are chains. Worlds are those of the reduced search where
there are any losses: of those that differ in what was sent alone, the ones in which more was.
MB are of fingerprints, hosts and waiting worlds, the latter two estimated.

| protocol | options | nodes | bounds | verdict | worlds | depth | s | MB |
|---|---|--:|---|---|--:|--:|--:|--:|
";

fn write(table: &[String]) -> io::Result<()> {
    let order: Vec<String> = rows().iter().map(Row::head).collect();
    let place = |line: &String| order.iter().position(|head| line.starts_with(head));
    let mut lines: Vec<&String> = table.iter().filter(|line| place(line).is_some()).collect();
    lines.sort_by_key(|line| place(line));
    let mut text = HEAD.to_string();
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    fs::write(TABLE, text)
}
