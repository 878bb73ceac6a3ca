//! The participant's side of the phases (protocols.md 8.1).

use commitsim_core::{Decision, NodeId};

use crate::protocol::{Cx, Fx, others};
use crate::{Epoch, Message, Record, Stands, State, Termination, ThreePhase, Timer};

use ThreePhase::{
    Announcing, Asking, Collecting, Finishing, Gathering, Preparing, Proposing, Told, Voting,
    Waiting, Working,
};

/// What a participant does.
impl ThreePhase {
    /// Every wait has its alarm; this one is over.
    pub(crate) fn hush(&self, fx: &mut Fx) {
        match self {
            Voting(_) | Working => fx.disarm(Timer::VotesDue),
            Gathering(..) => fx.disarm(Timer::PreAcksDue),
            Collecting(..) => fx.disarm(Timer::ReportsDue),
            Waiting(_) | Asking(_) => fx.disarm(Timer::DecisionDue),
            _ => {}
        }
    }

    /// Nothing is promised yet, so this node may abort by itself, and says so.
    pub(crate) fn refuse(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        fx.write(Record::Aborted);
        fx.decide(Decision::Abort);
        fx.send(cx.cast.root, Message::No);
        *self = ThreePhase::over(cx, Decision::Abort, fx);
    }

    /// Phase 2, participant. Who has answered a later coordinator refuses an earlier one.
    pub(crate) fn hear_precommit(&mut self, cx: &Cx<'_>, from: NodeId, epoch: Epoch, fx: &mut Fx) {
        match self {
            Waiting(doubt) | Collecting(doubt, _) | Gathering(doubt, ..) if doubt.epoch > epoch => {
                fx.send(from, Message::StateReport(doubt.epoch, State::Refused));
            }
            Waiting(doubt) if doubt.stands == Stands::Uncertain => {
                fx.force(Record::PreCommitted);
                fx.arm(Timer::DecisionDue, cx.config.silence_after(1));
                doubt.stands = Stands::PreCommitting;
            }
            Announcing(known, ..) | Finishing(known) | Told(known) => {
                fx.send(from, Message::outcome(*known));
            }
            _ => {}
        }
    }

    /// What everybody agreed on is on disk here: the coordinator of the day hears it.
    pub(crate) fn stand_committable(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        match self {
            Waiting(doubt) => fx.send(doubt.epoch.leader, Message::PreAck(doubt.epoch)),
            Gathering(_, _, awaited) => {
                awaited.remove(cx.me);
            }
            _ => {}
        }
        if let Waiting(doubt) | Collecting(doubt, _) | Gathering(doubt, ..) = self {
            doubt.stands = Stands::Committable;
        }
        self.commit_if_all_know(fx);
    }

    /// An outcome is a fact, whoever tells it and in whichever epoch it was decided.
    pub(crate) fn hear(&mut self, cx: &Cx<'_>, decision: Decision, fx: &mut Fx) {
        match self {
            Voting(_) if decision == Decision::Abort => self.abort(cx, fx),
            Working if decision == Decision::Abort => {
                fx.write(Record::Aborted);
                fx.decide(decision);
                fx.send(cx.cast.root, Message::Ack);
                *self = ThreePhase::over(cx, decision, fx);
            }
            Told(_) => fx.send(cx.cast.root, Message::Ack),
            Proposing(_) | Preparing | Waiting(_) | Collecting(..) | Gathering(..) | Asking(_) => {
                self.learn(decision, fx);
            }
            _ => {}
        }
    }

    /// The outcome is known here; the acknowledgement waits until it is durable.
    pub(crate) fn learn(&mut self, decision: Decision, fx: &mut Fx) {
        self.hush(fx);
        match decision {
            Decision::Commit => fx.force(Record::Committed),
            Decision::Abort => fx.write(Record::Aborted),
        }
        fx.decide(decision);
        *self = Finishing(decision);
    }

    /// A participant's part is over, but others may ask. The root sees to it that all know.
    pub(crate) fn over(cx: &Cx<'_>, decision: Decision, fx: &mut Fx) -> ThreePhase {
        if cx.me == cx.cast.root {
            return ThreePhase::announced(cx, decision, others(cx), fx);
        }
        match cx.config.termination {
            Termination::Naive => fx.forget(),
            Termination::Elected => fx.rest(),
        }
        Told(decision)
    }
}
