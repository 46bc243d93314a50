//! The reference implementation of Argon2, where the system has its library.

use std::ffi::{c_int, c_void};

use libloading::{Library, Symbol};

type HashRaw = unsafe extern "C" fn(
    passes: u32,
    memory_kib: u32,
    lanes: u32,
    password: *const c_void,
    password_length: usize,
    salt: *const c_void,
    salt_length: usize,
    key: *mut c_void,
    key_length: usize,
) -> c_int;

pub struct Libargon2(Library);

impl Libargon2 {
    /// The library, if there is one.
    pub fn load() -> Option<Self> {
        // SAFETY: libargon2 runs nothing when it is loaded or let go.
        let library = unsafe { Library::new("libargon2.so.1") }.ok()?;
        // SAFETY: `HashRaw` is the function's type in argon2.h, unchanged since version 1 of the library.
        unsafe { library.get::<HashRaw>(NAME) }.ok()?;
        Some(Self(library))
    }

    /// Argon2id with one lane.
    pub fn stretch(&self, password: &[u8], salt: &[u8], memory_kib: u32, passes: u32) -> [u8; 32] {
        let mut key = [0; 32];
        // SAFETY: as in `load`; every pointer is that of a slice, given with its length, and the
        // call keeps none of them.
        let status = unsafe {
            let hash: Symbol<'_, HashRaw> = self.0.get(NAME).expect("looked up before");
            hash(
                passes,
                memory_kib,
                1,
                password.as_ptr().cast(),
                password.len(),
                salt.as_ptr().cast(),
                salt.len(),
                key.as_mut_ptr().cast(),
                key.len(),
            )
        };
        assert_eq!(status, 0, "libargon2 refuses the parameters");
        key
    }
}

const NAME: &[u8] = b"argon2id_hash_raw\0";
