//! Messages without words: a stable key and named arguments, which a catalogue turns into text.
//! Every error, reason and name of the library is one; the rooms that own them say so with
//! `messages!`, and `tests/translate` holds the keys against the catalogues.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Something the library says, in no language yet.
///
/// # Contract
/// The key of a variant never changes its meaning. Arguments hold ids, numbers and names of the
/// library's own, never a secret, a cell's text or a person's data.
pub trait Message {
    /// Key and arguments.
    fn phrase(&self) -> Phrase;
}

impl<T: Message + ?Sized> Message for Box<T> {
    fn phrase(&self) -> Phrase {
        (**self).phrase()
    }
}

/// A stable key with its named arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Phrase {
    /// Its key in the catalogues.
    key: Cow<'static, str>,
    /// Its arguments, in the order they were given.
    #[serde(default)]
    args: Vec<Argument>,
}

/// An argument with its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Argument {
    /// How the catalogues call it.
    pub name: Cow<'static, str>,
    /// What stands in its place.
    pub value: Arg,
}

impl Phrase {
    /// A phrase without arguments.
    #[must_use]
    pub const fn new(key: &'static str) -> Self {
        Self { key: Cow::Borrowed(key), args: Vec::new() }
    }

    /// The same phrase with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.push(Argument { name: Cow::Borrowed(name), value: value.into() });
        self
    }

    /// Its key in the catalogues, such as `csv-too-large`.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Its arguments, in the order they were given.
    #[must_use]
    pub fn args(&self) -> &[Argument] {
        &self.args
    }
}

/// The value of an argument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    /// An id, a date or a technical name: the same in every language.
    Text(String),
    /// A number, for which a language may choose between forms.
    Number(i64),
    /// English prose of the library. A catalogue translates it if one of its `text-` messages, or
    /// another sentence, reads so in English.
    Prose(String),
    /// Names, listed with commas.
    Names(Vec<Phrase>),
    /// Sentences, listed with semicolons.
    Sentences(Vec<Phrase>),
}

impl Arg {
    /// A value by its own text.
    pub fn text(value: impl ToString) -> Self {
        Self::Text(value.to_string())
    }

    /// English prose of the library.
    pub fn prose(value: impl Into<String>) -> Self {
        Self::Prose(value.into())
    }

    /// Names, listed with commas.
    pub fn names<'a, M: Message + 'a>(names: impl IntoIterator<Item = &'a M>) -> Self {
        Self::Names(names.into_iter().map(Message::phrase).collect())
    }

    /// Sentences, listed with semicolons.
    pub fn sentences<'a, M: Message + 'a>(sentences: impl IntoIterator<Item = &'a M>) -> Self {
        Self::Sentences(sentences.into_iter().map(Message::phrase).collect())
    }
}

impl<M: Message> From<&M> for Arg {
    fn from(message: &M) -> Self {
        Self::Names(vec![message.phrase()])
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&&'static str> for Arg {
    fn from(text: &&'static str) -> Self {
        Self::Text((*text).to_owned())
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl From<&$number> for Arg {
            fn from(number: &$number) -> Self {
                // Beyond this a double, which catalogues reckon with, is not exact.
                match i64::try_from(*number) {
                    Ok(number) if number.unsigned_abs() <= 1 << 53 => Self::Number(number),
                    _ => Self::text(number),
                }
            }
        }
    )*};
}

numbers!(u8, u16, u32, u64, usize, i32, i64);

/// Implements [`Message`] for an enum: a key for each variant, with the names of its arguments.
///
/// ```text
/// messages! { CsvError {
///     Self::TooLarge { found, max } => "csv-too-large" [found, max],
///     Self::Empty => "csv-empty",
///     Self::Unknown(id) => "csv-unknown" [id = Arg::text(id)],
///     Self::Store(cause) => (cause), // says what its cause says
/// } }
/// ```
///
/// The match is exhaustive, so a variant without a key does not compile. `tests/translate` reads
/// the keys and argument names from the sources and says what a catalogue lacks.
macro_rules! messages {
    (@one ($inner:expr) []) => { $crate::model::Message::phrase($inner) };
    (@one $key:literal [$($name:ident $(= $value:expr)?),*]) => {
        $crate::model::Phrase::new($key)
            $(.with(stringify!($name), $crate::model::messages!(@arg $name $(= $value)?)))*
    };
    (@arg $name:ident = $value:expr) => { $value };
    (@arg $name:ident) => { $crate::model::Arg::from($name) };
    ($type:ty { $($(#[$cfg:meta])* $pattern:pat => $what:tt $([$($name:ident $(= $value:expr)?),* $(,)?])?),* $(,)? }) => {
        impl $crate::model::Message for $type {
            fn phrase(&self) -> $crate::model::Phrase {
                match self {
                    $($(#[$cfg])* $pattern => $crate::model::messages!(@one $what [$($($name $(= $value)?),*)?]),)*
                }
            }
        }
    };
}

/// Serializes something the library says by its key in the catalogues and its English text.
macro_rules! said_form {
    ($($type:ident),+) => {$(
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeStruct;
                let mut said = serializer.serialize_struct(stringify!($type), 2)?;
                said.serialize_field("key", $crate::model::Message::phrase(self).key())?;
                said.serialize_field("message", &self.to_string())?;
                said.end()
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                "Said".into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "object",
                    "description": "Something the library says.",
                    "properties": {
                        "key": { "type": "string", "description": "Its key in the catalogues." },
                        "message": { "type": "string", "description": "Its English text." },
                    },
                    "required": ["key", "message"],
                })
            }
        }
    )+};
}

pub(crate) use {messages, said_form};
