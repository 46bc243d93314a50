//! Dry runs: who would gain and lose what.

use pwvault_core::id::{ProductId, RuleId};
use pwvault_core::model::{AccessMode, Action, Grantee, RuleDraft, Section, ServiceRef, StaffList};
use pwvault_core::policy::{Finding, GrantChange, RuleError};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{ActionChange, Count, RuleChange};
use pwvault_core::{Actions, VaultError};

use crate::host::{admin, client};
use crate::world::*;

fn change(action: Action, gained: u64, lost: u64) -> ActionChange {
    ActionChange { action, gained, lost }
}

fn for_role(name: &str, id: &str) -> RuleDraft {
    RuleDraft { name: name.into(), roles: vec![role(id)], ..RuleDraft::default() }
}

const LOGS: [Section; 4] = [Section::Logs, Section::LogsExport, Section::LogsVerify, Section::LogsPrune];

#[test]
fn a_rule_is_tried_before_it_is_written() {
    let (_vault, root) = peopled();
    let desk = RuleDraft { allow: vec![Section::Logs], ..for_role("Desk", "desk") };
    let (_, revision) = root.settings().unwrap();
    let preview = root.preview_rule(&RuleChange::Add(desk.clone())).unwrap();
    assert_eq!(root.settings().unwrap().1, revision, "a dry run changes nothing");
    // Max, sam and sue hold the role.
    let subjects: Vec<_> = preview.changes.iter().map(|one| one.subject.clone()).collect();
    let desk_staff = ["max", "sam", "sue"].map(|id| Grantee::Admin(admin_id(id)));
    assert_eq!(subjects, [&desk_staff[..], &[to_role("desk")]].concat());
    for change in &preview.changes {
        assert_eq!(change.sections_gained, LOGS);
        assert!(change.sections_lost.is_empty() && change.entries.is_empty());
    }
    assert_eq!(preview.entries, Count::Exactly(0), "it concerns no entries");
    assert_eq!(preview.findings, []);

    let id = root.add_rule(&desk).unwrap();
    let removed = root.preview_rule(&RuleChange::Remove(id)).unwrap().changes;
    assert!(removed.len() == 4 && removed.iter().all(|one| one.sections_lost == LOGS));
    assert_eq!(root.preview_rule(&RuleChange::Update { id, draft: desk.clone() }).unwrap().changes, []);
    let export = RuleDraft { allow: vec![Section::LogsExport], ..desk };
    let findings = root.preview_rule(&RuleChange::Update { id, draft: export }).unwrap().findings;
    assert!(findings.contains(&Finding::NoLanding { subject: to_role("desk") }));
}

#[test]
fn what_a_change_would_be_refused_for_its_dry_run_is() {
    let (vault, root) = peopled();
    let first = root.rules().unwrap()[0].id;
    let lockout = root.preview_rule(&RuleChange::Remove(first));
    assert!(matches!(lockout, Err(VaultError::Rule(RuleError::Lockout))));
    let nowhere = RuleId::from_bytes([9; 16]);
    assert!(matches!(root.preview_rule(&RuleChange::Remove(nowhere)), Err(VaultError::NotFound)));
    let (mut settings, _) = root.settings().unwrap();
    settings.search_limit = 0;
    assert!(matches!(root.preview_settings(&settings), Err(VaultError::Invalid { .. })));
    let anna = client(&vault, "anna");
    let id = entry_of(&anna);
    let to_owner = [GrantChange::put(Grantee::Client(client_id("anna")), Actions::VIEW_AND_REVEAL)];
    assert!(matches!(anna.preview_sharing(id, &to_owner), Err(VaultError::Sharing(_))));

    // Who may change rules and settings but not ask about others is told of nobody.
    let rule = RuleDraft {
        allow: vec![Section::Access, Section::Settings],
        restrict: vec![Section::AccessExplain],
        ..for_role("Rules", "rules")
    };
    root.add_rule(&rule).unwrap();
    let rules = admin(&vault, "joe", &["rules"]);
    let (settings, _) = rules.settings().unwrap();
    assert!(matches!(rules.preview_settings(&settings), Err(VaultError::Denied(_))));
    assert!(matches!(rules.preview_rule(&RuleChange::Remove(first)), Err(VaultError::Denied(_))));
}

#[test]
fn restricting_entries_shows_what_is_lost() {
    let (vault, root) = peopled();
    let anna = client(&vault, "anna");
    for _ in 0..3 {
        let id = entry_of(&anna);
        anna.share(id, &[GrantChange::put(to_role("desk"), Actions::VIEW_AND_REVEAL)]).unwrap();
    }
    let nobody = RuleDraft { restrict: vec![Section::Entries], ..for_role("Nobody", "desk") };
    let preview = root.preview_rule(&RuleChange::Add(nobody)).unwrap();
    // Max has lost them already.
    let subjects: Vec<_> = preview.changes.iter().map(|one| one.subject.to_string()).collect();
    assert_eq!(subjects, ["administrator sam", "administrator sue", "role desk"]);
    for one in &preview.changes {
        assert_eq!(one.entries, [change(Action::View, 0, 3), change(Action::Reveal, 0, 3)]);
    }
    assert_eq!(preview.entries, Count::Exactly(3));
}

#[test]
fn settings_are_tried_before_they_are_written() {
    let (vault, root) = peopled();
    let (anna, bert) = (client(&vault, "anna"), client(&vault, "bert"));
    let (shared, _unshared) = (entry_of(&anna), entry_of(&anna));
    entry_of(&bert);
    anna.share(shared, &[GrantChange::put(Grantee::Client(client_id("bert")), Actions::VIEW_AND_REVEAL)]).unwrap();
    let (mut settings, _) = root.settings().unwrap();
    settings.access_mode = AccessMode::Shared(StaffList { admins: vec![admin_id("sam")], roles: vec![] });
    settings.forbidden_clients = vec![client_id("bert")];
    let preview = root.preview_settings(&settings).unwrap();
    let [sam, gone] = &preview.changes[..] else { panic!("{preview:?}") };
    assert_eq!(sam.subject, Grantee::Admin(admin_id("sam")));
    assert_eq!(sam.entries, [change(Action::View, 1, 0), change(Action::Reveal, 1, 0)]);
    assert_eq!(gone.subject, Grantee::Client(client_id("bert")));
    assert_eq!(gone.entries[..2], [change(Action::View, 0, 2), change(Action::Reveal, 0, 2)]);
    assert_eq!(
        gone.entries[2..],
        [Action::Use, Action::Edit, Action::Delete, Action::Share].map(|one| change(one, 0, 1))
    );
    assert_eq!(preview.entries, Count::Exactly(3));
    assert!(bert.entry(shared).is_ok(), "nothing was changed");
}

#[test]
fn excluding_a_product_shows_the_clients_who_lose_by_it() {
    let (vault, root) = peopled();
    let anna = client(&vault, "anna");
    let id = entry_of(&anna);
    anna.share(id, &[GrantChange::put(Grantee::Client(client_id("bert")), Actions::VIEW_AND_REVEAL)]).unwrap();
    let product = ProductId::new("vps").unwrap();
    let service = ServiceRef {
        id: pwvault_core::id::ServiceId::new("77").unwrap(),
        client: client_id("anna"),
        product: Some(product.clone()),
        product_group: None,
    };
    let version = anna.entry(id).unwrap().head.version;
    anna.assign_service(id, version, Some(&service)).unwrap();
    let (mut settings, _) = root.settings().unwrap();
    settings.excluded_products = vec![product];
    let preview = root.preview_settings(&settings).unwrap();
    let told: Vec<_> = preview.changes.iter().map(|one| (one.subject.to_string(), one.entries.len())).collect();
    // What is barred can still be seen and cleared away.
    assert_eq!(told, [("client anna".to_owned(), 4), ("client bert".to_owned(), 1)]);
}

#[test]
fn sharing_is_tried_before_it_is_done() {
    let (vault, root) = peopled();
    change_settings(&root, |settings| {
        settings.access_mode = AccessMode::Shared(StaffList { admins: vec![admin_id("mod")], roles: vec![] });
        settings.extended_roles = vec![role("full")];
    });
    let anna = client(&vault, "anna");
    let id = entry_of(&anna);
    let put = [GrantChange::put(to_role("desk"), Actions::VIEW_AND_REVEAL)];
    let told = root.preview_sharing(id, &put).unwrap();
    // The first grant opens the entry to the staff of mode "shared" too; max is kept out by a rule.
    let gained: Vec<_> =
        told.people.unwrap().into_iter().map(|one| (one.person, one.gained.len(), one.lost.len())).collect();
    assert_eq!(gained, ["mod", "sam", "sue"].map(|id| (staff(id), 2, 0)));
    assert_eq!(told.grants.len(), 1);

    // The owner is told of the grants, and of nobody behind them.
    let untold = anna.preview_sharing(id, &put).unwrap();
    assert_eq!((untold.people, untold.grants.len()), (None, 1));
    assert!(anna.grants(id).unwrap().is_empty(), "nothing was changed");

    anna.share(id, &put).unwrap();
    let removed = root.preview_sharing(id, &[GrantChange::remove(to_role("desk"))]).unwrap().people.unwrap();
    assert!(removed.iter().all(|one| one.gained.is_empty() && one.lost.len() == 2) && removed.len() == 3);
}
