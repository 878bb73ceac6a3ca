//! What is simulated, as plain data: nodes, network, disks, votes, workload and faults.
//!
//! The types hold no wrong value, or say which rule their maker has to keep, for nobody checks.

use commitsim_core::{Decision, Lsn, NodeId, NodeSet, Span, Time, TxId};
use commitsim_rng::{Ratio, Shape};

use crate::keys::Keys;
use crate::luck::Luck;

/// One simulated system and what happens to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setup {
    /// How many nodes hold data, at least 1; they are the nodes 0 to `nodes` − 1.
    pub nodes: u16,
    /// Who talks to whom in protocols that run on a tree.
    pub topology: Topology,
    /// The links between them, and with helpers, whose numbers follow those of the nodes. What is
    /// said of a helper that a protocol does not have is ignored in its run.
    pub network: Network,
    /// Their disks.
    pub disk: Disk,
    /// How long local work takes before a node can vote, in nanoseconds, by node; `nodes` entries.
    pub work: Vec<Shape>,
    /// How they vote.
    pub votes: Votes,
    /// Which transactions begin when and where.
    pub workload: Workload,
    /// What goes wrong, in the order in which it was written down.
    pub faults: Vec<Fault>,
    /// Random faults for a while.
    pub storm: Option<Storm>,
    /// Exceptions from what is drawn; none as a rule.
    pub luck: Luck,
    /// When an undecided run is judged.
    pub horizon: Time,
    /// After how many events a run is given up as inconclusive.
    pub event_limit: u64,
}

/// Who talks to whom in protocols that run on a tree; the root is that of the transaction. Nodes
/// that take no part are passed over on the way to it. Other protocols do not look at it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Topology {
    /// Everybody with node 0.
    Star,
    /// Each node with the next.
    Chain,
    /// A complete tree in node order, node 0 at its top.
    Tree {
        /// How many children an inner node has, at least 1.
        arity: u16,
    },
    /// These edges, which span all nodes without a cycle.
    Edges(Vec<(NodeId, NodeId)>),
    /// The spanning tree of least diameter over the mean latencies of the links.
    MinDiameter,
}

/// How messages travel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Network {
    /// Whether a link may deliver a message before an earlier one.
    pub order: Order,
    /// Every link without an entry of its own.
    pub usual: Link,
    /// Links that differ, by sender and receiver; each pair at most once.
    pub links: Vec<(NodeId, NodeId, Link)>,
}

impl Network {
    /// A network of safe links that all take the same time.
    pub(crate) fn alike() -> Network {
        let (loss, duplicate) = (Ratio::ZERO, Ratio::ZERO);
        let usual = Link { latency: Shape::fixed(1), loss, duplicate };
        Network { order: Order::Any, usual, links: Vec::new() }
    }
}

/// Whether a link keeps the order of its messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// Each message takes its own time.
    Any,
    /// First in, first out.
    Fifo,
}

/// One direction of a connection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// One-way latency in nanoseconds.
    pub latency: Shape,
    /// The share of messages that are lost.
    pub loss: Ratio,
    /// The share of messages that arrive twice.
    pub duplicate: Ratio,
}

/// How a node's log reaches stable storage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Disk {
    /// How long a force takes, in nanoseconds.
    pub force: Shape,
    /// How long a lazy record waits, at most, before it is written out in the background.
    pub flush: Span,
}

/// How nodes vote. The sets are disjoint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Votes {
    /// Nodes that always vote NO.
    pub no: NodeSet,
    /// Nodes that always vote read-only.
    pub read_only: NodeSet,
    /// Nodes whose work never ends.
    pub never: NodeSet,
    /// The share of all other votes that are NO.
    pub no_rate: Ratio,
}

/// Which transactions begin when and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Workload {
    /// How many transactions there are, at least 1.
    pub transactions: u32,
    /// When they begin.
    pub arrivals: Arrivals,
    /// Where they begin.
    pub coordinator: Coordinator,
    /// Who takes part.
    pub participants: Participants,
    /// The data under the nodes, if any.
    pub keys: Option<Keys>,
}

/// When transactions begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Arrivals {
    /// The next begins when the last is decided at every live node.
    Serial,
    /// One after each such interval, the first at 0.
    Every(Span),
    /// At random, independently of each other, with this mean interval.
    Poisson {
        /// The mean time from one to the next.
        mean: Span,
    },
    /// Each client begins its next one a while after its last was decided at the root.
    Closed {
        /// How many clients there are, at least 1.
        clients: u32,
        /// How long a client waits in between.
        think: Span,
    },
}

/// Which node is the root of a transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Coordinator {
    /// Always this one.
    Node(NodeId),
    /// The nodes in turn, beginning with node 0.
    RoundRobin,
    /// Any node, with equal chances.
    Random,
}

/// Which nodes take part in a transaction besides its root.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Participants {
    /// All others.
    All,
    /// That many others, at least 1 and at most `nodes` − 1, drawn for each transaction.
    Random(u16),
}

/// Something that goes wrong, or is put right, once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// When it strikes.
    pub trigger: Trigger,
    /// What it does.
    pub action: Action,
}

/// When a fault strikes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trigger {
    /// At this instant, before its other events.
    At(Time),
    /// At the `nth` match of a moment, counted from 1, or `after` a while from there. Without a
    /// while it strikes right after the moment and before the node's next send.
    When {
        /// What to wait for.
        moment: Moment,
        /// Which match counts.
        nth: u32,
        /// How much later the fault strikes.
        after: Span,
    },
    /// In the middle of the step that a node takes at an instant.
    Amid {
        /// When it takes the step.
        at: Time,
        /// Which node.
        node: NodeId,
        /// After how many of the acts of that step, at least 1: messages, records, alarms,
        /// decisions and the like. The first step of that instant with so many acts counts.
        acts: u32,
    },
}

/// What a node does or sees.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Moment {
    /// The node.
    pub by: NodeId,
    /// What it does or sees.
    pub seen: Seen,
    /// Only in this transaction.
    pub transaction: Option<TxId>,
}

/// What a node does or sees at a moment. Names are those of the protocol's messages and records;
/// a name that the protocol does not know never matches, and the run reports the fault as idle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Seen {
    /// A transaction begins here, or the node hears of it for the first time and takes part.
    Began,
    /// A message leaves.
    Sent {
        /// Its name.
        message: String,
        /// Only to this node.
        to: Option<NodeId>,
    },
    /// A message arrives.
    Received {
        /// Its name.
        message: String,
        /// Only from this node.
        from: Option<NodeId>,
    },
    /// A record becomes durable.
    Forced {
        /// Its name.
        record: String,
    },
    /// The node knows the outcome.
    Decided,
    /// The node is back after a crash, and has yet to do what its log makes it do.
    Restarted,
}

/// What a fault does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// Volatile state and some or all of the unsynced log tail are lost.
    Crash {
        /// Who dies.
        node: NodeId,
        /// When it comes back; never where nothing is said.
        restart_after: Option<Span>,
        /// How much of the unsynced tail is lost.
        tail: Tail,
    },
    /// A node crashes and comes back over and over; the last time it stays.
    CrashLoop {
        /// Who dies.
        node: NodeId,
        /// How often, at least once.
        times: u32,
        /// How long it is down each time.
        down: Span,
        /// How long it is up in between.
        up: Span,
        /// How much of the unsynced tail is lost each time.
        tail: Tail,
    },
    /// A crashed node comes back.
    Restart(NodeId),
    /// Only nodes of one group hear each other; nodes in no group form one more.
    Partition {
        /// Disjoint groups.
        groups: Vec<NodeSet>,
        /// When it ends; never where nothing is said.
        heal_after: Option<Span>,
        /// What becomes of messages that cross it.
        in_flight: InFlight,
    },
    /// One direction of one link is cut.
    CutLink {
        /// The sender.
        from: NodeId,
        /// The receiver.
        to: NodeId,
        /// When it ends; never where nothing is said.
        heal_after: Option<Span>,
    },
    /// A node neither hears nor is heard.
    Isolate {
        /// The node.
        node: NodeId,
        /// When it ends; never where nothing is said.
        heal_after: Option<Span>,
    },
    /// The nodes' links are clogged one node after the other, then freed in another order: what a
    /// clogged link carries waits, and arrives when both its ends are free.
    Swizzle {
        /// Who is clogged, in this order; all different.
        close: Vec<NodeId>,
        /// The same nodes in the order in which they are freed.
        open: Vec<NodeId>,
        /// The time from each of these steps to the next.
        every: Span,
    },
    /// The next matching sends are lost.
    Lose(Matching),
    /// The next matching sends take longer by this much.
    Delay(Matching, Span),
    /// The next matching sends arrive twice; the second copy draws a latency of its own.
    Duplicate(Matching),
    /// More messages are lost for a while: each is lost if the link's own luck or this one says so.
    Loss {
        /// The share of messages at which a loss begins.
        rate: Ratio,
        /// How many messages in a row on a link each loss takes, at least 1.
        burst: u32,
        /// How long; to the end where nothing is said.
        lasts: Option<Span>,
        /// Only on these links (from, to).
        links: Option<Vec<(NodeId, NodeId)>>,
        /// Faults with different numbers lose different messages. Where nothing is said it is the
        /// fault's place in the plan, and so changes when an earlier fault is taken away.
        luck: Option<u32>,
    },
    /// Messages sent in a while take longer or shorter.
    Latency {
        /// What latencies are multiplied by.
        times: Scale,
        /// How long; to the end where nothing is said.
        lasts: Option<Span>,
        /// Only on these links (from, to).
        links: Option<Vec<(NodeId, NodeId)>>,
    },
    /// A node stalls without losing memory: messages, votes, completions and alarms wait.
    Pause {
        /// Who stalls.
        node: NodeId,
        /// How long.
        lasts: Span,
    },
    /// A node's forces take another time for a while.
    SlowDisk {
        /// Whose.
        node: NodeId,
        /// How long a force takes, in nanoseconds.
        force: Shape,
        /// How long the disk is slow; to the end where nothing is said.
        lasts: Option<Span>,
    },
    /// A node's clock runs at another rate: alarms set from now on wait 1/rate as long.
    Clock {
        /// Whose.
        node: NodeId,
        /// Seconds of its clock in a second.
        rate: Scale,
    },
    /// An operator decides by hand what is in doubt at a node: a heuristic decision.
    Decide {
        /// Where.
        node: NodeId,
        /// Which transaction.
        tx: TxId,
        /// What the operator makes of it.
        decision: Decision,
    },
    /// All alarms of a node, or of every node, go off at once.
    Expire(Option<NodeId>),
    /// Ends every fault above and restarts every node.
    Heal {
        /// Whether no fault strikes any more that still waits for its moment.
        last: bool,
    },
}

/// How much of the unsynced log tail a crash destroys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tail {
    /// A drawn part.
    Drawn,
    /// All of it.
    Lost,
    /// All behind this record, as far as it is not durable yet.
    Kept(Lsn),
}

/// What becomes of messages that cross a partition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InFlight {
    /// They are lost.
    Drop,
    /// They wait for the end of the partition.
    Hold,
}

/// Which sends a fault applies to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Matching {
    /// The message's name.
    pub message: String,
    /// Only from this node.
    pub from: Option<NodeId>,
    /// Only to this node.
    pub to: Option<NodeId>,
    /// How many sends, at least 1.
    pub count: u32,
}

/// An exact positive factor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scale {
    numerator: u32,
    denominator: u32,
}

impl Scale {
    /// The factor one.
    pub const ONE: Scale = Scale { numerator: 1, denominator: 1 };

    /// `numerator / denominator`; none where either is zero.
    #[must_use]
    pub fn new(numerator: u32, denominator: u32) -> Option<Scale> {
        (numerator > 0 && denominator > 0).then_some(Scale { numerator, denominator })
    }

    /// Its numerator and its denominator.
    #[must_use]
    pub fn parts(self) -> (u32, u32) {
        (self.numerator, self.denominator)
    }

    /// One over this factor.
    #[must_use]
    pub fn inverse(self) -> Scale {
        Scale { numerator: self.denominator, denominator: self.numerator }
    }

    /// The span multiplied, rounded down; the greatest span where the product would not fit.
    #[must_use]
    pub fn times(self, span: Span) -> Span {
        if self == Scale::ONE {
            return span;
        }
        let scaled = u128::from(span.0) * u128::from(self.numerator) / u128::from(self.denominator);
        Span(u64::try_from(scaled).unwrap_or(u64::MAX))
    }
}

/// Random faults until an instant at which everything is healed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Storm {
    /// When it ends.
    pub until: Time,
    /// What may happen in it; without duplicates.
    pub families: Vec<Family>,
}

/// A kind of random fault.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Family {
    /// Nodes crash and restart, in the middle of a broadcast too.
    Crash,
    /// The network falls apart and heals.
    Partition,
    /// Messages are lost.
    Loss,
    /// Messages are late.
    Delay,
    /// Messages arrive twice.
    Duplicate,
    /// Nodes stall.
    Pause,
    /// Disks are slow.
    Disk,
}

impl Family {
    /// All families, with the names that scenarios use.
    pub const ALL: [(&'static str, Family); 7] = [
        ("crash", Family::Crash),
        ("partition", Family::Partition),
        ("loss", Family::Loss),
        ("delay", Family::Delay),
        ("duplicate", Family::Duplicate),
        ("pause", Family::Pause),
        ("disk", Family::Disk),
    ];
}
