//! What may happen once happens once, whoever else tries: threads over one vault, processes over one
//! SQLite file.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Barrier};

use pwvault_core::directory::{InviteError, SignInError};
use pwvault_core::model::{Permission, PersonKind, Realm};
use pwvault_core::otp::Seed;
use pwvault_core::store::{SqliteStore, Store};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Acceptance, PeopleQuery, SignIn};
use pwvault_core::{Clock, Principal, RequestContext, VaultError};

use crate::host::VAULT;
use crate::world::{PASSWORD, World, account, builder, client, second_step, sub_user_invite};

const THREADS: usize = 16;

/// Runs the same at once in many threads.
fn at_once<T: Send>(work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|number| {
                let (barrier, work) = (&barrier, &work);
                scope.spawn(move || {
                    barrier.wait();
                    work(number)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn acceptance(name: &str) -> Acceptance {
    Acceptance { name: name.into(), password: PASSWORD.into(), ..Acceptance::default() }
}

fn sqlite(path: &Path) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(path).unwrap())
}

fn invitation(world: &World) -> String {
    let bert = world.session(Principal::client(account("bert")));
    let invite = sub_user_invite("bert", "nia@example.com", &[Permission::View]);
    bert.invite_sub_user(&invite).unwrap().token.expose().to_owned()
}

/// `accepted`, `used`, or what else went wrong.
fn accept(door: &SignIn, token: &str, name: &str) -> String {
    match door.accept_invite(token, &acceptance(name)) {
        Ok(_) => "accepted".to_owned(),
        Err(VaultError::Invite(InviteError::Used)) => "used".to_owned(),
        Err(error) => format!("{error:?}"),
    }
}

fn once(answers: &[String]) {
    let count = |answer: &str| answers.iter().filter(|one| *one == answer).count();
    assert_eq!((count("accepted"), count("used")), (1, answers.len() - 1), "{answers:?}");
}

#[test]
fn an_invitation_is_accepted_by_one_of_sixteen_threads() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::over(sqlite(&folder.path().join("vault.db")));
    let token = invitation(&world);
    once(&at_once(|number| accept(&world.door(), &token, &format!("Nia {number}"))));
    let users = PeopleQuery { kind: Some(PersonKind::User), ..PeopleQuery::default() };
    assert_eq!(world.root().list_people(&users).unwrap().people.len(), 1);
}

#[test]
fn an_invitation_is_accepted_by_one_of_four_processes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.db");
    let world = World::over(sqlite(&path));
    let token = invitation(&world);
    let processes: Vec<_> = (0..4)
        .map(|number| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "races::one_process_accepts", "--ignored", "--nocapture"])
                .env("PWVAULT_TEST_DATABASE", &path)
                .env("PWVAULT_TEST_TOKEN", &token)
                .env("PWVAULT_TEST_NAME", format!("Nia {number}"))
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let answers: Vec<String> = processes
        .into_iter()
        .map(|process| {
            let output = process.wait_with_output().unwrap();
            assert!(output.status.success(), "{output:?}");
            let text = String::from_utf8(output.stdout).unwrap();
            let answer = text.lines().find_map(|line| line.split_once("answer: ")).unwrap().1;
            answer.to_owned()
        })
        .collect();
    once(&answers);
    let users = PeopleQuery { kind: Some(PersonKind::User), ..PeopleQuery::default() };
    assert_eq!(world.root().list_people(&users).unwrap().people.len(), 1);
}

#[test]
#[ignore = "one of the processes of the test above"]
fn one_process_accepts() {
    let variable = |name: &str| std::env::var(name).expect("run by another test");
    let store = sqlite(Path::new(&variable("PWVAULT_TEST_DATABASE")));
    let clock =
        Arc::new(pwvault_core::testing::FixedClock::new(pwvault_core::Timestamp::from_millis(crate::world::START)));
    let vault = builder(&clock).open(store, VAULT).unwrap();
    let door = vault.sign_in(RequestContext::default());
    let answer = accept(&door, &variable("PWVAULT_TEST_TOKEN"), &variable("PWVAULT_TEST_NAME"));
    println!("answer: {answer}");
    assert!(["accepted", "used"].contains(&answer.as_str()), "{answer}");
}

#[test]
fn guesses_at_once_are_all_counted_and_the_lock_holds() {
    let world = World::peopled();
    let guess = |password: &str| {
        let result = world.door().with_password(Realm::Clients, "bert@example.com", &password.into());
        assert!(matches!(result, Err(VaultError::SignIn(SignInError::Refused))), "{result:?}");
    };
    at_once(|number| guess(&format!("guess {number}")));
    let state = world.root().person(&client("bert")).unwrap().sign_in;
    assert_eq!(state.failures, 5, "five are answered, the others find the lock");
    guess(PASSWORD);
}

#[test]
fn a_right_password_among_many_guesses_gets_in_before_the_lock_or_not_at_all() {
    let world = World::peopled();
    let answers = at_once(|number| {
        let password = if number == 7 { PASSWORD.to_owned() } else { format!("guess {number}") };
        world.door().with_password(Realm::Clients, "bert@example.com", &password.as_str().into()).is_ok()
    });
    let in_by = answers.iter().filter(|answer| **answer).count();
    assert!(in_by <= 1 && (0..THREADS).all(|number| number == 7 || !answers[number]));
    let state = world.root().person(&client("bert")).unwrap().sign_in;
    assert!(state.failures <= 5);
    assert_eq!(state.last_at.is_some(), in_by == 1);
}

#[test]
fn a_recovery_code_and_a_code_by_time_are_used_once_at_once() {
    let world = World::peopled();
    let bert = world.signed_in(&client("bert"));
    let setup = bert.begin_second_factor(&PASSWORD.into(), "Host").unwrap();
    let Ok(Seed::Totp(totp)) = Seed::parse(setup.key.expose()) else { panic!() };
    let codes = bert.confirm_second_factor(totp.code(world.clock.now()).code.expose()).unwrap();
    world.clock.advance(60_000);
    for answer in [codes.expose()[3].clone(), totp.code(world.clock.now()).code] {
        world.root().unlock_person(&client("bert")).unwrap();
        let token = second_step(&world.door(), Realm::Clients, "bert@example.com");
        let answers = at_once(|_| world.door().with_second_factor(&token, &answer).is_ok());
        assert_eq!(answers.iter().filter(|answer| **answer).count(), 1);
    }
    assert_eq!(bert.own_person().unwrap().sign_in.recovery_codes, 9);
}

#[test]
fn a_name_is_taken_by_one_of_sixteen() {
    let world = World::peopled();
    let answers = at_once(|number| {
        let draft = crate::world::person(client(&format!("new{number}")));
        let draft = pwvault_core::vault::PersonDraft { email: "same@example.com".into(), password: None, ..draft };
        world.root().create_person(&draft).is_ok()
    });
    assert_eq!(answers.iter().filter(|answer| **answer).count(), 1);
    let query = PeopleQuery { email: Some("same@example.com".into()), ..PeopleQuery::default() };
    assert_eq!(world.root().list_people(&query).unwrap().people.len(), 1);
}
