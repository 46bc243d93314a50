//! What people and programs get to read.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::io::Write;

use indicatif::{ProgressBar, ProgressStyle};
use pwvault_core::SecretString;
use pwvault_core::csv::Problem;
use pwvault_core::vault::{Challenge, EntryView, ImportReport, RowPlan};
use serde::Serialize;

/// What the run came to: the one line of `--json`.
#[derive(Default, Serialize)]
pub(crate) struct Report {
    pub(crate) dialect: &'static str,
    /// Rows of the file; each is imported or a problem.
    pub(crate) rows: u64,
    pub(crate) imported: u64,
    pub(crate) problems: Vec<NotImported>,
    pub(crate) listed: u64,
    /// How often a secret was revealed.
    pub(crate) revealed: u32,
    pub(crate) denied: Option<Denial>,
    pub(crate) locked: Option<Lock>,
    pub(crate) audit: Audit,
    pub(crate) elapsed_ms: u128,
}

/// A row that did not become an entry.
#[derive(Serialize)]
pub(crate) struct NotImported {
    row: u64,
    line: u64,
    column: Option<usize>,
    key: &'static str,
    message: String,
}

impl fmt::Display for NotImported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {} (line {}): {}", self.row, self.line, self.message)
    }
}

#[derive(Serialize)]
pub(crate) struct Denial {
    pub(crate) reason: String,
    pub(crate) remedies: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct Lock {
    pub(crate) challenge: String,
}

#[derive(Default, Serialize)]
pub(crate) struct Audit {
    pub(crate) events: u64,
    pub(crate) verified: bool,
}

/// The rows of an import that did not become entries.
pub(crate) fn not_imported(report: &ImportReport) -> Vec<NotImported> {
    let bad = |problem: &Problem| (problem.column(), problem.kind().key(), problem.kind().to_string());
    let rows = report.rows.iter().filter_map(|row| {
        let (column, key, message) = match &row.plan {
            RowPlan::Bad(problem) => bad(problem),
            RowPlan::Unfit { field, problem } => (None, "unfit", format!("{field}: {problem}")),
            RowPlan::Skip(reason) => (None, reason.key(), "left out: it holds no entry".to_owned()),
            _ => return None,
        };
        Some(NotImported { row: row.row, line: row.line, column, key, message })
    });
    rows.collect()
}

/// A challenge as a person reads it.
pub(crate) fn in_words(challenge: &Challenge) -> String {
    match challenge {
        Challenge::Passphrase { fingerprint, .. } => {
            format!("the passphrase of key {}", shortened(&fingerprint.to_string(), 16))
        }
        Challenge::PrivateKey { fingerprint, .. } => {
            format!("private key {}", shortened(&fingerprint.to_string(), 16))
        }
        Challenge::MasterPassword { owner } => format!("the master password of {owner}"),
        _ => "another unlock".to_owned(),
    }
}

/// Tells the story on standard output, or nothing when only JSON is wanted.
pub(crate) struct Show {
    story: bool,
    secrets: bool,
    steps: Cell<u32>,
}

impl Show {
    pub(crate) fn new(story: bool, secrets: bool) -> Self {
        Self { story, secrets, steps: Cell::new(0) }
    }

    /// A heading.
    pub(crate) fn step(&self, title: &str) {
        self.steps.set(self.steps.get() + 1);
        self.line(format!("\n{}. {title}", self.steps.get()));
    }

    /// A line of the story.
    pub(crate) fn line(&self, text: impl AsRef<str>) {
        if self.story {
            // Whoever closed the pipe has read enough.
            let _ = writeln!(std::io::stdout(), "{}", text.as_ref());
        }
    }

    /// The first entries of a list.
    pub(crate) fn table(&self, entries: &[EntryView]) {
        let cell = |text: &str, width: usize| format!("{:width$}", shortened(&printable(text), width));
        self.line(format!("   {:34}  {:28}  {}", "name", "user name", "website"));
        for EntryView { head, .. } in entries.iter().take(TABLE_ROWS) {
            let website = shortened(&printable(head.website.as_deref().unwrap_or_default()), 40).into_owned();
            self.line(format!("   {}  {}  {website}", cell(&head.name, 34), cell(&head.username, 28)));
        }
        if let Some(more @ 1..) = entries.len().checked_sub(TABLE_ROWS) {
            self.line(format!("   … and {more} more"));
        }
    }

    /// A password as it may be printed.
    pub(crate) fn secret(&self, password: &SecretString) -> String {
        let text = password.expose();
        match text.char_indices().nth(6) {
            _ if self.secrets => printable(text).into_owned(),
            _ if text.is_empty() => "(empty)".to_owned(),
            Some(_) => format!("{}••••••  (--show-secrets prints it)", printable(&shown(text, 2))),
            None => "••••••  (--show-secrets prints it)".to_owned(),
        }
    }

    /// A bar for long work; it shows nothing when standard error is no terminal.
    pub(crate) fn progress(&self) -> ProgressBar {
        let style = ProgressStyle::with_template("   {bar:40} {human_pos} of {human_len} rows sealed, {eta} left");
        ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    }
}

/// Text of a file, without what would steer a terminal.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    let steers = |c: char| {
        c.is_control() || matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(steers) { text.replace(steers, "�").into() } else { text.into() }
}

fn shortened(text: &str, width: usize) -> Cow<'_, str> {
    if text.chars().count() <= width { text.into() } else { format!("{}…", shown(text, width - 1)).into() }
}

fn shown(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

const TABLE_ROWS: usize = 8;
