//! What a decision needs to know of an entry.

use super::authority::Authority;
use super::entry::normalized;
use crate::model::{Actions, EntryHead, Grant, Grantee, Owner, ServiceRef};

/// The facts of an entry, as an overview or an index over overviews holds them.
pub trait Facts: sealed::Facts {}

impl Facts for EntryHead {}

pub(super) mod sealed {
    use super::{Actions, Authority, Grantee, ServiceRef};

    pub trait Facts {
        fn owned_by(&self, authority: &Authority) -> bool;
        fn client_owned(&self) -> bool;
        fn private(&self) -> bool;
        fn trashed(&self) -> bool;
        /// The service it belongs to.
        fn service(&self) -> Option<&ServiceRef>;
        /// Whether there is a grant that gives anything.
        fn shared(&self) -> bool;
        /// The union of all grants that reach the authority.
        fn granted_to(&self, authority: &Authority) -> Actions;
        /// Every grant that gives anything.
        fn grants(&self) -> impl Iterator<Item = (&Grantee, Actions)>;
    }
}

impl sealed::Facts for EntryHead {
    fn owned_by(&self, authority: &Authority) -> bool {
        authority.own() == Some(&self.owner)
    }

    fn client_owned(&self) -> bool {
        matches!(self.owner, Owner::Client(_))
    }

    fn private(&self) -> bool {
        self.private
    }

    fn trashed(&self) -> bool {
        self.trashed.is_some()
    }

    fn service(&self) -> Option<&ServiceRef> {
        self.service.as_ref().map(|link| &link.service)
    }

    fn shared(&self) -> bool {
        self.grants().next().is_some()
    }

    fn granted_to(&self, authority: &Authority) -> Actions {
        let reaching = self.grants().filter(|(grantee, _)| authority.grantees().contains(grantee));
        reaching.fold(Actions::NONE, |sum, (_, actions)| sum.union(actions))
    }

    fn grants(&self) -> impl Iterator<Item = (&Grantee, Actions)> {
        effective(&self.grants)
    }
}

/// The grants that give anything, as they count.
pub(super) fn effective(grants: &[Grant]) -> impl Iterator<Item = (&Grantee, Actions)> {
    grants.iter().map(|grant| (&grant.grantee, normalized(grant.actions))).filter(|(_, actions)| !actions.is_empty())
}
