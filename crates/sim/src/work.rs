//! Local work: how long it takes and which vote it ends with.

use commitsim_core::{NodeId, Span, TxId, Vote};
use commitsim_rng::{Bits, Keyed, Purpose, Ratio, Seed, Shape};

use crate::setup::Votes;

/// The local work of all nodes. Each length and each vote is drawn by node and transaction alone.
pub(crate) struct Work {
    /// By node.
    nodes: Vec<(Shape, Answer)>,
    no_rate: Ratio,
    length: Keyed,
    refusal: Keyed,
}

/// What the work of a node ends with.
#[derive(Clone, Copy)]
enum Answer {
    Never,
    Always(Vote),
    Drawn,
}

impl Work {
    pub(crate) fn new(shapes: &[Shape], votes: &Votes, seed: Seed) -> Work {
        let answer = |node| {
            if votes.never.contains(node) {
                Answer::Never
            } else if votes.no.contains(node) {
                Answer::Always(Vote::No)
            } else if votes.read_only.contains(node) {
                Answer::Always(Vote::ReadOnly)
            } else if votes.no_rate.is_zero() {
                Answer::Always(Vote::Yes)
            } else {
                Answer::Drawn
            }
        };
        let nodes = shapes.iter().zip(0..);
        Work {
            nodes: nodes.map(|(shape, node)| (shape.clone(), answer(NodeId(node)))).collect(),
            no_rate: votes.no_rate,
            length: Keyed::new(seed, Purpose::Work),
            refusal: Keyed::new(seed, Purpose::Votes),
        }
    }

    /// How long `node` works for `tx` and what it answers; nothing where it never answers.
    #[inline(always)]
    pub(crate) fn outcome(&self, node: NodeId, tx: TxId) -> Option<(Span, Vote)> {
        let (shape, answer) = &self.nodes[usize::from(node.0)];
        let (a, b) = (u64::from(node.0), u64::from(tx.0));
        let vote = match *answer {
            Answer::Never => return None,
            Answer::Always(vote) => vote,
            Answer::Drawn if self.refusal.draw(a, b, 0).happens(self.no_rate) => Vote::No,
            Answer::Drawn => Vote::Yes,
        };
        Some((Span(shape.sample_from(|| self.length.draw(a, b, 0))), vote))
    }

    /// The longest that any work can take.
    pub(crate) fn longest(&self) -> Span {
        Span(self.nodes.iter().map(|(shape, _)| shape.bounds().1).max().unwrap_or(0))
    }
}
