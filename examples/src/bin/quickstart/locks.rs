//! The story's second half: what the vault alone cannot open, or nobody without the right answer.

use pwvault_core::model::KeyOwner;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{EntryView, KeyCustody, KeyGeneration, UnlockAnswer};
use pwvault_core::{ClientId, Session, VaultError};

use super::Outcome;
use super::show::{Lock, Report, Show, in_words, printable};

/// Anna locks an entry with a key pair of her own, whose private key only a passphrase opens.
/// Returns her session with the key unlocked.
pub(crate) fn lock(
    anna: &Session,
    anna_id: &ClientId,
    entry: &EntryView,
    show: &Show,
    report: &mut Report,
) -> Outcome<Session> {
    show.step("Anna locks an entry with a key pair: the vault alone opens it no more");
    let name = printable(&entry.head.name);
    let key = anna.generate_key(&KeyGeneration::new(
        "Anna's key",
        KeyOwner::Client(anna_id.clone()),
        KeyCustody::Passphrase(PASSPHRASE.into()),
    ))?;
    anna.attach_keys(entry.id, anna.entry(entry.id)?.head.version, &[key.id])?;

    let Err(VaultError::Locked(challenges)) = anna.reveal(entry.id) else {
        return Err("a locked entry opened without its key".into());
    };
    let challenge = challenges.iter().map(in_words).collect::<Vec<_>>().join(", or ");
    show.line(format!("   {name}: locked; what opens it is {challenge}."));
    report.locked = Some(Lock { challenge });

    // The host keeps the ticket in its own session; it stands for the passphrase until it ends.
    let ticket = anna.unlock(&UnlockAnswer::Passphrase { key: key.id, passphrase: PASSPHRASE.into() })?;
    let anna = anna.clone().with_ticket(ticket);
    let secret = anna.reveal(entry.id)?;
    report.revealed += 1;
    show.line(format!("   With the passphrase: {}", show.secret(&secret.password)));
    Ok(anna)
}

/// In an application the person types it.
const PASSPHRASE: &str = "seven quiet herons";
