//! What is done in a section: the words panels use for rights, mapped on the tree of sections.

use serde::{Deserialize, Serialize};

use super::authority::Authority;
use crate::model::Section;

/// Something done in a part of the vault's management.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verb {
    /// See what there is.
    List,
    /// See one of it.
    View,
    /// Add to it.
    Create,
    /// Change it.
    Manage,
    /// Say how it works.
    Configure,
    /// Take away from it for good.
    Delete,
    /// Call off what is under way.
    Cancel,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 7] =
        [Self::List, Self::View, Self::Create, Self::Manage, Self::Configure, Self::Delete, Self::Cancel];

    /// The verb without which this one is of little use.
    #[must_use]
    pub const fn needs(self) -> Option<Self> {
        match self {
            Self::List => None,
            Self::View => Some(Self::List),
            Self::Create => Some(Self::Manage),
            Self::Manage | Self::Configure | Self::Delete | Self::Cancel => Some(Self::View),
        }
    }
}

impl Section {
    /// What entering the section allows. The verbs of an area are spread over its sections: the topmost
    /// one shows what there is, those below it do more.
    #[must_use]
    pub const fn verbs(self) -> &'static [Verb] {
        use Verb as V;
        match self {
            // One's own.
            Self::Entries | Self::Keys => &[V::List, V::View, V::Create, V::Manage, V::Delete],
            Self::EntriesForClients | Self::EntriesImport => &[V::Create],
            Self::KeysManage => &[V::Create, V::Manage, V::Delete],
            Self::Access | Self::Categories | Self::Tags | Self::Directory => {
                &[V::List, V::View, V::Create, V::Manage, V::Delete]
            }
            Self::AccessExplain | Self::Logs | Self::Connect | Self::Tickets | Self::Dashboard | Self::Reports => {
                &[V::List, V::View]
            }
            Self::EntriesExport | Self::LogsExport | Self::LogsVerify => &[V::View],
            Self::LogsPrune => &[V::Delete],
            Self::Settings => &[V::List, V::View, V::Configure],
            Self::Templates | Self::Translations => &[V::List, V::View, V::Manage, V::Configure],
            Self::ConnectConfigure => &[V::Configure],
            Self::Outbox | Self::Approvals => &[V::List, V::View, V::Manage, V::Cancel],
            Self::Requests => &[V::List, V::View, V::Create, V::Manage, V::Cancel],
            Self::Subjects => &[V::View, V::Delete],
            Self::Rotation | Self::Principals | Self::HostEvents | Self::Scheduled => &[V::Manage],
        }
    }

    /// The section and those above it, the nearest first.
    pub(super) fn line(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |section| section.parent())
    }
}

impl Authority {
    /// Whether the principal may do this in the area of a section: in it or in a section below it.
    #[must_use]
    pub fn allows_verb(&self, area: Section, verb: Verb) -> bool {
        let inside = |section: &Section| section.line().any(|one| one == area);
        self.sections().iter().filter(inside).any(|section| section.verbs().contains(&verb))
    }
}
