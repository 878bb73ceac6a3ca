//! From text to a checked scenario.

use std::borrow::Cow;

use commitsim_core::{About, Patience, Time};
use commitsim_rng::Seed;
use commitsim_sim::{Setup, Topology, Workload};

use crate::expect::Expectations;
use crate::form_system::SCENARIO;
use crate::json::{Json, Value, parse};
use crate::limits;
use crate::names::Names;
use crate::network;
use crate::overrides::Overrides;
use crate::place::{Origin, Place, Source, quoted, show};
use crate::points::Point;
use crate::problem::{Complaint, Problems};
use crate::protocols::{Listed, ProtocolChoice, by_default};
use crate::reader::{Fields, Reader};
use crate::sweep::Sweep;
use crate::system;
use crate::words::Words;

/// The format that this version reads.
const FORMAT: &str = "commitsim/1";

/// What files there are that are taken for each other: their format, what they are, and what is
/// done with them.
const KINDS: [(&str, &str, &str); 2] = [
    (FORMAT, "a scenario", "commitsim run runs it"),
    (crate::replay::FORMAT, "a replay file", "commitsim replay runs it"),
];

/// A scenario: everything that is to be simulated, and what is expected of it. All of it has been
/// checked; nothing downstream checks again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scenario {
    /// One line that says what happens.
    pub title: Option<String>,
    /// Free text.
    pub notes: Option<String>,
    /// Where all chance comes from.
    pub seed: Seed,
    /// Which protocols run, at least one, no two the same.
    pub protocols: Vec<ProtocolChoice>,
    /// The names of the nodes, by number; all different.
    pub names: Vec<String>,
    /// The names of the helpers that faults and links may name; their numbers follow.
    pub helpers: &'static [&'static str],
    /// The system and what happens to it.
    pub setup: Setup,
    /// How long timers wait.
    pub patience: Patience,
    /// What must hold after a run.
    pub expect: Expectations,
    /// What is varied; none where nothing is.
    pub sweep: Option<Sweep>,
}

/// Reads the text of a scenario file. `file` is its name in messages, `known` are the protocols
/// that can run.
///
/// # Errors
///
/// All that is wrong with the scenario, at most 20 problems; only what is not JSON at all is
/// reported alone.
pub fn read(
    file: &str,
    text: &[u8],
    known: &[&'static About],
    overrides: &Overrides,
) -> Result<Scenario, Problems> {
    read_points(file, text, known, overrides).map(|(scenario, _)| scenario)
}

/// The same, with the points of its sweep; a scenario without one has its own values as its only
/// point.
///
/// # Errors
///
/// As for [`read`], which looks at all points too.
pub fn read_points(
    file: &str,
    text: &[u8],
    known: &[&'static About],
    overrides: &Overrides,
) -> Result<(Scenario, Vec<Point>), Problems> {
    let least = r#"the least scenario is {"format": "commitsim/1", "protocols": ["2pc"]}"#;
    read_as(file, text, overrides, least, |reader, json| {
        let scenario = reader.scenario(json, known, overrides)?;
        let Some(sweep) = scenario.sweep.as_ref().filter(|_| reader.complaints.is_empty()) else {
            let point = Point { values: Vec::new(), scenario: scenario.clone() };
            return Some((scenario, vec![point]));
        };
        let points = reader.points(json, sweep, known, overrides);
        Some((scenario, points))
    })
}

/// Reads a text as what `meaning` makes of its tree; `least` says what to write where it is empty.
pub(crate) fn read_as<T>(
    file: &str,
    text: &[u8],
    overrides: &Overrides,
    least: &str,
    meaning: impl FnOnce(&mut Reader, &Json<'_>) -> Option<T>,
) -> Result<T, Problems> {
    let decoded =
        if text.len() > limits::TEXT { Cow::Borrowed("") } else { String::from_utf8_lossy(text) };
    let mut name = String::new();
    file.chars().for_each(|c| show(c, &mut name));
    let source = Source { name, text: decoded, origin: Origin::File };
    let mut sources = vec![source];
    sources.extend(overrides.sources());
    let unreadable = unreadable(text, least).map_or_else(|| parse(0, &sources[0].text, 0), Err);
    let mut tree = match unreadable {
        Ok(tree) => tree,
        Err(complaint) => return Err(Problems::new(&sources, None, vec![complaint])),
    };
    let mut reader = Reader::default();
    tree.duplicate_keys(&mut reader.complaints);
    overrides.apply(&mut tree, &sources, &mut reader.complaints);
    match meaning(&mut reader, &tree) {
        Some(meant) if reader.complaints.is_empty() => Ok(meant),
        _ => Err(Problems::new(&sources, Some(&tree), reader.complaints)),
    }
}

/// Why a text cannot be JSON, before a single character of it is looked at.
fn unreadable(text: &[u8], least: &str) -> Option<Complaint> {
    let complain = |at: usize, length: usize, found: String, allowed: &str, hint: &str| {
        let place = Place::new(0, at, at + length);
        let (allowed, hint) = (allowed.to_string(), Some(hint.to_string()));
        Some(Complaint { place, found, allowed, hint })
    };
    if text.len() > limits::TEXT {
        let found = format!("the file has {} bytes", text.len());
        return complain(0, 0, found, "at most 1 MiB", "is this the right file?");
    }
    if text.starts_with(b"\xef\xbb\xbf") {
        let found = "the file begins with a byte-order mark".to_string();
        return complain(0, 3, found, "UTF-8 without a mark", "save it as \"UTF-8\"");
    }
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
        return complain(0, 0, "the file is UTF-16".to_string(), "UTF-8", "save it as \"UTF-8\"");
    }
    if text.iter().all(u8::is_ascii_whitespace) {
        return complain(0, 0, "the file is empty".to_string(), "a JSON object", least);
    }
    let error = std::str::from_utf8(text).err()?;
    let found = format!("byte {} is not UTF-8 text", error.valid_up_to());
    complain(error.valid_up_to(), 1, found, "UTF-8", "is this the right file?")
}

impl Reader {
    /// Reads the parts in an order in which each can use what it needs of the others.
    pub(crate) fn scenario(
        &mut self,
        json: &Json<'_>,
        known: &[&'static About],
        overrides: &Overrides,
    ) -> Option<Scenario> {
        if self.another_kind(json, FORMAT) {
            return None;
        }
        let fields = self.object(json, &SCENARIO)?;
        self.format_of(&fields, FORMAT);
        let listed = fields.get("protocols").map(|json| self.protocols(json, known));
        let mut listed = listed.unwrap_or_default();
        let protocols = self.picked(&mut listed, known, overrides);
        if listed.choices.len() == listed.ids.len() {
            let ids = &listed.ids;
            self.words =
                Words::of(known.iter().filter(|about| ids.iter().any(|id| id == about.id)));
        }
        self.names = match fields.get("nodes") {
            Some(json) => self.nodes(json).unwrap_or_default(),
            None => Names::numbered(3),
        };
        self.names = std::mem::take(&mut self.names).with_helpers(self.helpers(known, &listed.ids));
        self.horizon = match fields.get("horizon") {
            Some(json) => self.some_time(json),
            None => Some(commitsim_core::Span::from_millis(60_000)),
        };
        let title = fields.get("title").and_then(|json| self.prose(json, limits::TITLE));
        let notes = fields.get("notes").and_then(|json| self.prose(json, limits::NOTES));
        let seed = fields.get("seed").and_then(|json| self.seed(json));
        let patience = fields.get("patience").and_then(|json| self.patience(json));
        let setup = self.setup(&fields);
        let expect = fields.get("expect").and_then(|json| self.expectations(json, &listed.ids));
        let sweep = fields.get("sweep").and_then(|json| self.sweep(json));
        Some(Scenario {
            title,
            notes,
            seed: overrides.seed.or(seed).unwrap_or_default(),
            protocols,
            setup,
            patience: patience.unwrap_or_else(system::default_patience),
            expect: expect.unwrap_or_default(),
            sweep,
            helpers: self.names.helpers(),
            names: std::mem::take(&mut self.names).into_list(),
        })
    }

    /// Whether the file is one of commitsim's, but of another kind than `wanted`. Then that is all
    /// there is to say about it: the keys it lacks would only distract.
    pub(crate) fn another_kind(&mut self, json: &Json<'_>, wanted: &str) -> bool {
        let Value::Object(members) = &json.value else { return false };
        let format = members.iter().find(|member| member.key == "format");
        let Some(Json { place, value: Value::Text(text) }) = format.map(|member| &member.value)
        else {
            return false;
        };
        let kind = KINDS.iter().find(|(format, ..)| *format != wanted && *format == text.as_ref());
        let Some((_, kind, hint)) = kind else { return false };
        self.refuse(*place, format!("this is {kind}"), quoted(wanted), *hint);
        true
    }

    /// Complains where a file has another format than `wanted`.
    pub(crate) fn format_of(&mut self, fields: &Fields<'_, '_>, wanted: &str) {
        let Some(json) = fields.get("format") else {
            return;
        };
        let Some(format) = self.text(json, &quoted(wanted)) else {
            return;
        };
        if format != wanted {
            let family = wanted.trim_end_matches(|c: char| c.is_ascii_digit());
            let hint = if format.starts_with(family) {
                "another version of commitsim reads this format"
            } else {
                ""
            };
            let found = format!("{} is not a format that this version reads", quoted(format));
            self.refuse(json.place, found, quoted(wanted), hint);
        }
    }

    /// The protocols that the command line picks. Their ids join those of the file, so that a
    /// fault may name what only they know.
    fn picked(
        &mut self,
        listed: &mut Listed,
        known: &[&'static About],
        overrides: &Overrides,
    ) -> Vec<ProtocolChoice> {
        if overrides.protocols.is_empty() {
            return listed.choices.clone();
        }
        let mut picked: Vec<ProtocolChoice> = Vec::new();
        for (id, source) in overrides.protocols.iter().zip(1 + overrides.set.len()..) {
            let mut there: Vec<ProtocolChoice> =
                listed.choices.iter().filter(|choice| choice.id == id).cloned().collect();
            if there.is_empty() {
                let source = u32::try_from(source).unwrap_or(u32::MAX);
                let about = self.protocol(Place::new(source, 0, id.len()), id, known);
                there.extend(about.map(by_default));
            }
            there.retain(|choice| !picked.contains(choice));
            picked.extend(there);
        }
        for choice in &picked {
            if !listed.ids.iter().any(|id| id == choice.id) {
                listed.ids.push(choice.id.to_string());
                listed.choices.push(choice.clone());
            }
        }
        picked
    }

    /// The helpers that faults and links may name: those of the scenario's protocols, unless two
    /// of these have different ones, since a helper's number follows from its place in the list.
    fn helpers(&mut self, known: &[&'static About], ids: &[String]) -> &'static [&'static str] {
        let mut lists = known
            .iter()
            .filter(|about| ids.iter().any(|id| id == about.id))
            .map(|about| about.helpers)
            .filter(|helpers| !helpers.is_empty());
        let first = lists.next().unwrap_or_default();
        self.rival_helpers = lists.any(|helpers| helpers != first);
        if self.rival_helpers { &[] } else { first }
    }

    fn setup(&mut self, fields: &Fields<'_, '_>) -> Setup {
        let nodes = self.names.count();
        let topology = fields.get("topology").and_then(|json| self.topology(json));
        let network = fields.get("network").and_then(|json| self.network(json));
        let disk = fields.get("disk").and_then(|json| self.disk(json));
        let work = fields.get("work").and_then(|json| self.work(json));
        let votes = fields.get("votes").and_then(|json| self.votes(json));
        let workload = fields.get("workload").map(|json| self.workload(json));
        let workload = workload.unwrap_or_else(|| Some(system::default_workload()));
        self.transactions = workload.as_ref().map(|workload| workload.transactions);
        if let (Some(votes), Some(Workload { keys: Some(_), .. })) = (&votes, &workload) {
            self.check_readers(fields.get("votes"), &votes.read_only);
        }
        let faults = fields.get("faults").and_then(|json| self.faults(json));
        let storm = fields.get("storm").and_then(|json| self.storm(json));
        let luck = fields.get("luck").and_then(|json| self.luck(json));
        Setup {
            nodes,
            topology: topology.unwrap_or(Topology::Star),
            network: network.unwrap_or_else(network::by_default),
            disk: disk.unwrap_or_else(system::default_disk),
            work: work.unwrap_or_else(|| system::default_work(nodes)),
            votes: votes.unwrap_or_else(system::default_votes),
            workload: workload.unwrap_or_else(system::default_workload),
            faults: faults.unwrap_or_default(),
            storm,
            luck: luck.unwrap_or_default(),
            horizon: Time::ZERO + self.horizon.unwrap_or_default(),
            event_limit: limits::EVENTS,
        }
    }

    /// A text for people. Line breaks are fine where there is room for lines.
    pub(crate) fn prose(&mut self, json: &Json<'_>, most: usize) -> Option<String> {
        let allowed = format!("a text of at most {most} characters, none of them invisible");
        let Value::Text(text) = &json.value else {
            self.wrong_type(json, &allowed, "");
            return None;
        };
        let length = text.chars().count();
        let lines = |c: char| most == limits::NOTES && (c == '\n' || c == '\t' || c == '\r');
        let hidden = text.chars().find(|&c| is_hidden(c) && !lines(c));
        let found = match hidden {
            _ if length > most => format!("this text has {length} characters"),
            Some(c) => format!("this text holds the character U+{:04X}", u32::from(c)),
            None => return Some(text.to_string()),
        };
        self.refuse(json.place, found, allowed, "");
        None
    }
}

/// Control characters, and those that change the direction in which other characters run.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2066}'..='\u{2069}' | '\u{feff}')
}
