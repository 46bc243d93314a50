//! Any policy, principal, entry and key: the evaluator and the naive oracle agree, a decision is
//! explained as it was made, and a change of grants does not depend on its order.
#![no_main]

use std::sync::Arc;

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use pwvault_core::clock::Timestamp;
use pwvault_core::id::{
    AdminId, CategoryId, ClientId, DepartmentId, GroupId, ProductGroupId, ProductId, RoleId, RuleId, ServiceId,
    TicketId, UserId,
};
use pwvault_core::model::*;
use pwvault_core::policy::{Authority, FactsIndex, GrantChange, KeyAction, apply_grant_changes, validate_rules};
use pwvault_core::testing::policy_oracle::{self as oracle, Around};
use pwvault_fuzz::some;

/// Few ids, so that they meet.
const IDS: [&str; 3] = ["1", "2", "3"];

fn admin(u: &mut Unstructured) -> Result<AdminId> {
    Ok(AdminId::new(*u.choose(&IDS)?).unwrap())
}

fn role(u: &mut Unstructured) -> Result<RoleId> {
    Ok(RoleId::new(*u.choose(&IDS)?).unwrap())
}

fn client(u: &mut Unstructured) -> Result<ClientId> {
    Ok(ClientId::new(*u.choose(&IDS)?).unwrap())
}

fn staff(u: &mut Unstructured) -> Result<StaffList> {
    Ok(StaffList { admins: some(u, 2, admin)?, roles: some(u, 2, role)? })
}

fn grantee(u: &mut Unstructured) -> Result<Grantee> {
    Ok(match u.int_in_range(0..=2)? {
        0 => Grantee::Admin(admin(u)?),
        1 => Grantee::Role(role(u)?),
        _ => Grantee::Client(client(u)?),
    })
}

fn actions(u: &mut Unstructured) -> Result<Actions> {
    Ok(some(u, 6, |u| u.choose(&Action::ALL).copied())?.into_iter().collect())
}

fn id<T, E: std::fmt::Debug>(
    u: &mut Unstructured,
    new: impl Fn(&'static str) -> std::result::Result<T, E>,
) -> Result<T> {
    Ok(new(u.choose(&IDS)?).unwrap())
}

fn ids<T, E: std::fmt::Debug>(
    u: &mut Unstructured,
    new: impl Fn(&'static str) -> std::result::Result<T, E>,
) -> Result<Vec<T>> {
    some(u, 2, |u| id(u, &new))
}

/// An end around the moment that is decided for, a binding, and obligations.
fn terms(u: &mut Unstructured) -> Result<GrantTerms> {
    let ends_at = if u.arbitrary()? { Some(NOW.plus_millis(u.int_in_range(-1..=1)?)) } else { None };
    let bound_to = if u.ratio(1, 4)? { Some(Binding::Ticket(id(u, TicketId::new)?)) } else { None };
    Ok(GrantTerms { ends_at, bound_to, obligations: Obligations { reason: u.arbitrary()?, approval: u.arbitrary()? } })
}

fn grant(u: &mut Unstructured) -> Result<Grant> {
    Ok(Grant::new(grantee(u)?, actions(u)?, Person::System, NOW).on(terms(u)?))
}

fn category_id(u: &mut Unstructured) -> Result<CategoryId> {
    Ok(CategoryId::from_bytes([u.int_in_range(0..=2)?; 16]))
}

fn service(u: &mut Unstructured) -> Result<ServiceLink> {
    let product = if u.arbitrary()? { Some(id(u, ProductId::new)?) } else { None };
    let product_group = if u.arbitrary()? { Some(id(u, ProductGroupId::new)?) } else { None };
    let service = ServiceRef { id: id(u, ServiceId::new)?, client: client(u)?, product, product_group };
    Ok(ServiceLink { service, part: ServicePart::Additional })
}

fn section(u: &mut Unstructured) -> Result<Section> {
    u.choose(&Section::ALL).copied()
}

fn rule(u: &mut Unstructured) -> Result<Rule> {
    Ok(Rule {
        id: RuleId::from_bytes(u.arbitrary()?),
        name: u.arbitrary()?,
        full_access: u.arbitrary()?,
        allow: some(u, 3, section)?,
        restrict: some(u, 3, section)?,
        admins: some(u, 2, admin)?,
        roles: some(u, 2, role)?,
    })
}

fn policy(u: &mut Unstructured) -> Result<Policy> {
    let mut policy = Policy { rules: some(u, 4, rule)?, ..Policy::default() };
    policy.settings.access_mode = match u.int_in_range(0..=2)? {
        0 => AccessMode::Full,
        1 => AccessMode::Restricted(staff(u)?),
        _ => AccessMode::Shared(staff(u)?),
    };
    let settings = &mut policy.settings;
    settings.extended_roles = some(u, 2, role)?;
    settings.service_entries = !u.ratio(1, 8)?;
    if u.ratio(1, 4)? {
        settings.forbidden_clients = some(u, 1, client)?;
        settings.forbidden_groups = ids(u, GroupId::new)?;
        settings.excluded_products = ids(u, ProductId::new)?;
        settings.excluded_product_groups = ids(u, ProductGroupId::new)?;
    }
    Ok(policy)
}

fn principal(u: &mut Unstructured) -> Result<Principal> {
    Ok(match u.int_in_range(0..=3)? {
        0 => {
            let (id, roles, departments) = (admin(u)?, some(u, 3, role)?, ids(u, DepartmentId::new)?);
            Principal { kind: PrincipalKind::Admin { id, roles, departments }, expected_lock: None }
        }
        1 => {
            let kind = PrincipalKind::Client { id: client(u)?, groups: ids(u, GroupId::new)? };
            Principal { kind, expected_lock: None }
        }
        2 => {
            let permissions = some(u, 9, |u| u.choose(&Permission::ALL).copied())?;
            Principal::sub_user(client(u)?, UserId::new("1").unwrap(), permissions.into_iter().collect())
        }
        _ => Principal::system(),
    })
}

fn entry(u: &mut Unstructured) -> Result<EntryHead> {
    let owner = if u.arbitrary()? { Owner::Admin(admin(u)?) } else { Owner::Client(client(u)?) };
    let category =
        if u.ratio(1, 3)? { Some(Assignment { category: category_id(u)?, actions: actions(u)? }) } else { None };
    Ok(EntryHead {
        category,
        service: if u.ratio(1, 4)? { Some(service(u)?) } else { None },
        private: u.arbitrary()?,
        trashed: if u.ratio(1, 4)? { Some(Trashed { at: NOW, by: Person::System }) } else { None },
        grants: some(u, 5, grant)?,
        ..EntryHead::blank(owner, Person::System, NOW)
    })
}

fn key(u: &mut Unstructured) -> Result<KeyHead> {
    Ok(KeyHead {
        name: String::new(),
        owner: match u.int_in_range(0..=2)? {
            0 => KeyOwner::Vault,
            1 => KeyOwner::Admin(admin(u)?),
            _ => KeyOwner::Client(client(u)?),
        },
        suite: KeySuite::HpkeX25519,
        bits: 256,
        configuration: KeyConfiguration::Stored,
        public_key: Vec::new(),
        fingerprint: Fingerprint::from_bytes([0; 32]),
        generation: 1,
        possession_proved: true,
        may_attach: some(u, 3, grantee)?,
        created_by: Person::System,
        created_at: NOW,
    })
}

fn change(u: &mut Unstructured) -> Result<GrantChange> {
    let grantee = grantee(u)?;
    Ok(if u.arbitrary()? {
        GrantChange::put_on(grantee, actions(u)?, terms(u)?)
    } else {
        GrantChange::Remove { grantee }
    })
}

fn check(u: &mut Unstructured) -> Result<()> {
    let policy = Arc::new(policy(u)?);
    let principal = principal(u)?;
    let locked = u.arbitrary()?;
    let categories: Vec<(CategoryId, Vec<Grantee>)> = some(u, 3, |u| Ok((category_id(u)?, some(u, 2, grantee)?)))?;
    let ticket = if u.arbitrary()? {
        let department = if u.arbitrary()? { Some(id(u, DepartmentId::new)?) } else { None };
        Some(TicketScope { client: client(u)?, department })
    } else {
        None
    };
    let authority = Authority::compile(Arc::clone(&policy), &principal).with_owned_locked(locked).at(NOW);
    let member = |members: &[Grantee]| members.iter().any(|member| authority.grantees().contains(member));
    let joined = categories.iter().filter(|(_, members)| member(members)).map(|(id, _)| *id).collect();
    let authority = authority.clone().in_ticket(ticket.as_ref()).in_categories(joined);
    let _ = validate_rules(&policy.rules);

    for section in Section::ALL {
        let allowed = oracle::may_enter(&policy, &principal, section);
        assert_eq!(authority.allows_section(section), allowed, "{section:?}");
        assert_eq!(authority.explain_section(section).effect.is_allow(), allowed, "{section:?}");
    }
    let key = key(u)?;
    for action in KeyAction::ALL {
        let allowed = oracle::may_with_key(&policy, &principal, action == KeyAction::Manage, &key);
        assert_eq!(authority.evaluate_key(action, &key).is_allow(), allowed, "{action:?}");
        assert_eq!(authority.explain_key(action, &key).effect.is_allow(), allowed, "{action:?}");
    }
    let around = Around { owned_locked: locked, now: NOW, ticket: ticket.as_ref(), categories: &categories };
    let heads = [entry(u)?, entry(u)?];
    let mut index = FactsIndex::at(NOW);
    heads.iter().for_each(|head| index.push(head));
    let indexed = index.seen_by(&authority);
    for (row, head) in heads.iter().enumerate() {
        for action in Action::ALL {
            let allowed = oracle::may(&policy, &principal, &around, action, head);
            assert_eq!(authority.evaluate(action, head).is_allow(), allowed, "{action:?}");
            assert_eq!(indexed.evaluate(action, row).is_allow(), allowed, "{action:?}");
            assert_eq!(authority.explain(action, head).effect.is_allow(), allowed, "{action:?}");
            if allowed {
                let Obligations { reason, approval } = authority.obligations(action, head);
                let asked = oracle::asked(&policy, &principal, &around, action, head);
                assert_eq!((reason, approval), asked, "{action:?}");
            }
        }
    }

    let [head, _] = heads;
    let mut changes = some(u, 4, change)?;
    let one_way = apply_grant_changes(&head.grants, &changes, &Person::System, NOW);
    changes.reverse();
    let other_way = apply_grant_changes(&head.grants, &changes, &Person::System, NOW);
    assert_eq!(one_way.ok(), other_way.ok());
    Ok(())
}

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fuzz_target!(|data: &[u8]| {
    let _ = check(&mut Unstructured::new(data));
});
