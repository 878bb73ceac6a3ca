//! The worlds that a search has met, where one in which more was sent stands for those in which
//! less was.

use crate::memo::Memo;

/// Sets of messages by the rest of the world, each with how it was reached. Of the sets with the
/// same rest none was part of another when it came.
pub(crate) struct Richest {
    met: Vec<Met>,
    /// The place of the newest set, by the fingerprint of the rest.
    newest: Memo<u32>,
    /// The messages of all sets.
    messages: Vec<u32>,
}

struct Met {
    /// From which world, by its place.
    from: u32,
    /// By which of the choices there.
    choice: u32,
    /// The set before this one with the same rest, by its place; [`NONE`] if there is none.
    before: u32,
    /// Whether a set that came later has all its messages and more.
    is_part: bool,
    /// How many messages it has, and where they begin.
    many: u16,
    begin: usize,
}

const NONE: u32 = u32::MAX;

impl Richest {
    pub(crate) fn new() -> Richest {
        Richest { met: Vec::new(), newest: Memo::new(), messages: Vec::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.met.len()
    }

    /// How much memory it holds, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        let messages = self.messages.capacity() * size_of::<u32>();
        self.met.capacity() * size_of::<Met>() + self.newest.bytes() + messages
    }

    /// Whether a world with this rest was met in which all of `messages`, in the order of their
    /// numbers, had been sent.
    pub(crate) fn covers(&self, rest: u128, messages: &[u32]) -> bool {
        self.places(rest).any(|place| is_part(messages, self.set(place)))
    }

    /// Notes a world, and returns its place unless one was met that covers it.
    pub(crate) fn insert(
        &mut self,
        rest: u128,
        messages: &[u32],
        from: u32,
        choice: u32,
    ) -> Option<u32> {
        if self.covers(rest, messages) {
            return None;
        }
        let place = u32::try_from(self.met.len()).ok().filter(|place| *place < NONE)?;
        let poorer: Vec<u32> =
            self.places(rest).filter(|place| is_part(self.set(*place), messages)).collect();
        for place in poorer {
            self.met[place as usize].is_part = true;
        }
        let before = self.newest.replace(rest, place).unwrap_or(NONE);
        let (many, begin) = (messages.len() as u16, self.messages.len());
        self.messages.extend(messages);
        self.met.push(Met { from, choice, before, is_part: false, many, begin });
        Some(place)
    }

    /// Whether a world that was met later can do whatever the one at `place` can.
    pub(crate) fn is_passed(&self, place: u32) -> bool {
        self.met[place as usize].is_part
    }

    /// From where, and by which choice there, the world at `place` was reached.
    pub(crate) fn origin(&self, place: u32) -> (u32, u32) {
        let Met { from, choice, .. } = self.met[place as usize];
        (from, choice)
    }

    /// The sets with this rest, newest first.
    fn places(&self, rest: u128) -> impl Iterator<Item = u32> {
        let before = |place: &u32| Some(self.met[*place as usize].before).filter(|it| *it != NONE);
        std::iter::successors(self.newest.get(rest), before)
    }

    fn set(&self, place: u32) -> &[u32] {
        let Met { many, begin, .. } = self.met[place as usize];
        &self.messages[begin..begin + usize::from(many)]
    }
}

/// Whether every number of one list is in the other; both are in ascending order.
fn is_part(part: &[u32], whole: &[u32]) -> bool {
    let mut rest = whole.iter();
    part.len() <= whole.len() && part.iter().all(|number| rest.any(|other| other == number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_less_is_covered_by_what_has_more() {
        let mut richest = Richest::new();
        assert_eq!(richest.insert(7, &[1, 3], 0, 0), Some(0));
        assert_eq!(richest.insert(7, &[3], 0, 1), None);
        assert_eq!(richest.insert(7, &[], 0, 1), None);
        assert_eq!(richest.insert(8, &[3], 0, 1), Some(1));
        assert_eq!(richest.insert(7, &[2, 3], 1, 2), Some(2));
        assert!(!richest.is_passed(0));
        assert_eq!(richest.insert(7, &[1, 2, 3, 4], 2, 5), Some(3));
        assert!(richest.is_passed(0) && richest.is_passed(2) && !richest.is_passed(1));
        assert!(richest.covers(7, &[1, 4]) && !richest.covers(7, &[5]) && !richest.covers(8, &[1]));
        assert_eq!(richest.origin(3), (2, 5));
        assert_eq!(richest.len(), 4);
    }
}
