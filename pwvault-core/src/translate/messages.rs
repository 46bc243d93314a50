//! What this room says.

use super::error::TranslateError;
use super::overrides::OVERRIDES_MAX;
use crate::model::{Arg, messages};

messages! { TranslateError {
    Self::BadLocale { length } => "translate-bad-locale" [length],
    Self::MissingLocale { locale, known } => "translate-missing-locale" [locale = Arg::text(locale), known = Arg::text(known)],
    Self::UnknownKey { key } => "translate-unknown-key" [key = Arg::text(key)],
    Self::TooLarge { found } => "translate-too-large" [found, max = Arg::from(&OVERRIDES_MAX)],
    Self::Syntax { line } => "translate-syntax" [line],
    Self::Repeated { key } => "translate-repeated" [key = Arg::text(key)],
    Self::UnknownPlaceholder { key, placeholder, known } => "translate-unknown-placeholder"
        [key = Arg::text(key), placeholder = Arg::text(placeholder), known = Arg::text(known)],
    Self::Unsupported { key } => "translate-unsupported" [key = Arg::text(key)],
    Self::DoesNotRender { key } => "translate-does-not-render" [key = Arg::text(key)],
} }
