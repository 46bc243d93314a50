//! Invitations: sent, sent again, taken back, accepted once.

use pwvault_core::VaultError;
use pwvault_core::directory::{InviteError, PeopleError};
use pwvault_core::model::{EventKind, Outcome, Permission, PersonId, Principal, PrincipalKind, UnitId};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Acceptance, AdminInvite, Invitation};

use crate::world::{PASSWORD, World, account, admin, client, permissions, person, role, sub_user_invite, user};

const DAY: i64 = 24 * 60 * 60 * 1000;

fn newcomer() -> Acceptance {
    Acceptance { name: "Nia".into(), password: PASSWORD.into(), ..Acceptance::default() }
}

fn refused(world: &World, invitation: &Invitation) -> InviteError {
    match world.door().accept_invite(invitation.token.expose(), &newcomer()) {
        Err(VaultError::Invite(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn invited(world: &World) -> Invitation {
    let bert = world.session(Principal::client(account("bert")));
    bert.invite_sub_user(&sub_user_invite("bert", "nia@example.com", &[Permission::View])).unwrap()
}

#[test]
fn an_invited_user_signs_in_with_what_was_offered() {
    let world = World::peopled();
    let invitation = invited(&world);
    assert_eq!(invitation.email, "nia@example.com");
    let weak = Acceptance { password: "short".into(), ..newcomer() };
    let refusal = world.door().accept_invite(invitation.token.expose(), &weak);
    assert!(matches!(refusal, Err(VaultError::People(PeopleError::PasswordLength { .. }))));

    let id = world.door().accept_invite(invitation.token.expose(), &newcomer()).unwrap();
    assert_eq!(refused(&world, &invitation), InviteError::Used);
    let PersonId::User(nia) = id.clone() else { panic!("{id:?}") };
    let step = world.door().with_password(id.realm(), "nia@example.com", &PASSWORD.into()).unwrap();
    let pwvault_core::vault::SignInStep::Done(signed_in) = step else { panic!() };
    let part = Principal::sub_user(account("bert"), nia, permissions(&[Permission::View]));
    assert_eq!(signed_in.principals, [part]);
    let log = world.log(&[EventKind::InviteCreated, EventKind::InviteAccepted]);
    assert_eq!(log[0], ("client bert".to_owned(), EventKind::InviteCreated, Outcome::Done));
    assert_eq!(log[1].1, EventKind::InviteAccepted);
    assert!(log[1].0.ends_with("of client\tbert") && log[1].2 == Outcome::Done);
    assert_eq!(log[2], ("system".to_owned(), EventKind::InviteAccepted, Outcome::Failed));
}

#[test]
fn an_invited_administrator_has_the_roles_that_were_offered() {
    let world = World::peopled();
    let invite = AdminInvite { email: "olaf@example.com".into(), roles: vec![role("sales")], ..AdminInvite::default() };
    let invitation = world.root().invite_admin(&invite).unwrap();
    let acceptance = Acceptance { username: "olaf".into(), ..newcomer() };
    let id = world.door().accept_invite(invitation.token.expose(), &acceptance).unwrap();
    let step = world.door().with_password(id.realm(), "olaf", &PASSWORD.into()).unwrap();
    let pwvault_core::vault::SignInStep::Done(signed_in) = step else { panic!() };
    assert!(matches!(&signed_in.principals[0].kind, PrincipalKind::Admin { roles, .. } if *roles == [role("sales")]));
    let nowhere = AdminInvite { roles: vec![role("none")], ..invite };
    assert!(matches!(world.root().invite_admin(&nowhere), Err(VaultError::People(PeopleError::NoUnit { .. }))));
}

#[test]
fn invitations_wait_seven_days_can_be_sent_again_and_taken_back() {
    let world = World::peopled();
    let bert = world.session(Principal::client(account("bert")));
    let first = invited(&world);
    let pending = || bert.pending_invites(Some(&account("bert")), 50, None).unwrap().invites;
    assert_eq!(pending().iter().map(|one| (one.id, one.sent, one.expired)).collect::<Vec<_>>(), [(first.id, 1, false)]);
    assert!(world.root().pending_invites(None, 50, None).unwrap().invites.is_empty(), "of administrators");

    world.clock.advance(7 * DAY - 1);
    let second = bert.resend_invite(first.id).unwrap();
    assert_eq!(refused(&world, &first), InviteError::Unknown, "the old token is dead");
    world.clock.advance(7 * DAY);
    assert!(pending()[0].expired);
    assert_eq!(refused(&world, &second), InviteError::Expired);
    let third = bert.resend_invite(first.id).unwrap();
    assert_eq!(pending()[0].sent, 3);
    bert.cancel_invite(first.id).unwrap();
    assert!(pending().is_empty());
    assert_eq!(refused(&world, &third), InviteError::Cancelled);
    assert_eq!(refused(&world, &second), InviteError::Unknown, "who holds an old token learns nothing");
    assert!(matches!(bert.resend_invite(first.id), Err(VaultError::NotFound)));
    assert!(matches!(bert.cancel_invite(first.id), Err(VaultError::NotFound)));

    let strange = ["", "x", &"A".repeat(64), first.token.expose()];
    for token in strange {
        let refusal = world.door().accept_invite(token, &newcomer());
        assert!(matches!(refusal, Err(VaultError::Invite(InviteError::Unknown))), "{token}");
    }
}

#[test]
fn who_has_a_sign_in_accepts_with_it_and_nobody_elses() {
    let world = World::peopled();
    world.root().create_person(&person(client("erik"))).unwrap();
    let erik = world.session(Principal::client(account("erik")));
    let offer = |email| erik.invite_sub_user(&sub_user_invite("erik", email, &[Permission::View])).unwrap();
    let invitation = offer("CLEO@example.com");
    assert_eq!(refused(&world, &invitation), InviteError::SignInFirst);
    let wrong = |session: &pwvault_core::Session, invitation: &Invitation| {
        let refusal = session.accept_own_invite(invitation.token.expose());
        assert!(matches!(refusal, Err(VaultError::Invite(InviteError::WrongAccount))), "{refusal:?}");
    };
    wrong(&world.signed_in(&client("bert")), &invitation);
    wrong(&world.signed_in(&user("cleo")), &offer("other@example.com"));
    wrong(&world.signed_in(&client("bert")), &offer("bert@example.com"));

    let cleo = world.signed_in(&user("cleo"));
    assert_eq!(cleo.accept_own_invite(invitation.token.expose()).unwrap(), account("erik"));
    let used = cleo.accept_own_invite(invitation.token.expose());
    assert!(matches!(used, Err(VaultError::Invite(InviteError::Used))), "{used:?}");
    assert_eq!(world.sign_in(&user("cleo"), PASSWORD).unwrap().principals.len(), 2);
}

#[test]
fn nobody_invites_beyond_what_they_hold_now_or_at_acceptance() {
    let world = World::peopled();
    use Permission as P;
    world.root().create_person(&person(user("lena"))).unwrap();
    let version = world.put("bert", "lena", &[P::View, P::Reveal, P::ManageUsers], 1).unwrap();
    let lena = world.signed_in(&user("lena"));
    let invite = |email, list: &[P]| lena.invite_sub_user(&sub_user_invite("bert", email, list));
    let beyond = invite("a@example.com", &[P::View, P::Edit]);
    assert!(matches!(beyond, Err(VaultError::People(PeopleError::NotHeld(missing))) if missing == [P::Edit]));
    let one = invite("a@example.com", &[P::View, P::Reveal]).unwrap();
    let two = invite("b@example.com", &[P::View]).unwrap();
    let three = invite("c@example.com", &[P::View]).unwrap();

    // What the inviter lost, the invitation lost.
    let version = world.put("bert", "lena", &[P::View, P::ManageUsers], version).unwrap();
    assert_eq!(refused(&world, &one), InviteError::Withdrawn);
    world.door().accept_invite(two.token.expose(), &newcomer()).unwrap();
    world.put("bert", "lena", &[P::View], version).unwrap();
    assert_eq!(refused(&world, &three), InviteError::Withdrawn);
    world.root().delete_person(&user("lena"), version + 1).unwrap();
    assert_eq!(refused(&world, &three), InviteError::Withdrawn);
    // Sent again by who may, it is good again.
    let bert = world.session(Principal::client(account("bert")));
    let again = bert.resend_invite(three.id).unwrap();
    world.door().accept_invite(again.token.expose(), &newcomer()).unwrap();

    // An administrator's own roles bound the invitation in the same way.
    let rule = pwvault_core::model::RuleDraft {
        name: "Personnel".into(),
        allow: vec![pwvault_core::model::Section::Directory],
        roles: vec![role("personnel")],
        ..Default::default()
    };
    world.root().add_rule(&rule).unwrap();
    world.add_unit(UnitId::Role(role("personnel")), pwvault_core::model::MailTopics::NONE);
    let draft =
        pwvault_core::vault::PersonDraft { roles: vec![role("personnel"), role("sales")], ..person(admin("hanna")) };
    world.root().create_person(&draft).unwrap();
    let hanna = world.signed_in(&admin("hanna"));
    let offer =
        |id: &str| AdminInvite { email: "x@example.com".into(), roles: vec![role(id)], ..AdminInvite::default() };
    assert!(matches!(hanna.invite_admin(&offer("full")), Err(VaultError::People(PeopleError::NotOver))));
    let sales = hanna.invite_admin(&offer("sales")).unwrap();
    let roles = Some(vec![role("personnel")]);
    let patch = pwvault_core::vault::PersonPatch { roles, ..Default::default() };
    world.root().update_person(&admin("hanna"), 1, &patch).unwrap();
    assert_eq!(refused(&world, &sales), InviteError::Withdrawn);
}

#[test]
fn invitations_to_an_account_end_with_it() {
    let world = World::peopled();
    let invitation = invited(&world);
    world.root().delete_person(&client("bert"), 1).unwrap();
    assert_eq!(refused(&world, &invitation), InviteError::Cancelled);
}
