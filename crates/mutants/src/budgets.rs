//! Within which bounds each planted bug is found, and in how many steps. The bounds are the first
//! of a ladder in which a search finds it (`examples/mutants.rs` climbs it); a test holds this
//! table to what searches find.

use commitsim_explore::Bounds;

use crate::roster::{Budget, PATIENT};

const fn budget(nodes: u16, bounds: Bounds, steps: u32) -> Budget {
    Budget { nodes, bounds, steps }
}

pub(crate) static BUDGETS: &[(&str, Budget)] = &[];
