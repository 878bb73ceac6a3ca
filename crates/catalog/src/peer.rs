//! Peer-to-peer two-phase commit by name.

use commitsim_protocol_p2pc::{ABOUT, Config, OutcomeForce, PeerToPeer, VoteForce};

use crate::entry::Entry;

pub(crate) static PEER: Entry<PeerToPeer> = Entry {
    about: &ABOUT,
    config: |options, patience| {
        let early = options.is("vote_force", "early");
        let lazy = options.is("outcome_force", "lazy");
        Config {
            vote_force: if early { VoteForce::Early } else { VoteForce::Late },
            outcome_force: if lazy { OutcomeForce::Lazy } else { OutcomeForce::Forced },
            patience,
        }
    },
};
