//! Holds a vault against the journal of those who wrote it.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use pwvault_core::audit::VerifyOptions;
use pwvault_core::csv::{self, ExportMode, ReadOptions, RowOutcome};
use pwvault_core::model::{Event, Outcome as Ending};
use pwvault_core::store::Order;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{EntryFilter, EntryQuery, EntryView, LogFilter, Selection};
use pwvault_core::{SecretBytes, Session, Vault};

use crate::Outcome;
use crate::journal::{End, Expected, Journal, Operation};
use crate::vault::{auditor, open, owner};

/// What a check found.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    /// What is not as it must be.
    pub(crate) faults: Vec<String>,
    /// Writes that were acknowledged.
    pub(crate) writes: u64,
    /// Reveals that were acknowledged.
    pub(crate) reveals: u64,
    /// Operations that were under way when the writer was killed last.
    pub(crate) unacknowledged: u64,
    /// How many of those had landed.
    pub(crate) landed: u64,
    /// Events that were verified.
    pub(crate) events: u64,
}

/// Holds the vault in a directory against its journal, and writes down what became of an operation
/// that was under way. Every fault is reported; an error means that the check itself failed.
pub(crate) fn check(directory: &Path) -> Outcome<Checked> {
    let mut journal = Journal::open(directory)?;
    let mut checked = Checked::default();
    for operation in &journal.operations {
        match operation.end {
            End::Acknowledged(_) if operation.deed.is_reveal() => checked.reveals += 1,
            End::Acknowledged(_) => checked.writes += 1,
            End::Unknown | End::Landed | End::Lost => {}
        }
    }
    let found = match open(directory) {
        Ok(Some(vault)) => look(&vault, &mut journal, &mut checked),
        Ok(None) if journal.operations.is_empty() => return Ok(checked),
        Ok(None) => Err("the vault is gone".into()),
        Err(error) => Err(error),
    };
    if let Err(error) = found {
        checked.faults.push(error.to_string());
    }
    Ok(checked)
}

fn look(vault: &Vault, journal: &mut Journal, checked: &mut Checked) -> Outcome<()> {
    let report = auditor(vault)?.verify_log(&VerifyOptions::default())?;
    checked.events = report.events;
    checked.faults.extend(report.findings.iter().map(|finding| format!("the log: {finding:?}")));

    let events = events(vault)?;
    settle(journal, &events, checked)?;
    for operation in &journal.operations {
        checked.faults.extend(fault_of_event(operation, events.get(&operation.request()).map_or(&[], Vec::as_slice)));
    }
    let known: Vec<_> = journal.operations.iter().map(Operation::request).collect();
    checked.faults.extend(events.keys().filter(|name| !known.contains(name)).map(|name| format!("{name} never began")));

    let session = owner(vault, None)?;
    let mut stored: BTreeMap<String, EntryView> = BTreeMap::new();
    for view in [list(&session, false)?, list(&session, true)?].into_iter().flatten() {
        if let Some(twin) = stored.insert(view.head.name.clone(), view) {
            checked.faults.push(format!("{} is there twice", twin.head.name));
        }
    }
    let secrets = secrets(&session)?;
    let model = journal.model();
    for (name, expected) in &model.0 {
        match stored.remove(name) {
            None => checked.faults.push(format!("{name} is gone")),
            Some(view) => checked.faults.extend(fault_of_entry(name, expected, &view, secrets.get(name))),
        }
    }
    checked.faults.extend(stored.keys().map(|name| format!("{name} is there, though nobody was told")));
    Ok(())
}

/// Decides by its event whether the operation that was under way has landed. Only the last one may
/// have been.
fn settle(journal: &mut Journal, events: &HashMap<String, Vec<Event>>, checked: &mut Checked) -> Outcome<()> {
    let open: Vec<_> = journal.operations.iter().filter(|one| one.end == End::Unknown).cloned().collect();
    for operation in open {
        if operation.number + 1 != journal.next_number() {
            checked.faults.push(format!("{} has no end, and is not the last", operation.request()));
        }
        let landed = events.contains_key(&operation.request());
        checked.unacknowledged += 1;
        checked.landed += u64::from(landed);
        journal.settle(operation.number, landed)?;
    }
    Ok(())
}

/// The events of every request of the writer's.
fn events(vault: &Vault) -> Outcome<HashMap<String, Vec<Event>>> {
    let auditor = auditor(vault)?;
    let mut filter = LogFilter { order: Order::Ascending, limit: 1_000, ..LogFilter::default() };
    let mut events: HashMap<String, Vec<Event>> = HashMap::new();
    loop {
        let page = auditor.read_log(&filter)?;
        for event in page.events.into_iter().filter_map(|logged| logged.event) {
            if let Some(request) = event.request_id.clone() {
                events.entry(request).or_default().push(event);
            }
        }
        filter.after = page.next;
        if filter.after.is_none() {
            return Ok(events);
        }
    }
}

fn fault_of_event(operation: &Operation, events: &[Event]) -> Option<String> {
    let Operation { deed, entry, end, .. } = operation;
    let name = format!("{} ({deed:?} of {entry})", operation.request());
    let as_expected = |event: &Event| event.kind == deed.event() && event.outcome == Ending::Done;
    match (end, events) {
        (End::Acknowledged(id), [event]) if as_expected(event) && event.entries == [*id] => None,
        (End::Landed, [event]) if as_expected(event) => None,
        (End::Lost, []) => None,
        (End::Acknowledged(_), []) => Some(format!("{name} was acknowledged, and has no event")),
        (_, events) => Some(format!("{name} ended as {end:?}, with {} events, or with another one", events.len())),
    }
}

fn list(session: &Session, trashed: bool) -> Outcome<Vec<EntryView>> {
    let filter = EntryFilter { trashed, ..EntryFilter::default() };
    let page = session.list_entries(&EntryQuery { filter, limit: 1_000, ..EntryQuery::default() })?;
    Ok(page.entries)
}

/// Opens every secret outside the trash, by the name of its entry.
fn secrets(session: &Session) -> Outcome<HashMap<String, String>> {
    let own = csv::dialect("pwvault").ok_or("the own dialect is missing")?;
    let mut file = Vec::new();
    session.export(&mut file, &Selection::Filter(EntryFilter::default()), own, ExportMode::Exact)?;
    let file = SecretBytes::new(file);
    let options = ReadOptions { dialect: Some(own), ..ReadOptions::default() };
    let mut secrets = HashMap::new();
    for row in csv::read(file.expose(), &options)?.rows() {
        if let RowOutcome::Import(row) = row? {
            secrets.insert(row.draft.name.clone(), row.draft.password.expose().to_owned());
        }
    }
    Ok(secrets)
}

fn fault_of_entry(name: &str, expected: &Expected, view: &EntryView, secret: Option<&String>) -> Option<String> {
    let head = &view.head;
    let found = Expected {
        // Secret and grants of what lies in the trash are not shown; they are once it is restored.
        secret: if expected.trashed { expected.secret.clone() } else { secret.cloned().unwrap_or_default() },
        version: head.version,
        secret_revision: head.secret.revision,
        shared: if expected.trashed { expected.shared } else { !head.grants.is_empty() },
        trashed: head.trashed.is_some(),
    };
    (found != *expected).then(|| format!("{name} should be {expected:?}, and is {found:?}"))
}
