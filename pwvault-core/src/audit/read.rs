//! Reading the log: pages of events, the shards merged by time.

use std::ops::Range;

use serde::Serialize;

use super::error::AuditError;
use super::leaf::{is_newer, open_event, position_of};
use super::pages::Pages;
use super::shard::{Position, check_shard, record_id, shard_query};
use super::tombstone::{Block, Remains, Removal};
use crate::clock::Timestamp;
use crate::envelope::Keyring;
use crate::id::RecordKind;
use crate::model::{Change, Event, EventKind, Outcome};
use crate::store::{Label, Order, Query, Store};

/// Which events to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogQuery {
    /// One shard alone, or all.
    pub shard: Option<u32>,
    /// An event matches if of every group it has at least one label, as in [`Query`].
    pub labels: Vec<Vec<Label>>,
    /// Of one of these kinds; none named means any.
    pub kinds: Vec<EventKind>,
    /// That ended so.
    pub outcome: Option<Outcome>,
    /// Not before this time. Found by halving each shard's log: an event written under a clock that
    /// ran wrong is found where it stands, among its neighbours.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
    /// Oldest or newest first. Within a shard the order is that of the log, between shards that of
    /// the times.
    pub order: Order,
    /// The most events of the page; 1 to 1,000.
    pub limit: u32,
    /// Where the page before ended ([`LogPage::next`]), with everything else as it was.
    pub cursor: Option<LogCursor>,
}

impl Default for LogQuery {
    /// All events, newest first, 100 to a page.
    fn default() -> Self {
        Self {
            shard: None,
            labels: Vec::new(),
            kinds: Vec::new(),
            outcome: None,
            from: None,
            to: None,
            order: Order::Descending,
            limit: 100,
            cursor: None,
        }
    }
}

impl LogQuery {
    /// Whether kind and outcome of an event are among those asked for.
    fn wants(&self, event: &Event) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&event.kind))
            && self.outcome.is_none_or(|outcome| event.outcome == outcome)
    }
}

/// Where the next page begins: of each shard read, what is left. Opaque to hosts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogCursor(Vec<Bounds>);

impl LogCursor {
    /// As bytes, for a host to carry along.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|bounds| [bounds.low.to_be_bytes(), bounds.high.to_be_bytes()]).flatten().collect()
    }

    /// From its bytes.
    ///
    /// # Errors
    /// [`AuditError::BadCursor`] when the bytes are of no cursor.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, AuditError> {
        let (numbers, rest) = bytes.as_chunks::<8>();
        let (pairs, odd) = numbers.as_chunks::<2>();
        if !rest.is_empty() || !odd.is_empty() {
            return Err(AuditError::BadCursor);
        }
        let bounds =
            |[low, high]: &[[u8; 8]; 2]| Bounds { low: u64::from_be_bytes(*low), high: u64::from_be_bytes(*high) };
        Ok(Self(pairs.iter().map(bounds).collect()))
    }
}

crate::document::hex_form!(LogCursor, "a place in the log, as a page gave it", LogCursor::to_bytes, |bytes| {
    LogCursor::from_bytes(bytes).ok()
});

/// A page of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogPage {
    /// The events with their places.
    pub events: Vec<LoggedEvent>,
    /// Where the next page begins; `None` when nothing follows.
    pub next: Option<LogCursor>,
}

/// An event as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LoggedEvent {
    /// Where it stands.
    pub position: Position,
    /// The event; `None` when the record is not what was written, which `verify` explains.
    pub event: Option<Event>,
}

/// Reads a page of events. Each event is checked against its place in the log, its labels too; that
/// none is missing is for [`verify`](super::verify) to say. Those of other kinds or outcomes than asked
/// for are passed over, at most 10,000 for one page, which may then be short or empty; those that do
/// not open are not.
///
/// # Errors
/// [`AuditError::NoSuchShard`], [`AuditError::BadCursor`], and [`AuditError::Store`] when the store
/// fails.
pub fn read(store: &dyn Store, keyring: &Keyring, query: &LogQuery) -> Result<LogPage, AuditError> {
    let shards = match query.shard {
        Some(shard) => shard..shard.saturating_add(1),
        None => 0..keyring.shards(),
    };
    check_shard(keyring, shards.end.saturating_sub(1))?;
    let bounds = match &query.cursor {
        Some(LogCursor(bounds)) if bounds.len() == shards.len() => bounds.clone(),
        Some(_) => return Err(AuditError::BadCursor),
        None => bounds_of(store, keyring, shards.clone(), query.from, query.to)?,
    };
    let streams = shards.zip(bounds).map(|(shard, bounds)| Stream::open(store, keyring, shard, bounds, query));
    let mut streams = streams.collect::<Result<Vec<_>, _>>()?;
    let mut events = Vec::new();
    let mut looked_at = 0;
    while events.len() < query.limit.clamp(1, PAGE_MAX) as usize && looked_at < LOOKED_AT_MAX {
        let Some(stream) = first_of(&mut streams, query.order) else { break };
        events.extend(stream.pop()?.filter(|logged| logged.event.as_ref().is_none_or(|event| query.wants(event))));
        looked_at += 1;
    }
    let more = streams.iter().any(|stream| stream.head.is_some());
    let next = more.then(|| LogCursor(streams.iter().map(Stream::rest).collect()));
    Ok(LogPage { events, next })
}

/// A cursor at the beginning of all events between two times, as far as the log goes now: reading on
/// from it, in either direction, meets none that is written later.
///
/// # Errors
/// [`AuditError::Store`] when the store fails.
pub fn bounds(
    store: &dyn Store,
    keyring: &Keyring,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Result<LogCursor, AuditError> {
    bounds_of(store, keyring, 0..keyring.shards(), from, to).map(LogCursor)
}

/// The sequences of a shard that lie between two times: the first, and the one behind the last.
///
/// # Errors
/// [`AuditError::NoSuchShard`], [`AuditError::Store`].
pub fn sequences(
    store: &dyn Store,
    keyring: &Keyring,
    shard: u32,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Result<(u64, u64), AuditError> {
    check_shard(keyring, shard)?;
    Bounds::of_times(store, keyring, shard, from, to).map(|Bounds { low, high }| (low, high))
}

fn bounds_of(
    store: &dyn Store,
    keyring: &Keyring,
    mut shards: Range<u32>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Result<Vec<Bounds>, AuditError> {
    shards.try_fold(Vec::new(), |mut found, shard| {
        found.push(Bounds::of_times(store, keyring, shard, from, to)?);
        Ok(found)
    })
}

/// What there is of one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EventState {
    /// All of it.
    Present(Box<Event>),
    /// It was removed; this is what is left.
    Removed {
        /// When it happened.
        at: Timestamp,
        /// The records it changed.
        changes: Vec<Change>,
        /// The removals from its block, of which one was its own.
        removals: Vec<Removal>,
    },
    /// It is not what was written, which `verify` explains.
    Damaged,
    /// There is none at this place.
    Absent,
}

/// What there is of the event at a place.
///
/// # Errors
/// [`AuditError::NoSuchShard`], [`AuditError::DamagedTombstone`], [`AuditError::StaleKeyring`],
/// [`AuditError::Store`].
pub fn event_at(store: &dyn Store, keyring: &Keyring, at: Position) -> Result<EventState, AuditError> {
    check_shard(keyring, at.shard)?;
    let record = store.load(&[at.event_key(keyring)])?.pop().flatten();
    Ok(match record {
        Some(record) if is_newer(keyring, &record) => return Err(AuditError::StaleKeyring),
        Some(record) => match open_event(keyring, at, &record) {
            Ok(opened) => EventState::Present(Box::new(opened.event)),
            Err(_) => EventState::Damaged,
        },
        None => {
            let block = Block::load(store, keyring, at.shard, at.sequence)?;
            match block.get(at.sequence) {
                Some(Remains { at: Some(time), changes, .. }) => EventState::Removed {
                    at: *time,
                    changes: changes.clone(),
                    removals: block.removals().cloned().collect(),
                },
                Some(_) => EventState::Damaged,
                None => EventState::Absent,
            }
        }
    })
}

/// The stream whose first event comes first. One that cannot be read goes out with the event before it.
fn first_of<'s, 'a>(streams: &'s mut [Stream<'a>], order: Order) -> Option<&'s mut Stream<'a>> {
    let waiting = streams.iter_mut().filter(|stream| stream.head.is_some());
    match order {
        Order::Ascending => waiting.min_by_key(|stream| stream.time().map(|at| (at, stream.shard))),
        Order::Descending => waiting.max_by_key(|stream| {
            let time = stream.time();
            (time.is_none(), time, stream.shard)
        }),
    }
}

/// What of a shard is to be read: sequences from `low` to before `high`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bounds {
    low: u64,
    high: u64,
}

impl Bounds {
    fn of_times(
        store: &dyn Store,
        keyring: &Keyring,
        shard: u32,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Result<Self, AuditError> {
        let size =
            super::log::newest(store, keyring, RecordKind::Event, shard)?.map_or(0, |last| last.saturating_add(1));
        let place = |time: Option<Timestamp>, open: u64| match time {
            Some(time) => first_at(store, keyring, shard, size, time),
            None => Ok(open),
        };
        Ok(Self { low: place(from, 0)?, high: place(to, size)? })
    }
}

/// The first of `size` events that is not before `time`, by halving.
fn first_at(store: &dyn Store, keyring: &Keyring, shard: u32, size: u64, time: Timestamp) -> Result<u64, AuditError> {
    let (mut low, mut high) = (0, size);
    while low < high {
        let middle = low.midpoint(high);
        let query = Query {
            limit: 8,
            to: Some(record_id(shard, high)),
            ..shard_query(keyring, RecordKind::Event, shard, middle)
        };
        // What cannot be read has no time: the next one that can speaks for it.
        let mut readable = None;
        for record in Pages::new(store, query) {
            let record = record?;
            let at = position_of(shard, &record);
            if let Ok(opened) = open_event(keyring, at, &record) {
                readable = Some((at.sequence, opened.event.at));
                break;
            }
        }
        match readable {
            Some((sequence, at)) if at < time => low = sequence.saturating_add(1),
            _ => high = middle,
        }
    }
    Ok(low)
}

/// One shard's events in the order of the query, the first of them at hand.
struct Stream<'a> {
    keyring: &'a Keyring,
    shard: u32,
    bounds: Bounds,
    order: Order,
    records: Pages<'a>,
    head: Option<LoggedEvent>,
}

impl<'a> Stream<'a> {
    fn open(
        store: &'a dyn Store,
        keyring: &'a Keyring,
        shard: u32,
        bounds: Bounds,
        query: &LogQuery,
    ) -> Result<Self, AuditError> {
        let shards = if query.shard.is_some() { 1 } else { keyring.shards() };
        let scan = Query {
            labels: query.labels.clone(),
            to: Some(record_id(shard, bounds.high)),
            order: query.order,
            limit: query.limit.clamp(1, PAGE_MAX) / shards + 1,
            ..shard_query(keyring, RecordKind::Event, shard, bounds.low)
        };
        let records = Pages::new(store, scan);
        let mut stream = Self { keyring, shard, bounds, order: query.order, records, head: None };
        stream.pop()?;
        Ok(stream)
    }

    /// Gives the first event and makes the next one the first.
    fn pop(&mut self) -> Result<Option<LoggedEvent>, AuditError> {
        let next = match self.records.next() {
            Some(record) => {
                let record = record?;
                let position = position_of(self.shard, &record);
                let event = open_event(self.keyring, position, &record).ok().map(|opened| opened.event);
                Some(LoggedEvent { position, event })
            }
            None => None,
        };
        Ok(std::mem::replace(&mut self.head, next))
    }

    fn time(&self) -> Option<Timestamp> {
        self.head.as_ref().and_then(|head| head.event.as_ref()).map(|event| event.at)
    }

    /// What is left to be read.
    fn rest(&self) -> Bounds {
        let Bounds { low, high } = self.bounds;
        match (&self.head, self.order) {
            (None, _) => Bounds { low: high, high },
            (Some(head), Order::Ascending) => Bounds { low: head.position.sequence, high },
            (Some(head), Order::Descending) => Bounds { low, high: head.position.sequence.saturating_add(1) },
        }
    }
}

const PAGE_MAX: u32 = 1_000;
const LOOKED_AT_MAX: usize = 10_000;

#[cfg(test)]
mod tests;
