#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::undocumented_unsafe_blocks,
    reason = "tests: each passes slices and out-parameters of its own"
)]

use std::ptr::null;

use serde_json::{Value, json};

use crate::Code;
use crate::c::*;

const SLICE: PwvSlice = PwvSlice { data: null(), len: 0 };

fn slice(bytes: &[u8]) -> PwvSlice {
    PwvSlice { data: bytes.as_ptr(), len: bytes.len() }
}

/// The document and the secrets of a reply, or the document of an error.
fn take(handle: u64) -> (Value, Vec<Vec<u8>>) {
    let mut out = SLICE;
    assert_eq!(unsafe { pwv_document(handle, &mut out) }, 0);
    let document = serde_json::from_slice(unsafe { std::slice::from_raw_parts(out.data, out.len) }).unwrap();
    let mut secrets = Vec::new();
    while unsafe { pwv_secret(handle, secrets.len(), &mut out) } == 0 {
        secrets.push(unsafe { std::slice::from_raw_parts(out.data, out.len) }.to_vec());
    }
    pwv_close(handle);
    (document, secrets)
}

type Called = Result<(Value, Vec<Vec<u8>>), (i32, Value)>;

fn call(target: u64, name: &str, arguments: &Value, secrets: &[&[u8]]) -> Called {
    let (arguments, secrets) = (arguments.to_string(), secrets.iter().map(|one| slice(one)).collect::<Vec<_>>());
    let (mut reply, mut error) = (0, 0);
    let status = unsafe {
        pwv_call(
            target,
            slice(name.as_bytes()),
            slice(arguments.as_bytes()),
            secrets.as_ptr(),
            secrets.len(),
            &mut reply,
            &mut error,
        )
    };
    if status == 0 { Ok(take(reply)) } else { Err((status, take(error).0)) }
}

fn begin(vault: u64, options: &Value) -> u64 {
    let (options, mut session) = (options.to_string(), 0);
    let status =
        unsafe { pwv_session(vault, slice(options.as_bytes()), null(), 0, &mut session, std::ptr::null_mut()) };
    assert_eq!(status, 0);
    session
}

fn open() -> u64 {
    let options = json!({
        "store": "memory:", "vault": "0190b5a0-0000-7000-8000-000000000001", "mode": "create", "full_access": "full",
        "kek": { "keys": [{ "id": "07070707070707070707070707070707", "key": { "$secret": 0 } }] },
    })
    .to_string();
    let key = slice(&[9; 32]);
    let mut vault = 0;
    assert_eq!(unsafe { pwv_open(slice(options.as_bytes()), &key, 1, &mut vault, std::ptr::null_mut()) }, 0);
    vault
}

fn staff() -> Value {
    json!({ "principal": { "kind": { "admin": { "id": "1", "roles": ["full"], "departments": [] } } } })
}

#[test]
fn a_key_file_is_made_for_a_new_vault_alone() {
    let folder = tempfile::tempdir().unwrap();
    let [kek, vault] = ["kek", "vault.db"].map(|name| folder.path().join(name));
    let open = |mode: &str, role: Option<&str>| {
        let options = json!({
            "store": format!("sqlite:{}", vault.display()), "vault": "0190b5a0-0000-7000-8000-000000000001",
            "mode": mode, "full_access": role,
            "kek": { "file": { "id": "07070707070707070707070707070707", "path": kek, "create": true } },
        });
        crate::open::open(options.to_string().as_bytes(), Vec::new()).map(drop)
    };
    assert_eq!(open("open_or_create", None).unwrap_err().code, crate::Code::InvalidArgument);
    assert!(!kek.exists() && !vault.exists(), "what is refused makes nothing");
    open("open_or_create", Some("full")).unwrap();
    let key = std::fs::read(&kek).unwrap();
    open("open_or_create", Some("full")).unwrap();
    assert!(open("create", Some("full")).unwrap_err().message.contains("there already"));
    assert_eq!(std::fs::read(&kek).unwrap(), key);

    // The vault of a key that was lost gets no other in its place.
    std::fs::remove_file(&kek).unwrap();
    assert!(open("open_or_create", Some("full")).unwrap_err().message.contains("kek"));
    assert!(!kek.exists());
}

#[test]
fn an_entry_goes_in_and_comes_out() {
    let vault = open();
    let session = begin(vault, &staff());
    let draft = json!({ "draft": { "name": "Mail", "username": "anna", "password": { "$secret": 0 } } });
    let (id, _) = call(session, "create_entry", &draft, &[b"hunter2"]).unwrap();
    let (entry, secrets) = call(session, "entry", &json!({ "id": id }), &[]).unwrap();
    assert_eq!((&entry["head"]["name"], secrets.len()), (&json!("Mail"), 0));
    let (revealed, secrets) = call(session, "reveal", &json!({ "id": id }), &[]).unwrap();
    let place = usize::try_from(revealed["password"]["$secret"].as_u64().unwrap()).unwrap();
    assert_eq!(secrets[place], b"hunter2");
    let (page, _) = call(session, "list_entries", &json!({ "query": {} }), &[]).unwrap();
    assert_eq!(page["entries"].as_array().unwrap().len(), 1, "{page}");
    [session, vault].into_iter().for_each(|handle| pwv_close(handle));
}

#[test]
fn what_is_wrong_is_named_and_never_quoted() {
    let vault = open();
    let session = begin(vault, &staff());
    let message = |name: &str, arguments: Value| {
        let (status, error) = call(session, name, &arguments, &[b"x"]).unwrap_err();
        assert_eq!(error["code"], json!(status));
        (error["name"].as_str().unwrap().to_owned(), error["message"].as_str().unwrap().to_owned())
    };
    let argument = |text: &str| ("INVALID_ARGUMENT".to_owned(), text.to_owned());
    assert_eq!(message("entri", json!({})).0, "UNKNOWN_OPERATION");
    assert_eq!(message("entry", json!({})), argument("the arguments: missing field `id`"));
    let typo = json!({ "draft": { "name": "Mail", "pasword": { "$secret": 0 } } });
    assert_eq!(message("create_entry", typo), argument("draft.pasword: nothing of this name is expected here"));
    let endless = json!({ "draft": { "name": "Mail", format!("a\n{}", "b".repeat(1_000)): 1 } });
    let (_, told) = message("create_entry", endless);
    assert!(told.starts_with("draft.a b") && told.chars().count() < 300, "{told}");
    let plain = json!({ "draft": { "name": "Mail", "password": "hunter2" } });
    let found = message("create_entry", plain);
    assert_eq!(found.0, "INVALID_ARGUMENT");
    assert!(found.1.starts_with("draft.password: expected a secret beside the document"), "{}", found.1);
    let second = json!({ "draft": { "name": "Mail", "password": { "$secret": 1 } } });
    assert!(message("create_entry", second).1.contains("no secret of this number"));
    let id = json!({ "id": "hunter2" });
    assert_eq!(message("entry", id), argument("id: expected a UUID in its hyphenated form"));
    let number = json!({ "query": { "limit": -1 } });
    let right = argument("query.limit: expected a whole number from 0 to 4294967295");
    assert_eq!(message("list_entries", number), right);
    assert_eq!(message("create_entry", json!({ "draft": { "name": "" } })).0, "INVALID");
    assert_eq!(message("entry", json!({ "id": "0190b5a0-0000-7000-8000-00000000000f" })).0, "NOT_FOUND");
    [session, vault].into_iter().for_each(|handle| pwv_close(handle));
}

#[test]
fn a_refusal_is_put_into_the_words_of_a_locale() {
    let vault = open();
    let anna = begin(vault, &json!({ "principal": { "kind": { "client": { "id": "anna", "groups": [] } } } }));
    let (status, error) = call(anna, "rules", &json!({}), &[]).unwrap_err();
    assert_eq!(status, Code::Denied as i32);
    let detail = &error["detail"];
    let decision = json!({ "decision": detail["decision"], "locale": "de" });
    let (said, _) = call(anna, "say_decision", &decision, &[]).unwrap();
    assert!(!said["reasons"].as_array().unwrap().is_empty(), "{said}");
    let phrase = json!({ "phrases": [{ "key": detail["key"], "args": detail["args"] }], "locale": "de" });
    let (sentence, _) = call(anna, "say", &phrase, &[]).unwrap();
    let sentence = sentence[0].as_str().unwrap();
    assert!(sentence.contains(said["reasons"][0].as_str().unwrap()), "{sentence}");
    assert_ne!(sentence, error["message"].as_str().unwrap());
    let unknown = json!({ "phrases": [{ "key": "nothing-like-it" }], "locale": "de" });
    assert_eq!(call(anna, "say", &unknown, &[]).unwrap_err().1["name"], "WORDS");
    [anna, vault].into_iter().for_each(|handle| pwv_close(handle));
}

#[test]
fn a_handle_of_something_else_leads_nowhere() {
    let vault = open();
    let session = begin(vault, &staff());
    let invalid = Code::InvalidHandle as i32;
    let fails = |handle: u64| matches!(call(handle, "rules", &json!({}), &[]), Err((code, _)) if code == invalid);
    assert!(call(session, "rules", &json!({}), &[]).is_ok());
    assert!(call(vault, "rules", &json!({}), &[]).is_err_and(|(code, _)| code == Code::UnknownOperation as i32));
    assert!([1, u64::MAX, session + 1, session ^ (7 << 59), session + (1 << 32)].into_iter().all(fails));
    let mut out = SLICE;
    assert_eq!(unsafe { pwv_document(session, &mut out) }, invalid);
    pwv_close(session);
    pwv_close(session);
    assert!(fails(session));
    let again = begin(vault, &staff());
    assert!(again != session && fails(session) && call(again, "rules", &json!({}), &[]).is_ok());
    [again, vault].into_iter().for_each(|handle| pwv_close(handle));
}

#[test]
fn the_library_answers_without_a_vault() {
    let (languages, _) = call(0, "languages", &json!({}), &[]).unwrap();
    assert!(languages.as_array().unwrap().contains(&json!("en")), "{languages}");
    let wrong = call(
        0,
        "next_reminder",
        &json!({ "since": 0, "every": { "count": 0, "unit": "days" }, "number": 1, "hour": 9, "zone": "UTC" }),
        &[],
    );
    assert!(
        wrong.is_err_and(|(code, error)| code == Code::Invalid as i32 && error["detail"]["error"] == "zero_period")
    );
    assert!(call(0, "rules", &json!({}), &[]).is_err_and(|(code, _)| code == Code::UnknownOperation as i32));
    let (read, secrets) =
        call(0, "read_csv", &json!({ "file": { "$secret": 0 }, "options": {} }), &[b"name,password\na,pw\n"]).unwrap();
    let place = read["rows"][0]["import"]["password"]["$secret"].as_u64().unwrap();
    assert_eq!(secrets[usize::try_from(place).unwrap()], b"pw");
}

/// The methods of the capability traits, as they stand in the sources.
fn methods(folder: &std::path::Path, found: &mut Vec<(String, String)>) {
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            methods(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for part in text.split("\npub trait ").skip(1) {
            let body = part.split("\n}").next().unwrap();
            let name = |text: &str| text.split(|c: char| c != '_' && !c.is_alphanumeric()).next().unwrap().to_owned();
            found.extend(body.split("\n    fn ").skip(1).map(|method| (name(part), name(method))));
        }
    }
}

#[test]
fn every_method_of_a_session_is_an_operation() {
    let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/../pwvault-core/src/vault");
    let mut found = Vec::new();
    methods(std::path::Path::new(sources), &mut found);
    found.sort();
    let mut known: Vec<_> =
        crate::ops::SESSION.iter().map(|one| (one.capability.to_owned(), one.name.to_owned())).collect();
    known.sort();
    assert!(found.len() > 140, "is this the right folder?");
    let missing: Vec<_> = found.iter().filter(|method| !known.contains(method)).collect();
    let gone: Vec<_> = known.iter().filter(|method| !found.contains(method)).collect();
    assert!(missing.is_empty() && gone.is_empty(), "no operation: {missing:?}; no method: {gone:?}");
}

#[test]
fn the_list_of_errors_is_current() {
    let mut list = String::from("# What a call can come to. Names and numbers are frozen.\n");
    for code in Code::ALL {
        list += &format!("\n[{}]\nnumber = {}\nmeaning = \"{}\"\n", code.name(), *code as i32, code.meaning());
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../bindings/errors.toml");
    assert!(std::fs::read_to_string(path).unwrap_or_default() == list, "bindings/errors.toml should read:\n{list}");
}

#[allow(dead_code, reason = "its main prints what is compared here")]
#[path = "../examples/describe.rs"]
mod describe;

#[test]
fn the_description_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../bindings/operations.json");
    let current = std::fs::read_to_string(path).unwrap_or_default() == describe::describe();
    assert!(current, "write it anew: cargo run -p pwvault-ffi --example describe > bindings/operations.json");
}

#[test]
fn the_header_is_current() {
    let config = cbindgen::Config {
        language: cbindgen::Language::C,
        header: Some("/* pwvault: see pwvault-ffi/README.md for the contract. */".to_owned()),
        include_guard: Some("PWVAULT_H".to_owned()),
        no_includes: true,
        sys_includes: vec!["stddef.h".to_owned(), "stdint.h".to_owned()],
        cpp_compat: true,
        style: cbindgen::Style::Both,
        usize_is_size_t: true,
        documentation_style: cbindgen::DocumentationStyle::C,
        export: cbindgen::ExportConfig {
            rename: [("PwvSlice", "pwv_slice"), ("PwvHost", "pwv_host")]
                .map(|(from, to)| (from.to_owned(), to.to_owned()))
                .into(),
            ..cbindgen::ExportConfig::default()
        },
        ..cbindgen::Config::default()
    };
    let mut header = Vec::new();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src/c/mod.rs");
    cbindgen::Builder::new().with_config(config).with_src(source).generate().unwrap().write(&mut header);
    let header = String::from_utf8(header).unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../bindings/c/include/pwvault.h");
    assert!(std::fs::read_to_string(path).unwrap_or_default() == header, "{path} should read:\n{header}");
}

#[test]
fn every_error_of_a_vault_has_a_code_of_its_own() {
    let read = |path: &str| std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let (errors, faults) = (read("../pwvault-core/src/vault/error.rs"), read("src/fault.rs"));
    let body = errors.split("pub enum VaultError {").nth(1).unwrap().split("\n}\n").next().unwrap();
    let variants =
        body.lines().filter_map(|line| line.strip_prefix("    ")).filter(|line| line.starts_with(char::is_uppercase));
    let names: Vec<_> = variants.map(|line| line.split(|c: char| !c.is_alphanumeric()).next().unwrap()).collect();
    let missing: Vec<_> = names.iter().filter(|name| !faults.contains(&format!("VaultError::{name}"))).collect();
    assert!(names.len() > 40 && missing.is_empty(), "no code for {missing:?}");
}

#[test]
fn numbers_and_names_of_faults_are_apart() {
    let mut numbers: Vec<_> = Code::ALL.iter().map(|code| *code as i32).collect();
    let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
    numbers.dedup();
    names.sort_unstable();
    names.dedup();
    assert!(numbers.is_sorted() && numbers.len() == Code::ALL.len() && names.len() == Code::ALL.len());
}
