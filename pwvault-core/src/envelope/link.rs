//! The rest of a link's record: what it hands over, under a key that is nowhere but in the link.
//!
//! `envelope(data key){ envelope(link key){ 0 | contents } }`, with a passphrase
//! `envelope(data key){ envelope(link key){ 1 | m u32 | t u32 | p u32 | salt 16 |
//! envelope(Argon2id output){ contents } } }`. Nothing is left of it when the link has been used up.

use zeroize::Zeroize;

use super::codec::{Reader, count_u16, put_bytes};
use super::context::{Context, Purpose, Suite};
use super::error::EnvelopeError;
use super::keyring::Keyring;
use super::sealed::{self, EnvelopeKey};
use super::wrap::{open_under_data_key, reseal_under_data_key};
use crate::crypto;
use crate::id::{EntryId, LinkId, RecordKind, VaultId};
use crate::model::{KdfParams, LinkContents, LinkedField};
use crate::secret::{SecretBytes, SecretString};

/// What the contents of a link are bound to.
#[derive(Clone, Copy, Debug)]
pub struct LinkBinding {
    /// The vault.
    pub vault: VaultId,
    /// The link.
    pub link: LinkId,
    /// The entry whose secret it hands over.
    pub entry: EntryId,
}

impl LinkBinding {
    fn context(&self) -> Context<'static> {
        Context {
            vault: Some(self.vault),
            kind: Some(RecordKind::Link),
            id: Some(self.link.to_bytes()),
            entry: Some(self.entry),
            field: Some("contents"),
            ..Context::default()
        }
    }

    fn key(&self, key: &[u8]) -> Result<EnvelopeKey, EnvelopeError> {
        let derived = crypto::derive_key(key, &self.link.to_bytes(), b"pwvault link")?;
        Ok(EnvelopeKey::unnamed(derived.expose()))
    }
}

/// Seals what a link hands over under its key, and under its passphrase if it has one.
///
/// # Errors
/// [`EnvelopeError::Crypto`] when the cost of the passphrase lies outside the bounds or randomness
/// fails.
pub fn seal_link(
    keyring: &Keyring,
    binding: LinkBinding,
    key: &[u8],
    passphrase: Option<(&[u8], KdfParams)>,
    contents: &LinkContents,
) -> Result<Vec<u8>, EnvelopeError> {
    let context = binding.context();
    let payload = encode(contents)?;
    let body = match passphrase {
        None => {
            let mut body = Vec::with_capacity(1 + payload.len());
            body.push(OPEN);
            body.extend_from_slice(payload.expose());
            SecretBytes::new(body)
        }
        Some((passphrase, params)) => {
            let salt = crypto::random_array::<SALT_LEN>()?;
            let stretched = crypto::argon2id(passphrase, &salt, params)?;
            let stretched = EnvelopeKey::unnamed(stretched.expose());
            let inner =
                sealed::seal(&stretched, Purpose::LinkPassphrase, Suite::Argon2id, &context, &[], payload.expose())?;
            let mut body = Vec::with_capacity(1 + 12 + SALT_LEN + inner.len());
            body.push(WITH_PASSPHRASE);
            for cost in [params.memory_kib, params.passes, params.lanes] {
                body.extend_from_slice(&cost.to_be_bytes());
            }
            body.extend_from_slice(&salt);
            body.extend_from_slice(&inner);
            SecretBytes::new(body)
        }
    };
    let inner =
        sealed::seal(&binding.key(key)?, Purpose::LinkContents, Suite::Symmetric, &context, &[], body.expose())?;
    sealed::seal(keyring.data_key(), Purpose::Link, Suite::Symmetric, &context, &[], &inner)
}

/// Opens what a link hands over.
///
/// # Errors
/// [`EnvelopeError::WrongKey`] when the key or the passphrase does not fit, or there is a passphrase
/// and none was given; [`EnvelopeError::BadPayload`] when one was given and there is none;
/// [`EnvelopeError::Tampered`] and the like when it is not what was sealed;
/// [`EnvelopeError::Crypto`] when the cost of the passphrase lies outside the bounds, which is found
/// before Argon2 runs.
pub fn open_link(
    keyring: &Keyring,
    binding: LinkBinding,
    key: &[u8],
    passphrase: Option<&[u8]>,
    rest: &[u8],
) -> Result<LinkContents, EnvelopeError> {
    let context = binding.context();
    let inner = open_under_data_key(keyring, Purpose::Link, &context, rest)?;
    let key = binding.key(key)?;
    let body = sealed::open(&key, Purpose::LinkContents, Suite::Symmetric, &context, &[], inner.expose())?;
    let mut reader = Reader::new(body.expose(), "shorter than a link");
    match (reader.u8()?, passphrase) {
        (OPEN, None) => decode(reader.rest()),
        (OPEN, Some(_)) => Err(EnvelopeError::BadPayload { what: "link with a passphrase" }),
        (WITH_PASSPHRASE, None) => Err(EnvelopeError::WrongKey),
        (WITH_PASSPHRASE, Some(passphrase)) => {
            let params = KdfParams { memory_kib: reader.u32()?, passes: reader.u32()?, lanes: reader.u32()? };
            let salt = reader.array::<SALT_LEN>()?;
            let stretched = crypto::argon2id(passphrase, &salt, params)?;
            let stretched = EnvelopeKey::unnamed(stretched.expose());
            let purpose = Purpose::LinkPassphrase;
            decode(sealed::open(&stretched, purpose, Suite::Argon2id, &context, &[], reader.rest())?.expose())
        }
        _ => Err(EnvelopeError::Malformed { what: "a link neither with nor without a passphrase" }),
    }
}

/// Seals the outer layer under the current data key. What lies inside stays.
///
/// # Errors
/// [`EnvelopeError::UnknownKey`] when the old data key is gone; [`EnvelopeError::Tampered`] and the
/// like when it is not what was sealed.
pub fn reseal_link(keyring: &Keyring, binding: LinkBinding, rest: &[u8]) -> Result<Vec<u8>, EnvelopeError> {
    reseal_under_data_key(keyring, Purpose::Link, &binding.context(), rest)
}

/// `password | username | notes | totp | count u16 | count x (name | value)`, each text behind a u32
/// length.
fn encode(contents: &LinkContents) -> Result<SecretBytes, EnvelopeError> {
    let LinkContents { password, username, notes, totp, fields } = contents;
    let texts = [password, username, notes, totp];
    let texts_len: usize = texts.iter().map(|text| 4 + text.len()).sum();
    let fields_len: usize = fields.iter().map(|field| 8 + field.name.len() + field.value.len()).sum();
    // One allocation, so that growing leaves no copy behind.
    let mut out = Vec::with_capacity(texts_len + 2 + fields_len);
    for text in texts {
        put_bytes(&mut out, text.expose().as_bytes(), "a link")?;
    }
    out.extend_from_slice(&count_u16(fields.len(), "the field list")?);
    for text in fields.iter().flat_map(|LinkedField { name, value }| [name, value]) {
        put_bytes(&mut out, text.expose().as_bytes(), "a link")?;
    }
    Ok(SecretBytes::new(out))
}

fn decode(payload: &[u8]) -> Result<LinkContents, EnvelopeError> {
    let mut reader = Reader::new(payload, "shorter than a link");
    let [password, username, notes, totp] =
        [text(&mut reader)?, text(&mut reader)?, text(&mut reader)?, text(&mut reader)?];
    let count = reader.u16()?;
    let field = |_| Ok(LinkedField { name: text(&mut reader)?, value: text(&mut reader)? });
    let fields = (0..count).map(field).collect::<Result<Vec<_>, EnvelopeError>>()?;
    reader.finish()?;
    Ok(LinkContents { password, username, notes, totp, fields })
}

fn text(reader: &mut Reader<'_>) -> Result<SecretString, EnvelopeError> {
    String::from_utf8(reader.bytes()?.to_vec()).map(SecretString::new).map_err(|error| {
        error.into_bytes().zeroize();
        EnvelopeError::BadPayload { what: "link" }
    })
}

const OPEN: u8 = 0;
const WITH_PASSPHRASE: u8 = 1;
const SALT_LEN: usize = 16;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn binding(id: u8) -> LinkBinding {
        LinkBinding {
            vault: VaultId::from_bytes([1; 16]),
            link: LinkId::from_bytes([id; 16]),
            entry: EntryId::from_bytes([3; 16]),
        }
    }

    fn contents() -> LinkContents {
        let fields = vec![LinkedField { name: "PIN".into(), value: "0815".into() }];
        LinkContents { password: "s3cret".into(), username: "anna".into(), fields, ..LinkContents::default() }
    }

    #[test]
    fn a_link_opens_with_its_key_and_nowhere_else() {
        let ring = Keyring::generate(VaultId::from_bytes([1; 16]), 1).unwrap();
        let rest = seal_link(&ring, binding(2), &[7; 32], None, &contents()).unwrap();
        let opened = open_link(&ring, binding(2), &[7; 32], None, &rest).unwrap();
        assert_eq!((opened.password.expose(), opened.username.expose()), ("s3cret", "anna"));
        assert_eq!(opened.fields.iter().map(|field| field.value.expose()).collect::<Vec<_>>(), ["0815"]);
        let refused = |binding, key: u8| open_link(&ring, binding, &[key; 32], None, &rest).unwrap_err();
        assert_eq!(refused(binding(2), 8), EnvelopeError::WrongKey);
        assert_eq!(refused(binding(4), 7), EnvelopeError::Tampered);
        // The link alone is not enough either.
        let other = Keyring::generate(VaultId::from_bytes([1; 16]), 1).unwrap();
        assert_eq!(open_link(&other, binding(2), &[7; 32], None, &rest).unwrap_err(), EnvelopeError::UnknownKey);
    }

    #[test]
    fn a_passphrase_is_needed_besides_the_key() {
        let ring = Keyring::generate(VaultId::from_bytes([1; 16]), 1).unwrap();
        let rest =
            seal_link(&ring, binding(2), &[7; 32], Some((b"seven herons", KdfParams::FLOOR)), &contents()).unwrap();
        let open = |passphrase| open_link(&ring, binding(2), &[7; 32], passphrase, &rest);
        assert_eq!(open(Some(b"seven herons".as_slice())).unwrap().password.expose(), "s3cret");
        assert_eq!(open(Some(b"six herons".as_slice())).unwrap_err(), EnvelopeError::WrongKey);
        assert_eq!(open(None).unwrap_err(), EnvelopeError::WrongKey);
    }

    #[test]
    fn a_new_data_key_seals_the_outer_layer_again() {
        let ring = Keyring::generate(VaultId::from_bytes([1; 16]), 1).unwrap();
        let rest = seal_link(&ring, binding(2), &[7; 32], None, &contents()).unwrap();
        let turned = ring.with_new_data_key().unwrap();
        let fresh = reseal_link(&turned, binding(2), &rest).unwrap();
        let pruned = turned.without_retired_keys().unwrap();
        assert!(open_link(&pruned, binding(2), &[7; 32], None, &fresh).is_ok());
        assert!(open_link(&pruned, binding(2), &[7; 32], None, &rest).is_err());
    }
}
