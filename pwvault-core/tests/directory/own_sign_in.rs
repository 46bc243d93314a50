//! What people do with their own sign-in.

use pwvault_core::directory::{PeopleError, SignInError};
use pwvault_core::model::{EventKind, Outcome};
use pwvault_core::otp::{Seed, Totp};
use pwvault_core::vault::prelude::*;
use pwvault_core::{Clock, Principal, RequestContext, SecretString, Session, VaultError};

use crate::world::{PASSWORD, World, account, client, user};

fn password() -> SecretString {
    PASSWORD.into()
}

fn wrong<T: std::fmt::Debug>(result: Result<T, VaultError>) {
    assert!(matches!(result, Err(VaultError::WrongAnswer { .. })), "{result:?}");
}

fn factor(session: &Session) -> Totp {
    let setup = session.begin_second_factor(&password(), "Host").unwrap();
    match Seed::parse(setup.uri.expose()) {
        Ok(Seed::Totp(totp)) => totp,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_password_is_changed_by_who_knows_the_old_one() {
    let world = World::peopled();
    let cleo = world.signed_in(&user("cleo"));
    wrong(cleo.change_login_password(&"wrong".into(), &"nine calm otters".into()));
    let holds_name = cleo.change_login_password(&password(), &"I am cleo, hello".into());
    assert!(matches!(holds_name, Err(VaultError::People(PeopleError::PasswordHoldsName))), "{holds_name:?}");
    cleo.change_login_password(&password(), &"nine calm otters".into()).unwrap();
    assert!(world.sign_in(&user("cleo"), PASSWORD).is_err());
    world.sign_in(&user("cleo"), "nine calm otters").unwrap();
    for _ in 0..5 {
        wrong(cleo.change_login_password(&"wrong".into(), &"ten calm otters".into()));
    }
    let locked = cleo.change_login_password(&"nine calm otters".into(), &"ten calm otters".into());
    assert!(matches!(locked, Err(VaultError::SignIn(SignInError::Refused))), "{locked:?}");
    let log = world.log(&[EventKind::LoginPasswordChanged]);
    let count = |outcome| log.iter().filter(|(_, _, found)| *found == outcome).count();
    assert_eq!([Outcome::Done, Outcome::Failed, Outcome::Denied].map(count), [1, 6, 1]);
}

#[test]
fn a_second_factor_is_set_up_renewed_and_taken_off() {
    let world = World::peopled();
    let bert = world.signed_in(&client("bert"));
    let now = || world.clock.now();
    wrong(bert.begin_second_factor(&"wrong".into(), "Host"));
    wrong(bert.confirm_second_factor("123456"));
    assert!(matches!(bert.renew_recovery_codes(&password()), Err(VaultError::State(_))));
    assert!(matches!(bert.disable_second_factor(&password(), &"123456".into()), Err(VaultError::State(_))));

    let totp = factor(&bert);
    wrong(bert.confirm_second_factor("12345"));
    let old = bert.confirm_second_factor(totp.code(now()).code.expose()).unwrap();
    let new = bert.renew_recovery_codes(&password()).unwrap();
    wrong(bert.disable_second_factor(&password(), &old.expose()[0]));
    wrong(bert.disable_second_factor(&password(), &totp.code(now()).code));

    world.root().unlock_person(&client("bert")).unwrap();

    // Another factor replaces the first only when it is confirmed.
    world.clock.advance(60_000);
    let other = factor(&bert);
    assert!(bert.own_person().unwrap().sign_in.second_factor);
    bert.confirm_second_factor(other.code(now()).code.expose()).unwrap();
    wrong(bert.disable_second_factor(&password(), &new.expose()[0]));
    world.clock.advance(60_000);
    wrong(bert.disable_second_factor(&password(), &totp.code(now()).code));
    bert.disable_second_factor(&password(), &other.code(now()).code).unwrap();
    world.sign_in(&client("bert"), PASSWORD).unwrap();
}

#[test]
fn a_sign_in_is_its_persons_own() {
    let world = World::peopled();
    let context = RequestContext { on_behalf_of: Some(world.root().principal().person()), ..RequestContext::default() };
    let as_bert = world.vault.session(Principal::client(account("bert")), context);
    let refused = as_bert.change_login_password(&password(), &"nine calm otters".into());
    assert!(matches!(refused, Err(VaultError::State(_))), "{refused:?}");
    assert!(as_bert.own_person().is_err() && as_bert.begin_second_factor(&password(), "Host").is_err());
    assert!(matches!(world.root().own_person(), Err(VaultError::NotFound)), "not of the directory");
}
