//! Hosts of the C ABI: one function and a number of the host's own.

use std::sync::{Arc, Mutex, PoisonError};

use super::{HANDLES, PwvSlice, bytes, guarded, secrets_of};
use crate::fault::{Code, Fault};
use crate::handles::{Answer, Object, Sort};
use crate::hosts::{Host, HostFailure, HostReply};
use crate::{fork, handles, ops};

/// A host that answers calls.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct PwvHost {
    /// The host's own; given to both functions as it is.
    pub context: u64,
    /// Answers `operation`: calls `pwv_answer` with `answer`, and gives 0. Any other number is a failure,
    /// of which the answer may say more: `{"name", "message", "detail"}`. The slices may be read until it
    /// returns. Any thread may call, also several at once; no lock is held, and the vault may be called.
    pub call: Option<
        unsafe extern "C" fn(
            context: u64,
            operation: PwvSlice,
            document: PwvSlice,
            payloads: *const PwvSlice,
            count: usize,
            answer: u64,
        ) -> i32,
    >,
    /// Called once, when nothing calls the host any more; may be null.
    pub release: Option<unsafe extern "C" fn(context: u64)>,
}

/// Opens or creates a vault as a document says, with a host that answers in the roles that the document
/// names under `hosts`. The host is released when the vault and its sessions are closed and no call is
/// under way; when the vault does not open, before this returns.
///
/// # Safety
/// As `pwv_open`; `host` is readable, and its functions keep to what is said of them
/// until it is released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwv_open_with_host(
    options: PwvSlice,
    secrets: *const PwvSlice,
    count: usize,
    host: *const PwvHost,
    vault: *mut u64,
    error: *mut u64,
) -> i32 {
    // SAFETY: the caller says that the host is readable. It is taken first: whatever follows, it is released.
    let host = unsafe { host_of(host) };
    guarded(vault, error, || {
        let host = host?;
        // SAFETY: the caller says that the slices are readable.
        let (options, secrets) = unsafe { (bytes(options)?, secrets_of(secrets, count)?) };
        Ok(HANDLES.put(Object::Vault(crate::open_with(options, secrets, Some(host))?)))
    })
}

/// Answers a call of a host, once, before the host's function returns. Document and payloads are copied.
///
/// # Safety
/// `document` and each of the `count` slices at `payloads` are readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwv_answer(answer: u64, document: PwvSlice, payloads: *const PwvSlice, count: usize) -> i32 {
    let answered = handles::guarded(|| {
        let Object::Answer(answer) = HANDLES.get(answer, &[Sort::Answer])? else { return Err(Fault::handle()) };
        // SAFETY: the caller says that the slices are readable.
        let (document, payloads) = unsafe { (bytes(document)?, secrets_of(payloads, count)?) };
        let document = String::from_utf8(document.to_vec()).map_err(|_| Fault::argument("the answer is not UTF-8"))?;
        let mut place = answer.lock().unwrap_or_else(PoisonError::into_inner);
        if place.is_some() {
            return Err(Fault::new(Code::State, "the call is answered already"));
        }
        let payloads = payloads.iter().map(|payload| payload.expose().to_vec()).collect();
        *place = Some(HostReply { document, payloads });
        Ok(())
    });
    answered.map_or_else(|fault| fault.code as i32, |()| 0)
}

/// Tries the store of a host against its contract. The reply's document lists what is wrong, one text for
/// each case; none is good. Takes some seconds, calls from several threads, and leaves records of fresh
/// vaults behind. The host is released before this returns.
///
/// # Safety
/// `host` as [`pwv_open_with_host`]; `reply` and `error` are valid for a write, and `error` may be null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwv_store_conformance(host: *const PwvHost, reply: *mut u64, error: *mut u64) -> i32 {
    // SAFETY: as in `pwv_open_with_host`.
    let host = unsafe { host_of(host) };
    guarded(reply, error, || {
        let host = host?;
        let document = serde_json::json!(crate::hosts::conformance(&host)).to_string().into_bytes();
        Ok(HANDLES.put(Object::Reply(Arc::new(ops::Reply { document, secrets: Vec::new() }))))
    })
}

/// # Safety
/// `host` is null or readable, and its functions keep to what [`PwvHost`] says.
unsafe fn host_of(host: *const PwvHost) -> Result<Arc<dyn Host>, Fault> {
    if host.is_null() {
        return Err(Fault::argument("host: expected the address of a host"));
    }
    // SAFETY: not null, and the caller says that it is readable.
    let PwvHost { context, call, release } = unsafe { host.read() };
    let context = Context { number: context, release };
    let call = call.ok_or_else(|| Fault::argument("host.call: expected the address of a function"))?;
    Ok(Arc::new(CHost { context, call }))
}

struct CHost {
    context: Context,
    call: unsafe extern "C" fn(u64, PwvSlice, PwvSlice, *const PwvSlice, usize, u64) -> i32,
}

/// What is the host's own, released where it is dropped.
struct Context {
    number: u64,
    release: Option<unsafe extern "C" fn(u64)>,
}

impl Host for CHost {
    fn call(&self, operation: String, document: String, payloads: Vec<Vec<u8>>) -> Result<HostReply, HostFailure> {
        let slice = |bytes: &[u8]| PwvSlice { data: bytes.as_ptr(), len: bytes.len() };
        let payloads: Vec<_> = payloads.iter().map(|payload| slice(payload)).collect();
        let answer: Answer = Arc::new(Mutex::new(None));
        // This is outside of the library, and the table is inside.
        let handle = handles::guarded(|| Ok(HANDLES.put(Object::Answer(Arc::clone(&answer))))).map_err(refused)?;
        // SAFETY: the slices live until this returns, and the host's maker says that the function keeps to
        // its contract.
        let status = unsafe {
            (self.call)(
                self.context.number,
                slice(operation.as_bytes()),
                slice(document.as_bytes()),
                payloads.as_ptr(),
                payloads.len(),
                handle,
            )
        };
        let given = || {
            HANDLES.close(handle);
            Ok(answer.lock().unwrap_or_else(PoisonError::into_inner).take())
        };
        let reply = handles::guarded(given).map_err(refused)?;
        match (status, reply) {
            (0, Some(reply)) => Ok(reply),
            (0, None) => Err(HostFailure::unexpected()),
            (_, reply) => Err(reply.and_then(|reply| failure(&reply.document)).unwrap_or_else(HostFailure::unexpected)),
        }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: nothing calls the host any more, and its maker says that the function may be called.
            fork::outside(|| unsafe { release(self.number) });
        }
    }
}

fn refused(fault: Fault) -> HostFailure {
    HostFailure::named(fault.code.name(), &fault.message)
}

fn failure(document: &str) -> Option<HostFailure> {
    let document: serde_json::Value = serde_json::from_str(document).ok()?;
    let text = |name: &str| document.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let detail = document.get("detail").map(ToString::to_string).unwrap_or_default();
    Some(HostFailure::Fault { name: text("name"), message: text("message"), detail })
}

#[cfg(test)]
mod tests;
