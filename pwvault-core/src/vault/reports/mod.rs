//! Reports: what someone who leaves still knows, and marking it as to be changed. Owns the questions
//! and what an answer may say; who knows a secret stands in each entry, written by whoever reveals or
//! changes it.

mod leaver;
mod mark;

use serde::Serialize;

use super::error::VaultError;
use super::session::Session;
use crate::clock::Timestamp;
use crate::id::{EntryId, KeyId, ServiceId};
use crate::model::{Fingerprint, Grantee, Owner, Person};

/// Reports about people.
///
/// # Security
/// The section `reports` is a strong one: like the log, its answers name entries by id whoever owns
/// them, private ones too, and who knows their secrets. Names are given only of entries that the one who
/// asks may view, and never a secret.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # use pwvault_core::{model::Person, policy::GrantChange};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # let root = vault.session(Principal::admin_with_roles(AdminId::new("1")?, vec![RoleId::new("full")?]), RequestContext::default());
/// let id = anna.create_entry(&EntryDraft { name: "Webmail".into(), password: "s3cret".into(), ..EntryDraft::default() })?;
/// let sam = AdminId::new("sam")?;
/// anna.share(id, &[GrantChange::put(Grantee::Admin(sam.clone()), Actions::VIEW_AND_REVEAL)])?;
/// vault.session(Principal::admin(sam.clone()), RequestContext::default()).reveal(id)?;
///
/// let sam = Person::Admin(sam);
/// assert_eq!(root.leaver_report(&sam)?.known[0].entry, id);
/// assert_eq!(root.require_rotation(&sam)?, 1);
/// assert!(anna.entry(id)?.head.secret.needs_rotation);
///
/// let patch = EntryPatch { password: Some("n3w".into()), ..EntryPatch::default() };
/// anna.update_entry(id, anna.entry(id)?.head.version, &patch)?;
/// assert!(!anna.entry(id)?.head.secret.needs_rotation);
/// assert!(root.leaver_report(&sam)?.known.is_empty());
/// assert!(matches!(anna.leaver_report(&sam), Err(VaultError::Denied(_))));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Reports {
    /// What a person still knows, used, owns and alone can open. An administrator's roles are those the
    /// directory says.
    ///
    /// It costs what hangs on the person: the entries it knows, owns or is granted, up to
    /// [`Settings::search_limit`](crate::model::Settings), and up to 10,000 of its own events.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `reports`; [`VaultError::Directory`] when the directory
    /// fails.
    fn leaver_report(&self, person: &Person) -> Result<LeaverReport, VaultError>;

    /// Marks every present secret that a person knows as to be changed, and says how many it marked.
    /// The mark stays until the secret is changed. Runs in steps of 100 entries, each a commit with its
    /// event; after an error it may be called again, and goes on with what is left.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `reports`.
    fn require_rotation(&self, person: &Person) -> Result<u64, VaultError>;
}

/// What hangs on someone who leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeaverReport {
    /// Who.
    pub person: Person,
    /// Entries of others whose present secret the person knows.
    pub known: Vec<KnownSecret>,
    /// Entries of others that the person used since their last change without seeing the secret, by
    /// signing in to a server or having a one-time code.
    pub used: Vec<UsedEntry>,
    /// Services whose secret the host was permitted to show the person, and when last. When the host
    /// changed it since is for the host to say.
    pub services: Vec<ShownService>,
    /// Entries the person owns.
    pub owned: Vec<OwnedEntry>,
    /// Entries of others on which the person has the only grant.
    pub sole_grants: Vec<SoleGrant>,
    /// Encryption keys the person owns, or has unlocked.
    pub keys: Vec<HeldKey>,
    /// Whether this is all. It is not when more than the search limit hangs on the person, or when its
    /// events are more than are read.
    pub complete: bool,
}

/// A secret that the person knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KnownSecret {
    /// The entry.
    pub entry: EntryId,
    /// Its name, if the one who asks may view it.
    pub name: Option<String>,
    /// Who owns it.
    pub owner: Owner,
    /// Since when the secret is what it is.
    pub changed_at: Timestamp,
    /// Whether the person set it; else it was revealed, copied or exported to them.
    pub set_by_person: bool,
    /// Who else knows it, the owner aside.
    pub also_known_to: Vec<Person>,
    /// Whether the person may still reveal it.
    pub still_open: bool,
    /// Whether it is marked as to be changed.
    pub needs_rotation: bool,
}

/// A service whose secret the host was permitted to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShownService {
    /// The service.
    pub service: ServiceId,
    /// When it was last shown.
    pub shown_at: Timestamp,
}

/// An entry that was used and not seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UsedEntry {
    /// The entry.
    pub entry: EntryId,
    /// Its name, if the one who asks may view it.
    pub name: Option<String>,
    /// Who owns it.
    pub owner: Owner,
    /// When it was last used.
    pub last_used: Timestamp,
}

/// An entry that the person owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OwnedEntry {
    /// The entry.
    pub entry: EntryId,
    /// Its name, if the one who asks may view it.
    pub name: Option<String>,
    /// Why nobody else can open it, if so.
    pub nobody_else: Option<NobodyElse>,
}

/// Why nobody but its owner can open an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NobodyElse {
    /// It is private.
    Private,
    /// It is in nobody's reach: no grant, category, role or mode opens it.
    NotShared,
    /// It is locked to keys or a master password of the owner's alone.
    Locked,
}

/// An entry of someone else's on which the person has the only grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SoleGrant {
    /// The entry.
    pub entry: EntryId,
    /// Its name, if the one who asks may view it.
    pub name: Option<String>,
    /// Who owns it.
    pub owner: Owner,
    /// Through what: the person's own name, or a role that the directory says nobody else holds.
    pub through: Grantee,
}

/// An encryption key in the person's hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeldKey {
    /// The public key's fingerprint.
    pub fingerprint: Fingerprint,
    /// The key, unless it is known by an unlock alone.
    pub key: Option<KeyId>,
    /// Whether the person owns it.
    pub owned: bool,
    /// When the person last unlocked it, as far as the log tells.
    pub unlocked_at: Option<Timestamp>,
}

impl Reports for Session {
    fn leaver_report(&self, person: &Person) -> Result<LeaverReport, VaultError> {
        leaver::report(self, person)
    }

    fn require_rotation(&self, person: &Person) -> Result<u64, VaultError> {
        mark::require(self, person)
    }
}
