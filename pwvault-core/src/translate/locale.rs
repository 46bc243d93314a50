//! Locales: BCP 47 language tags, and the way from the narrow to the wide (RFC 4647, lookup).

use std::fmt;
use std::str::FromStr;

use unic_langid::LanguageIdentifier;

use super::error::TranslateError;

/// A language tag in its canonical form, such as `de-AT`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locale(String);

impl Locale {
    /// English: the language every message is there in.
    #[must_use]
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The locale itself, then each wider one: `de-AT`, `de`.
    pub fn widening(&self) -> impl Iterator<Item = Self> + use<> {
        std::iter::successors(Some(self.0.clone()), |tag| {
            tag.rfind('-').and_then(|end| tag.get(..end)).map(str::to_owned)
        })
        .map(Self)
    }

    /// The identifier by which Fluent chooses plural forms.
    pub(super) fn identifier(&self) -> LanguageIdentifier {
        self.0.parse().unwrap_or_default()
    }
}

impl FromStr for Locale {
    type Err = TranslateError;

    /// # Errors
    /// [`TranslateError::BadLocale`] for a text that is no language tag.
    fn from_str(text: &str) -> Result<Self, TranslateError> {
        let bad = TranslateError::BadLocale { length: text.len() };
        if text.len() > TAG_MAX {
            return Err(bad);
        }
        match text.parse::<LanguageIdentifier>() {
            Ok(tag) if !tag.language.is_empty() => Ok(Self(tag.to_string())),
            _ => Err(bad),
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

crate::document::text_form!(Locale, "a language tag such as de-AT");

const TAG_MAX: usize = 64;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn tags_become_canonical_and_widen() {
        let locale: Locale = "DE_at".parse().unwrap();
        assert_eq!(locale.as_str(), "de-AT");
        let chain: Vec<_> = locale.widening().map(|locale| locale.to_string()).collect();
        assert_eq!(chain, ["de-AT", "de"]);
        for bad in ["", "d", "german!", "und", "x".repeat(65).as_str(), "../de"] {
            assert_eq!(bad.parse::<Locale>(), Err(TranslateError::BadLocale { length: bad.len() }), "{bad}");
        }
    }
}
