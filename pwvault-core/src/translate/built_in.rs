//! The catalogues that come with the library.

use std::sync::LazyLock;

use super::catalogue::Catalogue;
use super::locale::Locale;

macro_rules! catalogue {
    // A room's messages stand in a file of its own, in every locale.
    ($locale:literal) => {
        catalogue!(
            $locale,
            "model",
            "policy",
            "crypto",
            "directory",
            "store",
            "envelope",
            "audit",
            "csv",
            "generate",
            "otp",
            "connect",
            "schedule",
            "notify",
            "translate",
            "vault",
            "text"
        )
    };
    ($locale:literal, $($room:literal),*) => {
        concat!($(include_str!(concat!("catalogues/", $locale, "/", $room, ".ftl")), "\n"),*)
    };
}

/// The locales with a catalogue of their own; English has every message.
const BUILT_IN: [(&str, &str); 2] = [("en", catalogue!("en")), ("de", catalogue!("de"))];

static PARSED: LazyLock<Vec<(Locale, Catalogue)>> = LazyLock::new(|| {
    let parsed = BUILT_IN.into_iter().map(|(tag, text)| {
        let locale: Locale = tag.parse()?;
        let catalogue = Catalogue::parse(&locale, text.to_owned())?;
        Ok::<_, super::error::TranslateError>((locale, catalogue))
    });
    // That all of them parse is tested.
    parsed.flatten().collect()
});

pub(super) fn built_in(locale: &Locale) -> Option<&'static Catalogue> {
    PARSED.iter().find(|(known, _)| known == locale).map(|(_, catalogue)| catalogue)
}

/// The locales built in, English first.
pub(super) fn locales<'a>() -> impl Iterator<Item = &'a Locale> {
    PARSED.iter().map(|(locale, _)| locale)
}

/// The English catalogue, which every other is held against.
pub(super) fn english() -> Option<&'static Catalogue> {
    built_in(&Locale::english())
}
