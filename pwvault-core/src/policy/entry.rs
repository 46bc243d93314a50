//! The rule about entries: one function that merges everything that speaks for an action.

use super::authority::{Authority, ModeReach};
use super::authorized::{Authorized, Scope};
use super::decision::Effect;
use super::error::Denied;
use super::facts::{Facts, effective, sealed::Facts as _};
use super::sections::Sections;
use crate::id::EntryId;
use crate::model::{Action, Actions, EntryHead, GrantTerms, Obligations, Permission, PrincipalKind, Section};

impl Authority {
    /// Everything the principal may do with the entry now.
    #[must_use]
    pub fn actions(&self, facts: &impl Facts) -> Actions {
        if self.owned_locked && facts.owned_by(self) {
            return Actions::NONE;
        }
        self.actions_unlocked(facts)
    }

    /// Whether the principal may do `action` with the entry now. Allocates nothing.
    #[must_use]
    pub fn evaluate(&self, action: Action, facts: &impl Facts) -> Effect {
        Effect::from(self.actions(facts).has(action))
    }

    /// Decides, and proves the decision to the functions that open and write.
    ///
    /// # Errors
    /// [`Denied::NotFound`] when the principal may not know that the entry exists,
    /// [`Denied::Forbidden`] with the reasons otherwise.
    ///
    /// # Security
    /// `NotFound` is what an absent entry must give too.
    pub fn authorize(&self, action: Action, entry: EntryId, head: &EntryHead) -> Result<Authorized, Denied> {
        if self.evaluate(action, head).is_allow() {
            let proof = Authorized::new(self.person(), Scope::Entry { entry, action });
            return Ok(proof.with_obligations(self.obligations(action, head)));
        }
        if self.may_know(head) { Err(self.explain(action, head).into()) } else { Err(Denied::NotFound) }
    }

    /// What has to be fulfilled before the principal does what it may: nothing where anything but a
    /// grant with obligations speaks for it, else the least that one such grant asks for.
    #[must_use]
    pub fn obligations(&self, action: Action, head: &EntryHead) -> Obligations {
        let terms = self.terms(action, head);
        let least = terms.map(|terms| terms.obligations).min_by_key(|asked| (asked.approval, asked.reason));
        if action == Action::View { Obligations::default() } else { least.unwrap_or_default() }
    }

    /// The terms of everything that gives the action: those of each grant, and none of its own for
    /// ownership, roles, mode, ticket and category.
    pub(super) fn terms(&self, action: Action, head: &EntryHead) -> impl Iterator<Item = GrantTerms> {
        let free = if head.owned_by(self) || self.extended && !head.private {
            true
        } else {
            let by_category = head.assignment().filter(|(category, _)| self.categories().contains(category));
            let by_category = by_category.map_or(Actions::NONE, |(_, actions)| actions);
            !head.private && self.by_mode(head).union(self.by_ticket(head)).union(by_category).has(action)
        };
        let grants = effective(&head.grants, self.now())
            .filter(move |(grant, actions)| actions.has(action) && self.grantees().contains(&grant.grantee))
            .map(|(grant, _)| grant.terms());
        free.then(GrantTerms::default).into_iter().chain(grants)
    }

    /// Whether the principal may learn that the entry exists, and so why it is refused.
    #[must_use]
    pub fn may_know(&self, facts: &impl Facts) -> bool {
        self.actions_unlocked(facts).has(Action::View) || self.merged.open.has(Section::AccessExplain)
    }

    fn actions_unlocked(&self, facts: &impl Facts) -> Actions {
        if self.forbidden {
            return Actions::NONE;
        }
        let held = self.held(facts).intersection(self.cut_on(facts));
        if !facts.trashed() {
            // What belongs to a service that has no part in the vault can be seen and cleared away.
            let barred = facts.service().is_some_and(|service| self.service_bar(service).is_some());
            if barred { held.intersection(IN_TRASH) } else { held }
        } else if held.has(Action::Delete) {
            held.intersection(IN_TRASH)
        } else {
            Actions::NONE
        }
    }

    /// What permissions and restrictions leave of any right on the entry.
    pub(super) fn cut_on(&self, facts: &impl Facts) -> Actions {
        if self.is_of_own_service(facts) { self.service_cut } else { self.cut }
    }

    /// Whether the entry belongs to a service of the account the principal acts for.
    pub(super) fn is_of_own_service(&self, facts: &impl Facts) -> bool {
        let PrincipalKind::SubUser { account, .. } = &self.kind else { return false };
        facts.service().is_some_and(|service| service.client == *account)
    }

    /// What ownership, grants, roles and mode give, before permissions and trash take from it.
    pub(super) fn held(&self, facts: &impl Facts) -> Actions {
        if facts.owned_by(self) {
            Actions::ALL
        } else if facts.private() {
            Actions::NONE
        } else if self.extended {
            Actions::ALL
        } else {
            facts.granted_to(self).union(self.by_mode(facts)).union(self.by_ticket(facts))
        }
    }

    /// What the access mode gives.
    pub(super) fn by_mode(&self, facts: &impl Facts) -> Actions {
        let opened = match self.mode {
            ModeReach::None => false,
            ModeReach::Shared => facts.client_owned() && facts.shared(self),
            ModeReach::Any => facts.client_owned(),
        };
        if opened { Actions::VIEW_AND_REVEAL } else { Actions::NONE }
    }

    /// What the ticket at hand gives.
    pub(super) fn by_ticket(&self, facts: &impl Facts) -> Actions {
        let opened = self.ticket_client().is_some_and(|client| facts.owned_by_client(client) && facts.shared(self));
        if opened { Actions::VIEW_AND_REVEAL } else { Actions::NONE }
    }
}

/// The actions of a grant as they count: any action brings view with it.
#[must_use]
pub const fn normalized(actions: Actions) -> Actions {
    if actions.is_empty() { actions } else { actions.with(Action::View) }
}

/// What a principal's kind and restrictions leave of any right: on entries of the account's own services,
/// or on others.
pub(super) fn cut_of(kind: &PrincipalKind, restricted: Sections, of_service: bool) -> Actions {
    match kind {
        PrincipalKind::Admin { .. } if restricted.has(Section::Entries) => Actions::NONE,
        PrincipalKind::Admin { .. } | PrincipalKind::Client { .. } => Actions::ALL,
        PrincipalKind::SubUser { permissions, .. } => Action::ALL
            .into_iter()
            .filter(|action| permissions_for(*action, of_service).into_iter().all(|one| permissions.has(one)))
            .collect(),
        PrincipalKind::System => Actions::NONE,
    }
}

/// The permissions a sub-user needs for `action`. On entries of the account's own services the panel's
/// permissions count in place of the vault's, except to delete and share.
pub(super) const fn permissions_for(action: Action, of_service: bool) -> [Permission; 2] {
    use Permission as P;
    let see = if of_service { P::Products } else { P::View };
    let act = match action {
        Action::View => see,
        Action::Reveal if of_service => see,
        Action::Use if of_service => P::ProductSso,
        Action::Edit if of_service => P::ManageProducts,
        Action::Reveal => P::Reveal,
        Action::Use => P::Use,
        Action::Edit => P::Edit,
        Action::Delete => P::Delete,
        Action::Share => P::Share,
    };
    [see, act]
}

/// What the trash leaves to those who may delete: see it, restore it, purge it. And what a bar leaves.
pub(super) const IN_TRASH: Actions = Actions::NONE.with(Action::View).with(Action::Delete);
