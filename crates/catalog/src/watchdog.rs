//! The two watchdogs by name: the one that reads registers, and the one of the story.

use commitsim_protocol_watchdog::{ABOUT, Config, Watchdog};
use commitsim_protocol_watchdog_naive as naive;

use crate::entry::Entry;

pub(crate) static REGISTERS: Entry<Watchdog> =
    Entry { about: &ABOUT, config: |_, patience| Config { patience } };

pub(crate) static NAIVE: Entry<naive::NaiveWatchdog> =
    Entry { about: &naive::ABOUT, config: |_, patience| naive::Config { patience } };
