//! Replay files: a scenario in which nothing is left to luck, and what it breaks.

use std::fmt::Write as _;

use commitsim_core::{About, NodeId, TxId};
use commitsim_spec::Property;

use crate::form_replay::{BREACH, REPLAY};
use crate::json::Json;
use crate::limits;
use crate::names::Names;
use crate::overrides::Overrides;
use crate::problem::Problems;
use crate::reader::{Fields, Reader};
use crate::scenario::{Scenario, read_as};
use crate::write::{listed, quote};

/// The format that this version reads and writes.
pub(crate) const FORMAT: &str = "commitsim-replay/1";

/// A run that breaks a property.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Replay {
    /// The program that wrote it, with its version.
    pub tool: String,
    /// The scenario, with exactly one protocol.
    pub scenario: Scenario,
    /// What the run breaks.
    pub breach: Breach,
}

/// What a run breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Breach {
    /// The property.
    pub property: Property,
    /// In which transaction.
    pub tx: TxId,
    /// The nodes concerned, in node order.
    pub nodes: Vec<NodeId>,
    /// The hash of the run.
    pub trace_hash: u128,
}

/// Reads the text of a replay file. `file` is its name in messages, `known` are the protocols
/// that can run.
///
/// # Errors
///
/// All that is wrong with it, as for a scenario.
pub fn read_replay(file: &str, text: &[u8], known: &[&'static About]) -> Result<Replay, Problems> {
    let least = "a replay file is written by commitsim explore --out FILE";
    read_as(file, text, &Overrides::default(), least, |reader, json| reader.replay(json, known))
}

impl Replay {
    /// The text of a replay file; `scenario` is the text of its scenario, `names` are those of the
    /// nodes and helpers.
    #[must_use]
    pub fn text(tool: &str, breach: &Breach, names: &[&str], scenario: &str) -> String {
        let name = |node: &NodeId| names.get(usize::from(node.0)).map_or("?", |name| name);
        let nodes = listed(breach.nodes.iter().map(|node| quote(name(node))));
        let mut text = format!("{{\n  \"format\": \"{FORMAT}\",\n  \"tool\": {},\n", quote(tool));
        let (property, tx) = (quote(breach.property.name()), breach.tx.0);
        // Writing into a text cannot fail.
        let _ = write!(
            text,
            "  \"expect\": {{\"property\": {property}, \"transaction\": {tx}, \"nodes\": {nodes}, \
             \"trace_hash\": \"{:032x}\"}},\n  \"scenario\": ",
            breach.trace_hash
        );
        text.push_str(&scenario.trim_end().replace('\n', "\n  "));
        text.push_str("\n}\n");
        text
    }
}

impl Reader {
    fn replay(&mut self, json: &Json<'_>, known: &[&'static About]) -> Option<Replay> {
        if self.another_kind(json, FORMAT) {
            return None;
        }
        let fields = self.object(json, &REPLAY)?;
        self.format_of(&fields, FORMAT);
        let tool = fields.get("tool").and_then(|json| self.prose(json, limits::TITLE));
        let inlined = fields.get("scenario")?;
        let scenario = self.scenario(inlined, known, &Overrides::default())?;
        if scenario.protocols.len() > 1 {
            let found = format!("{} protocols are listed", scenario.protocols.len());
            self.refuse(inlined.place, found, "one protocol: a replay is one run", "");
        }
        self.names = Names::new(scenario.names.clone()).with_helpers(scenario.helpers);
        let breach = fields.get("expect").and_then(|json| self.breach(json));
        Some(Replay { tool: tool?, breach: breach?, scenario })
    }

    fn breach(&mut self, json: &Json<'_>) -> Option<Breach> {
        let fields = self.object(json, &BREACH)?;
        let names = Property::ALL.map(|property| (property.name(), property));
        let property =
            fields.get("property").and_then(|json| self.one_of(json, "a property", &names));
        let last = u64::from(self.transactions.unwrap_or(u32::MAX) - 1);
        let tx = fields.get("transaction").and_then(|json| self.integer(json, 0, last));
        let nodes = fields.get("nodes").and_then(|json| self.node_set(json));
        let trace_hash = self.hash(&fields);
        Some(Breach {
            property: property?,
            tx: TxId(u32::try_from(tx?).ok()?),
            nodes: nodes?.iter().collect(),
            trace_hash: trace_hash?,
        })
    }

    fn hash(&mut self, fields: &Fields<'_, '_>) -> Option<u128> {
        let (json, wanted) = (fields.get("trace_hash")?, "32 hexadecimal digits");
        let text = self.text(json, wanted)?;
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let hash = u128::from_str_radix(text, 16).ok();
        let hash = hash.filter(|_| text.len() == 32 && text.bytes().all(digit));
        if hash.is_none() {
            self.refuse(json.place, "this is no trace hash", wanted, "");
        }
        hash
    }
}
