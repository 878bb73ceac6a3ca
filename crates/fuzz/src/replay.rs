//! Replay files.

use commitsim_scenario::read_replay;

use crate::scenario::{FILE, KNOWN, placed, reads_back};

/// Reads bytes as a replay file; what is refused is refused with places in the text.
pub fn replay(bytes: &[u8]) {
    match read_replay(FILE, bytes, &KNOWN) {
        Err(problems) => placed(&problems, bytes),
        Ok(replay) => {
            let nodes = replay.scenario.names.len() + replay.scenario.helpers.len();
            let known = replay.breach.nodes.iter().all(|node| usize::from(node.0) < nodes);
            assert!(known, "{:?} names nodes that are not there", replay.breach);
            assert!(replay.breach.tx.0 < replay.scenario.setup.workload.transactions);
            reads_back(&replay.scenario);
        }
    }
}
