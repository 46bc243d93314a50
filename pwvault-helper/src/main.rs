//! The helper process: serves the operations of pwvault over stdin and stdout, or over a Unix socket
//! that its owner alone may reach. README.md describes the protocol.
#![forbid(unsafe_code)]

mod connection;
mod frame;
mod socket;

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::ExitCode;

use rustix::process::{DumpableBehavior, set_dumpable_behavior};

/// What the arguments ask for.
enum Asked {
    Stdio,
    Socket { path: PathBuf, connections: NonZeroUsize },
    Version,
    Help,
}

fn main() -> ExitCode {
    let outcome = match asked(std::env::args_os().skip(1)) {
        Ok(Asked::Version) => print(&format!("pwvault-helper {}, protocol {}\n", pwvault::VERSION, frame::PROTOCOL)),
        Ok(Asked::Help) => print(HELP),
        Ok(Asked::Stdio) => sealed_off().and_then(|()| stdio()),
        Ok(Asked::Socket { path, connections }) => sealed_off().and_then(|()| socket::serve(&path, connections)),
        Err(problem) => {
            note(&format!("{problem}; see pwvault-helper --help"));
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            note(&problem);
            ExitCode::FAILURE
        }
    }
}

fn asked(mut arguments: impl Iterator<Item = OsString>) -> Result<Asked, String> {
    let (mut path, mut connections) = (None, None);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--socket") => path = Some(arguments.next().ok_or("--socket: expected a path")?),
            Some("--connections") => {
                let number = arguments.next().and_then(|text| text.to_str()?.parse().ok());
                connections = Some(number.ok_or("--connections: expected a number from 1")?);
            }
            Some("--version") => return Ok(Asked::Version),
            Some("--help") => return Ok(Asked::Help),
            _ => return Err(format!("unknown argument {}", argument.display())),
        }
    }
    match (path, connections) {
        (None, None) => Ok(Asked::Stdio),
        (None, Some(_)) => Err("--connections: only with --socket".to_owned()),
        (Some(path), most) => Ok(Asked::Socket { path: path.into(), connections: most.unwrap_or(CONNECTIONS_DEFAULT) }),
    }
}

/// Keeps this process's memory out of core dumps and from other processes of the same user.
fn sealed_off() -> Result<(), String> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable)
        .map_err(|error| format!("the process could not be closed to debuggers: {error}"))
}

/// Serves the one client at stdin and stdout. The streams of the standard library keep buffers that are
/// never wiped, so the files below them are read and written.
fn stdio() -> Result<(), String> {
    let files = || -> io::Result<_> {
        let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        Ok((input, File::from(io::stdout().as_fd().try_clone_to_owned()?)))
    };
    let (input, output) = files().map_err(|error| format!("stdin or stdout cannot be used: {error}"))?;
    connection::serve(input, output, || Ok(()))
}

/// A line for the operator. Whether anybody reads it must not matter.
fn note(line: &str) {
    let _ = writeln!(io::stderr(), "pwvault-helper: {line}");
}

fn print(text: &str) -> Result<(), String> {
    io::stdout().write_all(text.as_bytes()).map_err(|error| format!("stdout: {error}"))
}

const CONNECTIONS_DEFAULT: NonZeroUsize = NonZeroUsize::new(64).expect("not zero");

const HELP: &str = "\
Serves the operations of pwvault to hosts that cannot load a shared library.

usage: pwvault-helper                             one client, over stdin and stdout
       pwvault-helper --socket PATH [--connections N]   clients of the same user, over a Unix socket
       pwvault-helper --version
";
