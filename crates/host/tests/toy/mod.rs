//! A protocol that does what its messages say, and a store that writes down what it is asked.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::collections::BTreeSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};

use commitsim_core::{
    Alarm, Cast, Cost, Cx, Decision, Effects, Formation, Gone, Lsn, Meaning, Necessary, NodeId,
    NodeSet, Promise, Protocol, Span, Spoken, Status, TxId, Vote, Word, WriteAhead,
};
use commitsim_host::{Act, Casts, Data, Host, Input, Stage};

/// Where a machine reports what happened to it.
pub(crate) const WITNESS: NodeId = NodeId(3);
pub(crate) const ME: NodeId = NodeId(1);
pub(crate) const ROOT: NodeId = NodeId(0);
/// A node that is no voter.
pub(crate) const HELPER: NodeId = NodeId(2);

/// What a machine is told to do.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Do {
    Send(NodeId, Script),
    Force(u8),
    Write(u8),
    Decide(Decision),
    Stand(Status),
    Rest,
    Forget,
    /// Only on first contact: open no machine.
    Close,
    /// A report.
    Note(&'static str, u8),
}

/// A message: what the machine that gets it does.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Script(pub(crate) Vec<Do>);

/// A record: a number. From 90 on it says that all is over.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Number(pub(crate) u8);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Bell;

/// A machine.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Toy {
    pub(crate) status: Status,
    pub(crate) recovered: Vec<Number>,
}

impl Spoken for Script {
    const NAMES: &'static [&'static str] = &["Script"];

    fn word(&self) -> Word {
        Word { tag: 0, detail: 0, meaning: Meaning::Other }
    }
}

impl Spoken for Number {
    const NAMES: &'static [&'static str] = &["Number"];

    fn word(&self) -> Word {
        Word { tag: 0, detail: u32::from(self.0), meaning: Meaning::Other }
    }
}

impl Alarm for Bell {
    const ALL: &'static [Bell] = &[Bell];
    const NAMES: &'static [&'static str] = &["Bell"];

    fn index(self) -> u8 {
        0
    }
}

impl Toy {
    fn play(&mut self, script: Script, fx: &mut Effects<Toy>) {
        for step in script.0 {
            match step {
                Do::Send(to, script) => fx.send(to, script),
                Do::Force(number) => fx.force(Number(number)),
                Do::Write(number) => fx.write(Number(number)),
                Do::Decide(decision) => fx.decide(decision),
                Do::Stand(status) => self.status = status,
                Do::Rest => fx.rest(),
                Do::Forget => fx.forget(),
                Do::Note(what, number) => note(what, number, fx),
                Do::Close => {}
            }
        }
    }
}

fn note(what: &'static str, number: u8, fx: &mut Effects<Toy>) {
    fx.send(WITNESS, Script(vec![Do::Note(what, number)]));
}

impl Protocol for Toy {
    type Config = ();
    type Message = Script;
    type Record = Number;
    type Timer = Bell;

    fn promise((): &()) -> Promise {
        Promise {
            formation: Formation::STAR,
            glare: Cost::NONE,
            necessary: Necessary::Root,
            ahead: WriteAhead {
                vote: false,
                commit: false,
                presumes_commit: false,
                members: false,
            },
            commit_cost: |_, _| Cost { messages: 0, forced: 0 },
        }
    }

    fn begin(_: &Cx<'_, Toy>, fx: &mut Effects<Toy>) -> Toy {
        note("begun", 0, fx);
        Toy { status: Status::Working, recovered: vec![] }
    }

    fn first_contact(
        _: &Cx<'_, Toy>,
        _: NodeId,
        script: Script,
        fx: &mut Effects<Toy>,
    ) -> Option<Toy> {
        note("met", 0, fx);
        let opens = !script.0.contains(&Do::Close);
        let mut toy = Toy { status: Status::Working, recovered: vec![] };
        toy.play(script, fx);
        opens.then_some(toy)
    }

    fn afterwards(_: &Cx<'_, Toy>, gone: Gone, _: NodeId, script: Script, fx: &mut Effects<Toy>) {
        note(
            match gone {
                Gone::Forgotten => "forgotten",
                Gone::Lost => "lost",
            },
            0,
            fx,
        );
        Toy { status: Status::Working, recovered: vec![] }.play(script, fx);
    }

    fn recover(_: &Cx<'_, Toy>, log: &[Number], fx: &mut Effects<Toy>) -> Option<Toy> {
        for number in log {
            note("recovered", number.0, fx);
        }
        if log.iter().any(|number| number.0 >= 90) {
            fx.decide(Decision::Commit);
            return None;
        }
        Some(Toy { status: Status::InDoubt, recovered: log.to_vec() })
    }

    fn on_message(&mut self, _: &Cx<'_, Toy>, _: NodeId, script: Script, fx: &mut Effects<Toy>) {
        self.play(script, fx);
    }

    fn on_vote(&mut self, _: &Cx<'_, Toy>, _: Vote, fx: &mut Effects<Toy>) {
        note("voted", 0, fx);
    }

    fn on_durable(&mut self, _: &Cx<'_, Toy>, record: &Number, fx: &mut Effects<Toy>) {
        note("durable", record.0, fx);
    }

    fn on_timer(&mut self, _: &Cx<'_, Toy>, _: Bell, fx: &mut Effects<Toy>) {
        fx.arm(Bell, Span(1));
        note("rang", 0, fx);
    }

    fn status(&self) -> Status {
        self.status
    }
}

/// Writes down what it is asked, and has one image of each transaction.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Store {
    given: BTreeSet<TxId>,
    pub(crate) asked: Vec<String>,
}

impl Data for Store {
    type Images = Vec<u32>;

    fn images(&mut self, tx: TxId) -> Vec<u32> {
        if self.given.insert(tx) { vec![tx.0] } else { vec![] }
    }

    fn finish(&mut self, tx: TxId, decision: Decision) {
        self.asked.push(format!("finish {} {decision:?}", tx.0));
    }

    fn reload(&mut self, tx: TxId, images: &Vec<u32>) {
        self.asked.push(format!("reload {} {images:?}", tx.0));
    }

    fn crash(&mut self) {
        self.given.clear();
        self.asked = vec!["crash".into()];
    }
}

/// One node on its stage.
#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) stage: Stage<Toy>,
    pub(crate) host: Host<Toy, Store>,
}

impl Node {
    pub(crate) fn new(me: NodeId) -> Node {
        let voters: NodeSet = [ROOT, ME].into_iter().collect();
        let cast = |node: NodeId| Cast {
            root: ROOT,
            parent: (node != ROOT).then_some(ROOT),
            neighbours: NodeSet::EMPTY,
            voters: voters.clone(),
            helpers: NodeSet::EMPTY,
        };
        let casts = Casts::new((0..4).map(|node| cast(NodeId(node))).collect());
        Node { stage: Stage { config: (), casts }, host: Host::new(me, Store::default()) }
    }

    pub(crate) fn handle(&mut self, input: Input<Toy>) -> Vec<String> {
        let (mut fx, mut acts) = (Effects::new(), Vec::new());
        self.host.handle(&self.stage, input, &mut fx, &mut acts);
        assert!(fx.is_empty());
        said(&acts)
    }

    /// A message from the witness, which is root of nothing.
    pub(crate) fn tell(&mut self, tx: u32, script: Vec<Do>) -> Vec<String> {
        self.tell_from(WITNESS, 0, tx, script)
    }

    pub(crate) fn tell_from(
        &mut self,
        from: NodeId,
        settled: u32,
        tx: u32,
        script: Vec<Do>,
    ) -> Vec<String> {
        let (settled, tx, message) = (TxId(settled), TxId(tx), Script(script));
        self.handle(Input::Deliver { from, settled, tx, message })
    }

    pub(crate) fn durable(&mut self, upto: u64) -> Vec<String> {
        self.handle(Input::Durable { upto: Lsn(upto) })
    }

    pub(crate) fn crash(&mut self, survives: u64) {
        self.host.crash(Lsn(survives));
    }

    pub(crate) fn restart(&mut self, born: u32) -> Vec<String> {
        let (mut fx, mut acts) = (Effects::new(), Vec::new());
        self.host.restart(&self.stage, TxId(born), &mut fx, &mut acts);
        said(&acts)
    }

    /// The log: where it is cut, which records are kept, up to where it is durable.
    pub(crate) fn log(&self) -> (u64, Vec<u8>, u64) {
        let log = self.host.log();
        let records = log.entries().map(|entry| entry.record.0).collect();
        (log.cut().0, records, log.durable().0)
    }

    pub(crate) fn hash(&self) -> u64 {
        BuildHasherDefault::<DefaultHasher>::default().hash_one(&self.host)
    }
}

/// Acts in few words.
fn said(acts: &[Act<Toy>]) -> Vec<String> {
    acts.iter().map(one).collect()
}

fn one(act: &Act<Toy>) -> String {
    match act {
        Act::Send { to, tx, message } => match &message.0[..] {
            [Do::Note(what, number)] if *to == WITNESS => format!("{} {what} {number}", tx.0),
            script => format!("{} to n{} {script:?}", tx.0, to.0),
        },
        Act::Opened { tx } => format!("{} opened", tx.0),
        Act::Append { tx, lsn, record, forced } => {
            let how = if *forced { "force" } else { "write" };
            format!("{} {how} {} at {}", tx.0, record.0, lsn.0)
        }
        Act::Durable { tx, lsn, record, .. } => format!("{} has {} at {}", tx.0, record.0, lsn.0),
        Act::Entered { tx, status } => format!("{} stands {status:?}", tx.0),
        Act::Decided { tx, decision, why } => format!("{} decides {decision:?} {why:?}", tx.0),
        Act::Forgot { tx } => format!("{} forgot", tx.0),
        Act::Arm { tx, .. } => format!("{} armed", tx.0),
        Act::Disarm { tx, .. } => format!("{} disarmed", tx.0),
        Act::AskVote { tx } => format!("{} works", tx.0),
    }
}

/// A script for oneself.
pub(crate) fn to(node: NodeId, script: Vec<Do>) -> Do {
    Do::Send(node, Script(script))
}
