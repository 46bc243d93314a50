//! Who is told why, and what they are told.

use super::fixture::*;
use crate::id::EntryId;
use crate::model::{AccessMode, Action, EntryHead, Grantee, Permission, Policy, Principal, Section};
use crate::policy::{Authority, Decision, Denied, ModeName, Reach, Reason, Remedy};

use Action::{Delete, Edit, Reveal, Share, View};

fn refused(authority: &Authority, action: Action, head: &EntryHead) -> Denied {
    authority.authorize(action, EntryId::from_bytes([1; 16]), head).unwrap_err()
}

fn explained(policy: &Policy, principal: &Principal, action: Action, head: &EntryHead) -> Decision {
    refused(&authority(policy, principal), action, head).decision().expect("may know").clone()
}

#[test]
fn who_may_not_view_gets_not_found_for_every_action() {
    let entries =
        [of_client("1"), private(of_client("1")), trashed(shared(of_client("1"), vec![to_client("2", &[View])]))];
    for head in entries {
        for action in Action::ALL {
            assert_eq!(refused(&authority(&Policy::default(), &client("2")), action, &head), Denied::NotFound);
        }
    }
}

#[test]
fn who_holds_the_section_of_explanations_is_told_all_the_same() {
    let policy = with_rules(vec![allowing(1, &["r"], &[Section::AccessExplain])]);
    let decision = explained(&policy, &admin("1", &["r"]), Reveal, &private(of_client("1")));
    assert_eq!(decision.reasons, [Reason::Private]);
    assert_eq!(decision.remedies, [Remedy::MakeNotPrivate]);
    assert_eq!(decision.reach, Reach::Actions(vec![]));
}

#[test]
fn a_proof_speaks_of_its_action_and_entry_alone() {
    let (one, two) = (EntryId::from_bytes([1; 16]), EntryId::from_bytes([2; 16]));
    let proof = authority(&Policy::default(), &client("1")).authorize(Reveal, one, &of_client("1")).unwrap();
    assert!(proof.covers_entry(one, Reveal));
    assert!(!proof.covers_entry(two, Reveal));
    assert!(!proof.covers_entry(one, Edit));
}

#[test]
fn a_missing_action_names_what_is_held_and_whom_to_ask() {
    let head = shared(of_client("1"), vec![to_admin("1", &[View]), to_role("r", &[Edit])]);
    let decision = explained(&Policy::default(), &admin("1", &[]), Edit, &head);
    let grantee = Grantee::Admin(admin_id("1"));
    assert_eq!(decision.reasons, [Reason::Grant { grantee, actions: vec![View] }, Reason::NotCovered { action: Edit }]);
    // Who may not share is not told to whom it is shared.
    assert_eq!(decision.remedies, [Remedy::AskForGrant { action: Edit }]);
    assert_eq!(decision.reach, Reach::Actions(vec![View]));

    let head = shared(of_client("1"), vec![to_admin("1", &[View, Share]), to_role("r", &[Edit])]);
    let decision = explained(&Policy::default(), &admin("1", &[]), Edit, &head);
    assert_eq!(decision.remedies, [Remedy::AskForGrant { action: Edit }, Remedy::HoldRole { role: role_id("r") }]);
    assert_eq!(Reason::NotCovered { action: Edit }.to_string(), "nothing gives you edit");
}

#[test]
fn clients_are_not_told_of_roles() {
    let head = shared(of_client("1"), vec![to_client("2", &[View]), to_role("r", &[Edit])]);
    let decision = explained(&Policy::default(), &client("2"), Edit, &head);
    assert_eq!(decision.remedies, [Remedy::AskForGrant { action: Edit }]);
}

#[test]
fn a_role_that_would_be_restricted_is_no_remedy() {
    let policy = with_rules(vec![restricting(1, &["r"], &[Section::Entries])]);
    let head = shared(of_client("1"), vec![to_admin("1", &[View]), to_role("r", &[Edit])]);
    assert_eq!(explained(&policy, &admin("1", &[]), Edit, &head).remedies, [Remedy::AskForGrant { action: Edit }]);
}

#[test]
fn the_trash_names_its_remedy() {
    let decision = explained(&Policy::default(), &client("1"), Reveal, &trashed(of_client("1")));
    assert_eq!(decision.reasons, [Reason::Owner, Reason::Trashed]);
    assert_eq!(decision.remedies, [Remedy::RestoreFromTrash]);
    assert_eq!(decision.reach, Reach::Actions(vec![View, Delete]));
}

#[test]
fn a_locked_master_password_names_its_remedy_even_for_view() {
    let locked = authority(&Policy::default(), &client("1")).with_owned_locked(true);
    let denied = refused(&locked, View, &of_client("1"));
    let decision = denied.decision().unwrap();
    assert_eq!(decision.reasons, [Reason::Owner, Reason::OwnedLocked]);
    assert_eq!(decision.remedies, [Remedy::UnlockMasterPassword]);
    let blind = authority(&Policy::default(), &sub_user("1", &[])).with_owned_locked(true);
    assert_eq!(refused(&blind, View, &of_client("1")), Denied::NotFound);
}

#[test]
fn a_missing_permission_is_asked_of_the_account() {
    let reader = sub_user("1", &[Permission::View]);
    let decision = explained(&Policy::default(), &reader, Share, &of_client("1"));
    let permission = Permission::Share;
    assert_eq!(
        decision.reasons,
        [Reason::Owner, Reason::Permission { permission: Permission::View }, Reason::PermissionMissing { permission }]
    );
    assert_eq!(decision.remedies, [Remedy::AskForPermission { permission }]);
}

#[test]
fn an_allowance_names_only_what_gives_the_action() {
    let mut policy = Policy::default();
    policy.settings.access_mode = AccessMode::Full;
    let head = shared(of_client("1"), vec![to_admin("1", &[Delete]), to_role("r", &[Reveal])]);
    let staff = authority(&policy, &admin("1", &["r"]));
    let grantee = Grantee::Role(role_id("r"));
    assert_eq!(
        staff.explain(Reveal, &head).reasons,
        [Reason::Grant { grantee, actions: vec![View, Reveal] }, Reason::AccessMode { mode: ModeName::Full }]
    );
    assert_eq!(staff.explain(View, &head).reasons.len(), 3, "a grant of delete gives view too");
}

#[test]
fn a_denied_section_names_the_rules_the_way_in_and_what_is_open() {
    let policy = with_rules(vec![
        allowing(1, &["r"], &[Section::Logs]),
        full(2, &["boss"]),
        restricting(3, &["boss", "r"], &[Section::Rotation]),
        restricting(4, &["trap"], &[Section::Settings]),
        full(5, &["trap"]),
    ]);
    let staff = authority(&policy, &admin("1", &["r"]));
    let closed = staff.explain_section(Section::Settings);
    assert_eq!(closed.reasons, [Reason::SectionNotCovered { section: Section::Settings }]);
    assert_eq!(
        closed.remedies,
        [Remedy::HoldRole { role: role_id("boss") }, Remedy::AllowSection { section: Section::Settings }]
    );
    let open = vec![Section::Logs, Section::LogsExport, Section::LogsVerify, Section::LogsPrune];
    assert_eq!(closed.reach, Reach::Sections(open));

    let boss = authority(&policy, &admin("1", &["boss"]));
    let restricted = boss.explain_section(Section::Rotation);
    let (full, rule) = (policy.rules[1].id, policy.rules[2].id);
    let section = Section::Rotation;
    assert_eq!(restricted.reasons, [Reason::RuleFullAccess { rule: full }, Reason::RuleRestricts { rule, section }]);
    assert_eq!(restricted.remedies, [Remedy::LiftRestriction { rule, section }]);
}

#[test]
fn a_restriction_through_the_parent_names_the_parent() {
    let policy = with_rules(vec![full(1, &["r"]), restricting(2, &["r"], &[Section::Logs])]);
    let decision = authority(&policy, &admin("1", &["r"])).explain_section(Section::LogsExport);
    let rule = policy.rules[1].id;
    assert!(decision.reasons.contains(&Reason::RuleRestricts { rule, section: Section::Logs }));
}

#[test]
fn explanations_have_stable_keys_and_english_text() {
    let reason = Reason::PermissionMissing { permission: Permission::Reveal };
    assert_eq!(serde_json::to_string(&reason).unwrap(), r#"{"key":"permission_missing","permission":"reveal"}"#);
    assert_eq!(reason.to_string(), "you lack permission reveal");
    let remedy = Remedy::HoldRole { role: role_id("r") };
    assert_eq!(serde_json::to_string(&remedy).unwrap(), r#"{"key":"hold_role","role":"r"}"#);
    assert_eq!(remedy.to_string(), "ask for role r");
}
