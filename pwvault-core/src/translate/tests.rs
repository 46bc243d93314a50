#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::model::{Action, Arg, Message, Phrase, Section};

fn locale(tag: &str) -> Locale {
    tag.parse().unwrap()
}

fn say(catalogues: &Catalogues, phrase: &Phrase, tag: &str) -> String {
    catalogues.translate(phrase, &locale(tag)).unwrap()
}

#[test]
fn both_languages_are_built_in_whole() {
    let catalogues = Catalogues::built_in();
    assert_eq!(catalogues.locales(), [locale("de"), locale("en")]);
    for tag in ["en", "en-GB", "de", "de-AT"] {
        assert_eq!(catalogues.missing(&locale(tag)), Vec::<&str>::new(), "{tag}");
    }
}

#[test]
fn a_locale_widens_and_ends_in_english() {
    let austrian = "action-view = Anschauen\n";
    let catalogues = Catalogues::built_in().with_overrides(locale("de-AT"), austrian).unwrap();
    assert_eq!(say(&catalogues, &Action::View.phrase(), "de-AT"), "Anschauen");
    assert_eq!(say(&catalogues, &Action::View.phrase(), "de"), "Ansehen");
    assert_eq!(say(&catalogues, &Action::Reveal.phrase(), "de-AT"), "Aufdecken");
    let french = catalogues.with_overrides(locale("fr"), "action-view = Voir\n").unwrap();
    assert_eq!(say(&french, &Action::View.phrase(), "fr-CA"), "Voir");
    assert_eq!(say(&french, &Action::Reveal.phrase(), "fr-CA"), "reveal");
    assert!(french.missing(&locale("fr")).contains(&"action-reveal"));
    assert!(!french.missing(&locale("fr")).contains(&"action-view"));
}

#[test]
fn a_missing_locale_is_an_error_that_names_those_there_are() {
    let refused = Catalogues::built_in().translate(&Action::View.phrase(), &locale("sv"));
    let known = "de, en".to_owned();
    assert_eq!(refused, Err(TranslateError::MissingLocale { locale: "sv".to_owned(), known }));
    assert_eq!(Catalogues::built_in().nearest(Some("sv")), Locale::english());
    assert_eq!(Catalogues::built_in().nearest(Some("de-CH")), locale("de-CH"));
    assert_eq!(Catalogues::built_in().nearest(Some("!")), Locale::english());
    let refused = Catalogues::built_in().translate(&Phrase::new("nothing"), &locale("de"));
    assert_eq!(refused, Err(TranslateError::UnknownKey { key: "nothing".to_owned() }));
}

#[test]
fn arguments_are_translated_too() {
    let catalogues = Catalogues::built_in();
    let phrase = Phrase::new("reason-grant")
        .with("grantee", &crate::model::Grantee::Role(crate::id::RoleId::new("sales").unwrap()))
        .with("actions", Arg::names(&[Action::View, Action::Reveal]));
    assert_eq!(say(&catalogues, &phrase, "en"), "it is shared with role sales for view, reveal");
    assert_eq!(say(&catalogues, &phrase, "de"), "geteilt mit Rolle sales zum Ansehen, Aufdecken");
    let section = Phrase::new("remedy-allow-section").with("section", &Section::Logs);
    assert_eq!(say(&catalogues, &section, "de"), "eine Regel den Bereich Protokolle erlauben lassen");
}

#[test]
fn prose_is_found_by_its_words() {
    let catalogues = Catalogues::built_in();
    let invalid =
        |problem: &str| Phrase::new("vault-invalid").with("field", "limit").with("problem", Arg::prose(problem));
    let known = invalid("it is 5000; 1 to 1000 are accepted");
    assert_eq!(say(&catalogues, &known, "de"), "limit: der Wert ist 5000; angenommen werden 1 bis 1000");
    assert_eq!(say(&catalogues, &known, "en"), "limit: it is 5000; 1 to 1000 are accepted");
    let unknown = invalid("an unheard-of fault");
    assert_eq!(say(&catalogues, &unknown, "de"), "limit: an unheard-of fault");
}

#[test]
fn overrides_keep_only_what_differs() {
    let german = locale("de");
    let exported = Catalogues::built_in().export(&german);
    assert_eq!(Catalogues::overrides_of(&german, &exported), Ok(String::new()));
    let edited = exported.replacen("action-view = Ansehen", "action-view = Lesen", 1);
    let kept = Catalogues::overrides_of(&german, &edited).unwrap();
    assert_eq!(kept, "action-view = Lesen\n");
    let catalogues = Catalogues::built_in().with_overrides(german.clone(), &kept).unwrap();
    assert_eq!(say(&catalogues, &Action::View.phrase(), "de"), "Lesen");
    assert_eq!(Catalogues::overrides_of(&german, &catalogues.export(&german)).unwrap(), kept);
}

#[test]
fn an_export_of_an_unknown_locale_lists_what_is_to_be_done() {
    let text = Catalogues::built_in().export(&locale("fr"));
    assert!(text.lines().all(|line| line.starts_with("# ")));
    assert!(text.contains("# action-view = view\n"));
    assert_eq!(Catalogues::overrides_of(&locale("fr"), &text), Ok(String::new()));
}

#[test]
fn bad_catalogues_are_refused_by_line_or_key() {
    let (key, placeholder) = ("csv-too-large".to_owned(), "count".to_owned());
    let known = "found, max".to_owned();
    let deep = format!("action-view = {}", "{".repeat(100_000));
    let cases = [
        ("action-view = a\n\nnonsense\n", TranslateError::Syntax { line: 3 }),
        (&deep, TranslateError::Syntax { line: 1 }),
        ("no-such-key = a\n", TranslateError::UnknownKey { key: "no-such-key".to_owned() }),
        ("csv-too-large = { $count }\n", TranslateError::UnknownPlaceholder { key, placeholder, known }),
        ("action-view = a\naction-view = b\n", TranslateError::Repeated { key: "action-view".to_owned() }),
        ("action-view = { NUMBER(1) }\n", TranslateError::Unsupported { key: "action-view".to_owned() }),
        ("action-view = { action-edit }\n", TranslateError::Unsupported { key: "action-view".to_owned() }),
        ("action-view = a\n    .b = c\n", TranslateError::Unsupported { key: "action-view".to_owned() }),
        ("-brand = x\n", TranslateError::Unsupported { key: "-brand".to_owned() }),
    ];
    for (text, expected) in cases {
        assert_eq!(Catalogues::overrides_of(&locale("de"), text), Err(expected), "{text:.60}");
    }
    let large = "#".repeat(OVERRIDES_MAX + 1);
    let refused = Catalogues::overrides_of(&locale("de"), &large);
    assert_eq!(refused, Err(TranslateError::TooLarge { found: OVERRIDES_MAX + 1 }));
}

#[test]
fn what_would_take_the_parser_down_too_far_is_refused() {
    let refused = |text: &str| {
        let refused = Catalogues::overrides_of(&locale("de"), text);
        assert!(matches!(refused, Err(TranslateError::Syntax { .. })), "{text:.80}: {refused:?}");
    };
    for level in ["{", "A(", "a (", "-a(", "{A(", "A(\"}\", {", "A(\")\", ", "A(\"\\\\\", \"}\", {", "A(\n ", "A(1, "] {
        let deep = level.repeat(15_000);
        refused(&format!("action-view = {{ {deep}"));
        refused(&format!("action-view = He said \" {{ {deep}"));
        refused(&format!("action-view = a\n    .title = {{ {deep}"));
        refused(&format!("action-view = {{ $a ->\n    [one] \" }} {{ {deep}"));
        refused(&format!("action-view = {{ $a ->\n   *[other] \" {{ {deep}"));
        refused(&format!("action-view = {{ \"\naction-edit = \" {{ {deep}"));
        refused(&format!("action-view = {{ A(\naction-edit = ) {{ {deep}"));
        refused(&format!("# {{ ( \"\naction-view = {{ {deep}"));
    }
}

#[test]
fn braces_and_quotes_in_texts_and_comments_count_for_nothing() {
    let text =
        "# {{{{{{{{{{{{{{{{{{{{ ( \"\naction-view = Say \"(((((((((((((((((((\" {\"{{{{{{{{{{{{{{{{{{\\\"}\"} :-)\n";
    assert_eq!(Catalogues::overrides_of(&locale("de"), text).map(|kept| kept.lines().count()), Ok(1));
    let many = "csv-too-large = \"{ $found }\" (\"{ $max }\" -> { \"}\" })\n";
    assert_eq!(Catalogues::overrides_of(&locale("de"), many), Ok(many.to_owned()));
}

#[test]
fn a_language_may_choose_between_forms() {
    let forms = "vault-bad-rows = { $count ->\n    [one] eine Zeile\n   *[other] { $count } Zeilen\n}\n";
    let catalogues = Catalogues::built_in().with_overrides(locale("de"), forms).unwrap();
    let rows = |count: u64| Phrase::new("vault-bad-rows").with("count", &count);
    assert_eq!(say(&catalogues, &rows(1), "de"), "eine Zeile");
    assert_eq!(say(&catalogues, &rows(12), "de"), "12 Zeilen");
    let far = Phrase::new("vault-bad-rows").with("count", &u64::MAX);
    assert_eq!(say(&catalogues, &far, "en-US").matches("18446744073709551615").count(), 1);
}
