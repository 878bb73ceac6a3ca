//! The data under the nodes as text.

use commitsim_rng::Ratio;
use commitsim_sim::{Contention, Keys};

use crate::data;
use crate::write::{Object, decimal, ratio, span};

/// What differs from data of which nothing is said.
pub(crate) fn keys(keys: &Keys) -> String {
    let usual = data::by_default();
    let kind = data::KINDS.iter().find(|(_, kind)| *kind == keys.kind && *kind != usual.kind);
    let number = |one: u32, other: u32| (one != other).then(|| one.to_string());
    let timeout = match keys.contention {
        Contention::TimeOut(wait) => Some(Object::default().with("timeout", span(wait)).text()),
        Contention::Refuse | Contention::WaitDie => None,
    };
    let refuses = keys.contention == Contention::Refuse;
    let skew = (keys.skew_micros > 0).then(|| decimal(keys.skew_micros, 1_000_000));
    Object::default()
        .with("kind", kind.map(|(name, _)| format!("\"{name}\"")))
        .with("per_node", number(keys.per_node, usual.per_node))
        .with("touch", number(keys.touch, usual.touch))
        .with("skew", skew)
        .with("conflict", refuses.then(|| "\"no\"".to_string()))
        .with("deadlock", timeout)
        .with("lend", keys.lend.then(|| "true".to_string()))
        .with("opening", number(keys.opening, usual.opening))
        .with("amount", number(keys.amount, usual.amount))
        .with("read_only", (keys.read_only != Ratio::ZERO).then(|| ratio(keys.read_only)))
        .with("readers", keys.readers_leave.then(|| "\"leave\"".to_string()))
        .with("buffer", number(keys.buffer, usual.buffer))
        .with("log_space", keys.log_space.map(|space| space.to_string()))
        .text()
}
