//! What a search found, as a replay file.

use commitsim_catalog::{Enactment, End, Explored};
use commitsim_core::About;
use commitsim_rng::Seed;
use commitsim_scenario::{Breach, Overrides, ProtocolChoice, Replay, Script};
use commitsim_sim::QueueKind;
use commitsim_spec::Property;

use crate::trial::Trial;

/// Who writes replay files.
const TOOL: &str = concat!("commitsim ", env!("CARGO_PKG_VERSION"));

/// What was searched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Searched<'a> {
    pub(crate) about: &'static About,
    pub(crate) options: &'a [(String, String)],
    pub(crate) nodes: u16,
    pub(crate) topology: &'static str,
    /// What was looked for; anything where the list is empty.
    pub(crate) properties: &'a [Property],
}

/// The text of a replay file whose run goes the way of the search.
///
/// # Errors
///
/// Why there is none, in a sentence.
pub(crate) fn replay(searched: Searched<'_>, explored: &Explored) -> Result<String, String> {
    let Searched { about, nodes, topology, properties, .. } = searched;
    let property = property(&explored.end, properties);
    let property = property.ok_or("nothing was found that a run could show")?;
    let plain = format!(
        "{{\"format\": \"commitsim/1\", \"protocols\": [\"{}\"], \"nodes\": {nodes}, \
         \"topology\": \"{topology}\"}}",
        about.id
    );
    let known = commitsim_catalog::abouts();
    let read =
        commitsim_scenario::read("scenario", plain.as_bytes(), &known, &Overrides::default());
    let plain = read.map_err(|problems| problems.to_string())?;
    let choice = ProtocolChoice { id: about.id, options: searched.options.to_vec() };
    let enactment = Enactment::new(&explored.timetable, about);
    let title = format!(
        "{} of {}: a search's way of {} steps",
        property.name(),
        about.id,
        explored.way.len()
    );
    let script = Script {
        title: &title,
        about,
        choice: &choice,
        names: &plain.names,
        seed: Seed(0),
        setup: &enactment.within(plain.setup),
        patience: &plain.patience,
    };
    replayable(&script, property)
}

/// The text of a replay file with this scenario, whose run breaks `property`.
///
/// # Errors
///
/// Why there is none, in a sentence.
pub(crate) fn replayable(script: &Script<'_>, property: Property) -> Result<String, String> {
    let text = script.text();
    let known = commitsim_catalog::abouts();
    let read = commitsim_scenario::read("scenario", text.as_bytes(), &known, &Overrides::default());
    let scenario = read.map_err(|problems| problems.to_string())?;
    let trial = Trial::new(&scenario, &scenario.protocols[0], QueueKind::Lazy);
    let record = trial.run(None).map_err(|panicked| panicked.to_string())?;
    let violation = record.violations.iter().find(|violation| violation.property == property);
    let Some(violation) = violation else {
        return Err(format!("the simulator does not break {} on this way", property.name()));
    };
    let breach = Breach {
        property,
        tx: violation.tx,
        nodes: violation.nodes.clone(),
        trace_hash: record.trace_hash,
    };
    let helpers = script.about.helpers.iter().copied();
    let names: Vec<&str> = script.names.iter().map(String::as_str).chain(helpers).collect();
    Ok(Replay::text(TOOL, &breach, &names, &text))
}

/// What a run has to break to be the same: the first of what was looked for, since more may be
/// broken at once. Who goes on for ever does not decide.
fn property(end: &End, sought: &[Property]) -> Option<Property> {
    let is_sought = |property: &Property| sought.is_empty() || sought.contains(property);
    match end {
        End::Broken(violations) | End::Stuck(violations) => {
            violations.iter().map(|violation| violation.property).find(is_sought)
        }
        End::Restless => Some(Property::Ac5),
        End::Holds | End::Unfinished => None,
    }
}
