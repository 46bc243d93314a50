//! Why, and what would help: data with stable keys. The English text stands in until a catalogue
//! is asked.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::key::KeyAction;
use crate::id::{CategoryId, RoleId, RuleId};
use crate::model::{AccessMode, Action, Grantee, Permission, Section};

/// Something that spoke for or against.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "key", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// The principal owns it, or acts for the account that does.
    Owner,
    /// A role of the principal has all actions on entries that are not private.
    ExtendedRole {
        /// The role.
        role: RoleId,
    },
    /// A grant reaches the principal.
    Grant {
        /// To whom it was made.
        grantee: Grantee,
        /// What it gives.
        actions: Vec<Action>,
    },
    /// The principal is a member of the category the entry is in.
    Category {
        /// The category.
        category: CategoryId,
        /// What it gives.
        actions: Vec<Action>,
    },
    /// The ticket at hand is the client's, and the principal works on it.
    Ticket,
    /// The access mode opens clients' entries to the principal.
    AccessMode {
        /// Which mode.
        mode: ModeName,
    },
    /// A rule allows the section or one above it.
    RuleAllows {
        /// The rule.
        rule: RuleId,
        /// The section it lists.
        section: Section,
    },
    /// A rule allows every section.
    RuleFullAccess {
        /// The rule.
        rule: RuleId,
    },
    /// The sub-user's permissions include it.
    Permission {
        /// The permission.
        permission: Permission,
    },
    /// The account itself may.
    Account,
    /// An encryption key may be attached by the principal.
    AttachRight {
        /// To whom the right was given.
        grantee: Grantee,
    },
    /// The host's scheduled work has a part of its own, whatever the rules say.
    ScheduledWork,
    /// Only the host's scheduled work does this.
    ScheduledOnly,
    /// The entry is private: nobody but its owner.
    Private,
    /// A master password guards the owned entries and is not unlocked.
    OwnedLocked,
    /// The entry is in the trash.
    Trashed,
    /// A rule restricts the section or one above it; that wins over every allowance.
    RuleRestricts {
        /// The rule.
        rule: RuleId,
        /// The section it lists.
        section: Section,
    },
    /// The sub-user lacks a permission.
    PermissionMissing {
        /// The permission.
        permission: Permission,
    },
    /// A setting refuses it for the whole vault.
    SettingOff {
        /// The setting.
        setting: SettingName,
    },
    /// Only administrators have this.
    StaffOnly,
    /// Only the owner has this.
    OwnerOnly,
    /// Nothing that speaks for the principal covers the action.
    NotCovered {
        /// The action asked for.
        action: Action,
    },
    /// The settings give the client no part in the vault.
    ClientForbidden,
    /// The settings exclude the product of the service the entry belongs to, or its group.
    ServiceExcluded,
    /// The server's own rule asks for one of these roles.
    ServerRule {
        /// The roles.
        roles: Vec<RoleId>,
    },
    /// Nothing that speaks for the principal covers the action on the encryption key.
    KeyNotCovered {
        /// The action asked for.
        action: KeyAction,
    },
    /// No rule that applies to the principal allows the section.
    SectionNotCovered {
        /// The section asked for.
        section: Section,
    },
}

/// One step that would help.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "key", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Remedy {
    /// Unlock the master password.
    UnlockMasterPassword,
    /// Have the entry restored from the trash.
    RestoreFromTrash,
    /// Have the owner make the entry not private.
    MakeNotPrivate,
    /// Ask the owner, or someone who may share, to grant the action.
    AskForGrant {
        /// The action.
        action: Action,
    },
    /// Ask the owner.
    AskOwner,
    /// Ask the account for a permission.
    AskForPermission {
        /// The permission.
        permission: Permission,
    },
    /// Be given a role for which it would be allowed.
    HoldRole {
        /// The role.
        role: RoleId,
    },
    /// Have a rule allow the section.
    AllowSection {
        /// The section.
        section: Section,
    },
    /// Have a rule no longer restrict the section.
    LiftRestriction {
        /// The rule.
        rule: RuleId,
        /// The section it lists.
        section: Section,
    },
    /// Have a setting switched on.
    SwitchOn {
        /// The setting.
        setting: SettingName,
    },
}

/// The name of an access mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ModeName {
    /// Any administrator, any entry.
    Full,
    /// Listed staff, any entry.
    Restricted,
    /// Listed staff, shared entries.
    Shared,
}

impl From<&AccessMode> for ModeName {
    fn from(mode: &AccessMode) -> Self {
        match mode {
            AccessMode::Full => Self::Full,
            AccessMode::Restricted(_) => Self::Restricted,
            AccessMode::Shared(_) => Self::Shared,
        }
    }
}

/// A setting that can refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SettingName {
    /// `Settings::private_entries`.
    PrivateEntries,
    /// `Settings::master_passwords`.
    MasterPasswords,
    /// `Settings::service_entries`.
    ServiceEntries,
    /// `Display::client_area`.
    ClientArea,
    /// `Display::summary`.
    Summary,
    /// `Display::tickets`.
    Tickets,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Owner => f.write_str("it is your own"),
            Self::ExtendedRole { role } => write!(f, "role {role} has all actions on entries that are not private"),
            Self::Grant { grantee, actions } => {
                write!(f, "it is shared with {} for {}", grantee, names(actions))
            }
            Self::Category { category, actions } => {
                write!(f, "you are a member of category {category}, which gives {}", names(actions))
            }
            Self::Ticket => f.write_str("you work on a ticket of the client, and the entry is shared"),
            Self::AccessMode { mode } => {
                write!(f, "access mode {} opens clients' entries to you", lower(mode))
            }
            Self::RuleAllows { rule, section } => write!(f, "rule {rule} allows section {}", section.name()),
            Self::RuleFullAccess { rule } => write!(f, "rule {rule} allows every section"),
            Self::Permission { permission } => write!(f, "your permission {} includes it", lower(permission)),
            Self::Account => f.write_str("the account may do this"),
            Self::AttachRight { grantee } => write!(f, "{} may attach the key", grantee),
            Self::ScheduledWork => {
                f.write_str("scheduled work rotates keys, keeps the logs and delivers messages, and nothing else")
            }
            Self::ScheduledOnly => f.write_str("only scheduled work does this"),
            Self::Private => f.write_str("the entry is private"),
            Self::OwnedLocked => f.write_str("a master password guards your own entries and is not unlocked"),
            Self::Trashed => f.write_str("the entry is in the trash"),
            Self::RuleRestricts { rule, section } => write!(f, "rule {rule} restricts section {}", section.name()),
            Self::PermissionMissing { permission } => write!(f, "you lack permission {}", lower(permission)),
            Self::SettingOff { setting } => write!(f, "setting {} is off", lower(setting)),
            Self::StaffOnly => f.write_str("only administrators have this"),
            Self::OwnerOnly => f.write_str("only the owner may do this"),
            Self::NotCovered { action } => write!(f, "nothing gives you {action}"),
            Self::ClientForbidden => f.write_str("the settings give this client no part in the vault"),
            Self::ServiceExcluded => f.write_str("the settings exclude the product of this service"),
            Self::ServerRule { roles } => {
                let roles: Vec<_> = roles.iter().map(RoleId::as_str).collect();
                write!(f, "the server is for these roles alone: {}", roles.join(", "))
            }
            Self::KeyNotCovered { action } => write!(f, "nothing gives you {} of the key", lower(action)),
            Self::SectionNotCovered { section } => write!(f, "no rule allows you section {section}"),
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnlockMasterPassword => f.write_str("unlock your master password"),
            Self::RestoreFromTrash => f.write_str("have the entry restored from the trash"),
            Self::MakeNotPrivate => f.write_str("have the owner make the entry not private"),
            Self::AskForGrant { action } => {
                write!(f, "ask the owner, or someone who may share the entry, for {}", lower(action))
            }
            Self::AskOwner => f.write_str("ask the owner"),
            Self::AskForPermission { permission } => write!(f, "ask the account for permission {}", lower(permission)),
            Self::HoldRole { role } => write!(f, "ask for role {role}"),
            Self::AllowSection { section } => write!(f, "have a rule allow section {}", section.name()),
            Self::LiftRestriction { rule, section } => {
                write!(f, "have rule {rule} no longer restrict section {}", section.name())
            }
            Self::SwitchOn { setting } => write!(f, "have setting {} switched on", lower(setting)),
        }
    }
}

fn names(actions: &[Action]) -> String {
    actions.iter().map(lower).collect::<Vec<_>>().join(", ")
}

/// The name of a fieldless variant in lower case.
fn lower(variant: &impl fmt::Debug) -> String {
    format!("{variant:?}").to_lowercase()
}
