//! The data under the nodes, as scenarios say it.

mod protocols;

use commitsim_core::Span;
use commitsim_rng::Ratio;
use commitsim_scenario::{Overrides, read, schema};
use commitsim_sim::{Contention, Keys, Kind};
use protocols::KNOWN;

fn keys(text: &str) -> Keys {
    let text = format!(
        r#"{{"format": "commitsim/1", "protocols": ["2pc"], "workload": {{"keys": {text}}}}}"#
    );
    let scenario = read("test.json", text.as_bytes(), &KNOWN, &Overrides::default());
    let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
    scenario.setup.workload.keys.unwrap()
}

#[test]
fn defaults() {
    let usual = Keys {
        kind: Kind::Transfers,
        per_node: 1_000,
        touch: 1,
        skew_micros: 0,
        opening: 100,
        amount: 10,
        read_only: Ratio::ZERO,
        contention: Contention::WaitDie,
        lend: false,
        readers_leave: false,
        buffer: 8,
        log_space: None,
    };
    assert_eq!(keys("{}"), usual);
    let said = r#"{"kind": "transfers", "conflict": "wait", "deadlock": "wait-die", "skew": 0,
        "lend": false, "readers": "stay"}"#;
    assert_eq!(keys(said), usual);
}

#[test]
fn every_key() {
    let all = r#"{"kind": "orders", "per_node": 7, "touch": 2, "skew": 0.9, "opening": 5,
        "amount": 3, "read_only": "1/4", "conflict": "wait", "deadlock": {"timeout": "2ms"},
        "lend": true, "readers": "leave", "buffer": 0, "log_space": 11}"#;
    let wanted = Keys {
        kind: Kind::Orders,
        per_node: 7,
        touch: 2,
        skew_micros: 900_000,
        opening: 5,
        amount: 3,
        read_only: Ratio::new(1, 4).unwrap(),
        contention: Contention::TimeOut(Span::from_millis(2)),
        lend: true,
        readers_leave: true,
        buffer: 0,
        log_space: Some(11),
    };
    assert_eq!(keys(all), wanted);
    assert_eq!(keys(r#"{"conflict": "no"}"#).contention, Contention::Refuse);
}

#[test]
fn the_schema_knows_them() {
    assert!(schema(&KNOWN).contains("log_space"));
}
