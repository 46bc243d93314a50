//! Messages about requests: to the client who is asked, and to whoever asked when the answer is there.

use std::collections::BTreeMap;

use super::RequestSecret;
use crate::id::EntryId;
use crate::model::{Addressee, CredentialRequestHead, Notice, NoticeKind, Person};
use crate::store::ChangeSet;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::reminders::{Readers, Recipient};

impl Gate<'_> {
    /// Sends the client the address of the host's page, if the vault knows that page.
    pub(super) fn tell_asked(
        &self,
        head: &CredentialRequestHead,
        secret: &RequestSecret,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        let Some(page) = &self.core.providers.pages.request else { return Ok(()) };
        let client = Person::Client(head.client.clone());
        self.tell(NoticeKind::CredentialsRequested, client, head.created_by.clone(), None, changes, |to, facts| {
            facts.insert("title".to_owned(), head.name.clone());
            facts.insert("link".to_owned(), secret.address(page));
            facts.insert("ends_at".to_owned(), to.zone().local(head.expires_at));
        })
    }

    /// Tells whoever asked that the answer is there.
    pub(super) fn tell_given(
        &self,
        head: &CredentialRequestHead,
        entry: EntryId,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        // Whoever holds the token stands for the client who was asked.
        let actor = Some(self.session.person()).filter(|person| *person != Person::Bearer);
        let actor = actor.unwrap_or_else(|| Person::Client(head.client.clone()));
        self.tell(NoticeKind::CredentialsGiven, head.created_by.clone(), actor, Some(entry), changes, |_, facts| {
            facts.insert("title".to_owned(), head.name.clone());
            facts.insert("entry".to_owned(), head.name.clone());
        })
    }

    fn tell(
        &self,
        kind: NoticeKind,
        person: Person,
        actor: Person,
        entry: Option<EntryId>,
        changes: &mut ChangeSet,
        add: impl Fn(&Recipient, &mut BTreeMap<String, String>),
    ) -> Result<(), VaultError> {
        let readers = Readers::of(self)?;
        let to = Recipient { contact: readers.contact(&person)?, person };
        if to.contact.as_ref().is_some_and(|contact| !contact.wants_mail) {
            return Ok(());
        }
        let mut facts = BTreeMap::new();
        add(&to, &mut facts);
        facts.insert("actor".to_owned(), readers.name(&actor)?);
        let audience = to.audience();
        let locale = to.contact.and_then(|contact| contact.locale);
        let to = Addressee::Person(to.person);
        let notice = Notice { kind, audience, to, entry, facts, locale, changed_at: None };
        self.write_message(notice, self.now, changes).map(drop)
    }
}
