//! What the command line changes in a scenario, before anything is checked.

use std::borrow::Cow;

use commitsim_rng::Seed;

use crate::json::{Json, Member, Value, parse};
use crate::limits;
use crate::place::{Origin, Place, Source, quoted};
use crate::problem::Complaint;

/// What the command line changes in a scenario.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Overrides {
    /// Replaces the scenario's seed.
    pub seed: Option<Seed>,
    /// Ids that pick from the scenario's protocols, with their options there; an id that is not
    /// among them stands for that protocol with default options. Empty: all of the scenario's.
    pub protocols: Vec<String>,
    /// JSON pointers (RFC 6901) with the JSON text to put there, in order. A key that an object
    /// does not have is added; `-` appends to a list.
    pub set: Vec<(String, String)>,
}

impl Overrides {
    /// The texts that complaints may point into: the settings, then the protocols.
    pub(crate) fn sources(&self) -> Vec<Source<'static>> {
        let source = |name: &str, text: String| {
            let text = Cow::Owned(text);
            Source { name: name.to_string(), text, origin: Origin::Argument }
        };
        let set =
            self.set.iter().map(|(pointer, json)| source("--set", format!("{pointer}={json}")));
        let protocols = self.protocols.iter().map(|id| source("--protocol", id.clone()));
        set.chain(protocols).collect()
    }

    /// Makes the settings in `tree`, whose own text is source 0; `sources` holds that and
    /// [`Overrides::sources`].
    pub(crate) fn apply<'a>(
        &self,
        tree: &mut Json<'a>,
        sources: &'a [Source<'_>],
        complaints: &mut Vec<Complaint>,
    ) {
        for ((pointer, _), (source, number)) in self.set.iter().zip(sources.iter().zip(0..).skip(1))
        {
            let place = Place::new(number, 0, pointer.len());
            let value = match parse(number, &source.text, pointer.len() + 1) {
                Ok(value) => value,
                Err(complaint) => {
                    complaints.push(complaint);
                    continue;
                }
            };
            value.duplicate_keys(complaints);
            if let Err((found, hint)) = put(tree, pointer, place, value) {
                let allowed = "a JSON pointer to something in the scenario, as in /network/loss";
                let (allowed, hint) = (allowed.to_string(), Some(hint.to_string()));
                complaints.push(Complaint { place, found, allowed, hint });
            }
        }
    }
}

/// Puts a value where a pointer points. The pointer is short, so that not even many of them make
/// a tree that is too deep to walk.
pub(crate) fn put<'a>(
    tree: &mut Json<'a>,
    pointer: &str,
    place: Place,
    value: Json<'a>,
) -> Result<(), (String, &'static str)> {
    let mut at = tree;
    if pointer.is_empty() {
        *at = value;
        return Ok(());
    }
    let Some(steps) = pointer.strip_prefix('/') else {
        return Err((format!("{} does not begin with /", quoted(pointer)), "put / before it"));
    };
    let mut steps: Vec<String> = steps.split('/').map(unescaped).collect();
    let last = steps.pop().unwrap_or_default();
    if steps.len() >= limits::DEPTH as usize {
        return Err(("this pointer is too long".to_string(), "nothing lies that deep"));
    }
    for step in &steps {
        at = child(at, step).ok_or_else(|| missing(step))?;
    }
    match &mut at.value {
        Value::Object(members) if members.iter().all(|member| member.key != last) => {
            members.push(Member { key: Cow::Owned(last), place, value });
        }
        Value::List(items) if last == "-" => items.push(value),
        _ => *child(at, &last).ok_or_else(|| missing(&last))? = value,
    }
    Ok(())
}

fn child<'t, 'a>(json: &'t mut Json<'a>, step: &str) -> Option<&'t mut Json<'a>> {
    match &mut json.value {
        Value::Object(members) => {
            members.iter_mut().find(|member| member.key == step).map(|member| &mut member.value)
        }
        Value::List(items) => {
            let number: usize = step.parse().ok().filter(|n: &usize| n.to_string() == step)?;
            items.get_mut(number)
        }
        _ => None,
    }
}

fn missing(step: &str) -> (String, &'static str) {
    (format!("the scenario has no {} there", quoted(step)), "set what lies around it first")
}

pub(crate) fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}
