//! Rules that are often wanted, as drafts to be filled with names.

use crate::model::{RuleDraft, Section};

/// A rule that is often wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RulePreset {
    /// Support that sees entries and tickets, and manages nothing but entries of its own. Which
    /// entries it sees is said by grants and the access mode.
    ViewOnlySupport,
    /// Finding out why something does not work: logs, reports and explanations. Nothing is taken out of
    /// the vault, deleted or configured.
    Debugging,
    /// Somebody from outside who has business in one section, and is kept out of all others, also
    /// where another rule or role would let them in. What lies above the section stays as it is: to
    /// restrict it would restrict the section.
    OneSection(Section),
}

impl RulePreset {
    /// The rule, naming nobody yet.
    #[must_use]
    pub fn draft(self) -> RuleDraft {
        use Section as S;
        let (name, allow) = match self {
            Self::ViewOnlySupport => ("View-only support".to_owned(), vec![S::Entries, S::Tickets, S::Dashboard]),
            Self::Debugging => ("Debugging".to_owned(), vec![S::Logs, S::AccessExplain, S::Reports, S::Dashboard]),
            Self::OneSection(section) => (format!("Only {section}"), vec![section]),
        };
        let restrict = match self {
            Self::ViewOnlySupport => without(|section| match section {
                S::EntriesForClients | S::EntriesImport | S::EntriesExport => false,
                _ => allow.iter().any(|one| section.line().any(|above| above == *one)),
            }),
            // Entries as such stay open: restricting them would shut out what is shared.
            Self::Debugging => vec![S::LogsExport, S::LogsPrune, S::EntriesExport, S::Subjects, S::Settings],
            Self::OneSection(only) => without(|section| section.line().any(|above| above == only)),
        };
        RuleDraft { name, allow, restrict, ..RuleDraft::default() }
    }
}

/// The fewest restrictions that leave nothing but these sections and what lies above them.
fn without(stays: impl Fn(Section) -> bool) -> Vec<Section> {
    let kept = |section: Section| {
        Section::ALL.into_iter().any(|other| stays(other) && other.line().any(|above| above == section))
    };
    // To restrict a section restricts those below it, which need no mention.
    let topmost = |section: &Section| section.parent().is_none_or(kept);
    Section::ALL.into_iter().filter(|section| !kept(*section)).filter(topmost).collect()
}
