//! Changes of grants as a difference: each touches one grantee, and their order means nothing.

use super::authority::Authority;
use super::authorized::Authorized;
use super::entry::normalized;
use super::error::SharingError;
use crate::clock::Timestamp;
use crate::id::EntryId;
use crate::model::{Action, Actions, EntryHead, Grant, Grantee, Owner, Person, limits};

/// One change of an entry's grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantChange {
    /// The grantee has exactly these actions from now on, and view with any of them.
    Put {
        /// To whom.
        grantee: Grantee,
        /// What they may do.
        actions: Actions,
    },
    /// The grantee has no grant from now on.
    Remove {
        /// Whose grant ends.
        grantee: Grantee,
    },
}

impl GrantChange {
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
            let touched = before.union(after).iter().filter(|action| before.has(*action) != after.has(*action));
            if !touched.collect::<Actions>().is_subset_of(held) {
                return Err(SharingError::NotHeld);
            }
        }
        Ok(proof)
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
        let GrantChange::Put { grantee, actions } = change else { continue };
        if actions.is_empty() {
            return Err(SharingError::Empty);
        }
        let actions = normalized(*actions);
        let unchanged = existing.iter().find(|grant| grant.grantee == *grantee && grant.actions == actions);
        grants.push(unchanged.cloned().unwrap_or_else(|| Grant::new(grantee.clone(), actions, by.clone(), now)));
    }
    if grants.len() > limits::GRANTS_MAX {
        return Err(SharingError::TooMany { count: grants.len() });
    }
    grants.sort_by(|a, b| a.grantee.cmp(&b.grantee));
    Ok(grants)
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
