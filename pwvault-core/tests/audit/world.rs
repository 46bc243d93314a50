//! A vault over a store that can fail, with a clock that stands still, and a log of some size.

use std::sync::Arc;

use pwvault_core::audit::{VerifyOptions, VerifyReport};
use pwvault_core::clock::{Clock, Timestamp};
use pwvault_core::model::{Event, EventKind, Outcome, Retention, Settings};
use pwvault_core::store::MemoryStore;
use pwvault_core::testing::{FaultyStore, FixedClock};
use pwvault_core::vault::LogFilter;
use pwvault_core::vault::prelude::*;
use pwvault_core::{ClientId, EntryDraft, EntryId, Principal, RequestContext, RoleId, Session, Vault, VaultBuilder};

use crate::host::{VAULT, admin, client, kek};

pub const MINUTE: i64 = 60_000;
pub const DAY: i64 = 24 * 60 * MINUTE;
pub const START: Timestamp = Timestamp::from_millis(1_700_000_000_000);

pub struct World {
    pub store: Arc<FaultyStore<MemoryStore>>,
    pub clock: Arc<FixedClock>,
    pub vault: Vault,
}

impl World {
    pub fn new() -> Self {
        Self::with(Settings::default(), |builder| builder)
    }

    pub fn with(settings: Settings, change: impl FnOnce(VaultBuilder) -> VaultBuilder) -> Self {
        let store = Arc::new(FaultyStore::new(MemoryStore::new()));
        let clock = Arc::new(FixedClock::new(START));
        let builder = change(VaultBuilder::new(kek()).settings(settings).clock(clock.clone()));
        let vault = builder.create(store.clone(), VAULT, RoleId::new("full").unwrap()).unwrap();
        Self { store, clock, vault }
    }

    /// The same vault as another process sees it.
    pub fn reopened(&self) -> Self {
        let Self { store, clock, .. } = self;
        let builder = VaultBuilder::new(kek()).clock(clock.clone());
        Self { store: store.clone(), clock: clock.clone(), vault: builder.open(store.clone(), VAULT).unwrap() }
    }

    pub fn root(&self) -> Session {
        admin(&self.vault, "root", &["full"])
    }

    pub fn client(&self, id: &str) -> Session {
        client(&self.vault, id)
    }

    pub fn system(&self) -> Session {
        self.vault.session(Principal::system(), RequestContext::default())
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// An entry of `owner`, revealed `times` times, a minute apart.
    pub fn entry_revealed(&self, owner: &str, times: usize) -> EntryId {
        let session = self.client(owner);
        let draft = EntryDraft { name: owner.into(), password: "secret".into(), ..EntryDraft::default() };
        let id = session.create_entry(&draft).unwrap();
        for _ in 0..times {
            self.clock.advance(MINUTE);
            session.reveal(id).unwrap();
        }
        id
    }

    /// Every event, the oldest first, without leaving one.
    pub fn events(&self) -> Vec<Event> {
        let filter = pwvault_core::audit::LogQuery {
            limit: 1_000,
            order: pwvault_core::store::Order::Ascending,
            ..Default::default()
        };
        let mut events = Vec::new();
        let mut query = filter;
        loop {
            let page = pwvault_core::audit::read(self.store.inner(), &self.ring(), &query).unwrap();
            events.extend(page.events.into_iter().map(|logged| logged.event.expect("an event that opens")));
            match page.next {
                Some(next) => query.cursor = Some(next),
                None => return events,
            }
        }
    }

    pub fn kinds(&self) -> Vec<(EventKind, Outcome)> {
        self.events().into_iter().map(|event| (event.kind, event.outcome)).collect()
    }

    pub fn count(&self, kind: EventKind) -> usize {
        self.events().iter().filter(|event| event.kind == kind).count()
    }

    fn ring(&self) -> pwvault_core::envelope::Keyring {
        use pwvault_core::model::KeyProvider;
        use pwvault_core::store::Store;
        let key = pwvault_core::envelope::Keyring::record_key(VAULT);
        let record = self.store.inner().load(&[key]).unwrap().pop().unwrap().unwrap();
        pwvault_core::envelope::Keyring::open(&record, &kek().keks().unwrap()).unwrap().0
    }

    /// Verifies the log, which must be whole.
    pub fn clean(&self) -> VerifyReport {
        let report = self.root().verify_log(&VerifyOptions::default()).unwrap();
        assert_eq!((report.findings.as_slice(), report.unsettled.as_slice()), (&[][..], &[][..]));
        report
    }

    pub fn pruned(&self) -> u64 {
        self.clean().shards.iter().map(|shard| shard.pruned).sum()
    }
}

pub fn keep_for(kinds: &[EventKind], days: u32) -> Retention {
    Retention { kinds: kinds.to_vec(), days }
}

pub fn up_to(to: Timestamp) -> LogFilter {
    LogFilter { to: Some(to), ..LogFilter::default() }
}

pub fn anna() -> ClientId {
    ClientId::new("anna").unwrap()
}
