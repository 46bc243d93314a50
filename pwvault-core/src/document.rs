//! How values stand in documents, such as JSON, that other languages read: ids, places and
//! fingerprints as text, sets as lists of names. Owns the forms; knows no value. Records of the store
//! are no documents and keep their bytes.

/// What is true unless a document says otherwise.
pub(crate) const fn yes() -> bool {
    true
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|half| char::from_digit(half.into(), 16)).collect()
}

/// The bytes of an even number of hexadecimal digits.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    if odd.is_empty() { bytes } else { None }
}

/// 32 bytes of a field as hexadecimal digits.
pub(crate) mod digits {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::hex(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        let bytes = super::from_hex(&String::deserialize(deserializer)?).and_then(|bytes| bytes.try_into().ok());
        bytes.ok_or_else(|| D::Error::custom("expected 64 hexadecimal digits"))
    }
}

/// Describes a type that is a text in documents.
macro_rules! text_schema {
    ($type:ident, $what:literal) => {
        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": $what })
            }
        }
    };
}

/// Gives opaque bytes a text form: hexadecimal digits.
macro_rules! hex_form {
    ($type:ident, $what:literal, $to:expr, $from:expr) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let to: fn(&Self) -> Vec<u8> = $to;
                serializer.serialize_str(&$crate::document::hex(&to(self)))
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                let from: fn(&[u8]) -> Option<Self> = $from;
                $crate::document::from_hex(&text)
                    .and_then(|bytes| from(&bytes))
                    .ok_or_else(|| serde::de::Error::custom(concat!("expected ", $what)))
            }
        }

        $crate::document::text_schema!($type, $what);
    };
}

/// Serializes a set of names as a list of them in documents, as its number in records.
macro_rules! set_form {
    ($set:ident($number:ty) of $item:ident) => {
        impl serde::Serialize for $set {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_seq($item::ALL.into_iter().filter(|item| self.has(*item)))
                } else {
                    serde::Serialize::serialize(&self.0, serializer)
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $set {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    <Vec<$item> as serde::Deserialize>::deserialize(deserializer)
                        .map(|items| items.into_iter().collect())
                } else {
                    <$number as serde::Deserialize>::deserialize(deserializer).map(Self)
                }
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $set {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($set).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                Vec::<$item>::json_schema(generator)
            }
        }
    };
}

/// Serializes a type by its text, and reads it from there.
macro_rules! text_form {
    ($type:ident, $what:literal) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(|_| serde::de::Error::custom(concat!("expected ", $what)))
            }
        }

        $crate::document::display_form!($type, $what);
    };
}

/// Serializes a type by its text, for reading only.
macro_rules! display_form {
    ($type:ident, $what:literal) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        $crate::document::text_schema!($type, $what);
    };
}

pub(crate) use {display_form, hex_form, set_form, text_form, text_schema};

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn digits_lead_back_to_the_bytes() {
        assert_eq!(hex(&[0, 0x0f, 0xa5]), "000fa5");
        assert_eq!(from_hex("000fA5").unwrap(), [0, 0x0f, 0xa5]);
        assert_eq!((from_hex("0"), from_hex("zz"), from_hex("+1")), (None, None, None));
    }
}
