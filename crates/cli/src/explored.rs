//! What `commitsim explore` prints of a search.

use std::time::Duration;

use commitsim_catalog::{End, Explored};
use commitsim_core::{About, NodeId, Vote};
use commitsim_explore::{Said, Step, Walk};
use commitsim_spec::{Property, Violation};
use serde::Serialize;

use crate::commands::explore::{ExploreArgs, Timing};

/// What is printed.
#[derive(Debug, Serialize)]
pub(crate) struct Report<'a> {
    format: &'static str,
    protocol: &'a str,
    options: &'a [String],
    nodes: u16,
    crashes: u8,
    losses: u8,
    duplicates: u8,
    partitions: u8,
    unreliable: bool,
    alarms: Option<u8>,
    synchrony: &'static str,
    read_only: bool,
    properties: &'a [String],
    verdict: &'static str,
    worlds: u64,
    choices: u64,
    depth: u32,
    recovery: bool,
    seconds: f64,
    worlds_per_second: u64,
    peak_bytes: u64,
    fingerprint_bytes: u64,
    waiting_bytes: u64,
    waiting_worlds: u64,
    shared_bytes: u64,
    violations: Vec<Objected>,
    way: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Objected {
    property: &'static str,
    says: String,
}

impl<'a> Report<'a> {
    pub(crate) fn new(
        args: &'a ExploreArgs,
        about: &About,
        explored: &Explored,
        elapsed: Duration,
    ) -> Report<'a> {
        let names = Names { voters: args.nodes, about };
        let (verdict, violations): (_, &[Violation]) = match &explored.end {
            End::Holds => ("holds", &[]),
            End::Broken(violations) => ("broken", violations),
            End::Stuck(violations) => ("stuck", violations),
            End::Restless => ("restless", &[]),
            End::Unfinished => ("unfinished", &[]),
        };
        let objected = |violation: &Violation| Objected {
            property: violation.property.name(),
            says: violation.says(&|node| names.node(node)),
        };
        Report {
            format: "commitsim-explore/1",
            protocol: &args.protocol,
            options: &args.options,
            nodes: args.nodes,
            crashes: args.crashes,
            losses: args.losses,
            duplicates: args.duplicates,
            partitions: args.partitions,
            unreliable: args.unreliable,
            alarms: args.alarms,
            synchrony: match args.synchrony {
                Timing::Asynchronous => "asynchronous",
                Timing::MessagesFirst => "messages-first",
            },
            read_only: args.read_only,
            properties: &args.properties,
            verdict,
            worlds: explored.walk.worlds,
            choices: explored.walk.choices,
            depth: explored.walk.depth,
            recovery: !args.safety_only,
            seconds: (elapsed.as_secs_f64() * 1e3).round() / 1e3,
            worlds_per_second: rate(&explored.walk, elapsed),
            peak_bytes: explored.walk.bytes,
            fingerprint_bytes: explored.walk.fingerprints,
            waiting_bytes: explored.walk.waiting_bytes,
            waiting_worlds: explored.walk.waiting,
            shared_bytes: explored.walk.shared,
            violations: violations.iter().map(objected).collect(),
            way: explored.way.iter().map(|step| names.step(step)).collect(),
        }
    }

    pub(crate) fn text(&self) -> String {
        let worlds = self.worlds;
        let mut text = format!("{}, {}\n", self.whose(), self.bounds());
        text.push_str(&match self.verdict {
            "holds" if self.unreliable => {
                format!("  holds in all worlds; {worlds} of them stand for the others\n")
            }
            "holds" => format!("  holds in all {}\n", count(worlds, "world")),
            "unfinished" => {
                format!("  given up after {}, depth {}\n", count(worlds, "world"), self.depth)
            }
            _ => format!("  broken in {}\n", count(self.way.len() as u64, "step")),
        });
        if self.verdict == "holds" {
            text.push_str(match (self.recovery, self.unreliable) {
                (true, _) if !self.looks_for_ends() => NOT_LOOKED_FOR,
                (true, false) => HEALED,
                (true, true) => HEALED_TWICE,
                (false, _) => NOT_HEALED,
            });
        }
        for (step, number) in self.way.iter().zip(1..) {
            text.push_str(&format!("  {number:>3}  {step}\n"));
        }
        if self.verdict == "restless" {
            text.push_str("  when nothing goes wrong any more, it goes on for ever\n");
        }
        for Objected { property, says } in &self.violations {
            let when = if self.verdict == "stuck" { "once healed, " } else { "" };
            text.push_str(&format!("  {property}: {when}{says}\n"));
        }
        text
    }

    /// Whether it is looked for that all come to a decision.
    fn looks_for_ends(&self) -> bool {
        let ends = Property::Ac5.name();
        self.properties.is_empty() || self.properties.iter().any(|name| name == ends)
    }

    fn whose(&self) -> String {
        let options: String = self.options.iter().map(|option| format!(" {option}")).collect();
        format!("{}{options} with {}", self.protocol, count(self.nodes.into(), "node"))
    }

    /// Every bound in force.
    fn bounds(&self) -> String {
        let mut bounds = vec![count(self.crashes.into(), "crash")];
        if self.unreliable {
            bounds.push("any losses, duplicates and partitions".to_string());
        } else {
            bounds.push(count(self.losses.into(), "loss"));
            bounds.push(count(self.duplicates.into(), "duplicate"));
            bounds.push(count(self.partitions.into(), "partition"));
        }
        bounds.extend(self.alarms.map(|most| format!("at most {}", count(most.into(), "alarm"))));
        bounds.push(self.synchrony.to_string());
        bounds.extend(self.read_only.then(|| "read-only votes".to_string()));
        if !self.properties.is_empty() {
            bounds.push(format!("{} only", self.properties.join(" and ")));
        }
        bounds.join(", ")
    }
}

/// What is claimed of termination where every world was healed.
const HEALED: &str =
    "  each of them, once healed, comes to a decision in one fair order of events\n";

/// The same where the network is unreliable.
const HEALED_TWICE: &str = "  each of these, once healed, comes to a decision, whether all that \
                            was sent arrives once more or nothing of it does\n";

/// What is said where every world was healed, but others of its ills were looked for.
const NOT_LOOKED_FOR: &str =
    "  each was healed too; whether all come to a decision was not asked\n";

/// What is said where none was.
const NOT_HEALED: &str = "  no world was healed: whether all come to a decision was not asked\n";

/// How fast a search was, in worlds a second.
pub(crate) fn rate(walk: &Walk, elapsed: Duration) -> u64 {
    (walk.worlds as f64 / elapsed.as_secs_f64().max(1e-9)) as u64
}

/// So many of a thing, in words.
fn count(number: u64, thing: &str) -> String {
    match (number, thing.ends_with('s') || thing.ends_with("sh")) {
        (1, _) => format!("1 {thing}"),
        (_, true) => format!("{number} {thing}es"),
        (_, false) => format!("{number} {thing}s"),
    }
}

/// The names of nodes, messages and alarms.
struct Names<'a> {
    voters: u16,
    about: &'a About,
}

impl Names<'_> {
    fn node(&self, node: NodeId) -> String {
        let helper = node.0.checked_sub(self.voters).map(usize::from);
        match helper.and_then(|helper| self.about.helpers.get(helper)) {
            Some(name) => (*name).to_string(),
            None => format!("n{}", node.0),
        }
    }

    fn said(&self, said: &Said) -> String {
        let name = self.about.messages.get(usize::from(said.word.tag)).copied().unwrap_or("?");
        format!("{name} from {} to {}", self.node(said.from), self.node(said.to))
    }

    fn step(&self, step: &Step) -> String {
        match step {
            Step::Begin => "the transaction begins".to_string(),
            Step::Deliver(said) => format!("{} arrives", self.said(said)),
            Step::Duplicate(said) => format!("{} arrives, and will again", self.said(said)),
            Step::Lose(said) => format!("{} is lost", self.said(said)),
            Step::Vote(node, vote) => {
                let vote = match vote {
                    Vote::Yes => "YES",
                    Vote::No => "NO",
                    Vote::ReadOnly => "read-only",
                };
                format!("{} ends its work with {vote}", self.node(*node))
            }
            Step::Sync(node) => format!("the log of {} is on disk", self.node(*node)),
            Step::Fire(node, timer) => {
                let name = self.about.timers.get(usize::from(*timer)).copied().unwrap_or("?");
                format!("the alarm {name} of {} goes off", self.node(*node))
            }
            Step::Crash(node, kept) => {
                format!("{} crashes, {} records are left", self.node(*node), kept.0)
            }
            Step::Amid(step, acts, kept) => format!(
                "{}; the node crashes after {acts} acts of that, {} records are left",
                self.step(step),
                kept.0
            ),
            Step::Restart(node) => format!("{} restarts", self.node(*node)),
            Step::Part(part) => {
                let names: Vec<String> = part.iter().map(|node| self.node(node)).collect();
                format!("the network parts: {} and the others", names.join(", "))
            }
            Step::Mend => "the network is whole again".to_string(),
            Step::Silence => "everything under way is lost".to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_a_thing_and_several() {
        assert_eq!(count(1, "crash"), "1 crash");
        assert_eq!(count(2, "crash"), "2 crashes");
        assert_eq!(count(0, "loss"), "0 losses");
        assert_eq!(count(1, "partition"), "1 partition");
        assert_eq!(count(3, "world"), "3 worlds");
    }
}
