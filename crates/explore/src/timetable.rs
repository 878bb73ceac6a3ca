//! What happens at which step of a way, sorted by whom it happens to: what another driver of the
//! same hosts has to know to go the same way.

use std::collections::BTreeMap;

use commitsim_core::{Alarm as _, Lsn, NodeId, NodeSet, Protocol, Span, Vote};
use commitsim_host::Act;

use crate::choice::{Choice, Envelope};
use crate::outcome::Deed;
use crate::reader::Reader;
use crate::state::State;
use crate::turn::{Step, Turn};
use crate::world::World;

/// A way as a timetable. Steps are counted from 0.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Timetable {
    /// At which step the transaction begins.
    pub begins: u32,
    /// How many steps there are.
    pub steps: u32,
    /// All messages; those from one node to another in the order in which they were sent.
    pub messages: Vec<Message>,
    /// All alarms; those of one name at one node in the order in which they were set.
    pub alarms: Vec<Armed>,
    /// All pieces of work, in the order in which they were asked for.
    pub work: Vec<Work>,
    /// After which steps all is durable that a node has appended.
    pub writes: Vec<(NodeId, u32)>,
    /// What goes wrong and is put right, step by step.
    pub troubles: Vec<(u32, Trouble)>,
}

/// A message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// Its sender.
    pub from: NodeId,
    /// Its receiver.
    pub to: NodeId,
    /// In which step it was sent.
    pub sent: u32,
    /// In which steps it arrives.
    pub arrives: Vec<u32>,
    /// Whether a copy of it is still under way at the end.
    pub under_way: bool,
}

/// An alarm.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Armed {
    /// Whose.
    pub node: NodeId,
    /// Its place in the protocol's list.
    pub timer: u8,
    /// In which step it was set.
    pub set: u32,
    /// How long the protocol has it wait.
    pub span: Span,
    /// In which step it goes off.
    pub fires: Option<u32>,
}

/// A piece of local work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Work {
    /// Who works.
    pub node: NodeId,
    /// In which step the node was asked for its vote.
    pub asked: u32,
    /// In which step it answers what.
    pub voted: Option<(u32, Vote)>,
}

/// Something that goes wrong, or is put right.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// A node dies, between two steps or after so many acts of one; so much of its log is left.
    Crash {
        /// Who dies.
        node: NodeId,
        /// After how many acts of the step.
        acts: Option<u32>,
        /// How much of its log is left.
        kept: Lsn,
    },
    /// A node comes back.
    Restart(NodeId),
    /// The network falls into these nodes and all others.
    Part(NodeSet),
    /// The parts of the network find each other again.
    Mend,
}

/// The timetable of a way that begins at `start`.
pub fn timetable<P: Protocol>(start: &World<P>, way: &[Choice<P>]) -> Timetable {
    let mut reader = Reader::new(&start.library, false);
    let mut clerk = Clerk::new();
    let mut state = start.state.clone();
    for choice in way {
        let turn = start.turn(choice);
        reader.refresh();
        clerk.note(&mut reader, &state, turn);
        reader.take(&mut state, turn);
        clerk.table.steps += 1;
    }
    clerk.table
}

/// Writes the timetable while the way is gone.
struct Clerk {
    table: Timetable,
    /// What is under way, with its place in the list of messages.
    flying: Vec<(u32, usize)>,
    /// The places of the alarms that are set.
    armed: BTreeMap<(NodeId, u8), usize>,
    /// The places of the work that is being done.
    working: BTreeMap<NodeId, usize>,
}

impl Clerk {
    fn new() -> Clerk {
        let (armed, working) = (BTreeMap::new(), BTreeMap::new());
        Clerk { table: Timetable::default(), flying: Vec::new(), armed, working }
    }

    fn note<P: Protocol>(&mut self, reader: &mut Reader<'_, P>, state: &State, turn: Turn) {
        let now = self.table.steps;
        if let Some((acts, kept)) = turn.cut {
            let node = self.step(reader, state, turn.step, Some(acts as usize));
            self.trouble(Trouble::Crash { node, acts: Some(acts), kept });
            return self.stops(node);
        }
        match turn.step {
            Step::Lose(sent) => self.lands(sent),
            Step::Crash(node, kept) => {
                self.trouble(Trouble::Crash { node, acts: None, kept });
                self.stops(node);
            }
            Step::Part(part) => {
                self.trouble(Trouble::Part(part.iter().collect()));
                let messages = &mut self.table.messages;
                self.flying.retain(|(sent, place)| {
                    let stays = !reader.is_between_parts(part, *sent);
                    messages[*place].under_way = stays;
                    stays
                });
            }
            Step::Mend => self.trouble(Trouble::Mend),
            Step::Silence => {
                for (_, place) in self.flying.drain(..) {
                    self.table.messages[place].under_way = false;
                }
            }
            Step::Deliver(sent) if !state.up.contains(reader.envelope(sent).to) => {
                self.arrives(sent, now);
                self.lands(sent);
            }
            step => {
                self.step(reader, state, step, None);
            }
        }
    }

    /// A node takes a step, or the first of its acts.
    fn step<P: Protocol>(
        &mut self,
        reader: &mut Reader<'_, P>,
        state: &State,
        step: Step,
        most: Option<usize>,
    ) -> NodeId {
        let now = self.table.steps;
        match step {
            Step::Begin => self.table.begins = now,
            Step::Deliver(sent) => {
                self.arrives(sent, now);
                if !state.left.unreliable {
                    self.lands(sent);
                }
            }
            Step::Duplicate(sent) => self.arrives(sent, now),
            Step::Vote(node, vote) => {
                if let Some(place) = self.working.remove(&node) {
                    self.table.work[place].voted = Some((now, vote));
                }
            }
            Step::Sync(node) => self.table.writes.push((node, now)),
            Step::Fire(node, timer) => {
                if let Some(place) = self.armed.remove(&(node, timer)) {
                    self.table.alarms[place].fires = Some(now);
                }
            }
            Step::Restart(node) => self.trouble(Trouble::Restart(node)),
            _ => {}
        }
        let (_, outcome) = reader.outcome(state, step);
        for (act, deed) in outcome.acts.iter().zip(&outcome.deeds).take(most.unwrap_or(usize::MAX))
        {
            match (act, *deed) {
                (_, Deed::Send(sent)) => self.send(reader, state, sent),
                (Act::Arm { timer, span, .. }, _) => self.arm(outcome.node, timer.index(), *span),
                (_, Deed::Disarm(timer)) => {
                    self.armed.remove(&(outcome.node, timer));
                }
                (_, Deed::AskVote) => {
                    self.working.insert(outcome.node, self.table.work.len());
                    self.table.work.push(Work { node: outcome.node, asked: now, voted: None });
                }
                (_, Deed::Forget) => self.stops(outcome.node),
                _ => {}
            }
        }
        outcome.node
    }

    fn arm(&mut self, node: NodeId, timer: u8, span: Span) {
        self.armed.insert((node, timer), self.table.alarms.len());
        let set = self.table.steps;
        self.table.alarms.push(Armed { node, timer, set, span, fires: None });
    }

    /// A message that is under way already when it is sent again is under way once: of the second
    /// nothing is heard any more.
    fn send<P: Protocol>(&mut self, reader: &Reader<'_, P>, state: &State, sent: u32) {
        let known = self.flying.iter().any(|(flying, _)| *flying == sent);
        let under_way = !known && !reader.is_between_parts(state.parted, sent);
        let Envelope { from, to, .. } = *reader.envelope(sent);
        if under_way {
            self.flying.push((sent, self.table.messages.len()));
        }
        let (sent, arrives) = (self.table.steps, Vec::new());
        self.table.messages.push(Message { from, to, sent, arrives, under_way });
    }

    fn arrives(&mut self, sent: u32, now: u32) {
        if let Some((_, place)) = self.flying.iter().find(|(flying, _)| *flying == sent) {
            self.table.messages[*place].arrives.push(now);
        }
    }

    /// Nothing of the message is under way any more.
    fn lands(&mut self, sent: u32) {
        let messages = &mut self.table.messages;
        self.flying.retain(|(flying, place)| {
            let stays = *flying != sent;
            messages[*place].under_way &= stays;
            stays
        });
    }

    fn stops(&mut self, node: NodeId) {
        self.armed.retain(|(of, _), _| *of != node);
        self.working.remove(&node);
    }

    fn trouble(&mut self, trouble: Trouble) {
        self.table.troubles.push((self.table.steps, trouble));
    }
}
