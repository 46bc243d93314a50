//! The templates that come with the library: every kind, for both audiences, in English and German.

mod de;
mod en;

use super::templates::{TemplateKey, TemplateText};

pub(super) const LOCALES: [&str; 2] = ["de", "en"];

pub(super) fn built_in(key: &TemplateKey) -> Option<TemplateText> {
    let (subject, body) = match key.locale.as_str() {
        "en" => en::text(key.kind, key.audience),
        "de" => de::text(key.kind, key.audience),
        _ => return None,
    };
    Some(TemplateText { subject: subject.to_owned(), body: body.to_owned() })
}
