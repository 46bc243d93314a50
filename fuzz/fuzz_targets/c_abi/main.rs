//! Any run of calls of the C ABI: names from the table with arguments made after their description, whole
//! or mangled, on handles that fit, are closed, or are made up, in vaults of the library and over hosts that
//! answer what they like. Nothing panics, a call that fails writes nothing but an error that names no secret,
//! and in the end nothing is open and every host is released once.
#![no_main]

mod host;

use std::ptr::{null, null_mut};
use std::sync::LazyLock;

use arbitrary::{Result, Unstructured};
use host::Host;
use libfuzzer_sys::fuzz_target;
use pwvault::c::*;
use pwvault_fuzz::some;
use serde_json::{Map, Value, json};

/// Stands in secrets, and in no message.
const CANARY: &str = "canary-5f1c";
const INTERNAL: i32 = 1;
/// The sorts of handles, in their highest bits.
const VAULT: u64 = 1;
const SESSION: u64 = 2;
const REPLY: u64 = 3;
const UNTOUCHED: u64 = u64::MAX;

/// What `bindings/operations.json` holds.
static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| pwvault::description(|_, _| None));

/// The operations, but for those that take seconds: stretching passwords and making key pairs.
static OPERATIONS: LazyLock<Vec<&Value>> = LazyLock::new(|| {
    let slow = ["_password", "_passphrase", "generate_key", "recovery_code", "unlock", "_link", "_invite"];
    let all = DESCRIPTION["operations"].as_array().unwrap();
    all.iter().filter(|one| !slow.iter().any(|part| one["name"].as_str().unwrap().contains(part))).collect()
});

/// What was seen of the library so far.
struct Seen {
    /// Vaults, sessions, replies and errors, some of them closed.
    handles: Vec<u64>,
    /// Texts of replies, such as ids.
    texts: Vec<String>,
    /// The hosts that were given to the library.
    hosts: Vec<Box<Host>>,
}

fn slice(bytes: &[u8]) -> PwvSlice {
    PwvSlice { data: bytes.as_ptr(), len: bytes.len() }
}

fn read(slice: PwvSlice) -> Vec<u8> {
    // SAFETY: it was given for an open handle, which nobody closes meanwhile.
    if slice.len == 0 { Vec::new() } else { unsafe { std::slice::from_raw_parts(slice.data, slice.len) }.to_vec() }
}

/// The document of a reply or error.
fn document(handle: u64) -> Option<Vec<u8>> {
    let mut out = slice(&[]);
    // SAFETY: `out` is valid for a write.
    (unsafe { pwv_document(handle, &mut out) } == 0).then(|| read(out))
}

/// Values after a schema.
struct Maker<'a, 'b> {
    u: &'a mut Unstructured<'b>,
    seen: &'a Seen,
    secrets: usize,
}

impl Maker<'_, '_> {
    fn value(&mut self, schema: &Value, depth: usize) -> Result<Value> {
        if depth == 0 {
            return Ok(Value::Null);
        }
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
            return self.value(&DESCRIPTION["definitions"][name], depth - 1);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(ways) = schema[key].as_array() {
                let way = self.u.choose(ways)?;
                return self.value(way, depth - 1);
            }
        }
        if let Some(value) = schema.get("const") {
            return Ok(value.clone());
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => self.u.choose(kinds)?.clone(),
            kind => kind.clone(),
        };
        Ok(match kind.as_str() {
            Some("object") if schema["properties"].get("$secret").is_some() => {
                self.secrets += 1;
                json!({ "$secret": self.secrets - 1 })
            }
            Some("object") => self.object(schema, depth)?,
            Some("array") => {
                let most = if depth > 4 { 3 } else { 0 };
                let items = &schema["items"];
                (0..self.u.int_in_range(0..=most)?).map(|_| self.value(items, depth - 1)).collect::<Result<_>>()?
            }
            Some("string") => json!(self.text()?),
            Some("integer") => match self.u.int_in_range(0..=3)? {
                0 => json!(self.u.arbitrary::<i64>()?),
                1 => json!(self.u.arbitrary::<u64>()?),
                _ => json!(self.u.int_in_range(0..=20)?),
            },
            Some("number") => json!(self.u.arbitrary::<i32>()?),
            Some("boolean") => json!(self.u.arbitrary::<bool>()?),
            _ => Value::Null,
        })
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Result<Value> {
        let mut object = Map::new();
        let required = schema["required"].as_array();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let must = required.is_some_and(|names| names.iter().any(|one| one == name));
            if must || (depth > 4 && self.u.ratio(1, 3)?) {
                object.insert(name.clone(), self.value(property, depth - 1)?);
            }
        }
        Ok(object.into())
    }

    fn text(&mut self) -> Result<String> {
        if !self.seen.texts.is_empty() && self.u.ratio(2, 3)? {
            return Ok(self.u.choose(&self.seen.texts)?.clone());
        }
        let known = ["", "1", "anna", "full", "en", "Mail", "https://example.com/", "07070707070707070707070707070707"];
        if self.u.arbitrary()? { Ok((*self.u.choose(&known)?).to_owned()) } else { self.u.arbitrary() }
    }
}

fn texts(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) if out.len() < 64 => out.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, out)),
        Value::Object(object) => object.values().for_each(|item| texts(item, out)),
        _ => {}
    }
}

/// A secret: the canary, a key, or anything.
fn secret(u: &mut Unstructured) -> Result<Vec<u8>> {
    Ok(match u.int_in_range(0..=3)? {
        0 => u.arbitrary()?,
        1 => vec![9; 32],
        _ => CANARY.as_bytes().to_vec(),
    })
}

/// The document, now and then (never once the bytes are used up) with a byte changed, cut off, or put in.
fn mangled(u: &mut Unstructured, document: &Value) -> Result<Vec<u8>> {
    let mut bytes = document.to_string().into_bytes();
    if !u.ratio(15, 16)? {
        let at = u.int_in_range(0..=bytes.len() - 1)?;
        match u.int_in_range(0..=2)? {
            0 => bytes[at] = u.arbitrary()?,
            1 => bytes.truncate(at),
            _ => bytes.insert(at, u.arbitrary()?),
        }
    }
    Ok(bytes)
}

/// A handle: mostly of this sort, now and then of another, mangled or made up.
fn handle(u: &mut Unstructured, seen: &Seen, sort: u64) -> Result<u64> {
    let fitting: Vec<_> = seen.handles.iter().copied().filter(|handle| handle >> 59 == sort).collect();
    Ok(match u.int_in_range(0..=15)? {
        15 => u.arbitrary()?,
        14 if !fitting.is_empty() => u.choose(&fitting)? ^ 1 << u.int_in_range(0..=63)?,
        12 | 13 if !seen.handles.is_empty() => *u.choose(&seen.handles)?,
        _ if !fitting.is_empty() => *u.choose(&fitting)?,
        _ => 0,
    })
}

/// What a call came to: a handle more, or an error as it should be.
fn came(seen: &mut Seen, status: i32, out: u64, error: u64) {
    if status == 0 {
        assert!(out != 0 && out < 1 << 63, "{out:x}");
        seen.handles.push(out);
        if let Some(document) = document(out) {
            texts(&serde_json::from_slice(&document).unwrap(), &mut seen.texts);
        }
        return;
    }
    assert_eq!(out, UNTOUCHED);
    let document = document(error).unwrap();
    let fault: Value = serde_json::from_slice(&document).unwrap();
    assert!(fault["code"] == json!(status) && status != INTERNAL, "{fault}");
    assert!(!fault["message"].as_str().unwrap().contains(CANARY), "{fault}");
    seen.handles.push(error);
}

fn open(u: &mut Unstructured, seen: &mut Seen) -> Result<()> {
    let mut options = json!({
        "store": "memory:", "vault": "0190b5a0-0000-7000-8000-000000000001", "mode": "create", "full_access": "full",
        "kek": { "keys": [{ "id": host::KEK, "key": { "$secret": 0 } }] },
    });
    let host = if u.ratio(1, 2)? { Some(Host::over(u, &mut options)?) } else { None };
    let (options, key) = (mangled(u, &options)?, if u.ratio(7, 8)? { vec![9; 32] } else { secret(u)? });
    let (options, key, mut out, mut error) = (slice(&options), slice(&key), UNTOUCHED, 0);
    let status = match &host {
        // SAFETY: all of it lives until the call returns, and the host until everything is closed.
        Some(host) => unsafe { pwv_open_with_host(options, &key, 1, &host.table(), &mut out, &mut error) },
        // SAFETY: all of it lives until the call returns.
        None => unsafe { pwv_open(options, &key, 1, &mut out, &mut error) },
    };
    seen.hosts.extend(host);
    came(seen, status, out, error);
    Ok(())
}

fn session(u: &mut Unstructured, seen: &mut Seen) -> Result<()> {
    let admin = json!({ "kind": { "admin": { "id": "1", "roles": ["full"], "departments": [] } } });
    let principal = match u.int_in_range(0..=4)? {
        0 => json!({ "kind": "system" }),
        1 => json!({ "kind": { "client": { "id": "anna", "groups": [] } } }),
        2 => Maker { u: &mut *u, seen, secrets: 0 }.value(&DESCRIPTION["definitions"]["Principal"], 12)?,
        _ => admin,
    };
    let options = mangled(u, &json!({ "principal": principal }))?;
    let (vault, mut out, mut error) = (handle(u, seen, VAULT)?, UNTOUCHED, 0);
    // SAFETY: all of it lives until the call returns.
    let status = unsafe { pwv_session(vault, slice(&options), null(), 0, &mut out, &mut error) };
    came(seen, status, out, error);
    Ok(())
}

fn call(u: &mut Unstructured, seen: &mut Seen) -> Result<()> {
    let operation = *u.choose(&OPERATIONS)?;
    let mut maker = Maker { u: &mut *u, seen, secrets: 0 };
    let arguments = maker.value(&operation["arguments"], 16)?;
    let count = maker.secrets;
    let mut secrets = (0..count).map(|_| secret(u)).collect::<Result<Vec<_>>>()?;
    if !u.ratio(15, 16)? {
        secrets = some(u, 3, secret)?;
    }
    let name = if u.ratio(31, 32)? { operation["name"].as_str().unwrap().as_bytes() } else { u.arbitrary()? };
    let arguments = mangled(u, &arguments)?;
    let target = match operation["on"].as_str() {
        Some("vault") => handle(u, seen, VAULT)?,
        Some("session") => handle(u, seen, SESSION)?,
        _ => 0,
    };
    let secrets: Vec<_> = secrets.iter().map(|secret| slice(secret)).collect();
    let (mut out, mut error) = (UNTOUCHED, 0);
    // SAFETY: all of it lives until the call returns.
    let status = unsafe {
        pwv_call(target, slice(name), slice(&arguments), secrets.as_ptr(), secrets.len(), &mut out, &mut error)
    };
    came(seen, status, out, error);
    Ok(())
}

fn look(u: &mut Unstructured, seen: &Seen) -> Result<()> {
    let (handle, index, mut out) = (handle(u, seen, REPLY)?, u.int_in_range(0..=3)?, slice(&[]));
    // SAFETY: `out` is valid for a write, and what it gets is read while the handle is open.
    if unsafe { pwv_secret(handle, index, &mut out) } == 0 {
        read(out);
    }
    document(handle);
    // SAFETY: nothing is written where there is nothing to write to.
    assert_ne!(unsafe { pwv_document(handle, null_mut()) }, 0);
    Ok(())
}

fn run(u: &mut Unstructured, seen: &mut Seen) -> Result<()> {
    open(u, seen)?;
    session(u, seen)?;
    let mut steps = 0;
    while steps < STEPS && !u.is_empty() {
        steps += 1;
        match u.int_in_range(0..=15)? {
            0 => open(u, seen)?,
            1 | 2 => session(u, seen)?,
            3 | 4 => look(u, seen)?,
            5 => pwv_close(handle(u, seen, REPLY)?),
            _ => call(u, seen)?,
        }
    }
    Ok(())
}

const STEPS: usize = 24;

fuzz_target!(|data: &[u8]| {
    let mut seen = Seen { handles: Vec::new(), texts: Vec::new(), hosts: Vec::new() };
    let _ = run(&mut Unstructured::new(data), &mut seen);
    if data.len() % 2 == 0 {
        pwv_close_all();
    }
    seen.handles.into_iter().for_each(|handle| pwv_close(handle));
    assert_eq!(pwv_debug_live_handles(), 0);
    assert!(seen.hosts.iter().all(|host| host.released() == 1));
});
