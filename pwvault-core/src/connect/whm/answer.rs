//! Answers of WHM API 1: `{"data": {...}, "metadata": {"result": 1, ...}}`.

use serde::Deserialize;

use crate::clock::Timestamp;
use crate::connect::connector::SignOn;
use crate::connect::error::ConnectError;
use crate::secret::SecretString;

/// What is read of an answer; the reason the server gives for a failure is not, see [`ConnectError`].
#[derive(Deserialize)]
struct Answer {
    metadata: Metadata,
    data: Option<Data>,
}

#[derive(Deserialize)]
struct Metadata {
    result: Number,
}

#[derive(Deserialize)]
struct Data {
    url: Option<String>,
    expires: Option<Number>,
}

/// Numbers come as numbers or as text, by the version of the server.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Number(i64),
    Text(String),
}

impl Number {
    fn value(&self) -> Option<i64> {
        match self {
            Self::Number(value) => Some(*value),
            Self::Text(text) => text.parse().ok(),
        }
    }
}

/// The session in an answer to `create_user_session`.
pub(super) fn session(body: &[u8]) -> Result<SignOn, ConnectError> {
    let data = read(body)?.data.ok_or(ConnectError::malformed("it has no data"))?;
    let url = data.url.ok_or(ConnectError::malformed("it has no address of the session"))?;
    let expires = data.expires.ok_or(ConnectError::malformed("it does not say when the session expires"))?;
    // Seconds since the Unix epoch; what lies outside of four-digit years is nonsense.
    let expires = expires
        .value()
        .filter(|seconds| (0..=EXPIRES_MAX_S).contains(seconds))
        .ok_or(ConnectError::malformed("its time of expiry is not a time"))?;
    Ok(SignOn { url: Some(SecretString::new(url)), expires_at: Some(Timestamp::from_millis(expires * 1_000)) })
}

/// Whether an answer says that its function was done.
pub(super) fn done(body: &[u8]) -> Result<(), ConnectError> {
    read(body).map(drop)
}

fn read(body: &[u8]) -> Result<Answer, ConnectError> {
    let answer: Answer =
        serde_json::from_slice(body).map_err(|_| ConnectError::malformed("it is not an answer of WHM API 1"))?;
    match answer.metadata.result.value() {
        Some(1) => Ok(answer),
        Some(0) => Err(ConnectError::NotAllowed),
        _ => Err(ConnectError::malformed("its result is neither 0 nor 1")),
    }
}

const EXPIRES_MAX_S: i64 = 253_402_300_799;
