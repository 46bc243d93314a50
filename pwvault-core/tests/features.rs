//! Holds `spec/features.md` against the code: no feature is left out, no `done` row is unproven.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{collections::HashSet, fs, path::Path};

use proc_macro2::{TokenStream, TokenTree};

const IDS: [(&str, usize); 11] =
    [("P", 10), ("E", 16), ("K", 7), ("S", 9), ("A", 6), ("C", 5), ("N", 8), ("X", 5), ("L", 2), ("M", 7), ("B", 16)];

/// What is wrong with the table, given the names of all functions and a look at the file tree.
fn faults(table: &str, functions: &HashSet<String>, page_exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut missing: HashSet<String> =
        IDS.iter().flat_map(|(letter, last)| (1..=*last).map(move |n| format!("{letter}{n}"))).collect();
    for row in table.lines().filter(|line| line.starts_with('|') && !line.starts_with("|---")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [id, state, tests, rust, c, php, python, kotlin, page] = cells[..] else {
            found.push(format!("not nine columns: {row}"));
            continue;
        };
        if id == "id" {
            continue;
        }
        if !missing.remove(id) {
            found.push(format!("{id} is unknown or stands twice"));
        }
        match state {
            "planned" => {}
            "done" => {
                let named: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
                if named.is_empty() || rust != "yes" {
                    found.push(format!("{id} is done but names no test, or Rust has it not"));
                }
                if ![c, php, python, kotlin].iter().all(|how| ["yes", "pull", "facts", "no"].contains(how)) {
                    found.push(format!("{id} does not say how every language has it: yes, pull, facts or no"));
                }
                let absent = named.iter().filter(|test| !functions.contains(**test));
                found.extend(absent.map(|test| format!("{id} names the test `{test}`, which does not exist")));
                if !page_exists(page) {
                    found.push(format!("{id} names the page `{page}`, which does not exist"));
                }
            }
            other => found.push(format!("{id} has the state `{other}`; it is planned or done")),
        }
    }
    found.extend(missing.into_iter().map(|id| format!("{id} has no row")));
    found
}

/// Every `fn name` of a source text, at any depth.
fn functions(tokens: TokenStream, names: &mut HashSet<String>) {
    let mut after_fn = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => functions(group.stream(), names),
            TokenTree::Ident(name) if after_fn => {
                names.insert(name.to_string());
                after_fn = false;
            }
            TokenTree::Ident(name) => after_fn = name == "fn",
            _ => after_fn = false,
        }
    }
}

fn functions_below(folder: &Path, names: &mut HashSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            functions_below(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            functions(fs::read_to_string(&path).unwrap().parse().unwrap(), names);
        }
    }
}

/// What is wrong with the table of traps: `| trap | tests |`.
fn trap_faults(table: &str, functions: &HashSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    let mut traps = 0;
    for row in table.lines().filter(|line| line.starts_with('|') && !line.starts_with("|---")).skip(1) {
        traps += 1;
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [trap, tests] = cells[..] else {
            found.push(format!("not two columns: {row}"));
            continue;
        };
        let named: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        if named.is_empty() {
            found.push(format!("no test keeps out: {trap}"));
        }
        let absent = named.iter().filter(|test| !functions.contains(**test));
        found.extend(absent.map(|test| format!("the test `{test}`, which does not exist, is to keep out: {trap}")));
    }
    if traps < TRAPS {
        found.push(format!("{traps} traps are left of {TRAPS}"));
    }
    found
}

/// How many traps the table has at least.
const TRAPS: usize = 13;

fn all_functions(root: &Path) -> HashSet<String> {
    let mut names = HashSet::new();
    for member in ["pwvault-core", "pwvault-ffi", "examples", "benches"] {
        functions_below(&root.join(member), &mut names);
    }
    names
}

#[test]
fn every_trap_has_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let table = fs::read_to_string(root.join("spec/traps.md")).unwrap();
    let found = trap_faults(&table, &all_functions(&root));
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    let known = HashSet::from(["stops".to_owned()]);
    let rows = |row: &str| format!("| trap | tests |\n|---|---|\n{}", row.repeat(TRAPS));
    let check = |table: &str| trap_faults(table, &known).len();
    assert_eq!(check(&rows("| a trap | `stops` |\n")), 0);
    assert_eq!(check(&rows("| a trap | |\n")), TRAPS, "no test");
    assert_eq!(check(&rows("| a trap | `goes on` |\n")), TRAPS, "an unknown test");
    assert_eq!(check("| trap | tests |\n"), 1, "traps are missing");
}

#[test]
fn the_feature_table_is_whole_and_proven() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let names = all_functions(&root);
    let table = fs::read_to_string(root.join("spec/features.md")).unwrap();
    let found = faults(&table, &names, |page| root.join(page).is_file());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn faults_of_the_table_are_seen() {
    let whole: String = IDS
        .iter()
        .flat_map(|(letter, last)| (1..=*last).map(move |n| format!("| {letter}{n} | planned | | | | | | | |\n")))
        .collect();
    let known = HashSet::from(["seals".to_owned()]);
    let check = |table: &str| faults(table, &known, |page| page == "README.md").len();
    let with_e1 = |row: &str| check(&whole.replace("| E1 | planned | | | | | | | |", row));
    assert_eq!(check(&whole), 0);
    assert_eq!(with_e1("| E1 | done | `seals` | yes | no | pull | facts | yes | README.md |"), 0);
    assert_eq!(with_e1(""), 1, "a missing row");
    assert_eq!(with_e1("| E2 | planned | | | | | | | |"), 2, "a double and a missing row");
    assert_eq!(with_e1("| E1 | soon | | | | | | | |"), 1, "an unknown state");
    assert_eq!(with_e1("| E1 | done | | yes | no | pull | facts | yes | README.md |"), 1, "no test");
    assert_eq!(with_e1("| E1 | done | `opens` | yes | no | pull | facts | yes | README.md |"), 1, "an unknown test");
    assert_eq!(with_e1("| E1 | done | `seals` | | yes | yes | yes | yes | README.md |"), 1, "not in Rust");
    assert_eq!(with_e1("| E1 | done | `seals` | yes | yes | | yes | yes | README.md |"), 1, "not said for PHP");
    assert_eq!(with_e1("| E1 | done | `seals` | yes | no | pull | facts | yes | nowhere.md |"), 1, "an unknown page");
}
