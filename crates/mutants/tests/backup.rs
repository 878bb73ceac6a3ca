//! Mistakes with backups, each by the script that shows it; what is right survives them.

use commitsim_mutants::{BACKUPS, BackupSlip};

use crate::bench::{assert_resolved, broken, run, run_correct, scenario};

fn script(mistake: BackupSlip) -> &'static str {
    match mistake {
        // V17: the decision to the backup is lost, n1 hears COMMIT, the root dies.
        BackupSlip::UnknownIsAbort => {
            r#""nodes": 3, "patience": {"votes": "10ms", "decision": "20ms", "acks": "20ms"},
               "faults": [{"at": "0", "lose": {"message": "RecordDecision"}},
                          {"when": {"sent": {"by": "n0", "message": "Commit", "to": "n1"}},
                           "crash": {"node": "n0", "restart_after": "1s"}}]"#
        }
        // The backup has it on disk when the root dies with the decision in memory.
        BackupSlip::TellsFromMemory => {
            r#""nodes": 3, "patience": {"votes": "10ms", "decision": "20ms", "acks": "20ms"},
               "faults": [{"when": {"received": {"by": "n0", "message": "Recorded"}},
                           "crash": {"node": "n0", "restart_after": "1s", "lose_tail": true}}]"#
        }
    }
}

#[test]
fn each_mistake_is_caught_by_its_script_and_the_correct_protocol_survives_it() {
    for plant in &BACKUPS {
        let scenario = scenario("\"2pc-backup\"", script(plant.mistake));
        let caught = broken(&run(plant, &scenario, 0, None));
        assert!(caught.contains(&plant.property), "{}: {caught:?}", plant.name);
        assert_resolved(plant.name, &run_correct(&scenario, 0));
    }
}

#[test]
fn storms_catch_them() {
    let stormy = scenario(
        "\"2pc-backup\"",
        r#""nodes": 4, "network": {"latency": {"uniform": ["1ms", "20ms"]}},
           "workload": {"transactions": 20, "arrivals": {"every": "20ms"}},
           "patience": {"votes": "60ms", "decision": "60ms", "acks": "60ms", "max": "1s"},
           "storm": {"until": "500ms"}"#,
    );
    for plant in &BACKUPS {
        let first = (0..1_000)
            .find(|seed| broken(&run(plant, &stormy, *seed, None)).contains(&plant.property));
        assert!(first.is_some(), "{}", plant.name);
    }
    for seed in 0..100 {
        assert_eq!(run_correct(&stormy, seed).violations, []);
    }
}
