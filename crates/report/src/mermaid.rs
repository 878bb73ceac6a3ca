//! A trace as a sequence diagram in Mermaid, which wikis and code forges draw.
//!
//! Its arrows are horizontal, so that a message stands where it arrives or is lost; both times are
//! written at it. What Mermaid cannot take is cut, with a note: it refuses texts above 50,000
//! characters, and more than a few hundred messages nobody reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::{Excerpt, Observation, TraceHead, What, duration, visible};

/// How many messages are drawn at most.
const MESSAGES: u32 = 300;

/// How many characters a diagram has at most; the rest of Mermaid's 50,000 is for its end.
const CHARACTERS: usize = 48_000;

/// A message on its way: its name, its sender and when it left.
struct Travelling<'a> {
    name: &'a str,
    from: &'a str,
    to: &'a str,
    left_ns: u64,
}

/// The diagram, with a line break at its end.
#[must_use]
pub fn mermaid(head: &TraceHead, excerpt: &Excerpt) -> String {
    let mut diagram = Diagram {
        text: String::from("sequenceDiagram\n"),
        nodes: Vec::new(),
        travelling: BTreeMap::new(),
        messages: 0,
    };
    let title = head.title.as_deref().unwrap_or(&head.protocol);
    let _ = writeln!(diagram.text, "    title {} ({})", words(title), words(&head.protocol));
    for node in names(head, excerpt) {
        let n = diagram.nodes.len();
        let _ = writeln!(diagram.text, "    participant p{n} as {}", words(node));
        diagram.nodes.push(node);
    }
    let mut shown = 0;
    for seen in &excerpt.observations {
        if diagram.messages >= MESSAGES || diagram.text.chars().count() > CHARACTERS {
            break;
        }
        diagram.draw(seen);
        shown += 1;
    }
    let hidden = excerpt.observations.len() as u64 - shown + excerpt.left_out;
    diagram.end(hidden);
    diagram.text
}

/// The nodes of the header, and whoever else turns up.
pub(crate) fn names<'a>(head: &'a TraceHead, excerpt: &'a Excerpt) -> Vec<&'a str> {
    let mut names: Vec<&str> = head.nodes.iter().map(String::as_str).collect();
    for seen in &excerpt.observations {
        let other = match &seen.what {
            What::Send { to: other, .. }
            | What::Deliver { from: other, .. }
            | What::Lose { from: other, .. } => Some(other),
            _ => None,
        };
        for name in [Some(&seen.node), other].into_iter().flatten() {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    names
}

struct Diagram<'a> {
    text: String,
    nodes: Vec<&'a str>,
    travelling: BTreeMap<u64, Travelling<'a>>,
    messages: u32,
}

impl<'a> Diagram<'a> {
    fn draw(&mut self, seen: &'a Observation) {
        let at = duration(seen.t_ns);
        let mut note = |words: String| {
            let n = self.nodes.iter().position(|node| *node == seen.node).unwrap_or(0);
            let _ = writeln!(self.text, "    Note over p{n}: {words}, {at}");
        };
        match &seen.what {
            What::Send { id, message, to, .. } => {
                let from = seen.node.as_str();
                let left_ns = seen.t_ns;
                self.travelling.insert(*id, Travelling { name: message, from, to, left_ns });
            }
            What::Duplicate { copy, message, from, .. } => {
                let (to, left_ns) = (seen.node.as_str(), seen.t_ns);
                self.travelling.insert(*copy, Travelling { name: message, from, to, left_ns });
            }
            What::Deliver { id, message, from, .. } => {
                self.arrow("->>", *id, (message, from, &seen.node), seen.t_ns, "");
            }
            What::Lose { id, message, from, .. } => {
                self.arrow("-x", *id, (message, from, &seen.node), seen.t_ns, " lost");
            }
            What::Begin => note("begins".to_string()),
            What::Vote { vote } => note(format!("votes {}", vote.word())),
            What::Append { record, forced: false, .. } => {
                note(format!("writes {}", words(record)));
            }
            What::Append { record, forced: true, .. } => note(format!("forces {}", words(record))),
            What::Durable { record, .. } => note(format!("has {} on disk", words(record))),
            What::Decide { decision, .. } => note(format!("decides {}", decision.word())),
            What::Fire { timer } => note(format!("{} goes off", words(timer))),
            What::Crash { .. } => note("crashes".to_string()),
            What::Restart => note("restarts".to_string()),
            What::Strike { fault, action } => {
                let action = action.as_deref().unwrap_or("storm");
                note(format!("fault {fault} begins ({})", words(action)));
            }
            What::Ease { fault, .. } => note(format!("fault {fault} ends")),
            What::Heal => note("everything heals".to_string()),
            What::Force { .. } | What::Work | What::Enter { .. } | What::Forget => {}
            What::Arm { .. } | What::Disarm { .. } => {}
            What::Wait { item, .. } => note(format!("waits for item {item}")),
            What::Change { item, before, after } => {
                note(format!("item {item}: {before} to {after}"))
            }
            What::Lock { .. } | What::Borrow { .. } | What::Unlock => {}
        }
    }

    /// An arrow with the times at which its message left and came to its end.
    fn arrow(
        &mut self,
        kind: &str,
        id: u64,
        (name, from, to): (&str, &str, &str),
        at_ns: u64,
        how: &str,
    ) {
        let left = self.travelling.remove(&id).map(|sent| duration(sent.left_ns));
        let left = left.unwrap_or_else(|| "earlier".to_string());
        let times = format!("{left} to {}", duration(at_ns));
        self.line(kind, name, from, to, &format!("{times}{how}"));
    }

    fn line(&mut self, kind: &str, name: &str, from: &str, to: &str, more: &str) {
        let place = |name: &str| self.nodes.iter().position(|node| *node == name).unwrap_or(0);
        let (from, to) = (place(from), place(to));
        let _ = writeln!(self.text, "    p{from}{kind}p{to}: {}, {more}", words(name));
        self.messages += 1;
    }

    /// What is still under way, and what was left out.
    fn end(&mut self, hidden: u64) {
        for sent in std::mem::take(&mut self.travelling).into_values() {
            if self.messages >= MESSAGES || self.text.chars().count() > CHARACTERS {
                break;
            }
            let more = format!("{}, still under way", duration(sent.left_ns));
            self.line("-)", sent.name, sent.from, sent.to, &more);
        }
        if hidden > 0 && !self.nodes.is_empty() {
            let last = self.nodes.len() - 1;
            let _ = writeln!(self.text, "    Note over p0,p{last}: {hidden} more observations");
        }
    }
}

/// A text that Mermaid takes for nothing else: no semicolon ends a statement, no number sign
/// begins an entity, no bracket a tag, and the word `end` ends nothing.
fn words(text: &str) -> String {
    let mut words = String::new();
    for char in visible(text).chars().take(120) {
        match char {
            ';' | '#' | '<' | '>' | '&' | '"' | '%' | ':' | '{' | '}' | '\\' => {
                let _ = write!(words, "#{};", u32::from(char));
            }
            _ => words.push(char),
        }
    }
    if words.trim().eq_ignore_ascii_case("end") {
        words.insert_str(0, "#8203;");
    }
    words
}
