//! A vault with something of everything in it, and a look at all of it.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use pwvault_core::audit::VerifyOptions;
use pwvault_core::envelope::Keyring;
use pwvault_core::id::RecordKind;
use pwvault_core::model::{Actions, Contact, FieldDraft, Grantee, KdfParams, Kek, KekId, Owner, Person, Settings};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::{MemoryStore, Query, Record, Store};
use pwvault_core::testing::{FaultyStore, FixedClock};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{EntryFilter, EntryQuery, KekCallback, LogFilter, ResealProgress};
use pwvault_core::{
    AdminId, ClientId, EntryDraft, EntryId, EntryPatch, Principal, RequestContext, RoleId, SecretBytes, Session,
    Timestamp, Vault, VaultBuilder, VaultError, VaultId,
};

pub(crate) const ID: VaultId = VaultId::from_bytes([3; 16]);

pub(crate) struct World {
    pub(crate) store: Arc<FaultyStore<MemoryStore>>,
    /// What the key provider gives; shared with the vault.
    pub(crate) keks: Arc<Mutex<Vec<Kek>>>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) vault: Vault,
    pub(crate) known: Vec<Known>,
}

/// An entry and what must be found in it at all times.
pub(crate) struct Known {
    pub(crate) id: EntryId,
    pub(crate) owner: Principal,
    pub(crate) password: String,
    /// The newest first.
    pub(crate) past: Vec<String>,
    pub(crate) trashed: bool,
    /// Version and time of the last change.
    pub(crate) stamp: Option<(u64, Timestamp)>,
}

pub(crate) fn kek(number: u8) -> Kek {
    Kek { id: KekId([number; 16]), key: SecretBytes::new(vec![number ^ 0x55; 32]) }
}

pub(crate) fn client(id: &str) -> Principal {
    Principal::client(ClientId::new(id).unwrap())
}

pub(crate) fn root() -> Principal {
    Principal::admin_with_roles(AdminId::new("root").unwrap(), vec![RoleId::new("full").unwrap()])
}

impl World {
    pub(crate) fn new() -> Self {
        let store = Arc::new(FaultyStore::new(MemoryStore::new()));
        let keks = Arc::new(Mutex::new(vec![kek(1)]));
        let clock = Arc::new(FixedClock::new(Timestamp::from_millis(1_800_000_000_000)));
        let settings = Settings { kdf: KdfParams::FLOOR, ..Settings::default() };
        let full = RoleId::new("full").unwrap();
        let vault = builder(&keks, &clock).settings(settings).create(store.clone(), ID, full).unwrap();
        let mut world = Self { store, keks, clock, vault, known: Vec::new() };
        world.fill();
        world
    }

    fn fill(&mut self) {
        let contact = Contact {
            person: Person::Client(ClientId::new("carla").unwrap()),
            name: "Carla".into(),
            email: Some("carla@example.com".into()),
            locale: None,
            zone: None,
            wants_mail: false,
            roles: vec![],
            departments: vec![],
            groups: vec![],
        };
        self.as_root().sync_principals(&[contact], &[]).unwrap();
        self.add(&client("anna"), "mail", &["first", "second", "third"]);
        self.add(&client("anna"), "shared", &["alone"]);
        self.add(&client("bert"), "in the trash", &["old", "thrown away"]);
        self.add(&root(), "staff", &["staff secret"]);
        let shared = self.known[1].id;
        let to_bert = Grantee::Client(ClientId::new("bert").unwrap());
        let change = GrantChange::Put { grantee: to_bert, actions: Actions::VIEW_AND_REVEAL };
        self.session(&client("anna")).share(shared, &[change]).unwrap();
        self.session(&client("bert")).trash_entries(&[self.known[2].id]).unwrap();
        self.known[2].trashed = true;
        // The first event has waited long enough now, so the next one makes a checkpoint.
        self.clock.advance(16 * 60 * 1000);
        self.as_root().read_log(&LogFilter::default()).unwrap();
        self.note_stamps();
    }

    /// Adds an entry whose secret was changed until it is the last of `passwords`.
    pub(crate) fn add(&mut self, owner: &Principal, name: &str, passwords: &[&str]) -> EntryId {
        let session = self.session(owner);
        let field = FieldDraft { name: "pin".into(), value: PIN.into(), secret: true };
        let draft = EntryDraft {
            name: name.into(),
            password: passwords[0].into(),
            fields: vec![field],
            ..EntryDraft::default()
        };
        let id = session.create_entry(&draft).unwrap();
        for (password, version) in passwords[1..].iter().zip(1..) {
            let patch = EntryPatch { password: Some((*password).into()), ..EntryPatch::default() };
            session.update_entry(id, version, &patch).unwrap();
        }
        let (last, past) = passwords.split_last().unwrap();
        self.known.push(Known {
            id,
            owner: owner.clone(),
            password: (*last).into(),
            past: past.iter().rev().map(|text| (*text).to_owned()).collect(),
            trashed: false,
            stamp: None,
        });
        id
    }

    pub(crate) fn note_stamps(&mut self) {
        for at in 0..self.known.len() {
            self.known[at].stamp = Some(self.stamp(&self.known[at]));
        }
    }

    fn stamp(&self, known: &Known) -> (u64, Timestamp) {
        let head = self.session(&known.owner).entry(known.id).unwrap().head;
        (head.version, head.updated_at)
    }

    pub(crate) fn session(&self, principal: &Principal) -> Session {
        self.vault.session(principal.clone(), RequestContext::default())
    }

    pub(crate) fn as_root(&self) -> Session {
        self.session(&root())
    }

    pub(crate) fn as_system(&self) -> Session {
        self.session(&Principal::system())
    }

    /// Everything that must be readable and found, is.
    pub(crate) fn check(&self) {
        for known in &self.known {
            let Known { id, owner, password, past, trashed, stamp } = known;
            let session = self.session(owner);
            assert_eq!(Some(self.stamp(known)), *stamp, "a rotation is no change of an entry");
            let own = session.principal().kind.clone();
            let filter = EntryFilter { trashed: *trashed, owner: Some(owner_of(owner)), ..EntryFilter::default() };
            assert!(self.lists(&session, filter, *id), "{own:?} no longer finds its entry");
            if *trashed {
                continue;
            }
            let secret = session.reveal(*id).unwrap();
            assert_eq!(secret.password.expose(), password);
            assert_eq!(secret.fields[0].value.expose(), PIN);
            let history = session.history(*id).unwrap();
            let found: Vec<_> = history
                .iter()
                .map(|old| session.reveal_past(*id, old.id).unwrap().password.expose().to_owned())
                .collect();
            assert_eq!(&found, past);
        }
        self.check_labels();
        assert_eq!(self.as_root().rules().unwrap().len(), 1);
    }

    /// What is found by grant, and by the mirror's labels.
    fn check_labels(&self) {
        let bert = self.session(&client("bert"));
        let to_bert = Grantee::Client(ClientId::new("bert").unwrap());
        let filter = EntryFilter { granted_to: Some(to_bert), ..EntryFilter::default() };
        assert!(self.lists(&bert, filter, self.known[SHARED].id), "bert no longer finds what is shared to him");

        let anna = self.session(&client("anna"));
        let spare = anna.create_entry(&EntryDraft { name: "spare".into(), ..EntryDraft::default() }).unwrap();
        anna.share_by_email(spare, "Carla@example.com", Actions::VIEW_AND_REVEAL).unwrap();
        assert_eq!(anna.grants(spare).unwrap().len(), 1, "the mirror no longer finds carla");
        anna.trash_entries(&[spare]).unwrap();
        anna.purge_entries(&[spare]).unwrap();
    }

    fn lists(&self, session: &Session, filter: EntryFilter, id: EntryId) -> bool {
        let page = session.list_entries(&EntryQuery { filter, limit: 1_000, ..EntryQuery::default() }).unwrap();
        page.entries.iter().any(|view| view.id == id)
    }

    /// Takes entries out of the trash to look at them, which ends the test of whether they stayed
    /// untouched.
    pub(crate) fn check_trash(&self) {
        for known in self.known.iter().filter(|known| known.trashed) {
            let session = self.session(&known.owner);
            session.restore_entries(&[known.id]).unwrap();
            assert_eq!(session.reveal(known.id).unwrap().password.expose(), known.password);
            assert_eq!(session.history(known.id).unwrap().len(), known.past.len());
        }
    }

    /// The log is whole and the store is as it says.
    pub(crate) fn check_log(&self) {
        let report = self.as_root().verify_log(&VerifyOptions::default()).unwrap();
        assert_eq!(report.findings, []);
        assert_eq!(report.unsettled, []);
    }

    pub(crate) fn ring(&self) -> Keyring {
        let record = self.store.inner().load(&[Keyring::record_key(ID)]).unwrap().pop().unwrap().unwrap();
        Keyring::open(&record, &self.keks.lock().unwrap()).unwrap().0
    }

    /// Every record of the vault.
    pub(crate) fn records(&self) -> Vec<Record> {
        let of_kind = |kind| {
            let query = Query { limit: u32::MAX, ..Query::new(ID, kind) };
            self.store.inner().scan(&query).unwrap().into_records().unwrap()
        };
        RecordKind::ALL.into_iter().flat_map(of_kind).collect()
    }

    /// The kinds of the records in which the id of a data key stands anywhere.
    pub(crate) fn naming(&self, data_key: [u8; 16]) -> Vec<RecordKind> {
        let names = |record: &Record| record.body.windows(16).any(|bytes| bytes == data_key);
        self.records().iter().filter(|record| names(record)).map(|record| record.key.kind).collect()
    }

    pub(crate) fn reseal(&self) -> Result<ResealProgress, VaultError> {
        self.as_system().reseal_records(&mut |_| ControlFlow::Continue(()))
    }

    /// Another process that opens the same vault with these KEKs.
    pub(crate) fn opened_with(&self, keks: Vec<Kek>) -> Result<Vault, VaultError> {
        builder(&Arc::new(Mutex::new(keks)), &self.clock).open(self.store.clone(), ID)
    }
}

fn builder(keks: &Arc<Mutex<Vec<Kek>>>, clock: &Arc<FixedClock>) -> VaultBuilder {
    let keks = keks.clone();
    VaultBuilder::new(KekCallback::new(move || Ok(keks.lock().unwrap().clone()))).clock(clock.clone())
}

fn owner_of(principal: &Principal) -> Owner {
    match principal.person() {
        Person::Client(id) => Owner::Client(id),
        Person::Admin(id) => Owner::Admin(id),
        other => panic!("{other} owns nothing"),
    }
}

const PIN: &str = "1234";
/// The place among the known entries of the one shared to bert.
const SHARED: usize = 1;
