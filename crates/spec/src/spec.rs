//! The oracle: watches a run and objects.

use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

use commitsim_core::{
    Cost, Decision, Meaning, Necessary, NodeId, NodeSet, Promise, Shape, Status, Time, TxId, Vote,
    Why, Word,
};
use commitsim_table::TxTable;

use crate::case::{Case, Part};
use crate::{Objection, Observation, Property, Violation, What};

/// Atomic commitment as an oracle. It knows no protocol: what a message or a record means, and
/// what the protocol promises, comes with them as data.
#[derive(Clone, Debug)]
pub struct Spec {
    promise: Promise,
    nodes: u16,
    cases: TxTable<Case>,
    /// The parts and parents of closed cases, kept so that their memory can be used again.
    spare: Vec<(Vec<Part>, Vec<Option<NodeId>>)>,
    down: NodeSet,
    violations: Vec<Violation>,
}

/// How things stand when a run is judged.
pub struct Circumstances<'a> {
    /// When.
    pub at: Time,
    /// Whether messages get from the first node to the second.
    pub reaches: &'a dyn Fn(NodeId, NodeId) -> bool,
    /// Whether whatever still could happen in a transaction has had the time to happen.
    pub settled: &'a dyn Fn(TxId) -> bool,
}

/// What is found when a run is judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// Every node has decided, is blocked as the protocol allows, or was objected to.
    Complete,
    /// Somebody was still getting somewhere.
    Unfinished,
}

impl Spec {
    /// An oracle for a run with this many nodes, helpers included.
    #[must_use]
    pub fn new(promise: Promise, nodes: u16) -> Spec {
        Spec {
            promise,
            nodes,
            cases: TxTable::new(),
            spare: Vec::new(),
            down: NodeSet::EMPTY,
            violations: Vec::new(),
        }
    }

    /// What it objected to so far.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// A transaction begins.
    pub fn open(&mut self, tx: TxId, root: NodeId, voters: &NodeSet) {
        let (mut parts, parents) = self.spare.pop().unwrap_or_default();
        parts.resize(usize::from(self.nodes), Part::default());
        let case = Case {
            root,
            voters: voters.clone(),
            voter_count: voters.len(),
            disturbed: !self.down.is_empty(),
            parts,
            parents,
            ..Case::default()
        };
        let before = self.cases.insert(tx, case);
        assert!(before.is_none(), "{tx:?} begins once");
    }

    /// Who is above whom in `tx`, by node number. Only where a protocol runs on a tree does it
    /// matter: a read-only voter leaves if everybody below it does.
    pub fn plant(&mut self, tx: TxId, parents: impl Iterator<Item = Option<NodeId>>) {
        let on_tree = self.promise.formation.shape == Shape::Tree;
        if let Some(case) = self.cases.get_mut(tx).filter(|_| on_tree) {
            case.parents.extend(parents);
        }
    }

    /// Nothing about `tx` can happen any more: no node remembers it, no message is under way.
    pub fn close(&mut self, at: Time, tx: TxId) {
        self.check_cost(at, tx);
        let Some(Case { mut parts, mut parents, .. }) = self.cases.remove(tx) else { return };
        parts.clear();
        parents.clear();
        self.spare.push((parts, parents));
    }

    /// Looks at one observation.
    #[inline(always)]
    pub fn observe(&mut self, seen: &Observation) {
        let (at, node) = (seen.at, seen.node);
        match seen.what {
            What::Send { tx, to, word, .. } => self.sent(at, node, to, tx, word),
            What::Append { tx, forced, .. } => {
                if let Some(case) = self.cases.get_mut(tx) {
                    case.forced += u64::from(forced);
                }
            }
            What::Durable { tx, word, .. } => self.durable(node, tx, word),
            What::Begin { tx } => {
                if let Some(case) = self.cases.get_mut(tx) {
                    let part = case.part(node);
                    part.met = true;
                    part.status = Some(Status::Working);
                }
            }
            What::Vote { tx, vote } => self.voted(at, node, tx, vote),
            What::Enter { tx, status } => self.entered(at, node, tx, status),
            What::Decide { tx, decision, why } => {
                if why == Why::Operator
                    && let Some(case) = self.cases.get_mut(tx)
                {
                    case.disturbed = true;
                }
                self.decided(at, node, tx, decision);
            }
            What::Fire { tx, .. } | What::Lose { tx, .. } | What::Duplicate { tx, .. } => {
                if let Some(case) = self.cases.get_mut(tx) {
                    case.disturbed = true;
                }
            }
            What::Forget { tx } => {
                if let Some(case) = self.cases.get_mut(tx) {
                    case.part(node).status = None;
                }
            }
            What::Crash { .. } => self.crashed(node),
            What::Restart => {
                self.down.remove(node);
            }
            _ => {}
        }
    }

    /// Feeds a hasher with all that future objections depend on: oracles of which this is equal
    /// object to the same for ever. Counts of messages and records are in it only as long as the
    /// cost is judged, since they differ with every way to the same state.
    pub fn hash_all<H: Hasher>(&self, state: &mut H) {
        self.down.hash(state);
        for tx in self.cases.ids() {
            let Some(case) = self.cases.get(tx) else { continue };
            case.hash_memory(state);
            if !case.disturbed {
                (case.messages, case.forced).hash(state);
            }
        }
    }

    /// Judges termination (AC5) at the end of a run. Blocking is allowed exactly while a node that
    /// the protocol declares necessary is out of reach.
    pub fn judge(&mut self, now: &Circumstances<'_>) -> Progress {
        let mut progress = Progress::Complete;
        for tx in self.cases.ids() {
            let Some(case) = self.cases.get(tx) else { continue };
            let owed =
                |node: &NodeId| !self.down.contains(*node) && self.must_get_on(now, case, *node);
            let waiting = case.voters_that(|part| part.met && part.decided.is_none());
            // A read-only voter has left; but a root decides for the others, whatever it voted.
            let stays = |node: &NodeId| {
                let vote = case.parts[usize::from(node.0)].vote;
                *node == case.root || vote != Some(Vote::ReadOnly)
            };
            let stuck: Vec<NodeId> = waiting.into_iter().filter(stays).filter(owed).collect();
            if stuck.is_empty() {
                continue;
            }
            if (now.settled)(tx) {
                let objection = Objection::Stuck { nodes: stuck.clone() };
                self.object(Property::Ac5, now.at, tx, stuck, objection);
            } else {
                progress = Progress::Unfinished;
            }
        }
        progress
    }

    /// Whether the nodes that `node` needs are up and within reach.
    fn must_get_on(&self, now: &Circumstances<'_>, case: &Case, node: NodeId) -> bool {
        let up = |other| self.is_linked(now, node, other);
        // What a node decided in an earlier life counts for agreement, but unless its records
        // brought it back the node no longer knows it.
        let knows = |part: &Part| matches!(part.status, Some(Status::Decided(_)));
        let informed = || case.nodes(knows).into_iter().any(up);
        let helped = || {
            let helpers = self.promise.formation.helpers;
            (self.nodes - helpers..self.nodes).map(NodeId).any(up)
        };
        let all = || case.voters.iter().all(up);
        // A tree passes on what it knows from neighbour to neighbour.
        let connected = || {
            let hears_all =
                |node| case.voters.without(node).iter().all(|other| (now.reaches)(other, node));
            case.voters.iter().all(hears_all)
        };
        // A read-only voter is up, but it has left: it knows nothing that would help.
        let survivor = |node: NodeId| {
            let part = &case.parts[usize::from(node.0)];
            let left = part.vote == Some(Vote::ReadOnly) && node != case.root;
            part.met && !part.fell && !left
        };
        match self.promise.necessary {
            Necessary::Nobody => true,
            Necessary::Root => up(case.root),
            Necessary::LastOrInformed => up(case.last()) || informed(),
            Necessary::RootOrHelper => up(case.root) || helped(),
            Necessary::RootOrInformed => up(case.root) || informed(),
            Necessary::RegistersOrInformed => {
                let helpers = self.nodes - self.promise.formation.helpers..self.nodes;
                let mut readers = helpers.map(NodeId).chain([case.root]);
                readers.any(|reader| up(reader) && self.can_read(now, case, reader))
            }
            Necessary::AllOrInformed => all() || informed(),
            Necessary::ConnectedOrInformed => all() && connected() || informed(),
            Necessary::Survivor => {
                let survives = |node| survivor(node) && up(node);
                case.voters.iter().any(survives) || informed() || all()
            }
        }
    }

    /// Whether `reader` gets at what tells it the outcome: a node that knows it, or the votes of
    /// all voters but the root.
    fn can_read(&self, now: &Circumstances<'_>, case: &Case, reader: NodeId) -> bool {
        let linked = |other| self.is_linked(now, reader, other);
        let knows = |part: &Part| matches!(part.status, Some(Status::Decided(_)));
        case.voters.without(case.root).iter().all(linked)
            || case.nodes(knows).into_iter().any(linked)
    }

    /// Whether `other` is up and can talk with `node`, or is `node` itself.
    fn is_linked(&self, now: &Circumstances<'_>, node: NodeId, other: NodeId) -> bool {
        other == node
            || !self.down.contains(other)
                && (now.reaches)(node, other)
                && (now.reaches)(other, node)
    }

    #[inline(always)]
    fn sent(&mut self, at: Time, node: NodeId, to: NodeId, tx: TxId, word: Word) {
        let Some(case) = self.cases.get_mut(tx) else { return };
        case.messages += 1;
        let ahead = self.promise.ahead;
        // Where commit is what no information means, a question that comes late, when an abort is
        // over, is answered COMMIT; to its asker, who has decided, that is no news.
        let no_news = |case: &mut Case| {
            let presumed = ahead.presumes_commit && case.part(node).status.is_none();
            presumed && case.part(to).decided == Some(Decision::Abort)
        };
        let missing = match word.meaning {
            Meaning::Vote(Vote::Yes) if ahead.vote && !case.part(node).vote_durable => "its vote",
            Meaning::Decision(Decision::Commit)
                if ahead.commit && !case.commit_durable && !no_news(case) =>
            {
                "any record of the commit"
            }
            Meaning::Request if ahead.members && !case.members_durable => {
                "the record of the participants"
            }
            _ => return,
        };
        let objection = Objection::SentAhead { by: node, missing };
        self.object(Property::WriteAhead, at, tx, alloc::vec![node], objection);
    }

    #[inline(always)]
    fn durable(&mut self, node: NodeId, tx: TxId, word: Word) {
        let Some(case) = self.cases.get_mut(tx) else { return };
        match word.meaning {
            Meaning::Vote(Vote::Yes) => case.part(node).vote_durable = true,
            Meaning::Decision(Decision::Commit) => {
                case.commit_durable = true;
                // Who commits on record has agreed on record.
                case.part(node).vote_durable = true;
            }
            Meaning::Members => case.members_durable = true,
            _ => {}
        }
    }

    #[inline(always)]
    fn voted(&mut self, at: Time, node: NodeId, tx: TxId, vote: Vote) {
        let Some(case) = self.cases.get_mut(tx) else { return };
        let part = case.part(node);
        let agreed = part.agrees();
        let before = part.vote.replace(vote);
        let agrees = part.agrees();
        if case.voters.contains(node) {
            case.willing = case.willing + u32::from(agrees) - u32::from(agreed);
        }
        if before.is_some_and(|before| before != vote) {
            let objection = Objection::VotedAgain { by: node };
            self.object(Property::TCommit, at, tx, alloc::vec![node], objection);
        }
    }

    /// Every step of a machine is a step of the transaction-commit specification: working to
    /// prepared with a YES, prepared or working to decided, and never back.
    #[inline(always)]
    fn entered(&mut self, at: Time, node: NodeId, tx: TxId, status: Status) {
        let Some(case) = self.cases.get_mut(tx) else { return };
        let part = case.part(node);
        let before = part.status.replace(status);
        let legal = match (before, status) {
            (_, Status::Helping) => true,
            (Some(Status::Working) | None, Status::InDoubt) => part.agrees(),
            (Some(Status::Helping), Status::Decided(_)) => true,
            (Some(Status::Working | Status::InDoubt) | None, Status::Decided(_)) => true,
            (before, status) => before == Some(status),
        };
        if !legal {
            let objection = Objection::IllegalStep { by: node, from: before, to: status };
            self.object(Property::TCommit, at, tx, alloc::vec![node], objection);
        }
    }

    /// Each property is judged by itself: a commit without a YES is one whether or not somebody
    /// else has aborted, and whether or not it is this node's first decision.
    #[inline(always)]
    fn decided(&mut self, at: Time, node: NodeId, tx: TxId, decision: Decision) {
        let Some(case) = self.cases.get_mut(tx) else { return };
        let root = case.root;
        let part = case.part(node);
        if part.vote == Some(Vote::ReadOnly) && node != root {
            // Its part ended with its vote: it has nothing to undo or redo.
            return;
        }
        let first = part.decided.is_none();
        let before = *part.decided.get_or_insert(decision);
        let (same, opposite) = match decision {
            Decision::Commit => (&mut case.commits, &mut case.aborts),
            Decision::Abort => (&mut case.aborts, &mut case.commits),
        };
        *same += u32::from(first);
        if *opposite == 0 && decision == Decision::Commit && case.willing == case.voter_count {
            // Nobody says otherwise, and nobody is missing: there is nothing to object to.
            return;
        }
        self.judge_decision(at, node, tx, decision, before);
    }

    /// The long way, which names the culprits.
    #[cold]
    #[inline(never)]
    fn judge_decision(
        &mut self,
        at: Time,
        node: NodeId,
        tx: TxId,
        decision: Decision,
        before: Decision,
    ) {
        let Some(case) = self.cases.get_mut(tx) else { return };
        let refused = |part: &Part| part.vote == Some(Vote::No);
        let (missing, needless) = match decision {
            Decision::Commit => (case.voters_that(|part| !part.agrees()), false),
            Decision::Abort => {
                (Vec::new(), !case.disturbed && case.all_voters(|part| !refused(part)))
            }
        };
        let others = case.nodes(|part| part.decided.is_some_and(|d| d != decision));
        if before != decision {
            let objection = Objection::Reversed { by: node, first: before, then: decision };
            self.object(Property::Ac2, at, tx, alloc::vec![node], objection);
        } else if !others.is_empty() {
            let mut nodes = others.clone();
            nodes.push(node);
            nodes.sort_unstable();
            let objection = Objection::Disagrees { by: node, decision, others };
            self.object(Property::Ac1, at, tx, nodes, objection);
        }
        if !missing.is_empty() {
            let objection = Objection::WithoutYes { by: node, of: missing.clone() };
            self.object(Property::Ac3, at, tx, missing, objection);
        }
        if needless {
            let objection = Objection::NeedlessAbort { by: node };
            self.object(Property::Ac4, at, tx, alloc::vec![node], objection);
        }
    }

    fn crashed(&mut self, node: NodeId) {
        self.down.insert(node);
        for tx in self.cases.ids() {
            if let Some(case) = self.cases.get_mut(tx) {
                case.crash(node);
            }
        }
    }

    fn check_cost(&mut self, at: Time, tx: TxId) {
        let Some(case) = self.cases.get(tx) else { return };
        let root = case.parts[usize::from(case.root.0)];
        let plain = !case.voters.contains(case.root) || root.vote == Some(Vote::Yes);
        if case.disturbed || !plain || root.decided != Some(Decision::Commit) {
            return;
        }
        let rooted = case.voters.contains(case.root);
        let remote = u64::from(case.voters.len()) - u64::from(rooted);
        let formula = (self.promise.commit_cost)(remote, case.readers());
        let found = Cost { messages: case.messages, forced: case.forced };
        let dearest = Cost {
            messages: formula.messages + self.promise.glare.messages,
            forced: formula.forced + self.promise.glare.forced,
        };
        let within = |least: u64, found: u64, most: u64| least <= found && found <= most;
        if !within(formula.messages, found.messages, dearest.messages)
            || !within(formula.forced, found.forced, dearest.forced)
        {
            let nodes = alloc::vec![case.root];
            self.violations.push(Violation {
                property: Property::Cost,
                tx,
                at,
                nodes,
                objection: Objection::CostDiffers { found, formula },
            });
        }
    }

    #[cold]
    #[inline(never)]
    fn object(
        &mut self,
        property: Property,
        at: Time,
        tx: TxId,
        nodes: Vec<NodeId>,
        objection: Objection,
    ) {
        let Some(case) = self.cases.get_mut(tx) else { return };
        if !case.objected.contains(&property) {
            case.objected.push(property);
            self.violations.push(Violation { property, tx, at, nodes, objection });
        }
    }
}
