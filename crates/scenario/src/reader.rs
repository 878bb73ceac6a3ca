//! A walk over the JSON tree that turns what is written into what it means, and collects every
//! complaint on its way instead of stopping at the first.
//!
//! A method that returns nothing has complained; its caller may then use any default, because
//! with a complaint no scenario comes of it.

use crate::form::{Form, Need};
use crate::json::{Json, Member, Value};
use crate::limits;
use crate::names::Names;
use crate::nearest::suggestion;
use crate::place::{Place, quoted};
use crate::problem::Complaint;
use crate::words::Words;
use commitsim_core::{NodeId, NodeSet, Span};

/// The state of the walk: the complaints so far, and what later parts need of earlier ones.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    pub(crate) complaints: Vec<Complaint>,
    pub(crate) names: Names,
    pub(crate) words: Words,
    /// Whether two protocols have helpers of different names, so that neither can be named.
    pub(crate) rival_helpers: bool,
    /// None while unknown, or if it is wrong itself.
    pub(crate) horizon: Option<Span>,
    /// None while unknown, or if it is wrong itself.
    pub(crate) transactions: Option<u32>,
}

/// An object with the members that its form knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'j, 'a> {
    pub(crate) place: Place,
    members: &'j [Member<'a>],
}

impl<'j, 'a> Fields<'j, 'a> {
    /// The value of a key; of a key that stands there twice the first, for the other one has
    /// been complained of.
    pub(crate) fn get(&self, key: &str) -> Option<&'j Json<'a>> {
        self.members.iter().find(|member| member.key == key).map(|member| &member.value)
    }

    pub(crate) fn members(&self) -> &'j [Member<'a>] {
        self.members
    }
}

impl Reader {
    /// Notes a complaint; `allowed` and `hint` may be empty.
    pub(crate) fn refuse(
        &mut self,
        place: Place,
        found: impl Into<String>,
        allowed: impl Into<String>,
        hint: impl Into<String>,
    ) {
        if self.complaints.len() < limits::COMPLAINTS {
            let hint = Some(hint.into()).filter(|hint| !hint.is_empty());
            let (found, allowed) = (found.into(), allowed.into());
            self.complaints.push(Complaint { place, found, allowed, hint });
        }
    }

    /// Complains that something else stands where `wanted` belongs.
    pub(crate) fn wrong_type(&mut self, json: &Json<'_>, wanted: &str, hint: &str) {
        let hint = match json.value {
            Value::Null if hint.is_empty() => "leave the key out instead",
            _ => hint,
        };
        self.refuse(json.place, format!("this is {}", describe(json)), wanted, hint);
    }

    /// "did you mean …?", or nothing. After many complaints nobody reads it any more, and to
    /// compare every wrong name with every right one would take long.
    pub(crate) fn suggest<'n>(
        &self,
        wrong: &str,
        candidates: impl IntoIterator<Item = &'n str>,
    ) -> String {
        let listening = self.complaints.len() < 2 * limits::PROBLEMS;
        listening.then(|| suggestion(wrong, candidates)).flatten().unwrap_or_default()
    }

    /// An object with the keys of `form` and no others.
    pub(crate) fn object<'j, 'a>(
        &mut self,
        json: &'j Json<'a>,
        form: &Form,
    ) -> Option<Fields<'j, 'a>> {
        let fields = self.map(json, form.name)?;
        for member in fields.members {
            self.check_key(member, form);
        }
        for key in form.keys.iter().filter(|key| key.need == Need::Required) {
            if fields.get(key.name).is_none() {
                let found = format!("`{}` is missing in {}", key.name, form.name);
                self.refuse(json.place, found, "", format!("{}: {}", key.name, key.says));
            }
        }
        Some(fields)
    }

    /// An object whose keys are names.
    pub(crate) fn map<'j, 'a>(
        &mut self,
        json: &'j Json<'a>,
        wanted: &str,
    ) -> Option<Fields<'j, 'a>> {
        if let Value::Object(members) = &json.value {
            return Some(Fields { place: json.place, members });
        }
        self.wrong_type(json, &format!("{wanted}, as an object"), "");
        None
    }

    /// The one member of an object that has to have exactly one of the keys of `form`.
    pub(crate) fn choice<'j, 'a>(
        &mut self,
        json: &'j Json<'a>,
        form: &Form,
        also: &str,
    ) -> Option<(&'static str, &'j Json<'a>)> {
        let Value::Object(members) = &json.value else {
            self.wrong_type(json, &format!("{also}one of {}, as an object", keys(form)), "");
            return None;
        };
        for member in members {
            self.check_key(member, form);
        }
        match members.as_slice() {
            [member] => {
                let key = form.keys.iter().find(|key| key.name == member.key)?;
                Some((key.name, &member.value))
            }
            _ => {
                let found = format!("{} has {} keys", form.name, members.len());
                self.refuse(json.place, found, format!("exactly one of {}", keys(form)), "");
                None
            }
        }
    }

    fn check_key(&mut self, member: &Member<'_>, form: &Form) {
        if form.keys.iter().all(|key| key.name != member.key) {
            let found = format!("{} is not a key of {}", quoted(&member.key), form.name);
            let hint = self.suggest(&member.key, names(form));
            self.refuse(member.place, found, keys(form), hint);
        }
    }

    /// A list of anything.
    pub(crate) fn list<'j, 'a>(
        &mut self,
        json: &'j Json<'a>,
        wanted: &str,
    ) -> Option<&'j [Json<'a>]> {
        if let Value::List(items) = &json.value {
            return Some(items);
        }
        self.wrong_type(json, &format!("a list of {wanted}"), "put it in square brackets");
        None
    }

    /// A text.
    pub(crate) fn text<'j>(&mut self, json: &'j Json<'_>, wanted: &str) -> Option<&'j str> {
        if let Value::Text(text) = &json.value {
            return Some(text);
        }
        self.wrong_type(json, wanted, "");
        None
    }

    /// A text that is one of a few.
    pub(crate) fn one_of<T: Copy>(
        &mut self,
        json: &Json<'_>,
        wanted: &str,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let allowed = listed(choices.iter().map(|(name, _)| *name));
        if let Value::Text(text) = &json.value {
            if let Some((_, choice)) = choices.iter().find(|(name, _)| name == text) {
                return Some(*choice);
            }
            let hint = self.suggest(text, choices.iter().map(|(name, _)| *name));
            let found = format!("{} is not {wanted}", quoted(text));
            self.refuse(json.place, found, allowed, hint);
        } else {
            self.wrong_type(json, &allowed, "");
        }
        None
    }

    /// `true` or `false`.
    pub(crate) fn flag(&mut self, json: &Json<'_>) -> Option<bool> {
        if let Value::Bool(flag) = json.value {
            return Some(flag);
        }
        self.wrong_type(json, "true or false", "");
        None
    }

    /// A node by its name, helpers among them.
    pub(crate) fn node(&mut self, json: &Json<'_>) -> Option<NodeId> {
        let name = self.text(json, "the name of a node")?;
        self.node_named(json.place, name)
    }

    /// A node by its name, helpers among them.
    pub(crate) fn node_named(&mut self, place: Place, name: &str) -> Option<NodeId> {
        match self.names.find_helper(name) {
            Some(helper) if self.names.known() => Some(helper),
            _ => self.voter_named(place, name),
        }
    }

    /// A node that holds data, by its name.
    pub(crate) fn voter(&mut self, json: &Json<'_>) -> Option<NodeId> {
        let name = self.text(json, "the name of a node")?;
        self.voter_named(json.place, name)
    }

    /// A node that holds data, by its name.
    pub(crate) fn voter_named(&mut self, place: Place, name: &str) -> Option<NodeId> {
        let node = self.names.find(name);
        if node.is_none() && self.names.known() {
            let hint = if self.names.find_helper(name).is_some() {
                "a helper holds no data and does not vote".to_string()
            } else if self.rival_helpers && Names::is_helper(name) {
                "the protocols of this scenario have different helpers".to_string()
            } else if Names::is_helper(name) {
                "no protocol of this scenario has this helper".to_string()
            } else {
                self.suggest(name, self.names.iter())
            };
            let found = format!("there is no node {}", quoted(name));
            self.refuse(place, found, self.names.summary(), hint);
        }
        node
    }

    /// A list of different nodes, helpers among them.
    pub(crate) fn node_set(&mut self, json: &Json<'_>) -> Option<NodeSet> {
        self.set_of(json, Reader::node)
    }

    /// A list of different nodes that hold data.
    pub(crate) fn voter_set(&mut self, json: &Json<'_>) -> Option<NodeSet> {
        self.set_of(json, Reader::voter)
    }

    fn set_of(
        &mut self,
        json: &Json<'_>,
        one: fn(&mut Reader, &Json<'_>) -> Option<NodeId>,
    ) -> Option<NodeSet> {
        let mut set = NodeSet::EMPTY;
        for item in self.list(json, "node names")? {
            if let Some(node) = one(self, item)
                && !set.insert(node)
            {
                let found = format!("{} is listed twice", self.names.of(node));
                self.refuse(item.place, found, "each node once", "");
            }
        }
        Some(set)
    }
}

/// The keys of a form that this version knows, as a list in words.
pub(crate) fn keys(form: &Form) -> String {
    if form.keys.is_empty() { "no keys".to_string() } else { listed(names(form)) }
}

fn names(form: &Form) -> impl Iterator<Item = &'static str> {
    form.keys.iter().map(|key| key.name)
}

/// Names as a list in words.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn describe(json: &Json<'_>) -> String {
    match &json.value {
        Value::Null => "null".to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(text) => format!("the number {}", quoted(text).trim_matches('"')),
        Value::Text(text) => format!("the text {}", quoted(text)),
        Value::List(_) => "a list".to_string(),
        Value::Object(_) => "an object".to_string(),
    }
}
