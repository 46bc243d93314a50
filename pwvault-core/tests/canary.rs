//! Unique texts in every field of a vault, looked for where none may be: the files of the database,
//! what types print of themselves, and errors.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod locked;

use std::fmt::Debug;
use std::fs;
use std::io::Write as _;
use std::sync::Arc;

use base64ct::{Base64, Base64Unpadded, Encoding};
use locked::SharedClock;
use pwvault_core::crypto::PrivateKey;
use pwvault_core::csv::{ExportMode, dialect};
use pwvault_core::id::{DepartmentId, GroupId, ServiceId, TicketId};
use pwvault_core::model::FieldDraft;
use pwvault_core::model::{
    AccessMode, Action, Actions, Contact, Grantee, Kek, KekId, KeyOwner, Owner, Person, RuleDraft, Section, Settings,
    StaffList,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::{SqliteStore, Store};
use pwvault_core::testing::FixedClock;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    ChangeMaster, EntryFilter, EntryQuery, ImportOptions, KeyMaterial, KeyRegistration, PrivateKeyPem, Recovery,
    SecretPart, Selection, SetMaster, UnlockAnswer, VaultKey,
};
use pwvault_core::{
    AdminId, ClientId, EntryDraft, EntryId, EntryPatch, KekRing, KeyId, Principal, RequestContext, RoleId, SecretBytes,
    SecretString, Session, Timestamp, Vault, VaultBuilder, VaultError, VaultId,
};

/// What is looked for.
#[derive(Default)]
struct Canaries {
    texts: Vec<Canary>,
}

struct Canary {
    what: String,
    bytes: Vec<u8>,
    /// A secret may stand nowhere; what is no secret may be printed by the types that hold it.
    secret: bool,
}

impl Canaries {
    fn text(&mut self, what: &str) -> String {
        let text = format!("{what}-canary-{:04}-zqxj", self.texts.len());
        self.texts.push(Canary { what: what.to_owned(), bytes: text.clone().into_bytes(), secret: false });
        text
    }

    fn secret(&mut self, what: &str) -> SecretString {
        let text = self.text(what);
        self.texts.last_mut().unwrap().secret = true;
        text.into()
    }

    fn bytes(&mut self, what: &str, bytes: &[u8]) {
        self.texts.push(Canary { what: what.to_owned(), bytes: bytes.to_vec(), secret: true });
    }

    /// Which canaries stand in a haystack, in whatever form.
    fn found_in(&self, haystack: &[u8], secrets_only: bool) -> Vec<String> {
        let wanted = self.texts.iter().filter(|canary| canary.secret || !secrets_only);
        wanted.filter_map(|Canary { what, bytes, .. }| Some(format!("{what} as {}", find(haystack, bytes)?))).collect()
    }
}

/// The form in which a needle stands in a haystack.
fn find(haystack: &[u8], needle: &[u8]) -> Option<&'static str> {
    let stands = |form: &[u8]| haystack.windows(form.len()).any(|window| window == form);
    let hex: String = needle.iter().map(|byte| format!("{byte:02x}")).collect();
    let little: Vec<u8> = needle.iter().flat_map(|byte| [*byte, 0]).collect();
    let big: Vec<u8> = needle.iter().flat_map(|byte| [0, *byte]).collect();
    // Base64 of a text depends on where it begins: without the groups it shares with its neighbours.
    let base64 = (0..3).any(|shift| {
        let padded = [vec![0; shift], needle.to_vec()].concat();
        let text = Base64Unpadded::encode_string(&padded);
        let from = (shift * 8).div_ceil(6);
        let to = padded.len() * 8 / 6;
        stands(&text.as_bytes()[from..to])
    });
    let list = format!("{:?}", needle);
    [
        (stands(needle), "text"),
        (stands(hex.as_bytes()), "hex"),
        (stands(hex.to_uppercase().as_bytes()), "HEX"),
        (stands(&little) || stands(&big), "UTF-16"),
        (base64, "base64"),
        (stands(list.trim_matches(['[', ']']).as_bytes()), "a list of numbers"),
    ]
    .into_iter()
    .find_map(|(stands, form)| stands.then_some(form))
}

struct World {
    canaries: Canaries,
    vault: Vault,
    clock: SharedClock,
    kek: Vec<u8>,
    role: RoleId,
    anna: Session,
    entry: EntryId,
    key: KeyId,
    entry_draft: EntryDraft,
    answers: Vec<UnlockAnswer>,
    registration: KeyRegistration,
    printed: Vec<String>,
}

const VAULT: VaultId = VaultId::from_bytes([7; 16]);

fn builder(kek: &[u8], clock: &SharedClock) -> VaultBuilder {
    VaultBuilder::new(KekRing::single(KekId([1; 16]), SecretBytes::from_slice(kek))).clock(clock.clone())
}

/// Does everything a vault can do, with a canary wherever a text goes in.
fn fill(store: &Arc<dyn Store>) -> World {
    let mut c = Canaries::default();
    let kek: Vec<u8> = (0..32_u8).map(|at| at.wrapping_mul(73) ^ 0xa5).collect();
    c.bytes("KEK", &kek);
    let clock = SharedClock(Arc::new(FixedClock::new(Timestamp::from_millis(1_800_000_000_000))));
    let role = RoleId::new(c.text("role")).unwrap();
    let staff = StaffList {
        admins: vec![AdminId::new(c.text("staff")).unwrap()],
        roles: vec![RoleId::new(c.text("staff role")).unwrap()],
    };
    let settings = Settings {
        access_mode: AccessMode::Restricted(staff),
        extended_roles: vec![RoleId::new(c.text("extended role")).unwrap()],
        audit_views: true,
        ..locked::settings()
    };
    let vault = builder(&kek, &clock).settings(settings).create(store.clone(), VAULT, role.clone()).unwrap();

    let context = RequestContext {
        ticket: Some(TicketId::new(c.text("support ticket")).unwrap()),
        service: Some(ServiceId::new(c.text("service")).unwrap()),
        ip: Some(c.text("address")),
        user_agent: Some(c.text("agent")),
        reason: Some(c.text("reason")),
        request_id: Some(c.text("request")),
        on_behalf_of: Some(Person::Admin(AdminId::new(c.text("administrator")).unwrap())),
        ..RequestContext::default()
    };
    let anna_id = ClientId::new(c.text("client")).unwrap();
    let bert_id = ClientId::new(c.text("other client")).unwrap();
    let root_id = AdminId::new(c.text("root")).unwrap();
    let anna = vault.session(Principal::client(anna_id.clone()), context.clone());
    let root = vault.session(Principal::admin_with_roles(root_id, vec![role.clone()]), context.clone());

    let rule = RuleDraft {
        name: c.text("rule"),
        allow: vec![Section::Entries],
        admins: vec![AdminId::new(c.text("ruled")).unwrap()],
        ..RuleDraft::default()
    };
    root.add_rule(&rule).unwrap();
    let email = c.text("mail");
    let contact = Contact {
        person: Person::Client(bert_id.clone()),
        name: c.text("person"),
        email: Some(email.clone()),
        locale: Some(c.text("locale")),
        zone: Some(c.text("zone")),
        wants_mail: true,
        roles: vec![RoleId::new(c.text("contact's role")).unwrap()],
        departments: vec![DepartmentId::new(c.text("department")).unwrap()],
        groups: vec![GroupId::new(c.text("group")).unwrap()],
        permissions: pwvault_core::model::Permissions::NONE,
    };
    root.sync_principals(&[contact], &[]).unwrap();

    let private = PrivateKey::from_pem(locked::X25519, None).unwrap();
    let scalar = private.to_pkcs8_der();
    c.bytes("private key", &scalar.expose()[scalar.len() - 32..]);
    let rsa = PrivateKey::from_pem(locked::RSA_OTHER, None).unwrap().to_pkcs8_der();
    c.bytes("stored private key", &rsa.expose()[600..640]);
    let passphrase = c.secret("passphrase");
    let registration = KeyRegistration {
        name: c.text("key"),
        owner: KeyOwner::Client(anna_id.clone()),
        material: KeyMaterial::Passphrase {
            private: PrivateKeyPem { pem: locked::X25519.into(), passphrase: None },
            passphrase: passphrase.clone(),
        },
        may_attach: vec![Grantee::Client(ClientId::new(c.text("attacher")).unwrap())],
    };
    let key = anna.register_key(&registration).unwrap();
    let stored = anna
        .register_key(&KeyRegistration {
            name: c.text("stored key"),
            material: KeyMaterial::Stored { private: locked::pem(locked::RSA_OTHER) },
            ..registration.clone()
        })
        .unwrap();
    let secret_field =
        |c: &mut Canaries| FieldDraft { name: c.text("field"), value: c.secret("field value"), secret: true };
    let shown_field = |c: &mut Canaries| {
        let (name, value) = (c.text("shown field"), c.text("shown value"));
        FieldDraft { name, value: value.into(), secret: false }
    };
    let full = |c: &mut Canaries| EntryDraft {
        name: c.text("name"),
        username: c.text("user"),
        website: format!("https://{}.example", c.text("site")),
        login_url: format!("https://login.example/{}", c.text("path")),
        password: c.secret("password"),
        notes: c.secret("notes"),
        totp: c.secret("own://seed"),
        fields: vec![secret_field(c), shown_field(c)],
        ..EntryDraft::default()
    };
    let entry_draft = full(&mut c);
    let entry = anna.create_entry(&entry_draft).unwrap();
    let patch = EntryPatch {
        name: Some(c.text("new name")),
        password: Some(c.secret("new password")),
        notes: Some(c.secret("new notes")),
        fields: Some(vec![secret_field(&mut c)]),
        ..EntryPatch::default()
    };
    let patched = anna.update_entry(entry, 1, &patch).unwrap();
    for keys in [vec![key], vec![stored], vec![key, stored]] {
        let locked = EntryDraft { keys, ..full(&mut c) };
        let id = anna.create_entry(&locked).unwrap();
        let again = EntryPatch { username: Some(c.text("new user")), ..EntryPatch::default() };
        anna.update_entry(id, 1, &again).unwrap();
    }
    let gone = anna.create_entry(&full(&mut c)).unwrap();
    anna.trash_entries(&[gone]).unwrap();
    anna.purge_entries(&[gone]).unwrap();
    let kept = anna.create_entry(&full(&mut c)).unwrap();
    anna.trash_entries(&[kept]).unwrap();

    let put = GrantChange::put(Grantee::Client(bert_id.clone()), Actions::ALL);
    anna.share(entry, &[put]).unwrap();
    anna.share_by_email(kept, &email, Actions::ALL).unwrap_err();
    anna.share_by_email(entry, &c.text("unknown mail"), Actions::ALL).unwrap();
    vault.session(Principal::client(bert_id), context).reveal(entry).unwrap();
    anna.reveal(entry).unwrap();
    let past = anna.history(entry).unwrap();
    anna.restore_secret(entry, patched + 1, past[0].id, &[SecretPart::Notes]).unwrap();
    let filter = EntryFilter { text: Some(c.text("search")), ..EntryFilter::default() };
    anna.list_entries(&EntryQuery { filter, ..EntryQuery::default() }).unwrap();
    let row = format!(
        "name,password,notes\n{},{},{}\n",
        c.text("imported name"),
        c.secret("imported password").expose(),
        c.secret("imported notes").expose()
    );
    anna.import(row.as_bytes(), &ImportOptions::default(), &mut |_, _| {}).unwrap();

    let master = c.secret("master password");
    let set = SetMaster { password: master.clone(), confirmation: master.clone(), recovery: Recovery::Code };
    let done = anna.set_master_password(&set).unwrap();
    let code = done.recovery_code.clone().unwrap();
    c.bytes("recovery code", code.expose().as_bytes());
    let changed = c.secret("changed master password");
    let change = ChangeMaster { old: master, password: changed.clone(), confirmation: changed.clone() };
    anna.change_master_password(&change).unwrap();
    let owner = Owner::Client(anna_id);
    let answers = vec![
        UnlockAnswer::Passphrase { key, passphrase },
        UnlockAnswer::MasterPassword { owner, password: changed },
        UnlockAnswer::PrivateKey { key, pem: locked::X25519.into(), passphrase: Some(c.secret("PEM passphrase")) },
    ];
    root.rotate_keys(VaultKey::Data).unwrap();
    let mut unlocked = anna.clone();
    for answer in &answers[..2] {
        let ticket = anna.unlock(answer).unwrap();
        c.bytes("ticket", ticket.expose());
        unlocked = unlocked.with_ticket(ticket);
    }
    let guarded = unlocked.create_entry(&full(&mut c)).unwrap();
    unlocked.reveal(guarded).unwrap();
    let selection = Selection::Filter(EntryFilter::default());
    unlocked.export(&mut Vec::new(), &selection, dialect("pwvault").unwrap(), ExportMode::Exact).unwrap();
    let view = format!("{:?} {:?} {set:?} {done:?} {change:?}", vault, unlocked);
    World {
        canaries: c,
        vault,
        clock,
        kek,
        role,
        anna: unlocked,
        entry,
        key,
        entry_draft,
        answers,
        registration,
        printed: vec![view, format!("{patch:?}")],
    }
}

fn report(line: &str) {
    // Past the capture of the test runner.
    let _ = writeln!(std::io::stderr(), "canary: {line}");
}

#[test]
fn the_files_of_the_database_hold_no_text() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path().join("vault.db")).unwrap());
    let world = fill(&store);
    let mut all = Vec::new();
    let scan = |all: &mut Vec<u8>, when: &str| {
        for file in fs::read_dir(folder.path()).unwrap() {
            let path = file.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            let found = world.canaries.found_in(&bytes, false);
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            assert_eq!(found, Vec::<String>::new(), "in {name} {when}");
            report(&format!("{name} {when}: {} bytes, {} canaries, 0 hits", bytes.len(), world.canaries.texts.len()));
            all.extend(bytes);
        }
    };
    scan(&mut all, "while open");
    assert!(all.len() > 100_000, "there is something to look through");

    // The scan finds what stands there, in each form.
    let planted = &world.canaries.texts[world.canaries.texts.len() / 2].bytes;
    let hex: String = planted.iter().map(|byte| format!("{byte:02X}")).collect();
    let wide: Vec<u8> = planted.iter().flat_map(|byte| [*byte, 0]).collect();
    let forms = [
        planted.clone(),
        hex.to_lowercase().into_bytes(),
        hex.into_bytes(),
        wide,
        Base64::encode_string(planted).into_bytes(),
        Base64::encode_string(&[b"x", planted.as_slice(), b"yz"].concat()).into_bytes(),
        Base64::encode_string(&[b"xy", planted.as_slice(), b"z"].concat()).into_bytes(),
        format!("{planted:?}").into_bytes(),
    ];
    for form in &forms {
        let mut haystack = all[..100_000].to_vec();
        haystack.splice(50_001..50_001, form.iter().copied());
        assert_eq!(world.canaries.found_in(&haystack, false).len(), 1);
    }
    report(&format!("planted in {} forms: found in each", forms.len()));
}

#[test]
fn types_print_no_secret() {
    let store: Arc<dyn Store> = Arc::new(pwvault_core::store::MemoryStore::new());
    let World {
        canaries, vault, kek, mut printed, anna, entry, key, entry_draft, answers, registration, clock, ..
    } = fill(&store);
    let mut print = |value: &dyn Debug| printed.push(format!("{value:?} {value:#?}"));
    let ring = KekRing::new(vec![Kek { id: KekId([1; 16]), key: SecretBytes::from_slice(&kek) }]);
    let private = PrivateKey::from_pem(locked::X25519, None).unwrap();
    let bad = Session::clone(&anna);
    print(&ring);
    print(&Kek { id: KekId([1; 16]), key: SecretBytes::from_slice(&kek) });
    print(&builder(&kek, &clock));
    print(&vault);
    print(&vault.health().unwrap());
    print(&vault.head().unwrap());
    print(&bad);
    print(&entry_draft);
    print(&anna.reveal(entry).unwrap());
    print(&anna.entry(entry).unwrap());
    print(&anna.history(entry).unwrap());
    print(&anna.key(key).unwrap());
    print(&registration);
    print(&answers);
    print(&private);
    print(&locked::pem(locked::X25519));
    print(&anna.unlock(&answers[0]).unwrap());
    print(&anna.challenge(entry).unwrap());
    print(&anna.master_password().unwrap());
    print(&store.info().unwrap());
    print(&pwvault_core::envelope::EnvelopeKey::unnamed(&kek));
    print(&pwvault_core::crypto::Prk::extract(&kek));
    let record = store.load(&[pwvault_core::envelope::Keyring::record_key(VAULT)]).unwrap().pop().flatten().unwrap();
    let kek = Kek { id: KekId([1; 16]), key: SecretBytes::from_slice(&kek) };
    let (keyring, _) = pwvault_core::envelope::Keyring::open(&record, &[kek]).unwrap();
    print(&keyring);
    print(&keyring.audit_keys().unwrap());
    print(&keyring.data_keys());
    print(&record);
    let all = printed.join("\n");
    assert_eq!(canaries.found_in(all.as_bytes(), true), Vec::<String>::new());
    assert!(!canaries.found_in(all.as_bytes(), false).is_empty(), "an overview is printed by the types that hold it");
    report(&format!("{} types, {} bytes printed, 0 secrets", printed.len(), all.len()));
}

#[test]
fn errors_tell_nothing_of_what_was_given() {
    let store: Arc<dyn Store> = Arc::new(pwvault_core::store::MemoryStore::new());
    let World { mut canaries, vault, kek, anna, entry, key, clock, role, .. } = fill(&store);
    let mut errors: Vec<String> = Vec::new();
    let mut tell = |error: VaultError| {
        let mut source: Option<&dyn std::error::Error> = Some(&error);
        while let Some(cause) = source {
            errors.push(format!("{cause} {cause:?}"));
            source = cause.source();
        }
    };
    let version = anna.entry(entry).unwrap().head.version;
    let draft = |name: &str| EntryDraft { name: name.to_owned(), ..EntryDraft::default() };
    let long = |c: &mut Canaries, len: usize| format!("{}{}", c.text("long"), "x".repeat(len));

    let c = &mut canaries;
    let drafts = [
        draft(&long(c, 512)),
        draft(&format!("{}\n", c.text("newline"))),
        EntryDraft { website: format!("javascript:{}", c.text("script")), ..draft("n") },
        EntryDraft { website: format!("https://{}:p@x", c.text("user in address")), ..draft("n") },
        EntryDraft { login_url: format!("https://exa mple/{}", c.text("blank")), ..draft("n") },
        EntryDraft { password: long(c, 70_000).into(), ..draft("n") },
        EntryDraft { notes: long(c, 70_000).into(), ..draft("n") },
        EntryDraft { username: long(c, 70_000), ..draft("n") },
        EntryDraft { keys: vec![KeyId::from_bytes([9; 16])], ..draft("n") },
        EntryDraft { owner: Some(Owner::Client(ClientId::new(c.text("stranger")).unwrap())), ..draft("n") },
        EntryDraft {
            fields: vec![FieldDraft { name: long(c, 600), value: c.secret("field"), secret: true }],
            ..draft("n")
        },
    ];
    drafts.iter().for_each(|draft| tell(anna.create_entry(draft).unwrap_err()));
    let patch = |c: &mut Canaries| EntryPatch { password: Some(c.secret("patched")), ..EntryPatch::default() };
    tell(anna.update_entry(entry, version + 1, &patch(c)).unwrap_err());
    tell(anna.update_entry(EntryId::from_bytes([9; 16]), 1, &patch(c)).unwrap_err());

    let owner = Owner::Client(anna.principal().account().unwrap().clone());
    let broken = locked::X25519.replace("-----END", "!-----END");
    let wrong = [
        UnlockAnswer::Passphrase { key, passphrase: c.secret("wrong passphrase") },
        UnlockAnswer::MasterPassword { owner, password: c.secret("wrong master password") },
        UnlockAnswer::PrivateKey { key, pem: locked::RSA_OTHER.into(), passphrase: None },
        UnlockAnswer::PrivateKey { key, pem: broken.into(), passphrase: None },
        UnlockAnswer::PrivateKey { key, pem: c.secret("no PEM"), passphrase: None },
        UnlockAnswer::PrivateKey {
            key,
            pem: locked::RSA_ENCRYPTED.into(),
            passphrase: Some(c.secret("wrong PEM passphrase")),
        },
    ];
    wrong.iter().for_each(|answer| tell(anna.unlock(answer).unwrap_err()));
    let changed = ChangeMaster { old: c.secret("old"), password: c.secret("new one"), confirmation: c.secret("other") };
    tell(anna.change_master_password(&changed).unwrap_err());
    let short = ChangeMaster { old: c.secret("old"), password: "short".into(), confirmation: "short".into() };
    tell(anna.change_master_password(&short).unwrap_err());

    let root = vault
        .session(Principal::admin_with_roles(AdminId::new("root").unwrap(), vec![role]), RequestContext::default());
    let stranger = vault.session(Principal::admin(AdminId::new("nobody").unwrap()), RequestContext::default());
    tell(root.add_rule(&RuleDraft { name: long(c, 600), ..RuleDraft::default() }).unwrap_err());
    tell(stranger.rules().unwrap_err());
    tell(stranger.reveal(entry).unwrap_err());
    let contact = Contact {
        person: Person::Client(ClientId::new("x").unwrap()),
        name: format!("{}\u{7}", c.text("bell")),
        email: Some(c.text("mail")),
        locale: None,
        zone: None,
        wants_mail: false,
        roles: vec![],
        departments: vec![],
        groups: vec![],
        permissions: pwvault_core::model::Permissions::NONE,
    };
    tell(root.sync_principals(std::slice::from_ref(&contact), &[]).unwrap_err());
    let named = Contact { name: "x".into(), email: Some(long(c, 600)), ..contact };
    tell(root.sync_principals(&[named], &[]).unwrap_err());
    tell(
        anna.share(
            entry,
            &[GrantChange::put(Grantee::Client(anna.principal().account().unwrap().clone()), Actions::ALL)],
        )
        .unwrap_err(),
    );
    tell(anna.copy_secret(entry, SecretPart::Field(pwvault_core::id::FieldId::from_bytes([1; 16]))).unwrap_err());
    tell(anna.explain(EntryId::from_bytes([1; 16]), Action::View).unwrap_err());

    let files = [
        format!("name,password\n{},\"{}\n", c.text("unclosed"), c.secret("unclosed").expose()),
        format!("{},{}\n1,2\n", c.text("header"), c.text("header")),
        format!("name,url,password\nx,javascript:{},{}\n", c.text("bad address"), c.secret("row").expose()),
        format!("name,password\n{},{}\n", long(c, 600), c.secret("row").expose()),
        format!("{{\"items\": [\"{}\"]}}", c.secret("json").expose()),
        c.text("one line"),
        format!("name,password\nx,{}\0\n", c.secret("control").expose()),
    ];
    for file in &files {
        match anna.import(file.as_bytes(), &ImportOptions::default(), &mut |_, _| {}) {
            Err(error) => tell(error),
            Ok(report) => assert!(report.problems().next().is_none()),
        }
    }
    for other in [vec![0x5a; 32], vec![0x5a; 31]] {
        tell(builder(&other, &clock).open(store.clone(), VAULT).unwrap_err());
    }
    let elsewhere = KekRing::single(KekId([2; 16]), SecretBytes::from_slice(&kek));
    tell(VaultBuilder::new(elsewhere).open(store.clone(), VAULT).unwrap_err());
    for bad in [format!("{}\n", c.text("host id")), long(c, 200)] {
        tell(ClientId::new(bad).unwrap_err().into());
    }
    tell(c.text("no uuid").parse::<EntryId>().unwrap_err().into());

    let all = errors.join("\n");
    assert!(errors.len() >= 40, "{} errors", errors.len());
    // A denial names the role that would help, as its remedies must; nothing else of anyone.
    assert_eq!(canaries.found_in(all.as_bytes(), false), ["role as text"]);
    report(&format!(
        "{} errors, {} bytes, {} canaries, 0 hits besides the role of a remedy",
        errors.len(),
        all.len(),
        canaries.texts.len()
    ));
}
