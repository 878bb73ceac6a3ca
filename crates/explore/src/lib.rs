//! Exhaustive search of a small world: everything that can happen, in every order.
//!
//! It runs the hosts and the oracle of the simulator on one transaction. Time is left out: a
//! message arrives at any time or never, an alarm goes off at any time at which the chosen
//! synchrony allows it. Breadth first, so that the first counterexample is a shortest one.
#![deny(clippy::float_arithmetic)]

mod bounds;
mod choice;
mod conduct;
mod digest;
mod eager;
mod heal;
mod known;
mod library;
mod memo;
mod outcome;
mod reader;
mod richest;
mod search;
mod shelf;
mod state;
mod step;
mod steps;
mod timetable;
mod turn;
mod verdict;
mod visited;
mod waiting;
mod world;

pub use bounds::{Bounds, Synchrony};
pub use choice::{Choice, Envelope};
pub use heal::Ill;
pub use search::{Alone, Crew, Quest, explore};
pub use step::{Said, Step};
pub use timetable::{Armed, Message, Timetable, Trouble, Work, timetable};
pub use verdict::{Verdict, Walk};
pub use world::World;
