//! The last step of shrinking: an exhaustive search of a small world for a way with fewer faults.

use commitsim_catalog::{Enactment, End, Inquiry};
use commitsim_explore::{Alone, Bounds, Quest, Synchrony};
use commitsim_sim::Setup;

use crate::case::Case;
use crate::family::Kind;
use crate::shrink::Shrinker;

/// Larger worlds have too many orders of events.
const NODES: u16 = 3;

impl Shrinker<'_> {
    /// Looks for a way on which less goes wrong. Says whether there was one.
    pub(crate) fn search(&mut self) -> bool {
        let case = self.best.case.clone();
        let goes_wrong = |setup: &Setup| {
            let kinds = setup.faults.iter().filter(|fault| Kind::of(fault) != Kind::None);
            kinds.count() + setup.luck.messages.iter().filter(|one| one.delays.len() != 1).count()
        };
        let wrong = goes_wrong(&case.setup);
        if case.setup.nodes > NODES || case.setup.workload.transactions > 1 || wrong == 0 {
            return false;
        }
        let mut kinds: Vec<Kind> = case.setup.faults.iter().map(Kind::of).collect();
        if case.setup.luck.messages.iter().any(|one| one.delays.len() != 1) {
            kinds.push(Kind::Lateness);
        }
        for bounds in bounds(&kinds, wrong.saturating_sub(1)) {
            let Some(smaller) = self.way(&case, bounds) else { continue };
            if goes_wrong(&smaller.setup) < wrong && self.attempt(smaller) {
                return true;
            }
        }
        false
    }

    /// The run that goes a way within these bounds on which the property is broken.
    fn way(&mut self, case: &Case, bounds: Bounds) -> Option<Case> {
        let worlds = self.budget.worlds;
        let properties = vec![self.property];
        // What bounds it is the number of worlds; a few thousand bytes each is more than any takes.
        let memory = worlds.saturating_mul(4_096);
        let quest = Quest { properties, recovery: true, reduced: true, worlds, memory };
        let inquiry = Inquiry {
            nodes: case.setup.nodes,
            topology: &case.setup.topology,
            options: &case.options,
            bounds,
            quest: &quest,
        };
        let explored = self.runnable.explore(&inquiry, &Alone, &mut |_| true);
        if matches!(explored.end, End::Holds | End::Unfinished) {
            return None;
        }
        let enactment = Enactment::new(&explored.timetable, self.runnable.about());
        let setup = enactment.within(case.setup.clone());
        Some(Case { setup, ..case.clone() })
    }
}

/// Bounds within which at most so much of these kinds goes wrong, the narrowest first. What is not
/// late in the case is not late here: silence then means what it meant there.
fn bounds(kinds: &[Kind], most: usize) -> Vec<Bounds> {
    let late = kinds.contains(&Kind::Lateness);
    let synchrony = if late { Synchrony::Asynchronous } else { Synchrony::MessagesFirst };
    let none = Bounds { synchrony, ..Bounds::NONE };
    let some = [
        (kinds.contains(&Kind::Crashes), Bounds { crashes: 1, ..none }),
        (late, Bounds { losses: 1, ..none }),
        (late, Bounds { duplicates: 1, ..none }),
        (kinds.contains(&Kind::Partitions), Bounds { partitions: 1, ..none }),
    ];
    let one = some.into_iter().filter(|(there, _)| *there && most > 0).map(|(_, bounds)| bounds);
    [none].into_iter().chain(one).collect()
}
