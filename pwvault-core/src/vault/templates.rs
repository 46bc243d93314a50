//! Templates of messages: what a host put in the place of the built-in ones, and putting notices
//! into words.

use serde::{Deserialize, Serialize};

use super::error::VaultError;
use super::gate::Gate;
use super::session::Session;
use crate::id::RecordKind;
use crate::model::{Audience, Contact, EventKind, Notice, NoticeKind, Rendered, Section};
use crate::notify::{TemplateKey, TemplateSet, TemplateText};
use crate::translate::Locale;

/// Templates of messages. For every kind of notice, audience and locale there is one; only what a
/// host changes is stored, so that a later version's built-in texts come through.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let root = vault.session(Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new("full")?]), RequestContext::default());
/// use pwvault_core::model::{Audience, NoticeKind};
/// use pwvault_core::notify::TemplateText;
///
/// let (kind, audience, german) = (NoticeKind::ChangeDue, Audience::Clients, "de".parse()?);
/// let text = TemplateText { subject: "Fällig: {{ entry }}".into(), body: "Bitte ändern, {{ recipient }}.\n".into() };
/// assert_eq!(root.preview_template(kind, audience, &german, &text)?.subject, "Fällig: Mail server");
/// root.set_template(kind, audience, &german, &text)?;
///
/// let wrong = TemplateText { subject: "{{ password }}".into(), ..text };
/// let refused = root.set_template(kind, audience, &german, &wrong).unwrap_err();
/// assert!(refused.to_string().contains("no placeholder password; there are recipient, entry"));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Templates {
    /// Every template in force.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `templates`.
    fn templates(&self) -> Result<TemplateSet, VaultError>;

    /// Puts a text in the place of the built-in one.
    ///
    /// # Errors
    /// [`VaultError::Template`] names the part, the line and what is wrong, such as a placeholder
    /// that does not exist, and those that do; [`VaultError::Denied`] without the section
    /// `templates`.
    fn set_template(
        &self,
        kind: NoticeKind,
        audience: Audience,
        locale: &Locale,
        text: &TemplateText,
    ) -> Result<(), VaultError>;

    /// Removes the host's text: the built-in one is in force again, if the locale has one.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `templates`.
    fn reset_template(&self, kind: NoticeKind, audience: Audience, locale: &Locale) -> Result<(), VaultError>;

    /// Switches messages of a kind for an audience on or off. Without a template assigned they are
    /// not sent; the texts stay.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `templates`.
    fn assign_template(&self, kind: NoticeKind, audience: Audience, assigned: bool) -> Result<(), VaultError>;

    /// What a text would look like, with sample facts. Nothing is stored.
    ///
    /// # Errors
    /// As [`set_template`](Self::set_template).
    fn preview_template(
        &self,
        kind: NoticeKind,
        audience: Audience,
        locale: &Locale,
        text: &TemplateText,
    ) -> Result<Rendered, VaultError>;
}

impl Templates for Session {
    fn templates(&self) -> Result<TemplateSet, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::Templates, EventKind::TemplateChanged)?;
            gate.template_set()
        })
    }

    fn set_template(
        &self,
        kind: NoticeKind,
        audience: Audience,
        locale: &Locale,
        text: &TemplateText,
    ) -> Result<(), VaultError> {
        self.run(|gate| {
            let proof = gate.section(Section::Templates, EventKind::TemplateChanged)?;
            let key = TemplateKey { kind, audience, locale: locale.to_string() };
            TemplateSet::check(&key, text)?;
            let record = gate.key_of(RecordKind::Template, "text", &named(kind, audience, locale.as_str()));
            let head = StoredTemplate { kind, audience, locale: Some(key.locale), text: Some(text.clone()) };
            gate.replace(&proof, record, Some(&head), EventKind::TemplateChanged)
        })
    }

    fn reset_template(&self, kind: NoticeKind, audience: Audience, locale: &Locale) -> Result<(), VaultError> {
        self.run(|gate| {
            let proof = gate.section(Section::Templates, EventKind::TemplateChanged)?;
            let record = gate.key_of(RecordKind::Template, "text", &named(kind, audience, locale.as_str()));
            gate.replace(&proof, record, None::<&StoredTemplate>, EventKind::TemplateChanged)
        })
    }

    fn assign_template(&self, kind: NoticeKind, audience: Audience, assigned: bool) -> Result<(), VaultError> {
        self.run(|gate| {
            let proof = gate.section(Section::Templates, EventKind::TemplateChanged)?;
            let record = gate.key_of(RecordKind::Template, "unassigned", &named(kind, audience, ""));
            let unassigned = StoredTemplate { kind, audience, locale: None, text: None };
            gate.replace(&proof, record, Some(&unassigned).filter(|_| !assigned), EventKind::TemplateChanged)
        })
    }

    fn preview_template(
        &self,
        kind: NoticeKind,
        audience: Audience,
        locale: &Locale,
        text: &TemplateText,
    ) -> Result<Rendered, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::Templates, EventKind::TemplateChanged)?;
            Ok(TemplateSet::check(&TemplateKey { kind, audience, locale: locale.to_string() }, text)?)
        })
    }
}

impl Gate<'_> {
    /// Every template in force, for whoever puts many notices into words.
    pub(super) fn template_set(&self) -> Result<TemplateSet, VaultError> {
        let mut set = TemplateSet::default();
        for StoredTemplate { kind, audience, locale, text } in self.every(RecordKind::Template)? {
            match (locale, text) {
                (Some(locale), Some(text)) => set.put(TemplateKey { kind, audience, locale }, text),
                _ => set.unassign(kind, audience),
            }
        }
        Ok(set)
    }
}

/// A notice in words: in its own locale, else in the contact's, else in English. `None` when no
/// template is assigned.
pub(super) fn worded(
    templates: &TemplateSet,
    notice: &Notice,
    contact: Option<&Contact>,
) -> Result<Option<Rendered>, VaultError> {
    let tag = notice.locale.as_deref().or_else(|| contact?.locale.as_deref());
    let wanted = tag.and_then(|tag| tag.parse::<Locale>().ok());
    let locales = wanted.iter().flat_map(Locale::widening).chain([Locale::english()]);
    let locales: Vec<_> = locales.map(|locale| locale.to_string()).collect();
    let mut facts = notice.facts.clone();
    if let Some(contact) = contact {
        facts.entry("recipient".to_owned()).or_insert_with(|| contact.name.clone());
    }
    Ok(templates.render(notice.kind, notice.audience, &locales, &facts)?)
}

fn named(kind: NoticeKind, audience: Audience, locale: &str) -> String {
    format!("{kind:?} {audience:?} {locale}")
}

/// A text of the host, or, without locale and text, that none is assigned.
#[derive(Serialize, Deserialize)]
struct StoredTemplate {
    kind: NoticeKind,
    audience: Audience,
    locale: Option<String>,
    text: Option<TemplateText>,
}
