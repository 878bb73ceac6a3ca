//! Resource managers that are broken on purpose: each leaves out one thing that keeps data whole.

use commitsim_core::{Decision, TxId};
use commitsim_data::{Images, Manager};
use commitsim_host::Data;
use commitsim_sim::Holdings;

/// Aborts leave their changes.
pub const NO_UNDO: u8 = 0;
/// Recovery does not do again what was logged.
pub const NO_REDO: u8 = 1;
/// Recovery does not take the locks of transactions in doubt.
pub const NO_RELOCK: u8 = 2;
/// Changes go to disk before their images are on disk.
pub const NO_WRITE_AHEAD: u8 = 3;

/// A resource manager with one of these mistakes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Careless<const MISTAKE: u8>(Manager);

impl<const MISTAKE: u8> Holdings for Careless<MISTAKE> {
    const ANY: bool = true;

    fn of(manager: Manager) -> Self {
        Careless(manager)
    }

    fn manager(&self) -> Option<&Manager> {
        Some(&self.0)
    }

    fn manager_mut(&mut self) -> Option<&mut Manager> {
        Some(&mut self.0)
    }
}

impl<const MISTAKE: u8> Data for Careless<MISTAKE> {
    type Images = Images;

    fn images(&mut self, tx: TxId) -> Images {
        let images = self.0.images(tx);
        if MISTAKE == NO_WRITE_AHEAD {
            self.0.logged(tx, &images);
        }
        images
    }

    fn logged(&mut self, tx: TxId, images: &Images) {
        self.0.logged(tx, images);
    }

    fn finish(&mut self, tx: TxId, decision: Decision) {
        let undone = if MISTAKE == NO_UNDO { Decision::Commit } else { decision };
        self.0.finish(tx, undone);
    }

    fn reload(&mut self, tx: TxId, images: &Images) {
        if images.0.is_empty() {
            return;
        }
        if MISTAKE != NO_REDO {
            self.0.redo(images);
        }
        self.0.adopt(tx, images);
        if MISTAKE != NO_RELOCK {
            self.0.relock(tx, images);
        }
    }

    fn cut(&mut self, tx: TxId) {
        self.0.cut(tx);
    }

    fn crash(&mut self) {
        self.0.crash();
    }
}
