//! What a commit costs, as a formula.

use commitsim_catalog::{Formula, Options, all, find};
use commitsim_core::{Cost, Promise};

/// The formula of a protocol whose commits take so many messages.
fn of(messages: fn(u64, u64) -> Cost) -> Option<String> {
    let promise = find("2pc").unwrap().promise(&Options::default());
    Formula::of(&Promise { commit_cost: messages, ..promise }).map(|formula| formula.messages)
}

fn cost(messages: u64) -> Cost {
    Cost { messages, forced: 0 }
}

#[test]
fn polynomials_are_found_and_others_are_not() {
    assert_eq!(of(|n, r| cost(4 * n - 2 * r)).unwrap(), "4n - 2r");
    assert_eq!(of(|n, r| cost(2 * (n - r) + 1)).unwrap(), "2n - 2r + 1");
    assert_eq!(of(|n, _| cost(2 * (n * n + n))).unwrap(), "2n^2 + 2n");
    assert_eq!(of(|n, r| cost(n * n + n * r + r * r - 1)).unwrap(), "n^2 + nr + r^2 - 1");
    assert_eq!(of(|n, r| cost(n * r - r * r)).unwrap(), "nr - r^2");
    assert_eq!(of(|_, _| cost(0)).unwrap(), "0");
    assert_eq!(of(|n, _| cost(n * n * n)), None);
    assert_eq!(of(|n, _| cost(n * (n + 1) / 2)), None);
}

/// The formulas of protocols.md 3.5, and what every one of them says of four nodes.
#[test]
fn every_protocol_has_its_formula() {
    let of = |id: &str, lazy: &str| {
        let runnable = find(id).unwrap();
        let options = Options::new(runnable.about(), [("outcome_force", lazy)]).unwrap();
        let Formula { messages, forced } = Formula::of(&runnable.promise(&options)).unwrap();
        (messages, forced)
    };
    let pair = |messages: &str, forced: &str| (messages.to_string(), forced.to_string());
    assert_eq!(of("2pc", "forced"), pair("4n - 2r", "2n - 2r + 1"));
    assert_eq!(of("2pc-pra", "forced"), pair("4n - 2r", "2n - 2r + 1"));
    assert_eq!(of("2pc-pra", "lazy"), pair("4n - 2r", "n - r + 1"));
    assert_eq!(of("2pc-prc", "lazy"), pair("3n - r", "n - r + 2"));
    for runnable in all() {
        assert!(Formula::of(&runnable.promise(&Options::default())).is_some());
    }
}
