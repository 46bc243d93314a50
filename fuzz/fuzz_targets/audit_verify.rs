//! Any change of a vault's records: verification neither fails nor panics, and reports every change
//! of the log itself, held against the head the host kept.
#![no_main]

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use pwvault_core::audit::{AuditError, VerifyOptions, verify};
use pwvault_core::envelope::Keyring;
use pwvault_core::id::RecordKind;
use pwvault_core::model::KeyProvider;
use pwvault_core::store::Record;
use pwvault_fuzz::{Tampered, kek};

fn events(records: &[Record]) -> Vec<&Record> {
    let mut events: Vec<_> = records.iter().filter(|record| record.key.kind == RecordKind::Event).collect();
    events.sort_by_key(|record| record.key);
    events
}

fn check(u: &mut Unstructured) -> Result<()> {
    let tampered = Tampered::arbitrary(u)?;
    let found = tampered.store.records().clone();
    let keyring_of = |records: &[Record]| {
        let record = records.iter().find(|record| record.key.kind == RecordKind::Keyring)?;
        Keyring::open(record, &kek().keks().ok()?).ok().map(|(keyring, _)| keyring)
    };
    let Some(keyring) = keyring_of(tampered.before) else { unreachable!("the genuine keyring opens") };
    let options = VerifyOptions { heads: tampered.head.shards.clone(), ..VerifyOptions::default() };
    match verify(&*tampered.store, &keyring, &options) {
        Ok(report) => {
            let changed = events(&found) != events(tampered.before);
            assert!(!(changed && report.is_clean()), "{report}");
        }
        Err(AuditError::StaleKeyring) => {}
        Err(error) => panic!("{error}"),
    }
    Ok(())
}

fuzz_target!(|data: &[u8]| {
    let _ = check(&mut Unstructured::new(data));
});
