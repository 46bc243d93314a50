//! Access review: who can do something, what somebody can do, and what a change would make of it.
//! Asks the policy and the directory; decides nothing itself.

use super::error::VaultError;
use super::session::Session;
use crate::model::{EventKind, Section};
use crate::policy::{Finding, lint_rules};

/// Access review.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let root = vault.session(Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new("full")?]), RequestContext::default());
/// # use pwvault_core::model::{RuleDraft, Section};
/// # use pwvault_core::policy::RulePreset;
/// let auditor = AdminId::new("auditor")?;
/// let rule = RuleDraft { admins: vec![auditor], ..RulePreset::OneSection(Section::LogsExport).draft() };
/// root.add_rule(&rule)?;
/// assert_eq!(
///     root.lint_rules()?[0].to_string(),
///     "administrator auditor has view in section logs.export without list, which section logs gives",
/// );
/// # Ok::<(), VaultError>(())
/// ```
pub trait AccessReview {
    /// What looks wrong in the rules: rights without those they depend on, rules without effect.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `access`.
    fn lint_rules(&self) -> Result<Vec<Finding>, VaultError>;
}

impl AccessReview for Session {
    fn lint_rules(&self) -> Result<Vec<Finding>, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::Access, EventKind::AccessChanged)?;
            Ok(lint_rules(&gate.snapshot.policy.rules))
        })
    }
}
