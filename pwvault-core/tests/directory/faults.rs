//! The store fails at every call of an operation, before or after it was done: all of it landed or
//! nothing, and running it again ends well.

use std::sync::Arc;

use pwvault_core::audit::VerifyOptions;
use pwvault_core::directory::{InviteError, PeopleError, SignInError};
use pwvault_core::model::{Permission, Realm};
use pwvault_core::store::MemoryStore;
use pwvault_core::testing::{FaultyStore, When};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Acceptance, PersonPatch};
use pwvault_core::{Principal, VaultError};

use crate::world::{PASSWORD, World, account, client, person, sub_user_invite};

struct Shaky {
    world: World,
    store: Arc<FaultyStore<MemoryStore>>,
}

impl Shaky {
    fn new() -> Self {
        let store = Arc::new(FaultyStore::new(MemoryStore::new()));
        let world = World::over(store.clone());
        world.root().create_person(&person(client("bert"))).unwrap();
        Self { world, store }
    }
}

/// Runs an operation with the failure at each of its calls in turn. `again` says whether what a
/// second run gave fits what the first was told.
fn at_every_call<P, T: std::fmt::Debug>(
    prepare: impl Fn(&World) -> P,
    run: impl Fn(&World, &P) -> Result<T, VaultError>,
    again: impl Fn(&World, &P, Result<T, VaultError>) -> bool,
) {
    for when in [When::Before, When::After] {
        let mut call = 0;
        loop {
            call += 1;
            let Shaky { world, store } = Shaky::new();
            let prepared = prepare(&world);
            store.fail_call(store.calls() + call, when);
            let first = run(&world, &prepared);
            if first.is_ok() {
                break;
            }
            assert!(matches!(first, Err(VaultError::Store(_) | VaultError::Audit(_))), "call {call}: {first:?}");
            let second = run(&world, &prepared);
            let told = format!("{second:?}");
            assert!(again(&world, &prepared, second), "{when:?}, call {call}: then {told}");
            let report = world.root().verify_log(&VerifyOptions::default()).unwrap();
            assert!(report.is_clean(), "{when:?}, call {call}: {report}");
            assert!(call < 60, "an operation takes fewer calls than this");
        }
        assert!(call > 3, "no call was made to fail");
    }
}

#[test]
fn an_invitation_is_accepted_whole_or_not_at_all() {
    let nia = Acceptance { name: "Nia".into(), password: PASSWORD.into(), ..Acceptance::default() };
    at_every_call(
        |world| {
            let bert = world.session(Principal::client(account("bert")));
            bert.invite_sub_user(&sub_user_invite("bert", "nia@example.com", &[Permission::View])).unwrap()
        },
        |world, invitation| world.door().accept_invite(invitation.token.expose(), &nia).map(drop),
        |world, _, second| {
            let fits = matches!(second, Ok(()) | Err(VaultError::Invite(InviteError::Used)));
            fits && world.door().with_password(Realm::Clients, "nia@example.com", &PASSWORD.into()).is_ok()
        },
    );
}

#[test]
fn a_person_is_created_whole_or_not_at_all() {
    at_every_call(
        |_| (),
        |world, ()| world.root().create_person(&person(client("erik"))),
        |world, (), second| {
            let there = PeopleError::Exists { what: "person" };
            let fits = second.is_ok() || matches!(second, Err(VaultError::People(error)) if error == there);
            fits && world.sign_in(&client("erik"), PASSWORD).is_ok()
        },
    );
}

#[test]
fn a_name_changes_hands_whole_or_not_at_all() {
    let patch = PersonPatch { email: Some("other@example.com".into()), ..PersonPatch::default() };
    at_every_call(
        |_| (),
        |world, ()| world.root().update_person(&client("bert"), 1, &patch),
        |world, (), second| {
            let fits = matches!(second, Ok(2) | Err(VaultError::VersionConflict { found: 2, .. }));
            let old = world.door().with_password(Realm::Clients, "bert@example.com", &PASSWORD.into());
            let new = world.door().with_password(Realm::Clients, "other@example.com", &PASSWORD.into());
            fits && old.is_err() && new.is_ok()
        },
    );
}

#[test]
fn a_reset_lands_whole_or_not_at_all() {
    at_every_call(
        |world| world.root().reset_password_of(&client("bert")).unwrap(),
        |world, link| world.door().reset_password(link.token.expose(), &"nine calm otters".into()).map(drop),
        |world, _, second| {
            let fits = matches!(second, Ok(()) | Err(VaultError::SignIn(SignInError::Ended)));
            fits && world.sign_in(&client("bert"), "nine calm otters").is_ok()
                && world.sign_in(&client("bert"), PASSWORD).is_err()
        },
    );
}

#[test]
fn nobody_gets_in_without_the_event() {
    at_every_call(
        |world| world.events().len(),
        |world, _| world.sign_in(&client("bert"), PASSWORD).map(drop),
        |world, before, second| second.is_ok() && world.events().len() > *before,
    );
}
