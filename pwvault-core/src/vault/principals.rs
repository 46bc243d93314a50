//! The stored mirror of the host's principals, for hosts that cannot be called back.

use std::sync::Arc;

use super::core::{Core, Snapshot, tampered};
use super::draft::checked_name;
use super::error::VaultError;
use super::people::Stored;
use super::session::Session;
use crate::envelope::{open_record, seal_record};
use crate::id::{ClientId, RecordKind};
use crate::index::{self, AccountTerm, PersonTerm};
use crate::model::{Contact, Directory, DirectoryError, EventKind, Outcome, Person, PersonKind, Section, Subject};
use crate::store::{ChangeSet, Query, Record, RecordKey};

/// Keeping the stored mirror of principals.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let root = vault.session(Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new("full")?]), RequestContext::default());
/// # use pwvault_core::model::{Contact, Permissions, Person};
/// let bert = Contact {
///     person: Person::Client(ClientId::new("bert")?),
///     name: "Bert".into(),
///     email: Some("bert@example.com".into()),
///     locale: Some("de-AT".into()),
///     zone: Some("Europe/Vienna".into()),
///     wants_mail: true,
///     roles: vec![],
///     departments: vec![],
///     groups: vec![],
///     permissions: Permissions::NONE,
/// };
/// root.sync_principals(&[bert.clone()], &[])?;
/// assert!(root.sync_principals(&[bert.clone(), bert], &[]).is_err());
/// # Ok::<(), VaultError>(())
/// ```
pub trait Principals {
    /// Writes these people into the mirror, replacing what it held of each, and removes others;
    /// all or nothing.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `principals`, [`VaultError::Invalid`] for a
    /// contact out of bounds or a person named twice.
    fn sync_principals(&self, contacts: &[Contact], gone: &[Person]) -> Result<(), VaultError>;
}

impl Principals for Session {
    fn sync_principals(&self, contacts: &[Contact], gone: &[Person]) -> Result<(), VaultError> {
        let people = contacts.iter().map(|contact| &contact.person).chain(gone);
        let mut named: Vec<_> = people.collect();
        named.sort_unstable();
        if named.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
            return Err(VaultError::invalid("contacts", "a person stands twice in the batch"));
        }
        contacts.iter().try_for_each(check)?;
        self.run(|gate| {
            let proof = gate.section(Section::Principals, EventKind::PrincipalsSynced)?;
            let keyring = &gate.snapshot.keyring;
            let key = |person: &Person| mirror_key(gate.core, &gate.snapshot, person);
            let keys: Vec<_> = contacts.iter().map(|contact| key(&contact.person)).collect();
            let held = gate.core.store.load(&keys)?;
            let mut changes = ChangeSet::new();
            for (contact, (key, held)) in contacts.iter().zip(keys.into_iter().zip(held)) {
                let revision = held.map_or(1, |record| record.revision + 1);
                let labels = index::person_labels(keyring, contact);
                changes.write(seal_record(keyring, key, revision, contact, labels, &[])?);
            }
            for person in gone {
                if let Some(record) = gate.core.load(key(person))? {
                    changes.delete(record.key, record.revision);
                }
            }
            if changes.is_empty() {
                return Ok(());
            }
            gate.commit(&proof, changes, gate.event(EventKind::PrincipalsSynced, Outcome::Done, &[]))
        })
    }
}

/// The directory to ask: the host's, or the mirror.
pub(super) fn directory_of(core: &Arc<Core>) -> Result<Arc<dyn Directory>, VaultError> {
    match &core.providers.directory {
        Some(directory) => Ok(Arc::clone(directory)),
        None => Ok(Arc::new(Mirror { core: Arc::clone(core), snapshot: core.snapshot()? })),
    }
}

/// Answers from what `sync_principals` wrote, and for whom it does not hold from the stored directory.
struct Mirror {
    core: Arc<Core>,
    snapshot: Snapshot,
}

impl Mirror {
    fn stored(&self) -> Stored<'_> {
        Stored { core: &self.core, snapshot: &self.snapshot }
    }

    /// The contacts a term is true of, or all of them.
    fn find(&self, term: Option<PersonTerm<'_>>) -> Result<Vec<Contact>, VaultError> {
        let mut query = Query::new(self.core.id, RecordKind::Mirror);
        query.labels.extend(term.map(|term| index::person_query(&self.snapshot.keyring, term)));
        query.limit = 1_000;
        let mut found = Vec::new();
        loop {
            let page = self.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                // A label only finds; the sealed contact decides.
                found.extend(Some(self.open(&record)?).filter(|contact| term.is_none_or(|term| term.fits(contact))));
            }
            if query.cursor.is_none() {
                return Ok(found);
            }
        }
    }

    fn open(&self, record: &Record) -> Result<Contact, VaultError> {
        open_record::<Contact>(&self.snapshot.keyring, RecordKind::Mirror, record)
            .map(|opened| opened.head)
            .map_err(|cause| tampered(record, cause))
    }
}

impl Directory for Mirror {
    fn contact(&self, person: &Person) -> Result<Option<Contact>, DirectoryError> {
        let record = self.core.load(mirror_key(&self.core, &self.snapshot, person)).map_err(failed)?;
        match record {
            Some(record) => self.open(&record).map(Some).map_err(failed),
            None => self.stored().contact(person).map_err(failed),
        }
    }

    fn client_by_email(&self, email: &str) -> Result<Option<ClientId>, DirectoryError> {
        let found = self.find(Some(PersonTerm::Email(email))).map_err(failed)?;
        let mirrored = found.into_iter().find_map(|contact| match contact.person {
            Person::Client(id) => Some(id),
            _ => None,
        });
        mirrored.map_or_else(|| self.stored().client_by_email(email).map_err(failed), |id| Ok(Some(id)))
    }

    fn members(&self, subject: &Subject) -> Result<Vec<Person>, DirectoryError> {
        let (term, account_term) = match subject {
            Subject::Admin(id) => {
                return Ok(Vec::from_iter(self.contact(&Person::Admin(id.clone()))?.map(|c| c.person)));
            }
            Subject::Client(id) => {
                return Ok(Vec::from_iter(self.contact(&Person::Client(id.clone()))?.map(|c| c.person)));
            }
            Subject::Role(id) => (Some(PersonTerm::Role(id)), AccountTerm::Role(id)),
            Subject::Department(id) => (Some(PersonTerm::Department(id)), AccountTerm::Department(id)),
            Subject::Group(id) => (Some(PersonTerm::Group(id)), AccountTerm::Group(id)),
            Subject::SubUsers(account) => (Some(PersonTerm::Account(account)), AccountTerm::Account(account)),
            // The mirror has no label for them: it is read as a whole.
            Subject::Administrators => (None, AccountTerm::Kind(PersonKind::Admin)),
        };
        let asked = |person: &Person| term.is_some() || matches!(person, Person::Admin(_));
        let mirrored = self.find(term).map_err(failed)?.into_iter().map(|contact| contact.person).filter(asked);
        let mut members: Vec<_> = mirrored.chain(self.stored().members(account_term).map_err(failed)?).collect();
        members.sort_unstable();
        members.dedup();
        Ok(members)
    }
}

pub(super) fn mirror_key(core: &Core, snapshot: &Snapshot, person: &Person) -> RecordKey {
    let id = index::unique_id(&snapshot.keyring, RecordKind::Mirror, "person", person.to_string().as_bytes());
    core.key(RecordKind::Mirror, id)
}

fn check(contact: &Contact) -> Result<(), VaultError> {
    checked_name("contact name", &contact.name)?;
    for (field, text) in [("email", &contact.email), ("locale", &contact.locale), ("zone", &contact.zone)] {
        text.as_deref().map(|text| checked_name(field, text)).transpose()?;
    }
    let lists = contact.roles.len() + contact.departments.len() + contact.groups.len();
    if lists > LISTS_MAX {
        return Err(VaultError::invalid(
            "contact",
            format!("it has {lists} roles, departments and groups; at most {LISTS_MAX}"),
        ));
    }
    Ok(())
}

#[allow(clippy::needless_pass_by_value, reason = "fits map_err")]
fn failed(error: VaultError) -> DirectoryError {
    DirectoryError { reason: error.to_string() }
}

const LISTS_MAX: usize = 1_000;
