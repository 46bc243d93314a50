#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod adapters;
pub(crate) mod good;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use serde_json::{Value, json};

use super::{Host, HostFailure, HostReply, conformance};
use crate::{Fault, ops};
use good::GoodHost;

/// Does what a case says when it is asked one operation, and answers the others well.
struct HostileHost {
    good: GoodHost,
    operation: String,
    answer: Value,
    armed: AtomicBool,
    met: AtomicBool,
}

impl HostileHost {
    fn misbehave(&self) -> Result<HostReply, HostFailure> {
        let Value::Object(answer) = &self.answer else { panic!("no answer") };
        if let Some(failure) = answer.get("failure") {
            let text = |name: &str| failure[name].as_str().unwrap().to_owned();
            return Err(HostFailure::Fault { name: text("name"), message: text("message"), detail: text("detail") });
        }
        if let Some(document) = answer.get("document") {
            let payloads = answer["payloads"].as_array().unwrap().iter().map(|hex| {
                let digits = hex.as_str().unwrap().as_bytes().chunks(2);
                digits.map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
            });
            return Ok(HostReply { document: document.as_str().unwrap().into(), payloads: payloads.collect() });
        }
        match answer["does"].as_str().unwrap() {
            // What uniffi makes of an exception that is no failure, and of an answer that does not lift.
            "raise" | "give_nothing" | "give_wrong_type" => {
                Err(uniffi::UnexpectedUniFFICallbackError::new("canary-7f3a").into())
            }
            "raise_hard" => panic!("canary-7f3a"),
            "call_back_and_raise" => {
                let inner = open(Arc::new(GoodHost::default())).unwrap();
                assert!(ops::call_vault(&inner, "head", b"{}", Vec::new()).is_ok());
                panic!("canary-7f3a")
            }
            "wait_and_raise" => {
                std::thread::sleep(Duration::from_millis(20));
                panic!("canary-7f3a")
            }
            "give_huge" => Ok(HostReply { document: " ".repeat(65 << 20), payloads: Vec::new() }),
            other => panic!("unknown case: {other}"),
        }
    }
}

impl Host for HostileHost {
    fn call(&self, operation: String, document: String, payloads: Vec<Vec<u8>>) -> Result<HostReply, HostFailure> {
        if operation == self.operation && self.armed.load(Ordering::SeqCst) {
            self.met.store(true, Ordering::SeqCst);
            return self.misbehave();
        }
        self.good.call(operation, document, payloads)
    }
}

fn open(host: Arc<dyn Host>) -> Result<pwvault_core::Vault, Fault> {
    let options = json!({
        "store": "host:", "kek": "host", "vault": "0190b5a0-0000-7000-8000-000000000001", "mode": "create",
        "full_access": "full", "hosts": { "store": true, "key_provider": true, "directory": true },
    });
    crate::open_with(options.to_string().as_bytes(), Vec::new(), Some(host))
}

fn session(vault: &pwvault_core::Vault) -> pwvault_core::Session {
    let staff = json!({ "principal": { "kind": { "admin": { "id": "1", "roles": ["full"], "departments": [] } } } });
    crate::begin(vault, staff.to_string().as_bytes(), Vec::new()).unwrap()
}

fn call(session: &pwvault_core::Session, name: &str, arguments: &Value) -> Result<Value, Fault> {
    let reply = ops::call_session(session, name, arguments.to_string().as_bytes(), Vec::new())?;
    Ok(serde_json::from_slice(&reply.document).unwrap())
}

/// Reaches the operation of a case: creates a vault, and then does what `step` says.
fn reach(host: &Arc<HostileHost>, step: &str) -> Result<(), Fault> {
    host.armed.store(step == "create", Ordering::SeqCst);
    let session = session(&open(Arc::clone(host) as _)?);
    let entry = call(&session, "create_entry", &json!({ "draft": { "name": "Mail" } })).unwrap();
    host.armed.store(true, Ordering::SeqCst);
    match step {
        "list_entries" => call(&session, step, &json!({ "query": {} })),
        "share_by_email" => {
            call(&session, step, &json!({ "id": entry, "email": "anna@example.com", "actions": ["view"] }))
        }
        other => panic!("the vault was made, or there is no such step: {other}"),
    }
    .map(drop)
}

#[test]
fn no_hostile_host_looks_like_success() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../bindings/hostile_host.json");
    let list: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = list["cases"].as_array().unwrap();
    assert!(cases.len() > 100, "is this the right list?");
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let operation = case["operation"].as_str().unwrap();
        let host = Arc::new(HostileHost {
            good: GoodHost::default(),
            operation: operation.to_owned(),
            answer: case["answer"].clone(),
            armed: AtomicBool::new(false),
            met: AtomicBool::new(false),
        });
        let fault = reach(&host, list["reached_by"][operation].as_str().unwrap()).expect_err(name);
        assert_eq!(fault.code.name(), case["error"], "{name}: {fault:?}");
        assert!(host.met.load(Ordering::SeqCst), "{name}: it was not asked");
        assert!(fault.message.len() < 1_000 && !fault.message.contains("canary"), "{name}: {fault:?}");
    }
}

#[test]
fn a_host_keeps_a_vault() {
    let host: Arc<dyn Host> = Arc::new(GoodHost::default());
    let session = session(&open(Arc::clone(&host)).unwrap());
    let entry = call(&session, "create_entry", &json!({ "draft": { "name": "Mail" } })).unwrap();
    let shared = json!({ "id": entry, "email": "anna@example.com", "actions": ["view"] });
    call(&session, "share_by_email", &shared).unwrap();
    let again = json!({
        "store": "host:", "kek": "host", "vault": "0190b5a0-0000-7000-8000-000000000001",
        "hosts": { "store": true, "key_provider": true },
    });
    let again = crate::open_with(again.to_string().as_bytes(), Vec::new(), Some(host)).unwrap();
    let found = call(&super::tests::session(&again), "entry", &json!({ "id": entry })).unwrap();
    assert_eq!(found["head"]["name"], "Mail");
    assert_eq!(found["head"]["grants"].as_array().unwrap().len(), 1, "{found}");
}

#[test]
fn roles_and_host_come_together_or_not_at_all() {
    let with = |changed: Value, host: Option<Arc<dyn Host>>| {
        let mut options = json!({
            "store": "memory:", "vault": "0190b5a0-0000-7000-8000-000000000001", "mode": "create",
            "full_access": "full", "kek": { "file": { "id": "07070707070707070707070707070707", "path": "/nowhere" } },
        });
        options.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
        crate::open_with(options.to_string().as_bytes(), Vec::new(), host).unwrap_err()
    };
    let host = || Some(Arc::new(GoodHost::default()) as Arc<dyn Host>);
    let kind = json!({ "name": "panel", "needs": [], "gives_url": true, "tests_login": false, "services": [] });
    for (changed, host, about) in [
        (json!({ "hosts": { "directory": true } }), None, "hosts: "),
        (json!({}), host(), "hosts: "),
        (json!({ "store": "host:" }), None, "store: "),
        (json!({ "kek": "host" }), None, "kek: "),
        (json!({ "hosts": { "store": true } }), host(), "store: "),
        (json!({ "hosts": { "key_provider": true } }), host(), "kek: "),
        (json!({ "hosts": { "stor": true } }), host(), "hosts.stor: "),
        (json!({ "hosts": { "connectors": [kind, kind] } }), host(), "hosts.connectors: "),
    ] {
        let fault = with(changed, host);
        assert_eq!(fault.code.name(), "INVALID_ARGUMENT");
        assert!(fault.message.starts_with(about), "{fault:?}");
    }
}

/// Calls its vault back whenever it is asked for people.
#[derive(Default)]
struct CallingBack {
    good: GoodHost,
    vault: OnceLock<pwvault_core::Vault>,
    found: Mutex<Vec<Value>>,
}

impl Host for CallingBack {
    fn call(&self, operation: String, document: String, payloads: Vec<Vec<u8>>) -> Result<HostReply, HostFailure> {
        if let (true, Some(vault)) = (operation.starts_with("directory."), self.vault.get()) {
            let found = call(&session(vault), "list_entries", &json!({ "query": {} })).unwrap();
            call(&session(vault), "create_entry", &json!({ "draft": { "name": "From within" } })).unwrap();
            self.found.lock().unwrap().push(found);
        }
        self.good.call(operation, document, payloads)
    }
}

#[test]
fn a_host_may_call_its_vault_back() {
    let host = Arc::new(CallingBack::default());
    let vault = open(Arc::clone(&host) as _).unwrap();
    let _ = host.vault.set(vault.clone());
    let session = session(&vault);
    let entry = call(&session, "create_entry", &json!({ "draft": { "name": "Mail" } })).unwrap();
    let shared = json!({ "id": entry, "email": "anna@example.com", "actions": ["view"] });
    call(&session, "share_by_email", &shared).unwrap();
    assert_eq!(host.found.lock().unwrap().len(), 1);
    let page = call(&session, "list_entries", &json!({ "query": {} })).unwrap();
    assert_eq!(page["entries"].as_array().unwrap().len(), 2);
}

/// Forgets every write.
struct Forgetful(GoodHost);

impl Host for Forgetful {
    fn call(&self, operation: String, document: String, payloads: Vec<Vec<u8>>) -> Result<HostReply, HostFailure> {
        if operation == "store.commit" {
            return Ok(HostReply { document: json!({ "committed": true }).to_string(), payloads: Vec::new() });
        }
        self.0.call(operation, document, payloads)
    }
}

#[test]
fn the_suite_of_stores_judges_a_hosts_store() {
    let good: Arc<dyn Host> = Arc::new(GoodHost::default());
    assert_eq!(conformance(&good), Vec::<String>::new());
    let forgetful: Arc<dyn Host> = Arc::new(Forgetful(GoodHost::default()));
    assert!(conformance(&forgetful).len() > 5);
}
