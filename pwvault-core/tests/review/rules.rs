//! Rules that look wrong, and presets at work.

use pwvault_core::model::{AccessMode, Grantee, RuleDraft, Section};
use pwvault_core::policy::{Finding, RuleError, RulePreset};
use pwvault_core::vault::LogFilter;
use pwvault_core::vault::prelude::*;
use pwvault_core::{AdminId, EntryDraft, RoleId, VaultError};

use crate::host;

#[test]
fn somebody_from_outside_is_kept_to_one_section() {
    let vault = host::vault();
    let root = host::admin(&vault, "root", &["full"]);
    let (mut settings, revision) = root.settings().unwrap();
    settings.access_mode = AccessMode::Full;
    root.update_settings(&settings, revision).unwrap();
    let draft = EntryDraft { name: "Mail".into(), ..EntryDraft::default() };
    let entry = host::client(&vault, "anna").create_entry(&draft).unwrap();
    let third = || host::admin(&vault, "third", &["full"]);
    assert!(third().entry(entry).is_ok());

    let admins = vec![AdminId::new("third").unwrap()];
    let rule = RuleDraft { admins, ..RulePreset::OneSection(Section::Logs).draft() };
    root.add_rule(&rule).unwrap();
    assert_eq!(root.lint_rules().unwrap(), []);
    assert!(third().read_log(&LogFilter::default()).is_ok());
    // Not even a role with full access, or the access mode, lets them further in.
    assert!(matches!(third().rules(), Err(VaultError::Denied(_))));
    assert!(matches!(third().create_entry(&draft), Err(VaultError::Denied(_))));
    assert!(matches!(third().entry(entry), Err(VaultError::NotFound)));
    assert!(root.entry(entry).is_ok());
}

#[test]
fn dependent_rights_are_found_and_rules_that_leave_nobody_are_refused() {
    let vault = host::vault();
    let root = host::admin(&vault, "root", &["full"]);
    let roles = vec![RoleId::new("sales").unwrap()];
    let rule =
        RuleDraft { name: "Sales".into(), allow: vec![Section::EntriesForClients], roles, ..RuleDraft::default() };
    let id = root.add_rule(&rule).unwrap();
    let found = root.lint_rules().unwrap();
    let subject = Grantee::Role(RoleId::new("sales").unwrap());
    assert!(found.contains(&Finding::NoLanding { subject }), "{found:?}");
    assert!(
        matches!(&found[0], Finding::Dependent { section: Section::EntriesForClients, given_by: Section::Entries, .. }),
        "{found:?}"
    );
    root.update_rule(id, &RuleDraft { allow: vec![Section::Entries], ..rule }).unwrap();
    assert_eq!(root.lint_rules().unwrap(), []);

    let nobody = RuleDraft { name: "Nobody".into(), roles: vec![RoleId::new("full").unwrap()], ..RuleDraft::default() };
    let nobody = RuleDraft { restrict: vec![Section::Access], ..nobody };
    assert!(matches!(root.add_rule(&nobody), Err(VaultError::Rule(RuleError::Lockout))));
    assert_eq!(root.rules().unwrap().len(), 2);
}
