//! Who can do something with an entry, and what somebody can do.

use pwvault_core::id::GroupId;
use pwvault_core::model::{AccessMode, Action, EventKind, GrantTerms, Grantee, Obligations, Outcome, Permission};
use pwvault_core::model::{Person, Principal, RequestContext, RuleDraft, Section};
use pwvault_core::policy::{GrantChange, Reason, WayTo};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Count, EntryQuery, LogFilter, WhatCan, WhoCan};
use pwvault_core::{Actions, EntryId, EntryPatch, VaultError};

use crate::host::{admin, client};
use crate::world::*;

fn people(who: &WhoCan) -> Vec<Person> {
    who.people.iter().map(|one| one.person.clone()).collect()
}

fn with(can: &WhatCan, action: Action) -> Count {
    can.entries.iter().find(|one| one.action == action).unwrap().count
}

#[test]
fn whoever_can_is_named_with_the_reason() {
    let (vault, root) = peopled();
    let anna = client(&vault, "anna");
    let id = entry_of(&anna);
    let by_reason = GrantTerms { obligations: Obligations { reason: true, approval: false }, ..GrantTerms::default() };
    let changes = [
        GrantChange::put_on(to_role("desk"), Actions::VIEW_AND_REVEAL, by_reason),
        GrantChange::put(Grantee::Client(client_id("bert")), Actions::NONE.with(Action::View)),
    ];
    anna.share(id, &changes).unwrap();

    let who = root.who_can(id, Action::Reveal).unwrap();
    // Max is of the role too, and kept out by a rule; a sub-user needs the permission.
    assert_eq!(people(&who), [staff("sam"), staff("sue"), account("anna"), sub("anna", "reads")]);
    assert!(who.complete);
    let sam = &who.people[0];
    assert!(matches!(&sam.reasons[..], [Reason::Grant { grantee, .. }] if *grantee == to_role("desk")));
    assert!(sam.obligations.reason && !who.people[2].obligations.reason);
    assert!(who.ways.iter().any(|way| way.reason == Reason::Ticket && way.to == WayTo::TicketStaff));

    let lookers = people(&root.who_can(id, Action::View).unwrap());
    assert!(lookers.contains(&sub("anna", "looks")) && lookers.contains(&account("bert")));
    assert!(!lookers.contains(&staff("max")));
}

#[test]
fn every_answer_about_others_stands_in_the_log() {
    let (vault, root) = peopled();
    let id = entry_of(&client(&vault, "anna"));
    let explained = || {
        let filter = LogFilter { kinds: vec![EventKind::AccessExplained], ..LogFilter::default() };
        let events = root.read_log(&filter).unwrap().events.into_iter().filter_map(|logged| logged.event);
        events.map(|event| (event.outcome, event.entries)).collect::<Vec<_>>()
    };
    root.who_can(id, Action::Reveal).unwrap();
    assert_eq!(explained(), [(Outcome::Done, vec![id])]);
    root.what_can(&reader()).unwrap();
    root.reachable_entries(&reader(), None, 1).unwrap();
    assert!(client(&vault, "anna").who_can(id, Action::Reveal).is_err());
    let outcomes: Vec<_> = explained().into_iter().map(|(outcome, _)| outcome).collect();
    assert_eq!(outcomes.iter().filter(|one| **one == Outcome::Done).count(), 3);
    assert_eq!(outcomes.iter().filter(|one| **one == Outcome::Denied).count(), 1);
}

#[test]
fn nothing_is_told_of_others_without_the_section() {
    let (vault, root) = peopled();
    let anna = client(&vault, "anna");
    let id = entry_of(&anna);
    let all = Actions::ALL;
    anna.share(id, &[GrantChange::put(Grantee::Admin(admin_id("joe")), all)]).unwrap();
    let rule = RuleDraft { name: "Joe".into(), allow: vec![Section::Entries], ..RuleDraft::default() };
    root.add_rule(&RuleDraft { admins: vec![admin_id("joe")], ..rule }).unwrap();
    let absent = EntryId::from_bytes([9; 16]);
    // Neither who shares the entry, nor its owner; and the answer does not depend on whether it exists.
    for session in [admin(&vault, "joe", &[]), client(&vault, "anna"), admin(&vault, "sam", &["desk"])] {
        let refused = |id| match session.who_can(id, Action::View) {
            Err(VaultError::Denied(decision)) => decision,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(id), refused(absent));
        assert!(matches!(session.what_can(&reader()), Err(VaultError::Denied(_))));
        assert!(matches!(session.reachable_entries(&reader(), None, 5), Err(VaultError::Denied(_))));
    }
    assert!(matches!(root.who_can(absent, Action::View), Err(VaultError::NotFound)));
}

#[test]
fn a_mode_for_all_staff_names_everyone_of_it() {
    let (vault, root) = peopled();
    let id = entry_of(&client(&vault, "anna"));
    let owners = [account("anna"), sub("anna", "reads")];
    assert_eq!(people(&root.who_can(id, Action::Reveal).unwrap()), owners);
    change_settings(&root, |settings| settings.access_mode = AccessMode::Full);
    let who = root.who_can(id, Action::Reveal).unwrap();
    assert!(who.ways.iter().any(|way| way.to == WayTo::AllStaff));
    let expected = [["joe", "root", "sam", "sue"].map(staff).to_vec(), owners.to_vec()].concat();
    assert_eq!(people(&who), expected);
}

#[test]
fn nobody_but_the_owner_can_with_what_is_private_or_in_the_trash() {
    let (vault, root) = peopled();
    change_settings(&root, |settings| settings.access_mode = AccessMode::Full);
    let anna = client(&vault, "anna");
    let (hidden, binned) = (entry_of(&anna), entry_of(&anna));
    anna.update_entry(hidden, 1, &EntryPatch { private: Some(true), ..EntryPatch::default() }).unwrap();
    anna.trash_entries(&[binned]).unwrap();
    assert_eq!(people(&root.who_can(hidden, Action::Reveal).unwrap()), [account("anna"), sub("anna", "reads")]);
    assert_eq!(root.who_can(binned, Action::Reveal).unwrap().ways, []);
    assert_eq!(people(&root.who_can(binned, Action::Delete).unwrap()), [account("anna")]);
}

#[test]
fn what_somebody_can_do_is_counted_and_paged() {
    let (vault, root) = peopled();
    let anna = client(&vault, "anna");
    let ids: Vec<_> = (0..5).map(|_| entry_of(&anna)).collect();
    for id in &ids[..3] {
        anna.share(*id, &[GrantChange::put(to_role("desk"), Actions::NONE.with(Action::View))]).unwrap();
    }
    let sam = Principal::admin_with_roles(admin_id("sam"), vec![role("desk")]);
    let can = root.what_can(&sam).unwrap();
    assert!(can.sections.is_empty() && can.permissions.is_empty());
    assert_eq!((with(&can, Action::View), with(&can, Action::Reveal)), (Count::Exactly(3), Count::Exactly(0)));

    let first = root.reachable_entries(&sam, None, 2).unwrap();
    let second = root.reachable_entries(&sam, first.next.as_ref(), 2).unwrap();
    let mut paged: Vec<_> = first.entries.iter().chain(&second.entries).map(|one| one.entry).collect();
    paged.sort_unstable();
    let mut shared = ids[..3].to_vec();
    shared.sort_unstable();
    assert_eq!((paged, second.next), (shared, None));
    // A place in what one can reach is none in what another can.
    let other = Principal::admin_with_roles(admin_id("sue"), vec![role("desk")]);
    assert!(matches!(root.reachable_entries(&other, first.next.as_ref(), 2), Err(VaultError::Invalid { .. })));
    assert!(matches!(root.reachable_entries(&sam, None, 0), Err(VaultError::Invalid { .. })));

    // It is what they find themselves.
    let rule = RuleDraft { name: "Desk".into(), allow: vec![Section::Entries], ..RuleDraft::default() };
    root.add_rule(&RuleDraft { roles: vec![role("desk")], ..rule }).unwrap();
    let own = vault.session(sam, RequestContext::default()).list_entries(&EntryQuery::default()).unwrap();
    assert_eq!(own.entries.len(), 3);
}

#[test]
fn a_sub_user_can_what_the_permissions_and_the_account_say() {
    let (vault, root) = peopled();
    let anna = client(&vault, "anna");
    entry_of(&anna);
    entry_of(&anna);
    let can = root.what_can(&reader()).unwrap();
    assert_eq!(can.permissions, [Permission::View, Permission::Tickets]);
    assert_eq!((with(&can, Action::View), with(&can, Action::Reveal)), (Count::Exactly(2), Count::Exactly(0)));

    let vip = GroupId::new("vip").unwrap();
    root.sync_principals(&[contact(account("anna"), &["vip"], &[])], &[]).unwrap();
    let id = entry_of(&anna);
    change_settings(&root, |settings| settings.forbidden_groups = vec![vip]);
    let can = root.what_can(&reader()).unwrap();
    assert!(can.permissions.is_empty() && with(&can, Action::View) == Count::Exactly(0));
    // Neither the account nor its sub-users, and an explanation says so.
    assert_eq!(people(&root.who_can(id, Action::View).unwrap()), []);
    let decision = root.explain_for(&reader(), id, Action::View).unwrap();
    assert!(decision.reasons.contains(&Reason::ClientForbidden));
}
