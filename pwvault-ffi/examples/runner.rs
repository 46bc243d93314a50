//! Does what standard input asks, one line for each request, through the table of operations.
//! `bindings/c/runner.c` says what the lines are.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a tool of the tests of this repository"
)]

use std::fmt::Write as _;
use std::io::Write as _;

use pwvault::{Fault, Handles};
use pwvault_core::SecretBytes;

fn main() {
    let handles = Handles::new();
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let said = match answer(&handles, &line.split(' ').collect::<Vec<_>>()) {
            Ok(done) => format!("ok {done}"),
            Err(fault) => format!("error {}", hex(fault.to_json().to_string().as_bytes())),
        };
        println!("{}", said.trim_end());
        std::io::stdout().flush().unwrap();
    }
}

fn answer(handles: &Handles, words: &[&str]) -> Result<String, Fault> {
    let target = || words[1].parse().unwrap();
    match words[0] {
        "open" => Ok(handles.open(&bytes(words[1]), secrets(&words[2..]))?.to_string()),
        "session" => Ok(handles.session(target(), &bytes(words[2]), secrets(&words[3..]))?.to_string()),
        "close" => {
            handles.close(target());
            Ok(String::new())
        }
        _ => {
            let reply = handles.call(target(), words[2], &bytes(words[3]), secrets(&words[4..]))?;
            let parts = reply.secrets.iter().map(|secret| hex(secret.expose()));
            Ok(std::iter::once(hex(&reply.document)).chain(parts).collect::<Vec<_>>().join(" "))
        }
    }
}

fn secrets(words: &[&str]) -> Vec<SecretBytes> {
    words.iter().map(|word| SecretBytes::new(bytes(word))).collect()
}

fn bytes(word: &str) -> Vec<u8> {
    let pair = |at| u8::from_str_radix(&word[at..at + 2], 16).unwrap();
    if word == "-" { Vec::new() } else { (0..word.len()).step_by(2).map(pair).collect() }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    bytes.iter().for_each(|byte| write!(text, "{byte:02x}").unwrap());
    if text.is_empty() { "-".to_owned() } else { text }
}
