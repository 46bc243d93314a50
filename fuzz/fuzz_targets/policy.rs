//! Any policy, principal, entry and key: the evaluator and the naive oracle agree, a decision is
//! explained as it was made, and a change of grants does not depend on its order.
#![no_main]

use std::sync::Arc;

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use pwvault_core::clock::Timestamp;
use pwvault_core::id::{AdminId, ClientId, RoleId, RuleId, UserId};
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

fn grant(u: &mut Unstructured) -> Result<Grant> {
    Ok(Grant::new(grantee(u)?, actions(u)?, Person::System, NOW))
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
    policy.settings.extended_roles = some(u, 2, role)?;
    Ok(policy)
}

fn principal(u: &mut Unstructured) -> Result<Principal> {
    Ok(match u.int_in_range(0..=3)? {
        0 => Principal::admin_with_roles(admin(u)?, some(u, 3, role)?),
        1 => Principal::client(client(u)?),
        2 => {
            let permissions = some(u, 9, |u| u.choose(&Permission::ALL).copied())?;
            Principal::sub_user(client(u)?, UserId::new("1").unwrap(), permissions.into_iter().collect())
        }
        _ => Principal::system(),
    })
}

fn entry(u: &mut Unstructured) -> Result<EntryHead> {
    let owner = if u.arbitrary()? { Owner::Admin(admin(u)?) } else { Owner::Client(client(u)?) };
    Ok(EntryHead {
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
    Ok(if u.arbitrary()? { GrantChange::put(grantee, actions(u)?) } else { GrantChange::Remove { grantee } })
}

fn check(u: &mut Unstructured) -> Result<()> {
    let policy = Arc::new(policy(u)?);
    let principal = principal(u)?;
    let locked = u.arbitrary()?;
    let authority = Authority::compile(Arc::clone(&policy), &principal).with_owned_locked(locked);
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
    let around = Around { owned_locked: locked, now: Timestamp::MIN, ticket: None, categories: &[] };
    let heads = [entry(u)?, entry(u)?];
    let mut index = FactsIndex::at(Timestamp::MIN);
    heads.iter().for_each(|head| index.push(head));
    let indexed = index.seen_by(&authority);
    for (row, head) in heads.iter().enumerate() {
        for action in Action::ALL {
            let allowed = oracle::may(&policy, &principal, &around, action, head);
            assert_eq!(authority.evaluate(action, head).is_allow(), allowed, "{action:?}");
            assert_eq!(indexed.evaluate(action, row).is_allow(), allowed, "{action:?}");
            assert_eq!(authority.explain(action, head).effect.is_allow(), allowed, "{action:?}");
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
