//! The C ABI over the table of operations. Nearly all unsafe code of the project is here.
//!
//! Every call returns a status: 0, or the number of a [`Code`]. Results go to out-parameters, which are
//! written on success only; the last parameter takes the handle of an error, and may be null. Inputs are
//! borrowed for the call. What a reply or error holds may be read until it is closed. No lock is held
//! while an operation runs.

mod host;

use std::panic::{AssertUnwindSafe, catch_unwind};

use pwvault_core::SecretBytes;

use crate::fault::{Code, Fault};
use crate::fork;
use crate::handles::{self, Handles, Object, Sort};

pub use host::{PwvHost, pwv_answer, pwv_open_with_host, pwv_store_conformance};

/// Bytes that someone else owns. `data` may be null when `len` is 0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct PwvSlice {
    /// The first byte.
    pub data: *const u8,
    /// How many there are.
    pub len: usize,
}

/// The version of this ABI. Rises with every change that breaks a caller.
#[unsafe(no_mangle)]
pub extern "C" fn pwv_abi_version() -> u32 {
    ABI_VERSION
}

/// The version of the library, such as `0.1.0`. The text lives as long as the library.
///
/// # Safety
/// `out` is valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwv_library_version(out: *mut PwvSlice) -> i32 {
    if out.is_null() {
        return Code::InvalidArgument as i32;
    }
    let text = crate::VERSION;
    // SAFETY: `out` is not null, and the caller says that it may be written.
    unsafe { out.write(PwvSlice { data: text.as_ptr(), len: text.len() }) };
    0
}

/// Opens or creates a vault as a document says.
///
/// # Safety
/// `options` and each of the `count` slices at `secrets` are readable; `vault` and `error` are valid for
/// a write, and `error` may be null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwv_open(
    options: PwvSlice,
    secrets: *const PwvSlice,
    count: usize,
    vault: *mut u64,
    error: *mut u64,
) -> i32 {
    guarded(vault, error, || {
        // SAFETY: the caller says that the slices are readable.
        let (options, secrets) = unsafe { (bytes(options)?, secrets_of(secrets, count)?) };
        HANDLES.open(options, secrets)
    })
}

/// Begins a session of a vault: `{"principal": ..., "context": ..., "tickets": [...]}`.
///
/// # Safety
/// As [`pwv_open`], with `session` for `vault`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwv_session(
    vault: u64,
    options: PwvSlice,
    secrets: *const PwvSlice,
    count: usize,
    session: *mut u64,
    error: *mut u64,
) -> i32 {
    guarded(session, error, || {
        // SAFETY: the caller says that the slices are readable.
        let (options, secrets) = unsafe { (bytes(options)?, secrets_of(secrets, count)?) };
        HANDLES.session(vault, options, secrets)
    })
}

/// Calls an operation of a session or a vault by its name. With 0 for `target`, it is one of the library
/// itself, which needs no vault.
///
/// # Safety
/// As [`pwv_open`], with `reply` for `vault`; `name` is readable too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwv_call(
    target: u64,
    name: PwvSlice,
    arguments: PwvSlice,
    secrets: *const PwvSlice,
    count: usize,
    reply: *mut u64,
    error: *mut u64,
) -> i32 {
    guarded(reply, error, || {
        // SAFETY: the caller says that the slices are readable.
        let (name, arguments, secrets) = unsafe { (bytes(name)?, bytes(arguments)?, secrets_of(secrets, count)?) };
        let name = std::str::from_utf8(name).map_err(|_| Fault::argument("the operation's name is not UTF-8"))?;
        let reply = HANDLES.call(target, name, arguments, secrets)?;
        Ok(HANDLES.put(Object::Reply(reply.into())))
    })
}

/// The document of a reply, or of an error: `{"code", "name", "message", "detail"}`. It may be read until
/// the handle is closed.
///
/// # Safety
/// `out` is valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwv_document(handle: u64, out: *mut PwvSlice) -> i32 {
    // SAFETY: passed on.
    unsafe {
        give(handle, out, |object| match object {
            Object::Reply(reply) => Some(reply.document.as_slice()),
            Object::Error(document) => Some(document),
            Object::Vault(_) | Object::Session(_) | Object::Answer(_) => None,
        })
    }
}

/// A secret that the document of a reply names, counted from 0. It may be read until the handle is
/// closed, and is wiped then.
///
/// # Safety
/// `out` is valid for a write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwv_secret(reply: u64, index: usize, out: *mut PwvSlice) -> i32 {
    // SAFETY: passed on.
    unsafe {
        give(reply, out, |object| match object {
            Object::Reply(reply) => reply.secrets.get(index).map(SecretBytes::expose),
            Object::Error(_) | Object::Vault(_) | Object::Session(_) | Object::Answer(_) => None,
        })
    }
}

/// Closes a handle of any sort and wipes what it held. Closing one that is closed does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn pwv_close(handle: u64) {
    let _closed = handles::guarded(|| {
        HANDLES.close(handle);
        Ok(())
    });
}

/// Closes every handle: for hosts whose requests may end without a word.
#[unsafe(no_mangle)]
pub extern "C" fn pwv_close_all() {
    let _closed = handles::guarded(|| {
        HANDLES.close_all();
        Ok(())
    });
}

/// How many handles are open.
#[unsafe(no_mangle)]
pub extern "C" fn pwv_debug_live_handles() -> u64 {
    handles::guarded(|| Ok(HANDLES.live())).unwrap_or(u64::MAX)
}

fn guarded(out: *mut u64, error: *mut u64, work: impl FnOnce() -> Result<u64, Fault>) -> i32 {
    if out.is_null() {
        return Code::InvalidArgument as i32;
    }
    // To the end, so that the error is kept too. Where this fails, so does the work.
    let _inside = fork::enter();
    let fault = match handles::guarded(work) {
        Ok(handle) => {
            // SAFETY: `out` is not null, and every caller of this function may write to it.
            unsafe { out.write(handle) };
            return 0;
        }
        Err(fault) => fault,
    };
    let code = fault.code as i32;
    if !error.is_null() {
        let document = serde_json::to_vec(&fault.to_json()).unwrap_or_default();
        let handle = catch_unwind(AssertUnwindSafe(|| HANDLES.put(Object::Error(document.into()))));
        // SAFETY: `error` is not null, and every caller of this function may write to it.
        unsafe { error.write(handle.unwrap_or(0)) };
    }
    code
}

/// # Safety
/// `out` is null or valid for a write.
unsafe fn give(handle: u64, out: *mut PwvSlice, part: impl FnOnce(&Object) -> Option<&[u8]>) -> i32 {
    // Where this fails, the error that says so can still be read.
    let _inside = fork::enter();
    let found = catch_unwind(AssertUnwindSafe(|| {
        let object = HANDLES.get(handle, &[Sort::Reply, Sort::Error]).ok()?;
        // The table keeps what this points to until the handle is closed.
        part(&object).map(|bytes| PwvSlice { data: bytes.as_ptr(), len: bytes.len() })
    }));
    match found {
        Ok(Some(slice)) if !out.is_null() => {
            // SAFETY: `out` is not null.
            unsafe { out.write(slice) };
            0
        }
        Ok(None) => Code::InvalidHandle as i32,
        Ok(Some(_)) => Code::InvalidArgument as i32,
        Err(_) => Code::Internal as i32,
    }
}

/// # Safety
/// A slice with a length is readable.
unsafe fn bytes<'a>(slice: PwvSlice) -> Result<&'a [u8], Fault> {
    match (slice.data.is_null(), slice.len) {
        (_, 0) => Ok(&[]),
        (true, _) | (_, LENGTH_MAX..) => Err(Fault::argument("a slice of some bytes needs an address")),
        // SAFETY: not null, and the caller says that it is readable.
        (false, len) => Ok(unsafe { std::slice::from_raw_parts(slice.data, len) }),
    }
}

/// # Safety
/// `secrets` points to `count` readable slices.
unsafe fn secrets_of(secrets: *const PwvSlice, count: usize) -> Result<Vec<SecretBytes>, Fault> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if secrets.is_null() || count > SECRETS_MAX {
        return Err(Fault::argument(format!("secrets: expected the address of at most {SECRETS_MAX} slices")));
    }
    // SAFETY: not null, and the caller says that it points to so many.
    let slices = unsafe { std::slice::from_raw_parts(secrets, count) };
    // SAFETY: the caller says that each is readable.
    slices.iter().map(|slice| unsafe { bytes(*slice) }.map(SecretBytes::from_slice)).collect()
}

/// What the host holds.
static HANDLES: Handles = Handles::new();

const ABI_VERSION: u32 = 1;
const SECRETS_MAX: usize = 65_536;
const LENGTH_MAX: usize = isize::MAX as usize;
