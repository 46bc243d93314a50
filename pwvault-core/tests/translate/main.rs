//! Every message of the library has a key, English and German words, and the same placeholders in
//! both. The messages are read from the sources, so what is new cannot be forgotten here.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "tests"
)]

mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use pwvault_core::translate::{Catalogues, Locale};
use sources::Sources;

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Keys of a catalogue with placeholders and with the text in which every placeholder is `{}`.
fn catalogue(locale: &str) -> BTreeMap<String, (BTreeSet<String>, String)> {
    let mut messages = BTreeMap::new();
    for file in std::fs::read_dir(src().join("translate/catalogues").join(locale)).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let resource = fluent_syntax::parser::parse(text).unwrap_or_else(|(_, faults)| panic!("{path:?}: {faults:?}"));
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let (mut names, mut words) = (BTreeSet::new(), String::new());
            take_apart(&message.value.expect("a message without text"), &mut names, &mut words);
            let twice = messages.insert(message.id.name.clone(), (names, words));
            assert!(twice.is_none(), "{} stands twice in {locale}; remove one", message.id.name);
        }
    }
    messages
}

fn take_apart(pattern: &Pattern<String>, names: &mut BTreeSet<String>, words: &mut String) {
    let mut name_of = |inline: &InlineExpression<String>| match inline {
        InlineExpression::VariableReference { id } => _ = names.insert(id.name.clone()),
        other => panic!("only placeholders are used in the built-in catalogues, not {other:?}"),
    };
    let mut nested = Vec::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => words.push_str(value),
            PatternElement::Placeable { expression: Expression::Inline(inline) } => {
                name_of(inline);
                words.push_str("{}");
            }
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                name_of(selector);
                nested.extend(variants.iter().map(|variant| &variant.value));
                words.push_str("{}");
            }
        }
    }
    nested.into_iter().for_each(|pattern| take_apart(pattern, names, &mut String::new()));
}

/// `{found:#06x}` and `{}` alike as `{}`.
fn without_names(text: &str) -> String {
    let (mut plain, mut inside) = (String::new(), false);
    for letter in text.chars() {
        match letter {
            '{' => (inside, _) = (true, plain.push_str("{}")),
            '}' => inside = false,
            _ if inside => {}
            _ => plain.push(letter),
        }
    }
    plain
}

/// What is wrong, each with what to do about it.
fn faults(sources: &Sources) -> Vec<String> {
    let (english, german) = (catalogue("en"), catalogue("de"));
    let mut found = Vec::new();
    for error in &sources.errors {
        if !sources.speaking.contains(&error.name) {
            let room = error.file.split('/').next().unwrap();
            found.push(format!(
                "{}: the error {} has no keys; add `messages! {{ {} {{ Self::Variant {{ field }} => \"{}-variant\" [field], }} }}` to \
                 src/{room}/messages.rs (model/message.rs shows how) and the words to src/translate/catalogues/{{en,de}}/{room}.ftl",
                error.file, error.name, error.name, room
            ));
        }
    }
    for (file, name) in &sources.words {
        if !sources.speaking.contains(name) && !SILENT.contains(&name.as_str()) {
            found.push(format!(
                "{file}: the enum {name} has no keys; give its variants names with a `messages!` in src/model/messages.rs, or list it \
                 as SILENT in tests/translate/main.rs"
            ));
        }
    }
    let mut args_of: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for arm in &sources.arms {
        let args: BTreeSet<String> = arm.args.iter().cloned().collect();
        match args_of.get(arm.key.as_str()) {
            Some(known) if *known != args => {
                found.push(format!("{}: the key {} has other arguments elsewhere", arm.file, arm.key))
            }
            _ => _ = args_of.insert(&arm.key, args),
        }
    }
    for (locale, messages) in [("en", &english), ("de", &german)] {
        for arm in &sources.arms {
            let Some((names, _)) = messages.get(&arm.key) else {
                found.push(format!(
                    "{}: {}::{} has no words in {locale}; add `{} = ...` with {:?} to src/translate/catalogues/{locale}/",
                    arm.file, arm.owner, arm.variant, arm.key, arm.args
                ));
                continue;
            };
            found.extend(names.iter().filter(|name| !arm.args.contains(name)).map(|name| {
                format!("{locale}: {} uses {{ ${name} }}; {}::{} gives {:?}", arm.key, arm.owner, arm.variant, arm.args)
            }));
        }
    }
    for (key, (names, _)) in &english {
        match german.get(key) {
            None => found.push(format!("de: {key} is missing; add it to src/translate/catalogues/de/")),
            Some((others, _)) if others != names => {
                found.push(format!("{key}: en has the placeholders {names:?}, de has {others:?}; name the same"));
            }
            Some(_) => {}
        }
        let by_hand = ["csv-problem-in-", "decision-", "text-"];
        if !args_of.contains_key(key.as_str()) && !by_hand.iter().any(|prefix| key.starts_with(prefix)) {
            found.push(format!("en: no messages! names the key {key}; remove it"));
        }
    }
    found.extend(
        german.keys().filter(|key| !english.contains_key(*key)).map(|key| format!("de: {key} is not in en; remove it")),
    );
    let exported = Catalogues::built_in().export(&Locale::english());
    found.extend(english.keys().filter(|key| !exported.contains(&format!("{key} ="))).map(|key| {
        format!("en: {key} stands in a file that is not built in; list the file in src/translate/built_in.rs")
    }));
    found.extend(unlike(sources, &english));
    found.extend(unheard_prose(sources, &english));
    found
}

/// Errors whose English words in the source and in the catalogue differ.
fn unlike(sources: &Sources, english: &BTreeMap<String, (BTreeSet<String>, String)>) -> Vec<String> {
    let words_of: BTreeMap<_, _> = sources.errors.iter().map(|error| (&error.name, &error.words)).collect();
    let pairs = sources.arms.iter().filter_map(|arm| {
        let in_source = without_names(words_of.get(&arm.owner)?.get(&arm.variant)?);
        let (_, in_catalogue) = english.get(&arm.key)?;
        (in_source != *in_catalogue).then(|| {
            format!(
                "en: {} says `{in_catalogue}`, {}::{} says `{in_source}`; make them alike",
                arm.key, arm.owner, arm.variant
            )
        })
    });
    pairs.collect()
}

/// Prose of the vault that no `text-` message, and no other sentence, has the words of.
fn unheard_prose(sources: &Sources, english: &BTreeMap<String, (BTreeSet<String>, String)>) -> Vec<String> {
    let may_be_prose = |key: &str, words: &str| key.starts_with("text-") || words.replace("{}", "").len() >= 16;
    let known = english.iter().filter(|(key, (_, words))| may_be_prose(key, words));
    let known: Vec<&str> = known.map(|(_, (_, words))| words.as_str()).collect();
    let unheard = sources.prose.iter().map(|(file, text)| (file, without_names(text)));
    let unheard: BTreeSet<_> = unheard.filter(|(_, text)| !known.iter().any(|words| reads_like(words, text))).collect();
    let advice = "give it a `text-` message in src/translate/catalogues/{en,de}/text.ftl, in English word for word";
    unheard.into_iter().map(|(file, text)| format!("{file}: the catalogues lack `{text}`; {advice}")).collect()
}

/// Whether `text` is `words` with something at each `{}`.
fn reads_like(words: &str, text: &str) -> bool {
    let mut pieces = words.split("{}");
    let Some(mut rest) = text.strip_prefix(pieces.next().unwrap()) else { return false };
    let mut last = "-";
    for piece in pieces {
        let found = if piece.is_empty() { Some(rest.len()) } else { rest.find(piece) };
        let Some(at) = found else { return false };
        rest = &rest[at + piece.len()..];
        last = piece;
    }
    rest.is_empty() || last.is_empty()
}

/// Enums of the model that are no words of a surface: what they hold is shown by itself.
const SILENT: [&str; 12] = [
    "Addressee",
    "PermitPurpose",
    "PrincipalKind",
    "Recipient",
    "FieldValue",
    "AccessMode",
    "Arg",
    "Choice",
    "ServerRule",
    "UnitId",
    "InviteOffer",
    "InviteState",
];

#[test]
fn every_message_has_words_in_both_languages() {
    let sources = sources::read(&src());
    assert!(
        sources.arms.len() > 300 && sources.errors.len() > 10 && sources.prose.len() > 30,
        "is this the right folder?"
    );
    let found = faults(&sources);
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn what_has_no_words_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("cellar/error.rs", "#[derive(thiserror::Error)] pub enum CellarError { #[error(\"it is dark\")] Dark }");
    write(
        "otp/messages.rs",
        "messages! { OtpError { Self::Empty => \"otp-vacant\", Self::Kind => \"otp-kind\" [kind], } }",
    );
    write("otp/error.rs", "#[derive(thiserror::Error)] pub enum OtpError { #[error(\"of another kind\")] Kind }");
    write("model/lamp.rs", "pub enum Lamp { On, Off }");
    write(
        "vault/x.rs",
        "fn f() { VaultError::State(\"the lamp is off\"); VaultError::invalid(\"lamp\", format!(\"{a} lamps\")) }",
    );
    let sources = sources::read(folder.path());
    let found =
        faults(&sources).into_iter().filter(|fault| !fault.contains("no messages! names the key")).collect::<Vec<_>>();
    for (said, times) in [
        ("the error CellarError has no keys; add `messages! { CellarError", 1),
        ("OtpError::Empty has no words in en; add `otp-vacant = ...`", 1),
        ("OtpError::Empty has no words in de; add `otp-vacant = ...`", 1),
        ("OtpError::Kind says `of another kind`; make them alike", 1),
        ("the enum Lamp has no keys", 1),
        ("the catalogues lack `the lamp is off`", 1),
        ("the catalogues lack `{} lamps`", 1),
    ] {
        assert_eq!(found.iter().filter(|fault| fault.contains(said)).count(), times, "{said}: {found:#?}");
    }
    assert_eq!(found.len(), 7, "{found:#?}");
}
