//! What must hold after a run, as a scenario says it.

use commitsim_core::{Decision, NodeId, NodeSet, Span};
use commitsim_sim::{Outcome, Stand};
use commitsim_spec::Property;

use crate::form_system::EXPECTED;
use crate::json::Json;
use crate::place::quoted;
use crate::reader::{Reader, listed};

/// What must hold after a run, by protocol. It is judged with [`Expectations::judge`] and
/// [`Expectations::verdict`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Expectations {
    /// Protocol ids, or `*`, each at most once.
    pub(crate) entries: Vec<(String, Expected)>,
}

/// What must hold after a run of one protocol; what is not said may be anything.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Expected {
    pub(crate) decision: Option<Outcome>,
    pub(crate) nodes: Option<Vec<(NodeId, Stand)>>,
    /// In the order of [`Property`], each once.
    pub(crate) violates: Option<Vec<Property>>,
    pub(crate) blocked: Option<NodeSet>,
    pub(crate) messages: Option<u64>,
    pub(crate) forced: Option<u64>,
    pub(crate) decided_by: Option<Span>,
    pub(crate) client_by: Option<Span>,
    pub(crate) commits: Option<Vec<Commits>>,
}

/// How many transactions commit between two instants.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Commits {
    pub(crate) from: Span,
    pub(crate) to: Option<Span>,
    pub(crate) least: Option<u64>,
    pub(crate) most: Option<u64>,
}

/// The name that stands for all protocols.
pub(crate) const ALL: &str = "*";

/// Outcomes by their names in scenarios and results.
pub(crate) const OUTCOMES: [(&str, Outcome); 4] = [
    ("commit", Outcome::Commit),
    ("abort", Outcome::Abort),
    ("none", Outcome::None),
    ("split", Outcome::Split),
];

/// Where nodes stand, by their names in scenarios and results.
pub(crate) const STANDS: [(&str, Stand); 7] = [
    ("commit", Stand::Decided(Decision::Commit)),
    ("abort", Stand::Decided(Decision::Abort)),
    ("in-doubt", Stand::InDoubt),
    ("down", Stand::Down),
    ("working", Stand::Working),
    ("unaware", Stand::Unaware),
    ("read-only", Stand::ReadOnly),
];

impl Reader {
    /// What is expected of protocols, all of which have to be among `ids`.
    pub(crate) fn expectations(&mut self, json: &Json<'_>, ids: &[String]) -> Option<Expectations> {
        let mut expectations = Expectations::default();
        for member in self.map(json, "expectations by protocol")?.members() {
            let ids = || ids.iter().map(String::as_str).chain([ALL]);
            // Without a single id the list of protocols is wrong, which is complaint enough.
            if ids().count() > 1 && !ids().any(|id| id == member.key) {
                let found = format!("{} is not a protocol of this scenario", quoted(&member.key));
                // What is no name has been refused where it stands, and is not proposed here.
                let plain = || ids().filter(|id| id.chars().all(|c| c.is_ascii_graphic()));
                let hint = self.suggest(&member.key, plain());
                self.refuse(member.place, found, listed(plain()), hint);
            }
            if let Some(expected) = self.expected(&member.value) {
                expectations.entries.push((member.key.to_string(), expected));
            }
        }
        Some(expectations)
    }

    fn expected(&mut self, json: &Json<'_>) -> Option<Expected> {
        let fields = self.object(json, &EXPECTED)?;
        let decision = fields.get("decision");
        let violates = fields.get("violates");
        Some(Expected {
            decision: decision.and_then(|json| self.one_of(json, "a decision", &OUTCOMES)),
            nodes: fields.get("nodes").and_then(|json| self.stands(json)),
            violates: violates.and_then(|json| self.properties(json)),
            blocked: fields.get("blocked").and_then(|json| self.voter_set(json)),
            messages: fields.get("messages").and_then(|json| self.cost(json)),
            forced: fields.get("forced").and_then(|json| self.cost(json)),
            decided_by: fields.get("decided_by").and_then(|json| self.duration(json)),
            client_by: fields.get("client_by").and_then(|json| self.duration(json)),
            commits: fields.get("commits").and_then(|json| self.commits(json)),
        })
    }

    fn stands(&mut self, json: &Json<'_>) -> Option<Vec<(NodeId, Stand)>> {
        let mut stands = Vec::new();
        for member in self.map(json, "where nodes stand, by name")?.members() {
            let node = self.voter_named(member.place, &member.key);
            let stand = self.one_of(&member.value, "where a node can stand", &STANDS);
            stands.extend(node.zip(stand));
        }
        Some(stands)
    }

    fn properties(&mut self, json: &Json<'_>) -> Option<Vec<Property>> {
        let names = Property::ALL.map(|property| (property.name(), property));
        let mut properties = Vec::new();
        for item in self.list(json, "properties")? {
            let Some(property) = self.one_of(item, "a property", &names) else {
                continue;
            };
            if properties.contains(&property) {
                self.refuse(item.place, "this property is listed twice", "each once", "");
            }
            properties.push(property);
        }
        properties.sort_unstable();
        Some(properties)
    }

    fn cost(&mut self, json: &Json<'_>) -> Option<u64> {
        self.integer(json, 0, u64::from(u32::MAX))
    }
}
