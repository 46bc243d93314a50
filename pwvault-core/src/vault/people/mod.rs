//! People of the stored directory through sessions and sign-ins. Owns the way to their records; the
//! rules are in [`crate::directory`].

mod attempt;
mod draft;
mod ending;
mod find;
mod invite_mail;
mod invite_records;
mod invites;
mod manage;
mod own;
mod reset;
mod sign_in;
mod standing;
mod stored;
mod sub_users;
mod units;

pub use draft::{PersonDraft, PersonPatch};
pub(in crate::vault) use ending::PartEnd;
pub use find::{PeoplePage, PeopleQuery};
pub use invites::{AdminInvite, Invitation, InvitePage, InviteView, Invites, SubUserInvite};
pub use manage::People;
pub use own::{FactorSetup, OwnSignIn};
pub use reset::ResetLink;
pub use sign_in::{Acceptance, SignIn, SignInStep, SignedIn};
pub(in crate::vault) use stored::Stored;
pub use sub_users::{SubUserPage, SubUserPut, SubUserView, SubUsers};
pub use units::{UnitDraft, Units};

use super::core::{Core, Snapshot, tampered};
use super::error::VaultError;
use super::gate::Gate;
use crate::directory::{
    Credentials, PeopleError, folded, name_record_id, open_credentials, person_record_id, seal_person,
};
use crate::envelope::{open_record, seal_record};
use crate::id::{RecordId, RecordKind};
use crate::index;
use crate::model::{Event, EventKind, NameHead, Outcome, Person, PersonHead, PersonId, Realm};
use crate::store::{ChangeSet, Record, RecordKey};

/// A person whose head has opened.
#[derive(Clone)]
pub(super) struct FoundPerson {
    pub(super) key: RecordKey,
    pub(super) revision: u64,
    pub(super) head: PersonHead,
    /// The sealed credentials.
    rest: Vec<u8>,
}

/// Opens the record of a person.
fn opened_person(snapshot: &Snapshot, record: &Record) -> Result<FoundPerson, VaultError> {
    let opened = open_record::<PersonHead>(&snapshot.keyring, RecordKind::Account, record)
        .map_err(|cause| tampered(record, cause))?;
    Ok(FoundPerson { key: record.key, revision: record.revision, head: opened.head, rest: opened.rest.to_vec() })
}

fn load_person(core: &Core, snapshot: &Snapshot, id: &PersonId) -> Result<Option<FoundPerson>, VaultError> {
    load_person_at(core, snapshot, person_record_id(&snapshot.keyring, id))
}

fn load_person_at(core: &Core, snapshot: &Snapshot, id: RecordId) -> Result<Option<FoundPerson>, VaultError> {
    core.load(core.key(RecordKind::Account, id))?.map(|record| opened_person(snapshot, &record)).transpose()
}

/// Who has a user name or address.
fn load_by_name(core: &Core, snapshot: &Snapshot, realm: Realm, name: &str) -> Result<Option<FoundPerson>, VaultError> {
    let id = name_record_id(&snapshot.keyring, realm, &folded(name));
    let Some(record) = core.load(core.key(RecordKind::Name, id))? else { return Ok(None) };
    let opened = open_record::<NameHead>(&snapshot.keyring, RecordKind::Name, &record)
        .map_err(|cause| tampered(&record, cause))?;
    load_person(core, snapshot, &opened.head.person)
}

impl Gate<'_> {
    fn find_person(&self, id: &PersonId) -> Result<Option<FoundPerson>, VaultError> {
        load_person(self.core, &self.snapshot, id)
    }

    fn credentials_of(&self, found: &FoundPerson) -> Result<Credentials, VaultError> {
        Ok(open_credentials(&self.snapshot.keyring, found.key, &found.rest)?)
    }

    /// A person's next revision with other credentials; what the head says of them is brought in line.
    fn person_with(
        &self,
        found: &FoundPerson,
        mut head: PersonHead,
        credentials: &Credentials,
    ) -> Result<Record, VaultError> {
        head.sign_in.second_factor = credentials.has_factor();
        head.sign_in.recovery_codes = credentials.recovery_codes_left();
        Ok(seal_person(&self.snapshot.keyring, found.key, found.revision + 1, &head, credentials)?)
    }

    /// A person's next revision with the same credentials.
    fn person_record(&self, found: &FoundPerson, head: &PersonHead) -> Result<Record, VaultError> {
        let keyring = &self.snapshot.keyring;
        let labels = index::person_account_labels(keyring, head);
        Ok(seal_record(keyring, found.key, found.revision + 1, head, labels, &found.rest)?)
    }

    /// Adds a new person to a change set.
    fn add_person(
        &self,
        head: &PersonHead,
        credentials: &Credentials,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        let key = self.core.key(RecordKind::Account, person_record_id(&self.snapshot.keyring, &head.id));
        if self.core.load(key)?.is_some() {
            return Err(PeopleError::Exists { what: "person" }.into());
        }
        self.claim_names(None, Some(head), changes)?;
        changes.write(seal_person(&self.snapshot.keyring, key, 1, head, credentials)?);
        Ok(())
    }

    /// Adds to a change set that the names of `old` are free and those of `new` taken.
    fn claim_names(
        &self,
        old: Option<&PersonHead>,
        new: Option<&PersonHead>,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        let before = old.map(names_of).unwrap_or_default();
        let after = new.map(names_of).unwrap_or_default();
        let key = |(realm, name, _): &TakenName| {
            self.core.key(RecordKind::Name, name_record_id(&self.snapshot.keyring, *realm, name))
        };
        for gone in before.iter().filter(|name| !after.contains(name)) {
            if let Some(record) = self.core.load(key(gone))? {
                changes.delete(record.key, record.revision);
            }
        }
        for fresh in after.iter().filter(|name| !before.contains(name)) {
            let key = key(fresh);
            if self.core.load(key)?.is_some() {
                return Err(PeopleError::Taken { what: fresh.2 }.into());
            }
            let Some(person) = new.map(|head| head.id.clone()) else { continue };
            changes.write(seal_record(&self.snapshot.keyring, key, 1, &NameHead { person }, Vec::new(), &[])?);
        }
        Ok(())
    }

    /// An event of a person who has no session.
    fn event_of(&self, actor: Person, kind: EventKind, outcome: Outcome) -> Event {
        Event { actor, ..self.event(kind, outcome, &[]) }
    }

    /// Logs a refusal that no rule of the policy gave, and hands it on.
    fn refuse<T>(&self, kind: EventKind, error: impl Into<VaultError>) -> Result<T, VaultError> {
        self.log(kind, Outcome::Denied, &[])?;
        Err(error.into())
    }
}

type TakenName = (Realm, String, &'static str);

fn names_of(head: &PersonHead) -> Vec<TakenName> {
    let realm = head.id.realm();
    let names = [(&head.username, "user name"), (&head.email, "e-mail address")];
    names.into_iter().filter_map(|(name, what)| Some((realm, folded(name.as_ref()?), what))).collect()
}

/// As whom a person stands in the log.
fn actor_of(head: &PersonHead) -> Person {
    head.persons().into_iter().next().unwrap_or(Person::System)
}

fn checked_limit(limit: u32) -> Result<u32, VaultError> {
    if (1..=1_000).contains(&limit) {
        return Ok(limit);
    }
    Err(VaultError::invalid("limit", format!("it is {limit}; 1 to 1000 are accepted")))
}
