//! The suite that every store must pass, run against a host's.

use std::sync::Arc;

use pwvault_core::store::Store;
use pwvault_core::testing::store_conformance;

use super::Host;
use super::store::HostStore;

/// What of its contract a host's store does not keep, one text for each case; empty when it keeps all of
/// it. The cases use fresh vaults, call from several threads, and leave their records behind.
#[must_use]
pub fn conformance(host: &Arc<dyn Host>) -> Vec<String> {
    let store: Arc<dyn Store> = Arc::new(HostStore(Arc::clone(host)));
    let report = store_conformance::run(&|| Ok(Arc::clone(&store)));
    let failed = report.failures().map(|case| {
        let fault = case.fault.as_deref().unwrap_or_default();
        format!("{}: {fault} (the rule: {})", case.name, case.rule)
    });
    failed.collect()
}
