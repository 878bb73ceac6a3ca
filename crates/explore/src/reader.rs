//! Who knows what the numbers of a world stand for, and what comes of a step.

use std::hash::Hasher as _;
use std::sync::Arc;

use commitsim_core::{Alarm as _, Effects, Lsn, NodeId, Protocol, Spoken, Time};
use commitsim_host::{Act, Host, Input};
use commitsim_spec::{Circumstances, Observation, Spec, What};

use crate::choice::Envelope;
use crate::digest::Digest;
use crate::library::{Hosted, Library, Oracle, Sent, TX};
use crate::memo::Memo;
use crate::outcome::{Deed, Outcome, seen};
use crate::state::{Nodes, State};
use crate::turn::Step;

/// A reader of the library with a memory of its own: the same thing happens to the same host, and
/// the oracle is told the same, in very many worlds, so it is worked out once.
pub(crate) struct Reader<'a, P: Protocol> {
    pub(crate) library: &'a Library<P>,
    /// Whether what may be done at once is, and so other orders are not looked at.
    pub(crate) eager: bool,
    hosts: Vec<Arc<Hosted<P>>>,
    envelopes: Vec<Arc<Sent<P::Message>>>,
    oracles: Vec<Arc<Oracle>>,
    outcomes: Vec<Arc<Outcome<P>>>,
    /// Outcomes by host and what happens to it.
    happened: Memo<u32>,
    /// Oracles by oracle and what it hears.
    heard: Memo<u32>,
    /// Whether an oracle objects when all is over.
    judged: Memo<bool>,
}

impl<'a, P: Protocol> Reader<'a, P> {
    pub(crate) fn new(library: &'a Library<P>, eager: bool) -> Reader<'a, P> {
        let (hosts, envelopes, oracles) = (Vec::new(), Vec::new(), Vec::new());
        let (happened, heard, judged) = (Memo::new(), Memo::new(), Memo::new());
        let outcomes = Vec::new();
        let mut reader =
            Reader { library, eager, hosts, envelopes, oracles, outcomes, happened, heard, judged };
        reader.refresh();
        reader
    }

    /// Has to be called before it reads worlds that another reader has made.
    pub(crate) fn refresh(&mut self) {
        self.library.hosts.refresh(&mut self.hosts);
        self.library.envelopes.refresh(&mut self.envelopes);
        self.library.oracles.refresh(&mut self.oracles);
    }

    pub(crate) fn host(&self, state: &State, node: NodeId) -> &Host<P> {
        &self.hosts[state.host(node) as usize].host
    }

    pub(crate) fn envelope(&self, number: u32) -> &Envelope<P::Message> {
        &self.envelopes[number as usize].envelope
    }

    pub(crate) fn spec(&self, state: &State) -> &Spec {
        &self.oracles[state.oracle as usize].spec
    }

    /// Whether a node has records that are not durable yet.
    pub(crate) fn is_behind(&self, state: &State, node: NodeId) -> bool {
        let log = self.host(state, node).log();
        log.durable() < log.appended()
    }

    /// What tells two worlds apart. Counts of messages and records do only while nothing has gone
    /// wrong, because after that nobody asks what a commit has cost.
    pub(crate) fn digest(&self, state: &State) -> u128 {
        let mut digest = self.begin_digest(state);
        // Their order depends on what they say alone, so they need not be told in it.
        let sum = |sum: u128, sent: &u32| sum.wrapping_add(self.envelopes[*sent as usize].digest);
        digest.write_u128(state.flying().iter().fold(0, sum));
        digest.whole()
    }

    /// What tells two worlds apart, but for what is under way.
    pub(crate) fn digest_of_rest(&self, state: &State) -> u128 {
        self.begin_digest(state).whole()
    }

    fn begin_digest(&self, state: &State) -> Digest {
        let mut digest = Digest::new();
        for host in &state.numbers[..usize::from(state.nodes)] {
            digest.write_u128(self.hosts[*host as usize].digest);
        }
        digest.write_u128(self.oracles[state.oracle as usize].digest);
        state.write(&mut digest);
        digest
    }

    /// What comes of something that happens to a node.
    pub(crate) fn outcome(&mut self, state: &State, step: Step) -> (u32, Arc<Outcome<P>>) {
        let node = self.whose(step);
        let key = 1 << 127 | u128::from(state.host(node)) << 64 | code(step, state.began);
        if let Some(number) = self.happened.get(key) {
            return (number, self.outcomes[number as usize].clone());
        }
        let outcome = Arc::new(self.work_out(state, node, step));
        let number = self.outcomes.len() as u32;
        self.outcomes.push(outcome.clone());
        self.happened.insert(key, number);
        (number, outcome)
    }

    fn work_out(&mut self, state: &State, node: NodeId, step: Step) -> Outcome<P> {
        let mut host = self.host(state, node).clone();
        let (mut before, mut acts) = (Vec::new(), Vec::new());
        let mut fx = Effects::new();
        let stage = &self.library.stage;
        let mut handle = |input, host: &mut Host<P>| host.handle(stage, input, &mut fx, &mut acts);
        match step {
            Step::Begin => handle(Input::Begin { tx: TX }, &mut host),
            Step::Deliver(sent) => handle(delivery(self.envelope(sent)), &mut host),
            Step::Duplicate(sent) => {
                let Envelope { from, message, .. } = self.envelope(sent);
                let (from, word) = (*from, message.word());
                before.push(What::Duplicate { tx: TX, from, id: 0, copy: 0, word });
                handle(delivery(self.envelope(sent)), &mut host);
            }
            Step::Vote(_, vote) => {
                before.push(What::Vote { tx: TX, vote });
                handle(Input::Vote { tx: TX, vote }, &mut host);
            }
            Step::Sync(_) => {
                let upto = host.log().appended();
                handle(Input::Durable { upto }, &mut host);
            }
            Step::Fire(_, timer) => {
                before.push(What::Fire { tx: TX, timer });
                let timer = P::Timer::ALL[usize::from(timer)];
                handle(Input::Fire { tx: TX, timer }, &mut host);
            }
            Step::Restart(_) => {
                before.push(What::Restart);
                let born = if state.began { TX.next() } else { TX };
                host.restart(stage, born, &mut fx, &mut acts);
            }
            Step::Crash(_, survives) => {
                before = last_words(&host, survives);
                host.crash(survives);
            }
            step => unreachable!("{step:?} happens to no node"),
        }
        let deeds = acts.iter().map(|act| self.deed(node, &host, act)).collect();
        let host = self.library.host(host);
        self.refresh();
        Outcome { node, host, before, acts, deeds }
    }

    fn deed(&self, node: NodeId, host: &Host<P>, act: &Act<P>) -> Deed {
        match act {
            Act::Send { to, message, .. } => {
                let (settled, message) = (host.settled(), message.clone());
                let envelope = Envelope { to: *to, from: node, settled, message };
                Deed::Send(self.library.envelope(envelope))
            }
            Act::Arm { timer, .. } => Deed::Arm(timer.index()),
            Act::Disarm { timer, .. } => Deed::Disarm(timer.index()),
            Act::AskVote { .. } => Deed::AskVote,
            Act::Forgot { .. } => Deed::Forget,
            _ => Deed::Tell,
        }
    }

    /// The oracle hears of the first `acts` of an outcome. What is sent from one part of the
    /// network to the other is lost.
    pub(crate) fn hear(
        &mut self,
        state: &mut State,
        (number, outcome): (u32, &Outcome<P>),
        acts: usize,
    ) {
        let key = u128::from(state.oracle)
            | u128::from(number) << 32
            | (acts as u128) << 64
            | u128::from(state.parted.0) << 96
            | 1 << 127;
        state.oracle = self.heard.get(key).unwrap_or_else(|| {
            let mut spec = self.spec(state).clone();
            let mut observe =
                |node, what| spec.observe(&Observation { at: Time::ZERO, node, what });
            outcome.before.iter().for_each(|what| observe(outcome.node, *what));
            for (act, deed) in outcome.acts.iter().zip(&outcome.deeds).take(acts) {
                seen(act).into_iter().for_each(|what| observe(outcome.node, what));
                if let Deed::Send(sent) = deed
                    && self.is_between_parts(state.parted, *sent)
                {
                    let envelope = self.envelope(*sent);
                    observe(envelope.to, loss(envelope));
                }
            }
            self.note(key, spec)
        });
    }

    /// The oracle hears that a message is lost.
    pub(crate) fn hear_of_loss(&mut self, state: &mut State, sent: u32) {
        let key = u128::from(state.oracle) | u128::from(sent) << 32 | 1 << 126;
        state.oracle = self.heard.get(key).unwrap_or_else(|| {
            let mut spec = self.spec(state).clone();
            let envelope = self.envelope(sent);
            let (node, what) = (envelope.to, loss(envelope));
            spec.observe(&Observation { at: Time::ZERO, node, what });
            self.note(key, spec)
        });
    }

    fn note(&mut self, key: u128, spec: Spec) -> u32 {
        let number = self.library.oracle(spec);
        self.library.oracles.refresh(&mut self.oracles);
        self.heard.insert(key, number);
        number
    }

    /// Whether the oracle has nothing to object to in a world in which nothing is left to happen.
    pub(crate) fn is_well(&mut self, state: &State) -> bool {
        let key = 1 << 127 | u128::from(state.oracle);
        self.judged.get(key).unwrap_or_else(|| {
            let mut spec = self.spec(state).clone();
            judge(&mut spec);
            let is_well = spec.violations().is_empty();
            self.judged.insert(key, is_well);
            is_well
        })
    }

    pub(crate) fn is_between_parts(&self, parted: Nodes, sent: u32) -> bool {
        let envelope = self.envelope(sent);
        parted.contains(envelope.from) != parted.contains(envelope.to)
    }

    /// To whom a step happens; what happens to the network as a whole, to the root.
    pub(crate) fn whose(&self, step: Step) -> NodeId {
        match step {
            Step::Deliver(sent) | Step::Duplicate(sent) | Step::Lose(sent) => {
                self.envelope(sent).to
            }
            Step::Vote(node, _)
            | Step::Sync(node)
            | Step::Fire(node, _)
            | Step::Crash(node, _)
            | Step::Restart(node) => node,
            Step::Begin | Step::Part(_) | Step::Mend | Step::Silence => self.library.root(),
        }
    }
}

/// What tells one thing that can happen to a node from another.
fn code(step: Step, began: bool) -> u128 {
    let (kind, what) = match step {
        Step::Begin => (1, 0),
        Step::Deliver(sent) => (2, u64::from(sent)),
        Step::Duplicate(sent) => (3, u64::from(sent)),
        Step::Vote(_, vote) => (4, vote as u64),
        Step::Sync(_) => (5, 0),
        Step::Fire(_, timer) => (6, u64::from(timer)),
        Step::Restart(_) => (7, u64::from(began)),
        Step::Crash(_, survives) => (8, survives.0),
        step => unreachable!("{step:?} happens to no node"),
    };
    u128::from(what << 8 | kind)
}

fn delivery<P: Protocol>(envelope: &Envelope<P::Message>) -> Input<P> {
    let Envelope { from, settled, ref message, .. } = *envelope;
    Input::Deliver { from, settled, tx: TX, message: message.clone() }
}

fn loss<M: Spoken>(envelope: &Envelope<M>) -> What {
    What::Lose { tx: TX, from: envelope.from, id: 0, word: envelope.message.word() }
}

/// What the oracle hears of a crash: what survives is durable from then on, and it hears so first.
fn last_words<P: Protocol>(host: &Host<P>, survives: Lsn) -> Vec<What> {
    let log = host.log();
    let (cut, durable, appended) = (log.cut(), log.durable(), log.appended());
    (cut.0 + 1..)
        .map(Lsn)
        .zip(log.entries())
        .filter(|(lsn, _)| *lsn > durable && *lsn <= survives)
        .map(|(lsn, entry)| What::Durable { tx: entry.tx, lsn, word: entry.record.word() })
        .chain([What::Crash { kept: survives, appended }])
        .collect()
}

/// Has the oracle judge termination in a world in which nothing is left to happen, and the cost if
/// nothing has gone wrong on the way to it.
pub(crate) fn judge(spec: &mut Spec) {
    let everywhere = |_, _| true;
    let now = Circumstances { at: Time::ZERO, reaches: &everywhere, settled: &|_| true };
    spec.judge(&now);
    spec.close(Time::ZERO, TX);
}
