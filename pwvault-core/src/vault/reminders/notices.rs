//! Notices about entries, written with the change they tell of.

use std::collections::BTreeMap;

use super::audience::{Readers, Recipient};
use super::due::Before;
use super::plan::{self, Step};
use crate::clock::Timestamp;
use crate::id::EntryId;
use crate::model::{Addressee, EntryHead, Notice, NoticeKind, Owner, Person, Secret};
use crate::store::ChangeSet;
use crate::vault::error::VaultError;
use crate::vault::gate::{FoundEntry, Gate};

impl Gate<'_> {
    /// Draws the consequences of a new secret, whose revision stands in `head` already: the end of
    /// the old one, what is due, and who is told. With `renewed` the credential is another one; else
    /// only what stands beside it changed.
    pub(in crate::vault) fn follow_secret(
        &self,
        found: &FoundEntry,
        head: &mut EntryHead,
        secret: &Secret,
        renewed: bool,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        if renewed {
            head.expires = None;
            self.keep_due(found.id, head, Before::Renewed, changes)?;
            if self.core.providers.pages.link.is_some() {
                self.end_links_in_messages(found.id, changes)?;
            }
            if plan::on_change(&self.snapshot.policy.settings, head) {
                self.tell_changed(found, head, secret, changes)?;
            }
        } else if let Some(end) = head.expires.as_mut().filter(|end| end.revision == found.head.secret.revision) {
            end.revision = head.secret.revision;
        }
        Ok(())
    }

    /// Tells the owner that the principal sees the secret, if that is asked for.
    pub(in crate::vault) fn tell_revealed(
        &self,
        found: &FoundEntry,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        let FoundEntry { id, head, .. } = found;
        if !head.reminder.on_reveal {
            return Ok(());
        }
        let readers = Readers::of(self)?;
        let person = match &head.owner {
            Owner::Admin(id) => Person::Admin(id.clone()),
            Owner::Client(id) => Person::Client(id.clone()),
        };
        let owner = Recipient { contact: readers.contact(&person)?, person };
        if readers.is_actor(&owner.person) || !readers.may_be_told(head, &owner)? {
            return Ok(());
        }
        let mut facts = self.facts(&readers, head, &owner, "revealed_at", self.now)?;
        facts.extend(self.session.context.reason.clone().map(|reason| ("reason".to_owned(), reason)));
        let notice = notice(NoticeKind::SecretRevealed, Some(*id), &owner, facts, None);
        self.write_message(notice, self.now, changes).map(drop)
    }

    /// Tells one person who wants mail what someone else did.
    pub(in crate::vault) fn tell_person(
        &self,
        kind: NoticeKind,
        person: Person,
        actor: Person,
        entry: Option<EntryId>,
        changes: &mut ChangeSet,
        add: impl Fn(&Recipient, &mut BTreeMap<String, String>),
    ) -> Result<(), VaultError> {
        let readers = Readers::of(self)?;
        let to = Recipient { contact: readers.contact(&person)?, person };
        if to.contact.as_ref().is_some_and(|contact| !contact.wants_mail) {
            return Ok(());
        }
        let mut facts = BTreeMap::new();
        add(&to, &mut facts);
        facts.insert("actor".to_owned(), readers.name(&actor)?);
        let notice = notice(kind, entry, &to, facts, None);
        self.write_message(notice, self.now, changes).map(drop)
    }

    /// Writes a reminder to everyone who is to get it, for the hour at which each gets it.
    pub(in crate::vault) fn remind(
        &self,
        readers: &Readers<'_>,
        found: &FoundEntry,
        step: &Step,
        now: Timestamp,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        let changed_at = found.head.secret.changed_at;
        for to in readers.told(&found.head, now)? {
            let zone = to.zone();
            let mut facts = known(&found.head);
            facts.insert("changed_at".to_owned(), zone.local(changed_at));
            facts.insert("due_at".to_owned(), zone.local(step.due_at(&zone)?));
            let at = step.arrives_at(&zone)?.max(now);
            self.write_message(notice(step.notice(), Some(found.id), &to, facts, Some(changed_at)), at, changes)?;
        }
        Ok(())
    }

    /// Tells everyone concerned that a secret has come to its end.
    pub(in crate::vault) fn tell_expired(
        &self,
        readers: &Readers<'_>,
        found: &FoundEntry,
        ended_at: Timestamp,
        now: Timestamp,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        let changed_at = found.head.secret.changed_at;
        for to in readers.told(&found.head, now)? {
            let zone = to.zone();
            let mut facts = known(&found.head);
            facts.insert("changed_at".to_owned(), zone.local(changed_at));
            facts.insert("ends_at".to_owned(), zone.local(ended_at));
            let notice = notice(NoticeKind::SecretExpired, Some(found.id), &to, facts, Some(changed_at));
            self.write_message(notice, now, changes)?;
        }
        Ok(())
    }

    fn tell_changed(
        &self,
        found: &FoundEntry,
        head: &EntryHead,
        secret: &Secret,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        let readers = Readers::of(self)?;
        for to in readers.told(head, self.now)?.into_iter().filter(|to| !readers.is_actor(&to.person)) {
            let mut facts = self.facts(&readers, head, &to, "changed_at", self.now)?;
            // What is locked would lie open to the vault until the message is sent.
            if head.reminder.with_link && !head.is_locked() {
                self.add_link(found, &to, secret, &mut facts, changes)?;
            }
            let notice = notice(NoticeKind::SecretChanged, Some(found.id), &to, facts, None);
            self.write_message(notice, self.now, changes)?;
        }
        Ok(())
    }

    /// Adds a link to the new password to what someone is told who may reveal it.
    fn add_link(
        &self,
        found: &FoundEntry,
        to: &Recipient,
        secret: &Secret,
        facts: &mut BTreeMap<String, String>,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        let Some(page) = &self.core.providers.pages.link else { return Ok(()) };
        if let Some(link) = self.link_for_notice(found, &secret.password, to.standing(), changes)? {
            facts.insert("link".to_owned(), link.address(page));
            facts.insert("ends_at".to_owned(), to.zone().local(self.end_of(None)?));
        }
        Ok(())
    }

    /// What is said of an entry, of who did something with it, and of when.
    fn facts(
        &self,
        readers: &Readers<'_>,
        head: &EntryHead,
        to: &Recipient,
        when: &str,
        at: Timestamp,
    ) -> Result<BTreeMap<String, String>, VaultError> {
        let mut facts = known(head);
        facts.insert("actor".to_owned(), readers.name(&readers.actor())?);
        facts.insert(when.to_owned(), to.zone().local(at));
        Ok(facts)
    }
}

fn known(head: &EntryHead) -> BTreeMap<String, String> {
    BTreeMap::from([("entry".to_owned(), head.name.clone())])
}

fn notice(
    kind: NoticeKind,
    entry: Option<EntryId>,
    to: &Recipient,
    facts: BTreeMap<String, String>,
    changed_at: Option<Timestamp>,
) -> Notice {
    let locale = to.contact.as_ref().and_then(|contact| contact.locale.clone());
    let audience = to.audience();
    Notice { kind, audience, to: Addressee::Person(to.person.clone()), entry, facts, locale, changed_at }
}
