//! Every planted bug is found by a search, within its budget, in as many steps as the table says.

use commitsim_catalog::{Enactment, End, Inquiry, Options};
use commitsim_explore::{Alone, Bounds, Quest, Step};
use commitsim_mutants::{Specimen, roster};
use commitsim_sim::Topology;
use commitsim_spec::Property;

use crate::bench::{broken, run, scenario};
use crate::ghost::LivingOnly;

/// How many worlds the search of a quick row meets at most.
const QUICK: u64 = 20_000;

fn is_found(end: &End) -> bool {
    matches!(end, End::Broken(_) | End::Stuck(_) | End::Restless)
}

/// The search within the budget of a bug: how it ends, and how many steps it takes.
fn search(specimen: &Specimen, worlds: u64) -> (End, Vec<Step>) {
    let explored = specimen.explore(&specimen.budget, worlds, &Alone, &mut |_| true);
    (explored.end, explored.way)
}

#[test]
fn every_quick_row_is_found() {
    let (mut found, mut slow, mut wrong) = (0, Vec::new(), Vec::new());
    for specimen in roster().iter().filter(|specimen| specimen.budget.steps > 0) {
        let (end, way) = search(specimen, QUICK);
        if end == End::Unfinished {
            slow.push(specimen.name);
            continue;
        }
        let steps = way.len() as u32;
        if is_found(&end) && steps == specimen.budget.steps {
            found += 1;
        } else {
            wrong.push((specimen.name, end, steps));
        }
    }
    assert_eq!(wrong, []);
    assert!(found > 3 * slow.len(), "too many rows are left to scripts/prove: {slow:?}");
}

/// Within the same bounds nothing is found of what a bug was planted in, as far as a quick search
/// gets; but for three-phase commit outside of what it takes for granted.
#[test]
fn nothing_is_found_without_the_bug() {
    let mut compared = 0;
    let inside =
        |specimen: &&Specimen| specimen.budget.steps > 0 && !OUTSIDE.contains(&specimen.name);
    for specimen in roster().iter().filter(inside) {
        let original = commitsim_catalog::find(specimen.original).expect("it is in the catalog");
        let correct = Specimen { runnable: original, ..*specimen };
        let (end, way) = search(&correct, QUICK);
        assert!(matches!(end, End::Holds | End::Unfinished), "{}: {way:#?}", specimen.name);
        compared += u32::from(end == End::Holds);
    }
    assert!(compared > 30, "only {compared} searches came to their end");
}

/// What is shown where the correct protocol breaks, too; `three-no-epochs` has a schedule in which
/// it does not (`three_phase.rs`).
const OUTSIDE: [&str; 4] = ["three-no-epochs", "three-naive", "three-asynchronous", "three-lossy"];

/// What no search has found yet; each has a schedule of its own in the other tests.
#[test]
fn what_no_search_has_found_is_known() {
    let roster = roster();
    let unknown = roster.iter().filter(|specimen| specimen.budget.steps == 0);
    let unknown: Vec<&str> = unknown.map(|specimen| specimen.name).collect();
    let known = [
        "register-forgotten",
        "tree-parent-only",
        "d2pc-presumes-for-strangers",
        "p2pc-presumes-for-strangers",
        "three-hasty-tr4",
        "three-reader-refuses",
    ];
    assert_eq!(unknown, known);
}

/// All rows of the document but those of Paxos Commit and that of the oracle.
#[test]
fn every_row_has_a_bug() {
    let rows: Vec<u32> =
        roster().iter().flat_map(|specimen| specimen.rows().collect::<Vec<_>>()).collect();
    let missing: Vec<u32> = (1..=31).filter(|row| !rows.contains(row)).collect();
    assert_eq!(missing, [25, 26, 27]);
}

#[test]
fn names_are_names() {
    let mut names: Vec<&str> = roster().iter().map(|specimen| specimen.name).collect();
    let many = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), many, "two bugs have the same name");
}

/// What a search may leave out is left out for nothing: where it says that all is well, a search
/// that leaves nothing out says so too, also of protocols with bugs.
#[test]
fn a_reduced_search_sees_what_a_full_one_sees() {
    let (mut broken, mut holds) = (0, 0);
    for specimen in roster().iter().filter(|specimen| !specimen.original.starts_with("3pc")) {
        let end = |reduced| {
            let bounds = Bounds { crashes: 1, unreliable: true, readers: true, ..Bounds::NONE };
            let properties = vec![specimen.property];
            let quest =
                Quest { properties, recovery: true, reduced, worlds: 30_000, memory: 1 << 30 };
            let (topology, options) = (&Topology::Chain, &Options::default());
            let inquiry = Inquiry { nodes: 2, topology, options, bounds, quest: &quest };
            let explored = specimen.runnable.explore(&inquiry, &Alone, &mut |_| true);
            (explored.end != End::Unfinished).then(|| is_found(&explored.end))
        };
        let (some, all) = (end(true), end(false));
        if let (Some(some), Some(all)) = (some, all) {
            assert_eq!(some, all, "{}", specimen.name);
            broken += u32::from(all);
            holds += u32::from(!all);
        }
    }
    assert!(broken > 10 && holds > 10, "{broken} are broken, {holds} hold");
}

/// Whether a run that goes the way of the search shows a split to our oracle, and to that one.
fn split_seen(specimen: &Specimen) -> (bool, bool) {
    let explored = specimen.explore(&specimen.budget, QUICK, &Alone, &mut |_| true);
    let nodes = specimen.budget.nodes;
    let mut scenario =
        scenario(&format!("\"{}\"", specimen.original), &format!("\"nodes\": {nodes}"));
    let enactment = Enactment::new(&explored.timetable, specimen.runnable.about());
    scenario.setup = enactment.within(scenario.setup);
    let mut naive = LivingOnly::default();
    let record = run(specimen.runnable, &scenario, 0, Some(&mut naive));
    (broken(&record).contains(&Property::Ac1), naive.objected)
}

#[test]
fn an_oracle_that_looks_at_the_living_only_misses_the_first_row() {
    let roster = roster();
    let named = |name: &str| roster.iter().find(|specimen| specimen.name == name).unwrap();
    assert_eq!(roster[0].name, "eager-yes");
    assert_eq!(split_seen(&roster[0]), (true, false));
    // It is no straw man: a split among the living is seen by both.
    assert_eq!(split_seen(named("impatient")), (true, true));
}
