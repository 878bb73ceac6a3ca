//! The pending-transactions table: who has not ended which transaction at an instant, what it
//! holds, and whose answer it awaits (protocols.md 2.2).

use std::collections::{BTreeMap, BTreeSet};

use crate::table::{Side, Table};
use crate::{Decided, LockMode, Means, Observation, Standing, What, duration, entry, visible};

/// How many locks of a row are written out.
const LOCKS: usize = 6;

/// The table as it stands at one instant of a run, when all of that instant has happened.
#[derive(Clone, Debug)]
pub struct Pending {
    at_ns: u64,
    rows: BTreeMap<(u32, String), Row>,
    roots: BTreeMap<u32, String>,
    down: BTreeMap<String, u64>,
}

/// One transaction at one node that has to remember it.
#[derive(Clone, Debug)]
struct Row {
    began_ns: u64,
    doubt_ns: Option<u64>,
    asked: bool,
    decision: Option<Decided>,
    locks: BTreeMap<u32, LockMode>,
    waits: Option<(u32, u32)>,
    awaits: BTreeMap<String, Awaited>,
}

/// What a node waits for from another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Awaited {
    Vote,
    Outcome,
    Acknowledgement,
}

impl Pending {
    /// The table at that time of the run.
    #[must_use]
    pub fn at(at_ns: u64) -> Pending {
        let (rows, roots, down) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Pending { at_ns, rows, roots, down }
    }

    /// Takes the next observation in; those behind its time change nothing.
    pub fn see(&mut self, seen: &Observation) {
        if seen.t_ns > self.at_ns {
            return;
        }
        match &seen.what {
            What::Crash { .. } => {
                self.down.insert(seen.node.clone(), seen.t_ns);
                self.rows.retain(|(_, node), _| *node != seen.node);
            }
            What::Restart => {
                self.down.remove(&seen.node);
            }
            _ => {}
        }
        let Some(tx) = seen.tx else { return };
        let key = (tx, seen.node.clone());
        match &seen.what {
            What::Begin => {
                self.roots.entry(tx).or_insert_with(|| seen.node.clone());
                self.rows.insert(key, Row::new(seen.t_ns));
            }
            What::Forget => {
                self.rows.remove(&key);
            }
            // Taken again before the transaction itself is back.
            What::Lock { .. } if !self.rows.contains_key(&key) => {
                let mut row = Row::new(seen.t_ns);
                row.change(seen);
                self.rows.insert(key, row);
            }
            _ => {
                if let Some(row) = self.rows.get_mut(&key) {
                    row.change(seen);
                }
            }
        }
    }

    /// The table for people, `columns` wide where names allow it, under a line that says when.
    #[must_use]
    pub fn text(&self, under: &str, columns: usize) -> String {
        let mut text = format!("pending at {} under {}\n", duration(self.at_ns), visible(under));
        let headings = ["tx", "node", "part", "stands", "since", "awaits", "locks"];
        let sides = [Side::Right].into_iter().chain([Side::Left; 6]);
        let mut table = Table::new(&headings.into_iter().zip(sides).collect::<Vec<_>>());
        for ((tx, node), row) in &self.rows {
            let root = self.roots.get(tx) == Some(node);
            table.row(vec![
                tx.to_string(),
                visible(node).into_owned(),
                if root { "root" } else { "participant" }.to_string(),
                row.stands(),
                duration(row.doubt_ns.unwrap_or(row.began_ns)),
                row.awaited(),
                row.held(),
            ]);
        }
        if self.rows.is_empty() {
            text.push_str("  nothing\n");
        } else {
            table.write(columns, &mut text);
        }
        for (node, since) in &self.down {
            let words = format!("{} is down since {}", visible(node), duration(*since));
            text.push_str(&entry(2, 0, "", &words));
        }
        text
    }
}

impl Row {
    fn new(began_ns: u64) -> Row {
        Row {
            began_ns,
            doubt_ns: None,
            asked: false,
            decision: None,
            locks: BTreeMap::new(),
            waits: None,
            awaits: BTreeMap::new(),
        }
    }

    fn change(&mut self, seen: &Observation) {
        match &seen.what {
            What::Enter { status: Standing::InDoubt } => {
                self.doubt_ns.get_or_insert(seen.t_ns);
            }
            What::Send { means, to, .. } => {
                let awaited = match means {
                    Some(Means::Request) => Awaited::Vote,
                    Some(Means::Yes | Means::Question) => Awaited::Outcome,
                    Some(Means::Commit | Means::Abort) => Awaited::Acknowledgement,
                    Some(Means::No | Means::ReadOnly | Means::Members) | None => return,
                };
                self.asked |= *means == Some(Means::Question);
                self.awaits.insert(to.clone(), awaited);
            }
            What::Deliver { from, .. } => {
                self.awaits.remove(from);
            }
            What::Decide { decision, .. } => {
                self.decision = Some(*decision);
                self.awaits.retain(|_, awaited| *awaited == Awaited::Acknowledgement);
            }
            What::Lock { item, mode } => {
                let held = self.locks.entry(*item).or_insert(*mode);
                *held = (*held).max(*mode);
                self.waits = self.waits.filter(|(waited, _)| waited != item);
            }
            What::Wait { item, behind } => self.waits = Some((*item, *behind)),
            What::Unlock => {
                self.locks.clear();
                self.waits = None;
            }
            _ => {}
        }
    }

    fn stands(&self) -> String {
        match (self.decision, self.doubt_ns) {
            (Some(Decided::Commit), _) => "committed".to_string(),
            (Some(Decided::Abort), _) => "aborted".to_string(),
            (None, Some(_)) if self.asked => "blocked".to_string(),
            (None, Some(_)) => "in doubt".to_string(),
            (None, None) => "working".to_string(),
        }
    }

    fn awaited(&self) -> String {
        let mut groups: BTreeMap<Awaited, BTreeSet<&str>> = BTreeMap::new();
        for (node, awaited) in &self.awaits {
            groups.entry(*awaited).or_default().insert(node);
        }
        let mut words: Vec<String> = Vec::new();
        if let Some((item, behind)) = self.waits {
            words.push(format!("item {item} of transaction {behind}"));
        }
        for (awaited, nodes) in groups {
            let what = match awaited {
                Awaited::Vote => "vote",
                Awaited::Outcome => "outcome",
                Awaited::Acknowledgement => "ack",
            };
            let nodes: Vec<_> = nodes.into_iter().map(visible).collect();
            words.push(format!("{what} of {}", nodes.join(" ")));
        }
        if words.is_empty() { "-".to_string() } else { words.join(", ") }
    }

    fn held(&self) -> String {
        let mode = |mode: &LockMode| if *mode == LockMode::Exclusive { "x" } else { "s" };
        let written = self.locks.iter().map(|(item, held)| format!("{item}{}", mode(held)));
        let mut words: Vec<String> = written.take(LOCKS).collect();
        if self.locks.len() > LOCKS {
            words.push(format!("and {} more", self.locks.len() - LOCKS));
        }
        if words.is_empty() { "-".to_string() } else { words.join(" ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(t_ns: u64, node: &str, what: &str) -> Observation {
        let line = format!(r#"{{"seq":0,"t_ns":{t_ns},"node":"{node}","tx":0,{what}}}"#);
        Observation::read(&line).unwrap()
    }

    #[test]
    fn both_ends_are_seen() {
        let send = |means: &str, to: &str| {
            format!(
                r#""kind":"send","id":0,"message":"M","detail":0,"means":"{means}","to":"{to}""#
            )
        };
        let story = [
            seen(0, "n0", r#""kind":"begin""#),
            seen(0, "n0", &send("request", "n1")),
            seen(1, "n1", r#""kind":"begin""#),
            seen(1, "n1", r#""kind":"lock","item":7,"mode":"exclusive""#),
            seen(1, "n1", r#""kind":"wait","item":9,"behind":3"#),
            seen(2, "n1", r#""kind":"lock","item":9,"mode":"shared""#),
            seen(3, "n1", r#""kind":"enter","status":"in-doubt""#),
            seen(3, "n1", &send("yes", "n0")),
            seen(4, "n0", r#""kind":"crash","kept":0,"appended":0"#),
            seen(9, "n1", &send("question", "n0")),
        ];
        let at = |at_ns: u64| {
            let mut pending = Pending::at(at_ns);
            story.iter().for_each(|seen| pending.see(seen));
            pending.text("2pc", 80)
        };
        let first = at(1);
        assert!(first.contains("vote of n1"), "{first}");
        assert!(first.contains("item 9 of transaction 3"), "{first}");
        let doubt = at(3);
        assert!(doubt.contains("in doubt"), "{doubt}");
        assert!(doubt.contains("7x 9s"), "{doubt}");
        let blocked = at(9);
        assert!(blocked.contains("blocked"), "{blocked}");
        assert!(blocked.contains("outcome of n0"), "{blocked}");
        assert!(blocked.contains("n0 is down since 4 ns"), "{blocked}");
        assert!(Pending::at(0).text("2pc", 80).contains("nothing"));
    }
}
