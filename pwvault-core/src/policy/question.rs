//! A policy question in plain facts, as `spec/policy.md` ("Vectors") writes it down. For auditors and
//! hosts who ask what a policy would say, without a vault; `answer` decides it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::answer::{Answer, answer};
use super::authority::Authority;
use super::error::QuestionError;
use super::key::KeyAction;
use super::sharing::GrantChange;
use crate::clock::Timestamp;
use crate::id::{AdminId, CategoryId, ClientId, DepartmentId, GroupId, ProductGroupId, ProductId, RoleId, UserId};
use crate::model::{
    AccessMode, Action, Actions, Assignment, EntryHead, Fingerprint, Grant, GrantTerms, Grantee, KeyConfiguration,
    KeyHead, KeyOwner, KeySuite, Owner, Permission, Person, Policy, Principal, PrincipalKind, Rule, Section,
    ServiceLink, ServicePart, ServiceRef, Surface, TicketScope, Trashed,
};

/// A question with the facts it depends on. What is absent is nothing, or no.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "PolicyQuestion"))]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Rules and settings.
    #[serde(default)]
    pub policy: PolicyFacts,
    /// Who asks; needed for everything but a set of rules.
    pub principal: Option<PrincipalFacts>,
    /// The circumstances.
    #[serde(default)]
    pub around: Circumstances,
    /// The entry that is asked about.
    pub entry: Option<EntryFacts>,
    /// The encryption key that is asked about.
    pub key: Option<KeyFacts>,
    /// What is asked.
    pub request: Asked,
}

/// The rules and settings that decide. Absent settings are as in a new vault.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct PolicyFacts {
    /// The rules.
    pub rules: Vec<Rule>,
    /// Which administrators are shown clients' entries without a grant.
    pub access_mode: AccessMode,
    /// Roles that open every entry that is not private.
    pub extended_roles: Vec<RoleId>,
    /// Private entries are switched off.
    pub no_private_entries: bool,
    /// Master passwords are switched off.
    pub no_master_passwords: bool,
    /// Entries of services are switched off.
    pub no_service_entries: bool,
    /// Clients who are shut out.
    pub forbidden_clients: Vec<ClientId>,
    /// Groups of clients who are shut out.
    pub forbidden_groups: Vec<GroupId>,
    /// Products whose services are barred.
    pub excluded_products: Vec<ProductId>,
    /// Groups of products whose services are barred.
    pub excluded_product_groups: Vec<ProductGroupId>,
    /// Surfaces that are switched off: the client area, the summary, tickets.
    pub surfaces_off: Vec<Surface>,
}

/// The circumstances of a decision.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Circumstances {
    /// A master password bars what the principal owns.
    pub owned_locked: bool,
    /// The moment; before every end when absent.
    pub now: Option<Timestamp>,
    /// The ticket at hand.
    pub ticket: Option<TicketScope>,
    /// Every category there is, with its members.
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, Vec<Grantee>>"))]
    pub categories: BTreeMap<CategoryId, Vec<Grantee>>,
}

/// Who asks.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum PrincipalFacts {
    /// An administrator.
    Admin {
        /// Who.
        id: AdminId,
        /// The roles held.
        roles: Vec<RoleId>,
        /// The departments belonged to.
        #[serde(default)]
        departments: Vec<DepartmentId>,
    },
    /// A client.
    Client {
        /// Who.
        id: ClientId,
        /// The groups belonged to.
        #[serde(default)]
        groups: Vec<GroupId>,
    },
    /// A sub-user of a client's account.
    SubUser {
        /// The account.
        account: ClientId,
        /// What the account allows.
        permissions: Vec<Permission>,
    },
    /// Scheduled work.
    System,
}

/// An entry, as far as it matters to a decision.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EntryFacts {
    /// Who owns it.
    pub owner: Owner,
    /// Whether it is private.
    #[serde(default)]
    pub private: bool,
    /// Whether it is in the trash.
    #[serde(default)]
    pub trashed: bool,
    /// Its grants.
    #[serde(default)]
    pub grants: Vec<GrantFacts>,
    /// Its category, and what members may do.
    pub category: Option<Assignment>,
    /// The service it belongs to.
    pub service: Option<ServiceRef>,
}

/// A grant, without who gave it and when.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GrantFacts {
    /// To whom.
    pub to: Grantee,
    /// What they may do.
    pub actions: Actions,
    /// When it ends, and what it asks for.
    #[serde(default, skip_serializing_if = "is_plain", serialize_with = "super::answer::terms")]
    pub terms: GrantTerms,
}

/// An encryption key, as far as it matters to a decision.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyFacts {
    /// Who owns it.
    pub owner: KeyOwner,
    /// Who else may attach it to entries.
    pub may_attach: Vec<Grantee>,
}

/// What is asked.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// May the principal do this with the entry?
    Action(Action),
    /// May it enter this section?
    Section(Section),
    /// May it do this with the encryption key?
    KeyAction(KeyAction),
    /// May it create such an entry?
    Create {
        /// Who would own it.
        owner: Owner,
        /// Whether it would be private.
        private: bool,
    },
    /// May it import?
    Import,
    /// May it export?
    Export,
    /// May it set a master password?
    SetMasterPassword,
    /// May it make the entry private, or not private?
    MakePrivate(bool),
    /// What are the grants of the entry after these changes?
    Share(Vec<ShareFacts>),
    /// May it put the entry into this category, or take it out of its own?
    Assign(Option<Assignment>),
    /// May it be shown the secret of this service?
    RevealService(ServiceRef),
    /// May it ask from this surface at all?
    ComeFrom(Surface),
    /// Is the set of rules accepted?
    WriteRules,
}

/// A change of an entry's grants.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ShareFacts {
    /// The grantee has exactly these actions from now on.
    Put {
        /// To whom.
        to: Grantee,
        /// What they may do.
        actions: Actions,
        /// When it ends, and what it asks for.
        #[serde(default)]
        terms: GrantTerms,
    },
    /// The grantee has no grant from now on.
    Remove {
        /// Whose grant ends.
        to: Grantee,
    },
}

impl Question {
    /// Decides the question.
    ///
    /// # Errors
    /// [`QuestionError`] for facts that are missing or cannot be.
    pub fn answer(self) -> Result<Answer, QuestionError> {
        answer(self)
    }
}

impl TryFrom<PolicyFacts> for Policy {
    type Error = QuestionError;

    fn try_from(facts: PolicyFacts) -> Result<Self, QuestionError> {
        let PolicyFacts {
            rules,
            access_mode,
            extended_roles,
            no_private_entries,
            no_master_passwords,
            no_service_entries,
            forbidden_clients,
            forbidden_groups,
            excluded_products,
            excluded_product_groups,
            surfaces_off,
        } = facts;
        let mut policy = Self { rules, ..Self::default() };
        let settings = &mut policy.settings;
        settings.access_mode = access_mode;
        settings.extended_roles = extended_roles;
        settings.private_entries = !no_private_entries;
        settings.master_passwords = !no_master_passwords;
        settings.service_entries = !no_service_entries;
        settings.forbidden_clients = forbidden_clients;
        settings.forbidden_groups = forbidden_groups;
        settings.excluded_products = excluded_products;
        settings.excluded_product_groups = excluded_product_groups;
        for surface in surfaces_off {
            match surface {
                Surface::ClientArea => settings.display.client_area = false,
                Surface::Summary => settings.display.summary = false,
                Surface::Ticket => settings.display.tickets = false,
                other => return Err(QuestionError::AlwaysOn(other)),
            }
        }
        Ok(policy)
    }
}

impl TryFrom<PrincipalFacts> for Principal {
    type Error = QuestionError;

    fn try_from(facts: PrincipalFacts) -> Result<Self, QuestionError> {
        let kind = match facts {
            PrincipalFacts::Admin { id, roles, departments } => PrincipalKind::Admin { id, roles, departments },
            PrincipalFacts::Client { id, groups } => PrincipalKind::Client { id, groups },
            PrincipalFacts::SubUser { account, permissions } => {
                let user = UserId::new("of-a-question").map_err(|_| QuestionError::Missing("principal"))?;
                return Ok(Self::sub_user(account, user, permissions.into_iter().collect()));
            }
            PrincipalFacts::System => PrincipalKind::System,
        };
        Ok(Self { kind, expected_lock: None })
    }
}

impl From<EntryFacts> for EntryHead {
    fn from(facts: EntryFacts) -> Self {
        let EntryFacts { owner, private, trashed, grants, category, service } = facts;
        let mut head = Self::blank(owner, Person::System, Timestamp::default());
        head.private = private;
        head.trashed = trashed.then(|| Trashed { at: Timestamp::default(), by: Person::System });
        head.grants = grants.into_iter().map(Grant::from).collect();
        head.category = category;
        head.service = service.map(|service| ServiceLink { service, part: ServicePart::Additional });
        head
    }
}

impl From<GrantFacts> for Grant {
    fn from(GrantFacts { to, actions, terms }: GrantFacts) -> Self {
        Self::new(to, actions, Person::System, Timestamp::default()).on(terms)
    }
}

impl From<KeyFacts> for KeyHead {
    fn from(KeyFacts { owner, may_attach }: KeyFacts) -> Self {
        Self {
            name: String::new(),
            owner,
            suite: KeySuite::RsaOaep256,
            bits: 0,
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
}

impl From<ShareFacts> for GrantChange {
    fn from(change: ShareFacts) -> Self {
        match change {
            ShareFacts::Put { to, actions, terms } => Self::put_on(to, actions, terms),
            ShareFacts::Remove { to } => Self::remove(to),
        }
    }
}

impl Circumstances {
    /// The authority in these circumstances; a category counts when it names the principal as a grant
    /// would.
    pub(super) fn apply(&self, policy: Policy, principal: &Principal) -> Authority {
        let Self { owned_locked, now, ticket, categories } = self;
        let authority = Authority::compile(Arc::new(policy), principal).with_owned_locked(*owned_locked);
        let member = |members: &[Grantee]| members.iter().any(|member| authority.grantees().contains(member));
        let joined = categories.iter().filter(|(_, members)| member(members)).map(|(id, _)| *id).collect();
        authority.at(now.unwrap_or(Timestamp::MIN)).in_categories(joined).in_ticket(ticket.as_ref())
    }
}

fn is_plain(terms: &GrantTerms) -> bool {
    *terms == GrantTerms::default()
}
