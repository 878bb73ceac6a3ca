//! Searches under a network that may do what it likes, and what they may leave out.

mod small;

use commitsim_explore::{Alone, Bounds, Quest, Verdict, explore};
use commitsim_protocol_2pc::Presumption;

use small::{QUEST, world};

const ANYTHING: Bounds = Bounds { unreliable: true, ..Bounds::NONE };

fn worlds(presumption: Presumption, nodes: u16, crashes: u8, reduced: bool) -> u64 {
    let quest = Quest { reduced, ..QUEST };
    let bounds = Bounds { crashes, ..ANYTHING };
    let verdict = explore(world(presumption, nodes, bounds), &quest, &Alone, &mut |_| true);
    assert!(matches!(verdict, Verdict::Holds(_)), "{verdict:#?}");
    verdict.walk().worlds
}

#[test]
fn two_phase_commit_bears_any_losses_and_duplicates() {
    for presumption in [Presumption::Nothing, Presumption::Abort, Presumption::Commit] {
        for crashes in 0..3 {
            let (some, all) =
                (worlds(presumption, 2, crashes, true), worlds(presumption, 2, crashes, false));
            assert!(some < all, "nothing was left out: {some} of {all}");
        }
    }
    assert_eq!(worlds(Presumption::Abort, 2, 2, true), 1_319);
    assert_eq!(worlds(Presumption::Abort, 3, 1, true), 11_351);
}

#[test]
fn a_search_ends_when_its_memory_is_used_up() {
    let start = || world(Presumption::Nothing, 2, Bounds { crashes: 1, ..Bounds::NONE });
    let all = explore(start(), &QUEST, &Alone, &mut |_| true).walk();
    assert!(all.bytes >= all.fingerprints.max(all.waiting_bytes));
    assert!(all.bytes <= all.fingerprints + all.waiting_bytes + all.shared);
    let small = Quest { memory: all.bytes / 2, ..QUEST };
    let verdict = explore(start(), &small, &Alone, &mut |_| true);
    assert!(matches!(verdict, Verdict::Unfinished(walk) if walk.worlds < all.worlds));
    let enough = Quest { memory: all.bytes, ..QUEST };
    let verdict = explore(start(), &enough, &Alone, &mut |_| true);
    assert!(matches!(verdict, Verdict::Holds(walk) if walk == all));
}
