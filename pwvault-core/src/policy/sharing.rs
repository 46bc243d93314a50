//! Changes of grants as a difference: each touches one grantee, and their order means nothing.

use serde::Deserialize;

use super::authority::Authority;
use super::authorized::Authorized;
use super::entry::normalized;
use super::error::SharingError;
use crate::clock::Timestamp;
use crate::id::EntryId;
use crate::model::{Action, Actions, Assignment, EntryHead, Grant, GrantTerms, Grantee, Owner, Person, limits};

/// One change of an entry's grants.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GrantChange {
    /// The grantee has exactly these actions from now on, and view with any of them.
    Put {
        /// To whom.
        grantee: Grantee,
        /// What they may do.
        actions: Actions,
        /// When it ends, and what it asks for.
        #[serde(default)]
        terms: GrantTerms,
    },
    /// The grantee has no grant from now on.
    Remove {
        /// Whose grant ends.
        grantee: Grantee,
    },
}

impl GrantChange {
    /// The grantee has exactly these actions from now on, without end or obligation.
    #[must_use]
    pub fn put(grantee: Grantee, actions: Actions) -> Self {
        Self::Put { grantee, actions, terms: GrantTerms::default() }
    }

    /// As [`put`](Self::put), on these terms.
    #[must_use]
    pub const fn put_on(grantee: Grantee, actions: Actions, terms: GrantTerms) -> Self {
        Self::Put { grantee, actions, terms }
    }

    /// The grantee has no grant from now on.
    #[must_use]
    pub const fn remove(grantee: Grantee) -> Self {
        Self::Remove { grantee }
    }

    /// Whose grant it changes.
    #[must_use]
    pub const fn grantee(&self) -> &Grantee {
        match self {
            Self::Put { grantee, .. } | Self::Remove { grantee } => grantee,
        }
    }

    /// What the grantee has afterwards.
    const fn actions(&self) -> Actions {
        match self {
            Self::Put { actions, .. } => normalized(*actions),
            Self::Remove { .. } => Actions::NONE,
        }
    }
}

impl Authority {
    /// Decides about a change of grants. Nobody gives or takes away what they do not hold.
    ///
    /// # Errors
    /// [`SharingError::Denied`] without [`Action::Share`]; [`SharingError::Private`],
    /// [`SharingError::ToOwner`] and [`SharingError::NotHeld`] as they say.
    pub fn authorize_sharing(
        &self,
        entry: EntryId,
        head: &EntryHead,
        changes: &[GrantChange],
    ) -> Result<Authorized, SharingError> {
        let proof = self.authorize(Action::Share, entry, head)?;
        let held = self.actions(head);
        for change in changes {
            let put = matches!(change, GrantChange::Put { .. });
            if put && head.private {
                return Err(SharingError::Private);
            }
            if put && is_owner(change.grantee(), &head.owner) {
                return Err(SharingError::ToOwner);
            }
            let before = granted(&head.grants, change.grantee());
            let after = change.actions();
            let differs = |action: &Action| before.has(*action) != after.has(*action) || changes_terms(head, change);
            let touched: Actions = before.union(after).iter().filter(differs).collect();
            if !touched.is_subset_of(held) {
                return Err(SharingError::NotHeld);
            }
            if let GrantChange::Put { terms, .. } = change {
                self.check_terms(head, touched.intersection(after), terms)?;
            }
        }
        Ok(proof)
    }
}

impl Authority {
    /// Nobody grants for longer, or for less, than they hold.
    fn check_terms(&self, head: &EntryHead, actions: Actions, terms: &GrantTerms) -> Result<(), SharingError> {
        if terms.ends_at.is_some_and(|end| end <= self.now()) {
            return Err(SharingError::Ended);
        }
        let within = |held: &GrantTerms| {
            let ends = held.ends_at.is_none_or(|end| terms.ends_at.is_some_and(|own| own <= end));
            let bound = held.bound_to.is_none() || held.bound_to == terms.bound_to;
            ends && bound && terms.obligations.covers(held.obligations)
        };
        // With any of the grants that give an action, its terms; view comes with all of them.
        let held = actions.iter().all(|action| self.terms(action, head).any(|held| within(&held)));
        if held { Ok(()) } else { Err(SharingError::BeyondTerms) }
    }
}

impl Authority {
    /// Whether the principal, who may share the entry, may put it there: nobody gives what they do not
    /// hold without conditions.
    ///
    /// # Errors
    /// [`SharingError::Private`], [`SharingError::NotHeld`], [`SharingError::BeyondTerms`].
    pub fn check_assignment(&self, head: &EntryHead, to: Option<Assignment>) -> Result<(), SharingError> {
        let given = |assigned: Assignment| normalized(assigned.actions);
        let (before, after) = (head.category.map_or(Actions::NONE, given), to.map_or(Actions::NONE, given));
        if to.is_some() && head.private {
            return Err(SharingError::Private);
        }
        // Another category has other members, so all it gives is given and taken anew.
        let same = head.category.map(|old| old.category) == to.map(|new| new.category);
        let touched = |action: &Action| !same || before.has(*action) != after.has(*action);
        let touched: Actions = before.union(after).iter().filter(touched).collect();
        if !touched.is_subset_of(self.actions(head)) {
            return Err(SharingError::NotHeld);
        }
        self.check_terms(head, touched.intersection(after), &GrantTerms::default())
    }
}

/// The grants after the changes, sorted by grantee. A grant that a change does not name, or that
/// has these actions already, stays as it is.
///
/// # Errors
/// [`SharingError::Repeated`] when a grantee stands twice among the changes,
/// [`SharingError::Empty`] for a grant of nothing, [`SharingError::TooMany`] above
/// [`limits::GRANTS_MAX`].
pub fn apply_grant_changes(
    existing: &[Grant],
    changes: &[GrantChange],
    by: &Person,
    now: Timestamp,
) -> Result<Vec<Grant>, SharingError> {
    let mut named: Vec<_> = changes.iter().map(GrantChange::grantee).collect();
    named.sort_unstable();
    if named.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
        return Err(SharingError::Repeated);
    }
    let mut grants: Vec<Grant> =
        existing.iter().filter(|grant| named.binary_search(&&grant.grantee).is_err()).cloned().collect();
    for change in changes {
        let GrantChange::Put { grantee, actions, terms } = change else { continue };
        if actions.is_empty() {
            return Err(SharingError::Empty);
        }
        let actions = normalized(*actions);
        let unchanged = existing
            .iter()
            .find(|grant| grant.grantee == *grantee && grant.actions == actions && grant.terms() == *terms);
        grants.push(
            unchanged
                .cloned()
                .unwrap_or_else(|| Grant::new(grantee.clone(), actions, by.clone(), now).on(terms.clone())),
        );
    }
    if grants.len() > limits::GRANTS_MAX {
        return Err(SharingError::TooMany { count: grants.len() });
    }
    grants.sort_by(|a, b| a.grantee.cmp(&b.grantee));
    Ok(grants)
}

/// Whether a change puts a grant that there is on other terms: that touches all it gives.
fn changes_terms(head: &EntryHead, change: &GrantChange) -> bool {
    let GrantChange::Put { grantee, terms, .. } = change else { return false };
    head.grants.iter().any(|grant| grant.grantee == *grantee && grant.terms() != *terms)
}

fn granted(grants: &[Grant], grantee: &Grantee) -> Actions {
    let matching = grants.iter().filter(|grant| grant.grantee == *grantee);
    matching.fold(Actions::NONE, |sum, grant| sum.union(normalized(grant.actions)))
}

fn is_owner(grantee: &Grantee, owner: &Owner) -> bool {
    match (grantee, owner) {
        (Grantee::Admin(a), Owner::Admin(b)) => a == b,
        (Grantee::Client(a), Owner::Client(b)) => a == b,
        (Grantee::Admin(_) | Grantee::Role(_) | Grantee::Client(_), _) => false,
    }
}
