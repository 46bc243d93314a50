//! Several hosts at once: eight processes run what is due on one database file.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use pwvault_core::model::{Choice, DeliveryError, EntryReminder, Notifier, OutboxMessage, Person};
use pwvault_core::store::SqliteStore;
use pwvault_core::testing::FixedClock;
use pwvault_core::vault::prelude::*;
use pwvault_core::{Clock, Principal, RequestContext, VaultBuilder};

use super::host::{VAULT, kek};
use super::world::{DAY, START, World, client, contact, draft, months, sub_user};

/// Appends a line for each message to a file, in one write.
struct Appending(PathBuf);

impl Notifier for Appending {
    fn deliver(&self, message: &OutboxMessage) -> Result<(), DeliveryError> {
        let failed = |error: std::io::Error| DeliveryError::Transient(error.to_string());
        let mut file = OpenOptions::new().append(true).create(true).open(&self.0).map_err(failed)?;
        file.write_all(format!("{} {}\n", message.id, std::process::id()).as_bytes()).map_err(failed)
    }
}

const FOLDER: &str = "PWVAULT_REMINDERS_FOLDER";
const ENTRIES: usize = 30;
const PROCESSES: usize = 8;

/// One of the processes; by itself it does nothing.
#[test]
fn one_process_of_several() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let now = START.plus_millis(40 * DAY);
    let store = SqliteStore::open(folder.join("vault.db")).unwrap();
    let vault = VaultBuilder::new(kek())
        .clock(FixedClock::new(now))
        .notifier(Appending(folder.join("sent")))
        .open(Arc::new(store), VAULT)
        .unwrap();
    let cron = vault.session(Principal::system(), RequestContext::default());
    // They begin together.
    std::fs::write(folder.join(format!("ready-{}", std::process::id())), "").unwrap();
    while std::fs::read_dir(&folder).unwrap().filter(|file| is_ready(file.as_ref().unwrap())).count() < PROCESSES {
        std::thread::yield_now();
    }
    loop {
        let report = cron.run_due(now).unwrap();
        for job in &report.jobs {
            assert!(job.error.is_none(), "{job:?}");
        }
        if !report.more() {
            return;
        }
    }
}

fn is_ready(file: &std::fs::DirEntry) -> bool {
    file.file_name().to_string_lossy().starts_with("ready-")
}

fn start(folder: &Path) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["processes::one_process_of_several", "--exact", "--test-threads=1"])
        .env(FOLDER, folder)
        .spawn()
        .unwrap()
}

#[test]
fn eight_processes_send_each_message_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("vault.db")).unwrap();
    let world = World::over(Arc::new(store), pwvault_core::model::Settings::default());
    world.know(&[contact(Person::Client(client("anna")), "UTC"), contact(sub_user("anna", "one"), "Asia/Tokyo")]);
    let anna = world.client("anna");
    for number in 0..ENTRIES {
        let id = anna.create_entry(&draft(&format!("{number}"))).unwrap();
        let reminder = EntryReminder { change_every: Choice::Set(months(1)), ..EntryReminder::default() };
        anna.set_reminder(id, 1, &reminder).unwrap();
    }
    let processes: Vec<_> = (0..PROCESSES).map(|_| start(folder.path())).collect();
    for mut process in processes {
        assert!(process.wait().unwrap().success());
    }
    let sent = std::fs::read_to_string(folder.path().join("sent")).unwrap();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in sent.lines() {
        *counts.entry(line.split_once(' ').unwrap().0).or_default() += 1;
    }
    assert_eq!(counts.len(), 2 * ENTRIES, "messages sent");
    assert!(counts.values().all(|count| *count == 1), "{counts:?}");
    assert_eq!(world.clock.now(), START);
    assert_eq!(world.cron().outbox_status().unwrap().waiting, 0);
    let report = world.root().verify_log(&pwvault_core::audit::VerifyOptions::default()).unwrap();
    assert!(report.is_clean(), "{report}");
}
