//! Every planted bug by name, in the order of reliability.md 9, with what it takes to find it.

use commitsim_catalog::{Explored, Inquiry, Options, Runnable};
use commitsim_core::Protocol;
use commitsim_explore::{Bounds, Crew, Quest, Synchrony, Walk};
use commitsim_sim::Topology;
use commitsim_spec::Property;

use crate::budgets::BUDGETS;
use crate::{
    BACKUPS, D2PC, DECENTRALIZED, LINEAR, LOST_BEGINNING, Mistake, OLD_SYNC, P2PC, Plant,
    REGISTERS, THREE_PHASE_PLANTS, TREE_PLANTS,
};

/// A planted bug. What is run by its name is [`Specimen::runnable`].
#[derive(Clone, Copy)]
pub struct Specimen {
    /// Its name.
    pub name: &'static str,
    /// What is wrong, in one line.
    pub title: &'static str,
    /// Where the mistake is from.
    pub source: &'static str,
    /// What is violated when it shows; others may be as well.
    pub property: Property,
    /// The id of the protocol that it would be without the bug.
    pub original: &'static str,
    /// The protocol with the bug in it.
    pub runnable: &'static dyn Runnable,
    /// Within which bounds a search finds it.
    pub budget: Budget,
}

/// Within which bounds a search finds a bug.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    /// How many nodes hold data. Trees are chains.
    pub nodes: u16,
    /// What may go wrong.
    pub bounds: Bounds,
    /// How many steps the shortest counterexample takes.
    pub steps: u32,
}

impl Specimen {
    /// Searches for the property within a budget, which need not be its own.
    pub fn explore(
        &self,
        budget: &Budget,
        worlds: u64,
        crew: &dyn Crew,
        tell: &mut dyn FnMut(&Walk) -> bool,
    ) -> Explored {
        let properties = vec![self.property];
        let quest = Quest { properties, recovery: true, reduced: false, worlds, memory: 4 << 30 };
        let (topology, options) = (&Topology::Chain, &Options::default());
        let Budget { nodes, bounds, .. } = *budget;
        let inquiry = Inquiry { nodes, topology, options, bounds, quest: &quest };
        self.runnable.explore(&inquiry, crew, tell)
    }

    /// The rows of reliability.md 9 that it is.
    pub fn rows(&self) -> impl Iterator<Item = u32> {
        let rows = self.source.split("reliability.md 9, row ").skip(1);
        rows.filter_map(|text| text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok())
    }
}

/// All planted bugs; those of the document's table first, in its order.
#[must_use]
pub fn roster() -> Vec<Specimen> {
    let mut all: Vec<Specimen> = crate::all()
        .iter()
        .map(|mutant| Specimen {
            name: mutant.about.id,
            title: mutant.about.title,
            source: mutant.about.source,
            property: mutant.property,
            original: mutant.original,
            runnable: mutant,
            budget: budget(mutant.about.id),
        })
        .collect();
    all.extend(specimens(&LINEAR));
    all.extend(specimens(&DECENTRALIZED));
    all.extend(specimens(&REGISTERS));
    all.extend(specimens(&BACKUPS));
    all.extend(specimens(&TREE_PLANTS));
    all.extend(specimens(&D2PC));
    all.extend(specimens(&P2PC));
    all.extend(specimens(&THREE_PHASE_PLANTS));
    all.extend(outside_their_promise());
    all.push(specimen(&OLD_SYNC));
    all.push(specimen(&LOST_BEGINNING));
    all.sort_by_key(|specimen| specimen.rows().next().unwrap_or(u32::MAX));
    all
}

/// Correct implementations of what is wrong, or wrong where they are used.
fn outside_their_promise() -> impl Iterator<Item = Specimen> {
    let all = [
        (
            "three-naive",
            "3pc-naive",
            "three-phase commit with timeouts and without a termination protocol",
            "reliability.md 9, row 17; protocols.md 13, V11",
        ),
        (
            "three-asynchronous",
            "3pc",
            "three-phase commit where messages may take any time",
            "reliability.md 9, row 18; protocols.md 13, V12",
        ),
        (
            "three-lossy",
            "3pc",
            "three-phase commit where one message is lost, and one node dies",
            "reliability.md 9, row 19",
        ),
    ];
    all.into_iter().filter_map(|(name, original, title, source)| {
        let runnable = commitsim_catalog::find(original)?;
        let (property, budget) = (Property::Ac1, budget(name));
        Some(Specimen { name, title, source, property, original, runnable, budget })
    })
}

fn specimens<P: Protocol, M: Mistake<P>>(
    plants: &'static [Plant<P, M>],
) -> impl Iterator<Item = Specimen> {
    plants.iter().map(specimen)
}

fn specimen<P: Protocol, M: Mistake<P>>(plant: &'static Plant<P, M>) -> Specimen {
    Specimen {
        name: plant.name,
        title: plant.title,
        source: plant.source,
        property: plant.property,
        original: plant.original.id,
        runnable: plant,
        budget: budget(plant.name),
    }
}

/// What the table of budgets says of a bug; where it says nothing, a search will not find it.
fn budget(name: &str) -> Budget {
    let known = BUDGETS.iter().find(|(of, _)| *of == name);
    let nothing = Budget { nodes: 2, bounds: Bounds::NONE, steps: 0 };
    known.map_or(nothing, |(_, budget)| *budget)
}

/// Three-phase commit takes patience that exceeds every delay for granted.
pub(crate) const PATIENT: Bounds = Bounds { synchrony: Synchrony::MessagesFirst, ..Bounds::NONE };
