//! Scenarios as text: those that a hunt, a shrinking or a search comes to.

use commitsim_core::{About, Factor, NodeId, NodeSet, Patience, Span, Time};
use commitsim_rng::{Parameters, Ratio, Seed, Shape};
use commitsim_sim::{
    Arrivals, Coordinator, Link, Network, Order, Participants, Setup, Topology, Votes, Workload,
};

use crate::network;
use crate::protocols::ProtocolChoice;
use crate::quantity::written;
use crate::{system, write_data};

/// As fine as a factor that was read can be: its denominator has 32 bits and divides this.
const UNIT: Span = Span(1_000_000_000);

/// A scenario of one protocol that is to be written. What is as in a scenario that does not say it
/// is not written.
#[derive(Clone, Copy, Debug)]
pub struct Script<'a> {
    /// One line that says what happens.
    pub title: &'a str,
    /// The protocol.
    pub about: &'a About,
    /// Its options.
    pub choice: &'a ProtocolChoice,
    /// The names of the nodes that hold data, by number.
    pub names: &'a [String],
    /// Where all luck comes from that is not said.
    pub seed: Seed,
    /// The system, without a storm, and what happens to it.
    pub setup: &'a Setup,
    /// How long timers wait.
    pub patience: &'a Patience,
}

impl Script<'_> {
    /// The text of the scenario, which reads back as the same setup.
    #[must_use]
    pub fn text(&self) -> String {
        let setup = self.setup;
        let mut lines = vec![
            "\"format\": \"commitsim/1\"".to_string(),
            format!("\"title\": {}", quote(self.title)),
            format!("\"seed\": \"{}\"", self.seed),
            format!("\"protocols\": [{}]", self.protocol()),
            format!("\"nodes\": {}", self.nodes()),
        ];
        let mut key = |name: &str, value: Option<String>| {
            lines.extend(value.map(|value| format!("{}: {value}", quote(name))));
        };
        key("topology", self.topology());
        key("network", self.network(&setup.network));
        key("disk", disk(setup));
        key("work", self.work());
        key("votes", self.votes(&setup.votes));
        key("patience", patience(self.patience));
        key("workload", self.workload(&setup.workload));
        key("horizon", Some(time(setup.horizon)));
        let faults = setup.faults.iter().map(|fault| self.fault(fault));
        let faults: Vec<String> = faults.filter(|text| is_known(text)).collect();
        key("faults", (!faults.is_empty()).then(|| block("  ", &faults)));
        key("luck", self.luck());
        format!("{{\n  {}\n}}\n", lines.join(",\n  "))
    }

    fn protocol(&self) -> String {
        let option =
            |(name, value): &(String, String)| format!("{}: {}", quote(name), quote(value));
        let options: Vec<String> = self.choice.options.iter().map(option).collect();
        let id = quote(self.choice.id);
        format!("{{\"id\": {id}, \"options\": {{{}}}}}", options.join(", "))
    }

    /// How many there are, or their names.
    fn nodes(&self) -> String {
        let usual = self.names.iter().zip(0..).all(|(name, n)| *name == format!("n{n}"));
        let named = || listed(self.names.iter().map(|name| quote(name)));
        if usual { self.names.len().to_string() } else { named() }
    }

    /// The name of a node or a helper.
    pub(crate) fn node(&self, node: NodeId) -> String {
        let at = usize::from(node.0);
        let helper = || self.about.helpers.get(at - self.names.len()).copied();
        quote(self.names.get(at).map(String::as_str).or_else(helper).unwrap_or("?"))
    }

    pub(crate) fn node_set(&self, nodes: &NodeSet) -> String {
        listed(nodes.iter().map(|node| self.node(node)))
    }

    fn topology(&self) -> Option<String> {
        Some(match &self.setup.topology {
            Topology::Star => return None,
            Topology::Chain => "\"chain\"".to_string(),
            Topology::MinDiameter => "\"min-diameter\"".to_string(),
            Topology::Tree { arity } => format!("{{\"tree\": {{\"arity\": {arity}}}}}"),
            Topology::Edges(edges) => {
                let edge =
                    |(a, b): &(NodeId, NodeId)| format!("[{}, {}]", self.node(*a), self.node(*b));
                format!("{{\"edges\": {}}}", listed(edges.iter().map(edge)))
            }
        })
    }

    fn network(&self, network: &Network) -> Option<String> {
        let default = network::by_default();
        if *network == default {
            return None;
        }
        let mut keys = link(&network.usual, &default.usual);
        if network.order == Order::Fifo {
            keys.push("\"fifo\": true".to_string());
        }
        let one = |(from, to, differs): &(NodeId, NodeId, Link)| {
            let ends = format!("\"from\": {}, \"to\": {}", self.node(*from), self.node(*to));
            let all = [ends].into_iter().chain(link(differs, &network.usual));
            format!("{{{}}}", all.collect::<Vec<_>>().join(", "))
        };
        // A link that is as usual has nothing to say, and needs no entry.
        let differ = network.links.iter().filter(|(_, _, link)| *link != network.usual);
        let links: Vec<String> = differ.map(one).filter(|text| is_known(text)).collect();
        if !links.is_empty() {
            keys.push(format!("\"links\": {}", block("    ", &links)));
        }
        Some(format!("{{{}}}", keys.join(", ")))
    }

    fn work(&self) -> Option<String> {
        let works = &self.setup.work;
        let usual = Shape::fixed(500_000);
        let differs = works.iter().zip(0..).filter(|(work, _)| **work != usual);
        let one =
            |(work, node): (&Shape, u16)| format!("{}: {}", self.node(NodeId(node)), shape(work));
        let nodes: Vec<String> = differs.map(one).collect();
        let first = works.first()?;
        if nodes.is_empty() {
            None
        } else if works.iter().all(|work| work == first) {
            Some(format!("{{\"default\": {}}}", shape(first)))
        } else {
            Some(format!("{{\"nodes\": {{{}}}}}", nodes.join(", ")))
        }
    }

    fn votes(&self, votes: &Votes) -> Option<String> {
        let sets = [("no", &votes.no), ("read_only", &votes.read_only), ("never", &votes.never)];
        let there = sets.iter().filter(|(_, nodes)| !nodes.is_empty());
        let mut keys: Vec<String> =
            there.map(|(name, nodes)| format!("\"{name}\": {}", self.node_set(nodes))).collect();
        if !votes.no_rate.is_zero() {
            keys.push(format!("\"no_rate\": {}", ratio(votes.no_rate)));
        }
        (!keys.is_empty()).then(|| format!("{{{}}}", keys.join(", ")))
    }

    fn workload(&self, workload: &Workload) -> Option<String> {
        let default = system::default_workload();
        let mut keys = Vec::new();
        if workload.transactions != default.transactions {
            keys.push(format!("\"transactions\": {}", workload.transactions));
        }
        match &workload.arrivals {
            Arrivals::Serial => {}
            Arrivals::Every(every) => {
                keys.push(format!("\"arrivals\": {{\"every\": {}}}", span(*every)));
            }
            Arrivals::Poisson { mean } => {
                let mean = span(*mean);
                keys.push(format!("\"arrivals\": {{\"poisson\": {{\"mean\": {mean}}}}}"));
            }
            Arrivals::Closed { clients, think } => {
                let closed = format!("{{\"clients\": {clients}, \"think\": {}}}", span(*think));
                keys.push(format!("\"arrivals\": {{\"closed\": {closed}}}"));
            }
        }
        match workload.coordinator {
            Coordinator::Node(NodeId(0)) => {}
            Coordinator::Node(node) => keys.push(format!("\"coordinator\": {}", self.node(node))),
            Coordinator::RoundRobin => keys.push("\"coordinator\": \"round-robin\"".to_string()),
            Coordinator::Random => keys.push("\"coordinator\": \"random\"".to_string()),
        }
        if let Participants::Random(count) = workload.participants {
            keys.push(format!("\"participants\": {{\"random\": {count}}}"));
        }
        if let Some(data) = &workload.keys {
            keys.push(format!("\"keys\": {}", write_data::keys(data)));
        }
        (!keys.is_empty()).then(|| format!("{{{}}}", keys.join(", ")))
    }
}

/// An object that grows key by key, in their order.
#[derive(Default)]
pub(crate) struct Object(Vec<String>);

impl Object {
    pub(crate) fn with(mut self, name: &str, value: impl Into<Option<String>>) -> Object {
        self.0.extend(value.into().map(|value| format!("\"{name}\": {value}")));
        self
    }

    pub(crate) fn text(self) -> String {
        format!("{{{}}}", self.0.join(", "))
    }
}

/// Whether nothing in it is about a helper that the protocol does not have, which no name has.
pub(crate) fn is_known(text: &str) -> bool {
    !text.contains("\"?\"")
}

/// What a link says that is unlike another.
fn link(link: &Link, usual: &Link) -> Vec<String> {
    let mut keys = Vec::new();
    if link.latency != usual.latency {
        keys.push(format!("\"latency\": {}", shape(&link.latency)));
    }
    for (name, one, other) in
        [("loss", link.loss, usual.loss), ("duplicate", link.duplicate, usual.duplicate)]
    {
        if one != other {
            keys.push(format!("\"{name}\": {}", ratio(one)));
        }
    }
    keys
}

fn disk(setup: &Setup) -> Option<String> {
    let (disk, default) = (&setup.disk, system::default_disk());
    let mut keys = Vec::new();
    if disk.force != default.force {
        keys.push(format!("\"force\": {}", shape(&disk.force)));
    }
    if disk.flush != default.flush {
        keys.push(format!("\"flush\": {}", span(disk.flush)));
    }
    (!keys.is_empty()).then(|| format!("{{{}}}", keys.join(", ")))
}

fn patience(patience: &Patience) -> Option<String> {
    let default = system::default_patience();
    if *patience == default {
        return None;
    }
    let Patience { votes, decision, acks, backoff, max } = *patience;
    let waits = [("votes", votes), ("decision", decision), ("acks", acks), ("max", max)];
    let mut keys: Vec<String> =
        waits.iter().map(|(name, wait)| format!("\"{name}\": {}", span(*wait))).collect();
    if backoff != Factor::TWO {
        keys.push(format!("\"backoff\": {}", decimal(backoff.times(UNIT).0, UNIT.0)));
    }
    Some(format!("{{{}}}", keys.join(", ")))
}

pub(crate) fn shape(shape: &Shape) -> String {
    let ns = |ns: u64| span(Span(ns));
    let millionths = |n: u64| format!("{}.{:06}", n / 1_000_000, n % 1_000_000);
    match shape.parameters() {
        Parameters::Fixed(value) => ns(value),
        Parameters::Uniform(min, max) => format!("{{\"uniform\": [{}, {}]}}", ns(min), ns(max)),
        Parameters::Exponential(mean, min, max) => format!(
            "{{\"exponential\": {{\"mean\": {}, \"min\": {}, \"max\": {}}}}}",
            ns(mean),
            ns(min),
            ns(max)
        ),
        Parameters::LogNormal(median, sigma, max) => format!(
            "{{\"lognormal\": {{\"median\": {}, \"sigma\": {}, \"max\": {}}}}}",
            ns(median),
            millionths(sigma),
            ns(max)
        ),
        Parameters::Pareto(min, shape, max) => format!(
            "{{\"pareto\": {{\"min\": {}, \"shape\": {}, \"max\": {}}}}}",
            ns(min),
            millionths(shape),
            ns(max)
        ),
        Parameters::Histogram(bars) => {
            let bar = |(value, weight): &(u64, u64)| format!("[{}, {weight}]", ns(*value));
            format!("{{\"histogram\": {}}}", listed(bars.iter().map(bar)))
        }
    }
}

/// A rate in lowest terms.
pub(crate) fn ratio(ratio: Ratio) -> String {
    if ratio.is_zero() || ratio.is_one() { ratio.to_string() } else { quote(&ratio.to_string()) }
}

/// A fraction as a decimal number; all fractions that were read from one have one.
pub(crate) fn decimal(numerator: u64, denominator: u64) -> String {
    let mut unit: u128 = 1;
    while !unit.is_multiple_of(u128::from(denominator)) && unit < 1_000_000_000_000 {
        unit *= 10;
    }
    let digits = u128::from(numerator) * unit / u128::from(denominator);
    let (whole, rest) = (digits / unit, digits % unit);
    if rest == 0 {
        return whole.to_string();
    }
    let places = unit.ilog10() as usize;
    format!("{whole}.{rest:0places$}").trim_end_matches('0').to_string()
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
pub(crate) fn block(indent: &str, values: &[String]) -> String {
    if values.is_empty() {
        return "[]".to_string();
    }
    let lines = values.join(&format!(",\n{indent}  "));
    format!("[\n{indent}  {lines}\n{indent}]")
}

pub(crate) fn time(time: Time) -> String {
    span(time - Time::ZERO)
}

pub(crate) fn span(span: Span) -> String {
    quote(&written(span))
}
