//! The table of handles. A handle is a number below 2^63: which slot, its generation, and the sort of
//! what is there. One that is closed, stale, made up or of another sort leads nowhere.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pwvault_core::{Session, Vault};

use super::SharedReply;
use crate::fault::{Code, Fault};

/// What a handle leads to. Cheap to clone.
#[derive(Clone)]
pub(super) enum Object {
    Vault(Vault),
    Session(Arc<Session>),
    Reply(SharedReply),
    Error(Arc<[u8]>),
}

/// The sort of an object; part of its handle.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Vault = 1,
    Session = 2,
    Reply = 3,
    Error = 4,
}

impl Object {
    const fn sort(&self) -> Sort {
        match self {
            Self::Vault(_) => Sort::Vault,
            Self::Session(_) => Sort::Session,
            Self::Reply(_) => Sort::Reply,
            Self::Error(_) => Sort::Error,
        }
    }
}

#[derive(Default)]
struct Table {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

struct Slot {
    generation: u32,
    object: Option<Object>,
}

static TABLE: Mutex<Table> = Mutex::new(Table { slots: Vec::new(), free: Vec::new() });

impl Fault {
    pub(super) fn handle() -> Self {
        Self::new(Code::InvalidHandle, "the handle is closed, stale or of another sort")
    }
}

/// Keeps an object and gives its handle.
pub(super) fn put(object: Object) -> u64 {
    let mut table = table();
    let sort = object.sort();
    let number = table.free.pop().unwrap_or_else(|| {
        table.slots.push(Slot { generation: 0, object: None });
        u32::try_from(table.slots.len() - 1).unwrap_or(u32::MAX)
    });
    let Some(slot) = table.slots.get_mut(number as usize) else { return 0 };
    slot.generation = (slot.generation + 1) & GENERATION_MASK;
    slot.object = Some(object);
    u64::from(number) | u64::from(slot.generation) << 32 | (sort as u64) << 59
}

/// What a handle leads to, if it is of one of these sorts.
pub(super) fn get(handle: u64, sorts: &[Sort]) -> Result<Object, Fault> {
    let table = table();
    let slot = table.slots.get(number(handle)).filter(|slot| slot.generation == generation(handle));
    let object = slot.and_then(|slot| slot.object.as_ref());
    let fits = |object: &&Object| sorts.contains(&object.sort()) && object.sort() as u64 == handle >> 59;
    object.filter(fits).cloned().ok_or_else(Fault::handle)
}

/// Forgets what a handle leads to.
pub(super) fn close(handle: u64) {
    let mut table = table();
    let place = number(handle);
    let slot = table.slots.get_mut(place).filter(|slot| slot.generation == generation(handle));
    let closed = slot.and_then(|slot| {
        let fits = slot.object.as_ref().is_some_and(|object| object.sort() as u64 == handle >> 59);
        if fits { slot.object.take() } else { None }
    });
    if closed.is_some() {
        table.free.extend(u32::try_from(place));
    }
    // A vault closes its database; that may take time, and no lock is held for it.
    drop(table);
    drop(closed);
}

/// Forgets everything.
pub(super) fn close_all() {
    let mut table = table();
    let closed: Vec<Object> = table.slots.iter_mut().filter_map(|slot| slot.object.take()).collect();
    table.free = (0..table.slots.len()).filter_map(|number| u32::try_from(number).ok()).collect();
    drop(table);
    drop(closed);
}

/// How many objects there are.
pub(super) fn live() -> u64 {
    table().slots.iter().filter(|slot| slot.object.is_some()).count() as u64
}

fn table() -> MutexGuard<'static, Table> {
    // A panic leaves the table whole: every change of it is one step.
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn number(handle: u64) -> usize {
    usize::try_from(handle & u64::from(u32::MAX)).unwrap_or(usize::MAX)
}

fn generation(handle: u64) -> u32 {
    u32::try_from(handle >> 32 & u64::from(GENERATION_MASK)).unwrap_or_default()
}

const GENERATION_MASK: u32 = (1 << 27) - 1;
