//! Storms over every variant that there is: nothing breaks, and every run comes to its end.

mod stage;

use commitsim_rng::Seed;
use commitsim_sim::Ending;

use stage::{USUAL, scenario, simulate};

const ALL: &str = r#""2pc", "2pc-pra", "2pc-prc",
    {"id": "2pc", "options": {"termination": "cooperative"}},
    {"id": "2pc-pra", "options": {"termination": "cooperative"}},
    {"id": "2pc-prc", "options": {"termination": "cooperative"}},
    {"id": "2pc", "options": {"outcome_force": "lazy"}},
    {"id": "2pc-prc", "options": {"outcome_force": "lazy"}}"#;

fn nothing_breaks(keys: &str) {
    let stormy = scenario(ALL, keys);
    for seed in 0..400 {
        for choice in 0..stormy.protocols.len() {
            let record = simulate(&stormy, choice, Seed(seed), USUAL, None);
            let id = stormy.protocols[choice].id;
            assert_eq!(record.violations, [], "{id} ({choice}) with seed {seed}");
            assert_eq!(record.ending, Ending::Settled, "{id} ({choice}) with seed {seed}");
            let begun = record.transactions.len();
            assert_eq!(begun, stormy.setup.workload.transactions as usize, "{id}, seed {seed}");
        }
    }
}

#[test]
fn nothing_breaks_where_everything_is_random() {
    nothing_breaks(
        r#""nodes": 4, "network": {"latency": {"exponential": {"mean": "1ms"}}},
           "disk": {"force": {"uniform": ["50us", "500us"]}, "flush": "3ms"},
           "work": {"default": {"lognormal": {"median": "1ms", "sigma": 0.5, "max": "1s"}}},
           "votes": {"no_rate": "5%"},
           "patience": {"votes": "10ms", "decision": "10ms", "acks": "5ms", "max": "100ms"},
           "workload": {"transactions": 25, "arrivals": {"poisson": {"mean": "1ms"}},
                        "coordinator": "random", "participants": {"random": 2}},
           "storm": {"until": "30ms"}, "horizon": "20s""#,
    );
}

#[test]
fn nothing_breaks_where_forces_and_work_take_no_time() {
    nothing_breaks(
        r#""nodes": 3, "disk": {"force": "0", "flush": "0"}, "work": {"default": "0"},
           "patience": {"votes": "3ms", "decision": "3ms", "acks": "3ms", "max": "10ms"},
           "workload": {"transactions": 12,
                        "arrivals": {"closed": {"clients": 3, "think": "0"}}},
           "storm": {"until": "30ms"}, "horizon": "20s""#,
    );
}

#[test]
fn nothing_breaks_where_messages_take_no_time() {
    nothing_breaks(
        r#""nodes": 3, "network": {"latency": "0"},
           "patience": {"votes": "3ms", "decision": "3ms", "acks": "3ms", "max": "10ms"},
           "workload": {"transactions": 40}, "horizon": "20s",
           "storm": {"until": "10ms", "families": ["crash", "pause", "partition", "duplicate"]}"#,
    );
}

/// A lossy network never heals, so a run may end in the middle; but never in disagreement.
#[test]
fn nothing_breaks_on_lossy_links() {
    let stormy = scenario(
        ALL,
        r#""nodes": 3, "network": {"latency": {"uniform": ["1ms", "3ms"]}, "loss": "10%",
                                   "duplicate": "10%"},
           "patience": {"votes": "8ms", "decision": "8ms", "acks": "4ms", "max": "30ms"},
           "workload": {"transactions": 20, "arrivals": {"every": "2ms"}},
           "storm": {"until": "50ms"}, "horizon": "3s""#,
    );
    for seed in 0..200 {
        for choice in 0..stormy.protocols.len() {
            let record = simulate(&stormy, choice, Seed(seed), USUAL, None);
            assert_eq!(record.violations, [], "choice {choice} with seed {seed}");
        }
    }
}
