//! What the vault holds about a person: told, and forgotten.

use std::fmt;

use pwvault_core::envelope::{Keyring, UnreadRecord};
use pwvault_core::id::RecordKind;
use pwvault_core::model::{
    Actions, Assignment, EntryReminder, EventKind, GrantTerms, Grantee, Kek, KekId, KeyOwner, MailTopics, Obligations,
    Owner, Permissions, Person, PersonId, Wanted, WantedPart,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::{Query, Store};
use pwvault_core::testing::When;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    CategoryDraft, Consequence, CredentialRequestDraft, KeyMaterial, KeyRegistration, LinkOptions, LogFilter,
    PersonDraft, PrivateKeyPem, Recovery, SetMaster, SubUserInvite, SubUserPut,
};
use pwvault_core::{EntryDraft, EntryId, EntryPatch, SecretBytes, Session, UserId, VaultError};
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

use super::locked::{RSA, VAULT, client};
use super::world::*;

/// Stands in everything that is Anna's.
const CANARY: &str = "canarybird";

/// The bytes of a head, whatever it holds.
struct Bytes(Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Every;
        impl<'de> Visitor<'de> for Every {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Bytes, A::Error> {
                let mut bytes = Vec::new();
                while let Ok(Some(byte)) = seq.next_element() {
                    bytes.push(byte);
                }
                Ok(Bytes(bytes))
            }
        }
        deserializer.deserialize_tuple(usize::MAX, Every)
    }
}

fn contains(bytes: &[u8], word: &str) -> bool {
    bytes.to_ascii_lowercase().windows(word.len()).any(|window| window == word.as_bytes())
}

/// The kinds of records, and events, in which the canary can be read with the vault's keys.
fn canaries(world: &World) -> Vec<RecordKind> {
    let load = |key| world.store.inner().load(&[key]).unwrap().pop().unwrap().unwrap();
    let kek = Kek { id: KekId([1; 16]), key: SecretBytes::new(vec![2; 32]) };
    let ring = Keyring::open(&load(Keyring::record_key(VAULT)), &[kek]).unwrap().0;
    let mut kinds = Vec::new();
    for kind in RecordKind::ALL.into_iter().filter(|kind| !matches!(kind, RecordKind::Keyring | RecordKind::Event)) {
        let query = Query { limit: 100_000, ..Query::new(VAULT, kind) };
        for record in world.store.inner().scan(&query).unwrap().into_records().unwrap() {
            let head = UnreadRecord::open(&ring, &record).unwrap().head::<Bytes>().unwrap();
            if contains(&head.0, CANARY) || contains(&record.body, CANARY) {
                kinds.push(kind);
            }
        }
    }
    let log = world.root().read_log(&LogFilter { limit: 1_000, ..LogFilter::default() }).unwrap();
    assert!(!contains(format!("{:?}", log.events).as_bytes(), CANARY), "the log holds more than ids");
    kinds.dedup();
    kinds
}

fn canary(what: &str) -> String {
    format!("{what} {CANARY}")
}

struct Anna {
    own: EntryId,
    private: EntryId,
    given: EntryId,
}

/// A client with something of every sort, and others whom she has to do with.
fn anna(world: &World) -> Anna {
    let (root, anna, bert) = (world.root(), world.client("anna"), world.client("bert"));
    let mut known = contact(Person::Client(client("anna")));
    (known.name, known.email) = (canary("Anna"), Some(format!("{CANARY}@example.com")));
    root.sync_principals(&[known], &[]).unwrap();
    let person = PersonDraft {
        email: format!("Sign-in-{CANARY}@example.com"),
        username: format!("anna{CANARY}"),
        ..PersonDraft::new(PersonId::Client(client("anna")), canary("Anna"))
    };
    root.create_person(&person).unwrap();
    let full = EntryDraft {
        username: canary("user"),
        website: format!("https://{CANARY}.example/"),
        notes: canary("notes").as_str().into(),
        password: canary("first").as_str().into(),
        ..draft(&canary("Own"))
    };
    let own = anna.create_entry(&full).unwrap();
    let patch = EntryPatch { password: Some(canary("second").as_str().into()), ..EntryPatch::default() };
    anna.update_entry(own, 1, &patch).unwrap();
    let private = anna.create_entry(&EntryDraft { private: true, ..full.clone() }).unwrap();
    let trashed = anna.create_entry(&full).unwrap();
    anna.trash_entries(&[trashed]).unwrap();
    let version = anna.entry(own).unwrap().head.version;
    let told = EntryReminder { on_reveal: true, ..EntryReminder::default() };
    let version = anna.set_reminder(own, version, &told).unwrap();
    anna.set_expiry(own, version, Some(pwvault_core::Timestamp::from_millis(1_900_000_000_000))).unwrap();
    anna.share(own, &[to_client("bert"), to_admin("sam")]).unwrap();
    world.admin("sam").reveal(own).unwrap();
    let material = KeyMaterial::Stored { private: PrivateKeyPem { pem: RSA.into(), passphrase: None } };
    let owner = KeyOwner::Client(client("anna"));
    let may_attach = vec![Grantee::Client(client("bert"))];
    let key = anna.register_key(&KeyRegistration { name: canary("key"), owner, material, may_attach }).unwrap();
    bert.create_entry(&EntryDraft { keys: vec![key], ..draft("Locked to Anna's key") }).unwrap();
    let category = CategoryDraft { name: canary("Category"), description: canary("of"), ..CategoryDraft::default() };
    let category = anna.create_category(&category).unwrap();
    anna.assign_category(&[own], Some(Assignment { category, actions: Actions::VIEW_AND_REVEAL })).unwrap();
    let given = new_entry(&bert, "Given");
    let approval = Obligations { reason: false, approval: true };
    let terms = GrantTerms { obligations: approval, ..GrantTerms::default() };
    bert.share(given, &[GrantChange::put_on(Grantee::Client(client("anna")), Actions::VIEW_AND_REVEAL, terms)])
        .unwrap();
    anna.request_approval(given, pwvault_core::model::Action::Reveal, &canary("reason")).unwrap();
    anna.create_link(own, &LinkOptions::default()).unwrap();
    let staff_key = KeyMaterial::Stored { private: PrivateKeyPem { pem: RSA.into(), passphrase: None } };
    let staff_key =
        KeyRegistration { name: "staff".into(), owner: KeyOwner::Vault, material: staff_key, may_attach: vec![] };
    let staff_key = root.register_key(&staff_key).unwrap();
    let ask = CredentialRequestDraft {
        client: client("anna"),
        owner: Owner::Client(client("anna")),
        name: canary("Asked for"),
        kind: pwvault_core::model::EntryKind::Login,
        wanted: vec![Wanted { part: WantedPart::Password, required: true }],
        message: canary("Dear"),
        keys: vec![staff_key],
        expires_at: None,
    };
    root.request_credentials(&ask).unwrap();
    let invite = SubUserInvite {
        account: client("anna"),
        email: format!("friend-{CANARY}@example.com"),
        permissions: Permissions::NONE,
        mail: MailTopics::NONE,
        locale: String::new(),
    };
    anna.invite_sub_user(&invite).unwrap();
    let password = pwvault_core::SecretString::from("correct horse");
    let set = SetMaster { password: password.clone(), confirmation: password, recovery: Recovery::None };
    anna.set_master_password(&set).unwrap();
    Anna { own, private, given }
}

fn subject() -> PersonId {
    PersonId::Client(client("anna"))
}

#[test]
fn nothing_of_an_erased_person_can_be_read_any_more() {
    let world = World::new();
    let Anna { own, private, given } = anna(&world);
    let held = canaries(&world);
    for kind in [
        RecordKind::Entry,
        RecordKind::Key,
        RecordKind::Category,
        RecordKind::Mirror,
        RecordKind::Account,
        RecordKind::Invite,
        RecordKind::Message,
        RecordKind::Approval,
        RecordKind::CredentialRequest,
    ] {
        assert!(held.contains(&kind), "{kind:?} holds nothing to be found");
    }
    let root = world.root();
    let ahead = root.preview_erasure(&subject()).unwrap();
    assert_eq!(canaries(&world), held, "a preview changes nothing");
    let told = root.erase_subject(&subject()).unwrap();
    assert_eq!(told, ahead);
    let count = |what| told.count(what);
    assert_eq!((count(Consequence::EntryErased), count(Consequence::KeyErased)), (3, 1));
    assert_eq!((count(Consequence::SecretLost), count(Consequence::GrantEnded)), (1, 1));
    assert_eq!((count(Consequence::LinkEnded), count(Consequence::RequestEnded)), (1, 1));
    assert_eq!((count(Consequence::MasterPasswordErased), count(Consequence::PersonErased)), (1, 1));
    assert_eq!(told.entries(Consequence::EntryErased), [own], "of the others nobody is told");

    assert_eq!(canaries(&world), []);
    for kind in
        [RecordKind::PastSecret, RecordKind::Due, RecordKind::Link, RecordKind::MasterPassword, RecordKind::Name]
    {
        assert_eq!(world.count(kind), 0, "{kind:?}");
    }
    assert_eq!(world.client("bert").grants(given).unwrap(), []);
    // The log still says by id what was there.
    for id in [own, private] {
        let filter = LogFilter { entry: Some(id), kinds: vec![EventKind::SubjectErased], ..LogFilter::default() };
        assert_eq!(root.read_log(&filter).unwrap().events.len(), 1);
    }
    let again = root.erase_subject(&subject()).unwrap();
    assert!(again.tallies.is_empty(), "{again:?}");
    world.check_log();
}

#[test]
fn an_erasure_cut_off_at_any_call_is_done_to_the_end_by_another() {
    let calls = {
        let world = World::new();
        anna(&world);
        let before = world.store.calls();
        world.root().erase_subject(&subject()).unwrap();
        world.store.calls() - before
    };
    let stride = if std::env::var_os("PWV_LONG").is_some() { 1 } else { (calls / 6).max(1) };
    for number in (1..=calls).step_by(usize::try_from(stride).unwrap()) {
        for when in [When::Before, When::After] {
            let world = World::new();
            anna(&world);
            world.store.fail_call(world.store.calls() + number, when);
            let struck = world.root().erase_subject(&subject());
            assert!(
                matches!(struck, Err(VaultError::Store(_) | VaultError::Audit(_) | VaultError::Directory(_))),
                "call {number}: {struck:?}"
            );
            world.store.fail_call(0, when);
            world.root().erase_subject(&subject()).unwrap();
            assert_eq!(canaries(&world), [], "call {number} {when:?}");
            world.check_log();
        }
    }
}

#[test]
fn a_user_is_forgotten_in_every_account_and_an_administrator_with_what_was_theirs() {
    let world = World::new();
    let root = world.root();
    let user = UserId::new("nina").unwrap();
    let email = format!("{CANARY}@example.com");
    let person = PersonDraft { email: email.clone(), ..PersonDraft::new(PersonId::User(user.clone()), canary("Nina")) };
    root.create_person(&person).unwrap();
    let mut version = 1;
    for account in ["anna", "bert"] {
        let (account, user) = (client(account), user.clone());
        let put = SubUserPut { account, user, permissions: Permissions::all(), mail: MailTopics::NONE };
        version = root.put_sub_user(&put, version).unwrap();
    }
    let contacts = ["anna", "cleo"].map(|account| {
        let mut contact = contact(sub_user(account, "nina"));
        contact.email = Some(email.clone());
        contact
    });
    root.sync_principals(&contacts, &[]).unwrap();
    let told = root.erase_subject(&PersonId::User(user)).unwrap();
    assert_eq!((told.count(Consequence::PersonErased), told.count(Consequence::ContactRemoved)), (1, 2));
    assert_eq!(canaries(&world), []);

    let sam = world.with_roles("sam", &["full"]);
    new_entry(&sam, &canary("Own"));
    assert!(matches!(sam.erase_subject(&PersonId::Admin(admin("sam"))), Err(VaultError::State(_))));
    let told = root.erase_subject(&PersonId::Admin(admin("sam"))).unwrap();
    assert_eq!((told.count(Consequence::EntryErased), told.count(Consequence::ContactRemoved)), (1, 1));
    assert_eq!(canaries(&world), []);
    world.check_log();
}

fn document(session: &Session, secrets: bool) -> (serde_json::Value, pwvault_core::vault::SubjectExport) {
    let mut out = Vec::new();
    let report = session.export_subject(&mut out, &subject(), secrets).unwrap();
    (serde_json::from_slice(&out).unwrap(), report)
}

#[test]
fn an_export_holds_all_there_is_and_no_more_secrets_than_the_caller_may_see() {
    let world = World::new();
    let Anna { own, private, given } = anna(&world);
    let root = world.root();
    let (plain, report) = document(&root, false);
    assert_eq!((report.entries, report.secrets, report.withheld), (3, 0, 4));
    let text = plain.to_string();
    assert!(!text.contains(&canary("first")) && !text.contains(&canary("second")) && !text.contains(&canary("notes")));
    let entries = plain["entries"].as_array().unwrap();
    let entry = |id: EntryId| entries.iter().find(|entry| entry["id"] == id.to_string()).unwrap();
    assert_eq!(entry(own)["overview"]["username"], canary("user"));
    assert!(entry(private)["overview"].is_null(), "a private entry is its owner's alone");
    assert_eq!(entry(own)["history"].as_array().unwrap().len(), 1);
    assert_eq!(plain["sign_in"]["email"], format!("Sign-in-{CANARY}@example.com"));
    assert_eq!(plain["contacts"][0]["name"], canary("Anna"));
    assert_eq!(plain["keys"][0]["name"], canary("key"));
    assert_eq!(plain["categories"][0]["description"], canary("of"));
    assert_eq!(plain["granted"][0]["id"], given.to_string());
    assert_eq!(plain["approvals"][0]["reason"], canary("reason"));
    assert_eq!(plain["requests"][0]["message"], canary("Dear"));
    assert_eq!(plain["links"][0]["entry"], own.to_string());
    assert!(plain["master_password"]["state"].is_string());
    assert!(!plain["messages"].as_array().unwrap().is_empty());
    assert_eq!(plain["events"].as_array().unwrap().len() as u64, report.events);
    assert!(report.events >= 8);
    for token in ["key_hash", "token_hash", "\"link\":\""] {
        assert!(!text.contains(token), "{token}");
    }

    // With secrets: those the caller may reveal and can open, each an event and a trace in the entry.
    let (full, report) = document(&root, true);
    assert_eq!((report.secrets, report.withheld), (2, 2));
    let entries = full["entries"].as_array().unwrap();
    let entry = |id: EntryId| entries.iter().find(|entry| entry["id"] == id.to_string()).unwrap();
    assert_eq!(entry(own)["secret"]["password"], canary("second"));
    assert_eq!(entry(own)["history"][0]["secret"]["password"], canary("first"));
    assert!(entry(private)["secret"].is_null() && entry(private)["withheld"].is_string());
    let (mut settings, revision) = root.settings().unwrap();
    settings.extended_roles = vec![role("chief")];
    root.update_settings(&settings, revision).unwrap();
    let seen = world.with_roles("boss", &["chief"]).entry(own).unwrap().head.secret.revealed_to;
    assert!(seen.contains(&Person::Admin(admin("root"))), "{seen:?}");
    let filter = LogFilter { entry: Some(own), kinds: vec![EventKind::SubjectExported], ..LogFilter::default() };
    assert_eq!(root.read_log(&filter).unwrap().events.len(), 2);
    let mut out = Vec::new();
    let refused = world.admin("sam").export_subject(&mut out, &subject(), true);
    assert!(matches!(refused, Err(VaultError::Denied(_))) && out.is_empty());
    world.check_log();
}

/// Fails every write.
struct Full;

impl std::io::Write for Full {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("the disk is full"))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_event_of_an_export_comes_before_its_first_byte() {
    let world = World::new();
    let Anna { own, .. } = anna(&world);
    let failed = world.root().export_subject(&mut Full, &subject(), true);
    assert!(matches!(failed, Err(VaultError::Output(_))), "{failed:?}");
    let filter = LogFilter { entry: Some(own), kinds: vec![EventKind::SubjectExported], ..LogFilter::default() };
    assert_eq!(world.root().read_log(&filter).unwrap().events.len(), 1);
}
