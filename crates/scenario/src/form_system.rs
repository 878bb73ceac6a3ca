//! The keys of a scenario's objects, but for those of faults.

use crate::form::{Form, later, optional, required};

pub(crate) static SCENARIO: Form = Form {
    name: "a scenario",
    keys: &[
        optional("$schema", "Where an editor finds the JSON Schema; ignored"),
        required("format", "The format of this file: \"commitsim/1\""),
        optional("title", "One line that says what happens"),
        optional("notes", "Free text"),
        optional(
            "seed",
            "Where all chance comes from: a number, or digits or a commit id as a text; 0",
        ),
        required("protocols", "Which protocols run: ids, or objects with an id and options"),
        optional("nodes", "How many nodes hold data, or their names; the first is the root; 3"),
        optional(
            "topology",
            "Who talks to whom in tree protocols: star, chain, tree, edges or min-diameter; star",
        ),
        optional("network", "How messages travel"),
        optional("disk", "How logs reach stable storage"),
        optional("work", "How long local work takes before a node can vote"),
        optional("votes", "How nodes vote; all vote YES"),
        optional("patience", "How long timers wait"),
        optional("workload", "Which transactions begin when and where; a single one"),
        optional("faults", "What goes wrong, in order"),
        optional("storm", "Random faults for a while"),
        optional("horizon", "When an undecided run is judged; 60s"),
        optional("expect", "What must hold, by protocol id, or \"*\" for all"),
        later("sweep", "Parameters to vary"),
    ],
};

pub(crate) static PROTOCOL: Form = Form {
    name: "a protocol",
    keys: &[required("id", "The protocol's id"), optional("options", "Its options, by name")],
};

pub(crate) static NETWORK: Form = Form {
    name: "the network",
    keys: &[
        optional("latency", "One-way latency of every link: a duration or a distribution; 1ms"),
        optional("loss", "The share of messages that are lost; 0"),
        optional("duplicate", "The share of messages that arrive twice; 0"),
        optional("fifo", "Whether links keep the order of their messages; false"),
        optional("links", "Links that differ; later entries win over earlier ones"),
        optional("regions", "Latencies from a measured table"),
    ],
};

pub(crate) static LINK: Form = Form {
    name: "a link",
    keys: &[
        optional("between", "Two nodes: both directions"),
        optional("from", "The sender"),
        optional("to", "The receiver"),
        optional("latency", "One-way latency: a duration or a distribution"),
        optional("loss", "The share of messages that are lost"),
        optional("duplicate", "The share of messages that arrive twice"),
    ],
};

pub(crate) static REGIONS: Form = Form {
    name: "the regions",
    keys: &[
        required("table", "The name of the table"),
        required("place", "The region of each node, by name"),
    ],
};

pub(crate) static DISK: Form = Form {
    name: "the disk",
    keys: &[
        optional("force", "How long a force takes: a duration or a distribution; 100us"),
        optional("flush", "How long a lazy record waits at most; 10ms"),
    ],
};

pub(crate) static WORK: Form = Form {
    name: "the work",
    keys: &[
        optional(
            "default",
            "Work of a node without an entry of its own: a duration or a distribution; 500us",
        ),
        optional("nodes", "Work of single nodes, by name"),
    ],
};

pub(crate) static VOTES: Form = Form {
    name: "the votes",
    keys: &[
        optional("no", "Nodes that always vote NO"),
        optional("read_only", "Nodes that always vote read-only"),
        optional("never", "Nodes whose work never ends"),
        optional("no_rate", "The share of all other votes that are NO; 0"),
    ],
};

pub(crate) static PATIENCE: Form = Form {
    name: "the patience",
    keys: &[
        optional("votes", "How long a decider waits for votes; 1s"),
        optional("decision", "How long a node in doubt waits before it asks; 1s"),
        optional("acks", "After how long decisions and questions are sent again; 1s"),
        optional("backoff", "What each repeat multiplies the wait by; 2"),
        optional("max", "Where that growth ends; 10s"),
    ],
};

pub(crate) static WORKLOAD: Form = Form {
    name: "the workload",
    keys: &[
        optional("transactions", "How many; 1"),
        optional("arrivals", "When they begin: serial, every, poisson or closed; serial"),
        optional("coordinator", "Where they begin: first, round-robin, random, or a node; first"),
        optional("participants", "Who takes part: all, or a random number of others; all"),
        later("keys", "Contention for keys"),
    ],
};

pub(crate) static ARRIVALS: Form = Form {
    name: "arrivals",
    keys: &[
        optional("every", "One after each such interval"),
        optional("poisson", "At random, independently of each other"),
        optional("closed", "Clients that wait for their answer"),
    ],
};

pub(crate) static POISSON: Form = Form {
    name: "Poisson arrivals",
    keys: &[required("mean", "The mean time from one to the next")],
};

pub(crate) static CLOSED: Form = Form {
    name: "closed arrivals",
    keys: &[
        required("clients", "How many clients there are"),
        optional("think", "How long a client waits between answer and next transaction; 0"),
    ],
};

pub(crate) static PARTICIPANTS: Form = Form {
    name: "participants",
    keys: &[required("random", "How many others are drawn for each transaction")],
};

pub(crate) static TOPOLOGY: Form = Form {
    name: "a topology",
    keys: &[
        optional("tree", "A complete tree in node order"),
        optional("edges", "The edges of a spanning tree, as pairs of nodes"),
    ],
};

pub(crate) static TREE: Form =
    Form { name: "a tree", keys: &[required("arity", "How many children an inner node has")] };

pub(crate) static SHAPE: Form = Form {
    name: "a distribution",
    keys: &[
        optional("uniform", "Everything between two durations, equally likely"),
        optional("exponential", "Exponential with a mean"),
        optional("lognormal", "Lognormal around a median"),
        optional("pareto", "Pareto from a least value"),
        optional("histogram", "Durations with weights"),
    ],
};

pub(crate) static EXPONENTIAL: Form = Form {
    name: "an exponential distribution",
    keys: &[
        required("mean", "The mean before clamping"),
        optional("min", "The least value; 0"),
        optional("max", "The greatest value; no limit"),
    ],
};

pub(crate) static LOG_NORMAL: Form = Form {
    name: "a lognormal distribution",
    keys: &[
        required("median", "The median"),
        required("sigma", "The standard deviation of the logarithm"),
        optional("max", "The greatest value; no limit"),
    ],
};

pub(crate) static PARETO: Form = Form {
    name: "a Pareto distribution",
    keys: &[
        required("min", "The least value"),
        required("shape", "The exponent of the tail; the smaller, the heavier"),
        required("max", "The greatest value"),
    ],
};

pub(crate) static EXPECTED: Form = Form {
    name: "an expectation",
    keys: &[
        optional("decision", "What every transaction comes to: commit, abort, none or split"),
        optional("nodes", "Where nodes stand at the end, by name"),
        optional("violates", "The properties that are broken; none"),
        optional("blocked", "The nodes that waited for an outcome after asking for it"),
        optional("messages", "Messages of each transaction"),
        optional("forced", "Forced records of each transaction"),
        optional(
            "decided_by",
            "How long after its beginning a transaction is decided at all nodes",
        ),
        optional("client_by", "How long after its beginning a transaction's client has its answer"),
    ],
};
