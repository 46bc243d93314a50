//! The language boundary of pwvault: `api/` (uniffi objects) and `c/` (the C ABI) move in here.
