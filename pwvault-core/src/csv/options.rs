//! How a file is to be read.

use super::column_map::ColumnMap;
use super::dialect::Dialect;
use super::limits::Limits;

/// What separates cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Delimiter {
    /// `,`
    #[default]
    Comma,
    /// `;`, as spreadsheets write it where the comma is the decimal sign.
    Semicolon,
    /// A tab.
    Tab,
}

impl Delimiter {
    /// All of them, in the order they are tried.
    pub const ALL: [Self; 3] = [Self::Comma, Self::Semicolon, Self::Tab];

    /// The byte itself.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// How a file is to be read. The default finds everything out by itself.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions<'o> {
    /// The dialect; sniffed when absent.
    pub dialect: Option<&'o dyn Dialect>,
    /// What the columns hold; overrides the dialect.
    pub columns: Option<ColumnMap>,
    /// What separates cells; sniffed when absent.
    pub delimiter: Option<Delimiter>,
    /// The caps.
    pub limits: Limits,
}
