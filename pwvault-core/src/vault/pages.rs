//! A list page by page, without minding cursors.

use super::error::VaultError;
use super::listing::{EntryPage, EntryQuery, Listing};

/// The pages of a list, from where its question begins to the end. Ends after an error.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # use pwvault_core::vault::{EntryPages, EntryQuery};
/// for name in ["one", "two", "three"] {
///     anna.create_entry(&EntryDraft { name: name.into(), ..EntryDraft::default() })?;
/// }
/// let query = EntryQuery { limit: 2, ..EntryQuery::default() };
/// let pages = EntryPages::new(&anna, query).collect::<Result<Vec<_>, VaultError>>()?;
/// assert_eq!(pages.iter().map(|page| page.entries.len()).sum::<usize>(), 3);
/// # Ok::<(), VaultError>(())
/// ```
#[derive(Clone, Debug)]
pub struct EntryPages<'s, L: ?Sized> {
    listing: &'s L,
    next: Option<EntryQuery>,
}

impl<'s, L: Listing + ?Sized> EntryPages<'s, L> {
    /// The pages that answer `query`, each of at most its limit.
    #[must_use]
    pub const fn new(listing: &'s L, query: EntryQuery) -> Self {
        Self { listing, next: Some(query) }
    }
}

impl<L: Listing + ?Sized> Iterator for EntryPages<'_, L> {
    type Item = Result<EntryPage, VaultError>;

    fn next(&mut self) -> Option<Self::Item> {
        let query = self.next.take()?;
        let page = self.listing.list_entries(&query);
        if let Ok(EntryPage { next: Some(after), .. }) = &page {
            self.next = Some(EntryQuery { after: Some(after.clone()), ..query });
        }
        Some(page)
    }
}
