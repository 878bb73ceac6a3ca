//! What transactions do to the data under the nodes, as plain data.

use commitsim_core::Span;
use commitsim_rng::Ratio;

/// The data under the nodes, and what transactions do to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Keys {
    /// What the items are.
    pub kind: Kind,
    /// How many items each node has, at least 1; for [`Kind::Orders`] accounts of two items each.
    pub per_node: u32,
    /// How many of them a transaction touches at each of its nodes, from 1 to `per_node`.
    pub touch: u32,
    /// How unequally popular they are: the exponent of Zipf's law in millionths, at most ten.
    pub skew_micros: u64,
    /// What every item begins with, at least 1: money, seats, cash and shares, or a card's limit.
    pub opening: u32,
    /// The most that one step moves, at least 1; it moves from 1 to so much, equally likely.
    pub amount: u32,
    /// The share of transactions that only read.
    pub read_only: Ratio,
    /// What becomes of a request for a lock that others hold.
    pub contention: Contention,
    /// Whether prepared transactions lend their items (OPT).
    pub lend: bool,
    /// Whether a node at which a transaction only read votes read-only, and so leaves with its
    /// locks before all others have theirs.
    pub readers_leave: bool,
    /// How many changed items may wait in memory before the oldest is written to disk.
    pub buffer: u32,
    /// How many changes the log of a node has room for; any number where nothing is said.
    pub log_space: Option<u32>,
}

/// What the items are, and what a transaction does to those that it touches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Accounts at banks. The items that a transaction touches are taken in pairs, from different
    /// nodes where that is possible: the one pays the other. Nobody may overdraw. An item that is
    /// left over is read.
    Transfers,
    /// Flights. A transaction books a seat on each; there are no more than there are.
    Seats,
    /// Cash and shares of brokers. Of each pair of accounts the one sells shares to the other, at
    /// ten for a share, delivery versus payment. Neither cash nor shares may run out.
    Orders,
    /// Credit cards: what has been authorised on each, at most its limit.
    Cards,
}

/// What becomes of a request for a lock that others hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Contention {
    /// The node votes NO.
    Refuse,
    /// It waits for younger transactions only; for an older one the node votes NO.
    WaitDie,
    /// It waits so long, and then the node votes NO.
    TimeOut(Span),
}

/// The price of a share.
pub(crate) const PRICE: i64 = 10;

impl Keys {
    /// How many items each node has.
    pub(crate) fn items(&self) -> u32 {
        self.per_node * if self.kind == Kind::Orders { 2 } else { 1 }
    }

    /// What an item begins with.
    pub(crate) fn first_value(&self) -> i64 {
        if self.kind == Kind::Cards { 0 } else { i64::from(self.opening) }
    }

    /// The least and the most that an item may be worth.
    pub(crate) fn bounds(&self) -> (i64, i64) {
        match self.kind {
            Kind::Transfers | Kind::Orders => (0, i64::MAX),
            Kind::Seats | Kind::Cards => (0, i64::from(self.opening)),
        }
    }

    /// Whether what all items are worth together never changes.
    pub(crate) fn conserves(&self) -> bool {
        matches!(self.kind, Kind::Transfers | Kind::Orders)
    }
}
