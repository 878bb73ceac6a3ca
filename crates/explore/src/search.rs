//! Breadth first through everything that can happen.

use std::sync::{Mutex, PoisonError};

use commitsim_core::Protocol;
use commitsim_spec::{Property, Violation};

use crate::choice::Choice;
use crate::eager;
use crate::heal::{Ill, Relapse};
use crate::known::{Key, Known};
use crate::library::Library;
use crate::memo::Memo;
use crate::reader::Reader;
use crate::richest::Richest;
use crate::state::State;
use crate::turn::Turn;
use crate::verdict::{Verdict, Walk};
use crate::visited::Visited;
use crate::waiting::{Met, Waiting};
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

/// The same where a world may turn out to be covered by another of its block.
const SMALL_BLOCK: usize = 512;

/// How many worlds can be met at all: their places are numbers of 32 bits, with room for what a
/// last block brings.
const MOST_WORLDS: u64 = 4_000_000_000;

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
    if !quest.reduced || !eager::is_sound(&start.state.left) {
        return look(&start, false, quest, crew, tell);
    }
    let found = look(&start, true, quest, crew, tell);
    if matches!(found, Verdict::Holds(_) | Verdict::Unfinished(_)) {
        return found;
    }
    match look(&start, false, quest, crew, tell) {
        // That something is wrong is known, and how; only whether it takes so many steps is not.
        Verdict::Unfinished(_) => found,
        shortest => shortest,
    }
}

fn look<P: Protocol>(
    start: &World<P>,
    eager: bool,
    quest: &Quest,
    crew: &dyn Crew,
    tell: &mut dyn FnMut(&Walk) -> bool,
) -> Verdict<P> {
    // Numbers depend on who is quicker; what is reported does not, since it is worked out again.
    let World { library, state } = start.apart();
    let known = if eager { Known::Richest(Richest::new()) } else { Known::All(Visited::new()) };
    let mut search = Search {
        quest,
        library: &library,
        eager,
        readers: Mutex::new(Vec::new()),
        known,
        waiting: Waiting::new(),
        well: Memo::new(),
        walk: Walk::default(),
    };
    search.begin(state);
    loop {
        let block = search.waiting.take(if eager { SMALL_BLOCK } else { BLOCK });
        if block.is_empty() {
            return Verdict::Holds(search.walk);
        }
        if let Some(found) = search.look_at(block, crew) {
            return search.verdict(start, found);
        }
        let walk = &search.walk;
        let spent = walk.worlds > quest.worlds.min(MOST_WORLDS) || walk.bytes > quest.memory;
        if spent || !tell(walk) {
            return Verdict::Unfinished(search.walk);
        }
    }
}

struct Search<'a, P: Protocol> {
    quest: &'a Quest,
    library: &'a Library<P>,
    eager: bool,
    /// Those who have nothing to do at the moment.
    readers: Mutex<Vec<Reader<'a, P>>>,
    known: Known,
    waiting: Waiting,
    /// Healed worlds that are known to recover.
    well: Memo<()>,
    walk: Walk,
}

/// What came of a piece of a block.
struct Piece {
    new: Vec<New>,
    choices: u64,
    well: Vec<u128>,
    found: Option<Found>,
}

/// A world that may not have been met before, and how it was reached.
struct New {
    key: Key,
    from: u32,
    choice: u32,
    depth: u32,
    state: State,
}

/// Something wrong: after which world, by which of its choices.
struct Found {
    from: u32,
    choice: u32,
    what: Wrong,
}

enum Wrong {
    Broken,
    Ill(Relapse),
}

impl<'a, P: Protocol> Search<'a, P> {
    fn begin(&mut self, state: State) {
        let key = self.known.key(&Reader::new(self.library, self.eager), &state);
        let place = self.known.insert(&key, 0, 0).unwrap_or(0);
        self.waiting.push(0, Met { place, depth: 0, state });
    }

    /// Looks at a block of worlds, and has what is new wait.
    fn look_at(&mut self, block: Vec<Met>, crew: &dyn Crew) -> Option<Found> {
        let deepest = block.iter().map(|met| met.depth).max().unwrap_or(0);
        self.walk.depth = self.walk.depth.max(deepest);
        let size = block.len().div_ceil(4 * crew.hands()).max(1);
        let parts: Vec<&[Met]> = block.chunks(size).collect();
        let pieces: Vec<Mutex<Option<Piece>>> = parts.iter().map(|_| Mutex::new(None)).collect();
        crew.share(parts.len(), &|job| {
            let mut reader = self.reader();
            let piece = self.piece(&mut reader, parts[job]);
            self.readers.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
            *pieces[job].lock().unwrap_or_else(PoisonError::into_inner) = Some(piece);
        });
        for piece in pieces {
            let piece = piece.into_inner().unwrap_or_else(PoisonError::into_inner)?;
            self.walk.choices += piece.choices;
            for New { key, from, choice, depth, state } in piece.new {
                if let Some(place) = self.known.insert(&key, from, choice) {
                    let rank = self.known.rank(depth, &state);
                    self.waiting.push(rank, Met { place, depth, state });
                }
            }
            for digest in piece.well {
                self.well.insert(digest, ());
            }
            if piece.found.is_some() {
                return piece.found;
            }
        }
        self.measure(&block);
        None
    }

    /// A reader who knows all worlds that wait.
    fn reader(&self) -> Reader<'a, P> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut reader = idle.unwrap_or_else(|| Reader::new(self.library, self.eager));
        reader.refresh();
        reader
    }

    /// Looks at some worlds, until something is wrong.
    fn piece(&self, reader: &mut Reader<'a, P>, worlds: &[Met]) -> Piece {
        let mut piece = Piece { new: Vec::new(), choices: 0, well: Vec::new(), found: None };
        let (mut here, mut well) = (Memo::new(), Memo::new());
        for Met { place: from, depth, state: before } in worlds {
            if self.known.is_passed(*from) {
                continue;
            }
            let mut choice = 0;
            reader.each_next(before, |reader, turn, mut state| {
                // What comes behind is not counted: how much there is depends on who looks.
                if piece.found.is_some() {
                    return;
                }
                let number = choice;
                choice += 1;
                reader.hurry(&mut state, turn, before.flying());
                let found = |what| Some(Found { from: *from, choice: number, what });
                if self.is_wanted(reader.spec(&state).violations()) {
                    piece.found = found(Wrong::Broken);
                    return;
                }
                let key = self.known.key(reader, &state);
                if self.known.covers(&key) || !here.insert(reader.digest(&state), ()) {
                    return;
                }
                if self.quest.recovery {
                    let known = |digest| {
                        let known = self.well.get(digest).is_some() || !well.insert(digest, ());
                        piece.well.extend((!known).then_some(digest));
                        known
                    };
                    match reader.recovers(&state, known) {
                        Err(relapse) if self.is_ill(&relapse.ill) => {
                            piece.found = found(Wrong::Ill(relapse));
                        }
                        _ => {}
                    }
                }
                state.numbers.shrink_to_fit();
                let (from, depth) = (*from, depth + 1);
                piece.new.push(New { key, from, choice: number, depth, state });
            });
            piece.choices += u64::from(choice);
            if piece.found.is_some() {
                break;
            }
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

    /// `block` is in memory, too.
    fn measure(&mut self, block: &[Met]) {
        let walk = &mut self.walk;
        let bytes = self.waiting.bytes() + block.iter().map(Met::bytes).sum::<u64>();
        walk.worlds = self.known.len() as u64;
        walk.fingerprints = (self.known.bytes() + self.well.bytes()) as u64;
        walk.waiting = walk.waiting.max(self.waiting.len() + block.len() as u64);
        walk.waiting_bytes = walk.waiting_bytes.max(bytes);
        walk.shared = self.library.bytes();
        walk.bytes = walk.bytes.max(walk.fingerprints + walk.shared + bytes);
    }

    fn verdict(mut self, start: &World<P>, found: Found) -> Verdict<P> {
        self.walk.worlds = self.known.len() as u64;
        // In a library of its own: oracles that will object alike count as one, and another way may
        // have brought one in that has objected otherwise.
        let World { library, mut state } = start.apart();
        let mut reader = Reader::new(&library, self.eager);
        let mut way = Vec::new();
        let mut numbers = self.known.way_to(found.from);
        numbers.push(found.choice);
        for number in numbers {
            let (turn, mut next) = nth(&mut reader, &state, number);
            let hurried = reader.hurry(&mut next, turn, state.flying());
            way.push(reader.choice(turn));
            way.extend(hurried.into_iter().map(|step| reader.choice(step.into())));
            state = next;
        }
        match found.what {
            Wrong::Broken => {
                let violations = reader.spec(&state).violations().to_vec();
                Verdict::Broken { way, violations, walk: self.walk }
            }
            Wrong::Ill(relapse) => {
                let again = reader.recovers(&state, |_| false);
                let Relapse { silenced, ill } = again.err().unwrap_or(relapse);
                way.extend(silenced.then_some(Choice::Silence));
                Verdict::Ill { way, ill, walk: self.walk }
            }
        }
    }
}

/// What the choice of that number at this world is, and what becomes of it.
fn nth<P: Protocol>(reader: &mut Reader<'_, P>, state: &State, number: u32) -> (Turn, State) {
    let mut at = 0;
    let mut found = None;
    reader.each_next(state, |_, turn, next| {
        if at == number {
            found = Some((turn, next));
        }
        at += 1;
    });
    found.expect("a world has the same choices each time")
}
