//! Short ways to write principals, entries and rules.

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::id::{AdminId, ClientId, KeyId, RoleId, RuleId, UserId};
use crate::model::{
    Action, Actions, EntryHead, Fingerprint, Grant, Grantee, KeyConfiguration, KeyHead, KeyOwner, KeySuite, Owner,
    Permission, Person, Policy, Principal, Rule, Section, Trashed,
};
use crate::policy::Authority;

pub(super) fn admin_id(id: &str) -> AdminId {
    AdminId::new(id).unwrap()
}

pub(super) fn role_id(id: &str) -> RoleId {
    RoleId::new(id).unwrap()
}

pub(super) fn client_id(id: &str) -> ClientId {
    ClientId::new(id).unwrap()
}

pub(super) fn admin(id: &str, roles: &[&str]) -> Principal {
    Principal::admin_with_roles(admin_id(id), roles.iter().map(|role| role_id(role)).collect())
}

pub(super) fn client(id: &str) -> Principal {
    Principal::client(client_id(id))
}

pub(super) fn sub_user(account: &str, permissions: &[Permission]) -> Principal {
    let user = UserId::new("u").unwrap();
    Principal::sub_user(client_id(account), user, permissions.iter().copied().collect())
}

pub(super) fn authority(policy: &Policy, principal: &Principal) -> Authority {
    Authority::compile(Arc::new(policy.clone()), principal)
}

pub(super) fn to_admin(id: &str, actions: &[Action]) -> Grant {
    grant(Grantee::Admin(admin_id(id)), actions)
}

pub(super) fn to_role(id: &str, actions: &[Action]) -> Grant {
    grant(Grantee::Role(role_id(id)), actions)
}

pub(super) fn to_client(id: &str, actions: &[Action]) -> Grant {
    grant(Grantee::Client(client_id(id)), actions)
}

pub(super) fn grant(grantee: Grantee, actions: &[Action]) -> Grant {
    Grant::new(grantee, actions.iter().copied().collect(), Person::System, Timestamp::default())
}

pub(super) fn of_client(id: &str) -> EntryHead {
    entry(Owner::Client(client_id(id)))
}

pub(super) fn of_admin(id: &str) -> EntryHead {
    entry(Owner::Admin(admin_id(id)))
}

pub(super) fn entry(owner: Owner) -> EntryHead {
    EntryHead::blank(owner, Person::System, Timestamp::default())
}

pub(super) fn shared(mut head: EntryHead, grants: Vec<Grant>) -> EntryHead {
    head.grants = grants;
    head
}

pub(super) fn private(mut head: EntryHead) -> EntryHead {
    head.private = true;
    head
}

pub(super) fn trashed(mut head: EntryHead) -> EntryHead {
    head.trashed = Some(Trashed { at: Timestamp::default(), by: Person::System });
    head
}

pub(super) fn key(owner: KeyOwner, may_attach: Vec<Grantee>) -> KeyHead {
    KeyHead {
        name: String::new(),
        owner,
        suite: KeySuite::RsaOaep256,
        bits: 3072,
        configuration: KeyConfiguration::PublicOnly,
        public_key: Vec::new(),
        fingerprint: Fingerprint::from_bytes([0; 32]),
        possession_proved: false,
        may_attach,
        generation: 0,
        created_by: Person::System,
        created_at: Timestamp::default(),
    }
}

/// A rule without content, for the roles given.
pub(super) fn rule(number: u8, roles: &[&str]) -> Rule {
    Rule {
        id: RuleId::from_bytes([number; 16]),
        name: format!("rule {number}"),
        full_access: false,
        allow: Vec::new(),
        restrict: Vec::new(),
        admins: Vec::new(),
        roles: roles.iter().map(|role| role_id(role)).collect(),
    }
}

pub(super) fn full(number: u8, roles: &[&str]) -> Rule {
    Rule { full_access: true, ..rule(number, roles) }
}

pub(super) fn allowing(number: u8, roles: &[&str], allow: &[Section]) -> Rule {
    Rule { allow: allow.to_vec(), ..rule(number, roles) }
}

pub(super) fn restricting(number: u8, roles: &[&str], restrict: &[Section]) -> Rule {
    Rule { restrict: restrict.to_vec(), ..rule(number, roles) }
}

pub(super) fn with_rules(rules: Vec<Rule>) -> Policy {
    Policy { rules, ..Policy::default() }
}

pub(super) fn key_id() -> KeyId {
    KeyId::from_bytes([7; 16])
}

pub(super) fn set(actions: &[Action]) -> Actions {
    actions.iter().copied().collect()
}
