//! Measures pwvault beside its peers.
fn main() {}
