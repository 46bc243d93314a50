//! Kills a process that writes to a vault, again and again, and looks what is left: no entry may be
//! torn, no acknowledged write lost, no secret revealed without its event.
//!
//! `journal.rs` holds what the writer was told, outside the vault; `writer.rs` is the process that
//! is killed; `checker.rs` holds the vault against the journal; `self_test.rs` damages both, to see
//! that the checker notices.

mod checker;
mod journal;
mod self_test;
mod vault;
mod writer;

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};
use pwvault_core::crypto::random_array;
use tempfile::TempDir;

use self::checker::Checked;

#[derive(Parser)]
#[command(name = "torture")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Kill a writer this many times
    Run {
        /// How many times
        rounds: u32,
    },
    /// Damage vaults and journals on purpose; the checker must notice
    SelfTest,
    /// Write to the vault in a directory until killed
    #[command(hide = true)]
    Write {
        /// The directory
        directory: PathBuf,
    },
}

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Run { rounds } => run(rounds),
        Task::SelfTest => self_test::run(),
        Task::Write { directory } => writer::write(&directory).map(|never| match never {}),
    };
    done.unwrap_or_else(|error| {
        eprintln!("torture: {error}");
        ExitCode::FAILURE
    })
}

fn run(rounds: u32) -> Outcome<ExitCode> {
    let begun = Instant::now();
    let mut total = Checked::default();
    let mut kills = 0;
    while kills < rounds {
        // A new vault now and then, so that its creation is interrupted too and checks stay quick.
        let place = TempDir::new()?;
        for _ in 0..ROUNDS_OF_A_VAULT.min(rounds - kills) {
            kill_a_writer(place.path(), LIFE_MS)?;
            kills += 1;
            let checked = checker::check(place.path())?;
            if !checked.faults.is_empty() {
                checked.faults.iter().for_each(|fault| println!("FAULT: {fault}"));
                println!("after {kills} kills; what is left lies in {}", place.keep().display());
                return Ok(ExitCode::FAILURE);
            }
            total.unacknowledged += checked.unacknowledged;
            total.landed += checked.landed;
        }
        let last = checker::check(place.path())?;
        total.writes += last.writes;
        total.reveals += last.reveals;
        total.events += last.events;
    }
    println!(
        "{kills} kills in {:.0} s: {} acknowledged writes and {} acknowledged reveals, all there; {} operations were \
         under way, of which {} had landed; {} events verified",
        begun.elapsed().as_secs_f64(),
        total.writes,
        total.reveals,
        total.unacknowledged,
        total.landed,
        total.events
    );
    Ok(ExitCode::SUCCESS)
}

/// Starts a writer and kills it after up to so many milliseconds: one time in four from its start,
/// else from its first operation.
fn kill_a_writer(directory: &Path, most_ms: u64) -> Outcome<()> {
    let mut writer = Command::new(std::env::current_exe()?)
        .arg("write")
        .arg(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let ready = writer.stdout.take();
    if below(4)? > 0 {
        BufReader::new(ready.ok_or("the writer has no standard output")?).read_line(&mut String::new())?;
    }
    sleep(Duration::from_micros(below(most_ms * 1000)?));
    if let Some(status) = writer.try_wait()? {
        return Err(format!("the writer ended by itself: {status}; {}", directory.display()).into());
    }
    // SIGKILL: the writer cannot see it coming.
    writer.kill()?;
    writer.wait()?;
    Ok(())
}

/// A random number below `limit`.
fn below(limit: u64) -> Outcome<u64> {
    Ok(u64::from_le_bytes(random_array()?) % limit.max(1))
}

const ROUNDS_OF_A_VAULT: u32 = 20;
const LIFE_MS: u64 = 100;
