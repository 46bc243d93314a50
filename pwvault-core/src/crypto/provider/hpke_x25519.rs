//! HPKE (RFC 9180) in base mode over X25519, as a key encapsulation: only exported secrets are used,
//! so the suite has no AEAD.

use hpke::aead::ExportOnlyAead;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, HpkeError, Kem, OpModeR, OpModeS, Serializable, setup_receiver, setup_sender_with_rng};

use super::Encapsulated;
use crate::crypto::error::CryptoError;
use crate::crypto::kdf::KEY_LEN;
use crate::crypto::keypair::{PrivateKey, PublicKey};
use crate::crypto::random::OsRng;
use crate::secret::SecretBytes;

const EXPORTER_CONTEXT: &[u8] = b"pwvault seed";

pub(super) fn encapsulate(to: &PublicKey, info: &[u8]) -> Result<Encapsulated, CryptoError> {
    let to = to.x25519_raw().ok_or(CryptoError::KeyRejected)?;
    let mut rng = OsRng::new();
    let made = send(&to, info, EXPORTER_CONTEXT, &mut rng);
    rng.check()?;
    made.map_err(|_| CryptoError::KeyRejected)
}

/// Nothing when `kem_ct` is a point of low order.
pub(super) fn decapsulate(with: &PrivateKey, info: &[u8], kem_ct: &[u8]) -> Result<Option<SecretBytes>, CryptoError> {
    Ok(receive(with.x25519_scalar()?, info, kem_ct, EXPORTER_CONTEXT).ok())
}

fn send(to: &[u8; 32], info: &[u8], exporter_context: &[u8], rng: &mut OsRng) -> Result<Encapsulated, HpkeError> {
    let to = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(to)?;
    let (kem_ct, context) =
        setup_sender_with_rng::<ExportOnlyAead, HkdfSha256, X25519HkdfSha256>(&OpModeS::Base, &to, info, rng)?;
    let mut seed = vec![0; KEY_LEN];
    context.export(exporter_context, &mut seed)?;
    Ok(Encapsulated { kem_ct: kem_ct.to_bytes().to_vec(), seed: SecretBytes::new(seed) })
}

fn receive(scalar: &[u8; 32], info: &[u8], kem_ct: &[u8], exporter_context: &[u8]) -> Result<SecretBytes, HpkeError> {
    let private = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(scalar)?;
    let kem_ct = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(kem_ct)?;
    let context =
        setup_receiver::<ExportOnlyAead, HkdfSha256, X25519HkdfSha256>(&OpModeR::Base, &private, &kem_ct, info)?;
    let mut seed = vec![0; KEY_LEN];
    context.export(exporter_context, &mut seed)?;
    Ok(SecretBytes::new(seed))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        std::array::from_fn(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
    }

    const IKM_E: &str = "55bc245ee4efda25d38f2d54d5bb6665291b99f8108a8c4b686c2b14893ea5d9";

    #[test]
    fn agrees_with_rfc_9180() {
        // Appendix A.7.1.
        let info = b"Ode on a Grecian Urn";
        let public = bytes("194141ca6c3c3beb4792cd97ba0ea1faff09d98435012345766ee33aae2d7664");
        let private = bytes("33d196c830a12f9ac65d6e565a590d80f04ee9b19c83c87f2c170d972a812848");
        let kem_ct: [u8; 32] = bytes("e5e8f9bfff6c2f29791fc351d2c25ce1299aa5eaca78a757c0b4fb4bcd830918");
        for (context, exported) in [
            (b"".as_slice(), "7a36221bd56d50fb51ee65edfd98d06a23c4dc87085aa5866cb7087244bd2a36"),
            (b"\0", "d5535b87099c6c3ce80dc112a2671c6ec8e811a2f284f948cec6dd1708ee33f0"),
            (b"TestContext", "ffaabc85a776136ca0c378e5d084c9140ab552b78f039d2e8775f26efff4c70e"),
        ] {
            let mut rng = OsRng::drawing(|out| {
                out.copy_from_slice(&bytes::<32>(IKM_E));
                Ok(())
            });
            let sent = send(&public, info, context, &mut rng).unwrap();
            assert_eq!(sent.kem_ct, kem_ct);
            assert_eq!(sent.seed.expose(), bytes::<32>(exported));
            let received = receive(&private, info, &kem_ct, context).unwrap();
            assert_eq!(received.expose(), bytes::<32>(exported));
        }
    }
}
