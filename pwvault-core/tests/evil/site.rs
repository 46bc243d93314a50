//! Vaults with one of everything, and how each of their records is opened.

use std::sync::Arc;

use pwvault_core::audit::{self, LogCursor, LogQuery};
use pwvault_core::envelope::{Keyring, open_record};
use pwvault_core::id::{PastSecretId, RecordId, RecordKind};
use pwvault_core::model::{Actions, Contact, Grantee, Kek, KekId, Owner, Person};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::{Order, Record, RecordKey, Store};
use pwvault_core::testing::FixedClock;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Recovery, SetMaster, UnlockAnswer, UnlockTicket};
use pwvault_core::{
    AdminId, EntryDraft, EntryId, KekRing, KeyId, Principal, RequestContext, RoleId, SecretBytes, Session, Timestamp,
    Vault, VaultBuilder, VaultError, VaultId,
};

use super::store::Evil;
use crate::locked::{self, SharedClock, client};

pub(crate) const PASSPHRASE: &str = "open sesame";
pub(crate) const MASTER: &str = "dora's master password";
pub(crate) const OWNERS: [&str; 3] = ["anna", "bert", "carl"];

/// A vault in the adversary's store.
pub(crate) struct Site {
    pub(crate) store: Arc<Evil>,
    pub(crate) clock: SharedClock,
    pub(crate) id: VaultId,
    pub(crate) kek: u8,
    pub(crate) vault: Vault,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::in_store(Arc::default(), VaultId::from_bytes([3; 16]), 2)
    }

    /// A vault under the KEK `[kek; 32]`.
    pub(crate) fn in_store(store: Arc<Evil>, id: VaultId, kek: u8) -> Self {
        let clock = SharedClock(Arc::new(FixedClock::new(Timestamp::from_millis(1_800_000_000_000))));
        let vault = builder(kek, &clock).create(store.clone(), id, RoleId::new("full").unwrap()).unwrap();
        Self { store, clock, id, kek, vault }
    }

    /// As another process would open it.
    pub(crate) fn open(&self) -> Result<Vault, VaultError> {
        self.builder().open(self.store.clone(), self.id)
    }

    pub(crate) fn builder(&self) -> VaultBuilder {
        builder(self.kek, &self.clock)
    }

    /// The same site through a vault opened afresh, which remembers nothing.
    pub(crate) fn reopened(&self) -> Self {
        let Self { store, clock, id, kek, .. } = self;
        Self { store: store.clone(), clock: clock.clone(), id: *id, kek: *kek, vault: self.open().unwrap() }
    }

    pub(crate) fn session(&self, principal: Principal) -> Session {
        self.vault.session(principal, RequestContext::default())
    }

    pub(crate) fn client(&self, id: &str) -> Session {
        self.session(Principal::client(client(id)))
    }

    pub(crate) fn admin(&self, role: &str) -> Session {
        self.session(Principal::admin_with_roles(AdminId::new("root").unwrap(), vec![RoleId::new(role).unwrap()]))
    }

    pub(crate) fn root(&self) -> Session {
        self.admin("full")
    }

    pub(crate) fn key(&self, kind: RecordKind, id: impl Into<RecordId>) -> RecordKey {
        RecordKey::new(self.id, kind, id)
    }

    pub(crate) fn policy_key(&self) -> RecordKey {
        self.key(RecordKind::Policy, RecordId::MIN)
    }

    pub(crate) fn kek(&self) -> Kek {
        Kek { id: KekId([1; 16]), key: SecretBytes::new(vec![self.kek; 32]) }
    }

    /// The keyring, which only a holder of the KEK can open.
    pub(crate) fn keyring(&self) -> Keyring {
        let record = self.store.get(Keyring::record_key(self.id)).unwrap();
        Keyring::open(&record, &[self.kek()]).unwrap().0
    }

    /// Every record of the vault.
    pub(crate) fn records(&self) -> Vec<Record> {
        self.store.dump().into_values().filter(|record| record.key.vault == self.id).collect()
    }
}

fn builder(kek: u8, clock: &SharedClock) -> VaultBuilder {
    let kek = KekRing::single(KekId([1; 16]), SecretBytes::new(vec![kek; 32]));
    VaultBuilder::new(kek).clock(clock.clone()).settings(locked::settings())
}

/// A vault with entries of every tier, their history, keys, a ticket, contacts and a checkpoint.
pub(crate) struct Furnished {
    pub(crate) site: Site,
    /// The entries with their owners.
    pub(crate) entries: Vec<(EntryId, &'static str)>,
    pub(crate) past: Vec<(PastSecretId, EntryId, &'static str)>,
    /// Anna's keys: with a passphrase, stored, public only.
    pub(crate) keys: [KeyId; 3],
    /// Opens what is locked to the first key.
    pub(crate) ticket: UnlockTicket,
    /// Locked to the first key alone.
    pub(crate) guarded: EntryId,
    /// Opens what dora's master password guards: the last two entries.
    pub(crate) master: UnlockTicket,
}

impl Furnished {
    pub(crate) fn new(site: Site, entries: usize) -> Self {
        let anna = site.client("anna");
        let [sesame, stored, public] =
            [locked::with_passphrase(&anna, PASSPHRASE), locked::stored(&anna), locked::public_only(&anna)];
        let locks = [vec![], vec![sesame], vec![stored], vec![sesame, stored], vec![sesame, public], vec![public]];
        let answer = UnlockAnswer::Passphrase { key: sesame, passphrase: PASSPHRASE.into() };
        let ticket = anna.unlock(&answer).unwrap();
        let mut made = Vec::new();
        let mut guarded = None;
        for at in 0..entries {
            let owner = OWNERS[at % OWNERS.len()];
            let keys = if owner == "anna" { locks[at / OWNERS.len() % locks.len()].clone() } else { Vec::new() };
            let session = site.client(owner);
            let draft = EntryDraft {
                name: format!("Entry {at}"),
                username: format!("user{at}"),
                keys: keys.clone(),
                ..locked::draft(&format!("password {at}"))
            };
            let id = session.create_entry(&draft).unwrap();
            if keys == [sesame] {
                guarded = Some(id);
            }
            if at % 4 == 0 {
                locked::set_password(&session, id, &format!("password {at} anew"));
            }
            if at % 5 == 0 {
                let grantee = Grantee::Client(client(OWNERS[(at + 1) % OWNERS.len()]));
                let put = GrantChange::put(grantee, Actions::VIEW_AND_REVEAL);
                session.share(id, &[put]).unwrap();
            }
            made.push((id, owner));
        }
        let dora = site.client("dora");
        for password in ["dora's first", "dora's second"] {
            let id = locked::entry_with_history(&dora);
            locked::set_password(&dora, id, password);
            made.push((id, "dora"));
        }
        set_master(&dora);
        let owner = Owner::Client(client("dora"));
        let answer_of_dora = UnlockAnswer::MasterPassword { owner, password: MASTER.into() };
        let master = dora.unlock(&answer_of_dora).unwrap();
        let mut past = Vec::new();
        for (id, owner) in &made {
            past.extend(
                site.client(owner)
                    .with_ticket(master.clone())
                    .history(*id)
                    .unwrap()
                    .into_iter()
                    .map(|past| (past.id, *id, *owner)),
            );
        }
        let contacts: Vec<_> = OWNERS.into_iter().map(contact).collect();
        site.root().sync_principals(&contacts, &[]).unwrap();
        site.clock.0.advance(audit::CHECKPOINT_MILLIS - 1);
        anna.lock(&UnlockTicket::from_bytes([0; 32])).unwrap();
        let ticket_still_good = anna.clone().with_ticket(ticket.clone());
        ticket_still_good.reveal(guarded.unwrap()).unwrap();
        site.clock.0.advance(2);
        site.client("bert").reveal(made[1].0).unwrap();
        let (keys, guarded) = ([sesame, stored, public], guarded.unwrap());
        // Since the clock has run, new tickets for the old ones.
        anna.lock(&ticket).unwrap();
        dora.lock(&master).unwrap();
        let (ticket, master) = (anna.unlock(&answer).unwrap(), dora.unlock(&answer_of_dora).unwrap());
        Self { site, entries: made, past, keys, ticket, guarded, master }
    }

    /// A client who has unlocked everything.
    pub(crate) fn unlocked(&self, owner: &str) -> Session {
        self.site.client(owner).with_ticket(self.ticket.clone()).with_ticket(self.master.clone())
    }

    pub(crate) fn owner_of(&self, id: EntryId) -> &'static str {
        self.entries.iter().find(|(one, _)| *one == id).map_or("anna", |(_, owner)| owner)
    }

    /// Opens a record through whatever of the vault reads it.
    pub(crate) fn open(&self, key: RecordKey) -> Result<(), VaultError> {
        let site = &self.site;
        match key.kind {
            RecordKind::Keyring | RecordKind::Policy => site.open().map(drop),
            RecordKind::Entry => {
                let id = EntryId::from_bytes(key.id.0);
                self.unlocked(self.owner_of(id)).entry(id).map(drop)
            }
            RecordKind::PastSecret => {
                let id = PastSecretId::from_bytes(key.id.0);
                let (_, entry, owner) = self.past.iter().find(|(one, ..)| *one == id).unwrap_or(&self.past[0]);
                self.unlocked(owner).reveal_past(*entry, id).map(drop)
            }
            RecordKind::Key => site.client("anna").key(KeyId::from_bytes(key.id.0)).map(drop),
            RecordKind::Ticket | RecordKind::MasterPassword => {
                self.unlocked("anna").reveal(self.guarded)?;
                self.unlocked("dora").reveal(self.entries[self.entries.len() - 1].0).map(drop)
            }
            RecordKind::Event => self.read_event(key),
            RecordKind::Checkpoint => site.root().log_checkpoints(0, 0).map(drop),
            // Found by its labels or not at all, so it is opened by itself.
            RecordKind::Mirror => {
                let record = site.store.get(key).unwrap();
                open_record::<Contact>(&site.keyring(), key.kind, &record)?;
                Ok(())
            }
            other => panic!("no way to open a {other:?}"),
        }
    }

    fn read_event(&self, key: RecordKey) -> Result<(), VaultError> {
        let sequence = u64::from_be_bytes(key.id.0[8..].try_into().unwrap());
        let bounds = [sequence.to_be_bytes(), (sequence + 1).to_be_bytes()].concat();
        let query = LogQuery {
            order: Order::Ascending,
            limit: 1,
            cursor: Some(LogCursor::from_bytes(&bounds).unwrap()),
            ..LogQuery::default()
        };
        let store: &dyn Store = self.site.store.as_ref();
        let page = audit::read(store, &self.site.keyring(), &query)?;
        match page.events.as_slice() {
            [one] if one.event.is_some() => Ok(()),
            _ => Err(VaultError::NotFound),
        }
    }
}

pub(crate) fn set_master(session: &Session) {
    let (password, confirmation) = (MASTER.into(), MASTER.into());
    session.set_master_password(&SetMaster { password, confirmation, recovery: Recovery::Code }).unwrap();
}

fn contact(id: &str) -> Contact {
    Contact {
        person: Person::Client(client(id)),
        name: id.to_owned(),
        email: Some(format!("{id}@example.com")),
        locale: None,
        zone: None,
        wants_mail: false,
        roles: vec![],
        departments: vec![],
        groups: vec![],
        permissions: pwvault_core::model::Permissions::NONE,
    }
}
