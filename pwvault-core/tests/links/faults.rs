//! A failure at each call of the store.

use pwvault_core::id::RecordKind;
use pwvault_core::model::{Actions, EntryReminder};
use pwvault_core::testing::When;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{LinkOptions, Pages};
use pwvault_core::{EntryPatch, GrantChange, Grantee, RequestContext};

use crate::world::{World, annas, asking, client_id, entry_of, staff_key};

#[test]
fn a_failure_at_any_call_never_gives_a_link_a_view_more() {
    for when in [When::Before, When::After] {
        let mut calls = 0;
        for call in 1.. {
            let world = World::new();
            let anna = world.client("anna");
            let link = anna.create_link(entry_of(&anna), &LinkOptions { views: 2, ..LinkOptions::default() }).unwrap();
            let open = || world.vault.open_link(&link, None, RequestContext::default()).is_ok();
            world.store.fail_call(world.store.calls() + call, when);
            let before = world.store.calls();
            let first = open();
            let struck = world.store.calls() - before >= call;
            let opened = u32::from(first) + (0..3).map(|_| u32::from(open())).sum::<u32>();
            // A view may be lost when the store says that a commit failed which landed.
            assert!(opened == 2 || struck && when == When::After && opened == 1, "{opened} at call {call} {when:?}");
            calls = call;
            if !struck {
                break;
            }
            assert!(!first, "the call failed at {call} {when:?}, and the link opened");
        }
        assert!(calls > 3, "only {calls} calls");
    }
}

#[test]
fn a_failure_at_any_call_never_gives_a_request_a_second_answer() {
    for when in [When::Before, When::After] {
        let mut calls = 0;
        for call in 1.. {
            let world = World::new();
            let root = world.root();
            let (key, _) = staff_key(&root);
            let secret = root.request_credentials(&asking(key, annas())).unwrap();
            let values = ["anna".into(), "s3cret".into(), "0815".into()];
            let answer = || world.vault.fill_request(&secret, &values, RequestContext::default()).is_ok();
            world.store.fail_call(world.store.calls() + call, when);
            let before = world.store.calls();
            let first = answer();
            let struck = world.store.calls() - before >= call;
            let again = answer();
            assert_eq!(world.records(RecordKind::Entry).len(), 1, "at call {call} {when:?}");
            assert!(!(first && again), "answered twice at call {call} {when:?}");
            calls = call;
            if !struck {
                break;
            }
        }
        assert!(calls > 3, "only {calls} calls");
    }
}

#[test]
fn a_failure_at_any_call_leaves_message_and_link_together() {
    let pages = Pages { link: Some("https://panel.example/link".into()), ..Pages::default() };
    for when in [When::Before, When::After] {
        let mut calls = 0;
        for call in 1.. {
            let world = World::with_pages(pages.clone());
            let anna = world.client("anna");
            let entry = entry_of(&anna);
            let grantee = Grantee::Client(client_id("bert"));
            anna.share(entry, &[GrantChange::put(grantee, Actions::VIEW_AND_REVEAL)]).unwrap();
            let reminder = EntryReminder { on_change: Some(true), with_link: true, ..EntryReminder::default() };
            let version = anna.set_reminder(entry, 2, &reminder).unwrap();
            let change = |version, password: &str| {
                let patch = EntryPatch { password: Some(password.into()), ..EntryPatch::default() };
                anna.update_entry(entry, version, &patch)
            };
            let version = change(version, "n3w").unwrap();
            let link = world.records(RecordKind::Link)[0].key;
            let revision = world.records(RecordKind::Entry)[0].revision;
            world.store.fail_call(world.store.calls() + call, when);
            let before = world.store.calls();
            let done = change(version, "n3wer").is_ok();
            let struck = world.store.calls() - before >= call;
            let links = world.records(RecordKind::Link);
            let landed = world.records(RecordKind::Entry)[0].revision > revision;
            assert!(landed || !done);
            assert_eq!(links.len(), 1, "at call {call} {when:?}");
            assert_eq!(links[0].key != link, landed, "at call {call} {when:?}");
            assert_eq!(world.records(RecordKind::Message).len(), 1 + usize::from(landed), "at call {call} {when:?}");
            calls = call;
            if !struck {
                break;
            }
        }
        assert!(calls > 3, "only {calls} calls");
    }
}
