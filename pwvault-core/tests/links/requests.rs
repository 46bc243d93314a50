//! Requests for credentials.

use pwvault_core::id::RecordKind;
use pwvault_core::model::{Ended, Grantee, KeyOwner, Person, RuleDraft, Section, Settings, Wanted, WantedPart};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    CredentialRequestDraft, DeleteKey, KeyMaterial, KeyRegistration, Recovery, RequestSecret, SetMaster,
};
use pwvault_core::{
    AdminId, EntryDraft, Owner, Principal, RequestContext, RoleId, SecretString, Timestamp, VaultError,
};

use crate::locked;
use crate::world::{DAY_MS, World, annas, asking, client_id, is_not_found, staff_key};

const NONE: RequestContext = RequestContext {
    surface: pwvault_core::model::Surface::Api,
    ticket: None,
    ticket_scope: None,
    service: None,
    ip: None,
    user_agent: None,
    reason: None,
    request_id: None,
    on_behalf_of: None,
};

fn values() -> [SecretString; 3] {
    ["anna".into(), "s3cret".into(), "0815".into()]
}

fn ended<T>(result: Result<T, VaultError>) -> Option<Ended> {
    match result {
        Err(VaultError::Ended { what: "request", why }) => Some(why),
        _ => None,
    }
}

fn roots() -> Owner {
    Owner::Admin(AdminId::new("root").unwrap())
}

#[test]
fn an_answer_becomes_an_entry_that_only_the_keys_open() {
    let world = World::new();
    let root = world.root();
    let (key, answer) = staff_key(&root);
    let unlocked = root.clone().with_ticket(root.unlock(&answer).unwrap());
    for owner in [annas(), roots()] {
        let secret = root.request_credentials(&asking(key, owner.clone())).unwrap();
        let question = world.vault.credential_request(&secret).unwrap();
        assert_eq!((question.name.as_str(), question.wanted.len(), question.sealed_to.len()), ("Web shop", 3, 1));
        let entry = world.vault.fill_request(&secret, &values(), NONE).unwrap();

        let head = root.entry(entry).unwrap().head;
        assert_eq!((&head.owner, head.username.as_str()), (&owner, "anna"));
        assert_eq!(head.created_by, Person::Bearer);
        assert_eq!(question.sealed_to, head.locks.iter().map(|lock| lock.fingerprint).collect::<Vec<_>>());
        for session in [&root, &world.client("anna")] {
            assert!(session.reveal(entry).is_err());
        }
        let revealed = unlocked.reveal(entry).unwrap();
        assert_eq!((revealed.password.expose(), revealed.fields[0].value.expose()), ("s3cret", "0815"));
    }
    // The grant that comes with an entry of the client's is the asking administrator's alone.
    assert_eq!(world.newest_events(20).iter().filter(|event| *event == "CredentialsGiven Done Bearer").count(), 2);
}

#[test]
fn a_request_takes_one_answer_and_says_when_it_is_over() {
    let world = World::new();
    let root = world.root();
    let (key, _) = staff_key(&root);
    let secret = root.request_credentials(&asking(key, annas())).unwrap();
    assert_eq!(root.pending_requests().unwrap().len(), 1);
    world.vault.fill_request(&secret, &values(), NONE).unwrap();
    assert_eq!(ended(world.vault.fill_request(&secret, &values(), NONE)), Some(Ended::Used));
    assert_eq!(ended(world.vault.credential_request(&secret)), Some(Ended::Used));
    assert_eq!(ended(root.resend_request(secret.id())), Some(Ended::Used));
    assert!(root.pending_requests().unwrap().is_empty());

    let late = root.request_credentials(&asking(key, annas())).unwrap();
    world.pass(7 * DAY_MS);
    assert_eq!(ended(world.vault.fill_request(&late, &values(), NONE)), Some(Ended::Expired));
    assert_eq!(world.session(Principal::system()).expire_requests(10).unwrap(), 2);
    assert!(is_not_found(world.vault.fill_request(&late, &values(), NONE)));
    assert!(world.records(RecordKind::CredentialRequest).is_empty());
}

#[test]
fn asking_again_ends_the_old_token_and_taking_back_ends_the_request() {
    let world = World::new();
    let root = world.root();
    let (key, _) = staff_key(&root);
    let first = root.request_credentials(&asking(key, annas())).unwrap();
    world.pass(8 * DAY_MS);
    let second = root.resend_request(first.id()).unwrap();
    assert!(is_not_found(world.vault.credential_request(&first)));
    assert!(world.vault.credential_request(&second).is_ok());
    assert!(is_not_found(root.resend_request(first.id())));
    // Not a request of his own, so another cannot have it answered into root's name.
    let owned = root.request_credentials(&asking(key, roots())).unwrap();
    assert!(matches!(world.admin("deputy", &["full"]).resend_request(owned.id()), Err(VaultError::Denied(_))));
    root.cancel_request(second.id()).unwrap();
    assert!(is_not_found(world.vault.fill_request(&second, &values(), NONE)));
    assert!(is_not_found(root.cancel_request(second.id())));
}

#[test]
fn a_wrong_token_is_as_good_as_no_request() {
    let world = World::new();
    let root = world.root();
    let (key, _) = staff_key(&root);
    let secret = root.request_credentials(&asking(key, annas())).unwrap();
    let other = root.request_credentials(&asking(key, annas())).unwrap();
    let (own, other) = (secret.token(), other.token());
    let mixed = format!("{}{}", &own.expose()[..22], &other.expose()[22..]);
    let mixed = RequestSecret::from_token(&mixed).unwrap();
    let before = world.vault.head().unwrap().shards[0].size;
    assert!(is_not_found(world.vault.credential_request(&mixed)));
    assert!(is_not_found(world.vault.fill_request(&mixed, &values(), NONE)));
    assert!(is_not_found(RequestSecret::from_token("")));
    assert_eq!(world.vault.head().unwrap().shards[0].size, before, "guesses do not fill the log");
}

#[test]
fn what_is_asked_for_is_checked() {
    let world = World::new();
    let root = world.root();
    let (key, _) = staff_key(&root);
    let field = |draft: CredentialRequestDraft| match root.request_credentials(&draft) {
        Err(VaultError::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    let plain = || asking(key, annas());
    let wanted = |part| Wanted { part, required: true };
    assert_eq!(field(CredentialRequestDraft { name: String::new(), ..plain() }), "name");
    assert_eq!(field(CredentialRequestDraft { keys: vec![], ..plain() }), "keys");
    assert_eq!(field(CredentialRequestDraft { wanted: vec![], ..plain() }), "wanted");
    let twice = vec![wanted(WantedPart::Password), wanted(WantedPart::Password)];
    assert_eq!(field(CredentialRequestDraft { wanted: twice, ..plain() }), "wanted");
    let many = (0..129).map(|at| wanted(WantedPart::SecretField(at.to_string()))).collect();
    assert_eq!(field(CredentialRequestDraft { wanted: many, ..plain() }), "wanted");
    let bad_name = vec![wanted(WantedPart::VisibleField("a\nb".into()))];
    assert_eq!(field(CredentialRequestDraft { wanted: bad_name, ..plain() }), "field name");
    assert_eq!(field(CredentialRequestDraft { message: "m".repeat(64 * 1024 + 1), ..plain() }), "message");
    let past = Some(Timestamp::from_millis(1_800_000_000_000));
    assert_eq!(field(CredentialRequestDraft { expires_at: past, ..plain() }), "expires_at");
    let bert = Owner::Client(client_id("bert"));
    assert_eq!(field(CredentialRequestDraft { owner: bert, ..plain() }), "owner");
    let unknown = CredentialRequestDraft { keys: vec![pwvault_core::KeyId::from_bytes([9; 16])], ..plain() };
    assert!(is_not_found(root.request_credentials(&unknown)));
    assert!(world.records(RecordKind::CredentialRequest).is_empty(), "what is refused leaves nothing");
}

#[test]
fn what_is_answered_is_checked_and_a_refused_answer_can_be_mended() {
    let world = World::new();
    let root = world.root();
    let (key, _) = staff_key(&root);
    let secret = root.request_credentials(&asking(key, annas())).unwrap();
    let refused = |values: &[SecretString]| {
        matches!(world.vault.fill_request(&secret, values, NONE), Err(VaultError::Invalid { .. }))
    };
    assert!(refused(&values()[..2]), "a value is missing");
    assert!(refused(&["anna".into(), "".into(), "".into()]), "what is required is empty");
    assert!(refused(&["anna".into(), "p".repeat(64 * 1024 + 1).into(), "".into()]), "it is too long");
    assert!(world.records(RecordKind::Entry).is_empty());
    world.vault.fill_request(&secret, &["".into(), "s3cret".into(), "".into()], NONE).unwrap();
}

#[test]
fn a_request_asks_one_client_and_rests_on_its_makers_right() {
    let world = World::new();
    let root = world.root();
    let (key, _) = staff_key(&root);
    let secret = root.request_credentials(&asking(key, annas())).unwrap();
    let bert = world.client("bert");
    assert!(is_not_found(bert.credential_request(&secret)));
    assert!(is_not_found(bert.fill_request(&secret, &values())));
    world.sync_roles("root", &["none"]);
    assert!(is_not_found(world.client("anna").credential_request(&secret)));
    world.sync_roles("root", &["full"]);
    // Whom the settings shut out gives nothing.
    let (settings, revision) = root.settings().unwrap();
    let shut = Settings { forbidden_clients: vec![client_id("anna")], ..settings.clone() };
    root.update_settings(&shut, revision).unwrap();
    assert!(is_not_found(world.vault.fill_request(&secret, &values(), NONE)));
    root.update_settings(&settings, revision + 1).unwrap();
    let anna = world.client("anna");
    let entry = anna.fill_request(&secret, &values()).unwrap();
    assert_eq!(anna.entry(entry).unwrap().head.created_by, Person::Client(client_id("anna")));
}

#[test]
fn a_request_ends_with_its_makers_right_to_make_such_entries() {
    let world = World::new();
    let root = world.root();
    let clerk = RoleId::new("clerk").unwrap();
    let rule = |name: &str, allow: Vec<Section>| {
        let draft = RuleDraft { name: name.into(), allow, roles: vec![clerk.clone()], ..RuleDraft::default() };
        root.add_rule(&draft).unwrap()
    };
    rule("Requests", vec![Section::Requests]);
    let entries = rule("Entries", vec![Section::Entries, Section::EntriesForClients]);
    let material = KeyMaterial::PublicOnly { public: locked::X25519_PUBLIC.into(), proof: None };
    let may_attach = vec![Grantee::Role(clerk.clone())];
    let registration = KeyRegistration { name: "staff".into(), owner: KeyOwner::Vault, material, may_attach };
    let key = root.register_key(&registration).unwrap();
    let secret = world.admin("carla", &["clerk"]).request_credentials(&asking(key, annas())).unwrap();
    assert!(world.vault.credential_request(&secret).is_ok());
    root.remove_rule(entries).unwrap();
    assert!(is_not_found(world.vault.credential_request(&secret)));
    assert!(is_not_found(world.vault.fill_request(&secret, &values(), NONE)));
    assert!(world.records(RecordKind::Entry).is_empty());
}

#[test]
fn an_answer_does_not_go_around_a_master_password() {
    let world = World::new();
    let root = world.root();
    let material = KeyMaterial::Stored { private: locked::pem(locked::RSA_OTHER) };
    let registration =
        KeyRegistration { name: "staff".into(), owner: KeyOwner::Vault, material, may_attach: Vec::new() };
    let stored = root.register_key(&registration).unwrap();
    let (public_only, _) = staff_key(&root);
    let (around, beside) = (asking(stored, annas()), asking(public_only, annas()));
    let [around, beside] = [around, beside].map(|draft| root.request_credentials(&draft).unwrap());
    let password = SecretString::from("seven grey herons");
    let set = SetMaster { confirmation: password.clone(), password, recovery: Recovery::None };
    world.client("anna").set_master_password(&set).unwrap();
    let refused = world.vault.fill_request(&around, &values(), NONE);
    assert!(matches!(refused, Err(VaultError::Invalid { field: "keys", .. })), "{refused:?}");
    assert!(world.records(RecordKind::Entry).is_empty());
    world.vault.fill_request(&beside, &values(), NONE).unwrap();
}

#[test]
fn an_answer_is_refused_when_its_key_is_gone() {
    let world = World::new();
    let root = world.root();
    let (key, _) = staff_key(&root);
    let secret = root.request_credentials(&asking(key, annas())).unwrap();
    root.delete_key(key, DeleteKey::LoseSecrets).unwrap();
    assert!(matches!(world.vault.fill_request(&secret, &values(), NONE), Err(VaultError::State(_))));
    assert!(world.records(RecordKind::Entry).is_empty(), "nothing is sealed to less than was promised");
}

#[test]
fn the_clients_quota_holds_for_its_own_entries_alone() {
    let world = World::new();
    let root = world.root();
    let (settings, revision) = root.settings().unwrap();
    root.update_settings(&Settings { entry_quota: Some(1), ..settings }, revision).unwrap();
    world.client("anna").create_entry(&EntryDraft { name: "one".into(), ..EntryDraft::default() }).unwrap();
    let (key, _) = staff_key(&root);
    let clients = root.request_credentials(&asking(key, annas())).unwrap();
    let full = world.vault.fill_request(&clients, &values(), NONE);
    assert!(matches!(full, Err(VaultError::QuotaReached { .. })));
    assert!(world.vault.credential_request(&clients).is_ok(), "the request still waits");
    let staffs = root.request_credentials(&asking(key, roots())).unwrap();
    assert!(world.vault.fill_request(&staffs, &values(), NONE).is_ok());
}
