//! The two JSON lists (RFC 8259) that the own dialect keeps in one cell: custom fields and tags.
//! Written here because a general JSON reader leaves copies of secrets in buffers nobody wipes.

use zeroize::Zeroizing;

use crate::model::FieldDraft;
use crate::secret::SecretString;

/// `[{"name":"PIN","value":"1234","secret":true}]`; empty for no fields.
pub(super) fn write_fields(fields: &[FieldDraft]) -> SecretString {
    if fields.is_empty() {
        return SecretString::default();
    }
    let room = fields.iter().map(|field| 6 * (field.name.len() + field.value.len()) + 48).sum::<usize>() + 2;
    let mut out = String::with_capacity(room);
    for field in fields {
        out.push_str(if out.is_empty() { "[{\"name\":" } else { ",{\"name\":" });
        write_string(&field.name, &mut out);
        out.push_str(",\"value\":");
        write_string(field.value.expose(), &mut out);
        out.push_str(if field.secret { ",\"secret\":true}" } else { ",\"secret\":false}" });
    }
    out.push(']');
    out.into()
}

/// `["a","b"]`; empty for no texts.
pub(super) fn write_texts(texts: &[String]) -> String {
    if texts.is_empty() {
        return String::new();
    }
    let mut out = String::new();
    for text in texts {
        out.push(if out.is_empty() { '[' } else { ',' });
        write_string(text, &mut out);
    }
    out.push(']');
    out
}

/// What [`write_fields`] writes, with the keys in any order and blanks between tokens.
pub(super) fn read_fields(text: &str) -> Option<Vec<FieldDraft>> {
    read_list(text, |scan| scan.field())
}

/// `[{"type":"hidden","label":"PIN","value":"1234"}]`, as NordPass writes custom fields; empty for
/// none.
pub(super) fn write_typed_fields(fields: &[FieldDraft]) -> SecretString {
    if fields.is_empty() {
        return SecretString::default();
    }
    let room = fields.iter().map(|field| 6 * (field.name.len() + field.value.len()) + 48).sum::<usize>() + 2;
    let mut out = String::with_capacity(room);
    for field in fields {
        out.push_str(if out.is_empty() { "[" } else { "," });
        out.push_str(if field.secret { "{\"type\":\"hidden\",\"label\":" } else { "{\"type\":\"text\",\"label\":" });
        write_string(&field.name, &mut out);
        out.push_str(",\"value\":");
        write_string(field.value.expose(), &mut out);
        out.push('}');
    }
    out.push(']');
    out.into()
}

/// What [`write_typed_fields`] writes, with other types and the keys in any order. Every type but
/// `text` is held with the secret.
pub(super) fn read_typed_fields(text: &str) -> Option<Vec<FieldDraft>> {
    read_list(text, |scan| scan.typed_field())
}

/// What [`write_texts`] writes.
pub(super) fn read_texts(text: &str) -> Option<Vec<String>> {
    read_list(text, |scan| scan.string().map(|text| text.to_string()))
}

fn read_list<T>(text: &str, mut item: impl FnMut(&mut Scan<'_>) -> Option<T>) -> Option<Vec<T>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let mut scan = Scan(text);
    let mut items = Vec::new();
    scan.token("[")?;
    if scan.token("]").is_none() {
        loop {
            items.push(item(&mut scan)?);
            if scan.token(",").is_none() {
                scan.token("]")?;
                break;
            }
        }
    }
    scan.skip_blanks();
    scan.0.is_empty().then_some(items)
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                out.push_str("\\u00");
                out.extend([u32::from(c) >> 4, u32::from(c) & 15].into_iter().filter_map(|d| char::from_digit(d, 16)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// What is left to read.
struct Scan<'a>(&'a str);

impl Scan<'_> {
    fn skip_blanks(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t', '\r', '\n']);
    }

    fn token(&mut self, token: &str) -> Option<()> {
        self.skip_blanks();
        self.0 = self.0.strip_prefix(token)?;
        Some(())
    }

    fn field(&mut self) -> Option<FieldDraft> {
        let (mut name, mut value, mut secret) = (None, None, None);
        self.token("{")?;
        loop {
            let key = self.string()?;
            self.token(":")?;
            match key.as_str() {
                "name" if name.is_none() => name = Some(self.string()?.to_string()),
                "value" if value.is_none() => value = Some(SecretString::from(self.string()?.as_str())),
                "secret" if secret.is_none() => secret = Some(self.flag()?),
                _ => return None,
            }
            if self.token(",").is_none() {
                self.token("}")?;
                return Some(FieldDraft { name: name?, value: value?, secret: secret? });
            }
        }
    }

    fn typed_field(&mut self) -> Option<FieldDraft> {
        let (mut name, mut value, mut secret) = (None, None, None);
        self.token("{")?;
        loop {
            let key = self.string()?;
            self.token(":")?;
            let text = self.string()?;
            match key.as_str() {
                "label" if name.is_none() => name = Some(text.to_string()),
                "value" if value.is_none() => value = Some(SecretString::from(text.as_str())),
                "type" if secret.is_none() => secret = Some(text.as_str() != "text"),
                _ => return None,
            }
            if self.token(",").is_none() {
                self.token("}")?;
                return Some(FieldDraft { name: name?, value: value?, secret: secret? });
            }
        }
    }

    fn flag(&mut self) -> Option<bool> {
        if self.token("true").is_some() {
            return Some(true);
        }
        self.token("false").map(|()| false)
    }

    fn string(&mut self) -> Option<Zeroizing<String>> {
        self.token("\"")?;
        let mut escaped = false;
        let end = self.0.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        })?;
        let mut out = Zeroizing::new(String::with_capacity(end));
        let mut body = self.0.get(..end)?.chars();
        self.0 = self.0.get(end + 1..)?;
        while let Some(c) = body.next() {
            out.push(match c {
                '\\' => unescape(&mut body)?,
                c if c < ' ' => return None,
                c => c,
            });
        }
        Some(out)
    }
}

fn unescape(body: &mut std::str::Chars<'_>) -> Option<char> {
    Some(match body.next()? {
        c @ ('"' | '\\' | '/') => c,
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{C}',
        'u' => {
            let unit = hex4(body)?;
            if !(0xD800..0xDC00).contains(&unit) {
                return char::from_u32(u32::from(unit));
            }
            if body.next()? != '\\' || body.next()? != 'u' {
                return None;
            }
            char::decode_utf16([unit, hex4(body)?]).next()?.ok()?
        }
        _ => return None,
    })
}

fn hex4(body: &mut std::str::Chars<'_>) -> Option<u16> {
    let digits = body.as_str().get(..4)?;
    *body = body.as_str().get(4..)?.chars();
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn agrees_with_serde_json(name in any::<String>(), value in any::<String>(), secret: bool) {
            let field = FieldDraft { name: name.clone(), value: value.as_str().into(), secret };
            let ours = write_fields(&[field]);
            let theirs = serde_json::json!([{ "name": name, "value": value, "secret": secret }]);
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(ours.expose()).unwrap(), theirs.clone());
            for text in [theirs.to_string(), serde_json::to_string_pretty(&theirs).unwrap()] {
                let back = read_fields(&text).unwrap();
                prop_assert_eq!((&back[0].name, back[0].value.expose(), back[0].secret), (&name, value.as_str(), secret));
            }
            let texts = vec![name, value];
            prop_assert_eq!(read_texts(&write_texts(&texts)).unwrap(), texts);
        }

        #[test]
        fn damaged_lists_are_refused_or_read_as_serde_json_does(text in r#"[\[\]{}",:\\ua-e0-9 ]{0,24}"#) {
            let theirs = serde_json::from_str::<Vec<String>>(&text).ok();
            prop_assert_eq!(read_texts(&text).filter(|_| !text.is_empty()), theirs);
        }
    }

    #[test]
    fn escapes_are_those_of_json() {
        assert_eq!(read_texts(r#"["\ud83d\ude00\u00e9\/\b\f"]"#).unwrap(), ["\u{1F600}\u{E9}/\u{8}\u{C}"]);
        for bad in [r#"["\ud83d"]"#, r#"["\x"]"#, r#"["a"#, r#"["a"]x"#, "[\"a\nb\"]", r#"["a",]"#, r#"["\u+123"]"#] {
            assert_eq!(read_texts(bad), None, "{bad}");
        }
        let missing = [r#"[{"name":"a","value":"b"}]"#, r#"[{"name":"a","name":"a","value":"b","secret":true}]"#];
        for bad in missing {
            assert!(read_fields(bad).is_none(), "{bad}");
        }
    }
}
