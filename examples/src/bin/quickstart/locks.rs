//! The story's second half: what the vault alone cannot open, or nobody without the right answer.

use pwvault_core::model::{KeyOwner, Owner};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{EntryQuery, EntryView, KeyCustody, KeyGeneration, Recovery, SetMaster, UnlockAnswer};
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

/// Anna sets a master password, without which her entries are neither listed nor opened. Returns
/// her session with it unlocked.
pub(crate) fn guard(
    anna: &Session,
    anna_id: &ClientId,
    entry: &EntryView,
    show: &Show,
    report: &mut Report,
) -> Outcome<Session> {
    show.step("Anna sets a master password: her entries are neither listed nor opened without it");
    anna.set_master_password(&SetMaster {
        password: MASTER_PASSWORD.into(),
        confirmation: MASTER_PASSWORD.into(),
        recovery: Recovery::None,
    })?;
    let Err(VaultError::Locked(challenges)) = anna.list_entries(&EntryQuery::default()) else {
        return Err("a guarded list was shown without the master password".into());
    };
    let Err(VaultError::Locked(_)) = anna.reveal(entry.id) else {
        return Err("a guarded entry opened without the master password".into());
    };
    let challenge = challenges.iter().map(in_words).collect::<Vec<_>>().join(", or ");
    show.line(format!("   Refused, both; what opens them is {challenge}."));

    let owner = Owner::Client(anna_id.clone());
    let ticket = anna.unlock(&UnlockAnswer::MasterPassword { owner, password: MASTER_PASSWORD.into() })?;
    let anna = anna.clone().with_ticket(ticket);
    let secret = anna.reveal(entry.id)?;
    report.revealed += 1;
    show.line(format!("   With it, {}: {}", printable(&entry.head.name), show.secret(&secret.password)));
    Ok(anna)
}

/// In an application the person types them.
const PASSPHRASE: &str = "seven quiet herons";
const MASTER_PASSWORD: &str = "a long walk before breakfast";
