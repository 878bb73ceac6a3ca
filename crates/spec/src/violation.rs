//! What the oracle says when a run breaks a property.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use commitsim_core::{Cost, Decision, NodeId, Status, Time, TxId};

/// A broken property.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// Which property.
    pub property: Property,
    /// In which transaction.
    pub tx: TxId,
    /// When it was seen.
    pub at: Time,
    /// The nodes concerned, in node order.
    pub nodes: Vec<NodeId>,
    /// What exactly is wrong.
    pub objection: Objection,
}

impl Violation {
    /// One sentence for people, with the names that `name` gives to nodes.
    #[must_use]
    pub fn says(&self, name: &dyn Fn(NodeId) -> String) -> String {
        let all = |nodes: &[NodeId]| listed(nodes, name);
        match &self.objection {
            Objection::SentAhead { by, missing } => {
                format!("{} sent a message before {missing} was durable", name(*by))
            }
            Objection::VotedAgain { by } => {
                format!("{} voted a second time, and differently", name(*by))
            }
            Objection::IllegalStep { by, from, to } => {
                let from = from.map_or("nowhere", stands);
                format!("{} went from {from} to {}", name(*by), stands(*to))
            }
            Objection::Reversed { by, first, then } => {
                format!("{} decided {} and later {}", name(*by), word(*first), word(*then))
            }
            Objection::Disagrees { by, decision, others } => {
                format!("{} decided {}, unlike {}", name(*by), word(*decision), all(others))
            }
            Objection::WithoutYes { by, of } => {
                format!("{} decided commit without a YES of {}", name(*by), all(of))
            }
            Objection::NeedlessAbort { by } => {
                format!("{} decided abort: nothing failed and nobody voted NO", name(*by))
            }
            Objection::Stuck { nodes } => {
                format!("{} could have learnt the outcome and did not decide", all(nodes))
            }
            Objection::DataDiffers { by, item, found, wanted } => format!(
                "item {item} at {} is {found}, and what was committed there makes it {wanted}",
                name(*by)
            ),
            Objection::OutOfBounds { by, item, found } => {
                format!("item {item} at {} is {found}, which its rule forbids", name(*by))
            }
            Objection::NotConserved { surplus } => {
                format!("all items together are worth {surplus} more than at the beginning")
            }
            Objection::CostDiffers { found, formula } => format!(
                "an undisturbed commit took {} messages and {} forced records, not {} and {}",
                found.messages, found.forced, formula.messages, formula.forced
            ),
        }
    }
}

/// What exactly is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Objection {
    /// A message left before what it claims was durable.
    SentAhead {
        /// Its sender.
        by: NodeId,
        /// What was not durable.
        missing: &'static str,
    },
    /// A node gave two different votes.
    VotedAgain {
        /// Which node.
        by: NodeId,
    },
    /// A machine took a step that the specification does not have.
    IllegalStep {
        /// Whose.
        by: NodeId,
        /// Where it stood.
        from: Option<Status>,
        /// Where it stands.
        to: Status,
    },
    /// A node changed its mind.
    Reversed {
        /// Which node.
        by: NodeId,
        /// Its first decision.
        first: Decision,
        /// A later one.
        then: Decision,
    },
    /// A node decided otherwise than others.
    Disagrees {
        /// Which node.
        by: NodeId,
        /// What it decided.
        decision: Decision,
        /// Who had decided the opposite.
        others: Vec<NodeId>,
    },
    /// A node decided commit although some had not agreed.
    WithoutYes {
        /// Which node.
        by: NodeId,
        /// Who had not agreed.
        of: Vec<NodeId>,
    },
    /// A node decided abort without a reason.
    NeedlessAbort {
        /// Which node.
        by: NodeId,
    },
    /// Nodes did not decide although they could have.
    Stuck {
        /// Which nodes.
        nodes: Vec<NodeId>,
    },
    /// An item is not what was committed to it.
    DataDiffers {
        /// Whose.
        by: NodeId,
        /// Which.
        item: u32,
        /// What it is.
        found: i64,
        /// What it should be.
        wanted: i64,
    },
    /// An item is overdrawn, oversold or above its limit.
    OutOfBounds {
        /// Whose.
        by: NodeId,
        /// Which.
        item: u32,
        /// What it is.
        found: i64,
    },
    /// What all items are worth together has changed, although all nodes agreed.
    NotConserved {
        /// By how much.
        surplus: i64,
    },
    /// A commit did not cost what the formula says.
    CostDiffers {
        /// What it cost.
        found: Cost,
        /// What the formula says.
        formula: Cost,
    },
}

fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Commit => "commit",
        Decision::Abort => "abort",
    }
}

fn stands(status: Status) -> &'static str {
    match status {
        Status::Working => "working",
        Status::InDoubt => "in doubt",
        Status::Decided(Decision::Commit) => "committed",
        Status::Decided(Decision::Abort) => "aborted",
        Status::Helping => "helping",
    }
}

fn listed(nodes: &[NodeId], name: &dyn Fn(NodeId) -> String) -> String {
    let mut text = String::new();
    for (n, node) in nodes.iter().enumerate() {
        let separator = match n {
            0 => "",
            _ if n + 1 == nodes.len() => " and ",
            _ => ", ",
        };
        text.push_str(separator);
        text.push_str(&name(*node));
    }
    text
}

/// The properties of atomic commitment (Bernstein, Hadzilacos & Goodman 1987, chapter 7) and
/// what else a run must keep to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Property {
    /// All nodes that decide decide the same.
    Ac1,
    /// No node reverses its decision.
    Ac2,
    /// Commit is decided only if every voter voted YES or read-only.
    Ac3,
    /// Without failures, and if all vote YES, the decision is commit.
    Ac4,
    /// When faults are over, every node decides.
    Ac5,
    /// Every step is one of the transaction-commit specification (Gray & Lamport 2006, section 2).
    TCommit,
    /// What a message claims is on disk before it leaves.
    WriteAhead,
    /// A commit without failures costs what the protocol's formula says.
    Cost,
    /// The data is what was committed to it: nothing is lost, made, oversold or overdrawn.
    Data,
}

impl Property {
    /// All properties, in the order in which they are listed.
    pub const ALL: [Property; 9] = [
        Property::Ac1,
        Property::Ac2,
        Property::Ac3,
        Property::Ac4,
        Property::Ac5,
        Property::TCommit,
        Property::WriteAhead,
        Property::Cost,
        Property::Data,
    ];

    /// The name in scenarios and results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Property::Ac1 => "AC1",
            Property::Ac2 => "AC2",
            Property::Ac3 => "AC3",
            Property::Ac4 => "AC4",
            Property::Ac5 => "AC5",
            Property::TCommit => "TCommit",
            Property::WriteAhead => "write-ahead",
            Property::Cost => "cost",
            Property::Data => "data",
        }
    }
}
