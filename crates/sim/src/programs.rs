//! What each transaction does at each of its nodes.

use commitsim_core::{NodeId, NodeSet, TxId};
use commitsim_rng::{Bits, Draw, Keyed, Purpose, Ranks, Seed};

use crate::keys::{Keys, Kind, PRICE};

/// One step of a transaction at a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Step {
    pub item: u32,
    /// What is added to the item; nothing where it is only read.
    pub change: Option<i64>,
}

/// Draws the programs of transactions, each by the transaction alone.
pub(crate) struct Programs {
    pub keys: Keys,
    ranks: Ranks,
    draws: Keyed,
}

impl Programs {
    pub(crate) fn new(keys: &Keys, seed: Seed) -> Programs {
        let ranks = Ranks::new(keys.per_node, keys.skew_micros);
        Programs { keys: keys.clone(), ranks, draws: Keyed::new(seed, Purpose::Keys) }
    }

    /// What `tx` does at each of these nodes, in node order.
    pub(crate) fn of(&self, tx: TxId, nodes: &NodeSet) -> Vec<(NodeId, Vec<Step>)> {
        let mut draw = self.draws.draw(u64::from(tx.0), 0, 0);
        let reads = draw.happens(self.keys.read_only);
        let mut places: Vec<(usize, u32)> = Vec::new();
        let chosen: Vec<(NodeId, Vec<u32>)> =
            nodes.iter().map(|node| (node, self.choose(tx, node))).collect();
        // The first of every node, then the second: so that neighbours are at different nodes.
        for turn in 0..self.keys.touch as usize {
            let turns = chosen.iter().zip(0..).map(|((_, items), at)| (at, items[turn]));
            places.extend(turns);
        }
        let mut programs: Vec<(NodeId, Vec<Step>)> =
            chosen.iter().map(|(node, _)| (*node, Vec::new())).collect();
        let pairs = matches!(self.keys.kind, Kind::Transfers | Kind::Orders);
        for group in places.chunks(if pairs { 2 } else { 1 }) {
            let amount = draw.within(1..=u64::from(self.keys.amount)) as i64;
            let forth = draw.within(0..=1) == 0;
            let alone = reads || pairs && group.len() == 1;
            for (place, first) in group.iter().zip([true, false]) {
                let sign = if first == forth { amount } else { -amount };
                let steps = self.steps(place.1, sign, alone);
                programs[place.0].1.extend(steps);
            }
        }
        programs
    }

    /// Different places of one node, the popular ones more often.
    fn choose(&self, tx: TxId, node: NodeId) -> Vec<u32> {
        let mut draw: Draw = self.draws.draw(u64::from(tx.0), 1 + u64::from(node.0), 0);
        let mut chosen: Vec<u32> = Vec::new();
        for _ in 0..self.keys.touch {
            let mut place = self.ranks.sample(&mut draw);
            while chosen.contains(&place) {
                place = (place + 1) % self.keys.per_node;
            }
            chosen.push(place);
        }
        chosen
    }

    fn steps(&self, place: u32, amount: i64, reads: bool) -> Vec<Step> {
        let step = |item, change: i64| Step { item, change: (!reads).then_some(change) };
        match self.keys.kind {
            Kind::Transfers => vec![step(place, amount)],
            Kind::Seats => vec![step(place, -1)],
            Kind::Cards => vec![step(place, amount.abs())],
            Kind::Orders => vec![step(2 * place, -amount * PRICE), step(2 * place + 1, amount)],
        }
    }
}
