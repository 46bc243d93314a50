//! Templates: the built-in ones, what a host put in their place, and which are switched off.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::built_in;
use super::error::{TemplateError, TemplatePart, TemplatePlace};
use super::language::{self, Fault};
use super::placeholder::{placeholders, sample_facts};
use crate::model::{Audience, NoticeKind, Rendered};

/// The most bytes of a subject, as a template and as it is sent.
pub const SUBJECT_MAX: usize = 1024;
/// The most bytes of a body's template.
pub const BODY_MAX: usize = 16 * 1024;
/// The most bytes of a body as it is sent.
pub const MESSAGE_MAX: usize = 64 * 1024;

/// Which template: for each kind of notice, audience and locale there is one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TemplateKey {
    /// What the message is about.
    pub kind: NoticeKind,
    /// For whom it is worded.
    pub audience: Audience,
    /// In which language, as a BCP 47 tag.
    pub locale: String,
}

impl fmt::Display for TemplateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} for {:?} in {}", self.kind, self.audience, self.locale)
    }
}

/// Subject and body of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TemplateText {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// Every template: what is built in, what a host put in its place, and what is switched off.
///
/// # Examples
/// ```
/// use std::collections::BTreeMap;
/// use pwvault_core::model::{Audience, NoticeKind};
/// use pwvault_core::notify::{TemplateError, TemplateKey, TemplateText, TemplateSet, sample_facts};
///
/// let (kind, audience) = (NoticeKind::ChangeDue, Audience::Clients);
/// let facts = sample_facts(kind);
/// let mail = TemplateSet::default().render(kind, audience, &["de-AT", "de", "en"], &facts)?;
/// assert_eq!(mail.expect("assigned").subject, "Bitte ändern: Mail server");
///
/// let key = TemplateKey { kind, audience, locale: "de".into() };
/// let text = TemplateText { subject: "{{ entry }} ist fällig".into(), body: "{{ entri }}".into() };
/// let refused = TemplateSet::check(&key, &text);
/// assert!(matches!(refused, Err(TemplateError::UnknownPlaceholder { .. })));
/// # Ok::<(), TemplateError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateSet {
    overrides: BTreeMap<TemplateKey, TemplateText>,
    off: BTreeSet<(NoticeKind, Audience)>,
}

impl TemplateSet {
    /// Puts a text in the place of the built-in one. It is to be checked before it is stored.
    pub fn put(&mut self, key: TemplateKey, text: TemplateText) {
        self.overrides.insert(key, text);
    }

    /// Assigns no template to a kind and audience: such messages are not worded.
    pub fn unassign(&mut self, kind: NoticeKind, audience: Audience) {
        self.off.insert((kind, audience));
    }

    /// Whether messages of this kind are worded for this audience.
    #[must_use]
    pub fn is_assigned(&self, kind: NoticeKind, audience: Audience) -> bool {
        !self.off.contains(&(kind, audience))
    }

    /// The text in force for exactly this locale, and whether it is the host's own.
    #[must_use]
    pub fn text(&self, key: &TemplateKey) -> Option<(TemplateText, bool)> {
        let own = self.overrides.get(key).map(|text| (text.clone(), true));
        own.or_else(|| built_in::built_in(key).map(|text| (text, false)))
    }

    /// The locales in which a kind has a text for an audience, sorted.
    #[must_use]
    pub fn locales(&self, kind: NoticeKind, audience: Audience) -> Vec<String> {
        let own = self.overrides.keys().filter(|key| (key.kind, key.audience) == (kind, audience));
        let mut locales: BTreeSet<String> = own.map(|key| key.locale.clone()).collect();
        locales.extend(built_in::LOCALES.iter().map(ToString::to_string));
        locales.into_iter().collect()
    }

    /// Tries a template with sample facts, and with none at hand.
    ///
    /// # Errors
    /// [`TemplateError`] names the template, the part, the line and what is wrong with it.
    pub fn check(key: &TemplateKey, text: &TemplateText) -> Result<Rendered, TemplateError> {
        let known: Vec<_> = placeholders(key.kind).into_iter().map(|one| one.name).collect();
        for (part, source, max) in parts(text) {
            let place = || TemplatePlace { template: key.clone(), part, line: None };
            if source.len() > max {
                return Err(TemplateError::TooLong { place: place(), found: source.len(), max });
            }
            if source.trim().is_empty() {
                return Err(TemplateError::Empty { place: place() });
            }
            language::check(source, &known).map_err(|fault| error(place(), fault, &known))?;
        }
        if text.subject.chars().any(breaks_lines) {
            let place = TemplatePlace { template: key.clone(), part: TemplatePart::Subject, line: None };
            return Err(TemplateError::SubjectLines { place });
        }
        render(key, text, &BTreeMap::new(), true)?;
        render(key, text, &sample_facts(key.kind), false)
    }

    /// The message in the first of `locales` that has a text; `None` when no template is assigned,
    /// or none of the locales has one.
    ///
    /// Facts the kind does not have are left out, and those not at hand are empty. Control
    /// characters of facts, line ends too, become blanks.
    ///
    /// # Errors
    /// [`TemplateError`] when no text renders with these facts; one that does not gives way to the
    /// built-in one.
    pub fn render(
        &self,
        kind: NoticeKind,
        audience: Audience,
        locales: &[impl AsRef<str>],
        facts: &BTreeMap<String, String>,
    ) -> Result<Option<Rendered>, TemplateError> {
        if !self.is_assigned(kind, audience) {
            return Ok(None);
        }
        let mut failed = None;
        for locale in locales {
            let key = TemplateKey { kind, audience, locale: locale.as_ref().to_owned() };
            for text in self.overrides.get(&key).cloned().into_iter().chain(built_in::built_in(&key)) {
                match render(&key, &text, facts, false) {
                    Ok(rendered) => return Ok(Some(rendered)),
                    Err(error) => _ = failed.get_or_insert(error),
                }
            }
        }
        failed.map_or(Ok(None), Err)
    }
}

fn parts(text: &TemplateText) -> [(TemplatePart, &str, usize); 2] {
    let TemplateText { subject, body } = text;
    [(TemplatePart::Subject, subject, SUBJECT_MAX), (TemplatePart::Body, body, BODY_MAX)]
}

/// With `bare`, the subject may come out empty: it was tried without facts.
fn render(
    key: &TemplateKey,
    text: &TemplateText,
    facts: &BTreeMap<String, String>,
    bare: bool,
) -> Result<Rendered, TemplateError> {
    let known: Vec<_> = placeholders(key.kind).into_iter().map(|one| one.name).collect();
    let facts =
        known.iter().map(|name| (*name, facts.get(*name).map(|fact| one_line(fact)).unwrap_or_default())).collect();
    let part = |part, source: &str, max| {
        let place = || TemplatePlace { template: key.clone(), part, line: None };
        language::render(source, &facts, max).map_err(|fault| error(place(), fault, &known))
    };
    let subject = one_line(&part(TemplatePart::Subject, &text.subject, SUBJECT_MAX)?).trim().to_owned();
    let body = part(TemplatePart::Body, &text.body, MESSAGE_MAX)?;
    if subject.is_empty() && !bare {
        let place = TemplatePlace { template: key.clone(), part: TemplatePart::Subject, line: None };
        return Err(TemplateError::Empty { place });
    }
    Ok(Rendered { subject, body })
}

fn error(place: TemplatePlace, fault: Fault, known: &[&str]) -> TemplateError {
    let at = |line| TemplatePlace { line, ..place.clone() };
    match fault {
        Fault::Syntax(line) => TemplateError::Syntax { place: at(line) },
        Fault::Unsupported(line) => TemplateError::Unsupported { place: at(Some(line)) },
        Fault::UnknownPlaceholder { name, line } => {
            TemplateError::UnknownPlaceholder { place: at(line), placeholder: name, known: known.join(", ") }
        }
        Fault::DoesNotRender(line) => TemplateError::DoesNotRender { place: at(line) },
        Fault::TooLong => TemplateError::MessageTooLong { place: at(None) },
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|letter| if breaks_lines(letter) { ' ' } else { letter }).collect()
}

/// Control characters, and what Unicode takes for an end of line besides.
fn breaks_lines(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}
