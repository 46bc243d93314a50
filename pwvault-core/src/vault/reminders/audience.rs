//! Who is told about an entry: its owner, those it is shared with who may reveal, and sub-users who
//! may view; never whoever did what is told. The policy decides about each.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::clock::Timestamp;
use crate::envelope::open_record;
use crate::id::{CategoryId, ClientId, RecordKind};
use crate::model::{
    Action, Audience, CategoryHead, Contact, Directory, EntryHead, Grantee, Owner, Person, Principal, PrincipalKind,
    Standing, Subject,
};
use crate::policy::Authority;
use crate::schedule::Zone;
use crate::vault::core::tampered;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::membership::authority_of;
use crate::vault::principals::directory_of;

/// Someone who is told.
#[derive(Clone, Debug)]
pub(in crate::vault) struct Recipient {
    pub(in crate::vault) person: Person,
    pub(in crate::vault) contact: Option<Contact>,
}

impl Recipient {
    pub(in crate::vault) const fn audience(&self) -> Audience {
        match self.person {
            Person::Admin(_) | Person::System => Audience::Administrators,
            Person::Client(_) | Person::SubUser { .. } | Person::Bearer => Audience::Clients,
        }
    }

    /// What speaks for the recipient now.
    pub(in crate::vault) fn standing(&self) -> Standing {
        let standing = Standing::of(self.person.clone());
        self.contact.iter().fold(standing, |standing, contact| standing.as_known(contact))
    }

    /// The recipient's zone; UTC when none is known.
    pub(in crate::vault) fn zone(&self) -> Zone {
        let name = self.contact.as_ref().and_then(|contact| contact.zone.as_deref());
        name.and_then(|name| Zone::named(name).ok()).unwrap_or_else(Zone::utc)
    }
}

/// Who may be told, for one passage, each looked up once.
pub(in crate::vault) struct Readers<'g> {
    gate: &'g Gate<'g>,
    directory: Arc<dyn Directory>,
    contacts: RefCell<HashMap<Person, Option<Contact>>>,
    members: RefCell<HashMap<Subject, Vec<Person>>>,
    authorities: RefCell<HashMap<Person, Authority>>,
}

impl<'g> Readers<'g> {
    pub(in crate::vault) fn of(gate: &'g Gate<'g>) -> Result<Self, VaultError> {
        let directory = directory_of(&gate.session.core)?;
        let (contacts, members, authorities) = Default::default();
        Ok(Self { gate, directory, contacts, members, authorities })
    }

    pub(in crate::vault) fn contact(&self, person: &Person) -> Result<Option<Contact>, VaultError> {
        if let Some(known) = self.contacts.borrow().get(person) {
            return Ok(known.clone());
        }
        let contact = self.directory.contact(person)?;
        self.contacts.borrow_mut().insert(person.clone(), contact.clone());
        Ok(contact)
    }

    /// How a person is called; by its id when the directory does not know it.
    pub(in crate::vault) fn name(&self, person: &Person) -> Result<String, VaultError> {
        let known = self.contact(person)?.map(|contact| contact.name);
        Ok(known.unwrap_or_else(|| person.to_string().replace('\t', " ")))
    }

    /// Who is told about an entry.
    pub(in crate::vault) fn told(&self, head: &EntryHead, now: Timestamp) -> Result<Vec<Recipient>, VaultError> {
        let mut people = BTreeSet::new();
        match &head.owner {
            Owner::Admin(id) => drop(people.insert(Person::Admin(id.clone()))),
            Owner::Client(id) => self.add_account(id, &mut people)?,
        }
        for grant in head.grants.iter().filter(|grant| grant.actions.has(Action::Reveal) && grant.is_open(now)) {
            self.add_grantee(&grant.grantee, &mut people)?;
        }
        if let Some(assigned) = head.category.filter(|assigned| assigned.actions.has(Action::Reveal)) {
            for member in self.category_members(assigned.category)? {
                self.add_grantee(&member, &mut people)?;
            }
        }
        let mut users = HashSet::new();
        let mut told = Vec::new();
        for person in people {
            let recipient = Recipient { contact: self.contact(&person)?, person };
            // Someone who acts for two accounts is one reader.
            let again = matches!(&recipient.person, Person::SubUser { user, .. } if !users.insert(user.clone()));
            if !again && self.may_be_told(head, &recipient)? {
                told.push(recipient);
            }
        }
        Ok(told)
    }

    /// Whether someone gets mail about an entry now.
    pub(in crate::vault) fn may_be_told(&self, head: &EntryHead, recipient: &Recipient) -> Result<bool, VaultError> {
        let Recipient { person, contact } = recipient;
        if contact.as_ref().is_some_and(|contact| !contact.wants_mail) {
            return Ok(false);
        }
        Ok(match (person, contact) {
            (Person::Admin(id), contact) => {
                let roles = contact.as_ref().map(|contact| contact.roles.clone()).unwrap_or_default();
                self.may(&Principal::admin_with_roles(id.clone(), roles), Action::Reveal, head)?
            }
            (Person::Client(id), contact) => self.may(&account(id, contact.as_ref()), Action::Reveal, head)?,
            (Person::SubUser { account: id, user }, Some(contact)) => {
                // The groups that shut out an account shut out its sub-users.
                let owner = self.contact(&Person::Client(id.clone()))?;
                let user = Principal::sub_user(id.clone(), user.clone(), contact.permissions);
                self.may(&account(id, owner.as_ref()), Action::View, head)? && self.may(&user, Action::View, head)?
            }
            (Person::SubUser { .. }, None) | (Person::System | Person::Bearer, _) => false,
        })
    }

    /// What the policy says, category memberships included.
    fn may(&self, principal: &Principal, action: Action, head: &EntryHead) -> Result<bool, VaultError> {
        let person = principal.person();
        if let Some(known) = self.authorities.borrow().get(&person) {
            return Ok(known.evaluate(action, head).is_allow());
        }
        let Gate { core, snapshot, now, .. } = self.gate;
        let (authority, _) = authority_of(core, snapshot, principal, None, *now)?;
        let allowed = authority.evaluate(action, head).is_allow();
        self.authorities.borrow_mut().insert(person, authority);
        Ok(allowed)
    }

    /// Whether someone is who acts now, be it for another account.
    pub(in crate::vault) fn is_actor(&self, person: &Person) -> bool {
        match (person, self.actor()) {
            (Person::SubUser { user, .. }, Person::SubUser { user: acting, .. }) => *user == acting,
            (person, actor) => *person == actor,
        }
    }

    /// Whoever acts now: the administrator who is signed in as another, or the principal.
    pub(in crate::vault) fn actor(&self) -> Person {
        let session = self.gate.session;
        session.context.on_behalf_of.clone().unwrap_or_else(|| session.person())
    }

    fn add_grantee(&self, grantee: &Grantee, people: &mut BTreeSet<Person>) -> Result<(), VaultError> {
        match grantee {
            Grantee::Admin(id) => drop(people.insert(Person::Admin(id.clone()))),
            Grantee::Role(id) => people.extend(self.members(Subject::Role(id.clone()))?),
            Grantee::Client(id) => self.add_account(id, people)?,
        }
        Ok(())
    }

    fn category_members(&self, id: CategoryId) -> Result<Vec<Grantee>, VaultError> {
        let Gate { core, snapshot, .. } = self.gate;
        let Some(record) = core.load(core.key(RecordKind::Category, id))? else { return Ok(Vec::new()) };
        let opened = open_record::<CategoryHead>(&snapshot.keyring, RecordKind::Category, &record)
            .map_err(|cause| tampered(&record, cause))?;
        Ok(opened.head.members)
    }

    fn add_account(&self, id: &ClientId, people: &mut BTreeSet<Person>) -> Result<(), VaultError> {
        people.insert(Person::Client(id.clone()));
        people.extend(self.members(Subject::SubUsers(id.clone()))?);
        Ok(())
    }

    fn members(&self, subject: Subject) -> Result<Vec<Person>, VaultError> {
        if let Some(known) = self.members.borrow().get(&subject) {
            return Ok(known.clone());
        }
        let members = self.directory.members(&subject)?;
        self.members.borrow_mut().insert(subject, members.clone());
        Ok(members)
    }
}

fn account(id: &ClientId, contact: Option<&Contact>) -> Principal {
    let groups = contact.map(|contact| contact.groups.clone()).unwrap_or_default();
    Principal { kind: PrincipalKind::Client { id: id.clone(), groups }, expected_lock: None }
}
