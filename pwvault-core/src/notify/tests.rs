#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;

use super::*;
use crate::model::{Audience, NoticeKind};

const AUDIENCES: [Audience; 2] = [Audience::Clients, Audience::Administrators];

fn key() -> TemplateKey {
    TemplateKey { kind: NoticeKind::ChangeDue, audience: Audience::Clients, locale: "de".to_owned() }
}

fn text(subject: &str, body: &str) -> TemplateText {
    TemplateText { subject: subject.to_owned(), body: body.to_owned() }
}

fn facts(facts: &[(&str, &str)]) -> BTreeMap<String, String> {
    facts.iter().map(|(name, fact)| ((*name).to_owned(), (*fact).to_owned())).collect()
}

fn own(subject: &str, body: &str) -> TemplateSet {
    let mut templates = TemplateSet::default();
    templates.put(key(), text(subject, body));
    templates
}

fn render(templates: &TemplateSet, with: &[(&str, &str)]) -> Result<crate::model::Rendered, TemplateError> {
    let rendered = templates.render(NoticeKind::ChangeDue, Audience::Clients, &["de"], &facts(with));
    rendered.map(|rendered| rendered.expect("assigned"))
}

#[test]
fn every_kind_has_a_sound_template_for_each_audience_and_locale() {
    for kind in NoticeKind::ALL {
        for audience in AUDIENCES {
            for locale in TemplateSet::default().locales(kind, audience) {
                let key = TemplateKey { kind, audience, locale };
                let (text, own) = TemplateSet::default().text(&key).unwrap();
                assert!(!own);
                let sample = TemplateSet::check(&key, &text).unwrap_or_else(|error| panic!("{error}"));
                let whole = sample.subject + &sample.body;
                for placeholder in placeholders(kind) {
                    let used = whole.contains(placeholder.sample) || placeholder.name == "changed_at";
                    assert!(used, "{key} does not use {}", placeholder.name);
                }
                assert!(!whole.contains("{{") && !whole.contains("{%"), "{key}: {whole}");
            }
        }
    }
}

#[test]
fn a_text_is_found_by_locale_and_none_when_unassigned() {
    let mut templates = own("Fällig: {{ entry }}", "{{ entry }}");
    let say = |templates: &TemplateSet, locales: &[&str]| {
        let with = facts(&[("entry", "Post")]);
        templates.render(NoticeKind::ChangeDue, Audience::Clients, locales, &with).unwrap().map(|mail| mail.subject)
    };
    assert_eq!(say(&templates, &["de-AT", "de", "en"]).unwrap(), "Fällig: Post");
    assert_eq!(say(&templates, &["fr", "en"]).unwrap(), "Please change: Post");
    assert_eq!(say(&templates, &["fr"]), None);
    let other =
        templates.render(NoticeKind::ChangeDue, Audience::Administrators, &["de"], &facts(&[("entry", "Post")]));
    assert_eq!(other.unwrap().unwrap().subject, "Bitte ändern: Post");
    templates.unassign(NoticeKind::ChangeDue, Audience::Clients);
    assert_eq!(say(&templates, &["de"]), None);
}

#[test]
fn an_unknown_placeholder_is_named_with_its_line_and_the_known_ones() {
    let refused = TemplateSet::check(&key(), &text("a", "one\ntwo {{ passwort }}\n")).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "body of the template ChangeDue for Clients in de, line 2: there is no placeholder passwort; there are recipient, \
         entry, changed_at, due_at"
    );
    let hidden = text("a", "{% if due_at %}x{% else %}{{ actor }}{% endif %}");
    assert!(matches!(TemplateSet::check(&key(), &hidden), Err(TemplateError::UnknownPlaceholder { .. })));
}

#[test]
fn what_the_language_does_without_is_refused_by_line() {
    let unsupported = |body: &str| match TemplateSet::check(&key(), &text("a", body)) {
        Err(TemplateError::Unsupported { place }) => place.line,
        other => panic!("{body:.60}: {other:?}"),
    };
    for body in [
        "{% for x in entry %}{% endfor %}",
        "{% set a = entry %}",
        "{% macro f() %}{% endmacro %}",
        "{% raw %}{{ x }}{% endraw %}",
        "{% include 'x' %}",
        "{{ entry * 1000000 }}",
        "{{ entry ~ entry }}",
        "{{ entry|upper }}",
        "{{ entry.name }}",
        "{{ entry[0] }}",
        "{{ '\\'}} {% for x in entry %}' }}",
        "{{ entry",
        "{%",
        "{% %}",
    ] {
        assert_eq!(unsupported(body), Some(1), "{body}");
    }
    assert_eq!(unsupported("a\n\nb {% for x in entry %}"), Some(3));
}

#[test]
fn what_does_not_parse_is_refused() {
    let deep = format!("{{{{ {}entry{} }}}}", "(".repeat(5_000), ")".repeat(5_000));
    let not = format!("{{{{ {}entry }}}}", "not ".repeat(4_000));
    let branches = format!("{{% if entry %}}{}{{% endif %}}", "{%elif entry%}".repeat(1_100));
    for body in ["{% if entry %}", "{{ entry entry }}", "{% endif %}", "{# never ends", &deep, &not, &branches] {
        let refused = TemplateSet::check(&key(), &text("a", body));
        assert!(matches!(refused, Err(TemplateError::Syntax { .. })), "{body:.60}: {refused:?}");
    }
}

#[test]
fn parts_have_limits_and_a_word() {
    let long = "x".repeat(BODY_MAX + 1);
    assert!(
        matches!(TemplateSet::check(&key(), &text("a", &long)), Err(TemplateError::TooLong { found, .. }) if found > BODY_MAX)
    );
    assert!(matches!(TemplateSet::check(&key(), &text(" ", "b")), Err(TemplateError::Empty { .. })));
    assert!(matches!(TemplateSet::check(&key(), &text("a\nb", "b")), Err(TemplateError::SubjectLines { .. })));
    assert!(matches!(
        TemplateSet::check(&key(), &text("{% if false %}x{% endif %}", "b")),
        Err(TemplateError::Empty { .. })
    ));
    let many = own("a", &"{{ entry }}".repeat(1_000));
    let sent = render(&many, &[("entry", &"x".repeat(500))]).unwrap();
    assert!(sent.subject.starts_with("Bitte ändern"), "a text that grows too long gives way to the built-in one");
    let refused = render(&many, &[("entry", &"x".repeat(MESSAGE_MAX))]);
    assert!(matches!(refused, Err(TemplateError::MessageTooLong { .. })), "{refused:?}");
}

#[test]
fn a_fact_is_neither_a_template_nor_a_header() {
    let templates = own("Fällig: {{ entry }}", "{{ entry }}\n{{ due_at }}");
    let nasty = "{{ due_at }}\r\nBcc: all@example.com\u{2028}x\u{0}";
    let mail = render(&templates, &[("entry", nasty), ("password", "s3cret")]).unwrap();
    assert_eq!(mail.subject, "Fällig: {{ due_at }}  Bcc: all@example.com x");
    assert_eq!(mail.body, "{{ due_at }}  Bcc: all@example.com x \n");
}
