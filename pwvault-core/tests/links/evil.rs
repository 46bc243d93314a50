//! A database in the hands of someone who can write to it: records of links and requests in the
//! places of others.

use pwvault_core::id::RecordKind;
use pwvault_core::store::{ChangeSet, Record, Store};
use pwvault_core::vault::LinkOptions;
use pwvault_core::vault::prelude::*;
use pwvault_core::{RequestContext, SecretString, VaultError};

use crate::world::{World, annas, asking, entry_of, staff_key};

/// Puts a record where another lies, at its first revision.
fn replace(world: &World, old: &Record, new: Record) {
    let store = world.store.inner();
    let mut changes = ChangeSet::new();
    changes.delete(old.key, old.revision);
    store.commit(&changes).unwrap();
    let mut changes = ChangeSet::new();
    changes.write(new);
    store.commit(&changes).unwrap();
}

/// Every way in which one record of a kind can take the place of another.
fn mixed(target: &Record, source: &Record) -> [Record; 3] {
    // Head and rest lie behind each other; the rest is what differs in length here.
    let cut = target.body.len().min(source.body.len()) / 2;
    let grafted = [&target.body[..cut], &source.body[cut..]].concat();
    [
        Record { body: source.body.clone(), ..target.clone() },
        Record { key: target.key, ..source.clone() },
        Record { body: grafted, ..target.clone() },
    ]
}

fn is_tampered<T>(result: Result<T, VaultError>) -> bool {
    matches!(result, Err(VaultError::Tampered { .. }))
}

#[test]
fn links_and_requests_do_not_open_in_the_place_of_others() {
    for kind in [RecordKind::Link, RecordKind::CredentialRequest] {
        for way in 0..3 {
            let world = World::new();
            let (anna, root) = (world.client("anna"), world.root());
            let (many, passphrase) =
                (LinkOptions { views: 100, ..LinkOptions::default() }, SecretString::from("herons"));
            let guarded = LinkOptions { passphrase: Some(passphrase), ..LinkOptions::default() };
            let links = [many, guarded].map(|options| anna.create_link(entry_of(&anna), &options).unwrap());
            let (key, _) = staff_key(&root);
            let requests = [(); 2].map(|()| root.request_credentials(&asking(key, annas())).unwrap());
            let open = |at: usize| {
                let link = world.vault.open_link(&links[at], Some(&"herons".into()), RequestContext::default());
                link.map(drop)
            };
            let answer = |at: usize| {
                let values = ["anna".into(), "s3cret".into(), "0815".into()];
                world.vault.fill_request(&requests[at], &values, RequestContext::default()).map(drop)
            };
            let records = world.records(kind);
            let before = world.records(RecordKind::Entry).len();
            for (target, source) in [(0, 1), (1, 0)] {
                replace(&world, &records[target], mixed(&records[target], &records[source])[way].clone());
            }
            for at in 0..2 {
                let (tampered, sound) = match kind {
                    RecordKind::Link => (open(at), answer(at)),
                    _ => (answer(at), open(at)),
                };
                assert!(is_tampered(tampered), "{kind:?} {way}");
                sound.unwrap();
            }
            let answers = if kind == RecordKind::Link { 2 } else { 0 };
            assert_eq!(world.records(RecordKind::Entry).len(), before + answers);
        }
    }
}
