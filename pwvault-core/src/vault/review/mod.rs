//! Access review: who can do something, what somebody can do, and what a change would make of it.
//! Asks the policy and the directory; decides nothing itself.

mod people;
mod preview;
mod reach;
mod sharing;

use serde::Serialize;

use super::access::RuleChange;
use super::cursor::Cursor;
use super::error::VaultError;
use super::listing::{Count, check_page};
use super::session::Session;
use crate::id::EntryId;
use crate::model::{
    Action, Actions, EventKind, Grant, Grantee, Obligations, Permission, Person, Principal, Section, Settings,
};
use crate::policy::{Finding, GrantChange, Reason, Way, lint_rules};

/// Who can do an action with an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhoCan {
    /// What gives the action, and to whom: owner, roles, grants, category, mode, tickets.
    pub ways: Vec<Way>,
    /// The people behind these ways who can do it, each judged with the roles, groups and permissions
    /// the directory knows; sorted. Whom only a ticket would let in is not among them, and neither
    /// is an administrator whom no way names and the directory does not know.
    pub people: Vec<PersonWhoCan>,
    /// Whether everyone was judged; false above 10,000 people.
    pub complete: bool,
}

/// A person who can do something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonWhoCan {
    /// Who.
    pub person: Person,
    /// Why, as the person would be told.
    pub reasons: Vec<Reason>,
    /// What has to be fulfilled first.
    pub obligations: Obligations,
}

/// What somebody can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhatCan {
    /// The sections that are open.
    pub sections: Vec<Section>,
    /// What a client or sub-user may do within the account; none of others.
    pub permissions: Vec<Permission>,
    /// With how many entries outside the trash each action can be done, in the order of the actions.
    pub entries: Vec<ActionCount>,
}

/// With how many entries an action can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActionCount {
    /// Which action.
    pub action: Action,
    /// With how many entries.
    pub count: Count,
}

/// A page of what somebody can reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReachPage {
    /// Entries outside the trash, the newest first, with what can be done.
    pub entries: Vec<ReachedEntry>,
    /// Where the next page begins; `None` at the end. A page may be shorter than asked for and
    /// still not be the last.
    pub next: Option<Cursor>,
}

/// An entry somebody can reach. Its overview is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReachedEntry {
    /// Which entry.
    pub entry: EntryId,
    /// What can be done with it.
    pub actions: Actions,
}

/// What a change of rules or settings would make of access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessPreview {
    /// Who would gain or lose something; sorted, without those for whom nothing changes. Sub-users are
    /// not among them: they gain and lose with their account, as far as they have the permission.
    pub changes: Vec<AccessChange>,
    /// What would look wrong in the rules.
    pub findings: Vec<Finding>,
    /// How many entries were looked at; none when the change concerns none.
    pub entries: Count,
}

/// What somebody would gain and lose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccessChange {
    /// Who: an administrator with the roles the directory knows, a role that rules or settings name,
    /// taken alone, a client.
    pub subject: Grantee,
    /// Sections that would open.
    pub sections_gained: Vec<Section>,
    /// Sections that would close.
    pub sections_lost: Vec<Section>,
    /// With how many entries each action would be gained and lost; without those of which nothing is.
    pub entries: Vec<ActionChange>,
}

/// With how many entries an action would be gained and lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActionChange {
    /// Which action.
    pub action: Action,
    /// Entries outside the trash with which it could be done from then on.
    pub gained: u64,
    /// Entries outside the trash with which it could not be done any more.
    pub lost: u64,
}

/// What a change of grants would make of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SharingPreview {
    /// The grants the entry would have.
    pub grants: Vec<Grant>,
    /// The people who would gain or lose something; sorted. Only those with the section
    /// `access.explain` are told.
    pub people: Option<Vec<PersonChange>>,
}

/// What a person would gain and lose on an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonChange {
    /// Who.
    pub person: Person,
    /// What they could do from then on.
    pub gained: Vec<Action>,
    /// What they could not do any more.
    pub lost: Vec<Action>,
}

/// Access review.
///
/// # Security
/// What it says of others is for those with the section `access.explain`, who are told of every
/// entry anyway. Each answer leaves an event.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let root = vault.session(Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new("full")?]), RequestContext::default());
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # use pwvault_core::model::{Action, Person, RuleDraft, Section};
/// # use pwvault_core::{policy::RulePreset, vault::RuleChange};
/// let id = anna.create_entry(&EntryDraft { name: "Webmail".into(), ..EntryDraft::default() })?;
/// anna.share(id, &[GrantChange::put(Grantee::Admin(AdminId::new("sam")?), Actions::VIEW_AND_REVEAL)])?;
/// let who: Vec<_> = root.who_can(id, Action::Reveal)?.people.into_iter().map(|one| one.person).collect();
/// assert_eq!(who, [Person::Admin(AdminId::new("sam")?), Person::Client(ClientId::new("anna")?)]);
/// assert!(matches!(anna.who_can(id, Action::Reveal), Err(VaultError::Denied(_))));
///
/// let auditor = AdminId::new("auditor")?;
/// let rule = RuleDraft { admins: vec![auditor], ..RulePreset::OneSection(Section::LogsExport).draft() };
/// let preview = root.preview_rule(&RuleChange::Add(rule.clone()))?;
/// assert_eq!(preview.changes[0].sections_gained, [Section::LogsExport]);
/// root.add_rule(&rule)?;
/// assert_eq!(
///     root.lint_rules()?[0].to_string(),
///     "administrator auditor has view in section logs.export without list, which section logs gives",
/// );
/// # Ok::<(), VaultError>(())
/// ```
pub trait AccessReview {
    /// Who can do `action` with an entry, and why. Master passwords and tickets at hand are not taken
    /// into account.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `access.explain`, [`VaultError::NotFound`],
    /// [`VaultError::Directory`] when the directory fails.
    fn who_can(&self, entry: EntryId, action: Action) -> Result<WhoCan, VaultError>;

    /// What a principal of these facts can do, without a ticket at hand and with its master password
    /// unlocked. Looks at its entries, up to `Settings::search_limit`.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `access.explain`, [`VaultError::Directory`].
    fn what_can(&self, principal: &Principal) -> Result<WhatCan, VaultError>;

    /// A page of 1 to 1,000 entries that a principal of these facts can view.
    ///
    /// # Errors
    /// As [`what_can`](Self::what_can); [`VaultError::Invalid`] for a limit out of bounds or a cursor of
    /// another question.
    fn reachable_entries(
        &self,
        principal: &Principal,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<ReachPage, VaultError>;

    /// What looks wrong in the rules: rights without those they depend on, rules without effect.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `access`.
    fn lint_rules(&self) -> Result<Vec<Finding>, VaultError>;

    /// Who would gain and lose what by a change of a rule. Looks at entries, up to
    /// `Settings::search_limit`, when it concerns any. Nothing is changed.
    ///
    /// # Errors
    /// What the change itself would be refused with: [`VaultError::Rule`], [`VaultError::NotFound`],
    /// [`VaultError::Denied`] without the sections `access` and `access.explain`;
    /// [`VaultError::Directory`].
    fn preview_rule(&self, change: &RuleChange) -> Result<AccessPreview, VaultError>;

    /// As [`preview_rule`](Self::preview_rule), for other settings.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] for one out of bounds, [`VaultError::Denied`] without the sections
    /// `settings` and `access.explain`, [`VaultError::Directory`].
    fn preview_settings(&self, settings: &Settings) -> Result<AccessPreview, VaultError>;

    /// What a change of grants would make of an entry. Nothing is changed.
    ///
    /// # Errors
    /// What the change itself would be refused with, see [`Sharing::share`](super::Sharing::share);
    /// [`VaultError::Directory`].
    fn preview_sharing(&self, entry: EntryId, changes: &[GrantChange]) -> Result<SharingPreview, VaultError>;
}

impl AccessReview for Session {
    fn who_can(&self, entry: EntryId, action: Action) -> Result<WhoCan, VaultError> {
        self.run(|gate| gate.who_can(entry, action))
    }

    fn what_can(&self, principal: &Principal) -> Result<WhatCan, VaultError> {
        self.run(|gate| gate.what_can(principal))
    }

    fn reachable_entries(
        &self,
        principal: &Principal,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<ReachPage, VaultError> {
        check_page(limit)?;
        self.run(|gate| gate.reachable_entries(principal, after, limit))
    }

    fn lint_rules(&self) -> Result<Vec<Finding>, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::Access, EventKind::AccessChanged)?;
            Ok(lint_rules(&gate.snapshot.policy.rules))
        })
    }

    fn preview_rule(&self, change: &RuleChange) -> Result<AccessPreview, VaultError> {
        self.run(|gate| gate.preview_rule(change))
    }

    fn preview_settings(&self, settings: &Settings) -> Result<AccessPreview, VaultError> {
        self.run(|gate| gate.preview_settings(settings))
    }

    fn preview_sharing(&self, entry: EntryId, changes: &[GrantChange]) -> Result<SharingPreview, VaultError> {
        self.run(|gate| gate.preview_sharing(entry, changes))
    }
}
