//! What a decision needs to know of an entry.

use super::authority::Authority;
use super::entry::normalized;
use crate::clock::Timestamp;
use crate::id::{CategoryId, ClientId};
use crate::model::{Actions, EntryHead, Grant, Grantee, Owner, ServiceRef};

/// The facts of an entry, as an overview or an index over overviews holds them.
pub trait Facts: sealed::Facts {}

impl Facts for EntryHead {}

pub(super) mod sealed {
    use super::{Actions, Authority, CategoryId, ClientId, Grantee, ServiceRef};

    pub trait Facts {
        fn owned_by(&self, authority: &Authority) -> bool;
        fn owned_by_client(&self, client: &ClientId) -> bool;
        fn client_owned(&self) -> bool;
        fn private(&self) -> bool;
        fn trashed(&self) -> bool;
        /// The service it belongs to.
        fn service(&self) -> Option<&ServiceRef>;
        /// The category it is in, and what its members may do.
        fn assignment(&self) -> Option<(CategoryId, Actions)>;
        /// Whether there is a grant or category that gives anything.
        fn shared(&self, authority: &Authority) -> bool;
        /// The union of all grants and categories that reach the authority.
        fn granted_to(&self, authority: &Authority) -> Actions;
        /// Every grant that gives anything.
        fn grants(&self, authority: &Authority) -> impl Iterator<Item = (&Grantee, Actions)>;
    }
}

impl sealed::Facts for EntryHead {
    fn owned_by(&self, authority: &Authority) -> bool {
        authority.own() == Some(&self.owner)
    }

    fn owned_by_client(&self, client: &ClientId) -> bool {
        matches!(&self.owner, Owner::Client(owner) if owner == client)
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

    fn assignment(&self) -> Option<(CategoryId, Actions)> {
        let assigned = self.category.as_ref()?;
        (!assigned.actions.is_empty()).then_some((assigned.category, normalized(assigned.actions)))
    }

    fn shared(&self, authority: &Authority) -> bool {
        self.grants(authority).next().is_some() || self.assignment().is_some()
    }

    fn granted_to(&self, authority: &Authority) -> Actions {
        let reaching = self.grants(authority).filter(|(grantee, _)| authority.grantees().contains(grantee));
        let by_grants = reaching.fold(Actions::NONE, |sum, (_, actions)| sum.union(actions));
        match self.assignment() {
            Some((category, actions)) if authority.categories().contains(&category) => by_grants.union(actions),
            _ => by_grants,
        }
    }

    fn grants(&self, authority: &Authority) -> impl Iterator<Item = (&Grantee, Actions)> {
        effective(&self.grants, authority.now()).map(|(grant, actions)| (&grant.grantee, actions))
    }
}

/// The grants that give anything at `now`, as they count.
pub(super) fn effective(grants: &[Grant], now: Timestamp) -> impl Iterator<Item = (&Grant, Actions)> {
    let open = grants.iter().filter(move |grant| grant.is_open(now));
    open.map(|grant| (grant, normalized(grant.actions))).filter(|(_, actions)| !actions.is_empty())
}
