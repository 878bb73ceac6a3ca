//! The keys of faults and storms.

use crate::form::{Form, optional, required};

pub(crate) static SOME_LINKS: Form = Form {
    name: "a link",
    keys: &[
        optional("between", "Two nodes: both directions"),
        optional("from", "The sender"),
        optional("to", "The receiver"),
    ],
};

pub(crate) static FAULT: Form = Form {
    name: "a fault",
    keys: &[
        optional("at", "When it strikes"),
        optional("when", "The moment after which it strikes"),
        optional("after", "How long after that moment; 0"),
        optional("nth", "Which match of the moment counts; 1"),
        optional("crash", "A node loses its memory and part of its unsynced log"),
        optional("restart", "A crashed node comes back"),
        optional("partition", "The network falls into groups"),
        optional("cut_link", "One direction of a link is cut"),
        optional("isolate", "A node neither hears nor is heard"),
        optional("lose", "The next matching sends are lost"),
        optional("delay", "The next matching sends take longer"),
        optional("duplicate", "The next matching sends arrive twice"),
        optional("loss", "More messages are lost for a while"),
        optional("latency", "Messages take longer or shorter for a while"),
        optional("pause", "A node stalls without losing memory"),
        optional("slow_disk", "A node's forces take another time for a while"),
        optional("clock", "A node's timers run fast or slow"),
        optional("heal", "Ends every fault above and restarts every node"),
    ],
};

pub(crate) static MOMENT: Form = Form {
    name: "a moment",
    keys: &[
        optional("began", "A transaction begins at the node, or reaches it"),
        optional("sent", "A message leaves"),
        optional("received", "A message arrives"),
        optional("forced", "A record becomes durable"),
        optional("decided", "The node knows the outcome"),
    ],
};

pub(crate) static BEGAN: Form = Form {
    name: "the moment of a beginning",
    keys: &[required("by", "The node"), optional("transaction", "Only in this transaction")],
};

pub(crate) static SENT: Form = Form {
    name: "the moment of a send",
    keys: &[
        required("by", "The sender"),
        required("message", "The message's name"),
        optional("to", "Only to this node"),
        optional("transaction", "Only in this transaction"),
    ],
};

pub(crate) static RECEIVED: Form = Form {
    name: "the moment of an arrival",
    keys: &[
        required("by", "The receiver"),
        required("message", "The message's name"),
        optional("from", "Only from this node"),
        optional("transaction", "Only in this transaction"),
    ],
};

pub(crate) static FORCED: Form = Form {
    name: "the moment of a force",
    keys: &[
        required("by", "The node"),
        required("record", "The record's name"),
        optional("transaction", "Only in this transaction"),
    ],
};

pub(crate) static DECIDED: Form = Form {
    name: "the moment of a decision",
    keys: &[required("by", "The node"), optional("transaction", "Only in this transaction")],
};

pub(crate) static CRASH: Form = Form {
    name: "a crash",
    keys: &[
        required("node", "Who dies"),
        optional("restart_after", "When it comes back; never"),
        optional(
            "lose_tail",
            "Whether all of the unsynced log tail is lost; false: a drawn part of it",
        ),
    ],
};

pub(crate) static RESTART: Form =
    Form { name: "a restart", keys: &[required("node", "Who comes back")] };

pub(crate) static PARTITION: Form = Form {
    name: "a partition",
    keys: &[
        required("groups", "Groups of nodes that hear each other; nodes in no group form one more"),
        optional("heal_after", "When it ends; never"),
        optional("in_flight", "What becomes of messages that cross it: drop or hold; drop"),
    ],
};

pub(crate) static CUT_LINK: Form = Form {
    name: "a cut link",
    keys: &[
        required("from", "The sender"),
        required("to", "The receiver"),
        optional("heal_after", "When it ends; never"),
    ],
};

pub(crate) static ISOLATE: Form = Form {
    name: "an isolation",
    keys: &[required("node", "The node"), optional("heal_after", "When it ends; never")],
};

pub(crate) static LOSE: Form = Form {
    name: "a loss of messages",
    keys: &[
        required("message", "The message's name"),
        optional("from", "Only from this node"),
        optional("to", "Only to this node"),
        optional("count", "How many sends; 1"),
    ],
};

pub(crate) static DELAY: Form = Form {
    name: "a delay of messages",
    keys: &[
        required("message", "The message's name"),
        optional("from", "Only from this node"),
        optional("to", "Only to this node"),
        required("by", "What is added to the latency"),
        optional("count", "How many sends; 1"),
    ],
};

pub(crate) static DUPLICATE: Form = Form {
    name: "a duplication of messages",
    keys: &[
        required("message", "The message's name"),
        optional("from", "Only from this node"),
        optional("to", "Only to this node"),
        optional("count", "How many sends; 1"),
    ],
};

pub(crate) static LOSS: Form = Form {
    name: "a weather of loss",
    keys: &[
        required("rate", "The share of messages that are lost"),
        optional("for", "How long; to the end"),
        optional("links", "Only on these links"),
    ],
};

pub(crate) static LATENCY: Form = Form {
    name: "a weather of latency",
    keys: &[
        required("times", "What latencies are multiplied by"),
        optional("for", "How long; to the end"),
        optional("links", "Only on these links"),
    ],
};

pub(crate) static PAUSE: Form =
    Form { name: "a pause", keys: &[required("node", "Who stalls"), required("for", "How long")] };

pub(crate) static SLOW_DISK: Form = Form {
    name: "a slow disk",
    keys: &[
        required("node", "Whose disk"),
        required("force", "How long a force takes: a duration or a distribution"),
        optional("for", "How long it is slow; to the end"),
    ],
};

pub(crate) static CLOCK: Form = Form {
    name: "a clock",
    keys: &[required("node", "Whose clock"), required("rate", "Seconds of its clock in a second")],
};

pub(crate) static HEAL: Form = Form { name: "a healing", keys: &[] };

pub(crate) static STORM: Form = Form {
    name: "a storm",
    keys: &[
        required("until", "When it ends"),
        optional(
            "families",
            "What may happen: crash, partition, loss, delay, duplicate, pause, disk; all of them",
        ),
    ],
};
