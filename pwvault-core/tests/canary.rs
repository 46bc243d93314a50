//! Unique strings in every field of every record, and none of them in the database, its journal,
//! what the library prints of itself, or its errors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod host;

use std::fmt::Debug;
use std::fs;
use std::sync::Arc;

use host::{admin, vault_over};
use pwvault_core::model::{
    AccessMode, Actions, Contact, FieldDraft, Grantee, KdfParams, KeyOwner, Person, RuleDraft, Section, Settings,
    StaffList,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::SqliteStore;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    EntryQuery, ImportOptions, KeyCustody, KeyGeneration, LogFilter, Recovery, SetMaster, UnlockAnswer,
};
use pwvault_core::{
    AdminId, ClientId, EntryDraft, EntryPatch, Principal, RequestContext, RoleId, Session, UserId, VaultError,
};

/// Canaries given out, and the things they must not be found in.
#[derive(Default)]
struct Cage {
    given: Vec<String>,
    haystacks: Vec<(String, Vec<u8>)>,
}

impl Cage {
    fn canary(&mut self, place: &str) -> String {
        let canary = format!("canary{:04}{}", self.given.len(), place.replace(' ', ""));
        self.given.push(canary.clone());
        canary
    }

    fn keep(&mut self, what: &str, text: impl Into<Vec<u8>>) {
        self.haystacks.push((what.to_owned(), text.into()));
    }

    fn keep_debug(&mut self, what: &str, value: &impl Debug) {
        self.keep(what, format!("{value:?} {value:#?}"));
    }

    fn keep_error<T>(&mut self, what: &str, result: Result<T, VaultError>) {
        let error = result.err().unwrap_or_else(|| panic!("{what} was not refused"));
        self.keep(what, format!("{error} {error:?} {error:#?}"));
    }

    /// Every place where a canary stands, in any of the forms a leak may have.
    fn hits(&self) -> Vec<String> {
        let forms = |canary: &str| {
            let bytes = canary.as_bytes();
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let utf16: Vec<u8> = canary.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [bytes.to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes(), utf16]
        };
        let mut hits = Vec::new();
        for canary in &self.given {
            for form in forms(canary) {
                for (what, haystack) in &self.haystacks {
                    if haystack.windows(form.len()).any(|window| window == form) {
                        hits.push(format!("{canary} in {what}"));
                    }
                }
            }
        }
        hits
    }
}

#[test]
fn no_canary_leaves_its_cage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.db");
    let mut cage = Cage::default();
    let store = Arc::new(SqliteStore::open(&path).unwrap());
    let staff = StaffList {
        admins: vec![AdminId::new(cage.canary("staff admin")).unwrap()],
        roles: vec![RoleId::new(cage.canary("staff role")).unwrap()],
    };
    let settings = Settings {
        kdf: KdfParams::FLOOR,
        access_mode: AccessMode::Restricted(staff),
        extended_roles: vec![RoleId::new(cage.canary("extended role")).unwrap()],
        ..Settings::default()
    };
    let vault = vault_over(store, settings);
    let root = admin(&vault, "root", &["full"]);
    fill_policy_and_people(&root, &mut cage);

    let owner = cage.canary("client");
    let context = RequestContext {
        ip: Some(cage.canary("ip")),
        user_agent: Some(cage.canary("agent")),
        reason: Some(cage.canary("reason")),
        request_id: Some(cage.canary("request")),
        ticket: Some(pwvault_core::id::TicketId::new(cage.canary("ticket")).unwrap()),
        service: Some(pwvault_core::id::ServiceId::new(cage.canary("service")).unwrap()),
        on_behalf_of: Some(Person::Admin(AdminId::new(cage.canary("behalf")).unwrap())),
        ..RequestContext::default()
    };
    let anna = vault.session(Principal::client(ClientId::new(owner.clone()).unwrap()), context);
    fill_entries(&anna, &mut cage);
    fill_keys_and_master(&anna, &owner, &mut cage);
    provoke_errors(&anna, &mut cage);
    root.verify_log(&Default::default()).unwrap();
    cage.keep_debug("vault", &vault);
    cage.keep_debug("health", &vault.health().unwrap());
    cage.keep_debug("head", &vault.head().unwrap());

    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        cage.keep(&format!("file {:?}", file.file_name()), fs::read(file.path()).unwrap());
    }
    let bytes: usize = cage.haystacks.iter().map(|(_, haystack)| haystack.len()).sum();
    let files = cage.haystacks.iter().filter(|(what, _)| what.starts_with("file")).count();
    println!("{} canaries, {} haystacks of {bytes} bytes, {files} files", cage.given.len(), cage.haystacks.len());
    assert!(cage.given.len() > 40 && files >= 2, "the scan looked at too little");
    assert_eq!(cage.hits(), Vec::<String>::new());
}

#[test]
fn a_planted_canary_is_found_in_every_form() {
    let mut cage = Cage::default();
    let canary = cage.canary("planted");
    let hex: String = canary.bytes().map(|byte| format!("{byte:02x}")).collect();
    cage.keep("text", format!("xx{canary}yy"));
    cage.keep("hex", hex);
    cage.keep("utf-16", canary.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    cage.keep("nothing", "nothing");
    assert_eq!(cage.hits().len(), 3);
}

fn fill_policy_and_people(root: &Session, cage: &mut Cage) {
    let rule = RuleDraft {
        name: cage.canary("rule"),
        allow: vec![Section::Logs],
        admins: vec![AdminId::new(cage.canary("rule admin")).unwrap()],
        roles: vec![RoleId::new(cage.canary("rule role")).unwrap()],
        ..RuleDraft::default()
    };
    root.add_rule(&rule).unwrap();
    let contact = Contact {
        person: Person::SubUser {
            account: ClientId::new(cage.canary("account")).unwrap(),
            user: UserId::new(cage.canary("user")).unwrap(),
        },
        name: cage.canary("contact"),
        email: Some(format!("{}@example.com", cage.canary("mail"))),
        locale: Some(cage.canary("locale")),
        zone: Some(cage.canary("zone")),
        wants_mail: true,
        roles: vec![RoleId::new(cage.canary("contact role")).unwrap()],
        departments: vec![pwvault_core::id::DepartmentId::new(cage.canary("department")).unwrap()],
        groups: vec![pwvault_core::id::GroupId::new(cage.canary("group")).unwrap()],
    };
    root.sync_principals(&[contact], &[]).unwrap();
}

fn draft(cage: &mut Cage) -> EntryDraft {
    let mut field = |secret| FieldDraft {
        name: cage.canary("field name"),
        value: cage.canary("field value").as_str().into(),
        secret,
    };
    let fields = vec![field(true), field(false)];
    EntryDraft {
        name: cage.canary("name"),
        username: cage.canary("username"),
        website: format!("https://{}.example.com/", cage.canary("website")),
        login_url: format!("https://{}.example.com/", cage.canary("login")),
        password: cage.canary("password").as_str().into(),
        notes: cage.canary("notes").as_str().into(),
        totp: cage.canary("totp").as_str().into(),
        fields,
        ..EntryDraft::default()
    }
}

fn fill_entries(anna: &Session, cage: &mut Cage) {
    let id = anna.create_entry(&draft(cage)).unwrap();
    let patch = EntryPatch { password: Some(cage.canary("second password").as_str().into()), ..EntryPatch::default() };
    anna.update_entry(id, 1, &patch).unwrap();
    let grantees = [
        Grantee::Client(ClientId::new(cage.canary("grantee client")).unwrap()),
        Grantee::Role(RoleId::new(cage.canary("grantee role")).unwrap()),
    ];
    let put = |grantee| GrantChange::Put { grantee, actions: Actions::VIEW_AND_REVEAL };
    anna.share(id, &grantees.map(put)).unwrap();
    let secret = anna.reveal(id).unwrap();
    cage.keep_debug("a revealed secret", &secret);
    let trashed = anna.create_entry(&draft(cage)).unwrap();
    anna.trash_entries(&[trashed]).unwrap();
    let rows: String = (0..20)
        .map(|_| {
            format!(
                "{},https://{}.example.com,{},{},{}\n",
                cage.canary("csv name"),
                cage.canary("csv url"),
                cage.canary("csv user"),
                cage.canary("csv password"),
                cage.canary("csv note")
            )
        })
        .collect();
    let file = format!("name,url,username,password,note\n{rows}");
    anna.import(file.as_bytes(), &ImportOptions::default(), &mut |_, _| {}).unwrap();
}

fn fill_keys_and_master(anna: &Session, owner: &str, cage: &mut Cage) {
    let passphrase = cage.canary("passphrase");
    let generation = KeyGeneration::new(
        cage.canary("key name").as_str(),
        KeyOwner::Client(ClientId::new(owner).unwrap()),
        KeyCustody::Passphrase(passphrase.as_str().into()),
    );
    let key = anna.generate_key(&generation).unwrap();
    let locked = anna.create_entry(&EntryDraft { keys: vec![key.id], ..draft(cage) }).unwrap();
    cage.keep_error("a locked entry", anna.reveal(locked));
    let answer = UnlockAnswer::Passphrase { key: key.id, passphrase: passphrase.as_str().into() };
    cage.keep_debug("an answer", &answer);
    let ticket = anna.unlock(&answer).unwrap();
    cage.keep_debug("a ticket", &ticket);
    let wrong = UnlockAnswer::Passphrase { key: key.id, passphrase: cage.canary("wrong passphrase").as_str().into() };
    cage.keep_error("a wrong passphrase", anna.unlock(&wrong));

    let password = cage.canary("master password");
    let set = SetMaster {
        password: password.as_str().into(),
        confirmation: password.as_str().into(),
        recovery: Recovery::Code,
    };
    cage.keep_debug("setting a master password", &set);
    let done = anna.set_master_password(&set).unwrap();
    cage.given.extend(done.recovery_code.as_ref().map(|code| code.expose().to_owned()));
    cage.keep_debug("a master password that is set", &done);
    let owner = pwvault_core::model::Owner::Client(ClientId::new(owner).unwrap());
    let wrong = UnlockAnswer::MasterPassword { owner, password: cage.canary("wrong master").as_str().into() };
    cage.keep_error("a wrong master password", anna.unlock(&wrong));
}

fn provoke_errors(anna: &Session, cage: &mut Cage) {
    let name = format!("{}\n", cage.canary("bad name"));
    cage.keep_error("a bad name", anna.create_entry(&EntryDraft { name, ..EntryDraft::default() }));
    let url = format!("javascript:{}", cage.canary("bad url"));
    let with_url = EntryDraft { name: "n".into(), website: url, ..EntryDraft::default() };
    cage.keep_error("a bad address", anna.create_entry(&with_url));
    let long = cage.canary("long").repeat(20_000);
    let too_long = EntryDraft { name: "n".into(), password: long.as_str().into(), ..EntryDraft::default() };
    cage.keep_error("a long password", anna.create_entry(&too_long));
    for file in [
        format!("name,url,username,password,note\n{},{}\n", cage.canary("ragged"), cage.canary("ragged too")),
        format!("name,url,username,password,note\na,b,c,\"{}\n", cage.canary("open quote")),
        format!("{},{}\n1,2\n", cage.canary("unknown header"), cage.canary("another header")),
    ] {
        let refused = anna.import(file.as_bytes(), &ImportOptions::default(), &mut |_, _| {});
        cage.keep_error("a bad file", refused);
    }
    // What the challenge itself holds, the owner's id, is for the host's eyes; the message is not.
    let barred = anna.list_entries(&EntryQuery::default()).unwrap_err().to_string();
    cage.keep("a barred list", barred);
    let log = anna.read_log(&LogFilter::default());
    cage.keep_error("a refused log", log);
}
