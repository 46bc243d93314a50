//! Which events are read, exported or removed.

use serde::Deserialize;

use crate::audit::{LogCursor, LogQuery};
use crate::clock::Timestamp;
use crate::envelope::Keyring;
use crate::id::EntryId;
use crate::index;
use crate::model::{Event, EventKind, Outcome, Person};
use crate::store::Order;

/// Which events. What is not said means any.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct LogFilter {
    /// About this entry.
    pub entry: Option<EntryId>,
    /// By this person.
    pub actor: Option<Person>,
    /// Of one of these kinds; none named means any.
    pub kinds: Vec<EventKind>,
    /// That ended so.
    pub outcome: Option<Outcome>,
    /// Not before this time.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
    /// Oldest or newest first.
    pub order: Order,
    /// The most events of a page; 1 to 1,000.
    pub limit: u32,
    /// Where the page before ended.
    pub after: Option<LogCursor>,
}

impl Default for LogFilter {
    /// Everything, newest first, 100 to a page.
    fn default() -> Self {
        Self {
            entry: None,
            actor: None,
            kinds: Vec::new(),
            outcome: None,
            from: None,
            to: None,
            order: Order::Descending,
            limit: 100,
            after: None,
        }
    }
}

impl LogFilter {
    /// What is asked of the log.
    pub(in crate::vault) fn query(&self, keyring: &Keyring) -> LogQuery {
        let Self { entry, actor, kinds, outcome, from, to, order, limit, after } = self;
        let mut labels = Vec::new();
        labels.extend(entry.map(|entry| vec![index::event_entry_label(keyring, entry)]));
        labels.extend(actor.as_ref().map(|actor| vec![index::event_actor_label(keyring, actor)]));
        LogQuery {
            shard: None,
            labels,
            kinds: kinds.clone(),
            outcome: *outcome,
            from: *from,
            to: *to,
            order: *order,
            limit: *limit,
            cursor: after.clone(),
        }
    }

    /// Whether an event is one of those meant.
    pub(super) fn matches(&self, event: &Event) -> bool {
        let Self { entry, actor, kinds, outcome, from, to, order: _, limit: _, after: _ } = self;
        entry.is_none_or(|entry| event.entries.contains(&entry))
            && actor.as_ref().is_none_or(|actor| event.actor == *actor)
            && (kinds.is_empty() || kinds.contains(&event.kind))
            && outcome.is_none_or(|outcome| event.outcome == outcome)
            && from.is_none_or(|from| event.at >= from)
            && to.is_none_or(|to| event.at < to)
    }
}
