//! Two-phase commit on a tree with a fixed root, after the process tree of Mohan, Lindsay &
//! Obermarck 1986 with presumed abort; protocols.md 5 and 3.1. Assumed: nodes crash and recover
//! with their durable log; messages are lost, late, doubled and out of order; nothing is known of
//! the time.
//!
//! An inner node is a participant to its parent and a coordinator to its children, so every node
//! runs the same machine: it counts the votes of its subtree, passes one vote up and the outcome
//! down. What the root adds is that its own commit record is the decision.
//!
//! # What "no information" means
//!
//! Presumed abort lets a node forget an abort at once, so a question may find nobody who
//! remembers. Only two nodes are ever asked, and both may then say ABORT:
//!
//! * *The root.* It forgets a commit when every child has acknowledged, and a child does so when
//!   its whole subtree has the commit on disk. So whoever asks, however deep, either has it on
//!   disk and asked long ago, or the outcome is abort.
//! * *The asker's parent.* If it was played to its end, the same argument holds one level down. If
//!   it restarted without a record, it is even a fact: the asker has its vote on disk, so the
//!   parent cannot have left as a read-only subtree, and could only have agreed by a READY of its
//!   own, which needs the record. It has not voted, and never will.
//!
//! A parent in doubt says nothing: the question waits until the asker repeats it, or until the
//! outcome passes through.

use commitsim_core::{
    Decision, Effects, Gone, NodeId, NodeSet, Promise, Protocol, Span, Status, Vote,
};

use crate::{Config, Message, OutcomeForce, Record, Timer, VoteForce, VoteRecord, Votes};

type Cx<'a> = commitsim_core::Cx<'a, TreeTwoPhase>;
type Fx = Effects<TreeTwoPhase>;

/// One node's share of one transaction under tree two-phase commit. The sets hold children only,
/// unless said.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TreeTwoPhase {
    /// The votes of the subtree are coming in; nothing is promised.
    Voting(Votes),
    /// Root: the decision record is on its way to disk. The set is who has to hear of it.
    Deciding(NodeSet),
    /// The subtree agrees, and the record that says so is on its way to disk. The set is who has
    /// to hear the outcome.
    Preparing(NodeSet),
    /// In doubt: READY was said, and only the outcome from above can end it. The set is who has to
    /// hear it too, the number counts questions.
    Prepared(NodeSet, u8),
    /// Early force: the record that takes the vote back is on its way to disk. The set is who has
    /// to hear of it, besides the parent.
    Aborting(NodeSet),
    /// The outcome is commit, and out. The set is who has not got it on disk with all their
    /// subtree, this node itself among them until its own record is; the number counts repeats.
    Announcing(NodeSet, u8),
}

use TreeTwoPhase::{Aborting, Announcing, Deciding, Prepared, Preparing, Voting};

impl Protocol for TreeTwoPhase {
    type Config = Config;
    type Message = Message;
    type Record = Record;
    type Timer = Timer;

    fn promise(config: &Config) -> Promise {
        config.promise()
    }

    fn begin(cx: &Cx<'_>, fx: &mut Fx) -> TreeTwoPhase {
        ask_for_votes(cx, cx.config.patience.votes, fx)
    }

    /// Only those above can come first: those below hear of the transaction through this node.
    fn first_contact(cx: &Cx<'_>, _: NodeId, message: Message, fx: &mut Fx) -> Option<Self> {
        match message {
            // The root's patience ends first: it set out earlier, and its ABORT has another
            // `decision` of time to come down. This is for when that is lost.
            Message::Prepare => {
                let patience = &cx.config.patience;
                Some(ask_for_votes(cx, patience.votes.plus(patience.decision), fx))
            }
            // ABORT has overtaken PREPARE, which will find the transaction closed.
            Message::Abort => {
                fx.decide(Decision::Abort);
                None
            }
            _ => None,
        }
    }

    /// Without information: see the top of this file. A READY is a question in disguise. A
    /// transaction older than this node's restart gets no vote from it any more: that is a refusal.
    fn afterwards(cx: &Cx<'_>, gone: Gone, from: NodeId, message: Message, fx: &mut Fx) {
        let (root, lost) = (cx.me == cx.cast.root, gone == Gone::Lost);
        let (above, below) = (cx.cast.parent == Some(from), cx.cast.children().contains(from));
        match message {
            Message::Inquire if root || below => fx.send(from, Message::Abort),
            Message::Ready if below => fx.send(from, Message::Abort),
            Message::Prepare if lost => {
                fx.decide(Decision::Abort);
                fx.send(from, Message::Abort);
            }
            Message::Abort if lost && !below => fx.decide(Decision::Abort),
            // Who forgot a commit has acknowledged it, who left read-only never has to; a parent
            // that came back does not know.
            Message::Commit if above => fx.send(from, Message::Ack),
            _ => {}
        }
    }

    /// Recovery from the log (2.5, at every level). Which children were bound is not on record;
    /// those that left read-only acknowledge what they are told.
    fn recover(cx: &Cx<'_>, log: &[Record], fx: &mut Fx) -> Option<Self> {
        let children = cx.cast.children();
        if log.contains(&Record::Committed) {
            if log.contains(&Record::Ended) || children.is_empty() {
                fx.decide(Decision::Commit);
                return None;
            }
            return Some(announce(cx, children, fx));
        }
        if log.contains(&Record::Aborted) {
            fx.decide(Decision::Abort);
            return None;
        }
        // Whether READY left is not on record either, so this node may not take it back. Nor may
        // it say it again: with early force the subtree may not have agreed.
        let mut in_doubt = Prepared(children, 0);
        in_doubt.inquire(cx, fx);
        Some(in_doubt)
    }

    fn on_message(&mut self, cx: &Cx<'_>, from: NodeId, message: Message, fx: &mut Fx) {
        let below = cx.cast.children().contains(from);
        match (&mut *self, message) {
            (_, Message::Ready) => self.count(cx, from, Vote::Yes, fx),
            (_, Message::ReadOnly) => self.count(cx, from, Vote::ReadOnly, fx),
            (_, Message::Abort) if below => self.count(cx, from, Vote::No, fx),
            (Voting(_) | Preparing(_) | Prepared(..) | Aborting(_), Message::Abort) => {
                let tell = self.bound(cx);
                self.abort(cx, &tell, fx);
            }
            (Prepared(..), Message::Commit) => self.commit(cx, fx),
            (Announcing(..), Message::Ack) => self.durable_at(cx, from, fx),
            (Announcing(..), Message::Inquire) => fx.send(from, Message::Commit),
            _ => {}
        }
    }

    fn on_vote(&mut self, cx: &Cx<'_>, vote: Vote, fx: &mut Fx) {
        // A node that only reads has nothing to make durable before its subtree has voted.
        if let Voting(votes) = self
            && cx.config.vote_force == VoteForce::Early
            && cx.me != cx.cast.root
            && vote == Vote::Yes
            && !votes.refused
        {
            fx.force(Record::Ready);
            votes.record = VoteRecord::Forcing;
        }
        self.count(cx, cx.me, vote, fx);
    }

    fn on_durable(&mut self, cx: &Cx<'_>, record: &Record, fx: &mut Fx) {
        match (&mut *self, record) {
            (Voting(votes), Record::Ready) => votes.record = VoteRecord::Durable,
            (Preparing(_), Record::Ready) => self.promise_commit(cx, fx),
            (Aborting(_), Record::Aborted) => self.refuse(cx, fx),
            (Deciding(children), Record::Committed) => *self = announce(cx, children.clone(), fx),
            (Announcing(..), Record::Committed) => self.durable_at(cx, cx.me, fx),
            _ => {}
        }
    }

    /// Silence (2.3): whoever has promised nothing aborts, whoever is in doubt asks, whoever has
    /// decided repeats it.
    fn on_timer(&mut self, cx: &Cx<'_>, timer: Timer, fx: &mut Fx) {
        match (&mut *self, timer) {
            // With its vote on disk this node would come back from a crash as one in doubt. What
            // it says of its own accord must last longer than that (V23).
            (Voting(votes), Timer::VotesDue) if votes.record != VoteRecord::Absent => {
                fx.force(Record::Aborted);
                *self = Aborting(self.bound(cx));
            }
            (Voting(_), Timer::VotesDue | Timer::Tally) => self.refuse(cx, fx),
            (Prepared(..), Timer::DecisionDue) => self.inquire(cx, fx),
            (Announcing(waiting, repeats), Timer::AcksDue) => {
                fx.broadcast(&waiting.without(cx.me), &Message::Commit);
                fx.arm(Timer::AcksDue, cx.config.patience.before_repeat(repeats));
            }
            _ => {}
        }
    }

    fn status(&self) -> Status {
        match self {
            Voting(_) | Deciding(_) | Preparing(_) | Aborting(_) => Status::Working,
            Prepared(..) => Status::InDoubt,
            Announcing(..) => Status::Decided(Decision::Commit),
        }
    }
}

/// Phase 1: PREPARE goes on at once, so that the whole tree works at the same time.
fn ask_for_votes(cx: &Cx<'_>, patience: Span, fx: &mut Fx) -> TreeTwoPhase {
    let mut subtree = cx.cast.children();
    fx.broadcast(&subtree, &Message::Prepare);
    fx.arm(Timer::VotesDue, patience);
    fx.ask_vote();
    subtree.insert(cx.me);
    Voting(Votes::of(subtree))
}

/// Phase 2: the outcome is commit, and goes down the tree. `waiting` is who has to have it on disk
/// before this subtree is done.
fn announce(cx: &Cx<'_>, waiting: NodeSet, fx: &mut Fx) -> TreeTwoPhase {
    let mut announcing = Announcing(waiting.clone(), 1);
    let children = waiting.without(cx.me);
    fx.decide(Decision::Commit);
    fx.broadcast(&children, &Message::Commit);
    if !children.is_empty() {
        fx.arm(Timer::AcksDue, cx.config.patience.acks);
    }
    announcing.end_if_all_durable(cx, fx);
    announcing
}

impl TreeTwoPhase {
    fn count(&mut self, cx: &Cx<'_>, voter: NodeId, vote: Vote, fx: &mut Fx) {
        match self {
            Voting(votes) => {
                votes.count(voter, vote);
                match (votes.refused, votes.missing.is_empty()) {
                    (false, true) => self.agree(cx, fx),
                    (true, true) => self.refuse(cx, fx),
                    // Votes of this very instant are still counted, so that nobody who refuses in
                    // it is told to abort.
                    (true, false) => fx.arm(Timer::Tally, Span::ZERO),
                    (false, false) => {}
                }
            }
            // Who refuses, or leaves, while the abort record is being forced need not be told.
            Aborting(tell) if vote != Vote::Yes => {
                tell.remove(voter);
            }
            _ => {}
        }
    }

    /// The whole subtree has voted and nobody refused. A subtree that changed nothing leaves
    /// (2.7); if it is the whole tree, there is nothing to decide and nobody to tell.
    fn agree(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Voting(votes) = self else { return };
        let (changed, record) = (!votes.yes.is_empty(), votes.record);
        let tell = votes.yes.without(cx.me);
        fx.disarm(Timer::VotesDue);
        match (cx.cast.parent, changed) {
            (None, true) => {
                fx.force(Record::Committed);
                *self = Deciding(tell);
            }
            (None, false) => {
                fx.decide(Decision::Commit);
                fx.forget();
            }
            (Some(parent), false) => {
                fx.send(parent, Message::ReadOnly);
                fx.forget();
            }
            (Some(_), true) => {
                *self = Preparing(tell);
                match record {
                    VoteRecord::Absent => fx.force(Record::Ready),
                    VoteRecord::Forcing => {}
                    VoteRecord::Durable => self.promise_commit(cx, fx),
                }
            }
        }
    }

    /// READY is a promise for the whole subtree: it may not leave before the record that keeps it.
    fn promise_commit(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Preparing(tell) = self else { return };
        *self = Prepared(tell.clone(), 0);
        fx.broadcast(&cx.cast.parent.into_iter().collect(), &Message::Ready);
        fx.arm(Timer::DecisionDue, cx.config.patience.decision);
    }

    /// In doubt: ask, and go on asking. The parent is on the way of the outcome; the root knows it
    /// first, and knows it also when the parent is dead (B7).
    fn inquire(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Prepared(_, questions) = self else { return };
        let asked: NodeSet = cx.cast.parent.into_iter().chain([cx.cast.root]).collect();
        fx.broadcast(&asked, &Message::Inquire);
        fx.arm(Timer::DecisionDue, cx.config.patience.before_repeat(questions));
    }

    /// COMMIT from above. It is passed on before it is on disk here: the root has it on disk.
    fn commit(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Prepared(tell, _) = self else { return };
        let mut waiting = tell.clone();
        waiting.insert(cx.me);
        fx.disarm(Timer::DecisionDue);
        match cx.config.outcome_force {
            OutcomeForce::Forced => fx.force(Record::Committed),
            OutcomeForce::Lazy => fx.write(Record::Committed),
        }
        *self = announce(cx, waiting, fx);
    }

    /// `node`, with all its subtree, has the commit on disk.
    fn durable_at(&mut self, cx: &Cx<'_>, node: NodeId, fx: &mut Fx) {
        let Announcing(waiting, _) = self else { return };
        waiting.remove(node);
        if waiting.without(cx.me).is_empty() {
            fx.disarm(Timer::AcksDue);
        }
        self.end_if_all_durable(cx, fx);
    }

    /// The ACK frees the parent to forget, so the outcome must last without it in all this
    /// subtree. A leaf has nobody to tell again after a crash, and needs no record of the end.
    fn end_if_all_durable(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Announcing(waiting, _) = self else { return };
        if !waiting.is_empty() {
            return;
        }
        fx.broadcast(&cx.cast.parent.into_iter().collect(), &Message::Ack);
        if cx.cast.parent.is_none() || !cx.cast.children().is_empty() {
            fx.write(Record::Ended);
        }
        fx.forget();
    }

    /// This node aborts of its own accord, or because somebody below it did: nothing is promised.
    fn refuse(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let mut tell = self.bound(cx);
        if let Some(parent) = cx.cast.parent {
            tell.insert(parent);
        }
        self.abort(cx, &tell, fx);
    }

    /// An abort is told to everybody who has not aborted, and forgotten: from then on no
    /// information means just that (3.1).
    fn abort(&mut self, cx: &Cx<'_>, tell: &NodeSet, fx: &mut Fx) {
        if cx.me != cx.cast.root && !matches!(self, Aborting(_)) {
            fx.write(Record::Aborted);
        }
        fx.decide(Decision::Abort);
        fx.broadcast(tell, &Message::Abort);
        fx.forget();
    }

    /// The children that have not aborted and have not left.
    fn bound(&self, cx: &Cx<'_>) -> NodeSet {
        match self {
            Voting(votes) => votes.yes.union(&votes.missing).without(cx.me),
            Preparing(tell) | Prepared(tell, _) | Aborting(tell) => tell.clone(),
            Deciding(_) | Announcing(..) => NodeSet::EMPTY,
        }
    }
}
