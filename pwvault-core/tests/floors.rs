//! Guards the floors: a room names only what lies below it (ARCHITECTURE.md, "Floors").
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{fs, path::Path};

use proc_macro2::{TokenStream, TokenTree};

/// The rooms of each floor. `testing` stands on top: it may see everything.
const FLOORS: [&[&str]; 6] = [
    &["secret", "id", "clock", "document"],
    &["model"],
    &["crypto", "policy", "schedule", "csv", "generate", "otp", "translate", "connect", "store", "notify"],
    &["envelope", "audit", "index"],
    &["vault", "directory"],
    &["testing"],
];
/// Neighbours on one floor that may be named: an id holds its time and has a form in
/// documents, an event is an envelope, a label is made under a key of the ring, a session manages the
/// directory's people.
const NEIGHBOURS: [(&str, &str); 5] =
    [("id", "clock"), ("id", "document"), ("audit", "envelope"), ("index", "envelope"), ("vault", "directory")];
const FORBIDDEN_NAMES: [&str; 6] = ["util", "common", "helpers", "manager", "handler", "types"];
const MAX_LINES: usize = 600;
const MAX_LINES_LIB: usize = 120;

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn may_name(from: &str, to: &str, in_test: bool) -> bool {
    let below = floor(to) < floor(from) && floor(to).is_some();
    from == to || below || NEIGHBOURS.contains(&(from, to)) || (to == "testing" && in_test)
}

/// The faults of one file; `path` is relative to `src`.
fn faults(path: &str, text: &str) -> Vec<String> {
    let parts: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    let room = parts[0];
    let mut found = Vec::new();
    if room != "lib" && floor(room).is_none() {
        found.push(format!("`{room}` is no known room"));
    }
    if text.lines().count() > if room == "lib" { MAX_LINES_LIB } else { MAX_LINES } {
        found.push(format!("{} lines", text.lines().count()));
    }
    found.extend(parts.iter().filter(|part| FORBIDDEN_NAMES.contains(part)).map(|part| format!("named `{part}`")));
    let depth = parts.len() - usize::from(parts.ends_with(&["mod"]));
    match text.parse() {
        Ok(tokens) => scan(tokens, room, depth, parts.contains(&"tests"), &mut found),
        Err(fault) => found.push(format!("not Rust: {fault}")),
    }
    found
}

/// `depth` is how many `super` lead to the crate's root from here.
fn scan(tokens: TokenStream, room: &str, depth: usize, in_test: bool, found: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let word = |at: usize| tokens.get(at).map(ToString::to_string).unwrap_or_default();
    for (at, token) in tokens.iter().enumerate() {
        match (token, word(at).as_str()) {
            (TokenTree::Group(group), _) if at >= 2 && word(at - 2) == "mod" => {
                scan(group.stream(), room, depth + 1, in_test || word(at - 1) == "tests", found);
            }
            (TokenTree::Group(group), _) => scan(group.stream(), room, depth, in_test, found),
            (_, "unsafe") => found.push("unsafe code".to_owned()),
            (_, "mod") if FORBIDDEN_NAMES.contains(&word(at + 1).as_str()) => {
                found.push(format!("mod {}", word(at + 1)))
            }
            (_, "crate") if word(at + 1) == ":" && room != "lib" => {
                let named = tokens.get(at + 3).map(heads).unwrap_or_default();
                let wrong = named.iter().filter(|to| !may_name(room, to, in_test));
                found.extend(wrong.map(|to| format!("`{room}` names `crate::{to}`, which is not below it")));
            }
            // `super::super`: three tokens lead from one to the next.
            (_, "super") if (0..depth).all(|climb| word(at + climb * 3) == "super") => {
                found.push("`super` leaves the room: say `crate::`".to_owned());
            }
            _ => {}
        }
    }
}

/// What follows `crate::`: one name, or the first name of each path of a `{...}` group.
fn heads(token: &TokenTree) -> Vec<String> {
    let TokenTree::Group(group) = token else { return vec![token.to_string()] };
    let tokens: Vec<String> = group.stream().into_iter().map(|token| token.to_string()).collect();
    tokens.split(|token| token == ",").filter_map(|path| path.first().cloned()).collect()
}

fn rust_files(folder: &Path, visit: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, visit);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            visit(&path);
        }
    }
}

#[test]
fn every_room_names_only_what_lies_below_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut files, mut found) = (0, Vec::new());
    rust_files(&src, &mut |file| {
        files += 1;
        let path = file.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
        let text = fs::read_to_string(file).unwrap();
        found.extend(faults(&path, &text).into_iter().map(|fault| format!("{path}: {fault}")));
    });
    assert!(files > 10, "only {files} files seen: is this the right folder?");
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_guard_catches_planted_faults() {
    for (path, text) in [
        ("model/entry.rs", "use crate::crypto::aead;"),
        ("csv/read.rs", "fn f() { crate::store::open() }"),
        ("csv/read.rs", "use crate::{secret::{A, B}, policy};"),
        ("csv/read.rs", "use crate::{secret::{A, B}, id, store::{C}};"),
        ("policy/mod.rs", "pub(crate) use crate::store::Label;"),
        ("policy/mod.rs", "#[cfg(test)] mod tests { use crate::vault::Vault; }"),
        ("policy/mod.rs", "mod tests { fn f() {} } use crate::testing::FixedClock;"),
        ("policy/mod.rs", "macro_rules! m { () => { $crate::store::Label } }"),
        ("index/mod.rs", "use crate::audit::leaf_hash;"),
        ("envelope/mod.rs", "use crate::audit::leaf;"),
        ("clock.rs", "use crate::id::EntryId;"),
        ("vault/mod.rs", "use crate::Vault;"),
        ("vault/mod.rs", "use crate::*;"),
        ("crypto/mod.rs", "use super::store;"),
        ("crypto/kdf.rs", "use super::super::store;"),
        ("crypto/kdf.rs", "mod tests { use super::super::super::store; }"),
        ("crypto/kdf.rs", "fn f<'a>(x: &'a u8) { let q = '\"'; crate::store::open() } // \""),
        ("cellar/mod.rs", ""),
        ("crypto/util.rs", ""),
        ("crypto/mod.rs", "mod helpers;"),
        ("crypto/mod.rs", "mod types { }"),
        ("crypto/mod.rs", "fn f() { unsafe { g() } }"),
        ("crypto/mod.rs", "fn f() {"),
        ("crypto/mod.rs", &"\n".repeat(MAX_LINES + 1)),
        ("lib.rs", &"\n".repeat(MAX_LINES_LIB + 1)),
    ] {
        assert_eq!(faults(path, text).len(), 1, "{path}: {text:.60} gave {:?}", faults(path, text));
    }
}

#[test]
fn the_guard_lets_sound_code_pass() {
    for (path, text) in [
        ("lib.rs", "#![forbid(unsafe_code)] pub use crate::vault::Vault; pub mod store;"),
        ("id.rs", "use crate::clock::Timestamp;"),
        ("crypto/kdf.rs", "use crate::{crypto::aead, model::{Tier, KdfParams}, secret::SecretBytes};"),
        ("crypto/kdf.rs", "use super::error::CryptoError; mod tests { use super::super::aead; }"),
        (
            "crypto/kdf.rs",
            "/// like `crate::vault`, unsafe\nconst S: &str = \"crate::vault unsafe\"; /* crate::vault */",
        ),
        ("crypto/tests.rs", "use crate::testing::FixedClock;"),
        ("crypto/kdf.rs", "mod tests { use crate::testing::FixedClock; }"),
        ("audit/mod.rs", "use crate::envelope::seal;"),
        ("vault/mod.rs", "use crate::{audit, store}; pub(crate) fn f() {}"),
        ("testing/mod.rs", "use crate::vault::Vault;"),
        ("crypto/mod.rs", &"\n".repeat(MAX_LINES)),
    ] {
        assert_eq!(faults(path, text), Vec::<String>::new(), "{path}: {text:.60}");
    }
}
