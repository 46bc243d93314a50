//! A host that answers well, badly, twice or not at all, as the rest of its bytes say.

use std::cell::Cell;
use std::ptr::{null, null_mut};

use arbitrary::{Result, Unstructured};
use pwvault::c::*;
use serde_json::{Value, json};

use crate::{mangled, slice};

/// What the bytes of a host begin at, and how often it was released.
pub struct Host {
    bytes: Vec<u8>,
    at: Cell<usize>,
    released: Cell<u32>,
}

impl Host {
    /// A host in some roles, which the options then name.
    pub fn over(u: &mut Unstructured, options: &mut Value) -> Result<Box<Self>> {
        let (store, keys) = (u.ratio(1, 4)?, u.arbitrary()?);
        options["hosts"] = json!({
            "store": store, "key_provider": keys, "directory": u.arbitrary::<bool>()?, "services": u.arbitrary::<bool>()?,
            "notifier": u.arbitrary::<bool>()?, "checkpoint_sink": u.arbitrary::<bool>()?,
        });
        if store {
            options["store"] = json!("host:");
        }
        if keys {
            options["kek"] = json!("host");
        }
        let bytes = u.bytes(u.len().min(ANSWERS))?.to_vec();
        Ok(Box::new(Self { bytes, at: Cell::new(0), released: Cell::new(0) }))
    }

    /// What the library is given. It lives as long as this host stays where it is.
    pub fn table(&self) -> PwvHost {
        PwvHost { context: std::ptr::from_ref(self) as u64, call: Some(call), release: Some(release) }
    }

    /// How often it was released.
    pub fn released(&self) -> u32 {
        self.released.get()
    }

    fn answer(&self, operation: &[u8], answer: u64) -> Result<i32> {
        let mut u = Unstructured::new(self.bytes.get(self.at.get()..).unwrap_or_default());
        let (document, payload) = good(operation);
        let document = if u.ratio(7, 8)? { mangled(&mut u, &document)? } else { u.arbitrary()? };
        let mut payloads = if payload { vec![vec![9; 32]] } else { Vec::new() };
        if !u.ratio(15, 16)? {
            payloads.push(u.arbitrary()?);
        }
        let payloads: Vec<_> = payloads.iter().map(|payload| slice(payload)).collect();
        // SAFETY: all of it lives until the call returns.
        let give = |to| unsafe { pwv_answer(to, slice(&document), payloads.as_ptr(), payloads.len()) };
        let status = match u.int_in_range(0..=15)? {
            15 => u.arbitrary()?,
            14 => {
                pwv_close(answer);
                give(answer)
            }
            13 => give(u.arbitrary()?),
            12 => {
                pwv_close_all();
                give(answer)
            }
            11 => {
                assert!(give(answer) != 0 || give(answer) != 0, "a call was answered twice");
                0
            }
            10 => {
                // SAFETY: nothing is written where there is nothing to write to.
                assert_ne!(unsafe { pwv_store_conformance(null(), null_mut(), null_mut()) }, 0);
                i32::from(u.arbitrary::<bool>()?)
            }
            _ => give(answer),
        };
        self.at.set(self.bytes.len() - u.len());
        Ok(status)
    }
}

unsafe extern "C" fn call(
    context: u64,
    operation: PwvSlice,
    _document: PwvSlice,
    _payloads: *const PwvSlice,
    _count: usize,
    answer: u64,
) -> i32 {
    // SAFETY: the host lives until everything is closed.
    let host = unsafe { &*(context as *const Host) };
    // SAFETY: the library says that it is readable.
    let operation = unsafe { std::slice::from_raw_parts(operation.data, operation.len) };
    assert_eq!(host.released(), 0);
    host.answer(operation, answer).unwrap_or(1)
}

unsafe extern "C" fn release(context: u64) {
    // SAFETY: the host lives until everything is closed.
    let host = unsafe { &*(context as *const Host) };
    host.released.set(host.released.get() + 1);
}

/// A good answer, and whether it has a key beside it.
fn good(operation: &[u8]) -> (Value, bool) {
    let document = match operation {
        b"key_provider.keks" => {
            return (json!({ "keks": [{ "id": KEK, "key": { "$payload": 0 } }] }), true);
        }
        b"store.load" => json!({ "records": [null] }),
        b"store.scan" => json!({ "rows": { "records": [] }, "next": null }),
        b"store.commit" => json!({ "committed": true }),
        b"store.info" => json!({ "backend": "none", "schema": 1, "durable": false, "parallel_commits": false }),
        b"directory.contact" => json!({ "contact": null }),
        b"directory.client_by_email" => json!({ "client": "anna" }),
        b"directory.members" => json!({ "members": [{ "client": "anna" }] }),
        b"services.service" => json!({ "service": null }),
        _ => json!({ "done": true }),
    };
    (document, false)
}

/// The id of the one KEK.
pub const KEK: &str = "07070707070707070707070707070707";
const ANSWERS: usize = 256;
