//! Sets of sections, and the merge of rules into one.

use crate::id::{AdminId, RoleId};
use crate::model::{Rule, Section};

/// A set of [`Section`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sections(u64);

impl Sections {
    /// No section.
    pub const NONE: Self = Self(0);

    /// Every section.
    #[must_use]
    pub fn all() -> Self {
        Section::ALL.into_iter().collect()
    }

    /// Whether `section` is in the set.
    #[must_use]
    pub const fn has(self, section: Section) -> bool {
        self.0 & (1 << section as u8) != 0
    }

    /// The sections in the set, in the order of their numbers.
    pub fn iter(self) -> impl Iterator<Item = Section> {
        Section::ALL.into_iter().filter(move |section| self.has(*section))
    }

    const fn with(self, section: Section) -> Self {
        Self(self.0 | (1 << section as u8))
    }

    const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The listed sections and everything below them.
    fn below(listed: &[Section]) -> Self {
        Section::ALL.into_iter().filter(|section| nearest(*section, listed).is_some()).collect()
    }
}

crate::document::set_form!(Sections(u64) of Section);

impl FromIterator<Section> for Sections {
    fn from_iter<I: IntoIterator<Item = Section>>(iter: I) -> Self {
        iter.into_iter().fold(Self::NONE, Self::with)
    }
}

/// What all rules that apply to one administrator come to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Merged {
    /// Allowed and not restricted.
    pub(super) open: Sections,
    /// Restricted, with everything below.
    pub(super) restricted: Sections,
}

impl Merged {
    /// Sums the allowances and the restrictions; a restriction wins whatever the order.
    pub(super) fn of<'a>(rules: impl Iterator<Item = &'a Rule>) -> Self {
        let mut allowed = Sections::NONE;
        let mut restricted = Sections::NONE;
        for rule in rules {
            allowed = allowed.union(if rule.full_access { Sections::all() } else { Sections::below(&rule.allow) });
            restricted = restricted.union(Sections::below(&rule.restrict));
        }
        Self { open: allowed.without(restricted), restricted }
    }

    /// What the host's scheduled work may do, whatever the rules say.
    pub(super) fn scheduled_work() -> Self {
        Self {
            open: [
                Section::Rotation,
                Section::LogsVerify,
                Section::LogsPrune,
                Section::Outbox,
                Section::Scheduled,
                Section::HostEvents,
            ]
            .into_iter()
            .collect(),
            restricted: Sections::NONE,
        }
    }
}

/// The rules that apply to an administrator with these roles.
pub(super) fn applying<'a>(
    rules: &'a [Rule],
    admin: Option<&'a AdminId>,
    roles: &'a [RoleId],
) -> impl Iterator<Item = &'a Rule> {
    rules.iter().filter(move |rule| {
        admin.is_some_and(|admin| rule.admins.contains(admin)) || rule.roles.iter().any(|role| roles.contains(role))
    })
}

/// The section itself or the nearest one above it that is listed.
pub(super) fn nearest(section: Section, listed: &[Section]) -> Option<Section> {
    std::iter::successors(Some(section), |section| section.parent()).find(|section| listed.contains(section))
}
