//! The trace hash: one number for everything that was observed.
//!
//! Every observation is four 64-bit numbers (its time; kind, node and further small fields; two
//! numbers that depend on the kind). They are folded into 128 bits with multiplications whose
//! upper and lower halves are combined. Only values enter, never their layout in memory, so the
//! hash is the same on every machine. The function is fixed; changing it, or what is observed,
//! changes the golden hashes in the same commit.

use commitsim_core::{Decision, Meaning, Status, Vote, Why, Word};
use commitsim_spec::{Observation, What};

/// Whoever wants to see every observation of a run, as it happens. Watching changes nothing.
pub trait Watch {
    /// Looks at one observation.
    fn observe(&mut self, seen: &Observation);
}

/// The running hash of all observations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TraceHash {
    high: u64,
    low: u64,
}

/// Digits of the fractional parts of the square roots of 7 and 11, made odd.
const HIGH: u64 = 0xa54f_f53a_5f1d_36f1;
const LOW: u64 = 0x510e_527f_ade6_82d1;

impl TraceHash {
    pub(crate) const fn new() -> TraceHash {
        TraceHash { high: HIGH, low: LOW }
    }

    #[inline(always)]
    pub(crate) fn fold(&mut self, seen: &Observation) {
        let (kind, small, first, second) = encoded(&seen.what);
        let what = kind | u64::from(seen.node.0) << 8 | small << 24;
        let high = folded(self.high ^ seen.at.0, HIGH ^ what);
        let low = folded(self.low ^ first, LOW ^ second);
        self.high = high.wrapping_add(low.rotate_left(32));
        self.low = low.wrapping_add(high);
    }

    pub(crate) fn value(self) -> u128 {
        u128::from(self.high) << 64 | u128::from(self.low)
    }
}

/// Both halves of the full product, the one laid over the other.
#[inline(always)]
fn folded(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product >> 64) as u64 ^ product as u64
}

/// An observation's kind (0 to 255), small fields (40 bits), and two numbers.
#[inline(always)]
fn encoded(what: &What) -> (u64, u64, u64, u64) {
    let at = |tx: commitsim_core::TxId| u64::from(tx.0) << 32;
    match *what {
        What::Begin { tx } => (1, 0, at(tx), 0),
        What::Send { tx, to, id, word } => (2, u64::from(to.0), at(tx) | detail(word), id),
        What::Deliver { tx, from, id, word } => (3, u64::from(from.0), at(tx) | detail(word), id),
        What::Lose { tx, from, id, word } => (4, u64::from(from.0), at(tx) | detail(word), id),
        What::Duplicate { tx, from, id, copy, word } => {
            (5, u64::from(from.0), at(tx) | detail(word), id ^ copy.rotate_left(32))
        }
        What::Append { tx, lsn, word, forced } => {
            (6, u64::from(forced), at(tx) | detail(word), lsn.0)
        }
        What::Force { upto } => (7, 0, 0, upto.0),
        What::Durable { tx, lsn, word } => (8, 0, at(tx) | detail(word), lsn.0),
        What::Work { tx } => (9, 0, at(tx), 0),
        What::Vote { tx, vote } => (10, vote_code(vote), at(tx), 0),
        What::Enter { tx, status } => (11, status_code(status), at(tx), 0),
        What::Decide { tx, decision, why } => {
            let why = match why {
                Why::Protocol => 0,
                Why::LostInCrash => 1,
                Why::Operator => 2,
            };
            (12, decision_code(decision) | why << 8, at(tx), 0)
        }
        What::Forget { tx } => (13, 0, at(tx), 0),
        What::Arm { tx, timer, span } => (14, u64::from(timer), at(tx), span.0),
        What::Disarm { tx, timer } => (15, u64::from(timer), at(tx), 0),
        What::Fire { tx, timer } => (16, u64::from(timer), at(tx), 0),
        What::Crash { kept, appended } => (17, 0, kept.0, appended.0),
        What::Restart => (18, 0, 0, 0),
        What::Strike { fault } => (19, 0, u64::from(fault), 0),
        What::Ease { fault } => (20, 0, u64::from(fault), 0),
        What::Heal => (21, 0, 0, 0),
        What::Lock { tx, item, exclusive } => {
            (22, u64::from(exclusive), at(tx) | u64::from(item), 0)
        }
        What::Wait { tx, item, behind } => (23, 0, at(tx) | u64::from(item), u64::from(behind.0)),
        What::Borrow { tx, item, lender } => (24, 0, at(tx) | u64::from(item), u64::from(lender.0)),
        What::Unlock { tx } => (25, 0, at(tx), 0),
        What::Change { tx, item, before, after } => {
            // No value of the data needs more than 32 bits in a way that would make two changes
            // look alike; what is beyond them is folded in all the same.
            (26, 0, at(tx) | u64::from(item), after as u64 ^ (before as u64).rotate_left(32))
        }
    }
}

/// A word in 32 bits. Its meaning follows from its tag, and is folded in all the same: a protocol
/// that changes what a message means changes its traces.
#[inline(always)]
fn detail(word: Word) -> u64 {
    // No table of all meanings, but a number for the kind, four bits each, and a small match: the
    // table becomes a jump that processors guess badly.
    let place = match word.meaning {
        Meaning::Request => 0,
        Meaning::Vote(_) => 1,
        Meaning::Decision(_) => 2,
        Meaning::Question => 3,
        Meaning::Members => 4,
        Meaning::Other => 5,
    };
    let kind = 0x0098_7411 >> (4 * place) & 0xf;
    let which = match word.meaning {
        Meaning::Vote(vote) => vote_code(vote),
        Meaning::Decision(decision) => decision_code(decision),
        _ => 0,
    };
    let meaning = kind + which;
    (u64::from(word.tag) | meaning << 8 | u64::from(word.detail) << 12) & 0xffff_ffff
}

#[inline(always)]
fn vote_code(vote: Vote) -> u64 {
    match vote {
        Vote::Yes => 1,
        Vote::No => 2,
        Vote::ReadOnly => 3,
    }
}

#[inline(always)]
fn decision_code(decision: Decision) -> u64 {
    match decision {
        Decision::Commit => 1,
        Decision::Abort => 2,
    }
}

fn status_code(status: Status) -> u64 {
    match status {
        Status::Working => 1,
        Status::InDoubt => 2,
        Status::Decided(decision) => 2 + decision_code(decision),
        Status::Helping => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use commitsim_core::{NodeId, Time, TxId};

    fn hash_of(seen: &[Observation]) -> u128 {
        let mut hash = TraceHash::new();
        for one in seen {
            hash.fold(one);
        }
        hash.value()
    }

    fn at(at: u64, node: u16, what: What) -> Observation {
        Observation { at: Time(at), node: NodeId(node), what }
    }

    /// Every field and the order count.
    #[test]
    fn different_observations_have_different_hashes() {
        let (zero, one) = (TxId(0), TxId(1));
        let runs = [
            vec![],
            vec![at(0, 0, What::Begin { tx: zero })],
            vec![at(0, 0, What::Begin { tx: one })],
            vec![at(0, 1, What::Begin { tx: zero })],
            vec![at(1, 0, What::Begin { tx: zero })],
            vec![at(0, 0, What::Forget { tx: zero })],
            vec![at(0, 0, What::Begin { tx: zero }), at(0, 0, What::Begin { tx: one })],
            vec![at(0, 0, What::Begin { tx: one }), at(0, 0, What::Begin { tx: zero })],
            vec![at(0, 0, What::Vote { tx: zero, vote: Vote::Yes })],
            vec![at(0, 0, What::Vote { tx: zero, vote: Vote::No })],
        ];
        let mut hashes: Vec<u128> = runs.iter().map(|run| hash_of(run)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), runs.len());
    }

    /// The function is fixed: a known answer that no build may change by accident.
    #[test]
    fn known_answer() {
        let seen = [
            at(0, 0, What::Begin { tx: TxId(0) }),
            at(1_500_000, 3, What::Vote { tx: TxId(0), vote: Vote::Yes }),
            at(u64::MAX, u16::MAX, What::Forget { tx: TxId(u32::MAX) }),
        ];
        assert_eq!(format!("{:032x}", hash_of(&seen)), KNOWN);
    }

    const KNOWN: &str = "48a59a3c87cf75014b7a720684fa9d37";
}
