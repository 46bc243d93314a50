//! Prints `bindings/operations.json`, from which the bindings are made.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a tool of this repository over its own sources")]

use std::collections::BTreeMap;
use std::path::Path;

fn main() {
    print!("{}", describe());
}

/// The operations with the documentation that stands in the sources.
pub(crate) fn describe() -> String {
    let mut found = BTreeMap::new();
    read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../pwvault-core/src/vault")), &mut found);
    read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/ops")), &mut found);
    let description = pwvault::description(|capability, operation| {
        // The operations of signing in say so in their names.
        let method = match (capability, operation) {
            ("SignIn", "resume_sign_in") => "resume",
            ("SignIn", _) => operation.strip_prefix("sign_in_").unwrap_or(operation),
            _ => operation,
        };
        let text = found.get(&(capability.to_owned(), method.to_owned()));
        assert!(text.is_some(), "no documentation of {capability}::{method} was found");
        text.cloned()
    });
    serde_json::to_string_pretty(&description).unwrap() + "\n"
}

/// The documentation of the methods of traits and types, as it stands in the sources.
fn read(folder: &Path, found: &mut BTreeMap<(String, String), String>) {
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            read(&path, found);
            continue;
        }
        let (mut owner, mut lines) = (String::new(), Vec::new());
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            if let Some(text) = line.strip_prefix("    ///") {
                lines.push(text.strip_prefix(' ').unwrap_or(text).to_owned());
                continue;
            }
            let opens =
                ["pub trait ", "impl Vault", "impl SignIn", "impl Library"].iter().any(|start| line.starts_with(start));
            if opens {
                let name = line.trim_start_matches("pub trait ").trim_start_matches("impl ");
                owner = first_word(name);
            }
            let method = line.trim_start().strip_prefix("pub ").unwrap_or(line.trim_start());
            if let Some(method) = method.strip_prefix("fn ")
                && !lines.is_empty()
            {
                found.insert((owner.clone(), first_word(method)), plain(&lines));
            }
            if !line.trim_start().starts_with("#[") {
                lines.clear();
            }
        }
    }
}

/// Without examples, which are in Rust, and without the targets of links.
fn plain(lines: &[String]) -> String {
    let mut text = String::new();
    let mut example = false;
    for line in lines {
        if line.starts_with("```") {
            example = !example;
        } else if !example && line != "# Examples" {
            text += line;
            text += "\n";
        }
    }
    let mut out = String::new();
    let mut rest = text.trim();
    while let Some((before, link)) = rest.split_once('[') {
        out += before;
        let Some((label, after)) = link.split_once(']') else { break };
        out += label;
        rest = after;
        if let Some(target) = rest.strip_prefix('(') {
            rest = target.split_once(')').map_or("", |(_, after)| after);
        }
    }
    out + rest
}

fn first_word(text: &str) -> String {
    text.split(|c: char| c != '_' && !c.is_alphanumeric()).next().unwrap().to_owned()
}
