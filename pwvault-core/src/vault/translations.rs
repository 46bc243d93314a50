//! Translations: the host's own words, stored over the built-in catalogues.

use serde::{Deserialize, Serialize};

use super::error::VaultError;
use super::gate::Gate;
use super::session::Session;
use crate::id::RecordKind;
use crate::model::{EventKind, Section};
use crate::translate::{Catalogues, Locale};

/// The words of the library in the locales of a host.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let root = vault.session(Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new("full")?]), RequestContext::default());
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// use pwvault_core::{model::Message, translate::Translator};
///
/// let german = "de".parse()?;
/// let error = anna.entry(EntryId::from_bytes([1; 16])).unwrap_err();
/// let words = anna.catalogues()?.translate(&error.phrase(), &german)?;
/// assert_eq!(words, "unter dieser Kennung gibt es nichts");
///
/// root.import_catalogue(&german, "not-found = gibt es nicht\n")?;
/// assert_eq!(anna.catalogues()?.translate(&error.phrase(), &german)?, "gibt es nicht");
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
