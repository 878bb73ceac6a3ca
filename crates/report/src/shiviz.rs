//! Traces as a log for ShiViz, which shows who could have known what.
//!
//! ShiViz reads vector clocks, which are made here from sends and arrivals, and has rules that it
//! is silent about when they are broken: a line that does not fit the expression of the first line
//! is skipped. So nothing a stranger wrote stands before the last field, and names are made of
//! letters and digits. Faults of the network happen at no node; they have a line of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::mermaid::names;
use crate::phrase::phrase;
use crate::{Excerpt, Observation, TraceHead, What, quoted, visible};

/// The expression that each line of the log fits.
const LINE: &str =
    r"(?<host>\S+) (?<clock>\{[^}]*\}) (?<t_ns>\d+) (?<tx>\S+) (?<kind>\S+) (?<event>.*)";

/// What parts several runs from each other.
const PARTS: &str = r"^=== (?<trace>.*) ===$";

/// The longest text of an event.
const LONGEST: usize = 400;

/// The log of one or more runs, each with its trace's head and a part of the trace.
#[must_use]
pub fn shiviz(runs: &[(TraceHead, Excerpt)]) -> String {
    let mut log = format!("{LINE}\n{}\n", if runs.len() > 1 { PARTS } else { "" });
    for (number, (head, excerpt)) in (1..).zip(runs) {
        if runs.len() > 1 {
            // The number makes names differ, as they have to.
            let name = fit(&head.protocol);
            let _ = writeln!(log, "=== {number} {name} seed {} ===", fit(&head.seed));
        }
        let mut run = Run::new(head, excerpt);
        for seen in &excerpt.observations {
            run.line(seen, &mut log);
        }
    }
    log
}

/// One run on its way into the log.
struct Run<'a> {
    /// The name of each node, and what it is called in the log.
    hosts: BTreeMap<&'a str, (usize, String)>,
    /// What each host knows of all hosts; the last is the network.
    clocks: Vec<Vec<u64>>,
    names: Vec<String>,
    /// What was known where a message left.
    travelling: BTreeMap<u64, Vec<u64>>,
    lost: BTreeSet<u64>,
    doubled: BTreeSet<u64>,
}

impl<'a> Run<'a> {
    fn new(head: &'a TraceHead, excerpt: &'a Excerpt) -> Run<'a> {
        let nodes = names(head, excerpt);
        let mut names: Vec<String> = Vec::new();
        for name in nodes.iter().copied().chain(["network"]) {
            let name = fit(name);
            let again = |n: usize| if n == 1 { name.clone() } else { format!("{name}-{n}") };
            let free = (1..).map(again).find(|name| !names.contains(name));
            names.push(free.unwrap_or(name));
        }
        let hosts = nodes.iter().copied().zip(names.iter().cloned().enumerate()).collect();
        let clocks = vec![vec![0; names.len()]; names.len()];
        let (mut lost, mut doubled) = (BTreeSet::new(), BTreeSet::new());
        for seen in &excerpt.observations {
            match &seen.what {
                What::Lose { id, .. } => lost.insert(*id),
                What::Duplicate { id, .. } => doubled.insert(*id),
                _ => false,
            };
        }
        Run { hosts, clocks, names, travelling: BTreeMap::new(), lost, doubled }
    }

    fn line(&mut self, seen: &Observation, log: &mut String) {
        let network = self.names.len() - 1;
        let node = self.hosts.get(seen.node.as_str()).map_or(network, |(host, _)| *host);
        let host = match &seen.what {
            // Nobody sees a message vanish, and alarms that are set are no news.
            What::Lose { .. } | What::Arm { .. } | What::Disarm { .. } => return,
            What::Duplicate { id, copy, .. } => {
                if let Some(clock) = self.travelling.get(id).cloned() {
                    self.travelling.insert(*copy, clock);
                }
                return;
            }
            What::Strike { .. } | What::Ease { .. } | What::Heal => network,
            _ => node,
        };
        if let What::Deliver { id, .. } = &seen.what
            && let Some(sent) = self.travelling.remove(id)
        {
            for (known, sent) in self.clocks[host].iter_mut().zip(sent) {
                *known = sent.max(*known);
            }
        }
        self.clocks[host][host] += 1;
        let mut more = "";
        if let What::Send { id, .. } = &seen.what {
            self.travelling.insert(*id, self.clocks[host].clone());
            more = match (self.lost.contains(id), self.doubled.contains(id)) {
                (true, _) => " (lost)",
                (_, true) => " (a copy is made on the way)",
                _ => "",
            };
        }
        let tx = seen.tx.map_or_else(|| "-".to_string(), |tx| tx.to_string());
        let says = phrase(&seen.what);
        let says: String = visible(&says).chars().take(LONGEST).collect();
        let kind = says.split(|char: char| !char.is_alphanumeric()).next().unwrap_or_default();
        let kind = if kind.is_empty() { "-" } else { kind };
        let _ = write!(log, "{} ", self.names[host]);
        self.clock(host, log);
        let _ = writeln!(log, " {} {tx} {kind} {says}{more}", seen.t_ns);
    }

    /// What a host knows, without those of whom it knows nothing.
    fn clock(&self, host: usize, log: &mut String) {
        let known = self.names.iter().zip(&self.clocks[host]).filter(|(_, count)| **count > 0);
        let mut mark = '{';
        for (name, count) in known {
            log.push(mark);
            quoted(name, log);
            let _ = write!(log, ":{count}");
            mark = ',';
        }
        log.push('}');
    }
}

/// A name of letters, digits and a few signs that mean nothing.
fn fit(name: &str) -> String {
    let fits = |char: char| char.is_ascii_alphanumeric() || "-_.".contains(char);
    let name: String =
        name.chars().take(60).map(|char| if fits(char) { char } else { '_' }).collect();
    if name.is_empty() { "_".to_string() } else { name }
}
