//! Sections, and what sets of rules may be written.

use super::fixture::*;
use crate::id::RuleId;
use crate::model::{Permission, Policy, Principal, Rule, Section, limits};
use crate::policy::{Denied, RuleError, validate_rules};

fn open(rules: Vec<Rule>, principal: &Principal) -> Vec<Section> {
    authority(&with_rules(rules), principal).sections().iter().collect()
}

#[test]
fn nothing_matched_is_denied() {
    assert_eq!(open(vec![full(1, &["other"])], &admin("1", &["r"])), []);
}

#[test]
fn full_access_opens_every_section() {
    assert_eq!(open(vec![full(1, &["r"])], &admin("1", &["r"])), Section::ALL);
}

#[test]
fn a_rule_applies_by_name_and_by_role() {
    let named = Rule { admins: vec![admin_id("1")], ..allowing(1, &["r"], &[Section::Settings]) };
    assert_eq!(open(vec![named.clone()], &admin("1", &[])), [Section::Settings]);
    assert_eq!(open(vec![named.clone()], &admin("2", &["r"])), [Section::Settings]);
    assert_eq!(open(vec![named], &admin("2", &["s"])), []);
}

#[test]
fn allowing_a_parent_allows_its_children_and_not_the_other_way() {
    let logs = [Section::Logs, Section::LogsExport, Section::LogsVerify, Section::LogsPrune];
    assert_eq!(open(vec![allowing(1, &["r"], &[Section::Logs])], &admin("1", &["r"])), logs);
    assert_eq!(open(vec![allowing(1, &["r"], &[Section::LogsExport])], &admin("1", &["r"])), [Section::LogsExport]);
}

#[test]
fn restricting_a_parent_restricts_its_children() {
    let rules =
        vec![allowing(1, &["r"], &[Section::Logs, Section::LogsExport]), restricting(2, &["r"], &[Section::Logs])];
    assert_eq!(open(rules, &admin("1", &["r"])), []);
}

#[test]
fn restricting_a_child_leaves_its_parent() {
    let rules = vec![allowing(1, &["r"], &[Section::Logs]), restricting(2, &["r"], &[Section::LogsExport])];
    assert_eq!(open(rules, &admin("1", &["r"])), [Section::Logs, Section::LogsVerify, Section::LogsPrune]);
}

#[test]
fn restrictions_of_all_roles_are_summed_and_win_over_full_access() {
    let rules = vec![
        restricting(1, &["s"], &[Section::Settings]),
        Rule { restrict: vec![Section::Rotation], ..full(2, &["r"]) },
        Rule { admins: vec![admin_id("1")], ..restricting(3, &[], &[Section::Principals]) },
    ];
    let sections = open(rules, &admin("1", &["r", "s"]));
    let missing: Vec<_> = Section::ALL.into_iter().filter(|section| !sections.contains(section)).collect();
    assert_eq!(missing, [Section::Settings, Section::Rotation, Section::Principals]);
}

#[test]
fn only_administrators_have_sections_and_scheduled_work_its_few() {
    let rules = vec![full(1, &["r"])];
    assert_eq!(open(rules.clone(), &client("1")), []);
    assert_eq!(open(rules.clone(), &sub_user("1", &Permission::ALL)), []);
    let own = [
        Section::LogsVerify,
        Section::Rotation,
        Section::Outbox,
        Section::LogsPrune,
        Section::HostEvents,
        Section::Scheduled,
    ];
    assert_eq!(open(rules, &Principal::system()), own);
}

#[test]
fn the_proof_speaks_of_its_section_alone() {
    let staff = authority(&with_rules(vec![allowing(1, &["r"], &[Section::Logs])]), &admin("1", &["r"]));
    let proof = staff.authorize_section(Section::Logs).unwrap();
    assert!(proof.covers_section(Section::Logs));
    assert!(!proof.covers_section(Section::LogsExport));
    assert_eq!(proof.person(), &admin("1", &[]).person());
    assert!(matches!(staff.authorize_section(Section::Access), Err(Denied::Forbidden(_))));
}

#[test]
fn a_set_of_rules_must_leave_somebody_with_access() {
    assert_eq!(validate_rules(&[]), Err(RuleError::Lockout));
    assert_eq!(validate_rules(&[full(1, &[])]), Err(RuleError::Lockout), "a rule for nobody");
    assert_eq!(validate_rules(&[allowing(1, &["r"], &[Section::AccessExplain])]), Err(RuleError::Lockout));
    assert_eq!(validate_rules(&[allowing(1, &["r"], &[Section::Access])]), Ok(()));
    let named = Rule { admins: vec![admin_id("1")], ..full(1, &[]) };
    assert_eq!(validate_rules(std::slice::from_ref(&named)), Ok(()));
    let shut_out = Rule { admins: vec![admin_id("1")], ..restricting(2, &[], &[Section::Access]) };
    assert_eq!(validate_rules(&[named, shut_out]), Err(RuleError::Lockout));
    let both = [full(1, &["r"]), restricting(2, &["r"], &[Section::Access])];
    assert_eq!(validate_rules(&both), Err(RuleError::Lockout));
    let other = [full(1, &["r"]), restricting(2, &["s"], &[Section::Access])];
    assert_eq!(validate_rules(&other), Ok(()), "whoever holds r alone keeps it");
}

#[test]
fn names_ids_and_lists_of_rules_are_checked() {
    let named = |name: &str| Rule { name: name.to_owned(), ..full(1, &["r"]) };
    for bad in ["", "  ", "a\nb", &"a".repeat(limits::NAME_MAX + 1)] {
        assert_eq!(validate_rules(&[named(bad)]), Err(RuleError::Name), "{bad:?}");
    }
    assert_eq!(validate_rules(&[named(&"a".repeat(limits::NAME_MAX))]), Ok(()));
    assert_eq!(validate_rules(&[full(1, &["r"]), full(1, &["r"])]), Err(RuleError::RepeatedId));
    let same_name = Rule { id: RuleId::from_bytes([9; 16]), ..full(1, &["r"]) };
    assert_eq!(validate_rules(&[full(1, &["r"]), same_name]), Err(RuleError::RepeatedName));
    for rule in [
        allowing(1, &["r"], &[Section::Logs, Section::Logs]),
        restricting(1, &["r"], &[Section::Logs, Section::Logs]),
        full(1, &["r", "r"]),
        Rule { admins: vec![admin_id("1"), admin_id("1")], ..full(1, &["r"]) },
    ] {
        assert_eq!(validate_rules(&[rule]), Err(RuleError::RepeatedItem));
    }
}

#[test]
fn the_number_of_rules_is_bounded() {
    let rules = |count: usize| -> Vec<Rule> {
        let id = |number: usize| {
            let mut bytes = [0; 16];
            bytes[..8].copy_from_slice(&number.to_be_bytes());
            RuleId::from_bytes(bytes)
        };
        (0..count).map(|n| Rule { id: id(n), name: format!("rule {n}"), ..full(1, &["r"]) }).collect()
    };
    assert_eq!(validate_rules(&rules(limits::RULES_MAX)), Ok(()));
    let count = limits::RULES_MAX + 1;
    assert_eq!(validate_rules(&rules(count)), Err(RuleError::TooMany { count }));
}

#[test]
fn a_default_policy_opens_nothing() {
    assert_eq!(authority(&Policy::default(), &admin("1", &["r"])).sections().iter().count(), 0);
}
