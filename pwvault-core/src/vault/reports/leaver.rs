//! The leaver report: one walk over the entries that hang on a person, found by label, and one over the
//! person's own events.

use std::collections::{BTreeMap, BTreeSet};

use super::{HeldKey, KnownSecret, LeaverReport, NobodyElse, OwnedEntry, ShownService, SoleGrant, UsedEntry};
use crate::audit::{self, LogQuery};
use crate::clock::Timestamp;
use crate::envelope::Keyring;
use crate::id::{EntryId, KeyId, RecordKind, ServiceId};
use crate::index::{self, KeyTerm, Place, Term};
use crate::model::{
    Action, Actions, EntryHead, EventKind, Fingerprint, Grantee, KeyOwner, Outcome, Owner, Person, Principal,
    PrincipalKind, Recipient, Section, Subject,
};
use crate::policy::Authority;
use crate::store::{ChangeSet, Label, Query};
use crate::vault::error::VaultError;
use crate::vault::gate::{FoundEntry, Gate};
use crate::vault::membership::authority_of;
use crate::vault::principals::directory_of;
use crate::vault::session::Session;

pub(super) fn report(session: &Session, person: &Person) -> Result<LeaverReport, VaultError> {
    let leaver = session.run(|gate| {
        // Nobody learns from the directory's answer who may not ask.
        let _proof = gate.section(Section::Reports, EventKind::ReportRead)?;
        Leaver::of(gate, person)
    })?;
    session.run(|gate| {
        let proof = gate.section(Section::Reports, EventKind::ReportRead)?;
        let report = gate.report_on(&leaver)?;
        gate.commit(&proof, ChangeSet::new(), gate.event(EventKind::ReportRead, Outcome::Done, &[]))?;
        Ok(report)
    })
}

/// The labels of what a person knows, in use and in the trash.
pub(super) fn known_labels(keyring: &Keyring, person: &Person) -> Vec<Label> {
    in_both_places(keyring, &[Term::KnownTo(person), Term::KnownToMany])
}

fn in_both_places(keyring: &Keyring, terms: &[Term<'_>]) -> Vec<Label> {
    let places = [Place::Active, Place::Trash];
    terms.iter().flat_map(|term| places.map(|place| index::entry_query(keyring, place, *term))).flatten().collect()
}

/// Who leaves, with what the directory says of them.
struct Leaver {
    person: Person,
    principal: Principal,
    /// The names under which grants reach nobody else.
    alone: Vec<Grantee>,
}

impl Leaver {
    fn of(gate: &Gate<'_>, person: &Person) -> Result<Self, VaultError> {
        let directory = directory_of(&gate.session.core)?;
        let contact = directory.contact(person)?;
        let mut alone = Vec::new();
        let kind = match person.clone() {
            Person::Admin(id) => {
                alone.push(Grantee::Admin(id.clone()));
                let (roles, departments) =
                    contact.map(|contact| (contact.roles, contact.departments)).unwrap_or_default();
                for role in &roles {
                    if directory.members(&Subject::Role(role.clone()))?.iter().all(|member| member == person) {
                        alone.push(Grantee::Role(role.clone()));
                    }
                }
                PrincipalKind::Admin { id, roles, departments }
            }
            Person::Client(id) => {
                alone.push(Grantee::Client(id.clone()));
                PrincipalKind::Client { id, groups: contact.map(|contact| contact.groups).unwrap_or_default() }
            }
            Person::SubUser { account, user } => {
                let permissions = contact.map(|contact| contact.permissions).unwrap_or_default();
                PrincipalKind::SubUser { account, user, permissions }
            }
            Person::System | Person::Bearer => PrincipalKind::System,
        };
        Ok(Self { person: person.clone(), principal: Principal { kind, expected_lock: None }, alone })
    }

    /// As which owner the person stands; a sub-user owns nothing.
    fn owner(&self) -> Option<Owner> {
        match &self.person {
            Person::Admin(id) => Some(Owner::Admin(id.clone())),
            Person::Client(id) => Some(Owner::Client(id.clone())),
            Person::SubUser { .. } | Person::System | Person::Bearer => None,
        }
    }
}

/// What a person's own events tell.
#[derive(Default)]
struct Traces {
    used: BTreeMap<EntryId, Timestamp>,
    services: BTreeMap<ServiceId, Timestamp>,
    unlocked: BTreeMap<Fingerprint, Timestamp>,
    complete: bool,
}

impl Gate<'_> {
    fn report_on(&self, leaver: &Leaver) -> Result<LeaverReport, VaultError> {
        let (authority, _) = authority_of(self.core, &self.snapshot, &leaver.principal, None, self.now)?;
        let Traces { used, services, unlocked, complete } = self.traces(&leaver.person)?;
        let own_keys = self.own_keys(leaver)?;
        let mut report = LeaverReport {
            person: leaver.person.clone(),
            known: Vec::new(),
            used: Vec::new(),
            services: services.into_iter().map(|(service, shown_at)| ShownService { service, shown_at }).collect(),
            owned: Vec::new(),
            sole_grants: Vec::new(),
            keys: Vec::new(),
            complete,
        };
        let mut locks = BTreeMap::new();
        report.complete &= self.each_of_leaver(leaver, |found| {
            for lock in &found.head.locks {
                if let Recipient::Key(key) = lock.recipient {
                    locks.insert(lock.fingerprint, key);
                }
            }
            self.report_entry(leaver, &authority, &own_keys, &found, &mut report);
        })?;
        let known: BTreeSet<_> = report.known.iter().map(|known| known.entry).collect();
        for (id, last_used) in used.into_iter().filter(|(id, _)| !known.contains(id)) {
            if let Some(found) = self.find(id)?.filter(|found| found.head.secret.changed_at <= last_used)
                && leaver.owner().as_ref() != Some(&found.head.owner)
            {
                let name = self.name_of(&found);
                report.used.push(UsedEntry { entry: id, name, owner: found.head.owner, last_used });
            }
        }
        report.keys = held_keys(own_keys, &unlocked, &locks);
        Ok(report)
    }

    /// Adds to a report what an entry has to say.
    fn report_entry(
        &self,
        leaver: &Leaver,
        authority: &Authority,
        own_keys: &BTreeMap<KeyId, Fingerprint>,
        found: &FoundEntry,
        report: &mut LeaverReport,
    ) {
        let FoundEntry { id: entry, head, .. } = found;
        let (entry, owner) = (*entry, head.owner.clone());
        let name = || self.name_of(found);
        if leaver.owner().as_ref() == Some(&owner) {
            let nobody_else = self.nobody_else(head, own_keys);
            report.owned.push(OwnedEntry { entry, name: name(), nobody_else });
            return;
        }
        let knowing = head.known_to();
        if knowing.contains(&&leaver.person) {
            report.known.push(KnownSecret {
                entry,
                name: name(),
                owner: owner.clone(),
                changed_at: head.secret.changed_at,
                set_by_person: head.secret.changed_by == leaver.person,
                also_known_to: knowing.into_iter().filter(|one| **one != leaver.person).cloned().collect(),
                still_open: authority.evaluate(Action::Reveal, head).is_allow(),
                needs_rotation: head.secret.needs_rotation,
            });
        }
        let mut open = self.open_grants(head);
        if let (Some(through), None) = (open.next(), open.next())
            && head.category.is_none()
            && leaver.alone.contains(through)
        {
            report.sole_grants.push(SoleGrant { entry, name: name(), owner, through: through.clone() });
        }
    }

    /// Why nobody but its owner, who leaves, can open an entry.
    fn nobody_else(&self, head: &EntryHead, own_keys: &BTreeMap<KeyId, Fingerprint>) -> Option<NobodyElse> {
        if head.private {
            return Some(NobodyElse::Private);
        }
        let settings = &self.snapshot.policy.settings;
        let shared = self.open_grants(head).next().is_some() || head.category.is_some();
        let by_mode = matches!(head.owner, Owner::Client(_)) && mode_opens(&settings.access_mode);
        if !shared && !by_mode && settings.extended_roles.is_empty() {
            return Some(NobodyElse::NotShared);
        }
        let own = |recipient: &Recipient| match recipient {
            Recipient::Key(key) => own_keys.contains_key(key),
            Recipient::MasterPassword => true,
        };
        let locked = head.is_locked() && head.locks.iter().all(|lock| own(&lock.recipient));
        locked.then_some(NobodyElse::Locked)
    }

    fn open_grants<'a>(&self, head: &'a EntryHead) -> impl Iterator<Item = &'a Grantee> + use<'a> {
        let now = self.now;
        let gives = move |grant: &&crate::model::Grant| grant.is_open(now) && grant.actions != Actions::NONE;
        head.grants.iter().filter(gives).map(|grant| &grant.grantee)
    }

    fn name_of(&self, found: &FoundEntry) -> Option<String> {
        let shown = self.authority.evaluate(Action::View, &found.head).is_allow();
        shown.then(|| found.head.name.clone())
    }

    /// Every entry that the person knows, owns or is granted. Whether these were all.
    fn each_of_leaver(&self, leaver: &Leaver, mut each: impl FnMut(FoundEntry)) -> Result<bool, VaultError> {
        let keyring = &self.snapshot.keyring;
        let mut labels = known_labels(keyring, &leaver.person);
        let owner = leaver.owner();
        let terms = owner.iter().map(Term::Owner).chain(leaver.alone.iter().map(Term::Grantee));
        labels.extend(in_both_places(keyring, &terms.collect::<Vec<_>>()));
        let mut query = Query::new(self.core.id, RecordKind::Entry);
        query.labels = vec![labels];
        let mut left = self.snapshot.policy.settings.search_limit;
        while left > 0 {
            query.limit = left.min(PAGE);
            let page = self.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                left -= 1;
                each(self.opened_entry(record)?);
            }
            if query.cursor.is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn own_keys(&self, leaver: &Leaver) -> Result<BTreeMap<KeyId, Fingerprint>, VaultError> {
        let Some(owner) = leaver.owner().as_ref().map(KeyOwner::from) else { return Ok(BTreeMap::new()) };
        let mut query = Query::new(self.core.id, RecordKind::Key);
        query.labels = vec![index::key_query(&self.snapshot.keyring, KeyTerm::Owner(&owner))];
        let mut own = BTreeMap::new();
        loop {
            let page = self.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                let key = self.opened_key(&record)?;
                if key.head.owner == owner {
                    own.insert(key.id, key.head.fingerprint);
                }
            }
            if query.cursor.is_none() {
                return Ok(own);
            }
        }
    }

    fn traces(&self, person: &Person) -> Result<Traces, VaultError> {
        let keyring = &self.snapshot.keyring;
        let mut traces = Traces::default();
        let mut query = LogQuery {
            labels: vec![vec![index::event_actor_label(keyring, person)]],
            kinds: vec![
                EventKind::SignOnStarted,
                EventKind::TotpShown,
                EventKind::ServiceRevealed,
                EventKind::Unlocked,
            ],
            outcome: Some(Outcome::Done),
            limit: 1_000,
            ..LogQuery::default()
        };
        // A page passes over 10,000 events at most.
        for _ in 0..EVENT_PAGES {
            let page = audit::read(self.core.store.as_ref(), keyring, &query)?;
            for event in page.events.into_iter().filter_map(|logged| logged.event) {
                match event.kind {
                    EventKind::Unlocked => note(&mut traces.unlocked, event.sealed_to, event.at),
                    EventKind::ServiceRevealed => note(&mut traces.services, event.service, event.at),
                    _ => note(&mut traces.used, event.entries, event.at),
                }
            }
            query.cursor = page.next;
            if query.cursor.is_none() {
                traces.complete = true;
                break;
            }
        }
        Ok(traces)
    }
}

fn note<K: Ord>(last: &mut BTreeMap<K, Timestamp>, keys: impl IntoIterator<Item = K>, at: Timestamp) {
    for key in keys {
        let known = last.entry(key).or_insert(at);
        *known = at.max(*known);
    }
}

fn mode_opens(mode: &crate::model::AccessMode) -> bool {
    match mode {
        crate::model::AccessMode::Full => true,
        crate::model::AccessMode::Restricted(staff) => !staff.admins.is_empty() || !staff.roles.is_empty(),
        // Opens what is shared, which it is not.
        crate::model::AccessMode::Shared(_) => false,
    }
}

fn held_keys(
    own: BTreeMap<KeyId, Fingerprint>,
    unlocked: &BTreeMap<Fingerprint, Timestamp>,
    locks: &BTreeMap<Fingerprint, KeyId>,
) -> Vec<HeldKey> {
    let when = |fingerprint: &Fingerprint| unlocked.get(fingerprint).copied();
    let of_others = unlocked.keys().filter(|one| !own.values().any(|own| own == *one));
    let of_others: Vec<_> = of_others
        .map(|one| HeldKey { fingerprint: *one, key: locks.get(one).copied(), owned: false, unlocked_at: when(one) })
        .collect();
    own.iter()
        .map(|(key, one)| HeldKey { fingerprint: *one, key: Some(*key), owned: true, unlocked_at: when(one) })
        .chain(of_others)
        .collect()
}

const PAGE: u32 = 256;
const EVENT_PAGES: usize = 10;
