//! A vault with a history, and what someone can make of it who writes to its database.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use arbitrary::{Result, Unstructured};
use pwvault_core::clock::Timestamp;
use pwvault_core::id::RecordId;
use pwvault_core::model::{Actions, Grantee, KekId};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::*;
use pwvault_core::testing::FixedClock;
use pwvault_core::vault::VaultHead;
use pwvault_core::vault::prelude::*;
use pwvault_core::*;

use crate::PlainStore;

/// The vault's id.
pub const VAULT: VaultId = VaultId::from_bytes([3; 16]);
const ENTRIES: u8 = 4;

/// The vault's KEK.
pub fn kek() -> KekRing {
    KekRing::single(KekId([1; 16]), SecretBytes::new(vec![2; 32]))
}

/// The vault as it was written, once.
struct Genuine {
    records: Vec<Record>,
    /// Every revision of every record that was ever there.
    archive: Vec<Record>,
    head: VaultHead,
    /// Name and password of every entry at every time.
    seen: BTreeSet<(EntryId, String, String)>,
}

/// A copy of the vault after an attack.
#[derive(Debug)]
pub struct Tampered {
    /// Its database.
    pub store: Arc<PlainStore>,
    /// The database before.
    pub before: &'static [Record],
    /// The head the host kept.
    pub head: &'static VaultHead,
    /// Name and password of every entry at every time: all that reading may ever give.
    pub seen: &'static BTreeSet<(EntryId, String, String)>,
}

impl Tampered {
    /// The vault after up to four strokes of an attacker.
    pub fn arbitrary(u: &mut Unstructured) -> Result<Self> {
        static GENUINE: OnceLock<Genuine> = OnceLock::new();
        let genuine = GENUINE.get_or_init(write_history);
        let mut records = genuine.records.clone();
        for _ in 0..u.int_in_range(1..=4)? {
            stroke(u, &mut records, &genuine.archive)?;
        }
        let Genuine { records: before, head, seen, .. } = genuine;
        Ok(Self { store: Arc::new(PlainStore::of(records)), before, head, seen })
    }

    /// The vault, if it still opens.
    pub fn open(&self) -> Option<Vault> {
        VaultBuilder::new(kek()).clock(FixedClock::new(LATER)).open(self.store.clone(), VAULT).ok()
    }
}

fn write_history() -> Genuine {
    let store = Arc::new(PlainStore::default());
    let clock = Arc::new(FixedClock::new(Timestamp::from_millis(1_700_000_000_000)));
    let full = RoleId::new("full").unwrap();
    let builder = VaultBuilder::new(kek()).clock(Arc::clone(&clock)).shards(2);
    let vault = builder.create(store.clone(), VAULT, full).unwrap();
    let mut archive = Vec::new();
    let mut seen = BTreeSet::new();
    for number in 0..ENTRIES {
        let client = ClientId::new((number % 2).to_string()).unwrap();
        let session = vault.session(Principal::client(client), RequestContext::default());
        let (name, first, second) = (format!("entry {number}"), format!("old {number}"), format!("new {number}"));
        let draft = EntryDraft { name: name.clone(), password: first.as_str().into(), ..EntryDraft::default() };
        let id = session.create_entry(&draft).unwrap();
        archive.extend(store.records().clone());
        // Beyond the quarter of an hour after which a checkpoint is made.
        clock.advance(16 * 60 * 1000);
        session.reveal(id).unwrap();
        let patch = EntryPatch { password: Some(second.as_str().into()), ..EntryPatch::default() };
        session.update_entry(id, 1, &patch).unwrap();
        archive.extend(store.records().clone());
        let grantee = Grantee::Role(RoleId::new("sales").unwrap());
        session.share(id, &[GrantChange::put(grantee, Actions::VIEW_AND_REVEAL)]).unwrap();
        seen.extend([(id, name.clone(), first), (id, name, second)]);
    }
    let head = vault.head().unwrap();
    let records = store.records().clone();
    archive.extend(records.clone());
    archive.dedup();
    Genuine { records, archive, head, seen }
}

fn stroke(u: &mut Unstructured, records: &mut Vec<Record>, archive: &[Record]) -> Result<()> {
    if records.is_empty() {
        return Ok(());
    }
    let at = u.choose_index(records.len())?;
    let other = u.choose_index(records.len())?;
    match u.int_in_range(0..=10)? {
        0 => {
            records.remove(at);
        }
        1 => {
            let position = u.choose_index(records[at].body.len().max(1))?;
            let flip = u.int_in_range(1..=255)?;
            records[at].body.iter_mut().skip(position).take(1).for_each(|byte: &mut u8| *byte ^= flip);
        }
        2 => {
            let len = u.choose_index(records[at].body.len().max(1))?;
            records[at].body.truncate(len);
        }
        3 => {
            let more = u.bytes(u.len().min(64))?;
            records[at].body.extend_from_slice(more);
        }
        4 => records[at].revision = u.int_in_range(1..=9)?,
        5 => records[at].body = records[other].body.clone(),
        6 => {
            let (one, two) = (records[at].key, records[other].key);
            records[at].key = two;
            records[other].key = one;
        }
        7 => records[at].labels = records[other].labels.clone(),
        8 => records[other] = Record { key: records[other].key, ..records[at].clone() },
        9 => {
            let id = records[other].key.id.successor().unwrap_or(RecordId::MIN);
            let kind = if u.arbitrary()? { records[at].key.kind } else { records[other].key.kind };
            let copy = Record { key: RecordKey::new(VAULT, kind, id), ..records[at].clone() };
            records.retain(|record| record.key != copy.key);
            records.push(copy);
        }
        _ => {
            let old = u.choose(archive)?.clone();
            records.retain(|record| record.key != old.key);
            records.push(old);
        }
    }
    Ok(())
}

const LATER: Timestamp = Timestamp::from_millis(1_700_100_000_000);
