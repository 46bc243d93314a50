//! What is measured, one file for each part of the vault.

mod csv;
mod decisions;
mod entry;
mod import;
mod keypairs;
mod listing;
mod log;
mod pages;
mod passwords;
mod reminders;

use std::collections::HashMap;
use std::rc::Rc;

use crate::Fallible;
use crate::report::Report;
use crate::world::World;

pub use decisions::GRANTS;
pub use import::{IMPORT_ALONE, import_alone};

/// What the jobs share.
pub struct Bench {
    pub report: Report,
    /// Whether a million entries are measured too.
    pub long: bool,
    worlds: HashMap<u32, Rc<World>>,
}

impl Bench {
    pub fn new(long: bool) -> Self {
        Self { report: Report::default(), long, worlds: HashMap::new() }
    }

    /// The vault of this many entries, made once. Nobody writes into it.
    pub fn world(&mut self, entries: u32) -> Fallible<Rc<World>> {
        if let Some(known) = self.worlds.get(&entries) {
            return Ok(Rc::clone(known));
        }
        eprintln!("making a vault of {entries} entries");
        let made = Rc::new(World::of(entries)?);
        self.worlds.insert(entries, Rc::clone(&made));
        Ok(made)
    }

    /// The sizes at which growth is measured.
    pub fn sizes(&self) -> &'static [u32] {
        if self.long { &[1_000, 10_000, 100_000, 1_000_000] } else { &[1_000, 10_000, 100_000] }
    }
}

type Job = fn(&mut Bench) -> Fallible<()>;

/// Every job by name.
pub const ALL: [(&str, Job); 10] = [
    ("entry", entry::run),
    ("listing", listing::run),
    ("pages", pages::run),
    ("decisions", decisions::run),
    ("passwords", passwords::run),
    ("keypairs", keypairs::run),
    ("import", import::run),
    ("csv", csv::run),
    ("log", log::run),
    ("reminders", reminders::run),
];
