//! The keys of a scenario's objects, but for those of faults.

use crate::form::{Form, Rule, later, optional, required};
use crate::form_data::{COMMITS, KEYS};
use crate::form_faults::{FAULT, STORM};
use crate::form_luck::LUCK;
use crate::kind::{Kind, MANY, OUTCOME_NAMES, STAND_NAMES};
use crate::limits;

pub(crate) static SCENARIO: Form = Form {
    id: "scenario",
    name: "a scenario",
    keys: &[
        optional("$schema", Kind::Anything, "Where an editor finds the JSON Schema; ignored"),
        required(
            "format",
            Kind::Word(&["commitsim/1"]),
            "The format of this file: \"commitsim/1\"",
        ),
        optional("title", Kind::Text(limits::TITLE), "One line that says what happens"),
        optional("notes", Kind::Text(limits::NOTES), "Free text"),
        optional(
            "seed",
            Kind::Seed,
            "Where all chance comes from: a number, or digits or a commit id as a text; 0",
        ),
        required(
            "protocols",
            Kind::Set(&Kind::Protocol, 1),
            "Which protocols run: ids, or objects with an id and options",
        ),
        optional(
            "nodes",
            Kind::Either(&[Kind::Whole(1, limits::NODES), Kind::Set(&Kind::Node, 1)]),
            "How many nodes hold data, or their names; the first is the root; 3",
        ),
        optional(
            "topology",
            Kind::Either(&[
                Kind::Word(&["star", "chain", "min-diameter"]),
                Kind::Object(&TOPOLOGY),
            ]),
            "Who talks to whom in tree protocols: star, chain, tree, edges or min-diameter; star",
        ),
        optional("network", Kind::Object(&NETWORK), "How messages travel"),
        optional("disk", Kind::Object(&DISK), "How logs reach stable storage"),
        optional("work", Kind::Object(&WORK), "How long local work takes before a node can vote"),
        optional("votes", Kind::Object(&VOTES), "How nodes vote; all vote YES"),
        optional("patience", Kind::Object(&PATIENCE), "How long timers wait"),
        optional(
            "workload",
            Kind::Object(&WORKLOAD),
            "Which transactions begin when and where; a single one",
        ),
        optional("faults", Kind::List(&Kind::Object(&FAULT), 0), "What goes wrong, in order"),
        optional("storm", Kind::Object(&STORM), "Random faults for a while"),
        optional("luck", Kind::Object(&LUCK), "What is said instead of drawn; nothing"),
        optional("horizon", Kind::Duration, "When an undecided run is judged; 60s"),
        optional(
            "expect",
            Kind::ByProtocol(&Kind::Object(&EXPECTED)),
            "What must hold, by protocol id, or \"*\" for all",
        ),
        later("sweep", Kind::Anything, "Parameters to vary"),
    ],
    rules: &[],
};

pub(crate) static PROTOCOL: Form = Form {
    id: "protocol",
    name: "a protocol",
    keys: &[
        required("id", Kind::ProtocolId, "The protocol's id"),
        optional("options", Kind::Anything, "Its options, by name"),
    ],
    rules: &[],
};

pub(crate) static NETWORK: Form = Form {
    id: "network",
    name: "the network",
    keys: &[
        optional(
            "latency",
            Kind::Drawn,
            "One-way latency of every link: a duration or a distribution; 1ms",
        ),
        optional("loss", Kind::Rate, "The share of messages that are lost; 0"),
        optional("duplicate", Kind::Rate, "The share of messages that arrive twice; 0"),
        optional("fifo", Kind::Flag, "Whether links keep the order of their messages; false"),
        optional(
            "links",
            Kind::List(&Kind::Object(&LINK), 0),
            "Links that differ; later entries win over earlier ones",
        ),
        optional("regions", Kind::Object(&REGIONS), "Latencies from a measured table"),
    ],
    rules: &[],
};

pub(crate) static LINK: Form = Form {
    id: "link",
    name: "a link",
    keys: &[
        optional("between", Kind::Pair(&Kind::Node, &Kind::Node), "Two nodes: both directions"),
        optional("from", Kind::Node, "The sender"),
        optional("to", Kind::Node, "The receiver"),
        optional("latency", Kind::Drawn, "One-way latency: a duration or a distribution"),
        optional("loss", Kind::Rate, "The share of messages that are lost"),
        optional("duplicate", Kind::Rate, "The share of messages that arrive twice"),
    ],
    rules: &[
        Rule::One(&[&["between"], &["from", "to"]]),
        Rule::Needs("from", "to"),
        Rule::Needs("to", "from"),
        Rule::Some(&["latency", "loss", "duplicate"]),
    ],
};

pub(crate) static REGIONS: Form = Form {
    id: "regions",
    name: "the regions",
    keys: &[
        required("table", Kind::Table, "The name of the table"),
        required("place", Kind::ByNode(&Kind::Region), "The region of each node, by name"),
    ],
    rules: &[],
};

pub(crate) static DISK: Form = Form {
    id: "disk",
    name: "the disk",
    keys: &[
        optional(
            "force",
            Kind::Drawn,
            "How long a force takes: a duration or a distribution; 100us",
        ),
        optional("flush", Kind::Duration, "How long a lazy record waits at most; 10ms"),
    ],
    rules: &[],
};

pub(crate) static WORK: Form = Form {
    id: "work",
    name: "the work",
    keys: &[
        optional(
            "default",
            Kind::Drawn,
            "Work of a node without an entry of its own: a duration or a distribution; 500us",
        ),
        optional("nodes", Kind::ByNode(&Kind::Drawn), "Work of single nodes, by name"),
    ],
    rules: &[],
};

pub(crate) static VOTES: Form = Form {
    id: "votes",
    name: "the votes",
    keys: &[
        optional("no", Kind::Set(&Kind::Node, 0), "Nodes that always vote NO"),
        optional("read_only", Kind::Set(&Kind::Node, 0), "Nodes that always vote read-only"),
        optional("never", Kind::Set(&Kind::Node, 0), "Nodes whose work never ends"),
        optional("no_rate", Kind::Rate, "The share of all other votes that are NO; 0"),
    ],
    rules: &[],
};

pub(crate) static PATIENCE: Form = Form {
    id: "patience",
    name: "the patience",
    keys: &[
        optional("votes", Kind::Duration, "How long a decider waits for votes; 1s"),
        optional("decision", Kind::Duration, "How long a node in doubt waits before it asks; 1s"),
        optional(
            "acks",
            Kind::Duration,
            "After how long decisions and questions are sent again; 1s",
        ),
        optional("backoff", Kind::FromOne, "What each repeat multiplies the wait by; 2"),
        optional("max", Kind::Duration, "Where that growth ends; 10s"),
    ],
    rules: &[],
};

pub(crate) static WORKLOAD: Form = Form {
    id: "workload",
    name: "the workload",
    keys: &[
        optional("transactions", Kind::Whole(1, limits::TRANSACTIONS), "How many; 1"),
        optional(
            "arrivals",
            Kind::Either(&[Kind::Word(&["serial"]), Kind::Object(&ARRIVALS)]),
            "When they begin: serial, every, poisson or closed; serial",
        ),
        optional(
            "coordinator",
            Kind::Either(&[Kind::Word(&["first", "round-robin", "random"]), Kind::Node]),
            "Where they begin: first, round-robin, random, or a node; first",
        ),
        optional(
            "participants",
            Kind::Either(&[Kind::Word(&["all"]), Kind::Object(&PARTICIPANTS)]),
            "Who takes part: all, or a random number of others; all",
        ),
        optional(
            "keys",
            Kind::Object(&KEYS),
            "The data under the nodes and what transactions do to it; none",
        ),
    ],
    rules: &[],
};

pub(crate) static ARRIVALS: Form = Form {
    id: "arrivals",
    name: "arrivals",
    keys: &[
        optional("every", Kind::Duration, "One after each such interval"),
        optional("poisson", Kind::Object(&POISSON), "At random, independently of each other"),
        optional("closed", Kind::Object(&CLOSED), "Clients that wait for their answer"),
    ],
    rules: &[Rule::One(&[&["every"], &["poisson"], &["closed"]])],
};

pub(crate) static POISSON: Form = Form {
    id: "poisson",
    name: "Poisson arrivals",
    keys: &[required("mean", Kind::Duration, "The mean time from one to the next")],
    rules: &[],
};

pub(crate) static CLOSED: Form = Form {
    id: "closed",
    name: "closed arrivals",
    keys: &[
        required("clients", Kind::Whole(1, limits::CLIENTS), "How many clients there are"),
        optional(
            "think",
            Kind::Duration,
            "How long a client waits between answer and next transaction; 0",
        ),
    ],
    rules: &[],
};

pub(crate) static PARTICIPANTS: Form = Form {
    id: "participants",
    name: "participants",
    keys: &[required(
        "random",
        Kind::Whole(1, limits::NODES - 1),
        "How many others are drawn for each transaction",
    )],
    rules: &[],
};

pub(crate) static TOPOLOGY: Form = Form {
    id: "topology",
    name: "a topology",
    keys: &[
        optional("tree", Kind::Object(&TREE), "A complete tree in node order"),
        optional(
            "edges",
            Kind::List(&Kind::Pair(&Kind::Node, &Kind::Node), 0),
            "The edges of a spanning tree, as pairs of nodes",
        ),
    ],
    rules: &[Rule::One(&[&["tree"], &["edges"]])],
};

pub(crate) static TREE: Form = Form {
    id: "tree",
    name: "a tree",
    keys: &[required(
        "arity",
        Kind::Whole(1, limits::NODES),
        "How many children an inner node has",
    )],
    rules: &[],
};

pub(crate) static SHAPE: Form = Form {
    id: "shape",
    name: "a distribution",
    keys: &[
        optional(
            "uniform",
            Kind::Pair(&Kind::Duration, &Kind::Duration),
            "Everything between two durations, equally likely",
        ),
        optional("exponential", Kind::Object(&EXPONENTIAL), "Exponential with a mean"),
        optional("lognormal", Kind::Object(&LOG_NORMAL), "Lognormal around a median"),
        optional("pareto", Kind::Object(&PARETO), "Pareto from a least value"),
        optional(
            "histogram",
            Kind::List(&Kind::Pair(&Kind::Duration, &Kind::Whole(0, MANY)), 1),
            "Durations with weights",
        ),
    ],
    rules: &[Rule::One(&[
        &["uniform"],
        &["exponential"],
        &["lognormal"],
        &["pareto"],
        &["histogram"],
    ])],
};

pub(crate) static EXPONENTIAL: Form = Form {
    id: "exponential",
    name: "an exponential distribution",
    keys: &[
        required("mean", Kind::Duration, "The mean before clamping"),
        optional("min", Kind::Duration, "The least value; 0"),
        optional("max", Kind::Duration, "The greatest value; no limit"),
    ],
    rules: &[],
};

pub(crate) static LOG_NORMAL: Form = Form {
    id: "log-normal",
    name: "a lognormal distribution",
    keys: &[
        required("median", Kind::Duration, "The median"),
        required("sigma", Kind::Sigma, "The standard deviation of the logarithm"),
        optional("max", Kind::Duration, "The greatest value; no limit"),
    ],
    rules: &[],
};

pub(crate) static PARETO: Form = Form {
    id: "pareto",
    name: "a Pareto distribution",
    keys: &[
        required("min", Kind::Duration, "The least value"),
        required("shape", Kind::Positive, "The exponent of the tail; the smaller, the heavier"),
        required("max", Kind::Duration, "The greatest value"),
    ],
    rules: &[],
};

pub(crate) static EXPECTED: Form = Form {
    id: "expected",
    name: "an expectation",
    keys: &[
        optional(
            "decision",
            Kind::Word(&OUTCOME_NAMES),
            "What every transaction comes to: commit, abort, none or split",
        ),
        optional(
            "nodes",
            Kind::ByNode(&Kind::Word(&STAND_NAMES)),
            "Where nodes stand at the end, by name",
        ),
        optional("violates", Kind::Set(&Kind::Property, 0), "The properties that are broken; none"),
        optional(
            "blocked",
            Kind::Set(&Kind::Node, 0),
            "The nodes that waited for an outcome after asking for it",
        ),
        optional("messages", Kind::Whole(0, MANY), "Messages of each transaction"),
        optional("forced", Kind::Whole(0, MANY), "Forced records of each transaction"),
        optional(
            "decided_by",
            Kind::Duration,
            "How long after its beginning a transaction is decided at all nodes",
        ),
        optional(
            "client_by",
            Kind::Duration,
            "How long after its beginning a transaction's client has its answer",
        ),
        optional(
            "commits",
            Kind::List(&Kind::Object(&COMMITS), 0),
            "How many transactions commit in which time",
        ),
    ],
    rules: &[],
};
