//! The process that is killed: one operation after the other, each written down before it begins
//! and acknowledged after it was done.

use std::collections::HashMap;
use std::convert::Infallible;
use std::path::Path;

use pwvault_core::crypto::random_array;
use pwvault_core::model::Actions;
use pwvault_core::policy::GrantChange;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{EntryFilter, EntryQuery};
use pwvault_core::{EntryDraft, EntryId, EntryPatch, Session, Vault};

use crate::journal::{Deed, End, Expected, Journal, Model, Operation, request};
use crate::vault::{create, open, owner, staff, staff_role};
use crate::{Outcome, below};

/// Writes to the vault in a directory until killed.
pub(crate) fn write(directory: &Path) -> Outcome<Infallible> {
    let vault = match open(directory)? {
        Some(vault) => vault,
        None => create(directory)?,
    };
    let mut journal = Journal::open(directory)?;
    let mut model = journal.model();
    let mut ids = ids(&vault)?;
    println!("ready");
    loop {
        let number = journal.next_number();
        let operation = choose(number, &model)?;
        journal.begin(&operation)?;
        let id = perform(&vault, &operation, &model, &ids)?;
        journal.acknowledge(number, id)?;
        ids.insert(operation.entry.clone(), id);
        model.apply(&operation);
    }
}

/// Every entry's id by its name, those in the trash too.
fn ids(vault: &Vault) -> Outcome<HashMap<String, EntryId>> {
    let session = owner(vault, None)?;
    let mut ids = HashMap::new();
    for trashed in [false, true] {
        let filter = EntryFilter { trashed, ..EntryFilter::default() };
        let page = session.list_entries(&EntryQuery { filter, limit: 1_000, ..EntryQuery::default() })?;
        ids.extend(page.entries.into_iter().map(|view| (view.head.name, view.id)));
    }
    Ok(ids)
}

fn choose(number: u64, model: &Model) -> Outcome<Operation> {
    let of = |deed: Deed, entry: &str, secret: String| Operation {
        number,
        deed,
        entry: entry.to_owned(),
        secret,
        end: End::Unknown,
    };
    let new = |deed: Deed, entry: &str| {
        let secret: String = random_array::<12>()?.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(of(deed, entry, secret))
    };
    let count = model.0.len() as u64;
    if count < ENTRIES_MIN || (count < ENTRIES_MAX && below(5)? == 0) {
        return new(Deed::Create, &format!("entry-{number}"));
    }
    let at = usize::try_from(below(count)?)?;
    let Some((name, Expected { shared, trashed, .. })) = model.0.iter().nth(at) else {
        return new(Deed::Create, &format!("entry-{number}"));
    };
    if *trashed {
        return Ok(of(if below(3)? == 0 { Deed::Purge } else { Deed::Restore }, name, String::new()));
    }
    let deed = match below(8)? {
        0..3 => return new(Deed::Update, name),
        3 if *shared => Deed::Unshare,
        3 => Deed::Share,
        4 => Deed::Trash,
        5 if *shared => Deed::RevealByStaff,
        _ => Deed::Reveal,
    };
    Ok(of(deed, name, String::new()))
}

fn perform(vault: &Vault, operation: &Operation, model: &Model, ids: &HashMap<String, EntryId>) -> Outcome<EntryId> {
    let owner = owner(vault, Some(request(operation.number)))?;
    if operation.deed == Deed::Create {
        let (name, password) = (operation.entry.clone(), operation.secret.as_str().into());
        return Ok(owner.create_entry(&EntryDraft { name, password, ..EntryDraft::default() })?);
    }
    let expected = model.0.get(&operation.entry).ok_or("an entry that was never created")?;
    let id = *ids.get(&operation.entry).ok_or_else(|| format!("{} is not in the list", operation.entry))?;
    let reveal = |session: &Session| -> Outcome<()> {
        let secret = session.reveal(id)?;
        if secret.password.expose() != expected.secret {
            return Err(format!("{} revealed another secret than was written", operation.entry).into());
        }
        Ok(())
    };
    match operation.deed {
        Deed::Create => {}
        Deed::Update => {
            let patch = EntryPatch { password: Some(operation.secret.as_str().into()), ..EntryPatch::default() };
            owner.update_entry(id, expected.version, &patch)?;
        }
        Deed::Share => {
            let change = GrantChange::put(staff_role()?, Actions::VIEW_AND_REVEAL);
            owner.share(id, &[change])?;
        }
        Deed::Unshare => {
            owner.share(id, &[GrantChange::Remove { grantee: staff_role()? }])?;
        }
        Deed::Reveal => reveal(&owner)?,
        Deed::RevealByStaff => reveal(&staff(vault, Some(request(operation.number)))?)?,
        Deed::Trash => owner.trash_entries(&[id])?,
        Deed::Restore => owner.restore_entries(&[id])?,
        Deed::Purge => owner.purge_entries(&[id])?,
    }
    Ok(id)
}

const ENTRIES_MIN: u64 = 4;
const ENTRIES_MAX: u64 = 24;
