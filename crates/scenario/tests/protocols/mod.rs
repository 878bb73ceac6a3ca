//! Two protocols that exist only in these tests.

use commitsim_core::{About, Choice, Tolerance};

const TOLERANCE: Tolerance = Tolerance { crashes: true, loss: true, partitions: true };

const TWO_PHASE: About = About {
    id: "2pc",
    title: "two-phase commit",
    source: "",
    assumptions: "",
    delays: ["2", "3", "4"],
    helpers: &[],
    tolerates: TOLERANCE,
    options: &[
        Choice {
            name: "termination",
            values: &["none", "cooperative"],
            meaning: "whom a node in doubt asks",
        },
        Choice { name: "colocate", values: &["false", "true"], meaning: "where helpers run" },
    ],
    messages: &["Prepare", "Yes", "No", "Commit", "Abort", "Ack"],
    records: &["Begin", "Prepared", "Committed"],
    timers: &["VotesDue"],
};

const THREE_PHASE: About = About {
    id: "3pc",
    options: &[],
    messages: &["Prepare", "Yes", "PreCommit", "PreAck", "Commit"],
    records: &["Prepared", "PreCommitted", "Committed"],
    ..TWO_PHASE
};

/// What this version is said to know.
pub(crate) static KNOWN: [&About; 2] = [&TWO_PHASE, &THREE_PHASE];
