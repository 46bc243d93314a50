//! Translations: the host's own words, stored over the built-in catalogues.

use serde::{Deserialize, Serialize};

use super::error::VaultError;
use super::gate::Gate;
use super::session::Session;
use crate::id::RecordKind;
use crate::model::{EventKind, Message, Phrase, Section};
use crate::policy::Decision;
use crate::translate::{Catalogues, Locale, Translator};

/// The words of the library in the locales of a host.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let root = vault.session(Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new("full")?]), RequestContext::default());
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// use pwvault_core::model::Message;
///
/// let german = "de".parse()?;
/// let error = anna.entry(EntryId::from_bytes([1; 16])).unwrap_err();
/// let words = anna.say(&[error.phrase()], &german)?.remove(0);
/// assert_eq!(words, "unter dieser Kennung gibt es nichts");
///
/// root.import_catalogue(&german, "not-found = gibt es nicht\n")?;
/// assert_eq!(anna.say(&[error.phrase()], &german)?, ["gibt es nicht"]);
///
/// let wrong = root.import_catalogue(&german, "not-found = { $name }\n");
/// assert!(matches!(wrong, Err(VaultError::Translate(_))));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Translations {
    /// Every catalogue, with the host's words in their place. A host keeps it for as long as it
    /// likes: it is a copy.
    ///
    /// # Errors
    /// Those of the store.
    fn catalogues(&self) -> Result<Catalogues, VaultError>;

    /// The keys of the messages a locale lacks, which are then said in English; all of them for a
    /// locale without a catalogue.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `translations`.
    fn missing_messages(&self, locale: &Locale) -> Result<Vec<&'static str>, VaultError>;

    /// The catalogue of a locale as Fluent text, with what it lacks as comments.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `translations`.
    fn export_catalogue(&self, locale: &Locale) -> Result<String, VaultError>;

    /// Replaces the host's words of a locale by those of a Fluent text. What the text says as the
    /// built-in catalogue does is not stored, so that a later version may say it better; a text
    /// without anything else leaves the locale without words of the host.
    ///
    /// # Errors
    /// [`VaultError::Translate`] names the line, key or placeholder that is refused,
    /// [`VaultError::Invalid`] when there are too many locales, [`VaultError::Denied`] without the
    /// section `translations`.
    fn import_catalogue(&self, locale: &Locale, text: &str) -> Result<(), VaultError>;

    /// Phrases in the words of a locale, or of the next wider one that has them, or in English.
    ///
    /// # Errors
    /// [`VaultError::Translate`] for a locale or key that nobody knows, or arguments that do not fit.
    fn say(&self, phrases: &[Phrase], locale: &Locale) -> Result<Vec<String>, VaultError>;

    /// A decision in the words of a locale: what a page says when it shows why something was refused
    /// and what would help.
    ///
    /// # Errors
    /// As [`say`](Self::say).
    fn say_decision(&self, decision: &Decision, locale: &Locale) -> Result<DecisionWords, VaultError>;
}

/// A decision in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DecisionWords {
    /// Its reasons, a sentence each.
    pub reasons: Vec<String>,
    /// What would help, a sentence each.
    pub remedies: Vec<String>,
}

impl Translations for Session {
    fn catalogues(&self) -> Result<Catalogues, VaultError> {
        self.run(|gate| gate.catalogues())
    }

    fn missing_messages(&self, locale: &Locale) -> Result<Vec<&'static str>, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::Translations, EventKind::TranslationsChanged)?;
            Ok(gate.catalogues()?.missing(locale))
        })
    }

    fn export_catalogue(&self, locale: &Locale) -> Result<String, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::Translations, EventKind::TranslationsChanged)?;
            Ok(gate.catalogues()?.export(locale))
        })
    }

    fn import_catalogue(&self, locale: &Locale, text: &str) -> Result<(), VaultError> {
        self.run(|gate| {
            let proof = gate.section(Section::Translations, EventKind::TranslationsChanged)?;
            let text = Catalogues::overrides_of(locale, text)?;
            let stored: Vec<StoredCatalogue> = gate.every(RecordKind::Translation)?;
            if stored.iter().filter(|known| known.locale != locale.as_str()).count() >= LOCALES_MAX {
                let rule = format!("at most {LOCALES_MAX} locales have words of the host");
                return Err(VaultError::invalid("locale", rule));
            }
            let key = gate.key_of(RecordKind::Translation, "locale", locale.as_str());
            let head = StoredCatalogue { locale: locale.to_string(), text };
            let head = Some(&head).filter(|head| !head.text.is_empty());
            gate.replace(&proof, key, head, EventKind::TranslationsChanged)
        })
    }

    fn say(&self, phrases: &[Phrase], locale: &Locale) -> Result<Vec<String>, VaultError> {
        let catalogues = self.catalogues()?;
        phrases.iter().map(|phrase| Ok(catalogues.translate(phrase, locale)?)).collect()
    }

    fn say_decision(&self, decision: &Decision, locale: &Locale) -> Result<DecisionWords, VaultError> {
        let reasons: Vec<_> = decision.reasons.iter().map(Message::phrase).collect();
        let remedies: Vec<_> = decision.remedies.iter().map(Message::phrase).collect();
        Ok(DecisionWords { reasons: self.say(&reasons, locale)?, remedies: self.say(&remedies, locale)? })
    }
}

impl Gate<'_> {
    pub(super) fn catalogues(&self) -> Result<Catalogues, VaultError> {
        let stored: Vec<StoredCatalogue> = self.every(RecordKind::Translation)?;
        stored.into_iter().try_fold(Catalogues::built_in(), |catalogues, stored| {
            Ok(catalogues.with_stored(stored.locale.parse()?, &stored.text)?)
        })
    }
}

/// The host's words of a locale.
#[derive(Serialize, Deserialize)]
struct StoredCatalogue {
    /// The canonical language tag.
    locale: String,
    /// Fluent text.
    text: String,
}

const LOCALES_MAX: usize = 64;
