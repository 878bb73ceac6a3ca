//! Which protocols run, and with which options.

use commitsim_core::{About, Choice};

use crate::form_system::PROTOCOL;
use crate::json::{Json, Value};
use crate::place::{Place, quoted};
use crate::reader::{Reader, listed};

/// A protocol of a scenario with all its options.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProtocolChoice {
    /// Its id.
    pub id: &'static str,
    /// Each option that the protocol has, in the protocol's order, with a value that it allows.
    pub options: Vec<(String, String)>,
}

/// Ids that have a meaning already, whether or not this version can run them.
const RESERVED: [&str; 23] = [
    "2pc",
    "2pc-pra",
    "2pc-prc",
    "2pc-linear",
    "2pc-decentralized",
    "2pc-watchdog-naive",
    "2pc-watchdog",
    "2pc-backup",
    "t2pc",
    "d2pc",
    "p2pc",
    "3pc-naive",
    "3pc",
    "paxos-commit",
    "paxos-commit-fast",
    "3pc-quorum",
    "e3pc",
    "easycommit",
    "cornus",
    "inbac",
    "coordinator-log",
    "2pc-nprc",
    "2pc-last-agent",
];

/// The protocols of a scenario's text: those that could be read, and every id that stands there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listed {
    pub(crate) choices: Vec<ProtocolChoice>,
    pub(crate) ids: Vec<String>,
}

impl Reader {
    /// The list of protocols.
    pub(crate) fn protocols(&mut self, json: &Json<'_>, known: &[&'static About]) -> Listed {
        let mut listed = Listed::default();
        let Some(items) = self.list(json, "protocols") else {
            return listed;
        };
        if items.is_empty() {
            let allowed = "at least one protocol";
            self.refuse(json.place, "the list of protocols is empty", allowed, "as in [\"2pc\"]");
        }
        for item in items {
            let (id, options) = match &item.value {
                Value::Text(_) => (Some(item), None),
                _ => match self.object(item, &PROTOCOL) {
                    Some(fields) => (fields.get("id"), fields.get("options")),
                    None => continue,
                },
            };
            let Some(id) = id else { continue };
            let Some(text) = self.text(id, "the id of a protocol") else {
                continue;
            };
            listed.ids.push(text.to_string());
            let Some(about) = self.protocol(id.place, text, known) else {
                continue;
            };
            let choice = ProtocolChoice { id: about.id, options: self.options(options, about) };
            if listed.choices.contains(&choice) {
                let found = format!("`{}` is listed twice with the same options", about.id);
                self.refuse(item.place, found, "each protocol once, or with other options", "");
            }
            listed.choices.push(choice);
        }
        listed
    }

    /// A protocol by its id.
    pub(crate) fn protocol(
        &mut self,
        place: Place,
        id: &str,
        known: &[&'static About],
    ) -> Option<&'static About> {
        let about = known.iter().copied().find(|about| about.id == id);
        if about.is_none() {
            let ids = || known.iter().map(|about| about.id);
            let found = if RESERVED.contains(&id) {
                format!("protocol `{id}` is not in this version")
            } else {
                format!("there is no protocol {}", quoted(id))
            };
            let hint = if RESERVED.contains(&id) { String::new() } else { self.suggest(id, ids()) };
            self.refuse(place, found, listed(ids()), hint);
        }
        about
    }

    fn options(&mut self, json: Option<&Json<'_>>, about: &About) -> Vec<(String, String)> {
        let fields = json.and_then(|json| self.map(json, "options"));
        for member in fields.iter().flat_map(|fields| fields.members()) {
            if about.options.iter().all(|choice| choice.name != member.key) {
                let names = || about.options.iter().map(|choice| choice.name);
                let found = format!("`{}` has no option {}", about.id, quoted(&member.key));
                let allowed = match about.options {
                    [] => "no options".to_string(),
                    _ => listed(names()),
                };
                let hint = if member.key == "coordinator_votes" {
                    "its coordinator is one of those that vote; only `2pc`, `2pc-pra`, `2pc-prc` \
                     and `2pc-backup` can have one without data"
                        .to_string()
                } else {
                    self.suggest(&member.key, names())
                };
                self.refuse(member.place, found, allowed, hint);
            }
        }
        let chosen = |choice: &Choice| {
            let written = fields.and_then(|fields| fields.get(choice.name));
            let value = written.and_then(|json| self.option(json, choice));
            let default = choice.values.first().copied().unwrap_or_default();
            (choice.name.to_string(), value.unwrap_or_else(|| default.to_string()))
        };
        about.options.iter().map(chosen).collect()
    }

    /// The value of an option; numbers and truth values may stand without quotes.
    fn option(&mut self, json: &Json<'_>, choice: &Choice) -> Option<String> {
        let text = match &json.value {
            Value::Text(text) => text.as_ref(),
            Value::Number(text) => text,
            Value::Bool(true) => "true",
            Value::Bool(false) => "false",
            _ => {
                self.wrong_type(json, &listed(choice.values.iter().copied()), choice.meaning);
                return None;
            }
        };
        if choice.values.contains(&text) {
            return Some(text.to_string());
        }
        let found = format!("option `{}` cannot be {}", choice.name, quoted(text));
        let mut hint = self.suggest(text, choice.values.iter().copied());
        if hint.is_empty() {
            hint = format!("{}: {}", choice.name, choice.meaning);
        }
        self.refuse(json.place, found, listed(choice.values.iter().copied()), hint);
        None
    }
}

/// All options of a protocol at their defaults.
pub(crate) fn by_default(about: &'static About) -> ProtocolChoice {
    let default = |choice: &Choice| {
        let value = choice.values.first().copied().unwrap_or_default();
        (choice.name.to_string(), value.to_string())
    };
    ProtocolChoice { id: about.id, options: about.options.iter().map(default).collect() }
}
