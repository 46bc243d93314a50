//! Finding everything the vault holds about a person, and opening the secrets among it that the caller
//! may see.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::Timestamp;
use crate::envelope::open_record;
use crate::id::{
    CategoryId, ClientId, CredentialRequestId, EntryId, KeyId, LinkId, PastSecretId, RecordId, RecordKind,
};
use crate::index::{self, CategoryTerm, KeyTerm, Place, Term};
use crate::model::{
    Action, Addressee, CategoryHead, CategoryOwner, Contact, CredentialRequestHead, EntryHead, EventKind, Given, Grant,
    Grantee, InviteHead, InviteOffer, InviteState, KeyHead, KeyOwner, LinkHead, MasterHead, MessageHead, Notice, Owner,
    PastSecretHead, Person, PersonHead, PersonId, Secret, Wanted,
};
use crate::policy::Authorized;
use crate::store::{ChangeSet, Query};
use crate::vault::approvals::Approval;
use crate::vault::core::tampered;
use crate::vault::error::VaultError;
use crate::vault::gate::{FoundEntry, Gate};

/// Who it is about, in the forms in which records name people.
struct About<'a> {
    subject: &'a PersonId,
    persons: Vec<Person>,
    emails: Vec<String>,
    grantee: Option<Grantee>,
    owner: Option<Owner>,
}

/// What was gathered before the event was committed.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) persons: Vec<Person>,
    pub(super) contacts: Vec<Contact>,
    pub(super) sign_in: Option<PersonHead>,
    pub(super) master_password: Option<MasterHead>,
    pub(super) entries: Vec<GatheredEntry>,
    pub(super) keys: Vec<Of<KeyId, KeyHead>>,
    pub(super) categories: Vec<Of<CategoryId, CategoryHead>>,
    pub(super) member_of: Vec<CategoryId>,
    pub(super) granted: Vec<Of<EntryId, Grant>>,
    pub(super) invitations: Vec<Invitation>,
    pub(super) messages: Vec<MessageHead>,
    pub(super) approvals: Vec<Approval>,
    pub(super) links: Vec<Link>,
    pub(super) requests: Vec<Request>,
}

#[derive(Serialize)]
pub(super) struct Of<I, H> {
    id: I,
    #[serde(flatten)]
    content: H,
}

pub(super) struct GatheredEntry {
    pub(super) id: EntryId,
    pub(super) head: EntryHead,
    pub(super) shown: bool,
    pub(super) secret: Result<Secret, &'static str>,
    pub(super) past: Vec<(PastSecretId, PastSecretHead, Option<Secret>)>,
}

#[derive(Serialize)]
pub(super) struct Invitation {
    offer: InviteOffer,
    email: String,
    invited_by: Person,
    invited_at: Timestamp,
    expires_at: Timestamp,
    state: InviteState,
}

/// A link, without what is kept of its key.
#[derive(Serialize)]
pub(super) struct Link {
    id: LinkId,
    entry: EntryId,
    created_at: Timestamp,
    expires_at: Timestamp,
    views: u32,
    views_left: u32,
}

/// A request for credentials, without what is kept of its token.
#[derive(Serialize)]
pub(super) struct Request {
    id: CredentialRequestId,
    client: ClientId,
    name: String,
    wanted: Vec<Wanted>,
    message: String,
    created_by: Person,
    created_at: Timestamp,
    expires_at: Timestamp,
    given: Option<Given>,
}

impl Gate<'_> {
    pub(super) fn gather(
        &self,
        subject: &PersonId,
        secrets: bool,
        changes: &mut ChangeSet,
    ) -> Result<Gathered, VaultError> {
        let sign_in = self.person_of(subject)?;
        let mut about = About::of(subject, sign_in.as_ref());
        let mut all = Gathered::default();
        self.each(Query::new(self.core.id, RecordKind::Mirror), |_, contact: Contact| {
            if about.is(&contact.person) {
                about.persons.push(contact.person.clone());
                about.emails.extend(contact.email.clone());
                all.contacts.push(contact);
            }
        })?;
        about.persons.sort_unstable();
        about.persons.dedup();
        self.gather_entries(&about, secrets, changes, &mut all)?;
        self.gather_rest(&about, &mut all)?;
        if let Some(owner) = &about.owner {
            all.master_password = self.master_of(owner)?.map(|master| master.head);
        }
        (all.persons, all.sign_in) = (about.persons, sign_in);
        Ok(all)
    }

    fn gather_entries(
        &self,
        about: &About<'_>,
        secrets: bool,
        changes: &mut ChangeSet,
        all: &mut Gathered,
    ) -> Result<(), VaultError> {
        let (Some(owner), Some(grantee)) = (&about.owner, &about.grantee) else { return Ok(()) };
        let terms = [Term::Owner(owner), Term::Grantee(grantee)];
        let places = terms.into_iter().flat_map(|term| [(Place::Active, term), (Place::Trash, term)]);
        let labels = places.flat_map(|(place, term)| index::entry_query(&self.snapshot.keyring, place, term));
        let mut query =
            Query { labels: vec![labels.collect()], limit: 1_000, ..Query::new(self.core.id, RecordKind::Entry) };
        loop {
            let page = self.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                self.note_read(&record);
                let found = self.opened_entry(record)?;
                if found.head.owner == *owner {
                    all.entries.push(self.gather_entry(found, secrets, changes)?);
                    if all.entries.len() > ENTRIES_MAX as usize {
                        return Err(VaultError::TooMany { limit: ENTRIES_MAX });
                    }
                } else {
                    let own = found.head.grants.into_iter().filter(|grant| grant.grantee == *grantee);
                    all.granted.extend(own.map(|grant| Of { id: found.id, content: grant }));
                }
            }
            if query.cursor.is_none() {
                return Ok(());
            }
        }
    }

    fn gather_entry(
        &self,
        found: FoundEntry,
        secrets: bool,
        changes: &mut ChangeSet,
    ) -> Result<GatheredEntry, VaultError> {
        let (id, head) = (found.id, found.head.clone());
        let shown = !head.private || self.authority.evaluate(Action::View, &head).is_allow();
        let proof = if secrets { self.may_reveal(&found)? } else { Err("secrets were not asked for") };
        let secret = proof.and_then(|proof| match self.open_secret(&proof, &found) {
            Ok(secret) => Ok((proof, secret)),
            Err(VaultError::Locked(_)) => Err("it is locked"),
            Err(_) => Err("it does not open"),
        });
        let mut past = Vec::new();
        for (record, past_head) in self.past_records(&found)? {
            let opened = match &secret {
                Err(_) => None,
                Ok((proof, _)) => {
                    let rest = open_record::<PastSecretHead>(&self.snapshot.keyring, RecordKind::PastSecret, &record)
                        .map_err(|cause| tampered(&record, cause))?
                        .rest;
                    self.open_secret_at(proof, &found, past_head.revision, &past_head.locks, rest).ok()
                }
            };
            past.push((PastSecretId::from_bytes(record.key.id.0), past_head, opened));
        }
        if secret.is_ok() {
            self.add_revealed(found, changes)?;
        }
        Ok(GatheredEntry { id, head, shown, secret: secret.map(|(_, secret)| secret), past })
    }

    /// Proof that the caller may reveal an entry, or why its secret is left out.
    fn may_reveal(&self, found: &FoundEntry) -> Result<Result<Authorized, &'static str>, VaultError> {
        let Ok(proof) = self.authority.authorize(Action::Reveal, found.id, &found.head) else {
            return Ok(Err("the caller may not reveal it"));
        };
        match self.fulfil(proof, found.id, Action::Reveal, EventKind::SubjectExported) {
            Ok(proof) => Ok(Ok(proof)),
            Err(VaultError::ReasonRequired | VaultError::ApprovalRequired) => {
                Ok(Err("it asks for more than was given"))
            }
            Err(error) => Err(error),
        }
    }

    fn gather_rest(&self, about: &About<'_>, all: &mut Gathered) -> Result<(), VaultError> {
        let (vault, keyring) = (self.core.id, &self.snapshot.keyring);
        if let Some(owner) = &about.owner {
            let owner = KeyOwner::from(owner);
            let labels = vec![index::key_query(keyring, KeyTerm::Owner(&owner))];
            self.each(Query { labels, ..Query::new(vault, RecordKind::Key) }, |id, head: KeyHead| {
                all.keys.extend((head.owner == owner).then(|| Of { id: KeyId::from_bytes(id.0), content: head }));
            })?;
        }
        if let Some(grantee) = &about.grantee {
            let owner = match grantee {
                Grantee::Client(id) => Some(CategoryOwner::Client(id.clone())),
                Grantee::Admin(_) | Grantee::Role(_) => None,
            };
            let terms = owner.iter().map(CategoryTerm::Owner).chain([CategoryTerm::Member(grantee)]);
            let labels = vec![terms.flat_map(|term| index::category_query(keyring, term)).collect()];
            self.each(Query { labels, ..Query::new(vault, RecordKind::Category) }, |id, head: CategoryHead| {
                let id = CategoryId::from_bytes(id.0);
                if head.members.contains(grantee) {
                    all.member_of.push(id);
                }
                all.categories.extend((Some(&head.owner) == owner.as_ref()).then_some(Of { id, content: head }));
            })?;
        }
        self.each(Query::new(vault, RecordKind::Invite), |_, head: InviteHead| {
            let accepted = matches!(&head.state, InviteState::Accepted { by, .. } if by == about.subject);
            if accepted || about.is_address(&head.email) {
                let InviteHead { offer, email, invited_by, invited_at, expires_at, state, .. } = head;
                all.invitations.push(Invitation { offer, email, invited_by, invited_at, expires_at, state });
            }
        })?;
        self.each(Query::new(vault, RecordKind::Message), |_, head: MessageHead| {
            let to = match &head.notice.to {
                Addressee::Person(person) => about.is(person),
                Addressee::Address(email) => about.is_address(email),
            };
            // The address in a message opens something.
            let facts = head.notice.facts.into_iter().filter(|(name, _)| name != "link").collect();
            let notice = Notice { facts, ..head.notice };
            all.messages.extend(to.then_some(MessageHead { notice, ..head }));
        })?;
        self.each(Query::new(vault, RecordKind::Approval), |_, approval: Approval| {
            all.approvals.extend(about.is(&approval.requester).then_some(approval));
        })?;
        self.each(Query::new(vault, RecordKind::Link), |id, head: LinkHead| {
            if about.is(&head.created_by) {
                let LinkHead { entry, created_at, expires_at, views, views_left, .. } = head;
                all.links.push(Link { id: LinkId::from_bytes(id.0), entry, created_at, expires_at, views, views_left });
            }
        })?;
        self.each(Query::new(vault, RecordKind::CredentialRequest), |id, head: CredentialRequestHead| {
            let id = CredentialRequestId::from_bytes(id.0);
            let asked = matches!(about.subject, PersonId::Client(client) if *client == head.client);
            if asked || about.is(&head.created_by) || head.given.as_ref().is_some_and(|given| about.is(&given.by)) {
                let CredentialRequestHead { client, name, wanted, message, created_by, .. } = head;
                let CredentialRequestHead { created_at, expires_at, given, .. } = head;
                all.requests.push(Request {
                    id,
                    client,
                    name,
                    wanted,
                    message,
                    created_by,
                    created_at,
                    expires_at,
                    given,
                });
            }
        })
    }

    /// Opens every record of a query.
    fn each<H: DeserializeOwned>(&self, query: Query, mut each: impl FnMut(RecordId, H)) -> Result<(), VaultError> {
        let mut query = Query { limit: 1_000, ..query };
        loop {
            let page = self.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                let opened = open_record::<H>(&self.snapshot.keyring, record.key.kind, &record)
                    .map_err(|cause| tampered(&record, cause))?;
                each(record.key.id, opened.head);
            }
            if query.cursor.is_none() {
                return Ok(());
            }
        }
    }
}

impl<'a> About<'a> {
    fn of(subject: &'a PersonId, sign_in: Option<&PersonHead>) -> Self {
        let (own, grantee, owner) = match subject {
            PersonId::Admin(id) => {
                (Some(Person::Admin(id.clone())), Some(Grantee::Admin(id.clone())), Some(Owner::Admin(id.clone())))
            }
            PersonId::Client(id) => {
                (Some(Person::Client(id.clone())), Some(Grantee::Client(id.clone())), Some(Owner::Client(id.clone())))
            }
            PersonId::User(_) => (None, None, None),
        };
        let persons = own.into_iter().chain(sign_in.iter().flat_map(|head| head.persons())).collect();
        let emails = sign_in.and_then(|head| head.email.clone()).into_iter().collect();
        Self { subject, persons, emails, grantee, owner }
    }

    fn is(&self, person: &Person) -> bool {
        match (self.subject, person) {
            (PersonId::Admin(id), Person::Admin(other)) => id == other,
            (PersonId::Client(id), Person::Client(other)) => id == other,
            (PersonId::User(id), Person::SubUser { user, .. }) => id == user,
            _ => false,
        }
    }

    fn is_address(&self, email: &str) -> bool {
        self.emails.iter().any(|own| own.eq_ignore_ascii_case(email))
    }
}

/// How many entries one export holds at most.
const ENTRIES_MAX: u32 = 100_000;
