//! Two-phase commit with a bug: the correct machine inside, its inputs and effects edited.

use commitsim_core::{
    Cx, Decision, Effect, Effects, Gone, NodeId, NodeSet, Promise, Protocol, Status, Vote,
};
use commitsim_protocol_2pc::{Config, Message, Presumption, Record, Timer, TwoPhase};

use crate::Bug;
use crate::bug::Haste;

type Context<'a> = Cx<'a, Broken>;
type Fx = Effects<Broken>;

/// The node that speaks another dialect than the others under [`Bug::MixesPresumptions`].
const FOREIGNER: NodeId = NodeId(1);

/// One node's share of one transaction under two-phase commit with a bug.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Broken {
    inner: TwoPhase,
    /// Root: whose votes the inner machine was given, whether or not they cast them.
    counted: NodeSet,
    life: Life,
}

/// Whether a machine is one only in name, which the next PREPARE replaces by a new one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Life {
    /// It is not: the inner machine is at work.
    Present,
    /// It has heard of the transaction and made nothing of it.
    Future,
    /// Its part was played to the end.
    Past,
}

/// What the protocol would be, and what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub struct BrokenConfig {
    protocol: Config,
    foreign: Config,
    bug: Option<Bug>,
}

impl BrokenConfig {
    /// `protocol` with `bug`. Without one the wrapper must make no difference, which a test holds
    /// it to.
    #[must_use]
    pub fn new(protocol: Config, bug: Option<Bug>) -> BrokenConfig {
        let foreign = Config { presumption: Presumption::Commit, ..protocol };
        BrokenConfig { protocol, foreign, bug }
    }

    fn has(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }
}

impl Protocol for Broken {
    type Config = BrokenConfig;
    type Message = Message;
    type Record = Record;
    type Timer = Timer;

    /// A broken protocol promises what the correct one does, and is held to it.
    fn promise(config: &BrokenConfig) -> Promise {
        config.protocol.promise()
    }

    fn begin(cx: &Context<'_>, fx: &mut Fx) -> Broken {
        let mut wanted = Effects::new();
        let inner = TwoPhase::begin(&plain(cx), &mut wanted);
        Broken::around(inner).edited(cx, wanted, fx)
    }

    fn first_contact(
        cx: &Context<'_>,
        from: NodeId,
        message: Message,
        fx: &mut Fx,
    ) -> Option<Broken> {
        if cx.config.has(Bug::ShrugsOffAbort) && message == Message::Abort {
            Broken::afterwards(cx, Gone::Forgotten, from, message, fx);
            return Some(Broken { life: Life::Future, ..Broken::around(TwoPhase::Working) });
        }
        let mut wanted = Effects::new();
        let inner = TwoPhase::first_contact(&plain(cx), from, message, &mut wanted);
        Broken::perhaps(cx, inner, wanted, fx)
    }

    fn afterwards(cx: &Context<'_>, gone: Gone, from: NodeId, message: Message, fx: &mut Fx) {
        let mut wanted = Effects::new();
        TwoPhase::afterwards(&plain(cx), gone, from, message, &mut wanted);
        for effect in wanted.drain() {
            let edited = match (cx.config.bug, message, effect) {
                (
                    Some(Bug::PresumesTheOpposite),
                    Message::Inquire,
                    Effect::Send { to, message },
                ) if is_root(cx) => Effect::Send { to, message: opposite(message) },
                (Some(Bug::VotesAgain), Message::Prepare, Effect::Send { to, .. }) => {
                    Effect::Send { to, message: Message::Yes }
                }
                (Some(Bug::VotesAgain), Message::Prepare, Effect::Decide(_)) => continue,
                (_, _, effect) => effect,
            };
            fx.push(translated(edited));
        }
    }

    fn recover(cx: &Context<'_>, log: &[Record], fx: &mut Fx) -> Option<Broken> {
        let mut log = log.to_vec();
        if is_root(cx) && cx.config.has(Bug::OverlooksCommit) {
            log.retain(|record| *record != Record::Committed);
        }
        if is_root(cx) && cx.config.has(Bug::CollectsAnew) && log == [Record::Collecting] {
            let mut root = Broken::begin(cx, fx);
            root.on_durable(cx, &Record::Collecting, fx);
            return Some(root);
        }
        let mut wanted = Effects::new();
        let inner = TwoPhase::recover(&plain(cx), &log, &mut wanted);
        Broken::perhaps(cx, inner, wanted, fx)
    }

    fn on_message(&mut self, cx: &Context<'_>, from: NodeId, message: Message, fx: &mut Fx) {
        if self.life != Life::Present {
            return self.awaken(cx, from, message, fx);
        }
        let (from, message) = self.misheard(cx, from, message);
        self.step(cx, fx, |inner, cx, wanted| inner.on_message(cx, from, message, wanted));
        if message == Message::Ack && cx.config.has(Bug::ForgetsAtFirstAck) {
            self.pretend_acks(cx, &cx.cast.voters, fx);
        }
    }

    fn on_vote(&mut self, cx: &Context<'_>, vote: Vote, fx: &mut Fx) {
        self.counted.insert(cx.me);
        self.step(cx, fx, |inner, cx, wanted| inner.on_vote(cx, vote, wanted));
    }

    fn on_durable(&mut self, cx: &Context<'_>, record: &Record, fx: &mut Fx) {
        self.step(cx, fx, |inner, cx, wanted| inner.on_durable(cx, record, wanted));
    }

    fn on_timer(&mut self, cx: &Context<'_>, timer: Timer, fx: &mut Fx) {
        if self.life != Life::Present {
            return;
        }
        match (cx.config.bug, timer, &self.inner) {
            (Some(Bug::TakesSilenceForYes), Timer::VotesDue, TwoPhase::Voting(_)) => {
                for voter in cx.cast.voters.iter() {
                    if self.counted.insert(voter) {
                        self.hear(cx, voter, Message::Yes, fx);
                    }
                }
            }
            (Some(Bug::AbortsInDoubt), Timer::DecisionDue, _) => {
                self.hear(cx, cx.cast.root, Message::Abort, fx);
            }
            (Some(Bug::KeepsAlarm), Timer::VotesDue, TwoPhase::Deciding(..)) => {
                fx.decide(Decision::Abort);
                fx.broadcast(&cx.cast.voters.without(cx.me), &Message::Abort);
            }
            (Some(Bug::RepeatsOnce), _, _) => {
                let mut all = Fx::new();
                self.step(cx, &mut all, |inner, cx, wanted| inner.on_timer(cx, timer, wanted));
                for effect in all.drain().filter(|effect| !matches!(effect, Effect::Arm(..))) {
                    fx.push(effect);
                }
            }
            _ => self.step(cx, fx, |inner, cx, wanted| inner.on_timer(cx, timer, wanted)),
        }
    }

    /// Who left without a decision to remember has no say, for the oracle, until it begins again.
    fn status(&self) -> Status {
        match self.inner.status() {
            Status::Working if self.life == Life::Past => Status::Helping,
            status => status,
        }
    }
}

impl Broken {
    fn around(inner: TwoPhase) -> Broken {
        Broken { inner, counted: NodeSet::EMPTY, life: Life::Present }
    }

    /// A new machine, if there is one, and what it wants.
    fn perhaps(
        cx: &Context<'_>,
        inner: Option<TwoPhase>,
        mut wanted: Effects<TwoPhase>,
        fx: &mut Fx,
    ) -> Option<Broken> {
        if let Some(inner) = inner {
            return Some(Broken::around(inner).edited(cx, wanted, fx));
        }
        wanted.drain().for_each(|effect| fx.push(translated(effect)));
        None
    }

    fn edited(mut self, cx: &Context<'_>, wanted: Effects<TwoPhase>, fx: &mut Fx) -> Broken {
        self.edit(cx, wanted, fx);
        self
    }

    fn step(
        &mut self,
        cx: &Context<'_>,
        fx: &mut Fx,
        act: impl FnOnce(&mut TwoPhase, &Cx<'_, TwoPhase>, &mut Effects<TwoPhase>),
    ) {
        let mut wanted = Effects::new();
        act(&mut self.inner, &plain(cx), &mut wanted);
        self.edit(cx, wanted, fx);
    }

    /// Gives the inner machine a message that nobody may have sent.
    fn hear(&mut self, cx: &Context<'_>, from: NodeId, message: Message, fx: &mut Fx) {
        self.step(cx, fx, |inner, cx, wanted| inner.on_message(cx, from, message, wanted));
    }

    /// Passes on what the inner machine wants, as far as the bug lets it.
    fn edit(&mut self, cx: &Context<'_>, mut wanted: Effects<TwoPhase>, fx: &mut Fx) {
        let mut hurried = Vec::new();
        let mut forgotten = false;
        for effect in wanted.drain() {
            match (cx.config.bug, effect) {
                (Some(bug), Effect::Force(record)) => match bug.haste(is_root(cx), record) {
                    None => fx.force(record),
                    Some(haste) => {
                        hurried.push(record);
                        match haste {
                            Haste::Forced => fx.force(record),
                            Haste::Written => fx.write(record),
                            Haste::Skipped => {}
                        }
                    }
                },
                (Some(Bug::BeginsAgain), Effect::Forget) if !is_root(cx) => self.life = Life::Past,
                (Some(Bug::ShrugsOffAbort), Effect::Arm(Timer::DecisionDue, _))
                | (Some(Bug::KeepsAlarm), Effect::Disarm(Timer::VotesDue)) => {}
                (_, effect) => {
                    forgotten |= effect == Effect::Forget;
                    fx.push(translated(effect));
                }
            }
        }
        // Only now: what the machine wanted in the same step as the record comes first.
        for record in hurried {
            self.step(cx, fx, |inner, cx, wanted| inner.on_durable(cx, &record, wanted));
        }
        if !forgotten && is_root(cx) {
            match cx.config.bug {
                Some(Bug::ForgetsAtOnce) => self.pretend_acks(cx, &cx.cast.voters, fx),
                Some(Bug::MixesPresumptions) => {
                    self.pretend_acks(cx, &[FOREIGNER].into_iter().collect(), fx);
                }
                _ => {}
            }
        }
    }

    /// The root believes that `whom` have acknowledged.
    fn pretend_acks(&mut self, cx: &Context<'_>, whom: &NodeSet, fx: &mut Fx) {
        while let TwoPhase::Announcing(_, silent, _) = &self.inner {
            let Some(node) = silent.iter().find(|node| whom.contains(*node)) else { return };
            self.hear(cx, node, Message::Ack, fx);
        }
    }

    /// What the machine takes a message for. Notes whose votes were counted.
    fn misheard(&mut self, cx: &Context<'_>, from: NodeId, message: Message) -> (NodeId, Message) {
        let mut from = from;
        let mut message = message;
        if !matches!(message, Message::Yes | Message::No | Message::ReadOnly) {
            return (from, message);
        }
        if cx.config.has(Bug::TellsReaders) && message == Message::ReadOnly {
            message = Message::Yes;
        }
        let again = !self.counted.insert(from);
        if cx.config.has(Bug::CountsVotes) && again && message == Message::Yes {
            let somebody = cx.cast.voters.iter().find(|voter| !self.counted.contains(*voter));
            from = somebody.unwrap_or(from);
            self.counted.insert(from);
        }
        (from, message)
    }

    /// A message for a machine that is one only in name.
    fn awaken(&mut self, cx: &Context<'_>, from: NodeId, message: Message, fx: &mut Fx) {
        if message != Message::Prepare {
            return Broken::afterwards(cx, Gone::Forgotten, from, message, fx);
        }
        if let Some(new) = Broken::first_contact(cx, from, message, fx) {
            *self = new;
        }
    }
}

fn is_root(cx: &Context<'_>) -> bool {
    cx.me == cx.cast.root
}

/// The context as the inner machine sees it.
fn plain<'a>(cx: &Context<'a>) -> Cx<'a, TwoPhase> {
    let foreign =
        cx.config.has(Bug::MixesPresumptions) && cx.me == FOREIGNER && cx.me != cx.cast.root;
    let config = if foreign { &cx.config.foreign } else { &cx.config.protocol };
    Cx { me: cx.me, tx: cx.tx, cast: cx.cast, config }
}

fn opposite(message: Message) -> Message {
    match message {
        Message::Commit => Message::Abort,
        Message::Abort => Message::Commit,
        other => other,
    }
}

fn translated(effect: Effect<TwoPhase>) -> Effect<Broken> {
    match effect {
        Effect::Send { to, message } => Effect::Send { to, message },
        Effect::Force(record) => Effect::Force(record),
        Effect::Write(record) => Effect::Write(record),
        Effect::Arm(timer, span) => Effect::Arm(timer, span),
        Effect::Disarm(timer) => Effect::Disarm(timer),
        Effect::AskVote => Effect::AskVote,
        Effect::Decide(decision) => Effect::Decide(decision),
        Effect::Rest => Effect::Rest,
        Effect::Forget => Effect::Forget,
    }
}
