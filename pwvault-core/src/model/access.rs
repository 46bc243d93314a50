//! Access control of sections: which parts of the vault's management an administrator may enter.

use serde::{Deserialize, Serialize};

use crate::id::{AdminId, RoleId, RuleId};

/// A part of the vault's management. Sections form a tree: allowing a parent allows its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// Categories of the staff and of clients.
    Categories = 14,
    /// Tags.
    Tags = 15,
    /// Templates of messages.
    Templates = 16,
    /// Messages that wait, and those that could not be delivered.
    Outbox = 17,
    /// Translations.
    Translations = 18,
    /// Signing in to servers without seeing the secret.
    Connect = 19,
    /// Setting up servers to sign in to.
    ConnectConfigure = 20,
    /// Requests for credentials.
    Requests = 21,
    /// Approving what others asked for.
    Approvals = 22,
    /// The stored directory of people.
    Directory = 23,
    /// Deletion of old events.
    LogsPrune = 24,
    /// Export and erasure of a person's data.
    Subjects = 25,
    /// Consequences of what happened in the host: a client gone, a ticket closed.
    HostEvents = 26,
    /// Counts over what the administrator may view.
    Dashboard = 27,
    /// Tickets of departments the administrator does not belong to.
    Tickets = 28,
    /// Reports: what a leaver has seen, what should be changed.
    Reports = 29,
    /// Running the work that is due.
    Scheduled = 30,
}

impl Section {
    /// Every section, in the order of its number.
    pub const ALL: [Self; 31] = [
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
        Self::Categories,
        Self::Tags,
        Self::Templates,
        Self::Outbox,
        Self::Translations,
        Self::Connect,
        Self::ConnectConfigure,
        Self::Requests,
        Self::Approvals,
        Self::Directory,
        Self::LogsPrune,
        Self::Subjects,
        Self::HostEvents,
        Self::Dashboard,
        Self::Tickets,
        Self::Reports,
        Self::Scheduled,
    ];

    /// The section this one is part of.
    #[must_use]
    pub const fn parent(self) -> Option<Self> {
        match self {
            Self::EntriesForClients | Self::EntriesImport | Self::EntriesExport => Some(Self::Entries),
            Self::KeysManage => Some(Self::Keys),
            Self::AccessExplain => Some(Self::Access),
            Self::LogsExport | Self::LogsVerify | Self::LogsPrune => Some(Self::Logs),
            Self::ConnectConfigure => Some(Self::Connect),
            Self::Entries
            | Self::Keys
            | Self::Access
            | Self::Logs
            | Self::Settings
            | Self::Rotation
            | Self::Principals
            | Self::Categories
            | Self::Tags
            | Self::Templates
            | Self::Outbox
            | Self::Translations
            | Self::Connect
            | Self::Requests
            | Self::Approvals
            | Self::Directory
            | Self::Subjects
            | Self::HostEvents
            | Self::Dashboard
            | Self::Tickets
            | Self::Reports
            | Self::Scheduled => None,
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
            Self::Categories => "categories",
            Self::Tags => "tags",
            Self::Templates => "templates",
            Self::Outbox => "outbox",
            Self::Translations => "translations",
            Self::Connect => "connect",
            Self::ConnectConfigure => "connect.configure",
            Self::Requests => "requests",
            Self::Approvals => "approvals",
            Self::Directory => "directory",
            Self::LogsPrune => "logs.prune",
            Self::Subjects => "subjects",
            Self::HostEvents => "host_events",
            Self::Dashboard => "dashboard",
            Self::Tickets => "tickets",
            Self::Reports => "reports",
            Self::Scheduled => "scheduled",
        }
    }
}

/// A rule of the access control.
///
/// A rule applies to the administrators it names and to those who hold a role it names.
/// Restrictions are summed over all rules that apply and win over every allowance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
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
