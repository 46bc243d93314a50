//! Answering: from a token and values to a sealed entry, once.

use super::RequestSecret;
use super::record::FoundRequest;
use crate::directory::TokenUse;
use crate::id::EntryId;
use crate::model::{
    Actions, AnswerKey, CredentialRequestHead, EntryDraft, EventKind, FieldDraft, Given, Grant, Grantee, Outcome,
    Owner, Person, WantedPart,
};
use crate::secret::SecretString;
use crate::store::ChangeSet;
use crate::vault::draft;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::sealing::{Holder, check_beside_master};

impl Gate<'_> {
    /// The request, if it still takes an answer.
    pub(super) fn open_request(&self, secret: &RequestSecret) -> Result<FoundRequest, VaultError> {
        let found = self.held_request(secret)?;
        match found.head.ended(self.now) {
            Some(why) => Err(VaultError::Ended { what: "request", why }),
            None => Ok(found),
        }
    }

    pub(super) fn answer_request(
        &self,
        secret: &RequestSecret,
        values: &[SecretString],
    ) -> Result<EntryId, VaultError> {
        // Requests that are none leave no event: anyone could fill the log with them.
        let FoundRequest { id, revision, mut head, .. } = self.held_request(secret)?;
        if let Some(why) = head.ended(self.now) {
            self.log(EventKind::CredentialsGiven, Outcome::Denied, &[])?;
            return Err(VaultError::Ended { what: "request", why });
        }
        match self.admit_client(&head.client, EventKind::CredentialsGiven) {
            Err(VaultError::Denied(_)) => return Err(VaultError::NotFound),
            admitted => admitted?,
        }
        let draft = draft_of(&head, values)?;
        let holders = self.answer_holders(&head)?;
        let entry = EntryId::generate(self.now)?;
        let by = self.session.person();
        let (mut entry_head, parts) =
            draft::new_entry(&draft, head.owner.clone(), &by, self.now, self.generator_policy())?;
        if let (Owner::Client(_), Person::Admin(asked)) = (&head.owner, &head.created_by) {
            let grantee = Grantee::Admin(asked.clone());
            entry_head.grants.push(Grant::new(grantee, Actions::VIEW_AND_REVEAL, by.clone(), self.now));
        }
        let mut changes = ChangeSet::new();
        let mut event = self.event(EventKind::CredentialsGiven, Outcome::Done, &[entry]);
        self.seal_new_head(entry, entry_head, &parts, &holders, &mut changes, &mut event)?;
        self.tell_given(&head, entry, &mut changes)?;
        head.given = Some(Given { entry, by, at: self.now });
        changes.write(self.request_record(id, revision + 1, &head)?);
        self.commit_relying(changes, event)?;
        Ok(entry)
    }

    /// The request, if the token is its token, it asks whoever holds it, and the right it rests on
    /// still holds.
    fn held_request(&self, secret: &RequestSecret) -> Result<FoundRequest, VaultError> {
        let found =
            self.find_request(secret.id())?.filter(|found| secret.0.fits(TokenUse::Request, &found.head.token_hash));
        let found = found.ok_or(VaultError::NotFound)?;
        let another = self.session.principal.account().is_some_and(|account| *account != found.head.client);
        if another || !self.still_asks(&found.head.rests_on, &found.head.owner)? {
            return Err(VaultError::NotFound);
        }
        Ok(found)
    }

    /// The keys that were chosen, as they were when they were chosen.
    fn answer_holders(&self, head: &CredentialRequestHead) -> Result<Vec<Holder>, VaultError> {
        let guarded = self.is_guarded(&head.owner)?;
        let holder = |chosen: &AnswerKey| {
            let key = self.find_key(chosen.key)?.filter(|key| key.head.fingerprint == chosen.fingerprint);
            let key = key.ok_or(VaultError::State(
                "a key that the answer would be sealed to was deleted; ask for the request to be sent again",
            ))?;
            check_beside_master(guarded, &key)?;
            self.holder_of_key(&key)
        };
        head.keys.iter().map(holder).collect()
    }
}

/// The values, each in its place.
fn draft_of(head: &CredentialRequestHead, values: &[SecretString]) -> Result<EntryDraft, VaultError> {
    if values.len() != head.wanted.len() {
        let rule = format!("there are {}; {} are asked for", values.len(), head.wanted.len());
        return Err(VaultError::invalid("values", rule));
    }
    let mut draft = EntryDraft { name: head.name.clone(), kind: head.kind, ..EntryDraft::default() };
    for (wanted, value) in head.wanted.iter().zip(values) {
        if wanted.required && value.is_empty() {
            return Err(VaultError::invalid("values", "one that is required is empty"));
        }
        let text = || value.expose().to_owned();
        let field = |name: &String, secret| FieldDraft { name: name.clone(), value: value.clone(), secret };
        match &wanted.part {
            WantedPart::Username => draft.username = text(),
            WantedPart::Password => draft.password = value.clone(),
            WantedPart::Notes => draft.notes = value.clone(),
            WantedPart::Totp => draft.totp = value.clone(),
            WantedPart::Website => draft.website = text(),
            WantedPart::LoginUrl => draft.login_url = text(),
            WantedPart::VisibleField(name) => draft.fields.push(field(name, false)),
            WantedPart::SecretField(name) => draft.fields.push(field(name, true)),
        }
    }
    Ok(draft)
}
