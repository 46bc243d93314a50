//! What is to be done about something that happened in the host, or about a person who is to be
//! forgotten, in the words of records.

use crate::id::{CategoryId, ClientId, RoleId, UserId};
use crate::model::{Binding, CategoryOwner, EventKind, Grantee, HostEvent, Owner, Person, PersonId, ServiceRef};

/// What is to be done. What a field does not name stays as it is.
#[derive(Default)]
pub(super) struct Work {
    /// Who is gone as an owner, a grantee, a member.
    pub(super) gone: Option<Grantee>,
    /// Who has what was theirs; without anyone, a client's entries go to the trash.
    pub(super) heir: Option<Grantee>,
    /// A ticket or service that is over.
    pub(super) over: Option<Binding>,
    /// A ticket that is open again.
    pub(super) reopened: Option<Binding>,
    /// A service that is another client's.
    pub(super) moved: Option<ServiceRef>,
    /// Who is forgotten, with whatever was theirs.
    pub(super) erased: Option<PersonId>,
    /// The categories of the one who is forgotten.
    pub(super) own_categories: Vec<CategoryId>,
    /// Addresses of the one who is forgotten.
    pub(super) emails: Vec<String>,
}

impl Work {
    pub(super) fn of(event: &HostEvent) -> Self {
        let none = Self::default();
        match event.clone() {
            HostEvent::ClientDeleted { client } => Self { gone: Some(Grantee::Client(client)), ..none },
            HostEvent::ClientsMerged { from, into } => {
                Self { gone: Some(Grantee::Client(from)), heir: Some(Grantee::Client(into)), ..none }
            }
            HostEvent::ServiceDeleted { service } => Self { over: Some(Binding::Service(service)), ..none },
            HostEvent::ServiceMoved { service } => Self { moved: Some(service), ..none },
            HostEvent::TicketClosed { ticket } => Self { over: Some(Binding::Ticket(ticket)), ..none },
            HostEvent::TicketReopened { ticket } => Self { reopened: Some(Binding::Ticket(ticket)), ..none },
            HostEvent::AdminLeft { admin, new_owner } => {
                Self { gone: Some(Grantee::Admin(admin)), heir: Some(Grantee::Admin(new_owner)), ..none }
            }
            HostEvent::RoleDeleted { role } => Self { gone: Some(Grantee::Role(role)), ..none },
        }
    }

    pub(super) fn erasing(subject: &PersonId) -> Self {
        let gone = match subject {
            PersonId::Admin(id) => Some(Grantee::Admin(id.clone())),
            PersonId::Client(id) => Some(Grantee::Client(id.clone())),
            PersonId::User(_) => None,
        };
        Self { gone, erased: Some(subject.clone()), ..Self::default() }
    }

    /// The event that tells of it.
    pub(super) const fn kind(&self) -> EventKind {
        if self.erased.is_some() { EventKind::SubjectErased } else { EventKind::HostEventApplied }
    }

    /// The user who is forgotten in every account.
    pub(super) const fn user(&self) -> Option<&UserId> {
        match &self.erased {
            Some(PersonId::User(user)) => Some(user),
            _ => None,
        }
    }

    /// Whether an address is that of the one who is forgotten.
    pub(super) fn is_address(&self, email: &str) -> bool {
        self.emails.iter().any(|own| own.eq_ignore_ascii_case(email))
    }

    /// As which owner of entries the one who is gone stands.
    pub(super) fn leaver(&self) -> Option<Owner> {
        self.gone.as_ref().and_then(owner_of)
    }

    /// Who owns the entries from now on.
    pub(super) fn new_owner(&self) -> Option<Owner> {
        self.heir.as_ref().and_then(owner_of)
    }

    /// The client who takes the place of another.
    pub(super) const fn merged_into(&self) -> Option<&ClientId> {
        match &self.heir {
            Some(Grantee::Client(client)) => Some(client),
            _ => None,
        }
    }

    /// The client who is gone.
    pub(super) const fn client(&self) -> Option<&ClientId> {
        match &self.gone {
            Some(Grantee::Client(client)) => Some(client),
            _ => None,
        }
    }

    /// The role that is gone.
    pub(super) const fn role(&self) -> Option<&RoleId> {
        match &self.gone {
            Some(Grantee::Role(role)) => Some(role),
            _ => None,
        }
    }

    /// The person who is gone.
    pub(super) fn person(&self) -> Option<Person> {
        match self.gone.as_ref()? {
            Grantee::Admin(id) => Some(Person::Admin(id.clone())),
            Grantee::Client(id) => Some(Person::Client(id.clone())),
            Grantee::Role(_) => None,
        }
    }

    /// The person who is gone, as the directory names it.
    pub(super) fn person_id(&self) -> Option<PersonId> {
        if self.erased.is_some() {
            return self.erased.clone();
        }
        match self.gone.as_ref()? {
            Grantee::Admin(id) => Some(PersonId::Admin(id.clone())),
            Grantee::Client(id) => Some(PersonId::Client(id.clone())),
            Grantee::Role(_) => None,
        }
    }

    /// Whether a person is the one who is gone, or acted for it.
    pub(super) fn concerns(&self, person: &Person) -> bool {
        if let (Person::SubUser { user, .. }, Some(gone)) = (person, self.user()) {
            return user == gone;
        }
        match (person, &self.gone) {
            (Person::Admin(id), Some(Grantee::Admin(gone))) => id == gone,
            (Person::Client(id) | Person::SubUser { account: id, .. }, Some(Grantee::Client(gone))) => id == gone,
            _ => false,
        }
    }
}

fn owner_of(grantee: &Grantee) -> Option<Owner> {
    match grantee {
        Grantee::Admin(id) => Some(Owner::Admin(id.clone())),
        Grantee::Client(id) => Some(Owner::Client(id.clone())),
        Grantee::Role(_) => None,
    }
}

/// As which owner of categories a client stands.
pub(super) fn category_owner(client: &ClientId) -> CategoryOwner {
    CategoryOwner::Client(client.clone())
}

/// Puts `heir` in the place of `gone` in a list, or takes `gone` out. Whether it was there.
pub(super) fn replace(list: &mut Vec<Grantee>, gone: &Grantee, heir: Option<&Grantee>) -> bool {
    let before = list.len();
    list.retain(|one| one != gone);
    if list.len() == before {
        return false;
    }
    if let Some(heir) = heir
        && !list.contains(heir)
    {
        list.push(heir.clone());
        list.sort_unstable();
    }
    true
}
