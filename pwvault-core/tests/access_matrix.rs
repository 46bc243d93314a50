//! Every method of every capability trait against every kind of principal. The list of methods is
//! read from the source, so a method without a row fails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "tests"
)]

mod matrix;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use matrix::all_rows;
use matrix::world::{Who, World, client};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use pwvault_core::id::GroupId;
use pwvault_core::model::{PrincipalKind, Settings, Surface};
use pwvault_core::policy::{Reason, SettingName};
use pwvault_core::vault::prelude::*;
use pwvault_core::{ClientId, Principal, VaultError};

/// `Trait::method` of every capability trait, the traits that `vault::prelude` offers, with their
/// signatures.
pub(crate) fn capability_signatures() -> BTreeMap<String, String> {
    let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/vault");
    let mut methods = BTreeMap::new();
    let mut folders = vec![room];
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let tokens: TokenStream = std::fs::read_to_string(&path).unwrap().parse().unwrap();
                methods_of_public_traits(tokens, &mut methods);
            }
        }
    }
    methods
}

fn methods_of_public_traits(tokens: TokenStream, methods: &mut BTreeMap<String, String>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    for (at, window) in tokens.windows(3).enumerate() {
        if window[0].to_string() != "pub" || window[1].to_string() != "trait" {
            continue;
        }
        let body = tokens[at..].iter().find_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group.stream()),
            _ => None,
        });
        let body: Vec<_> = body.unwrap().into_iter().collect();
        for (at, pair) in body.windows(2).enumerate() {
            if pair[0].to_string() == "fn" {
                let signature: TokenStream =
                    body[at..].iter().take_while(|token| token.to_string() != ";").cloned().collect();
                methods.insert(format!("{}::{}", window[2], pair[1]), signature.to_string());
            }
        }
    }
}

#[test]
fn every_capability_method_has_a_row() {
    let methods: BTreeSet<String> = capability_signatures().into_keys().collect();
    assert!(methods.len() > 30, "only {} methods found: is this the right folder?", methods.len());
    let rows: BTreeSet<String> = all_rows().map(|row| row.method.to_owned()).collect();
    assert_eq!(rows.len(), all_rows().count(), "a method has two rows");
    let missing: Vec<_> = methods.difference(&rows).collect();
    let stale: Vec<_> = rows.difference(&methods).collect();
    assert!(missing.is_empty() && stale.is_empty(), "without a row: {missing:?}; without a method: {stale:?}");
}

#[test]
fn every_principal_gets_what_the_matrix_says() {
    let mut wrong = Vec::new();
    for row in all_rows() {
        let expected: Vec<char> = row.expected.chars().filter(|c| !c.is_whitespace()).collect();
        assert_eq!(expected.len(), Who::ALL.len(), "{}: one letter for each principal", row.method);
        for (who, expected) in Who::ALL.into_iter().zip(expected) {
            let world = World::new();
            let before = world.events();
            let verdict = matrix::verdict(&(row.call)(&world, &world.session(who)));
            let logged = world.events() > before;
            if verdict != expected {
                wrong.push(format!("{} as {who:?}: {verdict} instead of {expected}", row.method));
            }
            // What was done and is to be logged has its event, and so has what was refused.
            let must_log = if verdict == 'A' { row.logs } else { row.logs_refusals && "DN".contains(verdict) };
            if must_log && !logged {
                wrong.push(format!("{} as {who:?}: no event", row.method));
            }
        }
    }
    println!("{} methods x {} kinds of principal", all_rows().count(), Who::ALL.len());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Whether everything was refused for this reason and no other.
fn is_turned_away(result: &Result<(), VaultError>, reason: &Reason) -> bool {
    matches!(result, Err(VaultError::Denied(decision)) if decision.reasons == [reason.clone()])
}

fn group(id: &str) -> GroupId {
    GroupId::new(id).unwrap()
}

fn in_group(id: ClientId, group: GroupId) -> Principal {
    Principal { kind: PrincipalKind::Client { id, groups: vec![group] }, expected_lock: None }
}

/// What everybody may do who holds the ticket in hand: it ends what was opened.
const ENDS_A_TICKET: &str = "Unlocking::lock";

#[test]
fn a_forbidden_client_gets_nothing_by_any_method() {
    let mut wrong = Vec::new();
    let by_name: fn(&mut Settings) = |settings| settings.forbidden_clients = vec![client("owner")];
    let by_group: fn(&mut Settings) = |settings| settings.forbidden_groups = vec![group("late")];
    for (how, forbid) in [("by name", by_name), ("by group", by_group)] {
        let world = World::new();
        world.put_in_group(client("owner"), group("late"));
        world.change_settings(forbid);
        for row in all_rows().filter(|row| row.method != ENDS_A_TICKET) {
            for who in [Who::Owner, Who::SubAll, Who::SubNone] {
                let before = world.events();
                let session = match who {
                    // The host says of a client itself what groups it is in.
                    Who::Owner => world.vault.session(in_group(client("owner"), group("late")), Default::default()),
                    _ => world.session(who),
                };
                let result = (row.call)(&world, &session);
                if !is_turned_away(&result, &Reason::ClientForbidden) || world.events() == before {
                    wrong.push(format!("{} as {who:?} {how}: {result:?}", row.method));
                }
            }
        }
        // Its entries are still there for the staff.
        assert!(world.session(Who::AdminExtended).reveal(world.entry).is_ok());
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn nobody_gets_anything_from_a_surface_that_is_switched_off() {
    let mut wrong = Vec::new();
    for (surface, setting) in [
        (Surface::ClientArea, SettingName::ClientArea),
        (Surface::Summary, SettingName::Summary),
        (Surface::Ticket, SettingName::Tickets),
    ] {
        let world = World::new();
        assert!(world.session_from(Who::Owner, surface).entry(world.entry).is_ok());
        world.change_settings(|settings| {
            let display = &mut settings.display;
            match surface {
                Surface::ClientArea => display.client_area = false,
                Surface::Summary => display.summary = false,
                _ => display.tickets = false,
            }
        });
        for row in all_rows().filter(|row| row.method != ENDS_A_TICKET) {
            for who in Who::ALL {
                let result = (row.call)(&world, &world.session_from(who, surface));
                if !is_turned_away(&result, &Reason::SettingOff { setting }) {
                    wrong.push(format!("{} as {who:?} from {surface:?}: {result:?}", row.method));
                }
            }
        }
        for other in [Surface::Api, Surface::AdminArea, Surface::Cron] {
            assert!(world.session_from(Who::Owner, other).entry(world.entry).is_ok());
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
