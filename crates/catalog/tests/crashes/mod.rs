//! A crash of every node after everything that it sends, receives, has on disk or decides in a run
//! without faults: one run each.

use commitsim_sim::{Ending, Outcome, Stand};

use crate::stage::{Run, run_of};

/// What came of the runs.
#[derive(Default, Debug)]
pub(crate) struct Crashes {
    pub(crate) runs: u32,
    pub(crate) commits: u32,
    pub(crate) aborts: u32,
    /// Runs in which somebody was blocked for a while.
    pub(crate) blocked: u32,
}

/// Plays `protocol` with these keys without a fault, and then again with a crash at each moment of
/// it, with and without the unsynced tail of the log; the node comes back after `restart`. Nothing
/// may be violated, everybody has to decide, and all is to be forgotten.
pub(crate) fn crash_everywhere(protocol: &str, keys: &str, restart: &str) -> Crashes {
    let mut found = Crashes::default();
    for (node, moment) in moments(&run_of(protocol, keys)) {
        for lose_tail in [false, true] {
            let fault = format!(
                r#"{keys}, "faults": [{{"when": {moment}, "crash": {{"node": "{node}",
                   "restart_after": "{restart}", "lose_tail": {lose_tail}}}}}]"#
            );
            let run = run_of(protocol, &fault);
            assert_eq!(run.record.violations, [], "{moment}\n{}", run.text());
            assert_eq!(run.record.idle_faults, [], "{moment}");
            assert_eq!(run.record.ending, Ending::Settled, "{moment}\n{}", run.text());
            let tx = &run.record.transactions[0];
            for part in &tx.nodes {
                // Who never heard of it has nothing to decide.
                let done = matches!(part.state, Stand::Decided(_) | Stand::Unaware);
                assert!(done, "{moment}\n{}", run.text());
            }
            assert!(tx.forgotten.is_some(), "{moment}\n{}", run.text());
            found.runs += 1;
            found.commits += u32::from(tx.outcome == Outcome::Commit);
            found.aborts += u32::from(tx.outcome == Outcome::Abort);
            found.blocked += u32::from(tx.nodes.iter().any(|part| part.blocked.0 > 0));
        }
    }
    found
}

/// Every moment of a run that a fault can wait for, with the node at which it comes.
fn moments(run: &Run) -> Vec<(String, String)> {
    let moment = |line: String| {
        let words: Vec<&str> = line.split(' ').collect();
        let (node, about) = (words[1], words.get(3).copied().unwrap_or_default());
        let other = words.get(5).copied().unwrap_or_default();
        let moment = match words[2] {
            "begin" => format!(r#"{{"began": "{node}"}}"#),
            "send" => {
                format!(r#"{{"sent": {{"by": "{node}", "message": "{about}", "to": "{other}"}}}}"#)
            }
            "get" => format!(
                r#"{{"received": {{"by": "{node}", "message": "{about}", "from": "{other}"}}}}"#
            ),
            "durable" => format!(r#"{{"forced": {{"by": "{node}", "record": "{about}"}}}}"#),
            "decide" => format!(r#"{{"decided": {{"by": "{node}"}}}}"#),
            _ => return None,
        };
        // A lazy record that becomes durable is no moment.
        let lazy = words[2] == "durable" && matches!(about, "Aborted" | "Ended");
        (!lazy).then(|| (node.to_owned(), moment))
    };
    run.lines().into_iter().filter_map(moment).collect()
}
