//! Mutants are caught, and what they are mutants of is not objected to.

mod bench;
mod blocking;
mod d2pc;
mod ghost;
mod informed;
mod p2pc;
mod planted;
mod schedules;
mod storms;
