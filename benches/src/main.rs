//! Measures pwvault beside its peers.
//!
//! `pwvault-benches [--long] [JOB...]`: all jobs, or those named. Writes `target/bench/summary.json`,
//! and after a whole run with all peers `docs/` as well.

mod floor;
mod growth;
mod jobs;
mod libargon2;
#[cfg(feature = "peers")]
mod peers;
mod race;
mod report;
mod sample;
mod world;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jobs::Bench;

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
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    std::fs::create_dir_all(target.join("bench"))?;
    std::fs::write(target.join("bench/summary.json"), serde_json::to_string_pretty(&report.summary())?)?;
    if named.is_empty() && cfg!(feature = "peers") {
        report.document(&root.join("docs"), &about()?)?;
    }
    Ok(())
}

/// When and on what kind of machine this ran.
fn about() -> Fallible<String> {
    let date = String::from_utf8(std::process::Command::new("date").args(["-u", "+%F"]).output()?.stdout)?;
    let cores = std::thread::available_parallelism()?;
    let processors = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let processor = named.map_or(std::env::consts::ARCH, |(_, name)| name);
    Ok(format!("Measured on {} on a machine with {cores} cores ({processor}).", date.trim()))
}
