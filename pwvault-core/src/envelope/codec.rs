//! Strict big-endian reading and writing: lengths first, nothing optional, nothing left over.

use super::error::EnvelopeError;

/// Reads fixed parts off the front of a slice.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    what: &'static str,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8], what: &'static str) -> Self {
        Self { rest: bytes, what }
    }

    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], EnvelopeError> {
        let (head, tail) = self.rest.split_at_checked(len).ok_or(EnvelopeError::Malformed { what: self.what })?;
        self.rest = tail;
        Ok(head)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], EnvelopeError> {
        let (head, tail) = self.rest.split_first_chunk::<N>().ok_or(EnvelopeError::Malformed { what: self.what })?;
        self.rest = tail;
        Ok(*head)
    }

    pub(super) fn u8(&mut self) -> Result<u8, EnvelopeError> {
        self.array::<1>().map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, EnvelopeError> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, EnvelopeError> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, EnvelopeError> {
        self.array().map(u64::from_be_bytes)
    }

    /// Bytes behind a u32 length.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], EnvelopeError> {
        let len = self.u32()?;
        self.take(usize::try_from(len).unwrap_or(usize::MAX))
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) const fn finish(&self) -> Result<(), EnvelopeError> {
        if self.rest.is_empty() { Ok(()) } else { Err(EnvelopeError::Malformed { what: self.what }) }
    }
}

/// Appends `bytes` behind a u32 length.
pub(super) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8], what: &'static str) -> Result<(), EnvelopeError> {
    let len = u32::try_from(bytes.len()).map_err(|_| EnvelopeError::TooLarge { what })?;
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}

/// A count as u16.
pub(super) fn count_u16(len: usize, what: &'static str) -> Result<[u8; 2], EnvelopeError> {
    u16::try_from(len).map(u16::to_be_bytes).map_err(|_| EnvelopeError::TooLarge { what })
}
