//! The vocabulary of commitsim and the one trait a protocol implements.
#![no_std]
#![deny(clippy::float_arithmetic)]
