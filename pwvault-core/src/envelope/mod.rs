//! Envelopes: the only room where the model meets keys. Owns the byte format of everything sealed
//! (`spec/format.md`), the context each ciphertext is bound to, and the keyring; knows no store, no
//! policy and no session.

mod codec;
mod context;
mod error;
mod formats;
mod keyring;
mod link;
mod master;
mod messages;
mod record;
mod sealed;
mod secret;
mod wrap;

pub use context::{Context, Purpose, Suite};
pub use error::EnvelopeError;
pub use keyring::{AuditKeys, Keyring, RingKey};
pub use link::{LinkBinding, open_link, reseal_link, seal_link};
pub use master::MasterWraps;
pub use record::{
    OpenedRecord, UnreadRecord, authenticate_record, data_key_of, epoch_of, labels_data, open_record, seal_record,
};
pub use sealed::{EnvelopeKey, key_id_of, open, seal, sealed_len};
pub use secret::{
    LockTarget, SealedSecret, SecretBinding, open_locked, open_vault, reseal_outer, seal_locked, seal_vault,
};
pub use wrap::{
    open_key_wrap, open_password_wrap, open_under_data_key, reseal_under_data_key, seal_key_wrap, seal_password_wrap,
};
