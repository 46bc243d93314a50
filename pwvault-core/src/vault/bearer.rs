//! Those who hold a link or a token and whom the host has not named: their sessions, and how long
//! what they hold lasts. Knows nothing of what it entitles to.

use std::sync::Arc;

use super::builder::Vault;
use super::error::VaultError;
use super::gate::Gate;
use super::session::Session;
use crate::clock::Timestamp;
use crate::model::RequestContext;

impl Vault {
    /// A session of someone the host has not named.
    pub(super) fn bearer(&self, context: RequestContext) -> Session {
        Session::of_bearer(Arc::clone(&self.core), context)
    }
}

impl Gate<'_> {
    /// When something that is given out now ends: at the wished time, if that is within bounds.
    pub(super) fn end_of(&self, wished: Option<Timestamp>) -> Result<Timestamp, VaultError> {
        match wished {
            None => Ok(self.now.plus_millis(LASTS_MS)),
            Some(end) if end > self.now && end <= self.now.plus_millis(LASTS_MAX_MS) => Ok(end),
            Some(_) => Err(VaultError::invalid("expires_at", "an end lies in the future, at most 30 days from now")),
        }
    }
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const LASTS_MS: i64 = 7 * DAY_MS;
const LASTS_MAX_MS: i64 = 30 * DAY_MS;
