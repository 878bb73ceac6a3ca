//! The JSON Schema of scenario files, from the description that the reader itself goes by.

use std::collections::BTreeMap;

use commitsim_core::About;
use commitsim_spec::Property;

use crate::form::{Form, Need, Rule};
use crate::form_system::{PROTOCOL, SCENARIO, SHAPE};
use crate::kind::Kind;
use crate::regions::Table;
use crate::tree::Tree;

/// What the schema is called where it is shown.
const TITLE: &str = "A commitsim scenario (commitsim/1)";

/// What may stand where a duration is drawn, besides a fixed one.
static DISTRIBUTION: Kind = Kind::Object(&SHAPE);

const DURATION: &str = r"^(0|(0|[1-9][0-9]*)(\.[0-9]+)?(ns|us|ms|s|min|h))$";
const RATE: &str = r"^([0-9]+/[0-9]+|(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?(%|ppm)?)$";
const SEED: &str = "^([0-9]+|[0-9a-fA-F]{40})$";
const NODE: &str = "^[a-z0-9_-]{1,64}$";

/// The JSON Schema (draft 2020-12) of scenarios for these protocols, as text with a line break at
/// its end.
///
/// Whatever [`read`](crate::read) takes is valid by it. The other way round it says what can be
/// said of each value by itself, and every key.
#[must_use]
pub fn schema(known: &[&'static About]) -> String {
    let mut writer = Writer { known, definitions: BTreeMap::new() };
    let mut members =
        vec![text("$schema", "https://json-schema.org/draft/2020-12/schema"), text("title", TITLE)];
    members.extend(writer.object(&SCENARIO));
    let definitions = writer.definitions.into_iter().collect();
    members.push(("$defs".to_string(), Tree::Object(definitions)));
    Tree::Object(members).pretty()
}

/// A member of an object.
type Member = (String, Tree);

/// Collects what is defined once and referred to by name.
struct Writer<'a> {
    known: &'a [&'static About],
    definitions: BTreeMap<String, Tree>,
}

impl Writer<'_> {
    /// The members that describe an object of this form.
    fn object(&mut self, form: &'static Form) -> Vec<Member> {
        let mut properties = Vec::new();
        let mut required = Vec::new();
        for key in form.keys {
            let mut value = vec![text("description", key.says)];
            value.extend(self.value(&key.value));
            properties.push((key.name.to_string(), Tree::Object(value)));
            if key.need == Need::Required {
                required.push(key.name);
            }
        }
        let mut members = vec![text("type", "object"), member("properties", properties.into())];
        if !required.is_empty() {
            members.push(member("required", words(required)));
        }
        members.push(member("additionalProperties", Tree::False));
        members.extend(rules(form.rules));
        members
    }

    /// The members that describe a value.
    fn value(&mut self, kind: &'static Kind) -> Vec<Member> {
        match *kind {
            Kind::Anything => Vec::new(),
            Kind::Text(most) => vec![text("type", "string"), member("maxLength", most.into())],
            Kind::Flag => vec![text("type", "boolean")],
            Kind::Whole(least, most) => numbers("integer", least, most),
            Kind::Positive => vec![text("type", "number"), whole("exclusiveMinimum", 0)],
            Kind::FromOne => vec![text("type", "number"), whole("minimum", 1)],
            Kind::Sigma => numbers("number", 0, 10),
            Kind::Word(choices) => one_of(choices.iter().copied()),
            Kind::Property => one_of(Property::ALL.map(Property::name)),
            Kind::Table => one_of(Table::all().iter().map(|table| table.name.as_str())),
            Kind::Object(form) => self.defined(form.id, |writer| writer.object(form)),
            Kind::List(..) | Kind::Set(..) | Kind::Pair(..) => self.list(kind),
            Kind::ByNode(kind) => {
                let names = self.value(&Kind::Node);
                self.map(names, kind)
            }
            Kind::ByProtocol(kind) => {
                let ids = self.known.iter().map(|about| about.id).chain(["*"]);
                self.map(one_of(ids), kind)
            }
            Kind::Either(kinds) => {
                let kinds: Vec<_> = kinds.iter().map(|kind| self.value(kind)).collect();
                either(kinds)
            }
            _ => self.named(kind),
        }
    }

    /// The same for what is described once, because it stands in many places.
    fn named(&mut self, kind: &'static Kind) -> Vec<Member> {
        let known = self.known;
        match kind {
            Kind::Duration => self.defined("duration", |_| pattern(DURATION)),
            Kind::Drawn => self.defined("duration-or-distribution", |writer| {
                let duration = writer.value(&Kind::Duration);
                either([duration, writer.value(&DISTRIBUTION)])
            }),
            Kind::Rate => {
                self.defined("rate", |_| either([numbers("number", 0, 1), pattern(RATE)]))
            }
            Kind::Seed => self
                .defined("seed", |_| either([numbers("integer", 0, (1 << 53) - 1), pattern(SEED)])),
            Kind::Node => self.defined("node", |_| pattern(NODE)),
            Kind::Message => self.defined("message", |_| {
                one_of(unique(known.iter().flat_map(|about| about.messages)))
            }),
            Kind::Record => self.defined("record", |_| {
                one_of(unique(known.iter().flat_map(|about| about.records)))
            }),
            Kind::Alarm => self
                .defined("alarm", |_| one_of(unique(known.iter().flat_map(|about| about.timers)))),
            Kind::ProtocolId => {
                self.defined("protocol-id", |_| one_of(known.iter().map(|about| about.id)))
            }
            Kind::Protocol => self.defined(PROTOCOL.id, Writer::protocol),
            Kind::Region => self.defined("region", |_| {
                let tables = Table::all();
                one_of(unique(tables.iter().flat_map(Table::regions)))
            }),
            _ => Vec::new(),
        }
    }

    /// An object with any number of keys that are names.
    fn map(&mut self, names: Vec<Member>, kind: &'static Kind) -> Vec<Member> {
        let values = self.value(kind);
        vec![
            text("type", "object"),
            member("propertyNames", names.into()),
            member("additionalProperties", values.into()),
        ]
    }

    fn list(&mut self, kind: &'static Kind) -> Vec<Member> {
        let items = |items: Vec<Member>, least: u32| {
            let items = vec![text("type", "array"), member("items", items.into())];
            let least = (least > 0).then(|| whole("minItems", least.into()));
            items.into_iter().chain(least).collect::<Vec<_>>()
        };
        match *kind {
            Kind::List(kind, least) => items(self.value(kind), least),
            Kind::Set(kind, least) => {
                let mut list = items(self.value(kind), least);
                list.push(member("uniqueItems", Tree::True));
                list
            }
            Kind::Pair(one, other) => {
                let both = vec![self.value(one).into(), self.value(other).into()];
                vec![
                    text("type", "array"),
                    member("prefixItems", Tree::List(both)),
                    whole("minItems", 2),
                    whole("maxItems", 2),
                ]
            }
            _ => Vec::new(),
        }
    }

    /// An id, or an object with the options that the protocol of this id has.
    fn protocol(&mut self) -> Vec<Member> {
        let mut choices = vec![self.value(&Kind::ProtocolId)];
        for about in self.known {
            let option = |choice: &commitsim_core::Choice| {
                let values =
                    Tree::List(choice.values.iter().flat_map(|value| forms(value)).collect());
                let value = vec![text("description", choice.meaning), member("enum", values)];
                (choice.name.to_string(), value.into())
            };
            let options: Vec<Member> = about.options.iter().map(option).collect();
            let options = vec![
                text("type", "object"),
                member("properties", options.into()),
                member("additionalProperties", Tree::False),
            ];
            let properties = PROTOCOL.keys.iter().map(|key| {
                let says = text("description", key.says);
                let id = vec![text("const", about.id)];
                let value = if key.name == "id" { id } else { options.clone() };
                (key.name.to_string(), [vec![says], value].concat().into())
            });
            let required = PROTOCOL.keys.iter().filter(|key| key.need == Need::Required);
            choices.push(vec![
                text("title", about.title),
                text("type", "object"),
                member("properties", Tree::Object(properties.collect())),
                member("required", words(required.map(|key| key.name))),
                member("additionalProperties", Tree::False),
            ]);
        }
        either(choices)
    }

    /// Refers to a definition, which is made at its first use.
    fn defined(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Vec<Member>) -> Vec<Member> {
        if !self.definitions.contains_key(name) {
            let made = make(self);
            self.definitions.insert(name.to_string(), made.into());
        }
        vec![text("$ref", format!("#/$defs/{name}"))]
    }
}

/// What holds between the keys of an object.
fn rules(rules: &[Rule]) -> Vec<Member> {
    let mut all = Vec::new();
    let mut needs = Vec::new();
    for rule in rules {
        let required = |keys: &[&str]| vec![member("required", words(keys.iter().copied()))];
        match *rule {
            Rule::One(choices) => {
                let choices = choices.iter().map(|keys| required(keys).into()).collect();
                all.push(vec![member("oneOf", Tree::List(choices))]);
            }
            Rule::Some(keys) => {
                let choices = keys.iter().map(|key| required(&[key]).into()).collect();
                all.push(vec![member("anyOf", Tree::List(choices))]);
            }
            Rule::Needs(key, other) => needs.push((key.to_string(), words([other]))),
        }
    }
    let needs = (!needs.is_empty()).then(|| member("dependentRequired", needs.into()));
    let rules = match all.len() {
        0 | 1 => all.into_iter().next().unwrap_or_default(),
        _ => vec![member("allOf", Tree::List(all.into_iter().map(Tree::from).collect()))],
    };
    rules.into_iter().chain(needs).collect()
}

/// How the value of an option may be written: as a text, or as what the text looks like.
fn forms(value: &str) -> Vec<Tree> {
    let plain = match value {
        "true" => Some(Tree::True),
        "false" => Some(Tree::False),
        _ => value.parse::<u64>().ok().filter(|n| n.to_string() == value).map(Tree::from),
    };
    [Tree::from(value)].into_iter().chain(plain).collect()
}

fn member(key: &str, value: Tree) -> Member {
    (key.to_string(), value)
}

fn text(key: &str, value: impl Into<String>) -> Member {
    (key.to_string(), Tree::Text(value.into()))
}

fn whole(key: &str, number: u64) -> Member {
    member(key, Tree::Whole(number))
}

fn numbers(kind: &str, least: u64, most: u64) -> Vec<Member> {
    vec![text("type", kind), whole("minimum", least), whole("maximum", most)]
}

fn pattern(pattern: &str) -> Vec<Member> {
    vec![text("type", "string"), text("pattern", pattern)]
}

fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> Tree {
    Tree::List(words.into_iter().map(Tree::from).collect())
}

fn one_of<'a>(choices: impl IntoIterator<Item = &'a str>) -> Vec<Member> {
    vec![member("enum", words(choices))]
}

fn either(choices: impl IntoIterator<Item = Vec<Member>>) -> Vec<Member> {
    vec![member("anyOf", Tree::List(choices.into_iter().map(Tree::from).collect()))]
}

/// The names in the order in which they come first.
fn unique<'a, T: AsRef<str> + ?Sized + 'a>(names: impl Iterator<Item = &'a T>) -> Vec<&'a str> {
    let mut list: Vec<&str> = Vec::new();
    for name in names.map(AsRef::as_ref) {
        if !list.contains(&name) {
            list.push(name);
        }
    }
    list
}
