//! Row 7: rows, policy, keyring, log and the whole store taken back; rows hidden and resurrected.
//! Says of each what finds it, and what nothing finds.

use pwvault_core::audit::{AuditError, Finding, VerifyOptions, VerifyReport};
use pwvault_core::envelope::Keyring;
use pwvault_core::id::RecordKind;
use pwvault_core::model::{AccessMode, Grantee};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::RecordKey;
use pwvault_core::vault::VaultHead;
use pwvault_core::vault::prelude::*;
use pwvault_core::{VaultError, vault::UnlockAnswer};

use crate::evil::{Furnished, Ledger, Site};
use crate::locked::client;

const LOGGED: [RecordKind; 4] = [RecordKind::Entry, RecordKind::PastSecret, RecordKind::Key, RecordKind::Mirror];

fn verify(site: &Site, options: &VerifyOptions) -> VerifyReport {
    site.root().verify_log(options).unwrap()
}

fn finds(site: &Site, wanted: impl Fn(&Finding) -> bool) -> bool {
    verify(site, &VerifyOptions::default()).findings.iter().any(wanted)
}

fn open_at_least(site: &Site, head: &VaultHead) -> Result<(), VaultError> {
    site.builder().open_at_least(site.store.clone(), site.id, head).map(drop)
}

/// Closes the vault to staff, so that the policy has an older revision.
fn change_settings(site: &Site) {
    let (mut settings, revision) = site.root().settings().unwrap();
    settings.access_mode = AccessMode::default();
    site.root().update_settings(&settings, revision).unwrap();
}

#[test]
fn rows_taken_back_hidden_or_resurrected() {
    let mut ledger = Ledger::default();
    let home = Furnished::new(Site::new(), 24);
    let site = &home.site;
    assert!(verify(site, &VerifyOptions::default()).is_clean());
    let records: Vec<_> = site.records().into_iter().filter(|record| LOGGED.contains(&record.key.kind)).collect();

    let (mut made, mut found) = (0, 0);
    for record in &records {
        for old in site.store.versions(record.key).into_iter().filter(|old| old.revision < record.revision) {
            let revision = old.revision;
            site.store.put(old);
            // Genuine once, and so it opens.
            home.open(record.key).unwrap();
            made += 1;
            found += u64::from(finds(
                site,
                |finding| matches!(finding, Finding::RolledBack { key, stored, .. } if (*key, *stored) == (record.key, revision)),
            ));
            site.store.put(record.clone());
        }
    }
    ledger.enter("7", "rows taken back to an older version: they open, and verify finds them", made, found);

    let (mut made, mut found) = (0, 0);
    for record in &records {
        site.store.remove(record.key);
        made += 1;
        found += u64::from(finds(site, |finding| matches!(finding, Finding::Hidden { key, .. } if *key == record.key)));
        site.store.put(record.clone());
    }
    ledger.enter("7", "rows hidden: verify finds them", made, found);

    let (mut made, mut found) = (0, 0);
    for owner in ["bert", "carl"] {
        let ids: Vec<_> = home.entries.iter().filter(|(_, of)| *of == owner).map(|(id, _)| *id).collect();
        let keys: Vec<RecordKey> = ids.iter().map(|id| site.key(RecordKind::Entry, *id)).collect();
        let session = site.client(owner);
        let alive: Vec<_> = keys.iter().map(|key| site.store.get(*key).unwrap()).collect();
        session.trash_entries(&ids).unwrap();
        session.purge_entries(&ids).unwrap();
        for record in alive {
            site.store.put(record.clone());
            session.entry(pwvault_core::EntryId::from_bytes(record.key.id.0)).unwrap();
            made += 1;
            found +=
                u64::from(finds(site, |one| matches!(one, Finding::Resurrected { key, .. } if *key == record.key)));
            site.store.remove(record.key);
        }
    }
    ledger.enter("7", "purged rows resurrected: they open, and verify finds them", made, found);
    assert!(verify(site, &VerifyOptions::default()).is_clean());
}

#[test]
fn policy_and_keyring_taken_back() {
    let mut ledger = Ledger::default();
    let (mut made, mut refused, mut running) = (0, 0, 0);
    for which in ["policy", "keyring"] {
        let home = Furnished::new(Site::new(), 6);
        let site = &home.site;
        let key = if which == "policy" { site.policy_key() } else { Keyring::record_key(site.id) };
        let old = site.store.get(key).unwrap();
        if which == "policy" {
            change_settings(site);
        } else {
            // As a change of the KEK writes it.
            site.store.put(site.keyring().next_epoch().unwrap().seal(&site.kek()).unwrap());
        }
        site.client("anna").reveal(home.entries[0].0).unwrap();
        let head = site.vault.head().unwrap();
        open_at_least(site, &head).unwrap();

        site.store.put(old);
        made += 1;
        refused += u64::from(matches!(open_at_least(site, &head), Err(VaultError::RolledBack { .. })));
        let session = site.client("anna").entry(home.entries[0].0);
        running += u64::from(matches!(session, Err(VaultError::RolledBack { .. })));
        if which == "policy" {
            let fresh = site.reopened();
            assert!(finds(
                &fresh,
                |finding| matches!(finding, Finding::RolledBack { key: found, .. } if *found == key)
            ));
        }
        site.store.remove(key);
        made += 1;
        refused += u64::from(matches!(open_at_least(site, &head), Err(VaultError::NoVault(_) | VaultError::NoPolicy)));
        running += u64::from(site.client("anna").entry(home.entries[0].0).is_err());
    }
    ledger.enter("7", "policy or keyring older than the host's head, or gone: open", made, refused);
    ledger.enter("7", "policy or keyring older than the process saw, or gone: a running vault", made, running);
}

#[test]
fn the_whole_store_taken_back() {
    let mut ledger = Ledger::default();
    let home = Furnished::new(Site::new(), 6);
    let site = &home.site;
    let grantee = Grantee::Client(client("carl"));
    let entry = home.entries[1].0;
    let put = GrantChange::put(grantee.clone(), pwvault_core::model::Actions::VIEW_AND_REVEAL);
    site.client("bert").share(entry, &[put]).unwrap();
    let shared = site.store.dump();
    site.client("bert").share(entry, &[GrantChange::Remove { grantee }]).unwrap();
    assert!(site.client("carl").reveal(entry).is_err());
    let head = site.vault.head().unwrap();
    site.clock.0.advance(pwvault_core::audit::CHECKPOINT_MILLIS);
    site.client("bert").reveal(entry).unwrap();
    let checkpoints = site.root().log_checkpoints(0, 0).unwrap();
    let options = VerifyOptions {
        checkpoints: checkpoints.into_iter().map(|checkpoint| checkpoint.text).collect(),
        ..VerifyOptions::default()
    };

    site.store.restore(shared);
    // A process that knew better writes nothing on it.
    let running = site.client("carl").reveal(entry);
    let stops = matches!(running, Err(VaultError::Audit(AuditError::Truncated { .. })));
    ledger.enter("7", "the whole store taken back under a running vault that wrote since", 1, u64::from(stops));
    let opened = open_at_least(site, &head);
    let refused = matches!(opened, Err(VaultError::Audit(AuditError::Truncated { .. })));
    ledger.enter("7", "the same, opened with the host's head", 1, u64::from(refused));
    let fresh = site.reopened();
    let report = verify(&fresh, &options);
    let found = report.findings.iter().any(|finding| matches!(finding, Finding::Truncated { .. }));
    ledger.enter("7", "the same, verified with an exported checkpoint", 1, u64::from(found));

    // Without anything kept outside nobody can tell, and the grant is back.
    fresh.client("carl").reveal(entry).unwrap();
    assert!(verify(&fresh, &VerifyOptions::default()).is_clean());
    ledger.note("7", "the whole store taken back, nothing kept outside: not seen by anyone");
}

#[test]
fn a_ticket_taken_back_ends_all_the_same() {
    let mut ledger = Ledger::default();
    let home = Furnished::new(Site::new(), 12);
    let site = &home.site;
    let anna = site.client("anna");
    let answer = UnlockAnswer::Passphrase { key: home.keys[0], passphrase: "open sesame".into() };
    let ticket = anna.unlock(&answer).unwrap();
    let open = site.store.dump();
    anna.lock(&ticket).unwrap();
    let holder = site.client("anna").with_ticket(ticket);
    assert!(matches!(holder.reveal(home.guarded), Err(VaultError::Locked(_))));
    for (key, record) in open.iter().filter(|(key, _)| key.kind == RecordKind::Ticket) {
        if site.store.get(*key).is_none() {
            site.store.put(record.clone());
        }
    }
    holder.reveal(home.guarded).unwrap();
    assert!(verify(site, &VerifyOptions::default()).is_clean());
    ledger.note("7", "an ended ticket resurrected: opens for who still holds it, until it would have ended by itself");
    site.clock.0.advance(8 * 60 * 60 * 1000);
    let ended = matches!(holder.reveal(home.guarded), Err(VaultError::Locked(_)));
    ledger.enter("7", "a resurrected ticket after eight hours", 1, u64::from(ended));
}
