//! Sharing, explanations, the mirror of principals, rules and settings, through sessions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod host;

use host::{admin, client, vault};
use pwvault_core::model::{
    Action, Actions, Contact, EventKind, Grantee, Outcome, Person, RuleDraft, Section, Settings,
};
use pwvault_core::policy::{GrantChange, Reason, Remedy, SharingError};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Count, EntryFilter, EntryQuery, EntrySort, LogFilter};
use pwvault_core::{ClientId, EntryDraft, EntryId, EntryPatch, RoleId, Session, VaultError};

fn entry(session: &Session, name: &str) -> EntryId {
    session.create_entry(&EntryDraft { name: name.into(), password: "pw".into(), ..EntryDraft::default() }).unwrap()
}

fn to_client(id: &str, actions: Actions) -> GrantChange {
    GrantChange::put(Grantee::Client(ClientId::new(id).unwrap()), actions)
}

#[test]
fn changing_one_grant_leaves_the_others_alone() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let id = entry(&anna, "shared");
    anna.share(id, &[to_client("bert", Actions::VIEW_AND_REVEAL), to_client("cleo", Actions::VIEW_AND_REVEAL)])
        .unwrap();
    let cleo = ClientId::new("cleo").unwrap();
    anna.share(id, &[GrantChange::Remove { grantee: Grantee::Client(cleo) }]).unwrap();
    assert!(client(&vault, "bert").reveal(id).is_ok());
    assert!(matches!(client(&vault, "cleo").reveal(id), Err(VaultError::NotFound)));
}

#[test]
fn moving_an_entry_to_the_trash_and_back_keeps_its_shares() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let id = entry(&anna, "shared");
    anna.share(id, &[to_client("bert", Actions::VIEW_AND_REVEAL)]).unwrap();
    anna.trash_entries(&[id]).unwrap();
    assert!(matches!(client(&vault, "bert").entry(id), Err(VaultError::NotFound)));
    anna.restore_entries(&[id]).unwrap();
    assert!(client(&vault, "bert").reveal(id).is_ok());
    assert_eq!(client(&vault, "bert").list_entries(&EntryQuery::default()).unwrap().entries.len(), 1);
}

#[test]
fn who_saw_a_secret_is_kept_until_it_changes_and_losing_access_marks_it() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let id = entry(&anna, "shared");
    anna.share(id, &[to_client("bert", Actions::VIEW_AND_REVEAL)]).unwrap();
    client(&vault, "bert").reveal(id).unwrap();
    client(&vault, "bert").reveal(id).unwrap();
    let seen = anna.entry(id).unwrap().head;
    assert_eq!(seen.secret.revealed_to, [Person::Client(ClientId::new("bert").unwrap())]);
    assert!(!seen.secret.needs_rotation);
    let bert = Grantee::Client(ClientId::new("bert").unwrap());
    let version = anna.share(id, &[GrantChange::Remove { grantee: bert }]).unwrap();
    assert!(anna.entry(id).unwrap().head.secret.needs_rotation);
    // Renaming changes nothing of it, a new secret does.
    let rename = EntryPatch { name: Some("renamed".into()), ..EntryPatch::default() };
    let version = anna.update_entry(id, version, &rename).unwrap();
    assert!(anna.entry(id).unwrap().head.secret.needs_rotation);
    let fresh = EntryPatch { password: Some("new".into()), ..EntryPatch::default() };
    anna.update_entry(id, version, &fresh).unwrap();
    let after = anna.entry(id).unwrap().head.secret;
    assert!(!after.needs_rotation && after.revealed_to.is_empty());
}

#[test]
fn a_sharee_is_told_why_and_what_would_help_and_a_stranger_nothing() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let id = entry(&anna, "shared");
    anna.share(id, &[to_client("bert", Actions::NONE.with(Action::View))]).unwrap();
    let bert = client(&vault, "bert");
    let Err(VaultError::Denied(decision)) = bert.reveal(id) else { panic!("bert may only view") };
    assert!(decision.reasons.iter().any(|reason| matches!(reason, Reason::Grant { .. })));
    assert!(decision.remedies.contains(&Remedy::AskForGrant { action: Action::Reveal }));
    let mine = bert.explain(id, Action::Reveal).unwrap();
    assert_eq!(mine, *decision);
    assert!(matches!(client(&vault, "cleo").explain(id, Action::Reveal), Err(VaultError::NotFound)));
    assert!(bert.entry(id).unwrap().head.grants.is_empty(), "a sharee does not see who else has access");
}

#[test]
fn nobody_gives_what_they_do_not_hold_and_private_entries_are_not_shared() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let id = entry(&anna, "shared");
    let share = Actions::VIEW_AND_REVEAL.with(Action::Share);
    anna.share(id, &[to_client("bert", share)]).unwrap();
    let bert = client(&vault, "bert");
    let more = bert.share(id, &[to_client("cleo", Actions::ALL)]);
    assert!(matches!(more, Err(VaultError::Sharing(SharingError::NotHeld))));
    bert.share(id, &[to_client("cleo", Actions::VIEW_AND_REVEAL)]).unwrap();

    let private = EntryDraft { name: "private".into(), private: true, ..EntryDraft::default() };
    let private = anna.create_entry(&private).unwrap();
    let refused = anna.share(private, &[to_client("bert", Actions::VIEW_AND_REVEAL)]);
    assert!(matches!(refused, Err(VaultError::Sharing(SharingError::Private))));
    let version = anna.entry(id).unwrap().head.version;
    let hide = EntryPatch { private: Some(true), ..EntryPatch::default() };
    assert!(matches!(anna.update_entry(id, version, &hide), Err(VaultError::State(_))));
}

#[test]
fn sharing_by_email_gives_the_same_answer_for_known_and_unknown() {
    let vault = vault();
    let root = admin(&vault, "root", &["full"]);
    let contact = |id: &str, email: &str| Contact {
        person: Person::Client(ClientId::new(id).unwrap()),
        name: id.into(),
        email: Some(email.into()),
        locale: None,
        zone: None,
        wants_mail: true,
        roles: vec![],
        departments: vec![],
        groups: vec![],
        permissions: pwvault_core::model::Permissions::NONE,
    };
    root.sync_principals(&[contact("bert", "Bert@example.com"), contact("cleo", "cleo@example.com")], &[]).unwrap();
    root.sync_principals(&[], &[Person::Client(ClientId::new("cleo").unwrap())]).unwrap();
    let anna = client(&vault, "anna");
    let id = entry(&anna, "shared");
    for email in ["bert@example.com", "cleo@example.com", "nobody@example.com"] {
        anna.share_by_email(id, email, Actions::VIEW_AND_REVEAL).unwrap();
    }
    let grantees: Vec<_> = anna.grants(id).unwrap().into_iter().map(|grant| grant.grantee).collect();
    assert_eq!(grantees, [Grantee::Client(ClientId::new("bert").unwrap())]);
}

#[test]
fn rules_take_effect_at_once_and_never_lock_everyone_out() {
    let vault = vault();
    let root = admin(&vault, "root", &["full"]);
    let support = admin(&vault, "kim", &["support"]);
    assert!(matches!(support.read_log(&LogFilter::default()), Err(VaultError::Denied(_))));
    let role = || RoleId::new("support").unwrap();
    let allow =
        RuleDraft { name: "Support".into(), allow: vec![Section::Logs], roles: vec![role()], ..RuleDraft::default() };
    let rule = root.add_rule(&allow).unwrap();
    assert!(support.read_log(&LogFilter::default()).is_ok());
    let restrict = RuleDraft { restrict: vec![Section::Logs], ..allow.clone() };
    root.update_rule(rule, &restrict).unwrap();
    assert!(matches!(support.read_log(&LogFilter::default()), Err(VaultError::Denied(_))));
    let seeded = root.rules().unwrap().into_iter().find(|rule| rule.full_access).unwrap();
    assert!(matches!(root.remove_rule(seeded.id), Err(VaultError::Rule(_))));
    assert!(matches!(root.remove_rule(pwvault_core::id::RuleId::from_bytes([0; 16])), Err(VaultError::NotFound)));
}

#[test]
fn settings_are_checked_and_changed_by_one_at_a_time() {
    let vault = vault();
    let root = admin(&vault, "root", &["full"]);
    let (settings, revision) = root.settings().unwrap();
    let senseless = Settings { ticket_idle_ms: 1, ..settings.clone() };
    assert!(matches!(
        root.update_settings(&senseless, revision),
        Err(VaultError::Invalid { field: "ticket_idle_ms", .. })
    ));
    let stricter = Settings { private_entries: false, ..settings };
    root.update_settings(&stricter, revision).unwrap();
    assert!(matches!(root.update_settings(&stricter, revision), Err(VaultError::VersionConflict { .. })));
    let private = EntryDraft { name: "private".into(), private: true, ..EntryDraft::default() };
    assert!(matches!(client(&vault, "anna").create_entry(&private), Err(VaultError::Denied(_))));
}

#[test]
fn every_reveal_and_refusal_stands_in_the_log() {
    let vault = vault();
    let anna = client(&vault, "anna");
    let id = entry(&anna, "shared");
    anna.reveal(id).unwrap();
    let _ = client(&vault, "bert").reveal(id);
    let filter = LogFilter { entry: Some(id), ..LogFilter::default() };
    let page = admin(&vault, "root", &["full"]).read_log(&filter).unwrap();
    let seen: Vec<_> = page.events.iter().map(|logged| logged.event.as_ref().unwrap()).collect();
    let reveals: Vec<_> = seen.iter().filter(|event| event.kind == EventKind::SecretRevealed).collect();
    assert_eq!(reveals.len(), 2);
    assert!(reveals.iter().any(|event| event.outcome == Outcome::Denied));
    let by_bert = LogFilter { actor: Some(Person::Client(ClientId::new("bert").unwrap())), ..LogFilter::default() };
    assert_eq!(admin(&vault, "root", &["full"]).read_log(&by_bert).unwrap().events.len(), 1);
}

#[test]
fn lists_page_without_gaps_sort_and_search_what_is_visible() {
    let vault = vault();
    let anna = client(&vault, "anna");
    for number in 0..25 {
        entry(&anna, &format!("Entry {number:02}"));
    }
    let bert = client(&vault, "bert");
    let shared = entry(&bert, "From bert");
    bert.share(shared, &[to_client("anna", Actions::VIEW_AND_REVEAL)]).unwrap();
    for sort in [EntrySort::NewestFirst, EntrySort::OldestFirst, EntrySort::Name, EntrySort::LastChanged] {
        let mut query = EntryQuery { limit: 10, sort, ..EntryQuery::default() };
        let mut seen = Vec::new();
        loop {
            let page = anna.list_entries(&query).unwrap();
            seen.extend(page.entries.into_iter().map(|view| view.id));
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 26, "{sort:?}");
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 26, "{sort:?} repeats");
    }
    let text = EntryFilter { text: Some("ENTRY 1".into()), ..EntryFilter::default() };
    assert_eq!(anna.count_entries(&text).unwrap(), Count::Exactly(10));
    let of_bert = EntryFilter { owner: Some(anna.entry(shared).unwrap().head.owner), ..EntryFilter::default() };
    assert_eq!(anna.count_entries(&of_bert).unwrap(), Count::Exactly(1));
    assert_eq!(client(&vault, "cleo").count_entries(&EntryFilter::default()).unwrap(), Count::Exactly(0));
}

#[test]
fn history_is_cut_at_its_limit_and_never_wider_than_reveal() {
    let vault = vault();
    let root = admin(&vault, "root", &["full"]);
    let (settings, revision) = root.settings().unwrap();
    root.update_settings(&Settings { history_limit: 3, ..settings }, revision).unwrap();
    let anna = client(&vault, "anna");
    let id = entry(&anna, "often changed");
    for number in 1..=6 {
        let patch = EntryPatch { password: Some(format!("pw{number}").as_str().into()), ..EntryPatch::default() };
        anna.update_entry(id, number, &patch).unwrap();
    }
    let history = anna.history(id).unwrap();
    assert_eq!(history.len(), 3);
    assert_eq!(anna.entry(id).unwrap().head.secret.history, 3);
    assert_eq!(anna.reveal_past(id, history[0].id).unwrap().password.expose(), "pw5");
    anna.share(id, &[to_client("bert", Actions::NONE.with(Action::View))]).unwrap();
    assert!(matches!(client(&vault, "bert").history(id), Err(VaultError::Denied(_))));
    assert!(matches!(client(&vault, "bert").reveal_past(id, history[0].id), Err(VaultError::Denied(_))));
}

#[test]
fn health_counts_events_and_names_no_one() {
    let vault = vault();
    let anna = client(&vault, "anna");
    entry(&anna, "one");
    let health = vault.health().unwrap();
    assert_eq!((health.events, health.keyring_epoch, health.retired_data_keys), (2, 1, 0));
    assert!(health.events_since_checkpoint <= health.events);
    assert!(!format!("{health:?}").contains("anna"));
}
