#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use serde_json::{Value, json};

use super::*;

fn vault() -> Arc<NativeVault> {
    let options = json!({
        "store": "memory:", "vault": "0190b5a0-0000-7000-8000-000000000001", "mode": "create", "full_access": "full",
        "kek": { "keys": [{ "id": "07070707070707070707070707070707", "key": { "$secret": 0 } }] },
    });
    open(options.to_string(), vec![Arc::new(Secret::new(vec![9; 32]))], None).unwrap()
}

fn session(vault: &NativeVault) -> Arc<NativeSession> {
    let options = json!({ "principal": { "kind": { "admin": { "id": "1", "roles": ["full"], "departments": [] } } } });
    vault.session(options.to_string(), Vec::new()).unwrap()
}

fn name_of(failure: Failure) -> String {
    let Failure::Fault { name, .. } = failure;
    name
}

#[test]
fn secrets_go_in_and_come_out_as_objects() {
    let session = session(&vault());
    let draft = json!({ "draft": { "name": "Mail", "password": { "$secret": 0 } } }).to_string();
    let made = session.call("create_entry".into(), draft, vec![Arc::new(Secret::new(b"hunter2".to_vec()))]).unwrap();
    let id: Value = serde_json::from_str(&made.document).unwrap();
    let reply = session.call("reveal".into(), json!({ "id": id }).to_string(), Vec::new()).unwrap();
    let document: Value = serde_json::from_str(&reply.document).unwrap();
    let place = usize::try_from(document["password"]["$secret"].as_u64().unwrap()).unwrap();
    assert_eq!(reply.secrets[place].expose().unwrap(), b"hunter2");
    assert!(!format!("{reply:?}").contains("hunter2"));
}

#[test]
fn a_wiped_secret_is_no_empty_one() {
    let session = session(&vault());
    let secret = Arc::new(Secret::new(b"hunter2".to_vec()));
    secret.wipe();
    assert_eq!(name_of(secret.expose().unwrap_err()), "INVALID_HANDLE");
    let draft = json!({ "draft": { "name": "Mail", "password": { "$secret": 0 } } }).to_string();
    assert_eq!(name_of(session.call("create_entry".into(), draft, vec![secret]).unwrap_err()), "INVALID_HANDLE");
}

#[test]
fn what_goes_wrong_has_number_name_and_detail() {
    let vault = vault();
    let gone = json!({ "id": "0190b5a0-0000-7000-8000-00000000000f" }).to_string();
    let Failure::Fault { code, name, message, detail } =
        session(&vault).call("entry".into(), gone, Vec::new()).unwrap_err();
    assert_eq!((code, name.as_str()), (10, "NOT_FOUND"));
    assert!(!message.is_empty() && serde_json::from_str::<Value>(&detail).unwrap()["key"].is_string());
    assert_eq!(name_of(vault.call("entri".into(), "{}".into(), Vec::new()).unwrap_err()), "UNKNOWN_OPERATION");
    assert_eq!(name_of(vault.session("{}".into(), Vec::new()).unwrap_err()), "INVALID_ARGUMENT");
    assert_eq!(name_of(open("{".into(), Vec::new(), None).unwrap_err()), "INVALID_ARGUMENT");
}
