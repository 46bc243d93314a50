//! What needs no vault: questions to the policy, the calendar, checkpoints of a log, files before they
//! are imported, one-time codes. Tools for hosts and auditors, and the way every language walks
//! `vectors/`.

use pwvault_core::audit::{ShardHead, verify_checkpoint_with};
use pwvault_core::generate::{Strength, strength};
use pwvault_core::model::{KekId, Message, Period};
use pwvault_core::otp::{OtpCode, Seed};
use pwvault_core::policy::{Answer, Question};
use pwvault_core::schedule::{Recurrence, ScheduleError, Zone};
use pwvault_core::translate::{Catalogues, Locale};
use pwvault_core::{SecretBytes, SecretString, Timestamp, VaultError, VaultId};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::file::{CsvContents, CsvOptions, contents};
use super::{Operation, operations};
use crate::fault::{Code, Fault};

/// What the library does by itself, without a vault or a session.
#[derive(Clone, Copy, Debug)]
pub struct Library;

/// Every operation of the library itself.
pub static LIBRARY: &[Operation<Library>] = operations! {
    Library {
        decide(question: Question) -> Answer = |on| on.decide(question);
        next_reminder(since: Timestamp, every: Period, number: u32, hour: u8, zone: String) -> ReminderTime =
            |on| on.next_reminder(since, every, number, hour, &zone);
        verify_checkpoint(text: String, verifier_keys: Vec<String>) -> ShardHead =
            |on| on.verify_checkpoint(&text, &verifier_keys);
        read_csv(file: SecretBytes, options: CsvOptions) -> CsvContents = |on| on.read_csv(&file, options);
        strength(text: SecretString, known: Vec<String>) -> Strength = |on| on.strength(&text, &known);
        totp_code(seed: SecretString, at: Timestamp) -> OtpCode = |on| on.totp_code(&seed, at);
        new_vault_id() -> VaultId = |on| on.new_vault_id();
        new_kek_id() -> KekId = |on| on.new_kek_id();
        languages() -> Vec<Locale> = |on| on.languages();
        catalogue(language: Locale) -> String = |on| on.catalogue(&language);
    }
};

/// When a reminder falls.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReminderTime {
    /// The moment.
    at: Timestamp,
    /// Its local date and time, such as `2026-02-28 09:00`.
    local: String,
}

impl Library {
    /// Decides a policy question in plain facts, without a vault.
    ///
    /// `spec/policy.md` describes facts and answers. For auditors who check decisions, and for hosts
    /// that ask what a policy would say before they write it.
    ///
    /// # Errors
    /// `INVALID` for facts that are missing or cannot be.
    pub fn decide(self, question: Question) -> Result<Answer, Fault> {
        question.answer().map_err(|error| Fault {
            detail: json!({ "key": error.phrase().key() }),
            ..Fault::new(Code::Invalid, error.to_string())
        })
    }

    /// Tells when a reminder falls: the occurrence with a number, counted from 1, of what recurs
    /// since a moment, at an hour of the local day (0 to 23) in an IANA time zone.
    ///
    /// # Errors
    /// `INVALID` for a period, hour or zone that is not accepted; `error` of the detail names which.
    pub fn next_reminder(
        self,
        since: Timestamp,
        every: Period,
        number: u32,
        hour: u8,
        zone: &str,
    ) -> Result<ReminderTime, Fault> {
        let zone = Zone::named(zone)?;
        let at = Recurrence::new(since, every, hour)?.occurrence(number, &zone)?;
        Ok(ReminderTime { at, local: zone.local(at) })
    }

    /// Verifies a checkpoint of a log by verifier keys, and tells what it states.
    ///
    /// For an auditor who holds the keys (as C2SP verifier keys) and nothing else of the vault.
    ///
    /// # Errors
    /// `AUDIT` with what is wrong with the checkpoint.
    pub fn verify_checkpoint(self, text: &str, verifier_keys: &[String]) -> Result<ShardHead, Fault> {
        Ok(verify_checkpoint_with(verifier_keys, text).map_err(VaultError::from)?)
    }

    /// Reads a CSV file: what it was taken for, and what becomes of each row.
    ///
    /// # Errors
    /// `CSV` for a file that cannot be read; `error` of the detail names why, with `line` or `offset`
    /// where they are known.
    pub fn read_csv(self, file: &SecretBytes, options: CsvOptions) -> Result<CsvContents, Fault> {
        contents(file, options)
    }

    /// Judges how strong a password is. `known` are words that an attacker would try first.
    ///
    /// # Errors
    /// `GENERATE` when this build of the library cannot judge.
    pub fn strength(self, text: &SecretString, known: &[String]) -> Result<Strength, Fault> {
        let known: Vec<_> = known.iter().map(String::as_str).collect();
        Ok(strength(text, &known).map_err(VaultError::from)?)
    }

    /// Makes the one-time code of a seed, base32 or an `otpauth://totp/` address, at a moment.
    ///
    /// # Errors
    /// `CRYPTO` for a text that is no seed, `INVALID` for one that counts instead of telling the time.
    pub fn totp_code(self, seed: &SecretString, at: Timestamp) -> Result<OtpCode, Fault> {
        match Seed::parse(seed.expose()).map_err(VaultError::from)? {
            Seed::Totp(totp) => Ok(totp.code(at)),
            Seed::Hotp(_) => Err(Fault::new(Code::Invalid, "the seed counts; one that tells the time is expected")),
        }
    }

    /// Makes an id for a vault that is to be created. It stands in the host's configuration from then on.
    ///
    /// # Errors
    /// `CRYPTO` when the operating system gives no randomness.
    pub fn new_vault_id(self) -> Result<VaultId, Fault> {
        Ok(VaultId::random().map_err(VaultError::from)?)
    }

    /// Makes an id for a key encryption key (KEK) that is to be made. It stands beside the key.
    ///
    /// # Errors
    /// `KEK` when the operating system gives no randomness.
    pub fn new_kek_id(self) -> Result<KekId, Fault> {
        Ok(KekId::random().map_err(VaultError::from)?)
    }

    /// Lists the languages whose messages are built in.
    ///
    /// # Errors
    /// None.
    pub fn languages(self) -> Result<Vec<Locale>, Fault> {
        Ok(Catalogues::built_in().locales())
    }

    /// Writes the messages of a language as Fluent text; what it lacks stands there in English, as
    /// comments.
    ///
    /// # Errors
    /// None.
    pub fn catalogue(self, language: &Locale) -> Result<String, Fault> {
        Ok(Catalogues::built_in().export(language))
    }
}

impl From<ScheduleError> for Fault {
    fn from(error: ScheduleError) -> Self {
        let phrase = error.phrase();
        let key = phrase.key();
        let name = key.strip_prefix("schedule-").unwrap_or(key).replace('-', "_");
        Self { detail: json!({ "key": key, "error": name }), ..Self::new(Code::Invalid, error.to_string()) }
    }
}
