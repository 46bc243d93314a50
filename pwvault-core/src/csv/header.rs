//! The first row of a file.

use crate::secret::SecretString;

use super::split::Record;

/// The names of a file's columns. A file without a header has its first entry here until the
/// dialect is known, so the names are held like secrets.
#[derive(Clone, Debug)]
pub struct Header {
    names: Vec<SecretString>,
}

impl Header {
    pub(super) fn new(record: &Record<'_>) -> Self {
        Self { names: record.cells().map(SecretString::from).collect() }
    }

    /// How many columns there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no column.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names as the file has them.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(SecretString::expose)
    }

    /// Whether the names are exactly these, in this order.
    #[must_use]
    pub fn is(&self, names: &[&str]) -> bool {
        self.names().eq(names.iter().copied())
    }

    /// Whether the names are these, in this order, but for case and surrounding blanks.
    #[must_use]
    pub fn resembles(&self, names: &[&str]) -> bool {
        self.len() == names.len() && self.names().zip(names).all(|(ours, theirs)| same_name(ours, theirs))
    }

    /// Whether a column of this name is there, but for case and surrounding blanks.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.names().any(|ours| same_name(ours, name))
    }
}

/// Whether two column names are the same but for ASCII case and surrounding blanks.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    a.trim().eq_ignore_ascii_case(b.trim())
}
