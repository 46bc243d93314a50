//! From a principal to its authority now: the policy, the moment, the ticket at hand, and the
//! categories it is a member of.

use super::core::{Core, Snapshot, tampered};
use super::error::VaultError;
use crate::clock::Timestamp;
use crate::envelope::open_record;
use crate::id::{CategoryId, RecordKind};
use crate::index::{self, CategoryTerm};
use crate::model::{CategoryHead, Principal, TicketScope};
use crate::policy::Authority;
use crate::store::{Label, QUERY_LABELS_MAX, Query};

/// A category the principal is a member of, with the revision that says so.
pub(super) type Membership = (CategoryId, u64);

/// The authority of a principal, and the memberships it rests on.
pub(super) fn authority_of(
    core: &Core,
    snapshot: &Snapshot,
    principal: &Principal,
    ticket: Option<&TicketScope>,
    now: Timestamp,
) -> Result<(Authority, Vec<Membership>), VaultError> {
    let authority = Authority::compile(snapshot.policy.clone(), principal).at(now).in_ticket(ticket);
    let memberships = memberships(core, snapshot, &authority)?;
    let categories = memberships.iter().map(|(category, _)| *category).collect();
    Ok((authority.in_categories(categories), memberships))
}

/// Labels only find; a category whose head does not name the principal gives nothing.
pub(super) fn memberships(
    core: &Core,
    snapshot: &Snapshot,
    authority: &Authority,
) -> Result<Vec<Membership>, VaultError> {
    let member = |grantee| index::category_query(&snapshot.keyring, CategoryTerm::Member(grantee));
    let labels: Vec<Label> = authority.grantees().iter().flat_map(member).collect();
    let mut found = Vec::new();
    // A store takes so many labels at once; hardly anyone holds so many roles.
    for some in labels.chunks(QUERY_LABELS_MAX) {
        let query = Query { labels: vec![some.to_vec()], limit: PAGE, ..Query::new(core.id, RecordKind::Category) };
        found_by(core, snapshot, authority, query, &mut found)?;
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn found_by(
    core: &Core,
    snapshot: &Snapshot,
    authority: &Authority,
    mut query: Query,
    found: &mut Vec<Membership>,
) -> Result<(), VaultError> {
    loop {
        let page = core.store.scan(&query)?;
        query.cursor = page.next;
        for record in page.into_records()? {
            let opened = open_record::<CategoryHead>(&snapshot.keyring, RecordKind::Category, &record)
                .map_err(|cause| tampered(&record, cause))?;
            if opened.head.members.iter().any(|member| authority.grantees().contains(member)) {
                found.push((CategoryId::from_bytes(record.key.id.0), record.revision));
            }
        }
        if query.cursor.is_none() {
            return Ok(());
        }
    }
}

const PAGE: u32 = 256;
