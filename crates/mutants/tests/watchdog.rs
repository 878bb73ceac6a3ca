//! Mistakes with vote registers, each by the script that shows it; what is right survives them.

use commitsim_mutants::{REGISTERS, RegisterSlip};

use crate::bench::{assert_resolved, broken, run, run_correct, scenario};

fn script(mistake: RegisterSlip) -> &'static str {
    match mistake {
        // V18: the YES is late, the root gives up and its ABORT is slow, whoever gets it.
        RegisterSlip::AbortsOnPatience => {
            r#""nodes": 2, "patience": {"votes": "10ms", "decision": "20ms", "acks": "50ms"},
               "faults": [{"at": "0", "delay": {"message": "Yes", "by": "30ms"}},
                          {"at": "0", "delay": {"message": "Abort", "from": "n0", "by": "100ms",
                                                "count": 9}}]"#
        }
        // V19: n1 has been told COMMIT, and is down when the watchdog asks.
        RegisterSlip::TakesSilenceForNo => {
            r#""nodes": 3, "patience": {"votes": "10ms", "decision": "20ms", "acks": "20ms"},
               "faults": [{"when": {"sent": {"by": "n0", "message": "Commit", "to": "n1"}},
                           "crash": {"node": "n0", "restart_after": "1s"}},
                          {"when": {"decided": {"by": "n1"}},
                           "crash": {"node": "n1", "restart_after": "500ms"}}]"#
        }
        // n1 calls the watchdog too early, and the call is late: all is over and the next
        // transaction has erased the registers.
        RegisterSlip::ForgottenIsNo => {
            r#""nodes": 3, "patience": {"votes": "50ms", "decision": "2ms", "acks": "50ms"},
               "workload": {"transactions": 2, "arrivals": {"every": "40ms"}},
               "faults": [{"at": "0", "delay": {"message": "Inquire", "to": "watchdog",
                                                "by": "60ms", "count": 2}},
                          {"at": "0", "delay": {"message": "Commit", "from": "n0", "by": "3ms",
                                                "count": 2}}]"#
        }
        // n2 works on after its NO, and says YES to the watchdog, which n1 calls because the
        // root's ABORT is slow.
        RegisterSlip::StaysOpen => {
            r#""nodes": 3, "patience": {"votes": "10ms", "decision": "50ms", "acks": "50ms"},
               "work": {"nodes": {"n2": "30ms"}},
               "faults": [{"at": "0", "delay": {"message": "Abort", "from": "n0", "by": "200ms",
                                                "count": 20}}]"#
        }
        // V2, at the root: it dies with its YES in memory, and the others commit without it.
        RegisterSlip::AsksFromMemory => {
            r#""nodes": 3, "patience": {"votes": "10ms", "decision": "20ms", "acks": "20ms"},
               "faults": [{"when": {"sent": {"by": "n0", "message": "Prepare", "to": "n2"}},
                           "crash": {"node": "n0", "restart_after": "100ms", "lose_tail": true}}]"#
        }
    }
}

#[test]
fn each_mistake_is_caught_by_its_script_and_the_correct_protocol_survives_it() {
    for plant in &REGISTERS {
        let scenario = scenario("\"2pc-watchdog\"", script(plant.mistake));
        let caught = broken(&run(plant, &scenario, 0, None));
        assert!(caught.contains(&plant.property), "{}: {caught:?}", plant.name);
        assert_resolved(plant.name, &run_correct(&scenario, 0));
    }
}

/// Without a script, all of them are found by storms.
#[test]
fn storms_catch_them() {
    let stormy = scenario(
        "\"2pc-watchdog\"",
        r#""nodes": 4, "network": {"latency": {"uniform": ["1ms", "20ms"]}},
           "work": {"default": {"uniform": ["0", "40ms"]}},
           "workload": {"transactions": 20, "arrivals": {"every": "20ms"}},
           "patience": {"votes": "60ms", "decision": "60ms", "acks": "60ms", "max": "1s"},
           "storm": {"until": "500ms"}"#,
    );
    for plant in &REGISTERS {
        let first = (0..1_000)
            .find(|seed| broken(&run(plant, &stormy, *seed, None)).contains(&plant.property));
        assert!(first.is_some(), "{}", plant.name);
    }
    for seed in 0..100 {
        assert_eq!(run_correct(&stormy, seed).violations, []);
    }
}
