//! A vault with a clock that is set by hand, people in several zones, and a notifier that keeps
//! what it is given.

use std::sync::{Arc, Mutex};

use pwvault_core::id::{RecordKind, UserId};
use pwvault_core::model::{
    Addressee, Choice, Contact, DeliveryError, EntryReminder, KekId, NoticeKind, Notifier, OutboxMessage, Period,
    PeriodUnit, Permission, Permissions, Person, Settings,
};
use pwvault_core::schedule::Zone;
use pwvault_core::store::{MemoryStore, Query, Record, Store};
use pwvault_core::testing::FixedClock;
use pwvault_core::vault::prelude::*;
use pwvault_core::{
    AdminId, ClientId, Clock, EntryDraft, EntryId, KekRing, Principal, RequestContext, RoleId, SecretBytes, Session,
    Timestamp, Vault, VaultBuilder,
};

use super::host::VAULT;

pub const HOUR: i64 = 60 * 60 * 1000;
pub const DAY: i64 = 24 * HOUR;
/// 2026-01-31 12:00 UTC.
pub const START: Timestamp = Timestamp::from_millis(1_769_860_800_000);

/// What was delivered, and when.
#[derive(Clone, Default)]
pub struct Delivered(pub Arc<Mutex<Vec<(Timestamp, OutboxMessage)>>>, pub Option<Arc<FixedClock>>);

impl Notifier for Delivered {
    fn deliver(&self, message: &OutboxMessage) -> Result<(), DeliveryError> {
        let now = self.1.as_ref().map_or(START, |clock| clock.now());
        self.0.lock().unwrap().push((now, message.clone()));
        Ok(())
    }
}

pub struct World {
    pub store: Arc<dyn Store>,
    pub clock: Arc<FixedClock>,
    pub delivered: Delivered,
    pub vault: Vault,
}

impl World {
    pub fn new(settings: Settings) -> Self {
        Self::over(Arc::new(MemoryStore::new()), settings)
    }

    pub fn over(store: Arc<dyn Store>, settings: Settings) -> Self {
        let clock = Arc::new(FixedClock::new(START));
        let delivered = Delivered(Arc::default(), Some(Arc::clone(&clock)));
        let kek = KekRing::single(KekId([1; 16]), SecretBytes::new(vec![2; 32]));
        let vault = VaultBuilder::new(kek)
            .clock(Arc::clone(&clock))
            .notifier(delivered.clone())
            .settings(settings)
            .create(Arc::clone(&store), VAULT, RoleId::new("full").unwrap())
            .unwrap();
        Self { store, clock, delivered, vault }
    }

    pub fn session(&self, principal: Principal) -> Session {
        self.vault.session(principal, RequestContext::default())
    }

    pub fn client(&self, id: &str) -> Session {
        self.session(Principal::client(client(id)))
    }

    pub fn root(&self) -> Session {
        self.session(Principal::admin_with_roles(admin("root"), vec![role("full")]))
    }

    pub fn cron(&self) -> Session {
        self.session(Principal::system())
    }

    /// Tells the vault of these people.
    pub fn know(&self, contacts: &[Contact]) {
        self.root().sync_principals(contacts, &[]).unwrap();
    }

    /// Runs what is due now, to the end.
    pub fn run(&self) {
        let cron = self.cron();
        loop {
            let report = cron.run_due(self.clock.now()).unwrap();
            for job in &report.jobs {
                assert!(job.error.is_none(), "{job:?}");
            }
            if !report.more() {
                return;
            }
        }
    }

    /// Lets time pass until `end`, with a run each hour.
    pub fn run_until(&self, end: Timestamp) {
        while self.clock.now() < end {
            self.clock.advance(HOUR);
            self.run();
        }
    }

    /// What was delivered since the last look: when by the clock of Vienna, what, and to whom.
    pub fn mail(&self) -> Vec<String> {
        let vienna = Zone::named("Europe/Vienna").unwrap();
        let line = |(at, message): (Timestamp, OutboxMessage)| {
            let to = match &message.notice.to {
                Addressee::Person(person) => name(person),
                Addressee::Address(address) => address.clone(),
            };
            format!("{} {:?} {to}", vienna.local(at), message.notice.kind)
        };
        self.take().into_iter().map(line).collect()
    }

    /// Whom the notices of a kind that were delivered since the last look went to.
    pub fn told(&self, kind: NoticeKind) -> Vec<String> {
        self.run();
        let mine = self.take().into_iter().filter(|(_, message)| message.notice.kind == kind);
        let mut told: Vec<_> = mine
            .map(|(_, message)| match &message.notice.to {
                Addressee::Person(person) => name(person),
                Addressee::Address(address) => address.clone(),
            })
            .collect();
        told.sort();
        told
    }

    pub fn take(&self) -> Vec<(Timestamp, OutboxMessage)> {
        std::mem::take(&mut self.delivered.0.lock().unwrap())
    }

    pub fn records(&self, kind: RecordKind) -> Vec<Record> {
        let query = Query { limit: 10_000, ..Query::new(VAULT, kind) };
        self.store.scan(&query).unwrap().into_records().unwrap()
    }

    /// Creates an entry of a client that is to be changed every month.
    pub fn monthly(&self, owner: &str) -> EntryId {
        let session = self.client(owner);
        let id = session.create_entry(&draft("Webmail")).unwrap();
        session.set_reminder(id, 1, &every(months(1))).unwrap();
        id
    }
}

pub fn draft(name: &str) -> EntryDraft {
    EntryDraft { name: name.into(), password: "first".into(), ..EntryDraft::default() }
}

pub fn every(period: Period) -> EntryReminder {
    EntryReminder { change_every: Choice::Set(period), ..EntryReminder::default() }
}

pub const fn months(count: u16) -> Period {
    Period { count, unit: PeriodUnit::Months }
}

pub const fn days(count: u16) -> Period {
    Period { count, unit: PeriodUnit::Days }
}

pub fn contact(person: Person, zone: &str) -> Contact {
    let permissions = Permissions::NONE.with(Permission::View);
    Contact {
        name: name(&person),
        person,
        email: None,
        locale: None,
        zone: Some(zone.into()),
        wants_mail: true,
        roles: vec![],
        departments: vec![],
        groups: vec![],
        permissions,
    }
}

pub fn client(id: &str) -> ClientId {
    ClientId::new(id).unwrap()
}

pub fn admin(id: &str) -> AdminId {
    AdminId::new(id).unwrap()
}

pub fn role(id: &str) -> RoleId {
    RoleId::new(id).unwrap()
}

pub fn sub_user(account: &str, user: &str) -> Person {
    Person::SubUser { account: client(account), user: UserId::new(user).unwrap() }
}

/// A person in one word.
pub fn name(person: &Person) -> String {
    match person {
        Person::Admin(id) => format!("admin:{id}"),
        Person::Client(id) => format!("client:{id}"),
        Person::SubUser { account, user } => format!("user:{user}@{account}"),
        Person::System => "system".into(),
        Person::Bearer => "bearer".into(),
    }
}
