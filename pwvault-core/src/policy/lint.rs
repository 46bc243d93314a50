//! What looks wrong in rules that may be written all the same: rights that depend on others, rules
//! without effect. Advice, not refusal; rules that lock everyone out are refused in `rules.rs`.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::sections::{Merged, Sections, applying, nearest};
use super::verb::Verb;
use crate::id::RuleId;
use crate::model::{Grantee, Rule, Section};

/// Something about a set of rules that is probably not meant. Administrators and roles are judged
/// alone: who holds which role only the host knows, and one role may be there to go with another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "key", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finding {
    /// The rule names no administrator and no role, so it applies to nobody.
    NamesNobody {
        /// The rule.
        rule: RuleId,
    },
    /// The rule neither allows nor restricts anything.
    SaysNothing {
        /// The rule.
        rule: RuleId,
    },
    /// Restrictions, its own or those of other rules, take away everything the rule allows, from
    /// everyone it names.
    Shadowed {
        /// The rule.
        rule: RuleId,
    },
    /// A right is there without the one it depends on.
    Dependent {
        /// Whose: an administrator's or a role's.
        subject: Grantee,
        /// The section that is open.
        section: Section,
        /// What it is open for.
        verb: Verb,
        /// What that depends on.
        needs: Verb,
        /// The section that would give it.
        given_by: Section,
    },
    /// No section that is open lists anything, so there is no page to begin with.
    NoLanding {
        /// Who: an administrator or a role.
        subject: Grantee,
    },
}

/// What looks wrong in these rules, sorted and without repeats.
#[must_use]
pub fn lint_rules(rules: &[Rule]) -> Vec<Finding> {
    let mut found = BTreeSet::new();
    let mut subjects = BTreeSet::new();
    for rule in rules {
        let (id, named) = (rule.id, subjects_of(rule));
        let gives = |section: Section| rule.full_access || nearest(section, &rule.allow).is_some();
        let allows = Section::ALL.into_iter().any(gives);
        if named.is_empty() {
            found.insert(Finding::NamesNobody { rule: id });
        }
        if !allows && rule.restrict.is_empty() {
            found.insert(Finding::SaysNothing { rule: id });
        }
        if allows && !named.is_empty() {
            if !named.iter().any(|subject| open_to(rules, subject).iter().any(gives)) {
                found.insert(Finding::Shadowed { rule: id });
            }
            subjects.extend(named);
        }
    }
    for subject in subjects {
        let open = open_to(rules, &subject);
        found.extend(open.iter().flat_map(|section| dependent(&subject, section, open)));
        if !open.iter().any(|section| section.verbs().contains(&Verb::List)) {
            found.insert(Finding::NoLanding { subject });
        }
    }
    found.into_iter().collect()
}

/// The rights of a section that depend on one which no open section of its area gives.
fn dependent(subject: &Grantee, section: Section, open: Sections) -> impl Iterator<Item = Finding> {
    section.verbs().iter().filter_map(move |verb| {
        let needs = verb.needs()?;
        let given = |one: Section| one.verbs().contains(&needs);
        if open.iter().any(|one| given(one) && one.line().last() == section.line().last()) {
            return None;
        }
        let given_by = section.line().find(|one| given(*one))?;
        Some(Finding::Dependent { subject: subject.clone(), section, verb: *verb, needs, given_by })
    })
}

fn subjects_of(rule: &Rule) -> Vec<Grantee> {
    let admins = rule.admins.iter().cloned().map(Grantee::Admin);
    admins.chain(rule.roles.iter().cloned().map(Grantee::Role)).collect()
}

/// What the rules open to an administrator without roles, or to a role alone.
fn open_to(rules: &[Rule], subject: &Grantee) -> Sections {
    match subject {
        Grantee::Admin(admin) => Merged::of(applying(rules, Some(admin), &[])).open,
        Grantee::Role(role) => Merged::of(applying(rules, None, std::slice::from_ref(role))).open,
        Grantee::Client(_) => Sections::NONE,
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NamesNobody { rule } => {
                write!(f, "rule {rule} names no administrator and no role, so it applies to nobody")
            }
            Self::SaysNothing { rule } => write!(f, "rule {rule} neither allows nor restricts anything"),
            Self::Shadowed { rule } => {
                write!(f, "everything that rule {rule} allows is restricted for everyone it names")
            }
            Self::Dependent { subject, section, verb, needs, given_by } => {
                write!(f, "{subject} has {verb} in section {section} without {needs}, which section {given_by} gives")
            }
            Self::NoLanding { subject } => {
                write!(
                    f,
                    "no section that is open to {subject} has a page to begin with; allow one that lists something"
                )
            }
        }
    }
}
