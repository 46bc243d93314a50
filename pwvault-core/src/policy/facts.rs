//! What a decision needs to know of an entry, read from its overview or from an index over it.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::authority::Authority;
use super::entry::normalized;
use crate::model::{Actions, EntryHead, Grant, Grantee, Owner};

/// The facts of an entry: [`EntryHead`] for a decision or two, [`EntryFacts`] when an overview is
/// kept and decided upon many times.
pub trait Facts: sealed::Facts {}

impl Facts for EntryHead {}
impl Facts for EntryFacts {}

/// The facts of one entry, indexed: a decision costs the logarithm of the number of grants.
///
/// Grantees are found by a hash and then compared in full, so that two grantees whose hashes
/// are equal stay apart.
#[derive(Clone, Debug)]
pub struct EntryFacts {
    owner_hash: u64,
    /// One bit for each grantee's hash: a clear bit proves that there is no such grantee.
    bloom: u64,
    client_owned: bool,
    private: bool,
    trashed: bool,
    detail: Box<Detail>,
}

#[derive(Clone, Debug)]
struct Detail {
    owner: Owner,
    /// Sorted by hash.
    grants: Vec<(u64, Actions, Grantee)>,
}

impl EntryFacts {
    /// Reads and indexes the facts of an overview.
    #[must_use]
    pub fn new(head: &EntryHead) -> Self {
        let mut grants: Vec<_> =
            effective(&head.grants).map(|(grantee, actions)| (hash_of(grantee), actions, grantee.clone())).collect();
        grants.sort_unstable();
        Self {
            owner_hash: hash_of(&head.owner),
            bloom: grants.iter().fold(0, |bloom, (hash, ..)| bloom | bloom_bit(*hash)),
            client_owned: matches!(head.owner, Owner::Client(_)),
            private: head.private,
            trashed: head.trashed.is_some(),
            detail: Box::new(Detail { owner: head.owner.clone(), grants }),
        }
    }
}

impl From<&EntryHead> for EntryFacts {
    fn from(head: &EntryHead) -> Self {
        Self::new(head)
    }
}

pub(super) mod sealed {
    use super::{Actions, Authority, Grantee, Owner};

    pub trait Facts {
        fn owner(&self) -> &Owner;
        fn owned_by(&self, authority: &Authority) -> bool;
        fn client_owned(&self) -> bool;
        fn private(&self) -> bool;
        fn trashed(&self) -> bool;
        fn shared(&self) -> bool;
        /// The union of all grants that reach the authority.
        fn granted_to(&self, authority: &Authority) -> Actions;
        /// Every grant that gives anything.
        fn grants(&self) -> impl Iterator<Item = (&Grantee, Actions)>;
    }
}

impl sealed::Facts for EntryHead {
    fn owner(&self) -> &Owner {
        &self.owner
    }

    fn owned_by(&self, authority: &Authority) -> bool {
        authority.owner().is_some_and(|(_, owner)| *owner == self.owner)
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

    fn shared(&self) -> bool {
        effective(&self.grants).next().is_some()
    }

    fn granted_to(&self, authority: &Authority) -> Actions {
        effective(&self.grants)
            .filter(|(grantee, _)| authority.grantees().any(|own| own == *grantee))
            .fold(Actions::NONE, |sum, (_, actions)| sum.union(actions))
    }

    fn grants(&self) -> impl Iterator<Item = (&Grantee, Actions)> {
        effective(&self.grants)
    }
}

impl sealed::Facts for EntryFacts {
    fn owner(&self) -> &Owner {
        &self.detail.owner
    }

    fn owned_by(&self, authority: &Authority) -> bool {
        authority.owner().is_some_and(|(hash, owner)| *hash == self.owner_hash && *owner == self.detail.owner)
    }

    fn client_owned(&self) -> bool {
        self.client_owned
    }

    fn private(&self) -> bool {
        self.private
    }

    fn trashed(&self) -> bool {
        self.trashed
    }

    fn shared(&self) -> bool {
        self.bloom != 0
    }

    fn granted_to(&self, authority: &Authority) -> Actions {
        let mut sum = Actions::NONE;
        for (hash, own) in authority.hashed_grantees() {
            if self.bloom & bloom_bit(*hash) == 0 {
                continue;
            }
            let grants = &self.detail.grants;
            let from = grants.partition_point(|(other, ..)| other < hash);
            let same_hash = grants.iter().skip(from).take_while(|(other, ..)| other == hash);
            sum = same_hash
                .filter(|(_, _, grantee)| grantee == own)
                .fold(sum, |sum, (_, actions, _)| sum.union(*actions));
        }
        sum
    }

    fn grants(&self) -> impl Iterator<Item = (&Grantee, Actions)> {
        self.detail.grants.iter().map(|(_, actions, grantee)| (grantee, *actions))
    }
}

/// A hash to find by, never to decide by: it is the same in every process, so equal hashes can be
/// made on purpose.
pub(super) fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

const fn bloom_bit(hash: u64) -> u64 {
    1 << (hash >> 58)
}

fn effective(grants: &[Grant]) -> impl Iterator<Item = (&Grantee, Actions)> {
    grants.iter().map(|grant| (&grant.grantee, normalized(grant.actions))).filter(|(_, actions)| !actions.is_empty())
}
