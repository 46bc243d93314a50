//! Lists of entries: what the principal may see, by page, filter and order.

use serde::{Deserialize, Serialize};

use super::cursor::Cursor;
use super::entries::EntryView;
use super::error::VaultError;
use super::gate::Gate;
use super::session::Session;
use crate::id::{CategoryId, ClientId, KeyId, RecordId, RecordKind, ServiceId, TagId};
use crate::index::{self, Place, Term};
use crate::model::{
    AccessMode, Action, EntryHead, EventKind, FieldValue, Grantee, Outcome, Owner, PrincipalKind, Section, Tier,
};
use crate::policy::{Authorized, Breadth, Capability, Scope};
use crate::store::{Label, Order, QUERY_LABELS_MAX, Query};

/// Which entries a list shows. Every condition that is set must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct EntryFilter {
    /// Entries in the trash instead of those in use.
    pub trashed: bool,
    /// Of this owner.
    pub owner: Option<Owner>,
    /// That concern this client: it owns them or they are shared to it.
    pub client: Option<ClientId>,
    /// Shared to this grantee. Like a category, it finds only entries whose sharing the principal may see:
    /// those it may share, and those shared to itself.
    pub granted_to: Option<Grantee>,
    /// Locked to this key.
    pub key: Option<KeyId>,
    /// Of this tier.
    pub tier: Option<Tier>,
    /// Of this service.
    pub service: Option<ServiceId>,
    /// In this category.
    pub category: Option<CategoryId>,
    /// With this tag; to anyone but administrators there are no tags.
    pub tag: Option<TagId>,
    /// Only servers that can be signed in to.
    pub servers: bool,
    /// Only those whose secret should be changed.
    pub needs_rotation: bool,
    /// Name, user name, an address or a visible field contains this, whatever the case.
    pub text: Option<String>,
}

/// In which order a list comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EntrySort {
    /// The newest first; costs a page.
    #[default]
    NewestFirst,
    /// The oldest first; costs a page.
    OldestFirst,
    /// By name; costs everything the principal can see.
    Name,
    /// The last changed first; costs everything the principal can see.
    LastChanged,
}

/// A question for a page of entries.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct EntryQuery {
    /// Which entries.
    pub filter: EntryFilter,
    /// In which order.
    pub sort: EntrySort,
    /// How many at most, 1 to 1,000.
    pub limit: u32,
    /// Where the page before ended. It is refused with another filter or order, and in an order
    /// other than by creation once its entry has left the list.
    pub after: Option<Cursor>,
}

impl Default for EntryQuery {
    fn default() -> Self {
        Self { filter: EntryFilter::default(), sort: EntrySort::default(), limit: 50, after: None }
    }
}

/// A page of entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EntryPage {
    /// The entries.
    pub entries: Vec<EntryView>,
    /// Where the next page begins; `None` at the end. A page may be shorter than asked for and
    /// still not be the last.
    pub next: Option<Cursor>,
}

/// A checked count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// Exactly this many.
    Exactly(u64),
    /// More than this many; counting stopped at the search limit.
    MoreThan(u64),
}

/// Lists of entries.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # use pwvault_core::vault::{EntryFilter, EntryQuery};
/// # let id = anna.create_entry(&EntryDraft { name: "Webmail".into(), password: "s3cret".into(), ..EntryDraft::default() })?;
/// let filter = EntryFilter { text: Some("MAIL".into()), ..EntryFilter::default() };
/// let mut query = EntryQuery { filter, limit: 20, ..EntryQuery::default() };
/// let mut names = Vec::new();
/// loop {
///     let page = anna.list_entries(&query)?;
///     names.extend(page.entries.into_iter().map(|entry| entry.head.name));
///     query.after = page.next;
///     if query.after.is_none() {
///         break;
///     }
/// }
/// assert_eq!(names, ["Webmail"]);
/// assert!(anna.list_entries(&EntryQuery { limit: 0, ..EntryQuery::default() }).is_err());
/// # Ok::<(), VaultError>(())
/// ```
pub trait Listing {
    /// A page of the entries the principal may view.
    ///
    /// By creation it costs the page. By another order, or with a text, the visible entries are
    /// opened, up to `Settings::search_limit`.
    ///
    /// # Errors
    /// [`VaultError::TooMany`] above the search limit, [`VaultError::Locked`] for the principal's
    /// own section while its master password is not unlocked, [`VaultError::Invalid`] for a limit
    /// out of bounds.
    fn list_entries(&self, query: &EntryQuery) -> Result<EntryPage, VaultError>;

    /// How many entries the principal may view, each one checked.
    ///
    /// # Errors
    /// As [`list_entries`](Self::list_entries), except for [`VaultError::TooMany`].
    fn count_entries(&self, filter: &EntryFilter) -> Result<Count, VaultError>;
}

impl Listing for Session {
    fn list_entries(&self, query: &EntryQuery) -> Result<EntryPage, VaultError> {
        check_page(query.limit)?;
        self.run(|gate| {
            let proof = gate.capability(Capability::List, EventKind::EntriesListed)?;
            gate.check_owned_unlocked(&query.filter)?;
            let page = match query.sort {
                EntrySort::NewestFirst | EntrySort::OldestFirst if query.filter.text.is_none() => {
                    gate.page(&proof, query)?
                }
                _ => gate.sorted_page(&proof, query)?,
            };
            if gate.snapshot.policy.settings.audit_views {
                let ids: Vec<_> = page.entries.iter().map(|entry| entry.id).collect();
                gate.log(EventKind::EntriesListed, Outcome::Done, &ids)?;
            }
            Ok(page)
        })
    }

    fn count_entries(&self, filter: &EntryFilter) -> Result<Count, VaultError> {
        self.run(|gate| {
            let proof = gate.capability(Capability::List, EventKind::EntriesListed)?;
            gate.check_owned_unlocked(filter)?;
            let limit = gate.snapshot.policy.settings.search_limit;
            let mut count = 0_u64;
            let complete = gate.each_visible(&proof, filter, Order::Ascending, None, limit, |_| {
                count += 1;
                true
            })?;
            Ok(if complete.is_some() { Count::MoreThan(count) } else { Count::Exactly(count) })
        })
    }
}

impl Gate<'_> {
    /// While a master password bars the owned section, only lists of what others own are given.
    pub(super) fn check_owned_unlocked(&self, filter: &EntryFilter) -> Result<(), VaultError> {
        let Some(own) = self.authority.own().filter(|_| self.authority.owned_locked()) else { return Ok(()) };
        let of_others = filter.owner.as_ref().is_some_and(|owner| owner != own)
            || filter.granted_to.as_ref().is_some_and(|to| self.authority.grantees().contains(to));
        if of_others {
            return Ok(());
        }
        Err(self.owned_locked_error(own))
    }

    fn page(&self, proof: &Authorized, query: &EntryQuery) -> Result<EntryPage, VaultError> {
        let order = match query.sort {
            EntrySort::OldestFirst => Order::Ascending,
            _ => Order::Descending,
        };
        let wanted = usize::try_from(query.limit).unwrap_or(usize::MAX);
        let mut entries = Vec::new();
        let limit = self.snapshot.policy.settings.search_limit.max(query.limit);
        let after = self.open_place(query.after.as_ref(), &question(query))?;
        let stopped = self.each_visible(proof, &query.filter, order, after, limit, |view| {
            entries.push(view);
            entries.len() < wanted
        })?;
        Ok(EntryPage { entries, next: stopped.map(|place| self.seal_place(place, &question(query))).transpose()? })
    }

    fn sorted_page(&self, proof: &Authorized, query: &EntryQuery) -> Result<EntryPage, VaultError> {
        let limit = self.snapshot.policy.settings.search_limit;
        let mut all = Vec::new();
        let stopped = self.each_visible(proof, &query.filter, Order::Descending, None, limit, |view| {
            all.push(view);
            true
        })?;
        if stopped.is_some() {
            return Err(VaultError::TooMany { limit });
        }
        match query.sort {
            EntrySort::NewestFirst => {}
            EntrySort::OldestFirst => all.reverse(),
            EntrySort::Name => all.sort_by_cached_key(|view| (view.head.name.to_lowercase(), view.id)),
            EntrySort::LastChanged => all.sort_by_key(|view| (std::cmp::Reverse(view.head.updated_at), view.id)),
        }
        let start = match self.open_place(query.after.as_ref(), &question(query))? {
            None => 0,
            Some(place) => {
                all.iter().position(|view| RecordId::from(view.id) == place).map(|at| at + 1).ok_or_else(|| {
                    VaultError::invalid(
                        "after",
                        "the entry it points to is not in this list, or no longer; begin again without it",
                    )
                })?
            }
        };
        let wanted = usize::try_from(query.limit).unwrap_or(usize::MAX);
        let more = all.len() > start.saturating_add(wanted);
        let entries: Vec<_> = all.into_iter().skip(start).take(wanted).collect();
        let next = entries
            .last()
            .filter(|_| more)
            .map(|view| self.seal_place(view.id.into(), &question(query)))
            .transpose()?;
        Ok(EntryPage { entries, next })
    }

    /// Hands every entry that the filter and the policy let through to `take`, until it returns
    /// false or `limit` records have been opened. Returns where it stopped, or `None` at the end.
    pub(super) fn each_visible(
        &self,
        proof: &Authorized,
        filter: &EntryFilter,
        order: Order,
        after: Option<RecordId>,
        limit: u32,
        mut take: impl FnMut(EntryView) -> bool,
    ) -> Result<Option<RecordId>, VaultError> {
        use Capability as C;
        // Whoever may ask what others can do walks with their authority; counts are taken on a walk.
        let walks = [Scope::Section(Section::AccessExplain), Scope::Section(Section::Dashboard)];
        if !walks.contains(proof.scope())
            && !matches!(proof.scope(), Scope::Capability(C::List | C::Export | C::Servers))
        {
            return Err(VaultError::NotFound);
        }
        let Some(labels) = self.labels_for(filter) else { return Ok(None) };
        let mut query = Query::new(self.core.id, RecordKind::Entry);
        query.labels = labels;
        query.order = order;
        query.cursor = after;
        query.limit = SCAN_PAGE.min(limit.max(1));
        let needle = filter.text.as_ref().map(|text| text.to_lowercase());
        let mut opened = 0_u32;
        loop {
            let page = self.core.store.scan(&query)?;
            let next = page.next;
            let mut records = page.into_records()?.into_iter().peekable();
            while let Some(record) = records.next() {
                let place = record.key.id;
                let more = records.peek().is_some() || next.is_some();
                opened += 1;
                if !self.offer(record, filter, needle.as_deref(), &mut take)? || opened >= limit {
                    return Ok(more.then_some(place));
                }
            }
            if next.is_none() {
                return Ok(None);
            }
            query.cursor = next;
        }
    }

    /// Whether the walk goes on after this record.
    fn offer(
        &self,
        record: crate::store::Record,
        filter: &EntryFilter,
        needle: Option<&str>,
        take: &mut impl FnMut(EntryView) -> bool,
    ) -> Result<bool, VaultError> {
        let found = self.opened_entry(record)?;
        let shown = self.authority.evaluate(Action::View, &found.head).is_allow()
            && matches(filter, &found.head)
            && self.sees_sharing(filter, &found.head)
            && needle.is_none_or(|needle| contains(&found.head, needle));
        Ok(!shown || take(self.view(found.id, found.head)))
    }

    /// Whether the filter asks nothing of the entry's sharing that its view would not show.
    fn sees_sharing(&self, filter: &EntryFilter, head: &EntryHead) -> bool {
        let own = |to: &Grantee| self.authority.grantees().contains(to);
        let of_client = filter.client.as_ref().filter(|client| head.owner != Owner::Client((*client).clone()));
        filter.granted_to.iter().all(own)
            && of_client.is_none_or(|client| own(&Grantee::Client(client.clone())))
            && filter.category.is_none_or(|category| self.authority.categories().contains(&category))
            || self.authority.actions(head).has(Action::Share)
    }

    /// The labels that find at least everything the principal may view; `None` when it can see
    /// nothing.
    pub(super) fn labels_for(&self, filter: &EntryFilter) -> Option<Vec<Vec<Label>>> {
        if filter.tag.is_some() && !matches!(self.session.principal.kind, PrincipalKind::Admin { .. }) {
            return None;
        }
        let place = if filter.trashed { Place::Trash } else { Place::Active };
        let keyring = &self.snapshot.keyring;
        let ask = |term: Term<'_>| index::entry_query(keyring, place, term);
        let mut reach = Vec::new();
        match self.authority.breadth() {
            Breadth::Nothing => return None,
            Breadth::Everything => reach.extend(ask(Term::All)),
            breadth => {
                reach.extend(self.authority.own().into_iter().flat_map(|owner| ask(Term::Owner(owner))));
                reach.extend(self.authority.grantees().iter().flat_map(|grantee| ask(Term::Grantee(grantee))));
                reach.extend(self.authority.categories().iter().flat_map(|category| ask(Term::Category(*category))));
                let of_ticket = self.authority.ticket_client().map(|client| Owner::Client(client.clone()));
                reach.extend(of_ticket.iter().flat_map(|owner| ask(Term::Owner(owner))));
                if breadth == Breadth::ClientOwned {
                    // What the mode leaves closed is not even opened.
                    let term = match self.snapshot.policy.settings.access_mode {
                        AccessMode::Shared(_) => Term::Shared,
                        AccessMode::Full | AccessMode::Restricted(_) => Term::ClientOwned,
                    };
                    reach.extend(ask(term));
                }
            }
        }
        // Labels only find: who is reached in more ways than a store can be asked for has every entry
        // looked at.
        if reach.len() > REACH_MAX {
            reach = ask(Term::All);
        }
        let mut groups = vec![reach];
        groups.extend(filter.owner.as_ref().map(|owner| ask(Term::Owner(owner))));
        groups.extend(filter.granted_to.as_ref().map(|to| ask(Term::Grantee(to))));
        groups.extend(filter.client.as_ref().map(|client| {
            let (owner, grantee) = (Owner::Client(client.clone()), Grantee::Client(client.clone()));
            [ask(Term::Owner(&owner)), ask(Term::Grantee(&grantee))].concat()
        }));
        groups.extend(filter.key.map(|key| ask(Term::Key(key))));
        groups.extend(filter.category.map(|category| ask(Term::Category(category))));
        groups.extend(filter.tag.map(|tag| ask(Term::Tag(tag))));
        groups.extend(filter.service.as_ref().map(|service| ask(Term::Service(service))));
        groups.extend(filter.servers.then(|| ask(Term::Servers)));
        groups.extend(filter.needs_rotation.then(|| ask(Term::NeedsRotation)));
        Some(groups)
    }
}

/// How many labels may say what reaches a principal; the filter has some of its own.
const REACH_MAX: usize = QUERY_LABELS_MAX - 64;

/// Refuses a page that is empty or too long.
pub(super) fn check_page(limit: u32) -> Result<(), VaultError> {
    if (1..=PAGE_MAX).contains(&limit) {
        return Ok(());
    }
    Err(VaultError::invalid("limit", format!("it is {limit}; 1 to {PAGE_MAX} are accepted")))
}

/// What a cursor is bound to.
fn question(query: &EntryQuery) -> String {
    format!("entries {:?} {:?}", query.sort, query.filter)
}

/// Labels only find; what they found is held against the filter again.
fn matches(filter: &EntryFilter, head: &EntryHead) -> bool {
    let EntryFilter {
        trashed,
        owner,
        client,
        granted_to,
        key,
        tier,
        service,
        category,
        tag,
        servers,
        needs_rotation,
        text: _,
    } = filter;
    let is_granted = |to: &Grantee| head.grants.iter().any(|grant| grant.grantee == *to);
    head.trashed.is_some() == *trashed
        && owner.as_ref().is_none_or(|owner| head.owner == *owner)
        && client.as_ref().is_none_or(|client| {
            head.owner == Owner::Client(client.clone()) || is_granted(&Grantee::Client(client.clone()))
        })
        && granted_to.as_ref().is_none_or(is_granted)
        && key.is_none_or(|key| head.locks.iter().any(|lock| lock.recipient == crate::model::Recipient::Key(key)))
        && tier.is_none_or(|tier| head.tier() == tier)
        && category.is_none_or(|id| head.category.is_some_and(|assigned| assigned.category == id))
        && tag.is_none_or(|id| head.tags.contains(&id))
        && service.as_ref().is_none_or(|id| head.service.as_ref().is_some_and(|link| link.service.id == *id))
        && (!servers || head.connect.is_some())
        && (!needs_rotation || head.secret.needs_rotation)
}

fn contains(head: &EntryHead, needle: &str) -> bool {
    let visible = head.fields.iter().filter_map(|field| match &field.value {
        FieldValue::Visible(value) => Some(value.as_str()),
        FieldValue::Secret => None,
    });
    [head.name.as_str(), &head.username]
        .into_iter()
        .chain(head.website.as_deref())
        .chain(head.login_url.as_deref())
        .chain(visible)
        .any(|text| text.to_lowercase().contains(needle))
}

const PAGE_MAX: u32 = 1_000;
const SCAN_PAGE: u32 = 256;
