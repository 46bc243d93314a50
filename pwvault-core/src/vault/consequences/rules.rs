//! What follows for tickets and services themselves, and for rules and settings.

use super::sweep::Sweep;
use super::told::{Consequence, HandOver};
use crate::envelope::seal_record;
use crate::id::{AdminId, RecordId, RoleId};
use crate::model::{AccessMode, Grantee, Policy, StaffList};
use crate::policy::validate_rules;
use crate::vault::error::VaultError;

impl Sweep<'_> {
    pub(super) fn bindings(&mut self) -> Result<Option<RecordId>, VaultError> {
        if let Some(binding) = &self.work.over
            && self.gate.end_binding(binding, &mut self.changes)?
        {
            self.tell(Consequence::BindingEnded, 1);
        }
        if let Some(binding) = &self.work.reopened
            && self.gate.reopen_binding(binding, &mut self.changes)?
        {
            self.tell(Consequence::BindingReopened, 1);
        }
        Ok(None)
    }

    /// Takes an administrator or role out of rules and settings, unless that leaves nobody who may
    /// change the rules.
    pub(super) fn rules(&mut self) -> Result<Option<RecordId>, VaultError> {
        let Some(gone @ (Grantee::Admin(_) | Grantee::Role(_))) = &self.work.gone else { return Ok(None) };
        let old = &self.gate.snapshot.policy;
        let mut policy = Policy::clone(old);
        for rule in &mut policy.rules {
            take_out(gone, &mut rule.admins, &mut rule.roles);
        }
        if policy.rules != old.rules && validate_rules(&policy.rules).is_err() {
            policy.rules.clone_from(&old.rules);
            self.hand_over(HandOver::Rules);
        }
        let changed = policy.rules.iter().zip(&old.rules).filter(|(new, old)| new != old).count();
        self.tell(Consequence::RuleChanged, changed);
        let settings = &mut policy.settings;
        if let AccessMode::Restricted(staff) | AccessMode::Shared(staff) = &mut settings.access_mode {
            let StaffList { admins, roles } = staff;
            take_out(gone, admins, roles);
        }
        take_out(gone, &mut Vec::new(), &mut settings.extended_roles);
        let lists =
            [settings.access_mode != old.settings.access_mode, settings.extended_roles != old.settings.extended_roles];
        self.tell(Consequence::SettingChanged, lists.into_iter().filter(|changed| *changed).count());
        if policy != **old {
            let revision = self.gate.snapshot.policy_revision + 1;
            let key = self.gate.core.policy_key();
            self.changes.write(seal_record(&self.gate.snapshot.keyring, key, revision, &policy, Vec::new(), &[])?);
        }
        Ok(None)
    }
}

fn take_out(gone: &Grantee, admins: &mut Vec<AdminId>, roles: &mut Vec<RoleId>) {
    match gone {
        Grantee::Admin(id) => admins.retain(|one| one != id),
        Grantee::Role(id) => roles.retain(|one| one != id),
        Grantee::Client(_) => {}
    }
}
