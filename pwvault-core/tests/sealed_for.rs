//! Secrets that leave the vault sealed to their holder's key, and the vectors of what the holder does
//! with them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod locked;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use locked::*;
use pwvault_core::clock::Timestamp;
use pwvault_core::crypto::{PrivateKey, PublicKey, default_provider};
use pwvault_core::envelope::{Context, EnvelopeKey, Purpose, Suite, open};
use pwvault_core::id::RecordKind;
use pwvault_core::model::{
    Action, Actions, Contact, EntryReminder, EventKind, Fingerprint, GrantTerms, Grantee, Obligations, Outcome,
    Permissions, Person,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::secret::SecretBytes;
use pwvault_core::store::MemoryStore;
use pwvault_core::testing::{FaultyStore, When};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{DeleteKey, KeyMaterial, LogFilter, Recovery, SealedFor, SetMaster};
use pwvault_core::{EntryDraft, EntryId, KeyId, RequestContext, Session, VaultError};

fn locked_to(session: &Session, keys: &[KeyId]) -> EntryId {
    session.create_entry(&EntryDraft { keys: keys.to_vec(), ..draft("secret") }).unwrap()
}

fn refused(result: Result<SealedFor, VaultError>, because: &str) {
    let Err(VaultError::State(why)) = result else { panic!("{result:?}") };
    assert!(why.contains(because), "{why}");
}

/// What the events of an entry's reveals say: who, with which outcome, sealed to which keys.
fn reveals(world: &World, id: EntryId) -> Vec<(Person, Outcome, Vec<Fingerprint>)> {
    let filter = LogFilter { entry: Some(id), kinds: vec![EventKind::SecretRevealed], ..LogFilter::default() };
    let events = world.root().read_log(&filter).unwrap().events;
    let events = events.into_iter().filter_map(|logged| logged.event);
    events.map(|event| (event.actor, event.outcome, event.sealed_to)).collect()
}

/// What a holder does who has the private key and nothing of the vault: the payload of the secret.
fn unsealed(sealed: &SealedFor, private: &str) -> Result<SecretBytes, &'static str> {
    let secret = Context {
        vault: Some(sealed.vault),
        kind: Some(RecordKind::Entry),
        entry: Some(sealed.entry),
        field: Some("secret"),
        secret_revision: Some(sealed.revision),
        ..Context::default()
    };
    let wrap = Context { recipient: Some(sealed.key.to_bytes()), ..secret };
    let length = usize::from(u16::from_be_bytes([sealed.wrap[18], sealed.wrap[19]]));
    let (kem_ct, inner) = sealed.wrap[20..].split_at(length);
    let info = wrap.encode(Suite::RsaOaep256, Purpose::WrappedKey, &[0; 16]).unwrap();
    let private = PrivateKey::from_pem(private, None).unwrap();
    let seed = default_provider().decapsulate(&private, &info, kem_ct).unwrap();
    let seed = EnvelopeKey::unnamed(seed.expose());
    let dek = open(&seed, Purpose::WrappedKey, Suite::RsaOaep256, &wrap, &[], inner).map_err(|_| "wrap")?;
    let dek = EnvelopeKey::unnamed(dek.expose());
    open(&dek, Purpose::Secret, Suite::Symmetric, &secret, &[], &sealed.envelope).map_err(|_| "secret")
}

#[test]
fn a_secret_leaves_sealed_and_its_private_key_alone_opens_it() {
    let world = World::new();
    let anna = world.client("anna");
    let key = public_only(&anna);
    let fingerprint = PublicKey::from_pem(RSA_PUBLIC).unwrap().fingerprint();
    let other = register(&anna, KeyMaterial::PublicOnly { public: X25519_PUBLIC.into(), proof: None });
    let id = locked_to(&anna, &[other, key]);
    let sealed = anna.sealed_for(id, key).unwrap();
    assert_eq!((sealed.vault, sealed.entry, sealed.key, sealed.fingerprint), (VAULT, id, key, fingerprint));
    assert_eq!(&unsealed(&sealed, RSA).unwrap().expose()[..10], b"\0\0\0\x06secret");
    assert!(unsealed(&sealed, RSA_OTHER).is_err());
    let moved = SealedFor { revision: sealed.revision + 1, ..sealed.clone() };
    assert_eq!(unsealed(&moved, RSA).unwrap_err(), "wrap");

    // Nothing of the other key's wrap, of the data key's layer or of the secret is in the document.
    let document = serde_json::to_value(&sealed).unwrap();
    let mut names: Vec<_> = document.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["entry", "envelope", "fields", "fingerprint", "key", "revision", "vault", "wrap"]);
    assert_eq!(sealed.wrap.len(), 20 + 256 + 91 + 32 + 16);
    assert!(!document.to_string().contains(&other.to_string()) && !document.to_string().contains("secret"));

    // After a change it is another revision under another key.
    set_password(&anna, id, "second");
    let next = anna.sealed_for(id, key).unwrap();
    assert_eq!(next.revision, sealed.revision + 1);
    assert_eq!(&unsealed(&next, RSA).unwrap().expose()[..10], b"\0\0\0\x06second");
    assert_eq!(unsealed(&SealedFor { wrap: sealed.wrap, ..next }, RSA).unwrap_err(), "wrap");
}

#[test]
fn what_does_not_open_in_a_browser_is_refused_and_says_what_to_do() {
    let world = World::new();
    let anna = world.client("anna");
    let (rsa, x25519) =
        (public_only(&anna), register(&anna, KeyMaterial::PublicOnly { public: X25519_PUBLIC.into(), proof: None }));
    let pair = || pem(RSA);
    let behind = register(&anna, KeyMaterial::Passphrase { private: pair(), passphrase: "seven herons".into() });
    let held = stored(&anna);
    let id = locked_to(&anna, &[x25519, behind, held]);
    refused(anna.sealed_for(id, rsa), "not locked to this key");
    refused(anna.sealed_for(id, KeyId::from_bytes([9; 16])), "not locked to this key");
    refused(anna.sealed_for(id, x25519), "only what is sealed to an RSA key");
    refused(anna.sealed_for(id, behind), "Argon2id");
    refused(anna.sealed_for(id, held), "reveal the entry");
    refused(anna.sealed_for(locked_to(&anna, &[]), rsa), "not locked to this key");

    let lost = locked_to(&anna, &[rsa]);
    anna.delete_key(rsa, DeleteKey::LoseSecrets).unwrap();
    assert!(matches!(anna.sealed_for(lost, rsa), Err(VaultError::State(_))));
    assert!(reveals(&world, id).is_empty() && reveals(&world, lost).is_empty(), "nothing was handed out");
}

#[test]
fn it_is_allowed_logged_and_told_of_as_a_reveal() {
    let world = World::new();
    let (anna, bert) = (world.client("anna"), world.client("bert"));
    let contact = Contact {
        name: "Anna".into(),
        email: Some("anna@example.com".into()),
        person: Person::Client(client("anna")),
        locale: None,
        zone: None,
        wants_mail: true,
        roles: vec![],
        departments: vec![],
        groups: vec![],
        permissions: Permissions::NONE,
    };
    world.root().sync_principals(&[contact], &[]).unwrap();
    let key = public_only(&anna);
    let fingerprint = anna.key(key).unwrap().head.fingerprint;
    let id = locked_to(&anna, &[key]);
    assert!(matches!(bert.sealed_for(id, key), Err(VaultError::NotFound)));
    let view = Actions::NONE.with(Action::View);
    anna.share(id, &[GrantChange::put(Grantee::Client(client("bert")), view)]).unwrap();
    assert!(matches!(bert.sealed_for(id, key), Err(VaultError::Denied(_))));
    let obligations = Obligations { reason: true, approval: true };
    let terms = GrantTerms { obligations, ..GrantTerms::default() };
    anna.share(id, &[GrantChange::put_on(Grantee::Client(client("bert")), Actions::VIEW_AND_REVEAL, terms)]).unwrap();
    let loud = EntryReminder { on_reveal: true, ..EntryReminder::default() };
    anna.set_reminder(id, version(&anna, id), &loud).unwrap();

    let because = RequestContext { reason: Some("an outage".into()), ..RequestContext::default() };
    assert!(matches!(bert.sealed_for(id, key), Err(VaultError::ReasonRequired)));
    let bert = bert.within(because);
    assert!(matches!(bert.sealed_for(id, key), Err(VaultError::ApprovalRequired)));
    let asked = bert.request_approval(id, Action::Reveal, "an outage").unwrap();
    anna.approve_once(asked, Timestamp::from_millis(1_800_000_000_000 + 3_600_000)).unwrap();
    let messages = || world.records().iter().filter(|record| record.key.kind == RecordKind::Message).count();
    let before = messages();
    refused(bert.sealed_for(id, KeyId::from_bytes([9; 16])), "not locked to this key");
    assert!(bert.sealed_for(id, key).is_ok(), "what was refused has not used the approval up");
    assert!(matches!(bert.sealed_for(id, key), Err(VaultError::ApprovalRequired)));
    assert_eq!(messages(), before + 1, "the owner is told");

    let seen = anna.entry(id).unwrap().head.secret.revealed_to;
    assert_eq!(seen, [Person::Client(client("bert"))]);
    let logged = reveals(&world, id);
    let done: Vec<_> = logged.iter().filter(|(_, outcome, _)| *outcome == Outcome::Done).collect();
    assert_eq!(done, [&(Person::Client(client("bert")), Outcome::Done, vec![fingerprint])]);
    let denied = logged.iter().filter(|(_, outcome, _)| *outcome == Outcome::Denied).count();
    assert!(denied >= 2, "{logged:?}");
}

#[test]
fn trash_privacy_and_a_master_password_bar_it() {
    let world = World::new();
    let anna = world.client("anna");
    let key = public_only(&anna);
    let id = locked_to(&anna, &[key]);
    let private = EntryDraft { keys: vec![key], private: true, ..draft("secret") };
    let private = anna.create_entry(&private).unwrap();
    assert!(matches!(world.root().sealed_for(private, key), Err(VaultError::Denied(_) | VaultError::NotFound)));
    assert!(anna.sealed_for(private, key).is_ok());
    let trashed = locked_to(&anna, &[key]);
    anna.trash_entries(&[trashed]).unwrap();
    let as_a_reveal = anna.reveal(trashed).unwrap_err().to_string();
    assert_eq!(anna.sealed_for(trashed, key).unwrap_err().to_string(), as_a_reveal);
    let (password, confirmation) = ("master password".into(), "master password".into());
    anna.set_master_password(&SetMaster { password, confirmation, recovery: Recovery::None }).unwrap();
    assert!(matches!(anna.sealed_for(id, key), Err(VaultError::Locked(_))));
}

#[test]
fn without_its_event_nothing_leaves() {
    let store = Arc::new(FaultyStore::new(MemoryStore::new()));
    let world = World::with_store(store.clone());
    let anna = world.client("anna");
    let key = public_only(&anna);
    let id = locked_to(&anna, &[key]);
    let begin = store.calls();
    anna.sealed_for(id, key).unwrap();
    let calls = store.calls() - begin;
    assert!(calls > 2);
    // Whichever call fails, its own error comes out; the last is the commit of the event.
    for call in 1..=calls {
        store.fail_call(store.calls() + call, When::Before);
        assert!(anna.sealed_for(id, key).is_err(), "call {call} of {calls}");
    }
    assert_eq!(reveals(&world, id).len(), 1);
}

/// The good ones open here too, and of the wrong ones no more than the page says.
#[test]
fn every_vector_gets_its_verdict() {
    let mut good = 0;
    let mut wrong = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/sealed_for");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let case: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        if case["expect"]["error"].is_string() {
            wrong.push(path);
            continue;
        }
        let passphrase = case["key"]["passphrase"].as_str().map(Into::into);
        let private = PrivateKey::from_pem(case["key"]["pem"].as_str().unwrap(), passphrase.as_ref()).unwrap();
        let sealed = read(&case["document"]);
        assert_eq!(sealed.fingerprint, private.public().fingerprint(), "{}", path.display());
        let payload = unsealed(&sealed, private.to_pem().expose()).unwrap();
        let password = case["expect"]["ok"]["password"].as_str().unwrap();
        assert_eq!(&payload.expose()[4..4 + password.len()], password.as_bytes(), "{}", path.display());
        good += 1;
    }
    assert!(good >= 10 && wrong.len() >= 80, "{good} good and {} wrong", wrong.len());
}

fn read(document: &serde_json::Value) -> SealedFor {
    use base64ct::{Base64, Encoding};
    let bytes = |name: &str| Base64::decode_vec(document[name].as_str().unwrap()).unwrap();
    SealedFor {
        vault: serde_json::from_value(document["vault"].clone()).unwrap(),
        entry: serde_json::from_value(document["entry"].clone()).unwrap(),
        revision: document["revision"].as_u64().unwrap(),
        key: serde_json::from_value(document["key"].clone()).unwrap(),
        fingerprint: serde_json::from_value(document["fingerprint"].clone()).unwrap(),
        wrap: bytes("wrap"),
        envelope: bytes("envelope"),
        fields: Vec::new(),
    }
}
