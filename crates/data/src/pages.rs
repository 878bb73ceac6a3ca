//! What undo and redo need of one change.

use alloc::vec::Vec;

/// One change of one item: enough to undo it and to do it again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Image {
    /// Which item.
    pub item: u32,
    /// Its value before.
    pub before: i64,
    /// Its value after.
    pub after: i64,
    /// The item's version after: one more than before. It tells whether a page has the change.
    pub version: u64,
}

/// The changes of one transaction at one node, oldest first; they ride in the log.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Images(pub Vec<Image>);

/// An item as it lies in memory or on disk. Every change, undoing included, makes a new version.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Page {
    pub value: i64,
    pub version: u64,
}

impl Page {
    /// Does a change again, unless the page has it or a later one already.
    pub(crate) fn redo(&mut self, image: &Image) {
        if self.version < image.version {
            *self = Page { value: image.after, version: image.version };
        }
    }

    /// Takes a change back; says whether it was there to be taken back. A change that the log has
    /// may be done again from there, so taking it back is a version of its own; one that the log
    /// never had is as if it had never been.
    pub(crate) fn undo(&mut self, image: &Image, logged: bool) -> bool {
        let mine = self.version == image.version;
        if mine {
            let version = if logged { image.version + 1 } else { image.version - 1 };
            *self = Page { value: image.before, version };
        }
        mine
    }
}
