//! What stands in a CSV file: small documents of [`read_csv`](super::Library::read_csv).

use pwvault_core::csv::{
    CsvError, Delimiter, ImportRow, Limits, Problem, ReadOptions, RowOutcome, SkipReason, Sniffed, read,
};
use pwvault_core::model::{EntryDraft, EntryKind};
use pwvault_core::{SecretBytes, SecretString, Timestamp, VaultError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::transfer::dialect_of;
use crate::fault::Fault;

/// How a file is read.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CsvOptions {
    /// The dialect's name; recognised when absent.
    dialect: Option<String>,
    /// What separates cells; recognised when absent.
    delimiter: Option<Delimiter>,
    /// How much is accepted.
    limits: CsvLimits,
}

/// How much CSV is accepted; what is absent is as usual.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CsvLimits {
    /// The whole file in bytes.
    bytes: Option<u64>,
    /// Rows, not counting the header.
    rows: Option<u64>,
    /// Columns of any row.
    columns: Option<u64>,
    /// One field of an entry in bytes.
    field_bytes: Option<u64>,
    /// One row in bytes.
    record_bytes: Option<u64>,
}

/// What stands in a file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CsvContents {
    /// What it was taken for.
    sniffed: Sniffed,
    /// Its rows.
    rows: Vec<CsvRow>,
}

/// What becomes of a row.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CsvRow {
    /// It is an entry.
    Import(Box<CsvEntry>),
    /// It is left out on purpose.
    Skip(SkipReason),
    /// It cannot become an entry.
    Bad(Problem),
}

/// An entry read from a row.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CsvEntry {
    /// The row, from 1, not counting the header.
    row: u64,
    /// The line it starts on, from 1.
    line: u64,
    /// Its name.
    name: String,
    /// What it is for.
    kind: EntryKind,
    /// The user name.
    username: String,
    /// The password.
    password: SecretString,
    /// The website.
    website: String,
    /// The address of the sign-in page.
    login_url: String,
    /// The notes.
    notes: SecretString,
    /// The seed of one-time codes.
    totp: SecretString,
    /// Whether it is private.
    private: bool,
    /// The custom fields.
    fields: Vec<CsvField>,
    /// The folder or group of the other product.
    folder: Option<String>,
    /// Tags or labels.
    tags: Vec<String>,
    /// When it was created, if the file says so.
    created_at: Option<Timestamp>,
    /// When it last changed, if the file says so.
    updated_at: Option<Timestamp>,
    /// What was changed about the row so that nothing is lost.
    remarks: Vec<Problem>,
}

/// A custom field.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CsvField {
    /// Its name.
    name: String,
    /// Its value.
    value: SecretString,
    /// Whether it is hidden.
    secret: bool,
}

pub(super) fn contents(file: &SecretBytes, options: CsvOptions) -> Result<CsvContents, Fault> {
    let CsvOptions { dialect, delimiter, limits } = options;
    let dialect = dialect.as_deref().map(dialect_of).transpose()?;
    let options = ReadOptions { dialect, delimiter, limits: limits.into(), ..ReadOptions::default() };
    let import = read(file.expose(), &options).map_err(refused)?;
    let rows = import.rows().map(|row| row.map(CsvRow::from)).collect::<Result<_, _>>().map_err(refused)?;
    Ok(CsvContents { sniffed: *import.sniffed(), rows })
}

/// The fault with the stable name of the error, and where it is.
fn refused(error: CsvError) -> Fault {
    let mut detail = json!({ "error": error.key() });
    match &error {
        CsvError::NotUtf8 { offset, line } => {
            detail = json!({ "error": error.key(), "offset": offset, "line": line });
        }
        CsvError::BadUtf16 { offset } => detail = json!({ "error": error.key(), "offset": offset }),
        CsvError::UnknownHeader { line, .. }
        | CsvError::UnclosedQuote { line }
        | CsvError::TooManyColumns { line, .. }
        | CsvError::RowTooLong { line, .. } => detail = json!({ "error": error.key(), "line": line }),
        _ => {}
    }
    let mut fault = Fault::from(VaultError::from(error));
    if let (Value::Object(all), Value::Object(more)) = (&mut fault.detail, detail) {
        all.extend(more);
    }
    fault
}

impl From<CsvLimits> for Limits {
    fn from(limits: CsvLimits) -> Self {
        let CsvLimits { bytes, rows, columns, field_bytes, record_bytes } = limits;
        let usual = Self::default();
        let or = |given: Option<u64>, usual| given.map_or(usual, |given| usize::try_from(given).unwrap_or(usize::MAX));
        Self {
            bytes: or(bytes, usual.bytes),
            rows: rows.unwrap_or(usual.rows),
            columns: or(columns, usual.columns),
            field_bytes: or(field_bytes, usual.field_bytes),
            record_bytes: or(record_bytes, usual.record_bytes),
        }
    }
}

impl From<RowOutcome> for CsvRow {
    fn from(outcome: RowOutcome) -> Self {
        match outcome {
            RowOutcome::Import(row) => Self::Import(Box::new((*row).into())),
            RowOutcome::Skip { reason, .. } => Self::Skip(reason),
            RowOutcome::Bad(problem) => Self::Bad(problem),
        }
    }
}

impl From<ImportRow> for CsvEntry {
    fn from(from: ImportRow) -> Self {
        let ImportRow { row, line, draft, folder, tags, created_at, updated_at, remarks } = from;
        let EntryDraft { name, kind, username, password, website, login_url, notes, totp, private, fields, .. } = draft;
        let field =
            |one: pwvault_core::model::FieldDraft| CsvField { name: one.name, value: one.value, secret: one.secret };
        Self {
            row,
            line,
            name,
            kind,
            username,
            password,
            website,
            login_url,
            notes,
            totp,
            private,
            fields: fields.into_iter().map(field).collect(),
            folder,
            tags,
            created_at,
            updated_at,
            remarks,
        }
    }
}
