//! What follows for entries: to the trash, to another owner, or without a grant.

use super::sweep::Sweep;
use super::told::{Consequence, HandOver};
use crate::envelope::open_record;
use crate::id::{CategoryId, RecordId, RecordKind};
use crate::index::{self, Place, Term};
use crate::model::{
    Binding, CategoryHead, CategoryOwner, EntryHead, Grant, Grantee, KeyOwner, Owner, Recipient, ServerRule,
    ServiceLink, ServiceRef, Trashed,
};
use crate::store::{ChangeSet, Query, Record};
use crate::vault::core::tampered;
use crate::vault::error::VaultError;
use crate::vault::gate::FoundEntry;
use crate::vault::history::keys_of;
use crate::vault::reminders::Before;
use crate::vault::unlock::Challenge;

/// Why an entry does not change hands.
enum Obstacle {
    Private,
    Locked(Vec<Challenge>),
}

impl Sweep<'_> {
    pub(super) fn entries(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        let work = self.work;
        let owner = work.leaver();
        let service = work.moved.as_ref().map(|service| &service.id);
        let mut terms: Vec<Term<'_>> = owner.iter().map(Term::Owner).collect();
        terms.extend(work.gone.iter().map(Term::Grantee));
        terms.extend(work.role().map(|_| Term::Servers));
        terms.extend(service.map(Term::Service));
        terms.extend(work.over.iter().map(Term::Bound));
        if let Some(Binding::Service(service)) = &work.over {
            terms.push(Term::Service(service));
        }
        terms.extend(work.own_categories.iter().map(|category| Term::Category(*category)));
        if terms.is_empty() {
            return Ok(None);
        }
        let gate = self.gate;
        let label = |(place, term)| index::entry_query(&gate.snapshot.keyring, place, term);
        let places = [Place::Active, Place::Trash];
        let both = terms.iter().flat_map(|term| places.map(|place| (place, *term)));
        let query =
            Query { labels: vec![both.flat_map(label).collect()], ..Query::new(gate.core.id, RecordKind::Entry) };
        self.page(query, after, Self::entry)
    }

    fn entry(&mut self, record: Record) -> Result<(), VaultError> {
        let found = self.gate.opened_entry(record)?;
        if let Some(service) = &self.work.moved {
            return self.entry_of_moved_service(&found, service);
        }
        if self.work.leaver().is_some_and(|leaver| leaver == found.head.owner) {
            return match self.work.new_owner() {
                Some(heir) => self.entry_of_leaver(&found, &heir),
                None if self.work.erased.is_some() => self.erase(&found),
                None => self.trash(&found),
            };
        }
        let mut head = found.head.clone();
        if self.work.over.is_some() && is_of_ended_service(self, &head) {
            self.end_grants(&found, &mut head)?;
            self.tell_entry(Consequence::EntryTrashed, usize::from(head.trashed.is_none()), &found);
            return self.write_trashed(&found, head);
        }
        self.end_grants(&found, &mut head)?;
        if head.category.is_some_and(|assigned| self.work.own_categories.contains(&assigned.category)) {
            head.category = None;
            self.tell_entry(Consequence::CategoryLeft, 1, &found);
        }
        if let (Some(role), Some(access)) = (self.work.role(), &mut head.connect)
            && let ServerRule::Roles(roles) = &mut access.rule
            && roles.contains(role)
        {
            roles.retain(|one| one != role);
            self.tell_entry(Consequence::ServerRuleChanged, 1, &found);
        }
        self.write_changed(&found, head)
    }

    fn trash(&mut self, found: &FoundEntry) -> Result<(), VaultError> {
        self.tell_entry(Consequence::EntryTrashed, usize::from(found.head.trashed.is_none()), found);
        self.write_trashed(found, found.head.clone())
    }

    /// Destroys an entry with its past secrets and what is due for it. What waits to be sent about it goes
    /// with the other messages.
    fn erase(&mut self, found: &FoundEntry) -> Result<(), VaultError> {
        let gate = self.gate;
        for (key, revision) in keys_of(&gate.scan_past(found.id)?) {
            self.changes.delete(key, revision);
        }
        gate.drop_due(found.id, &mut self.changes)?;
        self.changes.delete(gate.core.key(RecordKind::Entry, found.id), found.revision);
        self.event.entries.push(found.id);
        self.tell_entry(Consequence::EntryErased, 1, found);
        Ok(())
    }

    /// An entry of someone whose entries go to another.
    fn entry_of_leaver(&mut self, found: &FoundEntry, heir: &Owner) -> Result<(), VaultError> {
        match self.obstacle(found)? {
            None => {}
            Some(obstacle) => return self.keep(found, obstacle),
        }
        let mut head = found.head.clone();
        if let Some(into) = self.work.merged_into()
            && let Some(link) = &mut head.service
        {
            link.service.client = into.clone();
        }
        // A client that became part of another is there still; an administrator who left is not.
        head.secret.needs_rotation |= self.work.merged_into().is_none();
        self.rehome(found, head, heir)
    }

    /// An entry of a service that has another client.
    fn entry_of_moved_service(&mut self, found: &FoundEntry, service: &ServiceRef) -> Result<(), VaultError> {
        let heir = Owner::Client(service.client.clone());
        let Some(link) = found.head.service.clone().filter(|link| link.service.id == service.id) else { return Ok(()) };
        let mut head = found.head.clone();
        if head.owner == heir {
            head.service = Some(ServiceLink { service: service.clone(), ..link });
            return self.write_changed(found, head);
        }
        if let Some(obstacle) = self.obstacle(found)? {
            head.service = None;
            self.tell_entry(Consequence::ServiceLeft, 1, found);
            self.keep(found, obstacle)?;
            return self.write_changed(found, head);
        }
        head.service = Some(ServiceLink { service: service.clone(), ..link });
        let ended = head.end_grants(|grant| matches!(grant.grantee, Grantee::Client(_)));
        self.tell_entry(Consequence::GrantEnded, ended, found);
        if let Some(assigned) = head.category
            && self.is_a_clients(assigned.category)?
        {
            head.category = None;
            self.tell_entry(Consequence::CategoryLeft, 1, found);
        }
        // The old client knows it.
        head.secret.needs_rotation = true;
        self.rehome(found, head, &heir)
    }

    /// Gives an entry to another owner, who needs no grant of it any more.
    fn rehome(&mut self, found: &FoundEntry, mut head: EntryHead, heir: &Owner) -> Result<(), VaultError> {
        self.end_grants(found, &mut head)?;
        head.owner = heir.clone();
        let own = match heir {
            Owner::Admin(id) => Grantee::Admin(id.clone()),
            Owner::Client(id) => Grantee::Client(id.clone()),
        };
        head.grants.retain(|grant| grant.grantee != own);
        self.tell_entry(Consequence::EntryRehomed, 1, found);
        self.write_changed(found, head)
    }

    /// Leaves an entry with its owner and says what it needs.
    fn keep(&mut self, found: &FoundEntry, obstacle: Obstacle) -> Result<(), VaultError> {
        self.tell_entry(Consequence::EntryKept, 1, found);
        if let Some(entry) = self.visible(found) {
            self.hand_over(match obstacle {
                Obstacle::Private => HandOver::Private { entry },
                Obstacle::Locked(needs) => HandOver::Locked { entry, needs },
            });
        }
        Ok(())
    }

    /// What keeps an entry from changing hands: nobody but the owner is meant to have it, or nobody else
    /// could open it.
    fn obstacle(&self, found: &FoundEntry) -> Result<Option<Obstacle>, VaultError> {
        let head = &found.head;
        let merged = self.work.merged_into().is_some();
        if head.private && !merged {
            return Ok(Some(Obstacle::Private));
        }
        // Keys of a client that became part of another go along.
        for lock in &head.locks {
            if let Recipient::Key(id) = &lock.recipient
                && let Some(key) = self.gate.find_key(*id)?
                && (merged || key.head.owner != KeyOwner::from(&head.owner))
            {
                return Ok(None);
            }
        }
        let needs = self.gate.missing_to_open(found)?;
        Ok((!needs.is_empty()).then_some(Obstacle::Locked(needs)))
    }

    /// Ends or passes on the grants that what happened puts an end to.
    fn end_grants(&mut self, found: &FoundEntry, head: &mut EntryHead) -> Result<(), VaultError> {
        if let (Some(gone @ Grantee::Client(_)), Some(heir)) = (&self.work.gone, &self.work.heir) {
            self.pass_on(found, head, gone, heir);
        }
        let work = self.work;
        let ended = head.end_grants(|grant| {
            work.gone.as_ref() == Some(&grant.grantee) || work.over.is_some() && grant.bound_to == work.over
        });
        self.tell_entry(Consequence::GrantEnded, ended, found);
        Ok(())
    }

    /// Makes a client's grant another client's.
    fn pass_on(&mut self, found: &FoundEntry, head: &mut EntryHead, gone: &Grantee, heir: &Grantee) {
        let Some(at) = head.grants.iter().position(|grant| grant.grantee == *gone) else { return };
        let held = head.grants.iter().find(|grant| grant.grantee == *heir).cloned();
        let passed = Grant { grantee: heir.clone(), ..head.grants.remove(at) };
        self.tell_entry(Consequence::GrantRehomed, 1, found);
        match held {
            Some(held) if covers(&held, &passed) => {}
            Some(held) if covers(&passed, &held) => {
                head.grants.retain(|grant| grant.grantee != *heir);
                head.grants.push(passed);
            }
            Some(_) => {
                if let Some(entry) = self.visible(found) {
                    self.hand_over(HandOver::GrantsDiffer { entry });
                }
            }
            None => head.grants.push(passed),
        }
    }

    fn write_trashed(&mut self, found: &FoundEntry, mut head: EntryHead) -> Result<(), VaultError> {
        if head.trashed.is_none() {
            head.trashed = Some(Trashed { at: self.gate.now, by: self.gate.session.principal.person() });
        }
        self.write_changed(found, head)
    }

    /// Writes an entry that is not as it was found, with its secret where it belongs now.
    fn write_changed(&mut self, found: &FoundEntry, mut head: EntryHead) -> Result<(), VaultError> {
        if head == found.head {
            return Ok(());
        }
        let rest = self.rest_of(found, &mut head)?;
        let before = self.changes.deletes.len();
        let writes = self.changes.writes.len();
        self.gate.keep_due(found.id, &head, Before::Same, &mut self.changes)?;
        let ended = (self.changes.deletes.len() - before).saturating_sub(self.changes.writes.len() - writes);
        self.tell_entry(Consequence::ReminderEnded, ended, found);
        self.gate.write_entry(found.id, found.revision + 1, head, &rest, &mut self.changes)?;
        self.event.entries.push(found.id);
        Ok(())
    }

    /// The entry's secret where it belongs when the owner or the sharing has changed. What cannot be
    /// opened for that stays as it lies.
    fn rest_of(&mut self, found: &FoundEntry, head: &mut EntryHead) -> Result<Vec<u8>, VaultError> {
        let (old, gate) = (&found.head, self.gate);
        let concerned = (&old.owner, old.is_shared()) != (&head.owner, head.is_shared());
        if !concerned || gate.is_lost(head)? {
            return Ok(found.rest.clone());
        }
        let mut moved = ChangeSet::new();
        match gate.rest_once_ended(found, head, &mut moved, &mut self.event) {
            Ok(rest) => {
                self.changes.writes.extend(moved.writes);
                Ok(rest)
            }
            Err(VaultError::Locked(_)) if old.owner == head.owner => Ok(found.rest.clone()),
            Err(error) => Err(error),
        }
    }

    fn tell_entry(&mut self, what: Consequence, count: usize, found: &FoundEntry) {
        let visible = self.visible(found);
        self.told.add(what, count, visible);
    }

    /// Whether a category is a client's own.
    fn is_a_clients(&self, id: CategoryId) -> Result<bool, VaultError> {
        let Some(record) = self.gate.core.load(self.gate.core.key(RecordKind::Category, id))? else { return Ok(false) };
        let opened = open_record::<CategoryHead>(&self.gate.snapshot.keyring, RecordKind::Category, &record)
            .map_err(|cause| tampered(&record, cause))?;
        Ok(matches!(opened.head.owner, CategoryOwner::Client(_)))
    }
}

fn is_of_ended_service(sweep: &Sweep<'_>, head: &EntryHead) -> bool {
    match (&sweep.work.over, &head.service) {
        (Some(Binding::Service(over)), Some(link)) => link.service.id == *over,
        _ => false,
    }
}

/// Whether one grant gives all that the other gives, for as long, and asks for no more.
fn covers(one: &Grant, other: &Grant) -> bool {
    let lasts = one.ends_at.is_none_or(|end| other.ends_at.is_some_and(|other| other <= end));
    let bound = one.bound_to.is_none() || one.bound_to == other.bound_to;
    other.actions.is_subset_of(one.actions) && lasts && bound && other.obligations.covers(one.obligations)
}
