//! A map from transactions to values, made for ids that come in order.
#![no_std]
#![deny(clippy::float_arithmetic)]

extern crate alloc;

mod tx_table;

pub use tx_table::TxTable;
