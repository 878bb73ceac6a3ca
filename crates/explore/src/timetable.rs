//! What happens at which step of a way, sorted by whom it happens to: what another driver of the
//! same hosts has to know to go the same way.

use std::collections::BTreeMap;

use commitsim_core::{Alarm as _, Lsn, NodeId, NodeSet, Protocol, Span, Vote};
use commitsim_host::Act;

use crate::choice::{Choice, Envelope};
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
    let mut clerk = Clerk::<P>::new();
    let mut world = start.clone();
    for choice in way {
        clerk.note(&world, choice);
        world = world.after(choice);
        clerk.table.steps += 1;
    }
    clerk.table
}

/// Writes the timetable while the way is gone.
struct Clerk<P: Protocol> {
    table: Timetable,
    /// What is under way, with its place in the list of messages.
    flying: Vec<(Envelope<P::Message>, usize)>,
    /// The places of the alarms that are set.
    armed: BTreeMap<(NodeId, u8), usize>,
    /// The places of the work that is being done.
    working: BTreeMap<NodeId, usize>,
}

impl<P: Protocol> Clerk<P> {
    fn new() -> Clerk<P> {
        let (armed, working) = (BTreeMap::new(), BTreeMap::new());
        Clerk { table: Timetable::default(), flying: Vec::new(), armed, working }
    }

    fn note(&mut self, world: &World<P>, choice: &Choice<P>) {
        let now = self.table.steps;
        match choice {
            Choice::Lose(envelope) => self.lands(envelope),
            Choice::Crash(node, kept) => {
                self.trouble(Trouble::Crash { node: *node, acts: None, kept: *kept });
                self.stops(*node);
            }
            Choice::Amid(step, acts, kept) => {
                let node = self.step(world, step, Some(*acts as usize));
                self.trouble(Trouble::Crash { node, acts: Some(*acts), kept: *kept });
                self.stops(node);
            }
            Choice::Part(part) => {
                self.trouble(Trouble::Part(part.clone()));
                let apart =
                    |node: NodeId, other: NodeId| part.contains(node) != part.contains(other);
                let messages = &mut self.table.messages;
                self.flying.retain(|(envelope, place)| {
                    let stays = !apart(envelope.from, envelope.to);
                    messages[*place].under_way = stays;
                    stays
                });
            }
            Choice::Mend => self.trouble(Trouble::Mend),
            Choice::Silence => {
                for (_, place) in self.flying.drain(..) {
                    self.table.messages[place].under_way = false;
                }
            }
            Choice::Deliver(envelope) if !world.up.contains(envelope.to) => {
                self.arrives(envelope, now);
                self.lands(envelope);
            }
            step => {
                self.step(world, step, None);
            }
        }
    }

    /// A node takes a step, or the first of its acts.
    fn step(&mut self, world: &World<P>, step: &Choice<P>, most: Option<usize>) -> NodeId {
        let now = self.table.steps;
        match step {
            Choice::Begin => self.table.begins = now,
            Choice::Deliver(envelope) => {
                self.arrives(envelope, now);
                if !world.left.unreliable {
                    self.lands(envelope);
                }
            }
            Choice::Duplicate(envelope) => self.arrives(envelope, now),
            Choice::Vote(node, vote) => {
                if let Some(place) = self.working.remove(node) {
                    self.table.work[place].voted = Some((now, *vote));
                }
            }
            Choice::Sync(node) => self.table.writes.push((*node, now)),
            Choice::Fire(node, timer) => {
                if let Some(place) = self.armed.remove(&(*node, timer.index())) {
                    self.table.alarms[place].fires = Some(now);
                }
            }
            Choice::Restart(node) => self.trouble(Trouble::Restart(*node)),
            _ => {}
        }
        let (after, node, acts) = world.begin_step(step);
        for act in &acts[..most.unwrap_or(acts.len())] {
            self.act(&after, node, act);
        }
        node
    }

    fn act(&mut self, world: &World<P>, node: NodeId, act: &Act<P>) {
        let now = self.table.steps;
        match act {
            Act::Send { to, message, .. } => self.send(world, node, *to, message.clone()),
            Act::Arm { timer, span, .. } => {
                let (timer, span) = (timer.index(), *span);
                self.armed.insert((node, timer), self.table.alarms.len());
                self.table.alarms.push(Armed { node, timer, set: now, span, fires: None });
            }
            Act::Disarm { timer, .. } => {
                self.armed.remove(&(node, timer.index()));
            }
            Act::AskVote { .. } => {
                self.working.insert(node, self.table.work.len());
                self.table.work.push(Work { node, asked: now, voted: None });
            }
            Act::Forgot { .. } => self.stops(node),
            _ => {}
        }
    }

    /// A message that is under way already when it is sent again is under way once: of the second
    /// nothing is heard any more.
    fn send(&mut self, world: &World<P>, from: NodeId, to: NodeId, message: P::Message) {
        let envelope = Envelope { to, from, settled: world.host(from).settled(), message };
        let known = self.flying.iter().any(|(flying, _)| *flying == envelope);
        let under_way = !known && !world.is_between_parts(&envelope);
        let (sent, arrives) = (self.table.steps, Vec::new());
        if under_way {
            self.flying.push((envelope, self.table.messages.len()));
        }
        self.table.messages.push(Message { from, to, sent, arrives, under_way });
    }

    fn arrives(&mut self, envelope: &Envelope<P::Message>, now: u32) {
        if let Some((_, place)) = self.flying.iter().find(|(flying, _)| flying == envelope) {
            self.table.messages[*place].arrives.push(now);
        }
    }

    /// Nothing of the message is under way any more.
    fn lands(&mut self, envelope: &Envelope<P::Message>) {
        let messages = &mut self.table.messages;
        self.flying.retain(|(flying, place)| {
            let stays = flying != envelope;
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
