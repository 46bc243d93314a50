//! Blind labels: what a store may compare. Owns which facts of a record become labels and how;
//! knows no queries and no records.
//!
//! A label is HMAC-SHA-256 under the index key over kind, name and value, each behind its u32
//! length, cut to 16 bytes. A thief of the database learns which records share a label, not what
//! it stands for. Nothing secret is ever labelled.

mod people;

pub use people::{
    AccountTerm, account_query, invite_labels, invite_query, person_account_labels, unit_labels, unit_query,
};

use crate::crypto::MacKey;
use crate::envelope::Keyring;
use crate::id::{
    CategoryId, ClientId, DepartmentId, EntryId, GroupId, KeyId, RecordId, RecordKind, RoleId, ServiceId, TagId,
};
use crate::model::{
    Binding, CategoryHead, CategoryOwner, Contact, EntryHead, Grantee, KeyHead, KeyOwner, Owner, Person, Recipient,
};
use crate::store::Label;

/// A fact by which records are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term<'a> {
    /// Every entry outside or inside the trash.
    All,
    /// Entries of an owner.
    Owner(&'a Owner),
    /// Entries granted to someone.
    Grantee(&'a Grantee),
    /// Entries of an owner that count against its quota.
    Counted(&'a Owner),
    /// Entries of any client that are not private.
    ClientOwned,
    /// Entries of any client that are granted to anyone or in a category.
    Shared,
    /// Entries with a grant that ends with a ticket or service.
    Bound(&'a Binding),
    /// Entries whose present secret someone else than the owner knows: by setting it, or because it was
    /// revealed to them.
    KnownTo(&'a Person),
    /// Entries whose present secret more people know than are labelled one by one.
    KnownToMany,
    /// Entries whose secret should be changed.
    NeedsRotation,
    /// Entries locked to an encryption key.
    Key(KeyId),
    /// Entries of a category.
    Category(CategoryId),
    /// Entries with a tag.
    Tag(TagId),
    /// Entries of a service.
    Service(&'a ServiceId),
    /// Entries whose server can be signed in to.
    Servers,
}

/// The place an entry is in; terms of one never find entries of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In use.
    Active,
    /// In the trash.
    Trash,
}

/// The labels of an entry, under the current index key.
#[must_use]
pub fn entry_labels(keyring: &Keyring, head: &EntryHead) -> Vec<Label> {
    let place = if head.trashed.is_some() { Place::Trash } else { Place::Active };
    let counted = matches!(head.owner, Owner::Client(_)) && head.counts();
    let client_owned = matches!(head.owner, Owner::Client(_)) && !head.private;
    let mut terms = vec![Term::All, Term::Owner(&head.owner)];
    terms.extend(head.grants.iter().map(|grant| Term::Grantee(&grant.grantee)));
    terms.extend(head.grants.iter().filter_map(|grant| grant.bound_to.as_ref()).map(Term::Bound));
    terms.extend(counted.then_some(Term::Counted(&head.owner)));
    if client_owned {
        terms.push(Term::ClientOwned);
        if head.is_shared() {
            terms.push(Term::Shared);
        }
    }
    terms.extend(head.locks.iter().filter_map(|lock| match &lock.recipient {
        Recipient::Key(key) => Some(Term::Key(*key)),
        Recipient::MasterPassword => None,
    }));
    terms.extend(head.category.map(|assigned| Term::Category(assigned.category)));
    terms.extend(head.tags.iter().map(|tag| Term::Tag(*tag)));
    terms.extend(head.service.as_ref().map(|link| Term::Service(&link.service.id)));
    terms.extend(head.connect.as_ref().map(|_| Term::Servers));
    let knowing = head.known_to();
    if knowing.len() > KNOWN_LABELS {
        terms.push(Term::KnownToMany);
    } else {
        terms.extend(knowing.into_iter().map(Term::KnownTo));
    }
    terms.extend(head.secret.needs_rotation.then_some(Term::NeedsRotation));
    let Some(mac) = keyring.index_macs().last() else { return Vec::new() };
    terms.into_iter().map(|term| entry_label(mac, place, term)).collect()
}

/// The labels to ask for to find entries by a term: one for each index key of the ring.
#[must_use]
pub fn entry_query(keyring: &Keyring, place: Place, term: Term<'_>) -> Vec<Label> {
    keyring.index_macs().iter().map(|mac| entry_label(mac, place, term)).collect()
}

/// The label of a past secret: the entry it belonged to.
#[must_use]
pub fn past_secret_label(keyring: &Keyring, entry: EntryId) -> Vec<Label> {
    let Some(mac) = keyring.index_macs().last() else { return Vec::new() };
    vec![label(mac, RecordKind::PastSecret, "entry", &entry.to_bytes())]
}

/// The labels to ask for to find the past secrets of an entry.
#[must_use]
pub fn past_secret_query(keyring: &Keyring, entry: EntryId) -> Vec<Label> {
    keyring.index_macs().iter().map(|mac| label(mac, RecordKind::PastSecret, "entry", &entry.to_bytes())).collect()
}

/// The label of a link: the entry it hands over.
#[must_use]
pub fn link_label(keyring: &Keyring, entry: EntryId) -> Vec<Label> {
    let Some(mac) = keyring.index_macs().last() else { return Vec::new() };
    vec![label(mac, RecordKind::Link, "entry", &entry.to_bytes())]
}

/// The labels to ask for to find the links of an entry.
#[must_use]
pub fn link_query(keyring: &Keyring, entry: EntryId) -> Vec<Label> {
    keyring.index_macs().iter().map(|mac| label(mac, RecordKind::Link, "entry", &entry.to_bytes())).collect()
}

/// The labels of an audit event. They are made under the uniqueness key, which is never rotated,
/// because an event is never sealed again.
#[must_use]
pub fn event_labels(keyring: &Keyring, actor: &Person, entries: &[EntryId]) -> Vec<Label> {
    let mut labels = vec![event_actor_label(keyring, actor)];
    labels.extend(entries.iter().take(EVENT_ENTRY_LABELS).map(|entry| event_entry_label(keyring, *entry)));
    labels.sort_unstable();
    labels.dedup();
    labels
}

/// The label of events by a person.
#[must_use]
pub fn event_actor_label(keyring: &Keyring, actor: &Person) -> Label {
    label(keyring.unique_mac(), RecordKind::Event, "actor", actor.to_string().as_bytes())
}

/// The label of events about an entry. An event about many entries carries those of the first
/// [`EVENT_ENTRY_LABELS`].
#[must_use]
pub fn event_entry_label(keyring: &Keyring, entry: EntryId) -> Label {
    label(keyring.unique_mac(), RecordKind::Event, "entry", &entry.to_bytes())
}

/// The label of what is due for an entry. Like those of messages it is made under the uniqueness
/// key, since these records come and go by themselves.
#[must_use]
pub fn due_label(keyring: &Keyring, entry: EntryId) -> Label {
    label(keyring.unique_mac(), RecordKind::Due, "entry", &entry.to_bytes())
}

/// The label of the jobs that draw the consequences of host events, under the uniqueness key.
#[must_use]
pub fn host_job_label(keyring: &Keyring) -> Label {
    label(keyring.unique_mac(), RecordKind::Job, "pending", b"host event")
}

/// The label of messages about an entry.
#[must_use]
pub fn message_entry_label(keyring: &Keyring, entry: EntryId) -> Label {
    label(keyring.unique_mac(), RecordKind::Message, "entry", &entry.to_bytes())
}

/// The label of messages to a person.
#[must_use]
pub fn message_person_label(keyring: &Keyring, person: &Person) -> Label {
    label(keyring.unique_mac(), RecordKind::Message, "person", person.to_string().as_bytes())
}

/// How many people who know a secret are labelled one by one; of more, the entry is found by
/// [`Term::KnownToMany`] and its head says who.
pub const KNOWN_LABELS: usize = 256;

/// How many entries of one event can be found by label.
pub const EVENT_ENTRY_LABELS: usize = 100;

/// A fact by which encryption keys are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyTerm<'a> {
    /// Keys of an owner.
    Owner(&'a KeyOwner),
    /// Keys that someone besides the owner may attach.
    MayAttach(&'a Grantee),
}

/// The labels of an encryption key, under the current index key.
#[must_use]
pub fn key_labels(keyring: &Keyring, head: &KeyHead) -> Vec<Label> {
    let Some(mac) = keyring.index_macs().last() else { return Vec::new() };
    let owner = key_label(mac, KeyTerm::Owner(&head.owner));
    let attach = head.may_attach.iter().map(|grantee| key_label(mac, KeyTerm::MayAttach(grantee)));
    std::iter::once(owner).chain(attach).collect()
}

/// The labels to ask for to find encryption keys by a term: one for each index key of the ring.
#[must_use]
pub fn key_query(keyring: &Keyring, term: KeyTerm<'_>) -> Vec<Label> {
    keyring.index_macs().iter().map(|mac| key_label(mac, term)).collect()
}

fn key_label(mac: &MacKey, term: KeyTerm<'_>) -> Label {
    let (name, value) = match term {
        KeyTerm::Owner(KeyOwner::Vault) => ("owner", "vault".to_owned()),
        KeyTerm::Owner(KeyOwner::Admin(id)) => ("owner", format!("admin {id}")),
        KeyTerm::Owner(KeyOwner::Client(id)) => ("owner", format!("client {id}")),
        KeyTerm::MayAttach(grantee) => ("attach", named(grantee)),
    };
    label(mac, RecordKind::Key, name, value.as_bytes())
}

/// A fact by which categories are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CategoryTerm<'a> {
    /// Categories that someone made.
    Owner(&'a CategoryOwner),
    /// Categories with a member.
    Member(&'a Grantee),
}

/// The labels of a category, under the current index key.
#[must_use]
pub fn category_labels(keyring: &Keyring, head: &CategoryHead) -> Vec<Label> {
    let Some(mac) = keyring.index_macs().last() else { return Vec::new() };
    let owner = category_label(mac, CategoryTerm::Owner(&head.owner));
    let members = head.members.iter().map(|member| category_label(mac, CategoryTerm::Member(member)));
    std::iter::once(owner).chain(members).collect()
}

/// The labels to ask for to find categories by a term: one for each index key of the ring.
#[must_use]
pub fn category_query(keyring: &Keyring, term: CategoryTerm<'_>) -> Vec<Label> {
    keyring.index_macs().iter().map(|mac| category_label(mac, term)).collect()
}

fn category_label(mac: &MacKey, term: CategoryTerm<'_>) -> Label {
    let (name, value) = match term {
        CategoryTerm::Owner(CategoryOwner::Staff) => ("owner", "staff".to_owned()),
        CategoryTerm::Owner(CategoryOwner::Client(id)) => ("owner", format!("client {id}")),
        CategoryTerm::Member(member) => ("member", named(member)),
    };
    label(mac, RecordKind::Category, name, value.as_bytes())
}

/// The labels to ask for to find the requests for approval that nobody has answered: one for each
/// index key of the ring, the current one last.
#[must_use]
pub fn pending_approvals(keyring: &Keyring) -> Vec<Label> {
    keyring.index_macs().iter().map(|mac| label(mac, RecordKind::Approval, "pending", b"")).collect()
}

/// A fact by which people of the stored mirror are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonTerm<'a> {
    /// The e-mail address, whatever the case of its ASCII letters: folding others would let look-alikes
    /// such as the Kelvin sign pass for a letter.
    Email(&'a str),
    /// A role held.
    Role(&'a RoleId),
    /// A department belonged to.
    Department(&'a DepartmentId),
    /// A group belonged to.
    Group(&'a GroupId),
    /// The account a sub-user acts for.
    Account(&'a ClientId),
}

impl PersonTerm<'_> {
    /// Whether it is true of a contact.
    #[must_use]
    pub fn fits(self, contact: &Contact) -> bool {
        match self {
            Self::Email(email) => contact.email.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(email)),
            Self::Role(id) => contact.roles.contains(id),
            Self::Department(id) => contact.departments.contains(id),
            Self::Group(id) => contact.groups.contains(id),
            Self::Account(id) => account_of(contact) == Some(id),
        }
    }
}

/// The labels of a contact, under the current index key.
#[must_use]
pub fn person_labels(keyring: &Keyring, contact: &Contact) -> Vec<Label> {
    let Some(mac) = keyring.index_macs().last() else { return Vec::new() };
    let terms = (contact.email.as_deref().map(PersonTerm::Email).into_iter())
        .chain(contact.roles.iter().map(PersonTerm::Role))
        .chain(contact.departments.iter().map(PersonTerm::Department))
        .chain(contact.groups.iter().map(PersonTerm::Group))
        .chain(account_of(contact).map(PersonTerm::Account));
    terms.map(|term| person_label(mac, term)).collect()
}

/// The labels to ask for to find people by a term: one for each index key of the ring.
#[must_use]
pub fn person_query(keyring: &Keyring, term: PersonTerm<'_>) -> Vec<Label> {
    keyring.index_macs().iter().map(|mac| person_label(mac, term)).collect()
}

fn person_label(mac: &MacKey, term: PersonTerm<'_>) -> Label {
    let (name, value) = match term {
        PersonTerm::Email(email) => ("email", email.to_ascii_lowercase()),
        PersonTerm::Role(id) => ("role", id.to_string()),
        PersonTerm::Department(id) => ("department", id.to_string()),
        PersonTerm::Group(id) => ("group", id.to_string()),
        PersonTerm::Account(id) => ("account", id.to_string()),
    };
    label(mac, RecordKind::Mirror, name, value.as_bytes())
}

/// The account a sub-user acts for.
const fn account_of(contact: &Contact) -> Option<&ClientId> {
    match &contact.person {
        Person::SubUser { account, .. } => Some(account),
        Person::Admin(_) | Person::Client(_) | Person::System | Person::Bearer => None,
    }
}

/// The id of a record of which there is one for each value: its label under the uniqueness key.
#[must_use]
pub fn unique_id(keyring: &Keyring, kind: RecordKind, name: &str, value: &[u8]) -> RecordId {
    RecordId(label(keyring.unique_mac(), kind, name, value).0)
}

fn entry_label(mac: &MacKey, place: Place, term: Term<'_>) -> Label {
    let (name, value) = match term {
        Term::All => ("all", String::new()),
        Term::Owner(owner) => ("owner", owner.to_string()),
        Term::Grantee(grantee) => ("grant", named(grantee)),
        Term::Bound(Binding::Ticket(id)) => ("bound", format!("ticket {id}")),
        Term::Bound(Binding::Service(id)) => ("bound", format!("service {id}")),
        Term::Counted(owner) => ("counted", owner.to_string()),
        Term::ClientOwned => ("client owned", String::new()),
        Term::Shared => ("shared", String::new()),
        Term::KnownTo(person) => ("known to", person.to_string()),
        Term::KnownToMany => ("known to many", String::new()),
        Term::NeedsRotation => ("needs rotation", String::new()),
        Term::Key(id) => ("key", id.to_string()),
        Term::Category(id) => ("category", id.to_string()),
        Term::Tag(id) => ("tag", id.to_string()),
        Term::Service(id) => ("service", id.to_string()),
        Term::Servers => ("servers", String::new()),
    };
    let place = match place {
        Place::Active => "active",
        Place::Trash => "trash",
    };
    label(mac, RecordKind::Entry, &format!("{place} {name}"), value.as_bytes())
}

fn named(grantee: &Grantee) -> String {
    match grantee {
        Grantee::Admin(id) => format!("admin {id}"),
        Grantee::Role(id) => format!("role {id}"),
        Grantee::Client(id) => format!("client {id}"),
    }
}

fn label(mac: &MacKey, kind: RecordKind, name: &str, value: &[u8]) -> Label {
    let len = |part: &[u8]| u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes();
    let kind = [kind.number()];
    let code = mac.mac(&[&len(&kind), &kind, &len(name.as_bytes()), name.as_bytes(), &len(value), value]);
    let mut out = [0; 16];
    out.iter_mut().zip(code).for_each(|(to, from)| *to = from);
    Label(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::id::{ClientId, VaultId};

    #[test]
    fn labels_differ_by_place_term_value_and_key() {
        let ring = Keyring::generate(VaultId::from_bytes([1; 16]), 1).unwrap();
        let owner = |id: &str| Owner::Client(ClientId::new(id).unwrap());
        let (one, two) = (owner("1"), owner("2"));
        let all = [
            entry_query(&ring, Place::Active, Term::Owner(&one)),
            entry_query(&ring, Place::Trash, Term::Owner(&one)),
            entry_query(&ring, Place::Active, Term::Owner(&two)),
            entry_query(&ring, Place::Active, Term::All),
            entry_query(&ring.with_new_index_key().unwrap(), Place::Active, Term::Owner(&one)).split_off(1),
        ];
        for (at, labels) in all.iter().enumerate() {
            assert_eq!(labels.len(), 1);
            assert!(all.iter().skip(at + 1).all(|other| other != labels), "label {at} repeats");
        }
    }

    #[test]
    fn after_a_rotation_queries_ask_for_both_labels() {
        let ring = Keyring::generate(VaultId::from_bytes([1; 16]), 1).unwrap();
        let old = entry_query(&ring, Place::Active, Term::All);
        let turned = ring.with_new_index_key().unwrap();
        let both = entry_query(&turned, Place::Active, Term::All);
        assert_eq!(both.len(), 2);
        assert_eq!(both.first(), old.first());
    }
}
