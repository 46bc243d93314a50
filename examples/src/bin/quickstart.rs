//! Shows the whole way of a secret, from a CSV file to a verified log.
fn main() {}
