//! What a thief of the database finds of people, and what a rotation leaves of them.

use std::ops::ControlFlow;
use std::sync::Arc;

use base64ct::{Base64UrlUnpadded, Encoding};
use pwvault_core::audit::VerifyOptions;
use pwvault_core::model::{Permission, PersonKind, Realm, UnitKind};
use pwvault_core::otp::Seed;
use pwvault_core::store::SqliteStore;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Acceptance, PeopleQuery, PersonDraft, VaultKey};
use pwvault_core::{Clock, Principal};

use crate::world::{PASSWORD, World, account, admin, client, person, role, second_step, sub_user_invite, user};

#[test]
fn no_password_token_seed_or_name_stands_in_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.db");
    let world = World::over(Arc::new(SqliteStore::open(&path).unwrap()));
    world.root().add_role_presets().unwrap();
    world.root().create_person(&PersonDraft { username: "bertcanary".into(), ..person(client("bert")) }).unwrap();
    let bert = world.signed_in(&client("bert"));
    let setup = bert.begin_second_factor(&PASSWORD.into(), "Host").unwrap();
    let Ok(Seed::Totp(totp)) = Seed::parse(setup.key.expose()) else { panic!() };
    let codes = bert.confirm_second_factor(totp.code(world.clock.now()).code.expose()).unwrap();
    let step = second_step(&world.door(), Realm::Clients, "bert@example.com");
    let link = world.door().ask_reset(Realm::Clients, "bert@example.com").unwrap().unwrap();
    let invitation = bert.invite_sub_user(&sub_user_invite("bert", "niacanary@example.com", &[Permission::View]));
    let invitation = invitation.unwrap();
    let nia = Acceptance { name: "Nia Canary".into(), password: "ten blue canaries".into(), ..Acceptance::default() };
    world.door().accept_invite(invitation.token.expose(), &nia).unwrap();
    assert!(world.door().with_password(Realm::Clients, "typedcanary", &"typed password".into()).is_err());

    let mut wanted: Vec<Vec<u8>> = [
        PASSWORD,
        "ten blue canaries",
        "typed password",
        "typedcanary",
        "bertcanary",
        "bert@example.com",
        "niacanary",
        "Nia Canary",
        "Sales Operator",
        setup.key.expose(),
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    // The bytes of the key, and of the tokens the part the record does not need.
    wanted.push(totp_key(setup.key.expose()));
    for token in [step.as_str(), link.token.expose(), invitation.token.expose()] {
        wanted.push(token.as_bytes()[22..].to_vec());
        wanted.push(Base64UrlUnpadded::decode_vec(token).unwrap()[16..].to_vec());
    }
    wanted.extend(codes.expose().iter().map(|code| code.expose().as_bytes().to_vec()));
    wanted.extend(codes.expose().iter().map(|code| code.expose().replace('-', "").into_bytes()));

    let mut bytes = Vec::new();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    assert!(bytes.len() > 50_000, "is this the database?");
    for needle in &wanted {
        let hex: String = needle.iter().map(|byte| format!("{byte:02x}")).collect();
        for form in [needle.as_slice(), hex.as_bytes()] {
            let found = bytes.windows(form.len()).any(|window| window == form);
            assert!(!found, "{} stands in the database", String::from_utf8_lossy(needle));
        }
    }
    let printed = format!("{setup:?} {codes:?} {link:?} {invitation:?} {nia:?} {:?}", world.events());
    for needle in wanted.iter().filter_map(|needle| std::str::from_utf8(needle).ok()) {
        let own = ["bert@example.com", "niacanary", "Nia Canary"].contains(&needle);
        assert!(own || !printed.contains(needle), "{needle} is printed");
    }
}

/// The bytes of a base32 text.
fn totp_key(text: &str) -> Vec<u8> {
    let value = |letter: u8| if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'A' };
    let bits: String = text.bytes().map(|letter| format!("{:05b}", value(letter))).collect();
    bits.as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect()
}

#[test]
fn people_units_and_invitations_outlive_new_keys() {
    let world = World::peopled();
    let bert = world.session(Principal::client(account("bert")));
    let waiting = bert.invite_sub_user(&sub_user_invite("bert", "nia@example.com", &[Permission::View])).unwrap();
    let cleo = world.signed_in(&user("cleo"));
    let setup = cleo.begin_second_factor(&PASSWORD.into(), "Host").unwrap();
    let Ok(Seed::Totp(totp)) = Seed::parse(setup.key.expose()) else { panic!() };
    cleo.confirm_second_factor(totp.code(world.clock.now()).code.expose()).unwrap();

    let job = world.session(Principal::system());
    let check = |stage: &str| {
        world.clock.advance(60_000);
        let count = |query| world.root().list_people(&query).unwrap().people.len();
        assert_eq!(count(PeopleQuery { kind: Some(PersonKind::Admin), ..PeopleQuery::default() }), 1, "{stage}");
        assert_eq!(count(PeopleQuery { role: Some(role("sales")), ..PeopleQuery::default() }), 1, "{stage}");
        assert_eq!(bert.sub_users(&account("bert"), 50, None).unwrap().users.len(), 1, "{stage}");
        assert_eq!(bert.pending_invites(Some(&account("bert")), 50, None).unwrap().invites.len(), 1, "{stage}");
        assert_eq!(world.root().units(UnitKind::Role).unwrap().len(), 3, "{stage}");
        world.sign_in(&admin("dora"), PASSWORD).unwrap();
        let token = second_step(&world.door(), Realm::Clients, "cleo@example.com");
        world.door().with_second_factor(&token, &totp.code(world.clock.now()).code).unwrap();
    };
    for key in [VaultKey::Data, VaultKey::Index] {
        job.rotate_keys(key).unwrap();
    }
    check("under both keys");
    assert!(job.reseal_records(&mut |_| ControlFlow::Continue(())).unwrap().finished);
    job.retire_old_keys().unwrap();
    check("under the new keys");
    let nia = Acceptance { name: "Nia".into(), password: PASSWORD.into(), ..Acceptance::default() };
    world.door().accept_invite(waiting.token.expose(), &nia).unwrap();
    let report = world.root().verify_log(&VerifyOptions::default()).unwrap();
    assert!(report.is_clean(), "{report}");
}
