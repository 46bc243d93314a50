//! Walks `vectors/policy/`: facts, a request and the expected answer, the same for every
//! implementation. `spec/policy.md` says how a file reads.

use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::fixture::*;
use crate::clock::Timestamp;
use crate::id::{AdminId, ClientId, EntryId, RoleId, UserId};
use crate::model::{
    AccessMode, Action, EntryHead, Grantee, KeyOwner, Owner, Permission, Person, Policy, Principal, Rule, Section,
};
use crate::policy::{
    Authority, Capability, Decision, Denied, GrantChange, KeyAction, Reach, RuleError, SharingError,
    apply_grant_changes, validate_rules,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    #[serde(rename = "about")]
    _about: String,
    #[serde(default)]
    policy: PolicyFacts,
    principal: Option<PrincipalFacts>,
    #[serde(default)]
    owned_locked: bool,
    entry: Option<EntryFacts>,
    key: Option<KeyFacts>,
    request: Request,
    expect: Value,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PolicyFacts {
    rules: Vec<Rule>,
    access_mode: AccessMode,
    extended_roles: Vec<RoleId>,
    no_private_entries: bool,
    no_master_passwords: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum PrincipalFacts {
    Admin { id: AdminId, roles: Vec<RoleId> },
    Client { id: ClientId },
    SubUser { account: ClientId, permissions: Vec<Permission> },
    System {},
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryFacts {
    owner: Owner,
    #[serde(default)]
    private: bool,
    #[serde(default)]
    trashed: bool,
    #[serde(default)]
    grants: Vec<GrantFacts>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GrantFacts {
    to: Grantee,
    actions: Vec<Action>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFacts {
    owner: KeyOwner,
    may_attach: Vec<Grantee>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Request {
    Action(Action),
    Section(Section),
    KeyAction(KeyAction),
    Create { owner: Owner, private: bool },
    Import,
    Export,
    SetMasterPassword,
    MakePrivate(bool),
    Share(Vec<Change>),
    WriteRules,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Change {
    Put { to: Grantee, actions: Vec<Action> },
    Remove { to: Grantee },
}

impl From<PolicyFacts> for Policy {
    fn from(facts: PolicyFacts) -> Self {
        let mut policy = with_rules(facts.rules);
        policy.settings.access_mode = facts.access_mode;
        policy.settings.extended_roles = facts.extended_roles;
        policy.settings.private_entries = !facts.no_private_entries;
        policy.settings.master_passwords = !facts.no_master_passwords;
        policy
    }
}

impl From<PrincipalFacts> for Principal {
    fn from(facts: PrincipalFacts) -> Self {
        match facts {
            PrincipalFacts::Admin { id, roles } => Self::admin_with_roles(id, roles),
            PrincipalFacts::Client { id } => Self::client(id),
            PrincipalFacts::SubUser { account, permissions } => {
                Self::sub_user(account, UserId::new("u").unwrap(), permissions.into_iter().collect())
            }
            PrincipalFacts::System {} => Self::system(),
        }
    }
}

impl From<EntryFacts> for EntryHead {
    fn from(facts: EntryFacts) -> Self {
        let grants = facts.grants.into_iter().map(|one| grant(one.to, &one.actions)).collect();
        let mut head = shared(entry(facts.owner), grants);
        head.private = facts.private;
        if facts.trashed { trashed(head) } else { head }
    }
}

impl From<Change> for GrantChange {
    fn from(change: Change) -> Self {
        match change {
            Change::Put { to, actions } => Self::put(to, set(&actions)),
            Change::Remove { to } => Self::Remove { grantee: to },
        }
    }
}

#[test]
fn every_vector_gets_its_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/policy");
    let mut count = 0;
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let vector: Vector = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let expected = vector.expect.clone();
        assert_eq!(answer(vector), expected, "{}", path.display());
        count += 1;
    }
    assert!(count >= 40, "only {count} vectors in {}", folder.display());
}

fn answer(vector: Vector) -> Value {
    let policy = Policy::from(vector.policy);
    if let Request::WriteRules = vector.request {
        return written(validate_rules(&policy.rules));
    }
    let principal = Principal::from(vector.principal.expect("a principal"));
    let authority = Authority::compile(Arc::new(policy), &principal).with_owned_locked(vector.owned_locked);
    let head = vector.entry.map(EntryHead::from);
    let head = || head.as_ref().expect("an entry");
    let id = EntryId::from_bytes([1; 16]);
    let capability = |capability: Capability| decided(&authority.explain_capability(&capability));
    match vector.request {
        Request::Action(action) => match authority.authorize(action, id, head()) {
            Ok(_) => decided(&authority.explain(action, head())),
            Err(denied) => refused(&denied),
        },
        Request::Section(section) => decided(&authority.explain_section(section)),
        Request::KeyAction(action) => {
            let facts = vector.key.expect("a key");
            let head = key(facts.owner, facts.may_attach);
            match authority.authorize_key(action, key_id(), &head) {
                Ok(_) => decided(&authority.explain_key(action, &head)),
                Err(denied) => refused(&denied),
            }
        }
        Request::Create { owner, private } => capability(Capability::Create { owner, private }),
        Request::Import => capability(Capability::Import),
        Request::Export => capability(Capability::Export),
        Request::SetMasterPassword => capability(Capability::SetMasterPassword),
        Request::MakePrivate(private) => match authority.authorize_privacy(private, id, head()) {
            Ok(_) => json!({"effect": "allow"}),
            Err(denied) => refused(&denied),
        },
        Request::Share(changes) => {
            let changes: Vec<_> = changes.into_iter().map(GrantChange::from).collect();
            shared_as(&authority, head(), &changes)
        }
        Request::WriteRules => unreachable!("answered above"),
    }
}

fn decided(decision: &Decision) -> Value {
    let can = match &decision.reach {
        Reach::Actions(actions) => json!(actions),
        Reach::Sections(sections) => json!(sections),
        Reach::KeyActions(actions) => json!(actions),
        Reach::Permissions(permissions) => json!(permissions),
    };
    let Decision { effect, reasons, remedies, reach: _ } = decision;
    let mut answer = json!({"effect": effect, "reasons": reasons, "can": can});
    if !remedies.is_empty() {
        answer["remedies"] = json!(remedies);
    }
    answer
}

fn refused(denied: &Denied) -> Value {
    denied.decision().map_or_else(|| json!({"effect": "not_found"}), decided)
}

fn shared_as(authority: &Authority, head: &EntryHead, changes: &[GrantChange]) -> Value {
    let after = authority
        .authorize_sharing(EntryId::from_bytes([1; 16]), head, changes)
        .and_then(|_| apply_grant_changes(&head.grants, changes, &Person::System, Timestamp::default()));
    let error = match after {
        Ok(grants) => {
            let plain = |one: &crate::model::Grant| json!({"to": one.grantee, "actions": one.actions.iter().collect::<Vec<_>>()});
            return json!({"grants": grants.iter().map(plain).collect::<Vec<_>>()});
        }
        Err(SharingError::Denied(denied)) => return refused(&denied),
        Err(SharingError::Private) => "private",
        Err(SharingError::ToOwner) => "to_owner",
        Err(SharingError::NotHeld) => "not_held",
        Err(SharingError::BeyondTerms) => "beyond_terms",
        Err(SharingError::Ended) => "ended",
        Err(SharingError::Empty) => "empty",
        Err(SharingError::Repeated) => "repeated",
        Err(SharingError::TooMany { .. }) => "too_many",
    };
    json!({"error": error})
}

fn written(result: Result<(), RuleError>) -> Value {
    let error = match result {
        Ok(()) => return json!({"effect": "allow"}),
        Err(RuleError::TooMany { .. }) => "too_many",
        Err(RuleError::Name) => "name",
        Err(RuleError::RepeatedId) => "repeated_id",
        Err(RuleError::RepeatedName) => "repeated_name",
        Err(RuleError::RepeatedItem) => "repeated_item",
        Err(RuleError::Lockout) => "lockout",
    };
    json!({"error": error})
}
