//! From bytes to UTF-8: byte order marks, UTF-16, and the refusal of everything else.

use zeroize::Zeroizing;

use super::error::CsvError;

/// The text of a file.
pub(super) struct Document<'a> {
    text: Text<'a>,
    pub(super) had_bom: bool,
}

enum Text<'a> {
    Given(&'a str),
    Decoded(Zeroizing<String>),
}

impl<'a> Document<'a> {
    /// Takes UTF-8 as it is, and decodes UTF-16 with a byte order mark or with a first character in
    /// ASCII.
    pub(super) fn decode(input: &'a [u8]) -> Result<Self, CsvError> {
        let (text, had_bom) = match input {
            // ZIP, which is what .xlsx, .ods and .numbers are, and the older .xls.
            [b'P', b'K', 3, 4, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..] => return Err(CsvError::Workbook),
            [0xEF, 0xBB, 0xBF, rest @ ..] => (Text::Given(utf8(rest, 3)?), true),
            [0xFF, 0xFE, rest @ ..] => (utf16(rest, u16::from_le_bytes, 2)?, true),
            [0xFE, 0xFF, rest @ ..] => (utf16(rest, u16::from_be_bytes, 2)?, true),
            [1..=0x7F, 0, ..] => (utf16(input, u16::from_le_bytes, 0)?, false),
            [0, 1..=0x7F, ..] => (utf16(input, u16::from_be_bytes, 0)?, false),
            _ => (Text::Given(utf8(input, 0)?), false),
        };
        Ok(Self { text, had_bom })
    }

    pub(super) fn as_str(&self) -> &str {
        match &self.text {
            Text::Given(text) => text,
            Text::Decoded(text) => text,
        }
    }
}

fn utf8(bytes: &[u8], skipped: usize) -> Result<&str, CsvError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        CsvError::NotUtf8 { offset: skipped + good.len(), line: 1 + count(good, line_end(bytes)) }
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, skipped: usize) -> Result<Text<'static>, CsvError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(CsvError::BadUtf16 { offset: skipped + bytes.len() - 1 });
    }
    let chars = || char::decode_utf16(pairs.iter().map(|pair| unit(*pair)));
    let (mut units, mut bytes) = (0, 0);
    for next in chars() {
        let next = next.map_err(|_| CsvError::BadUtf16 { offset: skipped + 2 * units })?;
        units += next.len_utf16();
        bytes += next.len_utf8();
    }
    let mut text = Zeroizing::new(String::with_capacity(bytes));
    text.extend(chars().flatten());
    Ok(Text::Decoded(text))
}

/// The byte that ends a line of this file: LF, or CR in a file without any LF.
pub(super) fn line_end(bytes: &[u8]) -> u8 {
    if bytes.contains(&b'\n') { b'\n' } else { b'\r' }
}

/// How often `byte` stands in `bytes`.
pub(super) fn count(bytes: &[u8], byte: u8) -> u64 {
    bytes.iter().filter(|found| **found == byte).count() as u64
}
