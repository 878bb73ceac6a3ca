//! What is said instead of drawn: single messages, alarms, pieces of work, and disks.

use std::collections::BTreeSet;

use commitsim_core::{NodeId, Span, Time, Vote};
use commitsim_sim::{Labour, Luck, Passage, Rhythm, Ring};

use crate::form_luck::{LABOUR, LUCK, PASSAGE, RHYTHM, RING};
use crate::json::Json;
use crate::limits;
use crate::reader::{Fields, Reader};

/// How votes are written.
pub(crate) const VOTES: [(&str, Vote); 3] =
    [("yes", Vote::Yes), ("no", Vote::No), ("read-only", Vote::ReadOnly)];

impl Reader {
    /// Exceptions from what is drawn.
    pub(crate) fn luck(&mut self, json: &Json<'_>) -> Option<Luck> {
        let fields = self.object(json, &LUCK)?;
        let message = |passage: &Passage| (passage.from, passage.to, passage.nth);
        let alarm = |ring: &Ring| (ring.node, ring.alarm.clone(), ring.nth);
        let work = |labour: &Labour| (labour.node, labour.nth);
        let disk = |rhythm: &Rhythm| rhythm.node;
        Some(Luck {
            messages: self.exceptions(fields.get("messages"), Reader::passage, message),
            alarms: self.exceptions(fields.get("alarms"), Reader::ring, alarm),
            work: self.exceptions(fields.get("work"), Reader::labour, work),
            disks: self.exceptions(fields.get("disks"), Reader::rhythm, disk),
        })
    }

    /// A list of exceptions, no two of which are about the same thing.
    fn exceptions<T, K: Ord>(
        &mut self,
        json: Option<&Json<'_>>,
        read: fn(&mut Reader, &Json<'_>) -> Option<T>,
        key: impl Fn(&T) -> K,
    ) -> Vec<T> {
        let Some(json) = json else { return Vec::new() };
        let items = self.list(json, "exceptions").unwrap_or_default();
        if items.len() > limits::FAULTS {
            let found = format!("{} exceptions", items.len());
            self.refuse(json.place, found, format!("at most {}", limits::FAULTS), "");
            return Vec::new();
        }
        let (mut seen, mut all) = (BTreeSet::new(), Vec::new());
        for item in items {
            let Some(one) = read(self, item) else { continue };
            if !seen.insert(key(&one)) {
                let found = "what is said here has been said before";
                self.refuse(item.place, found, "each thing once", "keep one of the two");
            }
            all.push(one);
        }
        all
    }

    fn passage(&mut self, json: &Json<'_>) -> Option<Passage> {
        let fields = self.object(json, &PASSAGE)?;
        let (from, to) = (self.luck_node(&fields, "from"), self.luck_node(&fields, "to"));
        if from.is_some() && from == to {
            let found = "no node sends itself a message over the network";
            self.refuse(json.place, found, "two different nodes", "");
        }
        let nth = self.luck_nth(&fields);
        let items = fields.get("delays").and_then(|json| self.list(json, "durations"));
        let delays: Vec<Option<Span>> = items?.iter().map(|item| self.duration(item)).collect();
        let delays: Option<Vec<Span>> = delays.into_iter().collect();
        Some(Passage { from: from?, to: to?, nth: nth?, delays: delays? })
    }

    fn ring(&mut self, json: &Json<'_>) -> Option<Ring> {
        let fields = self.object(json, &RING)?;
        let (node, nth) = (self.luck_node(&fields, "node"), self.luck_nth(&fields));
        let alarm = fields.get("alarm").and_then(|json| self.alarm(json));
        let wait = fields.get("wait").and_then(|json| self.duration(json));
        Some(Ring { node: node?, alarm: alarm?, nth: nth?, wait: wait? })
    }

    fn labour(&mut self, json: &Json<'_>) -> Option<Labour> {
        let fields = self.object(json, &LABOUR)?;
        let node = fields.get("node").and_then(|json| self.voter(json));
        let nth = self.luck_nth(&fields);
        let length = fields.get("length").and_then(|json| self.duration(json));
        let vote = fields.get("vote").and_then(|json| self.one_of(json, "a vote", &VOTES));
        Some(Labour { node: node?, nth: nth?, length: length?, vote: vote? })
    }

    fn rhythm(&mut self, json: &Json<'_>) -> Option<Rhythm> {
        let fields = self.object(json, &RHYTHM)?;
        let node = self.luck_node(&fields, "node");
        let until = fields.get("until").and_then(|json| self.instant(json));
        let items = fields.get("at").and_then(|json| self.list(json, "durations"))?;
        let mut at = Vec::new();
        for item in items {
            let Some(span) = self.instant(item) else { continue };
            if until.is_some_and(|until| span >= until) {
                let found = "by then the disk does again what it does by itself";
                self.refuse(item.place, found, "an instant before `until`", "");
            }
            at.push(Time::ZERO + span);
        }
        Some(Rhythm { node: node?, until: Time::ZERO + until?, at })
    }

    fn luck_node(&mut self, fields: &Fields<'_, '_>, key: &str) -> Option<NodeId> {
        fields.get(key).and_then(|json| self.node(json))
    }

    fn luck_nth(&mut self, fields: &Fields<'_, '_>) -> Option<u64> {
        fields.get("nth").and_then(|json| self.count(json)).map(u64::from)
    }
}
