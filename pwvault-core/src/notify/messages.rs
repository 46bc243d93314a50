//! What this room says.

use super::error::{TemplateError, TemplatePart, TemplatePlace};
#[cfg(feature = "smtp")]
use super::smtp::SmtpError;
use super::templates::MESSAGE_MAX;
use crate::model::{Arg, messages};

messages! { TemplatePart {
    Self::Subject => "template-subject",
    Self::Body => "template-body",
} }

messages! { TemplatePlace {
    Self { template, part, line: Some(line) } => "template-place-line"
        [part, kind = Arg::from(&template.kind), audience = Arg::from(&template.audience),
         locale = Arg::text(&template.locale), line],
    Self { template, part, line: None } => "template-place"
        [part, kind = Arg::from(&template.kind), audience = Arg::from(&template.audience),
         locale = Arg::text(&template.locale)],
} }

messages! { TemplateError {
    Self::TooLong { place, found, max } => "template-too-long" [place, found, max],
    Self::Empty { place } => "template-empty" [place],
    Self::SubjectLines { place } => "template-subject-lines" [place],
    Self::Syntax { place } => "template-syntax" [place],
    Self::Unsupported { place } => "template-unsupported" [place],
    Self::UnknownPlaceholder { place, placeholder, known } => "template-unknown-placeholder"
        [place, placeholder = Arg::text(placeholder), known = Arg::text(known)],
    Self::DoesNotRender { place } => "template-does-not-render" [place],
    Self::MessageTooLong { place } => "template-message-too-long" [place, max = Arg::from(&MESSAGE_MAX)],
} }

#[cfg(feature = "smtp")]
messages! { SmtpError {
    Self::Sender => "smtp-sender",
    Self::Domain => "smtp-domain",
    Self::PlainElsewhere => "smtp-plain-elsewhere",
    Self::Authorities => "smtp-authorities",
    Self::Timeout => "smtp-timeout",
    Self::Tls => "smtp-tls",
} }
