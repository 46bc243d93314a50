//! Every bit of everything a vault has stored, flipped one at a time: nothing opens, nothing panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod evil;
mod locked;

use std::collections::BTreeMap;

use evil::{Furnished, Ledger, Site, head_and_rest, is_refusal};
use pwvault_core::crypto::{PrivateKey, default_provider};
use pwvault_core::envelope::{Context, SecretBinding, open_locked, open_password_wrap, open_vault};
use pwvault_core::id::RecordKind;
use pwvault_core::store::{Label, Record};
use pwvault_core::vault::prelude::*;

/// With the two of the master password, twenty.
const ENTRIES: usize = 18;

#[test]
fn no_record_opens_with_a_bit_flipped() {
    let mut ledger = Ledger::default();
    let home = Furnished::new(Site::new(), ENTRIES);
    let mut counts: BTreeMap<RecordKind, [u64; 3]> = BTreeMap::new();
    for record in home.site.records() {
        home.open(record.key).unwrap();
        let counts = counts.entry(record.key.kind).or_default();
        for bit in 0..record.body.len() * 8 {
            let mut body = record.body.clone();
            body[bit / 8] ^= 1 << (bit % 8);
            refuse(&home, &record, Record { body, ..record.clone() });
            counts[0] += 1;
        }
        for at in 0..record.labels.len() {
            for bit in 0..128 {
                let mut labels = record.labels.clone();
                let Label(bytes) = &mut labels[at];
                bytes[bit / 8] ^= 1 << (bit % 8);
                labels.sort_unstable();
                refuse(&home, &record, Record { labels, ..record.clone() });
                counts[1] += 1;
            }
        }
        for bit in 0..64 {
            refuse(&home, &record, Record { revision: record.revision ^ 1 << bit, ..record.clone() });
            counts[2] += 1;
        }
    }
    for (kind, [body, labels, revision]) in counts {
        let made = body + labels + revision;
        let parts = format!("bits of {kind:?} records ({body} of bodies, {labels} of labels, {revision} of revisions)");
        ledger.enter("bit", &parts, made, made);
    }
}

fn refuse(home: &Furnished, record: &Record, flipped: Record) {
    home.site.store.put(flipped);
    let opened = home.open(record.key);
    home.site.store.put(record.clone());
    match opened {
        Ok(()) => panic!("{} opened", record.key),
        Err(error) => assert!(is_refusal(&error), "{}: {error:?}", record.key),
    }
}

/// Behind the head that would refuse them first, secrets and wraps refuse by themselves.
#[test]
fn no_secret_or_wrap_opens_with_a_bit_flipped() {
    let mut ledger = Ledger::default();
    let home = Furnished::new(Site::new(), ENTRIES);
    let keyring = home.site.keyring();
    let provider = default_provider();
    let private = PrivateKey::from_pem(locked::X25519, None).unwrap();
    let (mut secrets, mut wraps) = (0, 0);
    for (id, owner) in &home.entries {
        let head = home.unlocked(owner).entry(*id).unwrap().head;
        let record = home.site.store.get(home.site.key(RecordKind::Entry, *id)).unwrap();
        let (_, rest) = head_and_rest(&record);
        let binding = SecretBinding { vault: home.site.id, entry: *id, revision: head.secret.revision };
        let open = |rest: &[u8]| {
            if head.is_locked() {
                let recipient = home.keys[0].to_bytes();
                open_locked(&keyring, provider.as_ref(), binding, rest, recipient, &private).map(drop)
            } else {
                open_vault(&keyring, binding, rest).map(drop)
            }
        };
        if head.is_locked() && *id != home.guarded {
            continue;
        }
        open(rest).unwrap();
        for bit in 0..rest.len() * 8 {
            let mut flipped = rest.to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            open(&flipped).expect_err("a flipped bit in a secret");
            secrets += 1;
        }
    }
    let record = home.site.store.get(home.site.key(RecordKind::Key, home.keys[0])).unwrap();
    let (_, wrap) = head_and_rest(&record);
    let context = Context {
        vault: Some(home.site.id),
        kind: Some(RecordKind::Key),
        id: Some(home.keys[0].to_bytes()),
        field: Some("private key"),
        ..Context::default()
    };
    let open = |wrap: &[u8]| open_password_wrap(&keyring, &context, evil::PASSPHRASE.as_bytes(), wrap).map(drop);
    open(wrap).unwrap();
    for bit in 0..wrap.len() * 8 {
        let mut flipped = wrap.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        open(&flipped).expect_err("a flipped bit in a password wrap");
        wraps += 1;
    }
    ledger.enter("bit", "bits of secrets and key wraps, past the head", secrets, secrets);
    ledger.enter("bit", "bits of a password wrap, past the head", wraps, wraps);
}
