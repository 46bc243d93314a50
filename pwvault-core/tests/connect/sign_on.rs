//! Signing in through a registered connector.

use std::sync::Arc;

use pwvault_core::connect::{ConnectError, SignOn};
use pwvault_core::model::{
    Action, Actions, EventKind, GrantTerms, Grantee, KeyOwner, Obligations, Outcome, ServerAccess, ServerRule,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::store::{ChangeSet, MemoryStore};
use pwvault_core::testing::FaultyStore;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{KeyMaterial, KeyRegistration, SignOnOptions, UnlockAnswer};
use pwvault_core::{EntryDraft, RequestContext, VaultError};

use crate::locked::{X25519, pem};
use crate::world::{PASSWORD, World, access, role, server_draft, session_at};

fn plain() -> SignOnOptions {
    SignOnOptions::default()
}

#[test]
fn staff_with_use_signs_in_and_cannot_reveal() {
    let world = World::new();
    let desk = world.staff(&["work", "sign"]);
    let before = world.events();
    let signed_on = desk.sign_on(world.server, &plain()).unwrap();
    assert_eq!(signed_on.url.unwrap().expose(), "https://server.example/session");
    let calls = world.calls();
    assert_eq!((calls.len(), calls[0].secret.as_str(), calls[0].username.as_str()), (1, PASSWORD, "root"));
    assert_eq!(calls[0].address, "server.example:2087");
    assert_eq!(calls[0].events, before + 1, "the event comes before the plaintext");
    assert_eq!(world.newest(), (EventKind::SignOnFinished, Outcome::Done));
    assert_eq!(world.log()[1].entries, [world.server]);

    for refused in [desk.reveal(world.server).map(drop), desk.history(world.server).map(drop)] {
        assert!(matches!(refused, Err(VaultError::Denied(_))), "{refused:?}");
    }
    // Who used it has not seen it.
    assert!(world.root().entry(world.server).unwrap().head.secret.revealed_to.is_empty());
}

#[test]
fn neither_the_right_nor_the_section_nor_the_rule_is_enough_alone() {
    let world = World::new();
    let refused = |roles: &[&str]| {
        let result = world.staff(roles).sign_on(world.server, &plain());
        assert_eq!(world.newest(), (EventKind::SignOnStarted, Outcome::Denied), "{roles:?}");
        result.unwrap_err()
    };
    assert!(matches!(refused(&["work"]), VaultError::Denied(_)));
    assert!(matches!(refused(&["look", "sign"]), VaultError::Denied(_)));
    assert!(matches!(refused(&["sign"]), VaultError::NotFound));
    world.set_server(&access("spy", ServerRule::Roles(vec![role("sysadmin")])));
    assert!(matches!(refused(&["work", "sign"]), VaultError::Denied(_)));
    assert!(matches!(world.root().sign_on(world.server, &plain()), Err(VaultError::Denied(_))));
    assert!(world.calls().is_empty());
    assert!(world.staff(&["work", "sign", "sysadmin"]).sign_on(world.server, &plain()).is_ok());
    assert!(world.staff(&["work", "configure", "sysadmin"]).sign_on(world.server, &plain()).is_ok());
}

#[test]
fn clients_do_not_sign_in_even_to_their_own() {
    let world = World::new();
    let anna = world.client("anna");
    let id = anna.create_entry(&server_draft()).unwrap();
    assert!(matches!(anna.sign_on(id, &plain()), Err(VaultError::Denied(_))));
    assert!(matches!(
        anna.set_server(id, 1, Some(&access("spy", ServerRule::Unrestricted))),
        Err(VaultError::Denied(_))
    ));
    assert!(matches!(anna.servers(), Err(VaultError::Denied(_))));
    assert!(world.calls().is_empty());
}

#[test]
fn without_its_event_a_secret_does_not_reach_the_connector() {
    let silent = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let lies = Arc::clone(&silent);
    let store = FaultyStore::new(MemoryStore::new());
    // Refuses every commit while told to, by making it one that cannot apply.
    let store = store.lie_on_commit(move |changes| {
        let mut changes = changes.clone();
        if lies.load(std::sync::atomic::Ordering::SeqCst) {
            let twice: ChangeSet = changes.clone();
            changes.writes.extend(twice.writes);
        }
        Some(changes)
    });
    let world = World::with(Arc::new(store), |builder| builder);
    silent.store(true, std::sync::atomic::Ordering::SeqCst);
    assert!(world.staff(&["work", "sign"]).sign_on(world.server, &plain()).is_err());
    assert!(world.calls().is_empty());
    silent.store(false, std::sync::atomic::Ordering::SeqCst);
    assert!(world.staff(&["work", "sign"]).sign_on(world.server, &plain()).is_ok());
}

#[test]
fn what_a_connector_reports_is_an_error_and_logged() {
    let world = World::new();
    let desk = world.staff(&["work", "sign"]);
    for error in [
        ConnectError::Refused,
        ConnectError::NotAllowed,
        ConnectError::Unreachable,
        ConnectError::Untrusted,
        ConnectError::TimedOut,
    ] {
        let reported = error.clone();
        world.answer(move |_| Err(reported.clone()));
        let refused = desk.sign_on(world.server, &plain()).unwrap_err();
        assert!(matches!(&refused, VaultError::Connect(cause) if *cause == error), "{refused:?}");
        assert_eq!(world.newest(), (EventKind::SignOnFinished, Outcome::Failed));
    }
}

#[test]
fn a_connector_that_answers_nonsense_is_refused() {
    let world = World::new();
    let desk = world.staff(&["work", "sign"]);
    for url in
        ["http://server.example/", "https://evil.example/", "javascript:alert(1)", "", "https://root:x@server.example/"]
    {
        world.answer(move |_| Ok(session_at(url)));
        let refused = desk.sign_on(world.server, &plain()).unwrap_err();
        assert!(matches!(refused, VaultError::Connect(ConnectError::Malformed { .. })), "{url}: {refused:?}");
        assert_eq!(world.newest(), (EventKind::SignOnFinished, Outcome::Failed));
    }
    world.answer(|request| {
        Ok(session_at(&format!("https://server.example/?password={}", request.secret.expose().replace(' ', "+"))))
    });
    let refused = desk.sign_on(world.server, &plain()).unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains(PASSWORD));
    world.answer(|_| Ok(SignOn { url: None, expires_at: None }));
    assert!(desk.sign_on(world.server, &plain()).is_err());
}

#[test]
fn options_reach_the_connector_and_are_checked() {
    let world = World::new();
    let desk = world.staff(&["work", "sign"]);
    let options = SignOnOptions { service: Some("mail".into()), account: Some("anna".into()), locale: None };
    desk.sign_on(world.server, &options).unwrap();
    let call = world.calls().remove(0);
    assert_eq!((call.service.as_deref(), call.account.as_deref()), (Some("mail"), Some("anna")));
    for (bad, field) in [
        (SignOnOptions { service: Some("ftp".into()), ..plain() }, "service"),
        (SignOnOptions { account: Some("a\nb".into()), ..plain() }, "account"),
        (SignOnOptions { locale: Some(String::new()), ..plain() }, "locale"),
    ] {
        let refused = desk.sign_on(world.server, &bad).unwrap_err();
        assert!(matches!(&refused, VaultError::Invalid { field: found, .. } if *found == field), "{refused:?}");
    }
    assert_eq!(world.calls().len(), 1);
}

#[test]
fn a_locked_server_needs_its_unlock() {
    let world = World::new();
    let root = world.root();
    let owner = KeyOwner::Admin(pwvault_core::AdminId::new("root").unwrap());
    let material = KeyMaterial::Passphrase { private: pem(X25519), passphrase: "pass".into() };
    let key = root.register_key(&KeyRegistration { name: "key".into(), owner, material, may_attach: vec![] }).unwrap();
    let id = root.create_entry(&EntryDraft { keys: vec![key], ..server_draft() }).unwrap();
    root.set_server(id, 1, Some(&access("spy", ServerRule::Unrestricted))).unwrap();
    assert!(root.servers().unwrap().iter().any(|server| server.entry == id && server.locked));
    assert!(matches!(root.sign_on(id, &plain()), Err(VaultError::Locked(ways)) if ways.len() == 1));
    assert!(world.calls().is_empty());
    let ticket = root.unlock(&UnlockAnswer::Passphrase { key, passphrase: "pass".into() }).unwrap();
    root.with_ticket(ticket).sign_on(id, &plain()).unwrap();
    assert_eq!(world.calls()[0].secret, PASSWORD);
}

#[test]
fn servers_are_listed_to_those_who_may_sign_in() {
    let world = World::new();
    let root = world.root();
    let other = root.create_entry(&EntryDraft { name: "Alpha".into(), ..server_draft() }).unwrap();
    root.set_server(other, 1, Some(&access("spy", ServerRule::Unrestricted))).unwrap();
    root.create_entry(&EntryDraft { name: "no server".into(), ..server_draft() }).unwrap();
    let names = |session: &pwvault_core::Session| -> Vec<String> {
        session.servers().unwrap().into_iter().map(|server| server.name).collect()
    };
    assert_eq!(names(&root), ["Alpha", "web1"]);
    assert_eq!(names(&world.staff(&["work", "sign"])), ["web1"]);
    assert!(names(&world.staff(&["look", "sign"])).is_empty());
    world.set_server(&access("spy", ServerRule::Roles(vec![role("sysadmin")])));
    assert!(names(&world.staff(&["work", "sign"])).is_empty());
    assert_eq!(names(&world.staff(&["work", "sign", "sysadmin"])), ["web1"]);
    assert!(matches!(world.staff(&["work"]).servers(), Err(VaultError::Denied(_))));
    root.trash_entries(&[other]).unwrap();
    assert!(names(&root).is_empty(), "one is in the trash, one is for sysadmins");
}

#[test]
fn every_kind_says_what_it_needs_and_can() {
    let world = World::new();
    let kinds = world.staff(&["sign"]).connectors().unwrap();
    assert_eq!(kinds.iter().map(|kind| kind.name.as_str()).collect::<Vec<_>>(), ["pulled", "spy"]);
    assert!(kinds.iter().all(|kind| kind.gives_url && kind.tests_login && kind.services == ["admin", "mail"]));
    world.staff(&["work", "sign"]).test_sign_on(world.server).unwrap();
    assert_eq!(world.calls().len(), 1);
    assert_eq!(world.newest(), (EventKind::SignOnFinished, Outcome::Done));
}

#[test]
fn only_who_may_reveal_says_where_a_secret_is_sent() {
    let world = World::new();
    let edit = Actions::NONE.with(Action::Edit);
    let grant = |name: &str, actions| GrantChange::put(Grantee::Role(role(name)), actions);
    let all = Actions::ALL;
    world.root().share(world.server, &[grant("edit", edit), grant("all", all)]).unwrap();
    let version = world.root().entry(world.server).unwrap().head.version;
    let elsewhere = ServerAccess { address: "evil.example".into(), ..access("spy", ServerRule::Unrestricted) };
    for roles in [["work", "configure"], ["edit", "configure"], ["all", "sign"]] {
        let refused = world.staff(&roles).set_server(world.server, version, Some(&elsewhere));
        assert!(matches!(refused, Err(VaultError::Denied(_))), "{roles:?}: {refused:?}");
        assert_eq!(world.newest(), (EventKind::ConnectChanged, Outcome::Denied));
    }
    world.staff(&["all", "configure"]).set_server(world.server, version, None).unwrap();
    assert!(matches!(world.root().sign_on(world.server, &plain()), Err(VaultError::State(_))));
    assert!(world.calls().is_empty());
}

#[test]
fn how_a_server_is_signed_in_to_is_checked() {
    let world = World::new();
    let root = world.root();
    let version = root.entry(world.server).unwrap().head.version;
    let good = access("spy", ServerRule::Unrestricted);
    for bad in [
        ServerAccess { connector: "unknown".into(), ..good.clone() },
        ServerAccess { address: "https://server.example/".into(), ..good.clone() },
        ServerAccess { address: String::new(), ..good.clone() },
        ServerAccess { rule: ServerRule::Roles(vec![]), ..good.clone() },
        ServerAccess { rule: ServerRule::Roles(vec![role("r"); 257]), ..good.clone() },
    ] {
        let refused = root.set_server(world.server, version, Some(&bad));
        assert!(matches!(refused, Err(VaultError::Invalid { .. } | VaultError::Connect(_))), "{bad:?}: {refused:?}");
    }
    let stale = root.set_server(world.server, version - 1, Some(&good));
    assert!(matches!(stale, Err(VaultError::VersionConflict { .. })));
    assert_eq!(root.set_server(world.server, version, Some(&good)).unwrap(), version + 1);
}

#[test]
fn what_a_grant_asks_for_is_asked_before_a_sign_on_too() {
    let world = World::new();
    let obligations = |reason, approval| Obligations { reason, approval };
    let share = |obligations, actions: Actions| {
        let terms = GrantTerms { obligations, ..GrantTerms::default() };
        let grant = GrantChange::Put { grantee: Grantee::Role(role("work")), actions, terms };
        world.root().share(world.server, &[grant]).unwrap();
    };
    let desk = |reason: Option<&str>| {
        let context = RequestContext { reason: reason.map(str::to_owned), ..RequestContext::default() };
        world.vault.session(world.staff(&["work", "sign", "configure"]).principal().clone(), context)
    };
    share(obligations(true, false), Actions::NONE.with(Action::Use));
    let refused = desk(None).sign_on(world.server, &plain());
    assert!(matches!(refused, Err(VaultError::ReasonRequired)), "{refused:?}");
    assert_eq!(world.newest(), (EventKind::SignOnStarted, Outcome::Denied));
    assert!(world.calls().is_empty());
    desk(Some("ticket 12")).sign_on(world.server, &plain()).unwrap();
    assert_eq!(world.log()[1].reason.as_deref(), Some("ticket 12"));

    share(obligations(false, true), Actions::ALL);
    let refused = desk(None).sign_on(world.server, &plain());
    assert!(matches!(refused, Err(VaultError::ApprovalRequired)), "{refused:?}");
    // Else the address would be a way around the approval of a reveal.
    let version = world.root().entry(world.server).unwrap().head.version;
    let refused = desk(None).set_server(world.server, version, None);
    assert!(matches!(refused, Err(VaultError::ApprovalRequired)), "{refused:?}");
    assert_eq!(world.calls().len(), 1);
}
