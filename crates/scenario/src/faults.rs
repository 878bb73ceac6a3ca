//! What goes wrong: faults and storms.

use commitsim_core::{Lsn, NodeId, NodeSet, Span, Time};
use commitsim_sim::{Action, Family, Fault, InFlight, Matching, Storm, Tail, Trigger};

use crate::form::Form;
use crate::form_faults::{
    AMID, CLOCK, CRASH, CRASH_LOOP, CUT_LINK, DELAY, DUPLICATE, EXPIRE, FAULT, HEAL, ISOLATE,
    LATENCY, LOSE, LOSS, PARTITION, PAUSE, RESTART, SLOW_DISK, STORM, SWIZZLE,
};
use crate::json::Json;
use crate::limits;
use crate::reader::{Fields, Reader, listed};

/// The keys of a fault that say when; all others are actions.
const TRIGGERS: [&str; 5] = ["at", "amid", "when", "after", "nth"];

impl Reader {
    /// The list of faults, in its order.
    pub(crate) fn faults(&mut self, json: &Json<'_>) -> Option<Vec<Fault>> {
        let items = self.list(json, "faults")?;
        if items.len() > limits::FAULTS {
            let found = format!("{} faults", items.len());
            self.refuse(json.place, found, format!("at most {}", limits::FAULTS), "use a storm");
            return None;
        }
        Some(items.iter().filter_map(|item| self.fault(item)).collect())
    }

    fn fault(&mut self, json: &Json<'_>) -> Option<Fault> {
        let fields = self.object(json, &FAULT)?;
        let trigger = self.trigger(&fields);
        let action = self.action(&fields);
        Some(Fault { trigger: trigger?, action: action? })
    }

    fn trigger(&mut self, fields: &Fields<'_, '_>) -> Option<Trigger> {
        match (fields.get("at"), fields.get("when")) {
            (Some(at), None) => {
                for key in ["after", "nth"] {
                    if let Some(json) = fields.get(key) {
                        let found = format!("`{key}` without a moment");
                        self.refuse(
                            json.place,
                            found,
                            "`at` alone, or `when` with `after` and `nth`",
                            "",
                        );
                    }
                }
                let amid = fields.get("amid").map(|json| self.amid(json));
                let at = Time::ZERO + self.instant(at)?;
                match amid {
                    None => Some(Trigger::At(at)),
                    Some(amid) => amid.map(|(node, acts)| Trigger::Amid { at, node, acts }),
                }
            }
            (None, Some(when)) => {
                if let Some(json) = fields.get("amid") {
                    let found = "`amid` without an instant";
                    self.refuse(json.place, found, "`amid` with `at`", "");
                }
                let moment = self.moment(when);
                let nth = fields.get("nth").map_or(Some(1), |json| self.count(json));
                let after = fields.get("after").map_or(Some(Span::ZERO), |json| self.instant(json));
                Some(Trigger::When { moment: moment?, nth: nth?, after: after? })
            }
            (at, _) => {
                let found = if at.is_some() { "two times" } else { "no time" };
                let found = format!("this fault has {found} at which to strike");
                self.refuse(fields.place, found, "exactly one of `at`, `when`", "");
                None
            }
        }
    }

    fn amid(&mut self, json: &Json<'_>) -> Option<(NodeId, u32)> {
        let fields = self.object(json, &AMID)?;
        let node = self.field_node(&fields, "node");
        let acts = fields.get("acts").and_then(|json| self.count(json));
        Some((node?, acts?))
    }

    fn action(&mut self, fields: &Fields<'_, '_>) -> Option<Action> {
        let actions = || {
            let keys = FAULT.keys.iter().map(|key| key.name);
            keys.filter(|name| !TRIGGERS.contains(name))
        };
        let mut there = actions().filter_map(|name| Some((name, fields.get(name)?)));
        let (first, second) = (there.next(), there.next());
        let (Some((kind, json)), None) = (first, second) else {
            // A misspelt action has been complained of as an unknown key.
            let unknown = fields
                .members()
                .iter()
                .any(|member| FAULT.keys.iter().all(|key| key.name != member.key));
            if !unknown || first.is_some() {
                let found = match first {
                    Some(_) => "this fault does several things",
                    None => "this fault does nothing",
                };
                self.refuse(
                    fields.place,
                    found,
                    format!("exactly one of {}", listed(actions())),
                    "",
                );
            }
            return None;
        };
        match kind {
            "crash" => self.crash(json),
            "crash_loop" => self.crash_loop(json),
            "swizzle" => self.swizzle(json),
            "expire" => {
                self.object(json, &EXPIRE).map(|f| Action::Expire(self.field_node(&f, "node")))
            }
            "restart" => self
                .object(json, &RESTART)
                .and_then(|f| self.field_node(&f, "node"))
                .map(Action::Restart),
            "partition" => self.partition(json),
            "cut_link" => self.cut_link(json),
            "isolate" => self.isolate(json),
            "lose" => self.matching(json, &LOSE).map(|(matching, _)| Action::Lose(matching)),
            "delay" => self.delay(json),
            "duplicate" => {
                self.matching(json, &DUPLICATE).map(|(matching, _)| Action::Duplicate(matching))
            }
            "loss" => self.loss(json),
            "latency" => self.latency(json),
            "pause" => self.pause(json),
            "slow_disk" => self.slow_disk(json),
            "clock" => self.clock(json),
            "decide" => self.decide(json),
            _ => self.heal(json),
        }
    }

    fn crash(&mut self, json: &Json<'_>) -> Option<Action> {
        let fields = self.object(json, &CRASH)?;
        let restart_after = fields.get("restart_after").and_then(|json| self.duration(json));
        let lost = fields.get("lose_tail").and_then(|json| self.flag(json)).unwrap_or(false);
        let keeps = fields.get("keeps");
        let kept = keeps.and_then(|json| self.integer(json, 0, u64::from(u32::MAX)));
        if let (Some(json), Some(_)) = (keeps, fields.get("lose_tail")) {
            let found = "this crash says twice what is left of the log";
            self.refuse(json.place, found, "at most one of `lose_tail`, `keeps`", "");
        }
        let tail = match kept {
            Some(last) => Tail::Kept(Lsn(last)),
            None if lost => Tail::Lost,
            None => Tail::Drawn,
        };
        Some(Action::Crash { node: self.field_node(&fields, "node")?, restart_after, tail })
    }

    fn crash_loop(&mut self, json: &Json<'_>) -> Option<Action> {
        let fields = self.object(json, &CRASH_LOOP)?;
        let times = fields.get("times");
        let times = times.and_then(|json| self.integer(json, 1, limits::FAULTS as u64));
        let down = fields.get("down").and_then(|json| self.some_time(json));
        let up = fields.get("up").and_then(|json| self.some_time(json));
        let lost = fields.get("lose_tail").and_then(|json| self.flag(json)).unwrap_or(false);
        Some(Action::CrashLoop {
            node: self.field_node(&fields, "node")?,
            times: u32::try_from(times?).ok()?,
            down: down?,
            up: up?,
            tail: if lost { Tail::Lost } else { Tail::Drawn },
        })
    }

    fn swizzle(&mut self, json: &Json<'_>) -> Option<Action> {
        let fields = self.object(json, &SWIZZLE)?;
        let close = fields.get("close").and_then(|json| self.nodes_in_order(json));
        let open = fields.get("open").and_then(|json| self.nodes_in_order(json));
        let every = fields.get("every").and_then(|json| self.some_time(json));
        let (close, open) = (close?, open?);
        let set = |nodes: &[NodeId]| nodes.iter().copied().collect::<NodeSet>();
        if !close.is_empty() && !open.is_empty() && set(&close) != set(&open) {
            let found = "other nodes are freed than were clogged";
            self.refuse(json.place, found, "the same nodes in `close` and `open`", "");
        }
        Some(Action::Swizzle { close, open, every: every? })
    }

    /// Nodes in the order in which they are listed, each once.
    fn nodes_in_order(&mut self, json: &Json<'_>) -> Option<Vec<NodeId>> {
        let items = self.list(json, "nodes")?;
        if items.is_empty() {
            self.refuse(json.place, "no node is listed", "at least one node", "");
        }
        let mut nodes = Vec::new();
        for item in items {
            let Some(node) = self.node(item) else { continue };
            if nodes.contains(&node) {
                let found = format!("{} is listed twice", self.names.of(node));
                self.refuse(item.place, found, "each node once", "");
            }
            nodes.push(node);
        }
        Some(nodes)
    }

    fn heal(&mut self, json: &Json<'_>) -> Option<Action> {
        let fields = self.object(json, &HEAL)?;
        let last = fields.get("last").and_then(|json| self.flag(json)).unwrap_or(false);
        Some(Action::Heal { last })
    }

    fn partition(&mut self, json: &Json<'_>) -> Option<Action> {
        let fields = self.object(json, &PARTITION)?;
        let heal_after = self.heal_after(&fields);
        let choices = [("drop", InFlight::Drop), ("hold", InFlight::Hold)];
        let in_flight = fields
            .get("in_flight")
            .and_then(|json| self.one_of(json, "something that messages do", &choices));
        let in_flight = in_flight.unwrap_or(InFlight::Drop);
        let json = fields.get("groups")?;
        let items = self.list(json, "groups of nodes")?;
        if items.is_empty() {
            self.refuse(json.place, "no group is listed", "at least one group of nodes", "");
        }
        let mut placed = NodeSet::EMPTY;
        let mut groups = Vec::new();
        for item in items {
            let Some(group) = self.node_set(item) else {
                continue;
            };
            if group.is_empty() && self.names.known() && item_is_empty(item) {
                self.refuse(item.place, "this group is empty", "at least one node", "");
            }
            if let Some(node) = group.iter().find(|node| placed.contains(*node)) {
                let found = format!("{} is in two groups", self.names.of(node));
                self.refuse(item.place, found, "each node in at most one group", "");
            }
            placed = placed.union(&group);
            groups.push(group);
        }
        Some(Action::Partition { groups, heal_after, in_flight })
    }

    fn cut_link(&mut self, json: &Json<'_>) -> Option<Action> {
        let fields = self.object(json, &CUT_LINK)?;
        let heal_after = self.heal_after(&fields);
        let (from, to) = (self.field_node(&fields, "from"), self.field_node(&fields, "to"));
        let (from, to) = (from?, to?);
        if from == to {
            let found = format!("this link leads from {0} to {0}", self.names.of(from));
            self.refuse(json.place, found, "two different nodes", "");
        }
        Some(Action::CutLink { from, to, heal_after })
    }

    fn isolate(&mut self, json: &Json<'_>) -> Option<Action> {
        let fields = self.object(json, &ISOLATE)?;
        let heal_after = self.heal_after(&fields);
        Some(Action::Isolate { node: self.field_node(&fields, "node")?, heal_after })
    }

    fn delay(&mut self, json: &Json<'_>) -> Option<Action> {
        let (matching, fields) = self.matching(json, &DELAY)?;
        let by = self.duration(fields.get("by")?)?;
        Some(Action::Delay(matching, by))
    }

    fn matching<'j, 'a>(
        &mut self,
        json: &'j Json<'a>,
        form: &Form,
    ) -> Option<(Matching, Fields<'j, 'a>)> {
        let fields = self.object(json, form)?;
        let message = fields.get("message").and_then(|json| self.message(json));
        let (from, to) = (self.field_node(&fields, "from"), self.field_node(&fields, "to"));
        if from.is_some() && from == to {
            let found = "no node sends itself a message over the network";
            self.refuse(json.place, found, "two different nodes", "");
        }
        let count = fields.get("count").map_or(Some(1), |json| self.count(json));
        Some((Matching { message: message?, from, to, count: count? }, fields))
    }

    fn loss(&mut self, json: &Json<'_>) -> Option<Action> {
        let fields = self.object(json, &LOSS)?;
        let rate = fields.get("rate").and_then(|json| self.rate(json));
        let burst =
            fields.get("burst").map_or(Some(1), |json| self.integer(json, 1, limits::BURST));
        let lasts = self.lasts(&fields);
        let links = fields.get("links").and_then(|json| self.links(json));
        let luck = fields.get("luck").map(|json| self.integer(json, 0, u64::from(u32::MAX)));
        let luck = luck.flatten().and_then(|luck| u32::try_from(luck).ok());
        let burst = u32::try_from(burst?).ok()?;
        Some(Action::Loss { rate: rate?, burst, lasts, links, luck })
    }

    fn latency(&mut self, json: &Json<'_>) -> Option<Action> {
        let fields = self.object(json, &LATENCY)?;
        let times = fields.get("times").and_then(|json| self.scale(json));
        let lasts = self.lasts(&fields);
        let links = fields.get("links").and_then(|json| self.links(json));
        Some(Action::Latency { times: times?, lasts, links })
    }

    fn pause(&mut self, json: &Json<'_>) -> Option<Action> {
        let fields = self.object(json, &PAUSE)?;
        let (node, lasts) = (self.field_node(&fields, "node"), self.lasts(&fields));
        Some(Action::Pause { node: node?, lasts: lasts? })
    }

    fn slow_disk(&mut self, json: &Json<'_>) -> Option<Action> {
        let fields = self.object(json, &SLOW_DISK)?;
        let (node, lasts) = (self.field_node(&fields, "node"), self.lasts(&fields));
        let force = fields.get("force").and_then(|json| self.shape(json));
        Some(Action::SlowDisk { node: node?, force: force?, lasts })
    }

    fn clock(&mut self, json: &Json<'_>) -> Option<Action> {
        let fields = self.object(json, &CLOCK)?;
        let node = self.field_node(&fields, "node");
        let rate = fields.get("rate").and_then(|json| self.scale(json));
        Some(Action::Clock { node: node?, rate: rate? })
    }

    fn field_node(&mut self, fields: &Fields<'_, '_>, key: &str) -> Option<NodeId> {
        fields.get(key).and_then(|json| self.node(json))
    }

    fn heal_after(&mut self, fields: &Fields<'_, '_>) -> Option<Span> {
        fields.get("heal_after").and_then(|json| self.duration(json))
    }

    fn lasts(&mut self, fields: &Fields<'_, '_>) -> Option<Span> {
        fields.get("for").and_then(|json| self.some_time(json))
    }

    /// Random faults for a while.
    pub(crate) fn storm(&mut self, json: &Json<'_>) -> Option<Storm> {
        let fields = self.object(json, &STORM)?;
        let until = fields.get("until").and_then(|json| self.instant(json));
        let mut families = Vec::new();
        match fields.get("families") {
            None => families.extend(Family::ALL.map(|(_, family)| family)),
            Some(json) => {
                let items = self.list(json, "families of faults")?;
                if items.is_empty() {
                    self.refuse(
                        json.place,
                        "no family is listed",
                        "at least one",
                        "leave `families` out for all of them",
                    );
                }
                for item in items {
                    let Some(family) = self.one_of(item, "a family of faults", &Family::ALL) else {
                        continue;
                    };
                    if families.contains(&family) {
                        self.refuse(
                            item.place,
                            "this family is listed twice",
                            "each family once",
                            "",
                        );
                    }
                    families.push(family);
                }
            }
        }
        Some(Storm { until: Time::ZERO + until?, families })
    }
}

/// A group that is empty only because its names are wrong has been complained of already.
fn item_is_empty(json: &Json<'_>) -> bool {
    matches!(&json.value, crate::json::Value::List(items) if items.is_empty())
}
