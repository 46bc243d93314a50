//! The rest of an entry's record: its secret, and for locked entries the wraps that open it.
//!
//! `0 | envelope(data key){secret}` for tier V, else
//! `1 | count u16 | count x (len u32 | wrap) | envelope(DEK){secret}`.

use zeroize::Zeroize;

use super::codec::{Reader, count_u16, put_bytes};
use super::context::{Context, Purpose, Suite};
use super::error::EnvelopeError;
use super::keyring::Keyring;
use super::sealed::{self, EnvelopeKey};
use super::wrap;
use crate::crypto::{self, CryptoProvider, KEY_LEN, PrivateKey, PublicKey};
use crate::id::{EntryId, FieldId, RecordKind, VaultId};
use crate::model::{Secret, SecretField};
use crate::secret::{SecretBytes, SecretString};

const TIER_VAULT: u8 = 0;
const TIER_LOCKED: u8 = 1;
const NOT_LOCKED: EnvelopeError =
    EnvelopeError::Malformed { what: "an unlocked secret where a locked one was expected" };

/// What a secret and its wraps are bound to. The secret's revision changes only with the secret,
/// so renaming, moving or sharing an entry never needs the holder's key.
#[derive(Clone, Copy, Debug)]
pub struct SecretBinding {
    /// The vault.
    pub vault: VaultId,
    /// The entry.
    pub entry: EntryId,
    /// The secret's revision.
    pub revision: u64,
}

/// A recipient of a locked entry.
#[derive(Clone, Copy, Debug)]
pub struct LockTarget<'a> {
    /// The record id of its key or master password.
    pub record: [u8; 16],
    /// Its public key.
    pub public: &'a PublicKey,
}

impl SecretBinding {
    fn context(&self) -> Context<'static> {
        Context {
            vault: Some(self.vault),
            kind: Some(RecordKind::Entry),
            entry: Some(self.entry),
            field: Some("secret"),
            secret_revision: Some(self.revision),
            ..Context::default()
        }
    }

    fn wrap_context(&self, recipient: [u8; 16]) -> Context<'static> {
        Context { recipient: Some(recipient), ..self.context() }
    }
}

/// Seals a secret under the data key.
///
/// # Errors
/// [`EnvelopeError::Crypto`] when randomness fails.
pub fn seal_vault(keyring: &Keyring, binding: SecretBinding, secret: &Secret) -> Result<Vec<u8>, EnvelopeError> {
    let payload = encode(secret)?;
    let envelope =
        sealed::seal(keyring.data_key(), Purpose::Secret, Suite::Symmetric, &binding.context(), &[], payload.expose())?;
    Ok([&[TIER_VAULT], envelope.as_slice()].concat())
}

/// Seals a secret under a fresh DEK, wrapped to every target.
///
/// # Errors
/// [`EnvelopeError::BadPayload`] without a target; [`EnvelopeError::Crypto`] when a public key is
/// refused or randomness fails.
pub fn seal_locked(
    keyring: &Keyring,
    provider: &dyn CryptoProvider,
    binding: SecretBinding,
    secret: &Secret,
    targets: &[LockTarget<'_>],
) -> Result<Vec<u8>, EnvelopeError> {
    if targets.is_empty() {
        return Err(EnvelopeError::BadPayload { what: "list of recipients" });
    }
    let dek = SecretBytes::from_slice(&crypto::random_array::<KEY_LEN>()?);
    let wraps = targets
        .iter()
        .map(|to| wrap::seal_key_wrap(keyring, provider, &binding.wrap_context(to.record), to.public, dek.expose()))
        .collect::<Result<Vec<_>, _>>()?;
    let payload = encode(secret)?;
    let envelope = sealed::seal(
        &EnvelopeKey::unnamed(dek.expose()),
        Purpose::Secret,
        Suite::Symmetric,
        &binding.context(),
        &[],
        payload.expose(),
    )?;
    assemble_locked(&wraps, &envelope)
}

/// Opens a secret of tier V.
///
/// # Errors
/// [`EnvelopeError::Tampered`] and the like when it is not what was sealed;
/// [`EnvelopeError::Malformed`] when it is locked.
pub fn open_vault(keyring: &Keyring, binding: SecretBinding, rest: &[u8]) -> Result<Secret, EnvelopeError> {
    match SealedSecret::parse(rest)? {
        SealedSecret::Vault { envelope } => {
            let payload = wrap::open_under_data_key(keyring, Purpose::Secret, &binding.context(), envelope)?;
            decode(payload.expose())
        }
        SealedSecret::Locked { .. } => {
            Err(EnvelopeError::Malformed { what: "a locked secret where none was expected" })
        }
    }
}

/// Opens a locked secret with the private key of one recipient.
///
/// # Errors
/// [`EnvelopeError::WrongKey`] when the private key does not fit, [`EnvelopeError::UnknownKey`]
/// when the secret is not sealed to the recipient, [`EnvelopeError::Tampered`] and the like when
/// it is not what was sealed.
pub fn open_locked(
    keyring: &Keyring,
    provider: &dyn CryptoProvider,
    binding: SecretBinding,
    rest: &[u8],
    recipient: [u8; 16],
    with: &PrivateKey,
) -> Result<Secret, EnvelopeError> {
    let sealed = SealedSecret::parse(rest)?;
    let dek = sealed.open_dek(keyring, provider, binding, recipient, with)?;
    let SealedSecret::Locked { envelope, .. } = sealed else { return Err(NOT_LOCKED) };
    let key = EnvelopeKey::unnamed(dek.expose());
    let payload = sealed::open(&key, Purpose::Secret, Suite::Symmetric, &binding.context(), &[], envelope)
        .map_err(sealed::under_a_known_key)?;
    decode(payload.expose())
}

/// Re-seals everything that lies directly under a data key with the current one, without opening
/// what is locked.
///
/// # Errors
/// [`EnvelopeError::UnknownKey`] when the old data key is gone; [`EnvelopeError::Tampered`] and the
/// like when it is not what was sealed.
pub fn reseal_outer(
    keyring: &Keyring,
    binding: SecretBinding,
    recipients: &[[u8; 16]],
    rest: &[u8],
) -> Result<Vec<u8>, EnvelopeError> {
    match SealedSecret::parse(rest)? {
        SealedSecret::Vault { .. } => seal_vault(keyring, binding, &open_vault(keyring, binding, rest)?),
        SealedSecret::Locked { wraps, envelope } => {
            if wraps.len() != recipients.len() {
                return Err(EnvelopeError::Tampered);
            }
            let wraps = wraps
                .iter()
                .zip(recipients)
                .map(|(bytes, to)| {
                    wrap::reseal_under_data_key(keyring, Purpose::Wrap, &binding.wrap_context(*to), bytes)
                })
                .collect::<Result<Vec<_>, _>>()?;
            assemble_locked(&wraps, envelope)
        }
    }
}

/// A rest, taken apart but not opened.
#[derive(Debug)]
pub enum SealedSecret<'a> {
    /// Under the data key.
    Vault {
        /// The secret's envelope.
        envelope: &'a [u8],
    },
    /// Under a DEK.
    Locked {
        /// One wrap of the DEK for each recipient, in the order of the head's locks.
        wraps: Vec<&'a [u8]>,
        /// The secret's envelope.
        envelope: &'a [u8],
    },
}

impl<'a> SealedSecret<'a> {
    /// Takes a rest apart.
    ///
    /// # Errors
    /// [`EnvelopeError::Malformed`] when it has not the shape of the format.
    pub fn parse(rest: &'a [u8]) -> Result<Self, EnvelopeError> {
        let mut reader = Reader::new(rest, "shorter than a secret");
        match reader.u8()? {
            TIER_VAULT => Ok(Self::Vault { envelope: reader.rest() }),
            TIER_LOCKED => {
                let count = reader.u16()?;
                if count == 0 {
                    return Err(EnvelopeError::Malformed { what: "a locked secret without a recipient" });
                }
                let wraps = (0..count).map(|_| reader.bytes()).collect::<Result<Vec<_>, _>>()?;
                Ok(Self::Locked { wraps, envelope: reader.rest() })
            }
            _ => Err(EnvelopeError::Malformed { what: "neither a vault's secret nor a locked one" }),
        }
    }

    /// The ids of the data keys it lies under: of the secret itself, or of every wrap.
    ///
    /// # Errors
    /// [`EnvelopeError::Malformed`] when one has not the shape of the format.
    pub fn data_keys(&self) -> Result<Vec<[u8; 16]>, EnvelopeError> {
        match self {
            Self::Vault { envelope } => Ok(vec![sealed::key_id_of(envelope)?]),
            Self::Locked { wraps, .. } => wraps.iter().map(|wrap| sealed::key_id_of(wrap)).collect(),
        }
    }

    /// Opens the DEK with the private key of one recipient.
    ///
    /// # Errors
    /// As in [`open_locked`].
    pub fn open_dek(
        &self,
        keyring: &Keyring,
        provider: &dyn CryptoProvider,
        binding: SecretBinding,
        recipient: [u8; 16],
        with: &PrivateKey,
    ) -> Result<SecretBytes, EnvelopeError> {
        let context = binding.wrap_context(recipient);
        let bytes = self.wrap_of(keyring, &context)?;
        wrap::open_key_wrap(keyring, provider, &context, with, bytes)
    }

    /// The wrap of one recipient without its data-key layer, with the secret's envelope: what a
    /// holder of the private key needs to open it elsewhere.
    ///
    /// # Errors
    /// As in [`open_locked`].
    pub fn peel(
        &self,
        keyring: &Keyring,
        binding: SecretBinding,
        recipient: [u8; 16],
    ) -> Result<(SecretBytes, &'a [u8]), EnvelopeError> {
        let context = binding.wrap_context(recipient);
        let bytes = self.wrap_of(keyring, &context)?;
        let Self::Locked { envelope, .. } = self else { return Err(NOT_LOCKED) };
        Ok((wrap::peel_wrap(keyring, &context, bytes)?, envelope))
    }

    /// The same secret for another list of recipients: `keep` names the positions of wraps that
    /// stay, `add` gets new wraps of `dek`.
    ///
    /// # Errors
    /// [`EnvelopeError::BadPayload`] when nobody would be left, [`EnvelopeError::Crypto`] when a
    /// public key is refused.
    pub fn with_recipients(
        &self,
        keyring: &Keyring,
        provider: &dyn CryptoProvider,
        binding: SecretBinding,
        keep: &[usize],
        add: &[LockTarget<'_>],
        dek: Option<&SecretBytes>,
    ) -> Result<Vec<u8>, EnvelopeError> {
        let Self::Locked { wraps, envelope } = self else {
            return Err(EnvelopeError::BadPayload { what: "locked secret" });
        };
        let mut kept: Vec<Vec<u8>> = keep.iter().filter_map(|at| wraps.get(*at)).map(|wrap| wrap.to_vec()).collect();
        for to in add {
            let dek = dek.ok_or(EnvelopeError::WrongKey)?;
            let context = binding.wrap_context(to.record);
            kept.push(wrap::seal_key_wrap(keyring, provider, &context, to.public, dek.expose())?);
        }
        if kept.is_empty() {
            return Err(EnvelopeError::BadPayload { what: "list of recipients" });
        }
        assemble_locked(&kept, envelope)
    }

    /// The outer layer is bound to its recipient, so the right wrap is the one that opens.
    fn wrap_of(&self, keyring: &Keyring, context: &Context<'_>) -> Result<&'a [u8], EnvelopeError> {
        let Self::Locked { wraps, .. } = self else { return Err(NOT_LOCKED) };
        wraps
            .iter()
            .find(|bytes| wrap::open_under_data_key(keyring, Purpose::Wrap, context, bytes).is_ok())
            .copied()
            .ok_or(EnvelopeError::UnknownKey)
    }
}

fn assemble_locked(wraps: &[Vec<u8>], envelope: &[u8]) -> Result<Vec<u8>, EnvelopeError> {
    let wraps_len: usize = wraps.iter().map(|wrap| wrap.len() + 4).sum();
    let mut out = Vec::with_capacity(1 + 2 + wraps_len + envelope.len());
    out.push(TIER_LOCKED);
    out.extend_from_slice(&count_u16(wraps.len(), "the list of recipients")?);
    for bytes in wraps {
        wrap::put_wrap(&mut out, bytes)?;
    }
    out.extend_from_slice(envelope);
    Ok(out)
}

/// `password | notes | totp | count u16 | count x (field id 16 | value)`, each text behind a u32 length.
fn encode(secret: &Secret) -> Result<SecretBytes, EnvelopeError> {
    let Secret { password, notes, totp, fields } = secret;
    let fields_len: usize = fields.iter().map(|field| 16 + 4 + field.value.len()).sum();
    // One allocation, so that growing leaves no copy behind.
    let mut out = Vec::with_capacity(12 + password.len() + notes.len() + totp.len() + 2 + fields_len);
    for text in [password, notes, totp] {
        put_bytes(&mut out, text.expose().as_bytes(), "a secret")?;
    }
    out.extend_from_slice(&count_u16(fields.len(), "the field list")?);
    for SecretField { id, value } in fields {
        out.extend_from_slice(&id.to_bytes());
        put_bytes(&mut out, value.expose().as_bytes(), "a secret")?;
    }
    Ok(SecretBytes::new(out))
}

fn decode(payload: &[u8]) -> Result<Secret, EnvelopeError> {
    let mut reader = Reader::new(payload, "shorter than a secret");
    let password = text(&mut reader)?;
    let notes = text(&mut reader)?;
    let totp = text(&mut reader)?;
    let count = reader.u16()?;
    let fields = (0..count)
        .map(|_| Ok(SecretField { id: FieldId::from_bytes(reader.array()?), value: text(&mut reader)? }))
        .collect::<Result<Vec<_>, EnvelopeError>>()?;
    reader.finish()?;
    Ok(Secret { password, notes, totp, fields })
}

fn text(reader: &mut Reader<'_>) -> Result<SecretString, EnvelopeError> {
    let bytes = reader.bytes()?.to_vec();
    String::from_utf8(bytes).map(SecretString::new).map_err(|error| {
        error.into_bytes().zeroize();
        EnvelopeError::BadPayload { what: "secret" }
    })
}
