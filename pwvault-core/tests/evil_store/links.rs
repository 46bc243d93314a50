//! A link that is made while the entry is locked: whichever comes first, none goes on without the lock.

use std::sync::mpsc;

use pwvault_core::VaultError;
use pwvault_core::vault::LinkOptions;
use pwvault_core::vault::prelude::*;

use crate::evil::Site;
use crate::locked;

#[test]
fn a_link_made_at_any_moment_of_a_lock_ends_with_it() {
    let site = Site::new();
    let anna = site.client("anna");
    let entry = anna.create_entry(&locked::draft("s3cret")).unwrap();
    let key = locked::public_only(&anna);
    let begin = site.store.dump();
    let mut made = 0;
    for call in 0.. {
        site.store.restore(begin.clone());
        let (locking, linking) = (site.reopened(), site.reopened());
        let (told, links) = mpsc::channel();
        site.store.interrupt(call, move || {
            told.send(linking.client("anna").create_link(entry, &LinkOptions::default())).unwrap();
        });
        locking.client("anna").attach_keys(entry, 1, &[key]).unwrap();
        if site.store.disarm() {
            break;
        }
        match links.try_recv().unwrap() {
            Ok(link) => {
                made += 1;
                let left = site.reopened().vault.link_info(&link);
                assert!(matches!(left, Err(VaultError::NotFound)), "call {call}: {left:?}");
            }
            Err(error) => assert!(matches!(error, VaultError::Locked(_)), "call {call}: {error}"),
        }
    }
    assert!(made > 3, "{made} links were made in time");
}
