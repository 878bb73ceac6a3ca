//! The keys of what is said instead of drawn.

use crate::form::{Form, optional, required};
use crate::kind::{Kind, MANY};

pub(crate) static LUCK: Form = Form {
    id: "luck",
    name: "the luck of a run",
    keys: &[
        optional("messages", Kind::List(&Kind::Object(&PASSAGE), 0), "What becomes of messages"),
        optional("alarms", Kind::List(&Kind::Object(&RING), 0), "When alarms go off"),
        optional("work", Kind::List(&Kind::Object(&LABOUR), 0), "How local work ends"),
        optional("disks", Kind::List(&Kind::Object(&RHYTHM), 0), "When disks write"),
    ],
    rules: &[],
};

pub(crate) static PASSAGE: Form = Form {
    id: "passage",
    name: "the luck of a message",
    keys: &[
        required("from", Kind::Node, "The sender"),
        required("to", Kind::Node, "The receiver"),
        required("nth", Kind::Whole(1, MANY), "Which of the messages from the one to the other"),
        required(
            "delays",
            Kind::List(&Kind::Duration, 0),
            "How long each copy is under way; without any it is lost",
        ),
    ],
    rules: &[],
};

pub(crate) static RING: Form = Form {
    id: "ring",
    name: "the luck of an alarm",
    keys: &[
        required("node", Kind::Node, "Who sets it"),
        required("alarm", Kind::Alarm, "The alarm's name"),
        required("nth", Kind::Whole(1, MANY), "Which time that the node sets it"),
        required("wait", Kind::Duration, "How long after that it goes off"),
    ],
    rules: &[],
};

pub(crate) static LABOUR: Form = Form {
    id: "labour",
    name: "the luck of a piece of work",
    keys: &[
        required("node", Kind::Node, "Who works"),
        required("nth", Kind::Whole(1, MANY), "Which time that the node is asked for its vote"),
        required("length", Kind::Duration, "How long it works"),
        required("vote", Kind::Word(&["yes", "no", "read-only"]), "What it votes"),
    ],
    rules: &[],
};

pub(crate) static RHYTHM: Form = Form {
    id: "rhythm",
    name: "the luck of a disk",
    keys: &[
        required("node", Kind::Node, "Whose disk"),
        required("until", Kind::Duration, "Until then it does nothing by itself"),
        required(
            "at",
            Kind::List(&Kind::Duration, 0),
            "At these instants before that, all that was appended becomes durable",
        ),
    ],
    rules: &[],
};
