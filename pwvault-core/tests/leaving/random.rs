//! Random worlds: what was foreseen is what happens.

use std::collections::BTreeMap;

use pwvault_core::id::ServiceId;
use pwvault_core::model::{Actions, Assignment, Binding, Grantee, HostEvent, PersonId, ServicePart};
use pwvault_core::policy::GrantChange;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{CategoryDraft, EntryFilter, EntryQuery};
use pwvault_core::{EntryDraft, Session};

use super::locked::client;
use super::world::*;

/// Small numbers in no order, the same for the same seed (SplitMix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }

    pub(crate) fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[usize::try_from(self.roll(list.len() as u64)).unwrap()]
    }
}

const CLIENTS: [&str; 3] = ["anna", "bert", "cleo"];
const STAFF: [&str; 3] = ["sam", "tess", "ulf"];

fn grantee(dice: &mut Dice) -> Grantee {
    match dice.roll(3) {
        0 => Grantee::Client(client(dice.of(&CLIENTS))),
        1 => Grantee::Admin(admin(dice.of(&STAFF))),
        _ => Grantee::Role(role("support")),
    }
}

fn populate(world: &World, dice: &mut Dice) {
    let owners: Vec<Session> = CLIENTS
        .iter()
        .map(|id| world.client(id))
        .chain(STAFF.iter().map(|id| world.with_roles(id, &["full"])))
        .collect();
    let mut categories = Vec::new();
    for (at, owner) in owners.iter().enumerate() {
        let members = if at < 3 { vec![grantee(dice)] } else { Vec::new() };
        let draft = CategoryDraft { name: format!("Category {at}"), members, ..CategoryDraft::default() };
        categories.push(owner.create_category(&draft).unwrap());
    }
    for number in 0..30 {
        let at = usize::try_from(dice.roll(owners.len() as u64)).unwrap();
        let owner = &owners[at];
        let name = format!("entry {number}");
        let private = dice.roll(5) == 0;
        let entry = if at < 3 && dice.roll(2) == 0 {
            let id = format!("{}{at}", dice.of(&["5", "6"]));
            of_service(&name, &id, CLIENTS[at], ServicePart::Additional)
        } else {
            draft(&name)
        };
        let id = owner.create_entry(&EntryDraft { private, ..entry }).unwrap();
        if private {
            continue;
        }
        for _ in 0..dice.roll(4) {
            let to = grantee(dice);
            let change = match dice.roll(3) {
                0 => bound(to, Binding::Ticket(ticket(dice.of(&["1", "2"])))),
                1 => bound(to, Binding::Service(ServiceId::new(dice.of(&["50", "60"])).unwrap())),
                _ => GrantChange::put(to, if dice.roll(2) == 0 { Actions::ALL } else { Actions::VIEW_AND_REVEAL }),
            };
            // Nobody shares with themselves.
            let _ = owner.share(id, &[change]);
        }
        if dice.roll(3) == 0 {
            let to = Assignment { category: categories[at], actions: Actions::VIEW_AND_REVEAL };
            owner.assign_category(&[id], Some(to)).unwrap();
        }
        if dice.roll(6) == 0 {
            owner.trash_entries(&[id]).unwrap();
        }
    }
}

fn event(dice: &mut Dice) -> HostEvent {
    match dice.roll(7) {
        0 => HostEvent::ClientDeleted { client: client(dice.of(&CLIENTS)) },
        1 => HostEvent::ClientsMerged { from: client("anna"), into: client(dice.of(&["bert", "cleo"])) },
        2 => HostEvent::ServiceDeleted { service: ServiceId::new(dice.of(&["50", "60", "51"])).unwrap() },
        3 => HostEvent::ServiceMoved { service: service(dice.of(&["50", "60"]), dice.of(&["bert", "cleo"])) },
        4 => HostEvent::TicketClosed { ticket: ticket(dice.of(&["1", "2"])) },
        5 => left("sam", dice.of(&["tess", "ulf"])),
        _ => HostEvent::RoleDeleted { role: role("support") },
    }
}

/// Everything that an administrator who sees all can see, and what each of the others can.
fn seen(world: &World) -> Vec<Vec<pwvault_core::vault::EntryView>> {
    let people =
        CLIENTS.iter().map(|id| world.client(id)).chain(STAFF.iter().map(|id| world.with_roles(id, &["full"])));
    let page = |session: Session, trashed| {
        let filter = EntryFilter { trashed, ..EntryFilter::default() };
        session.list_entries(&EntryQuery { limit: 1_000, filter, ..EntryQuery::default() }).unwrap().entries
    };
    people.flat_map(|session| [page(session.clone(), false), page(session, true)]).collect()
}

#[test]
fn what_was_foreseen_is_what_happens() {
    let seeds = if std::env::var_os("PWV_LONG").is_some() { 2_000 } else { 25 };
    let mut met = BTreeMap::<_, u64>::new();
    for seed in 0..seeds {
        let mut dice = Dice(seed);
        let world = World::new();
        populate(&world, &mut dice);
        let events: Vec<_> = (0..3).map(|_| event(&mut dice)).collect();
        for event in events {
            let before = seen(&world);
            let root = world.root();
            let ahead = root.preview_host_event(&event).unwrap();
            assert_eq!(seen(&world), before, "seed {seed}: looking ahead changed something");
            let told = root.apply_host_event(&event).unwrap();
            assert_eq!(told, ahead, "seed {seed}, {event:?}");
            for (what, tally) in &told.tallies {
                *met.entry(*what).or_default() += tally.count;
            }
            let after = seen(&world);
            let again = root.apply_host_event(&event).unwrap();
            assert_eq!(again.hand_overs, told.hand_overs, "seed {seed}, {event:?}");
            assert_eq!(seen(&world), after, "seed {seed}: {event:?} told twice did more");
        }
        let subject = match dice.roll(2) {
            0 => PersonId::Client(client(dice.of(&CLIENTS))),
            _ => PersonId::Admin(admin(dice.of(&STAFF))),
        };
        let ahead = world.root().preview_erasure(&subject).unwrap();
        assert_eq!(world.root().erase_subject(&subject).unwrap(), ahead, "seed {seed}, {subject:?}");
        assert!(world.root().erase_subject(&subject).unwrap().tallies.is_empty(), "seed {seed}, {subject:?}");
        world.check_log();
    }
    assert!(met.len() >= 10, "only {met:?}");
}
