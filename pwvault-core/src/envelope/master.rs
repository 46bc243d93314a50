//! The rest of a master password's record: the private key, wrapped once for each way of opening it.
//!
//! `len u32 | password wrap | len u32 | recovery code wrap | len u32 | recovery key wrap`; a way
//! that was not switched on has length 0.

use super::codec::{Reader, put_bytes};
use super::error::EnvelopeError;

/// The wraps of a master password's private key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MasterWraps {
    /// Wrapped with the master password.
    pub password: Vec<u8>,
    /// Wrapped with the printed recovery code; empty when there is none.
    pub recovery_code: Vec<u8>,
    /// Wrapped to the offline recovery key; empty when there is none.
    pub recovery_key: Vec<u8>,
}

impl MasterWraps {
    /// The bytes of the rest.
    ///
    /// # Errors
    /// [`EnvelopeError::TooLarge`] when a wrap is over 4 GiB.
    pub fn encode(&self) -> Result<Vec<u8>, EnvelopeError> {
        let Self { password, recovery_code, recovery_key } = self;
        let mut out = Vec::with_capacity(12 + password.len() + recovery_code.len() + recovery_key.len());
        for wrap in [password, recovery_code, recovery_key] {
            put_bytes(&mut out, wrap, "a wrap")?;
        }
        Ok(out)
    }

    /// Takes a rest apart.
    ///
    /// # Errors
    /// [`EnvelopeError::Malformed`] when it has not the shape of the format.
    pub fn decode(rest: &[u8]) -> Result<Self, EnvelopeError> {
        let mut reader = Reader::new(rest, "not the wraps of a master password");
        let mut next = || reader.bytes().map(<[u8]>::to_vec);
        let wraps = Self { password: next()?, recovery_code: next()?, recovery_key: next()? };
        reader.finish()?;
        Ok(wraps)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn reads_back_and_takes_no_other_length() {
        let wraps =
            MasterWraps { password: b"password".to_vec(), recovery_code: Vec::new(), recovery_key: b"key".to_vec() };
        let bytes = wraps.encode().unwrap();
        assert_eq!(MasterWraps::decode(&bytes).unwrap(), wraps);
        for length in 0..bytes.len() {
            assert!(MasterWraps::decode(bytes.get(..length).unwrap()).is_err());
        }
        assert!(MasterWraps::decode(&[bytes.as_slice(), &[0]].concat()).is_err());
    }
}
