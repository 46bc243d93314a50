//! Walks `vectors/policy/`: facts, a request and the expected answer, the same for every
//! implementation. `spec/policy.md` says how a file reads.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::fixture::*;
use crate::clock::Timestamp;
use crate::id::{
    AdminId, CategoryId, ClientId, DepartmentId, EntryId, GroupId, ProductGroupId, ProductId, RoleId, UserId,
};
use crate::model::{
    AccessMode, Action, Assignment, EntryHead, Grant, GrantTerms, Grantee, KeyOwner, Obligations, Owner, Permission,
    Person, Policy, Principal, PrincipalKind, Rule, Section, ServiceLink, ServicePart, ServiceRef, Surface,
    TicketScope,
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
    around: AroundFacts,
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
    no_service_entries: bool,
    forbidden_clients: Vec<ClientId>,
    forbidden_groups: Vec<GroupId>,
    excluded_products: Vec<ProductId>,
    excluded_product_groups: Vec<ProductGroupId>,
    /// Surfaces that are switched off.
    surfaces_off: Vec<Surface>,
}

/// The circumstances of a decision.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AroundFacts {
    owned_locked: bool,
    now: Option<Timestamp>,
    ticket: Option<TicketFacts>,
    /// Every category there is, with its members.
    categories: BTreeMap<CategoryId, Vec<Grantee>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TicketFacts {
    client: ClientId,
    department: Option<DepartmentId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum PrincipalFacts {
    Admin {
        id: AdminId,
        roles: Vec<RoleId>,
        #[serde(default)]
        departments: Vec<DepartmentId>,
    },
    Client {
        id: ClientId,
        #[serde(default)]
        groups: Vec<GroupId>,
    },
    SubUser {
        account: ClientId,
        permissions: Vec<Permission>,
    },
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
    category: Option<Assignment>,
    service: Option<ServiceRef>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GrantFacts {
    to: Grantee,
    actions: Vec<Action>,
    #[serde(default)]
    terms: GrantTerms,
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
    Assign(Option<Assignment>),
    RevealService(ServiceRef),
    ComeFrom(Surface),
    WriteRules,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Change {
    Put {
        to: Grantee,
        actions: Vec<Action>,
        #[serde(default)]
        terms: GrantTerms,
    },
    Remove {
        to: Grantee,
    },
}

impl From<PolicyFacts> for Policy {
    fn from(facts: PolicyFacts) -> Self {
        let mut policy = with_rules(facts.rules);
        policy.settings.access_mode = facts.access_mode;
        policy.settings.extended_roles = facts.extended_roles;
        policy.settings.private_entries = !facts.no_private_entries;
        let settings = &mut policy.settings;
        settings.master_passwords = !facts.no_master_passwords;
        settings.service_entries = !facts.no_service_entries;
        settings.forbidden_clients = facts.forbidden_clients;
        settings.forbidden_groups = facts.forbidden_groups;
        settings.excluded_products = facts.excluded_products;
        settings.excluded_product_groups = facts.excluded_product_groups;
        for surface in facts.surfaces_off {
            match surface {
                Surface::ClientArea => settings.display.client_area = false,
                Surface::Summary => settings.display.summary = false,
                Surface::Ticket => settings.display.tickets = false,
                other => panic!("{other} cannot be switched off"),
            }
        }
        policy
    }
}

impl From<PrincipalFacts> for Principal {
    fn from(facts: PrincipalFacts) -> Self {
        match facts {
            PrincipalFacts::Admin { id, roles, departments } => {
                Self { kind: PrincipalKind::Admin { id, roles, departments }, expected_lock: None }
            }
            PrincipalFacts::Client { id, groups } => {
                Self { kind: PrincipalKind::Client { id, groups }, expected_lock: None }
            }
            PrincipalFacts::SubUser { account, permissions } => {
                Self::sub_user(account, UserId::new("u").unwrap(), permissions.into_iter().collect())
            }
            PrincipalFacts::System {} => Self::system(),
        }
    }
}

impl From<EntryFacts> for EntryHead {
    fn from(facts: EntryFacts) -> Self {
        let grants = facts.grants.into_iter().map(|one| grant(one.to, &one.actions).on(one.terms)).collect();
        let mut head = shared(entry(facts.owner), grants);
        head.private = facts.private;
        head.category = facts.category;
        head.service = facts.service.map(|service| ServiceLink { service, part: ServicePart::Additional });
        if facts.trashed { trashed(head) } else { head }
    }
}

impl From<Change> for GrantChange {
    fn from(change: Change) -> Self {
        match change {
            Change::Put { to, actions, terms } => Self::put_on(to, set(&actions), terms),
            Change::Remove { to } => Self::Remove { grantee: to },
        }
    }
}

#[test]
fn every_vector_gets_its_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/policy");
    let (mut count, mut wrong) = (0, Vec::new());
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let vector: Vector = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let expected = vector.expect.clone();
        let found = answer(vector);
        if found != expected {
            wrong.push(format!("{}\n  found {found}\n  right {expected}", path.display()));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(count >= 90, "only {count} vectors in {}", folder.display());
}

fn answer(vector: Vector) -> Value {
    let policy = Policy::from(vector.policy);
    if let Request::WriteRules = vector.request {
        return written(validate_rules(&policy.rules));
    }
    let principal = Principal::from(vector.principal.expect("a principal"));
    let authority = compiled(policy, &principal, &vector.around);
    let head = vector.entry.map(EntryHead::from);
    let head = || head.as_ref().expect("an entry");
    let id = EntryId::from_bytes([1; 16]);
    let capability = |capability: Capability| decided(&authority.explain_capability(&capability));
    match vector.request {
        Request::Action(action) => match authority.authorize(action, id, head()) {
            Ok(proof) => asking(decided(&authority.explain(action, head())), proof.obligations()),
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
        Request::Assign(to) => match authority.authorize(Action::Share, id, head()) {
            Ok(_) => authority.check_assignment(head(), to).map_or_else(not_shared, |()| json!({"effect": "allow"})),
            Err(denied) => refused(&denied),
        },
        Request::RevealService(service) => match authority.authorize_service(&service) {
            Ok(_) => json!({"effect": "allow"}),
            Err(denied) => refused(&denied),
        },
        Request::ComeFrom(surface) => match authority.admit(surface) {
            Ok(()) => json!({"effect": "allow"}),
            Err(denied) => refused(&denied),
        },
        Request::WriteRules => unreachable!("answered above"),
    }
}

/// The authority in its circumstances; a category counts when it names the principal as a grant would.
fn compiled(policy: Policy, principal: &Principal, around: &AroundFacts) -> Authority {
    let AroundFacts { owned_locked, now, ticket, categories } = around;
    let authority = Authority::compile(Arc::new(policy), principal).with_owned_locked(*owned_locked);
    let member = |members: &[Grantee]| members.iter().any(|member| authority.grantees().contains(member));
    let joined = categories.iter().filter(|(_, members)| member(members)).map(|(id, _)| *id).collect();
    let ticket = ticket.as_ref().map(|TicketFacts { client, department }| TicketScope {
        client: client.clone(),
        department: department.clone(),
    });
    authority.clone().at(now.unwrap_or(Timestamp::MIN)).in_categories(joined).in_ticket(ticket.as_ref())
}

/// The answer with what has to be fulfilled first.
fn asking(mut answer: Value, Obligations { reason, approval }: Obligations) -> Value {
    let asks: Vec<_> = [("reason", reason), ("approval", approval)].into_iter().filter(|(_, asked)| *asked).collect();
    if !asks.is_empty() {
        answer["asks"] = asks.into_iter().map(|(what, _)| what).collect();
    }
    answer
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
        .and_then(|_| apply_grant_changes(&head.grants, changes, &Person::System, authority.now()));
    match after {
        Ok(grants) => json!({"grants": grants.iter().map(plain_grant).collect::<Vec<_>>()}),
        Err(error) => not_shared(error),
    }
}

fn plain_grant(grant: &Grant) -> Value {
    let mut plain = json!({"to": grant.grantee, "actions": grant.actions.iter().collect::<Vec<_>>()});
    let GrantTerms { ends_at, bound_to, obligations } = grant.terms();
    let mut terms = serde_json::Map::new();
    terms.extend(ends_at.map(|end| ("ends_at".to_owned(), json!(end))));
    terms.extend(bound_to.map(|binding| ("bound_to".to_owned(), json!(binding))));
    terms.extend((!obligations.is_none()).then(|| ("obligations".to_owned(), json!(obligations))));
    if !terms.is_empty() {
        plain["terms"] = Value::Object(terms);
    }
    plain
}

fn not_shared(error: SharingError) -> Value {
    let error = match error {
        SharingError::Denied(denied) => return refused(&denied),
        SharingError::Private => "private",
        SharingError::ToOwner => "to_owner",
        SharingError::NotHeld => "not_held",
        SharingError::BeyondTerms => "beyond_terms",
        SharingError::Ended => "ended",
        SharingError::Empty => "empty",
        SharingError::Repeated => "repeated",
        SharingError::TooMany { .. } => "too_many",
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
