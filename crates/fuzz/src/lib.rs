//! What must hold of the readers of strangers' files, whatever is in these. Each target takes bytes
//! and panics where something does not hold; that nothing panics by itself is the first of it.
//!
//! `scripts/fuzz` looks for such bytes with libFuzzer, which is why this crate knows nothing of
//! tests. What it found worth keeping is in `corpus/`, and the tests here go through that without
//! libFuzzer.

mod replay;
mod scenario;
mod shown;
mod sweep;
mod trace;

pub use replay::replay;
pub use scenario::scenario;
pub use sweep::sweep;
pub use trace::trace;

/// A target by its name, which is that of its corpus and of its binary in `engine/`.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 4] =
    [("scenario", scenario), ("replay", replay), ("trace", trace), ("sweep", sweep)];
