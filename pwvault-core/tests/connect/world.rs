//! A vault with a connector that keeps what it was given, a server of an administrator, and staff
//! with different parts of what it takes to sign in.

use std::sync::{Arc, Mutex, OnceLock};

use pwvault_core::clock::Clock;
use pwvault_core::connect::{ConnectError, ConnectRequest, Connector, ConnectorKind, Need, SignOn};
use pwvault_core::id::ServiceId;
use pwvault_core::model::{
    Action, Actions, Event, EventKind, Grantee, Outcome, RuleDraft, Section, ServerAccess, ServerRule, ServiceRef,
    Settings,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::{MemoryStore, Store};
use pwvault_core::testing::FixedClock;
use pwvault_core::vault::LogFilter;
use pwvault_core::vault::prelude::*;
use pwvault_core::{
    AdminId, EntryDraft, EntryId, Principal, RequestContext, RoleId, Session, Timestamp, Vault, VaultBuilder,
};

use crate::locked::{SharedClock, VAULT, builder, client};

pub const PASSWORD: &str = "s3cret of the server";

/// What a connector was given, and how many events the log held then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub address: String,
    pub username: String,
    pub secret: String,
    pub service: Option<String>,
    pub account: Option<String>,
    pub events: u64,
}

type Answer = Box<dyn Fn(&ConnectRequest<'_>) -> Result<SignOn, ConnectError> + Send + Sync>;

/// Keeps every call and answers as it is told.
#[derive(Clone)]
pub struct Spy {
    calls: Arc<Mutex<Vec<Call>>>,
    vault: Arc<OnceLock<Vault>>,
    answer: Arc<Mutex<Answer>>,
}

impl Connector for Spy {
    fn kind(&self) -> ConnectorKind {
        kind("spy")
    }

    fn connect(&self, request: &ConnectRequest<'_>) -> Result<SignOn, ConnectError> {
        let text = |text: Option<&str>| text.map(str::to_owned);
        self.calls.lock().unwrap().push(Call {
            address: request.address.to_owned(),
            username: request.username.to_owned(),
            secret: request.secret.expose().to_owned(),
            service: text(request.service),
            account: text(request.account),
            events: events(self.vault.get().unwrap()),
        });
        (self.answer.lock().unwrap())(request)
    }

    fn test(&self, request: &ConnectRequest<'_>) -> Result<(), ConnectError> {
        self.connect(request).map(drop)
    }
}

pub fn kind(name: &str) -> ConnectorKind {
    ConnectorKind {
        name: name.into(),
        needs: vec![Need::Host, Need::Username, Need::Password],
        gives_url: true,
        tests_login: true,
        services: vec!["admin".into(), "mail".into()],
    }
}

pub fn session_at(url: &str) -> SignOn {
    SignOn { url: Some(url.into()), expires_at: None }
}

pub struct World {
    pub vault: Vault,
    pub clock: SharedClock,
    pub store: Arc<dyn Store>,
    spy: Spy,
    /// Owned by `root`, shared with role `work` for use and with role `look` for view.
    pub server: EntryId,
}

impl World {
    pub fn new() -> Self {
        Self::with(Arc::new(MemoryStore::new()), |builder| builder)
    }

    pub fn with(store: Arc<dyn Store>, change: impl FnOnce(VaultBuilder) -> VaultBuilder) -> Self {
        let clock = SharedClock(Arc::new(FixedClock::new(Timestamp::from_millis(1_800_000_000_000))));
        let answer: Answer = Box::new(|_| Ok(session_at("https://server.example/session")));
        let spy = Spy { calls: Arc::default(), vault: Arc::default(), answer: Arc::new(Mutex::new(answer)) };
        let builder = change(builder(&clock).connector(spy.clone()).pulled_connector(kind("pulled")));
        let vault = builder.create(store.clone(), VAULT, role("full")).unwrap();
        assert!(spy.vault.set(vault.clone()).is_ok());
        let root = admin(&vault, "root", &["full"]);
        let rule = |name: &str, allow: Vec<Section>, restrict: Vec<Section>| {
            let roles = vec![role(name)];
            root.add_rule(&RuleDraft { name: name.into(), allow, restrict, roles, ..RuleDraft::default() }).unwrap();
        };
        rule("sign", vec![Section::Connect], vec![Section::ConnectConfigure]);
        rule("configure", vec![Section::ConnectConfigure], vec![]);
        let server = root.create_entry(&server_draft()).unwrap();
        let world = Self { vault, clock, store, spy, server };
        let grants = [("work", Action::Use), ("look", Action::View)]
            .map(|(name, action)| GrantChange::put(Grantee::Role(role(name)), Actions::NONE.with(action)));
        root.share(server, &grants).unwrap();
        world.set_server(&access("spy", ServerRule::Unrestricted));
        world
    }

    pub fn set_server(&self, access: &ServerAccess) {
        let root = self.root();
        let version = root.entry(self.server).unwrap().head.version;
        root.set_server(self.server, version, Some(access)).unwrap();
    }

    pub fn answer(&self, answer: impl Fn(&ConnectRequest<'_>) -> Result<SignOn, ConnectError> + Send + Sync + 'static) {
        *self.spy.answer.lock().unwrap() = Box::new(answer);
    }

    pub fn calls(&self) -> Vec<Call> {
        self.spy.calls.lock().unwrap().clone()
    }

    pub fn root(&self) -> Session {
        admin(&self.vault, "root", &["full"])
    }

    /// Staff that is not `root`.
    pub fn staff(&self, roles: &[&str]) -> Session {
        admin(&self.vault, "eve", roles)
    }

    pub fn client(&self, id: &str) -> Session {
        self.vault.session(Principal::client(client(id)), RequestContext::default())
    }

    pub fn system(&self) -> Session {
        self.vault.session(Principal::system(), RequestContext::default())
    }

    pub fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        let (mut settings, revision) = self.root().settings().unwrap();
        change(&mut settings);
        self.root().update_settings(&settings, revision).unwrap();
    }

    pub fn advance(&self, millis: i64) {
        self.clock.0.advance(millis);
    }

    /// The newest events but those of reading the log, the newest first.
    pub fn log(&self) -> Vec<Event> {
        let page = self.root().read_log(&LogFilter::default()).unwrap();
        page.events.into_iter().map(|one| one.event.unwrap()).filter(|one| one.kind != EventKind::LogRead).collect()
    }

    pub fn newest(&self) -> (EventKind, Outcome) {
        let event = self.log().remove(0);
        (event.kind, event.outcome)
    }

    pub fn events(&self) -> u64 {
        events(&self.vault)
    }

    /// How many records of a kind there are.
    pub fn records(&self, kind: pwvault_core::id::RecordKind) -> usize {
        let query = pwvault_core::store::Query { limit: 1_000, ..pwvault_core::store::Query::new(VAULT, kind) };
        self.store.scan(&query).unwrap().into_records().unwrap().len()
    }
}

pub fn server_draft() -> EntryDraft {
    EntryDraft { name: "web1".into(), username: "root".into(), password: PASSWORD.into(), ..EntryDraft::default() }
}

pub fn access(connector: &str, rule: ServerRule) -> ServerAccess {
    ServerAccess { connector: connector.into(), address: "server.example:2087".into(), rule }
}

/// A service of the product `basic` in the group `hosting`.
pub fn service(id: &str, of: &str) -> ServiceRef {
    ServiceRef {
        id: ServiceId::new(id).unwrap(),
        client: client(of),
        product: Some(pwvault_core::id::ProductId::new("basic").unwrap()),
        product_group: Some(pwvault_core::id::ProductGroupId::new("hosting").unwrap()),
    }
}

pub fn role(id: &str) -> RoleId {
    RoleId::new(id).unwrap()
}

fn admin(vault: &Vault, id: &str, roles: &[&str]) -> Session {
    let roles = roles.iter().map(|id| role(id)).collect();
    vault.session(Principal::admin_with_roles(AdminId::new(id).unwrap(), roles), RequestContext::default())
}

fn events(vault: &Vault) -> u64 {
    vault.head().unwrap().shards.iter().map(|shard| shard.size).sum()
}

/// The clock of the vault, for what is measured against it.
pub fn now(world: &World) -> Timestamp {
    world.clock.now()
}
