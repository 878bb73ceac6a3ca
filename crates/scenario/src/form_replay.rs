//! The keys of a replay file. Its scenario has those of a scenario file.

use crate::form::{Form, required};
use crate::form_system::SCENARIO;
use crate::kind::{Kind, MANY};
use crate::limits;

pub(crate) static REPLAY: Form = Form {
    id: "replay",
    name: "a replay file",
    keys: &[
        required(
            "format",
            Kind::Word(&["commitsim-replay/1"]),
            "The format of this file: \"commitsim-replay/1\"",
        ),
        required("tool", Kind::Text(limits::TITLE), "The program that wrote it, with its version"),
        required("expect", Kind::Object(&BREACH), "What the run breaks"),
        required("scenario", Kind::Object(&SCENARIO), "The whole scenario, with one protocol"),
    ],
    rules: &[],
};

pub(crate) static BREACH: Form = Form {
    id: "breach",
    name: "what a run breaks",
    keys: &[
        required("property", Kind::Property, "The property"),
        required("transaction", Kind::Whole(0, MANY), "In which transaction"),
        required("nodes", Kind::Set(&Kind::Node, 0), "The nodes concerned"),
        required("trace_hash", Kind::Text(32), "The hash of the run, 32 hexadecimal digits"),
    ],
    rules: &[],
};
