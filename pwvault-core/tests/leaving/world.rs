//! A vault of a host whose people are known to the mirror.

use std::sync::Arc;

use pwvault_core::audit::VerifyOptions;
use pwvault_core::id::{RecordKind, ServiceId, TicketId};
use pwvault_core::model::{
    Actions, Binding, Contact, GrantTerms, Grantee, HostEvent, Permissions, Person, ServiceLink, ServicePart,
    ServiceRef,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::{MemoryStore, Query, Store, Want};
use pwvault_core::testing::FaultyStore;
use pwvault_core::vault::prelude::*;
use pwvault_core::{AdminId, EntryDraft, EntryId, Principal, RoleId, Session, UserId};

use super::locked::{self, VAULT, client};

pub(crate) struct World {
    pub(crate) inner: locked::World,
    pub(crate) store: Arc<FaultyStore<MemoryStore>>,
}

impl World {
    pub(crate) fn new() -> Self {
        let store = Arc::new(FaultyStore::new(MemoryStore::new()));
        let world = Self { inner: locked::World::with_store(Arc::clone(&store) as _), store };
        let people = ["anna", "bert", "cleo"].map(|id| Person::Client(client(id)));
        let staff = ["sam", "tess", "ulf"].map(|id| Person::Admin(admin(id)));
        let contacts: Vec<_> = people.into_iter().chain(staff).map(contact).collect();
        world.root().sync_principals(&contacts, &[]).unwrap();
        world
    }

    pub(crate) fn root(&self) -> Session {
        self.inner.root()
    }

    pub(crate) fn client(&self, id: &str) -> Session {
        self.inner.client(id)
    }

    pub(crate) fn admin(&self, id: &str) -> Session {
        self.with_roles(id, &[])
    }

    pub(crate) fn with_roles(&self, id: &str, roles: &[&str]) -> Session {
        self.inner.session(Principal::admin_with_roles(admin(id), roles.iter().map(|id| role(id)).collect()))
    }

    /// The host's own voice.
    pub(crate) fn host(&self) -> Session {
        self.inner.session(Principal::system())
    }

    /// How many records of a kind there are.
    pub(crate) fn count(&self, kind: RecordKind) -> u64 {
        let query = Query { want: Want::Count, limit: u32::MAX, ..Query::new(VAULT, kind) };
        self.store.inner().scan(&query).unwrap().into_count().unwrap()
    }

    pub(crate) fn check_log(&self) {
        let report = self.root().verify_log(&VerifyOptions::default()).unwrap();
        assert!(report.is_clean(), "{report}");
    }
}

pub(crate) fn admin(id: &str) -> AdminId {
    AdminId::new(id).unwrap()
}

pub(crate) fn role(id: &str) -> RoleId {
    RoleId::new(id).unwrap()
}

pub(crate) fn ticket(id: &str) -> TicketId {
    TicketId::new(id).unwrap()
}

pub(crate) fn service(id: &str, owner: &str) -> ServiceRef {
    ServiceRef { id: ServiceId::new(id).unwrap(), client: client(owner), product: None, product_group: None }
}

pub(crate) fn sub_user(account: &str, user: &str) -> Person {
    Person::SubUser { account: client(account), user: UserId::new(user).unwrap() }
}

pub(crate) fn contact(person: Person) -> Contact {
    Contact {
        name: format!("Contact {}", person.to_string().replace('\t', " ")),
        person,
        email: None,
        locale: None,
        zone: None,
        wants_mail: true,
        roles: vec![],
        departments: vec![],
        groups: vec![],
        permissions: Permissions::NONE,
    }
}

pub(crate) fn draft(name: &str) -> EntryDraft {
    EntryDraft { name: name.into(), password: "s3cret".into(), ..EntryDraft::default() }
}

pub(crate) fn of_service(name: &str, id: &str, owner: &str, part: ServicePart) -> EntryDraft {
    EntryDraft { service: Some(ServiceLink { service: service(id, owner), part }), ..draft(name) }
}

pub(crate) fn to_admin(id: &str) -> GrantChange {
    GrantChange::put(Grantee::Admin(admin(id)), Actions::VIEW_AND_REVEAL)
}

pub(crate) fn to_client(id: &str) -> GrantChange {
    GrantChange::put(Grantee::Client(client(id)), Actions::VIEW_AND_REVEAL)
}

pub(crate) fn to_role(id: &str) -> GrantChange {
    GrantChange::put(Grantee::Role(role(id)), Actions::VIEW_AND_REVEAL)
}

/// A grant that ends with something.
pub(crate) fn bound(grantee: Grantee, to: Binding) -> GrantChange {
    let terms = GrantTerms { bound_to: Some(to), ..GrantTerms::default() };
    GrantChange::put_on(grantee, Actions::VIEW_AND_REVEAL, terms)
}

pub(crate) fn new_entry(session: &Session, name: &str) -> EntryId {
    session.create_entry(&draft(name)).unwrap()
}

pub(crate) fn left(id: &str, new_owner: &str) -> HostEvent {
    HostEvent::AdminLeft { admin: admin(id), new_owner: admin(new_owner) }
}
