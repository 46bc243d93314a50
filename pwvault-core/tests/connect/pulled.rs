//! Signing in where the host is the connector itself: begin, act, acknowledge.

use pwvault_core::connect::{ConnectError, SignOn};
use pwvault_core::id::RecordKind;
use pwvault_core::model::{EventKind, Outcome, ServerRule};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{HandedOver, Permit, SignOnOptions};
use pwvault_core::{Session, VaultError};

use crate::world::{PASSWORD, World, access, role, service, session_at};

fn pulled() -> World {
    let world = World::new();
    world.set_server(&access("pulled", ServerRule::Unrestricted));
    world
}

fn good() -> Result<SignOn, ConnectError> {
    Ok(session_at("https://server.example/session"))
}

fn state(result: Result<SignOn, VaultError>) -> bool {
    matches!(result, Err(VaultError::State(_)))
}

fn begin(world: &World) -> (Session, HandedOver) {
    let desk = world.staff(&["work", "sign"]);
    let handed_over = desk.begin_sign_on(world.server).unwrap();
    (desk, handed_over)
}

#[test]
fn a_host_begins_acts_and_acknowledges() {
    let world = pulled();
    let (desk, handed_over) = begin(&world);
    assert_eq!(world.newest(), (EventKind::SignOnStarted, Outcome::Done));
    assert_eq!((handed_over.secret.expose(), handed_over.username.as_str()), (PASSWORD, "root"));
    assert_eq!(handed_over.access, access("pulled", ServerRule::Unrestricted));
    assert!(!format!("{handed_over:?}").contains(PASSWORD));
    // The permit goes through the host as bytes.
    let permit = Permit::from_bytes(handed_over.permit.to_bytes());
    let signed_on = desk.acknowledge_sign_on(&permit, good()).unwrap();
    assert_eq!(signed_on.url.unwrap().expose(), "https://server.example/session");
    assert_eq!(world.newest(), (EventKind::SignOnFinished, Outcome::Done));
    assert_eq!(world.log()[0].entries, [world.server]);
    assert_eq!(world.records(RecordKind::Permit), 0);
}

#[test]
fn a_permit_is_good_once_in_time_and_for_its_holder() {
    let world = pulled();
    let (desk, handed_over) = begin(&world);
    let root = world.root().acknowledge_sign_on(&handed_over.permit, good());
    assert!(state(root), "another's permit");
    let mut forged = handed_over.permit.to_bytes();
    forged[47] ^= 1;
    assert!(state(desk.acknowledge_sign_on(&Permit::from_bytes(forged), good())));
    desk.acknowledge_sign_on(&handed_over.permit, good()).unwrap();
    assert!(state(desk.acknowledge_sign_on(&handed_over.permit, good())), "used twice");
    assert_eq!(world.newest(), (EventKind::SignOnFinished, Outcome::Denied));

    let (desk, late) = begin(&world);
    world.advance(2 * 60 * 1_000 - 1);
    let (_, in_time) = begin(&world);
    world.advance(1);
    assert!(state(desk.acknowledge_sign_on(&late.permit, good())), "too late");
    assert!(desk.acknowledge_sign_on(&in_time.permit, good()).is_ok());
    // What was never acknowledged is cleared away by those that follow.
    begin(&world);
    assert_eq!(world.records(RecordKind::Permit), 1);

    let of_service = world.client("anna").authorize_service_reveal(&service("7", "anna")).unwrap();
    assert!(state(world.client("anna").acknowledge_sign_on(&of_service, good())), "for something else");
}

#[test]
fn a_failed_or_strange_outcome_is_logged_as_one() {
    let world = pulled();
    let bad = ["http://server.example/", "https://evil.example/", "x"].map(|url| Ok(session_at(url)));
    for outcome in bad.into_iter().chain([Err(ConnectError::TimedOut), Ok(SignOn { url: None, expires_at: None })]) {
        let (desk, handed_over) = begin(&world);
        let refused = desk.acknowledge_sign_on(&handed_over.permit, outcome);
        assert!(matches!(refused, Err(VaultError::Connect(_))), "{refused:?}");
        assert_eq!(world.newest(), (EventKind::SignOnFinished, Outcome::Failed));
        assert!(state(desk.acknowledge_sign_on(&handed_over.permit, good())), "the permit has been used");
    }
}

#[test]
fn a_secret_is_handed_over_for_a_registered_kind_and_by_right_alone() {
    let world = pulled();
    for roles in [&["work"][..], &["look", "sign"], &["sign"]] {
        let refused = world.staff(roles).begin_sign_on(world.server);
        assert!(matches!(refused, Err(VaultError::Denied(_) | VaultError::NotFound)), "{roles:?}");
        assert_eq!(world.newest(), (EventKind::SignOnStarted, Outcome::Denied));
    }
    world.set_server(&access("pulled", ServerRule::Roles(vec![role("sysadmin")])));
    let desk = world.staff(&["work", "sign"]);
    assert!(matches!(desk.begin_sign_on(world.server), Err(VaultError::Denied(_))));
    // A kind with a connector of its own is not handed over, and the other way round.
    world.set_server(&access("spy", ServerRule::Unrestricted));
    assert!(matches!(desk.begin_sign_on(world.server), Err(VaultError::State(_))));
    world.set_server(&access("pulled", ServerRule::Unrestricted));
    assert!(matches!(desk.sign_on(world.server, &SignOnOptions::default()), Err(VaultError::State(_))));
    assert_eq!((world.records(RecordKind::Permit), world.calls().len()), (0, 0));
}
