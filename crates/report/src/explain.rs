//! What happens in a run, in plain sentences, for those who are learning a protocol.

use std::collections::BTreeMap;

use crate::span::milliseconds;
use crate::{
    Because, Decided, Means, Observation, Stances, Standing, Vote, What, duration, visible,
};

/// Explains the observations of one run, one after the other.
#[derive(Debug, Default)]
pub struct Explainer {
    stances: Stances,
    /// The root of each transaction that somebody remembers, and how far it has got.
    transactions: BTreeMap<u32, Story>,
    /// When messages on their way had left.
    left: BTreeMap<u64, u64>,
}

/// What is known of a transaction.
#[derive(Debug)]
struct Story {
    root: String,
    taking_part: u32,
    committed: bool,
    /// Whose votes are on disk, and since when nodes are in doubt.
    voted: BTreeMap<String, u64>,
    doubting: BTreeMap<String, u64>,
}

impl Story {
    fn new(root: String) -> Story {
        let (voted, doubting) = (BTreeMap::new(), BTreeMap::new());
        Story { root, taking_part: 0, committed: false, voted, doubting }
    }
}

impl Explainer {
    /// One sentence about the next observation. From the second transaction on it begins with
    /// the transaction's number.
    pub fn explain(&mut self, seen: &Observation) -> String {
        let sentence = self.tell(seen);
        match seen.tx {
            Some(tx) if tx > 0 => format!("[transaction {tx}] {sentence}"),
            _ => sentence,
        }
    }

    /// The sentence alone.
    pub(crate) fn tell(&mut self, seen: &Observation) -> String {
        let was_blocked = self.stances.is_blocked(&seen.node);
        self.stances.change(seen);
        self.follow(seen);
        let sentence = self.sentence(seen, was_blocked);
        self.forget(seen);
        visible(&sentence).into_owned()
    }

    /// The same with its time before it, broken into lines of 80 columns.
    pub fn line(&mut self, seen: &Observation) -> String {
        let sentence = self.explain(seen);
        crate::entry(
            0,
            15,
            &format!("{:>15}", format!("{} ms", milliseconds(seen.t_ns))),
            &sentence,
        )
    }

    /// Keeps what later sentences need.
    fn follow(&mut self, seen: &Observation) {
        match &seen.what {
            What::Send { id, .. } | What::Duplicate { copy: id, .. } => {
                self.left.insert(*id, seen.t_ns);
            }
            _ => {}
        }
        let node = || seen.node.clone();
        if let (Some(tx), What::Begin) = (seen.tx, &seen.what) {
            self.transactions.entry(tx).or_insert_with(|| Story::new(node()));
        }
        let Some(story) = seen.tx.and_then(|tx| self.transactions.get_mut(&tx)) else { return };
        match &seen.what {
            What::Begin => story.taking_part += 1,
            What::Durable { means: Some(Means::Yes), .. } => {
                story.voted.insert(node(), seen.t_ns);
            }
            What::Enter { status: Standing::InDoubt } => {
                story.doubting.entry(node()).or_insert(seen.t_ns);
            }
            _ => {}
        }
    }

    /// Drops what no later sentence needs.
    fn forget(&mut self, seen: &Observation) {
        match &seen.what {
            What::Deliver { id, .. } | What::Lose { id, .. } => {
                self.left.remove(id);
            }
            _ => {}
        }
        let Some(story) = seen.tx.and_then(|tx| self.transactions.get_mut(&tx)) else { return };
        match &seen.what {
            What::Decide { .. } => {
                story.doubting.remove(&seen.node);
            }
            What::Durable { means: Some(Means::Commit), .. } => story.committed = true,
            What::Forget => {
                story.taking_part = story.taking_part.saturating_sub(1);
                story.voted.remove(&seen.node);
                if story.taking_part == 0 {
                    self.transactions.retain(|tx, _| Some(*tx) != seen.tx);
                }
            }
            _ => {}
        }
    }

    fn story(&self, seen: &Observation) -> Option<&Story> {
        seen.tx.and_then(|tx| self.transactions.get(&tx))
    }

    fn sentence(&self, seen: &Observation, was_blocked: bool) -> String {
        let n = &seen.node;
        match &seen.what {
            What::Begin => self.begins(seen),
            What::Send { message, means, to, .. } => {
                self.sends(seen, message, *means, to, was_blocked)
            }
            What::Deliver { id, message, from, .. } => {
                format!("{n} receives {message} from {from}{}.", self.travelled(seen, *id))
            }
            What::Lose { message, from, .. } if self.stances.is_down(n) => {
                format!("{message} from {from} is lost; {n} is down.")
            }
            What::Lose { message, from, .. } => {
                format!("{message} from {from} is lost on its way to {n}; neither of them knows.")
            }
            What::Duplicate { message, from, .. } => {
                format!("The network makes a second copy of {message} from {from} to {n}.")
            }
            What::Append { record, forced: true, .. } => format!(
                "{n} writes {record} to its log and does nothing that relies on it before it is \
                 on disk."
            ),
            What::Append { record, forced: false, .. } => format!(
                "{n} writes {record} to its log and waits for nothing: a crash may lose it."
            ),
            What::Force { upto } => {
                format!("{n}'s disk begins to write its log up to position {upto}.")
            }
            What::Durable { record, means, .. } => self.durable(seen, record, *means),
            What::Work => format!("{n} begins its local work, which ends with its vote."),
            What::Vote { vote } => voted(n, *vote),
            What::Enter { status } => entered(n, *status),
            What::Decide { decision, why } => self.decides(seen, *decision, *why),
            What::Forget => {
                format!("{n} forgets the transaction: from here on it answers by presumption.")
            }
            What::Arm { timer, span_ns } => {
                format!("{n} sets the alarm {timer}, to go off in {}.", duration(*span_ns))
            }
            What::Disarm { timer } => format!("{n} stops the alarm {timer}: it is not needed now."),
            What::Fire { timer } => {
                format!("{n}'s alarm {timer} goes off: what it waited for has not come in time.")
            }
            What::Crash { kept, appended } => format!(
                "{n} crashes: its memory is gone, and {kept} of the {appended} records in its log \
                 are left."
            ),
            What::Restart => format!("{n} is back, and knows only what is in its log."),
            What::Strike { fault, action } => struck(*fault, action.as_deref()),
            What::Ease { fault, .. } => format!("Fault {fault} ends."),
            What::Heal => "Every fault ends, and every node that was down comes back.".to_string(),
            What::Lock { item, mode } => {
                format!("{n} locks item {item} for the transaction, {}.", mode.word())
            }
            What::Wait { item, behind } => format!(
                "At {n} item {item} is taken: the transaction waits for transaction {behind}."
            ),
            What::Borrow { item, lender } => format!(
                "At {n} item {item} is borrowed from transaction {lender}, which is prepared: if \
                 that one aborts, so must this one."
            ),
            What::Unlock => format!("{n} lets go of all locks of the transaction."),
            What::Change { item, before, after } => {
                format!("At {n} item {item} goes from {before} to {after}.")
            }
        }
    }

    /// How long the message was on its way, where it was seen to leave.
    fn travelled(&self, seen: &Observation, id: u64) -> String {
        let span = |left: &u64| duration(seen.t_ns.saturating_sub(*left));
        let left = self.left.get(&id);
        left.map_or_else(String::new, |left| format!(", {} after it left", span(left)))
    }

    fn begins(&self, seen: &Observation) -> String {
        let n = &seen.node;
        match self.story(seen) {
            Some(story) if story.root == *n && story.taking_part == 1 => {
                format!("A transaction begins at {n}, its root, which will answer the client.")
            }
            _ => format!("{n} takes part in the transaction from here on."),
        }
    }

    fn sends(
        &self,
        seen: &Observation,
        message: &str,
        means: Option<Means>,
        to: &str,
        was_blocked: bool,
    ) -> String {
        let n = &seen.node;
        let on_disk = self.story(seen).is_some_and(|story| story.voted.contains_key(n));
        match means {
            Some(Means::Request) => format!("{n} asks {to} for its vote ({message})."),
            Some(Means::Yes) if on_disk => format!(
                "{n} has its vote on disk and says YES to {to} ({message}): from now on it cannot \
                 decide alone."
            ),
            Some(Means::Yes) => format!("{n} says YES to {to} ({message})."),
            Some(Means::No) => format!(
                "{n} says NO to {to} ({message}): whatever the others vote, this transaction \
                 cannot commit."
            ),
            Some(Means::ReadOnly) => format!(
                "{n} tells {to} that it changed nothing ({message}): it needs no outcome and is \
                 done."
            ),
            Some(Means::Commit) => {
                format!("{n} tells {to} that the outcome is commit ({message}).")
            }
            Some(Means::Abort) => format!("{n} tells {to} that the outcome is abort ({message})."),
            Some(Means::Question) if was_blocked => {
                format!("{n} is still blocked and asks {to} again ({message}).")
            }
            Some(Means::Question) => format!(
                "{n} has waited too long and asks {to} for the outcome ({message}): it is blocked \
                 until somebody who knows answers."
            ),
            Some(Means::Members) => format!("{n} tells {to} who takes part ({message})."),
            None => format!("{n} sends {message} to {to}."),
        }
    }

    fn durable(&self, seen: &Observation, record: &str, means: Option<Means>) -> String {
        let n = &seen.node;
        let committed = self.story(seen).is_some_and(|story| story.committed);
        match means {
            Some(Means::Yes) => {
                format!("{n}'s vote ({record}) is on disk: it can keep its promise after a crash.")
            }
            Some(Means::Commit) if !committed => format!(
                "{n} has {record} on disk, the first record of the commit: nothing can undo the \
                 transaction any more."
            ),
            Some(Means::Commit | Means::Abort) => {
                format!("{n} has {record} on disk: it will know the outcome after a crash.")
            }
            Some(Means::Members) => {
                format!("{n} has {record} on disk: after a crash it will know whom it had asked.")
            }
            _ => format!("{n} has {record} on disk."),
        }
    }

    fn decides(&self, seen: &Observation, decision: Decided, why: Because) -> String {
        let n = &seen.node;
        let word = decision.word();
        let story = self.story(seen);
        let doubting = story.and_then(|story| story.doubting.get(n));
        match (why, doubting) {
            (Because::LostInCrash, _) => format!(
                "{n} finds no record of the transaction after its restart: whatever it had done is \
                 undone, and for it the outcome is {word}."
            ),
            (Because::Protocol, _) if story.is_some_and(|story| story.root == *n) => {
                format!("{n}, the root, decides {word} and can answer the client.")
            }
            (Because::Protocol, Some(since)) => {
                let span = duration(seen.t_ns.saturating_sub(*since));
                format!("{n} knows that the outcome is {word}, after {span} in doubt.")
            }
            (Because::Operator, _) => format!(
                "An operator at {n} will not wait any longer and decides {word} by hand, whatever \
                 the others decide."
            ),
            (Because::Protocol, None) => format!("{n} knows that the outcome is {word}."),
        }
    }
}

fn struck(fault: u64, action: Option<&str>) -> String {
    match action {
        Some(action) => format!("Fault {fault} of the scenario begins: {action}."),
        None => format!("Fault {fault}, one of the storm, begins."),
    }
}

fn voted(n: &str, vote: Vote) -> String {
    match vote {
        Vote::Yes => format!("{n}'s local work is done, and its vote is YES: it can commit."),
        Vote::No => format!("{n}'s local work has failed, and its vote is NO: it cannot commit."),
        Vote::ReadOnly => {
            format!("{n}'s local work is done and changed nothing: its vote is read-only.")
        }
    }
}

fn entered(n: &str, status: Standing) -> String {
    match status {
        Standing::Working => format!("{n} is working: it has not promised anything yet."),
        Standing::InDoubt => format!(
            "{n} is in doubt: it has promised to commit if told so, and must wait for the outcome."
        ),
        Standing::Commit => format!("{n} stands on commit."),
        Standing::Abort => format!("{n} stands on abort."),
        Standing::Helping => format!("{n} helps the others to decide; it has no vote of its own."),
    }
}
