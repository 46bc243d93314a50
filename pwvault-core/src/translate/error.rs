//! What is wrong with a locale or a catalogue.

use super::overrides::OVERRIDES_MAX;

/// A translation that is not there, or a catalogue that is refused.
///
/// # Security
/// Names keys and placeholders of a catalogue, never the values of arguments.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TranslateError {
    /// Not a BCP 47 language tag.
    #[error("this text of {length} bytes is no locale; write a BCP 47 tag such as de-AT")]
    BadLocale {
        /// Length of the refused text in bytes.
        length: usize,
    },
    /// No catalogue for the locale or its language.
    #[error("there is no catalogue for locale {locale}; there are {known}")]
    MissingLocale {
        /// The locale asked for.
        locale: String,
        /// The locales there are, with commas.
        known: String,
    },
    /// No catalogue knows the message.
    #[error("no message has the key {key}")]
    UnknownKey {
        /// The key.
        key: String,
    },
    /// A catalogue over its limit.
    #[error("the catalogue has {found} bytes; at most {OVERRIDES_MAX} are accepted")]
    TooLarge {
        /// Bytes found.
        found: usize,
    },
    /// Not Fluent syntax.
    #[error("line {line} of the catalogue is not Fluent syntax; write `key = text`")]
    Syntax {
        /// The line, from 1.
        line: usize,
    },
    /// A message stands twice.
    #[error("the key {key} stands twice in the catalogue")]
    Repeated {
        /// The key.
        key: String,
    },
    /// A placeholder that the message does not have.
    #[error("the message {key} has no placeholder {placeholder}; it has {known}")]
    UnknownPlaceholder {
        /// The message.
        key: String,
        /// The placeholder.
        placeholder: String,
        /// The placeholders it has, with commas; a dash for none.
        known: String,
    },
    /// Something that catalogues here do without.
    #[error("the message {key} uses functions, attributes or references; write text, placeholders and selections only")]
    Unsupported {
        /// The message.
        key: String,
    },
    /// A message that its catalogue cannot put into words.
    #[error("the message {key} does not render; name every placeholder as the English text does")]
    DoesNotRender {
        /// The message.
        key: String,
    },
}
