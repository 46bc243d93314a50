//! Categories: named sets of people. An entry in one is shared with its members.

use serde::Deserialize;

use super::core::tampered;
use super::draft::checked_name;
use super::error::VaultError;
use super::gate::{FoundEntry, Gate};
use super::principals::directory_of;
use super::session::Session;
use crate::envelope::{open_record, seal_record};
use crate::id::{CategoryId, EntryId, RecordKind};
use crate::index::{self, CategoryTerm, Place, Term};
use crate::model::{
    Action, Assignment, CategoryHead, CategoryOwner, Event, EventKind, Grantee, Outcome, Person, PrincipalKind, limits,
};
use crate::policy::{Authorized, Capability};
use crate::store::{ChangeSet, Query, Record, Want};

/// A category to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CategoryDraft {
    /// Its name: 1 to 512 bytes, no control characters.
    pub name: String,
    /// What it is for, at most 64 KiB.
    pub description: String,
    /// Who gets at its entries; each at most once.
    pub members: Vec<Grantee>,
}

/// Categories of the staff, for administrators with the section `categories`; and those of clients,
/// for their account, its sub-users with the permission to share, and these administrators too.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # use pwvault_core::model::{Assignment, Grantee};
/// # use pwvault_core::vault::CategoryDraft;
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # let id = anna.create_entry(&EntryDraft { name: "Shop".into(), password: "s3cret".into(), ..EntryDraft::default() })?;
/// let members = vec![Grantee::Role(RoleId::new("support")?)];
/// let helpers = anna.create_category(&CategoryDraft { name: "Helpers".into(), members, ..CategoryDraft::default() })?;
/// anna.assign_category(&[id], Some(Assignment { category: helpers, actions: Actions::VIEW_AND_REVEAL }))?;
///
/// let staff = Principal::admin_with_roles(AdminId::new("bo")?, vec![RoleId::new("support")?]);
/// let bo = vault.session(staff, RequestContext::default());
/// assert_eq!(bo.reveal(id)?.password.expose(), "s3cret");
/// # Ok::<(), VaultError>(())
/// ```
pub trait Categories {
    /// Creates a category of the principal's own: the staff's, or the account's.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] for a name or members that are not accepted, such as, to
    /// administrators, one who does not exist; [`VaultError::Denied`].
    fn create_category(&self, draft: &CategoryDraft) -> Result<CategoryId, VaultError>;

    /// Changes a category that is still at `version`, and returns the new version. A change of its
    /// members holds for all its entries at once.
    ///
    /// # Errors
    /// [`VaultError::VersionConflict`], [`VaultError::NotFound`]; else as
    /// [`create_category`](Self::create_category).
    fn update_category(&self, id: CategoryId, version: u64, draft: &CategoryDraft) -> Result<u64, VaultError>;

    /// Deletes a category. With `force`, its entries become unassigned in the same commit.
    ///
    /// # Errors
    /// [`VaultError::InUse`] when it has entries, without `force` or above 1,000 of them;
    /// [`VaultError::Denied`], [`VaultError::NotFound`].
    fn delete_category(&self, id: CategoryId, force: bool) -> Result<(), VaultError>;

    /// The categories the principal may assign: to administrators all, to a client its own.
    ///
    /// # Errors
    /// [`VaultError::Denied`]; the errors of key provider and store.
    fn categories(&self) -> Result<Vec<(CategoryId, CategoryHead)>, VaultError>;

    /// Puts entries into a category, or out of theirs with `None`; all or none. Its members may do
    /// what the assignment says, and view with any of it.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] for an assignment of nothing, [`VaultError::Sharing`] for actions the
    /// principal does not hold or a private entry, [`VaultError::Denied`] or
    /// [`VaultError::NotFound`] for the first entry it may not share, or a category it may not
    /// assign.
    fn assign_category(&self, ids: &[EntryId], to: Option<Assignment>) -> Result<(), VaultError>;
}

impl Categories for Session {
    fn create_category(&self, draft: &CategoryDraft) -> Result<CategoryId, VaultError> {
        self.run(|gate| {
            let proof = gate.capability(Capability::Categories, EventKind::CategoryCreated)?;
            let id = CategoryId::generate(gate.now)?;
            let head = CategoryHead {
                name: checked_name("name", &draft.name)?,
                description: checked_description(&draft.description)?,
                owner: gate.own_categories(),
                members: gate.checked_members(&draft.members)?,
                created_by: self.principal.person(),
                created_at: gate.now,
                version: 1,
            };
            gate.write_category(&proof, id, 1, &head, EventKind::CategoryCreated)?;
            Ok(id)
        })
    }

    fn update_category(&self, id: CategoryId, version: u64, draft: &CategoryDraft) -> Result<u64, VaultError> {
        self.run(|gate| {
            let (proof, record, mut head) = gate.own_category(id, EventKind::CategoryUpdated)?;
            if head.version != version {
                return Err(VaultError::VersionConflict { expected: version, found: head.version });
            }
            head.name = checked_name("name", &draft.name)?;
            head.description = checked_description(&draft.description)?;
            head.members = gate.checked_members(&draft.members)?;
            head.version += 1;
            gate.write_category(&proof, id, record.revision + 1, &head, EventKind::CategoryUpdated)?;
            Ok(head.version)
        })
    }

    fn delete_category(&self, id: CategoryId, force: bool) -> Result<(), VaultError> {
        self.run(|gate| {
            let (proof, record, _) = gate.own_category(id, EventKind::CategoryDeleted)?;
            let entries = gate.entries_of(Term::Category(id), "the category", force)?;
            let mut changes = ChangeSet::new();
            changes.delete(record.key, record.revision);
            let mut event = gate.event(EventKind::CategoryDeleted, Outcome::Done, &[]);
            for found in entries {
                event.entries.push(found.id);
                let mut head = found.head.clone();
                head.category = None;
                head.secret.needs_rotation |= !head.secret.revealed_to.is_empty();
                let rest = gate.rest_once_ended(&found, &mut head, &mut changes, &mut event)?;
                gate.write_entry(found.id, found.revision + 1, head, &rest, &mut changes)?;
            }
            gate.commit(&proof, changes, event)
        })
    }

    fn categories(&self) -> Result<Vec<(CategoryId, CategoryHead)>, VaultError> {
        self.run(|gate| {
            let _proof = gate.capability(Capability::Categories, EventKind::CategoryUpdated)?;
            let mut query = Query::new(gate.core.id, RecordKind::Category);
            let own = gate.own_categories();
            if own != CategoryOwner::Staff {
                query.labels = vec![index::category_query(&gate.snapshot.keyring, CategoryTerm::Owner(&own))];
            }
            let mut all = Vec::new();
            loop {
                let page = gate.core.store.scan(&query)?;
                query.cursor = page.next;
                for record in page.into_records()? {
                    let head = gate.opened_category(&record)?;
                    if own == CategoryOwner::Staff || head.owner == own {
                        all.push((CategoryId::from_bytes(record.key.id.0), head));
                    }
                }
                if query.cursor.is_none() {
                    return Ok(all);
                }
            }
        })
    }

    fn assign_category(&self, ids: &[EntryId], to: Option<Assignment>) -> Result<(), VaultError> {
        self.run(|gate| {
            let kind = EventKind::CategoryAssigned;
            if to.is_some_and(|to| to.actions.is_empty()) {
                return Err(VaultError::invalid("actions", "an assignment needs at least one action"));
            }
            if let Some(to) = to {
                let (_, record, _) = gate.own_category(to.category, kind)?;
                gate.rely(record.key, Some(record.revision))?;
            }
            let mut changes = ChangeSet::new();
            let mut event = gate.event(kind, Outcome::Done, ids);
            let mut proof = None;
            for (at, id) in ids.iter().enumerate() {
                if ids.iter().take(at).any(|other| other == id) {
                    return Err(VaultError::invalid("ids", "an entry stands twice in the list"));
                }
                let (found, one) = gate.entry(*id, Action::Share, kind)?;
                gate.put_in_category(&found, &one, to, &mut changes, &mut event)?;
                proof = Some(one);
            }
            proof.map_or(Ok(()), |proof| gate.commit(&proof, changes, event))
        })
    }
}

impl Gate<'_> {
    /// Adds to a change set that an entry is in a category, or in none. `proof` is one of sharing it.
    pub(super) fn put_in_category(
        &self,
        found: &FoundEntry,
        proof: &Authorized,
        to: Option<Assignment>,
        changes: &mut ChangeSet,
        event: &mut Event,
    ) -> Result<(), VaultError> {
        self.authority.check_assignment(&found.head, to)?;
        let mut head = found.head.clone();
        head.category = to;
        head.secret.needs_rotation |= found.head.category.is_some() && !head.secret.revealed_to.is_empty();
        let rest = self.rest_once_shared(proof, found, &mut head, changes, event)?;
        self.write_entry(found.id, found.revision + 1, head, &rest, changes)
    }

    /// The owner of the categories the principal makes.
    pub(super) fn own_categories(&self) -> CategoryOwner {
        self.session.principal.account().map_or(CategoryOwner::Staff, |account| CategoryOwner::Client(account.clone()))
    }

    /// A category the principal may assign and change.
    pub(super) fn own_category(
        &self,
        id: CategoryId,
        kind: EventKind,
    ) -> Result<(Authorized, Record, CategoryHead), VaultError> {
        let proof = self.capability(Capability::Categories, kind)?;
        let own = self.own_categories();
        let found = self.load_noted(self.core.key(RecordKind::Category, id))?;
        let found = found.map(|record| self.opened_category(&record).map(|head| (record, head))).transpose()?;
        let found = found.filter(|(_, head)| own == CategoryOwner::Staff || head.owner == own);
        // A client's category decides who gets at its entries, so it stands behind the same password.
        let barred = self.authority.own().filter(|_| self.authority.owned_locked() && own != CategoryOwner::Staff);
        match (found, barred) {
            (Some((record, head)), None) => Ok((proof, record, head)),
            (Some(_), Some(owner)) => {
                self.log(kind, Outcome::Denied, &[])?;
                Err(self.owned_locked_error(owner))
            }
            (None, _) => {
                self.log(kind, Outcome::Denied, &[])?;
                Err(VaultError::NotFound)
            }
        }
    }

    pub(super) fn opened_category(&self, record: &Record) -> Result<CategoryHead, VaultError> {
        let opened = open_record(&self.snapshot.keyring, RecordKind::Category, record);
        Ok(opened.map_err(|cause| tampered(record, cause))?.head)
    }

    fn write_category(
        &self,
        proof: &Authorized,
        id: CategoryId,
        revision: u64,
        head: &CategoryHead,
        kind: EventKind,
    ) -> Result<(), VaultError> {
        let keyring = &self.snapshot.keyring;
        let labels = index::category_labels(keyring, head);
        let mut changes = ChangeSet::new();
        changes.write(seal_record(keyring, self.core.key(RecordKind::Category, id), revision, head, labels, &[])?);
        self.commit(proof, changes, self.event(kind, Outcome::Done, &[]))
    }

    /// Members, each once. Administrators are told of people who do not exist; a client, who may
    /// not ask who does, is not.
    fn checked_members(&self, members: &[Grantee]) -> Result<Vec<Grantee>, VaultError> {
        let mut checked = members.to_vec();
        checked.sort_unstable();
        checked.dedup();
        if checked.len() != members.len() {
            return Err(VaultError::invalid("members", "a member stands twice in the list"));
        }
        if checked.len() > limits::GRANTS_MAX {
            let problem = format!("there are {}; at most {} are accepted", checked.len(), limits::GRANTS_MAX);
            return Err(VaultError::invalid("members", problem));
        }
        if matches!(self.session.principal.kind, PrincipalKind::Admin { .. }) {
            let directory = directory_of(&self.session.core)?;
            for member in &checked {
                let person = match member {
                    Grantee::Admin(id) => Person::Admin(id.clone()),
                    Grantee::Client(id) => Person::Client(id.clone()),
                    Grantee::Role(_) => continue,
                };
                if directory.contact(&person)?.is_none() {
                    return Err(VaultError::invalid("members", format!("the directory knows no {person}")));
                }
            }
        }
        Ok(checked)
    }

    /// The entries that would lose `term`, in use and in the trash; refused where there are any, unless
    /// they are to lose it.
    pub(super) fn entries_of(
        &self,
        term: Term<'_>,
        what: &'static str,
        force: bool,
    ) -> Result<Vec<FoundEntry>, VaultError> {
        let mut query = Query::new(self.core.id, RecordKind::Entry);
        let ask = |place| index::entry_query(&self.snapshot.keyring, place, term);
        query.labels = vec![[ask(Place::Active), ask(Place::Trash)].concat()];
        query.limit = FORCED_MAX + 1;
        query.want = Want::Count;
        let count = self.core.store.scan(&query)?.into_count()?;
        if count > 0 && (!force || count > u64::from(FORCED_MAX)) {
            let loss = if count > u64::from(FORCED_MAX) {
                format!("more than {FORCED_MAX} entries have it")
            } else {
                format!("{count} entries have it")
            };
            return Err(VaultError::InUse { what, loss });
        }
        query.want = Want::Records;
        query.limit = FORCED_MAX;
        let records = self.core.store.scan(&query)?.into_records()?;
        records
            .into_iter()
            .map(|record| {
                self.note_read(&record);
                self.opened_entry(record)
            })
            .collect()
    }
}

fn checked_description(description: &str) -> Result<String, VaultError> {
    if description.len() > limits::FIELD_MAX {
        let problem = format!("it has {} bytes; at most {} are accepted", description.len(), limits::FIELD_MAX);
        return Err(VaultError::invalid("description", problem));
    }
    Ok(description.to_owned())
}

/// Entries that lose a category or tag in one commit.
const FORCED_MAX: u32 = 1_000;
