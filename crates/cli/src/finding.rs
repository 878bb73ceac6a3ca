//! What a hunt or a shrinking comes to, as a replay file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use commitsim_catalog::Options;
use commitsim_core::About;
use commitsim_hunt::{Case, Kind};
use commitsim_report::store_new;
use commitsim_scenario::{ProtocolChoice, Scenario, Script};
use commitsim_spec::{Property, Violation};

use crate::counterexample::replayable;

/// The names of the nodes that are left of a scenario's. Numbers are given anew.
pub(crate) fn names(scenario: &Scenario, case: &Case) -> Vec<String> {
    let numbered = |n: usize| format!("n{n}");
    let usual = scenario.names.iter().enumerate().all(|(n, name)| *name == numbered(n));
    let name = |(n, old): (usize, &commitsim_core::NodeId)| match usual {
        true => numbered(n),
        false => scenario.names[usize::from(old.0)].clone(),
    };
    case.kept.iter().enumerate().map(name).collect()
}

/// The text of the replay file of `case`, which breaks `property`.
pub(crate) fn text(
    title: &str,
    about: &'static About,
    scenario: &Scenario,
    case: &Case,
    property: Property,
) -> Result<String, String> {
    let script = Script {
        title,
        about,
        choice: &choice(about, &case.options),
        names: &names(scenario, case),
        seed: case.seed,
        setup: &case.setup,
        patience: &case.patience,
    };
    replayable(&script, property)
}

/// Every option that the protocol has, with its value.
fn choice(about: &'static About, options: &Options) -> ProtocolChoice {
    let value = |choice: &commitsim_core::Choice| {
        let chosen = choice.values.iter().find(|value| options.is(choice.name, value));
        let value = chosen.or(choice.values.first()).copied().unwrap_or_default();
        (choice.name.to_string(), value.to_string())
    };
    ProtocolChoice { id: about.id, options: about.options.iter().map(value).collect() }
}

/// What is wrong, as a sentence with the names of the nodes that are left.
pub(crate) fn says(
    about: &About,
    scenario: &Scenario,
    case: &Case,
    violation: &Violation,
) -> String {
    let helpers = about.helpers.iter().map(|name| (*name).to_string());
    let names: Vec<String> = names(scenario, case).into_iter().chain(helpers).collect();
    violation
        .says(&|node| names.get(usize::from(node.0)).map_or_else(|| "?".to_string(), String::clone))
}

/// What goes wrong in the case that the protocol does not promise to bear.
pub(crate) fn outside(about: &About, case: &Case) -> Vec<&'static str> {
    Kind::outside(&case.setup, about.tolerates).into_iter().map(Kind::word).collect()
}

/// Writes the text under the first name of its kind that is free, or leaves a file alone that
/// holds it already. Says which file that is.
pub(crate) fn keep(directory: &Path, stem: &str, text: &str) -> io::Result<PathBuf> {
    fs::create_dir_all(directory)?;
    let mut number = 1_u32;
    loop {
        let more = if number > 1 { format!("-{number}") } else { String::new() };
        let file = directory.join(format!("{stem}{more}.replay.json"));
        match store_new(&file, |target| target.write_all(text.as_bytes())) {
            Ok(()) => return Ok(file),
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            Err(_) if fs::read(&file).is_ok_and(|there| there == text.as_bytes()) => {
                return Ok(file);
            }
            Err(_) => number += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let keep = |text: &str| {
            let file = keep(directory.path(), "a", text).unwrap();
            file.file_name().unwrap().to_string_lossy().into_owned()
        };
        assert_eq!(keep("one"), "a.replay.json");
        assert_eq!(keep("two"), "a-2.replay.json");
        assert_eq!(keep("one"), "a.replay.json");
        assert_eq!(keep("two"), "a-2.replay.json");
        assert_eq!(keep("three"), "a-3.replay.json");
    }
}
