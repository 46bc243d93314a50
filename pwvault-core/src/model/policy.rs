//! The policy record: all rules and settings of a vault in one place.

use serde::{Deserialize, Serialize};

use super::access::Rule;
use super::event::EventKind;
use super::key::KdfParams;
use super::reminder::ReminderDefaults;
use crate::id::{AdminId, ClientId, GroupId, ProductGroupId, ProductId, RoleId};

/// Administrators, named or by role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StaffList {
    /// Named administrators.
    pub admins: Vec<AdminId>,
    /// Everyone who holds one of these roles.
    pub roles: Vec<RoleId>,
}

/// What administrators may do with clients' owned entries, besides what is granted to them.
/// It gives view and reveal, never more, and never a private entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// Whether entries may belong to services, and services' secrets be shown.
    pub service_entries: bool,
    /// Clients who have no part in the vault.
    pub forbidden_clients: Vec<ClientId>,
    /// Groups whose clients have no part in the vault.
    pub forbidden_groups: Vec<GroupId>,
    /// Products whose services have no entries.
    pub excluded_products: Vec<ProductId>,
    /// Groups of products whose services have no entries.
    pub excluded_product_groups: Vec<ProductGroupId>,
    /// The most entries an account may own; entries of services and in the trash do not count.
    pub entry_quota: Option<u32>,
    /// What passwords are generated like.
    pub generator: GeneratorPolicy,
    /// When people are told about entries that do not say otherwise.
    pub reminders: ReminderDefaults,
    /// Which events are deleted when; an event that no rule names is kept.
    pub retention: Vec<Retention>,
    /// Where the host shows the vault.
    pub display: Display,
    /// How people of the stored directory sign in.
    pub login: LoginRules,
}

/// What passwords are generated like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GeneratorPolicy {
    /// The fewest characters that may be asked for.
    pub length_min: u16,
    /// The characters of a password unless asked otherwise.
    pub length_default: u16,
    /// Use small letters.
    pub lower: bool,
    /// Use capital letters.
    pub upper: bool,
    /// Use digits.
    pub digits: bool,
    /// Use punctuation.
    pub symbols: bool,
    /// Leave out characters that look alike.
    pub exclude_ambiguous: bool,
    /// At least one of each set in use.
    pub one_of_each: bool,
    /// The least strength of new passwords, 0 to 4; none takes any password.
    pub strength_min: Option<u8>,
}

impl Default for GeneratorPolicy {
    fn default() -> Self {
        Self {
            length_min: 12,
            length_default: 20,
            lower: true,
            upper: true,
            digits: true,
            symbols: true,
            exclude_ambiguous: true,
            one_of_each: true,
            strength_min: None,
        }
    }
}

/// How people of the stored directory sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LoginRules {
    /// The fewest characters of a password, 8 to 64.
    pub length_min: u16,
    /// The least strength of a password, 0 to 4; none takes any.
    pub strength_min: Option<u8>,
    /// Refuse the characters that a panel's HTML escaping would change: `& < > " '`.
    pub panel_characters: bool,
    /// Failed attempts after which a person is locked out, 3 to 100.
    pub attempts: u16,
    /// How long the first lock lasts, in milliseconds. Every further failure doubles it.
    pub lock_ms: i64,
    /// How long a lock lasts at most, in milliseconds.
    pub lock_max_ms: i64,
}

impl Default for LoginRules {
    fn default() -> Self {
        Self {
            length_min: 10,
            strength_min: None,
            panel_characters: false,
            attempts: 5,
            lock_ms: 60_000,
            lock_max_ms: 60 * 60_000,
        }
    }
}

/// A rule about how long events are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Retention {
    /// Which events; none named means all.
    pub kinds: Vec<EventKind>,
    /// For how many days they are kept.
    pub days: u32,
}

/// Where the host shows the vault. The vault refuses requests from a surface that is switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Display {
    /// In the area of clients.
    pub client_area: bool,
    /// In the summary of a client.
    pub summary: bool,
    /// In tickets.
    pub tickets: bool,
    /// The guide on the dashboard.
    pub guide: bool,
}

impl Default for Display {
    fn default() -> Self {
        Self { client_area: true, summary: true, tickets: true, guide: true }
    }
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
            service_entries: true,
            forbidden_clients: Vec::new(),
            forbidden_groups: Vec::new(),
            excluded_products: Vec::new(),
            excluded_product_groups: Vec::new(),
            entry_quota: None,
            generator: GeneratorPolicy::default(),
            reminders: ReminderDefaults::default(),
            retention: Vec::new(),
            display: Display::default(),
            login: LoginRules::default(),
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
