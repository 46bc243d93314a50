//! The suite every store must pass. Results are data, so that a host can call it from its own test
//! in any language; the cases use fresh vaults and leave their records behind.
//!
//! ```
//! use std::sync::Arc;
//! use pwvault_core::store::{MemoryStore, Store};
//! use pwvault_core::testing::store_conformance;
//!
//! let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
//! let report = store_conformance::run(&|| Ok(Arc::clone(&store)));
//! assert!(report.passed(), "{report}");
//! ```

mod changes;
mod ground;
mod isolation;
mod labels;
mod pages;
mod races;

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use self::ground::{Fault, Ground};
use crate::store::{Store, StoreError};

/// What came of one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseResult {
    /// Name of the case; stays the same between versions.
    pub name: &'static str,
    /// What the contract asks.
    pub rule: &'static str,
    /// What was wrong and what would be right; `None` when the store kept the rule.
    pub fault: Option<String>,
}

impl CaseResult {
    /// Whether the store kept the rule.
    #[must_use]
    pub const fn passed(&self) -> bool {
        self.fault.is_none()
    }
}

/// What came of the suite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Every case, in the order it ran.
    pub cases: Vec<CaseResult>,
}

impl Report {
    /// Whether the store passed every case.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.cases.iter().all(CaseResult::passed)
    }

    /// The cases the store failed.
    pub fn failures(&self) -> impl Iterator<Item = &CaseResult> {
        self.cases.iter().filter(|case| !case.passed())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for CaseResult { name, rule, fault } in &self.cases {
            match fault {
                None => writeln!(f, "ok      {name}")?,
                Some(fault) => writeln!(f, "FAILED  {name}: {fault} (the rule: {rule})")?,
            }
        }
        Ok(())
    }
}

/// Opens the store under test: the same database at every call.
pub type Open<'a> = &'a (dyn Fn() -> Result<Arc<dyn Store>, StoreError> + Sync);

/// Runs every case against the store that `open` opens. Takes a few seconds on a store that syncs
/// to disk.
pub fn run(open: Open<'_>) -> Report {
    Report { cases: cases().map(|case| case.result(open)).collect() }
}

fn cases() -> impl Iterator<Item = &'static Case> {
    [changes::CASES, labels::CASES, pages::CASES, isolation::CASES, races::CASES].into_iter().flatten()
}

struct Case {
    name: &'static str,
    rule: &'static str,
    run: fn(&Ground<'_>) -> Result<(), Fault>,
}

impl Case {
    fn result(&self, open: Open<'_>) -> CaseResult {
        let outcome = Ground::new(open).and_then(|ground| (self.run)(&ground));
        CaseResult { name: self.name, rule: self.rule, fault: outcome.err().map(|Fault(fault)| fault) }
    }
}

#[cfg(test)]
mod tests;
