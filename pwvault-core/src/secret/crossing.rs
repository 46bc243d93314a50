//! Secrets beside documents. A document that crosses the language boundary holds no secret: where one
//! belongs it says `{"$secret": 3}`, and the third of the secrets that travel beside it is meant.
//! Outside of [`reading`] and [`writing`] no secret is serialized or read; the attempt is an error.

use std::cell::RefCell;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{self, Serialize, SerializeMap, Serializer};

use super::{SecretBytes, SecretString};

thread_local! {
    static CARRIED: RefCell<Option<Carried>> = const { RefCell::new(None) };
}

enum Carried {
    In {
        secrets: Vec<SecretBytes>,
        /// How many bytes of them may still be named.
        left: usize,
    },
    Out(Vec<SecretBytes>),
}

/// Ends what was carried, also when the work between panics.
struct Crossing;

impl Crossing {
    fn begin(carried: Carried) -> Self {
        CARRIED.with_borrow_mut(|place| *place = Some(carried));
        Self
    }
}

impl Drop for Crossing {
    fn drop(&mut self) {
        CARRIED.with_borrow_mut(|place| *place = None);
    }
}

/// Runs `read`, which reads documents that name `secrets` by their place in the list, from 0. A secret
/// may be named more than once; what is named again has at most 16 MiB in all, since each place gets a copy.
pub fn reading<R>(secrets: Vec<SecretBytes>, read: impl FnOnce() -> R) -> R {
    let left = secrets.iter().map(SecretBytes::len).fold(AGAIN_MAX, usize::saturating_add);
    let _crossing = Crossing::begin(Carried::In { secrets, left });
    read()
}

/// Runs `write`, which writes documents, and gives the secrets they name.
pub fn writing<R>(write: impl FnOnce() -> R) -> (R, Vec<SecretBytes>) {
    let _crossing = Crossing::begin(Carried::Out(Vec::new()));
    let written = write();
    let secrets = CARRIED.with_borrow_mut(|place| match place.take() {
        Some(Carried::Out(secrets)) => secrets,
        _ => Vec::new(),
    });
    (written, secrets)
}

fn put<S: Serializer>(secret: SecretBytes, serializer: S) -> Result<S::Ok, S::Error> {
    let place = CARRIED.with_borrow_mut(|place| match place {
        Some(Carried::Out(secrets)) => {
            secrets.push(secret);
            Some(secrets.len() - 1)
        }
        _ => None,
    });
    let place = place.ok_or_else(|| ser::Error::custom("a secret is written beside a document only"))?;
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(KEY, &place)?;
    map.end()
}

fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretBytes, D::Error> {
    let place = deserializer.deserialize_map(Place)?;
    CARRIED
        .with_borrow_mut(|carried| {
            let Some(Carried::In { secrets, left }) = carried else {
                return Err("a secret is read beside a document only");
            };
            let found = secrets.get(place).ok_or("no secret of this number came with the document")?;
            *left = left.checked_sub(found.len()).ok_or("secrets are named again here for more than 16 MiB")?;
            Ok(found.clone())
        })
        .map_err(de::Error::custom)
}

struct Place;

impl<'de> Visitor<'de> for Place {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a secret beside the document, as {\"$secret\": number}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<usize, A::Error> {
        match map.next_key::<std::borrow::Cow<'de, str>>()? {
            Some(key) if key == KEY => {}
            _ => return Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
        let place = map.next_value()?;
        match map.next_key::<de::IgnoredAny>()? {
            None => Ok(place),
            Some(_) => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }
}

impl Serialize for SecretBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        put(self.clone(), serializer)
    }
}

impl<'de> Deserialize<'de> for SecretBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        take(deserializer)
    }
}

impl Serialize for SecretString {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        put(SecretBytes::from_slice(self.expose().as_bytes()), serializer)
    }
}

impl<'de> Deserialize<'de> for SecretString {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = take(deserializer)?;
        let text = std::str::from_utf8(bytes.expose());
        text.map(Self::from).map_err(|_| de::Error::custom("the secret is not UTF-8, and a text is expected"))
    }
}

macro_rules! secret_schema {
    ($($type:ident: $what:literal),+) => {$(
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "object",
                    "description": $what,
                    "properties": { "$secret": { "type": "integer" } },
                    "required": ["$secret"],
                })
            }
        }
    )+};
}

secret_schema!(SecretBytes: "Secret bytes that travel beside the document.", SecretString: "A secret text that travels beside the document.");

/// Lets a token cross like a secret, by its bytes.
macro_rules! secret_form {
    ($type:ident, $what:literal, $to:expr, $from:expr) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let to: fn(&Self) -> $crate::secret::SecretBytes = $to;
                to(self).serialize(serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let bytes = <$crate::secret::SecretBytes as serde::Deserialize>::deserialize(deserializer)?;
                let from: fn(&[u8]) -> Option<Self> = $from;
                from(bytes.expose()).ok_or_else(|| serde::de::Error::custom(concat!("expected ", $what)))
            }
        }

        impl schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                generator.subschema_for::<$crate::secret::SecretBytes>()
            }
        }
    };
}

pub(crate) use secret_form;

const KEY: &str = "$secret";
const AGAIN_MAX: usize = 16 << 20;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_secret_travels_beside_its_document() {
        let (text, secrets) = writing(|| serde_json::to_string(&[SecretString::from("a"), SecretString::from("b")]));
        assert_eq!(text.unwrap(), r#"[{"$secret":0},{"$secret":1}]"#);
        let read: (SecretString, SecretBytes) =
            reading(secrets, || serde_json::from_str(r#"[{"$secret":1},{"$secret":1}]"#)).unwrap();
        assert_eq!((read.0.expose(), read.1.expose()), ("b", b"b".as_slice()));
    }

    #[test]
    fn a_large_secret_is_not_copied_without_end() {
        let named = |times: usize| {
            let text = format!("[{}]", vec![r#"{"$secret":0}"#; times].join(","));
            reading(vec![SecretBytes::new(vec![7; 4 << 20])], || serde_json::from_str::<Vec<SecretBytes>>(&text))
        };
        assert_eq!(named(5).unwrap().len(), 5);
        assert!(named(6).unwrap_err().to_string().starts_with("secrets are named again here"));
    }

    #[test]
    fn elsewhere_nothing_is_written_or_read() {
        assert!(serde_json::to_string(&SecretString::from("hunter2")).is_err());
        assert!(serde_json::from_str::<SecretString>(r#"{"$secret":0}"#).is_err());
        for wrong in [r#"{"$secret":1}"#, r#""hunter2""#, "{}", r#"{"$secret":0,"more":1}"#, r#"{"$secret":-1}"#] {
            let secrets = vec![SecretBytes::from_slice(b"x")];
            let error = reading(secrets, || serde_json::from_str::<SecretString>(wrong)).unwrap_err();
            assert!(!error.to_string().contains("hunter2") || wrong.contains("hunter2"), "{error}");
        }
        let bytes = vec![SecretBytes::from_slice(b"\xff")];
        assert!(reading(bytes, || serde_json::from_str::<SecretString>(r#"{"$secret":0}"#)).is_err());
    }
}
