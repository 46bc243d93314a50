//! The evaluator against the naive oracle on random cases from a small universe of ids, so that
//! matches are frequent. `PWV_SEED` repeats a run, `PWV_LONG=1` runs ten times as many.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use super::fixture::*;
use crate::clock::Timestamp;
use crate::id::{
    AdminId, CategoryId, ClientId, DepartmentId, GroupId, ProductGroupId, ProductId, RoleId, RuleId, ServiceId,
};
use crate::model::{
    AccessMode, Action, Assignment, EntryHead, GrantTerms, Grantee, KeyHead, KeyOwner, Obligations, Owner, Permission,
    Policy, Principal, PrincipalKind, Rule, Section, ServiceLink, ServicePart, ServiceRef, StaffList, TicketScope,
};
use crate::policy::{Authority, Breadth, FactsIndex, KeyAction};
use crate::testing::policy_oracle::{self as oracle, Around};

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    fn some<T: Clone>(&mut self, from: &[T], max: usize) -> Vec<T> {
        let count = self.below(max + 1);
        (0..count).map(|_| self.pick(from)).collect()
    }
}

struct Universe {
    admins: Vec<AdminId>,
    roles: Vec<RoleId>,
    clients: Vec<ClientId>,
    groups: Vec<GroupId>,
    departments: Vec<DepartmentId>,
    products: Vec<ProductId>,
    product_groups: Vec<ProductGroupId>,
}

impl Universe {
    fn new() -> Self {
        Self {
            admins: ["1", "2", "3"].map(admin_id).to_vec(),
            roles: ["1", "2", "3", "4"].map(role_id).to_vec(),
            clients: ["1", "2", "3"].map(client_id).to_vec(),
            departments: ["1", "2"].map(|id| DepartmentId::new(id).unwrap()).to_vec(),
            groups: ["1", "2"].map(|id| GroupId::new(id).unwrap()).to_vec(),
            products: ["1", "2"].map(|id| ProductId::new(id).unwrap()).to_vec(),
            product_groups: ["1", "2"].map(|id| ProductGroupId::new(id).unwrap()).to_vec(),
        }
    }

    fn policy(&self, random: &mut Random) -> Policy {
        let mut policy = Policy::default();
        for number in 0..random.below(4) {
            policy.rules.push(Rule {
                full_access: random.one_in(5),
                allow: random.some(&Section::ALL, 4),
                restrict: if random.one_in(2) { random.some(&Section::ALL, 2) } else { Vec::new() },
                admins: random.some(&self.admins, 1),
                roles: random.some(&self.roles, 2),
                id: RuleId::from_bytes([u8::try_from(number).unwrap(); 16]),
                name: String::new(),
            });
        }
        let staff = StaffList { admins: random.some(&self.admins, 1), roles: random.some(&self.roles, 1) };
        policy.settings.access_mode = match random.below(3) {
            0 => AccessMode::Full,
            1 => AccessMode::Restricted(staff),
            _ => AccessMode::Shared(staff),
        };
        if random.one_in(4) {
            policy.settings.extended_roles = random.some(&self.roles, 1);
        }
        let settings = &mut policy.settings;
        settings.service_entries = !random.one_in(8);
        if random.one_in(4) {
            settings.forbidden_clients = random.some(&self.clients, 1);
            settings.forbidden_groups = random.some(&self.groups, 1);
            settings.excluded_products = random.some(&self.products, 1);
            settings.excluded_product_groups = random.some(&self.product_groups, 1);
        }
        policy
    }

    fn principal(&self, random: &mut Random) -> Principal {
        match random.below(8) {
            0 => Principal::system(),
            1 | 2 => {
                let (id, groups) = (random.pick(&self.clients), random.some(&self.groups, 2));
                Principal { kind: PrincipalKind::Client { id, groups }, expected_lock: None }
            }
            3 | 4 => {
                let mut permissions = random.some(&Permission::ALL, 6);
                if !random.one_in(4) {
                    permissions.push(Permission::View);
                }
                Principal::sub_user(
                    random.pick(&self.clients),
                    crate::id::UserId::new("1").unwrap(),
                    permissions.into_iter().collect(),
                )
            }
            _ => {
                let (id, roles) = (random.pick(&self.admins), random.some(&self.roles, 2));
                let departments = random.some(&self.departments, 1);
                Principal { kind: PrincipalKind::Admin { id, roles, departments }, expected_lock: None }
            }
        }
    }

    fn grantee(&self, random: &mut Random) -> Grantee {
        match random.below(3) {
            0 => Grantee::Admin(random.pick(&self.admins)),
            1 => Grantee::Role(random.pick(&self.roles)),
            _ => Grantee::Client(random.pick(&self.clients)),
        }
    }

    fn head(&self, random: &mut Random) -> EntryHead {
        let owner = if random.one_in(2) {
            Owner::Admin(random.pick(&self.admins))
        } else {
            Owner::Client(random.pick(&self.clients))
        };
        let mut head = entry(owner);
        head.private = random.one_in(6);
        if random.one_in(6) {
            head = trashed(head);
        }
        if random.one_in(4) {
            let service = ServiceRef {
                id: ServiceId::new("1").unwrap(),
                client: random.pick(&self.clients),
                product: random.some(&self.products, 1).pop(),
                product_group: random.some(&self.product_groups, 1).pop(),
            };
            head.service = Some(ServiceLink { service, part: ServicePart::Additional });
        }
        for _ in 0..random.below(5) {
            let actions = random.some(&Action::ALL, 3);
            let ends_at = random.one_in(4).then(|| Timestamp::from_millis(9 + random.below(3) as i64));
            let obligations = Obligations { reason: random.one_in(4), approval: random.one_in(4) };
            let terms = GrantTerms { ends_at, bound_to: None, obligations };
            head.grants.push(grant(self.grantee(random), &actions).on(terms));
        }
        if random.one_in(3) {
            let category = CategoryId::from_bytes([random.below(3) as u8; 16]);
            head.category = Some(Assignment { category, actions: random.some(&Action::ALL, 2).into_iter().collect() });
        }
        head
    }

    fn key(&self, random: &mut Random) -> KeyHead {
        let owner = match random.below(3) {
            0 => KeyOwner::Vault,
            1 => KeyOwner::Admin(random.pick(&self.admins)),
            _ => KeyOwner::Client(random.pick(&self.clients)),
        };
        let count = random.below(3);
        key(owner, (0..count).map(|_| self.grantee(random)).collect())
    }
}

#[test]
fn agrees_with_the_naive_oracle() {
    let seed = match std::env::var("PWV_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => RandomState::new().hash_one(0),
    };
    println!("PWV_SEED={seed}");
    let cases = if std::env::var_os("PWV_LONG").is_some() { 10_000_000 } else { 1_000_000 };
    let mut random = Random(seed);
    let universe = Universe::new();
    let mut allowed = 0_u32;
    let mut case = 0;
    while case < cases {
        let policy = Arc::new(universe.policy(&mut random));
        let principal = universe.principal(&mut random);
        let locked = random.one_in(5);
        let categories: Vec<_> = (0..3_u8)
            .map(|number| {
                let members = (0..random.below(3)).map(|_| universe.grantee(&mut random)).collect::<Vec<_>>();
                (CategoryId::from_bytes([number; 16]), members)
            })
            .collect();
        let ticket = random.one_in(3).then(|| TicketScope {
            client: random.pick(&universe.clients),
            department: random.some(&universe.departments, 1).pop(),
        });
        let (owned_locked, now) = (locked, Timestamp::from_millis(10));
        let around = Around { owned_locked, now, ticket: ticket.as_ref(), categories: &categories };
        let authority = Authority::compile(Arc::clone(&policy), &principal).with_owned_locked(locked).at(now);
        let member = |members: &[Grantee]| members.iter().any(|member| authority.grantees().contains(member));
        let joined = categories.iter().filter(|(_, members)| member(members)).map(|(id, _)| *id).collect();
        let authority = authority.clone().in_ticket(ticket.as_ref()).in_categories(joined);
        for section in Section::ALL {
            let expected = oracle::may_enter(&policy, &principal, section);
            assert_eq!(authority.allows_section(section), expected, "{principal:?} {policy:?} {section:?}");
            assert_eq!(authority.explain_section(section).effect.is_allow(), expected);
        }
        let key = universe.key(&mut random);
        for action in KeyAction::ALL {
            let expected = oracle::may_with_key(&policy, &principal, action == KeyAction::Manage, &key);
            let ours = authority.evaluate_key(action, &key).is_allow();
            assert_eq!(ours, expected, "{principal:?} {policy:?} {key:?} {action:?}");
            assert_eq!(authority.explain_key(action, &key).effect.is_allow(), expected);
        }
        let heads: Vec<_> = (0..16).map(|_| universe.head(&mut random)).collect();
        let mut index = FactsIndex::at(now);
        heads.iter().for_each(|head| index.push(head));
        let indexed = index.seen_by(&authority);
        for (row, head) in heads.iter().enumerate() {
            for action in Action::ALL {
                let expected = oracle::may(&policy, &principal, &around, action, head);
                allowed += u32::from(expected);
                let ours = [authority.evaluate(action, head), indexed.evaluate(action, row)];
                assert_eq!(
                    ours.map(|effect| effect.is_allow()),
                    [expected; 2],
                    "{principal:?} {around:?} {policy:?} {head:?} {action:?}"
                );
                if expected {
                    let Obligations { reason, approval } = authority.obligations(action, head);
                    let asked = oracle::asked(&policy, &principal, &around, action, head);
                    assert_eq!((reason, approval), asked, "{principal:?} {around:?} {policy:?} {head:?} {action:?}");
                }
            }
            if authority.evaluate(Action::View, head).is_allow() {
                assert!(found_by_listing(&authority, head), "{principal:?} {policy:?} {head:?}");
            }
        }
        let (action, head) = (random.pick(&Action::ALL), random.pick(&heads));
        assert_eq!(authority.explain(action, &head).effect, authority.evaluate(action, &head));
        case += heads.len();
    }
    let share = f64::from(allowed) / (cases * 6) as f64;
    assert!((0.05..0.95).contains(&share), "the cases are lopsided: {share}");
}

/// Whether a listing of the authority's breadth looks at the entry at all.
fn found_by_listing(authority: &Authority, head: &EntryHead) -> bool {
    let own = authority.own() == Some(&head.owner);
    let assigned = head.category.is_some_and(|assigned| authority.categories().contains(&assigned.category));
    let of_ticket = authority.ticket_client().is_some_and(|client| head.owner == Owner::Client(client.clone()));
    let granted =
        assigned || of_ticket || head.grants.iter().any(|grant| authority.grantees().contains(&grant.grantee));
    match authority.breadth() {
        Breadth::Nothing => false,
        Breadth::Named => own || granted,
        Breadth::ClientOwned => own || granted || matches!(head.owner, Owner::Client(_)),
        Breadth::Everything => true,
    }
}
