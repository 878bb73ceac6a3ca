//! What a value of a scenario may be: the types behind the keys of a [`Form`].

use commitsim_sim::Family;

use crate::expect::{OUTCOMES, STANDS};
use crate::form::Form;

/// What a value may be.
///
/// It describes what can be said of a value by itself. Whether a node of that name exists, or
/// whether a least value is below the greatest, only the reader can tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Anything; nobody looks at it.
    Anything,
    /// A text of at most this many characters.
    Text(usize),
    /// True or false.
    Flag,
    /// A whole number from the first to the second.
    Whole(u64, u64),
    /// A number above 0.
    Positive,
    /// A number from 1 on.
    FromOne,
    /// A number from 0 to 10.
    Sigma,
    /// A duration.
    Duration,
    /// A duration, or a distribution of durations.
    Drawn,
    /// A share: a number from 0 to 1, or a text.
    Rate,
    /// Where all chance comes from.
    Seed,
    /// The name of a node.
    Node,
    /// The name of a message of one of the protocols.
    Message,
    /// The name of a record of one of the protocols.
    Record,
    /// The name of an alarm of one of the protocols.
    Alarm,
    /// The id of a protocol.
    ProtocolId,
    /// The id of a protocol, or an object with its options.
    Protocol,
    /// The name of a property.
    Property,
    /// The name of a table of regions.
    Table,
    /// The name of a region.
    Region,
    /// One of these words.
    Word(&'static [&'static str]),
    /// An object.
    Object(&'static Form),
    /// A list of at least so many.
    List(&'static Kind, u32),
    /// A list of at least so many, all different.
    Set(&'static Kind, u32),
    /// A list of these two.
    Pair(&'static Kind, &'static Kind),
    /// An object whose keys are names of nodes.
    ByNode(&'static Kind),
    /// An object whose keys are ids of protocols, or `*`.
    ByProtocol(&'static Kind),
    /// One of these.
    Either(&'static [Kind]),
}

/// The greatest number that counts something.
pub(crate) const MANY: u64 = u32::MAX as u64;

/// What transactions can come to.
pub(crate) const OUTCOME_NAMES: [&str; 4] = names(&OUTCOMES);

/// Where nodes can stand.
pub(crate) const STAND_NAMES: [&str; 7] = names(&STANDS);

/// What storms are made of.
pub(crate) const FAMILY_NAMES: [&str; 7] = names(&Family::ALL);

/// The names in a list of choices.
const fn names<T: Copy, const N: usize>(choices: &[(&'static str, T); N]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut n = 0;
    while n < N {
        names[n] = choices[n].0;
        n += 1;
    }
    names
}
