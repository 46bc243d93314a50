//! Where a run happened, and where its results go.

use std::error::Error;
use std::fs::{create_dir_all, read_to_string, write};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::report::Report;

/// When and on what kind of machine this ran.
pub fn about() -> Result<String, Box<dyn Error>> {
    let date = String::from_utf8(Command::new("date").args(["-u", "+%F"]).output()?.stdout)?;
    let cores = std::thread::available_parallelism()?;
    let processors = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let processor = named.map_or(std::env::consts::ARCH, |(_, name)| name);
    Ok(format!("Measured on {} on a machine with {cores} cores ({processor}).", date.trim()))
}

/// How many processes were running or ready to, on average of the last minute; empty where nobody counts them.
pub fn load() -> String {
    let load = read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace().next().unwrap_or_default().to_owned()
}

/// Writes the figures of a run into `target/bench`.
pub fn summarise(report: &Report, file: &str) -> Result<(), Box<dyn Error>> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    create_dir_all(target.join("bench"))?;
    Ok(write(target.join("bench").join(file), serde_json::to_string_pretty(&report.summary())?)?)
}

/// The folder of the whole project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
