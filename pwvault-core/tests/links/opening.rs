//! Opening links.

use pwvault_core::id::RecordKind;
use pwvault_core::model::Ended;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{LinkOptions, LinkSecret, VaultKey};
use pwvault_core::{Principal, RequestContext, SecretString, VaultError};

use crate::world::{DAY_MS, World, entry_of, is_not_found};

fn open(world: &World, link: &LinkSecret, passphrase: Option<&str>) -> Result<String, VaultError> {
    let passphrase = passphrase.map(SecretString::from);
    let opened = world.vault.open_link(link, passphrase.as_ref(), RequestContext::default());
    opened.map(|contents| contents.password.expose().to_owned())
}

fn ended<T>(result: Result<T, VaultError>) -> Option<Ended> {
    match result {
        Err(VaultError::Ended { what: "link", why }) => Some(why),
        _ => None,
    }
}

#[test]
fn a_link_opens_as_often_as_it_says_and_leaves_nothing_behind() {
    let world = World::new();
    let anna = world.client("anna");
    let link = anna.create_link(entry_of(&anna), &LinkOptions { views: 3, ..LinkOptions::default() }).unwrap();
    let sealed = world.records(RecordKind::Link)[0].body.len();
    for left in [3, 2, 1] {
        // Looking spends nothing, however often a scanner of mail does it.
        for _ in 0..3 {
            assert_eq!(world.vault.link_info(&link).unwrap().views_left, left);
        }
        assert_eq!(open(&world, &link, None).unwrap(), "s3cret");
    }
    assert_eq!(ended(open(&world, &link, None)), Some(Ended::Used));
    assert_eq!(ended(world.vault.link_info(&link)), Some(Ended::Used));
    // Not even the sealed copy is left, which is an envelope in an envelope.
    let left = world.records(RecordKind::Link)[0].body.len();
    assert!(left + 200 < sealed, "{left} bytes are left of {sealed}");
}

#[test]
fn openings_are_logged_with_who_is_known_and_looks_are_not() {
    let world = World::new();
    let anna = world.client("anna");
    let link = anna.create_link(entry_of(&anna), &LinkOptions::default()).unwrap();
    world.vault.link_info(&link).unwrap();
    open(&world, &link, None).unwrap();
    open(&world, &link, None).unwrap_err();
    let logged = world.newest_events(3);
    assert_eq!(
        logged,
        ["LinkOpened Denied Bearer", "LinkOpened Done Bearer", "LinkCreated Done Client(ClientId(\"anna\"))"]
    );
}

#[test]
fn a_wrong_key_is_as_good_as_no_link() {
    let world = World::new();
    let anna = world.client("anna");
    let entry = entry_of(&anna);
    let used = anna.create_link(entry, &LinkOptions::default()).unwrap();
    open(&world, &used, None).unwrap();
    let fresh = anna.create_link(entry, &LinkOptions::default()).unwrap();
    let before = world.vault.head().unwrap().shards[0].size;
    for link in [&used, &fresh] {
        let text = link.fragment().expose().to_owned();
        // Another key for the same id, an id of nothing, and no link at all.
        let turned = if text.ends_with('A') { "B" } else { "A" };
        let other_key = format!("{}{turned}{}", &text[..40], &text[41..]);
        let other_key = if other_key == text { format!("{}_{}", &text[..40], &text[41..]) } else { other_key };
        let other_id = format!("AAAAAAAAAA{}", &text[10..]);
        for wrong in [other_key, other_id] {
            let wrong = LinkSecret::from_fragment(&wrong).unwrap();
            assert!(is_not_found(world.vault.link_info(&wrong)));
            assert!(is_not_found(open(&world, &wrong, Some("a passphrase"))));
        }
        assert!(is_not_found(LinkSecret::from_fragment(&text[1..])));
    }
    assert_eq!(world.vault.head().unwrap().shards[0].size, before, "guesses do not fill the log");
    assert_eq!(open(&world, &fresh, None).unwrap(), "s3cret");
}

#[test]
fn a_wrong_passphrase_spends_no_view_and_ten_end_the_link() {
    let world = World::new();
    let anna = world.client("anna");
    let options = LinkOptions { passphrase: Some("seven herons".into()), views: 2, ..LinkOptions::default() };
    let link = anna.create_link(entry_of(&anna), &options).unwrap();
    assert!(world.vault.link_info(&link).unwrap().needs_passphrase);
    assert!(matches!(open(&world, &link, None), Err(VaultError::State(_))));
    for _ in 0..9 {
        assert!(matches!(open(&world, &link, Some("six")), Err(VaultError::WrongAnswer { what: "passphrase" })));
    }
    assert_eq!(world.vault.link_info(&link).unwrap().views_left, 2);
    assert_eq!(open(&world, &link, Some("seven herons")).unwrap(), "s3cret");
    assert_eq!(world.vault.link_info(&link).unwrap().views_left, 1);
    assert!(matches!(open(&world, &link, Some("six")), Err(VaultError::WrongAnswer { .. })));
    assert_eq!(ended(open(&world, &link, Some("seven herons"))), Some(Ended::Guessed));
    assert_eq!(world.newest_events(2)[1], "LinkOpened Failed Bearer");
}

#[test]
fn an_expired_link_opens_no_more_and_is_removed() {
    let world = World::new();
    let anna = world.client("anna");
    let entry = entry_of(&anna);
    let end = pwvault_core::Timestamp::from_millis(1_800_000_000_000 + DAY_MS);
    let short = anna.create_link(entry, &LinkOptions { expires_at: Some(end), ..LinkOptions::default() }).unwrap();
    let long = anna.create_link(entry, &LinkOptions::default()).unwrap();
    let cron = world.session(Principal::system());
    world.pass(DAY_MS - 1);
    assert_eq!(cron.expire_links(10).unwrap(), 0);
    assert!(world.vault.link_info(&short).is_ok());
    world.pass(1);
    assert_eq!(ended(open(&world, &short, None)), Some(Ended::Expired));
    assert_eq!(cron.expire_links(10).unwrap(), 1);
    assert!(is_not_found(open(&world, &short, None)));
    assert_eq!(open(&world, &long, None).unwrap(), "s3cret");
    let later = world.clock.0.advance(6 * DAY_MS);
    assert_eq!(cron.run_due(later).unwrap().job("links").unwrap().done, 1);
    assert!(world.records(RecordKind::Link).is_empty());
}

#[test]
fn links_outlive_a_rotation_of_every_key() {
    let world = World::new();
    let anna = world.client("anna");
    let entry = entry_of(&anna);
    let options = LinkOptions { passphrase: Some("seven herons".into()), ..LinkOptions::default() };
    let (with, without) =
        (anna.create_link(entry, &options).unwrap(), anna.create_link(entry, &LinkOptions::default()).unwrap());
    let used = anna.create_link(entry, &LinkOptions::default()).unwrap();
    open(&world, &used, None).unwrap();
    let root = world.root();
    for key in [VaultKey::Data, VaultKey::Index] {
        root.rotate_keys(key).unwrap();
    }
    root.reseal_records(&mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    root.retire_old_keys().unwrap();
    assert_eq!(anna.links(entry).unwrap().len(), 3, "found by their new labels");
    assert_eq!(open(&world, &with, Some("seven herons")).unwrap(), "s3cret");
    assert_eq!(open(&world, &without, None).unwrap(), "s3cret");
    assert_eq!(ended(open(&world, &used, None)), Some(Ended::Used));
}
