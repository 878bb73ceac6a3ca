//! What a simulated node may have under it: nothing, or a resource manager.

use commitsim_data::Manager;
use commitsim_host::Data;

/// The data under a node, as the simulator sees it. `()` is none: whatever is done about data is
/// not even compiled for it.
pub trait Holdings: Data {
    /// Whether there is any data.
    const ANY: bool;

    /// Data that `manager` manages.
    fn of(manager: Manager) -> Self;

    /// Who manages it.
    fn manager(&self) -> Option<&Manager>;

    /// The same, to be told what to do.
    fn manager_mut(&mut self) -> Option<&mut Manager>;
}

impl Holdings for () {
    const ANY: bool = false;

    fn of(_: Manager) {}

    fn manager(&self) -> Option<&Manager> {
        None
    }

    fn manager_mut(&mut self) -> Option<&mut Manager> {
        None
    }
}

impl Holdings for Manager {
    const ANY: bool = true;

    fn of(manager: Manager) -> Manager {
        manager
    }

    fn manager(&self) -> Option<&Manager> {
        Some(self)
    }

    fn manager_mut(&mut self) -> Option<&mut Manager> {
        Some(self)
    }
}
