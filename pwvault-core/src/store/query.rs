//! Queries and the pages that answer them.

use serde::Deserialize;

use super::change::within;
use super::error::StoreError;
use super::record::{Label, Record, RecordKey};
use crate::id::{RecordId, RecordKind, VaultId};

/// The most labels of one query, all groups taken together.
pub const QUERY_LABELS_MAX: usize = 4_096;

/// Which way a page runs through the ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Lowest id first.
    #[default]
    Ascending,
    /// Highest id first.
    Descending,
}

/// What a page holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Want {
    /// Keys with revisions.
    Keys,
    /// Whole records.
    #[default]
    Records,
    /// Only how many there are, counted up to the limit.
    Count,
}

/// Asks for records of one kind in one vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The vault.
    pub vault: VaultId,
    /// The kind.
    pub kind: RecordKind,
    /// A record matches if of every group it has at least one label. No group: all match. An empty
    /// group: none match.
    pub labels: Vec<Vec<Label>>,
    /// The lowest id, inclusive.
    pub from: Option<RecordId>,
    /// The highest id, exclusive.
    pub to: Option<RecordId>,
    /// The way through the ids.
    pub order: Order,
    /// The most rows of the page, or the number a count stops at; at least 1.
    pub limit: u32,
    /// The last id of the page before ([`Page::next`]); rows after it in `order` are given.
    pub cursor: Option<RecordId>,
    /// What the page holds.
    pub want: Want,
}

impl Query {
    /// Whole records of a kind, lowest id first, 100 to a page.
    #[must_use]
    pub fn new(vault: VaultId, kind: RecordKind) -> Self {
        Self {
            vault,
            kind,
            labels: Vec::new(),
            from: None,
            to: None,
            order: Order::default(),
            limit: 100,
            cursor: None,
            want: Want::default(),
        }
    }

    /// Checks what every store refuses without looking at its records.
    ///
    /// # Errors
    /// [`StoreError::BadQuery`] when `limit` is 0; [`StoreError::TooLarge`] over
    /// [`QUERY_LABELS_MAX`].
    pub fn check(&self) -> Result<(), StoreError> {
        if self.limit == 0 {
            return Err(StoreError::BadQuery("a limit is at least 1"));
        }
        within("labels of a query", self.labels.iter().map(Vec::len).sum(), QUERY_LABELS_MAX)
    }

    /// The ids the page may hold, as lowest and highest, both inclusive, with `from`, `to` and
    /// `cursor` taken into account; `None` when nothing can match.
    #[must_use]
    pub fn range(&self) -> Option<(RecordId, RecordId)> {
        if self.labels.iter().any(Vec::is_empty) {
            return None;
        }
        let mut low = self.from.unwrap_or(RecordId::MIN);
        let mut high = match self.to {
            Some(to) => to.predecessor()?,
            None => RecordId::MAX,
        };
        match (self.order, self.cursor) {
            (_, None) => {}
            (Order::Ascending, Some(cursor)) => low = low.max(cursor.successor()?),
            (Order::Descending, Some(cursor)) => high = high.min(cursor.predecessor()?),
        }
        (low <= high).then_some((low, high))
    }
}

/// The rows of a page, in the form the query wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Keys with revisions.
    Keys(Vec<(RecordKey, u64)>),
    /// Whole records.
    Records(Vec<Record>),
    /// How many match, counted up to the limit.
    Count(u64),
}

/// The answer to a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What was wanted.
    pub rows: Rows,
    /// The cursor of the next page: the last id of this one, or `None` when no row follows. Always
    /// `None` with a count.
    pub next: Option<RecordId>,
}

impl Page {
    /// A page without rows, in the form wanted.
    #[must_use]
    pub const fn empty(want: Want) -> Self {
        let rows = match want {
            Want::Keys => Rows::Keys(Vec::new()),
            Want::Records => Rows::Records(Vec::new()),
            Want::Count => Rows::Count(0),
        };
        Self { rows, next: None }
    }

    /// The records of a page that wanted [`Want::Records`].
    ///
    /// # Errors
    /// [`StoreError::Backend`] when the store answered in another form.
    pub fn into_records(self) -> Result<Vec<Record>, StoreError> {
        match self.rows {
            Rows::Records(records) => Ok(records),
            Rows::Keys(_) | Rows::Count(_) => Err(StoreError::backend("the store was asked for records")),
        }
    }

    /// The keys of a page that wanted [`Want::Keys`].
    ///
    /// # Errors
    /// [`StoreError::Backend`] when the store answered in another form.
    pub fn into_keys(self) -> Result<Vec<(RecordKey, u64)>, StoreError> {
        match self.rows {
            Rows::Keys(keys) => Ok(keys),
            Rows::Records(_) | Rows::Count(_) => Err(StoreError::backend("the store was asked for keys")),
        }
    }

    /// The count of a page that wanted [`Want::Count`].
    ///
    /// # Errors
    /// [`StoreError::Backend`] when the store answered in another form.
    pub fn into_count(self) -> Result<u64, StoreError> {
        match self.rows {
            Rows::Count(count) => Ok(count),
            Rows::Records(_) | Rows::Keys(_) => Err(StoreError::backend("the store was asked for a count")),
        }
    }
}
