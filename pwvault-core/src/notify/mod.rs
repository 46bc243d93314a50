//! Messages to people: [`TemplateSet`] puts a notice into words, [`SmtpNotifier`] mails it. Owns the
//! template language, the placeholders of every kind of notice and the built-in templates; knows no
//! vault, no outbox and no entry.
//!
//! A template is plain text with `{{ placeholder }}` and `{% if placeholder %}`, `{% elif %}`,
//! `{% else %}`, `{% endif %}`; it has no loops, assignments, filters or functions. Which
//! placeholders there are depends on the kind of notice: [`placeholders`].

mod built_in;
mod error;
mod language;
mod messages;
mod placeholder;
#[cfg(feature = "smtp")]
mod smtp;
mod templates;
#[cfg(test)]
mod tests;

pub use error::{TemplateError, TemplatePart, TemplatePlace};
pub use placeholder::{Placeholder, placeholders, sample_facts};
#[cfg(feature = "smtp")]
pub use smtp::{SmtpError, SmtpNotifier, SmtpSettings, SmtpTls};
pub use templates::{BODY_MAX, MESSAGE_MAX, SUBJECT_MAX, TemplateKey, TemplateSet, TemplateText};
