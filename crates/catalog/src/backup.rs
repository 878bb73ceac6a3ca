//! Two-phase commit with backup coordinators by name.

use commitsim_core::Patience;
use commitsim_protocol_backup::{ABOUT, BackedUp, Config};

use crate::Options;
use crate::entry::Entry;

pub(crate) static BACKUP: Entry<BackedUp> = Entry { about: &ABOUT, config };

fn config(options: &Options, patience: Patience) -> Config {
    let chosen = (2..=3).find(|count: &u16| options.is("backups", &count.to_string()));
    let coordinator_votes = !options.is("coordinator_votes", "false");
    Config { backups: chosen.unwrap_or(1), coordinator_votes, patience }
}
