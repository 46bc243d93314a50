//! Import and export: whole files, which travel as secrets.

use pwvault_core::csv::{self, Delimiter, Dialect, ExportMode, ReadOptions, Written};
use pwvault_core::model::ServiceRef;
use pwvault_core::vault::{Duplicates, ImportOptions, ImportReport, Selection, Transfer};
use pwvault_core::{KeyId, Owner, SecretBytes, Session};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// How a file is imported.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct ImportArguments {
    /// The dialect's name; recognised when absent.
    dialect: Option<String>,
    /// What separates cells; recognised when absent.
    delimiter: Option<Delimiter>,
    /// Who owns the entries; the principal when absent.
    owner: Option<Owner>,
    /// The service the entries belong to.
    service: Option<ServiceRef>,
    /// Encryption keys to lock them to.
    keys: Vec<KeyId>,
    /// Leaves out the rows that cannot become entries, instead of importing nothing.
    good_rows_only: bool,
    /// What becomes of rows that are there already.
    duplicates: Duplicates,
}

/// An export: what was written, and the file.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Exported {
    /// What was written.
    written: Written,
    /// The file.
    file: SecretBytes,
}

pub(super) fn preview_import(
    on: &Session,
    input: &SecretBytes,
    arguments: ImportArguments,
) -> Result<ImportReport, Fault> {
    Ok(on.preview_import(input.expose(), &options(arguments)?)?)
}

pub(super) fn import(on: &Session, input: &SecretBytes, arguments: ImportArguments) -> Result<ImportReport, Fault> {
    Ok(on.import(input.expose(), &options(arguments)?, &mut |_, _| {})?)
}

pub(super) fn export(on: &Session, selection: &Selection, dialect: &str, mode: ExportMode) -> Result<Exported, Fault> {
    let mut file = Vec::new();
    let written = on.export(&mut file, selection, dialect_of(dialect)?, mode)?;
    Ok(Exported { written, file: SecretBytes::new(file) })
}

fn options(arguments: ImportArguments) -> Result<ImportOptions<'static>, Fault> {
    let ImportArguments { dialect, delimiter, owner, service, keys, good_rows_only, duplicates } = arguments;
    let dialect = dialect.as_deref().map(dialect_of).transpose()?;
    let read = ReadOptions { dialect, delimiter, ..ReadOptions::default() };
    Ok(ImportOptions { read, owner, service, keys, good_rows_only, duplicates })
}

pub(super) fn dialect_of(name: &str) -> Result<&'static dyn Dialect, Fault> {
    csv::dialect(name).ok_or_else(|| {
        let names: Vec<_> = csv::DIALECTS.iter().map(|dialect| dialect.name()).collect();
        Fault::argument(format!("dialect: there is none of this name; there are {}", names.join(", ")))
    })
}
