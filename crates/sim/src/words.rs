//! What faults are called in scenarios.

use crate::setup::Action;

impl Action {
    /// The word that scenarios use for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Action::Crash { .. } => "crash",
            Action::CrashLoop { .. } => "crash_loop",
            Action::Restart(_) => "restart",
            Action::Partition { .. } => "partition",
            Action::CutLink { .. } => "cut_link",
            Action::Isolate { .. } => "isolate",
            Action::Swizzle { .. } => "swizzle",
            Action::Lose(_) => "lose",
            Action::Delay(..) => "delay",
            Action::Duplicate(_) => "duplicate",
            Action::Loss { .. } => "loss",
            Action::Latency { .. } => "latency",
            Action::Pause { .. } => "pause",
            Action::SlowDisk { .. } => "slow_disk",
            Action::Clock { .. } => "clock",
            Action::Decide { .. } => "decide",
            Action::Expire(_) => "expire",
            Action::Heal { .. } => "heal",
        }
    }
}
