//! An OpenPGP message for an RSA-3072 key.

use pgp::composed::{
    EncryptionCaps, KeyType, Message, MessageBuilder, SecretKeyParamsBuilder, SignedPublicKey, SignedSecretKey,
    SubkeyParamsBuilder,
};
use pgp::crypto::sym::SymmetricKeyAlgorithm;
use pgp::types::Password;
use rand::thread_rng;

use crate::Fallible;
use crate::sample::Plain;

pub struct Peer {
    secret: SignedSecretKey,
    public: SignedPublicKey,
}

impl Peer {
    pub fn new() -> Fallible<Self> {
        let mut subkey = SubkeyParamsBuilder::default();
        subkey.key_type(KeyType::Rsa(3072)).can_encrypt(EncryptionCaps::All);
        let mut primary = SecretKeyParamsBuilder::default();
        primary.key_type(KeyType::Ed25519).can_certify(true).can_sign(true).primary_user_id("bench".to_owned());
        let secret = primary.subkeys(vec![subkey.build()?]).build()?.generate(thread_rng())?;
        Ok(Self { public: SignedPublicKey::from(secret.clone()), secret })
    }

    pub fn seal(&self, entry: &Plain) -> Vec<u8> {
        let mut builder =
            MessageBuilder::from_bytes("", entry.json()).seipd_v1(thread_rng(), SymmetricKeyAlgorithm::AES256);
        let to = self.public.public_subkeys.first().expect("a subkey");
        builder.encrypt_to_key(thread_rng(), to).expect("encrypted");
        builder.to_vec(thread_rng()).expect("sealed")
    }

    pub fn open(&self, sealed: &[u8]) -> Plain {
        let message = Message::from_bytes(sealed).expect("a message");
        let json = message.decrypt(&Password::empty(), &self.secret).expect("opened").as_data_vec().expect("its data");
        serde_json::from_slice(&json).expect("the JSON sealed before")
    }
}
