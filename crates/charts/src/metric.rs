//! What can be told from the record of a run.

use crate::manifest::Cell;
use crate::record::Record;

/// What can be told from the record of a run.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Its name in scenario files.
    pub name: &'static str,
    /// In what it is measured.
    pub unit: Unit,
    /// What it says.
    pub says: &'static str,
    take: Take,
}

/// In what something is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Nanoseconds of simulated time.
    Time,
    /// Thousandths of the time that a message and its answer take.
    RoundTrips,
    /// A number of things.
    Count,
    /// How many in a thousand seconds of simulated time.
    Rate,
    /// How many of how many.
    Share,
}

/// How it is taken.
#[derive(Clone, Copy, Debug)]
enum Take {
    /// None where it never came.
    Number(fn(&Record) -> Option<u64>),
    /// None where nodes have no data, so that there is no such number.
    Data(fn(&Record) -> Option<u64>),
    Share(fn(&Record) -> (u64, u64)),
}

const fn time(name: &'static str, says: &'static str, take: fn(&Record) -> Option<u64>) -> Metric {
    Metric { name, unit: Unit::Time, says, take: Take::Number(take) }
}

const fn trips(name: &'static str, says: &'static str, take: fn(&Record) -> Option<u64>) -> Metric {
    Metric { name, unit: Unit::RoundTrips, says, take: Take::Number(take) }
}

const fn count(name: &'static str, says: &'static str, take: fn(&Record) -> Option<u64>) -> Metric {
    Metric { name, unit: Unit::Count, says, take: Take::Number(take) }
}

const fn share(name: &'static str, says: &'static str, take: fn(&Record) -> (u64, u64)) -> Metric {
    Metric { name, unit: Unit::Share, says, take: Take::Share(take) }
}

impl Metric {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Metric; 19] = [
        time("latency.client", "until the root has decided and can answer", |run| run.client_ns),
        time("latency.decided", "until the last node has decided", |run| run.decided_ns),
        time("latency.forgotten", "until nobody has to remember it", |run| run.forgotten_ns),
        trips("round_trips.client", "latency.client over twice a message delay", |run| {
            run.client_ns
        }),
        trips("round_trips.decided", "latency.decided over twice a message delay", |run| {
            run.decided_ns
        }),
        trips("round_trips.forgotten", "latency.forgotten over twice a message delay", |run| {
            run.forgotten_ns
        }),
        count("messages", "sends between different nodes, resends included", |run| {
            Some(run.messages)
        }),
        count("forced", "log records that somebody waited for", |run| Some(run.forced)),
        count("records", "log records, the forced ones included", |run| Some(run.records)),
        time("in_doubt", "the longest that a node was in doubt", |run| run.in_doubt_ns),
        time(
            "blocked",
            "the longest that a node was blocked: in doubt after it had asked",
            |run| run.blocked_ns,
        ),
        Metric {
            name: "throughput",
            unit: Unit::Rate,
            says: "commits up to the last answer; where nodes have data",
            take: Take::Data(|run| run.committed_per_1000s),
        },
        Metric {
            name: "lock_hold",
            unit: Unit::Time,
            says: "how long a lock was held, on average; where nodes have data",
            take: Take::Data(|run| run.lock_hold_ns),
        },
        share("rate.committed", "transactions that committed", |run| {
            (run.committed, run.transactions)
        }),
        share("rate.aborted", "transactions that aborted", |run| (run.aborted, run.transactions)),
        share("rate.undecided", "transactions whose outcome a live node never learnt", |run| {
            (run.undecided, run.transactions)
        }),
        share("rate.blocked", "transactions in which a node had asked and had to wait", |run| {
            (run.blocked, run.transactions)
        }),
        share("rate.violated", "runs in which a property was broken", |run| {
            (u64::from(!run.violates.is_empty()), 1)
        }),
        share("rate.inconclusive", "runs that ended while something was still going on", |run| {
            (u64::from(run.inconclusive), 1)
        }),
    ];

    /// The metric of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Metric> {
        Metric::ALL.into_iter().find(|metric| metric.name == name)
    }

    /// Whether it is a share of something and not a number of its own.
    #[must_use]
    pub fn is_share(self) -> bool {
        self.unit == Unit::Share
    }

    /// The number that a run has; none inside where it never came. None outside where there is no
    /// such number at all, as of a share, of locks without data, or of delays where a message takes
    /// no time.
    pub(crate) fn number(self, record: &Record, cell: &Cell) -> Option<Option<u64>> {
        let value = match self.take {
            Take::Number(take) => take(record),
            Take::Data(take) => Some(take(record)?),
            Take::Share(_) => return None,
        };
        if self.unit != Unit::RoundTrips {
            return Some(value);
        }
        let trip = u128::from(cell.delay_ns.filter(|delay| *delay > 0)?) * 2;
        let trips = |ns: u64| (u128::from(ns) * 1_000 + trip / 2) / trip;
        Some(value.map(|ns| u64::try_from(trips(ns)).unwrap_or(u64::MAX)))
    }

    /// How many of how many.
    pub(crate) fn share_of(self, record: &Record) -> Option<(u64, u64)> {
        match self.take {
            Take::Share(take) => Some(take(record)),
            Take::Number(_) | Take::Data(_) => None,
        }
    }

    /// What the closed form says of it for a commit in which nothing fails, at least and at most,
    /// in its unit. The two differ where votes may cross on their way.
    pub(crate) fn formula(self, cell: &Cell) -> Option<(u64, u64)> {
        let least = self.least(cell)?;
        let more = match self.name {
            "messages" => cell.glare[0],
            "forced" => cell.glare[1],
            _ => 0,
        };
        Some((least, least.saturating_add(more)))
    }

    fn least(self, cell: &Cell) -> Option<u64> {
        let delays = |n: usize| cell.delays.map(|delays| delays[n] * 500);
        match self.name {
            "messages" => cell.messages,
            "forced" => cell.forced,
            "round_trips.client" => delays(0),
            "round_trips.decided" => delays(1),
            "round_trips.forgotten" => delays(2),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::sample;

    #[test]
    fn round_trips_are_twice_a_delay() {
        let metric = Metric::named("round_trips.client").unwrap();
        let cell = Cell { delay_ns: Some(1_000_000), delays: Some([2, 3, 4]), ..Cell::default() };
        assert_eq!(metric.number(&sample(0), &cell), Some(Some(1_000)));
        assert_eq!(metric.formula(&cell), Some((1_000, 1_000)));
        assert_eq!(metric.number(&sample(0), &Cell::default()), None);
        assert_eq!(Metric::named("rate.committed").unwrap().share_of(&sample(0)), Some((1, 1)));
    }
}
