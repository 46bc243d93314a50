//! Requests for credentials: staff ask, a client fills in. Owns what is asked for, the token that
//! takes one answer, and how the answer becomes an entry; knows nothing of the page that asks.
//!
//! An answer is sealed to the keys that were chosen when it was asked for, and to nothing else. A
//! request rests on its maker's right to ask: it takes no answer when that right is gone.

mod answer;
mod ask;
mod notices;
mod record;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::builder::Vault;
use super::error::VaultError;
use super::session::Session;
use crate::clock::Timestamp;
use crate::directory::Token;
use crate::id::{ClientId, CredentialRequestId, EntryId, KeyId};
use crate::model::{
    AnswerKey, CredentialRequestHead, EntryKind, EventKind, Fingerprint, Outcome, Owner, Person, RequestContext,
    Section, Wanted,
};
use crate::secret::SecretString;
use crate::store::ChangeSet;

/// What is asked of a client.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CredentialRequestDraft {
    /// Who is asked.
    pub client: ClientId,
    /// Who will own the entry: the client, or the administrator who asks.
    pub owner: Owner,
    /// The name of the entry.
    pub name: String,
    /// What the entry is for.
    pub kind: EntryKind,
    /// What is asked for: 1 to 128 parts, none twice.
    pub wanted: Vec<Wanted>,
    /// What the client is told, at most 64 KiB.
    pub message: String,
    /// The keys that the answer is sealed to, at least one; any one opens it.
    pub keys: Vec<KeyId>,
    /// From when on no answer is taken, at most 30 days from now; 7 days from now when absent.
    pub expires_at: Option<Timestamp>,
}

/// The secret part of a request: what stands in the address that the client is sent.
///
/// # Security
/// Whoever holds it may answer, once. The vault keeps a hash of it; nobody can make it again.
#[derive(Clone)]
pub struct RequestSecret(Token);

#[cfg(feature = "crossing")]
crate::secret::secret_form!(
    RequestSecret,
    "the token of a request",
    |request| crate::secret::SecretBytes::from_slice(request.token().expose().as_bytes()),
    |bytes| std::str::from_utf8(bytes).ok().and_then(|text| RequestSecret::from_token(text).ok())
);

impl RequestSecret {
    /// Its text: 64 letters, digits, `-` and `_`.
    #[must_use]
    pub fn token(&self) -> SecretString {
        self.0.to_text()
    }

    /// The whole address, on the host's page that takes answers.
    fn address(&self, page: &str) -> String {
        format!("{page}#{}", self.0.to_text().expose())
    }

    /// From the text of [`token`](Self::token).
    ///
    /// # Errors
    /// [`VaultError::NotFound`] for any other text, as for a request that does not exist.
    pub fn from_token(text: &str) -> Result<Self, VaultError> {
        Token::from_text(text).map(Self).ok_or(VaultError::NotFound)
    }

    /// Which request; not secret.
    #[must_use]
    pub const fn id(&self) -> CredentialRequestId {
        CredentialRequestId::from_bytes(self.0.record().0)
    }
}

impl fmt::Debug for RequestSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestSecret(redacted)")
    }
}

/// A request as staff see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CredentialRequestView {
    /// Which request.
    pub id: CredentialRequestId,
    /// Who is asked.
    pub client: ClientId,
    /// Who will own the entry.
    pub owner: Owner,
    /// The name of the entry.
    pub name: String,
    /// What is asked for.
    pub wanted: Vec<Wanted>,
    /// What the client is told.
    pub message: String,
    /// The keys that the answer is sealed to.
    pub keys: Vec<AnswerKey>,
    /// Who asks.
    pub created_by: Person,
    /// When.
    pub created_at: Timestamp,
    /// From when on no answer is taken.
    pub expires_at: Timestamp,
}

/// A request as the client sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CredentialQuestion {
    /// The name of the entry.
    pub name: String,
    /// What the entry is for.
    pub kind: EntryKind,
    /// What is asked for. An answer has one value for each, in this order.
    pub wanted: Vec<Wanted>,
    /// What the client is told.
    pub message: String,
    /// The keys that the answer is sealed to.
    pub sealed_to: Vec<Fingerprint>,
    /// From when on no answer is taken.
    pub expires_at: Timestamp,
}

/// Asking clients for credentials, and answering as a client who is signed in. Without signing in
/// the answer is given by [`Vault::fill_request`].
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let root = vault.session(Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new("full")?]), RequestContext::default());
/// # use pwvault_core::model::{EntryKind, KeyOwner, Wanted, WantedPart};
/// # use pwvault_core::vault::{CredentialRequestDraft, KeyCustody, KeyGeneration};
/// let owner = KeyOwner::Admin(AdminId::new("root")?);
/// let key = root.generate_key(&KeyGeneration::new("Staff", owner, KeyCustody::Passphrase("seven herons".into())))?;
/// let secret = root.request_credentials(&CredentialRequestDraft {
///     client: ClientId::new("anna")?,
///     owner: Owner::Client(ClientId::new("anna")?),
///     name: "Anna's web shop".into(),
///     kind: EntryKind::Login,
///     wanted: vec![Wanted { part: WantedPart::Password, required: true }],
///     message: "We need this to move your shop.".into(),
///     keys: vec![key.id],
///     expires_at: None,
/// })?;
///
/// // On the page behind the address the client was sent:
/// let question = vault.credential_request(&secret)?;
/// assert_eq!(question.wanted.len(), 1);
/// let entry = vault.fill_request(&secret, &["s3cret".into()], RequestContext::default())?;
/// assert!(matches!(root.reveal(entry), Err(VaultError::Locked(_))));
/// assert!(matches!(vault.credential_request(&secret), Err(VaultError::Ended { what: "request", .. })));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Requests {
    /// Asks a client for credentials and returns what goes into the address the client is sent; the
    /// vault sends it too when it knows the host's page ([`Pages`](super::Pages)). Of an entry that
    /// the client will own, the administrator who asks gets view and reveal.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `requests`, the right to create such an entry, or
    /// the right to attach a key; [`VaultError::NotFound`] for a key that is not there;
    /// [`VaultError::Invalid`] for input out of bounds.
    fn request_credentials(&self, draft: &CredentialRequestDraft) -> Result<RequestSecret, VaultError>;

    /// The requests that wait for an answer, the earliest to expire first.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `requests`.
    fn pending_requests(&self) -> Result<Vec<CredentialRequestView>, VaultError>;

    /// Asks the same again, for 7 days, in the name of whoever calls. The new request takes the
    /// place of the old one, whose address is good for nothing from here on.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] when there is no such request; [`VaultError::Ended`] when it has been
    /// answered; else as [`request_credentials`](Self::request_credentials).
    fn resend_request(&self, id: CredentialRequestId) -> Result<RequestSecret, VaultError>;

    /// Takes a request back: from here on there is none.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `requests`; [`VaultError::NotFound`].
    fn cancel_request(&self, id: CredentialRequestId) -> Result<(), VaultError>;

    /// Removes requests that have expired, at most `limit`, and returns how many. For the host's
    /// scheduled work.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `scheduled`.
    fn expire_requests(&self, limit: u32) -> Result<u32, VaultError>;

    /// What a request asks for.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] when there is no such request, the token is not its token, it asks
    /// another client, or the right it rests on is gone; [`VaultError::Ended`] when it has been
    /// answered or has expired.
    fn credential_request(&self, secret: &RequestSecret) -> Result<CredentialQuestion, VaultError>;

    /// Answers a request, once, with a value for each thing it asks for, and returns the entry it
    /// became. What is not given stays empty.
    ///
    /// # Errors
    /// As [`credential_request`](Self::credential_request); [`VaultError::Invalid`] for values that
    /// are missing or out of bounds; [`VaultError::State`] when a key it is sealed to was deleted;
    /// [`VaultError::QuotaReached`] when the client would own too many entries.
    fn fill_request(&self, secret: &RequestSecret, values: &[SecretString]) -> Result<EntryId, VaultError>;
}

impl Requests for Session {
    fn request_credentials(&self, draft: &CredentialRequestDraft) -> Result<RequestSecret, VaultError> {
        self.run(|gate| gate.ask(draft))
    }

    fn pending_requests(&self) -> Result<Vec<CredentialRequestView>, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::Requests, EventKind::CredentialsRequested)?;
            let pending = gate.all_requests()?.into_iter().filter(|found| found.head.ended(gate.now).is_none());
            Ok(pending.map(|found| view(found.id, found.head)).collect())
        })
    }

    fn resend_request(&self, id: CredentialRequestId) -> Result<RequestSecret, VaultError> {
        self.run(|gate| gate.ask_again(id))
    }

    fn cancel_request(&self, id: CredentialRequestId) -> Result<(), VaultError> {
        self.run(|gate| {
            let proof = gate.section(Section::Requests, EventKind::CredentialRequestEnded)?;
            let found = gate.find_request(id)?.ok_or(VaultError::NotFound)?;
            let mut changes = ChangeSet::new();
            changes.delete(found.key, found.revision);
            gate.commit(&proof, changes, gate.event(EventKind::CredentialRequestEnded, Outcome::Done, &[]))
        })
    }

    fn expire_requests(&self, limit: u32) -> Result<u32, VaultError> {
        self.run(|gate| {
            let proof = gate.section(Section::Scheduled, EventKind::CredentialRequestEnded)?;
            gate.expire_requests(&proof, gate.now, limit)
        })
    }

    fn credential_request(&self, secret: &RequestSecret) -> Result<CredentialQuestion, VaultError> {
        self.run(|gate| {
            let CredentialRequestHead { name, kind, wanted, message, keys, expires_at, .. } =
                gate.open_request(secret)?.head;
            let sealed_to = keys.iter().map(|key| key.fingerprint).collect();
            Ok(CredentialQuestion { name, kind, wanted, message, sealed_to, expires_at })
        })
    }

    fn fill_request(&self, secret: &RequestSecret, values: &[SecretString]) -> Result<EntryId, VaultError> {
        self.run(|gate| gate.answer_request(secret, values))
    }
}

impl Vault {
    /// What a request asks for, to whoever holds its token. Nothing is logged.
    ///
    /// # Errors
    /// As [`Requests::credential_request`].
    pub fn credential_request(&self, secret: &RequestSecret) -> Result<CredentialQuestion, VaultError> {
        self.bearer(RequestContext::default()).credential_request(secret)
    }

    /// Answers a request for whoever holds its token.
    ///
    /// # Errors
    /// As [`Requests::fill_request`].
    pub fn fill_request(
        &self,
        secret: &RequestSecret,
        values: &[SecretString],
        context: RequestContext,
    ) -> Result<EntryId, VaultError> {
        self.bearer(context).fill_request(secret, values)
    }
}

fn view(id: CredentialRequestId, head: CredentialRequestHead) -> CredentialRequestView {
    let CredentialRequestHead {
        token_hash: _,
        client,
        owner,
        name,
        kind: _,
        wanted,
        message,
        keys,
        created_by,
        created_at,
        rests_on: _,
        expires_at,
        given: _,
    } = head;
    CredentialRequestView { id, client, owner, name, wanted, message, keys, created_by, created_at, expires_at }
}
