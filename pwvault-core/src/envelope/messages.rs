//! What this room says.

use super::error::EnvelopeError;
use crate::model::{Arg, messages};

messages! { EnvelopeError {
    Self::Malformed { what } => "envelope-malformed" [what = Arg::prose(*what)],
    Self::UnknownVersion { found } => "envelope-unknown-version" [found],
    Self::UnknownSuite { found } => "envelope-unknown-suite" [found = Arg::Text(format!("{found:#06x}"))],
    Self::UnknownKey => "envelope-unknown-key",
    Self::WrongKey => "envelope-wrong-key",
    Self::Tampered => "envelope-tampered",
    Self::NewerKeyring { found, loaded } => "envelope-newer-keyring" [found, loaded],
    Self::NewerFormat { found, supported } => "envelope-newer-format" [found, supported],
    Self::BadPayload { what } => "envelope-bad-payload" [what = Arg::prose(*what)],
    Self::TooLarge { what } => "envelope-too-large" [what = Arg::prose(*what)],
    Self::Crypto(cause) => (cause),
} }
