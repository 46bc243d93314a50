//! Reading arguments and writing results. A message about a wrong document says where and what is
//! expected, never what stands there: it may be a secret in the wrong place.

use pwvault_core::SecretBytes;
use pwvault_core::secret::{reading, writing};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Reply;
use crate::fault::{Code, Fault};

pub(super) fn read<T: DeserializeOwned>(document: &[u8], secrets: Vec<SecretBytes>) -> Result<T, Fault> {
    let mut unknown = None;
    let mut text = serde_json::Deserializer::from_slice(document);
    let mut track = serde_path_to_error::Track::new();
    let read = reading(secrets, || {
        let tracked = serde_path_to_error::Deserializer::new(&mut text, &mut track);
        serde_ignored::deserialize(tracked, |path| {
            unknown.get_or_insert_with(|| shown(path.to_string()));
        })
    });
    let read = read.map_err(|error: serde_json::Error| {
        let place = shown(track.path().to_string());
        Fault::argument(match (error.classify(), place.as_str()) {
            (serde_json::error::Category::Data, "." | "?") => {
                format!("the arguments: {}", expected(&error.to_string()))
            }
            (serde_json::error::Category::Data, place) => format!("{place}: {}", expected(&error.to_string())),
            _ => "the arguments are no JSON document".to_owned(),
        })
    })?;
    if text.end().is_err() {
        return Err(Fault::argument("something follows the document of the arguments"));
    }
    match unknown {
        None => Ok(read),
        Some(place) => Err(Fault::argument(format!("{place}: nothing of this name is expected here"))),
    }
}

pub(super) fn write<T: Serialize>(result: &T) -> Result<Reply, Fault> {
    let (document, secrets) = writing(|| serde_json::to_vec(result));
    let document = document.map_err(|_| Fault::new(Code::Internal, "the result could not be written"))?;
    Ok(Reply { document, secrets })
}

/// A place with keys of whoever wrote the document: on one line, and not without end.
fn shown(place: String) -> String {
    let plain = place.chars().map(|c| if c.is_control() { ' ' } else { c });
    if place.chars().nth(PLACE_MAX).is_none() {
        plain.collect()
    } else {
        plain.take(PLACE_MAX).chain(['…']).collect()
    }
}

/// What of a message of serde says what would be right; the rest may quote what stands there.
fn expected(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    if let Some((_, expected)) = message.rsplit_once(", expected ") {
        return format!("expected {}", number(expected).unwrap_or(expected));
    }
    if message.starts_with("UUID") {
        return "expected a UUID in its hyphenated form".to_owned();
    }
    let quotes = ["invalid", "unknown", "duplicate"].iter().any(|word| message.starts_with(word));
    if quotes { "not what is expected here".to_owned() } else { message.to_owned() }
}

/// Which numbers a type of Rust holds, for those who write another language.
fn number(expected: &str) -> Option<&'static str> {
    Some(match expected {
        "u8" => "a whole number from 0 to 255",
        "u16" => "a whole number from 0 to 65535",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "usize" => "a whole number, not below 0",
        "i32" | "i64" => "a whole number",
        _ => return None,
    })
}

const PLACE_MAX: usize = 200;
