#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::undocumented_unsafe_blocks,
    reason = "tests: each passes slices and out-parameters of its own"
)]

use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use super::super::{pwv_close, pwv_document};
use super::*;
use crate::hosts::tests::good::GoodHost;

/// How a host behaves, and how often it was released.
struct Behaviour {
    good: GoodHost,
    does: fn(u64) -> i32,
    released: AtomicU64,
}

fn slice(bytes: &[u8]) -> PwvSlice {
    PwvSlice { data: bytes.as_ptr(), len: bytes.len() }
}

fn text(slice: PwvSlice) -> Vec<u8> {
    unsafe { bytes(slice) }.unwrap().to_vec()
}

unsafe extern "C" fn call(
    context: u64,
    operation: PwvSlice,
    document: PwvSlice,
    payloads: *const PwvSlice,
    count: usize,
    answer: u64,
) -> i32 {
    let behaviour = unsafe { &*(context as *const Behaviour) };
    let done = (behaviour.does)(answer);
    if done != PASS {
        return done;
    }
    let given: Vec<_> = (0..count).map(|at| text(unsafe { *payloads.add(at) })).collect();
    let [operation, document] = [operation, document].map(|one| String::from_utf8(text(one)).unwrap());
    match behaviour.good.call(operation, document, given) {
        Ok(HostReply { document, payloads }) => {
            let payloads: Vec<_> = payloads.iter().map(|one| slice(one)).collect();
            unsafe { pwv_answer(answer, slice(document.as_bytes()), payloads.as_ptr(), payloads.len()) }
        }
        Err(HostFailure::Fault { name, message, detail }) => {
            let detail: Value = serde_json::from_str(&detail).unwrap_or_default();
            let failure = json!({ "name": name, "message": message, "detail": detail }).to_string();
            unsafe { pwv_answer(answer, slice(failure.as_bytes()), null(), 0) };
            1
        }
    }
}

unsafe extern "C" fn release(context: u64) {
    unsafe { &*(context as *const Behaviour) }.released.fetch_add(1, Ordering::SeqCst);
}

fn behaviour(does: fn(u64) -> i32) -> Box<Behaviour> {
    Box::new(Behaviour { good: GoodHost::default(), does, released: AtomicU64::new(0) })
}

fn host(behaviour: &Behaviour) -> PwvHost {
    PwvHost { context: std::ptr::from_ref(behaviour) as u64, call: Some(call), release: Some(release) }
}

fn take(handle: u64) -> Value {
    let mut out = slice(&[]);
    assert_eq!(unsafe { pwv_document(handle, &mut out) }, 0);
    let document = serde_json::from_slice(&text(out)).unwrap();
    pwv_close(handle);
    document
}

fn open(host: *const PwvHost) -> Result<u64, Value> {
    let options = json!({
        "store": "host:", "kek": "host", "vault": "0190b5a0-0000-7000-8000-000000000001", "mode": "create",
        "full_access": "full", "hosts": { "store": true, "key_provider": true },
    })
    .to_string();
    let (mut vault, mut error) = (0, 0);
    let status = unsafe { pwv_open_with_host(slice(options.as_bytes()), null(), 0, host, &mut vault, &mut error) };
    if status == 0 { Ok(vault) } else { Err(take(error)) }
}

#[test]
fn a_host_in_c_keeps_a_vault_and_is_released_once() {
    let behaviour = behaviour(|_| PASS);
    let vault = open(&host(&behaviour)).unwrap();
    assert_eq!(behaviour.released.load(Ordering::SeqCst), 0);
    pwv_close(vault);
    assert_eq!(behaviour.released.load(Ordering::SeqCst), 1);
}

#[test]
fn a_host_that_does_not_answer_is_no_success() {
    let answer = |answer, document: &[u8]| unsafe { pwv_answer(answer, slice(document), null(), 0) };
    assert_eq!(answer(0, b"{}"), Code::InvalidHandle as i32);
    let silent: fn(u64) -> i32 = |_| 0;
    let failing: fn(u64) -> i32 = |_| -7;
    let empty: fn(u64) -> i32 = |answer| unsafe { pwv_answer(answer, slice(b""), null(), 0) };
    let garbage: fn(u64) -> i32 = |answer| unsafe { pwv_answer(answer, slice(b"\xff{"), null(), 0) }.min(0);
    let twice: fn(u64) -> i32 = |answer| {
        let once = || unsafe { pwv_answer(answer, slice(b"{}"), null(), 0) };
        assert_eq!((once(), once()), (0, Code::State as i32));
        0
    };
    let missing: fn(u64) -> i32 = |answer| {
        let wrong = unsafe { pwv_answer(answer, slice(b"{}"), null(), 1) };
        assert_eq!(wrong, Code::InvalidArgument as i32);
        0
    };
    let closing: fn(u64) -> i32 = |answer| {
        pwv_close(answer);
        assert_eq!(unsafe { pwv_answer(answer, slice(b"{}"), null(), 0) }, Code::InvalidHandle as i32);
        0
    };
    for does in [silent, failing, empty, garbage, twice, missing, closing] {
        let behaviour = behaviour(does);
        assert!(["KEK", "STORE"].map(Value::from).contains(&open(&host(&behaviour)).unwrap_err()["name"]));
        assert_eq!(behaviour.released.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn a_host_that_is_not_taken_is_released_too() {
    let behaviour = behaviour(|_| PASS);
    let released = |times| assert_eq!(behaviour.released.swap(0, Ordering::SeqCst), times);
    let host = host(&behaviour);
    let nowhere = unsafe { pwv_open_with_host(slice(b"{}"), null(), 0, &host, null_mut(), null_mut()) };
    assert_eq!(nowhere, Code::InvalidArgument as i32);
    released(1);
    assert_eq!(unsafe { pwv_store_conformance(&host, null_mut(), null_mut()) }, Code::InvalidArgument as i32);
    released(1);
    assert_eq!(open(&PwvHost { call: None, ..host }).unwrap_err()["name"], "INVALID_ARGUMENT");
    released(1);
}

#[test]
fn a_host_without_a_function_is_refused() {
    let none = PwvHost { context: 0, call: None, release: None };
    assert_eq!(open(&none).unwrap_err()["name"], "INVALID_ARGUMENT");
    assert_eq!(open(null()).unwrap_err()["name"], "INVALID_ARGUMENT");
    assert_eq!(unsafe { pwv_store_conformance(null(), null_mut(), null_mut()) }, Code::InvalidArgument as i32);
}

#[test]
fn the_suite_of_stores_judges_a_store_in_c() {
    let judge = |does| {
        let (behaviour, mut reply) = (behaviour(does), 0);
        assert_eq!(unsafe { pwv_store_conformance(&host(&behaviour), &mut reply, null_mut()) }, 0);
        assert_eq!(behaviour.released.load(Ordering::SeqCst), 1);
        take(reply).as_array().unwrap().len()
    };
    assert_eq!(judge(|_| PASS), 0);
    assert!(judge(|_| 1) > 5);
}

const PASS: i32 = i32::MIN;
