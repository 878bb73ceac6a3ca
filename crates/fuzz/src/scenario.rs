//! Scenario files.

use commitsim_core::About;
use commitsim_protocol_t2pc as t2pc;
use commitsim_protocol_watchdog as watchdog;
use commitsim_scenario::{Overrides, Problems, Scenario, Script, read, read_points};

use crate::shown::harmless;

/// Protocols of each shape that there is, with helpers and without.
pub(crate) const KNOWN: [&About; 7] = {
    const TWO_PHASE: &[About; 3] = &commitsim_protocol_2pc::ABOUT;
    const THREE_PHASE: &[About; 2] = &commitsim_protocol_3pc::ABOUT;
    [
        &TWO_PHASE[0],
        &TWO_PHASE[1],
        &TWO_PHASE[2],
        &THREE_PHASE[0],
        &THREE_PHASE[1],
        &t2pc::ABOUT,
        &watchdog::ABOUT,
    ]
};

/// The name of the file in messages.
pub(crate) const FILE: &str = "fuzzed.json";

/// Reads bytes as a scenario with all points of its sweep. What is refused is refused with places
/// in the text; what is accepted and can be written reads back as the same.
///
/// Where the first line begins with a slash it is a change from the command line, as `--set` takes
/// it.
pub fn scenario(bytes: &[u8]) {
    let (overrides, text) = overrides(bytes);
    match read_points(FILE, text, &KNOWN, &overrides) {
        Err(problems) => placed(&problems, text),
        Ok((scenario, points)) => {
            assert!(!points.is_empty(), "a scenario without a point");
            reads_back(&scenario);
            points.iter().take(100).for_each(|point| reads_back(&point.scenario));
        }
    }
}

/// The change in the first line, if there is one, and the rest.
fn overrides(bytes: &[u8]) -> (Overrides, &[u8]) {
    let none = || (Overrides::default(), bytes);
    if !bytes.starts_with(b"/") {
        return none();
    }
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return none() };
    let setting = String::from_utf8_lossy(&bytes[..end]);
    let Some((pointer, json)) = setting.split_once('=') else { return none() };
    let set = vec![(pointer.to_string(), json.to_string())];
    (Overrides { set, ..Overrides::default() }, &bytes[end + 1..])
}

/// Panics where a problem has no place in the text, or where what it says is not fit for people.
pub(crate) fn placed(problems: &Problems, text: &[u8]) {
    assert!(!problems.list().is_empty(), "refused, and nothing is wrong");
    let text = String::from_utf8_lossy(text);
    let lines: Vec<&str> = text.split('\n').collect();
    for problem in problems.list() {
        assert!(problem.line >= 1 && problem.column >= 1, "{problem:?}");
        if problem.file == FILE {
            let line = lines.get(problem.line as usize - 1);
            let line = line.unwrap_or_else(|| panic!("no such line: {problem:?}"));
            let columns = line.chars().count() as u64 + 1;
            assert!(u64::from(problem.column) <= columns, "no such column: {problem:?}");
        }
        assert!(!problem.found.is_empty(), "{problem:?}");
    }
    let shown = problems.to_string();
    harmless(&shown);
    assert!(shown.len() < 200_000, "{} bytes of explanation", shown.len());
}

/// Panics where the scenario, written, reads back as another. Those with several protocols or a
/// storm are not written.
pub(crate) fn reads_back(scenario: &Scenario) {
    let [choice] = &scenario.protocols[..] else { return };
    let about = KNOWN.iter().find(|about| about.id == choice.id);
    let about = about.unwrap_or_else(|| panic!("{} is not known", choice.id));
    if scenario.setup.storm.is_some() {
        return;
    }
    let script = |scenario: &Scenario| {
        let (setup, patience) = (&scenario.setup, &scenario.patience);
        let title = scenario.title.as_deref().unwrap_or("none");
        let (names, seed) = (&scenario.names, scenario.seed);
        Script { title, about, choice, names, seed, setup, patience }.text()
    };
    let written = script(scenario);
    let again = read("written.json", written.as_bytes(), &KNOWN, &Overrides::default());
    let again = again.unwrap_or_else(|problems| panic!("{written}\n{problems}"));
    assert_eq!(script(&again), written, "written twice");
    let mut wanted = scenario.clone();
    // A link that is as usual need not be written, and an expectation or a sweep never is.
    let network = &mut wanted.setup.network;
    let usual = network.usual.clone();
    network.links.retain(|(_, _, link)| *link != usual);
    wanted.title = again.title.clone();
    wanted.notes = None;
    wanted.sweep = None;
    wanted.expect = again.expect.clone();
    assert_eq!(again, wanted, "{written}");
}
