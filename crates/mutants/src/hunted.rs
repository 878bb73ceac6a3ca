//! All mutants of all protocols as things that can be hunted through.

use commitsim_catalog::{Options, Runnable};
use commitsim_core::{Patience, Protocol};
use commitsim_hunt::{Family, Swarm, seeds_until_found};
use commitsim_sim::Setup;
use commitsim_spec::Property;

use crate::{
    BACKUPS, D2PC, DECENTRALIZED, LINEAR, Mistake, P2PC, Plant, REGISTERS, THREE_PHASE_PLANTS,
    TREE_PLANTS,
};

/// A mutant of any protocol.
#[derive(Clone, Copy)]
pub struct Prey {
    /// Its name.
    pub name: &'static str,
    /// The name of the protocol that it would be without its mistake.
    pub original: &'static str,
    /// What is violated when the mistake shows.
    pub property: Property,
    /// The mutant itself.
    pub runnable: &'static dyn Runnable,
}

/// Every mutant of every protocol.
#[must_use]
pub fn prey() -> Vec<Prey> {
    static P2PC_PLANTS: [crate::Plant<commitsim_protocol_p2pc::PeerToPeer, crate::PeerSlip>; 7] =
        P2PC;
    static D2PC_PLANTS: [crate::Plant<commitsim_protocol_d2pc::DynamicTwoPhase, crate::RaceSlip>;
        6] = D2PC;
    let mut all: Vec<Prey> = crate::all()
        .iter()
        .map(|mutant| Prey {
            name: mutant.about.id,
            original: mutant.original,
            property: mutant.property,
            runnable: mutant,
        })
        .collect();
    all.extend(plants(&LINEAR));
    all.extend(plants(&DECENTRALIZED));
    all.extend(plants(&BACKUPS));
    all.extend(plants(&REGISTERS));
    all.extend(plants(&TREE_PLANTS));
    all.extend(plants(&D2PC_PLANTS));
    all.extend(plants(&P2PC_PLANTS));
    all.extend(plants(&THREE_PHASE_PLANTS));
    all
}

fn plants<P: Protocol, M: Mistake<P>>(
    plants: &'static [Plant<P, M>],
) -> impl Iterator<Item = Prey> {
    plants.iter().map(|plant| Prey {
        name: plant.name,
        original: plant.original.id,
        property: plant.property,
        runnable: plant,
    })
}

impl Prey {
    /// How many seeds it takes, counted from 1, until a hunt through `setup` shows its property
    /// broken; none where the first `most` do not. Faults are drawn from what the original promises
    /// to bear, so that it is the mistake that is found.
    #[must_use]
    pub fn seeds_until_found(&self, setup: &Setup, patience: Patience, most: u64) -> Option<u64> {
        let original = commitsim_catalog::find(self.original)?;
        let families = Family::promised(original.about().tolerates);
        let swarm = |options: Options| {
            let swarm = Swarm::new(self.runnable, &options, setup, patience, families.clone());
            (options, swarm)
        };
        let swarms: Vec<(Options, Swarm)> = self.options().into_iter().map(swarm).collect();
        seeds_until_found(self.runnable, &swarms, patience, self.property, most)
    }

    /// The original's options: the defaults, and each other value by itself.
    fn options(&self) -> Vec<Options> {
        let about = self.runnable.about();
        let others = about.options.iter().flat_map(|choice| {
            choice
                .values
                .iter()
                .skip(1)
                .filter_map(|value| Options::new(about, [(choice.name, *value)]).ok())
        });
        [Options::default()].into_iter().chain(others).collect()
    }
}
