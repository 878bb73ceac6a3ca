//! Ever larger budgets, to find the smallest in which a search finds a bug.

use commitsim_catalog::End;
use commitsim_explore::{Bounds, Synchrony};
use commitsim_mutants::{Budget, Specimen};

use crate::crew::Threads;

/// How many worlds a search of one rung may meet.
const WORLDS: u64 = 40_000;

/// Nodes, crashes, losses, duplicates, and whether nodes may vote read-only.
const RUNGS: [(u16, u8, u8, u8, bool); 18] = [
    (2, 0, 0, 0, false),
    (2, 1, 0, 0, false),
    (2, 0, 1, 0, false),
    (2, 0, 0, 1, false),
    (2, 0, 0, 0, true),
    (3, 0, 0, 0, false),
    (2, 2, 0, 0, false),
    (2, 1, 0, 1, false),
    (2, 1, 1, 0, false),
    (2, 1, 0, 0, true),
    (3, 1, 0, 0, false),
    (3, 0, 1, 0, false),
    (3, 0, 0, 1, false),
    (3, 0, 0, 0, true),
    (3, 1, 0, 0, true),
    (3, 2, 0, 0, false),
    (3, 1, 1, 0, false),
    (4, 0, 0, 0, false),
];

/// Tries the budgets one by one and prints the first that finds the bug as a line of the table.
pub(crate) fn climb(specimen: &Specimen) {
    let patient = specimen.original.starts_with("3pc") && specimen.name != "three-asynchronous";
    for (nodes, crashes, losses, duplicates, readers) in RUNGS {
        if patient && losses > 0 && specimen.name != "three-lossy" {
            continue;
        }
        let synchrony = if patient { Synchrony::MessagesFirst } else { Synchrony::Asynchronous };
        let bounds = Bounds { crashes, losses, duplicates, readers, synchrony, ..Bounds::NONE };
        let budget = Budget { nodes, bounds, steps: 0 };
        let explored = specimen.explore(&budget, WORLDS, &Threads::new(None), &mut |_| true);
        if matches!(explored.end, End::Broken(_) | End::Stuck(_) | End::Restless) {
            let base = if patient { "PATIENT" } else { "Bounds::NONE" };
            let mut fields = String::new();
            let counts = [("crashes", crashes), ("losses", losses), ("duplicates", duplicates)];
            for (name, number) in counts.into_iter().filter(|(_, number)| *number > 0) {
                fields.push_str(&format!("{name}: {number}, "));
            }
            fields.push_str(if readers { "readers: true, " } else { "" });
            let bounds = if fields.is_empty() {
                base.to_string()
            } else {
                format!("Bounds {{ {fields}..{base} }}")
            };
            let steps = explored.way.len();
            println!("    (\"{}\", budget({nodes}, {bounds}, {steps})),", specimen.name);
            return;
        }
    }
    println!("    // {} was not found", specimen.name);
}
