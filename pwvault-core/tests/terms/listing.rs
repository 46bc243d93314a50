//! Lists by filter, order and page, held against a naive reading of every entry.

use pwvault_core::id::{CategoryId, ServiceId, TagId};
use pwvault_core::model::{
    AccessMode, Actions, Assignment, FieldDraft, Grantee, KdfParams, Owner, RuleDraft, Section, ServiceLink,
    ServicePart, ServiceRef, Settings, StaffList,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{CategoryDraft, Count, EntryFilter, EntryPages, EntryQuery, EntrySort, EntryView};
use pwvault_core::{AdminId, ClientId, EntryDraft, EntryId, RoleId, Session, VaultError};

use crate::host::{admin, client, vault_over};
use crate::{clock, vault_at};

/// Small numbers in no order, the same for the same seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(below).unwrap()).unwrap()
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }

    fn maybe<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        (self.roll(4) == 0).then(|| self.one(of).clone())
    }
}

const CLIENTS: [&str; 3] = ["anna", "bert", "cleo"];

fn a_client(id: &str) -> ClientId {
    ClientId::new(id).unwrap()
}

struct World {
    people: Vec<Session>,
    ids: Vec<EntryId>,
    categories: Vec<CategoryId>,
    tags: Vec<TagId>,
}

fn service(owner: &str) -> ServiceRef {
    ServiceRef {
        id: ServiceId::new(format!("of {owner}")).unwrap(),
        client: a_client(owner),
        product: None,
        product_group: None,
    }
}

fn world(dice: &mut Dice) -> World {
    let clock = clock();
    let vault = vault_at(&clock);
    let root = admin(&vault, "root", &["full"]);
    let (settings, revision) = root.settings().unwrap();
    let listed = StaffList { admins: vec![AdminId::new("moda").unwrap()], roles: vec![] };
    let modes = [AccessMode::Full, AccessMode::Shared(listed.clone()), AccessMode::Restricted(listed)];
    let settings = Settings {
        access_mode: dice.one(&modes).clone(),
        extended_roles: vec![RoleId::new("extended").unwrap()],
        ..settings
    };
    root.update_settings(&settings, revision).unwrap();
    let staff = RuleDraft {
        name: "Staff".into(),
        allow: vec![Section::Entries, Section::Tags],
        roles: ["support", "extended"].map(|id| RoleId::new(id).unwrap()).to_vec(),
        admins: vec![AdminId::new("moda").unwrap()],
        ..RuleDraft::default()
    };
    root.add_rule(&staff).unwrap();
    let owners: Vec<_> = CLIENTS.iter().map(|id| client(&vault, id)).chain([root]).collect();
    let tags: Vec<_> = ["red", "blue"].iter().map(|name| owners[3].create_tag(name).unwrap()).collect();
    let grantees = [
        Grantee::Client(a_client("anna")),
        Grantee::Client(a_client("bert")),
        Grantee::Role(RoleId::new("support").unwrap()),
    ];
    let categories: Vec<_> = owners
        .iter()
        .map(|owner| {
            let members = if dice.roll(2) == 0 { vec![grantees[2].clone()] } else { Vec::new() };
            let draft = CategoryDraft { name: "Category".into(), members, ..CategoryDraft::default() };
            owner.create_category(&draft).unwrap()
        })
        .collect();
    let mut ids = Vec::new();
    for number in 0..24 {
        clock.advance(1);
        let at = dice.roll(owners.len());
        let owner = &owners[at];
        let of_service = (at < 3 && dice.roll(3) == 0)
            .then(|| ServiceLink { service: service(CLIENTS[at]), part: ServicePart::Additional });
        let private = dice.roll(6) == 0;
        let field = FieldDraft {
            name: "Room".into(),
            value: dice.one(&["North", "South"]).to_string().into(),
            secret: dice.roll(2) == 0,
        };
        let draft = EntryDraft {
            name: format!("{} {number}", dice.one(&["Mail", "shop", "Über"])),
            username: dice.one(&["sam", "MAILER", ""]).to_string(),
            password: "s3cret".into(),
            fields: vec![field],
            private,
            service: of_service,
            ..EntryDraft::default()
        };
        let id = owner.create_entry(&draft).unwrap();
        ids.push(id);
        if !private {
            for to in &grantees {
                let own = at < 3 && *to == Grantee::Client(a_client(CLIENTS[at]));
                if !own && dice.roll(3) == 0 {
                    let actions = *dice.one(&[Actions::VIEW_AND_REVEAL, Actions::ALL]);
                    owner.share(id, &[GrantChange::put(to.clone(), actions)]).unwrap();
                }
            }
            if dice.roll(3) == 0 {
                let assigned = Assignment { category: categories[at], actions: Actions::VIEW_AND_REVEAL };
                owner.assign_category(&[id], Some(assigned)).unwrap();
            }
        }
        if at == 3 && dice.roll(2) == 0 {
            owners[3].tag_entries(&[id], &[*dice.one(&tags)], &[]).unwrap();
        }
        if dice.roll(6) == 0 {
            owner.trash_entries(&[id]).unwrap();
        }
    }
    let [anna, bert, cleo, root]: [Session; 4] = owners.try_into().unwrap();
    root.require_rotation(&pwvault_core::model::Person::Client(a_client("bert"))).unwrap();
    let support = admin(&vault, "sam", &["support"]);
    let moda = admin(&vault, "moda", &[]);
    let extended = admin(&vault, "chief", &["extended"]);
    World { people: vec![anna, bert, cleo, root, support, moda, extended], ids, categories, tags }
}

/// What the asker is shown of each entry, one by one; the naive list is made of it alone.
fn shown(world: &World, asker: &Session) -> Vec<EntryView> {
    world.ids.iter().filter_map(|id| asker.entry(*id).ok()).collect()
}

fn fits(asker: &Session, filter: &EntryFilter, view: &EntryView) -> bool {
    let head = &view.head;
    let EntryFilter {
        trashed,
        owner,
        client,
        granted_to,
        key: _,
        tier,
        service,
        category,
        tag,
        servers,
        needs_rotation,
        text,
    } = filter;
    // What is shared to oneself one may look for, though a view without the right to share does not list it.
    let to_me = |to: &Grantee| match (to, asker.principal().account()) {
        (Grantee::Client(id), Some(own)) => id == own && head.owner != Owner::Client(own.clone()),
        _ => false,
    };
    let granted = |to: &Grantee| head.grants.iter().any(|grant| grant.grantee == *to) || to_me(to);
    head.trashed.is_some() == *trashed
        && owner.as_ref().is_none_or(|owner| head.owner == *owner)
        && client
            .as_ref()
            .is_none_or(|id| head.owner == Owner::Client(id.clone()) || granted(&Grantee::Client(id.clone())))
        && granted_to.as_ref().is_none_or(granted)
        && tier.is_none_or(|tier| head.tier() == tier)
        && service.as_ref().is_none_or(|id| head.service.as_ref().is_some_and(|link| link.service.id == *id))
        && category.is_none_or(|id| head.category.is_some_and(|assigned| assigned.category == id))
        && tag.is_none_or(|tag| head.tags.contains(&tag))
        && !servers
        && (!needs_rotation || head.secret.needs_rotation)
        && text.as_ref().is_none_or(|text| {
            let visible = head.fields.iter().filter_map(|field| match &field.value {
                pwvault_core::model::FieldValue::Visible(value) => Some(value.to_lowercase()),
                pwvault_core::model::FieldValue::Secret => None,
            });
            let all = [head.name.to_lowercase(), head.username.to_lowercase()].into_iter().chain(visible);
            all.into_iter().any(|one| one.contains(&text.to_lowercase()))
        })
}

fn sorted(mut views: Vec<EntryView>, sort: EntrySort) -> Vec<EntryId> {
    views.sort_by(|a, b| match sort {
        EntrySort::NewestFirst => b.id.cmp(&a.id),
        EntrySort::OldestFirst => a.id.cmp(&b.id),
        EntrySort::Name => (a.head.name.to_lowercase(), a.id).cmp(&(b.head.name.to_lowercase(), b.id)),
        EntrySort::LastChanged => b.head.updated_at.cmp(&a.head.updated_at).then(a.id.cmp(&b.id)),
    });
    views.into_iter().map(|view| view.id).collect()
}

#[test]
fn a_naive_filter_over_all_entries_agrees() {
    let (mut asked, mut found) = (0, 0);
    for seed in 0..10 {
        let dice = &mut Dice(seed);
        let world = world(dice);
        let owners: Vec<_> = CLIENTS
            .iter()
            .map(|id| Owner::Client(a_client(id)))
            .chain([Owner::Admin(AdminId::new("root").unwrap())])
            .collect();
        let clients = CLIENTS.map(a_client);
        // Not by role: a member of the role sees its own grants, and the view does not tell them.
        let grantees = clients.clone().map(Grantee::Client);
        for asker in &world.people {
            let shown = shown(&world, asker);
            let staff = asker.principal().account().is_none();
            for _ in 0..25 {
                let filter = EntryFilter {
                    trashed: dice.roll(6) == 0,
                    owner: dice.maybe(&owners),
                    client: dice.maybe(&clients),
                    granted_to: dice.maybe(&grantees),
                    tier: dice.maybe(&[pwvault_core::model::Tier::Vault, pwvault_core::model::Tier::KeyStored]),
                    service: dice.maybe(&CLIENTS.map(|id| service(id).id)),
                    category: dice.maybe(&world.categories).filter(|_| !staff),
                    tag: dice.maybe(&world.tags),
                    needs_rotation: dice.roll(8) == 0,
                    text: dice.maybe(&["mail".to_owned(), "ÜBER".to_owned(), "north".to_owned(), "s3cret".to_owned()]),
                    ..EntryFilter::default()
                };
                let naive: Vec<_> = shown.iter().filter(|view| fits(asker, &filter, view)).cloned().collect();
                let sorts = [EntrySort::NewestFirst, EntrySort::OldestFirst, EntrySort::Name, EntrySort::LastChanged];
                let sort = *dice.one(&sorts);
                let limit = u32::try_from(1 + dice.roll(5)).unwrap();
                let query = EntryQuery { filter: filter.clone(), sort, limit, after: None };
                let pages = EntryPages::new(asker, query).collect::<Result<Vec<_>, VaultError>>().unwrap();
                assert!(pages.iter().all(|page| page.entries.len() <= limit as usize));
                let listed: Vec<_> = pages.into_iter().flat_map(|page| page.entries).collect();
                let ids: Vec<_> = listed.iter().map(|view| view.id).collect();
                assert_eq!(
                    ids,
                    sorted(naive.clone(), sort),
                    "seed {seed}: {filter:?} {sort:?} {:?}",
                    asker.principal()
                );
                assert!(listed.iter().all(|view| shown.contains(view)), "a list shows what a view does not");
                assert_eq!(asker.count_entries(&filter).unwrap(), Count::Exactly(ids.len() as u64));
                asked += 1;
                found += ids.len();
            }
        }
    }
    assert!(asked == 1_750 && found > 1_000, "{found} found by {asked} questions");
}

#[test]
fn a_filter_tells_nothing_of_sharing_that_a_view_does_not() {
    let vault = vault_over(
        std::sync::Arc::new(pwvault_core::store::MemoryStore::new()),
        Settings { kdf: KdfParams::FLOOR, ..Settings::default() },
    );
    let (anna, bert) = (client(&vault, "anna"), client(&vault, "bert"));
    let id = crate::entry_of(&anna);
    let put = |to: &str, actions| [GrantChange::put(Grantee::Client(a_client(to)), actions)];
    anna.share(id, &put("bert", Actions::VIEW_AND_REVEAL)).unwrap();
    anna.share(id, &put("cleo", Actions::VIEW_AND_REVEAL)).unwrap();
    let category = anna.create_category(&CategoryDraft { name: "Family".into(), ..CategoryDraft::default() }).unwrap();
    anna.assign_category(&[id], Some(Assignment { category, actions: Actions::VIEW_AND_REVEAL })).unwrap();
    let to = |id: &str| EntryFilter { granted_to: Some(Grantee::Client(a_client(id))), ..EntryFilter::default() };
    let of = |id: &str| EntryFilter { client: Some(a_client(id)), ..EntryFilter::default() };
    let within = EntryFilter { category: Some(category), ..EntryFilter::default() };
    let count = |session: &Session, filter: &EntryFilter| session.count_entries(filter).unwrap();
    let (none, one) = (Count::Exactly(0), Count::Exactly(1));
    assert_eq!([to("cleo"), of("cleo"), within.clone()].map(|filter| count(&bert, &filter)), [none; 3]);
    assert_eq!([to("bert"), of("bert"), of("anna")].map(|filter| count(&bert, &filter)), [one; 3]);
    assert_eq!([to("cleo"), of("cleo"), within.clone()].map(|filter| count(&anna, &filter)), [one; 3]);
    anna.share(id, &put("bert", Actions::ALL)).unwrap();
    assert_eq!([to("cleo"), of("cleo"), within].map(|filter| count(&bert, &filter)), [one; 3]);
}
