//! What a host may put in the place of built-in messages, and adding a locale of its own.

use super::built_in;
use super::catalogue::{Catalogue, placeholders, text_of};
use super::error::TranslateError;
use super::locale::Locale;

/// The most bytes of a catalogue that is imported.
pub const OVERRIDES_MAX: usize = 256 * 1024;

/// Checks a catalogue against the English one and leaves out what says the same as the built-in
/// one of its locale, so that a later version's better words are not held back.
pub(super) fn reduced(locale: &Locale, text: &str) -> Result<String, TranslateError> {
    let given = checked(locale, text)?;
    let own = built_in::built_in(locale);
    let mut kept = String::new();
    for message in given.messages() {
        if own.and_then(|own| own.pattern(message.id.name)) != message.value.as_ref() {
            kept.push_str(&text_of(&fluent_syntax::ast::Message { comment: None, ..message.clone() }));
        }
    }
    Ok(kept)
}

/// Of a text that was checked by another version, what this one accepts.
pub(super) fn still_fitting(locale: &Locale, text: &str) -> Result<String, TranslateError> {
    check_depth(text)?;
    let stored = Catalogue::parse(locale, text.to_owned())?;
    Ok(stored.messages().filter(|message| check(message).is_ok()).map(text_of).collect())
}

/// Parses a catalogue and holds each message against the English one.
pub(super) fn checked(locale: &Locale, text: &str) -> Result<Catalogue, TranslateError> {
    if text.len() > OVERRIDES_MAX {
        return Err(TranslateError::TooLarge { found: text.len() });
    }
    check_depth(text)?;
    let catalogue = Catalogue::parse(locale, text.to_owned())?;
    let mut seen = std::collections::BTreeSet::new();
    for entry in catalogue.entries() {
        match entry {
            fluent_syntax::ast::Entry::Message(message) => {
                if !seen.insert(message.id.name) {
                    return Err(TranslateError::Repeated { key: message.id.name.to_owned() });
                }
                check(message)?;
            }
            fluent_syntax::ast::Entry::Term(term) => {
                return Err(TranslateError::Unsupported { key: format!("-{}", term.id.name) });
            }
            _ => {}
        }
    }
    Ok(catalogue)
}

fn check(message: &fluent_syntax::ast::Message<&str>) -> Result<(), TranslateError> {
    let key = || message.id.name.to_owned();
    let english = built_in::english().and_then(|english| english.pattern(message.id.name));
    let english = english.ok_or_else(|| TranslateError::UnknownKey { key: key() })?;
    let value = message.value.as_ref().filter(|_| message.attributes.is_empty());
    let used = value.and_then(placeholders).ok_or_else(|| TranslateError::Unsupported { key: key() })?;
    let known = placeholders(english).unwrap_or_default();
    match used.iter().find(|name| !known.contains(name)) {
        Some(stray) => Err(TranslateError::UnknownPlaceholder {
            key: key(),
            placeholder: (*stray).to_owned(),
            known: if known.is_empty() { "-".to_owned() } else { known.join(", ") },
        }),
        None => Ok(()),
    }
}

/// The parser goes down one call for each open brace.
fn check_depth(text: &str) -> Result<(), TranslateError> {
    let mut depth = 0_usize;
    for (line, text) in text.lines().enumerate() {
        for byte in text.bytes() {
            match byte {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEPTH_MAX {
                return Err(TranslateError::Syntax { line: line + 1 });
            }
        }
    }
    Ok(())
}

const DEPTH_MAX: usize = 16;
