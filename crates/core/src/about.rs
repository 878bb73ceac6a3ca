//! What a reader wants to know of a protocol before running it.

/// A protocol's description, one per protocol id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct About {
    /// The name in scenarios and on the command line.
    pub id: &'static str,
    /// What the literature calls it.
    pub title: &'static str,
    /// Paper and section.
    pub source: &'static str,
    /// What it takes for granted, in one line.
    pub assumptions: &'static str,
    /// Under which faults all nodes that decide decide the same (AC1).
    pub tolerates: Tolerance,
    /// Message delays of a commit in which nothing fails, at most, in words of n, the voting nodes
    /// but the root, h, the height of the tree, and g, which is 1 where votes cross on their way
    /// and else 0: until the root knows, until all have decided, until all is forgotten.
    pub delays: [&'static str; 3],
    /// The names of its helpers in the order of their numbers; a configuration may have fewer.
    pub helpers: &'static [&'static str],
    /// Which options a scenario may set.
    pub options: &'static [Choice],
    /// The names of its messages, by tag.
    pub messages: &'static [&'static str],
    /// The names of its records, by tag.
    pub records: &'static [&'static str],
    /// The names of its alarms, by index.
    pub timers: &'static [&'static str],
}

/// The faults under which a protocol promises agreement (AC1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tolerance {
    /// Crashes with recovery, in the middle of a broadcast too.
    pub crashes: bool,
    /// Lost, late and duplicated messages.
    pub loss: bool,
    /// Partitions of the network.
    pub partitions: bool,
}

/// An option of a protocol: a name and the values it may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Choice {
    /// The key in a scenario's `options`.
    pub name: &'static str,
    /// The allowed values; the first is the default.
    pub values: &'static [&'static str],
    /// What it chooses, in one line.
    pub meaning: &'static str,
}
