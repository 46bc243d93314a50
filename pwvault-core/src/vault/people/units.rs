//! Roles, departments and groups.

use serde::Deserialize;

use super::checked_limit;
use crate::directory::{PeopleError, RolePreset};
use crate::envelope::{open_record, seal_record};
use crate::id::{RecordKind, RoleId, RuleId};
use crate::index::{self, AccountTerm};
use crate::model::{EventKind, MailTopics, Outcome, Policy, Rule, RuleDraft, Section, UnitHead, UnitId, UnitKind};
use crate::policy::validate_rules;
use crate::store::{ChangeSet, Query, Record, RecordKey};
use crate::vault::core::tampered;
use crate::vault::draft::checked_name;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::session::Session;

/// A role, department or group to be written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitDraft {
    /// Which.
    pub id: UnitId,
    /// Its name.
    pub name: String,
    /// Mail that its members get; of roles alone.
    #[serde(default)]
    pub mail: MailTopics,
}

/// Managing roles, departments and groups.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let root = vault.session(Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new("full")?]), RequestContext::default());
/// use pwvault_core::model::{MailTopics, UnitId, UnitKind};
/// use pwvault_core::vault::UnitDraft;
///
/// root.add_role_presets()?;
/// let id = UnitId::Role(RoleId::new("billing")?);
/// root.create_unit(&UnitDraft { id, name: "Billing".into(), mail: MailTopics::NONE })?;
/// assert_eq!(root.units(UnitKind::Role)?.len(), 4);
/// # Ok::<(), VaultError>(())
/// ```
pub trait Units {
    /// Creates a role, department or group.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `directory`, [`VaultError::People`] when it exists,
    /// [`VaultError::Invalid`] for a name out of bounds.
    fn create_unit(&self, draft: &UnitDraft) -> Result<(), VaultError>;

    /// Changes one that is still at `version`, and returns the new version.
    ///
    /// # Errors
    /// As [`create_unit`](Self::create_unit); [`VaultError::NotFound`], [`VaultError::VersionConflict`].
    fn update_unit(&self, draft: &UnitDraft, version: u64) -> Result<u64, VaultError>;

    /// Deletes one that nobody belongs to and that is still at `version`. Rules and grants that name it
    /// stay.
    ///
    /// # Errors
    /// As [`update_unit`](Self::update_unit); [`VaultError::People`] while someone belongs to it.
    fn delete_unit(&self, id: &UnitId, version: u64) -> Result<(), VaultError>;

    /// Every role, department or group.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `directory`.
    fn units(&self, kind: UnitKind) -> Result<Vec<UnitHead>, VaultError>;

    /// Creates the roles that panels have from the start, as far as they are missing, each with a rule
    /// of the access control unless one names it already. Returns those created.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the sections `directory` and `access`.
    fn add_role_presets(&self) -> Result<Vec<RoleId>, VaultError>;
}

impl Units for Session {
    fn create_unit(&self, draft: &UnitDraft) -> Result<(), VaultError> {
        self.run(|gate| {
            let proof = gate.section(Section::Directory, EventKind::UnitChanged)?;
            let head = checked(draft, 1)?;
            if gate.find_unit(&head.id)?.is_some() {
                return Err(PeopleError::Exists { what: kind_name(head.id.kind()) }.into());
            }
            let mut changes = ChangeSet::new();
            changes.write(gate.unit_record(&head, 1)?);
            gate.commit(&proof, changes, gate.event(EventKind::UnitChanged, Outcome::Done, &[]))
        })
    }

    fn update_unit(&self, draft: &UnitDraft, version: u64) -> Result<u64, VaultError> {
        self.run(|gate| {
            let proof = gate.section(Section::Directory, EventKind::UnitChanged)?;
            let (revision, _) = gate.unit_at(&draft.id, version)?;
            let head = checked(draft, version + 1)?;
            let mut changes = ChangeSet::new();
            changes.write(gate.unit_record(&head, revision + 1)?);
            gate.commit(&proof, changes, gate.event(EventKind::UnitChanged, Outcome::Done, &[]))?;
            Ok(head.version)
        })
    }

    fn delete_unit(&self, id: &UnitId, version: u64) -> Result<(), VaultError> {
        self.run(|gate| {
            let proof = gate.section(Section::Directory, EventKind::UnitChanged)?;
            let (revision, _) = gate.unit_at(id, version)?;
            let term = match id {
                UnitId::Role(id) => AccountTerm::Role(id),
                UnitId::Department(id) => AccountTerm::Department(id),
                UnitId::Group(id) => AccountTerm::Group(id),
            };
            if !gate.scan_people(&[term], 1, None)?.0.is_empty() {
                return Err(PeopleError::UnitInUse.into());
            }
            let mut changes = ChangeSet::new();
            changes.delete(gate.unit_key(id), revision);
            gate.commit(&proof, changes, gate.event(EventKind::UnitChanged, Outcome::Done, &[]))
        })
    }

    fn units(&self, kind: UnitKind) -> Result<Vec<UnitHead>, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::Directory, EventKind::PeopleListed)?;
            let mut query = Query::new(gate.core.id, RecordKind::Unit);
            query.labels = vec![index::unit_query(&gate.snapshot.keyring, kind)];
            query.limit = checked_limit(1_000)?;
            let mut units = Vec::new();
            loop {
                let page = gate.core.store.scan(&query)?;
                query.cursor = page.next;
                for record in page.into_records()? {
                    units.push(gate.opened_unit(&record)?);
                }
                if query.cursor.is_none() {
                    break;
                }
            }
            units.retain(|unit: &UnitHead| unit.id.kind() == kind);
            units.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
            gate.log_look()?;
            Ok(units)
        })
    }

    fn add_role_presets(&self) -> Result<Vec<RoleId>, VaultError> {
        self.run(|gate| {
            let proof = gate.section(Section::Directory, EventKind::UnitChanged)?;
            let _access = gate.section(Section::Access, EventKind::UnitChanged)?;
            let mut policy = Policy::clone(&gate.snapshot.policy);
            let mut changes = ChangeSet::new();
            let mut added = Vec::new();
            for preset in RolePreset::ALL {
                let role = RoleId::new(preset.id())?;
                let id = UnitId::Role(role.clone());
                if gate.find_unit(&id)?.is_none() {
                    let draft = UnitDraft { id, name: preset.name().to_owned(), mail: preset.mail() };
                    changes.write(gate.unit_record(&checked(&draft, 1)?, 1)?);
                    added.push(role.clone());
                }
                if !policy.rules.iter().any(|rule| rule.roles.contains(&role)) {
                    let RuleDraft { name, full_access, allow, restrict, admins, roles: _ } = preset.rule();
                    let id = RuleId::generate(gate.now)?;
                    policy.rules.push(Rule { id, name, full_access, allow, restrict, admins, roles: vec![role] });
                }
            }
            if policy != *gate.snapshot.policy {
                validate_rules(&policy.rules)?;
                let (key, revision) = (gate.core.policy_key(), gate.snapshot.policy_revision + 1);
                changes.write(seal_record(&gate.snapshot.keyring, key, revision, &policy, Vec::new(), &[])?);
            }
            if !changes.is_empty() {
                gate.commit(&proof, changes, gate.event(EventKind::UnitChanged, Outcome::Done, &[]))?;
            }
            Ok(added)
        })
    }
}

impl Gate<'_> {
    /// Refuses a unit that does not exist; one that does is asserted by the commit.
    pub(super) fn must_exist(&self, id: &UnitId) -> Result<(), VaultError> {
        let (revision, _) = self.find_unit(id)?.ok_or(PeopleError::NoUnit { what: kind_name(id.kind()) })?;
        self.rely(self.unit_key(id), Some(revision))
    }

    /// The role, department or group, if it is there.
    pub(in crate::vault) fn unit(&self, id: &UnitId) -> Result<Option<UnitHead>, VaultError> {
        Ok(self.find_unit(id)?.map(|(_, head)| head))
    }

    fn unit_key(&self, id: &UnitId) -> RecordKey {
        let id = index::unique_id(&self.snapshot.keyring, RecordKind::Unit, "unit", id.to_string().as_bytes());
        self.core.key(RecordKind::Unit, id)
    }

    fn find_unit(&self, id: &UnitId) -> Result<Option<(u64, UnitHead)>, VaultError> {
        let record = self.core.load(self.unit_key(id))?;
        record.map(|record| Ok((record.revision, self.opened_unit(&record)?))).transpose()
    }

    fn unit_at(&self, id: &UnitId, version: u64) -> Result<(u64, UnitHead), VaultError> {
        let (revision, head) = self.find_unit(id)?.ok_or(VaultError::NotFound)?;
        if head.version != version {
            return Err(VaultError::VersionConflict { expected: version, found: head.version });
        }
        Ok((revision, head))
    }

    fn opened_unit(&self, record: &Record) -> Result<UnitHead, VaultError> {
        let opened = open_record::<UnitHead>(&self.snapshot.keyring, RecordKind::Unit, record)
            .map_err(|cause| tampered(record, cause))?;
        Ok(opened.head)
    }

    fn unit_record(&self, head: &UnitHead, revision: u64) -> Result<Record, VaultError> {
        let keyring = &self.snapshot.keyring;
        let labels = index::unit_labels(keyring, head);
        Ok(seal_record(keyring, self.unit_key(&head.id), revision, head, labels, &[])?)
    }
}

fn checked(draft: &UnitDraft, version: u64) -> Result<UnitHead, VaultError> {
    let UnitDraft { id, name, mail } = draft.clone();
    if id.kind() != UnitKind::Role && mail != MailTopics::NONE {
        return Err(PeopleError::Misplaced { what: "mail topics", to: "roles" }.into());
    }
    Ok(UnitHead { id, name: checked_name("name", &name)?, mail, version })
}

const fn kind_name(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::Role => "role",
        UnitKind::Department => "department",
        UnitKind::Group => "group",
    }
}
