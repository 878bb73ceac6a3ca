//! Three-phase commit by name: with its termination protocol, and with timeouts in its place.

use commitsim_core::Patience;
use commitsim_protocol_3pc::{ABOUT, Config, Termination, ThreePhase};

use crate::Options;
use crate::entry::Entry;

pub(crate) static ELECTED: Entry<ThreePhase> = Entry { about: &ABOUT[0], config: elected };

pub(crate) static NAIVE: Entry<ThreePhase> = Entry { about: &ABOUT[1], config: naive };

fn elected(_: &Options, patience: Patience) -> Config {
    Config { termination: Termination::Elected, patience }
}

fn naive(_: &Options, patience: Patience) -> Config {
    Config { termination: Termination::Naive, patience }
}
