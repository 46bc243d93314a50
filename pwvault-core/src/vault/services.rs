//! Services of clients: their secrets, which lie in the host, and the entries that belong to them.

use super::draft;
use super::error::VaultError;
use super::gate::{FoundEntry, Gate};
use super::permit::Permit;
use super::session::Session;
use crate::envelope::Keyring;
use crate::id::{EntryId, RecordKind};
use crate::index::{self, Place, Term};
use crate::model::{
    Action, EntryHead, EntryPatch, Event, EventKind, GeneratorPolicy, Outcome, Owner, PermitPurpose, PrincipalKind,
    ServiceLink, ServicePart, ServiceRef,
};
use crate::policy::{Authorized, Denied};
use crate::secret::SecretString;
use crate::store::{ChangeSet, Expect, Query};

/// Secrets of services.
///
/// The secret of a *linked* service stays in the host: the vault decides who may see it, logs it, and
/// gives a permit that the host checks before it shows the secret. An *adopted* service has a sealed
/// copy, an entry made with [`ServicePart::Adopted`](crate::model::ServicePart), which the host keeps
/// up to date.
///
/// A call names the service with its client and product. When the host supplies
/// [`Services`](crate::model::Services), what that says counts and a service it does not know is not
/// found.
///
/// # Examples
/// ```
/// # use pwvault_core::{model::*, testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let (anna, bert) = (ClientId::new("anna")?, ClientId::new("bert")?);
/// # let session = |client: &ClientId| vault.session(Principal::client(client.clone()), RequestContext::default());
/// # let hosting = ServiceRef { id: id::ServiceId::new("7")?, client: anna.clone(), product: None, product_group: None };
/// let permit = session(&anna).authorize_service_reveal(&hosting)?;
/// // In the host, just before it shows the password:
/// assert!(session(&anna).check_service_permit(&permit, &hosting).is_ok());
/// assert!(session(&anna).check_service_permit(&permit, &hosting).is_err(), "good for one time");
/// assert!(matches!(session(&bert).authorize_service_reveal(&hosting), Err(VaultError::NotFound)));
///
/// let service = Some(ServiceLink { service: hosting.clone(), part: ServicePart::Adopted });
/// let copy = EntryDraft { name: "Hosting".into(), password: "old".into(), service, ..EntryDraft::default() };
/// let copy = session(&anna).create_entry(&copy)?;
/// let system = vault.session(Principal::system(), RequestContext::default());
/// assert_eq!(system.service_password_changed(&hosting, &"new".into())?, [copy]);
/// assert_eq!(session(&anna).reveal(copy)?.password.expose(), "new");
/// # Ok::<(), VaultError>(())
/// ```
pub trait ServiceEntries {
    /// Decides whether the host may show the principal the secret of a service, and commits the event.
    /// The permit is good once, for this person and service, for one minute.
    ///
    /// # Errors
    /// [`VaultError::Denied`], [`VaultError::NotFound`]; [`VaultError::Locked`] while the client's
    /// master password is not unlocked.
    fn authorize_service_reveal(&self, service: &ServiceRef) -> Result<Permit, VaultError>;

    /// Redeems a permit; the host calls it just before it shows the secret. A right that has ended
    /// in between is gone.
    ///
    /// # Errors
    /// [`VaultError::State`] for a permit that has ended, was used, or is for something or someone
    /// else; else as [`authorize_service_reveal`](Self::authorize_service_reveal).
    fn check_service_permit(&self, permit: &Permit, service: &ServiceRef) -> Result<(), VaultError>;

    /// Tells the vault that the secret of a service is another one now: its sealed copies get it, and
    /// keep the one before in their history. Returns the copies that were brought up to date; none
    /// when the service is not adopted or the copy has this password already. For scheduled work and
    /// for staff with the section `entries.for_clients`, who do not reach private entries.
    ///
    /// # Errors
    /// [`VaultError::Locked`] when a copy is locked with a key or master password that the session
    /// has not unlocked; nothing is changed then. [`VaultError::Invalid`], [`VaultError::Denied`],
    /// [`VaultError::NotFound`].
    fn service_password_changed(
        &self,
        service: &ServiceRef,
        password: &SecretString,
    ) -> Result<Vec<EntryId>, VaultError>;

    /// Makes an entry, still at `version`, one of a service, or of none any more. The entry's owner is
    /// the service's client. Returns the new version.
    ///
    /// # Errors
    /// [`VaultError::State`] for the service's own login, which stays with its service;
    /// [`VaultError::Invalid`] when the owner is another; [`VaultError::QuotaReached`] when the
    /// entry would count from now on and must not; [`VaultError::VersionConflict`],
    /// [`VaultError::Denied`], [`VaultError::NotFound`].
    fn assign_service(&self, id: EntryId, version: u64, service: Option<&ServiceRef>) -> Result<u64, VaultError>;
}

impl ServiceEntries for Session {
    fn authorize_service_reveal(&self, service: &ServiceRef) -> Result<Permit, VaultError> {
        self.run(|gate| {
            let service = gate.known_service(service, EventKind::ServiceRevealed)?;
            let proof = gate.may_see_service(&service)?;
            let mut changes = ChangeSet::new();
            let purpose = PermitPurpose::ServiceReveal(service.clone());
            let permit = gate.issue_permit(purpose, PERMIT_MS, &mut changes)?;
            let event = gate.service_event(&service, EventKind::ServiceRevealed, Outcome::Done, &[]);
            gate.commit(&proof, changes, event)?;
            Ok(permit)
        })
    }

    fn check_service_permit(&self, permit: &Permit, service: &ServiceRef) -> Result<(), VaultError> {
        self.run(|gate| {
            let held = gate.permit(permit)?.filter(
                |found| matches!(&found.purpose, PermitPurpose::ServiceReveal(named) if named.id == service.id),
            );
            let Some(found) = held else {
                let event = gate.service_event(service, EventKind::ServiceRevealed, Outcome::Failed, &[]);
                gate.commit_relying(ChangeSet::new(), event)?;
                return Err(VaultError::State("the permit has ended, was used already, or is for something else"));
            };
            let service = gate.known_service(service, EventKind::ServiceRevealed)?;
            let _proof = gate.may_see_service(&service)?;
            // It is no event of its own: the reveal has been logged.
            let mut changes = ChangeSet::new();
            found.end(&mut changes);
            changes.assert(Keyring::record_key(gate.core.id), Expect::Revision(gate.snapshot.keyring.epoch()));
            changes.assert(gate.core.policy_key(), Expect::Revision(gate.snapshot.policy_revision));
            Ok(gate.core.store.commit(&changes)?)
        })
    }

    fn service_password_changed(
        &self,
        service: &ServiceRef,
        password: &SecretString,
    ) -> Result<Vec<EntryId>, VaultError> {
        self.run(|gate| {
            let kind = EventKind::ServiceSecretChanged;
            let service = gate.known_service(service, kind)?;
            let proof = gate.logged_service(gate.authority.authorize_service_change(&service), &service, kind)?;
            gate.admit_client(&service.client, kind)?;
            let mut changes = ChangeSet::new();
            let mut event = gate.service_event(&service, kind, Outcome::Done, &[]);
            for found in gate.adopted(&service)? {
                gate.renew_copy(&found, password, &mut changes, &mut event)?;
            }
            let renewed = event.entries.clone();
            gate.commit(&proof, changes, event)?;
            Ok(renewed)
        })
    }

    fn assign_service(&self, id: EntryId, version: u64, service: Option<&ServiceRef>) -> Result<u64, VaultError> {
        self.run(|gate| {
            let (found, proof) = gate.entry(id, Action::Edit, EventKind::EntryUpdated)?;
            if found.head.version != version {
                return Err(VaultError::VersionConflict { expected: version, found: found.head.version });
            }
            if found.head.service.as_ref().is_some_and(|link| link.part == ServicePart::Adopted) {
                return Err(VaultError::State("the entry is the service's own login, which stays with its service"));
            }
            let mut changes = ChangeSet::new();
            let link = service.map(|service| ServiceLink { service: service.clone(), part: ServicePart::Additional });
            let link =
                link.map(|link| gate.admit_link(&link, &found.head.owner, EventKind::EntryUpdated, &mut changes));
            let mut head = found.head.clone();
            head.service = link.transpose()?;
            gate.check_no_more(&found, &head)?;
            if head.counts() && !found.head.counts() {
                gate.note_added(&head);
            }
            gate.write_entry(id, found.revision + 1, head, &found.rest, &mut changes)?;
            gate.commit(&proof, changes, gate.event(EventKind::EntryUpdated, Outcome::Done, &[id]))?;
            Ok(version + 1)
        })
    }
}

impl Gate<'_> {
    /// Refuses that somebody gains by attaching or detaching: other permissions of a sub-user count then.
    fn check_no_more(&self, found: &FoundEntry, after: &EntryHead) -> Result<(), VaultError> {
        let (had, has) = (self.authority.actions(&found.head), self.authority.actions(after));
        let Some(gained) = has.iter().find(|action| !had.has(*action)) else { return Ok(()) };
        self.log(EventKind::EntryUpdated, Outcome::Denied, &[found.id])?;
        Err(VaultError::Denied(Box::new(self.authority.explain(gained, &found.head))))
    }

    /// Checks that an entry of this owner may belong to a service, and gives the link as it is to be
    /// written. Of two adoptions of one service at once one is a conflict.
    pub(super) fn admit_link(
        &self,
        link: &ServiceLink,
        owner: &Owner,
        kind: EventKind,
        changes: &mut ChangeSet,
    ) -> Result<ServiceLink, VaultError> {
        let service = self.known_service(&link.service, kind)?;
        if *owner != Owner::Client(service.client.clone()) {
            return Err(VaultError::invalid("service", "it is another client's than the entry"));
        }
        self.admit_client(&service.client, kind)?;
        if let Err(denied) = self.authority.admit_service(&service) {
            self.log(kind, Outcome::Denied, &[])?;
            return Err(denied.into());
        }
        if link.part == ServicePart::Adopted {
            if !self.adopted(&service)?.is_empty() {
                return Err(VaultError::State("the service has an entry of its own already"));
            }
            changes.write(self.usage_record(&service.client)?);
        }
        Ok(ServiceLink { service, part: link.part })
    }

    /// The service as the host knows it now; what was named when the host cannot be asked.
    pub(super) fn known_service(&self, named: &ServiceRef, kind: EventKind) -> Result<ServiceRef, VaultError> {
        let Some(services) = &self.core.providers.services else { return Ok(named.clone()) };
        match services.service(&named.id)? {
            Some(known) if known.id == named.id && known.client == named.client => Ok(known),
            _ => {
                let event = self.service_event(named, kind, Outcome::Denied, &[]);
                self.commit_relying(ChangeSet::new(), event)?;
                Err(VaultError::NotFound)
            }
        }
    }

    fn may_see_service(&self, service: &ServiceRef) -> Result<Authorized, VaultError> {
        let verdict = self.authority.authorize_service(service);
        let owner = Owner::Client(service.client.clone());
        let barred = verdict.is_err() && self.authority.owned_locked() && self.authority.own() == Some(&owner);
        let proof = self.logged_service(verdict, service, EventKind::ServiceRevealed).map_err(|refused| {
            let unlocked = self.authority.clone().with_owned_locked(false);
            let unlock = barred && unlocked.authorize_service(service).is_ok();
            if unlock { self.owned_locked_error(&owner) } else { refused }
        })?;
        self.admit_client(&service.client, EventKind::ServiceRevealed)?;
        Ok(proof)
    }

    /// Passes a verdict about a service on, logging a refusal as `kind`.
    fn logged_service(
        &self,
        verdict: Result<Authorized, Denied>,
        service: &ServiceRef,
        kind: EventKind,
    ) -> Result<Authorized, VaultError> {
        if verdict.is_err() {
            let event = self.service_event(service, kind, Outcome::Denied, &[]);
            self.commit_relying(ChangeSet::new(), event)?;
        }
        Ok(verdict?)
    }

    fn service_event(&self, service: &ServiceRef, kind: EventKind, outcome: Outcome, entries: &[EntryId]) -> Event {
        Event { service: Some(service.id.clone()), ..self.event(kind, outcome, entries) }
    }

    /// The sealed copies of a service's secret. There is one, unless one came back from the trash.
    fn adopted(&self, service: &ServiceRef) -> Result<Vec<FoundEntry>, VaultError> {
        let mut query = Query::new(self.core.id, RecordKind::Entry);
        query.labels = vec![index::entry_query(&self.snapshot.keyring, Place::Active, Term::Service(&service.id))];
        let mut found = Vec::new();
        loop {
            let page = self.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                let entry = self.opened_entry(record)?;
                let link = entry.head.service.as_ref();
                let is_copy = link.is_some_and(|link| {
                    let ServiceLink { service: ServiceRef { id, client, .. }, part } = link;
                    *part == ServicePart::Adopted && (id, client) == (&service.id, &service.client)
                });
                if is_copy && entry.head.trashed.is_none() {
                    found.push(entry);
                }
            }
            if query.cursor.is_none() {
                return Ok(found);
            }
        }
    }

    /// Adds the change of a copy to a change set and its event. The caller has shown that it may.
    fn renew_copy(
        &self,
        found: &FoundEntry,
        password: &SecretString,
        changes: &mut ChangeSet,
        event: &mut Event,
    ) -> Result<(), VaultError> {
        let system = matches!(self.session.principal.kind, PrincipalKind::System);
        if found.head.private && !system {
            return Ok(());
        }
        let old = self.open_rest(found, found.head.secret.revision, &found.head.locks, &found.rest);
        if let Err(VaultError::Locked(_)) = &old {
            self.log(event.kind, Outcome::Failed, &[found.id])?;
        }
        let old = old?;
        if old.password.expose() == password.expose() {
            return Ok(());
        }
        let mut head = found.head.clone();
        head.secret.renew(self.session.principal.person(), self.now);
        let patch = EntryPatch { password: Some(password.clone()), ..EntryPatch::default() };
        // It is the service's password already, however weak.
        let any = GeneratorPolicy { strength_min: None, ..*self.generator_policy() };
        let secret = draft::patch_secret(&mut head, old, &patch, self.now, &any)?;
        let rest = self.replace_secret(found, &mut head, &secret, true, changes, event)?;
        event.entries.push(found.id);
        self.write_entry(found.id, found.revision + 1, head, &rest, changes)
    }
}

/// How long a permit to show a service's secret is good, in milliseconds.
const PERMIT_MS: i64 = 60 * 1_000;
