//! What ends a doubt when the coordinator is silent: the termination protocol of protocols.md 8.3,
//! and the textbook's timeouts of 8.2, which are its negative example.

use commitsim_core::{Decision, NodeId, NodeSet};

use crate::protocol::{Cx, Fx, others};
use crate::{Doubt, Epoch, Message, Record, Stands, State, Termination, ThreePhase, Timer};

use ThreePhase::{
    Announcing, Asking, Collecting, Deciding, Finishing, Gathering, Preparing, Proposing, Told,
    Voting, Waiting, Working,
};

/// What a new coordinator has heard.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Reports {
    /// Who has not answered.
    pub missing: NodeSet,
    /// Who is uncertain.
    pub uncertain: NodeSet,
    /// Whether somebody is committable.
    pub committable: bool,
}

/// What a recovered node has found, in its own log and by asking.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Back {
    /// Whether its own log says that everybody agreed.
    pub committable: bool,
    /// Whose log is not known.
    pub missing: NodeSet,
    /// Who has come back and asks, too.
    pub asking: NodeSet,
    /// Whether one of their logs says that everybody agreed.
    pub agreed: bool,
    /// How often it has asked.
    pub questions: u8,
}

/// Suspicion and election: the lowest-numbered unsuspected voter leads, without a message.
impl ThreePhase {
    pub(crate) fn suspect(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Waiting(doubt) = self else { return };
        if cx.config.termination == Termination::Naive {
            // 8.2: w aborts and p commits, which is right only if all stand alike (V11).
            let decision = own_state_decides(doubt.stands != Stands::Uncertain);
            return self.learn(decision, fx);
        }
        doubt.suspects.insert(doubt.awaits);
        let unsuspected = |node: &NodeId| !doubt.suspects.contains(*node);
        doubt.awaits = cx.cast.voters.iter().find(unsuspected).unwrap_or(cx.me);
        if doubt.awaits == cx.me {
            self.lead(cx, fx);
        } else {
            fx.arm(Timer::DecisionDue, cx.config.silence_after(0));
        }
    }

    fn lead(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Waiting(doubt) = self else { return };
        doubt.epoch = doubt.epoch.next(cx.me);
        fx.broadcast(&others(cx), &Message::StateReq(doubt.epoch));
        fx.arm(Timer::ReportsDue, cx.config.patience.votes);
        let committable = doubt.stands != Stands::Uncertain;
        let reports = Reports { missing: others(cx), uncertain: NodeSet::EMPTY, committable };
        *self = Collecting(doubt.clone(), reports);
    }

    /// STATE-REQ arrives. Nobody who answers it will listen to an earlier coordinator, and a
    /// coordinator that answers it steps down (rule 1). Who has promised nothing aborts, and so
    /// does a root that has not heard all votes.
    pub(crate) fn report(&mut self, cx: &Cx<'_>, from: NodeId, epoch: Epoch, fx: &mut Fx) {
        match self {
            Voting(_) => self.abort(cx, fx),
            Working | Preparing => self.refuse(cx, fx),
            _ => {}
        }
        match self {
            Deciding(_, known, _) | Announcing(known, ..) | Finishing(known) | Told(known) => {
                fx.send(from, Message::StateReport(epoch, State::outcome(*known)));
            }
            Waiting(doubt) | Collecting(doubt, _) | Gathering(doubt, ..) if doubt.epoch > epoch => {
                fx.send(from, Message::StateReport(doubt.epoch, State::Refused));
            }
            _ => {
                self.follow(cx, epoch, fx);
                let Waiting(doubt) = self else { return };
                match doubt.stands {
                    Stands::Uncertain => {
                        fx.send(from, Message::StateReport(epoch, State::Uncertain));
                    }
                    Stands::Committable => {
                        fx.send(from, Message::StateReport(epoch, State::Committable));
                    }
                    // Its PRE-ACK will say it, when it is true whatever happens.
                    Stands::PreCommitting => {}
                }
            }
        }
    }

    /// From now on a later coordinator has the word; it may wait for reports and acknowledgements.
    fn follow(&mut self, cx: &Cx<'_>, epoch: Epoch, fx: &mut Fx) {
        let mut doubt = match self {
            Waiting(doubt) | Collecting(doubt, _) | Gathering(doubt, ..) => doubt.clone(),
            Proposing(_) => Doubt::new(cx.me, Stands::PreCommitting),
            _ => return,
        };
        (doubt.epoch, doubt.awaits) = (epoch, epoch.leader);
        doubt.suspects.remove(epoch.leader);
        self.hush(fx);
        fx.arm(Timer::DecisionDue, cx.config.silence_after(2));
        *self = Waiting(doubt);
    }
}

/// Termination: the rules TR1 to TR4.
impl ThreePhase {
    pub(crate) fn collect(
        &mut self,
        cx: &Cx<'_>,
        from: NodeId,
        epoch: Epoch,
        state: State,
        fx: &mut Fx,
    ) {
        match self {
            Collecting(doubt, _) | Gathering(doubt, ..)
                if state == State::Refused && epoch > doubt.epoch =>
            {
                self.follow(cx, epoch, fx);
            }
            Collecting(doubt, reports) if epoch == doubt.epoch => {
                if !reports.missing.remove(from) {
                    return;
                }
                match state {
                    State::Aborted => return self.settle(cx, Decision::Abort, fx), // TR1
                    State::Committed => return self.settle(cx, Decision::Commit, fx), // TR2
                    State::Committable => reports.committable = true,
                    State::Uncertain => {
                        reports.uncertain.insert(from);
                    }
                    _ => {}
                }
                if reports.missing.is_empty() {
                    self.terminate(cx, fx);
                }
            }
            Asking(back) => {
                match state {
                    State::BackUncertain | State::BackCommittable => {
                        back.agreed |= state == State::BackCommittable;
                        back.asking.insert(from);
                    }
                    State::Bystander => {}
                    _ => return,
                }
                back.missing.remove(from);
                self.decide_if_all_are_back(cx, fx);
            }
            _ => {}
        }
    }

    /// Everybody has answered or has crashed, and nobody knows the outcome.
    pub(crate) fn terminate(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Collecting(doubt, reports) = self else { return };
        if !reports.committable {
            return self.settle(cx, Decision::Abort, fx); // TR3
        }
        // TR4. The new coordinator is one of those who have to be certain before it commits.
        let mut doubt = doubt.clone();
        let mut awaited = core::mem::take(&mut reports.uncertain);
        if doubt.stands == Stands::Uncertain {
            fx.force(Record::PreCommitted);
            doubt.stands = Stands::PreCommitting;
        }
        if doubt.stands == Stands::PreCommitting {
            awaited.insert(cx.me);
        }
        fx.disarm(Timer::ReportsDue);
        self.gather(cx, doubt, others(cx), awaited, fx);
    }

    fn settle(&mut self, cx: &Cx<'_>, decision: Decision, fx: &mut Fx) {
        let Collecting(doubt, _) = self else { return };
        let epoch = doubt.epoch;
        self.conclude(epoch, decision, others(cx), fx);
    }
}

/// Recovery.
impl ThreePhase {
    /// A recovered node takes no part: what it knew when it crashed is no longer how it stands, as
    /// the others may have gone on without it (rule 2). It asks for the outcome.
    pub(crate) fn back(cx: &Cx<'_>, committable: bool, fx: &mut Fx) -> ThreePhase {
        let (missing, asking) = (others(cx), NodeSet::EMPTY);
        let mut machine =
            Asking(Back { committable, missing, asking, agreed: committable, questions: 0 });
        if cx.config.termination == Termination::Naive {
            machine.learn(own_state_decides(committable), fx);
        } else {
            machine.inquire(cx, fx);
            machine.decide_if_all_are_back(cx, fx);
        }
        machine
    }

    pub(crate) fn inquire(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Asking(back) = self else { return };
        fx.broadcast(&others(cx), &Message::Inquire);
        fx.arm(Timer::DecisionDue, cx.config.patience.before_repeat(&mut back.questions));
    }

    /// A recovered node asks. Who is in doubt itself is silent, as the answer will come of itself.
    pub(crate) fn tell(&mut self, cx: &Cx<'_>, from: NodeId, fx: &mut Fx) {
        match self {
            Announcing(known, ..) | Finishing(known) | Told(known) => {
                fx.send(from, Message::outcome(*known));
            }
            Working => {
                self.refuse(cx, fx);
                fx.send(from, Message::Abort);
            }
            Asking(back) => {
                let state =
                    if back.committable { State::BackCommittable } else { State::BackUncertain };
                fx.send(from, Message::StateReport(Epoch::first(cx.cast.root), state));
            }
            _ => {}
        }
    }

    /// Total failure (rule 3): when the logs of all are known, what they say is all there is. The
    /// lowest-numbered of those who are bound applies TR3 and TR4 to them; an outcome that one of
    /// them had on record it would have told (TR1, TR2). Nobody alive is uncertain, so that
    /// PRE-COMMIT can be left out.
    fn decide_if_all_are_back(&mut self, cx: &Cx<'_>, fx: &mut Fx) {
        let Asking(back) = self else { return };
        if back.missing.is_empty() && back.asking.iter().all(|other| cx.me < other) {
            let decision = own_state_decides(back.agreed);
            self.conclude(Epoch::first(cx.cast.root).next(cx.me), decision, others(cx), fx);
        }
    }
}

fn own_state_decides(agreed: bool) -> Decision {
    if agreed { Decision::Commit } else { Decision::Abort }
}
