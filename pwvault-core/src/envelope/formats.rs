//! Formats of heads: which one this library writes, and how older ones become it. Owns the number
//! in front of every head; knows no head but as bytes.
//!
//! An older head is read as if it had been written today, and is written in the current format with
//! the next change of its record, or when the records of the vault are sealed again.

use super::error::EnvelopeError;
use crate::id::RecordKind;
use crate::secret::SecretBytes;

/// Makes the bytes of a head of one format those of the next.
type Step = fn(RecordKind, Vec<u8>) -> Result<Vec<u8>, EnvelopeError>;

/// Step n leads from format n + 1 to n + 2. A released step never changes.
#[cfg(not(test))]
const LADDER: &[Step] = &[];
#[cfg(test)]
const LADDER: &[Step] = &[tests::tags_get_a_version];

/// The format heads are written in.
#[expect(clippy::cast_possible_truncation, reason = "there are few steps")]
pub(super) const CURRENT: u8 = OLDEST + LADDER.len() as u8;
const OLDEST: u8 = 1;

/// Brings a head, with its format in front, up to the current format. Returns the format found.
pub(super) fn current(kind: RecordKind, head: SecretBytes) -> Result<(u8, SecretBytes), EnvelopeError> {
    let (found, content) = head.expose().split_first().ok_or(EnvelopeError::BadPayload { what: "head" })?;
    match *found {
        CURRENT => Ok((CURRENT, head)),
        newer if newer > CURRENT => Err(EnvelopeError::NewerFormat { found: newer, supported: CURRENT }),
        older => {
            let steps = older.checked_sub(OLDEST).ok_or(EnvelopeError::BadPayload { what: "head" })?;
            let mut content = content.to_vec();
            for step in LADDER.iter().skip(usize::from(steps)) {
                content = step(kind, content)?;
            }
            content.insert(0, CURRENT);
            Ok((older, content.into()))
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    /// The older schema of these tests: a tag that had no version.
    pub(super) fn tags_get_a_version(kind: RecordKind, mut head: Vec<u8>) -> Result<Vec<u8>, EnvelopeError> {
        if kind == RecordKind::Tag {
            head.push(1);
        }
        Ok(head)
    }

    #[test]
    fn an_older_head_climbs_and_the_current_one_stays() {
        let climbed = |kind, head: &[u8]| {
            let (found, head) = current(kind, head.to_vec().into()).unwrap();
            (found, head.expose().to_vec())
        };
        assert_eq!(climbed(RecordKind::Tag, &[1, 7, 8]), (1, vec![2, 7, 8, 1]));
        assert_eq!(climbed(RecordKind::Category, &[1, 7, 8]), (1, vec![2, 7, 8]));
        assert_eq!(climbed(RecordKind::Tag, &[2, 7, 8]), (2, vec![2, 7, 8]));
    }

    #[test]
    fn a_format_that_is_unknown_is_refused() {
        let refused = |bytes: &[u8]| current(RecordKind::Tag, bytes.to_vec().into()).unwrap_err();
        assert_eq!(refused(&[3, 0]), EnvelopeError::NewerFormat { found: 3, supported: 2 });
        assert_eq!(refused(&[0, 0]), EnvelopeError::BadPayload { what: "head" });
        assert_eq!(refused(&[]), EnvelopeError::BadPayload { what: "head" });
    }
}
