//! The records of a query one after the other, page by page, so that no reader holds a whole log.

use std::vec;

use crate::store::{Query, Record, Store, StoreError};

/// Follows a query that wants records to its end.
pub(super) struct Pages<'a> {
    store: &'a dyn Store,
    next: Option<Query>,
    page: vec::IntoIter<Record>,
}

impl<'a> Pages<'a> {
    pub(super) fn new(store: &'a dyn Store, query: Query) -> Self {
        Self { store, next: Some(query), page: Vec::new().into_iter() }
    }

    fn turn(&mut self, query: Query) -> Result<(), StoreError> {
        let page = self.store.scan(&query)?;
        self.next = page.next.map(|cursor| Query { cursor: Some(cursor), ..query });
        self.page = page.into_records()?.into_iter();
        Ok(())
    }
}

impl Iterator for Pages<'_> {
    type Item = Result<Record, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.page.next() {
                return Some(Ok(record));
            }
            let query = self.next.take()?;
            if let Err(error) = self.turn(query) {
                return Some(Err(error));
            }
        }
    }
}
