//! Who owns what a host holds: vaults, sessions, and in the C ABI replies and errors. A handle is a
//! number below 2^63: which slot, its generation, and the sort of what is there. One that is closed,
//! stale, made up or of another sort leads nowhere.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pwvault_core::{SecretBytes, Session, Vault};

use crate::fault::{Code, Fault};
use crate::fork;
use crate::hosts::HostReply;
use crate::ops::{self, Reply};

/// The open handles of one host, or of one connection of it. What is left is closed when it is dropped.
#[derive(Default)]
pub struct Handles(Mutex<Table>);

/// What a handle leads to. Cheap to clone.
#[derive(Clone)]
pub(crate) enum Object {
    Vault(Vault),
    Session(Arc<Session>),
    Reply(Arc<Reply>),
    Error(Arc<[u8]>),
    /// Where the answer to a call of a host goes.
    Answer(Answer),
}

/// The answer to a call of a host, once it is given.
pub(crate) type Answer = Arc<Mutex<Option<HostReply>>>;

/// The sort of an object; part of its handle.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Vault = 1,
    Session = 2,
    Reply = 3,
    Error = 4,
    Answer = 5,
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

impl Handles {
    /// None open.
    #[must_use]
    pub const fn new() -> Self {
        Self(Mutex::new(Table { slots: Vec::new(), free: Vec::new() }))
    }

    /// Opens or creates the vault that a document describes.
    ///
    /// # Errors
    /// As [`open`](crate::open()).
    pub fn open(&self, options: &[u8], secrets: Vec<SecretBytes>) -> Result<u64, Fault> {
        Ok(self.put(Object::Vault(crate::open(options, secrets)?)))
    }

    /// Begins the session of an open vault that a document describes.
    ///
    /// # Errors
    /// As [`begin`](crate::begin), and [`Code::InvalidHandle`].
    pub fn session(&self, vault: u64, options: &[u8], secrets: Vec<SecretBytes>) -> Result<u64, Fault> {
        let Object::Vault(vault) = self.get(vault, &[Sort::Vault])? else { return Err(Fault::handle()) };
        Ok(self.put(Object::Session(crate::begin(&vault, options, secrets)?.into())))
    }

    /// Calls an operation of an open vault or session, or of the library itself where `target` is 0.
    /// No lock is held while it runs.
    ///
    /// # Errors
    /// As [`ops::call_session`] and [`ops::call_vault`], and [`Code::InvalidHandle`].
    pub fn call(&self, target: u64, name: &str, arguments: &[u8], secrets: Vec<SecretBytes>) -> Result<Reply, Fault> {
        if target == LIBRARY {
            return ops::call_library(name, arguments, secrets);
        }
        match self.get(target, &[Sort::Vault, Sort::Session])? {
            Object::Session(session) => ops::call_session(&session, name, arguments, secrets),
            Object::Vault(vault) => ops::call_vault(&vault, name, arguments, secrets),
            Object::Reply(_) | Object::Error(_) | Object::Answer(_) => Err(Fault::handle()),
        }
    }

    /// Closes a handle of any sort and wipes what it held. Closing one that is closed does nothing.
    pub fn close(&self, handle: u64) {
        let mut table = self.table();
        let place = number(handle);
        let slot = table.slots.get_mut(place).filter(|slot| slot.generation == generation(handle));
        let closed = slot.and_then(|slot| {
            let fits = slot.object.as_ref().is_some_and(|object| object.sort() as u64 == handle >> 59);
            if fits { slot.object.take() } else { None }
        });
        if closed.is_some() && generation(handle) < GENERATION_MASK {
            table.free.extend(u32::try_from(place));
        }
        // A vault closes its database; that may take time, and no lock is held for it.
        drop(table);
        drop(closed);
    }

    /// Closes every handle.
    pub fn close_all(&self) {
        let mut table = self.table();
        let closed: Vec<Object> = table.slots.iter_mut().filter_map(|slot| slot.object.take()).collect();
        let again = (0..).zip(&table.slots).filter(|(_, slot)| slot.generation < GENERATION_MASK);
        table.free = again.map(|(number, _)| number).collect();
        drop(table);
        drop(closed);
    }

    /// How many are open.
    #[must_use]
    pub fn live(&self) -> u64 {
        self.table().slots.iter().filter(|slot| slot.object.is_some()).count() as u64
    }

    /// Keeps an object and gives its handle.
    pub(crate) fn put(&self, object: Object) -> u64 {
        let mut table = self.table();
        let sort = object.sort();
        let number = table.free.pop().unwrap_or_else(|| {
            table.slots.push(Slot { generation: 0, object: None });
            u32::try_from(table.slots.len() - 1).unwrap_or(u32::MAX)
        });
        let Some(slot) = table.slots.get_mut(number as usize) else { return 0 };
        slot.generation += 1;
        slot.object = Some(object);
        u64::from(number) | u64::from(slot.generation) << 32 | (sort as u64) << 59
    }

    /// What a handle leads to, if it is of one of these sorts.
    pub(crate) fn get(&self, handle: u64, sorts: &[Sort]) -> Result<Object, Fault> {
        let table = self.table();
        let slot = table.slots.get(number(handle)).filter(|slot| slot.generation == generation(handle));
        let object = slot.and_then(|slot| slot.object.as_ref());
        let fits = |object: &&Object| sorts.contains(&object.sort()) && object.sort() as u64 == handle >> 59;
        object.filter(fits).cloned().ok_or_else(Fault::handle)
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // A panic leaves the table whole: every change of it is one step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Handles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handles").field("live", &self.live()).finish()
    }
}

impl Object {
    const fn sort(&self) -> Sort {
        match self {
            Self::Vault(_) => Sort::Vault,
            Self::Session(_) => Sort::Session,
            Self::Reply(_) => Sort::Reply,
            Self::Error(_) => Sort::Error,
            Self::Answer(_) => Sort::Answer,
        }
    }
}

impl Fault {
    pub(crate) fn handle() -> Self {
        Self::new(Code::InvalidHandle, "the handle is closed, stale or of another sort")
    }
}

/// Does some work that no fork cuts through; a panic comes to [`Code::Internal`].
///
/// # Errors
/// Those of the work, and [`Code::State`] in the child of a process that could not wait for others to end.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    let _inside = fork::enter()?;
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        Err(if panic.is::<fork::Cut>() {
            fork::cut()
        } else {
            Fault::new(Code::Internal, "the library met a fault of its own; whether the call was done is not known")
        })
    })
}

fn number(handle: u64) -> usize {
    usize::try_from(handle & u64::from(u32::MAX)).unwrap_or(usize::MAX)
}

fn generation(handle: u64) -> u32 {
    u32::try_from(handle >> 32 & u64::from(GENERATION_MASK)).unwrap_or_default()
}

/// The target of operations that need no vault; no handle is 0.
const LIBRARY: u64 = 0;
/// The last generation of a slot, which then stays empty: one begun anew would be what old handles lead to.
const GENERATION_MASK: u32 = (1 << 27) - 1;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    #[test]
    fn a_slot_whose_generations_are_used_up_stays_empty() {
        let error = || Object::Error(b"{}".as_slice().into());
        let handles = Handles::new();
        let oldest = handles.put(error());
        for all in [false, true] {
            handles.close(oldest);
            handles.table().slots[0].generation = GENERATION_MASK - 1;
            handles.table().free = vec![0];
            let last = handles.put(error());
            assert_eq!((number(last), generation(last)), (0, GENERATION_MASK));
            if all {
                handles.close_all()
            } else {
                handles.close(last)
            }
            let next = handles.put(error());
            assert_eq!(number(next), 1, "the slot is not used again");
            assert!(handles.get(oldest, &[Sort::Error]).is_err() && handles.get(last, &[Sort::Error]).is_err());
            handles.close(next);
        }
    }
}
