//! A vault whose people are its own: staff with roles, a client with users.

use std::sync::Arc;

use pwvault_core::model::{
    Event, EventKind, KdfParams, MailTopics, Outcome, Permission, Permissions, PersonId, Realm, Settings, UnitId,
};
use pwvault_core::store::{MemoryStore, Order, Store};
use pwvault_core::testing::FixedClock;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    LogFilter, Pages, PersonDraft, SignIn, SignInStep, SignedIn, SubUserInvite, SubUserPut, UnitDraft,
};
use pwvault_core::{
    AdminId, ClientId, Principal, RequestContext, RoleId, Session, Timestamp, UserId, Vault, VaultBuilder, VaultError,
};

use crate::host::{VAULT, kek};

pub const PASSWORD: &str = "seven quiet herons";
/// The host's page that takes people in.
pub const WELCOME: &str = "https://panel.example/welcome";
pub const START: i64 = 1_800_000_000_000;

pub struct World {
    pub vault: Vault,
    pub clock: Arc<FixedClock>,
}

pub fn settings() -> Settings {
    Settings { kdf: KdfParams::FLOOR, ..Settings::default() }
}

pub fn builder(clock: &Arc<FixedClock>) -> VaultBuilder {
    let pages = Pages { invitation: Some(WELCOME.into()), ..Pages::default() };
    VaultBuilder::new(kek()).clock(Arc::clone(clock)).settings(settings()).pages(pages)
}

pub fn account(id: &str) -> ClientId {
    ClientId::new(id).unwrap()
}

pub fn user(id: &str) -> PersonId {
    PersonId::User(UserId::new(id).unwrap())
}

pub fn client(id: &str) -> PersonId {
    PersonId::Client(account(id))
}

pub fn admin(id: &str) -> PersonId {
    PersonId::Admin(AdminId::new(id).unwrap())
}

pub fn role(id: &str) -> RoleId {
    RoleId::new(id).unwrap()
}

pub fn permissions(list: &[Permission]) -> Permissions {
    list.iter().copied().collect()
}

/// A person with a password and the address `<id>@example.com`.
pub fn person(id: PersonId) -> PersonDraft {
    let name = id.to_string();
    let (_, own) = name.split_once(' ').unwrap();
    let email = format!("{own}@example.com");
    PersonDraft { email, password: Some(PASSWORD.into()), ..PersonDraft::new(id, name) }
}

pub fn sub_user_invite(account_id: &str, email: &str, list: &[Permission]) -> SubUserInvite {
    let (account, mail) = (account(account_id), MailTopics::NONE);
    SubUserInvite { account, email: email.into(), permissions: permissions(list), mail, locale: String::new() }
}

impl World {
    pub fn new() -> Self {
        Self::over(Arc::new(MemoryStore::new()))
    }

    pub fn over(store: Arc<dyn Store>) -> Self {
        let clock = Arc::new(FixedClock::new(Timestamp::from_millis(START)));
        let vault = builder(&clock).create(store, VAULT, role("full")).unwrap();
        Self { vault, clock }
    }

    /// With the roles panels have, and a person of each sort.
    pub fn peopled() -> Self {
        let world = Self::new();
        world.root().add_role_presets().unwrap();
        for id in [client("bert"), user("cleo")] {
            world.root().create_person(&person(id)).unwrap();
        }
        let sales = PersonDraft { username: "dora".into(), roles: vec![role("sales")], ..person(admin("dora")) };
        world.root().create_person(&sales).unwrap();
        world.put("bert", "cleo", &[Permission::View, Permission::Reveal], 1).unwrap();
        world
    }

    /// The host's own administrator, whom the directory does not know.
    pub fn root(&self) -> Session {
        let roles = vec![role("full")];
        self.session(Principal::admin_with_roles(AdminId::new("root").unwrap(), roles))
    }

    pub fn session(&self, principal: Principal) -> Session {
        self.vault.session(principal, RequestContext::default())
    }

    /// The session a person gets by signing in with the password.
    pub fn signed_in(&self, id: &PersonId) -> Session {
        let signed_in = self.sign_in(id, PASSWORD).unwrap();
        self.session(signed_in.principals.into_iter().next().unwrap())
    }

    pub fn sign_in(&self, id: &PersonId, password: &str) -> Result<SignedIn, VaultError> {
        let own = id.to_string();
        let email = format!("{}@example.com", own.split_once(' ').unwrap().1);
        match self.door().with_password(id.realm(), &email, &password.into())? {
            SignInStep::Done(signed_in) => Ok(signed_in),
            SignInStep::SecondFactor { .. } => panic!("a second factor is asked for"),
        }
    }

    pub fn door(&self) -> SignIn {
        self.vault.sign_in(RequestContext::default())
    }

    pub fn put(&self, to: &str, who: &str, list: &[Permission], version: u64) -> Result<u64, VaultError> {
        let (account, user) = (account(to), UserId::new(who).unwrap());
        let put = SubUserPut { account, user, permissions: permissions(list), mail: MailTopics::all() };
        self.root().put_sub_user(&put, version)
    }

    pub fn add_unit(&self, id: UnitId, mail: MailTopics) {
        self.root().create_unit(&UnitDraft { id, name: "Unit".into(), mail }).unwrap();
    }

    /// Who did what of these kinds and how it ended, the oldest first.
    pub fn log(&self, kinds: &[EventKind]) -> Vec<(String, EventKind, Outcome)> {
        let events = self.events().into_iter().filter(|event| kinds.contains(&event.kind));
        events.map(|event| (event.actor.to_string(), event.kind, event.outcome)).collect()
    }

    pub fn events(&self) -> Vec<Event> {
        let filter = LogFilter { order: Order::Ascending, limit: 1_000, ..LogFilter::default() };
        self.root().read_log(&filter).unwrap().events.into_iter().filter_map(|logged| logged.event).collect()
    }
}

/// Signs in at a door with a second step.
pub fn second_step(door: &SignIn, realm: Realm, login: &str) -> String {
    match door.with_password(realm, login, &PASSWORD.into()).unwrap() {
        SignInStep::SecondFactor { token } => token.expose().to_owned(),
        SignInStep::Done(_) => panic!("no second factor was asked for"),
    }
}
