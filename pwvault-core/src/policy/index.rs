//! The facts of many entries side by side, for decisions by the hundred thousand.

use std::collections::HashMap;

use super::authority::{Authority, Breadth};
use super::decision::Effect;
use super::facts::{effective, sealed, sealed::Facts as _};
use crate::clock::Timestamp;
use crate::id::{CategoryId, ClientId};
use crate::model::{Action, Actions, EntryHead, Grantee, Owner, ServiceRef};

/// An index over the facts of entries. Names are numbered within it once, so that a decision
/// compares numbers only, and still two names never pass for one another.
#[derive(Clone, Debug, Default)]
pub struct FactsIndex {
    numbers: HashMap<Name, u32>,
    names: Vec<Name>,
    now: Timestamp,
    rows: Vec<Row>,
    /// The services of rows that belong to one.
    services: HashMap<usize, ServiceRef>,
    /// The grants of all rows, within a row sorted by the grantee's number.
    grants: Vec<(u32, Actions)>,
}

/// What a grant of a row names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Name {
    Grantee(Grantee),
    Category(CategoryId),
}

#[derive(Clone, Copy, Debug)]
struct Row {
    owner: u32,
    /// Where its grants begin; they end where those of the next row begin.
    from: usize,
    /// One bit for each grantee: where a view's bits meet none of them, no grant reaches it.
    bits: u64,
    client_owned: bool,
    private: bool,
    trashed: bool,
    of_service: bool,
}

/// One authority's view of an index.
#[derive(Clone, Debug)]
pub struct Indexed<'a> {
    index: &'a FactsIndex,
    authority: &'a Authority,
    own: Option<u32>,
    grantees: Vec<u32>,
    bits: u64,
    /// The client of the ticket at hand.
    ticket: Option<u32>,
    /// Whether more than ownership and grants can open an entry.
    wide: bool,
}

impl FactsIndex {
    /// An empty index, for decisions at `now`: grants that have ended by then are left out.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self { now, ..Self::default() }
    }

    /// How many entries it holds.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds an entry; rows are numbered from 0 in the order they come.
    pub fn push(&mut self, head: &EntryHead) {
        let owner = self.number(Name::Grantee(as_grantee(&head.owner)));
        let from = self.grants.len();
        let mut grants: Vec<_> = effective(&head.grants, self.now)
            .map(|(grant, actions)| (self.number(Name::Grantee(grant.grantee.clone())), actions))
            .collect();
        let assigned = head.assignment();
        grants.extend(assigned.map(|(category, actions)| (self.number(Name::Category(category)), actions)));
        grants.sort_unstable();
        let bits = bits(grants.iter().map(|(grantee, _)| *grantee));
        for (grantee, actions) in grants {
            match self.grants.get_mut(from..).and_then(<[_]>::last_mut) {
                Some((last, sum)) if *last == grantee => *sum = sum.union(actions),
                _ => self.grants.push((grantee, actions)),
            }
        }
        let client_owned = matches!(head.owner, Owner::Client(_));
        let (private, trashed) = (head.private, head.trashed.is_some());
        let service = head.service.as_ref().map(|link| (self.rows.len(), link.service.clone()));
        self.services.extend(service);
        let of_service = head.service.is_some();
        self.rows.push(Row { owner, from, bits, client_owned, private, trashed, of_service });
    }

    /// The index as `authority` sees it.
    #[must_use]
    pub fn seen_by<'a>(&'a self, authority: &'a Authority) -> Indexed<'a> {
        let number = |name: Name| self.numbers.get(&name).copied();
        let own = authority.own().and_then(|owner| number(Name::Grantee(as_grantee(owner))));
        let named = authority.grantees().iter().cloned().map(Name::Grantee);
        let grantees: Vec<_> =
            named.chain(authority.categories().iter().copied().map(Name::Category)).filter_map(number).collect();
        let ticket =
            authority.ticket_client().and_then(|client| number(Name::Grantee(Grantee::Client(client.clone()))));
        let bits = bits(grantees.iter().copied());
        Indexed { index: self, authority, own, grantees, bits, ticket, wide: authority.breadth() > Breadth::Named }
    }

    #[expect(clippy::cast_possible_truncation, reason = "4 billion names do not fit into memory")]
    fn number(&mut self, name: Name) -> u32 {
        let next = self.names.len() as u32;
        *self.numbers.entry(name).or_insert_with_key(|name| {
            self.names.push(name.clone());
            next
        })
    }
}

impl Indexed<'_> {
    /// Whether the authority may do `action` with the entry of this row; absent rows are denied.
    #[must_use]
    pub fn evaluate(&self, action: Action, row: usize) -> Effect {
        self.index.rows.get(row).map_or(Effect::Deny, |found| self.decide(action, row, found))
    }

    /// The rows whose entries the authority may do `action` with, in order.
    pub fn filter(&self, action: Action) -> impl Iterator<Item = usize> {
        let rows = self.index.rows.iter().enumerate();
        rows.filter(move |(row, found)| self.decide(action, *row, found).is_allow()).map(|(row, _)| row)
    }

    fn decide(&self, action: Action, row: usize, found: &Row) -> Effect {
        // One test without branches turns most rows away.
        let reached = self.wide
            | (self.own == Some(found.owner))
            | (self.ticket == Some(found.owner))
            | (found.bits & self.bits != 0);
        if !reached {
            return Effect::Deny;
        }
        let index = self.index;
        let to = index.rows.get(row + 1).map_or(index.grants.len(), |next| next.from);
        let grants = index.grants.get(found.from..to).unwrap_or_default();
        self.authority.evaluate(action, &IndexedFacts { view: self, at: row, row: found, grants })
    }
}

/// The facts of one row, for the one authority the view was made for.
struct IndexedFacts<'a> {
    view: &'a Indexed<'a>,
    at: usize,
    row: &'a Row,
    grants: &'a [(u32, Actions)],
}

impl super::facts::Facts for IndexedFacts<'_> {}

impl sealed::Facts for IndexedFacts<'_> {
    fn owned_by(&self, _: &Authority) -> bool {
        self.view.own == Some(self.row.owner)
    }

    /// The index holds the ticket's client under its number, and is asked of no other.
    fn owned_by_client(&self, _: &ClientId) -> bool {
        self.view.ticket == Some(self.row.owner)
    }

    fn client_owned(&self) -> bool {
        self.row.client_owned
    }

    fn private(&self) -> bool {
        self.row.private
    }

    fn trashed(&self) -> bool {
        self.row.trashed
    }

    fn service(&self) -> Option<&ServiceRef> {
        if self.row.of_service { self.view.index.services.get(&self.at) } else { None }
    }

    fn assignment(&self) -> Option<(CategoryId, Actions)> {
        self.names().find_map(|(name, actions)| match name {
            Name::Category(category) => Some((*category, actions)),
            Name::Grantee(_) => None,
        })
    }

    fn shared(&self, _: &Authority) -> bool {
        !self.grants.is_empty()
    }

    fn granted_to(&self, _: &Authority) -> Actions {
        let mut sum = Actions::NONE;
        if self.row.bits & self.view.bits == 0 {
            return sum;
        }
        for own in &self.view.grantees {
            if let Ok(at) = self.grants.binary_search_by_key(own, |(grantee, _)| *grantee)
                && let Some((_, actions)) = self.grants.get(at)
            {
                sum = sum.union(*actions);
            }
        }
        sum
    }

    fn grants(&self, _: &Authority) -> impl Iterator<Item = (&Grantee, Actions)> {
        self.names().filter_map(|(name, actions)| match name {
            Name::Grantee(grantee) => Some((grantee, actions)),
            Name::Category(_) => None,
        })
    }
}

impl IndexedFacts<'_> {
    fn names(&self) -> impl Iterator<Item = (&Name, Actions)> {
        self.grants.iter().filter_map(|(name, actions)| {
            self.view.index.names.get(usize::try_from(*name).ok()?).map(|name| (name, *actions))
        })
    }
}

fn bits(numbers: impl Iterator<Item = u32>) -> u64 {
    numbers.fold(0, |bits, number| bits | 1 << (number % u64::BITS))
}

fn as_grantee(owner: &Owner) -> Grantee {
    match owner {
        Owner::Admin(id) => Grantee::Admin(id.clone()),
        Owner::Client(id) => Grantee::Client(id.clone()),
    }
}
