//! The result of one run for people: at most 80 columns where names allow it.

pub(crate) mod data;
mod tables;

use std::fmt::Write as _;

use crate::{Expectation, Run, Verdict, Violation, duration, visible};

/// The width that text is broken to.
const COLUMNS: usize = 80;

/// How many violations are printed; the JSON has them all.
const VIOLATIONS: usize = 20;

// Bold, and one of the eight colours that every terminal has.
const RED: &str = "\u{1b}[1;31m";
const GREEN: &str = "\u{1b}[1;32m";
const YELLOW: &str = "\u{1b}[1;33m";
const RESET: &str = "\u{1b}[0m";

/// What stands above a result besides what the run itself says.
#[derive(Clone, Copy, Debug)]
pub struct Heading<'a> {
    /// The scenario's title.
    pub title: &'a str,
    /// The names of its nodes.
    pub nodes: &'a [String],
    /// How many columns the reader's screen has. A table that is wider is written as a list.
    pub columns: usize,
}

/// Whether verdicts are coloured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Paint {
    /// For files and pipes.
    Plain,
    /// For terminals.
    Coloured,
}

/// The run as text, with a line break at its end.
#[must_use]
pub fn text_of(run: &Run, heading: &Heading<'_>, paint: Paint) -> String {
    let mut text = String::new();
    head(run, heading, &mut text);
    tables::write(run, heading.columns, &mut text);
    data::write(run, &mut text);
    violations(&run.violations, paint, &mut text);
    expectations(&run.expectations, paint, &mut text);
    foot(run, paint, &mut text);
    text
}

/// An entry of a list: a label, and behind it words that are broken into lines below each other,
/// with a line break at the end. `indent` columns are left free before, `room` is for the label.
#[must_use]
pub fn entry(indent: usize, room: usize, label: &str, words: &str) -> String {
    let mut text = format!("{:indent$}{label:room$}", "");
    let column = text.chars().count().max(1);
    wrap_after(column, words, indent + room + 1, &mut text);
    text
}

fn head(run: &Run, heading: &Heading<'_>, text: &mut String) {
    wrap(&visible(heading.title), 0, text);
    let mut about = format!("protocol {}", visible(&run.protocol));
    for (name, value) in &run.options {
        put(&mut about, format_args!(" {}={}", visible(name), visible(value)));
    }
    put(&mut about, format_args!(", {}, seed {}", nodes(heading.nodes), visible(&run.seed)));
    wrap(&about, 2, text);
    let events = run.totals.events;
    let plural = if events == 1 { "" } else { "s" };
    put(text, format_args!("simulated {}, {events} event{plural}\n", duration(run.ended_ns)));
}

/// All names where they are few, otherwise how many and which.
fn nodes(names: &[String]) -> String {
    let all = names.join(" ");
    match names {
        [only] => format!("node {}", visible(only)),
        [first, .., last] if all.chars().count() > 40 => {
            format!("{} nodes from {} to {}", names.len(), visible(first), visible(last))
        }
        _ => format!("nodes {}", visible(&all)),
    }
}

fn violations(violations: &[Violation], paint: Paint, text: &mut String) {
    if violations.is_empty() {
        return;
    }
    text.push_str("\nviolations\n");
    for violation in violations.iter().take(VIOLATIONS) {
        let Violation { property, transaction, at_ns, says, .. } = violation;
        let sentence =
            format!("in transaction {transaction} at {}: {}", duration(*at_ns), visible(says));
        let property = visible(property);
        text.push_str("  ");
        text.push_str(&painted(&property, RED, paint));
        wrap_after(2 + property.chars().count(), &sentence, 4, text);
    }
    if violations.len() > VIOLATIONS {
        put(text, format_args!("  and {} more\n", violations.len() - VIOLATIONS));
    }
}

fn expectations(expectations: &[Expectation], paint: Paint, text: &mut String) {
    if expectations.is_empty() {
        return;
    }
    text.push_str("\nexpectations\n");
    for Expectation { what, wanted, found, ok } in expectations {
        let (what, wanted, found) = (visible(what), visible(wanted), visible(found));
        let (word, color, sentence) = if *ok {
            ("ok    ", GREEN, format!("{what}: {wanted}"))
        } else {
            ("FAILED", RED, format!("{what}: wanted {wanted}, found {found}"))
        };
        text.push_str("  ");
        text.push_str(&painted(word, color, paint));
        text.push(' ');
        wrap_after(9, &sentence, 10, text);
    }
}

fn foot(run: &Run, paint: Paint, text: &mut String) {
    let color = match run.verdict {
        Verdict::Ok => GREEN,
        Verdict::Violated | Verdict::ExpectationFailed => RED,
        Verdict::Inconclusive => YELLOW,
    };
    let verdict = painted(run.verdict.word(), color, paint);
    put(text, format_args!("\nverdict {verdict}\ntrace {}\n", run.trace_hash));
}

fn painted(word: &str, color: &str, paint: Paint) -> String {
    match paint {
        Paint::Plain => word.to_string(),
        Paint::Coloured => format!("{color}{word}{RESET}"),
    }
}

/// Appends words and breaks lines between them; all lines but the first are indented.
fn wrap(words: &str, indent: usize, text: &mut String) {
    wrap_after(0, words, indent, text);
}

/// The same on a line on which `column` columns are taken.
fn wrap_after(mut column: usize, words: &str, indent: usize, text: &mut String) {
    let mut blank = column > 0;
    for word in words.split(' ') {
        let width = word.chars().count();
        if blank && column + 1 + width > COLUMNS {
            put(text, format_args!("\n{:indent$}", ""));
            column = indent;
        } else if blank {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += width;
        blank = true;
    }
    text.push('\n');
}

fn put(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).expect("a String takes everything");
}
