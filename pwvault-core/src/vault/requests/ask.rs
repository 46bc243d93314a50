//! Asking, and asking again.

use super::{CredentialRequestDraft, RequestSecret};
use crate::directory::{Token, TokenUse};
use crate::id::{CredentialRequestId, KeyId};
use crate::model::{
    AnswerKey, CredentialRequestHead, Ended, EventKind, Outcome, Owner, Recipient, Section, Wanted, WantedPart, limits,
};
use crate::policy::{Authorized, Capability};
use crate::store::ChangeSet;
use crate::vault::draft::{check_length, checked_name};
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;

impl Gate<'_> {
    pub(super) fn ask(&self, draft: &CredentialRequestDraft) -> Result<RequestSecret, VaultError> {
        let CredentialRequestDraft { client, owner, name, kind, wanted, message, keys, expires_at } = draft;
        let proof = self.may_ask(owner)?;
        match owner {
            Owner::Client(id) if id != client => {
                return Err(VaultError::invalid("owner", "it is neither the client who is asked nor the one who asks"));
            }
            Owner::Client(_) | Owner::Admin(_) => {}
        }
        self.admit_client(client, EventKind::CredentialsRequested)?;
        check_length("message", message.len(), limits::FIELD_MAX)?;
        check_wanted(wanted)?;
        let head = CredentialRequestHead {
            token_hash: [0; 32],
            client: client.clone(),
            owner: owner.clone(),
            name: checked_name("name", name)?,
            kind: *kind,
            wanted: wanted.clone(),
            message: message.clone(),
            keys: self.answer_keys(owner, keys)?,
            created_by: self.session.person(),
            created_at: self.now,
            rests_on: self.own_standing()?,
            expires_at: self.end_of(*expires_at)?,
            given: None,
        };
        self.write_request(&proof, head, ChangeSet::new())
    }

    pub(super) fn ask_again(&self, id: CredentialRequestId) -> Result<RequestSecret, VaultError> {
        let _proof = self.section(Section::Requests, EventKind::CredentialsRequested)?;
        let found = self.find_request(id)?.ok_or(VaultError::NotFound)?;
        let proof = self.may_ask(&found.head.owner)?;
        if found.head.given.is_some() {
            return Err(VaultError::Ended { what: "request", why: Ended::Used });
        }
        self.admit_client(&found.head.client, EventKind::CredentialsRequested)?;
        let keys: Vec<KeyId> = found.head.keys.iter().map(|key| key.key).collect();
        let head = CredentialRequestHead {
            keys: self.answer_keys(&found.head.owner, &keys)?,
            created_by: self.session.person(),
            created_at: self.now,
            rests_on: self.own_standing()?,
            expires_at: self.end_of(None)?,
            ..found.head
        };
        let mut changes = ChangeSet::new();
        changes.delete(found.key, found.revision);
        self.write_request(&proof, head, changes)
    }

    /// Whoever asks must be able to make such an entry by themselves.
    fn may_ask(&self, owner: &Owner) -> Result<Authorized, VaultError> {
        let proof = self.section(Section::Requests, EventKind::CredentialsRequested)?;
        let create = Capability::Create { owner: owner.clone(), private: false };
        let _may_create = self.capability(create, EventKind::CredentialsRequested)?;
        Ok(proof)
    }

    fn answer_keys(&self, owner: &Owner, keys: &[KeyId]) -> Result<Vec<AnswerKey>, VaultError> {
        if keys.is_empty() {
            return Err(VaultError::invalid("keys", "an answer is sealed to at least one key"));
        }
        let holders = self.holders_of_keys(owner, keys)?;
        let named = holders.into_iter().filter_map(|holder| match holder.lock.recipient {
            Recipient::Key(key) => Some(AnswerKey { key, fingerprint: holder.lock.fingerprint }),
            Recipient::MasterPassword => None,
        });
        Ok(named.collect())
    }

    /// Commits a new request with a token of its own.
    fn write_request(
        &self,
        proof: &Authorized,
        head: CredentialRequestHead,
        mut changes: ChangeSet,
    ) -> Result<RequestSecret, VaultError> {
        // Ids that begin with the end make the expired ones a range.
        let id = CredentialRequestId::generate(head.expires_at)?;
        let token = Token::generate(id.into())?;
        let head = CredentialRequestHead { token_hash: token.hash(TokenUse::Request), ..head };
        let mut event = self.event(EventKind::CredentialsRequested, Outcome::Done, &[]);
        event.sealed_to = head.keys.iter().map(|key| key.fingerprint).collect();
        changes.write(self.request_record(id, 1, &head)?);
        let secret = RequestSecret(token);
        self.tell_asked(&head, &secret, &mut changes)?;
        self.commit(proof, changes, event)?;
        Ok(secret)
    }
}

fn check_wanted(wanted: &[Wanted]) -> Result<(), VaultError> {
    if wanted.is_empty() || wanted.len() > limits::FIELDS_MAX {
        let rule = format!("there are {}; 1 to {} are asked for", wanted.len(), limits::FIELDS_MAX);
        return Err(VaultError::invalid("wanted", rule));
    }
    for (at, Wanted { part, required: _ }) in wanted.iter().enumerate() {
        if let WantedPart::VisibleField(name) | WantedPart::SecretField(name) = part {
            checked_name("field name", name)?;
        }
        if wanted.iter().take(at).any(|other| other.part == *part) {
            return Err(VaultError::invalid("wanted", "a part is asked for twice"));
        }
    }
    Ok(())
}
