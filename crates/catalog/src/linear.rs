//! Linear two-phase commit by name.

use commitsim_protocol_linear::{ABOUT, Config, Linear};

use crate::entry::Entry;

pub(crate) static LINEAR: Entry<Linear> =
    Entry { about: &ABOUT, config: |_, patience| Config { patience } };
