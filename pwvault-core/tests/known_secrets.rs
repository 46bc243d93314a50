//! Who is said to know a secret, and when it counts as changed.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod locked;

use locked::{World, client, draft, set_password, version};
use pwvault_core::model::{Actions, Contact, EntryHead, Grantee, Person};
use pwvault_core::policy::GrantChange;
use pwvault_core::vault::SecretPart;
use pwvault_core::vault::prelude::*;
use pwvault_core::{AdminId, EntryDraft, EntryId, EntryPatch, Principal, RequestContext, Session, VaultError};

fn head(session: &Session, id: EntryId) -> EntryHead {
    session.entry(id).unwrap().head
}

fn share(session: &Session, id: EntryId, to: &str) {
    let grantee = Grantee::Client(client(to));
    session.share(id, &[GrantChange::put(grantee, Actions::VIEW_AND_REVEAL)]).unwrap();
}

#[test]
fn new_notes_leave_everyone_in_the_know_and_a_new_password_does_not() {
    let world = World::new();
    let anna = world.client("anna");
    let id = anna.create_entry(&draft("first")).unwrap();
    share(&anna, id, "bert");
    world.client("bert").reveal(id).unwrap();
    let before = head(&anna, id).secret;
    assert_eq!(before.revealed_to, [Person::Client(client("bert"))]);
    anna.share(id, &[GrantChange::Remove { grantee: Grantee::Client(client("bert")) }]).unwrap();
    assert!(head(&anna, id).secret.needs_rotation);

    world.clock.0.advance(1_000);
    let notes = EntryPatch { notes: Some("new".into()), password: Some("first".into()), ..EntryPatch::default() };
    anna.update_entry(id, version(&anna, id), &notes).unwrap();
    let after = head(&anna, id).secret;
    assert_eq!((after.revision, after.changed_at), (2, before.changed_at));
    assert_eq!(after.revealed_to, before.revealed_to);
    assert!(after.needs_rotation);

    set_password(&anna, id, "second");
    let renewed = head(&anna, id).secret;
    assert!(renewed.revealed_to.is_empty() && !renewed.needs_rotation && renewed.changed_at > before.changed_at);

    // Bert saw it when it was current; whether anyone still knows it nobody can say.
    let past = anna.history(id).unwrap();
    anna.restore_secret(id, version(&anna, id), past[0].id, &[SecretPart::Notes]).unwrap();
    assert!(!head(&anna, id).secret.needs_rotation);
    anna.restore_secret(id, version(&anna, id), past[0].id, &[SecretPart::Password]).unwrap();
    assert!(head(&anna, id).secret.needs_rotation);
}

#[test]
fn an_administrator_signed_in_as_the_owner_has_seen_the_secret() {
    let world = World::new();
    let id = world.client("anna").create_entry(&draft("first")).unwrap();
    let admin = Person::Admin(AdminId::new("7").unwrap());
    let context = RequestContext { on_behalf_of: Some(admin.clone()), ..RequestContext::default() };
    let signed_in = world.vault.session(Principal::client(client("anna")), context);
    signed_in.reveal(id).unwrap();
    signed_in.reveal(id).unwrap();
    assert_eq!(head(&world.client("anna"), id).secret.revealed_to, [admin]);
}

#[test]
fn sharing_by_address_meets_the_same_obstacles_whether_there_is_such_a_client_or_not() {
    let world = World::new();
    let contact = |id: &str, email: &str| Contact {
        person: Person::Client(client(id)),
        name: id.to_owned(),
        email: Some(email.to_owned()),
        locale: None,
        zone: None,
        wants_mail: false,
        roles: vec![],
        departments: vec![],
        groups: vec![],
        permissions: pwvault_core::model::Permissions::NONE,
    };
    let contacts = [contact("anna", "anna@example.com"), contact("bo\u{212a}", "bo\u{212a}@example.com")];
    world.root().sync_principals(&contacts, &[]).unwrap();
    let anna = world.client("anna");
    let private = anna.create_entry(&EntryDraft { private: true, ..draft("first") }).unwrap();
    let open = anna.create_entry(&draft("first")).unwrap();
    for email in ["bo\u{212a}@example.com", "nobody@example.com", "anna@example.com"] {
        let refused = anna.share_by_email(private, email, Actions::VIEW_AND_REVEAL);
        assert!(matches!(refused, Err(VaultError::Sharing(_))), "{email}: {refused:?}");
        assert!(anna.share_by_email(open, email, Actions::NONE).is_err(), "{email}");
        anna.share_by_email(open, email, Actions::VIEW_AND_REVEAL).unwrap();
    }
    // The Kelvin sign folds to a k in Unicode; no look-alike receives what is meant for another.
    assert_eq!(head(&anna, open).grants.len(), 1);
    anna.share(open, &[GrantChange::Remove { grantee: Grantee::Client(client("bo\u{212a}")) }]).unwrap();
    anna.share_by_email(open, "BOK@example.com", Actions::VIEW_AND_REVEAL).unwrap();
    assert!(head(&anna, open).grants.is_empty());
}
