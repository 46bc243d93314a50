//! The story: Anna, a client, brings her passwords; her provider's staff see what she lets them.

use pwvault_core::csv::{self, ExportMode, ReadOptions};
use pwvault_core::model::{Action, Actions, Grantee};
use pwvault_core::policy::GrantChange;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{Duplicates, EntryFilter, EntryQuery, EntrySort, EntryView, ImportOptions, Selection};
use pwvault_core::{
    AdminId, ClientId, Clock, EntryId, Principal, RequestContext, RoleId, Session, SystemClock, Vault, VaultError,
};

use super::Outcome;
use super::locks::{guard, lock};
use super::show::{Audit, Denial, Report, Show, not_imported, printable};

/// The role that administers the vault. It opens every section, and no client's entries.
pub(crate) const FULL_ACCESS: &str = "full";

/// Runs through the story and reports what it came to.
pub(crate) fn tell(vault: &Vault, file: &[u8], read: ReadOptions<'_>, show: &Show) -> Outcome<Report> {
    // The host has signed these people in, and tells the vault who acts. Anna is a new client in
    // each run, so that a second run on the same vault finds her without entries.
    let anna_id = ClientId::new(format!("anna-{}", SystemClock.now().as_millis()))?;
    let session = |principal| vault.session(principal, RequestContext::default());
    let staff = |name: &str, role: &str| -> Outcome<Session> {
        Ok(session(Principal::admin_with_roles(AdminId::new(name)?, vec![RoleId::new(role)?])))
    };
    let mut anna = session(Principal::client(anna_id.clone()));
    let bert = session(Principal::client(ClientId::new("bert")?));

    let mut report = Report::default();
    import(&anna, file, read, show, &mut report)?;
    let entries = list(&anna, show, &mut report)?;
    if let Some(first) = entries.first() {
        reveal(&anna, first, show, &mut report)?;
    }
    if let Some(shared) = entries.iter().find(|entry| !entry.head.private) {
        share(&anna, shared.id, &staff("sam", SUPPORT)?, show, &mut report)?;
        hide(&bert, shared.id, show)?;
        refuse(&anna, shared.id, &staff("sue", SALES)?, show, &mut report)?;
    }
    if let Some(second) = entries.get(1).or(entries.first()) {
        anna = lock(&anna, &anna_id, second, show, &mut report)?;
    }
    if let Some(third) = entries.get(2).or(entries.last()) {
        anna = guard(&anna, &anna_id, third, show, &mut report)?;
    }
    export(&anna, show)?;
    verify(&staff("root", FULL_ACCESS)?, show, &mut report)?;
    Ok(report)
}

fn import(anna: &Session, file: &[u8], read: ReadOptions<'_>, show: &Show, report: &mut Report) -> Outcome<()> {
    show.step("Anna imports the file");
    let options =
        ImportOptions { read, good_rows_only: true, duplicates: Duplicates::Import, ..ImportOptions::default() };
    let bar = show.progress();
    let done = anna.import(file, &options, &mut |row, rows| {
        bar.set_length(rows);
        bar.set_position(row);
    });
    bar.finish_and_clear();
    let done = done?;

    report.dialect = done.file.dialect;
    report.rows = done.rows.len() as u64;
    report.imported = done.imported.len() as u64;
    report.problems = not_imported(&done);
    show.line(format!(
        "   It is of dialect {}. Of {} rows, {} became entries, each sealed under a key of its own.",
        report.dialect, report.rows, report.imported
    ));
    report.problems.iter().take(PROBLEMS_SHOWN).for_each(|problem| show.line(format!("   not imported: {problem}")));
    if let Some(more @ 1..) = report.problems.len().checked_sub(PROBLEMS_SHOWN) {
        show.line(format!("   not imported: {more} more rows"));
    }
    Ok(())
}

fn list(anna: &Session, show: &Show, report: &mut Report) -> Outcome<Vec<EntryView>> {
    show.step("Anna lists her entries; a list opens no secret");
    let mut query = EntryQuery { sort: EntrySort::OldestFirst, limit: 1_000, ..EntryQuery::default() };
    let mut entries = Vec::new();
    loop {
        let page = anna.list_entries(&query)?;
        entries.extend(page.entries);
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    report.listed = entries.len() as u64;
    show.table(&entries);
    Ok(entries)
}

fn reveal(anna: &Session, entry: &EntryView, show: &Show, report: &mut Report) -> Outcome<()> {
    show.step("Anna reveals one; the log says so before she sees it");
    let secret = anna.reveal(entry.id)?;
    report.revealed += 1;
    show.line(format!("   {}: {}", printable(&entry.head.name), show.secret(&secret.password)));
    Ok(())
}

fn share(anna: &Session, entry: EntryId, sam: &Session, show: &Show, report: &mut Report) -> Outcome<()> {
    show.step("Anna shares it with role support; Sam, who holds that role, reveals it");
    let grantee = Grantee::Role(RoleId::new(SUPPORT)?);
    anna.share(entry, &[GrantChange::put(grantee, Actions::VIEW_AND_REVEAL)])?;
    let secret = sam.reveal(entry)?;
    report.revealed += 1;
    show.line(format!("   Sam reads: {}", show.secret(&secret.password)));
    Ok(())
}

fn hide(bert: &Session, entry: EntryId, show: &Show) -> Outcome<()> {
    show.step("Bert, another client, asks for the same entry");
    let Err(error @ VaultError::NotFound) = bert.reveal(entry) else {
        return Err("another client was not told that there is nothing".into());
    };
    show.line(format!("   Bert reads: {error}"));
    Ok(())
}

fn refuse(anna: &Session, entry: EntryId, sue: &Session, show: &Show, report: &mut Report) -> Outcome<()> {
    show.step("Sue of sales may view it, but not reveal it; she is told why, and what would help");
    let grantee = Grantee::Role(RoleId::new(SALES)?);
    anna.share(entry, &[GrantChange::put(grantee, Actions::NONE.with(Action::View))])?;
    let Err(VaultError::Denied(decision)) = sue.reveal(entry) else {
        return Err("someone who may only view was not refused".into());
    };
    let reasons: Vec<_> = decision.reasons.iter().map(ToString::to_string).collect();
    let denial =
        Denial { reason: reasons.join("; "), remedies: decision.remedies.iter().map(ToString::to_string).collect() };
    show.line(format!("   no: {}", denial.reason));
    denial.remedies.iter().for_each(|remedy| show.line(format!("   what would help: {remedy}")));
    report.denied = Some(denial);
    Ok(())
}

fn export(anna: &Session, show: &Show) -> Outcome<()> {
    show.step("Anna exports everything");
    let own = csv::dialect("pwvault").ok_or("the own dialect is missing")?;
    // An export holds every secret in the clear, so this one goes nowhere.
    let written =
        anna.export(&mut std::io::sink(), &Selection::Filter(EntryFilter::default()), own, ExportMode::Exact)?;
    show.line(format!("   {} rows, lossless: an import gives them all back.", written.rows));
    Ok(())
}

fn verify(root: &Session, show: &Show, report: &mut Report) -> Outcome<()> {
    show.step("The administrator verifies the log, and every record against it");
    let verified = root.verify_log(&Default::default())?;
    report.audit = Audit { events: verified.events, verified: verified.is_clean() };
    show.line(format!(
        "   {} events and {} records; findings: {}.",
        verified.events,
        verified.records,
        verified.findings.len()
    ));
    if !report.audit.verified {
        return Err(format!("the log does not verify: {verified}").into());
    }
    Ok(())
}

const SUPPORT: &str = "support";
const SALES: &str = "sales";
const PROBLEMS_SHOWN: usize = 5;
