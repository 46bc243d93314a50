//! Rules of the access control, and settings. Both lie in the one policy record.

use serde::Deserialize;

use super::draft::checked_name;
use super::error::VaultError;
use super::gate::Gate;
use super::reminders::check_periods;
use super::scheduled::ask_to_replan;
use super::session::Session;
use crate::envelope::seal_record;
use crate::generate;
use crate::id::RuleId;
use crate::model::{AccessMode, EventKind, KdfParams, Outcome, Policy, Rule, RuleDraft, Section, Settings, limits};
use crate::policy::{Authorized, Decision, validate_rules};
use crate::store::ChangeSet;

/// A change of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RuleChange {
    /// It is added.
    Add(RuleDraft),
    /// It is replaced.
    Update {
        /// Which.
        id: RuleId,
        /// What it says from now on.
        draft: RuleDraft,
    },
    /// It is removed.
    Remove(RuleId),
}

/// Rules of the access control.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let root = vault.session(Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new("full")?]), RequestContext::default());
/// # use pwvault_core::model::{RuleDraft, Section};
/// let rule = RuleDraft {
///     name: "Auditors".into(),
///     allow: vec![Section::Logs],
///     roles: vec![RoleId::new("audit")?],
///     ..RuleDraft::default()
/// };
/// let id = root.add_rule(&rule)?;
/// assert!(root.rules()?.iter().any(|rule| rule.id == id));
///
/// // The last rule that lets someone change rules stays.
/// let first = root.rules()?[0].id;
/// assert!(matches!(root.remove_rule(first), Err(VaultError::Rule(_))));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Access {
    /// Every rule.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `access`.
    fn rules(&self) -> Result<Vec<Rule>, VaultError>;

    /// Adds a rule.
    ///
    /// # Errors
    /// [`VaultError::Rule`] when the rules would be invalid or leave nobody who could change them;
    /// [`VaultError::Denied`] without the section `access`.
    fn add_rule(&self, draft: &RuleDraft) -> Result<RuleId, VaultError>;

    /// Replaces a rule.
    ///
    /// # Errors
    /// As [`add_rule`](Self::add_rule); [`VaultError::NotFound`] when there is no such rule.
    fn update_rule(&self, id: RuleId, draft: &RuleDraft) -> Result<(), VaultError>;

    /// Removes a rule.
    ///
    /// # Errors
    /// As [`update_rule`](Self::update_rule).
    fn remove_rule(&self, id: RuleId) -> Result<(), VaultError>;

    /// Why the principal may or may not enter a section, and which ones it can.
    ///
    /// # Errors
    /// Those of the store.
    fn explain_section(&self, section: Section) -> Result<Decision, VaultError>;
}

/// Settings of the vault.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let root = vault.session(Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new("full")?]), RequestContext::default());
/// let (mut settings, revision) = root.settings()?;
/// settings.audit_views = true;
/// root.update_settings(&settings, revision)?;
/// // It changed, so a second change has to read it first.
/// let stale = root.update_settings(&settings, revision);
/// assert!(matches!(stale, Err(VaultError::VersionConflict { .. })));
/// # Ok::<(), VaultError>(())
/// ```
pub trait SettingsAdmin {
    /// The settings, with the revision a change of them names.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `settings`.
    fn settings(&self) -> Result<(Settings, u64), VaultError>;

    /// Replaces the settings that are still at `revision`.
    ///
    /// # Errors
    /// [`VaultError::VersionConflict`] when rules or settings changed since;
    /// [`VaultError::Invalid`] for one out of bounds; [`VaultError::Denied`] without the section
    /// `settings`.
    fn update_settings(&self, settings: &Settings, revision: u64) -> Result<(), VaultError>;
}

impl Access for Session {
    fn rules(&self) -> Result<Vec<Rule>, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::Access, EventKind::AccessChanged)?;
            Ok(gate.snapshot.policy.rules.clone())
        })
    }

    fn add_rule(&self, draft: &RuleDraft) -> Result<RuleId, VaultError> {
        self.run(|gate| {
            let id = RuleId::generate(gate.now)?;
            gate.change_rules(id, &RuleChange::Add(draft.clone()))?;
            Ok(id)
        })
    }

    fn update_rule(&self, id: RuleId, draft: &RuleDraft) -> Result<(), VaultError> {
        self.run(|gate| gate.change_rules(id, &RuleChange::Update { id, draft: draft.clone() }))
    }

    fn remove_rule(&self, id: RuleId) -> Result<(), VaultError> {
        self.run(|gate| gate.change_rules(id, &RuleChange::Remove(id)))
    }

    fn explain_section(&self, section: Section) -> Result<Decision, VaultError> {
        self.run(|gate| Ok(gate.authority.explain_section(section)))
    }
}

impl SettingsAdmin for Session {
    fn settings(&self) -> Result<(Settings, u64), VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::Settings, EventKind::SettingsChanged)?;
            Ok((gate.snapshot.policy.settings.clone(), gate.snapshot.policy_revision))
        })
    }

    fn update_settings(&self, settings: &Settings, revision: u64) -> Result<(), VaultError> {
        self.run(|gate| {
            let proof = gate.section(Section::Settings, EventKind::SettingsChanged)?;
            check_settings(settings)?;
            let found = gate.snapshot.policy_revision;
            if found != revision {
                return Err(VaultError::VersionConflict { expected: revision, found });
            }
            let policy = Policy { settings: settings.clone(), ..Policy::clone(&gate.snapshot.policy) };
            let mut changes = ChangeSet::new();
            if policy.settings.reminders != gate.snapshot.policy.settings.reminders {
                ask_to_replan(gate, &mut changes)?;
            }
            gate.write_policy(&proof, &policy, changes, EventKind::SettingsChanged)
        })
    }
}

impl Gate<'_> {
    fn change_rules(&self, id: RuleId, change: &RuleChange) -> Result<(), VaultError> {
        let proof = self.section(Section::Access, EventKind::AccessChanged)?;
        let policy = self.with_rule_changed(id, change)?;
        self.write_policy(&proof, &policy, ChangeSet::new(), EventKind::AccessChanged)
    }

    /// The policy with one rule changed, if it may be written. A rule that is added has the id `new`.
    pub(super) fn with_rule_changed(&self, new: RuleId, change: &RuleChange) -> Result<Policy, VaultError> {
        let mut policy = Policy::clone(&self.snapshot.policy);
        let rules = &mut policy.rules;
        match change {
            RuleChange::Add(draft) => rules.push(rule(new, draft)?),
            RuleChange::Update { id, draft } => {
                let old = rules.iter_mut().find(|rule| rule.id == *id).ok_or(VaultError::NotFound)?;
                *old = rule(*id, draft)?;
            }
            RuleChange::Remove(id) => {
                let before = rules.len();
                rules.retain(|rule| rule.id != *id);
                if rules.len() == before {
                    return Err(VaultError::NotFound);
                }
            }
        }
        validate_rules(rules)?;
        Ok(policy)
    }

    /// Writes the policy, together with what follows from it.
    fn write_policy(
        &self,
        proof: &Authorized,
        policy: &Policy,
        mut changes: ChangeSet,
        kind: EventKind,
    ) -> Result<(), VaultError> {
        let revision = self.snapshot.policy_revision + 1;
        let key = self.core.policy_key();
        changes.write(seal_record(&self.snapshot.keyring, key, revision, policy, Vec::new(), &[])?);
        self.commit(proof, changes, self.event(kind, Outcome::Done, &[]))
    }
}

fn rule(id: RuleId, draft: &RuleDraft) -> Result<Rule, VaultError> {
    let RuleDraft { name, full_access, allow, restrict, admins, roles } = draft.clone();
    Ok(Rule { id, name: checked_name("rule name", &name)?, full_access, allow, restrict, admins, roles })
}

/// Refuses settings that make no sense.
pub(super) fn check_settings(settings: &Settings) -> Result<(), VaultError> {
    let Settings {
        access_mode,
        extended_roles,
        private_entries: _,
        master_passwords: _,
        audit_views: _,
        search_limit,
        ticket_idle_ms,
        ticket_max_ms,
        history_limit,
        kdf,
        service_entries: _,
        forbidden_clients,
        forbidden_groups,
        excluded_products,
        excluded_product_groups,
        entry_quota: _,
        generator,
        reminders,
        retention,
        display: _,
        login,
    } = settings;
    let within = |field, value: i64, min: i64, max: i64| {
        if (min..=max).contains(&value) {
            return Ok(());
        }
        Err(VaultError::invalid(field, format!("it is {value}; {min} to {max} are accepted")))
    };
    within("search_limit", i64::from(*search_limit), 100, 1_000_000)?;
    within("ticket_idle_ms", *ticket_idle_ms, MINUTE_MS, DAY_MS)?;
    within("ticket_max_ms", *ticket_max_ms, *ticket_idle_ms, 7 * DAY_MS)?;
    within("history_limit", i64::from(*history_limit), 1, 1_000)?;
    generate::check_policy(generator)?;
    within("reminders.hour", i64::from(reminders.hour), 0, 23)?;
    within("login.length_min", i64::from(login.length_min), 8, 64)?;
    within("login.strength_min", i64::from(login.strength_min.unwrap_or(0)), 0, 4)?;
    within("login.attempts", i64::from(login.attempts), 3, 100)?;
    within("login.lock_ms", login.lock_ms, 1_000, DAY_MS)?;
    within("login.lock_max_ms", login.lock_max_ms, login.lock_ms, 7 * DAY_MS)?;
    check_periods(reminders.change_every, reminders.warn_before)?;
    within("retention", i64::try_from(retention.len()).unwrap_or(i64::MAX), 0, RETENTION_MAX)?;
    for rule in retention {
        within("retention.days", i64::from(rule.days), 1, 36_500)?;
        check_list("retention.kinds", &rule.kinds)?;
    }
    if let AccessMode::Restricted(staff) | AccessMode::Shared(staff) = access_mode {
        check_list("access_mode.admins", &staff.admins)?;
        check_list("access_mode.roles", &staff.roles)?;
    }
    check_list("extended_roles", extended_roles)?;
    check_list("forbidden_clients", forbidden_clients)?;
    check_list("forbidden_groups", forbidden_groups)?;
    check_list("excluded_products", excluded_products)?;
    check_list("excluded_product_groups", excluded_product_groups)?;
    if !kdf.in_bounds() {
        let (floor, ceiling) = (KdfParams::FLOOR, KdfParams::CEILING);
        return Err(VaultError::invalid(
            "kdf",
            format!(
                "memory is {} to {} KiB, passes {} to {}, lanes {} to {}",
                floor.memory_kib, ceiling.memory_kib, floor.passes, ceiling.passes, floor.lanes, ceiling.lanes
            ),
        ));
    }
    Ok(())
}

/// Refuses a list that is too long or names something twice.
fn check_list<T: Ord>(field: &'static str, list: &[T]) -> Result<(), VaultError> {
    if list.len() > limits::SETTING_LIST_MAX {
        let problem = format!("it has {} items; at most {} are accepted", list.len(), limits::SETTING_LIST_MAX);
        return Err(VaultError::invalid(field, problem));
    }
    let mut sorted: Vec<_> = list.iter().collect();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| matches!(pair, [one, other] if one == other)) {
        return Err(VaultError::invalid(field, "it names something twice; each once is accepted"));
    }
    Ok(())
}

const RETENTION_MAX: i64 = 256;
const MINUTE_MS: i64 = 60 * 1000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
