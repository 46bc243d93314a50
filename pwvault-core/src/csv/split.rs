//! From text to records, by csv-core, under the caps. Differs from the `csv` crate's reader in
//! three ways: nothing grows past its cap, an unclosed quote is an error, and the buffer that held
//! the cells is wiped.

use std::fmt;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use zeroize::Zeroizing;

use super::encoding::{count, line_end};
use super::error::CsvError;
use super::limits::Limits;

/// A walk over the records of a text.
pub(super) struct Records<'a> {
    input: &'a str,
    place: Place,
    line_end: u8,
    delimiter: u8,
    reader: Box<Reader>,
    output: Zeroizing<Vec<u8>>,
    ends: Vec<usize>,
    limits: Limits,
}

/// Bytes of the output buffer before it has to grow.
const FIRST_BUFFER: usize = 16 * 1024;

/// A record boundary.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Offset in the text, in bytes.
    pub(super) offset: usize,
    /// Line, from 1.
    pub(super) line: u64,
}

/// One record: its cells without their quotes.
#[derive(Clone, Copy)]
pub(super) struct Record<'r> {
    text: &'r str,
    ends: &'r [usize],
    raw: &'r str,
    /// The line it starts on, from 1.
    pub(super) line: u64,
}

impl Place {
    /// The beginning of a text.
    pub(super) const START: Self = Self { offset: 0, line: 1 };
}

impl<'a> Records<'a> {
    pub(super) fn new(input: &'a str, delimiter: u8, limits: &Limits, place: Place) -> Self {
        let mut records = Self {
            input,
            place,
            line_end: line_end(input.as_bytes()),
            delimiter,
            reader: Box::new(ReaderBuilder::new().delimiter(delimiter).build()),
            output: Zeroizing::new(vec![0; FIRST_BUFFER.min(limits.record_bytes.saturating_add(1))]),
            // A row has at most one cell more than bytes, whatever the cap.
            ends: vec![0; limits.columns.min(input.len()).saturating_add(2)],
            limits: *limits,
        };
        // A blank line, because csv-core takes the first thing it reads for the start of a file and
        // drops a byte order mark there.
        records.reader.read_record(b"\n", &mut records.output, &mut records.ends);
        records
    }

    /// Where the next record starts, or blank lines before it.
    pub(super) const fn place(&self) -> Place {
        self.place
    }

    /// The next record that is not a blank line.
    pub(super) fn next_record(&mut self) -> Result<Option<Record<'_>>, CsvError> {
        let rest = self.skip_blank_lines();
        if rest.is_empty() {
            return Ok(None);
        }
        let start = self.place;
        let (mut used, mut written, mut cells, mut at_end) = (0, 0, 0, false);
        let result = loop {
            // At the end one more line end completes the last record, unless a quoted cell swallows it.
            let input = if at_end { b"\n" } else { rest.as_bytes().get(used..).unwrap_or_default() };
            let output = self.output.get_mut(written..).unwrap_or_default();
            let ends = self.ends.get_mut(cells..).unwrap_or_default();
            let (result, read, wrote, ended) = self.reader.read_record(input, output, ends);
            used += if at_end { 0 } else { read };
            written += wrote;
            cells += ended;
            match result {
                ReadRecordResult::OutputFull if self.grow() => {}
                ReadRecordResult::InputEmpty if !at_end => at_end = true,
                result => break result,
            }
        };
        match result {
            ReadRecordResult::Record if cells <= self.limits.columns => {}
            ReadRecordResult::Record | ReadRecordResult::OutputEndsFull => {
                return Err(CsvError::TooManyColumns { line: start.line, max: self.limits.columns });
            }
            ReadRecordResult::OutputFull => {
                let cell_line = self.line_of_cell(start, cells);
                return Err(CsvError::RowTooLong { line: start.line, cell_line, max: self.limits.record_bytes });
            }
            ReadRecordResult::InputEmpty | ReadRecordResult::End => {
                return Err(CsvError::UnclosedQuote { line: self.line_of_cell(start, cells) });
            }
        }
        let raw = rest.get(..used).unwrap_or_default();
        self.advance(raw);
        let text = self.output.get(..written).map(std::str::from_utf8);
        let Some(Ok(text)) = text else {
            return Err(CsvError::NotUtf8 { offset: start.offset, line: start.line });
        };
        let ends = self.ends.get(..cells).unwrap_or_default();
        Ok(Some(Record { text, ends, raw, line: start.line }))
    }

    /// Doubles the output buffer, wiping the old one; false when it has reached its cap.
    fn grow(&mut self) -> bool {
        let cap = self.limits.record_bytes.saturating_add(1);
        let length = self.output.len().saturating_mul(2).min(cap);
        let grows = length > self.output.len();
        if grows {
            let mut larger = Zeroizing::new(Vec::with_capacity(length));
            larger.extend_from_slice(&self.output);
            larger.resize(length, 0);
            self.output = larger;
        }
        grows
    }

    fn skip_blank_lines(&mut self) -> &'a str {
        let rest = self.input.get(self.place.offset..).unwrap_or_default();
        let kept = rest.trim_start_matches(['\r', '\n']);
        self.advance(rest.get(..rest.len() - kept.len()).unwrap_or_default());
        kept
    }

    fn advance(&mut self, passed: &str) {
        self.place.offset += passed.len();
        self.place.line += count(passed.as_bytes(), self.line_end);
    }

    /// The line on which the cell with this index starts, in the record that starts at `start`.
    fn line_of_cell(&mut self, start: Place, cell: usize) -> u64 {
        let rest = self.input.as_bytes().get(start.offset..).unwrap_or_default();
        let mut reader = ReaderBuilder::new().delimiter(self.delimiter).build();
        let mut used = 0;
        for _ in 0..cell {
            used += reader.read_field(rest.get(used..).unwrap_or_default(), &mut self.output).1;
        }
        start.line + count(rest.get(..used).unwrap_or_default(), self.line_end)
    }
}

impl fmt::Debug for Records<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").field("place", &self.place).finish_non_exhaustive()
    }
}

impl<'r> Record<'r> {
    pub(super) const fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cell with this index.
    pub(super) fn cell(&self, index: usize) -> Option<&'r str> {
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..*self.ends.get(index)?)
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &'r str> + use<'r> {
        let record = *self;
        (0..record.len()).filter_map(move |index| record.cell(index))
    }

    /// The index of the first cell with text after its closing quote. csv-core takes such text as
    /// part of the cell and drops the quote, which would change a password without a word.
    pub(super) fn stray_quote(&self, delimiter: u8) -> Option<usize> {
        enum At {
            Start,
            Plain,
            Quoted,
            Closed,
        }
        if !self.raw.as_bytes().contains(&b'"') {
            return None;
        }
        let (mut cell, mut at) = (0, At::Start);
        for byte in self.raw.bytes() {
            at = match (at, byte) {
                (At::Start, b'"') | (At::Closed, b'"') => At::Quoted,
                (At::Quoted, b'"') => At::Closed,
                (At::Quoted, _) => At::Quoted,
                (_, b'\r' | b'\n') => return None,
                (_, byte) if byte == delimiter => {
                    cell += 1;
                    At::Start
                }
                (At::Closed, _) => return Some(cell),
                (At::Start | At::Plain, _) => At::Plain,
            };
        }
        None
    }
}
