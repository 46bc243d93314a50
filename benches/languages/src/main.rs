//! The other languages beside Rust and beside what their users have otherwise:
//! `pwvault-bench-languages NAME=COMMAND... pages=FOLDER`, as `scripts/bench-languages` prepares them; what it could not
//! prepare it tells as an argument that holds `NOT RUN`.
//!
//! All contenders of a comparison take turns within one run, each timed on the wall by its own process: a helper
//! process works while its caller waits.

mod fastcgi;
mod runner;

use std::collections::HashMap;
use std::error::Error;
use std::fs::read_to_string;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use fastcgi::Page;
use pwvault_contest::machine::{about, load, root, summarise};
use pwvault_contest::race::{Contender, Watch, race_rounds};
use pwvault_contest::report::{Report, quantile, time};
use runner::Runner;

/// What is called: an operation or a peer's, where its records are, and how many bytes the secret has.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    name: &'static str,
    store: &'static str,
    size: usize,
}

type Fallible<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Fallible<()> {
    let before = load();
    let (mut runners, mut pages, mut report) = (Vec::new(), None, Report::default());
    for argument in std::env::args().skip(1) {
        match argument.split_once('=') {
            _ if argument.contains(": NOT RUN") => report.note(argument),
            Some(("pages", folder)) => pages = Some(PathBuf::from(folder)),
            Some((name, command)) => runners.push(Runner::start(name, command)?),
            None => return Err(format!("{argument}: expected NAME=COMMAND, pages=FOLDER or NAME: NOT RUN").into()),
        }
    }
    let named = |name: &str| runners.iter().find(|runner| runner.name == name);
    let rust = named("Rust").ok_or("expected Rust=COMMAND")?;
    calls(&mut report, rust, &runners);
    if let Some(php) = named("PHP over FFI") {
        beside_openssl(&mut report, rust, php);
    }
    if let Some(python) = named("Python") {
        beside_fernet(&mut report, python);
    }
    if let Some(folder) = pages {
        requests(&mut report, &folder)?;
    }
    println!("\n{}", report.table());
    let about = format!("{}\nLoad of the machine: {before} when it began, {} at the end.", about()?, load());
    println!("{about}");
    summarise(&report, "languages.json")?;
    Ok(report.document(&root().join("docs"), "benchmarks-languages.md", INTRODUCTION, &about)?)
}

/// One call of each language beside the same call from Rust.
fn calls(report: &mut Report, rust: &Runner, runners: &[Runner]) {
    for (case, job) in [
        (Case { name: "id", store: "memory", size: 0 }, "ask a vault for its id"),
        (Case { name: "reveal", store: "memory", size: 200 }, "reveal 200 bytes, vault in memory"),
        (Case { name: "reveal", store: "sqlite", size: 200 }, "reveal 200 bytes, vault in SQLite"),
    ] {
        let others: Vec<_> = runners.iter().filter(|runner| runner.name != rust.name).collect();
        let contenders = std::iter::once(&rust).chain(&others).map(|runner| runner.contender(case));
        let rounds = race_rounds(Watch::Wall, contenders.collect());
        for (runner, ours) in others.iter().zip(rounds.iter().skip(1)) {
            let id = format!("{}_{}_{}", case.name, case.store, runner.name.replace([' ', '\''], "_").to_lowercase());
            let job = format!("{}: {job}", runner.name);
            report.compare_rounds(&id, &job, ours, "Rust, called directly", &rounds[0], None);
        }
    }
}

/// PHP with a vault, and PHP with its own openssl: the envelope alone, and with a table and a log as durable as ours.
fn beside_openssl(report: &mut Report, rust: &Runner, php: &Runner) {
    for size in SIZES {
        for (name, doing, envelopes, peers) in [
            ("create", "create an entry", "seal", ["openssl_seal", "laravel_seal", "openssl_create"]),
            ("reveal", "reveal an entry", "open", ["openssl_open", "laravel_open", "openssl_reveal"]),
        ] {
            let memory = Case { name, store: "memory", size };
            let sqlite = Case { name, store: "sqlite", size };
            let [bare, laravel, table] = peers.map(|name| php.contender(Case { name, ..memory }));
            let rounds = race_by_name([
                ("php_memory", php.contender(memory)),
                ("php_sqlite", php.contender(sqlite)),
                ("rust_memory", rust.contender(memory)),
                ("rust_sqlite", rust.contender(sqlite)),
                ("envelopes", rust.contender(Case { name: envelopes, ..memory })),
                ("bare", bare),
                ("laravel", laravel),
                ("table", table),
            ]);
            let mut compare = |peer: &str, ours: &str, store: &str, reference: &str, goal| {
                let id = format!("php_{name}_{size}_{peer}");
                let job = format!("PHP: {doing} with {size} bytes, vault in {store}");
                report.compare_rounds(&id, &job, &rounds[ours], reference, &rounds[peer], goal);
            };
            let openssl = "the bare envelope over PHP's openssl, nothing stored";
            compare("bare", "php_memory", "memory", openssl, Some(1.0 / 2.0));
            let encrypter = "a Laravel-like encrypter, nothing stored";
            compare("laravel", "php_memory", "memory", encrypter, Some(1.0 / 5.0));
            let table = "the openssl envelope in SQLite over PDO, with a chained log, as durable";
            compare("table", "php_sqlite", "SQLite", table, None);
            let of = |name: &str| time(quantile(&rounds[name], 0.5));
            report.note(format!(
                "To {doing} with {size} bytes takes PHP {} in SQLite and {} in memory; Rust {} and {}; and the envelopes \
                 alone, in Rust, {}.",
                of("php_sqlite"),
                of("php_memory"),
                of("rust_sqlite"),
                of("rust_memory"),
                of("envelopes"),
            ));
        }
    }
}

/// Python with a vault, and Python with Fernet: alone, and with a table and a log as durable as ours.
fn beside_fernet(report: &mut Report, python: &Runner) {
    for size in SIZES {
        for (name, doing, peers) in [
            ("create", "create an entry", ["fernet_seal", "fernet_create"]),
            ("reveal", "reveal an entry", ["fernet_open", "fernet_reveal"]),
        ] {
            let memory = Case { name, store: "memory", size };
            let sqlite = Case { name, store: "sqlite", size };
            let [bare, table] = peers.map(|name| python.contender(Case { name, ..memory }));
            let rounds = race_by_name([
                ("memory", python.contender(memory)),
                ("sqlite", python.contender(sqlite)),
                ("bare", bare),
                ("table", table),
            ]);
            let mut compare = |peer: &str, ours: &str, store: &str, reference: &str, goal| {
                let (id, job) = (format!("python_{name}_{size}_{peer}"), format!("Python: {doing} with {size} bytes"));
                let job = format!("{job}, vault in {store}");
                report.compare_rounds(&id, &job, &rounds[ours], reference, &rounds[peer], goal);
            };
            compare("bare", "memory", "memory", "Fernet, nothing stored", Some(1.0));
            compare("table", "sqlite", "SQLite", "Fernet in SQLite over sqlite3, with a chained log, as durable", None);
        }
    }
}

/// A request behind php-fpm that opens a vault and reveals one entry, in every way to the library.
fn requests(report: &mut Report, folder: &Path) -> Fallible<()> {
    let entry = read_to_string(folder.join("entry"))?;
    let page = |server: &str, script: &str, way: &str, expected: &str| {
        let query = format!("way={way}&entry={}", entry.trim());
        Page::new(&folder.join(format!("{server}.socket")), &folder.join(script), &query, expected)
    };
    let ways = [
        ("preloaded", "FFI preloaded"),
        ("cdef", "FFI set up by the request"),
        ("socket", "a helper at a socket"),
        ("pipes", "a helper started by the request"),
    ];
    let empty = page("plain", "empty.php", "", "empty")?;
    let pdo = page("plain", "pdo.php", "", "one row, one insert")?;
    let vault = |(way, _)| {
        let server = if way == "preloaded" { way } else { "plain" };
        page(server, "vault.php", way, "correct horse")
    };
    let pages = ways.into_iter().map(vault).collect::<Fallible<Vec<_>>>()?;
    let contenders = [&empty, &pdo].into_iter().chain(&pages).map(Page::contender);
    let rounds = race_rounds(Watch::Wall, contenders.collect());
    let (peers, ours) = rounds.split_at(2);
    for ((way, words), rounds) in ways.into_iter().zip(ours) {
        let job = format!("PHP request that opens a vault in SQLite and reveals an entry: {words}");
        let sqlite = "one that opens SQLite over PDO, reads a row and inserts one durably";
        report.compare_rounds(&format!("request_{way}"), &job, rounds, sqlite, &peers[1], Some(2.0));
        report.compare_rounds(&format!("request_{way}_empty"), &job, rounds, "an empty page", &peers[0], None);
        if way != "preloaded" {
            report.compare_rounds(&format!("request_{way}_preloaded"), &job, rounds, ways[0].1, &ours[0], None);
        }
    }
    Ok(())
}

fn race_by_name<const N: usize>(contenders: [(&'static str, Contender<'_>); N]) -> HashMap<&'static str, Vec<f64>> {
    let (names, contenders): (Vec<_>, Vec<_>) = contenders.into_iter().unzip();
    names.into_iter().zip(race_rounds(Watch::Wall, contenders)).collect()
}

/// Bytes of a secret: a password with a few notes, and a long note or a key.
const SIZES: [usize; 2] = [200, 4_096];

const INTRODUCTION: &str = "# Benchmarks of the languages

Made by `make bench-languages`, which is part of `make bench`. Do not edit: the next run writes it
anew.

Each row is a ratio within one run: ours and the reference took turns in short rounds. The times are
the medians of the rounds, on the wall, each taken by the process that called; the ratio is that of
the medians, and in brackets are the quarters of the ratios of single rounds. Library and Rust are
built for release. Requests are asked of php-fpm over FastCGI, each over a connection of its own.

A vault is more than an envelope: to create or reveal an entry, it decides by its rules, seals or
opens two envelopes, and writes an event to its log, durably where the store is, before it answers.
The rows with nothing stored show what all of that costs beside encryption alone; those with a
table and a log compare like with like.
";
