//! The whole way of a secret: out of another manager's CSV file into a vault, to those who may see
//! it and past those who may not, to a log that proves it.
//!
//! Begin with `story.rs`, which is little but calls to the library, and goes on in `locks.rs`;
//! `place.rs` opens the vault, and `show.rs` prints.

mod locks;
mod place;
mod show;
mod story;

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use clap::builder::PossibleValuesParser;
use pwvault_core::csv::{self, ReadOptions};

use self::place::{Place, read_csv};
use self::show::Show;

/// Imports a CSV file of passwords into a vault, and shows what the vault lets whom do with it.
#[derive(Parser)]
#[command(name = "quickstart", version)]
struct Arguments {
    /// The CSV file, as a password manager exported it
    #[arg(long, value_name = "FILE")]
    csv: PathBuf,
    /// The vault's database, made new if there is no file; its key is kept in PATH.kek. Without
    /// this the vault is temporary
    #[arg(long, value_name = "PATH")]
    vault: Option<PathBuf>,
    /// Who wrote the file
    #[arg(long, default_value = AUTO, value_parser = dialects())]
    dialect: String,
    /// Print one line of JSON instead of the story
    #[arg(long)]
    json: bool,
    /// Print the revealed password in full
    #[arg(long)]
    show_secrets: bool,
}

/// What goes wrong in this program ends it, so any error will do.
type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quickstart: {}", with_causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Outcome<()> {
    let begun = Instant::now();
    let show = Show::new(!arguments.json, arguments.show_secrets);
    let read = ReadOptions { dialect: csv::dialect(&arguments.dialect), ..ReadOptions::default() };
    let file = read_csv(&arguments.csv, &read)?;
    let place = Place::new(arguments.vault.as_deref())?;
    let vault = place.open(&show)?;
    let mut report = story::tell(&vault, file.expose(), read, &show)?;
    report.elapsed_ms = begun.elapsed().as_millis();
    if arguments.json {
        writeln!(std::io::stdout(), "{}", serde_json::to_string(&report)?)?;
    }
    Ok(())
}

fn dialects() -> PossibleValuesParser {
    PossibleValuesParser::new([AUTO].into_iter().chain(csv::DIALECTS.iter().map(|dialect| dialect.name())))
}

fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

const AUTO: &str = "auto";
