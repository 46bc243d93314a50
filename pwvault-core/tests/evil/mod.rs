//! A database in the hands of an adversary, and a vault with one of everything to attack.
#![allow(dead_code, unused_imports, reason = "each test file uses a part")]

mod site;
pub(crate) mod store;

use std::fmt::Write as _;
use std::io::Write as _;

use pwvault_core::VaultError;
use pwvault_core::store::{Record, StoreError};

pub(crate) use site::{Furnished, MASTER, PASSPHRASE, Site, set_master};

/// Attacks made and refused, printed when it is dropped.
#[derive(Default)]
pub(crate) struct Ledger(String);

impl Ledger {
    /// Enters a row. Every attack counted must have been refused, and there must have been some.
    pub(crate) fn enter(&mut self, row: &str, attack: &str, made: u64, refused: u64) {
        assert!(made > 0, "row {row}: no attack was made: {attack}");
        assert_eq!(made, refused, "row {row}: {attack}");
        self.note(row, &format!("{attack}: {made} made, {refused} refused"));
    }

    /// Enters a finding that is not a count.
    pub(crate) fn note(&mut self, row: &str, text: &str) {
        let _ = writeln!(self.0, "row {row:>3}: {text}");
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        // Past the capture of the test runner, so that a run without a failure shows its counts.
        let _ = std::io::stderr().write_all(self.0.as_bytes());
    }
}

/// Whether an error says that the store gave what the vault did not write.
pub(crate) fn is_refusal(error: &VaultError) -> bool {
    matches!(
        error,
        VaultError::Tampered { .. }
            | VaultError::Envelope(_)
            | VaultError::UnknownKek(_)
            | VaultError::WrongKek(_)
            | VaultError::NoVault(_)
            | VaultError::NoPolicy
            | VaultError::NotFound
            | VaultError::RolledBack { .. }
            | VaultError::Substituted { .. }
            | VaultError::Audit(_)
            | VaultError::Directory(_)
            | VaultError::Store(StoreError::BadAnswer(_))
    )
}

/// Where the envelopes of a body lie: one after the fields in front, then whatever follows.
pub(crate) fn envelopes(body: &[u8]) -> Vec<std::ops::Range<usize>> {
    let starts = body.windows(3).enumerate().filter(|(_, bytes)| *bytes == b"PWV").map(|(at, _)| at);
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for at in starts {
        let behind = found.last().is_none_or(|last| last.end <= at);
        if let (true, Ok(len)) = (behind, pwvault_core::envelope::sealed_len(&body[at..])) {
            found.push(at..at + len);
        }
    }
    found
}

/// The head of a record's body (epoch and head envelope) and its rest.
pub(crate) fn head_and_rest(record: &Record) -> (&[u8], &[u8]) {
    record.body.split_at(envelopes(&record.body)[0].end)
}
