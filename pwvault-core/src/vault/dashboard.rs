//! The dashboard: counts of what the asker may know of, taken on one walk over it.

use serde::Serialize;

use super::entries::EntryView;
use super::error::VaultError;
use super::gate::Gate;
use super::listing::EntryFilter;
use super::reminders::{end_of_secret, next_step};
use super::session::Session;
use crate::id::RecordKind;
use crate::index::{self, CategoryTerm};
use crate::model::{CategoryOwner, EventKind, NoticeKind, Outcome, Owner, PrincipalKind, Section};
use crate::policy::{Authorized, Capability};
use crate::store::{Order, Query};

/// Counts by the kind of owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ByOwner {
    /// Of administrators; of categories, those of the staff.
    pub staff: u64,
    /// Of clients.
    pub clients: u64,
}

/// What a dashboard shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DashboardCounts {
    /// Entries in use that the asker may view.
    pub entries: ByOwner,
    /// Those of them that are the asker's own.
    pub own: u64,
    /// Categories the asker may assign.
    pub categories: ByOwner,
    /// Entries whose secret should be changed.
    pub needs_rotation: u64,
    /// Entries whose secret has ended.
    pub expired: u64,
    /// Entries that are locked to a key or a master password.
    pub locked: u64,
    /// Entries whose secret is due to be changed by its reminder, in any zone.
    pub due: u64,
    /// Entries in the trash that the asker may restore.
    pub trashed: u64,
    /// Whether everything was counted; each number is "at least" otherwise.
    pub complete: bool,
    /// Whether the guide is shown ([`Display::guide`](crate::model::Display)).
    pub guide: bool,
}

/// Counts for a dashboard.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # anna.create_entry(&EntryDraft { name: "Webmail".into(), password: "s3cret".into(), ..EntryDraft::default() })?;
/// let counts = anna.dashboard()?;
/// assert_eq!((counts.own, counts.entries.clients, counts.complete, counts.guide), (1, 1, true, true));
///
/// let sam = vault.session(Principal::admin(AdminId::new("sam")?), RequestContext::default());
/// assert!(matches!(sam.dashboard(), Err(VaultError::Denied(_))));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Dashboard {
    /// Counts what the principal may view, each entry checked, and nothing else: an entry it may not
    /// know of moves no number.
    ///
    /// Opens at most [`Settings::search_limit`](crate::model::Settings) entries in use, as many in the
    /// trash, and as many categories.
    ///
    /// # Errors
    /// [`VaultError::Denied`] to administrators without the section `dashboard`, and to others who may
    /// not list; [`VaultError::Locked`] while a master password bars the own entries.
    fn dashboard(&self) -> Result<DashboardCounts, VaultError>;
}

impl Dashboard for Session {
    fn dashboard(&self) -> Result<DashboardCounts, VaultError> {
        self.run(|gate| {
            let kind = EventKind::EntriesListed;
            let proof = match self.principal.kind {
                PrincipalKind::Admin { .. } | PrincipalKind::System => gate.section(Section::Dashboard, kind)?,
                PrincipalKind::Client { .. } | PrincipalKind::SubUser { .. } => {
                    gate.capability(Capability::List, kind)?
                }
            };
            gate.check_owned_unlocked(&EntryFilter::default())?;
            let settings = &gate.snapshot.policy.settings;
            let mut counts =
                DashboardCounts { complete: true, guide: settings.display.guide, ..DashboardCounts::default() };
            gate.count_entries_by_state(&proof, &mut counts)?;
            gate.count_categories(&mut counts)?;
            if settings.audit_views {
                gate.log(kind, Outcome::Done, &[])?;
            }
            Ok(counts)
        })
    }
}

impl Gate<'_> {
    fn count_entries_by_state(&self, proof: &Authorized, counts: &mut DashboardCounts) -> Result<(), VaultError> {
        let limit = self.snapshot.policy.settings.search_limit;
        for trashed in [false, true] {
            let filter = EntryFilter { trashed, ..EntryFilter::default() };
            let stopped = self.each_visible(proof, &filter, Order::Ascending, None, limit, |view| {
                if trashed {
                    counts.trashed += 1
                } else {
                    self.count_entry(&view, counts)
                }
                true
            })?;
            counts.complete &= stopped.is_none();
        }
        Ok(())
    }

    fn count_entry(&self, EntryView { head, .. }: &EntryView, counts: &mut DashboardCounts) {
        match head.owner {
            Owner::Admin(_) => counts.entries.staff += 1,
            Owner::Client(_) => counts.entries.clients += 1,
        }
        let due = || {
            // A period that the calendar does not bear is never due.
            let next = next_step(&self.snapshot.policy.settings, head, None, self.now).ok().flatten();
            next.is_some_and(|step| step.notice() == NoticeKind::ChangeDue && step.queued_at <= self.now)
        };
        counts.own += u64::from(self.authority.own() == Some(&head.owner));
        counts.needs_rotation += u64::from(head.secret.needs_rotation);
        counts.expired += u64::from(end_of_secret(head).is_some_and(|end| end <= self.now));
        counts.locked += u64::from(head.is_locked());
        counts.due += u64::from(due());
    }

    fn count_categories(&self, counts: &mut DashboardCounts) -> Result<(), VaultError> {
        // Whoever may not assign any has none to count.
        if self.authority.authorize_capability(Capability::Categories).is_err() {
            return Ok(());
        }
        let own = self.own_categories();
        let mut query = Query::new(self.core.id, RecordKind::Category);
        if own != CategoryOwner::Staff {
            query.labels = vec![index::category_query(&self.snapshot.keyring, CategoryTerm::Owner(&own))];
        }
        let mut left = self.snapshot.policy.settings.search_limit.max(1);
        loop {
            query.limit = left.min(PAGE);
            let page = self.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                left -= 1;
                match self.opened_category(&record)?.owner {
                    CategoryOwner::Staff if own == CategoryOwner::Staff => counts.categories.staff += 1,
                    owner @ CategoryOwner::Client(_) if own == CategoryOwner::Staff || owner == own => {
                        counts.categories.clients += 1;
                    }
                    CategoryOwner::Staff | CategoryOwner::Client(_) => {}
                }
            }
            if query.cursor.is_none() || left == 0 {
                counts.complete &= query.cursor.is_none();
                return Ok(());
            }
        }
    }
}

const PAGE: u32 = 256;
