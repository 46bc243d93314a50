//! Makes a vault file with entries of every tier, and beside it what a reader must find:
//!
//! `cargo run -p pwvault-core --example make_format_vault -- DIRECTORY`
//!
//! `vault.db` is the vault; `expected.json` holds its KEK, what opens the locked entries, and every
//! entry with its secrets as this library reveals them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a tool of the tests")]

#[path = "make_format_vectors/json.rs"]
#[allow(dead_code, reason = "labels are for the vectors")]
mod json_form;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use json_form::{hex, structure};
use pwvault_core::clock::{Clock, SystemClock, Timestamp};
use pwvault_core::crypto::{self, PrivateKey};
use pwvault_core::envelope::{Context, Keyring, MasterWraps, seal_password_wrap, seal_record};
use pwvault_core::id::RecordKind;
use pwvault_core::model::{
    Actions, Contact, FieldDraft, Grantee, KdfParams, Kek, KekId, KeyOwner, MasterHead, MasterState, Owner, Secret,
    Settings,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::{ChangeSet, RecordKey, SqliteStore, Store};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{KeyMaterial, KeyRegistration, LogFilter, PrivateKeyPem, UnlockAnswer};
use pwvault_core::{
    AdminId, ClientId, EntryDraft, EntryId, EntryPatch, KekRing, KeyId, Principal, RequestContext, RoleId, SecretBytes,
    Session, Vault, VaultBuilder, VaultId, audit, index,
};
use serde_json::{Value, json};

const PASSPHRASE: &str = "a passphrase, with = and «ü»";
const MASTER_PASSWORD: &str = "a master password ✓";

fn main() {
    let directory: PathBuf = std::env::args().nth(1).expect("name a directory").into();
    std::fs::create_dir_all(&directory).unwrap();
    let path = directory.join("vault.db");
    assert!(!path.exists(), "{} is there already", path.display());
    let store = Arc::new(SqliteStore::open(&path).unwrap());
    let maker = Maker::new(store);
    let expected = maker.fill();
    std::fs::write(directory.join("expected.json"), format!("{expected:#}\n")).unwrap();
}

struct Maker {
    store: Arc<SqliteStore>,
    vault: Vault,
    kek: Kek,
    clock: Later,
}

/// The operating system's clock, put forward by so many milliseconds.
#[derive(Clone, Default)]
struct Later(Arc<AtomicI64>);

impl Clock for Later {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_millis(self.0.load(Ordering::SeqCst))
    }
}

impl Maker {
    fn new(store: Arc<SqliteStore>) -> Self {
        let id = VaultId::generate(SystemClock.now()).unwrap();
        let key = SecretBytes::from_slice(&crypto::random_array::<32>().unwrap());
        let kek = Kek { id: KekId(crypto::random_array().unwrap()), key };
        let settings = Settings { kdf: KdfParams::FLOOR, ..Settings::default() };
        let clock = Later::default();
        let builder = VaultBuilder::new(KekRing::single(kek.id, kek.key.clone()));
        let builder = builder.settings(settings).clock(clock.clone()).shards(2);
        let vault = builder.create(store.clone(), id, RoleId::new("full").unwrap()).unwrap();
        Self { store, vault, kek, clock }
    }

    fn session(&self, client: &str) -> Session {
        self.vault.session(Principal::client(ClientId::new(client).unwrap()), RequestContext::default())
    }

    fn fill(&self) -> Value {
        let anna = self.session("anna");
        let keys = KeySet::register(&anna);
        let mut entries = Vec::new();
        let mut add = |draft: &EntryDraft| {
            let id = anna.create_entry(draft).unwrap();
            entries.push(id);
            id
        };
        add(&draft("plain", Vec::new()));
        add(&EntryDraft { name: "nothing but a name".into(), ..EntryDraft::default() });
        let long = EntryDraft { notes: "x".repeat(60_000).as_str().into(), ..draft("long", Vec::new()) };
        add(&long);
        let changed = add(&draft("changed", Vec::new()));
        let shared = add(&draft("shared", Vec::new()));
        let trashed = add(&draft("trashed", Vec::new()));
        let locked_to = [
            ("K1 RSA", vec![keys.rsa]),
            ("K1 X25519", vec![keys.x25519]),
            ("K2", vec![keys.passphrase]),
            ("K3", vec![keys.stored]),
            ("K1 or K2", vec![keys.rsa, keys.passphrase]),
        ];
        for (name, keys) in locked_to {
            add(&draft(name, keys));
        }
        let first_locked = entries[entries.len() - 5];
        self.rotate();

        let grant = GrantChange::put(Grantee::Admin(AdminId::new("1").unwrap()), Actions::VIEW_AND_REVEAL);
        anna.share(shared, &[grant]).unwrap();
        let anna = keys.unlock(anna);
        for id in [changed, first_locked] {
            for (version, password) in [(1, "second"), (2, "third")] {
                let patch = EntryPatch { password: Some(password.into()), ..EntryPatch::default() };
                anna.update_entry(id, version, &patch).unwrap();
            }
        }
        self.mirror();

        self.set_master_password("mona");
        let mona = self.session("mona");
        let guarded = mona.create_entry(&draft("M", Vec::new())).unwrap();
        let answer = UnlockAnswer::MasterPassword { owner: owner("mona"), password: MASTER_PASSWORD.into() };
        let ticket = mona.unlock(&answer).unwrap();
        let mona = mona.with_ticket(ticket);
        let patch = EntryPatch { password: Some("second".into()), ..EntryPatch::default() };
        mona.update_entry(guarded, 1, &patch).unwrap();
        let secrets_of_guarded = secrets(&mona, guarded);

        let secrets: Vec<Value> = entries.iter().map(|id| secrets(&anna, *id)).collect();
        anna.trash_entries(&[trashed]).unwrap();
        let mut found: Vec<Value> =
            entries.iter().zip(secrets).map(|(id, secrets)| with_overview(&anna, *id, secrets)).collect();
        found.push(with_overview(&mona, guarded, secrets_of_guarded));
        self.prune();
        json!({
            "vault": self.vault.id().to_string(),
            "kek_id": hex(&self.kek.id.0),
            "kek": hex(self.kek.key.expose()),
            "passphrases": { keys.passphrase.to_string(): PASSPHRASE },
            "private_keys": { keys.rsa.to_string(): keys.rsa_pem, keys.x25519.to_string(): keys.x25519_pem },
            "masters": { "client mona": MASTER_PASSWORD },
            "entries": found,
        })
    }

    /// A new data key and a new index key, without re-sealing what is there.
    fn rotate(&self) {
        let ring = self.ring();
        for next in [ring.with_new_data_key().unwrap(), ring.with_new_data_key().unwrap().with_new_index_key().unwrap()]
        {
            let mut changes = ChangeSet::new();
            changes.write(next.seal(&self.kek).unwrap());
            self.store.commit(&changes).unwrap();
        }
    }

    fn ring(&self) -> Keyring {
        let record = self.store.load(&[Keyring::record_key(self.vault.id())]).unwrap().pop().flatten().unwrap();
        Keyring::open(&record, std::slice::from_ref(&self.kek)).unwrap().0
    }
}

impl Maker {
    /// Covers the log by checkpoints and removes what they cover.
    fn prune(&self) {
        self.clock.0.store(audit::CHECKPOINT_MILLIS, Ordering::SeqCst);
        let admin = Principal::admin_with_roles(AdminId::new("1").unwrap(), vec![RoleId::new("full").unwrap()]);
        let admin = self.vault.session(admin, RequestContext::default());
        assert_eq!(admin.make_checkpoints().unwrap().made, 2);
        let filter = LogFilter { to: Some(self.clock.now()), ..LogFilter::default() };
        assert!(admin.prune_log(&filter, "no longer needed").unwrap().removed > 0);
    }

    fn mirror(&self) {
        let mut contact = Contact {
            person: Principal::client(ClientId::new("anna").unwrap()).person(),
            name: "Anna".into(),
            email: Some("Anna@Example.com".into()),
            locale: None,
            zone: Some("Europe/Vienna".into()),
            wants_mail: true,
            roles: Vec::new(),
            departments: Vec::new(),
            groups: Vec::new(),
            permissions: pwvault_core::model::Permissions::NONE,
        };
        let admin = Principal::admin_with_roles(AdminId::new("1").unwrap(), vec![RoleId::new("full").unwrap()]);
        let admin = self.vault.session(admin, RequestContext::default());
        admin.sync_principals(std::slice::from_ref(&contact), &[]).unwrap();
        contact.name = "Anna B.".into();
        admin.sync_principals(&[contact], &[]).unwrap();
    }

    /// As setting a master password writes it.
    fn set_master_password(&self, client: &str) {
        let (ring, owner) = (self.ring(), owner(client));
        let pair = PrivateKey::generate_x25519().unwrap();
        let id = index::unique_id(&ring, RecordKind::MasterPassword, "owner", owner.to_string().as_bytes());
        let context = Context {
            vault: Some(ring.vault()),
            kind: Some(RecordKind::MasterPassword),
            id: Some(id.0),
            field: Some("master password"),
            ..Context::default()
        };
        let private = pair.to_pkcs8_der();
        let password = MASTER_PASSWORD.as_bytes();
        let wrap = seal_password_wrap(&ring, &context, password, KdfParams::FLOOR, private.expose()).unwrap();
        let wraps = MasterWraps { password: wrap, ..MasterWraps::default() };
        let now = SystemClock.now();
        let head = MasterHead {
            owner,
            state: MasterState::Active,
            public_key: pair.public().x25519_raw().unwrap().to_vec(),
            fingerprint: pair.public().fingerprint(),
            recovery_code: false,
            recovery_key: None,
            must_change: false,
            generation: 1,
            set_at: now,
            changed_at: now,
        };
        let key = RecordKey { vault: ring.vault(), kind: RecordKind::MasterPassword, id };
        let mut changes = ChangeSet::new();
        changes.write(seal_record(&ring, key, 1, &head, Vec::new(), &wraps.encode().unwrap()).unwrap());
        self.store.commit(&changes).unwrap();
    }
}

/// An encryption key of every configuration.
struct KeySet {
    rsa: KeyId,
    rsa_pem: String,
    x25519: KeyId,
    x25519_pem: String,
    passphrase: KeyId,
    stored: KeyId,
}

impl KeySet {
    fn register(session: &Session) -> Self {
        let rsa = include_str!("../tests/keys/rsa-2048.pem");
        let other_rsa = include_str!("../tests/keys/rsa-2048-other.pem");
        let x25519 = include_str!("../tests/keys/x25519.pem");
        let public_only = |pem: &str| {
            let public = PrivateKey::from_pem(pem, None).unwrap().public().to_pem();
            KeyMaterial::PublicOnly { public, proof: Some(private(pem)) }
        };
        let register = |name: &str, material: KeyMaterial| {
            let owner = KeyOwner::Client(ClientId::new("anna").unwrap());
            let registration = KeyRegistration { name: name.into(), owner, material, may_attach: Vec::new() };
            session.register_key(&registration).unwrap()
        };
        let passphrase = KeyMaterial::Passphrase { private: private(other_rsa), passphrase: PASSPHRASE.into() };
        Self {
            rsa: register("rsa", public_only(rsa)),
            rsa_pem: rsa.into(),
            x25519: register("x25519", public_only(x25519)),
            x25519_pem: x25519.into(),
            passphrase: register("passphrase", passphrase),
            stored: register("stored", KeyMaterial::Stored { private: generated() }),
        }
    }

    fn unlock(&self, session: Session) -> Session {
        let pem = |key: KeyId, pem: &str| UnlockAnswer::PrivateKey { key, pem: pem.into(), passphrase: None };
        let answers = [
            pem(self.rsa, &self.rsa_pem),
            pem(self.x25519, &self.x25519_pem),
            UnlockAnswer::Passphrase { key: self.passphrase, passphrase: PASSPHRASE.into() },
        ];
        answers.iter().fold(session, |session, answer| {
            let ticket = session.unlock(answer).unwrap();
            session.with_ticket(ticket)
        })
    }
}

fn private(pem: &str) -> PrivateKeyPem {
    PrivateKeyPem { pem: pem.into(), passphrase: None }
}

fn generated() -> PrivateKeyPem {
    PrivateKeyPem { pem: PrivateKey::generate_x25519().unwrap().to_pem(), passphrase: None }
}

fn owner(client: &str) -> Owner {
    Owner::Client(ClientId::new(client).unwrap())
}

fn draft(name: &str, keys: Vec<KeyId>) -> EntryDraft {
    let field = |name: &str, value: &str, secret| FieldDraft { name: name.into(), value: value.into(), secret };
    EntryDraft {
        name: name.into(),
        username: format!("{name}@example.com"),
        website: "https://example.com/".into(),
        password: format!("the password of {name}").as_str().into(),
        notes: "über zwei\nZeilen 電池".into(),
        totp: "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP".into(),
        fields: vec![field("Customer", "0815", false), field("PIN", "4711", true)],
        keys,
        ..EntryDraft::default()
    }
}

fn secrets(session: &Session, id: EntryId) -> Value {
    let history = session.history(id).unwrap().into_iter().map(|past| {
        let secret = secret_json(&session.reveal_past(id, past.id).unwrap());
        json!({ "id": past.id.to_string(), "overview": structure(&past.head), "secret": secret })
    });
    json!({ "secret": secret_json(&session.reveal(id).unwrap()), "history": history.collect::<Vec<_>>() })
}

fn with_overview(session: &Session, id: EntryId, mut entry: Value) -> Value {
    entry["id"] = id.to_string().into();
    entry["overview"] = structure(&session.entry(id).unwrap().head);
    entry
}

fn secret_json(secret: &Secret) -> Value {
    let field =
        |field: &pwvault_core::model::SecretField| json!({ "id": field.id.to_string(), "value": field.value.expose() });
    json!({
        "password": secret.password.expose(),
        "notes": secret.notes.expose(),
        "totp": secret.totp.expose(),
        "fields": secret.fields.iter().map(field).collect::<Vec<_>>(),
    })
}
