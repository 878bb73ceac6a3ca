//! Pages in memory and on disk, and the one rule between them and the log.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::pages::{Image, Page};

/// The pages of one node: those in memory, which a crash loses, and those on disk.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Storage {
    memory: Vec<Page>,
    disk: Vec<Page>,
    /// Which pages differ, oldest change first.
    dirty: VecDeque<u32>,
    /// How many may.
    buffer: usize,
}

impl Storage {
    pub(crate) fn new(items: u32, opening: i64, buffer: u32) -> Storage {
        let pages: Vec<Page> = (0..items).map(|_| Page { value: opening, version: 0 }).collect();
        Storage {
            memory: pages.clone(),
            disk: pages,
            dirty: VecDeque::new(),
            buffer: buffer as usize,
        }
    }

    pub(crate) fn items(&self) -> u32 {
        self.memory.len() as u32
    }

    pub(crate) fn page(&self, item: u32) -> Page {
        self.memory[item as usize]
    }

    /// Changes a page in memory. It will be written to disk some day, committed or not.
    pub(crate) fn change<T>(&mut self, item: u32, change: impl FnOnce(&mut Page) -> T) -> T {
        let changed = change(&mut self.memory[item as usize]);
        if !self.dirty.contains(&item) {
            self.dirty.push_back(item);
        }
        changed
    }

    /// Makes room in memory: writes the oldest changed pages out.
    pub(crate) fn make_room<'a>(&mut self, unlogged: impl Fn() -> Vec<&'a Image>) {
        for _ in self.buffer..self.dirty.len() {
            let Some(item) = self.dirty.pop_front() else { return };
            self.write_out(item, &unlogged());
            if self.disk[item as usize] != self.memory[item as usize] {
                self.dirty.push_back(item);
            }
        }
    }

    /// Write-ahead: a change may reach the disk only if its image is in the durable log, or nobody
    /// could take it back. So the newest version goes out of which that is true.
    pub(crate) fn write_out(&mut self, item: u32, unlogged: &[&Image]) {
        let mut page = self.memory[item as usize];
        let made = |page: &Page, image: &Image| image.item == item && image.version == page.version;
        while let Some(image) = unlogged.iter().find(|image| made(&page, image)) {
            page = Page { value: image.before, version: image.version - 1 };
        }
        self.disk[item as usize] = page;
    }

    /// Memory is gone.
    pub(crate) fn crash(&mut self) {
        self.memory.clone_from(&self.disk);
        self.dirty.clear();
    }
}
