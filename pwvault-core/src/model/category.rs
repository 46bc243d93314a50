//! Categories and tags: what entries are sorted under. A category also grants.

use serde::{Deserialize, Serialize};

use super::grant::{Actions, Grantee};
use super::principal::Person;
use crate::clock::Timestamp;
use crate::id::{CategoryId, ClientId};

/// Who made a category, and may assign it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CategoryOwner {
    /// The staff.
    Staff,
    /// A client's account.
    Client(ClientId),
}

/// A category: a named set of people who get at the entries in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CategoryHead {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Who made it, and may assign it.
    pub owner: CategoryOwner,
    /// Who gets at its entries.
    pub members: Vec<Grantee>,
    /// Who created it.
    pub created_by: Person,
    /// When.
    pub created_at: Timestamp,
    /// Rises by one with every change.
    pub version: u64,
}

/// The category of an entry, and what its members may do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Assignment {
    /// Which category.
    pub category: CategoryId,
    /// What its members may do.
    pub actions: Actions,
}

/// A tag. Only staff see tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TagHead {
    /// Its name.
    pub name: String,
    /// Who created it.
    pub created_by: Person,
    /// When.
    pub created_at: Timestamp,
    /// Rises by one with every change.
    pub version: u64,
}
