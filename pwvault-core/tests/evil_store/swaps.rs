//! Row 2: ciphertexts swapped between entries, owners, kinds, vaults and KEKs.

use pwvault_core::VaultId;
use pwvault_core::envelope::{SecretBinding, open_vault};
use pwvault_core::id::RecordKind;
use pwvault_core::store::Record;
use pwvault_core::vault::prelude::*;

use crate::evil::{Furnished, Ledger, Site, envelopes, head_and_rest, is_refusal};

#[test]
fn swapped_ciphertexts_do_not_open() {
    let mut ledger = Ledger::default();
    let home = Furnished::new(Site::new(), 50);
    let same_kek = Furnished::new(Site::in_store(home.site.store.clone(), VaultId::from_bytes([4; 16]), 2), 20);
    let other_kek = Furnished::new(Site::in_store(home.site.store.clone(), VaultId::from_bytes([5; 16]), 9), 20);

    let targets = home.site.records();
    targets.iter().for_each(|target| home.open(target.key).unwrap());
    for (name, sources) in [
        ("one vault", targets.clone()),
        ("the same KEK", same_kek.site.records()),
        ("another KEK", other_kek.site.records()),
    ] {
        let (mut made, mut refused) = (0, 0);
        for target in &targets {
            for source in sources.iter().filter(|source| source.body != target.body) {
                // The body alone, and with it everything a writer of the database can move.
                let body_alone = Record { body: source.body.clone(), ..target.clone() };
                for swapped in [body_alone, Record { key: target.key, ..source.clone() }] {
                    made += 1;
                    refused += u64::from(refuses(&home, target, swapped));
                }
            }
        }
        ledger.enter("2", &format!("whole bodies within or from {name}"), made, refused);
    }
    swap_parts(&home, &mut ledger);
    swap_secrets(&home, &mut ledger);
    targets.iter().for_each(|target| home.open(target.key).unwrap());
}

/// Every ordered pair of the envelopes that lie in entries: heads, secrets and wraps.
fn swap_parts(home: &Furnished, ledger: &mut Ledger) {
    let entries: Vec<_> =
        home.site.records().into_iter().filter(|record| record.key.kind == RecordKind::Entry).collect();
    let parts: Vec<_> = entries
        .iter()
        .flat_map(|entry| {
            let head = envelopes(&entry.body)[0].clone();
            let (_, rest) = head_and_rest(entry);
            let inner = envelopes(rest).into_iter().map(move |range| head.end + range.start..head.end + range.end);
            std::iter::once(envelopes(&entry.body)[0].clone()).chain(inner).map(move |range| (entry, range))
        })
        .collect();
    let (mut made, mut refused) = (0, 0);
    for (target, place) in &parts {
        for (source, from) in &parts {
            if (target.key, place) == (source.key, from) {
                continue;
            }
            let mut body = target.body.clone();
            body.splice(place.clone(), source.body[from.clone()].iter().copied());
            made += 1;
            refused += u64::from(refuses(home, target, Record { body, ..(*target).clone() }));
        }
    }
    ledger.enter("2", &format!("{} heads, secrets and wraps of entries with each other", parts.len()), made, refused);
}

/// Past the head: a secret opens neither for another entry nor at another revision, even for who has
/// the data key.
fn swap_secrets(home: &Furnished, ledger: &mut Ledger) {
    let keyring = home.site.keyring();
    let binding = |entry, revision| SecretBinding { vault: home.site.id, entry, revision };
    let (mut made, mut refused) = (0, 0);
    let open: Vec<(_, _, Vec<u8>)> = home
        .entries
        .iter()
        .filter_map(|(id, owner)| {
            let head = home.unlocked(owner).entry(*id).unwrap().head;
            let record = home.site.store.get(home.site.key(RecordKind::Entry, *id)).unwrap();
            let rest = head_and_rest(&record).1.to_vec();
            (!head.is_locked()).then_some((*id, head.secret.revision, rest))
        })
        .collect();
    for (id, revision, rest) in &open {
        open_vault(&keyring, binding(*id, *revision), rest).unwrap();
        for (other, at, _) in &open {
            for at in [*at, at + 1, at - 1] {
                if (other, at) != (id, *revision) {
                    made += 1;
                    refused += u64::from(open_vault(&keyring, binding(*other, at), rest).is_err());
                }
            }
        }
    }
    ledger.enter("2", "secrets under the data key, for another entry or revision", made, refused);
}

fn refuses(home: &Furnished, target: &Record, swapped: Record) -> bool {
    let store = &home.site.store;
    store.put(swapped);
    let opened = home.open(target.key);
    store.put(target.clone());
    match opened {
        Ok(()) => panic!("{} opened", target.key),
        Err(error) => {
            assert!(is_refusal(&error), "{}: {error:?}", target.key);
            true
        }
    }
}
