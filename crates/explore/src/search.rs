//! Breadth first through everything that can happen.

use std::sync::{Mutex, PoisonError};

use commitsim_core::Protocol;
use commitsim_spec::{Property, Violation};

use crate::choice::Choice;
use crate::heal::{Ill, Relapse};
use crate::verdict::{Verdict, Walk};
use crate::visited::Visited;
use crate::world::World;

/// What a search looks for, and when it gives up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quest {
    /// Only these properties; any where the list is empty.
    pub properties: Vec<Property>,
    /// Whether every world is healed to see whether it recovers.
    pub recovery: bool,
    /// Whether a search may leave out worlds when nothing that is looked for can depend on them.
    pub reduced: bool,
    /// How many worlds may be met.
    pub worlds: u64,
    /// How many bytes may be used for fingerprints and for the worlds that wait to be looked at.
    /// What a world takes is estimated, so that the search ends at the same world everywhere.
    pub memory: u64,
}

/// Who does the work.
pub trait Crew: Sync {
    /// How many can work at once.
    fn hands(&self) -> usize;

    /// Does the jobs 0 to `jobs` − 1, in any order, and returns when all are done.
    fn share(&self, jobs: usize, job: &(dyn Fn(usize) + Sync));
}

/// One worker.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

impl Crew for Alone {
    fn hands(&self) -> usize {
        1
    }

    fn share(&self, jobs: usize, job: &(dyn Fn(usize) + Sync)) {
        (0..jobs).for_each(job);
    }
}

/// How many worlds are looked at before what was found is put together.
const BLOCK: usize = 8_192;

/// Looks at everything that can become of `start`. `tell` hears how far the search is after each
/// block, and says whether to go on. The answer is the same whoever does the work.
///
/// Under an unreliable network it leaves out what need not be looked at, if the quest allows that;
/// where something is found it looks again without, for a shortest way.
pub fn explore<P: Protocol>(
    start: World<P>,
    quest: &Quest,
    crew: &dyn Crew,
    tell: &mut dyn FnMut(&Walk) -> bool,
) -> Verdict<P> {
    if !quest.reduced || !start.left.unreliable {
        return look(start, quest, crew, tell);
    }
    let mut eager = start.clone();
    eager.eager = true;
    let found = look(eager, quest, crew, tell);
    if matches!(found, Verdict::Holds(_) | Verdict::Unfinished(_)) {
        return found;
    }
    match look(start, quest, crew, tell) {
        // That something is wrong is known, and how; only whether it takes so many steps is not.
        Verdict::Unfinished(_) => found,
        shortest => shortest,
    }
}

fn look<P: Protocol>(
    start: World<P>,
    quest: &Quest,
    crew: &dyn Crew,
    tell: &mut dyn FnMut(&Walk) -> bool,
) -> Verdict<P> {
    let mut search = Search {
        quest,
        visited: Visited::new(),
        well: Visited::new(),
        walk: Walk::default(),
        start: start.clone(),
    };
    search.visited.insert(start.digest(), 0, 0);
    let mut level = vec![Met { place: 0, world: Box::new(start) }];
    while !level.is_empty() {
        let mut next = Vec::new();
        let mut bytes: u64 = level.iter().map(|met| met.world.bytes()).sum();
        // What has been looked at is dropped at once, to make room for what comes of it.
        let mut rest = level.into_iter().peekable();
        while rest.peek().is_some() {
            let block: Vec<Met<P>> = rest.by_ref().take(BLOCK).collect();
            let known = next.len();
            if let Some(found) = search.look_at(&block, &mut next, crew) {
                return search.verdict(found);
            }
            let size = |met: &Met<P>| met.world.bytes();
            bytes += next[known..].iter().map(size).sum::<u64>();
            search.measure(bytes, (block.len() + rest.len() + next.len()) as u64);
            bytes -= block.iter().map(size).sum::<u64>();
            let walk = &search.walk;
            let spent = walk.worlds > quest.worlds || walk.bytes > quest.memory;
            if spent || !tell(walk) {
                return Verdict::Unfinished(search.walk);
            }
        }
        search.walk.depth += u32::from(!next.is_empty());
        level = next;
    }
    Verdict::Holds(search.walk)
}

/// A world that waits to be looked at, with its place among those that were met.
struct Met<P: Protocol> {
    place: u32,
    world: Box<World<P>>,
}

struct Search<'a, P: Protocol> {
    quest: &'a Quest,
    visited: Visited,
    /// Healed worlds that are known to recover.
    well: Visited,
    walk: Walk,
    start: World<P>,
}

/// What came of a piece of a block.
struct Piece<P: Protocol> {
    new: Vec<New<P>>,
    choices: u64,
    well: Vec<u128>,
    found: Option<Found>,
}

/// A world that may not have been met before, and how it was reached.
struct New<P: Protocol> {
    digest: u128,
    from: u32,
    choice: u32,
    world: Box<World<P>>,
}

/// Something wrong: after which world, by which of its choices.
struct Found {
    from: u32,
    choice: u32,
    what: Wrong,
}

enum Wrong {
    Broken(Vec<Violation>),
    Ill(Relapse),
}

impl<P: Protocol> Search<'_, P> {
    /// Looks at a block of worlds of one level, and adds what is new to the next.
    fn look_at(
        &mut self,
        block: &[Met<P>],
        next: &mut Vec<Met<P>>,
        crew: &dyn Crew,
    ) -> Option<Found> {
        let size = block.len().div_ceil(4 * crew.hands()).max(1);
        let parts: Vec<&[Met<P>]> = block.chunks(size).collect();
        let pieces: Vec<Mutex<Option<Piece<P>>>> = parts.iter().map(|_| Mutex::new(None)).collect();
        crew.share(parts.len(), &|job| {
            let piece = self.piece(parts[job]);
            *pieces[job].lock().unwrap_or_else(PoisonError::into_inner) = Some(piece);
        });
        for piece in pieces {
            let piece = piece.into_inner().unwrap_or_else(PoisonError::into_inner)?;
            self.walk.choices += piece.choices;
            for New { digest, from, choice, world } in piece.new {
                if let Some(place) = self.visited.insert(digest, from, choice) {
                    next.push(Met { place, world });
                }
            }
            for digest in piece.well {
                self.well.insert(digest, 0, 0);
            }
            if piece.found.is_some() {
                return piece.found;
            }
        }
        None
    }

    /// Looks at some worlds, until something is wrong.
    fn piece(&self, worlds: &[Met<P>]) -> Piece<P> {
        let mut piece = Piece { new: Vec::new(), choices: 0, well: Vec::new(), found: None };
        let (mut here, mut well) = (Visited::new(), Visited::new());
        for Met { place: from, world: before } in worlds {
            let mut choice = 0;
            before.each_next(|step, mut world| {
                let number = choice;
                choice += 1;
                if piece.found.is_some() {
                    return;
                }
                world.hurry(&step, &before.flying);
                let found = |what| Some(Found { from: *from, choice: number, what });
                if self.is_wanted(world.violations()) {
                    piece.found = found(Wrong::Broken(world.violations().to_vec()));
                    return;
                }
                let digest = world.digest();
                if self.visited.contains(digest) || here.insert(digest, 0, 0).is_none() {
                    return;
                }
                if self.quest.recovery {
                    let known =
                        |digest| self.well.contains(digest) || well.insert(digest, 0, 0).is_none();
                    match world.recovers(known) {
                        Err(relapse) if self.is_ill(&relapse.ill) => {
                            piece.found = found(Wrong::Ill(relapse));
                        }
                        _ => {}
                    }
                }
                let world = Box::new(world);
                piece.new.push(New { digest, from: *from, choice: number, world });
            });
            piece.choices += u64::from(choice);
        }
        if piece.found.is_none() {
            piece.well = well.all();
        }
        piece
    }

    fn is_wanted(&self, violations: &[Violation]) -> bool {
        let wanted = |v: &Violation| {
            self.quest.properties.is_empty() || self.quest.properties.contains(&v.property)
        };
        violations.iter().any(wanted)
    }

    fn is_ill(&self, ill: &Ill) -> bool {
        match ill {
            Ill::Stuck(violations) => self.is_wanted(violations),
            Ill::Restless => {
                let wanted = &self.quest.properties;
                wanted.is_empty() || wanted.contains(&Property::Ac5)
            }
        }
    }

    /// `waiting` worlds are in memory, and take so many bytes.
    fn measure(&mut self, bytes: u64, waiting: u64) {
        let walk = &mut self.walk;
        walk.worlds = self.visited.len() as u64;
        walk.fingerprints = (self.visited.bytes() + self.well.bytes()) as u64;
        walk.waiting = walk.waiting.max(waiting);
        walk.waiting_bytes = walk.waiting_bytes.max(bytes);
        walk.bytes = walk.bytes.max(walk.fingerprints + bytes);
    }

    fn verdict(mut self, found: Found) -> Verdict<P> {
        self.walk.worlds = self.visited.len() as u64;
        let mut way = Vec::new();
        let mut world = self.start.clone();
        let mut numbers = self.visited.way_to(found.from);
        numbers.push(found.choice);
        for number in numbers {
            let (choice, mut next) = nth(&world, number);
            let hurried = next.hurry(&choice, &world.flying);
            way.push(choice);
            way.extend(hurried);
            world = next;
        }
        match found.what {
            Wrong::Broken(violations) => Verdict::Broken { way, violations, walk: self.walk },
            Wrong::Ill(Relapse { silenced, ill }) => {
                way.extend(silenced.then_some(Choice::Silence));
                Verdict::Ill { way, ill, walk: self.walk }
            }
        }
    }
}

/// What the choice of that number at this world is, and what becomes of it.
fn nth<P: Protocol>(world: &World<P>, number: u32) -> (Choice<P>, World<P>) {
    let mut at = 0;
    let mut found = None;
    world.each_next(|choice, next| {
        if at == number {
            found = Some((choice, next));
        }
        at += 1;
    });
    found.expect("a world has the same choices each time")
}
