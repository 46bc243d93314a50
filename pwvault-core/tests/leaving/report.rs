//! What a leaver still knows, and marking it.

use std::collections::BTreeSet;

use pwvault_core::csv::{ExportMode, dialect};
use pwvault_core::model::{Action, Actions, Contact, EventKind, Grantee, KeyOwner, Person};
use pwvault_core::policy::GrantChange;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    EntryFilter, EntryQuery, KeyMaterial, KeyRegistration, LogFilter, NobodyElse, SecretPart, Selection, UnlockAnswer,
};
use pwvault_core::{Clock, EntryDraft, EntryId, EntryPatch, RequestContext, Session};

use super::locked::{X25519, client, pem, set_password, version};
use super::random::Dice;
use super::world::*;

fn person(id: &str) -> Person {
    Person::Admin(admin(id))
}

fn grant(session: &Session, id: EntryId, to: &str, actions: Actions) {
    session.share(id, &[GrantChange::put(Grantee::Admin(admin(to)), actions)]).unwrap();
}

fn known(session: &Session, of: &Person) -> Vec<EntryId> {
    session.leaver_report(of).unwrap().known.iter().map(|known| known.entry).collect()
}

#[test]
fn a_leaver_report_says_what_a_person_still_knows() {
    let world = World::new();
    let (anna, sam, root) = (world.client("anna"), world.admin("sam"), world.root());
    let names = ["seen", "copied", "exported", "set", "changed since", "never seen", "used"];
    let ids = names.map(|name| {
        // Ids of one millisecond are in no order.
        world.inner.clock.0.advance(1);
        let totp = "JBSWY3DPEHPK3PXP".into();
        anna.create_entry(&EntryDraft { totp, ..draft(name) }).unwrap()
    });
    let [seen, copied, exported, set, changed, never, used] = ids;
    for id in [seen, copied, changed, never] {
        grant(&anna, id, "sam", Actions::VIEW_AND_REVEAL);
    }
    grant(&anna, set, "sam", Actions::ALL);
    grant(&anna, used, "sam", [Action::View, Action::Use].into_iter().collect());
    anna.share(exported, &[to_client("bert")]).unwrap();
    sam.reveal(seen).unwrap();
    sam.copy_secret(copied, SecretPart::Password).unwrap();
    sam.reveal(changed).unwrap();
    set_password(&sam, set, "by sam");
    sam.totp_code(used).unwrap();
    let own = dialect("pwvault").unwrap();
    world.client("bert").export(&mut Vec::new(), &Selection::Ids(vec![exported]), own, ExportMode::Exact).unwrap();
    world.inner.clock.0.advance(1_000);
    set_password(&anna, changed, "by anna");
    grant(&anna, seen, "tess", Actions::VIEW_AND_REVEAL);
    world.admin("tess").reveal(seen).unwrap();
    anna.share(copied, &[GrantChange::remove(Grantee::Admin(admin("sam")))]).unwrap();

    let report = root.leaver_report(&person("sam")).unwrap();
    assert!(report.complete);
    let told: Vec<_> =
        report.known.iter().map(|one| (one.entry, one.set_by_person, one.still_open, one.needs_rotation)).collect();
    assert_eq!(told, [(seen, false, true, false), (copied, false, true, true), (set, true, true, false)]);
    assert_eq!(report.known[0].also_known_to, [person("tess")]);
    assert_eq!(report.used.iter().map(|one| one.entry).collect::<Vec<_>>(), [used]);
    // What was granted to them alone is told whether they looked or not; of what they know no more.
    let sole: Vec<_> = report.sole_grants.iter().map(|one| one.entry).collect();
    assert_eq!(sole, [set, changed, never, used]);
    assert_eq!(known(&root, &Person::Client(client("bert"))), [exported]);

    // Every client's entry is open to staff here, outside the trash, so that names are told.
    assert_eq!(report.known[0].name.as_deref(), Some("seen"));
    anna.trash_entries(&[seen]).unwrap();
    let trashed = root.leaver_report(&person("sam")).unwrap();
    assert_eq!((trashed.known[0].entry, trashed.known[0].name.as_deref()), (seen, None));

    // A code that was good before the last change tells nothing of the secret there is now.
    world.inner.clock.0.advance(1_000);
    set_password(&anna, used, "by anna");
    assert!(root.leaver_report(&person("sam")).unwrap().used.is_empty());

    let reads = LogFilter { kinds: vec![EventKind::ReportRead], ..LogFilter::default() };
    assert_eq!(root.read_log(&reads).unwrap().events.len(), 4);
    world.check_log();
}

#[test]
fn what_was_marked_for_rotation_is_found_until_it_is_changed() {
    let world = World::new();
    let (anna, sam, root) = (world.client("anna"), world.admin("sam"), world.root());
    let ids: Vec<_> = (0..230).map(|number| new_entry(&anna, &format!("entry {number}"))).collect();
    let (all, seen) = (ids.len() as u64, &ids[..205]);
    for id in seen {
        sam.reveal(*id).unwrap();
    }
    let marked = |session: &Session| {
        let filter = EntryFilter { needs_rotation: true, ..EntryFilter::default() };
        let page = session.list_entries(&EntryQuery { filter, limit: 1_000, ..EntryQuery::default() }).unwrap();
        page.entries.iter().map(|entry| entry.id).collect::<BTreeSet<_>>()
    };
    assert!(marked(&anna).is_empty() && all > 205);
    let before = anna.entry(ids[0]).unwrap().head;
    assert_eq!(root.require_rotation(&person("sam")).unwrap(), 205);
    assert_eq!(root.require_rotation(&person("sam")).unwrap(), 0);
    assert_eq!(marked(&anna), seen.iter().copied().collect());
    // Nobody's edit is overtaken by a mark.
    let after = anna.entry(ids[0]).unwrap().head;
    assert_eq!((after.version, after.updated_at), (before.version, before.updated_at));

    let notes = EntryPatch { notes: Some("new".into()), ..EntryPatch::default() };
    anna.update_entry(ids[0], version(&anna, ids[0]), &notes).unwrap();
    assert!(marked(&anna).contains(&ids[0]));
    set_password(&anna, ids[0], "new");
    assert_eq!(marked(&anna), seen[1..].iter().copied().collect());
    assert!(!known(&root, &person("sam")).contains(&ids[0]));
    world.check_log();
}

#[test]
fn whoever_is_signed_in_as_the_owner_knows_what_they_set() {
    let world = World::new();
    let context = RequestContext { on_behalf_of: Some(person("sam")), ..RequestContext::default() };
    let principal = world.client("anna").principal().clone();
    let sam_as_anna = world.inner.vault.session(principal, context);
    let made = new_entry(&sam_as_anna, "made");
    world.inner.clock.0.advance(1);
    let changed = new_entry(&world.client("anna"), "changed");
    assert_eq!(known(&world.root(), &person("sam")), [made]);
    set_password(&sam_as_anna, changed, "by sam");
    let both: BTreeSet<_> = known(&world.root(), &person("sam")).into_iter().collect();
    assert_eq!(both, BTreeSet::from([made, changed]));
    set_password(&world.client("anna"), changed, "by anna");
    assert_eq!(known(&world.root(), &person("sam")), [made]);
}

#[test]
fn what_nobody_else_can_open_is_told() {
    let world = World::new();
    let (sam, root) = (world.with_roles("sam", &["full"]), world.root());
    let entry = |name: &str, keys| {
        world.inner.clock.0.advance(1);
        sam.create_entry(&EntryDraft { keys, private: name == "private", ..draft(name) }).unwrap()
    };
    let private = entry("private", vec![]);
    let alone = entry("alone", vec![]);
    let shared = entry("shared", vec![]);
    sam.share(shared, &[to_admin("tess")]).unwrap();
    let material = KeyMaterial::Passphrase { private: pem(X25519), passphrase: "open sesame".into() };
    let registration =
        KeyRegistration { name: "sam's".into(), owner: KeyOwner::Admin(admin("sam")), material, may_attach: vec![] };
    let key = sam.register_key(&registration).unwrap();
    let locked = entry("locked", vec![key]);
    sam.share(locked, &[to_admin("tess")]).unwrap();
    sam.unlock(&UnlockAnswer::Passphrase { key, passphrase: "open sesame".into() }).unwrap();

    let report = root.leaver_report(&person("sam")).unwrap();
    let told: Vec<_> = report.owned.iter().map(|one| (one.entry, one.nobody_else, one.name.is_some())).collect();
    assert_eq!(
        told,
        [
            (private, Some(NobodyElse::Private), false),
            (alone, Some(NobodyElse::NotShared), false),
            (shared, None, false),
            (locked, Some(NobodyElse::Locked), false),
        ]
    );
    let [held] = report.keys.as_slice() else { panic!("{:?}", report.keys) };
    assert_eq!((held.key, held.owned, held.unlocked_at), (Some(key), true, Some(world.inner.clock.now())));
    assert!(report.known.is_empty(), "what is one's own is told as such");
}

#[test]
fn a_role_that_one_person_holds_is_as_good_as_its_name() {
    let world = World::new();
    let (anna, root) = (world.client("anna"), world.root());
    let id = new_entry(&anna, "shared");
    anna.share(id, &[to_role("support")]).unwrap();
    let holds = |id: &str| Contact { roles: vec![role("support")], ..contact(person(id)) };
    root.sync_principals(&[holds("sam")], &[]).unwrap();
    let sole = |id: &str| root.leaver_report(&person(id)).unwrap().sole_grants;
    assert_eq!(sole("sam").first().map(|one| one.through.clone()), Some(Grantee::Role(role("support"))));
    root.sync_principals(&[holds("tess")], &[]).unwrap();
    assert!(sole("sam").is_empty() && sole("tess").is_empty());
}

#[test]
fn a_secret_known_to_hundreds_is_found_for_each() {
    let world = World::new();
    let anna = world.client("anna");
    let id = new_entry(&anna, "popular");
    for number in 0..258 {
        world.admin(&format!("admin {number}")).reveal(id).unwrap();
    }
    for number in [0, 255, 256, 257] {
        assert_eq!(known(&world.root(), &person(&format!("admin {number}"))), [id], "{number}");
    }
    assert!(known(&world.root(), &person("admin 258")).is_empty());
    assert_eq!(world.root().require_rotation(&person("admin 258")).unwrap(), 0);
    assert_eq!(world.root().require_rotation(&person("admin 3")).unwrap(), 1);
}

#[test]
fn a_report_costs_what_hangs_on_the_person() {
    let cost = |others: usize| {
        let world = World::new();
        let anna = world.client("anna");
        let ids: Vec<_> = (0..5).map(|number| new_entry(&anna, &format!("{number}"))).collect();
        world.admin("sam").reveal(ids[0]).unwrap();
        for number in 0..others {
            let id = new_entry(&anna, &format!("other {number}"));
            world.admin("tess").reveal(id).unwrap();
        }
        let before = world.store.calls();
        assert_eq!(known(&world.root(), &person("sam")), [ids[0]]);
        // Where everything was read page by page, it would take a call for every hundred.
        world.store.calls() - before
    };
    assert_eq!(cost(0), cost(600));
}

/// Who knows what, kept by hand, against what the report says.
#[test]
fn a_naive_account_of_who_knows_what_agrees() {
    let mut told = 0;
    for seed in 0..12 {
        let dice = &mut Dice(seed);
        let world = World::new();
        let people = ["sam", "tess", "ulf"];
        let owners = [world.client("anna"), world.with_roles("sam", &["full"])];
        let mut entries: Vec<(EntryId, usize, BTreeSet<&str>, bool)> = Vec::new();
        for number in 0..6 {
            let owner = number % 2;
            let id = new_entry(&owners[owner], &format!("entry {number}"));
            for to in people.iter().skip(owner) {
                grant(&owners[owner], id, to, Actions::ALL);
            }
            entries.push((id, owner, BTreeSet::new(), false));
        }
        for _ in 0..60 {
            world.inner.clock.0.advance(1);
            let at = usize::try_from(dice.roll(6)).unwrap();
            let (id, owner, knowing, marked) = &mut entries[at];
            let who = dice.of(&people);
            let session = world.admin(who);
            let owns = *owner == 1 && who == "sam";
            match dice.roll(5) {
                0 => {
                    set_password(&session, *id, &format!("{seed} {}", dice.roll(1_000_000)));
                    knowing.clear();
                    knowing.extend((!owns).then_some(who));
                    *marked = false;
                }
                1 => {
                    world.root().require_rotation(&person(who)).unwrap();
                    for (_, _, knowing, marked) in &mut entries {
                        *marked |= knowing.contains(who);
                    }
                }
                _ => {
                    session.reveal(*id).unwrap();
                    knowing.extend((!owns).then_some(who));
                }
            }
        }
        for who in people {
            let report = world.root().leaver_report(&person(who)).unwrap();
            let found: Vec<_> = report.known.iter().map(|one| (one.entry, one.needs_rotation)).collect();
            let naive = entries.iter().filter(|(_, _, knowing, _)| knowing.contains(who));
            let naive: Vec<_> = naive.map(|(id, _, _, marked)| (*id, *marked)).collect();
            assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), naive.into_iter().collect(), "seed {seed}: {who}");
            told += report.known.len();
        }
    }
    assert!(told > 50, "only {told} were told");
}
