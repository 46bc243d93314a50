//! Random vaults: who can, what can and the naive oracle agree about everyone known. `PWV_SEED` repeats
//! a run.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};

use pwvault_core::id::{CategoryId, GroupId};
use pwvault_core::model::{
    AccessMode, Action, Actions, Assignment, Contact, EntryHead, Grantee, Permission, Person, Policy, RuleDraft,
    Section, Settings, StaffList,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::testing::policy_oracle::{Around, may, may_enter};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{AccessChange, AccessPreview, ActionChange, CategoryDraft, Count, RuleChange};
use pwvault_core::{EntryDraft, EntryId, EntryPatch, Principal, RoleId, Session, SystemClock, Vault};

use crate::host;
use crate::world::*;

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % below as u64).unwrap()
    }

    fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.roll(list.len())].clone()
    }

    fn some<T: Clone + PartialEq>(&mut self, list: &[T], one_in: usize) -> Vec<T> {
        list.iter().filter(|_| self.roll(one_in) == 0).cloned().collect()
    }

    fn grantee(&mut self) -> Grantee {
        match self.roll(3) {
            0 => Grantee::Admin(admin_id(self.of(&STAFF))),
            1 => Grantee::Role(role(self.of(&ROLES))),
            _ => Grantee::Client(client_id(self.of(&CLIENTS))),
        }
    }

    fn actions(&mut self) -> Actions {
        Actions::NONE.with(Action::View).union(self.some(&Action::ALL, 3).into_iter().collect())
    }

    fn settings(&mut self, settings: &mut Settings) {
        let list = StaffList {
            admins: self.some(&STAFF, 4).into_iter().map(admin_id).collect(),
            roles: self.some(&ROLES, 4).into_iter().map(role).collect(),
        };
        settings.access_mode = match self.roll(3) {
            0 => AccessMode::Full,
            1 => AccessMode::Restricted(list),
            _ => AccessMode::Shared(list),
        };
        settings.extended_roles = self.some(&ROLES, 5).into_iter().map(role).collect();
        settings.forbidden_clients = self.some(&CLIENTS, 6).into_iter().map(client_id).collect();
        settings.forbidden_groups = self.some(&["g1"], 4).into_iter().map(|id| GroupId::new(id).unwrap()).collect();
    }

    fn rule(&mut self, name: &str) -> RuleDraft {
        RuleDraft {
            name: name.into(),
            full_access: self.roll(4) == 0,
            allow: self.some(&Section::ALL, 8),
            restrict: self.some(&Section::ALL, 12),
            admins: self.some(&STAFF, 3).into_iter().map(admin_id).collect(),
            roles: self.some(&ROLES, 3).into_iter().map(role).collect(),
        }
    }
}

const STAFF: [&str; 4] = ["s1", "s2", "s3", "s4"];
const ROLES: [&str; 3] = ["r1", "r2", "r3"];
const CLIENTS: [&str; 3] = ["c1", "c2", "c3"];

struct Random {
    vault: Vault,
    root: Session,
    known: Vec<Contact>,
    entries: BTreeMap<EntryId, EntryHead>,
    categories: Vec<(CategoryId, Vec<Grantee>)>,
}

impl Random {
    fn new(dice: &mut Dice) -> Self {
        let vault = host::vault();
        let root = host::admin(&vault, "root", &["full"]);
        let mut known = vec![contact(staff("root"), &["full"], &[])];
        known.extend(STAFF.map(|id| contact(staff(id), &dice.some(&ROLES, 2), &[])));
        for id in CLIENTS {
            known.push(contact(account(id), &dice.some(&["g1", "g2"], 3), &[]));
            for user in ["u1", "u2"] {
                let permissions = [dice.some(&Permission::ALL, 2), vec![Permission::View]].concat();
                known.push(contact(sub(id, user), &[], &permissions));
            }
        }
        root.sync_principals(&known, &[]).unwrap();
        let mut world = Self { vault, root, known, entries: BTreeMap::new(), categories: Vec::new() };
        world.fill(dice);
        world
    }

    fn fill(&mut self, dice: &mut Dice) {
        let owners: Vec<_> = CLIENTS.map(|id| host::client(&self.vault, id)).into_iter().collect();
        let staff = host::admin(&self.vault, "s1", &["full"]);
        for owner in owners.into_iter().chain([staff]) {
            let mut members = vec![dice.grantee(), dice.grantee()];
            members.dedup();
            let draft = CategoryDraft { name: "Some".into(), members: members.clone(), ..CategoryDraft::default() };
            let category = owner.create_category(&draft).unwrap();
            self.categories.push((category, members));
            for _ in 0..4 {
                let id = owner.create_entry(&EntryDraft { name: "e".into(), ..EntryDraft::default() }).unwrap();
                for _ in 0..dice.roll(3) {
                    // To the owner it is refused, which is as good.
                    let _ = owner.share(id, &[GrantChange::put(dice.grantee(), dice.actions())]);
                }
                if dice.roll(3) == 0 {
                    let assigned = Assignment { category, actions: dice.actions() };
                    owner.assign_category(&[id], Some(assigned)).unwrap();
                }
                let head = owner.entry(id).unwrap().head;
                if dice.roll(4) == 0 && !head.is_shared() {
                    let private = EntryPatch { private: Some(true), ..EntryPatch::default() };
                    owner.update_entry(id, head.version, &private).unwrap();
                }
                // What lies in the trash shows its grants to nobody.
                let mut head = owner.entry(id).unwrap().head;
                if dice.roll(5) == 0 {
                    owner.trash_entries(&[id]).unwrap();
                    head.trashed = owner.entry(id).unwrap().head.trashed;
                }
                self.entries.insert(id, head);
            }
        }
    }

    /// What the oracle says of an action, without a ticket at hand.
    fn expected(&self, policy: &Policy, one: &Contact, action: Action, head: &EntryHead) -> bool {
        let account = match &one.person {
            Person::SubUser { account, .. } => Some(Person::Client(account.clone())),
            _ => None,
        };
        // The oracle is told of the groups of clients alone.
        let owner = self.known.iter().find(|other| Some(&other.person) == account.as_ref());
        let forbidden = &policy.settings.forbidden_groups;
        if owner.is_some_and(|owner| owner.groups.iter().any(|group| forbidden.contains(group))) {
            return false;
        }
        let now = pwvault_core::Clock::now(&SystemClock);
        let around = Around { owned_locked: false, now, ticket: None, categories: &self.categories };
        may(policy, &principal(one), &around, action, head)
    }

    fn agrees(&self) -> usize {
        let policy = Policy { rules: self.root.rules().unwrap(), settings: self.root.settings().unwrap().0 };
        let mut allowed = 0;
        for (id, head) in &self.entries {
            for action in Action::ALL {
                let told: Vec<_> =
                    self.root.who_can(*id, action).unwrap().people.into_iter().map(|one| one.person).collect();
                let mut expected: Vec<_> = self
                    .known
                    .iter()
                    .filter(|one| self.expected(&policy, one, action, head))
                    .map(|one| one.person.clone())
                    .collect();
                expected.sort_unstable();
                assert_eq!(told, expected, "{action} {head:?}");
                allowed += told.len();
            }
        }
        for one in &self.known {
            let can = self.root.what_can(&principal(one)).unwrap();
            let open = |section: &Section| may_enter(&policy, &principal(one), *section);
            assert_eq!(can.sections, Section::ALL.into_iter().filter(open).collect::<Vec<_>>(), "{one:?}");
            for told in can.entries {
                let heads = self.entries.values().filter(|head| head.trashed.is_none());
                let expected = heads.filter(|head| self.expected(&policy, one, told.action, head)).count();
                assert_eq!(told.count, Count::Exactly(expected as u64), "{one:?} {}", told.action);
            }
        }
        allowed
    }
}

/// What somebody can enter, and do with which entry.
type Reached = (Vec<Section>, BTreeMap<EntryId, Actions>);

impl Random {
    /// Everyone a dry run speaks of: administrators, roles alone, clients.
    fn reached(&self) -> BTreeMap<Grantee, Reached> {
        let of_role = |id| (to_role(id), Principal::admin_with_roles(admin_id("nobody"), vec![role(id)]));
        let known = self.known.iter().filter_map(|one| match &one.person {
            Person::Admin(id) => Some((Grantee::Admin(id.clone()), principal(one))),
            Person::Client(id) => Some((Grantee::Client(id.clone()), principal(one))),
            _ => None,
        });
        let all = known.chain(ROLES.into_iter().chain(["full"]).map(of_role));
        all.map(|(subject, principal)| {
            let page = self.root.reachable_entries(&principal, None, 1_000).unwrap();
            let entries = page.entries.into_iter().map(|one| (one.entry, one.actions)).collect();
            (subject, (self.root.what_can(&principal).unwrap().sections, entries))
        })
        .collect()
    }

    /// The roles that rules and settings name.
    fn named_roles(&self) -> Vec<RoleId> {
        let (rules, (settings, _)) = (self.root.rules().unwrap(), self.root.settings().unwrap());
        let listed = match settings.access_mode {
            AccessMode::Full => Vec::new(),
            AccessMode::Restricted(staff) | AccessMode::Shared(staff) => staff.roles,
        };
        let of_rules = rules.into_iter().flat_map(|rule| rule.roles);
        of_rules.chain(listed).chain(settings.extended_roles).collect()
    }

    /// Whether a preview said what has changed since `before`.
    fn came_true(&self, preview: &AccessPreview, before: &BTreeMap<Grantee, Reached>, old: &[RoleId]) -> usize {
        let mut expected = Vec::new();
        for (subject, (sections, entries)) in self.reached() {
            // Of a role that neither policy names nothing is said.
            if let Grantee::Role(role) = &subject
                && !old.contains(role)
                && !self.named_roles().contains(role)
            {
                continue;
            }
            let (old_sections, old_entries) = &before[&subject];
            let count = |these: &BTreeMap<EntryId, Actions>, those: &BTreeMap<EntryId, Actions>, action| {
                let has = |entries: &BTreeMap<EntryId, Actions>, id| entries.get(id).is_some_and(|one| one.has(action));
                these.keys().filter(|id| has(these, id) && !has(those, id)).count() as u64
            };
            let changed = Action::ALL.map(|action| ActionChange {
                action,
                gained: count(&entries, old_entries, action),
                lost: count(old_entries, &entries, action),
            });
            let beyond = |these: &[Section], those: &[Section]| {
                these.iter().filter(|one| !those.contains(one)).copied().collect::<Vec<_>>()
            };
            let change = AccessChange {
                subject,
                sections_gained: beyond(&sections, old_sections),
                sections_lost: beyond(old_sections, &sections),
                entries: changed.into_iter().filter(|one| one.gained + one.lost > 0).collect(),
            };
            if !(change.sections_gained.is_empty() && change.sections_lost.is_empty() && change.entries.is_empty()) {
                expected.push(change);
            }
        }
        assert_eq!(preview.changes, expected);
        expected.len()
    }
}

#[test]
fn what_a_dry_run_says_is_what_the_change_does() {
    let mut dice = dice();
    let mut changed = 0;
    for _ in 0..3 {
        let world = Random::new(&mut dice);
        for number in 0..4 {
            let (before, named) = (world.reached(), world.named_roles());
            let (mut settings, revision) = world.root.settings().unwrap();
            dice.settings(&mut settings);
            let preview = world.root.preview_settings(&settings).unwrap();
            world.root.update_settings(&settings, revision).unwrap();
            changed += world.came_true(&preview, &before, &named);

            let (before, named) = (world.reached(), world.named_roles());
            let rule = dice.rule(&format!("Rule {number}"));
            let preview = world.root.preview_rule(&RuleChange::Add(rule.clone())).unwrap();
            let id = world.root.add_rule(&rule).unwrap();
            changed += world.came_true(&preview, &before, &named);
            if dice.roll(2) == 0 {
                let (before, named) = (world.reached(), world.named_roles());
                let preview = world.root.preview_rule(&RuleChange::Remove(id)).unwrap();
                world.root.remove_rule(id).unwrap();
                changed += world.came_true(&preview, &before, &named);
            }
        }
    }
    assert!(changed > 10, "nothing much changed: {changed}");
}

#[test]
fn what_a_dry_run_of_sharing_says_is_what_sharing_does() {
    let mut dice = dice();
    let world = Random::new(&mut dice);
    let mut changed = 0;
    for _ in 0..4 {
        // An extended role lets root share whatever is not private.
        change_settings(&world.root, |settings| {
            dice.settings(settings);
            settings.extended_roles.push(role("full"));
        });
        for id in world.entries.keys() {
            let grantee = dice.grantee();
            let change = if dice.roll(3) == 0 {
                GrantChange::remove(grantee)
            } else {
                GrantChange::put(grantee, dice.actions())
            };
            let Ok(preview) = world.root.preview_sharing(*id, std::slice::from_ref(&change)) else {
                assert!(world.root.share(*id, &[change]).is_err());
                continue;
            };
            let can = || Action::ALL.map(|action| world.root.who_can(*id, action).unwrap().people);
            let before = can();
            world.root.share(*id, &[change]).unwrap();
            let mut expected: BTreeMap<Person, [Vec<Action>; 2]> = BTreeMap::new();
            for ((action, had), has) in Action::ALL.into_iter().zip(before).zip(can()) {
                for (side, these, those) in [(0, &has, &had), (1, &had, &has)] {
                    let other = |one: &Person| those.iter().any(|other| other.person == *one);
                    for one in these.iter().filter(|one| !other(&one.person)) {
                        expected.entry(one.person.clone()).or_default()[side].push(action);
                    }
                }
            }
            let told: BTreeMap<_, _> =
                preview.people.unwrap().into_iter().map(|one| (one.person, [one.gained, one.lost])).collect();
            assert_eq!(told, expected);
            assert_eq!(preview.grants.len(), world.root.grants(*id).unwrap().len());
            changed += expected.len();
        }
    }
    assert!(changed > 10, "nothing much changed: {changed}");
}

fn dice() -> Dice {
    let seed = match std::env::var("PWV_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => RandomState::new().hash_one(0),
    };
    println!("PWV_SEED={seed}");
    Dice(seed)
}

#[test]
fn who_can_and_what_can_agree_with_the_naive_oracle_about_everyone_known() {
    let mut dice = dice();
    let mut allowed = 0;
    for _ in 0..4 {
        let world = Random::new(&mut dice);
        allowed += world.agrees();
        for number in 0..3 {
            world.root.add_rule(&dice.rule(&format!("Rule {number}"))).unwrap();
        }
        for _ in 0..3 {
            change_settings(&world.root, |settings| dice.settings(settings));
            allowed += world.agrees();
        }
    }
    assert!(allowed > 100, "the vaults are lopsided: {allowed}");
}
