//! Import from and export to CSV.

use std::cell::RefCell;
use std::io::Write;

use serde::{Deserialize, Serialize};

use super::draft;
use super::error::VaultError;
use super::gate::{FoundEntry, Gate};
use super::listing::EntryFilter;
use super::sealing::Holder;
use super::session::Session;
use super::unlock::{Needed, add_need};
use crate::csv::{
    self, CsvError, Dialect, ExportMode, ExportRow, Import, ImportRow, Problem, ReadOptions, RowOutcome, SkipReason,
    Written,
};
use crate::id::{EntryId, KeyId};
use crate::model::{
    Action, EntryDraft, EntryHead, EventKind, FieldDraft, FieldValue, Outcome, Owner, Secret, ServiceLink, ServicePart,
    ServiceRef,
};
use crate::policy::{Authorized, Capability};
use crate::store::{ChangeSet, Order};

/// How a file is imported.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions<'o> {
    /// How the file is read.
    pub read: ReadOptions<'o>,
    /// Who will own the entries; the principal's own account or person when absent.
    pub owner: Option<Owner>,
    /// The service every entry belongs to; its client is the owner when none is named.
    pub service: Option<ServiceRef>,
    /// Encryption keys to lock every entry to.
    pub keys: Vec<KeyId>,
    /// Import the good rows when some are bad; otherwise one bad row refuses the file.
    pub good_rows_only: bool,
    /// What becomes of rows whose name, user name and website an entry of the owner, or an earlier
    /// row, has already.
    pub duplicates: Duplicates,
}

/// What becomes of rows that an import has seen before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Duplicates {
    /// They are left out, so that the same file imported again changes nothing.
    #[default]
    Skip,
    /// They become entries of their own.
    Import,
    /// They are bad rows.
    Refuse,
}

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RowPlan {
    /// It becomes an entry.
    Create,
    /// This entry has the same name, user name and website; left out, unless
    /// [`Duplicates::Import`] is asked for. `None` stands for an earlier row of the file.
    Duplicate(Option<EntryId>),
    /// It is left out.
    Skip(SkipReason),
    /// It cannot become an entry.
    Bad(Problem),
    /// It reads, but the vault accepts no such entry.
    Unfit {
        /// Which part of the entry.
        field: &'static str,
        /// What is wrong and what would be right.
        problem: String,
    },
}

/// One row of a preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RowReport {
    /// The row, from 1, not counting the header.
    pub row: u64,
    /// The line it starts on, from 1.
    pub line: u64,
    /// The name of the entry it describes, if it could be read.
    pub name: Option<String>,
    /// What becomes of it.
    pub plan: RowPlan,
    /// What was changed about it so that nothing is lost.
    pub remarks: Vec<Problem>,
}

/// What an import would do, or did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportReport {
    /// What the file was taken for.
    pub file: csv::Sniffed,
    /// Every row, in the order of the file.
    pub rows: Vec<RowReport>,
    /// The entries made; none for a preview.
    pub imported: Vec<EntryId>,
}

impl ImportReport {
    /// Rows that cannot become an entry.
    pub fn problems(&self) -> impl Iterator<Item = &RowReport> {
        self.rows.iter().filter(|row| matches!(row.plan, RowPlan::Bad(_) | RowPlan::Unfit { .. }))
    }
}

/// Which entries are exported.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Selection {
    /// Those of a filter that the principal may reveal.
    Filter(EntryFilter),
    /// These, all of which the principal must be allowed to reveal.
    Ids(Vec<EntryId>),
}

/// Import and export.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # use pwvault_core::vault::{EntryFilter, ImportOptions, Selection};
/// let file = b"name,url,username,password\nShop,https://shop.example,anna,s3cret\n";
/// let options = ImportOptions::default();
/// let plan = anna.preview_import(file, &options)?;
/// assert_eq!((plan.rows.len(), plan.imported.len()), (1, 0));
/// assert_eq!(anna.import(file, &options, &mut |_row, _rows| {})?.imported.len(), 1);
///
/// let own = csv::dialect("pwvault").expect("the own dialect");
/// let mut out = Vec::new();
/// anna.export(&mut out, &Selection::Filter(EntryFilter::default()), own, csv::ExportMode::Exact)?;
/// assert!(!out.is_empty());
///
/// assert!(matches!(anna.import(b"\xff\xd8 a picture", &options, &mut |_, _| {}), Err(VaultError::Csv(_))));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Transfer {
    /// What an import would do, row by row; nothing is written.
    ///
    /// # Errors
    /// [`VaultError::Csv`] for a file that is refused as a whole, [`VaultError::Denied`].
    fn preview_import(&self, input: &[u8], options: &ImportOptions<'_>) -> Result<ImportReport, VaultError>;

    /// Imports a file, all or nothing. `progress` is told how many of how many rows are sealed.
    ///
    /// Folders and tags of other products become visible custom fields, so that nothing is lost
    /// and no staff tag is made.
    ///
    /// # Errors
    /// [`VaultError::Csv`] for a file that is refused as a whole; [`VaultError::BadRows`] when rows
    /// are bad and `good_rows_only` is not set; [`VaultError::Denied`], [`VaultError::Invalid`].
    fn import(
        &self,
        input: &[u8],
        options: &ImportOptions<'_>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<ImportReport, VaultError>;

    /// Exports entries with their secrets, the oldest first. The event is committed before the
    /// first byte is written.
    ///
    /// # Errors
    /// [`VaultError::LockedAll`] names every key and password that is needed, with the entries each
    /// opens; nothing is written until the session holds them all. [`VaultError::ApprovalsRequired`]
    /// names every entry that takes an approval first; name the others to leave these out.
    /// [`VaultError::ReasonRequired`], [`VaultError::TooMany`], [`VaultError::Denied`],
    /// [`VaultError::NotFound`]; [`VaultError::Csv`] when `out` fails.
    ///
    /// # Security
    /// The output holds every secret in the clear.
    fn export(
        &self,
        out: &mut dyn Write,
        selection: &Selection,
        dialect: &dyn Dialect,
        mode: ExportMode,
    ) -> Result<Written, VaultError>;
}

impl Transfer for Session {
    fn preview_import(&self, input: &[u8], options: &ImportOptions<'_>) -> Result<ImportReport, VaultError> {
        let import = csv::read(input, &options.read)?;
        self.run(|gate| {
            let target = gate.import_target(options)?;
            let mut known = gate.known_entries(&target.owner)?;
            let plan = |row: Result<RowOutcome, CsvError>| Ok(gate.plan(row?, &target, options, &mut known)?.0);
            let rows = import.rows().map(plan).collect::<Result<_, VaultError>>()?;
            Ok(ImportReport { file: *import.sniffed(), rows, imported: Vec::new() })
        })
    }

    fn import(
        &self,
        input: &[u8],
        options: &ImportOptions<'_>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<ImportReport, VaultError> {
        let import = csv::read(input, &options.read)?;
        let progress = RefCell::new(progress);
        self.run(|gate| gate.import(&import, options, &mut **progress.borrow_mut()))
    }

    fn export(
        &self,
        out: &mut dyn Write,
        selection: &Selection,
        dialect: &dyn Dialect,
        mode: ExportMode,
    ) -> Result<Written, VaultError> {
        let entries = self.run(|gate| {
            let proof = gate.capability(Capability::Export, EventKind::EntriesExported)?;
            gate.exported(&proof, selection)
        })?;
        let rows = entries.iter().map(|(head, draft)| ExportRow {
            draft,
            folder: "",
            tags: &[],
            created_at: Some(head.created_at),
            updated_at: Some(head.updated_at),
        });
        Ok(csv::write(out, dialect, mode, rows)?)
    }
}

/// Whose entries an import makes, and to whom they are sealed.
struct ImportTarget {
    proof: Authorized,
    owner: Owner,
    holders: Vec<Holder>,
    service: Option<ServiceLink>,
    may_be_private: bool,
}

type Known = std::collections::HashMap<(String, String, String), Option<EntryId>>;

impl Gate<'_> {
    fn import_target(&self, options: &ImportOptions<'_>) -> Result<ImportTarget, VaultError> {
        let proof = self.capability(Capability::Import, EventKind::EntriesImported)?;
        let of_service = || options.service.as_ref().map(|service| Owner::Client(service.client.clone()));
        let own = || self.authority.own().cloned();
        let owner = options.owner.clone().or_else(of_service).or_else(own);
        let owner = owner.ok_or_else(|| VaultError::invalid("owner", "this principal owns nothing; name an owner"))?;
        let create = Capability::Create { owner: owner.clone(), private: false };
        let _create = self.capability(create, EventKind::EntriesImported)?;
        self.admit_owner(&owner, EventKind::EntriesImported)?;
        let link = options.service.clone().map(|service| ServiceLink { service, part: ServicePart::Additional });
        let service =
            link.map(|link| self.admit_link(&link, &owner, EventKind::EntriesImported, &mut ChangeSet::new()));
        let service = service.transpose()?;
        let holders = if options.keys.is_empty() {
            Vec::from_iter(self.holder_of_master(&owner)?)
        } else {
            self.holders_of_keys(&owner, &options.keys)?
        };
        let private = Capability::Create { owner: owner.clone(), private: true };
        let may_be_private = self.authority.explain_capability(&private).effect.is_allow();
        Ok(ImportTarget { proof, owner, holders, service, may_be_private })
    }

    fn import(
        &self,
        import: &Import<'_>,
        options: &ImportOptions<'_>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<ImportReport, VaultError> {
        let target = self.import_target(options)?;
        let mut known = self.known_entries(&target.owner)?;
        let mut changes = ChangeSet::new();
        let mut event = self.event(EventKind::EntriesImported, Outcome::Done, &[]);
        // Ids of one millisecond are in no order; sorted, the list shows the entries as the file does.
        let mut ids = (0..import.row_count()).map(|_| EntryId::generate(self.now)).collect::<Result<Vec<_>, _>>()?;
        ids.sort_unstable();
        let mut ids = ids.into_iter();
        let mut rows = Vec::new();
        for row in import.rows() {
            let (report, draft) = self.plan(row?, &target, options, &mut known)?;
            let wanted = match &report.plan {
                RowPlan::Create => true,
                RowPlan::Duplicate(_) => options.duplicates == Duplicates::Import,
                RowPlan::Skip(_) | RowPlan::Bad(_) | RowPlan::Unfit { .. } => false,
            };
            if let Some(mut draft) = draft.filter(|_| wanted) {
                draft.owner = Some(target.owner.clone());
                draft.service = target.service.clone();
                let Some(id) = ids.next() else { return Err(VaultError::Busy) };
                self.seal_new_entry(id, &draft, &target.owner, &target.holders, &mut changes, &mut event)?;
                event.entries.push(id);
            }
            rows.push(report);
            progress(rows.len() as u64, import.row_count());
        }
        // Every entry is sealed to the same holders; they are named once.
        event.sealed_to.sort_unstable();
        event.sealed_to.dedup();

        let report = ImportReport { file: *import.sniffed(), rows, imported: event.entries.clone() };
        let bad = report.problems().count();
        if bad > 0 && !options.good_rows_only {
            return Err(VaultError::BadRows(Box::new(ImportReport { imported: Vec::new(), ..report })));
        }
        if !changes.is_empty() {
            self.commit(&target.proof, changes, event)?;
        }
        Ok(report)
    }

    /// What of the owner's entries the principal can see, to find duplicates by.
    fn known_entries(&self, owner: &Owner) -> Result<Known, VaultError> {
        let mut known = Known::new();
        // Whoever may not list, or has not unlocked the section, is told of no duplicates.
        let Ok(proof) = self.authority.authorize_capability(Capability::List) else { return Ok(known) };
        let filter = EntryFilter { owner: Some(owner.clone()), ..EntryFilter::default() };
        let limit = self.snapshot.policy.settings.search_limit;
        self.each_visible(&proof, &filter, Order::Descending, None, limit, |view| {
            let EntryHead { name, username, website, .. } = view.head;
            known.insert((name, username, website.unwrap_or_default()), Some(view.id));
            true
        })?;
        Ok(known)
    }

    /// What becomes of a row, and the entry it makes.
    fn plan(
        &self,
        row: RowOutcome,
        target: &ImportTarget,
        options: &ImportOptions<'_>,
        known: &mut Known,
    ) -> Result<(RowReport, Option<EntryDraft>), VaultError> {
        let import = match row {
            RowOutcome::Import(import) => import,
            RowOutcome::Bad(problem) => {
                let (row, line) = (problem.row(), problem.line());
                return Ok((
                    RowReport { row, line, name: None, plan: RowPlan::Bad(problem), remarks: Vec::new() },
                    None,
                ));
            }
            RowOutcome::Skip { row, line, reason } => {
                return Ok((
                    RowReport { row, line, name: None, plan: RowPlan::Skip(reason), remarks: Vec::new() },
                    None,
                ));
            }
        };
        let ImportRow { row, line, mut draft, folder, tags, created_at: _, updated_at: _, remarks } = *import;
        keep_as_field(&mut draft, "Folder", folder.into_iter().collect());
        keep_as_field(&mut draft, "Tags", tags);
        let name = Some(draft.name.clone());
        let unfit = |field, problem, remarks| {
            Ok((RowReport { row, line, name: name.clone(), plan: RowPlan::Unfit { field, problem }, remarks }, None))
        };
        if draft.private && !target.may_be_private {
            return unfit("private", "new private entries are not accepted here".to_owned(), remarks);
        }
        let person = self.session.principal.person();
        match draft::new_entry(&draft, target.owner.clone(), &person, self.now, self.generator_policy()) {
            Err(VaultError::Invalid { field, problem }) => return unfit(field, problem, remarks),
            made => drop(made?),
        }
        let key = (draft.name.clone(), draft.username.clone(), draft.website.clone());
        let plan = match known.insert(key, None) {
            Some(_) if options.duplicates == Duplicates::Refuse => {
                let problem = "an entry with this name, user name and website is there already";
                return unfit("name", problem.to_owned(), remarks);
            }
            Some(entry) => RowPlan::Duplicate(entry),
            None => RowPlan::Create,
        };
        Ok((RowReport { row, line, name, plan, remarks }, Some(draft)))
    }

    /// Opens what is selected, commits the event, and hands out what is to be written.
    fn exported(&self, proof: &Authorized, selection: &Selection) -> Result<Vec<(EntryHead, EntryDraft)>, VaultError> {
        let ids = match selection {
            Selection::Ids(ids) => ids.clone(),
            Selection::Filter(filter) => {
                self.check_owned_unlocked(filter)?;
                let mut ids = Vec::new();
                let stopped = self.each_visible(proof, filter, Order::Ascending, None, EXPORT_MAX, |view| {
                    if view.actions.has(Action::Reveal) {
                        ids.push(view.id);
                    }
                    true
                })?;
                if stopped.is_some() {
                    return Err(VaultError::TooMany { limit: EXPORT_MAX });
                }
                ids
            }
        };
        let mut opened = Vec::with_capacity(ids.len());
        let mut needs: Vec<Needed> = Vec::new();
        let mut changes = ChangeSet::new();
        let mut unapproved = Vec::new();
        for id in &ids {
            let (found, reveal) = self.allowed(*id, Action::Reveal, EventKind::EntriesExported)?;
            match self.missing(&reveal, *id, Action::Reveal)? {
                None => {}
                Some(VaultError::ApprovalRequired) => {
                    unapproved.push(*id);
                    continue;
                }
                Some(error) => {
                    self.log(EventKind::EntriesExported, Outcome::Denied, &[*id])?;
                    return Err(error);
                }
            }
            let reveal = reveal.fulfilled();
            match self.open_secret(&reveal, &found) {
                Ok(secret) => {
                    opened.push((found.head.clone(), draft_of(&found, &secret)));
                    self.add_revealed(found, &mut changes)?;
                }
                Err(VaultError::Locked(any_of)) => add_need(&mut needs, any_of, *id),
                Err(error) => return Err(error),
            }
        }
        if !unapproved.is_empty() {
            self.log(EventKind::EntriesExported, Outcome::Denied, &unapproved)?;
            return Err(VaultError::ApprovalsRequired(unapproved));
        }
        if !needs.is_empty() {
            return Err(VaultError::LockedAll(needs));
        }
        self.commit(proof, changes, self.event(EventKind::EntriesExported, Outcome::Done, &ids))?;
        Ok(opened)
    }
}

fn keep_as_field(draft: &mut EntryDraft, name: &str, texts: Vec<String>) {
    let value = texts.join(", ");
    if !value.is_empty() {
        draft.fields.push(FieldDraft { name: name.to_owned(), value: value.into(), secret: false });
    }
}

fn draft_of(found: &FoundEntry, secret: &Secret) -> EntryDraft {
    let head = &found.head;
    let fields = head.fields.iter().map(|field| match &field.value {
        FieldValue::Visible(value) => {
            FieldDraft { name: field.name.clone(), value: value.clone().into(), secret: false }
        }
        FieldValue::Secret => {
            let value = secret.fields.iter().find(|one| one.id == field.id).map(|one| one.value.clone());
            FieldDraft { name: field.name.clone(), value: value.unwrap_or_default(), secret: true }
        }
    });
    EntryDraft {
        name: head.name.clone(),
        kind: head.kind,
        username: head.username.clone(),
        website: head.website.clone().unwrap_or_default(),
        login_url: head.login_url.clone().unwrap_or_default(),
        password: secret.password.clone(),
        notes: secret.notes.clone(),
        totp: secret.totp.clone(),
        fields: fields.collect(),
        private: head.private,
        keys: Vec::new(),
        owner: None,
        service: None,
    }
}

/// How many entries one export holds at most.
const EXPORT_MAX: u32 = 100_000;
