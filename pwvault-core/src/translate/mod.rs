//! Translations: [`Catalogues`] turn a [`Phrase`](crate::model::Phrase) into words of a locale.
//! Owns the catalogues, in Fluent, what a host may override in them, and the trait
//! [`Translator`] for hosts that translate by themselves. Knows no vault and no message by name.

mod built_in;
mod catalogue;
mod catalogues;
mod error;
mod locale;
mod messages;
mod overrides;
mod prose;
#[cfg(test)]
mod tests;

pub use catalogues::{Catalogues, Translator};
pub use error::TranslateError;
pub use locale::Locale;
pub use overrides::OVERRIDES_MAX;
