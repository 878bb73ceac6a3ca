//! Local work: how long it takes and which vote it ends with.

use commitsim_core::{NodeId, Span, TxId, Vote};
use commitsim_rng::{Bits, Keyed, Purpose, Seed, Shape};

use crate::setup::Votes;

/// The local work of all nodes. Each length and each vote is drawn by node and transaction alone.
pub(crate) struct Work {
    shapes: Vec<Shape>,
    votes: Votes,
    length: Keyed,
    refusal: Keyed,
}

impl Work {
    pub(crate) fn new(shapes: &[Shape], votes: &Votes, seed: Seed) -> Work {
        Work {
            shapes: shapes.to_vec(),
            votes: votes.clone(),
            length: Keyed::new(seed, Purpose::Work),
            refusal: Keyed::new(seed, Purpose::Votes),
        }
    }

    /// How long `node` works for `tx` and what it answers; nothing where it never answers.
    #[inline(always)]
    pub(crate) fn outcome(&self, node: NodeId, tx: TxId) -> Option<(Span, Vote)> {
        if self.votes.never.contains(node) {
            return None;
        }
        let (a, b) = (u64::from(node.0), u64::from(tx.0));
        let length = self.shapes[usize::from(node.0)].sample(&mut self.length.draw(a, b, 0));
        let vote = if self.votes.no.contains(node) {
            Vote::No
        } else if self.votes.read_only.contains(node) {
            Vote::ReadOnly
        } else if self.refusal.draw(a, b, 0).happens(self.votes.no_rate) {
            Vote::No
        } else {
            Vote::Yes
        };
        Some((Span(length), vote))
    }

    /// The longest that any work can take.
    pub(crate) fn longest(&self) -> Span {
        Span(self.shapes.iter().map(|shape| shape.bounds().1).max().unwrap_or(0))
    }
}
