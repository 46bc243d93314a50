//! A program in another language that times its own calls: asked over its stdin, it answers over its stdout.
//!
//! A line asks for a case: `NAME STORE SIZE REPETITIONS`, such as `reveal sqlite 200 64`; the answer is how many
//! nanoseconds so many repetitions took on the wall. What they need is made before the first time of a case.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use pwvault_contest::race::{Contender, told};
use tempfile::TempDir;

use crate::{Case, Fallible};

/// A program that runs.
pub struct Runner {
    pub name: String,
    lines: RefCell<Lines>,
    child: Child,
    _folder: TempDir,
}

struct Lines {
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Runner {
    /// Starts a program by a command of the shell, with a folder of its own for its vaults as the last argument.
    pub fn start(name: &str, command: &str) -> Fallible<Self> {
        let folder = tempfile::tempdir()?;
        let mut child = Command::new("sh")
            .args(["-c", &format!("exec {command} \"$0\"")])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(format!("{name} has no pipes").into());
        };
        let lines = RefCell::new(Lines { to, from: BufReader::new(from) });
        Ok(Self { name: name.to_owned(), lines, child, _folder: folder })
    }

    /// The case as this program does it.
    pub fn contender(&self, case: Case) -> Contender<'_> {
        told(move |repetitions| {
            self.ask(case, repetitions).unwrap_or_else(|error| panic!("{}, {case:?}: {error}", self.name))
        })
    }

    fn ask(&self, Case { name, store, size }: Case, repetitions: u32) -> Fallible<Duration> {
        let mut lines = self.lines.borrow_mut();
        writeln!(lines.to, "{name} {store} {size} {repetitions}")?;
        lines.to.flush()?;
        let mut answer = String::new();
        lines.from.read_line(&mut answer)?;
        let nanoseconds = answer.trim().parse().map_err(|_| format!("expected nanoseconds, found {answer:?}"))?;
        Ok(Duration::from_nanos(nanoseconds))
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
