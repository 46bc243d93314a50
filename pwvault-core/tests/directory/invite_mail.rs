//! Invitations sent by the vault's own mail.

use pwvault_core::VaultError;
use pwvault_core::model::{Addressee, Audience, Notice, NoticeKind, OutboxMessage, Permission, Principal};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Acceptance, AdminInvite};

use crate::world::{PASSWORD, WELCOME, World, account, role, sub_user_invite};

fn mail(world: &World) -> Vec<OutboxMessage> {
    let mailer = world.session(Principal::system());
    mailer.claim_messages(100, 60_000).unwrap().into_iter().map(|claimed| claimed.message).collect()
}

/// What stands behind the `#` of the address.
fn token(notice: &Notice) -> &str {
    notice.facts["link"].strip_prefix(WELCOME).and_then(|rest| rest.strip_prefix('#')).unwrap()
}

fn newcomer() -> Acceptance {
    Acceptance { name: "Nia".into(), username: "nia".into(), password: PASSWORD.into(), ..Acceptance::default() }
}

#[test]
fn an_invitation_is_sent_to_the_address_in_its_language_and_opens_once() {
    let world = World::peopled();
    let bert = world.session(Principal::client(account("bert")));
    let mut invite = sub_user_invite("bert", "nia@example.com", &[Permission::View]);
    invite.locale = "de".into();
    let invitation = bert.invite_sub_user(&invite).unwrap();

    let [message] = mail(&world).try_into().unwrap();
    assert_eq!(message.notice.kind, NoticeKind::Invitation);
    assert_eq!(message.notice.audience, Audience::Clients);
    assert_eq!(message.notice.to, Addressee::Address("nia@example.com".into()));
    assert_eq!(token(&message.notice), invitation.token.expose());
    let rendered = message.rendered.unwrap();
    assert_eq!(rendered.subject, "Sie sind eingeladen");
    assert!(rendered.body.contains(&message.notice.facts["link"]), "{}", rendered.body);

    world.door().accept_invite(token(&message.notice), &newcomer()).unwrap();
    assert!(world.door().accept_invite(token(&message.notice), &newcomer()).is_err());
}

#[test]
fn administrators_are_invited_in_words_of_their_own() {
    let world = World::peopled();
    let invite = AdminInvite { email: "olaf@example.com".into(), roles: vec![role("sales")], ..AdminInvite::default() };
    world.root().invite_admin(&invite).unwrap();
    let [message] = mail(&world).try_into().unwrap();
    assert_eq!(message.notice.audience, Audience::Administrators);
    world.door().accept_invite(token(&message.notice), &newcomer()).unwrap();
}

#[test]
fn mail_whose_token_opens_nothing_any_more_is_not_sent() {
    let world = World::peopled();
    let bert = world.session(Principal::client(account("bert")));
    let invite = |email| bert.invite_sub_user(&sub_user_invite("bert", email, &[Permission::View])).unwrap();

    let cancelled = invite("a@example.com");
    bert.cancel_invite(cancelled.id).unwrap();
    let again = invite("b@example.com");
    let newest = bert.resend_invite(again.id).unwrap();
    let [message] = mail(&world).try_into().unwrap();
    assert_eq!(token(&message.notice), newest.token.expose());

    invite("c@example.com");
    world.clock.advance(8 * 24 * 60 * 60 * 1000);
    assert_eq!(mail(&world), [], "what was claimed above, and what has ended");
}

#[test]
fn only_scheduled_work_takes_messages_that_open_something() {
    let world = World::peopled();
    let invite = AdminInvite { email: "olaf@example.com".into(), ..AdminInvite::default() };
    world.root().invite_admin(&invite).unwrap();
    let refused = world.root().claim_messages(1, 60_000).unwrap_err();
    assert!(matches!(refused, VaultError::Denied(_)), "{refused}");
    assert!(refused.to_string().contains("only scheduled work does this"), "{refused}");
    assert_eq!(mail(&world).len(), 1);
}
