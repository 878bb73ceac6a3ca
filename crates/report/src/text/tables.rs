//! The transactions of a run: a row each while they are few, their spread when they are many.

use crate::span::millis;
use crate::table::{Side, Table};
use crate::{Outcome, Part, Run, Spread, Totals, Transaction, duration};

use super::put;

/// Up to this many transactions have a row each.
const TRANSACTIONS: usize = 20;

/// How many nodes of a single transaction have a row; the JSON has them all.
const NODES: usize = 40;

/// What stands for something that did not happen.
const NEVER: &str = "-";

pub(super) fn write(run: &Run, room: usize, text: &mut String) {
    match run.transactions.as_slice() {
        [] => {}
        [only] => {
            rows(&run.transactions, room, text);
            parts(&only.nodes, room, text);
        }
        few if few.len() <= TRANSACTIONS => rows(few, room, text),
        many => summary(many, room, text),
    }
    accidents(&run.totals, text);
}

fn rows(transactions: &[Transaction], room: usize, text: &mut String) {
    // A single transaction nearly always begins with the run: then a column of zeros tells nothing.
    let later = transactions.iter().any(|transaction| transaction.began_ns > 0);
    let mut columns = vec![("tx", Side::Right), ("outcome", Side::Left)];
    if later {
        columns.push(("began", Side::Right));
    }
    let rest = ["client", "all decided", "messages", "forced", "forgotten"];
    columns.extend(rest.map(|heading| (heading, Side::Right)));
    let mut table = Table::new(&columns);
    for transaction in transactions {
        let began = transaction.began_ns;
        let mut cells = vec![transaction.id.to_string(), transaction.decision.word().to_string()];
        if later {
            cells.push(duration(began));
        }
        cells.extend([
            after(began, transaction.client_ns),
            after(began, transaction.decided_ns),
            transaction.messages.to_string(),
            transaction.forced.to_string(),
            after(began, transaction.forgotten_ns),
        ]);
        table.row(cells);
    }
    text.push('\n');
    table.write(room, text);
    if later {
        text.push_str("  client, all decided and forgotten: time since the transaction began\n");
    }
}

fn parts(parts: &[Part], room: usize, text: &mut String) {
    let mut table = Table::new(&[
        ("node", Side::Left),
        ("vote", Side::Left),
        ("state", Side::Left),
        ("decided at", Side::Right),
        ("in doubt", Side::Right),
        ("blocked", Side::Right),
    ]);
    for part in parts.iter().take(NODES) {
        table.row(vec![
            crate::visible(&part.node).into_owned(),
            part.vote.map_or(NEVER, crate::Vote::word).to_string(),
            part.state.word().to_string(),
            part.decided_ns.map_or_else(|| NEVER.to_string(), duration),
            some(part.in_doubt_ns),
            some(part.blocked_ns),
        ]);
    }
    text.push('\n');
    table.write(room, text);
    if parts.len() > NODES {
        put(text, format_args!("  and {} more nodes\n", parts.len() - NODES));
    }
}

fn summary(transactions: &[Transaction], room: usize, text: &mut String) {
    let count = |outcome| transactions.iter().filter(|tx| tx.decision == outcome).count();
    let outcomes: Vec<String> = [Outcome::Commit, Outcome::Abort, Outcome::None, Outcome::Split]
        .into_iter()
        .filter(|outcome| count(*outcome) > 0)
        .map(|outcome| format!("{} {}", count(outcome), outcome.word()))
        .collect();
    put(text, format_args!("\n{} transactions: {}\n\n", transactions.len(), outcomes.join(", ")));
    latencies(transactions, room, text);
    text.push('\n');
    costs(transactions, room, text);
}

fn latencies(transactions: &[Transaction], room: usize, text: &mut String) {
    let mut columns = vec![("latency", Side::Left)];
    columns.extend(["count", "min", "median", "p99", "max"].map(|name| (name, Side::Right)));
    let mut table = Table::new(&columns);
    let since = |tx: &Transaction, at: Option<u64>| Some(at?.saturating_sub(tx.began_ns));
    let client = Spread::of(transactions.iter().filter_map(|tx| since(tx, tx.client_ns)));
    let decided = Spread::of(transactions.iter().filter_map(|tx| since(tx, tx.decided_ns)));
    for (name, spread) in [("client", client), ("all decided", decided)] {
        let mut cells = vec![name.to_string()];
        cells.push(spread.map_or(0, |spread| spread.count).to_string());
        cells.extend(match spread {
            Some(Spread { min, median, p99, max, .. }) => [min, median, p99, max].map(duration),
            None => std::array::from_fn(|_| NEVER.to_string()),
        });
        table.row(cells);
    }
    table.write(room, text);
}

fn costs(transactions: &[Transaction], room: usize, text: &mut String) {
    let columns = ["mean", "min", "max"].map(|name| (name, Side::Right));
    let mut table = Table::new(&[[("per transaction", Side::Left)].as_slice(), &columns].concat());
    let messages = Spread::of(transactions.iter().map(|tx| tx.messages));
    let forced = Spread::of(transactions.iter().map(|tx| tx.forced));
    for (name, spread) in [("messages", messages), ("forced", forced)] {
        let spread = spread.expect("a summary is of many transactions");
        let mean = millis(spread.mean_thousandths());
        table.row(vec![name.to_string(), mean, spread.min.to_string(), spread.max.to_string()]);
    }
    table.write(room, text);
}

/// What went wrong in the network and with the nodes, where anything did.
fn accidents(totals: &Totals, text: &mut String) {
    let Totals { messages, lost, duplicated, crashes, .. } = *totals;
    if (lost, duplicated, crashes) != (0, 0, 0) {
        put(
            text,
            format_args!(
                "\n{lost} lost and {duplicated} duplicated of {messages} messages, \
                 {crashes} crash{}\n",
                if crashes == 1 { "" } else { "es" }
            ),
        );
    }
}

fn after(began: u64, at: Option<u64>) -> String {
    at.map_or_else(|| NEVER.to_string(), |at| duration(at.saturating_sub(began)))
}

fn some(span: u64) -> String {
    if span == 0 { NEVER.to_string() } else { duration(span) }
}
