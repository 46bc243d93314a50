//! Places in a list, sealed. A page may end at an entry that its reader must not know of, so the
//! cursor says nothing, and it is good only for the person, filter and order it was made for.

use super::error::VaultError;
use super::gate::Gate;
use crate::crypto;
use crate::envelope::{self, Context, Purpose, Suite};
use crate::id::RecordId;

/// A place in a list. Opaque; good for the same person, filter and order until the data key is
/// retired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(Vec<u8>);

impl Cursor {
    /// Its bytes, for a link.
    #[must_use]
    pub fn to_bytes(&self) -> &[u8] {
        &self.0
    }

    /// From the bytes of [`to_bytes`](Self::to_bytes). Whether they are a cursor turns out when it is
    /// used.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

crate::document::hex_form!(Cursor, "a place in a list, as a page gave it", |cursor| cursor.0.clone(), |bytes| Some(
    Cursor::from_bytes(bytes)
));

impl Gate<'_> {
    /// Seals a place in the answer to `question`, which says what is listed, by which filter and in
    /// which order. It need not outlive this version of the library: an older cursor is refused.
    pub(super) fn seal_place(&self, place: RecordId, question: &str) -> Result<Cursor, VaultError> {
        let person = self.session.principal.person().to_string();
        let key = self.snapshot.keyring.data_key();
        let context = self.cursor_context(&person);
        let question = crypto::sha256(&[question.as_bytes()]);
        Ok(Cursor(envelope::seal(key, Purpose::Cursor, Suite::Symmetric, &context, &[&question], &place.0)?))
    }

    /// The place a page begins after, when there is one.
    pub(super) fn open_place(&self, after: Option<&Cursor>, question: &str) -> Result<Option<RecordId>, VaultError> {
        let Some(Cursor(bytes)) = after else { return Ok(None) };
        let person = self.session.principal.person().to_string();
        let key = self.snapshot.keyring.data_key();
        let context = self.cursor_context(&person);
        let question = crypto::sha256(&[question.as_bytes()]);
        let opened = envelope::open(key, Purpose::Cursor, Suite::Symmetric, &context, &[&question], bytes).ok();
        let place = opened.and_then(|place| place.expose().try_into().ok()).map(RecordId);
        let refused = "it was not made by this list for this person, or its key was retired; begin again without it";
        place.map(Some).ok_or_else(|| VaultError::invalid("after", refused))
    }

    fn cursor_context<'a>(&self, person: &'a str) -> Context<'a> {
        Context { vault: Some(self.core.id), field: Some("cursor"), person: Some(person), ..Context::default() }
    }
}
