//! Roles that come with the directory, and what they open. Any number of others may be added.

use crate::model::{MailTopic, MailTopics, RuleDraft, Section};

/// A role as panels have it from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RolePreset {
    /// Everything.
    Full,
    /// Clients and their entries, and what is sent to them.
    Sales,
    /// Tickets, and the entries shared with support.
    SupportOnly,
}

impl RolePreset {
    /// Every preset.
    pub const ALL: [Self; 3] = [Self::Full, Self::Sales, Self::SupportOnly];

    /// The id of its role.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Sales => "sales",
            Self::SupportOnly => "support-only",
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "Full Administrator",
            Self::Sales => "Sales Operator",
            Self::SupportOnly => "Support Only",
        }
    }

    /// The mail its holders get.
    #[must_use]
    pub fn mail(self) -> MailTopics {
        use MailTopic as M;
        match self {
            Self::Full => MailTopics::all(),
            Self::Sales => [M::General, M::Billing, M::Products, M::Domains, M::Vault].into_iter().collect(),
            Self::SupportOnly => [M::Support, M::Vault].into_iter().collect(),
        }
    }

    /// The rule that goes with the role, without the role.
    #[must_use]
    pub fn rule(self) -> RuleDraft {
        use Section as S;
        let allow = match self {
            Self::Full => Vec::new(),
            Self::Sales => vec![S::Entries, S::Categories, S::Tags, S::Requests, S::Dashboard],
            Self::SupportOnly => vec![S::Entries, S::Requests],
        };
        let restrict = match self {
            Self::Full | Self::Sales => Vec::new(),
            Self::SupportOnly => vec![S::EntriesExport, S::EntriesImport],
        };
        let full_access = self == Self::Full;
        RuleDraft { name: format!("Role {}", self.name()), full_access, allow, restrict, ..RuleDraft::default() }
    }
}
