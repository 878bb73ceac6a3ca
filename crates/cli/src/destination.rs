//! Where the files of a run go.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use commitsim_scenario::Scenario;

use crate::input;

/// Where a trace or a drawing of a run goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Destination {
    Nowhere,
    Output,
    File(PathBuf),
}

/// Where what is asked for as `target` goes for each of a scenario's protocols, in their order.
/// What there is more than one of, scenarios or protocols, stands in the name of the file.
pub(crate) fn destinations(
    target: Option<&Path>,
    file: &Path,
    several: bool,
    scenario: &Scenario,
) -> Vec<Destination> {
    let ids: Vec<&str> = scenario.protocols.iter().map(|choice| choice.id).collect();
    let destination = |n: usize| match target {
        None => Destination::Nowhere,
        Some(target) if input::is_standard(target) => Destination::Output,
        Some(target) => {
            let mut insertions = Vec::new();
            if several {
                insertions.push(stem(file));
            }
            if ids.len() > 1 {
                insertions.push(OsString::from(numbered(&ids, n)));
            }
            Destination::File(inserted(target, &insertions))
        }
    };
    (0..ids.len()).map(destination).collect()
}

/// What a scenario's traces are called after.
pub(crate) fn stem(file: &Path) -> OsString {
    if input::is_standard(file) {
        return OsString::from("stdin");
    }
    file.file_stem().unwrap_or(OsStr::new("scenario")).to_os_string()
}

/// The `n`-th id; a number tells it from the same id with other options before it.
fn numbered(ids: &[&str], n: usize) -> String {
    match ids[..n].iter().filter(|id| **id == ids[n]).count() {
        0 => ids[n].to_string(),
        before => format!("{}-{}", ids[n], before + 1),
    }
}

fn inserted(trace: &Path, insertions: &[OsString]) -> PathBuf {
    let mut name = trace.file_stem().unwrap_or_default().to_os_string();
    for insertion in insertions {
        name.push(".");
        name.push(insertion);
    }
    if let Some(extension) = trace.extension() {
        name.push(".");
        name.push(extension);
    }
    trace.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn insertions_stand_before_the_extension() {
        let inserted = |trace: &str, parts: &[&str]| {
            let parts: Vec<OsString> = parts.iter().map(OsString::from).collect();
            inserted(Path::new(trace), &parts)
        };
        assert_eq!(inserted("out/t.jsonl", &[]), Path::new("out/t.jsonl"));
        assert_eq!(inserted("out/t.jsonl", &["a", "2pc"]), Path::new("out/t.a.2pc.jsonl"));
        assert_eq!(inserted("trace", &["2pc"]), Path::new("trace.2pc"));
    }

    #[test]
    fn the_same_protocol_twice_is_numbered() {
        let ids = ["2pc", "2pc-pra", "2pc"];
        assert_eq!([0, 1, 2].map(|n| numbered(&ids, n)), ["2pc", "2pc-pra", "2pc-2"]);
    }
}
