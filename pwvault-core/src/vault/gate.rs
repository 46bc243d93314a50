//! The policy enforcement point. Everything a session does enters here: the gate reads keyring,
//! policy and the principal's master password anew, asks the policy, logs refusals, and commits
//! changes together with their event. What a decision rested on is asserted by the commit, so that
//! a right which ends in between does not work any more.

use std::cell::RefCell;

use super::approvals::Spent;
use super::bindings::Bindings;
use super::core::{Core, ReadStates, Snapshot, Version, tampered};
use super::error::VaultError;
use super::master::{self, MasterRecord, load_master};
use super::membership::{Membership, authority_of};
use super::quota::Added;
use super::session::Session;
use crate::clock::Timestamp;
use crate::crypto::PrivateKey;
use crate::envelope::open_record;
use crate::id::{EntryId, KeyId, RecordKind};
use crate::model::{
    Action, EntryHead, Event, EventKind, GeneratorPolicy, KeyHead, LockRef, Outcome, Principal, PrincipalKind, Section,
};
use crate::policy::{Authority, Authorized, Capability, Denied, KeyAction};
use crate::store::{ChangeSet, Expect, Record, RecordKey, StoreError};

/// One passage: who, under which policy, at what time.
pub(super) struct Gate<'s> {
    pub(super) session: &'s Session,
    pub(super) core: &'s Core,
    pub(super) snapshot: Snapshot,
    pub(super) authority: Authority,
    /// The master password of the principal's own entries, if one is set.
    pub(super) own_master: Option<MasterRecord>,
    pub(super) now: Timestamp,
    /// The categories that the principal is a member of.
    memberships: Vec<Membership>,
    /// Keys and master passwords, there or not, that this passage has looked at.
    relied: RefCell<Vec<(RecordKey, Expect)>>,
    /// The private keys of encryption keys that this passage has opened, so that each is opened once.
    pub(super) opened_keys: RefCell<Vec<(LockRef, PrivateKey)>>,
    /// What this passage knows of tickets and services that are over.
    pub(super) bindings: RefCell<Bindings>,
    /// Approvals for one use that this passage rests on.
    pub(super) spent: RefCell<Vec<Spent>>,
    /// Entries this passage adds to accounts.
    pub(super) added: RefCell<Added>,
    /// The states of the records that this passage has read and may change.
    read: RefCell<ReadStates>,
}

/// An entry whose head has opened.
pub(super) struct FoundEntry {
    pub(super) id: EntryId,
    pub(super) revision: u64,
    pub(super) head: EntryHead,
    pub(super) rest: Vec<u8>,
}

/// An encryption key whose head has opened.
pub(super) struct FoundKey {
    pub(super) id: KeyId,
    pub(super) revision: u64,
    pub(super) head: KeyHead,
    pub(super) rest: Vec<u8>,
}

impl<'s> Gate<'s> {
    pub(super) fn enter(session: &'s Session) -> Result<Self, VaultError> {
        let core = session.core.as_ref();
        let snapshot = core.snapshot()?;
        let now = core.now();
        let scope = session.context.ticket_scope.as_ref();
        let (authority, memberships) = authority_of(core, &snapshot, &session.principal, scope, now)?;
        let own_master = match authority.own() {
            Some(owner) => load_master(core, &snapshot, owner)?,
            None => None,
        };
        let mut gate = Self {
            session,
            core,
            snapshot,
            authority,
            own_master,
            now,
            memberships,
            relied: RefCell::default(),
            opened_keys: RefCell::default(),
            bindings: RefCell::default(),
            spent: RefCell::default(),
            added: RefCell::default(),
            read: RefCell::default(),
        };
        if let Some(owner) = gate.authority.own() {
            let key = core.key(RecordKind::MasterPassword, master::record_id(&gate.snapshot.keyring, owner));
            gate.rely(key, gate.own_master.as_ref().map(|master| master.revision))?;
        }
        let must_change = gate.own_master.as_ref().is_some_and(|master| master.head.must_change);
        let guarded = gate.own_master.as_ref().is_some_and(MasterRecord::guards);
        if must_change || guarded && gate.own_master_key()?.is_none() {
            gate.authority = gate.authority.with_owned_locked(true);
        }
        gate.admit()?;
        Ok(gate)
    }

    /// The passage as another principal would find it, to look and not to write. A master password is
    /// not taken into account.
    pub(super) fn seen_by(&self, principal: &Principal) -> Result<Self, VaultError> {
        let (authority, memberships) = self.authority_of(principal)?;
        Ok(Self {
            session: self.session,
            core: self.core,
            snapshot: self.snapshot.clone(),
            authority,
            own_master: None,
            now: self.now,
            memberships,
            relied: RefCell::default(),
            bindings: RefCell::default(),
            spent: RefCell::default(),
            opened_keys: RefCell::default(),
            added: RefCell::default(),
            read: RefCell::default(),
        })
    }

    /// What another principal may do now, and the memberships it rests on.
    pub(super) fn authority_of(&self, principal: &Principal) -> Result<(Authority, Vec<Membership>), VaultError> {
        let (authority, memberships) = authority_of(self.core, &self.snapshot, principal, None, self.now)?;
        let forbidden = match &principal.kind {
            PrincipalKind::SubUser { account, .. } => self.in_forbidden_group(account)?,
            _ => false,
        };
        Ok((authority.with_forbidden(forbidden), memberships))
    }

    /// The entry, and proof that the principal may do `action` with it. A refusal is logged as
    /// `kind`, for absent entries too, so that the two look and cost the same.
    pub(super) fn entry(
        &self,
        id: EntryId,
        action: Action,
        kind: EventKind,
    ) -> Result<(FoundEntry, Authorized), VaultError> {
        let (found, proof) = self.allowed(id, action, kind)?;
        Ok((found, self.fulfil(proof, id, action, kind)?))
    }

    /// As [`entry`](Self::entry), before its obligations are seen to.
    pub(super) fn allowed(
        &self,
        id: EntryId,
        action: Action,
        kind: EventKind,
    ) -> Result<(FoundEntry, Authorized), VaultError> {
        let found = self.find(id)?;
        let verdict = match &found {
            Some(found) => self.authority.authorize(action, id, &found.head),
            None => Err(Denied::NotFound),
        };
        match (found, verdict) {
            (Some(found), Ok(proof)) => Ok((found, proof)),
            (found, Err(denied)) => {
                if action != Action::View {
                    self.log(kind, Outcome::Denied, &[id])?;
                }
                Err(found.and_then(|found| self.barred(action, &found.head)).unwrap_or_else(|| denied.into()))
            }
            (None, Ok(_)) => Err(VaultError::NotFound),
        }
    }

    /// What would open an own entry that nothing but the master password bars.
    fn barred(&self, action: Action, head: &EntryHead) -> Option<VaultError> {
        let own = self.authority.own().filter(|own| self.authority.owned_locked() && head.owner == **own)?;
        let allowed = self.authority.clone().with_owned_locked(false).evaluate(action, head).is_allow();
        allowed.then(|| self.owned_locked_error(own))
    }

    /// The encryption key, and proof that the principal may do `action` with it.
    pub(super) fn key(
        &self,
        id: KeyId,
        action: KeyAction,
        kind: EventKind,
    ) -> Result<(FoundKey, Authorized), VaultError> {
        let found = self.find_key(id)?;
        let verdict = match &found {
            Some(found) => self.authority.authorize_key(action, id, &found.head),
            None => Err(Denied::NotFound),
        };
        match (found, verdict) {
            (Some(found), Ok(proof)) => Ok((found, proof)),
            (_, Err(denied)) => {
                if action != KeyAction::View {
                    self.log(kind, Outcome::Denied, &[])?;
                }
                Err(denied.into())
            }
            (None, Ok(_)) => Err(VaultError::NotFound),
        }
    }

    /// Proof that the principal may enter a section. A refusal is logged as `kind`.
    pub(super) fn section(&self, section: Section, kind: EventKind) -> Result<Authorized, VaultError> {
        self.logged(self.authority.authorize_section(section), kind)
    }

    /// Proof that the principal may deliver messages. A refusal is logged as `kind`.
    pub(super) fn delivery(&self, kind: EventKind) -> Result<Authorized, VaultError> {
        self.logged(self.authority.authorize_delivery(), kind)
    }

    /// Proof of a capability. A refusal is logged as `kind`.
    pub(super) fn capability(&self, capability: Capability, kind: EventKind) -> Result<Authorized, VaultError> {
        self.logged(self.authority.authorize_capability(capability), kind)
    }

    /// Passes a verdict on, logging a refusal as `kind`.
    pub(super) fn logged(
        &self,
        verdict: Result<Authorized, Denied>,
        kind: EventKind,
    ) -> Result<Authorized, VaultError> {
        if verdict.is_err() {
            self.log(kind, Outcome::Denied, &[])?;
        }
        Ok(verdict?)
    }

    /// What the vault asks of passwords.
    pub(super) fn generator_policy(&self) -> &GeneratorPolicy {
        &self.snapshot.policy.settings.generator
    }

    /// An entry by its id, for the gate and for work that decides about each entry by itself.
    pub(super) fn find(&self, id: EntryId) -> Result<Option<FoundEntry>, VaultError> {
        let record = self.load_noted(self.core.key(RecordKind::Entry, id))?;
        record.map(|record| self.opened_entry(record)).transpose()
    }

    /// Loads a record and notes its state, so that the event of a change made to it says to which.
    pub(super) fn load_noted(&self, key: RecordKey) -> Result<Option<Record>, VaultError> {
        let record = self.core.load(key)?;
        record.iter().for_each(|record| self.note_read(record));
        Ok(record)
    }

    /// Notes the state of a record that is about to be changed.
    pub(super) fn note_read(&self, record: &Record) {
        self.read.borrow_mut().insert(record.key, Version::of(record));
    }

    pub(super) fn opened_entry(&self, record: Record) -> Result<FoundEntry, VaultError> {
        let opened = open_record::<EntryHead>(&self.snapshot.keyring, RecordKind::Entry, &record)
            .map_err(|cause| tampered(&record, cause))?;
        let mut head = opened.head;
        self.end_bound_grants(&mut head)?;
        // A member who is taken out between the decision and the commit is none.
        let assigned = head.category.map(|assigned| assigned.category);
        if let Some((category, revision)) = self.memberships.iter().find(|(id, _)| Some(*id) == assigned) {
            self.rely(self.core.key(RecordKind::Category, *category), Some(*revision))?;
        }
        Ok(FoundEntry {
            id: EntryId::from_bytes(record.key.id.0),
            revision: record.revision,
            head,
            rest: opened.rest.to_vec(),
        })
    }

    pub(super) fn find_key(&self, id: KeyId) -> Result<Option<FoundKey>, VaultError> {
        let key = self.core.key(RecordKind::Key, id);
        let record = self.load_noted(key)?;
        self.rely(key, record.as_ref().map(|record| record.revision))?;
        record.map(|record| self.opened_key(&record)).transpose()
    }

    pub(super) fn opened_key(&self, record: &Record) -> Result<FoundKey, VaultError> {
        let opened = open_record::<KeyHead>(&self.snapshot.keyring, RecordKind::Key, record)
            .map_err(|cause| tampered(record, cause))?;
        Ok(FoundKey {
            id: KeyId::from_bytes(record.key.id.0),
            revision: record.revision,
            head: opened.head,
            rest: opened.rest.to_vec(),
        })
    }

    /// An event of this passage.
    pub(super) fn event(&self, kind: EventKind, outcome: Outcome, entries: &[EntryId]) -> Event {
        let context = &self.session.context;
        Event {
            on_behalf_of: context.on_behalf_of.clone(),
            outcome,
            ticket: context.ticket.clone(),
            service: context.service.clone(),
            ip: context.ip.clone(),
            user_agent: context.user_agent.clone(),
            reason: context.reason.clone(),
            request_id: context.request_id.clone(),
            entries: entries.to_vec(),
            ..Event::by(self.session.person(), kind, self.now, context.surface)
        }
    }

    /// Commits an event that changes nothing else: a refusal, a failure, a look.
    pub(super) fn log(&self, kind: EventKind, outcome: Outcome, entries: &[EntryId]) -> Result<(), VaultError> {
        self.core.commit(&self.snapshot, ChangeSet::new(), self.event(kind, outcome, entries), &ReadStates::new())
    }

    /// Commits changes with their event, and asserts whatever this passage has looked at. Without a
    /// proof of this principal's, with its obligations seen to, nothing is written.
    pub(super) fn commit(&self, proof: &Authorized, changes: ChangeSet, event: Event) -> Result<(), VaultError> {
        if *proof.person() != event.actor || !proof.obligations().is_none() {
            return Err(VaultError::NotFound);
        }
        self.commit_relying(changes, event)
    }

    /// As [`commit`](Self::commit), where no rule is asked.
    pub(super) fn commit_relying(&self, mut changes: ChangeSet, event: Event) -> Result<(), VaultError> {
        self.hold_quota(&mut changes)?;
        if event.outcome == Outcome::Done {
            self.spend_approvals(&mut changes)?;
        }
        changes.asserts.extend_from_slice(&self.relied.borrow());
        self.core.commit(&self.snapshot, changes, event, &self.read.borrow())
    }

    /// Notes the state of a record that what follows rests on. It is a conflict when the passage
    /// has seen it in another state before.
    pub(super) fn rely(&self, key: RecordKey, revision: Option<u64>) -> Result<(), VaultError> {
        let expect = revision.map_or(Expect::Absent, Expect::Revision);
        let mut relied = self.relied.borrow_mut();
        match relied.iter().find(|(known, _)| *known == key) {
            Some((_, known)) if *known != expect => Err(StoreError::Conflict(key).into()),
            Some(_) => Ok(()),
            None => {
                relied.push((key, expect));
                Ok(())
            }
        }
    }
}
