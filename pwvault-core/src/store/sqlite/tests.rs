#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;

#[test]
fn conforms() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("vault.db");
    let report = crate::testing::store_conformance::run(&|| Ok(Arc::new(SqliteStore::open(&path)?) as Arc<dyn Store>));
    assert!(report.passed(), "{report}");
}
