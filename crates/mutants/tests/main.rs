//! Mutants are caught, and what they are mutants of is not objected to.

mod backup;
mod bench;
mod blocking;
mod d2pc;
mod data;
mod decentralized;
mod enactment;
mod ghost;
mod informed;
mod linear;
mod p2pc;
mod planted;
mod roster;
mod schedules;
mod storms;
mod t2pc;
mod three_phase;
mod watchdog;
