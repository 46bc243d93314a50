//! What somebody can do: the vault as it looks to a principal of these facts.

use super::{ActionCount, ReachPage, ReachedEntry, WhatCan};
use crate::model::{Action, EventKind, Outcome, Permission, Principal, PrincipalKind, Section};
use crate::policy::Authorized;
use crate::store::Order;
use crate::vault::cursor::Cursor;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::listing::{Count, EntryFilter};

impl Gate<'_> {
    pub(super) fn what_can(&self, principal: &Principal) -> Result<WhatCan, VaultError> {
        let (proof, theirs) = self.with_eyes_of(principal)?;
        let limit = self.snapshot.policy.settings.search_limit;
        let mut counts = Action::ALL.map(|action| (action, 0_u64));
        let all = EntryFilter::default();
        let stopped = theirs.each_visible(&proof, &all, Order::Descending, None, limit, |view| {
            for (action, count) in &mut counts {
                *count += u64::from(view.actions.has(*action));
            }
            true
        })?;
        let counted = |count| if stopped.is_some() { Count::MoreThan(count) } else { Count::Exactly(count) };
        let permissions = match &principal.kind {
            _ if theirs.authority.forbidden() => Vec::new(),
            PrincipalKind::Client { .. } => Permission::ALL.to_vec(),
            PrincipalKind::SubUser { permissions, .. } => {
                Permission::ALL.into_iter().filter(|one| permissions.has(*one)).collect()
            }
            PrincipalKind::Admin { .. } | PrincipalKind::System => Vec::new(),
        };
        self.log(EventKind::AccessExplained, Outcome::Done, &[])?;
        Ok(WhatCan {
            sections: theirs.authority.sections().iter().collect(),
            permissions,
            entries: counts.map(|(action, count)| ActionCount { action, count: counted(count) }).to_vec(),
        })
    }

    pub(super) fn reachable_entries(
        &self,
        principal: &Principal,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<ReachPage, VaultError> {
        let (proof, theirs) = self.with_eyes_of(principal)?;
        let question = format!("reachable {:?}", principal.kind);
        let after = self.open_place(after, &question)?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut entries = Vec::new();
        let looked_at = self.snapshot.policy.settings.search_limit.max(limit);
        let all = EntryFilter::default();
        let stopped = theirs.each_visible(&proof, &all, Order::Descending, after, looked_at, |view| {
            entries.push(ReachedEntry { entry: view.id, actions: view.actions });
            entries.len() < wanted
        })?;
        self.log(EventKind::AccessExplained, Outcome::Done, &[])?;
        Ok(ReachPage { entries, next: stopped.map(|place| self.seal_place(place, &question)).transpose()? })
    }

    /// The passage as another principal would find it, for those who may ask about others.
    fn with_eyes_of(&self, principal: &Principal) -> Result<(Authorized, Self), VaultError> {
        let proof = self.section(Section::AccessExplain, EventKind::AccessExplained)?;
        Ok((proof, self.seen_by(principal)?))
    }
}
