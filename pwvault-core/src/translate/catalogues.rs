//! All catalogues together: what is built in, and over it what the host put in its place.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use fluent_bundle::{FluentArgs, FluentValue};

use super::built_in;
use super::catalogue::{Catalogue, text_of};
use super::error::TranslateError;
use super::locale::Locale;
use super::overrides::{checked, reduced, still_fitting};
use super::prose;
use crate::model::{Arg, Argument, Phrase};

/// Puts phrases into words.
///
/// # Contract
/// Pure: the same phrase and locale give the same words. Called with no lock held. A host that
/// translates by itself finds key and arguments in the phrase.
pub trait Translator: Send + Sync {
    /// The phrase in the words of the locale, or of the next wider one that has them, or English.
    ///
    /// # Errors
    /// [`TranslateError::MissingLocale`] when neither the locale nor its language is known,
    /// [`TranslateError::UnknownKey`] when not even English has the message.
    fn translate(&self, phrase: &Phrase, locale: &Locale) -> Result<String, TranslateError>;
}

/// The catalogues of a vault: English and German built in, others and other words by the host.
///
/// # Examples
/// ```
/// use pwvault_core::model::Message;
/// use pwvault_core::translate::{Catalogues, TranslateError, Translator};
///
/// let catalogues = Catalogues::built_in();
/// let phrase = pwvault_core::model::Section::LogsExport.phrase();
/// assert_eq!(catalogues.translate(&phrase, &"de-AT".parse()?)?, "Export von Protokollen");
/// let french = catalogues.translate(&phrase, &"fr".parse()?);
/// assert!(matches!(french, Err(TranslateError::MissingLocale { .. })));
/// # Ok::<(), TranslateError>(())
/// ```
#[derive(Default)]
pub struct Catalogues {
    overrides: BTreeMap<Locale, Catalogue>,
}

impl Catalogues {
    /// What comes with the library, and nothing else.
    #[must_use]
    pub fn built_in() -> Self {
        Self::default()
    }

    /// What of an imported catalogue is to be stored: the messages that differ from the built-in
    /// ones, as Fluent text.
    ///
    /// # Errors
    /// [`TranslateError`] names the line, key or placeholder that is refused.
    pub fn overrides_of(locale: &Locale, text: &str) -> Result<String, TranslateError> {
        let kept = reduced(locale, text)?;
        checked(locale, &kept)?;
        Ok(kept)
    }

    /// Puts the messages of a Fluent text in the place of built-in ones.
    ///
    /// # Errors
    /// [`TranslateError`] names the line, key or placeholder that is refused.
    pub fn with_overrides(mut self, locale: Locale, text: &str) -> Result<Self, TranslateError> {
        let catalogue = checked(&locale, text)?;
        self.overrides.insert(locale, catalogue);
        Ok(self)
    }

    /// As [`with_overrides`](Self::with_overrides), for a text that was checked when it was stored:
    /// messages this version has no more, or takes other placeholders for, stay unused.
    ///
    /// # Errors
    /// [`TranslateError::Syntax`] for a text that is no Fluent.
    pub fn with_stored(mut self, locale: Locale, text: &str) -> Result<Self, TranslateError> {
        let catalogue = Catalogue::parse(&locale, still_fitting(&locale, text)?)?;
        self.overrides.insert(locale, catalogue);
        Ok(self)
    }

    /// The locales that have messages, sorted.
    #[must_use]
    pub fn locales(&self) -> Vec<Locale> {
        let locales: BTreeSet<Locale> = self.overrides.keys().chain(built_in::locales()).cloned().collect();
        locales.into_iter().collect()
    }

    /// The locale of `tag` if there is a catalogue for it or its language, else English: for people
    /// whose locale came from elsewhere.
    #[must_use]
    pub fn nearest(&self, tag: Option<&str>) -> Locale {
        let wanted = tag.and_then(|tag| tag.parse::<Locale>().ok());
        wanted.filter(|locale| self.is_known(locale)).unwrap_or_else(Locale::english)
    }

    /// The keys of the messages that neither the locale nor a wider one has, sorted. For a locale
    /// without a catalogue these are all.
    #[must_use]
    pub fn missing(&self, locale: &Locale) -> Vec<&'static str> {
        let has =
            |key: &str| locale.widening().any(|wider| self.layers(&wider).any(|layer| layer.pattern(key).is_some()));
        let mut missing: Vec<_> = every_key().filter(|key| !has(key)).collect();
        missing.sort_unstable();
        missing
    }

    /// The catalogue of the locale as Fluent text: its own messages, and those it lacks as comments
    /// in English. What [`overrides_of`](Self::overrides_of) makes of it is what it was made from.
    #[must_use]
    pub fn export(&self, locale: &Locale) -> String {
        let mut text = String::new();
        for message in built_in::english().into_iter().flat_map(Catalogue::messages) {
            let key = message.id.name;
            let own = self.layers(locale).find_map(|layer| layer.messages().find(|own| own.id.name == key));
            match own {
                Some(own) => text.push_str(&text_of(own)),
                None => text_of(message).lines().for_each(|line| text.extend(["# ", line, "\n"])),
            }
        }
        text
    }

    fn is_known(&self, locale: &Locale) -> bool {
        locale.widening().any(|wider| self.layers(&wider).next().is_some())
    }

    /// What answers for exactly this locale: the host's words first.
    fn layers(&self, locale: &Locale) -> impl Iterator<Item = &Catalogue> {
        self.overrides.get(locale).into_iter().chain(built_in::built_in(locale))
    }

    fn render(&self, phrase: &Phrase, chain: &[Locale]) -> Result<String, TranslateError> {
        let mut args = FluentArgs::new();
        for Argument { name, value } in phrase.args() {
            args.set(name.as_ref(), self.value(value, chain)?);
        }
        self.format(phrase.key(), &args, chain)
    }

    fn format(&self, key: &str, args: &FluentArgs<'_>, chain: &[Locale]) -> Result<String, TranslateError> {
        let mut layers =
            chain.iter().flat_map(|locale| self.layers(locale)).filter(|layer| layer.pattern(key).is_some());
        let unknown = TranslateError::UnknownKey { key: key.to_owned() };
        let layer = layers.next().ok_or(unknown)?;
        layer.format(key, args).ok_or_else(|| TranslateError::DoesNotRender { key: key.to_owned() })
    }

    fn value(&self, arg: &Arg, chain: &[Locale]) -> Result<FluentValue<'static>, TranslateError> {
        let listed = |phrases: &[Phrase], separator: &str| {
            let texts: Result<Vec<_>, _> = phrases.iter().map(|phrase| self.render(phrase, chain)).collect();
            texts.map(|texts| FluentValue::from(texts.join(separator)))
        };
        match arg {
            Arg::Text(text) => Ok(FluentValue::from(text.clone())),
            Arg::Number(number) => Ok(FluentValue::from(*number)),
            Arg::Names(phrases) => listed(phrases, ", "),
            Arg::Sentences(phrases) => listed(phrases, "; "),
            Arg::Prose(prose) => self.prose(prose, chain).map(FluentValue::from),
        }
    }

    /// Prose no catalogue knows stays as it is.
    fn prose(&self, prose: &str, chain: &[Locale]) -> Result<String, TranslateError> {
        let Some((key, found)) = prose::find(prose) else { return Ok(prose.to_owned()) };
        let mut args = FluentArgs::new();
        for (name, value) in found {
            let number = value.parse::<i64>().ok().filter(|number| number.to_string() == value);
            args.set(name, number.map_or_else(|| FluentValue::from(value.to_owned()), FluentValue::from));
        }
        self.format(key, &args, chain)
    }
}

impl Translator for Catalogues {
    fn translate(&self, phrase: &Phrase, locale: &Locale) -> Result<String, TranslateError> {
        if !self.is_known(locale) {
            let known: Vec<_> = self.locales().iter().map(ToString::to_string).collect();
            return Err(TranslateError::MissingLocale { locale: locale.to_string(), known: known.join(", ") });
        }
        let chain: Vec<_> = locale.widening().chain([Locale::english()]).collect();
        self.render(phrase, &chain)
    }
}

impl fmt::Debug for Catalogues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalogues").field("locales", &self.locales()).finish_non_exhaustive()
    }
}

/// The key of every message: those of the English catalogue.
fn every_key() -> impl Iterator<Item = &'static str> {
    built_in::english().into_iter().flat_map(Catalogue::messages).map(|message| message.id.name)
}
