//! The keys of what is under the nodes: data, and what is done to it.

use crate::form::{Form, Rule, optional, required};
use crate::kind::{Kind, MANY};
use crate::limits;

pub(crate) static KEYS: Form = Form {
    id: "keys",
    name: "the data",
    keys: &[
        optional(
            "kind",
            Kind::Word(&["transfers", "seats", "orders", "cards"]),
            "Bank transfers, airline seats, stock orders or card authorisations; transfers",
        ),
        optional("per_node", Kind::Whole(1, limits::ITEMS), "How many items each node has; 1000"),
        optional(
            "touch",
            Kind::Whole(1, limits::TOUCH),
            "How many of them a transaction touches at each of its nodes; 1",
        ),
        optional(
            "skew",
            Kind::Sigma,
            "How unequally popular they are: the exponent of Zipf's law; 0",
        ),
        optional(
            "conflict",
            Kind::Word(&["wait", "no"]),
            "A lock that others hold is waited for, or makes the node vote NO; wait",
        ),
        optional(
            "deadlock",
            Kind::Either(&[Kind::Word(&["wait-die"]), Kind::Object(&DEADLOCK)]),
            "What keeps them from waiting in a circle: wait-die, or a timeout; wait-die",
        ),
        optional("lend", Kind::Flag, "Whether prepared transactions lend their items (OPT); false"),
        optional(
            "opening",
            Kind::Whole(1, limits::VALUE),
            "What each item begins with, in units: money, seats, shares, a card's limit; 100",
        ),
        optional(
            "amount",
            Kind::Whole(1, limits::VALUE),
            "The most units that one step moves, all from 1 on equally likely; 10",
        ),
        optional("read_only", Kind::Rate, "The share of transactions that only read; 0"),
        optional(
            "readers",
            Kind::Word(&["stay", "leave"]),
            "Whether a node at which a transaction only read keeps its locks to the end, or votes \
             read-only and lets them go; stay",
        ),
        optional(
            "buffer",
            Kind::Whole(0, MANY),
            "How many changed items a node keeps in memory before it writes the oldest out; 8",
        ),
        optional(
            "log_space",
            Kind::Whole(1, MANY),
            "For how many changes a node's log has room, else it votes NO; no limit",
        ),
    ],
    rules: &[],
};

pub(crate) static DEADLOCK: Form = Form {
    id: "deadlock",
    name: "a way out of deadlocks",
    keys: &[required("timeout", Kind::Duration, "How long is waited for a lock before a NO")],
    rules: &[],
};

pub(crate) static DECIDE: Form = Form {
    id: "decide",
    name: "a heuristic decision",
    keys: &[
        required("node", Kind::Node, "At which node an operator decides by hand"),
        required(
            "transaction",
            Kind::Whole(0, limits::TRANSACTIONS - 1),
            "Which transaction, if it is in doubt there",
        ),
        required("as", Kind::Word(&["commit", "abort"]), "What the operator makes of it"),
    ],
    rules: &[],
};

pub(crate) static COMMITS: Form = Form {
    id: "commits",
    name: "a count of commits",
    keys: &[
        optional("from", Kind::Duration, "When the count begins; 0"),
        optional("to", Kind::Duration, "When it ends, this instant not included; the end"),
        optional("least", Kind::Whole(0, MANY), "At least so many are answered in between"),
        optional("most", Kind::Whole(0, MANY), "At most so many"),
    ],
    rules: &[Rule::Some(&["least", "most"])],
};
