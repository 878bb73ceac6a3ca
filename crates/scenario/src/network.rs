//! How messages travel.

use std::collections::BTreeMap;

use commitsim_core::NodeId;
use commitsim_rng::{Ratio, Shape};
use commitsim_sim::{Link, Network, Order};

use crate::form_faults::SOME_LINKS;
use crate::form_system::{LINK, NETWORK, REGIONS};
use crate::json::Json;
use crate::limits;
use crate::place::quoted;
use crate::reader::{Fields, Reader, listed};
use crate::regions::Table;

/// Links that differ from the usual one, by direction.
type Links = BTreeMap<(NodeId, NodeId), Link>;

/// A network of which nothing is said.
pub(crate) fn by_default() -> Network {
    let latency = Shape::fixed(1_000_000);
    let usual = Link { latency, loss: Ratio::ZERO, duplicate: Ratio::ZERO };
    Network { order: Order::Any, usual, links: Vec::new() }
}

impl Reader {
    /// The network: first the measured table, then the single links in their order.
    pub(crate) fn network(&mut self, json: &Json<'_>) -> Option<Network> {
        let fields = self.object(json, &NETWORK)?;
        let Network { mut order, mut usual, .. } = by_default();
        self.weather(&fields, &mut usual);
        if fields.get("fifo").and_then(|json| self.flag(json)) == Some(true) {
            order = Order::Fifo;
        }
        let mut links = Links::new();
        if let Some(json) = fields.get("regions") {
            self.regions(json, &usual, &mut links);
        }
        if let Some(items) = fields.get("links").and_then(|json| self.list(json, "links")) {
            for item in items {
                self.link(item, &usual, &mut links);
            }
        }
        let links = links.into_iter().map(|((from, to), link)| (from, to, link)).collect();
        Some(Network { order, usual, links })
    }

    fn weather(&mut self, fields: &Fields<'_, '_>, link: &mut Link) {
        if let Some(latency) = fields.get("latency").and_then(|json| self.shape(json)) {
            link.latency = latency;
        }
        if let Some(loss) = fields.get("loss").and_then(|json| self.rate(json)) {
            link.loss = loss;
        }
        if let Some(duplicate) = fields.get("duplicate").and_then(|json| self.rate(json)) {
            link.duplicate = duplicate;
        }
    }

    fn link(&mut self, json: &Json<'_>, usual: &Link, links: &mut Links) {
        let Some(fields) = self.object(json, &LINK) else {
            return;
        };
        if ["latency", "loss", "duplicate"].iter().all(|key| fields.get(key).is_none()) {
            let allowed = "at least one of `latency`, `loss`, `duplicate`";
            self.refuse(json.place, "nothing is said about this link", allowed, "");
        }
        for direction in self.directions(&fields).unwrap_or_default() {
            // What the entry does not mention stays as an earlier entry left it.
            let mut link = links.remove(&direction).unwrap_or_else(|| usual.clone());
            let heard = self.complaints.len();
            self.weather(&fields, &mut link);
            links.insert(direction, link);
            if self.complaints.len() > heard {
                break;
            }
        }
        if links.len() > limits::LINKS {
            let allowed = format!("at most {} links", limits::LINKS);
            self.refuse(json.place, "too many links differ from the usual one", allowed, "");
        }
    }

    /// The links of a fault, each direction on its own.
    pub(crate) fn links(&mut self, json: &Json<'_>) -> Option<Vec<(NodeId, NodeId)>> {
        let items = self.list(json, "links")?;
        if items.is_empty() {
            self.refuse(json.place, "no link is listed", "at least one link", "");
            return None;
        }
        let mut links = Vec::new();
        for item in items {
            let Some(fields) = self.object(item, &SOME_LINKS) else {
                continue;
            };
            links.extend(self.directions(&fields).unwrap_or_default());
        }
        links.sort_unstable();
        links.dedup();
        Some(links)
    }

    /// One direction by `from` and `to`, or both by `between`.
    fn directions(&mut self, fields: &Fields<'_, '_>) -> Option<Vec<(NodeId, NodeId)>> {
        let both = fields.get("between");
        let ends = match (both, fields.get("from"), fields.get("to")) {
            (Some(json), None, None) => {
                let [one, other] = self.list(json, "two nodes")? else {
                    self.refuse(json.place, "this list has not two items", "two nodes", "");
                    return None;
                };
                (one, other)
            }
            (None, Some(from), Some(to)) => (from, to),
            _ => {
                let found = "the ends of this link are not clear";
                let allowed = "either `between`: [one, other], or `from` and `to`";
                self.refuse(fields.place, found, allowed, "");
                return None;
            }
        };
        let (from, to) = (self.node(ends.0), self.node(ends.1));
        let (from, to) = (from?, to?);
        if from == to {
            let found = format!("this link leads from {0} to {0}", self.names.of(from));
            self.refuse(ends.1.place, found, "two different nodes", "");
            return None;
        }
        Some(if both.is_some() { vec![(from, to), (to, from)] } else { vec![(from, to)] })
    }

    fn regions(&mut self, json: &Json<'_>, usual: &Link, links: &mut Links) -> Option<()> {
        let fields = self.object(json, &REGIONS)?;
        let table = self.table(fields.get("table")?)?;
        let regions = table.regions();
        let mut places: BTreeMap<NodeId, usize> = BTreeMap::new();
        let place = self.map(fields.get("place")?, "a region for each node")?;
        for member in place.members() {
            let node = self.node_named(member.place, &member.key);
            let Some(name) = self.text(&member.value, "a region") else {
                continue;
            };
            match (node, regions.iter().position(|region| *region == name)) {
                (Some(node), Some(region)) => {
                    places.insert(node, region);
                }
                (_, Some(_)) => {}
                (_, None) => {
                    let known = || regions.iter().map(String::as_str);
                    let hint = self.suggest(name, known());
                    let found = format!("the table has no region {}", quoted(name));
                    self.refuse(member.value.place, found, listed(known()), hint);
                    places.extend(node.map(|node| (node, 0)));
                }
            }
        }
        let missing = self.names.all().find(|node| !places.contains_key(node));
        if let Some(node) = missing {
            let found = format!("{} is in no region", self.names.of(node));
            self.refuse(place.place, found, "a region for every node", "");
            return None;
        }
        let pairs = places.len() * places.len();
        if pairs > limits::LINKS {
            let found = format!("these regions make {pairs} links");
            self.refuse(json.place, found, format!("at most {}", limits::LINKS), "fewer nodes");
            return None;
        }
        for (&from, &here) in &places {
            for (&to, &there) in places.iter().filter(|(to, _)| **to != from) {
                let latency = Shape::fixed(table.one_way(here, there).0);
                links.insert((from, to), Link { latency, ..usual.clone() });
            }
        }
        Some(())
    }

    fn table(&mut self, json: &Json<'_>) -> Option<Table> {
        let name = self.text(json, "the name of a table")?;
        let tables = Table::all();
        let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
        if !names.contains(&name) {
            let hint = self.suggest(name, names.iter().copied());
            let found = format!("there is no table {}", quoted(name));
            self.refuse(json.place, found, listed(names), hint);
            return None;
        }
        tables.into_iter().find(|table| table.name == name)
    }
}
