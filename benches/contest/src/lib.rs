//! Contenders that take turns, and the report of what they took. Knows nothing of what is measured.

pub mod growth;
pub mod machine;
pub mod race;
pub mod report;
