//! Access control of sections: which parts of the vault's management an administrator may enter.

use serde::{Deserialize, Serialize};

use crate::id::{AdminId, RoleId, RuleId};

/// A part of the vault's management. Sections form a tree: allowing a parent allows its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
#[non_exhaustive]
pub enum Section {
    /// Entries: list them and create own ones.
    Entries = 0,
    /// Create entries for a client.
    EntriesForClients = 1,
    /// Import from CSV.
    EntriesImport = 2,
    /// Export to CSV.
    EntriesExport = 3,
    /// Encryption keys.
    Keys = 4,
    /// Register, change and delete the vault's encryption keys.
    KeysManage = 5,
    /// Rules of this access control.
    Access = 6,
    /// Explanations of other principals' decisions.
    AccessExplain = 7,
    /// Logs.
    Logs = 8,
    /// Export of logs.
    LogsExport = 9,
    /// Verification of logs.
    LogsVerify = 10,
    /// Settings.
    Settings = 11,
    /// Rotation of the vault's keys.
    Rotation = 12,
    /// The stored mirror of the host's principals.
    Principals = 13,
}

impl Section {
    /// Every section, in the order of its number.
    pub const ALL: [Self; 14] = [
        Self::Entries,
        Self::EntriesForClients,
        Self::EntriesImport,
        Self::EntriesExport,
        Self::Keys,
        Self::KeysManage,
        Self::Access,
        Self::AccessExplain,
        Self::Logs,
        Self::LogsExport,
        Self::LogsVerify,
        Self::Settings,
        Self::Rotation,
        Self::Principals,
    ];

    /// The section this one is part of.
    #[must_use]
    pub const fn parent(self) -> Option<Self> {
        match self {
            Self::EntriesForClients | Self::EntriesImport | Self::EntriesExport => Some(Self::Entries),
            Self::KeysManage => Some(Self::Keys),
            Self::AccessExplain => Some(Self::Access),
            Self::LogsExport | Self::LogsVerify => Some(Self::Logs),
            Self::Entries
            | Self::Keys
            | Self::Access
            | Self::Logs
            | Self::Settings
            | Self::Rotation
            | Self::Principals => None,
        }
    }

    /// Its dotted name, such as `logs.export`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entries => "entries",
            Self::EntriesForClients => "entries.for_clients",
            Self::EntriesImport => "entries.import",
            Self::EntriesExport => "entries.export",
            Self::Keys => "keys",
            Self::KeysManage => "keys.manage",
            Self::Access => "access",
            Self::AccessExplain => "access.explain",
            Self::Logs => "logs",
            Self::LogsExport => "logs.export",
            Self::LogsVerify => "logs.verify",
            Self::Settings => "settings",
            Self::Rotation => "rotation",
            Self::Principals => "principals",
        }
    }
}

/// A rule of the access control.
///
/// A rule applies to the administrators it names and to those who hold a role it names.
/// Restrictions are summed over all rules that apply and win over every allowance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Which rule.
    pub id: RuleId,
    /// Its name.
    pub name: String,
    /// Allows every section.
    pub full_access: bool,
    /// Allows these sections and their children.
    pub allow: Vec<Section>,
    /// Refuses these sections and their children.
    pub restrict: Vec<Section>,
    /// Administrators it applies to.
    pub admins: Vec<AdminId>,
    /// Roles it applies to.
    pub roles: Vec<RoleId>,
}

/// A rule to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleDraft {
    /// Its name.
    pub name: String,
    /// Allows every section.
    pub full_access: bool,
    /// Allows these sections and their children.
    pub allow: Vec<Section>,
    /// Refuses these sections and their children.
    pub restrict: Vec<Section>,
    /// Administrators it applies to.
    pub admins: Vec<AdminId>,
    /// Roles it applies to.
    pub roles: Vec<RoleId>,
}
