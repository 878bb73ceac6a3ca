//! Decentralized two-phase commit by name.

use commitsim_protocol_decentralized::{ABOUT, Config, Decentralized};

use crate::entry::Entry;

pub(crate) static DECENTRALIZED: Entry<Decentralized> =
    Entry { about: &ABOUT, config: |_, patience| Config { patience } };
