//! Whether a set of rules may be written.

use std::collections::HashSet;
use std::hash::Hash;

use super::error::RuleError;
use super::sections::{Merged, applying};
use crate::model::{Rule, Section, limits};

/// Checks a whole set of rules before it replaces the old one.
///
/// Whether somebody keeps the section `access` is judged from the rules alone: an administrator
/// named by them, taken without roles, or a role named by them, taken by itself, must hold it.
/// Whether anyone has that role, or loses the section through another one, only the host's
/// directory knows; compile the new rules for the acting administrator to see whether they would
/// shut themselves out.
///
/// # Errors
/// [`RuleError::TooMany`], [`RuleError::Name`], [`RuleError::RepeatedId`],
/// [`RuleError::RepeatedName`], [`RuleError::RepeatedItem`], and [`RuleError::Lockout`] when
/// nobody could change the rules any more.
pub fn validate_rules(rules: &[Rule]) -> Result<(), RuleError> {
    if rules.len() > limits::RULES_MAX {
        return Err(RuleError::TooMany { count: rules.len() });
    }
    for rule in rules {
        let name = rule.name.trim();
        if name.is_empty() || rule.name.len() > limits::NAME_MAX || name.chars().any(char::is_control) {
            return Err(RuleError::Name);
        }
        if repeats(&rule.allow) || repeats(&rule.restrict) || repeats(&rule.admins) || repeats(&rule.roles) {
            return Err(RuleError::RepeatedItem);
        }
    }
    if repeats(rules.iter().map(|rule| rule.id)) {
        return Err(RuleError::RepeatedId);
    }
    if repeats(rules.iter().map(|rule| rule.name.trim())) {
        return Err(RuleError::RepeatedName);
    }
    if someone_holds_access(rules) { Ok(()) } else { Err(RuleError::Lockout) }
}

fn someone_holds_access(rules: &[Rule]) -> bool {
    let giving = || rules.iter().filter(|rule| rule.full_access || rule.allow.contains(&Section::Access));
    let admins: HashSet<_> = giving().flat_map(|rule| &rule.admins).collect();
    let roles: HashSet<_> = giving().flat_map(|rule| &rule.roles).collect();
    let keeps = |merged: Merged| merged.open.has(Section::Access);
    admins.into_iter().any(|admin| keeps(Merged::of(applying(rules, Some(admin), &[]))))
        || roles.into_iter().any(|role| keeps(Merged::of(applying(rules, None, std::slice::from_ref(role)))))
}

fn repeats<T: Eq + Hash>(items: impl IntoIterator<Item = T>) -> bool {
    let mut seen = HashSet::new();
    items.into_iter().any(|item| !seen.insert(item))
}
