//! Ctrl-C: the first ends what takes long after what it is at, the second ends the program.

use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How often somebody has asked to stop.
static ASKED: AtomicUsize = AtomicUsize::new(0);

/// How a program ends that was interrupted twice, as shells have it.
const INTERRUPTED: i32 = 130;

/// From now on being interrupted is a request. Where the system does not let us listen, the first
/// interruption ends the program as ever.
pub(crate) fn listen() {
    let _ = ctrlc::set_handler(|| {
        if ASKED.fetch_add(1, Ordering::SeqCst) > 0 {
            process::exit(INTERRUPTED);
        }
    });
}

/// Whether somebody has asked to stop.
pub(crate) fn is_asked() -> bool {
    ASKED.load(Ordering::SeqCst) > 0
}
