//! Clients, services, administrators and roles that go.

use pwvault_core::id::RecordKind;
use pwvault_core::model::{
    Action, Actions, CategoryOwner, EntryKind, EventKind, Grantee, HostEvent, KeyOwner, MailTopics, Owner, Permissions,
    PersonId, RuleDraft, Section, ServicePart, Wanted, WantedPart,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    CategoryDraft, Consequence, Consequences, CredentialRequestDraft, HandOver, KeyMaterial, KeyRegistration,
    LinkOptions, LogFilter, PersonDraft, PrivateKeyPem, Recovery, SetMaster, SubUserInvite, SubUserPut, UnitDraft,
    UnlockAnswer,
};
use pwvault_core::{EntryDraft, KeyId, SecretString, Session, UserId, VaultError};

use super::locked::{RSA, RSA_OTHER, client};
use super::world::*;

/// Looks ahead, applies, finds that it was as foreseen, and that telling it twice changes nothing.
fn apply(world: &World, event: &HostEvent) -> Consequences {
    let ahead = world.root().preview_host_event(event).unwrap();
    let told = world.root().apply_host_event(event).unwrap();
    assert_eq!(told, ahead);
    assert!(told.finished);
    let events = world.count(RecordKind::Event);
    world.root().apply_host_event(event).unwrap();
    assert_eq!(world.count(RecordKind::Event), events, "told twice, it was done twice");
    world.check_log();
    told
}

fn with_passphrase(session: &Session, owner: KeyOwner, pem: &str, passphrase: &str) -> KeyId {
    let private = PrivateKeyPem { pem: pem.into(), passphrase: None };
    let material = KeyMaterial::Passphrase { private, passphrase: passphrase.into() };
    session.register_key(&KeyRegistration { name: "key".into(), owner, material, may_attach: vec![] }).unwrap()
}

fn stored(session: &Session, owner: KeyOwner, pem: &str) -> KeyId {
    let material = KeyMaterial::Stored { private: PrivateKeyPem { pem: pem.into(), passphrase: None } };
    session.register_key(&KeyRegistration { name: "stored".into(), owner, material, may_attach: vec![] }).unwrap()
}

fn set_master(session: &Session) -> SecretString {
    let password = SecretString::from("correct horse");
    let set = SetMaster { password: password.clone(), confirmation: password.clone(), recovery: Recovery::None };
    session.set_master_password(&set).unwrap();
    password
}

#[test]
fn a_client_who_is_gone_leaves_entries_in_the_trash_and_nothing_of_what_was_given() {
    let world = World::new();
    let (root, anna, bert) = (world.root(), world.client("anna"), world.client("bert"));
    let own = new_entry(&anna, "Own");
    let private = anna.create_entry(&EntryDraft { private: true, ..draft("Private") }).unwrap();
    let shared = new_entry(&bert, "Shared");
    bert.share(shared, &[to_client("anna"), to_admin("sam")]).unwrap();
    anna.reveal(shared).unwrap();
    let group = bert
        .create_category(&CategoryDraft {
            name: "Friends".into(),
            members: vec![Grantee::Client(client("anna"))],
            ..CategoryDraft::default()
        })
        .unwrap();
    let key = stored(&bert, KeyOwner::Client(client("bert")), RSA);
    let patch = pwvault_core::vault::KeyPatch { may_attach: Some(vec![Grantee::Client(client("anna"))]), name: None };
    bert.update_key(key, 1, &patch).unwrap();
    let user = UserId::new("nina").unwrap();
    let person =
        PersonDraft { email: "nina@example.com".into(), ..PersonDraft::new(PersonId::User(user.clone()), "N") };
    root.create_person(&person).unwrap();
    let put = |account: &str, version| {
        let (account, user) = (client(account), user.clone());
        root.put_sub_user(
            &SubUserPut { account, user, permissions: Permissions::all(), mail: MailTopics::NONE },
            version,
        )
        .unwrap()
    };
    let version = put("anna", 1);
    put("bert", version);
    root.create_person(&PersonDraft {
        email: "anna@example.com".into(),
        ..PersonDraft::new(PersonId::Client(client("anna")), "Anna")
    })
    .unwrap();
    let invite = SubUserInvite {
        account: client("anna"),
        email: "invited@example.com".into(),
        permissions: Permissions::NONE,
        mail: MailTopics::NONE,
        locale: String::new(),
    };
    anna.invite_sub_user(&invite).unwrap();
    root.sync_principals(&[contact(sub_user("anna", "nina")), contact(sub_user("bert", "nina"))], &[]).unwrap();

    let (of_own, of_shared) = (anna.create_link(own, &LinkOptions::default()), {
        let share = GrantChange::put(Grantee::Client(client("anna")), Actions::VIEW_AND_REVEAL.with(Action::Share));
        bert.share(shared, &[share]).unwrap();
        anna.create_link(shared, &LinkOptions::default())
    });
    let kept = bert.create_link(shared, &LinkOptions::default()).unwrap();
    assert!(of_own.is_ok() && of_shared.is_ok());
    let material = KeyMaterial::Stored { private: PrivateKeyPem { pem: RSA_OTHER.into(), passphrase: None } };
    let staff = KeyRegistration { name: "staff".into(), owner: KeyOwner::Vault, material, may_attach: vec![] };
    let staff = root.register_key(&staff).unwrap();
    for asked in ["anna", "bert"] {
        let ask = CredentialRequestDraft {
            client: client(asked),
            owner: Owner::Client(client(asked)),
            name: "Shop".into(),
            kind: EntryKind::Login,
            wanted: vec![Wanted { part: WantedPart::Password, required: true }],
            message: String::new(),
            keys: vec![staff],
            expires_at: None,
        };
        root.request_credentials(&ask).unwrap();
    }

    let told = apply(&world, &HostEvent::ClientDeleted { client: client("anna") });
    let expected = [
        (Consequence::EntryTrashed, 2),
        (Consequence::GrantEnded, 1),
        (Consequence::AttachRightEnded, 1),
        (Consequence::MemberRemoved, 1),
        (Consequence::ContactRemoved, 2),
        (Consequence::SignInEnded, 1),
        (Consequence::SubUserRemoved, 1),
        (Consequence::InviteCancelled, 1),
        (Consequence::LinkEnded, 2),
        (Consequence::RequestEnded, 1),
    ];
    assert_eq!(told.tallies.iter().map(|(what, tally)| (*what, tally.count)).collect::<Vec<_>>(), expected);
    assert_eq!(bert.links(shared).unwrap().len(), 1, "{kept:?} rests on nobody who is gone");
    assert_eq!(root.pending_requests().unwrap().len(), 1);
    for id in [own, private] {
        assert!(anna.entry(id).unwrap().head.trashed.is_some());
    }
    let head = bert.entry(shared).unwrap().head;
    assert!(head.secret.needs_rotation, "the one who is gone has seen it");
    assert_eq!(
        head.grants.iter().map(|grant| grant.grantee.clone()).collect::<Vec<_>>(),
        [Grantee::Admin(admin("sam"))]
    );
    let friends = bert.categories().unwrap().into_iter().find(|(id, _)| *id == group).unwrap().1;
    assert!(friends.members.is_empty());
    assert!(bert.key(key).unwrap().head.may_attach.is_empty());
    let nina = root.person(&PersonId::User(user)).unwrap();
    assert_eq!(nina.memberships.iter().map(|part| part.account.clone()).collect::<Vec<_>>(), [client("bert")]);
    // The private entry is told to nobody, and each entry's end stands in the log.
    assert_eq!(told.entries(Consequence::EntryTrashed), [own]);
    for id in [own, private, shared] {
        let filter = LogFilter { entry: Some(id), ..LogFilter::default() };
        let log = root.read_log(&filter).unwrap().events;
        assert!(
            log.iter().filter_map(|logged| logged.event.as_ref()).any(|one| one.kind == EventKind::HostEventApplied)
        );
    }
}

#[test]
fn a_merged_clients_entries_keys_and_grants_are_the_others() {
    let world = World::new();
    let (anna, bert, cleo) = (world.client("anna"), world.client("bert"), world.client("cleo"));
    let own = new_entry(&anna, "Own");
    anna.share(own, &[to_client("bert"), to_client("cleo")]).unwrap();
    let private = anna.create_entry(&EntryDraft { private: true, ..draft("Private") }).unwrap();
    let hosting = anna.create_entry(&of_service("Hosting", "7", "anna", ServicePart::Adopted)).unwrap();
    let key = with_passphrase(&anna, KeyOwner::Client(client("anna")), RSA, "seven herons");
    let locked = anna.create_entry(&EntryDraft { keys: vec![key], ..draft("Locked") }).unwrap();
    let given = new_entry(&cleo, "Given to one");
    cleo.share(given, &[to_client("anna")]).unwrap();
    let both = new_entry(&cleo, "Given to both, more to the one");
    let more = GrantChange::put(Grantee::Client(client("anna")), Actions::ALL);
    cleo.share(both, &[more, to_client("bert")]).unwrap();
    anna.create_category(&CategoryDraft { name: "Anna's".into(), ..CategoryDraft::default() }).unwrap();

    let merged = HostEvent::ClientsMerged { from: client("anna"), into: client("bert") };
    let told = apply(&world, &merged);
    assert_eq!((told.count(Consequence::EntryRehomed), told.count(Consequence::EntryKept)), (4, 0));
    assert_eq!((told.count(Consequence::GrantRehomed), told.count(Consequence::KeyRehomed)), (2, 1));
    for id in [own, private, hosting] {
        assert_eq!(bert.reveal(id).unwrap().password.expose(), "s3cret");
        assert!(matches!(anna.entry(id), Err(VaultError::NotFound)));
    }
    assert_eq!(bert.entry(hosting).unwrap().head.service.unwrap().service.client, client("bert"));
    let ticket = bert.unlock(&UnlockAnswer::Passphrase { key, passphrase: "seven herons".into() }).unwrap();
    assert!(bert.clone().with_ticket(ticket).reveal(locked).is_ok());
    let grants = bert.grants(own).unwrap();
    assert_eq!(grants.iter().map(|grant| grant.grantee.clone()).collect::<Vec<_>>(), [Grantee::Client(client("cleo"))]);
    assert!(bert.reveal(given).is_ok());
    assert!(bert.entry(both).unwrap().actions.has(pwvault_core::model::Action::Share), "the wider grant counts");
    let owners: Vec<_> = bert.categories().unwrap().into_iter().map(|(_, head)| head.owner).collect();
    assert_eq!(owners, [CategoryOwner::Client(client("bert"))]);
}

#[test]
fn what_only_a_master_password_opens_waits_until_it_is_unlocked() {
    let world = World::new();
    let (root, anna, bert) = (world.root(), world.client("anna"), world.client("bert"));
    let own = new_entry(&anna, "Own");
    let shared = new_entry(&anna, "Shared");
    anna.share(shared, &[to_client("cleo")]).unwrap();
    let password = set_master(&anna);
    let berts = set_master(&bert);
    let merged = HostEvent::ClientsMerged { from: client("anna"), into: client("bert") };
    let told = apply(&world, &merged);
    assert_eq!((told.count(Consequence::EntryRehomed), told.count(Consequence::EntryKept)), (1, 1));
    let [HandOver::Locked { entry, needs }] = &told.hand_overs[..] else { panic!("{:?}", told.hand_overs) };
    assert_eq!((*entry, needs.len()), (own, 1));

    let owner = Owner::Client(client("anna"));
    let ticket = root.unlock(&UnlockAnswer::MasterPassword { owner, password }).unwrap();
    let told = root.with_ticket(ticket).apply_host_event(&merged).unwrap();
    assert_eq!((told.count(Consequence::EntryRehomed), told.count(Consequence::EntryKept)), (1, 0));
    let owner = Owner::Client(client("bert"));
    let ticket = bert.unlock(&UnlockAnswer::MasterPassword { owner, password: berts }).unwrap();
    let bert = bert.with_ticket(ticket);
    assert_eq!(bert.reveal(own).unwrap().password.expose(), "s3cret");
    assert!(bert.entry(own).unwrap().head.is_locked(), "it is under the new owner's master password");
    world.check_log();
}

#[test]
fn a_service_takes_its_entries_to_its_new_client() {
    let world = World::new();
    let (anna, bert) = (world.client("anna"), world.client("bert"));
    let adopted = anna.create_entry(&of_service("Hosting", "7", "anna", ServicePart::Adopted)).unwrap();
    anna.share(adopted, &[to_client("cleo"), to_admin("sam")]).unwrap();
    let private = EntryDraft { private: true, ..of_service("Mine", "7", "anna", ServicePart::Additional) };
    let private = anna.create_entry(&private).unwrap();
    let other = anna.create_entry(&of_service("Other", "8", "anna", ServicePart::Additional)).unwrap();

    let told = apply(&world, &HostEvent::ServiceMoved { service: service("7", "bert") });
    let count = |what| told.count(what);
    assert_eq!((count(Consequence::EntryRehomed), count(Consequence::EntryKept)), (1, 1));
    assert_eq!((count(Consequence::ServiceLeft), count(Consequence::GrantEnded)), (1, 1));
    assert!(told.hand_overs.is_empty(), "of a private entry nobody is told");
    let head = bert.entry(adopted).unwrap().head;
    assert_eq!((head.owner, head.secret.needs_rotation), (Owner::Client(client("bert")), true));
    assert_eq!(head.service.unwrap().service.client, client("bert"));
    assert_eq!(head.grants.len(), 1, "the staff keeps what it was given");
    assert!(anna.entry(adopted).is_err() && world.client("cleo").entry(adopted).is_err());
    assert!(anna.entry(private).unwrap().head.service.is_none());
    assert_eq!(anna.entry(other).unwrap().head.service.unwrap().service.client, client("anna"));
}

#[test]
fn a_leavers_entries_go_to_the_one_who_is_named() {
    let world = World::new();
    let (root, sam, anna) = (world.root(), world.with_roles("sam", &["full"]), world.client("anna"));
    let own = new_entry(&sam, "Own");
    sam.share(own, &[to_admin("tess"), to_role("support")]).unwrap();
    let private = sam.create_entry(&EntryDraft { private: true, ..draft("Private") }).unwrap();
    let holder = KeyOwner::Admin(admin("sam"));
    let key = with_passphrase(&sam, holder.clone(), RSA, "seven herons");
    let locked = sam.create_entry(&EntryDraft { keys: vec![key], ..draft("Locked") }).unwrap();
    let open_key = stored(&sam, holder, RSA_OTHER);
    let stored = sam.create_entry(&EntryDraft { keys: vec![open_key], ..draft("Stored") }).unwrap();
    let clients = new_entry(&anna, "Client's");
    anna.share(clients, &[to_admin("sam"), to_admin("tess")]).unwrap();
    let named = RuleDraft {
        name: "Sam's".into(),
        allow: vec![Section::Logs],
        admins: vec![admin("sam")],
        ..RuleDraft::default()
    };
    root.add_rule(&named).unwrap();

    let told = apply(&world, &left("sam", "tess"));
    let count = |what| told.count(what);
    assert_eq!((count(Consequence::EntryRehomed), count(Consequence::EntryKept)), (2, 2));
    assert_eq!((count(Consequence::KeyRehomed), count(Consequence::KeyKept)), (1, 1));
    assert_eq!((count(Consequence::GrantEnded), count(Consequence::RuleChanged)), (1, 1));
    let tess = world.admin("tess");
    for id in [own, stored] {
        assert_eq!(tess.reveal(id).unwrap().password.expose(), "s3cret");
        assert!(tess.entry(id).unwrap().head.secret.needs_rotation, "the leaver knows it");
    }
    let grants = tess.grants(own).unwrap();
    assert_eq!(grants.iter().map(|grant| grant.grantee.clone()).collect::<Vec<_>>(), [Grantee::Role(role("support"))]);
    assert!(sam.entry(own).is_err());
    assert!(matches!(tess.entry(private), Err(VaultError::NotFound)), "a private entry is nobody else's");
    assert!(sam.entry(private).is_ok() && sam.entry(locked).is_ok());
    assert_eq!(anna.grants(clients).unwrap().len(), 1);
    assert!(root.rules().unwrap().iter().all(|rule| rule.admins.is_empty()));
}

#[test]
fn the_last_who_may_change_the_rules_is_not_taken_out_of_them() {
    let world = World::new();
    let told = apply(&world, &HostEvent::RoleDeleted { role: role("full") });
    assert!(told.hand_overs.contains(&HandOver::Rules));
    assert_eq!(told.count(Consequence::RuleChanged), 0);
    assert!(world.root().rules().is_ok());
}

#[test]
fn a_role_that_is_gone_gives_nothing_to_anyone() {
    let world = World::new();
    let (root, anna) = (world.root(), world.client("anna"));
    let id = new_entry(&anna, "Shared");
    anna.share(id, &[to_role("support"), to_role("sales")]).unwrap();
    let unit = pwvault_core::model::UnitId::Role(role("support"));
    root.create_unit(&UnitDraft { id: unit, name: "Support".into(), mail: MailTopics::NONE }).unwrap();
    let person = PersonDraft {
        email: "sam@example.com".into(),
        roles: vec![role("support")],
        ..PersonDraft::new(PersonId::Admin(admin("sam")), "Sam")
    };
    root.create_person(&person).unwrap();
    let (mut settings, revision) = root.settings().unwrap();
    settings.extended_roles = vec![role("support"), role("chief")];
    root.update_settings(&settings, revision).unwrap();
    let told = apply(&world, &HostEvent::RoleDeleted { role: role("support") });
    let count = |what| told.count(what);
    assert_eq!(
        (count(Consequence::GrantEnded), count(Consequence::RoleTaken), count(Consequence::SettingChanged)),
        (1, 1, 1)
    );
    assert_eq!(anna.grants(id).unwrap().len(), 1);
    assert_eq!(root.settings().unwrap().0.extended_roles, [role("chief")]);
    assert!(root.person(&PersonId::Admin(admin("sam"))).unwrap().roles.is_empty());
}

#[test]
fn nonsense_is_refused_and_nobody_names_themselves() {
    let world = World::new();
    let refused = |session: &Session, event: &HostEvent| {
        let events = world.count(RecordKind::Event);
        let (looked, applied) = (session.preview_host_event(event), session.apply_host_event(event));
        assert_eq!(format!("{looked:?}"), format!("{applied:?}"));
        (applied.unwrap_err(), world.count(RecordKind::Event) - events)
    };
    let root = world.root();
    let invalid = |event| matches!(refused(&root, &event).0, VaultError::Invalid { .. });
    assert!(invalid(left("sam", "sam")));
    assert!(invalid(left("sam", "nobody")));
    assert!(invalid(HostEvent::ClientsMerged { from: client("anna"), into: client("anna") }));
    assert!(invalid(HostEvent::ClientsMerged { from: client("anna"), into: client("nobody") }));
    let tess = world.with_roles("tess", &["full"]);
    assert!(matches!(refused(&tess, &left("sam", "tess")).0, VaultError::State(_)));
    let (denied, logged) = refused(&world.admin("ulf"), &left("sam", "tess"));
    assert!(matches!(denied, VaultError::Denied(_)) && logged == 2);
}
