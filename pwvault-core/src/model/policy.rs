//! The policy record: all rules and settings of a vault in one place.

use serde::{Deserialize, Serialize};

use super::access::Rule;
use super::key::KdfParams;
use crate::id::{AdminId, RoleId};

/// Administrators, named or by role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffList {
    /// Named administrators.
    pub admins: Vec<AdminId>,
    /// Everyone who holds one of these roles.
    pub roles: Vec<RoleId>,
}

/// What administrators may do with clients' owned entries, besides what is granted to them.
/// It gives view and reveal, never more, and never a private entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessMode {
    /// Any administrator, any entry.
    Full,
    /// The listed staff, any entry.
    Restricted(StaffList),
    /// The listed staff, entries that are shared with anyone.
    Shared(StaffList),
}

impl Default for AccessMode {
    fn default() -> Self {
        Self::Shared(StaffList::default())
    }
}

/// Settings of a vault. Enforced in the library on every path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// What administrators may do with clients' owned entries.
    pub access_mode: AccessMode,
    /// Roles with all actions on all entries that are not private.
    pub extended_roles: Vec<RoleId>,
    /// Whether private entries may be made.
    pub private_entries: bool,
    /// Whether master passwords may be set.
    pub master_passwords: bool,
    /// Whether listing, searching and viewing leave an event too.
    pub audit_views: bool,
    /// How many entries a sort other than by creation, or a text search, may open.
    pub search_limit: u32,
    /// How long an unlock ticket lasts without use, in milliseconds.
    pub ticket_idle_ms: i64,
    /// How long an unlock ticket lasts at most, in milliseconds.
    pub ticket_max_ms: i64,
    /// Past secrets kept for each entry.
    pub history_limit: u32,
    /// Cost of passphrases and master passwords set from now on.
    pub kdf: KdfParams,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            access_mode: AccessMode::default(),
            extended_roles: Vec::new(),
            private_entries: true,
            master_passwords: true,
            audit_views: false,
            search_limit: 10_000,
            ticket_idle_ms: 15 * 60 * 1000,
            ticket_max_ms: 8 * 60 * 60 * 1000,
            history_limit: 50,
            kdf: KdfParams::DEFAULT,
        }
    }
}

/// All rules and settings. A vault without this record does not open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Rules of the access control.
    pub rules: Vec<Rule>,
    /// Settings.
    pub settings: Settings,
}
