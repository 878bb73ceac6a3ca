//! Two-phase commit in small worlds, searched to the end. The numbers of worlds are kept: one that
//! changes is a change of the protocol, of the host or of what a search tells apart.

mod small;

use commitsim_explore::{Alone, Bounds, Crew, Quest, Synchrony, Verdict, explore};
use commitsim_protocol_2pc::Presumption;

use small::{QUEST, world};

/// The number of worlds, in all of which everything holds.
fn holds(presumption: Presumption, nodes: u16, bounds: Bounds) -> (u64, u32) {
    let verdict = explore(world(presumption, nodes, bounds), &QUEST, &Alone, &mut |_| true);
    assert!(matches!(verdict, Verdict::Holds(_)), "{verdict:#?}");
    (verdict.walk().worlds, verdict.walk().depth)
}

#[test]
fn a_root_and_a_participant() {
    let bounds =
        |crashes, losses, duplicates| Bounds { crashes, losses, duplicates, ..Bounds::NONE };
    let [nothing, abort, commit] = [Presumption::Nothing, Presumption::Abort, Presumption::Commit];
    assert_eq!(holds(nothing, 2, bounds(0, 0, 0)), (965, 17));
    assert_eq!(holds(abort, 2, bounds(0, 0, 0)), (242, 16));
    assert_eq!(holds(commit, 2, bounds(0, 0, 0)), (867, 17));
    assert_eq!(holds(nothing, 2, bounds(1, 0, 0)), (6_899, 20));
    assert_eq!(holds(abort, 2, bounds(2, 0, 0)), (5_160, 22));
    assert_eq!(holds(abort, 2, bounds(1, 1, 1)), (11_429, 21));
    assert_eq!(holds(commit, 2, bounds(1, 0, 0)), (6_098, 20));
}

#[test]
fn a_root_and_two_participants() {
    assert_eq!(holds(Presumption::Abort, 3, Bounds::NONE), (7_818, 26));
    let messages_first = Bounds { crashes: 1, synchrony: Synchrony::MessagesFirst, ..Bounds::NONE };
    let (all, _) = holds(Presumption::Abort, 3, Bounds { crashes: 1, ..Bounds::NONE });
    let (some, _) = holds(Presumption::Abort, 3, messages_first);
    assert!(some < all, "where patience exceeds every delay, less can happen: {some} of {all}");
}

/// Six hands that hold the jobs in another order than they come.
struct Backwards;

impl Crew for Backwards {
    fn hands(&self) -> usize {
        6
    }

    fn share(&self, jobs: usize, job: &(dyn Fn(usize) + Sync)) {
        (0..jobs).rev().for_each(job);
    }
}

#[test]
fn the_answer_does_not_depend_on_who_looks() {
    let counted = Bounds { crashes: 1, losses: 1, ..Bounds::NONE };
    let unreliable = Bounds { crashes: 1, unreliable: true, ..Bounds::NONE };
    for (nodes, bounds) in [(2, counted), (3, unreliable)] {
        let search = |crew: &dyn Crew| {
            explore(world(Presumption::Abort, nodes, bounds), &QUEST, crew, &mut |_| true)
        };
        assert_eq!(search(&Alone).walk(), search(&Backwards).walk());
    }
}

#[test]
fn a_search_can_be_given_up() {
    let small = Quest { worlds: 100, ..QUEST };
    let start = || world(Presumption::Nothing, 2, Bounds { crashes: 1, ..Bounds::NONE });
    let limited = explore(start(), &small, &Alone, &mut |_| true);
    assert!(matches!(limited, Verdict::Unfinished(_)));
    let stopped = explore(start(), &QUEST, &Alone, &mut |_| false);
    assert!(matches!(stopped, Verdict::Unfinished(walk) if walk.depth == 0));
}
