//! Approvals: a second person agrees to what a grant allows with an approval only. Owns the request
//! and its answer, and what has to be fulfilled before an allowance is used.

use serde::{Deserialize, Serialize};

use super::core::tampered;
use super::error::VaultError;
use super::gate::Gate;
use super::reminders::Recipient;
use super::session::Session;
use crate::clock::Timestamp;
use crate::envelope::{open_record, seal_record};
use crate::id::{ApprovalId, EntryId, RecordId, RecordKind};
use crate::index;
use crate::model::{Action, EntryHead, EventKind, Message, NoticeKind, Obligations, Outcome, Owner, Person, Section};
use crate::policy::{Authorized, Denied};
use crate::store::{ChangeSet, Label, Query, Record, RecordKey};
use crate::translate::{Catalogues, Translator};

/// A request for approval: one for each person, entry and action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Approval {
    /// Who asks.
    pub requester: Person,
    /// The administrator signed in as that person.
    pub on_behalf_of: Option<Person>,
    /// For which entry.
    pub entry: EntryId,
    /// For doing what.
    pub action: Action,
    /// Why.
    pub reason: String,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// What became of it.
    pub state: ApprovalState,
}

/// What became of a request for approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApprovalState {
    /// Nobody has answered.
    Pending,
    /// It holds until a moment.
    Given {
        /// By whom.
        by: Person,
        /// Until when.
        until: Timestamp,
    },
    /// It was refused.
    Refused {
        /// By whom.
        by: Person,
    },
    /// It holds for one use, until a moment.
    GivenOnce {
        /// By whom.
        by: Person,
        /// Until when.
        until: Timestamp,
    },
    /// It was for one use and was used.
    Used {
        /// Who had given it.
        by: Person,
        /// When it was used.
        at: Timestamp,
    },
    /// It was taken back.
    Withdrawn {
        /// By the one who asked, or the one who had given it.
        by: Person,
    },
}

/// Asking for and giving the approval that a grant asks for.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # use pwvault_core::model::{Action, Actions, GrantTerms, Grantee, Obligations};
/// # use pwvault_core::policy::GrantChange;
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # let id = anna.create_entry(&EntryDraft { name: "Root".into(), password: "s3cret".into(), ..EntryDraft::default() })?;
/// let terms = GrantTerms { obligations: Obligations { reason: false, approval: true }, ..GrantTerms::default() };
/// anna.share(id, &[GrantChange::put_on(Grantee::Admin(AdminId::new("bo")?), Actions::VIEW_AND_REVEAL, terms)])?;
/// let bo = vault.session(Principal::admin(AdminId::new("bo")?), RequestContext::default());
/// assert!(matches!(bo.reveal(id), Err(VaultError::ApprovalRequired)));
///
/// let asked = bo.request_approval(id, Action::Reveal, "the server is down")?;
/// # use pwvault_core::clock::{Clock, SystemClock};
/// anna.approve(asked, SystemClock.now().plus_millis(3_600_000))?;
/// assert_eq!(bo.reveal(id)?.password.expose(), "s3cret");
/// # Ok::<(), VaultError>(())
/// ```
pub trait Approvals {
    /// Asks for the approval to do `action` with an entry. A request that stands already is
    /// replaced; of a new one the owner of the entry is told.
    ///
    /// # Errors
    /// [`VaultError::State`] when the action needs no approval, [`VaultError::Invalid`] for a
    /// reason that is empty or too long, [`VaultError::Denied`], [`VaultError::NotFound`].
    fn request_approval(&self, entry: EntryId, action: Action, reason: &str) -> Result<ApprovalId, VaultError>;

    /// The requests nobody has answered that the principal may answer, by their ids, 1,000 at most.
    /// It costs what there is of unanswered requests in the vault, each with its entry.
    ///
    /// # Errors
    /// The errors of key provider and store.
    fn pending_approvals(&self) -> Result<Vec<(ApprovalId, Approval)>, VaultError>;

    /// Approves a request until a moment, at most seven days from now. It takes someone else than
    /// the requester, who may share the entry or holds the section `approvals`. The requester is told.
    ///
    /// # Errors
    /// [`VaultError::State`] when it was answered, [`VaultError::Invalid`] for a moment out of bounds,
    /// [`VaultError::NotFound`] for a request that the principal may not answer, such as its own.
    ///
    /// # Security
    /// An administrator who is signed in as a client is the same person, and so is a sub-user of
    /// another account with the same user id.
    fn approve(&self, id: ApprovalId, until: Timestamp) -> Result<(), VaultError>;

    /// As [`approve`](Self::approve), for one use: the first that is done and logged ends it.
    ///
    /// # Errors
    /// As [`approve`](Self::approve).
    fn approve_once(&self, id: ApprovalId, until: Timestamp) -> Result<(), VaultError>;

    /// Refuses a request, or takes an approval back. The requester is told.
    ///
    /// # Errors
    /// As [`approve`](Self::approve).
    fn refuse_approval(&self, id: ApprovalId) -> Result<(), VaultError>;

    /// Takes back what the principal has asked for, answered or not, or what it has approved, even
    /// when it could not approve it any more.
    ///
    /// # Errors
    /// [`VaultError::State`] when nothing is left to take back; [`VaultError::NotFound`] when the
    /// principal has neither asked for it nor approved it.
    fn withdraw_approval(&self, id: ApprovalId) -> Result<(), VaultError>;
}

impl Approvals for Session {
    fn request_approval(&self, entry: EntryId, action: Action, reason: &str) -> Result<ApprovalId, VaultError> {
        self.run(|gate| {
            let kind = EventKind::ApprovalAsked;
            if reason.trim().is_empty() || reason.len() > REASON_MAX {
                let problem = format!("it has {} bytes; 1 to {REASON_MAX} that are not all blank", reason.len());
                return Err(VaultError::invalid("reason", problem));
            }
            let found = gate.find(entry)?;
            let verdict = found
                .as_ref()
                .map_or(Err(Denied::NotFound), |found| gate.authority.authorize(action, entry, &found.head));
            let proof = gate.logged(verdict, kind)?;
            if !proof.obligations().approval {
                return Err(VaultError::State("this needs no approval; go ahead"));
            }
            let requester = self.principal.person();
            let key = gate.core.key(RecordKind::Approval, gate.approval_id(&requester, entry, action));
            let before = gate.load_noted(key)?;
            let revision = before.as_ref().map_or(0, |record| record.revision);
            let before = before.map(|record| gate.opened_approval(&record)).transpose()?;
            let approval = Approval {
                requester,
                on_behalf_of: self.context.on_behalf_of.clone(),
                entry,
                action,
                reason: reason.to_owned(),
                asked_at: gate.now,
                state: ApprovalState::Pending,
            };
            let mut changes = ChangeSet::new();
            changes.write(gate.approval_record(key.id, revision + 1, &approval)?);
            found.iter().for_each(|found| gate.assert_entry(found, &mut changes));
            let waits = before.is_some_and(|before| before.state == ApprovalState::Pending);
            if let Some(found) = found.filter(|_| !waits) {
                gate.tell_approval_asked(&found.head, &approval, &mut changes)?;
            }
            gate.commit(&proof.fulfilled(), changes, gate.event(kind, Outcome::Done, &[entry]))?;
            Ok(ApprovalId::from_bytes(key.id.0))
        })
    }

    fn pending_approvals(&self) -> Result<Vec<(ApprovalId, Approval)>, VaultError> {
        self.run(|gate| {
            let mut query = Query::new(gate.core.id, RecordKind::Approval);
            query.labels = vec![index::pending_approvals(&gate.snapshot.keyring)];
            let mut pending = Vec::new();
            loop {
                let page = gate.core.store.scan(&query)?;
                query.cursor = page.next;
                for record in page.into_records()? {
                    let approval = gate.opened_approval(&record)?;
                    if approval.state == ApprovalState::Pending && gate.may_approve(&approval)?.is_ok() {
                        pending.push((ApprovalId::from_bytes(record.key.id.0), approval));
                    }
                }
                if query.cursor.is_none() || pending.len() >= PENDING_MAX {
                    pending.truncate(PENDING_MAX);
                    return Ok(pending);
                }
            }
        })
    }

    fn approve(&self, id: ApprovalId, until: Timestamp) -> Result<(), VaultError> {
        let by = self.principal.person();
        self.run(|gate| gate.approve(id, until, &ApprovalState::Given { by: by.clone(), until }))
    }

    fn approve_once(&self, id: ApprovalId, until: Timestamp) -> Result<(), VaultError> {
        let by = self.principal.person();
        self.run(|gate| gate.approve(id, until, &ApprovalState::GivenOnce { by: by.clone(), until }))
    }

    fn refuse_approval(&self, id: ApprovalId) -> Result<(), VaultError> {
        self.run(|gate| {
            let by = self.principal.person();
            gate.answer(id, EventKind::ApprovalRefused, |_| Ok(ApprovalState::Refused { by: by.clone() }))
        })
    }

    fn withdraw_approval(&self, id: ApprovalId) -> Result<(), VaultError> {
        self.run(|gate| gate.withdraw(id))
    }
}

/// An approval for one use that this passage rests on, as it is to be written once it is used.
pub(super) type Spent = (RecordKey, u64, Approval);

impl Gate<'_> {
    /// Sees to what an allowance on an entry asks for. What is missing is refused and logged.
    pub(super) fn fulfil(
        &self,
        proof: Authorized,
        entry: EntryId,
        action: Action,
        kind: EventKind,
    ) -> Result<Authorized, VaultError> {
        match self.missing(&proof, entry, action)? {
            None => Ok(proof.fulfilled()),
            Some(error) => {
                self.log(kind, Outcome::Denied, &[entry])?;
                Err(error)
            }
        }
    }

    /// What an allowance asks for and is not there.
    pub(super) fn missing(
        &self,
        proof: &Authorized,
        entry: EntryId,
        action: Action,
    ) -> Result<Option<VaultError>, VaultError> {
        let Obligations { reason, approval } = proof.obligations();
        Ok(if reason && self.session.context.reason.as_ref().is_none_or(|reason| reason.trim().is_empty()) {
            Some(VaultError::ReasonRequired)
        } else if approval && !self.is_approved(entry, action)? {
            Some(VaultError::ApprovalRequired)
        } else {
            None
        })
    }

    /// Adds to a change set that the approvals for one use are used up.
    pub(super) fn spend_approvals(&self, changes: &mut ChangeSet) -> Result<(), VaultError> {
        for (key, revision, approval) in self.spent.borrow_mut().drain(..) {
            changes.write(self.approval_record(key.id, revision + 1, &approval)?);
        }
        Ok(())
    }

    /// Whether somebody else has approved it and the approval holds. What follows rests on it.
    fn is_approved(&self, entry: EntryId, action: Action) -> Result<bool, VaultError> {
        let requester = self.session.principal.person();
        let key = self.core.key(RecordKind::Approval, self.approval_id(&requester, entry, action));
        if self.spent.borrow().iter().any(|(spent, ..)| *spent == key) {
            return Ok(true);
        }
        let Some(record) = self.load_noted(key)? else {
            self.rely(key, None)?;
            return Ok(false);
        };
        let mut approval = self.opened_approval(&record)?;
        if (&approval.requester, approval.entry, approval.action) != (&requester, entry, action) {
            return Ok(false);
        }
        match approval.state {
            ApprovalState::GivenOnce { by, until } if self.now < until => {
                approval.state = ApprovalState::Used { by, at: self.now };
                self.spent.borrow_mut().push((key, record.revision, approval));
                Ok(true)
            }
            state => {
                self.rely(key, Some(record.revision))?;
                Ok(matches!(state, ApprovalState::Given { until, .. } if self.now < until))
            }
        }
    }

    fn approve(&self, id: ApprovalId, until: Timestamp, given: &ApprovalState) -> Result<(), VaultError> {
        if until <= self.now || until > self.now.plus_millis(UNTIL_MAX_MS) {
            return Err(VaultError::invalid("until", "it lies in the past, or more than seven days ahead"));
        }
        self.answer(id, EventKind::ApprovalGiven, |state| match state {
            ApprovalState::Pending => Ok(given.clone()),
            _ => Err(VaultError::State("the request was answered already; it has to be asked again")),
        })
    }

    fn withdraw(&self, id: ApprovalId) -> Result<(), VaultError> {
        let (kind, person) = (EventKind::ApprovalWithdrawn, self.session.principal.person());
        let key = self.core.key(RecordKind::Approval, id);
        let found = self.load_noted(key)?;
        let found = found.map(|record| self.opened_approval(&record).map(|approval| (record.revision, approval)));
        let concerned = |approval: &Approval| {
            use ApprovalState::{Given, GivenOnce};
            approval.requester == person
                || matches!(&approval.state, Given { by, .. } | GivenOnce { by, .. } if *by == person)
        };
        let Some((revision, mut approval)) = found.transpose()?.filter(|(_, approval)| concerned(approval)) else {
            self.log(kind, Outcome::Denied, &[])?;
            return Err(VaultError::NotFound);
        };
        match approval.state {
            ApprovalState::Pending | ApprovalState::Given { .. } | ApprovalState::GivenOnce { .. } => {}
            ApprovalState::Refused { .. } | ApprovalState::Used { .. } | ApprovalState::Withdrawn { .. } => {
                return Err(VaultError::State("nothing is left to take back"));
            }
        }
        approval.state = ApprovalState::Withdrawn { by: person };
        let mut changes = ChangeSet::new();
        changes.write(self.approval_record(key.id, revision + 1, &approval)?);
        self.commit_relying(changes, self.event(kind, Outcome::Done, &[approval.entry]))
    }

    /// Whether the principal may answer a request.
    fn may_approve(&self, approval: &Approval) -> Result<Result<Authorized, Denied>, VaultError> {
        let own = [Some(self.session.principal.person()), self.session.context.on_behalf_of.clone()];
        let asked = [Some(approval.requester.clone()), approval.on_behalf_of.clone()];
        let same = own.iter().flatten().any(|own| asked.iter().flatten().any(|asked| is_one_person(own, asked)));
        if same {
            return Ok(Err(Denied::NotFound));
        }
        let shares = match self.find(approval.entry)? {
            Some(found) => {
                // A right that ends in between frees nobody.
                self.rely(self.core.key(RecordKind::Entry, found.id), Some(found.revision))?;
                self.authority.authorize(Action::Share, approval.entry, &found.head)
            }
            None => Err(Denied::NotFound),
        };
        // Whoever may share only on conditions does not hold enough to free others of theirs.
        let shares = shares.ok().filter(|proof| proof.obligations().is_none());
        Ok(shares.map_or_else(|| self.authority.authorize_section(Section::Approvals), Ok))
    }

    fn answer(
        &self,
        id: ApprovalId,
        kind: EventKind,
        next: impl Fn(&ApprovalState) -> Result<ApprovalState, VaultError>,
    ) -> Result<(), VaultError> {
        let key = self.core.key(RecordKind::Approval, id);
        let Some(record) = self.load_noted(key)? else {
            self.log(kind, Outcome::Denied, &[])?;
            return Err(VaultError::NotFound);
        };
        let mut approval = self.opened_approval(&record)?;
        let proof = match self.may_approve(&approval)? {
            Ok(proof) => proof,
            Err(_) => {
                self.log(kind, Outcome::Denied, &[approval.entry])?;
                return Err(VaultError::NotFound);
            }
        };
        approval.state = next(&approval.state)?;
        let mut changes = ChangeSet::new();
        changes.write(self.approval_record(key.id, record.revision + 1, &approval)?);
        self.tell_approval_decided(&approval, kind, &mut changes)?;
        self.commit(&proof, changes, self.event(kind, Outcome::Done, &[approval.entry]))
    }

    /// Tells the owner of an entry that an approval is asked for.
    fn tell_approval_asked(
        &self,
        head: &EntryHead,
        approval: &Approval,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        let owner = match &head.owner {
            Owner::Admin(id) => Person::Admin(id.clone()),
            Owner::Client(id) => Person::Client(id.clone()),
        };
        let (requester, entry, catalogues) = (approval.requester.clone(), Some(approval.entry), self.catalogues()?);
        self.tell_person(NoticeKind::ApprovalAsked, owner, requester, entry, changes, |to, facts| {
            facts.insert("entry".to_owned(), head.name.clone());
            facts.insert("action".to_owned(), word(&catalogues, to, &approval.action));
            facts.insert("reason".to_owned(), approval.reason.clone());
        })
    }

    /// Tells who asked how it was decided.
    fn tell_approval_decided(
        &self,
        approval: &Approval,
        how: EventKind,
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        let Some(found) = self.find(approval.entry)? else { return Ok(()) };
        let (requester, by, catalogues) =
            (approval.requester.clone(), self.session.principal.person(), self.catalogues()?);
        self.tell_person(NoticeKind::ApprovalDecided, requester, by, Some(found.id), changes, |to, facts| {
            facts.insert("entry".to_owned(), found.head.name.clone());
            facts.insert("action".to_owned(), word(&catalogues, to, &approval.action));
            facts.insert("verdict".to_owned(), word(&catalogues, to, &how));
        })
    }

    fn opened_approval(&self, record: &Record) -> Result<Approval, VaultError> {
        let opened = open_record(&self.snapshot.keyring, RecordKind::Approval, record);
        Ok(opened.map_err(|cause| tampered(record, cause))?.head)
    }

    fn approval_id(&self, requester: &Person, entry: EntryId, action: Action) -> RecordId {
        let value = format!("{entry} {} {requester}", action as u8);
        index::unique_id(&self.snapshot.keyring, RecordKind::Approval, "request", value.as_bytes())
    }

    fn approval_record(&self, id: RecordId, revision: u64, approval: &Approval) -> Result<Record, VaultError> {
        let keyring = &self.snapshot.keyring;
        let labels: Vec<Label> = match approval.state {
            ApprovalState::Pending => index::pending_approvals(keyring).pop().into_iter().collect(),
            _ => Vec::new(),
        };
        Ok(seal_record(keyring, self.core.key(RecordKind::Approval, id), revision, approval, labels, &[])?)
    }
}

/// A message in the words of who is told.
fn word(catalogues: &Catalogues, to: &Recipient, what: &impl Message) -> String {
    let locale = catalogues.nearest(to.contact.as_ref().and_then(|contact| contact.locale.as_deref()));
    catalogues.translate(&what.phrase(), &locale).unwrap_or_default()
}

/// Whether two names stand for one person. A person who acts for several accounts stays one.
fn is_one_person(one: &Person, other: &Person) -> bool {
    match (one, other) {
        (Person::SubUser { user, .. }, Person::SubUser { user: other, .. }) => user == other,
        (one, other) => one == other,
    }
}

/// How many requests one list holds at most.
const PENDING_MAX: usize = 1_000;
const REASON_MAX: usize = 2_000;
const UNTIL_MAX_MS: i64 = 7 * 24 * 60 * 60 * 1000;
