//! What the program writes it reads, and as the same scenario.

use std::fs;
use std::path::{Path, PathBuf};

use commitsim_scenario::{Overrides, Scenario, Script, read};

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn accepted(name: &str, text: &str) -> Scenario {
    let known = commitsim_catalog::abouts();
    read(name, text.as_bytes(), &known, &Overrides::default()).unwrap_or_else(|e| panic!("{e}"))
}

/// Each protocol of the scenario, written and read again.
fn holds(name: &str, text: &str) -> usize {
    let mut scenario = accepted(name, text);
    scenario.setup.storm = None;
    for choice in &scenario.protocols {
        let about = commitsim_catalog::find(choice.id).unwrap().about();
        let written = Script {
            title: "with \"quotes\" and a \\",
            about,
            choice,
            names: &scenario.names,
            seed: scenario.seed,
            setup: &scenario.setup,
            patience: &scenario.patience,
        }
        .text();
        // Faults of a scenario may name what only another of its protocols knows.
        let known = commitsim_catalog::abouts();
        let again = match read(name, written.as_bytes(), &known, &Overrides::default()) {
            Ok(again) => again,
            Err(problems) if scenario.protocols.len() > 1 => {
                let says = problems.to_string();
                assert!(
                    says.contains("is no message") || says.contains("is no record"),
                    "{name}: {says}"
                );
                continue;
            }
            Err(problems) => panic!("{name}: {problems}\n{written}"),
        };
        let (mut wanted, mut found) = (scenario.setup.clone(), again.setup);
        let usual = wanted.network.usual.clone();
        // What is about helpers that this protocol does not have is left out.
        let all = usize::from(wanted.nodes) + about.helpers.len();
        let here = |node: commitsim_core::NodeId| usize::from(node.0) < all;
        for network in [&mut wanted.network, &mut found.network] {
            network.links.retain(|(from, to, _)| here(*from) && here(*to));
            network.links.retain(|(_, _, link)| *link != usual);
            network.links.sort_by_key(|(from, to, _)| (*from, *to));
        }
        assert_eq!(found, wanted, "{name}:\n{written}");
        assert_eq!((again.patience, again.seed), (scenario.patience, scenario.seed), "{name}");
        assert_eq!((again.names, &again.protocols[0]), (scenario.names.clone(), choice), "{name}");
    }
    scenario.protocols.len()
}

#[test]
fn every_shipped_scenario_can_be_written() {
    let mut count = 0;
    for entry in fs::read_dir(top().join("scenarios")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            count += holds(&name, &fs::read_to_string(&path).unwrap());
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn everything_that_a_scenario_can_say_can_be_written() {
    let text = r#"{"format": "commitsim/1", "protocols": [{"id": "2pc",
        "options": {"termination": "cooperative"}}], "nodes": ["bank", "car", "hotel"],
      "topology": {"edges": [["car", "bank"], ["bank", "hotel"]]}, "seed": "18446744073709551615",
      "network": {"latency": {"lognormal": {"median": "2ms", "sigma": 0.5, "max": "1s"}},
        "loss": "1/3", "duplicate": "25ppm", "fifo": true,
        "links": [{"between": ["bank", "car"], "latency": {"pareto":
          {"min": "1ms", "shape": 1.25, "max": "1s"}}, "loss": 1},
          {"from": "car", "to": "hotel", "latency": {"histogram": [["1ms", 10], ["50ms", 1]]}}]},
      "disk": {"force": {"exponential": {"mean": "2ms", "min": "1us", "max": "1s"}}, "flush": "0"},
      "work": {"default": {"uniform": ["1ns", "5ms"]}, "nodes": {"car": "0"}},
      "votes": {"no": ["bank"], "read_only": ["car"], "never": ["hotel"], "no_rate": "5%"},
      "patience": {"votes": "1.5ms", "decision": "2s", "acks": "1h", "backoff": 1.5, "max": "3h"},
      "workload": {"transactions": 9, "arrivals": {"closed": {"clients": 2, "think": "1us"}},
        "coordinator": "random", "participants": {"random": 1}},
      "horizon": "2min",
      "faults": [
        {"at": "1ms", "crash": {"node": "car", "restart_after": "1s", "lose_tail": true}},
        {"at": "1ms", "amid": {"node": "car", "acts": 3}, "crash": {"node": "car", "keeps": 2}},
        {"when": {"began": {"by": "car", "transaction": 3}}, "restart": {"node": "car"}},
        {"when": {"sent": {"by": "car", "message": "Yes", "to": "bank"}}, "nth": 2, "after": "1us",
          "partition": {"groups": [["bank"], ["car"]], "heal_after": "1s", "in_flight": "hold"}},
        {"when": {"received": {"by": "bank", "message": "Yes", "from": "car"}},
          "cut_link": {"from": "bank", "to": "car", "heal_after": "1s"}},
        {"when": {"forced": {"by": "car", "record": "Prepared"}}, "isolate": {"node": "car"}},
        {"when": {"decided": {"by": "car"}},
          "lose": {"message": "Commit", "to": "car", "count": 3}},
        {"when": {"restarted": {"by": "car"}}, "delay": {"message": "Yes", "by": "5ms"}},
        {"at": "0", "duplicate": {"message": "Ack", "from": "car"}},
        {"at": "0", "loss": {"rate": "1/7", "burst": 4, "for": "1s", "luck": 5,
          "links": [{"between": ["car", "bank"]}]}},
        {"at": "0", "latency": {"times": 0.125, "for": "1ns"}},
        {"at": "0", "pause": {"node": "car", "for": "1ms"}},
        {"at": "0", "slow_disk":
          {"node": "car", "force": {"uniform": ["1ms", "2ms"]}, "for": "1s"}},
        {"at": "0", "clock": {"node": "car", "rate": 2.5}},
        {"at": "0", "crash_loop": {"node": "car", "times": 2, "down": "1ms", "up": "1ms"}},
        {"at": "0", "swizzle": {"close": ["car", "bank"], "open": ["bank", "car"], "every": "1ms"}},
        {"at": "0", "expire": {"node": "car"}}, {"at": "0", "expire": {}},
        {"at": "1s", "heal": {}}, {"at": "2s", "heal": {"last": true}}],
      "luck": {"messages": [{"from": "bank", "to": "car", "nth": 1, "delays": ["1ms", "0"]}],
        "alarms": [{"node": "bank", "alarm": "VotesDue", "nth": 1, "wait": "3ms"}],
        "work": [{"node": "car", "nth": 1, "length": "2ms", "vote": "read-only"}],
        "disks": [{"node": "hotel", "until": "9ms", "at": ["4ms", "2ms"]}]}}"#;
    holds("everything", text);
    for (key, value) in [
        ("topology", r#""chain""#),
        ("topology", r#""min-diameter""#),
        ("topology", r#"{"tree": {"arity": 2}}"#),
        ("workload", r#"{"arrivals": {"every": "5ms"}, "coordinator": "n1"}"#),
        ("workload", r#"{"arrivals": {"poisson": {"mean": "5ms"}}, "coordinator": "round-robin"}"#),
        ("work", r#"{"default": "1ms"}"#),
        ("work", r#"{"nodes": {"n1": "1ms"}}"#),
    ] {
        let text = format!(
            r#"{{"format": "commitsim/1", "protocols": ["t2pc"], "nodes": 5, "{key}": {value}}}"#
        );
        holds(key, &text);
    }
}
