//! The data under the nodes, and what operators do to it.

use commitsim_core::{Decision, NodeSet, Span};
use commitsim_rng::{Ranks, Ratio};
use commitsim_sim::{Action, Contention, Keys, Kind};

use crate::expect::Commits;
use crate::form_data::{COMMITS, DEADLOCK, DECIDE, KEYS};
use crate::json::{Json, Value};
use crate::limits;
use crate::reader::{Fields, Reader};

/// What items can be, by the names that scenarios use.
pub(crate) const KINDS: [(&str, Kind); 4] = [
    ("transfers", Kind::Transfers),
    ("seats", Kind::Seats),
    ("orders", Kind::Orders),
    ("cards", Kind::Cards),
];

const DECISIONS: [(&str, Decision); 2] = [("commit", Decision::Commit), ("abort", Decision::Abort)];

pub(crate) fn by_default() -> Keys {
    Keys {
        kind: Kind::Transfers,
        per_node: 1_000,
        touch: 1,
        skew_micros: 0,
        opening: 100,
        amount: 10,
        read_only: Ratio::ZERO,
        contention: Contention::WaitDie,
        lend: false,
        readers_leave: false,
        buffer: 8,
        log_space: None,
    }
}

impl Reader {
    /// The data under the nodes.
    pub(crate) fn keys(&mut self, json: &Json<'_>) -> Option<Keys> {
        let fields = self.object(json, &KEYS)?;
        let mut keys = by_default();
        if let Some(json) = fields.get("kind") {
            keys.kind = self.one_of(json, "a kind of data", &KINDS).unwrap_or(keys.kind);
        }
        let mut number = |key: &str, least: u64, most: u64, value: &mut u32| {
            let number = fields.get(key).and_then(|json| self.integer(json, least, most));
            *value = number.and_then(|number| u32::try_from(number).ok()).unwrap_or(*value);
        };
        number("per_node", 1, limits::ITEMS, &mut keys.per_node);
        number("touch", 1, limits::TOUCH, &mut keys.touch);
        number("opening", 1, limits::VALUE, &mut keys.opening);
        number("amount", 1, limits::VALUE, &mut keys.amount);
        number("buffer", 0, u64::from(u32::MAX), &mut keys.buffer);
        let mut space = 0;
        number("log_space", 1, u64::from(u32::MAX), &mut space);
        keys.log_space = (space > 0).then_some(space);
        keys.contention = self.contention(&fields).unwrap_or(keys.contention);
        let flag = fields.get("lend").and_then(|json| self.flag(json));
        keys.lend = flag.unwrap_or(keys.lend);
        let leave = [("stay", false), ("leave", true)];
        let readers =
            fields.get("readers").and_then(|json| self.one_of(json, "what readers do", &leave));
        keys.readers_leave = readers.unwrap_or(keys.readers_leave);
        let reads = fields.get("read_only").and_then(|json| self.rate(json));
        keys.read_only = reads.unwrap_or(keys.read_only);
        keys.skew_micros = fields.get("skew").map_or(Some(0), |json| self.skew(json))?;
        self.check_keys(&fields, &keys);
        Some(keys)
    }

    fn skew(&mut self, json: &Json<'_>) -> Option<u64> {
        let allowed = "a number from 0 to 10, as in 0.9";
        let skew = self.millionths(json, allowed)?;
        if skew > Ranks::MOST_EXPONENT_MICROS {
            self.refuse(json.place, "this skew is above 10", allowed, "");
        }
        Some(skew)
    }

    fn contention(&mut self, fields: &Fields<'_, '_>) -> Option<Contention> {
        let ways = [("wait", false), ("no", true)];
        let conflict = fields.get("conflict");
        let refuses = match conflict {
            Some(json) => self.one_of(json, "what becomes of a conflict", &ways)?,
            None => false,
        };
        let deadlock = fields.get("deadlock");
        match (refuses, deadlock) {
            (true, Some(json)) => {
                let found = "`deadlock` where nobody waits";
                self.refuse(json.place, found, "`deadlock` with `conflict` \"wait\"", "");
                None
            }
            (true, None) => Some(Contention::Refuse),
            (false, Some(json)) => self.deadlock(json),
            (false, None) => Some(Contention::WaitDie),
        }
    }

    fn deadlock(&mut self, json: &Json<'_>) -> Option<Contention> {
        if let Value::Text(_) = json.value {
            let allowed = "`wait-die`, or an object with `timeout`";
            let choices = [("wait-die", Contention::WaitDie)];
            return self.keyword(json, "a way out of deadlocks", allowed, &choices);
        }
        let fields = self.object(json, &DEADLOCK)?;
        self.some_time(fields.get("timeout")?).map(Contention::TimeOut)
    }

    /// What only two keys together say.
    fn check_keys(&mut self, fields: &Fields<'_, '_>, keys: &Keys) {
        if keys.touch > keys.per_node {
            let json = fields.get("touch").or(fields.get("per_node"));
            let found =
                format!("{} of {} items cannot be touched at a node", keys.touch, keys.per_node);
            let allowed = "`touch` at most `per_node`";
            self.refuse(json.map_or(fields.place, |json| json.place), found, allowed, "");
        }
        let items = u64::from(keys.per_node) * u64::from(self.names.count());
        if items > limits::ALL_ITEMS {
            let found = format!("{items} items in all");
            let allowed = format!("at most {} at all nodes together", limits::ALL_ITEMS);
            self.refuse(fields.place, found, allowed, "set `per_node` lower");
        }
    }

    /// With data, what a node reads and writes says whether it votes read-only.
    pub(crate) fn check_readers(&mut self, votes: Option<&Json<'_>>, readers: &NodeSet) {
        if let Some(json) = votes
            && !readers.is_empty()
        {
            let found = "`read_only` votes in a scenario with `keys`";
            let hint = "`read_only` and `readers` of `keys` say who only reads";
            self.refuse(json.place, found, "votes that the data gives", hint);
        }
    }

    /// An operator decides by hand.
    pub(crate) fn decide(&mut self, json: &Json<'_>) -> Option<Action> {
        let fields = self.object(json, &DECIDE)?;
        let node = fields.get("node").and_then(|json| self.voter(json));
        let tx = self.transaction(&fields);
        let choice = fields.get("as");
        let decision = choice.and_then(|json| self.one_of(json, "a decision", &DECISIONS));
        Some(Action::Decide { node: node?, tx: tx?, decision: decision? })
    }

    /// How many transactions are to commit when.
    pub(crate) fn commits(&mut self, json: &Json<'_>) -> Option<Vec<Commits>> {
        let mut all = Vec::new();
        for item in self.list(json, "counts of commits")? {
            let fields = self.object(item, &COMMITS)?;
            let from = fields.get("from").map_or(Some(Span::ZERO), |json| self.instant(json))?;
            let to = fields.get("to").and_then(|json| self.instant(json));
            let mut count = |key| {
                let json = fields.get(key)?;
                self.integer(json, 0, u64::from(u32::MAX))
            };
            let (least, most) = (count("least"), count("most"));
            if to.is_some_and(|to| to <= from) {
                let found = "a count that ends before it begins";
                self.refuse(fields.place, found, "`from` before `to`", "");
            } else if least.is_none() && most.is_none() {
                let found = "a count of commits that expects nothing";
                self.refuse(fields.place, found, "at least one of `least`, `most`", "");
            }
            all.push(Commits { from, to, least, most });
        }
        Some(all)
    }
}
