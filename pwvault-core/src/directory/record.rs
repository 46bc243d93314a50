//! Records of people: which id each has, and how head and credentials are sealed.

use super::credentials::Credentials;
use crate::envelope::{self, Context, EnvelopeError, Keyring, Purpose, Suite, open_under_data_key, seal_record};
use crate::id::{RecordId, RecordKind};
use crate::index;
use crate::model::{PersonHead, PersonId, Realm};
use crate::store::{Record, RecordKey};

/// The id of a person's record.
#[must_use]
pub fn person_record_id(keyring: &Keyring, id: &PersonId) -> RecordId {
    index::unique_id(keyring, RecordKind::Account, "person", id.to_string().as_bytes())
}

/// The id of the record that says a name is taken. `name` is [folded](super::folded); user names and
/// addresses cannot be confused, since only addresses hold an `@`.
#[must_use]
pub fn name_record_id(keyring: &Keyring, realm: Realm, name: &str) -> RecordId {
    let realm = match realm {
        Realm::Staff => "staff",
        Realm::Clients => "clients",
    };
    index::unique_id(keyring, RecordKind::Name, realm, name.as_bytes())
}

/// The record of a person.
///
/// # Errors
/// As [`seal_record`].
pub fn seal_person(
    keyring: &Keyring,
    key: RecordKey,
    revision: u64,
    head: &PersonHead,
    credentials: &Credentials,
) -> Result<Record, EnvelopeError> {
    let plain = credentials.encode()?;
    let context = credentials_context(key);
    let purpose = Purpose::Credentials;
    let rest = envelope::seal(keyring.data_key(), purpose, Suite::Symmetric, &context, &[], plain.expose())?;
    seal_record(keyring, key, revision, head, index::person_account_labels(keyring, head), &rest)
}

/// What a person signs in with, from the rest of the record.
///
/// # Errors
/// As [`open_under_data_key`].
pub fn open_credentials(keyring: &Keyring, key: RecordKey, rest: &[u8]) -> Result<Credentials, EnvelopeError> {
    Credentials::decode(&open_under_data_key(keyring, Purpose::Credentials, &credentials_context(key), rest)?)
}

/// What credentials are bound to.
#[must_use]
pub fn credentials_context(key: RecordKey) -> Context<'static> {
    Context {
        vault: Some(key.vault),
        kind: Some(key.kind),
        id: Some(key.id.0),
        field: Some("credentials"),
        ..Context::default()
    }
}
