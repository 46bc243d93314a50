//! Which dialect and which delimiter a file has, told from its first row alone.

use super::dialect::{Confidence, Dialect, Shape};
use super::dialects::ALL;
use super::encoding::Document;
use super::error::CsvError;
use super::header::Header;
use super::limits::Limits;
use super::options::Delimiter;
use super::split::{Place, Records};

/// What a file was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sniffed {
    /// The dialect's name.
    pub dialect: &'static str,
    /// How sure it is.
    pub confidence: Confidence,
    /// What separates cells.
    pub delimiter: Delimiter,
    /// Whether the first row was taken for a header.
    pub header: bool,
    /// Whether the file began with a byte order mark.
    pub had_bom: bool,
}

/// Tells the dialect and delimiter of a file; reads no further than its first row.
///
/// The surest dialect wins; of two as sure, the one that stands first in
/// [`DIALECTS`](super::DIALECTS), and of two delimiters the one first in [`Delimiter::ALL`].
///
/// # Errors
/// [`CsvError::TooLarge`], [`CsvError::NotUtf8`], [`CsvError::BadUtf16`], [`CsvError::Empty`], and
/// what the first row itself may have: an unclosed quote, too many columns, too many bytes.
pub fn sniff(input: &[u8], limits: &Limits) -> Result<Sniffed, CsvError> {
    limits.check_bytes(input.len())?;
    let document = Document::decode(input)?;
    let (heads, error) = Head::candidates(document.as_str(), None, limits)?;
    let (dialect, head, confidence) = best(&heads, ALL)?;
    match error {
        Some(error) if confidence == Confidence::NONE => return Err(error),
        _ => {}
    }
    Ok(Sniffed {
        dialect: dialect.name(),
        confidence,
        delimiter: head.delimiter,
        header: confidence > Confidence::NONE && dialect.shape() != Shape::Headless,
        had_bom: document.had_bom,
    })
}

/// The first row as it is under one delimiter.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) delimiter: Delimiter,
    pub(super) header: Header,
    pub(super) line: u64,
    /// Where the row after it starts.
    pub(super) next: Place,
}

impl Head {
    /// The first row under each delimiter, or under the one that was asked for; and the first error
    /// of a delimiter under which it cannot be read. There is at least one row.
    pub(super) fn candidates(
        text: &str,
        delimiter: Option<Delimiter>,
        limits: &Limits,
    ) -> Result<(Vec<Self>, Option<CsvError>), CsvError> {
        let mut heads = Vec::new();
        let mut first_error = None;
        for candidate in Delimiter::ALL {
            if delimiter.is_some_and(|wanted| wanted != candidate) {
                continue;
            }
            match Self::read(text, candidate, limits) {
                Ok(Some(head)) => heads.push(head),
                Ok(None) => return Err(CsvError::Empty),
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        match first_error {
            Some(error) if heads.is_empty() => Err(error),
            error => Ok((heads, error)),
        }
    }

    fn read(text: &str, delimiter: Delimiter, limits: &Limits) -> Result<Option<Self>, CsvError> {
        let mut records = Records::new(text, delimiter.byte(), limits, Place::START);
        let Some(record) = records.next_record()? else {
            return Ok(None);
        };
        let (header, line) = (Header::new(&record), record.line);
        Ok(Some(Self { delimiter, header, line, next: records.place() }))
    }
}

/// The surest pair of a dialect and a first row.
pub(super) fn best<'h, 'd>(
    heads: &'h [Head],
    dialects: &[&'d dyn Dialect],
) -> Result<(&'d dyn Dialect, &'h Head, Confidence), CsvError> {
    let mut best = None;
    for head in heads {
        for dialect in dialects {
            let confidence = dialect.confidence(&head.header);
            if best.is_none_or(|(_, _, surest)| confidence > surest) {
                best = Some((*dialect, head, confidence));
            }
        }
    }
    best.ok_or(CsvError::Empty)
}
