//! Queues as ranges of record ids: an id begins with the time at which its record is wanted, so a
//! scan up to now is the queue, and moving a record to a later time takes it out for a while. Owns
//! the ids of due records and messages; knows nothing of what they hold.

use crate::clock::Timestamp;
use crate::id::{IdError, MessageId, RecordId, RecordKind};
use crate::store::Query;

use super::core::Core;

/// The id of a record wanted at `at`; `tail` tells it from others of that millisecond.
pub(super) fn queue_id(at: Timestamp, tail: [u8; 10]) -> RecordId {
    let millis = u64::try_from(at.as_millis()).unwrap_or(0).min(LATEST);
    with_time(millis, tail)
}

/// The id of a record that is wanted at no time.
pub(super) fn set_aside_id(tail: [u8; 10]) -> RecordId {
    with_time(ASIDE, tail)
}

/// When a record of a queue is wanted.
pub(super) fn time_of(id: RecordId) -> Timestamp {
    let millis = u128::from_be_bytes(id.0) >> 80;
    Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

/// The part of a message's id that no two messages share.
pub(super) fn tail_of(id: MessageId) -> [u8; 10] {
    let [_, _, _, _, _, _, tail @ ..] = id.to_bytes();
    tail
}

/// A tail that no other record has.
pub(super) fn fresh_tail() -> Result<[u8; 10], IdError> {
    MessageId::generate(Timestamp::from_millis(0)).map(tail_of)
}

/// The records of a kind that are wanted by `now`, the longest waiting first.
pub(super) fn due(core: &Core, kind: RecordKind, now: Timestamp, limit: u32) -> Query {
    Query { to: Some(queue_id(now.plus_millis(1), [0; 10])), limit: limit.max(1), ..Query::new(core.id, kind) }
}

/// The records of a kind that wait for their time, then those set aside.
pub(super) fn waiting_and_aside(core: &Core, kind: RecordKind) -> [Query; 2] {
    let aside = set_aside_id([0; 10]);
    let all = Query::new(core.id, kind);
    [Query { to: Some(aside), ..all.clone() }, Query { from: Some(aside), ..all }]
}

fn with_time(millis: u64, tail: [u8; 10]) -> RecordId {
    let mut id = [0; 16];
    let [_, _, time @ ..] = millis.to_be_bytes();
    id.iter_mut().zip(time.into_iter().chain(tail)).for_each(|(to, from)| *to = from);
    RecordId(id)
}

/// The time of what is set aside, behind every other.
const ASIDE: u64 = (1 << 48) - 1;
const LATEST: u64 = ASIDE - 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_give_it_back() {
        let at = |millis| queue_id(Timestamp::from_millis(millis), [0xff; 10]);
        assert!(at(1) < at(2) && at(2) < queue_id(Timestamp::from_millis(3), [0; 10]));
        assert_eq!(time_of(at(1_800_000_000_000)).as_millis(), 1_800_000_000_000);
        assert_eq!(time_of(at(-5)).as_millis(), 0);
        assert!(at(i64::MAX) < set_aside_id([0; 10]));
    }
}
