//! The simulated system: nodes, disks, work, votes, patience and workload.

use std::collections::BTreeMap;

use commitsim_core::{Factor, NodeId, NodeSet, Patience, Span};
use commitsim_rng::{Ratio, Shape};
use commitsim_sim::{Arrivals, Coordinator, Disk, Participants, Votes, Workload};

use crate::form_system::{
    ARRIVALS, CLOSED, DISK, PARTICIPANTS, PATIENCE, POISSON, VOTES, WORK, WORKLOAD,
};
use crate::json::{Json, Value};
use crate::limits;
use crate::names::Names;
use crate::nearest::suggestion;
use crate::place::quoted;
use crate::quantity::written;
use crate::reader::{Fields, Reader};

/// What the names of nodes look like.
const NAME: &str = "1 to 64 of the characters a-z, 0-9, _ and -";

/// Names that mean something else where a node's name may stand.
const KEYWORDS: [&str; 3] = ["first", "round-robin", "random"];

pub(crate) fn default_disk() -> Disk {
    Disk { force: Shape::fixed(100_000), flush: Span::from_millis(10) }
}

pub(crate) fn default_work(nodes: u16) -> Vec<Shape> {
    vec![Shape::fixed(500_000); usize::from(nodes)]
}

pub(crate) fn default_votes() -> Votes {
    let none = NodeSet::EMPTY;
    Votes { no: none.clone(), read_only: none.clone(), never: none, no_rate: Ratio::ZERO }
}

pub(crate) fn default_patience() -> Patience {
    let wait = Span::from_millis(1_000);
    let max = Span::from_millis(10_000);
    Patience { votes: wait, decision: wait, acks: wait, backoff: Factor::TWO, max }
}

pub(crate) fn default_workload() -> Workload {
    Workload {
        transactions: 1,
        arrivals: Arrivals::Serial,
        coordinator: Coordinator::Node(NodeId(0)),
        participants: Participants::All,
        keys: None,
    }
}

impl Reader {
    /// How many nodes, or their names.
    pub(crate) fn nodes(&mut self, json: &Json<'_>) -> Option<Names> {
        let Value::List(items) = &json.value else {
            if let Value::Number(_) = json.value {
                let links = |nodes: u128| match nodes.checked_mul(nodes) {
                    Some(links) => format!("about {links} links"),
                    None => "more links than can be counted".to_owned(),
                };
                let count = self.size(json, limits::NODES, links)?;
                return u16::try_from(count).ok().map(Names::numbered);
            }
            let wanted = format!("a number from 1 to {}, or a list of names", limits::NODES);
            self.wrong_type(json, &wanted, "");
            return None;
        };
        if items.is_empty() || items.len() as u64 > limits::NODES {
            let found = format!("{} nodes are named", items.len());
            self.refuse(json.place, found, format!("1 to {} nodes", limits::NODES), "");
            return None;
        }
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (item, place) in items.iter().zip(0..) {
            let Some(name) = self.new_name(item) else { continue };
            if let Some(first) = places.insert(name, place) {
                let found = format!("{} is the name of nodes {first} and {place}", quoted(name));
                self.refuse(item.place, found, "different names", "");
            }
        }
        let mut names: Vec<(usize, &str)> = places.into_iter().map(|(name, n)| (n, name)).collect();
        names.sort_unstable();
        // Where a name is wrong none is known, so that nobody complains of it twice.
        let whole = names.len() == items.len();
        whole.then(|| Names::new(names.into_iter().map(|(_, name)| name.to_string()).collect()))
    }

    fn new_name<'j>(&mut self, json: &'j Json<'_>) -> Option<&'j str> {
        let name = self.text(json, "the name of a node")?;
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
        let reserved = KEYWORDS.contains(&name) || Names::is_helper(name);
        let (found, hint) = if name.is_empty() || name.len() > limits::NAME {
            let length = name.chars().count();
            (format!("a name of {length} characters"), String::new())
        } else if !name.bytes().all(fits) {
            let lower = name.to_lowercase();
            let hint =
                if lower.bytes().all(fits) { format!("write \"{lower}\"") } else { String::new() };
            (format!("{} cannot be the name of a node", quoted(name)), hint)
        } else if reserved {
            (format!("{} means something else already", quoted(name)), "choose another".to_string())
        } else {
            return Some(name);
        };
        self.refuse(json.place, found, NAME, hint);
        None
    }

    pub(crate) fn disk(&mut self, json: &Json<'_>) -> Option<Disk> {
        let fields = self.object(json, &DISK)?;
        let default = default_disk();
        let force = fields.get("force").and_then(|json| self.shape(json)).unwrap_or(default.force);
        let flush = fields.get("flush").and_then(|json| self.duration(json));
        Some(Disk { force, flush: flush.unwrap_or(default.flush) })
    }

    pub(crate) fn work(&mut self, json: &Json<'_>) -> Option<Vec<Shape>> {
        let fields = self.object(json, &WORK)?;
        let mut work = default_work(self.names.count());
        if let Some(default) = fields.get("default").and_then(|json| self.shape(json)) {
            work.fill(default);
        }
        if let Some(nodes) = fields.get("nodes").and_then(|json| self.map(json, "work by node")) {
            for member in nodes.members() {
                let node = self.voter_named(member.place, &member.key);
                let shape = self.shape(&member.value);
                let entry = node.and_then(|node| work.get_mut(usize::from(node.0)));
                if let (Some(entry), Some(shape)) = (entry, shape) {
                    *entry = shape;
                }
            }
        }
        Some(work)
    }

    pub(crate) fn votes(&mut self, json: &Json<'_>) -> Option<Votes> {
        let fields = self.object(json, &VOTES)?;
        let mut sets: Vec<(&str, NodeSet)> = Vec::new();
        for key in ["no", "read_only", "never"] {
            let set =
                fields.get(key).and_then(|json| self.voter_set(json)).unwrap_or(NodeSet::EMPTY);
            for (earlier, other) in &sets {
                if let (Some(node), Some(json)) =
                    (set.iter().find(|n| other.contains(*n)), fields.get(key))
                {
                    let name = self.names.of(node);
                    let found = format!("{name} is listed under `{earlier}` and under `{key}`");
                    self.refuse(json.place, found, "each node in at most one list", "");
                }
            }
            sets.push((key, set));
        }
        let no_rate = fields.get("no_rate").and_then(|json| self.rate(json)).unwrap_or(Ratio::ZERO);
        let mut sets = sets.into_iter().map(|(_, set)| set);
        Some(Votes { no: sets.next()?, read_only: sets.next()?, never: sets.next()?, no_rate })
    }

    pub(crate) fn patience(&mut self, json: &Json<'_>) -> Option<Patience> {
        let fields = self.object(json, &PATIENCE)?;
        let mut patience = default_patience();
        let mut wait = |key: &str, wait: &mut Span| {
            *wait = fields.get(key).and_then(|json| self.some_time(json)).unwrap_or(*wait);
        };
        wait("votes", &mut patience.votes);
        wait("decision", &mut patience.decision);
        wait("acks", &mut patience.acks);
        wait("max", &mut patience.max);
        if let Some(backoff) = fields.get("backoff").and_then(|json| self.factor(json)) {
            patience.backoff = backoff;
        }
        Some(patience)
    }

    pub(crate) fn workload(&mut self, json: &Json<'_>) -> Option<Workload> {
        let fields = self.object(json, &WORKLOAD)?;
        let mut workload = default_workload();
        let transactions = match fields.get("transactions") {
            Some(json) => self.size(json, limits::TRANSACTIONS, |transactions| {
                let messages = transactions.saturating_mul(limits::MESSAGES_PER_NODE.into());
                format!("about {messages} messages for each participant")
            }),
            None => Some(1),
        };
        if let Some(arrivals) = fields.get("arrivals").and_then(|json| self.arrivals(json)) {
            workload.arrivals = arrivals;
        }
        if let Some(json) = fields.get("coordinator") {
            workload.coordinator = self.coordinator(json).unwrap_or(workload.coordinator);
        }
        if let Some(json) = fields.get("participants") {
            workload.participants = self.participants(json).unwrap_or(workload.participants);
        }
        workload.keys = fields.get("keys").and_then(|json| self.keys(json));
        workload.transactions = u32::try_from(transactions?).ok()?;
        self.check_arrivals(&fields, &workload);
        self.check_messages(json, &workload);
        Some(workload)
    }

    fn arrivals(&mut self, json: &Json<'_>) -> Option<Arrivals> {
        if let Value::Text(_) = json.value {
            let choices = [("serial", Arrivals::Serial)];
            return self.keyword(
                json,
                "a kind of arrivals",
                "`serial`, or an object with `every`, `poisson` or `closed`",
                &choices,
            );
        }
        let (kind, json) = self.choice(json, &ARRIVALS, "`serial`, or ")?;
        match kind {
            "every" => self.duration(json).map(Arrivals::Every),
            "poisson" => {
                let fields = self.object(json, &POISSON)?;
                self.some_time(fields.get("mean")?).map(|mean| Arrivals::Poisson { mean })
            }
            _ => {
                let fields = self.object(json, &CLOSED)?;
                let clients = self.integer(fields.get("clients")?, 1, limits::CLIENTS);
                let think =
                    fields.get("think").map_or(Some(Span::ZERO), |json| self.duration(json));
                Some(Arrivals::Closed { clients: u32::try_from(clients?).ok()?, think: think? })
            }
        }
    }

    fn coordinator(&mut self, json: &Json<'_>) -> Option<Coordinator> {
        let name = self.text(json, "`first`, `round-robin`, `random` or a node")?;
        match name {
            "first" => Some(Coordinator::Node(NodeId(0))),
            "round-robin" => Some(Coordinator::RoundRobin),
            "random" => Some(Coordinator::Random),
            name => {
                if let (None, Some(hint)) = (self.names.find(name), suggestion(name, KEYWORDS)) {
                    let found = format!("{} is no way to choose a coordinator", quoted(name));
                    let allowed = "`first`, `round-robin`, `random` or a node";
                    self.refuse(json.place, found, allowed, hint);
                    return None;
                }
                self.voter(json).map(Coordinator::Node)
            }
        }
    }

    fn participants(&mut self, json: &Json<'_>) -> Option<Participants> {
        if let Value::Text(_) = json.value {
            let allowed = "`all`, or an object with `random`";
            let choices = [("all", Participants::All)];
            return self.keyword(json, "a choice of participants", allowed, &choices);
        }
        let fields = self.object(json, &PARTICIPANTS)?;
        let random = fields.get("random")?;
        let others = u64::from(self.names.count().saturating_sub(1));
        if self.names.known() && others == 0 {
            let found = "there are no other nodes to choose from";
            self.refuse(random.place, found, "`all`", "");
            return None;
        }
        let most = if self.names.known() { others } else { limits::NODES };
        let count = self.integer(random, 1, most)?;
        u16::try_from(count).ok().map(Participants::Random)
    }

    /// A word out of a few where an object may stand as well.
    pub(crate) fn keyword<T: Clone>(
        &mut self,
        json: &Json<'_>,
        what: &str,
        allowed: &str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let text = self.text(json, allowed)?;
        let choice = choices.iter().find(|(name, _)| *name == text);
        if choice.is_none() {
            let hint = self.suggest(text, choices.iter().map(|(name, _)| *name));
            self.refuse(json.place, format!("{} is not {what}", quoted(text)), allowed, hint);
        }
        choice.map(|(_, value)| value.clone())
    }

    /// A transaction that is to begin at a fixed time has to begin before the run is judged.
    fn check_arrivals(&mut self, fields: &Fields<'_, '_>, workload: &Workload) {
        let (Arrivals::Every(interval), Some(horizon)) = (&workload.arrivals, self.horizon) else {
            return;
        };
        let last = u128::from(interval.0) * u128::from(workload.transactions - 1);
        if last > u128::from(horizon.0)
            && let Some(json) = fields.get("arrivals")
        {
            let count = workload.transactions;
            let found = format!("the last of {count} transactions would begin behind the horizon");
            let allowed = format!("all of them within {}", written(horizon));
            self.refuse(json.place, found, allowed, "set `horizon` later");
        }
    }

    /// A run that nobody would live to see the end of is refused before it begins.
    fn check_messages(&mut self, json: &Json<'_>, workload: &Workload) {
        let nodes = match workload.participants {
            Participants::All => u64::from(self.names.count()),
            Participants::Random(others) => u64::from(others) + 1,
        };
        let transactions = u64::from(workload.transactions);
        let messages = nodes * transactions * limits::MESSAGES_PER_NODE;
        if messages > limits::MESSAGES {
            let found = format!(
                "{transactions} transactions at {nodes} nodes need about {messages} messages"
            );
            let allowed = format!("about {} messages", limits::MESSAGES);
            self.refuse(json.place, found, allowed, "fewer transactions, or several seeds");
        }
    }
}
