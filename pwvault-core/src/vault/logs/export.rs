//! The log as a file: JSON Lines, or CSV.

use std::fmt::Write as _;
use std::io::Write;

use serde::{Deserialize, Serialize};

use super::filter::LogFilter;
use crate::audit::{self, LoggedEvent};
use crate::clock::Timestamp;
#[cfg(feature = "csv")]
use crate::csv::{ExportMode, Table};
use crate::model::{Event, EventKind, Outcome, Section};
use crate::vault::error::VaultError;
use crate::vault::session::Session;

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LogFormat {
    /// One JSON object for each event and line, UTF-8.
    JsonLines,
    /// CSV as RFC 4180 with a header; [`ExportMode::SpreadsheetSafe`] keeps cells from being taken for
    /// formulas.
    #[cfg(feature = "csv")]
    Csv(ExportMode),
}

/// What an export wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogExport {
    /// Events, those that could not be read included.
    pub events: u64,
    /// Events that are not what was written: only their places were exported.
    pub damaged: u64,
}

/// Writes the event first, then page by page.
pub(super) fn export(
    session: &Session,
    out: &mut dyn Write,
    filter: &LogFilter,
    format: LogFormat,
) -> Result<LogExport, VaultError> {
    let start = session.run(|gate| {
        let _proof = gate.section(Section::LogsExport, EventKind::LogExported)?;
        gate.log(EventKind::LogExported, Outcome::Done, filter.entry.as_slice())?;
        Ok(audit::bounds(gate.core.store.as_ref(), &gate.snapshot.keyring, filter.from, filter.to)?)
    })?;
    let mut filter = LogFilter { limit: 1_000, after: Some(start), ..filter.clone() };
    let mut lines = Lines::new(out, format)?;
    let mut done = LogExport::default();
    loop {
        let page = session.run(|gate| {
            let _proof = gate.section(Section::LogsExport, EventKind::LogExported)?;
            let keyring = &gate.snapshot.keyring;
            Ok(audit::read(gate.core.store.as_ref(), keyring, &filter.query(keyring))?)
        })?;
        for event in &page.events {
            lines.write(event)?;
            done.events += 1;
            done.damaged += u64::from(event.event.is_none());
        }
        match page.next {
            Some(next) => filter.after = Some(next),
            None => break,
        }
    }
    lines.finish()?;
    Ok(done)
}

/// The columns of the CSV, and the names in JSON.
const COLUMNS: [&str; 17] = [
    "shard",
    "sequence",
    "time",
    "kind",
    "outcome",
    "actor",
    "on_behalf_of",
    "surface",
    "ticket",
    "service",
    "ip",
    "user_agent",
    "reason",
    "request_id",
    "entries",
    "changes",
    "sealed_to",
];

/// What stands under a name.
enum Cell {
    Number(u64),
    Text(Option<String>),
    List(Vec<String>),
}

enum Lines<'w> {
    Json(&'w mut dyn Write),
    #[cfg(feature = "csv")]
    Csv(Box<Table<'w>>),
}

impl<'w> Lines<'w> {
    fn new(out: &'w mut dyn Write, format: LogFormat) -> Result<Self, VaultError> {
        match format {
            LogFormat::JsonLines => Ok(Self::Json(out)),
            #[cfg(feature = "csv")]
            LogFormat::Csv(mode) => {
                let mut table = Table::new(out, mode)?;
                table.header(&COLUMNS)?;
                Ok(Self::Csv(table.into()))
            }
        }
    }

    fn write(&mut self, event: &LoggedEvent) -> Result<(), VaultError> {
        let cells = cells(event);
        match self {
            Self::Json(out) => {
                let mut line = String::new();
                json(&mut line, &cells);
                out.write_all(line.as_bytes()).map_err(VaultError::Output)
            }
            #[cfg(feature = "csv")]
            Self::Csv(table) => Ok(table.row(cells.into_iter().map(|cell| match cell {
                Cell::Number(number) => number.to_string().into(),
                Cell::Text(text) => text.unwrap_or_default().into(),
                Cell::List(list) => list.join(" ").into(),
            }))?),
        }
    }

    fn finish(self) -> Result<(), VaultError> {
        match self {
            Self::Json(out) => out.flush().map_err(VaultError::Output),
            #[cfg(feature = "csv")]
            Self::Csv(table) => Ok(table.finish()?),
        }
    }
}

/// An event in the order of [`COLUMNS`].
fn cells(LoggedEvent { position, event }: &LoggedEvent) -> [Cell; 17] {
    let (shard, sequence) = (Cell::Number(position.shard.into()), Cell::Number(position.sequence));
    let none = || Cell::Text(None);
    let text = |text: String| Cell::Text(Some(text));
    let Some(event) = event else {
        let damaged = text("damaged".to_owned());
        return [
            shard,
            sequence,
            none(),
            damaged,
            none(),
            none(),
            none(),
            none(),
            none(),
            none(),
            none(),
            none(),
            none(),
            none(),
            Cell::List(Vec::new()),
            Cell::List(Vec::new()),
            Cell::List(Vec::new()),
        ];
    };
    let Event {
        at,
        kind,
        outcome,
        actor,
        on_behalf_of,
        surface,
        ticket,
        service,
        ip,
        user_agent,
        reason,
        request_id,
        entries,
        changes,
        sealed_to,
    } = event;
    let change = |change: &crate::model::Change| {
        let state = change.digest.map_or_else(|| "deleted".to_owned(), |digest| hex(&digest));
        format!("{}:{}:{}:{state}", snake(&format!("{:?}", change.kind)), hex(&change.id), change.revision)
    };
    [
        shard,
        sequence,
        text(time(*at)),
        text(snake(&format!("{kind:?}"))),
        text(snake(&format!("{outcome:?}"))),
        text(actor.to_string()),
        Cell::Text(on_behalf_of.as_ref().map(ToString::to_string)),
        text(snake(&format!("{surface:?}"))),
        Cell::Text(ticket.as_ref().map(ToString::to_string)),
        Cell::Text(service.as_ref().map(ToString::to_string)),
        Cell::Text(ip.clone()),
        Cell::Text(user_agent.clone()),
        Cell::Text(reason.clone()),
        Cell::Text(request_id.clone()),
        Cell::List(entries.iter().map(ToString::to_string).collect()),
        Cell::List(changes.iter().map(change).collect()),
        Cell::List(sealed_to.iter().map(ToString::to_string).collect()),
    ]
}

/// RFC 3339 in UTC, or milliseconds where the calendar ends.
fn time(at: Timestamp) -> String {
    let millis = at.as_millis();
    jiff::Timestamp::from_millisecond(millis).map_or_else(|_| millis.to_string(), |at| format!("{at:.3}"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut out, byte| {
        let _infallible = write!(out, "{byte:02x}");
        out
    })
}

/// A variant's name as the format writes it.
fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for (at, c) in name.char_indices() {
        if c.is_ascii_uppercase() && at > 0 {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// One line of JSON (RFC 8259).
fn json(out: &mut String, cells: &[Cell]) {
    for (at, (name, cell)) in COLUMNS.iter().zip(cells).enumerate() {
        out.push(if at == 0 { '{' } else { ',' });
        quoted(out, name);
        out.push(':');
        match cell {
            Cell::Number(number) => out.push_str(&number.to_string()),
            Cell::Text(None) => out.push_str("null"),
            Cell::Text(Some(text)) => quoted(out, text),
            Cell::List(list) => {
                out.push('[');
                for (at, text) in list.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    quoted(out, text);
                }
                out.push(']');
            }
        }
    }
    out.push_str("}\n");
}

fn quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                let _infallible = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::audit::Position;
    use crate::id::{AdminId, EntryId};
    use crate::model::{Person, Surface};

    #[test]
    fn json_reads_back_whatever_stands_in_a_text() {
        let actor = Person::Admin(AdminId::new("7").unwrap());
        let hard = "\"\\/\u{7f}\u{85}\u{0}\n\u{2028}ü電𝄞=1+1";
        let event = Event {
            reason: Some(hard.to_owned()),
            entries: vec![EntryId::from_bytes([1; 16]); 2],
            ..Event::by(actor, EventKind::SecretRevealed, Timestamp::from_millis(1_700_000_000_123), Surface::AdminArea)
        };
        let mut line = String::new();
        json(&mut line, &cells(&LoggedEvent { position: Position { shard: 3, sequence: 4 }, event: Some(event) }));
        assert_eq!(line.matches('\n').count(), 1);
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["reason"], hard);
        assert_eq!((read["kind"].as_str(), read["surface"].as_str()), (Some("secret_revealed"), Some("admin_area")));
        assert_eq!((read["sequence"].as_u64(), read["time"].as_str()), (Some(4), Some("2023-11-14T22:13:20.123Z")));
        assert_eq!(read["entries"].as_array().unwrap().len(), 2);
        assert!(read["ip"].is_null());
    }

    #[test]
    fn names_are_those_of_the_format() {
        for kind in [EventKind::LogRead, EventKind::PastSecretRevealed, EventKind::TotpShown] {
            assert_eq!(serde_json::to_value(kind).unwrap(), snake(&format!("{kind:?}")));
        }
    }
}
