//! A vault with records of an older format: in these tests, tags that had no version.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::ops::ControlFlow;

use super::{RecordCount, Rotation};
use crate::clock::Timestamp;
use crate::envelope::{Context, EnvelopeError, Purpose, Suite, labels_data, open_record, seal};
use crate::id::{RecordKind, TagId};
use crate::model::{Person, Principal, RequestContext, TagHead};
use crate::store::{ChangeSet, Record};
use crate::testing::memory_vault;
use crate::vault::{Session, Vault, VaultError};

/// Writes a tag whose head has these bytes.
fn write_tag(vault: &Vault, id: TagId, head: &[u8]) {
    let core = &vault.core;
    let ring = core.snapshot().unwrap().keyring;
    let key = core.key(RecordKind::Tag, id);
    let context = Context {
        vault: Some(key.vault),
        kind: Some(key.kind),
        id: Some(key.id.0),
        revision: Some(1),
        epoch: Some(ring.epoch()),
        ..Context::default()
    };
    let extra = labels_data(&[]).unwrap();
    let head = seal(ring.data_key(), Purpose::Head, Suite::Symmetric, &context, &[&extra, &[]], head).unwrap();
    let mut changes = ChangeSet::new();
    changes.write(Record::new(key, 1, Vec::new(), [&ring.epoch().to_be_bytes(), head.as_slice()].concat()));
    core.store.commit(&changes).unwrap();
}

fn tag(name: &str) -> TagHead {
    TagHead { name: name.into(), created_by: Person::System, created_at: Timestamp::default(), version: 1 }
}

/// The head of a tag as format 1 had it.
fn old_head(name: &str) -> Vec<u8> {
    let TagHead { name, created_by, created_at, version: _ } = tag(name);
    postcard::to_allocvec(&(1_u8, name, created_by, created_at)).unwrap()
}

fn read(vault: &Vault, id: TagId) -> Result<(u64, TagHead), EnvelopeError> {
    let core = &vault.core;
    let record = core.load(core.key(RecordKind::Tag, id)).unwrap().unwrap();
    let ring = core.snapshot().unwrap().keyring;
    open_record(&ring, RecordKind::Tag, &record).map(|opened| (record.revision, opened.head))
}

fn system(vault: &Vault) -> Session {
    vault.session(Principal::system(), RequestContext::default())
}

#[test]
fn records_of_an_older_schema_are_read_and_brought_up_to_date() {
    let vault = memory_vault().unwrap();
    let ids: Vec<_> = (0..250_u8).map(|number| TagId::from_bytes([number; 16])).collect();
    for id in &ids {
        write_tag(&vault, *id, &old_head("old"));
    }
    assert_eq!(read(&vault, ids[7]).unwrap(), (1, tag("old")), "an older head is read as it would be today");
    let job = system(&vault);
    assert_eq!(job.rotation_status().unwrap().under_old_keys, [RecordCount { kind: RecordKind::Tag, count: 250 }]);

    // Cut off after the first batch, and run again.
    let cut = job.reseal_records(&mut |_| ControlFlow::Break(())).unwrap();
    assert!(!cut.finished);
    let done = job.reseal_records(&mut |_| ControlFlow::Continue(())).unwrap();
    assert!(done.finished && done.damaged.is_empty());
    assert_eq!(cut.resealed + done.resealed, 250, "each record once");
    assert!(job.rotation_status().unwrap().under_old_keys.is_empty());
    for id in ids {
        assert_eq!(read(&vault, id).unwrap(), (2, tag("old")));
    }
}

#[test]
fn records_of_a_newer_library_are_refused_by_name() {
    let vault = memory_vault().unwrap();
    let id = TagId::from_bytes([1; 16]);
    write_tag(&vault, id, &[3, 0]);
    let newer = EnvelopeError::NewerFormat { found: 3, supported: 2 };
    assert_eq!(read(&vault, id).unwrap_err(), newer);
    let refused = system(&vault).rotation_status().unwrap_err();
    assert!(matches!(&refused, VaultError::Envelope(cause) if *cause == newer), "{refused}");
}
