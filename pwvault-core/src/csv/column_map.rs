//! A host's own word on what the columns of a file hold.

use super::target::Target;

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ColumnRef {
    /// By its name in the header, without regard to case.
    Name(String),
    /// By its place, from 1.
    Number(usize),
}

/// What the columns of a file hold. A column that is not named becomes a custom field held with
/// the secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnMap {
    /// The file has no header: the first row is an entry, and columns go by number.
    pub headless: bool,
    /// The columns.
    pub columns: Vec<(ColumnRef, Target)>,
}
