//! From a typed name and password to principals.

use pwvault_core::directory::SignInError;
use pwvault_core::model::{EventKind, KdfParams, Outcome, Permission, PersonId, PrincipalKind, Realm};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{PersonPatch, SignInStep};
use pwvault_core::{Principal, UserId, VaultError};

use crate::world::{PASSWORD, World, account, admin, client, permissions, person, role, second_step, user};

fn refused<T: std::fmt::Debug>(result: Result<T, VaultError>) {
    assert!(matches!(result, Err(VaultError::SignIn(SignInError::Refused))), "{result:?}");
}

fn ended<T: std::fmt::Debug>(result: Result<T, VaultError>) {
    assert!(matches!(result, Err(VaultError::SignIn(SignInError::Ended))), "{result:?}");
}

#[test]
fn a_signed_in_person_becomes_a_principal() {
    let world = World::peopled();
    world.root().create_person(&person(client("erik"))).unwrap();
    world.put("erik", "cleo", &[Permission::View], 2).unwrap();

    let dora = world.sign_in(&admin("dora"), PASSWORD).unwrap();
    let PrincipalKind::Admin { roles, departments, .. } = &dora.principals[0].kind else { panic!("{dora:?}") };
    assert_eq!((roles.as_slice(), departments.len()), ([role("sales")].as_slice(), 0));
    assert_eq!(world.sign_in(&client("bert"), PASSWORD).unwrap().principals, [Principal::client(account("bert"))]);
    let cleo = UserId::new("cleo").unwrap();
    let both = permissions(&[Permission::View, Permission::Reveal]);
    assert_eq!(
        world.sign_in(&user("cleo"), PASSWORD).unwrap().principals,
        [
            Principal::sub_user(account("bert"), cleo.clone(), both),
            Principal::sub_user(account("erik"), cleo, permissions(&[Permission::View]))
        ],
        "one person for each account, with the permissions of that account"
    );
    // By user name too, whatever the case, and in the realm alone where one belongs.
    let door = world.door();
    assert!(door.with_password(Realm::Staff, "DORA", &PASSWORD.into()).is_ok());
    refused(door.with_password(Realm::Clients, "dora", &PASSWORD.into()));
}

#[test]
fn unknown_wrong_locked_and_switched_off_look_the_same() {
    let world = World::peopled();
    let texts: Vec<String> = [("bert@example.com", "wrong"), ("nobody@example.com", PASSWORD), ("", "x")]
        .map(|(login, password)| {
            let result = world.door().with_password(Realm::Clients, login, &password.into());
            format!("{:?} {}", result, result.as_ref().unwrap_err())
        })
        .into();
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:#?}");

    let patch = PersonPatch { active: Some(false), ..PersonPatch::default() };
    world.root().update_person(&client("bert"), 1, &patch).unwrap();
    refused(world.sign_in(&client("bert"), PASSWORD));
    // A user without an account has nothing to sign in to.
    world.root().create_person(&person(user("frida"))).unwrap();
    refused(world.sign_in(&user("frida"), PASSWORD));
    // Nor does who has no password yet.
    world.root().create_person(&pwvault_core::vault::PersonDraft { password: None, ..person(client("gerd")) }).unwrap();
    refused(world.sign_in(&client("gerd"), PASSWORD));
}

#[test]
fn every_attempt_stands_in_the_log_without_what_was_typed() {
    let world = World::peopled();
    refused(world.sign_in(&client("bert"), "a wrong secret"));
    refused(world.sign_in(&client("nobody"), "another secret"));
    world.sign_in(&client("bert"), PASSWORD).unwrap();
    for _ in 0..5 {
        refused(world.sign_in(&user("cleo"), "wrong"));
    }
    refused(world.sign_in(&user("cleo"), PASSWORD));
    let row = |who: &str, outcome| (who.to_owned(), EventKind::SignedIn, outcome);
    let cleo = "user cleo of client\tbert";
    let mut expected =
        vec![row("client bert", Outcome::Failed), row("system", Outcome::Failed), row("client bert", Outcome::Done)];
    expected.extend([(); 5].map(|()| row(cleo, Outcome::Failed)));
    expected.push(row(cleo, Outcome::Denied));
    assert_eq!(world.log(&[EventKind::SignedIn]), expected);
    let printed = format!("{:?}", world.events());
    for typed in ["a wrong secret", "another secret", PASSWORD, "nobody", "@example.com"] {
        assert!(!printed.contains(typed), "{typed} stands in the log");
    }
}

#[test]
fn failures_lock_out_with_back_off_and_a_success_forgets_them() {
    let world = World::peopled();
    let bert = client("bert");
    for _ in 0..4 {
        refused(world.sign_in(&bert, "wrong"));
    }
    world.sign_in(&bert, PASSWORD).unwrap();
    assert_eq!(world.root().person(&bert).unwrap().sign_in.failures, 0);
    for _ in 0..5 {
        refused(world.sign_in(&bert, "wrong"));
    }
    refused(world.sign_in(&bert, PASSWORD));
    world.clock.advance(59_999);
    refused(world.sign_in(&bert, PASSWORD));
    world.clock.advance(1);
    refused(world.sign_in(&bert, "wrong"));
    world.clock.advance(60_000);
    refused(world.sign_in(&bert, PASSWORD));
    world.clock.advance(60_000);
    world.sign_in(&bert, PASSWORD).unwrap();

    for _ in 0..5 {
        refused(world.sign_in(&bert, "wrong"));
    }
    world.root().unlock_person(&bert).unwrap();
    world.sign_in(&bert, PASSWORD).unwrap();
}

#[test]
fn a_second_factor_is_asked_for_once_confirmed() {
    let world = World::peopled();
    let bert = world.signed_in(&client("bert"));
    let setup = bert.begin_second_factor(&PASSWORD.into(), "Host").unwrap();
    world.sign_in(&client("bert"), PASSWORD).expect("it is not confirmed yet");
    let Ok(pwvault_core::otp::Seed::Totp(totp)) = pwvault_core::otp::Seed::parse(setup.key.expose()) else { panic!() };
    let code = || totp.code(pwvault_core::Clock::now(&*world.clock)).code;
    let codes = bert.confirm_second_factor(code().expose()).unwrap();

    let (door, login) = (world.door(), "bert@example.com");
    let token = second_step(&door, Realm::Clients, login);
    refused(door.with_second_factor(&token, &code()));
    world.clock.advance(30_000);
    let wrong = door.with_second_factor(&token, &"000000".into());
    refused(wrong);
    let signed_in = door.with_second_factor(&token, &code()).unwrap();
    assert_eq!(signed_in.id, client("bert"));
    ended(door.with_second_factor(&token, &code()));

    // A code is good once, in another sign-in too; a recovery code stands in, once.
    let token = second_step(&door, Realm::Clients, login);
    refused(door.with_second_factor(&token, &code()));
    door.with_second_factor(&token, &codes.expose()[0]).unwrap();
    let token = second_step(&door, Realm::Clients, login);
    refused(door.with_second_factor(&token, &codes.expose()[0]));
    assert_eq!(bert.own_person().unwrap().sign_in.recovery_codes, 9);

    // The step ends after five minutes, and with the next password step.
    world.clock.advance(5 * 60_000);
    ended(door.with_second_factor(&token, &code()));
    let older = second_step(&door, Realm::Clients, login);
    let newer = second_step(&door, Realm::Clients, login);
    ended(door.with_second_factor(&older, &code()));
    door.with_second_factor(&newer, &code()).unwrap();
    ended(door.with_second_factor("no token", &code()));
}

#[test]
fn guessing_the_second_factor_locks_out_like_guessing_the_password() {
    let world = World::peopled();
    let bert = world.signed_in(&client("bert"));
    let setup = bert.begin_second_factor(&PASSWORD.into(), "Host").unwrap();
    let Ok(pwvault_core::otp::Seed::Totp(totp)) = pwvault_core::otp::Seed::parse(setup.key.expose()) else { panic!() };
    let code = || totp.code(pwvault_core::Clock::now(&*world.clock)).code;
    bert.confirm_second_factor(code().expose()).unwrap();
    world.clock.advance(60_000);
    let door = world.door();
    // The right password again and again does not give five guesses each.
    for _ in 0..5 {
        let token = second_step(&door, Realm::Clients, "bert@example.com");
        refused(door.with_second_factor(&token, &"12345".into()));
    }
    refused(door.with_password(Realm::Clients, "bert@example.com", &PASSWORD.into()));

    world.root().unlock_person(&client("bert")).unwrap();
    let token = second_step(&door, Realm::Clients, "bert@example.com");
    world.root().take_off_second_factor(&client("bert")).unwrap();
    ended(door.with_second_factor(&token, &code()));
    world.sign_in(&client("bert"), PASSWORD).unwrap();
}

#[test]
fn a_later_request_sees_the_person_as_things_stand() {
    let world = World::peopled();
    let (door, cleo) = (world.door(), user("cleo"));
    let signed_in = world.sign_in(&cleo, PASSWORD).unwrap();
    assert_eq!(door.resume(&cleo, signed_in.generation).unwrap(), signed_in);
    world.put("bert", "cleo", &[Permission::View], 2).unwrap();
    let now = door.resume(&cleo, signed_in.generation).unwrap();
    let PrincipalKind::SubUser { permissions: held, .. } = now.principals[0].kind else { panic!("{now:?}") };
    assert_eq!(held, permissions(&[Permission::View]));

    let generation =
        world.signed_in(&cleo).change_login_password(&PASSWORD.into(), &"nine calm otters".into()).unwrap();
    ended(door.resume(&cleo, signed_in.generation));
    assert!(door.resume(&cleo, generation).is_ok());
    world.root().remove_sub_user(&account("bert"), &UserId::new("cleo").unwrap()).unwrap();
    ended(door.resume(&cleo, generation));
    ended(door.resume(&PersonId::User(UserId::new("nobody").unwrap()), 0));
}

#[test]
fn a_reset_link_sets_one_password_and_ends_what_was_signed_in() {
    let world = World::peopled();
    let (door, bert) = (world.door(), client("bert"));
    let before = world.sign_in(&bert, PASSWORD).unwrap();
    assert!(door.ask_reset(Realm::Clients, "nobody@example.com").unwrap().is_none());
    assert!(door.ask_reset(Realm::Staff, "bert@example.com").unwrap().is_none());
    let link = door.ask_reset(Realm::Clients, "BERT@example.com").unwrap().unwrap();
    assert_eq!(link.email, "bert@example.com", "the address on record, not the one typed");
    assert!(door.ask_reset(Realm::Clients, "bert@example.com").unwrap().is_none(), "one was sent just now");
    for _ in 0..5 {
        refused(world.sign_in(&bert, "wrong"));
    }

    let weak = door.reset_password(link.token.expose(), &"short".into());
    assert!(matches!(weak, Err(VaultError::People(_))), "{weak:?}");
    door.reset_password(link.token.expose(), &"nine calm otters".into()).unwrap();
    ended(door.reset_password(link.token.expose(), &"ten calm otters".into()));
    ended(door.resume(&bert, before.generation));
    refused(world.sign_in(&bert, PASSWORD));
    world.sign_in(&bert, "nine calm otters").expect("a reset ends the lock");

    world.clock.advance(60_000);
    let older = door.ask_reset(Realm::Clients, "bert@example.com").unwrap().unwrap();
    world.clock.advance(60_000);
    let newer = world.root().reset_password_of(&bert).unwrap();
    ended(door.reset_password(older.token.expose(), &"ten calm otters".into()));
    world.clock.advance(60 * 60_000);
    ended(door.reset_password(newer.token.expose(), &"ten calm otters".into()));
    let asked = world.log(&[EventKind::LoginResetAsked]).into_iter().map(|(who, _, outcome)| (who, outcome));
    let row = |who: &str, outcome| (who.to_owned(), outcome);
    assert_eq!(
        asked.collect::<Vec<_>>(),
        [
            row("system", Outcome::Failed),
            row("system", Outcome::Failed),
            row("client bert", Outcome::Done),
            row("client bert", Outcome::Denied),
            row("client bert", Outcome::Done),
            row("admin root", Outcome::Done)
        ]
    );
}

#[test]
fn a_password_is_stretched_anew_when_more_work_is_asked_for() {
    let world = World::peopled();
    let (mut settings, revision) = world.root().settings().unwrap();
    settings.kdf = KdfParams { memory_kib: 20 * 1024, ..KdfParams::FLOOR };
    world.root().update_settings(&settings, revision).unwrap();
    world.sign_in(&client("bert"), PASSWORD).unwrap();
    world.sign_in(&client("bert"), PASSWORD).unwrap();
    refused(world.sign_in(&client("bert"), "wrong"));
    let step = world.door().with_password(Realm::Clients, "bert@example.com", &"".into());
    assert!(matches!(step, Err(VaultError::Invalid { field: "password", .. })));
    assert!(matches!(
        world.door().with_password(Realm::Clients, "bert@example.com", &PASSWORD.into()),
        Ok(SignInStep::Done(_))
    ));
}
