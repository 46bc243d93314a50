//! The entry that is sealed and opened everywhere: 299 bytes as JSON.

use pwvault_core::clock::Timestamp;
use pwvault_core::id::EntryId;
use pwvault_core::model::{EntryHead, Owner, Person, Secret};
use pwvault_core::{ClientId, SecretString};
use serde::{Deserialize, Serialize};

use crate::Fallible;

/// An entry as plain data, in which form the floors and peers carry it.
#[derive(Serialize, Deserialize)]
pub struct Plain {
    pub name: String,
    pub username: String,
    pub website: String,
    pub password: String,
    pub notes: String,
}

impl Plain {
    /// The entry of this number.
    pub fn number(number: u32) -> Self {
        Self {
            name: format!("Webmail of customer {number:07}"),
            username: format!("anna.{number:07}@example.com"),
            website: format!("https://mail{number:07}.example.com/sign-in"),
            password: format!("correct horse {number:07}"),
            notes: "The second factor is on the phone in the safe; call the hotline before you reset it, \
                    and note the date and your reason there."
                .to_owned(),
        }
    }

    /// Its JSON.
    pub fn json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("plain text has a JSON form")
    }

    /// Its halves as the vault keeps them.
    pub fn split(&self, owner: Owner) -> (EntryHead, Secret) {
        let now = Timestamp::from_millis(EPOCH_MS);
        let by = Person::Client(ClientId::new("anna").expect("an id"));
        let head = EntryHead {
            name: self.name.clone(),
            username: self.username.clone(),
            website: Some(self.website.clone()),
            ..EntryHead::blank(owner, by, now)
        };
        let secret = Secret {
            password: SecretString::from(self.password.as_str()),
            notes: SecretString::from(self.notes.as_str()),
            ..Secret::default()
        };
        (head, secret)
    }
}

/// The owner of the sample entries.
pub fn owner(name: &str) -> Fallible<Owner> {
    Ok(Owner::Client(ClientId::new(name)?))
}

/// The id of the entry of this number: ids rise with the numbers, one millisecond apart.
pub fn entry_id(number: u32) -> EntryId {
    let millis = EPOCH_MS.unsigned_abs() + u64::from(number);
    // Spread as random bits are, and the same in every run.
    let spread = (u64::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    EntryId::from_bytes((u128::from(millis) << 80 | 7 << 76 | 2 << 62 | u128::from(spread >> 2)).to_be_bytes())
}

/// When the first sample entry was made, in milliseconds since the Unix epoch.
pub const EPOCH_MS: i64 = 1_760_000_000_000;
