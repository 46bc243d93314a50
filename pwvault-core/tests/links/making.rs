//! Making and ending links.

use pwvault_core::id::{FieldId, RecordKind};
use pwvault_core::model::{Actions, GrantTerms, LinkParts, Obligations, Person, RuleDraft, Section, Settings};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{LinkOptions, Recovery, SetMaster};
use pwvault_core::{
    Action, AdminId, EntryDraft, EntryPatch, GrantChange, Grantee, RequestContext, RoleId, Timestamp, VaultError,
};

use crate::world::{DAY_MS, World, client_id, entry_of, is_not_found, staff_key};

#[test]
fn a_link_takes_the_right_to_reveal_and_to_share() {
    let world = World::new();
    let (anna, bert) = (world.client("anna"), world.client("bert"));
    let entry = entry_of(&anna);
    let link = |session: &pwvault_core::Session| session.create_link(entry, &LinkOptions::default()).map(drop);
    assert!(is_not_found(link(&bert)));
    let grant = |actions: Actions| {
        let grantee = Grantee::Client(client_id("bert"));
        anna.share(entry, &[GrantChange::put(grantee, actions)]).unwrap();
    };
    grant(Actions::VIEW_AND_REVEAL);
    assert!(matches!(link(&bert), Err(VaultError::Denied(_))));
    assert!(world.newest_events(1)[0].starts_with("LinkCreated Denied"));
    grant(Actions::NONE.with(Action::View).with(Action::Share));
    assert!(matches!(link(&bert), Err(VaultError::Denied(_))));
    grant(Actions::VIEW_AND_REVEAL.with(Action::Share));
    link(&bert).unwrap();
    // Whoever made one has seen what it hands over.
    assert_eq!(anna.entry(entry).unwrap().head.secret.revealed_to.len(), 1);
}

#[test]
fn who_reveals_for_a_reason_makes_no_link() {
    let world = World::new();
    let anna = world.client("anna");
    let entry = entry_of(&anna);
    let obligations = Obligations { reason: true, approval: false };
    let terms = GrantTerms { obligations, ..GrantTerms::default() };
    let actions = Actions::VIEW_AND_REVEAL.with(Action::Share);
    let grantee = Grantee::Client(client_id("bert"));
    anna.share(entry, &[GrantChange::put_on(grantee, actions, terms)]).unwrap();
    let context = RequestContext { reason: Some("an outage".into()), ..RequestContext::default() };
    let bert = world.client("bert").within(context);
    bert.reveal(entry).unwrap();
    assert!(matches!(bert.create_link(entry, &LinkOptions::default()), Err(VaultError::State(_))));
    assert!(world.records(RecordKind::Link).is_empty());
}

#[test]
fn a_locked_entry_is_unlocked_first() {
    let world = World::new();
    let root = world.root();
    let (key, answer) = staff_key(&root);
    let draft =
        EntryDraft { name: "locked".into(), password: "s3cret".into(), keys: vec![key], ..EntryDraft::default() };
    let entry = root.create_entry(&draft).unwrap();
    assert!(matches!(root.create_link(entry, &LinkOptions::default()), Err(VaultError::Locked(_))));
    let unlocked = root.clone().with_ticket(root.unlock(&answer).unwrap());
    let link = unlocked.create_link(entry, &LinkOptions::default()).unwrap();
    let contents = world.vault.open_link(&link, None, RequestContext::default()).unwrap();
    assert_eq!(contents.password.expose(), "s3cret");
}

#[test]
fn a_link_hands_over_the_chosen_parts_as_they_were() {
    let world = World::new();
    let anna = world.client("anna");
    let entry = entry_of(&anna);
    let fields = anna.entry(entry).unwrap().head.fields;
    let all = LinkParts {
        password: true,
        username: true,
        notes: true,
        totp: true,
        fields: fields.iter().map(|field| field.id).collect(),
    };
    let pin = LinkParts { fields: vec![fields[1].id], ..LinkParts::default() };
    let make = |parts| anna.create_link(entry, &LinkOptions { parts, ..LinkOptions::default() }).unwrap();
    let (all, pin) = (make(all), make(pin));
    let patch = EntryPatch { password: Some("n3w".into()), fields: Some(vec![]), ..EntryPatch::default() };
    anna.update_entry(entry, 1, &patch).unwrap();

    let open = |link| world.vault.open_link(link, None, RequestContext::default()).unwrap();
    let opened = open(&all);
    let texts = [&opened.password, &opened.username, &opened.notes, &opened.totp].map(|text| text.expose());
    assert_eq!(texts, ["s3cret", "anna", "in the safe", "JBSWY3DPEHPK3PXP"]);
    let shown: Vec<_> = opened.fields.iter().map(|field| (field.name.expose(), field.value.expose())).collect();
    assert_eq!(shown, [("Customer", "4711"), ("PIN", "0815")]);
    let opened = open(&pin);
    assert!(opened.password.is_empty() && opened.username.is_empty() && opened.notes.is_empty());
    assert_eq!(opened.fields.len(), 1);
}

#[test]
fn options_out_of_bounds_are_refused() {
    let world = World::new();
    let anna = world.client("anna");
    let entry = entry_of(&anna);
    let plain = LinkOptions::default;
    let field = |options: &LinkOptions| match anna.create_link(entry, options) {
        Err(VaultError::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    let now = Timestamp::from_millis(1_800_000_000_000);
    for views in [0, 101] {
        assert_eq!(field(&LinkOptions { views, ..plain() }), "views");
    }
    for end in [now, now.plus_millis(30 * DAY_MS + 1)] {
        assert_eq!(field(&LinkOptions { expires_at: Some(end), ..plain() }), "expires_at");
    }
    for length in [0, 1025] {
        let passphrase = Some("p".repeat(length).into());
        assert_eq!(field(&LinkOptions { passphrase, ..plain() }), "passphrase");
    }
    let parts = LinkParts { fields: vec![FieldId::from_bytes([1; 16])], ..LinkParts::default() };
    assert_eq!(field(&LinkOptions { parts, ..plain() }), "fields");
    let nothing = LinkOptions { parts: LinkParts::default(), ..plain() };
    assert!(matches!(anna.create_link(entry, &nothing), Err(VaultError::State(_))));
    assert!(world.records(RecordKind::Link).is_empty(), "what is refused leaves nothing");
    let edge = LinkOptions { views: 100, expires_at: Some(now.plus_millis(30 * DAY_MS)), ..plain() };
    anna.create_link(entry, &edge).unwrap();
}

#[test]
fn an_entry_has_at_most_a_hundred_links() {
    let world = World::new();
    let anna = world.client("anna");
    let entry = entry_of(&anna);
    for _ in 0..100 {
        anna.create_link(entry, &LinkOptions::default()).unwrap();
    }
    assert!(matches!(anna.create_link(entry, &LinkOptions::default()), Err(VaultError::State(_))));
    assert_eq!(anna.links(entry).unwrap().len(), 100);
}

#[test]
fn links_end_with_their_entry() {
    let world = World::new();
    let anna = world.client("anna");
    let entry = entry_of(&anna);
    let link = anna.create_link(entry, &LinkOptions::default()).unwrap();
    anna.trash_entries(&[entry]).unwrap();
    assert!(is_not_found(world.vault.link_info(&link)));
    assert!(world.records(RecordKind::Link).is_empty(), "nothing of it is kept");
    assert!(anna.create_link(entry, &LinkOptions::default()).is_err());
    anna.restore_entries(&[entry]).unwrap();
    assert!(is_not_found(world.vault.link_info(&link)), "what has ended does not come back");
}

#[test]
fn a_lock_ends_the_links_that_were_made_without_it() {
    let world = World::new();
    let root = world.root();
    let (key, answer) = staff_key(&root);
    let entry = entry_of(&root);
    let open = root.create_link(entry, &LinkOptions::default()).unwrap();
    root.attach_keys(entry, 1, &[key]).unwrap();
    assert!(is_not_found(world.vault.link_info(&open)));
    // One that was made once it was unlocked stays while the lock does, and when it goes.
    let unlocked = root.clone().with_ticket(root.unlock(&answer).unwrap());
    let link = unlocked.create_link(entry, &LinkOptions::default()).unwrap();
    unlocked.detach_key(entry, 2, key).unwrap();
    assert!(world.vault.open_link(&link, None, RequestContext::default()).is_ok());

    let anna = world.client("anna");
    let (own, other) = (entry_of(&anna), entry_of(&world.client("bert")));
    let link = anna.create_link(own, &LinkOptions::default()).unwrap();
    let others = world.client("bert").create_link(other, &LinkOptions::default()).unwrap();
    let (password, confirmation) = ("master password".into(), "master password".into());
    anna.set_master_password(&SetMaster { password, confirmation, recovery: Recovery::None }).unwrap();
    assert!(is_not_found(world.vault.link_info(&link)));
    assert!(world.vault.link_info(&others).is_ok());
}

#[test]
fn a_link_rests_on_its_makers_right() {
    let world = World::new();
    let (anna, bert) = (world.client("anna"), world.client("bert"));
    let entry = entry_of(&anna);
    let grantee = Grantee::Client(client_id("bert"));
    let all = Actions::VIEW_AND_REVEAL.with(Action::Share);
    anna.share(entry, &[GrantChange::put(grantee.clone(), all)]).unwrap();
    let link = bert.create_link(entry, &LinkOptions::default()).unwrap();
    let own = anna.create_link(entry, &LinkOptions::default()).unwrap();
    assert!(world.vault.link_info(&link).is_ok());
    anna.share(entry, &[GrantChange::Remove { grantee }]).unwrap();
    assert!(is_not_found(world.vault.link_info(&link)));
    assert!(is_not_found(world.vault.open_link(&link, None, RequestContext::default())));
    assert!(world.vault.link_info(&own).is_ok());
    // The settings give its maker no part in the vault any more.
    let (settings, revision) = world.root().settings().unwrap();
    let settings = Settings { forbidden_clients: vec![client_id("anna")], ..settings };
    world.root().update_settings(&settings, revision).unwrap();
    assert!(is_not_found(world.vault.link_info(&own)));
}

#[test]
fn an_administrators_right_is_the_one_the_directory_knows() {
    let world = World::new();
    let root = world.root();
    let (settings, revision) = root.settings().unwrap();
    let settings = Settings { extended_roles: vec![RoleId::new("chief").unwrap()], ..settings };
    root.update_settings(&settings, revision).unwrap();
    let entries = RuleDraft {
        name: "Entries".into(),
        allow: vec![Section::Entries],
        roles: vec![RoleId::new("chief").unwrap()],
        ..RuleDraft::default()
    };
    root.add_rule(&entries).unwrap();
    let anna = world.client("anna");
    let entry = entry_of(&anna);
    let link = world.admin("carla", &["chief"]).create_link(entry, &LinkOptions::default()).unwrap();
    assert!(world.vault.link_info(&link).is_ok(), "of whom the directory knows nothing, the session's word holds");
    world.sync_roles("carla", &["chief", "other"]);
    assert!(world.vault.link_info(&link).is_ok());
    world.sync_roles("carla", &["other"]);
    assert!(is_not_found(world.vault.link_info(&link)));
    world.sync_roles("carla", &["chief"]);
    let known = world.admin("carla", &["chief"]).create_link(entry, &LinkOptions::default()).unwrap();
    assert!(world.vault.link_info(&known).is_ok());
    let carla = Person::Admin(AdminId::new("carla").unwrap());
    root.sync_principals(&[], &[carla]).unwrap();
    assert!(is_not_found(world.vault.link_info(&known)), "whom the directory knows no more is gone");
}

#[test]
fn a_private_entrys_links_are_its_owners_alone() {
    let world = World::new();
    let anna = world.client("anna");
    let draft = EntryDraft { name: "diary".into(), password: "s3cret".into(), private: true, ..EntryDraft::default() };
    let entry = anna.create_entry(&draft).unwrap();
    assert!(is_not_found(world.client("bert").create_link(entry, &LinkOptions::default())));
    let link = anna.create_link(entry, &LinkOptions::default()).unwrap();
    assert!(world.vault.open_link(&link, None, RequestContext::default()).is_ok());
}

#[test]
fn its_maker_and_whoever_may_share_the_entry_end_a_link() {
    let world = World::new();
    let (anna, bert) = (world.client("anna"), world.client("bert"));
    let entry = entry_of(&anna);
    let grantee = Grantee::Client(client_id("bert"));
    let all = Actions::VIEW_AND_REVEAL.with(Action::Share);
    anna.share(entry, &[GrantChange::put(grantee.clone(), all)]).unwrap();
    let links: Vec<_> = (0..3).map(|_| bert.create_link(entry, &LinkOptions::default()).unwrap()).collect();
    anna.revoke_link(links[0].id()).unwrap();
    assert!(is_not_found(world.vault.link_info(&links[0])));
    anna.share(entry, &[GrantChange::Remove { grantee }]).unwrap();
    bert.revoke_link(links[1].id()).unwrap();
    assert!(is_not_found(world.client("carl").revoke_link(links[2].id())));
    assert!(world.newest_events(1)[0].starts_with("LinkRevoked Denied"));
    assert!(is_not_found(anna.revoke_link(links[0].id())), "it has ended already");
    let left: Vec<_> = anna.links(entry).unwrap().into_iter().map(|link| link.id).collect();
    assert_eq!(left, [links[2].id()]);
    assert!(is_not_found(bert.links(entry)));
}
