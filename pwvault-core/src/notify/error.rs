//! What is wrong with a template.

use std::fmt;

use super::templates::{MESSAGE_MAX, TemplateKey};

/// A template that is refused, or a message it cannot make.
///
/// # Security
/// Names templates, lines and placeholders, never what stood at one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// A part over its limit.
    #[error("{place}: it has {found} bytes; at most {max} are accepted")]
    TooLong {
        /// Where.
        place: TemplatePlace,
        /// Bytes found.
        found: usize,
        /// Bytes accepted.
        max: usize,
    },
    /// A part without a word.
    #[error("{place}: it is empty; write a text, or switch the message off")]
    Empty {
        /// Where.
        place: TemplatePlace,
    },
    /// A subject of more than one line, or with another control character.
    #[error("{place}: a subject is one line without control characters")]
    SubjectLines {
        /// Where.
        place: TemplatePlace,
    },
    /// Not the template language.
    #[error(
        "{place}: it does not parse; write text, placeholders in double braces, and if, elif, else, endif in braces with percent signs"
    )]
    Syntax {
        /// Where.
        place: TemplatePlace,
    },
    /// Something other template languages have and this one does without.
    #[error(
        "{place}: loops, assignments, filters and functions are not accepted; write placeholders and if, elif, else, endif"
    )]
    Unsupported {
        /// Where.
        place: TemplatePlace,
    },
    /// A placeholder that the kind of notice does not have.
    #[error("{place}: there is no placeholder {placeholder}; there are {known}")]
    UnknownPlaceholder {
        /// Where.
        place: TemplatePlace,
        /// The placeholder.
        placeholder: String,
        /// Those there are, with commas.
        known: String,
    },
    /// A text that does not come about.
    #[error("{place}: it does not render")]
    DoesNotRender {
        /// Where.
        place: TemplatePlace,
    },
    /// A message over its limit.
    #[error("{place}: the message is longer than the {MESSAGE_MAX} bytes that are sent")]
    MessageTooLong {
        /// Where.
        place: TemplatePlace,
    },
}

/// A part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TemplatePart {
    /// Its subject.
    Subject,
    /// Its body.
    Body,
}

/// A place in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplatePlace {
    /// Which template.
    pub template: TemplateKey,
    /// Which part.
    pub part: TemplatePart,
    /// The line, from 1; the part as a whole when absent.
    pub line: Option<usize>,
}

impl fmt::Display for TemplatePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self.part {
            TemplatePart::Subject => "subject",
            TemplatePart::Body => "body",
        };
        write!(f, "{part} of the template {}", self.template)?;
        match self.line {
            Some(line) => write!(f, ", line {line}"),
            None => Ok(()),
        }
    }
}
