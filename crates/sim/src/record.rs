//! What a run leaves behind: plain data, without names.

use commitsim_core::{Decision, NodeId, Span, Time, TxId, Vote};
use commitsim_spec::Violation;

/// The result of one run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunRecord {
    /// The hash of all observations (reliability.md 2.2).
    pub trace_hash: u128,
    /// How it ended.
    pub ending: Ending,
    /// When it ended.
    pub ended: Time,
    /// What the oracle objected to, in the order in which it happened.
    pub violations: Vec<Violation>,
    /// Every transaction, by id; empty where the caller did not want them kept.
    pub transactions: Vec<TransactionRecord>,
    /// Counts over the whole run.
    pub totals: Totals,
    /// What is measured of the data, where there is any.
    pub data: Option<DataRecord>,
    /// Faults that had no effect, as indices into `Setup::faults`, with the reason.
    pub idle_faults: Vec<(usize, Idle)>,
}

/// Why a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// Nothing was left to happen, or nothing but the questions of nodes that stay blocked
    /// because a node that they need is out for good.
    Settled,
    /// The horizon or the event limit came while the run was still getting somewhere.
    Inconclusive,
}

/// Why a fault had no effect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Idle {
    /// The run ended before its time.
    TooLate,
    /// Its moment never came.
    NoSuchMoment,
    /// It names a message, a record or a helper that this protocol does not have.
    ForeignName,
    /// The node was already up.
    AlreadyUp,
    /// The node was already down.
    AlreadyDown,
    /// No message matched it.
    NothingMatched,
    /// The transaction was not in doubt at the node, or the node was down.
    NotInDoubt,
    /// It changed nothing: nothing was there to heal, or the same was in force already.
    NothingChanged,
}

/// One transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TransactionRecord {
    /// Which one.
    pub id: TxId,
    /// Where it began.
    pub root: NodeId,
    /// When it began.
    pub began: Time,
    /// What its nodes decided.
    pub outcome: Outcome,
    /// When the root had decided and could answer the client.
    pub client: Option<Time>,
    /// When the last voting node decided; none while one that should is undecided.
    pub decided: Option<Time>,
    /// When the last node forgot it; none while one remembers.
    pub forgotten: Option<Time>,
    /// Sends between different nodes, resends included.
    pub messages: u64,
    /// Records forced.
    pub forced: u64,
    /// Records appended, forced ones included.
    pub records: u64,
    /// Its voting nodes, in node order.
    pub nodes: Vec<NodeRecord>,
}

/// What the nodes of a transaction decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// All that decided say commit.
    Commit,
    /// All that decided say abort.
    Abort,
    /// Nobody has decided.
    None,
    /// They do not agree.
    Split,
}

/// One voting node's part in a transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NodeRecord {
    /// Which node.
    pub node: NodeId,
    /// Its vote, if it voted.
    pub vote: Option<Vote>,
    /// Where it stands at the end.
    pub state: Stand,
    /// When it decided first.
    pub decided: Option<Time>,
    /// From the moment its vote left to its decision, while up.
    pub in_doubt: Span,
    /// The part of that after its first question.
    pub blocked: Span,
}

/// Where a node stands at the end of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stand {
    /// It decided, whether or not it is up or remembers.
    Decided(Decision),
    /// It voted YES and does not know the outcome.
    InDoubt,
    /// It takes part and has not voted, or decides for everybody and has not yet.
    Working,
    /// It never heard of the transaction.
    Unaware,
    /// Its part ended with a read-only vote.
    ReadOnly,
    /// It is down and had not decided.
    Down,
}

/// Counts over a whole run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Events handled: arrivals, votes, completions, alarms, beginnings, faults.
    pub events: u64,
    /// Sends between different nodes.
    pub messages: u64,
    /// Arrivals at a node that was up.
    pub delivered: u64,
    /// Messages lost on the way or at a node that was down.
    pub lost: u64,
    /// Second copies.
    pub duplicated: u64,
    /// Records forced.
    pub forced: u64,
    /// Crashes.
    pub crashes: u64,
}

/// What is measured of the data of a whole run. Transactions count when their root decides.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DataRecord {
    /// Transactions committed.
    pub committed: u64,
    /// Transactions aborted.
    pub aborted: u64,
    /// Those of them by cause.
    pub aborts: [u64; Cause::ALL.len()],
    /// From beginning to answer, all committed transactions together.
    pub response: Span,
    /// When the last transaction was answered.
    pub last_answer: Time,
    /// Locks granted.
    pub locks: u64,
    /// Requests for a lock that had to wait.
    pub waits: u64,
    /// Locks that were granted on items of prepared transactions.
    pub borrowed: u64,
    /// How long locks were held, all together, up to the end of the run.
    pub lock_hold: Span,
    /// How long was waited for locks, all together.
    pub lock_wait: Span,
    /// Local work for transactions that aborted.
    pub work_lost: Span,
    /// What all items were worth together when the run began.
    pub opening: i64,
    /// What they are worth by what was committed.
    pub closing: i64,
    /// What was made, or is missing, because nodes did not agree, where the sum never changes.
    pub damage: i64,
}

impl DataRecord {
    /// A transaction is answered.
    pub(crate) fn answer(
        &mut self,
        decision: Decision,
        took: Span,
        at: Time,
        cause: Option<Cause>,
    ) {
        self.last_answer = at;
        match decision {
            Decision::Commit => {
                self.committed += 1;
                self.response = self.response.plus(took);
            }
            Decision::Abort => {
                self.aborted += 1;
                self.aborts[cause.unwrap_or(Cause::Silence) as usize] += 1;
            }
        }
    }
}

/// Why a transaction aborted: what the first node that refused says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// An item was locked, and nobody waits.
    Conflict,
    /// An older transaction held a lock.
    Died,
    /// It waited too long for a lock.
    TimedOut,
    /// It had borrowed from a transaction that aborted.
    Lender,
    /// A log had no room.
    LogFull,
    /// The data did not allow it: an overdraft, no seat left, a limit.
    Rule,
    /// A node refused for reasons of its own: `votes` says so.
    Refused,
    /// Nobody refused: a node was down, or somebody's patience ended.
    Silence,
}

impl Cause {
    /// All causes, in their order, with the names that results use.
    pub const ALL: [(&'static str, Cause); 8] = [
        ("conflict", Cause::Conflict),
        ("died", Cause::Died),
        ("timed_out", Cause::TimedOut),
        ("lender", Cause::Lender),
        ("log_full", Cause::LogFull),
        ("rule", Cause::Rule),
        ("refused", Cause::Refused),
        ("silence", Cause::Silence),
    ];
}
