//! What several targets share: a store as plain as its contract, and a vault in it that an
//! attacker has written to.

mod plain_store;
mod tampered;

use arbitrary::{Result, Unstructured};

pub use plain_store::PlainStore;
pub use tampered::{Tampered, VAULT, kek};

/// Up to `most` of what `one` makes.
pub fn some<T>(u: &mut Unstructured, most: usize, one: impl Fn(&mut Unstructured) -> Result<T>) -> Result<Vec<T>> {
    (0..u.int_in_range(0..=most)?).map(|_| one(u)).collect()
}
