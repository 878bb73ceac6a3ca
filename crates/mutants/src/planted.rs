//! Any protocol with a mistake: the correct machine inside, its inputs and effects edited.

use core::fmt::Debug;
use core::hash::Hash;

use commitsim_catalog::{Explored, Inquiry, Job, Options, Runnable, search, timeless};
use commitsim_core::{
    About, Cx, Effect, Effects, Gone, NodeId, Patience, Promise, Protocol, Status, Vote,
};
use commitsim_explore::{Crew, Walk};
use commitsim_sim::{RunRecord, Watch, simulate};
use commitsim_spec::Property;

use crate::bug::Haste;

/// A mistake that nodes of protocol `P` make. What is not overridden is done correctly.
pub trait Mistake<P: Protocol>: Copy + Eq + Hash + Debug + Send + Sync + 'static {
    /// Whether the node goes on before this forced record is durable, and what it does with it.
    fn haste(self, _: &Cx<'_, P>, _: &P::Record) -> Option<Haste> {
        None
    }

    /// The same in a machine that was recovered after a crash, if [`Mistake::haste`] says nothing.
    fn haste_once_back(self, _: &Cx<'_, P>, _: &P::Record) -> Option<Haste> {
        None
    }

    /// Something happens to a machine. Returns whether the mistake has dealt with it, so that the
    /// correct machine does not get to see it.
    fn event(self, _: &Cx<'_, P>, _: &mut P, _: &Event<P>, _: &mut Effects<P>) -> bool {
        false
    }

    /// What becomes of an effect that the correct machine, as it stands afterwards, wants.
    fn effect(self, _: &Cx<'_, P>, _: &P, effect: Effect<P>) -> Option<Effect<P>> {
        Some(effect)
    }

    /// A first message arrives. Returns nothing where the correct protocol is to deal with it.
    fn first_contact(
        self,
        _: &Cx<'_, P>,
        _: NodeId,
        _: &P::Message,
        _: &mut Effects<P>,
    ) -> Option<Option<P>> {
        None
    }

    /// A message for what is over arrives. Returns whether the mistake has dealt with it.
    fn afterwards(
        self,
        _: &Cx<'_, P>,
        _: Gone,
        _: NodeId,
        _: &P::Message,
        _: &mut Effects<P>,
    ) -> bool {
        false
    }

    /// What recovery finds in the log.
    fn reads(self, _: &Cx<'_, P>, _: &mut Vec<P::Record>) {}

    /// What becomes of a machine that has just been recovered.
    fn recovered(self, _: &Cx<'_, P>, machine: Option<P>, _: &mut Effects<P>) -> Option<P> {
        machine
    }
}

/// What can happen to a machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event<P: Protocol> {
    /// A message arrives.
    Message(NodeId, P::Message),
    /// The local work answers.
    Vote(Vote),
    /// A record is durable.
    Durable(P::Record),
    /// An alarm goes off.
    Timer(P::Timer),
}

/// A protocol with a mistake in it. It can be run like a correct one, and keeps its name.
#[derive(Clone, Copy, Debug)]
pub struct Plant<P: Protocol, M: Mistake<P>> {
    /// Its own name.
    pub name: &'static str,
    /// What is wrong in one line.
    pub title: &'static str,
    /// Where the mistake is from.
    pub source: &'static str,
    /// What is violated when the mistake shows; others may be as well.
    pub property: Property,
    /// The protocol that it would be.
    pub original: &'static About,
    /// What is wrong.
    pub mistake: M,
    /// What the options of a scenario mean to the original.
    pub config: fn(&Options, Patience) -> P::Config,
}

impl<P: Protocol, M: Mistake<P>> Runnable for Plant<P, M> {
    fn about(&self) -> &'static About {
        self.original
    }

    /// What the original promises, and the mutant breaks.
    fn promise(&self, options: &Options) -> Promise {
        P::promise(&(self.config)(options, timeless()))
    }

    fn simulate<'a>(&self, job: &Job<'a>, watch: Option<&'a mut (dyn Watch + 'a)>) -> RunRecord {
        let protocol = (self.config)(job.options, job.patience);
        let config = PlantedConfig { protocol, mistake: Some(self.mistake) };
        simulate::<Planted<P, M>>(job.setup, config, &job.patience, job.seed, job.manner, watch)
    }

    fn explore(
        &self,
        inquiry: &Inquiry<'_>,
        crew: &dyn Crew,
        tell: &mut dyn FnMut(&Walk) -> bool,
    ) -> Explored {
        let protocol = (self.config)(inquiry.options, timeless());
        let config = PlantedConfig { protocol, mistake: Some(self.mistake) };
        search::<Planted<P, M>>(config, inquiry, crew, tell)
    }
}

/// What the protocol would be, and what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub struct PlantedConfig<C, M> {
    /// The original's configuration.
    pub protocol: C,
    /// Without one the wrapper makes no difference, which a test holds it to.
    pub mistake: Option<M>,
}

/// One node's share of one transaction under a protocol with a mistake.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Planted<P, M> {
    inner: P,
    mistake: Option<M>,
    /// Whether it was recovered after a crash.
    back: bool,
}

impl<P: Protocol, M: Mistake<P>> Protocol for Planted<P, M> {
    type Config = PlantedConfig<P::Config, M>;
    type Message = P::Message;
    type Record = P::Record;
    type Timer = P::Timer;

    fn promise(config: &Self::Config) -> Promise {
        P::promise(&config.protocol)
    }

    fn begin(cx: &Cx<'_, Self>, fx: &mut Effects<Self>) -> Self {
        let mut wanted = Effects::new();
        let inner = P::begin(&plain(cx), &mut wanted);
        Self::around(cx, inner, false).edited(cx, wanted, fx)
    }

    fn first_contact(
        cx: &Cx<'_, Self>,
        from: NodeId,
        message: P::Message,
        fx: &mut Effects<Self>,
    ) -> Option<Self> {
        let (cx_inner, mut wanted) = (plain(cx), Effects::new());
        let instead =
            cx.config.mistake.and_then(|m| m.first_contact(&cx_inner, from, &message, &mut wanted));
        let inner =
            instead.unwrap_or_else(|| P::first_contact(&cx_inner, from, message, &mut wanted));
        Self::perhaps(cx, inner, false, wanted, fx)
    }

    fn afterwards(
        cx: &Cx<'_, Self>,
        gone: Gone,
        from: NodeId,
        message: P::Message,
        fx: &mut Effects<Self>,
    ) {
        let (cx_inner, mut wanted) = (plain(cx), Effects::new());
        let dealt_with = |m: M| m.afterwards(&cx_inner, gone, from, &message, &mut wanted);
        if !cx.config.mistake.is_some_and(dealt_with) {
            P::afterwards(&cx_inner, gone, from, message, &mut wanted);
        }
        wanted.drain().for_each(|effect| fx.push(translated(effect)));
    }

    fn recover(cx: &Cx<'_, Self>, log: &[P::Record], fx: &mut Effects<Self>) -> Option<Self> {
        let (cx_inner, mut wanted) = (plain(cx), Effects::new());
        let mut log = log.to_vec();
        let Some(mistake) = cx.config.mistake else {
            let inner = P::recover(&cx_inner, &log, &mut wanted);
            return Self::perhaps(cx, inner, true, wanted, fx);
        };
        mistake.reads(&cx_inner, &mut log);
        let inner = if log.is_empty() { None } else { P::recover(&cx_inner, &log, &mut wanted) };
        let inner = mistake.recovered(&cx_inner, inner, &mut wanted);
        Self::perhaps(cx, inner, true, wanted, fx)
    }

    fn on_message(
        &mut self,
        cx: &Cx<'_, Self>,
        from: NodeId,
        message: P::Message,
        fx: &mut Effects<Self>,
    ) {
        self.meet(cx, Event::Message(from, message), fx);
    }

    fn on_vote(&mut self, cx: &Cx<'_, Self>, vote: Vote, fx: &mut Effects<Self>) {
        self.meet(cx, Event::Vote(vote), fx);
    }

    fn on_durable(&mut self, cx: &Cx<'_, Self>, record: &P::Record, fx: &mut Effects<Self>) {
        self.meet(cx, Event::Durable(record.clone()), fx);
    }

    fn on_timer(&mut self, cx: &Cx<'_, Self>, timer: P::Timer, fx: &mut Effects<Self>) {
        self.meet(cx, Event::Timer(timer), fx);
    }

    fn status(&self) -> Status {
        self.inner.status()
    }
}

impl<P: Protocol, M: Mistake<P>> Planted<P, M> {
    fn around(cx: &Cx<'_, Self>, inner: P, back: bool) -> Self {
        Planted { inner, mistake: cx.config.mistake, back }
    }

    /// A new machine, if there is one, and what it wants.
    fn perhaps(
        cx: &Cx<'_, Self>,
        inner: Option<P>,
        back: bool,
        mut wanted: Effects<P>,
        fx: &mut Effects<Self>,
    ) -> Option<Self> {
        if let Some(inner) = inner {
            return Some(Self::around(cx, inner, back).edited(cx, wanted, fx));
        }
        wanted.drain().for_each(|effect| fx.push(translated(effect)));
        None
    }

    fn edited(mut self, cx: &Cx<'_, Self>, wanted: Effects<P>, fx: &mut Effects<Self>) -> Self {
        self.edit(cx, wanted, fx);
        self
    }

    fn meet(&mut self, cx: &Cx<'_, Self>, event: Event<P>, fx: &mut Effects<Self>) {
        let (cx_inner, mut wanted) = (plain(cx), Effects::new());
        let machine = &mut self.inner;
        let dealt_with = |m: M| m.event(&cx_inner, machine, &event, &mut wanted);
        if !self.mistake.is_some_and(dealt_with) {
            match event {
                Event::Message(from, message) => {
                    self.inner.on_message(&cx_inner, from, message, &mut wanted);
                }
                Event::Vote(vote) => self.inner.on_vote(&cx_inner, vote, &mut wanted),
                Event::Durable(record) => {
                    self.inner.on_durable(&cx_inner, &record, &mut wanted);
                }
                Event::Timer(timer) => self.inner.on_timer(&cx_inner, timer, &mut wanted),
            }
        }
        self.edit(cx, wanted, fx);
    }

    /// Passes on what the inner machine wants, as far as the mistake lets it.
    fn edit(&mut self, cx: &Cx<'_, Self>, mut wanted: Effects<P>, fx: &mut Effects<Self>) {
        let Some(mistake) = self.mistake else {
            wanted.drain().for_each(|effect| fx.push(translated(effect)));
            return;
        };
        let cx_inner = plain(cx);
        let mut hurried = Vec::new();
        for effect in wanted.drain() {
            let Some(effect) = mistake.effect(&cx_inner, &self.inner, effect) else { continue };
            let haste = match &effect {
                Effect::Force(record) => {
                    let once_back = || mistake.haste_once_back(&cx_inner, record);
                    let haste = mistake.haste(&cx_inner, record);
                    let haste = haste.or_else(|| self.back.then(once_back).flatten());
                    haste.map(|haste| (haste, record.clone()))
                }
                _ => None,
            };
            match haste {
                None | Some((Haste::Forced, _)) => fx.push(translated(effect)),
                Some((Haste::Written, ref record)) => fx.write(record.clone()),
                Some((Haste::Skipped, _)) => {}
            }
            hurried.extend(haste.map(|(_, record)| record));
        }
        // Only now: what the machine wanted in the same step as the record comes first.
        for record in hurried {
            self.meet(cx, Event::Durable(record), fx);
        }
    }
}

/// The context as the inner machine sees it.
fn plain<'a, P: Protocol, M: Mistake<P>>(cx: &Cx<'a, Planted<P, M>>) -> Cx<'a, P> {
    Cx { me: cx.me, tx: cx.tx, cast: cx.cast, config: &cx.config.protocol }
}

fn translated<P: Protocol, M: Mistake<P>>(effect: Effect<P>) -> Effect<Planted<P, M>> {
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
