//! Rules that look wrong, and presets.

use std::sync::Arc;

use super::fixture::*;
use crate::id::RuleId;
use crate::model::{Grantee, Principal, Rule, RuleDraft, Section};
use crate::policy::{Authority, Finding, RulePreset, Verb, lint_rules};

fn written(number: u8, draft: RuleDraft) -> Rule {
    let RuleDraft { name, full_access, allow, restrict, admins, roles } = draft;
    Rule { id: RuleId::from_bytes([number; 16]), name, full_access, allow, restrict, admins, roles }
}

fn for_role(number: u8, role: &str, allow: &[Section], restrict: &[Section]) -> Rule {
    let (allow, restrict) = (allow.to_vec(), restrict.to_vec());
    written(number, RuleDraft { allow, restrict, roles: vec![role_id(role)], ..RuleDraft::default() })
}

fn id(number: u8) -> RuleId {
    RuleId::from_bytes([number; 16])
}

fn under(rules: Vec<Rule>, role: &str) -> Authority {
    Authority::compile(Arc::new(with_rules(rules)), &Principal::admin_with_roles(admin_id("1"), vec![role_id(role)]))
}

#[test]
fn create_without_manage_and_a_role_without_a_page_are_found() {
    let subject = || Grantee::Role(role_id("sales"));
    let rules = [for_role(1, "sales", &[Section::EntriesForClients], &[])];
    let create = Finding::Dependent {
        subject: subject(),
        section: Section::EntriesForClients,
        verb: Verb::Create,
        needs: Verb::Manage,
        given_by: Section::Entries,
    };
    assert_eq!(lint_rules(&rules), [create, Finding::NoLanding { subject: subject() }]);
    // A second rule may give what the first one lacks.
    let both = [rules[0].clone(), for_role(2, "sales", &[Section::Entries], &[])];
    assert_eq!(lint_rules(&both), []);
    // Another role's rule does not.
    let other = [rules[0].clone(), for_role(2, "audit", &[Section::Entries], &[])];
    assert_eq!(lint_rules(&other).len(), 2);
}

#[test]
fn rules_without_effect_are_found() {
    let nobody = written(1, RuleDraft { allow: vec![Section::Logs], ..RuleDraft::default() });
    let nothing = for_role(2, "sales", &[], &[]);
    let shadowed = for_role(3, "audit", &[Section::LogsExport], &[]);
    let shadowing = for_role(4, "audit", &[], &[Section::Logs]);
    let found = lint_rules(&[nobody, nothing, shadowed, shadowing]);
    let subject = Grantee::Role(role_id("audit"));
    assert_eq!(
        found,
        [
            Finding::NamesNobody { rule: id(1) },
            Finding::SaysNothing { rule: id(2) },
            Finding::Shadowed { rule: id(3) },
            Finding::NoLanding { subject },
        ]
    );
}

#[test]
fn what_a_vault_begins_with_and_every_whole_section_is_clean() {
    let full = RuleDraft { full_access: true, roles: vec![role_id("full")], ..RuleDraft::default() };
    assert_eq!(lint_rules(&[written(1, full)]), []);
    for section in Section::ALL.into_iter().filter(|one| one.parent().is_none()) {
        let found = lint_rules(&[for_role(1, "one", &[section], &[])]);
        let landing = Finding::NoLanding { subject: Grantee::Role(role_id("one")) };
        let expected = if section.verbs().contains(&Verb::List) { vec![] } else { vec![landing] };
        assert_eq!(found, expected, "{section}");
    }
}

#[test]
fn verbs_are_those_of_the_sections_that_are_open() {
    let support = under(vec![for_role(1, "desk", &[Section::Keys], &[Section::KeysManage])], "desk");
    assert!(support.allows_verb(Section::Keys, Verb::Create));
    assert!(!support.allows_verb(Section::KeysManage, Verb::Create));
    assert!(!support.allows_verb(Section::Logs, Verb::List));
    let whole = under(vec![for_role(1, "desk", &[Section::Logs], &[])], "desk");
    assert!(whole.allows_verb(Section::Logs, Verb::Delete), "pruning lies below");
    assert!(!whole.allows_verb(Section::Logs, Verb::Cancel));
    for verb in Verb::ALL {
        assert!(Section::ALL.into_iter().any(|section| section.verbs().contains(&verb)), "{verb} is done nowhere");
    }
}

#[test]
fn a_preset_keeps_to_one_section_whatever_other_rules_allow() {
    for only in Section::ALL {
        let full = RuleDraft { full_access: true, roles: vec![role_id("x")], ..RuleDraft::default() };
        let preset = RuleDraft { roles: vec![role_id("x")], ..RulePreset::OneSection(only).draft() };
        let authority = under(vec![written(1, full), written(2, preset)], "x");
        let related = |other: Section| other.line().any(|one| one == only) || only.line().any(|one| one == other);
        for section in Section::ALL {
            assert_eq!(authority.allows_section(section), related(section), "{section} beside {only}");
        }
    }
}

#[test]
fn presets_manage_and_take_out_nothing_and_have_a_page() {
    for (preset, seen, closed) in [
        (RulePreset::ViewOnlySupport, Section::Tickets, [Section::EntriesExport, Section::EntriesForClients]),
        (RulePreset::Debugging, Section::AccessExplain, [Section::LogsExport, Section::LogsPrune]),
    ] {
        let full = RuleDraft { full_access: true, roles: vec![role_id("full")], ..RuleDraft::default() };
        let draft = RuleDraft { roles: vec![role_id("x")], ..preset.draft() };
        let rules = vec![written(1, full), written(2, draft)];
        assert_eq!(lint_rules(&rules), [], "{preset:?}");
        let authority = under(rules, "x");
        assert!(authority.allows_section(seen));
        assert!(closed.iter().all(|section| !authority.allows_section(*section)), "{preset:?}");
        let open: Vec<_> = authority.sections().iter().filter(|section| *section != Section::Entries).collect();
        let writes = |section: &&Section| {
            section.verbs().iter().any(|verb| verb.needs() != Some(Verb::List) && *verb != Verb::List)
        };
        assert_eq!(open.iter().find(writes), None, "{preset:?}");
    }
}
