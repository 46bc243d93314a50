//! A vault with something of everything in it, and a look at all of it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};

use pwvault_core::audit::VerifyOptions;
use pwvault_core::envelope::{Keyring, SealedSecret, SecretBinding, open_record};
use pwvault_core::id::RecordKind;
use pwvault_core::model::{
    Actions, Contact, EntryHead, FieldDraft, Grantee, KdfParams, Kek, KekId, KeyOwner, Owner, PastSecretHead, Person,
    Recipient, Settings,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::{MemoryStore, Query, Record, RecordKey, Store};
use pwvault_core::testing::{FaultyStore, FixedClock};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    EntryFilter, EntryQuery, KekCallback, KeyMaterial, KeyRegistration, LogFilter, PrivateKeyPem, Recovery,
    ResealProgress, SetMaster, UnlockAnswer,
};
use pwvault_core::{
    AdminId, ClientId, EntryDraft, EntryId, EntryPatch, KeyId, Principal, RequestContext, RoleId, SecretBytes,
    SecretString, Session, Timestamp, Vault, VaultBuilder, VaultError, VaultId,
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
    /// What opens it, if it is locked.
    pub(crate) answer: Option<UnlockAnswer>,
    /// Version and time of the last change.
    pub(crate) stamp: Option<(u64, Timestamp)>,
}

/// The wraps of a locked secret, and what is inside and beside them.
pub(crate) type Wraps = (Vec<Vec<u8>>, Vec<Vec<u8>>);

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
            permissions: pwvault_core::model::Permissions::NONE,
        };
        self.as_root().sync_principals(&[contact], &[]).unwrap();
        self.add(&client("anna"), "mail", &["first", "second", "third"]);
        self.add(&client("anna"), "shared", &["alone"]);
        self.add(&client("bert"), "in the trash", &["old", "thrown away"]);
        self.add(&root(), "staff", &["staff secret"]);
        let shared = self.known[1].id;
        let to_bert = Grantee::Client(ClientId::new("bert").unwrap());
        let change = GrantChange::put(to_bert, Actions::VIEW_AND_REVEAL);
        self.session(&client("anna")).share(shared, &[change]).unwrap();
        self.session(&client("bert")).trash_entries(&[self.known[2].id]).unwrap();
        self.known[2].trashed = true;
        self.lock();
        self.guard();
        // The first event has waited long enough now, so the next one makes a checkpoint.
        self.clock.advance(16 * 60 * 1000);
        self.as_root().read_log(&LogFilter::default()).unwrap();
        self.note_stamps();
    }

    /// Entries locked to a key of each configuration, and one that each of the three opens.
    fn lock(&mut self) {
        let anna = client("anna");
        let session = self.session(&anna);
        let private = |pem: &str| PrivateKeyPem { pem: pem.into(), passphrase: None };
        let register = |material| {
            let owner = KeyOwner::Client(ClientId::new("anna").unwrap());
            session.register_key(&KeyRegistration { name: "key".into(), owner, material, may_attach: vec![] }).unwrap()
        };
        let public = register(KeyMaterial::PublicOnly { public: RSA_PUBLIC.into(), proof: None });
        let wrapped = register(KeyMaterial::Passphrase { private: private(X25519), passphrase: PASSPHRASE.into() });
        let stored = register(KeyMaterial::Stored { private: private(RSA_OTHER) });
        let with_pem = UnlockAnswer::PrivateKey { key: public, pem: RSA.into(), passphrase: None };
        let with_passphrase = UnlockAnswer::Passphrase { key: wrapped, passphrase: PASSPHRASE.into() };
        self.add_locked(&anna, "public only", &["k1 first", "k1 second"], &[public], Some(with_pem.clone()));
        self.add_locked(&anna, "passphrase", &["k2 first", "k2 second"], &[wrapped], Some(with_passphrase));
        self.add_locked(&anna, "stored", &["k3 first", "k3 second"], &[stored], None);
        self.add_locked(&anna, "either", &["either first", "either second"], &[public, wrapped], Some(with_pem));
    }

    /// An owner with a master password, and entries from before and after it was set.
    fn guard(&mut self) {
        let mona = client("mona");
        self.add(&mona, "before", &["m first", "m second"]);
        let trashed = self.add(&mona, "in the trash", &["m old", "m thrown away"]);
        let session = self.session(&mona);
        session.trash_entries(&[trashed]).unwrap();
        let password = SecretString::from(PASSPHRASE);
        let set = SetMaster { password: password.clone(), confirmation: password.clone(), recovery: Recovery::Code };
        session.set_master_password(&set).unwrap();
        let answer = UnlockAnswer::MasterPassword { owner: owner_of(&mona), password };
        self.add_locked(&mona, "after", &["m third", "m fourth"], &[], Some(answer.clone()));
        for known in self.known.iter_mut().filter(|known| known.owner == mona) {
            known.trashed = known.id == trashed;
            known.answer = Some(answer.clone());
        }
    }

    /// Adds an entry whose secret was changed until it is the last of `passwords`.
    pub(crate) fn add(&mut self, owner: &Principal, name: &str, passwords: &[&str]) -> EntryId {
        self.add_locked(owner, name, passwords, &[], None)
    }

    fn add_locked(
        &mut self,
        owner: &Principal,
        name: &str,
        passwords: &[&str],
        keys: &[KeyId],
        answer: Option<UnlockAnswer>,
    ) -> EntryId {
        let session = self.session_unlocked(owner, answer.as_ref());
        let field = FieldDraft { name: "pin".into(), value: PIN.into(), secret: true };
        let draft = EntryDraft {
            name: name.into(),
            password: passwords[0].into(),
            fields: vec![field],
            keys: keys.to_vec(),
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
            answer,
            stamp: None,
        });
        id
    }

    pub(crate) fn note_stamps(&mut self) {
        for at in 0..self.known.len() {
            let known = &self.known[at];
            let session = self.session_unlocked(&known.owner, known.answer.as_ref());
            self.known[at].stamp = Some(stamp_of(&session, known.id));
        }
    }

    pub(crate) fn session(&self, principal: &Principal) -> Session {
        self.vault.session(principal.clone(), RequestContext::default())
    }

    /// A session with a ticket for the answer.
    pub(crate) fn session_unlocked(&self, principal: &Principal, answer: Option<&UnlockAnswer>) -> Session {
        let session = self.session(principal);
        match answer {
            Some(answer) => session.clone().with_ticket(session.unlock(answer).unwrap()),
            None => session,
        }
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
            let Known { id, owner, password, past, trashed, answer, stamp } = known;
            let session = self.session_unlocked(owner, answer.as_ref());
            assert_eq!(Some(stamp_of(&session, *id)), *stamp, "a rotation is no change of an entry");
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
        assert_eq!(anna.list_keys().unwrap().len(), 3, "anna no longer finds her keys");
        let locked = |known: &&Known| known.owner == client("anna") && known.answer.is_some();
        for locked in self.known.iter().filter(locked) {
            for lock in anna.entry(locked.id).unwrap().head.locks {
                let Recipient::Key(key) = lock.recipient else { continue };
                let filter = EntryFilter { key: Some(key), ..EntryFilter::default() };
                assert!(self.lists(&anna, filter, locked.id), "an entry is no longer found by its key");
            }
        }
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
            let session = self.session_unlocked(&known.owner, known.answer.as_ref());
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

    /// Of every record with a locked secret its wraps.
    pub(crate) fn wraps(&self) -> BTreeMap<RecordKey, Wraps> {
        let ring = self.ring();
        let mut found = BTreeMap::new();
        for record in self.records() {
            let (entry, revision, locks, rest) = match record.key.kind {
                RecordKind::Entry => {
                    let opened = open_record::<EntryHead>(&ring, RecordKind::Entry, &record).unwrap();
                    (EntryId::from_bytes(record.key.id.0), opened.head.secret.revision, opened.head.locks, opened.rest)
                }
                RecordKind::PastSecret => {
                    let opened = open_record::<PastSecretHead>(&ring, RecordKind::PastSecret, &record).unwrap();
                    (opened.head.entry, opened.head.revision, opened.head.locks, opened.rest)
                }
                _ => continue,
            };
            let sealed = SealedSecret::parse(rest).unwrap();
            let SealedSecret::Locked { wraps, envelope } = &sealed else { continue };
            let binding = SecretBinding { vault: ID, entry, revision };
            let mut inside = vec![envelope.to_vec()];
            for lock in locks {
                let Recipient::Key(key) = lock.recipient else { continue };
                inside.push(sealed.peel(&ring, binding, key.to_bytes()).unwrap().0.expose().to_vec());
            }
            found.insert(record.key, (wraps.iter().map(|wrap| wrap.to_vec()).collect(), inside));
        }
        found
    }

    pub(crate) fn reseal(&self) -> Result<ResealProgress, VaultError> {
        self.as_system().reseal_records(&mut |_| ControlFlow::Continue(()))
    }

    /// Another process that opens the same vault with these KEKs.
    pub(crate) fn opened_with(&self, keks: Vec<Kek>) -> Result<Vault, VaultError> {
        builder(&Arc::new(Mutex::new(keks)), &self.clock).open(self.store.clone(), ID)
    }

    /// Another process that reaches the same vault through another store.
    pub(crate) fn opened_on(&self, store: Arc<dyn Store>) -> Vault {
        builder(&self.keks, &self.clock).open(store, ID).unwrap()
    }
}

/// Version of an entry and time of its last change.
fn stamp_of(session: &Session, id: EntryId) -> (u64, Timestamp) {
    let head = session.entry(id).unwrap().head;
    (head.version, head.updated_at)
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
const PASSPHRASE: &str = "a passphrase";
const RSA: &str = include_str!("../keys/rsa-2048.pem");
const RSA_PUBLIC: &str = include_str!("../keys/rsa-2048-public.pem");
const RSA_OTHER: &str = include_str!("../keys/rsa-2048-other.pem");
const X25519: &str = include_str!("../keys/x25519.pem");
/// The place among the known entries of the one shared to bert.
const SHARED: usize = 1;
