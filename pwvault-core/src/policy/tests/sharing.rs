//! Changes of grants.

use super::fixture::*;
use crate::clock::Timestamp;
use crate::id::EntryId;
use crate::model::{Action, Actions, EntryHead, Grant, Grantee, Person, Policy, Principal, limits};
use crate::policy::{Denied, GrantChange, SharingError, apply_grant_changes};

use Action::{Delete, Edit, Reveal, Share, View};

fn put(id: &str, actions: &[Action]) -> GrantChange {
    GrantChange::put(Grantee::Client(client_id(id)), set(actions))
}

fn remove(id: &str) -> GrantChange {
    GrantChange::Remove { grantee: Grantee::Client(client_id(id)) }
}

fn apply(existing: &[Grant], changes: &[GrantChange]) -> Result<Vec<Grant>, SharingError> {
    apply_grant_changes(existing, changes, &Person::Client(client_id("9")), Timestamp::from_millis(9))
}

fn check(principal: &Principal, head: &EntryHead, change: GrantChange) -> Result<(), SharingError> {
    let id = EntryId::from_bytes([1; 16]);
    let proof = authority(&Policy::default(), principal).authorize_sharing(id, head, &[change])?;
    assert!(proof.covers_entry(id, Share));
    Ok(())
}

#[test]
fn a_change_touches_nobody_else() {
    let existing = [to_client("1", &[View]), to_client("2", &[View, Edit]), to_role("r", &[View])];
    let after = apply(&existing, &[put("1", &[View, Reveal]), remove("3"), put("4", &[View])]).unwrap();
    assert_eq!(after.len(), 4);
    assert!(after.contains(&existing[1]));
    assert!(after.contains(&existing[2]));
    let changed = after.iter().find(|grant| grant.grantee == existing[0].grantee).unwrap();
    assert_eq!(changed.actions, Actions::VIEW_AND_REVEAL);
    assert_eq!(changed.granted_by, Person::Client(client_id("9")));
    assert_eq!(changed.granted_at, Timestamp::from_millis(9));
}

#[test]
fn the_order_of_changes_and_grants_means_nothing() {
    let existing = [to_client("1", &[View]), to_admin("1", &[View]), to_client("5", &[View])];
    let changes = [put("2", &[Edit]), remove("1"), put("3", &[View])];
    let expected = apply(&existing, &changes).unwrap();
    let [a, b, c] = existing;
    let [x, y, z] = changes;
    assert_eq!(apply(&[c, a, b], &[z, y, x]).unwrap(), expected);
}

#[test]
fn the_same_grant_again_changes_nothing() {
    let existing = [to_client("1", &[View, Edit])];
    assert_eq!(apply(&existing, &[put("1", &[Edit])]).unwrap(), existing);
}

#[test]
fn view_is_written_with_every_grant() {
    assert_eq!(apply(&[], &[put("1", &[Reveal])]).unwrap()[0].actions, Actions::VIEW_AND_REVEAL);
}

#[test]
fn a_grantee_named_twice_and_a_grant_of_nothing_are_refused() {
    assert_eq!(apply(&[], &[put("1", &[View]), remove("1")]), Err(SharingError::Repeated));
    assert_eq!(apply(&[], &[put("1", &[])]), Err(SharingError::Empty));
}

#[test]
fn the_number_of_grants_is_bounded() {
    let many: Vec<_> = (0..limits::GRANTS_MAX).map(|n| to_client(&format!("c{n}"), &[View])).collect();
    assert_eq!(apply(&many, &[remove("c0"), put("x", &[View])]).unwrap().len(), limits::GRANTS_MAX);
    let count = limits::GRANTS_MAX + 1;
    assert_eq!(apply(&many, &[put("x", &[View])]), Err(SharingError::TooMany { count }));
}

#[test]
fn sharing_needs_the_action() {
    let head = shared(of_client("1"), vec![to_client("2", &[View, Edit]), to_client("3", &[View, Share])]);
    assert_eq!(check(&client("1"), &head, put("4", &Action::ALL)), Ok(()));
    assert_eq!(check(&client("3"), &head, put("4", &[View])), Ok(()));
    assert!(matches!(check(&client("2"), &head, put("4", &[View])), Err(SharingError::Denied(Denied::Forbidden(_)))));
    assert_eq!(check(&client("4"), &head, put("4", &[View])), Err(SharingError::Denied(Denied::NotFound)));
}

#[test]
fn nobody_gives_or_takes_away_what_they_do_not_hold() {
    let head = shared(of_client("1"), vec![to_client("2", &[View, Share]), to_client("3", &[View, Delete])]);
    for (change, expected) in [
        (put("4", &[View, Share]), Ok(())),
        (put("4", &[Reveal]), Err(SharingError::NotHeld)),
        (put("3", &[View, Delete, Share]), Ok(())),
        (put("3", &[View]), Err(SharingError::NotHeld)),
        (remove("3"), Err(SharingError::NotHeld)),
        (remove("2"), Ok(())),
        (remove("4"), Ok(())),
    ] {
        assert_eq!(check(&client("2"), &head, change.clone()), expected, "{change:?}");
    }
}

#[test]
fn a_private_entry_is_not_shared_but_may_lose_grants() {
    let head = private(shared(of_client("1"), vec![to_client("2", &[View])]));
    assert_eq!(check(&client("1"), &head, put("3", &[View])), Err(SharingError::Private));
    assert_eq!(check(&client("1"), &head, remove("2")), Ok(()));
}

#[test]
fn the_owner_is_granted_nothing() {
    assert_eq!(check(&client("1"), &of_client("1"), put("1", &[View])), Err(SharingError::ToOwner));
    assert_eq!(check(&admin("1", &[]), &of_admin("1"), put("1", &[View])), Ok(()), "another kind of name");
}
