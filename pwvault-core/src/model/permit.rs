//! Permits: what a host may do once, on behalf of one person, after the vault has said yes.

use serde::{Deserialize, Serialize};

use super::principal::Person;
use super::service::ServiceRef;
use crate::clock::Timestamp;
use crate::id::EntryId;

/// A permit as it is stored. What the host holds is in none of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermitHead {
    /// For whom.
    pub person: Person,
    /// For what.
    pub purpose: PermitPurpose,
    /// SHA-256 of the token that the host holds.
    pub token_hash: [u8; 32],
    /// From when on it is good for nothing.
    pub ends_at: Timestamp,
}

/// What a permit is good for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermitPurpose {
    /// To show the secret of a service, which lies in the host.
    ServiceReveal(ServiceRef),
    /// To say how a sign-on ended that the host does itself.
    SignOn(SignOnPermit),
}

/// A sign-on that the host does itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOnPermit {
    /// The entry whose secret was handed over.
    pub entry: EntryId,
    /// The kind of connector.
    pub connector: String,
    /// The address of the server.
    pub address: String,
}
