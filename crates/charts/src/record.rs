//! What is kept of each run of a sweep: one line, with a checksum.

use serde::{Deserialize, Serialize};

/// What a run of a sweep came to. Of its transactions the one in the middle is kept, so that a run
/// is one number: what happens within a run hangs together and is no sample.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Record {
    /// Which run: points, then protocols, then replicates, the last fastest.
    pub job: u64,
    /// Its seed.
    pub seed: String,
    /// The hash of all that was observed.
    pub trace_hash: String,
    /// How many transactions began.
    pub transactions: u64,
    /// How many of them committed.
    pub committed: u64,
    /// How many aborted.
    pub aborted: u64,
    /// In how many of them a node that is up never learnt the outcome.
    pub undecided: u64,
    /// In how many a node had asked for the outcome and had to wait for it.
    pub blocked: u64,
    /// From the beginning of a transaction until its root could answer; none where it never could.
    pub client_ns: Option<u64>,
    /// Until its last node had decided.
    pub decided_ns: Option<u64>,
    /// Until nobody had to remember it.
    pub forgotten_ns: Option<u64>,
    /// Messages of a transaction.
    pub messages: u64,
    /// Forced records of a transaction.
    pub forced: u64,
    /// All records of a transaction.
    pub records: u64,
    /// The longest that a node was in doubt; none where one still is at the end.
    pub in_doubt_ns: Option<u64>,
    /// The longest that a node was blocked; none where one still is at the end.
    pub blocked_ns: Option<u64>,
    /// Commits in a thousand seconds, up to the last answer; none without data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub committed_per_1000s: Option<u64>,
    /// How long a lock was held on average; none where none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock_hold_ns: Option<u64>,
    /// The properties that were broken, each once.
    pub violates: Vec<String>,
    /// Whether one of them is none that the scenario expects to be broken.
    pub unexpected: bool,
    /// Whether it ended while it was still getting somewhere.
    pub inconclusive: bool,
}

/// What stands between a record and its checksum.
const CHECK: &str = ",\"check\":\"";

impl Record {
    /// The record as a line, without a line break.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = serde_json::to_string(self).unwrap_or_default();
        line.pop();
        let check = crc32fast::hash(line.as_bytes());
        line.push_str(CHECK);
        line.push_str(&format!("{check:08x}\"}}"));
        line
    }

    /// Reads a line; none where it is torn or damaged.
    #[must_use]
    pub fn read(line: &str) -> Option<Record> {
        let (record, check) = line.rsplit_once(CHECK)?;
        let wanted = format!("{:08x}\"}}", crc32fast::hash(record.as_bytes()));
        if check != wanted {
            return None;
        }
        serde_json::from_str(&format!("{record}}}")).ok()
    }
}

/// Reads all lines of a text that are whole, and says how many are not.
#[must_use]
pub fn damaged_lines(text: &str) -> (Vec<Record>, usize) {
    let mut damaged = 0;
    let mut records = Vec::new();
    // What has no line break at its end was being written when the program was stopped, even if
    // it happens to look whole.
    for line in text.split_inclusive('\n') {
        match line.strip_suffix('\n').and_then(Record::read) {
            Some(record) => records.push(record),
            None => damaged += 1,
        }
    }
    (records, damaged)
}

#[cfg(test)]
pub(crate) fn sample(job: u64) -> Record {
    Record {
        job,
        seed: job.to_string(),
        trace_hash: "00".repeat(16),
        transactions: 1,
        committed: 1,
        aborted: 0,
        undecided: 0,
        blocked: 0,
        client_ns: Some(2_000_000),
        decided_ns: Some(3_000_000 + job * 1_000),
        forgotten_ns: None,
        messages: 12,
        forced: 7,
        records: 8,
        in_doubt_ns: Some(0),
        blocked_ns: Some(0),
        committed_per_1000s: None,
        lock_hold_ns: None,
        violates: Vec::new(),
        unexpected: false,
        inconclusive: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_damage_to_a_line_is_seen() {
        let line = sample(7).line();
        assert_eq!(Record::read(&line), Some(sample(7)));
        for n in 0..line.len() {
            assert_eq!(Record::read(&line[..n]), None, "torn after {n}");
            let mut bytes = line.clone().into_bytes();
            bytes[n] ^= 1;
            if let Ok(text) = String::from_utf8(bytes) {
                assert_eq!(Record::read(&text), None, "a bit of byte {n}");
            }
        }
    }

    #[test]
    fn a_torn_last_line_costs_that_line_alone() {
        let whole = format!("{}\n{}\n", sample(0).line(), sample(1).line());
        assert_eq!(damaged_lines(&whole), (vec![sample(0), sample(1)], 0));
        let torn = &whole[..whole.len() - 1];
        assert_eq!(damaged_lines(torn), (vec![sample(0)], 1));
        assert_eq!(damaged_lines(""), (Vec::new(), 0));
    }
}
