//! From a file to rows of entries.

use super::column_map::{ColumnMap, ColumnRef};
use super::dialect::{Confidence, Dialect, Shape};
use super::dialects::{ALL, Generic};
use super::encoding::Document;
use super::error::CsvError;
use super::header::{Header, same_name};
use super::limits::Limits;
use super::options::ReadOptions;
use super::problem::ProblemKind;
use super::row::{Column, Row, RowOutcome, SkipReason};
use super::row_draft::cleaned;
use super::sniff::{Head, Sniffed, best};
use super::split::{Place, Record, Records};
use super::target::Target;

/// A file that was read through once and found sound. Holds no entry: [`rows`](Self::rows) makes
/// them one at a time, as often as it is called.
pub struct Import<'a> {
    document: Document<'a>,
    dialect: &'a dyn Dialect,
    columns: Vec<Column>,
    shape: Shape,
    sniffed: Sniffed,
    first: Place,
    rows: u64,
    limits: Limits,
}

/// The rows of an [`Import`].
#[derive(Debug)]
pub struct Rows<'i> {
    records: Records<'i>,
    import: &'i Import<'i>,
    row: u64,
}

/// Reads a file.
///
/// The whole file is checked before anything of it is handed out: its encoding, its quotes and the
/// caps. What is wrong with a single row is said by that row.
///
/// # Errors
/// [`CsvError::TooLarge`], [`CsvError::TooManyRows`], [`CsvError::TooManyColumns`] and
/// [`CsvError::RowTooLong`] for the caps; [`CsvError::NotUtf8`] and [`CsvError::BadUtf16`] for the
/// encoding; [`CsvError::Empty`], [`CsvError::UnknownHeader`] and [`CsvError::UnknownColumn`] for
/// the header; [`CsvError::UnclosedQuote`].
///
/// # Examples
/// ```
/// use pwvault_core::csv::{self, CsvError, ReadOptions, RowOutcome};
///
/// let file = b"name,url,username,password\nShop,https://example.com,anna,s3cret\n";
/// let import = csv::read(file, &ReadOptions::default())?;
/// assert_eq!(import.sniffed().dialect, "chrome");
/// for row in import.rows() {
///     if let RowOutcome::Import(row) = row? {
///         assert_eq!(row.draft.name, "Shop");
///     }
/// }
///
/// let broken = b"name,url,username,password\nShop,https://example.com,anna,\"s3cret\n";
/// assert!(matches!(
///     csv::read(broken, &ReadOptions::default()),
///     Err(CsvError::UnclosedQuote { line: 2 })
/// ));
/// # Ok::<(), CsvError>(())
/// ```
pub fn read<'a>(input: &'a [u8], options: &ReadOptions<'a>) -> Result<Import<'a>, CsvError> {
    options.limits.check_bytes(input.len())?;
    let document = Document::decode(input)?;
    let (heads, error) = Head::candidates(document.as_str(), options.delimiter, &options.limits)?;
    let (dialect, head, confidence) = match (options.dialect, &options.columns) {
        (Some(dialect), _) => best(&heads, &[dialect])?,
        (None, Some(_)) => best(&heads, &[&Generic])?,
        (None, None) => best(&heads, ALL)?,
    };
    let mut head = head;
    let columns = match &options.columns {
        Some(map) => {
            head = best_for_map(&heads, map).unwrap_or(head);
            columns_by_map(&head.header, map)?
        }
        // Without a header there is nothing to tell it by, so the caller's word counts.
        None if confidence == Confidence::NONE
            && !(options.dialect.is_some() && dialect.shape() == Shape::Headless) =>
        {
            if head.header.names().any(|name| name.contains('\0')) {
                return Err(CsvError::Binary);
            }
            return Err(error.unwrap_or(CsvError::UnknownHeader {
                line: head.line,
                dialect: options.dialect.unwrap_or(&Generic).name(),
            }));
        }
        None => columns_by_dialect(&head.header, dialect),
    };
    let headless = match &options.columns {
        Some(map) => map.headless,
        None => dialect.shape() == Shape::Headless,
    };
    let sniffed = Sniffed {
        dialect: dialect.name(),
        confidence,
        delimiter: head.delimiter,
        header: !headless,
        had_bom: document.had_bom,
    };
    let first = if headless { Place::START } else { head.next };
    let shape = if options.columns.is_some() { Shape::Table } else { dialect.shape() };
    let mut import = Import { document, dialect, columns, shape, sniffed, first, rows: 0, limits: options.limits };
    import.rows = import.count_rows()?;
    Ok(import)
}

impl Import<'_> {
    /// What the file was taken for.
    #[must_use]
    pub const fn sniffed(&self) -> &Sniffed {
        &self.sniffed
    }

    /// How many rows there are, not counting the header and blank lines.
    #[must_use]
    pub const fn row_count(&self) -> u64 {
        self.rows
    }

    /// The rows, from the first. No item is an error after a successful [`read`]; the type says so
    /// because the text is read again.
    #[must_use]
    pub fn rows(&self) -> Rows<'_> {
        Rows { records: self.records(), import: self, row: 0 }
    }

    fn records(&self) -> Records<'_> {
        Records::new(self.document.as_str(), self.sniffed.delimiter.byte(), &self.limits, self.first)
    }

    fn count_rows(&self) -> Result<u64, CsvError> {
        let mut records = self.records();
        let mut rows = 0;
        while records.next_record()?.is_some() {
            rows += 1;
            if rows > self.limits.rows {
                return Err(CsvError::TooManyRows { max: self.limits.rows });
            }
        }
        Ok(rows)
    }

    fn outcome(&self, record: Record<'_>, number: u64) -> RowOutcome {
        let row = Row { record, columns: &self.columns, row: number, limits: &self.limits };
        let (columns, found) = (self.columns.len(), record.len());
        // A column map says what each column is, whatever the dialect.
        let (expected, fits) = match self.shape {
            Shape::Table => (columns, found == columns),
            Shape::Ragged | Shape::Headless => {
                let least = self.dialect.required().len();
                (least, found >= least)
            }
        };
        if let Some(index) = record.stray_quote(self.sniffed.delimiter.byte()) {
            let known = self.columns.get(index).and_then(|column| column.known);
            return RowOutcome::Bad(row.problem(ProblemKind::StrayQuote).in_column(index + 1, known));
        }
        if !fits {
            let at = found.min(expected);
            let known = self.columns.get(at).and_then(|column| column.known);
            return RowOutcome::Bad(row.problem(ProblemKind::Ragged { expected, found }).in_column(at + 1, known));
        }
        if record.cells().all(str::is_empty) {
            return row.skip(SkipReason::Empty);
        }
        self.dialect.read(&row).unwrap_or_else(RowOutcome::Bad)
    }
}

impl std::fmt::Debug for Import<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Import").field("sniffed", &self.sniffed).field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<RowOutcome, CsvError>;

    fn next(&mut self) -> Option<Self::Item> {
        let record = match self.records.next_record() {
            Ok(record) => record?,
            Err(error) => return Some(Err(error)),
        };
        self.row += 1;
        Some(Ok(self.import.outcome(record, self.row)))
    }
}

impl Limits {
    pub(super) const fn check_bytes(&self, found: usize) -> Result<(), CsvError> {
        if found > self.bytes {
            return Err(CsvError::TooLarge { found, max: self.bytes });
        }
        Ok(())
    }
}

fn columns_by_dialect(header: &Header, dialect: &dyn Dialect) -> Vec<Column> {
    let column = |(index, name): (usize, &str)| {
        let known = dialect.columns().iter().find(|(known, _)| same_name(known, name));
        Column {
            name: field_name(index, name),
            known: known.map(|(known, _)| *known),
            target: known.map_or(Target::Secret, |(_, target)| *target),
        }
    };
    match (dialect.shape(), dialect.headers().first()) {
        (Shape::Headless, Some(names)) => names.iter().copied().enumerate().map(column).collect(),
        _ => header.names().enumerate().map(column).collect(),
    }
}

fn columns_by_map(header: &Header, map: &ColumnMap) -> Result<Vec<Column>, CsvError> {
    let mut columns: Vec<Column> = header
        .names()
        .enumerate()
        .map(|(index, name)| Column {
            name: field_name(index, if map.headless { "" } else { name }),
            known: None,
            target: Target::Secret,
        })
        .collect();
    for (entry, (column, target)) in map.columns.iter().enumerate() {
        let found = index_of(header, map, column).and_then(|index| columns.get_mut(index));
        let unknown = CsvError::UnknownColumn { entry: entry + 1, columns: header.len() };
        found.ok_or(unknown)?.target = *target;
    }
    Ok(columns)
}

fn index_of(header: &Header, map: &ColumnMap, column: &ColumnRef) -> Option<usize> {
    match column {
        ColumnRef::Name(_) if map.headless => None,
        ColumnRef::Name(wanted) => header.names().position(|name| same_name(name, wanted)),
        ColumnRef::Number(number) => number.checked_sub(1).filter(|index| *index < header.len()),
    }
}

/// The first row that has most of the map's columns, and of those the one with most columns.
fn best_for_map<'h>(heads: &'h [Head], map: &ColumnMap) -> Option<&'h Head> {
    let fit = |head: &&Head| {
        let found = map.columns.iter().filter(|(column, _)| index_of(&head.header, map, column).is_some()).count();
        (found, head.header.len())
    };
    heads.iter().rev().max_by_key(fit)
}

fn field_name(index: usize, name: &str) -> String {
    let name = cleaned(name);
    if name.trim().is_empty() { format!("column {}", index + 1) } else { name }
}
