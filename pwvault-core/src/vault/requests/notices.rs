//! Messages about requests: to the client who is asked, and to whoever asked when the answer is there.

use super::RequestSecret;
use crate::id::EntryId;
use crate::model::{CredentialRequestHead, NoticeKind, Person};
use crate::store::ChangeSet;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;

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
        self.tell_person(
            NoticeKind::CredentialsRequested,
            client,
            head.created_by.clone(),
            None,
            changes,
            |to, facts| {
                facts.insert("title".to_owned(), head.name.clone());
                facts.insert("link".to_owned(), secret.address(page));
                facts.insert("ends_at".to_owned(), to.zone().local(head.expires_at));
            },
        )
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
        self.tell_person(
            NoticeKind::CredentialsGiven,
            head.created_by.clone(),
            actor,
            Some(entry),
            changes,
            |_, facts| {
                facts.insert("title".to_owned(), head.name.clone());
                facts.insert("entry".to_owned(), head.name.clone());
            },
        )
    }
}
