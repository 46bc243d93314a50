//! Everything the vault holds about a person, as one JSON object. Secrets go straight from where they
//! are wiped to where they are written.

use std::io::Write;

use serde::Serialize;

use super::SubjectExport;
use super::gather::GatheredEntry;
use crate::audit::{self, LogCursor};
use crate::clock::Timestamp;
use crate::id::{EntryId, FieldId, PastSecretId};
use crate::model::{EntryHead, EventKind, Outcome, PastSecretHead, Person, PersonId, Secret, Section};
use crate::store::ChangeSet;
use crate::vault::error::VaultError;
use crate::vault::logs::LogFilter;
use crate::vault::session::Session;

/// An entry as it is written.
#[derive(Serialize)]
struct EntryText<'a> {
    id: EntryId,
    private: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
    overview: Option<&'a EntryHead>,
    secret: Option<SecretText<'a>>,
    withheld: Option<&'static str>,
    history: Vec<PastText<'a>>,
}

#[derive(Serialize)]
struct PastText<'a> {
    id: PastSecretId,
    since: Timestamp,
    replaced_at: Timestamp,
    set_by: &'a Person,
    secret: Option<SecretText<'a>>,
}

#[derive(Serialize)]
struct SecretText<'a> {
    password: &'a str,
    notes: &'a str,
    totp: &'a str,
    fields: Vec<FieldText<'a>>,
}

#[derive(Serialize)]
struct FieldText<'a> {
    id: FieldId,
    value: &'a str,
}

pub(super) fn export(
    session: &Session,
    out: &mut dyn Write,
    subject: &PersonId,
    secrets: bool,
) -> Result<SubjectExport, VaultError> {
    let (gathered, start) = session.run(|gate| {
        let proof = gate.section(Section::Subjects, EventKind::SubjectExported)?;
        let mut changes = ChangeSet::new();
        let gathered = gate.gather(subject, secrets, &mut changes)?;
        let ids: Vec<_> = gathered.entries.iter().map(|entry| entry.id).collect();
        gate.commit(&proof, changes, gate.event(EventKind::SubjectExported, Outcome::Done, &ids))?;
        Ok((gathered, audit::bounds(gate.core.store.as_ref(), &gate.snapshot.keyring, None, None)?))
    })?;
    let mut report = SubjectExport { entries: gathered.entries.len() as u64, ..SubjectExport::default() };
    let mut document = Document { out, empty: true };
    document.raw("{")?;
    document.member("format", &"pwvault subject export 1")?;
    document.member("subject", subject)?;
    document.member("persons", &gathered.persons)?;
    document.member("contacts", &gathered.contacts)?;
    document.member("sign_in", &gathered.sign_in)?;
    document.member("master_password", &gathered.master_password)?;
    document.list("entries", gathered.entries.iter().map(|entry| entry.text(&mut report)))?;
    document.member("keys", &gathered.keys)?;
    document.member("categories", &gathered.categories)?;
    document.member("member_of", &gathered.member_of)?;
    document.member("granted", &gathered.granted)?;
    document.member("invitations", &gathered.invitations)?;
    document.member("messages", &gathered.messages)?;
    document.member("approvals", &gathered.approvals)?;
    document.member("links", &gathered.links)?;
    document.member("requests", &gathered.requests)?;
    document.begin("events", "[")?;
    for person in &gathered.persons {
        report.events += document.events(session, person, start.clone())?;
    }
    document.raw("]}\n")?;
    document.out.flush().map_err(VaultError::Output)?;
    Ok(report)
}

impl GatheredEntry {
    fn text(&self, report: &mut SubjectExport) -> EntryText<'_> {
        let history: Vec<_> =
            self.past.iter().map(|(id, head, secret)| past_text(*id, head, secret.as_ref())).collect();
        let opened = usize::from(self.secret.is_ok()) + history.iter().filter(|past| past.secret.is_some()).count();
        report.secrets += opened as u64;
        report.withheld += (1 + history.len() - opened) as u64;
        let EntryHead { private, created_at, updated_at, .. } = &self.head;
        EntryText {
            id: self.id,
            private: *private,
            created_at: *created_at,
            updated_at: *updated_at,
            overview: self.shown.then_some(&self.head),
            secret: self.secret.as_ref().ok().map(secret_text),
            withheld: self.secret.as_ref().err().copied(),
            history,
        }
    }
}

fn past_text<'a>(id: PastSecretId, head: &'a PastSecretHead, secret: Option<&'a Secret>) -> PastText<'a> {
    let PastSecretHead { since, replaced_at, set_by, .. } = head;
    PastText { id, since: *since, replaced_at: *replaced_at, set_by, secret: secret.map(secret_text) }
}

fn secret_text(secret: &Secret) -> SecretText<'_> {
    let Secret { password, notes, totp, fields } = secret;
    let fields = fields.iter().map(|field| FieldText { id: field.id, value: field.value.expose() });
    SecretText { password: password.expose(), notes: notes.expose(), totp: totp.expose(), fields: fields.collect() }
}

/// A JSON object in the writing.
struct Document<'w> {
    out: &'w mut dyn Write,
    /// Whether nothing stands in the object or list at hand yet.
    empty: bool,
}

impl Document<'_> {
    fn raw(&mut self, text: &str) -> Result<(), VaultError> {
        self.out.write_all(text.as_bytes()).map_err(VaultError::Output)
    }

    fn value(&mut self, value: &impl Serialize) -> Result<(), VaultError> {
        serde_json::to_writer(&mut *self.out, value).map_err(|cause| VaultError::Output(cause.into()))
    }

    fn member(&mut self, name: &str, value: &impl Serialize) -> Result<(), VaultError> {
        self.begin(name, "")?;
        self.value(value)?;
        self.empty = false;
        Ok(())
    }

    fn list<T: Serialize>(&mut self, name: &str, items: impl Iterator<Item = T>) -> Result<(), VaultError> {
        self.begin(name, "[")?;
        for item in items {
            self.item(&item)?;
        }
        self.empty = false;
        self.raw("]")
    }

    fn begin(&mut self, name: &str, bracket: &str) -> Result<(), VaultError> {
        let comma = if self.empty { "" } else { ",\n" };
        self.empty = true;
        self.raw(comma)?;
        self.value(&name)?;
        self.raw(":")?;
        self.raw(bracket)
    }

    fn item(&mut self, item: &impl Serialize) -> Result<(), VaultError> {
        let comma = if self.empty { "" } else { ",\n" };
        self.raw(comma)?;
        self.empty = false;
        self.value(item)
    }

    /// The events a person caused, as the log is read.
    fn events(&mut self, session: &Session, person: &Person, start: LogCursor) -> Result<u64, VaultError> {
        let actor = Some(person.clone());
        let mut filter = LogFilter { actor, limit: 1_000, after: Some(start), ..LogFilter::default() };
        let mut count = 0;
        loop {
            let page = session.run(|gate| {
                let _proof = gate.section(Section::Subjects, EventKind::SubjectExported)?;
                let keyring = &gate.snapshot.keyring;
                Ok(audit::read(gate.core.store.as_ref(), keyring, &filter.query(keyring))?)
            })?;
            for logged in page.events.iter().filter(|logged| logged.event.is_some()) {
                self.item(logged)?;
                count += 1;
            }
            match page.next {
                Some(next) => filter.after = Some(next),
                None => return Ok(count),
            }
        }
    }
}
