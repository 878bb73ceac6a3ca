//! The keys of faults and storms.

use crate::form::{Form, Rule, optional, required};
use crate::form_data::DECIDE;
use crate::kind::{FAMILY_NAMES, Kind, MANY};
use crate::limits;

pub(crate) static SOME_LINKS: Form = Form {
    id: "some-links",
    name: "a link",
    keys: &[
        optional("between", Kind::Pair(&Kind::Node, &Kind::Node), "Two nodes: both directions"),
        optional("from", Kind::Node, "The sender"),
        optional("to", Kind::Node, "The receiver"),
    ],
    rules: &[
        Rule::One(&[&["between"], &["from", "to"]]),
        Rule::Needs("from", "to"),
        Rule::Needs("to", "from"),
    ],
};

pub(crate) static FAULT: Form = Form {
    id: "fault",
    name: "a fault",
    keys: &[
        optional("at", Kind::Duration, "When it strikes"),
        optional("amid", Kind::Object(&AMID), "In the middle of which step of that instant"),
        optional("when", Kind::Object(&MOMENT), "The moment after which it strikes"),
        optional("after", Kind::Duration, "How long after that moment; 0"),
        optional("nth", Kind::Whole(1, MANY), "Which match of the moment counts; 1"),
        optional(
            "crash",
            Kind::Object(&CRASH),
            "A node loses its memory and part of its unsynced log",
        ),
        optional("crash_loop", Kind::Object(&CRASH_LOOP), "A node crashes over and over"),
        optional("restart", Kind::Object(&RESTART), "A crashed node comes back"),
        optional("partition", Kind::Object(&PARTITION), "The network falls into groups"),
        optional("cut_link", Kind::Object(&CUT_LINK), "One direction of a link is cut"),
        optional("isolate", Kind::Object(&ISOLATE), "A node neither hears nor is heard"),
        optional(
            "swizzle",
            Kind::Object(&SWIZZLE),
            "Nodes are clogged one by one, and freed in another order",
        ),
        optional("lose", Kind::Object(&LOSE), "The next matching sends are lost"),
        optional("delay", Kind::Object(&DELAY), "The next matching sends take longer"),
        optional("duplicate", Kind::Object(&DUPLICATE), "The next matching sends arrive twice"),
        optional("loss", Kind::Object(&LOSS), "More messages are lost for a while"),
        optional("latency", Kind::Object(&LATENCY), "Messages take longer or shorter for a while"),
        optional("pause", Kind::Object(&PAUSE), "A node stalls without losing memory"),
        optional(
            "slow_disk",
            Kind::Object(&SLOW_DISK),
            "A node's forces take another time for a while",
        ),
        optional("clock", Kind::Object(&CLOCK), "A node's timers run fast or slow"),
        optional(
            "decide",
            Kind::Object(&DECIDE),
            "An operator commits or aborts by hand what is in doubt: a heuristic decision",
        ),
        optional("expire", Kind::Object(&EXPIRE), "Alarms go off all at once, and early"),
        optional("heal", Kind::Object(&HEAL), "Ends every fault above and restarts every node"),
    ],
    rules: &[
        Rule::One(&[&["at"], &["when"]]),
        Rule::One(&[
            &["crash"],
            &["crash_loop"],
            &["restart"],
            &["partition"],
            &["cut_link"],
            &["isolate"],
            &["swizzle"],
            &["lose"],
            &["delay"],
            &["duplicate"],
            &["loss"],
            &["latency"],
            &["pause"],
            &["slow_disk"],
            &["clock"],
            &["decide"],
            &["expire"],
            &["heal"],
        ]),
        Rule::Needs("amid", "at"),
        Rule::Needs("after", "when"),
        Rule::Needs("nth", "when"),
    ],
};

pub(crate) static AMID: Form = Form {
    id: "amid",
    name: "the middle of a step",
    keys: &[
        required("node", Kind::Node, "Who takes the step"),
        required("acts", Kind::Whole(1, MANY), "After how many of its acts"),
    ],
    rules: &[],
};

pub(crate) static MOMENT: Form = Form {
    id: "moment",
    name: "a moment",
    keys: &[
        optional(
            "began",
            Kind::Either(&[Kind::Node, Kind::Object(&BEGAN)]),
            "A transaction begins at the node, or reaches it",
        ),
        optional("sent", Kind::Object(&SENT), "A message leaves"),
        optional("received", Kind::Object(&RECEIVED), "A message arrives"),
        optional("forced", Kind::Object(&FORCED), "A record becomes durable"),
        optional("decided", Kind::Object(&DECIDED), "The node knows the outcome"),
        optional(
            "restarted",
            Kind::Object(&RESTARTED),
            "The node is back after a crash, and has yet to do anything",
        ),
    ],
    rules: &[Rule::One(&[
        &["began"],
        &["sent"],
        &["received"],
        &["forced"],
        &["decided"],
        &["restarted"],
    ])],
};

pub(crate) static BEGAN: Form = Form {
    id: "began",
    name: "the moment of a beginning",
    keys: &[
        required("by", Kind::Node, "The node"),
        optional(
            "transaction",
            Kind::Whole(0, limits::TRANSACTIONS - 1),
            "Only in this transaction",
        ),
    ],
    rules: &[],
};

pub(crate) static SENT: Form = Form {
    id: "sent",
    name: "the moment of a send",
    keys: &[
        required("by", Kind::Node, "The sender"),
        required("message", Kind::Message, "The message's name"),
        optional("to", Kind::Node, "Only to this node"),
        optional(
            "transaction",
            Kind::Whole(0, limits::TRANSACTIONS - 1),
            "Only in this transaction",
        ),
    ],
    rules: &[],
};

pub(crate) static RECEIVED: Form = Form {
    id: "received",
    name: "the moment of an arrival",
    keys: &[
        required("by", Kind::Node, "The receiver"),
        required("message", Kind::Message, "The message's name"),
        optional("from", Kind::Node, "Only from this node"),
        optional(
            "transaction",
            Kind::Whole(0, limits::TRANSACTIONS - 1),
            "Only in this transaction",
        ),
    ],
    rules: &[],
};

pub(crate) static FORCED: Form = Form {
    id: "forced",
    name: "the moment of a force",
    keys: &[
        required("by", Kind::Node, "The node"),
        required("record", Kind::Record, "The record's name"),
        optional(
            "transaction",
            Kind::Whole(0, limits::TRANSACTIONS - 1),
            "Only in this transaction",
        ),
    ],
    rules: &[],
};

pub(crate) static DECIDED: Form = Form {
    id: "decided",
    name: "the moment of a decision",
    keys: &[
        required("by", Kind::Node, "The node"),
        optional(
            "transaction",
            Kind::Whole(0, limits::TRANSACTIONS - 1),
            "Only in this transaction",
        ),
    ],
    rules: &[],
};

pub(crate) static RESTARTED: Form = Form {
    id: "restarted",
    name: "the moment of a restart",
    keys: &[required("by", Kind::Node, "The node")],
    rules: &[],
};

pub(crate) static CRASH: Form = Form {
    id: "crash",
    name: "a crash",
    keys: &[
        required("node", Kind::Node, "Who dies"),
        optional("restart_after", Kind::Duration, "When it comes back; never"),
        optional(
            "lose_tail",
            Kind::Flag,
            "Whether all of the unsynced log tail is lost; false: a drawn part of it",
        ),
        optional("keeps", Kind::Whole(0, MANY), "How many records the log has left; drawn"),
    ],
    rules: &[],
};

pub(crate) static CRASH_LOOP: Form = Form {
    id: "crash-loop",
    name: "a crash loop",
    keys: &[
        required("node", Kind::Node, "Who dies"),
        required("times", Kind::Whole(1, limits::FAULTS as u64), "How often"),
        required("down", Kind::Duration, "How long it is down each time"),
        required("up", Kind::Duration, "How long it is up in between"),
        optional(
            "lose_tail",
            Kind::Flag,
            "Whether all of the unsynced log tail is lost; false: a drawn part of it",
        ),
    ],
    rules: &[],
};

pub(crate) static SWIZZLE: Form = Form {
    id: "swizzle",
    name: "a swizzle",
    keys: &[
        required("close", Kind::Set(&Kind::Node, 1), "Who is clogged, in this order"),
        required("open", Kind::Set(&Kind::Node, 1), "The same nodes in the order of their release"),
        required("every", Kind::Duration, "The time from each step to the next"),
    ],
    rules: &[],
};

pub(crate) static EXPIRE: Form = Form {
    id: "expire",
    name: "an expiry",
    keys: &[optional("node", Kind::Node, "Whose alarms; everybody's")],
    rules: &[],
};

pub(crate) static RESTART: Form = Form {
    id: "restart",
    name: "a restart",
    keys: &[required("node", Kind::Node, "Who comes back")],
    rules: &[],
};

pub(crate) static PARTITION: Form = Form {
    id: "partition",
    name: "a partition",
    keys: &[
        required(
            "groups",
            Kind::List(&Kind::Set(&Kind::Node, 1), 1),
            "Groups of nodes that hear each other; nodes in no group form one more",
        ),
        optional("heal_after", Kind::Duration, "When it ends; never"),
        optional(
            "in_flight",
            Kind::Word(&["drop", "hold"]),
            "What becomes of messages that cross it: drop or hold; drop",
        ),
    ],
    rules: &[],
};

pub(crate) static CUT_LINK: Form = Form {
    id: "cut-link",
    name: "a cut link",
    keys: &[
        required("from", Kind::Node, "The sender"),
        required("to", Kind::Node, "The receiver"),
        optional("heal_after", Kind::Duration, "When it ends; never"),
    ],
    rules: &[],
};

pub(crate) static ISOLATE: Form = Form {
    id: "isolate",
    name: "an isolation",
    keys: &[
        required("node", Kind::Node, "The node"),
        optional("heal_after", Kind::Duration, "When it ends; never"),
    ],
    rules: &[],
};

pub(crate) static LOSE: Form = Form {
    id: "lose",
    name: "a loss of messages",
    keys: &[
        required("message", Kind::Message, "The message's name"),
        optional("from", Kind::Node, "Only from this node"),
        optional("to", Kind::Node, "Only to this node"),
        optional("count", Kind::Whole(1, MANY), "How many sends; 1"),
    ],
    rules: &[],
};

pub(crate) static DELAY: Form = Form {
    id: "delay",
    name: "a delay of messages",
    keys: &[
        required("message", Kind::Message, "The message's name"),
        optional("from", Kind::Node, "Only from this node"),
        optional("to", Kind::Node, "Only to this node"),
        required("by", Kind::Duration, "What is added to the latency"),
        optional("count", Kind::Whole(1, MANY), "How many sends; 1"),
    ],
    rules: &[],
};

pub(crate) static DUPLICATE: Form = Form {
    id: "duplicate",
    name: "a duplication of messages",
    keys: &[
        required("message", Kind::Message, "The message's name"),
        optional("from", Kind::Node, "Only from this node"),
        optional("to", Kind::Node, "Only to this node"),
        optional("count", Kind::Whole(1, MANY), "How many sends; 1"),
    ],
    rules: &[],
};

pub(crate) static LOSS: Form = Form {
    id: "loss",
    name: "a weather of loss",
    keys: &[
        required("rate", Kind::Rate, "The share of messages that are lost"),
        optional(
            "burst",
            Kind::Whole(1, limits::BURST),
            "How many messages in a row on a link each loss takes; 1",
        ),
        optional("for", Kind::Duration, "How long; to the end"),
        optional("links", Kind::List(&Kind::Object(&SOME_LINKS), 1), "Only on these links"),
        optional(
            "luck",
            Kind::Whole(0, MANY),
            "Faults with different numbers lose different messages; its place in the list",
        ),
    ],
    rules: &[],
};

pub(crate) static LATENCY: Form = Form {
    id: "latency",
    name: "a weather of latency",
    keys: &[
        required("times", Kind::Positive, "What latencies are multiplied by"),
        optional("for", Kind::Duration, "How long; to the end"),
        optional("links", Kind::List(&Kind::Object(&SOME_LINKS), 1), "Only on these links"),
    ],
    rules: &[],
};

pub(crate) static PAUSE: Form = Form {
    id: "pause",
    name: "a pause",
    keys: &[
        required("node", Kind::Node, "Who stalls"),
        required("for", Kind::Duration, "How long"),
    ],
    rules: &[],
};

pub(crate) static SLOW_DISK: Form = Form {
    id: "slow-disk",
    name: "a slow disk",
    keys: &[
        required("node", Kind::Node, "Whose disk"),
        required("force", Kind::Drawn, "How long a force takes: a duration or a distribution"),
        optional("for", Kind::Duration, "How long it is slow; to the end"),
    ],
    rules: &[],
};

pub(crate) static CLOCK: Form = Form {
    id: "clock",
    name: "a clock",
    keys: &[
        required("node", Kind::Node, "Whose clock"),
        required("rate", Kind::Positive, "Seconds of its clock in a second"),
    ],
    rules: &[],
};

pub(crate) static HEAL: Form = Form {
    id: "heal",
    name: "a healing",
    keys: &[optional(
        "last",
        Kind::Flag,
        "Whether no fault strikes any more that still waits for its moment; false",
    )],
    rules: &[],
};

pub(crate) static STORM: Form = Form {
    id: "storm",
    name: "a storm",
    keys: &[
        required("until", Kind::Duration, "When it ends"),
        optional(
            "families",
            Kind::Set(&Kind::Word(&FAMILY_NAMES), 1),
            "What may happen: crash, partition, loss, delay, duplicate, pause, disk; all of them",
        ),
    ],
    rules: &[],
};
