//! Two-phase commit with vote registers by name.

use commitsim_protocol_watchdog::{ABOUT, Config, Watchdog};

use crate::entry::Entry;

pub(crate) static REGISTERS: Entry<Watchdog> =
    Entry { about: &ABOUT, config: |_, patience| Config { patience } };
