//! Measures pwvault beside its peers.
//!
//! `pwvault-benches [--long] [JOB...]`: all jobs, or those named. Writes `target/bench/summary.json`,
//! and after a whole run with all peers `docs/` as well.

mod floor;
mod jobs;
mod libargon2;
#[cfg(feature = "peers")]
mod peers;
mod sample;
mod world;

use std::error::Error;
use std::process::ExitCode;

use jobs::Bench;
use pwvault_contest::{growth, machine, race, report};

type Fallible<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [jobs::IMPORT_ALONE, rows] => jobs::import_alone(rows),
        arguments => run(arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Fallible<()> {
    let long = arguments.contains(&"--long");
    let named: Vec<_> = arguments.iter().filter(|name| **name != "--long").collect();
    if let Some(unknown) = named.iter().find(|name| jobs::ALL.iter().all(|(known, _)| known != **name)) {
        let known: Vec<_> = jobs::ALL.iter().map(|(name, _)| *name).collect();
        return Err(format!("there is no job {unknown}; there are {}", known.join(", ")).into());
    }
    let mut bench = Bench::new(long);
    for (name, job) in jobs::ALL {
        if named.is_empty() || named.iter().any(|wanted| **wanted == name) {
            eprintln!("== {name}");
            job(&mut bench)?;
        }
    }
    let report = bench.report;
    println!("\n{}", report.table());
    machine::summarise(&report, "summary.json")?;
    if named.is_empty() && cfg!(feature = "peers") {
        report.document(&machine::root().join("docs"), "benchmarks.md", report::INTRODUCTION, &machine::about()?)?;
    }
    Ok(())
}
