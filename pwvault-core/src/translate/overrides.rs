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

/// Refuses nesting that no message needs: the parser goes down one call for each level, and its stack is the host's.
/// Knows which braces and parentheses are text as the parser does; where it would not, the text is refused.
fn check_depth(text: &str) -> Result<(), TranslateError> {
    let mut open: Vec<Open> = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let wrong = TranslateError::Syntax { line: place + 1 };
        // Here begins an entry or a comment, and here the parser goes on after what it does not understand.
        if line.starts_with(|first: char| first.is_ascii_alphabetic() || first == '-' || first == '#') {
            if !open.is_empty() {
                return Err(wrong);
            }
            if line.starts_with('#') {
                continue;
            }
        }
        let mut bytes = line.bytes().peekable();
        while let Some(byte) = bytes.next() {
            match (byte, open.last()) {
                (b'{', _) => open.push(Open::Placeable),
                (b'}', Some(Open::Placeable | Open::Variants)) | (b')', Some(Open::Arguments)) => drop(open.pop()),
                (b'(', Some(Open::Placeable | Open::Arguments)) => open.push(Open::Arguments),
                (b'-', Some(Open::Placeable)) if bytes.peek() == Some(&b'>') => {
                    open.pop();
                    open.push(Open::Variants);
                }
                (b'"', Some(Open::Placeable | Open::Arguments)) => end_of_text(&mut bytes).ok_or(wrong.clone())?,
                (b'}', Some(Open::Arguments)) | (b')', Some(Open::Placeable)) => return Err(wrong),
                _ => {}
            }
            if open.len() > DEPTH_MAX {
                return Err(wrong);
            }
        }
    }
    Ok(())
}

/// What is open at a place of a text.
enum Open {
    /// `{`
    Placeable,
    /// `(` within a placeable.
    Arguments,
    /// `->` within a placeable: what follows is text again.
    Variants,
}

/// Goes on behind the text in quotes, which ends on its line.
fn end_of_text(bytes: &mut impl Iterator<Item = u8>) -> Option<()> {
    loop {
        match bytes.next()? {
            b'"' => return Some(()),
            b'\\' => drop(bytes.next()?),
            _ => {}
        }
    }
}

const DEPTH_MAX: usize = 16;
