//! A host's own database. The core holds every page against its query
//! ([`CheckedStore`](pwvault_core::store::CheckedStore)); here stands what a single answer must be.

use std::sync::Arc;

use pwvault_core::id::{RecordId, RecordKind, VaultId};
use pwvault_core::store::{
    ChangeSet, Expect, Label, Order, Page, Query, REVISION_MAX, Record, RecordKey, Rows, Store, StoreError, StoreInfo,
    Want, Write,
};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Host;
use super::asking::{Nothing, Payload, Payloads, Refusal, ask, present};

/// Asks a host for records.
pub(crate) struct HostStore(pub(super) Arc<dyn Host>);

impl Store for HostStore {
    fn load(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        #[derive(Serialize)]
        struct Question {
            keys: Vec<Key>,
        }
        #[derive(Deserialize)]
        struct Answer {
            records: Vec<Option<Stored>>,
        }
        let question = Question { keys: keys.iter().map(Key::from).collect() };
        let read = |answer: Answer, payloads: &mut Payloads| {
            answer.records.into_iter().map(|record| record.map(|record| record.read(payloads)).transpose()).collect()
        };
        ask(&self.0, "store.load", &question, Payloads::default(), read).map_err(failed)
    }

    fn scan(&self, query: &Query) -> Result<Page, StoreError> {
        #[derive(Deserialize)]
        struct Answer {
            rows: Found,
            #[serde(deserialize_with = "present")]
            next: Option<Hex>,
        }
        query.check()?;
        let read = |answer: Answer, payloads: &mut Payloads| {
            let rows =
                match answer.rows {
                    Found::Keys(keys) => Rows::Keys(
                        keys.into_iter()
                            .map(|(key, revision)| Ok((key.read()?, checked(revision)?)))
                            .collect::<Result<_, &'static str>>()?,
                    ),
                    Found::Records(records) => Rows::Records(
                        records.into_iter().map(|record| record.read(payloads)).collect::<Result<_, _>>()?,
                    ),
                    Found::Count(count) => Rows::Count(count),
                };
            Ok(Page { rows, next: answer.next.map(|Hex(id)| RecordId(id)) })
        };
        ask(&self.0, "store.scan", &Asked::of(query), Payloads::default(), read).map_err(failed)
    }

    fn commit(&self, changes: &ChangeSet) -> Result<(), StoreError> {
        #[derive(Deserialize)]
        struct Answer {
            committed: bool,
        }
        changes.check()?;
        let mut payloads = Payloads::default();
        let question = Committed { changes: Changes::of(changes, &mut payloads) };
        let read = |answer: Answer, _: &mut Payloads| {
            if answer.committed { Ok(()) } else { Err("it does not say that the changes are committed") }
        };
        ask(&self.0, "store.commit", &question, payloads, read).map_err(|refusal| {
            let key = if refusal.name == "conflict" { conflict(&refusal, changes) } else { None };
            key.map_or_else(|| failed(refusal), StoreError::Conflict)
        })
    }

    fn info(&self) -> Result<StoreInfo, StoreError> {
        #[derive(Deserialize)]
        struct Answer {
            backend: String,
            schema: u32,
            durable: bool,
            parallel_commits: bool,
        }
        let read = |Answer { backend, schema, durable, parallel_commits }: Answer, _: &mut Payloads| {
            if backend.is_empty() || backend.len() > BACKEND_MAX || schema == 0 {
                return Err("a backend has a name of up to 200 bytes, and a schema from 1 on");
            }
            Ok(StoreInfo { backend, schema, durable, parallel_commits })
        };
        ask(&self.0, "store.info", &Nothing {}, Payloads::default(), read).map_err(failed)
    }
}

fn failed(refusal: Refusal) -> StoreError {
    match refusal.name.as_str() {
        "busy" => StoreError::Busy,
        "read_only" => StoreError::ReadOnly,
        "full" => StoreError::Full,
        "damaged" => StoreError::damaged(refusal),
        _ => StoreError::backend(refusal),
    }
}

/// The record that a host names as in conflict, if the change set is about it.
fn conflict(refusal: &Refusal, changes: &ChangeSet) -> Option<RecordKey> {
    #[derive(Deserialize)]
    struct Detail {
        key: Key,
    }
    let detail: Detail = serde_json::from_str(&refusal.detail).ok()?;
    let key = detail.key.read().ok()?;
    let ChangeSet { writes, deletes, asserts } = changes;
    let among = writes.iter().any(|write| write.record.key == key)
        || deletes.iter().any(|(deleted, _)| *deleted == key)
        || asserts.iter().any(|(asserted, _)| *asserted == key);
    among.then_some(key)
}

/// Revisions count from 1 and fit a signed integer.
fn checked(revision: u64) -> Result<u64, &'static str> {
    if (1..=REVISION_MAX).contains(&revision) { Ok(revision) } else { Err("a revision is from 1 to 2^63 - 1") }
}

/// 16 bytes as 32 hexadecimal digits in lower case.
#[derive(Clone, Copy)]
struct Hex([u8; 16]);

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&RecordId(self.0))
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let digits = text.len() == 32 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
        let number = u128::from_str_radix(&text, 16).ok().filter(|_| digits);
        let number = number.ok_or_else(|| D::Error::custom("expected 32 hexadecimal digits in lower case"))?;
        Ok(Self(number.to_be_bytes()))
    }
}

#[derive(Serialize, Deserialize)]
struct Key {
    vault: VaultId,
    kind: u8,
    id: Hex,
}

impl Key {
    fn read(self) -> Result<RecordKey, &'static str> {
        let kind = RecordKind::from_number(self.kind).ok_or("there is no kind of records of this number")?;
        Ok(RecordKey { vault: self.vault, kind, id: RecordId(self.id.0) })
    }
}

impl From<&RecordKey> for Key {
    fn from(&RecordKey { vault, kind, id }: &RecordKey) -> Self {
        Self { vault, kind: kind.number(), id: Hex(id.0) }
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    key: Key,
    revision: u64,
    labels: Vec<Hex>,
    body: Payload,
}

impl Stored {
    fn of(record: &Record, payloads: &mut Payloads) -> Self {
        let Record { key, revision, labels, body } = record;
        let labels = labels.iter().map(|label| Hex(label.0)).collect();
        Self { key: key.into(), revision: *revision, labels, body: payloads.put(body.clone()) }
    }

    fn read(self, payloads: &mut Payloads) -> Result<Record, &'static str> {
        let labels: Vec<Label> = self.labels.into_iter().map(|Hex(label)| Label(label)).collect();
        if !labels.is_sorted_by(|a, b| a < b) {
            return Err("labels are sorted and distinct");
        }
        let body = payloads.take(self.body)?;
        Ok(Record { key: self.key.read()?, revision: checked(self.revision)?, labels, body })
    }
}

#[derive(Serialize)]
struct Asked {
    query: Questions,
}

#[derive(Serialize)]
struct Questions {
    vault: VaultId,
    kind: u8,
    labels: Vec<Vec<Hex>>,
    from: Option<Hex>,
    to: Option<Hex>,
    order: &'static str,
    limit: u32,
    cursor: Option<Hex>,
    want: &'static str,
}

impl Asked {
    fn of(query: &Query) -> Self {
        let Query { vault, kind, labels, from, to, order, limit, cursor, want } = query;
        let hex = |id: &Option<RecordId>| id.map(|id| Hex(id.0));
        let order = match order {
            Order::Ascending => "ascending",
            Order::Descending => "descending",
        };
        let want = match want {
            Want::Keys => "keys",
            Want::Records => "records",
            Want::Count => "count",
        };
        let labels = labels.iter().map(|group| group.iter().map(|label| Hex(label.0)).collect()).collect();
        let query = Questions {
            vault: *vault,
            kind: kind.number(),
            labels,
            from: hex(from),
            to: hex(to),
            order,
            limit: *limit,
            cursor: hex(cursor),
            want,
        };
        Self { query }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Found {
    Keys(Vec<(Key, u64)>),
    Records(Vec<Stored>),
    Count(u64),
}

#[derive(Serialize)]
struct Committed {
    changes: Changes,
}

#[derive(Serialize)]
struct Changes {
    writes: Vec<Written>,
    deletes: Vec<(Key, u64)>,
    asserts: Vec<(Key, Expected)>,
}

#[derive(Serialize)]
struct Written {
    record: Stored,
    expect: Expected,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Expected {
    Absent,
    Revision(u64),
}

impl From<Expect> for Expected {
    fn from(expect: Expect) -> Self {
        match expect {
            Expect::Absent => Self::Absent,
            Expect::Revision(revision) => Self::Revision(revision),
        }
    }
}

impl Changes {
    fn of(changes: &ChangeSet, payloads: &mut Payloads) -> Self {
        let ChangeSet { writes, deletes, asserts } = changes;
        let written = |Write { record, expect }: &Write| Written {
            record: Stored::of(record, payloads),
            expect: (*expect).into(),
        };
        Self {
            writes: writes.iter().map(written).collect(),
            deletes: deletes.iter().map(|(key, revision)| (key.into(), *revision)).collect(),
            asserts: asserts.iter().map(|(key, expect)| (key.into(), (*expect).into())).collect(),
        }
    }
}

const BACKEND_MAX: usize = 200;
