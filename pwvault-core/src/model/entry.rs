//! Entries: the overview that lists show, the secret, and the drafts and patches hosts write.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::category::Assignment;
use super::grant::Grant;
use super::key::Fingerprint;
use super::principal::Person;
use super::reminder::{EntryReminder, Expiry};
use super::service::{ServerAccess, ServiceLink};
use crate::clock::Timestamp;
use crate::id::{AdminId, ClientId, EntryId, FieldId, KeyId, TagId};
use crate::secret::SecretString;

/// Who owns an entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// An administrator.
    Admin(AdminId),
    /// A client's account.
    Client(ClientId),
}

impl Owner {
    /// Whether the owner is this person; a sub-user is never the account.
    #[must_use]
    pub fn is(&self, person: &Person) -> bool {
        match (self, person) {
            (Self::Admin(id), Person::Admin(other)) => id == other,
            (Self::Client(id), Person::Client(other)) => id == other,
            (Self::Admin(_) | Self::Client(_), _) => false,
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admin(id) => write!(f, "admin {id}"),
            Self::Client(id) => write!(f, "client {id}"),
        }
    }
}

/// What an entry is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntryKind {
    /// A sign-in.
    #[default]
    Login,
    /// A licence key.
    LicenceKey,
    /// A server.
    Server,
    /// A note.
    Note,
}

/// How well an entry's secret is wrapped. The order is from the weakest to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Under the vault's key alone.
    Vault,
    /// K3: a stored private key without a passphrase.
    KeyStored,
    /// M: the owner's master password.
    MasterPassword,
    /// K2: a stored private key with a passphrase.
    KeyPassphrase,
    /// K1: a public key whose private half never comes near the vault.
    KeyPublicOnly,
}

/// To whom a locked entry's secret is wrapped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// An encryption key.
    Key(KeyId),
    /// The owner's master password.
    MasterPassword,
}

/// One wrap of a locked entry, as the overview names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LockRef {
    /// To whom.
    pub recipient: Recipient,
    /// The tier this wrap stands for.
    pub tier: Tier,
    /// The public key it was sealed to.
    pub fingerprint: Fingerprint,
}

/// A custom field in the overview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldHead {
    /// Which field.
    pub id: FieldId,
    /// Its name.
    pub name: String,
    /// Its value, when it is visible.
    pub value: FieldValue,
}

/// The value of a custom field in the overview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// Shown in lists.
    Visible(String),
    /// Held with the secret.
    Secret,
}

/// What is known of an entry's secret without opening it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SecretState {
    /// Rises by one with every change of the secret, never with other changes.
    pub revision: u64,
    /// When the password last changed, or without one another part. New notes count as no change.
    pub changed_at: Timestamp,
    /// Who changed it.
    pub changed_by: Person,
    /// To whom it was revealed since `changed_at`.
    pub revealed_to: Vec<Person>,
    /// A person or key lost access; the secret should be changed.
    pub needs_rotation: bool,
    /// How many past secrets are kept.
    pub history: u32,
    /// Whether a TOTP seed is held.
    pub has_totp: bool,
}

/// An entry in the trash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Trashed {
    /// Since when.
    pub at: Timestamp,
    /// By whom.
    pub by: Person,
}

/// The overview: everything of an entry that lists need. Sealed under the vault's key in every tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EntryHead {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: EntryKind,
    /// The user name to sign in with.
    pub username: String,
    /// The website, http or https.
    pub website: Option<String>,
    /// Where to sign in, http or https.
    pub login_url: Option<String>,
    /// Custom fields in their order.
    pub fields: Vec<FieldHead>,
    /// Who owns it.
    pub owner: Owner,
    /// Who created it.
    pub created_by: Person,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed in any way.
    pub updated_at: Timestamp,
    /// Rises by one with every change someone makes; a change names the one it was based on.
    pub version: u64,
    /// Nobody but the owner, whatever any grant or mode says.
    pub private: bool,
    /// Set while it is in the trash.
    pub trashed: Option<Trashed>,
    /// To whom it is shared.
    pub grants: Vec<Grant>,
    /// The wraps of its secret; none for tier V.
    pub locks: Vec<LockRef>,
    /// What is known of its secret.
    pub secret: SecretState,
    /// The category it is in; none is "Unassigned".
    pub category: Option<Assignment>,
    /// Its tags, which only staff see.
    pub tags: Vec<TagId>,
    /// The service it belongs to.
    pub service: Option<ServiceLink>,
    /// When people are told about it.
    pub reminder: EntryReminder,
    /// When its secret ends.
    pub expires: Option<Expiry>,
    /// How its server is signed in to.
    pub connect: Option<ServerAccess>,
}

impl SecretState {
    /// Notes that the secret is another one now, which nobody has seen.
    pub fn renew(&mut self, by: Person, now: Timestamp) {
        self.changed_at = now;
        self.changed_by = by;
        self.revealed_to.clear();
        self.needs_rotation = false;
    }
}

impl EntryHead {
    /// An overview without a word in it, of an entry created at `now`.
    #[must_use]
    pub fn blank(owner: Owner, by: Person, now: Timestamp) -> Self {
        Self {
            name: String::new(),
            kind: EntryKind::default(),
            username: String::new(),
            website: None,
            login_url: None,
            fields: Vec::new(),
            owner,
            created_by: by.clone(),
            created_at: now,
            updated_at: now,
            version: 1,
            private: false,
            trashed: None,
            grants: Vec::new(),
            locks: Vec::new(),
            secret: SecretState {
                revision: 1,
                changed_at: now,
                changed_by: by,
                revealed_to: Vec::new(),
                needs_rotation: false,
                history: 0,
                has_totp: false,
            },
            category: None,
            tags: Vec::new(),
            service: None,
            reminder: EntryReminder::default(),
            expires: None,
            connect: None,
        }
    }

    /// Whether the entry counts against its owner's quota: those of services and in the trash do not.
    #[must_use]
    pub const fn counts(&self) -> bool {
        self.service.is_none() && self.trashed.is_none()
    }

    /// The tier of the entry: the weakest of its wraps, or V.
    #[must_use]
    pub fn tier(&self) -> Tier {
        self.locks.iter().map(|lock| lock.tier).min().unwrap_or(Tier::Vault)
    }

    /// Whether anyone besides the owner was given it: by a grant or a category.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        !self.grants.is_empty() || self.category.is_some()
    }

    /// Ends the grants that `ends` says, and notes that whoever lost one may have seen the secret. How
    /// many they were.
    pub fn end_grants(&mut self, ends: impl Fn(&Grant) -> bool) -> usize {
        let before = self.grants.len();
        self.grants.retain(|grant| !ends(grant));
        let ended = before - self.grants.len();
        self.secret.needs_rotation |= ended > 0 && !self.secret.revealed_to.is_empty();
        ended
    }

    /// Who knows the present secret besides the owner: those to whom it was revealed, and who set it.
    #[must_use]
    pub fn known_to(&self) -> Vec<&Person> {
        let SecretState { changed_by, revealed_to, .. } = &self.secret;
        let mut knowing: Vec<_> = revealed_to.iter().chain([changed_by]).filter(|one| !self.owner.is(one)).collect();
        knowing.sort_unstable();
        knowing.dedup();
        knowing
    }

    /// Whether opening the secret needs a key, a passphrase or a master password.
    #[must_use]
    pub const fn is_locked(&self) -> bool {
        !self.locks.is_empty()
    }
}

/// The secret of an entry. Wiped when dropped; never serialized by serde.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "crossing", derive(serde::Serialize, schemars::JsonSchema), schemars(rename = "EntrySecret"))]
pub struct Secret {
    /// The password or licence key.
    pub password: SecretString,
    /// Notes.
    pub notes: SecretString,
    /// The TOTP seed, as an `otpauth://` URI or base32 text.
    pub totp: SecretString,
    /// Values of the secret custom fields.
    pub fields: Vec<SecretField>,
}

/// The value of a secret custom field.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Serialize, schemars::JsonSchema))]
pub struct SecretField {
    /// Which field.
    pub id: FieldId,
    /// Its value.
    pub value: SecretString,
}

/// What is known of a past secret without opening it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PastSecretHead {
    /// The entry it belonged to.
    pub entry: EntryId,
    /// Its secret revision.
    pub revision: u64,
    /// Since when it was the entry's secret.
    pub since: Timestamp,
    /// Who had set it.
    pub set_by: Person,
    /// When it was replaced.
    pub replaced_at: Timestamp,
    /// Names of the secret custom fields it holds.
    pub fields: Vec<FieldHead>,
    /// Whether it holds a TOTP seed.
    pub has_totp: bool,
    /// The wraps of the secret; none for tier V.
    pub locks: Vec<LockRef>,
}

/// A custom field to be written.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "crossing", derive(serde::Deserialize, schemars::JsonSchema))]
#[cfg_attr(feature = "crossing", serde(default))]
pub struct FieldDraft {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: SecretString,
    /// Whether the value is held with the secret.
    pub secret: bool,
}

/// An entry to be written. Text is taken as it is given; nothing is trimmed or decoded.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "crossing", derive(serde::Deserialize, schemars::JsonSchema))]
#[cfg_attr(feature = "crossing", serde(default))]
pub struct EntryDraft {
    /// Its name: 1 to 512 bytes, no control characters.
    pub name: String,
    /// What it is for.
    pub kind: EntryKind,
    /// The user name to sign in with.
    pub username: String,
    /// The website, http or https; empty for none.
    pub website: String,
    /// Where to sign in, http or https; empty for none.
    pub login_url: String,
    /// The password or licence key.
    pub password: SecretString,
    /// Notes.
    pub notes: SecretString,
    /// The TOTP seed, as an `otpauth://` URI or base32 text; empty for none.
    pub totp: SecretString,
    /// Custom fields in their order.
    pub fields: Vec<FieldDraft>,
    /// Nobody but the owner.
    pub private: bool,
    /// Encryption keys to lock it to; any one opens it.
    pub keys: Vec<KeyId>,
    /// Who will own it; the principal's own account or person when absent.
    pub owner: Option<Owner>,
    /// The service it belongs to; its owner is the service's client.
    pub service: Option<ServiceLink>,
}

impl EntryDraft {
    /// A sign-in with a password, and nothing else.
    pub fn new(name: impl Into<String>, password: impl Into<SecretString>) -> Self {
        Self { name: name.into(), password: password.into(), ..Self::default() }
    }
}

/// A change of an entry; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "crossing", derive(serde::Deserialize, schemars::JsonSchema))]
#[cfg_attr(feature = "crossing", serde(default))]
pub struct EntryPatch {
    /// A new name.
    pub name: Option<String>,
    /// A new kind.
    pub kind: Option<EntryKind>,
    /// A new user name.
    pub username: Option<String>,
    /// A new website; empty for none.
    pub website: Option<String>,
    /// A new login address; empty for none.
    pub login_url: Option<String>,
    /// A new password.
    pub password: Option<SecretString>,
    /// New notes.
    pub notes: Option<SecretString>,
    /// A new TOTP seed; empty for none.
    pub totp: Option<SecretString>,
    /// A new full list of custom fields.
    pub fields: Option<Vec<FieldDraft>>,
    /// Private or not.
    pub private: Option<bool>,
}

impl EntryPatch {
    /// Whether the patch touches the secret.
    #[must_use]
    pub const fn touches_secret(&self) -> bool {
        self.password.is_some() || self.notes.is_some() || self.totp.is_some() || self.fields.is_some()
    }
}
