//! The log as a file.

use std::io::{self, Write};

use pwvault_core::csv::ExportMode;
use pwvault_core::model::{EventKind, Outcome};
use pwvault_core::store::Order;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{LogFilter, LogFormat};
use pwvault_core::{RequestContext, VaultError};

use crate::world::World;

fn oldest_first() -> LogFilter {
    LogFilter { order: Order::Ascending, ..LogFilter::default() }
}

#[test]
fn an_export_is_logged_and_has_every_event_up_to_its_own() {
    let world = World::new();
    world.entry_revealed("anna", 1_500);
    let mut out = Vec::new();
    let done = world.root().export_log(&mut out, &oldest_first(), LogFormat::JsonLines).unwrap();
    let lines: Vec<serde_json::Value> =
        String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events = world.events();
    assert_eq!((lines.len(), done.events as usize, done.damaged), (events.len(), events.len(), 0));
    for (line, event) in lines.iter().zip(&events) {
        assert_eq!(line["kind"], serde_json::to_value(event.kind).unwrap());
        assert_eq!(line["actor"], event.actor.to_string());
    }
    assert_eq!(lines.last().unwrap()["kind"], "log_exported");

    let mut csv = Vec::new();
    let filter = LogFilter { kinds: vec![EventKind::SecretRevealed], ..LogFilter::default() };
    let done = world.root().export_log(&mut csv, &filter, LogFormat::Csv(ExportMode::Exact)).unwrap();
    let rows: Vec<_> = csv::Reader::from_reader(csv.as_slice()).into_records().collect::<Result<_, _>>().unwrap();
    assert_eq!((done.events, rows.len()), (1_500, 1_500));
    assert_eq!(&rows[0][3], "secret_revealed");
    assert_eq!(world.count(EventKind::LogExported), 2);

    let refused = world.client("anna").export_log(&mut Vec::new(), &filter, LogFormat::JsonLines);
    assert!(matches!(refused, Err(VaultError::Denied(_))));
    assert_eq!(world.kinds().pop().unwrap(), (EventKind::LogExported, Outcome::Denied));
}

#[test]
fn no_cell_of_an_export_is_a_formula() {
    let world = World::new();
    let triggers = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a,=1", "\u{FF1D}1", "'=1", "x;=cmd|' /C calc'!A0"];
    for trigger in triggers {
        let context = RequestContext {
            reason: Some(trigger.into()),
            user_agent: Some(trigger.into()),
            request_id: Some(trigger.into()),
            ip: Some(trigger.into()),
            ..RequestContext::default()
        };
        let root = world.root();
        let session = world.vault.session(root.principal().clone(), context);
        session.read_log(&LogFilter::default()).unwrap();
    }
    let mut out = Vec::new();
    world.root().export_log(&mut out, &oldest_first(), LogFormat::Csv(ExportMode::SpreadsheetSafe)).unwrap();
    let text = out.strip_prefix(b"\xEF\xBB\xBF").unwrap();
    let rows: Vec<_> = csv::Reader::from_reader(text).into_records().collect::<Result<_, _>>().unwrap();
    let mut guarded = 0;
    for cell in rows.iter().flatten() {
        // Every place where some spreadsheet begins a cell.
        for part in cell.split([',', ';', '\t', '\r', '\n']) {
            let start = part.trim_start_matches(['"', ' ']).chars().next();
            assert!(!start.is_some_and(|c| "=+-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".contains(c)), "{cell:?}");
        }
        guarded += usize::from(cell.contains('\''));
    }
    assert!(guarded >= 4 * triggers.len());
}

/// Takes some bytes and then no more.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or_else(|| io::Error::other("full"))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_output_that_fails_ends_the_export_and_the_event_stays() {
    let world = World::new();
    world.entry_revealed("anna", 50);
    let failed = world.root().export_log(&mut Full(5_000), &oldest_first(), LogFormat::JsonLines);
    assert!(matches!(failed, Err(VaultError::Output(_))));
    let failed = world.root().export_log(&mut Full(5_000), &oldest_first(), LogFormat::Csv(ExportMode::Exact));
    assert!(matches!(failed, Err(VaultError::Csv(_))));
    assert_eq!(world.count(EventKind::LogExported), 2);
}
