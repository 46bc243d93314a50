//! The kinds of entries as words in a cell.

use crate::model::EntryKind;

/// The word for a kind.
pub(super) const fn word(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Login => "login",
        EntryKind::LicenceKey => "licence_key",
        EntryKind::Server => "server",
        EntryKind::Note => "note",
    }
}

/// The kind of a word, without regard to case.
pub(super) fn kind(text: &str) -> Option<EntryKind> {
    [EntryKind::Login, EntryKind::LicenceKey, EntryKind::Server, EntryKind::Note]
        .into_iter()
        .find(|kind| word(*kind).eq_ignore_ascii_case(text.trim()))
}
