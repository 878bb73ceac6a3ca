//! Scenarios as text: those that a search comes to.

use commitsim_core::{About, NodeId, Span, Time, Vote};
use commitsim_sim::{Action, Fault, InFlight, Labour, Luck, Passage, Rhythm, Ring, Tail, Trigger};

use crate::luck::VOTES;
use crate::protocols::ProtocolChoice;
use crate::quantity::written;

/// A scenario with one transaction in which nothing is left to luck. What is not said here is as
/// in a scenario that does not say it.
#[derive(Clone, Copy, Debug)]
pub struct Course<'a> {
    /// One line that says what happens.
    pub title: &'a str,
    /// The protocol.
    pub about: &'a About,
    /// Its options.
    pub choice: &'a ProtocolChoice,
    /// How many nodes hold data.
    pub nodes: u16,
    /// The topology's name: star, chain or min-diameter.
    pub topology: &'a str,
    /// What goes wrong.
    pub faults: &'a [Fault],
    /// Everything else that happens.
    pub luck: &'a Luck,
    /// When the run is judged.
    pub horizon: Time,
}

impl Course<'_> {
    /// The text of the scenario; none where there is a fault that no search comes to.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let faults: Option<Vec<String>> =
            self.faults.iter().map(|fault| self.fault(fault)).collect();
        let luck: [(&str, Vec<String>); 4] = [
            ("messages", self.luck.messages.iter().map(|one| self.passage(one)).collect()),
            ("alarms", self.luck.alarms.iter().map(|one| self.ring(one)).collect()),
            ("work", self.luck.work.iter().map(|one| self.labour(one)).collect()),
            ("disks", self.luck.disks.iter().map(|one| self.rhythm(one)).collect()),
        ];
        let luck = luck.iter().map(|(key, list)| format!("\"{key}\": {}", block("    ", list)));
        let option =
            |(name, value): &(String, String)| format!("{}: {}", quote(name), quote(value));
        let options: Vec<String> = self.choice.options.iter().map(option).collect();
        let id = quote(self.choice.id);
        let protocol = format!("{{\"id\": {id}, \"options\": {{{}}}}}", options.join(", "));
        let lines = [
            "\"format\": \"commitsim/1\"".to_string(),
            format!("\"title\": {}", quote(self.title)),
            "\"seed\": \"0\"".to_string(),
            format!("\"protocols\": [{protocol}]"),
            format!("\"nodes\": {}", self.nodes),
            format!("\"topology\": {}", quote(self.topology)),
            format!("\"horizon\": {}", span(self.horizon - Time::ZERO)),
            format!("\"faults\": {}", block("  ", &faults?)),
            format!("\"luck\": {{\n    {}\n  }}", luck.collect::<Vec<_>>().join(",\n    ")),
        ];
        Some(format!("{{\n  {}\n}}\n", lines.join(",\n  ")))
    }

    /// The names of nodes and helpers, by number.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let helpers = self.about.helpers.iter().map(|name| (*name).to_string());
        (0..self.nodes).map(|node| format!("n{node}")).chain(helpers).collect()
    }

    fn node(&self, node: NodeId) -> String {
        quote(self.names().get(usize::from(node.0)).map_or("?", String::as_str))
    }

    fn fault(&self, fault: &Fault) -> Option<String> {
        let trigger = match &fault.trigger {
            Trigger::At(at) => format!("\"at\": {}", time(*at)),
            Trigger::Amid { at, node, acts } => {
                let amid = format!("{{\"node\": {}, \"acts\": {acts}}}", self.node(*node));
                format!("\"at\": {}, \"amid\": {amid}", time(*at))
            }
            Trigger::When { .. } => return None,
        };
        let action = match &fault.action {
            Action::Crash { node, restart_after: None, tail: Tail::Kept(last) } => {
                let node = self.node(*node);
                format!("\"crash\": {{\"node\": {node}, \"keeps\": {}}}", last.0)
            }
            Action::Restart(node) => format!("\"restart\": {{\"node\": {}}}", self.node(*node)),
            Action::Partition { groups, heal_after: Some(after), in_flight: InFlight::Drop } => {
                let group =
                    |group: &commitsim_core::NodeSet| listed(group.iter().map(|n| self.node(n)));
                let groups = listed(groups.iter().map(group));
                let heal = span(*after);
                format!("\"partition\": {{\"groups\": {groups}, \"heal_after\": {heal}}}")
            }
            _ => return None,
        };
        Some(format!("{{{trigger}, {action}}}"))
    }

    fn passage(&self, passage: &Passage) -> String {
        let (from, to) = (self.node(passage.from), self.node(passage.to));
        let delays = listed(passage.delays.iter().map(|delay| span(*delay)));
        let nth = passage.nth;
        format!("{{\"from\": {from}, \"to\": {to}, \"nth\": {nth}, \"delays\": {delays}}}")
    }

    fn ring(&self, ring: &Ring) -> String {
        let (node, alarm) = (self.node(ring.node), quote(&ring.alarm));
        let (nth, wait) = (ring.nth, span(ring.wait));
        format!("{{\"node\": {node}, \"alarm\": {alarm}, \"nth\": {nth}, \"wait\": {wait}}}")
    }

    fn labour(&self, labour: &Labour) -> String {
        let (node, nth, length) = (self.node(labour.node), labour.nth, span(labour.length));
        let known = |(_, vote): &&(&str, Vote)| *vote == labour.vote;
        let vote = quote(VOTES.iter().find(known).map_or("?", |(name, _)| name));
        format!("{{\"node\": {node}, \"nth\": {nth}, \"length\": {length}, \"vote\": {vote}}}")
    }

    fn rhythm(&self, rhythm: &Rhythm) -> String {
        let (node, until) = (self.node(rhythm.node), time(rhythm.until));
        let at = listed(rhythm.at.iter().map(|at| time(*at)));
        format!("{{\"node\": {node}, \"until\": {until}, \"at\": {at}}}")
    }
}

/// A text as JSON.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Values in one line.
pub(crate) fn listed(values: impl Iterator<Item = String>) -> String {
    format!("[{}]", values.collect::<Vec<_>>().join(", "))
}

/// Values in a line each, in brackets that stand `indent` deep.
fn block(indent: &str, values: &[String]) -> String {
    if values.is_empty() {
        return "[]".to_string();
    }
    let lines = values.join(&format!(",\n{indent}  "));
    format!("[\n{indent}  {lines}\n{indent}]")
}

fn time(time: Time) -> String {
    span(time - Time::ZERO)
}

fn span(span: Span) -> String {
    quote(&written(span))
}
