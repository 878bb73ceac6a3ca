//! The names of the messages, records and alarms that a scenario's protocols use.

use std::collections::BTreeSet;

use commitsim_core::About;

use crate::json::Json;
use crate::place::quoted;
use crate::reader::{Reader, listed};

/// All names that at least one of a scenario's protocols knows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    messages: BTreeSet<&'static str>,
    records: BTreeSet<&'static str>,
    alarms: BTreeSet<&'static str>,
}

impl Words {
    /// The words of these protocols.
    pub(crate) fn of<'a>(protocols: impl IntoIterator<Item = &'a &'static About>) -> Words {
        let mut words = Words::default();
        for about in protocols {
            words.messages.extend(about.messages);
            words.records.extend(about.records);
            words.alarms.extend(about.timers);
        }
        words
    }
}

impl Reader {
    /// The name of a message.
    pub(crate) fn message(&mut self, json: &Json<'_>) -> Option<String> {
        let known = self.words.messages.clone();
        self.word(json, "message", &known)
    }

    /// The name of a record.
    pub(crate) fn record(&mut self, json: &Json<'_>) -> Option<String> {
        let known = self.words.records.clone();
        self.word(json, "record", &known)
    }

    /// The name of an alarm.
    pub(crate) fn alarm(&mut self, json: &Json<'_>) -> Option<String> {
        let known = self.words.alarms.clone();
        self.word(json, "alarm", &known)
    }

    /// Without a single known name the protocols themselves are wrong, which is complaint enough.
    fn word(
        &mut self,
        json: &Json<'_>,
        kind: &str,
        known: &BTreeSet<&'static str>,
    ) -> Option<String> {
        let article = if kind == "alarm" { "an" } else { "a" };
        let name = self.text(json, &format!("the name of {article} {kind}"))?;
        if !known.is_empty() && !known.contains(name) {
            let hint = self.suggest(name, known.iter().copied());
            let found =
                format!("no protocol of this scenario has {article} {kind} {}", quoted(name));
            self.refuse(json.place, found, listed(known.iter().copied()), hint);
        }
        Some(name.to_string())
    }
}
