//! Grants on terms: with an end, for a ticket, with a reason, with the approval of a second person;
//! and by category.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod approvals;
mod categories;
mod dashboard;
mod ends;
#[path = "../host/mod.rs"]
mod host;
mod listing;
mod tickets;
mod visibility;

use std::sync::Arc;

use pwvault_core::clock::Timestamp;
use pwvault_core::model::{Actions, GrantTerms, Grantee, Obligations, Person, RequestContext};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::MemoryStore;
use pwvault_core::testing::FixedClock;
use pwvault_core::vault::LogFilter;
use pwvault_core::vault::prelude::*;
use pwvault_core::{AdminId, ClientId, EntryDraft, EntryId, Principal, RoleId, Session, Vault, VaultBuilder};

use crate::host::{VAULT, admin, client, kek};

fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::new(NOW))
}

/// The beginning of each test's clock.
const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

fn vault_at(clock: &Arc<FixedClock>) -> Vault {
    let store = Arc::new(MemoryStore::new());
    VaultBuilder::new(kek()).clock(Arc::clone(clock)).create(store, VAULT, RoleId::new("full").unwrap()).unwrap()
}

fn entry_of(session: &Session) -> EntryId {
    let draft = EntryDraft { name: "Root".into(), password: "s3cret".into(), ..EntryDraft::default() };
    session.create_entry(&draft).unwrap()
}

fn to_admin(id: &str, terms: GrantTerms) -> [GrantChange; 1] {
    let actions = Actions::VIEW_AND_REVEAL;
    [GrantChange::put_on(Grantee::Admin(AdminId::new(id).unwrap()), actions, terms)]
}

fn asking(reason: bool, approval: bool) -> GrantTerms {
    GrantTerms { obligations: Obligations { reason, approval }, ..GrantTerms::default() }
}

/// The newest event of a person.
fn last_event_of(vault: &Vault, person: &Person) -> pwvault_core::model::Event {
    let log = admin(vault, "root", &["full"]).read_log(&LogFilter::default()).unwrap();
    log.events.into_iter().filter_map(|logged| logged.event).find(|event| event.actor == *person).unwrap()
}
