//! Where in a sweep something is: which protocol at which values.

use crate::figure::Look;
use crate::looks;
use crate::manifest::Manifest;

/// The name that stands for the protocols.
pub(crate) const PROTOCOL: &str = "protocol";

/// Some of what is varied, each with the number of one of its values.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Spot<'a>(Vec<(&'a str, usize)>);

impl<'a> Spot<'a> {
    /// The same with one thing more.
    pub(crate) fn with(&self, thing: &'a str, value: usize) -> Spot<'a> {
        let mut spot = self.clone();
        if !thing.is_empty() {
            spot.0.push((thing, value));
        }
        spot
    }

    /// Every combination of the values of some things.
    pub(crate) fn all(manifest: &Manifest, things: &'a [String]) -> Vec<Spot<'a>> {
        let mut spots = vec![Spot::default()];
        for thing in things {
            let each = |spot: Spot<'a>| {
                let values = 0..count(manifest, thing);
                values.map(move |value| spot.with(thing, value)).collect::<Vec<_>>()
            };
            spots = spots.into_iter().flat_map(each).collect();
        }
        spots
    }

    /// The cell at this spot; what it does not say is at its first value.
    pub(crate) fn cell(&self, manifest: &Manifest) -> usize {
        let value = |thing: &str| {
            self.0.iter().find(|(name, _)| *name == thing).map_or(0, |(_, value)| *value)
        };
        let point = manifest
            .axes
            .iter()
            .fold(0, |point, axis| point * axis.values.len() + value(&axis.label));
        point * manifest.protocols.len() + value(PROTOCOL)
    }

    /// What it is called.
    pub(crate) fn name(&self, manifest: &Manifest) -> String {
        let one = |(thing, value): &(&str, usize)| match *thing {
            PROTOCOL => manifest.protocol_name(*value),
            thing => format!("{thing} = {}", name(manifest, thing, *value)),
        };
        self.0.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

/// How many values something takes.
pub(crate) fn count(manifest: &Manifest, thing: &str) -> usize {
    match thing {
        PROTOCOL => manifest.protocols.len(),
        _ => manifest.axis(thing).map_or(1, |axis| axis.values.len()),
    }
}

/// What a value is called.
pub(crate) fn name(manifest: &Manifest, thing: &str, value: usize) -> String {
    match thing {
        "" => String::new(),
        PROTOCOL => manifest.protocol_name(value),
        _ => {
            manifest.axis(thing).and_then(|axis| axis.names.get(value)).cloned().unwrap_or_default()
        }
    }
}

/// The looks of all values of something.
pub(crate) fn looks(manifest: &Manifest, thing: &str) -> Vec<Look> {
    match thing {
        PROTOCOL => looks::of_protocols(manifest.protocols.iter().map(|entry| entry.id.as_str())),
        _ => (0..count(manifest, thing)).map(looks::of_value).collect(),
    }
}
