//! The results of several protocols on one scenario, a row each.

use crate::span::millis;
use crate::table::{Side, Table};
use crate::text::data::ratios;
use crate::{Outcome, Run, Spread, Transaction, duration, entry, visible};

/// What stands for something that did not happen.
const NEVER: &str = "-";

/// A column: its heading, the side on which its cells stand, and what it means where the heading
/// does not say it.
type Column = (&'static str, Side, &'static str);

const ONE: [Column; 7] = [
    ("result", Side::Left, ""),
    ("client", Side::Right, ""),
    ("decided", Side::Right, ""),
    ("over", Side::Right, "over: all is forgotten"),
    ("msgs", Side::Right, ""),
    ("forced", Side::Right, ""),
    ("blocked", Side::Right, "blocked: the node that was so longest"),
];

const MANY: [Column; 7] = [
    ("commit", Side::Right, ""),
    ("abort", Side::Right, ""),
    ("client", Side::Right, "client, decided: medians, since each began"),
    ("decided", Side::Right, ""),
    ("msgs", Side::Right, "msgs, forced: means"),
    ("forced", Side::Right, ""),
    ("blocked", Side::Right, "blocked: transactions"),
];

/// One table of all these runs, and a line about what its columns mean. A column in which nothing
/// stands is left out; a table that is wider than `columns` all the same is written as a list.
#[must_use]
pub fn side_by_side(runs: &[Run], columns: usize) -> String {
    let one_each = runs.iter().all(|run| run.transactions.len() == 1);
    let (about, cells) = if one_each { (ONE, of_one as Cells) } else { (MANY, of_many as Cells) };
    let rows: Vec<[String; 7]> = runs.iter().map(cells).collect();
    let tells = |n: &usize| rows.iter().any(|row| row[*n] != NEVER);
    let kept: Vec<usize> = (0..about.len()).filter(tells).collect();
    let mut headings = vec![("protocol", Side::Left)];
    headings.extend(kept.iter().map(|n| (about[*n].0, about[*n].1)));
    headings.push(("verdict", Side::Left));
    let mut table = Table::new(&headings);
    for (run, row) in runs.iter().zip(&rows) {
        let mut all = vec![label(run, runs)];
        all.extend(kept.iter().map(|n| row[*n].clone()));
        all.push(run.verdict.word().to_string());
        table.row(all);
    }
    let mut text = "side by side\n".to_string();
    table.write(columns, &mut text);
    let meanings: Vec<&str> =
        kept.iter().map(|n| about[*n].2).filter(|words| !words.is_empty()).collect();
    let labels: Vec<String> = runs.iter().map(|run| label(run, runs)).collect();
    text + &entry(1, 0, "", &meanings.join("; ")) + &ratios(runs, &labels)
}

type Cells = fn(&Run) -> [String; 7];

/// The protocol, with its options where the id alone is not enough.
fn label(run: &Run, runs: &[Run]) -> String {
    let namesakes = runs.iter().filter(|other| other.protocol == run.protocol).count();
    let mut label = visible(&run.protocol).into_owned();
    for (name, value) in run.options.iter().filter(|_| namesakes > 1) {
        label.push_str(&format!(" {}={}", visible(name), visible(value)));
    }
    label
}

fn of_one(run: &Run) -> [String; 7] {
    let transaction = &run.transactions[0];
    let since = |at: Option<u64>| {
        at.map_or_else(|| NEVER.to_string(), |at| duration(at.saturating_sub(transaction.began_ns)))
    };
    let blocked = longest_blocked(transaction);
    [
        transaction.decision.word().to_string(),
        since(transaction.client_ns),
        since(transaction.decided_ns),
        since(transaction.forgotten_ns),
        transaction.messages.to_string(),
        transaction.forced.to_string(),
        if blocked == 0 { NEVER.to_string() } else { duration(blocked) },
    ]
}

fn of_many(run: &Run) -> [String; 7] {
    let all = || run.transactions.iter();
    let count = |outcome| all().filter(|tx| tx.decision == outcome).count().to_string();
    let median = |at: fn(&Transaction) -> Option<u64>| {
        let spread = Spread::of(all().filter_map(|tx| Some(at(tx)?.saturating_sub(tx.began_ns))));
        spread.map_or_else(|| NEVER.to_string(), |spread| duration(spread.median))
    };
    let mean = |of: fn(&Transaction) -> u64| {
        Spread::of(all().map(of))
            .map_or_else(|| NEVER.to_string(), |spread| millis(spread.mean_thousandths()))
    };
    let blocked = all().filter(|tx| longest_blocked(tx) > 0).count();
    [
        count(Outcome::Commit),
        count(Outcome::Abort),
        median(|tx| tx.client_ns),
        median(|tx| tx.decided_ns),
        mean(|tx| tx.messages),
        mean(|tx| tx.forced),
        if blocked == 0 { NEVER.to_string() } else { blocked.to_string() },
    ]
}

/// How long the node was blocked that was so longest.
fn longest_blocked(transaction: &Transaction) -> u64 {
    transaction.nodes.iter().map(|part| part.blocked_ns).max().unwrap_or(0)
}
