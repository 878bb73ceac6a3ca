//! Where events lie until they come up.
//!
//! A queue sorts numbers of places and not events: these are small whatever an event is, and are
//! moved without looking into them.

/// Holds events at places that are used again.
pub(super) struct Store<E> {
    places: Vec<Option<E>>,
    free: Vec<Slot>,
}

/// The number of a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Slot(pub(super) u32);

impl<E> Store<E> {
    pub(super) fn new() -> Store<E> {
        Store { places: Vec::new(), free: Vec::new() }
    }

    /// Keeps `event` until it is taken.
    #[inline(always)]
    pub(super) fn keep(&mut self, event: E) -> Slot {
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => self.one_more(),
        };
        self.places[slot.0 as usize] = Some(event);
        slot
    }

    /// Hands out what is kept there.
    #[inline(always)]
    pub(super) fn take(&mut self, slot: Slot) -> E {
        self.free.push(slot);
        self.places[slot.0 as usize].take().expect("a place comes up once")
    }

    #[cold]
    #[inline(never)]
    fn one_more(&mut self) -> Slot {
        let slot = u32::try_from(self.places.len()).expect("memory ends before the numbers do");
        self.places.push(None);
        Slot(slot)
    }
}
