//! From entries to a file.

use std::fmt;
use std::io::Write;

use csv_core::{QuoteStyle, Terminator, WriteResult, Writer, WriterBuilder};
use zeroize::Zeroizing;

use crate::secret::SecretString;

use super::dialect::{Dialect, Shape};
use super::error::CsvError;
use super::guard::{guard, guarded_len_max};
use super::kind;
use super::part::{ExportMode, ExportRow, Loss, Written};
use super::target::Target;
use super::time;

/// Writes entries in a dialect: UTF-8, `,` and CR-LF; in [`ExportMode::SpreadsheetSafe`] with a byte
/// order mark, every cell quoted.
///
/// The own dialect loses nothing in either mode: what [`read`](super::read) makes of its output is
/// what went in, but for `keys` and `owner`, which are not exported. Other dialects report what
/// they had no room for.
///
/// # Errors
/// [`CsvError::Write`] when `out` fails; what was written until then is incomplete.
///
/// # Security
/// The output holds every secret in the clear.
pub fn write<'e>(
    out: &mut dyn Write,
    dialect: &dyn Dialect,
    mode: ExportMode,
    entries: impl IntoIterator<Item = ExportRow<'e>>,
) -> Result<Written, CsvError> {
    let header = dialect.headers().first().copied().unwrap_or_default();
    let mut table = Table::new(out, mode)?;
    if dialect.shape() != Shape::Headless {
        table.header(header)?;
    }
    let mut written = Written::default();
    for entry in entries {
        match dialect.row(&entry, mode) {
            Some(cells) => table.row(cells)?,
            None => table.row(header.iter().map(|column| dialect.cell(&entry, column, mode)))?,
        }
        written.rows += 1;
        let lost = entry.parts().filter(|part| !dialect.keeps(*part));
        written.losses.extend(lost.map(|part| Loss { row: written.rows, part }));
    }
    table.finish()?;
    Ok(written)
}

/// A file of rows, written as they come: UTF-8, `,` and CR-LF; in
/// [`ExportMode::SpreadsheetSafe`] with a byte order mark, every cell quoted and guarded.
pub struct Table<'w> {
    sheet: Sheet<'w>,
    mode: ExportMode,
}

impl<'w> Table<'w> {
    /// Begins a file.
    ///
    /// # Errors
    /// [`CsvError::Write`] when `out` fails.
    pub fn new(out: &'w mut dyn Write, mode: ExportMode) -> Result<Self, CsvError> {
        let sheet = Sheet::new(out, mode);
        if mode == ExportMode::SpreadsheetSafe {
            sheet.out.write_all(BOM).map_err(CsvError::Write)?;
        }
        Ok(Self { sheet, mode })
    }

    /// Writes the names of the columns, which stand as they are.
    ///
    /// # Errors
    /// [`CsvError::Write`] when the output fails.
    pub fn header(&mut self, names: &[&str]) -> Result<(), CsvError> {
        self.sheet.row(names.iter().map(|name| SecretString::from(*name)))
    }

    /// Writes a row.
    ///
    /// # Errors
    /// [`CsvError::Write`] when the output fails; what was written until then is incomplete.
    pub fn row(&mut self, cells: impl IntoIterator<Item = SecretString>) -> Result<(), CsvError> {
        let mode = self.mode;
        self.sheet.row(cells.into_iter().map(|cell| match mode {
            ExportMode::Exact => cell,
            ExportMode::SpreadsheetSafe => guarded(&cell),
        }))
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`CsvError::Write`] when the output fails.
    pub fn finish(self) -> Result<(), CsvError> {
        self.sheet.out.flush().map_err(CsvError::Write)
    }
}

impl fmt::Debug for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("mode", &self.mode).finish_non_exhaustive()
    }
}

/// The text that an entry has for a column; empty for columns that hold no single part of it.
pub(super) fn text_of(columns: &[(&str, Target)], column: &str, entry: &ExportRow<'_>) -> SecretString {
    let Some((_, target)) = columns.iter().find(|(name, _)| *name == column) else {
        return SecretString::default();
    };
    let draft = entry.draft;
    match target {
        Target::Name => draft.name.as_str().into(),
        Target::Kind => kind::word(draft.kind).into(),
        Target::Username => draft.username.as_str().into(),
        Target::Password => draft.password.clone(),
        Target::Website => draft.website.as_str().into(),
        Target::LoginUrl => draft.login_url.as_str().into(),
        Target::Notes => draft.notes.clone(),
        Target::Totp => draft.totp.clone(),
        Target::Private => if draft.private { "true" } else { "false" }.into(),
        Target::Folder => entry.folder.into(),
        Target::Tags => entry.tags.join(",").into(),
        Target::CreatedAt => entry.created_at.map_or_else(String::new, time::format).into(),
        Target::UpdatedAt => entry.updated_at.map_or_else(String::new, time::format).into(),
        Target::Visible | Target::Secret | Target::Flag | Target::Ignore => SecretString::default(),
    }
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Rows through csv-core's writer, by way of a buffer that is wiped.
struct Sheet<'w> {
    out: &'w mut dyn Write,
    writer: Writer,
    buffer: Zeroizing<[u8; 4096]>,
}

impl<'w> Sheet<'w> {
    fn new(out: &'w mut dyn Write, mode: ExportMode) -> Self {
        let quotes = match mode {
            ExportMode::Exact => QuoteStyle::Necessary,
            ExportMode::SpreadsheetSafe => QuoteStyle::Always,
        };
        let writer = WriterBuilder::new().quote_style(quotes).terminator(Terminator::CRLF).build();
        Self { out, writer, buffer: Zeroizing::new([0; 4096]) }
    }

    fn row(&mut self, cells: impl Iterator<Item = SecretString>) -> Result<(), CsvError> {
        for (index, cell) in cells.enumerate() {
            if index > 0 {
                self.step(|writer, buffer| writer.delimiter(buffer))?;
            }
            let mut rest = cell.expose().as_bytes();
            self.step(|writer, buffer| {
                let (result, read, written) = writer.field(rest, buffer);
                rest = rest.get(read..).unwrap_or_default();
                (result, written)
            })?;
        }
        self.step(|writer, buffer| writer.terminator(buffer))
    }

    /// Repeats one step of the writer until its output has gone out.
    fn step(&mut self, mut write: impl FnMut(&mut Writer, &mut [u8]) -> (WriteResult, usize)) -> Result<(), CsvError> {
        loop {
            let (result, written) = write(&mut self.writer, &mut self.buffer[..]);
            self.out.write_all(self.buffer.get(..written).unwrap_or_default()).map_err(CsvError::Write)?;
            if matches!(result, WriteResult::InputEmpty) {
                return Ok(());
            }
        }
    }
}

fn guarded(text: &SecretString) -> SecretString {
    let mut out = String::with_capacity(guarded_len_max(text.len()));
    guard(text.expose(), &mut out);
    out.into()
}
